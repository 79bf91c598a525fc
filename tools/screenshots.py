"""Take the pictures of the documentation: a demo house in a folder of its own, started as users start it.

    python tools/screenshots.py [--people N] [--into FOLDER]

What ``make docs`` runs; it writes the tables of docs/imports.md too. Pictures are docs/pictures/*.png, 1200 pixels wide
(a window of 1440) and one of a phone's 390.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from conftest import CHROMIUM  # noqa: E402  (where the tests find it)
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from tests import houses  # noqa: E402
from tests.browser.conftest import ARGUMENTS  # noqa: E402

from tools import columns  # noqa: E402

MOST_BYTES = 200_000
WIDE, SHOWN, PHONE = 1440, 1200, 390
COLOURS = 256
LAST_MONTH = date.today().replace(day=1) - timedelta(days=12)  # noqa: DTZ011  (the pictures' own days)


def main() -> int:
    parser = argparse.ArgumentParser(description="Take the pictures of the documentation.")
    parser.add_argument("--people", default="6000", help="people in the demo house (default 6000)")
    parser.add_argument("--into", type=Path, default=ROOT / "docs/pictures", help="default: docs/pictures")
    args = parser.parse_args()
    columns.main()
    if CHROMIUM is None:
        print("The pictures were not taken: Chromium is not installed here. Install the package chromium.")
        return 1
    args.into.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="fourfold-pictures-") as folder,
        houses.house(Path(folder) / "house", "pictures") as house,
    ):
        house.home.mkdir()
        print("Filling a demo house …", flush=True)
        house.run("demo", "--people", args.people, "--seed", "1")
        with houses.running(house), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            take_all(browser, house.address, Path(folder), args.into)
            browser.close()
    return 0


def take_all(browser: Browser, address: str, scratch: Path, into: Path) -> None:
    """Every picture, in the order in which a newcomer sees the pages."""
    page = signed_in(browser, address, houses.LEADER)
    page.goto(f"{address}/4cs/")
    page.wait_for_selector("#board:not([hx-get])", timeout=120_000)
    take(page, into / "fourcs.png", height=1180)
    print_board(page, address, scratch, into)
    page.goto(f"{address}/4cs/roi/")
    page.wait_for_selector("#board:not([hx-get])", timeout=120_000)
    take(page, into / "roi.png", height=1100)
    page.goto(f"{address}/4cs/roi/compare/")
    page.wait_for_selector("#board:not([hx-get])", timeout=120_000)
    take(page, into / "compare.png", height=900)
    page.goto(f"{address}/4cs/figure/cash/")
    take(page, into / "figure.png", height=800)
    page.goto(f"{address}/4cs/credit/?key=email")
    take(page, into / "channel.png", height=800)
    page.locator("tbody a").first.click()
    take(page, into / "journey.png", height=900)
    page.locator(".ff-header-text p a").first.click()
    take(page, into / "person.png", height=1000)
    page.goto(f"{address}/people/?g=0&f=skill&o=is&v=Python&g=0&f=openness&o=is&v=open")
    take(page, into / "people.png", height=800)
    page.goto(f"{address}/organisations/?stage=repeat")
    page.locator("tbody a").first.click()
    take(page, into / "client.png", height=900)
    page.goto(f"{address}/search/?q=sofware+enginer")
    take(page, into / "search.png", height=800)
    page.goto(f"{address}/contact/policy/")
    take(page, into / "policy.png", height=1000)
    take_jobs(page, address, into)
    phone = signed_in(browser, address, houses.LEADER, width=PHONE)
    phone.goto(f"{address}/4cs/")
    take(phone, into / "phone.png", height=844)
    recruiter = signed_in(browser, address, houses.RECRUITER)
    recruiter.goto(f"{address}/")
    take(recruiter, into / "today.png", height=800)
    recruiter.goto(f"{address}/contact/receipts/")
    take(recruiter, into / "verdicts.png", height=800)
    recruiter.goto(f"{address}/contact/receipts/?verdict=held")
    recruiter.locator("tbody a").first.click()
    recruiter.locator("main a[href^='/people/']").first.click()
    recruiter.wait_for_url("**/people/*/")
    recruiter.goto(f"{recruiter.url}write/")
    take(recruiter, into / "write.png", height=800)
    marketer = signed_in(browser, address, houses.MARKETER)
    bring_in(marketer, address, scratch, lambda name: take(marketer, into / name, height=860))


def take_jobs(page: Page, address: str, into: Path) -> None:
    """A job, its board, the people who wait for an answer about it, and Monday."""
    page.goto(f"{address}/jobs/?q=platform+engineer")
    page.locator("tbody a[href^='/jobs/']").first.click()
    page.wait_for_url("**/jobs/*-*/")
    job = page.url
    take(page, into / "job.png", height=1000)
    page.goto(f"{job}board/")
    take(page, into / "board-of-a-job.png", height=800)
    page.goto(f"{job}answers/")
    take(page, into / "answers.png", height=1000)
    page.goto(f"{address}/4cs/monday/")
    take(page, into / "monday.png", height=900)


def print_board(page: Page, address: str, scratch: Path, into: Path) -> None:
    """The board's sheet as a picture, where poppler is installed; else the one that is there stays."""
    if shutil.which("pdftoppm") is None:
        print("board.png stays as it is: pdftoppm (poppler-utils) is not installed.")
        return
    file = scratch / "board.pdf"
    file.write_bytes(page.context.request.get(f"{address}/4cs/board.pdf").body())
    subprocess.run(["pdftoppm", "-r", "80", "-png", "-singlefile", file, into / "board"], check=True)


def signed_in(browser: Browser, address: str, email: str, *, width: int = WIDE) -> Page:
    """A page of a colleague who has signed in, light, in a window of this width."""
    scale = SHOWN / WIDE if width == WIDE else 1
    context = browser.new_context(
        viewport={"width": width, "height": 900}, device_scale_factor=scale, color_scheme="light", locale="en-GB"
    )
    page = context.new_page()
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", houses.PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{address}/")
    return page


def bring_in(page: Page, address: str, scratch: Path, picture: Callable[[str], None]) -> None:
    """Import a file as a person does, with a picture of its columns and one of what was checked."""
    path = scratch / "spring-events.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["E-mail", "Date", "Type", "Campaign", "Desk", "Owner"])
        for number, name in enumerate(("amara.obi", "felix.braun", "nadia.haddad", "owen.price", "sunita.rao") * 8):
            day = LAST_MONTH + timedelta(days=number % 9) if number != 17 else "31.11.2026"
            kind = "webinar" if number % 3 else "newsletter"
            writer.writerow(
                [f"{name}{number}@post.example", day, kind, "Spring salary guide", "Engineering", "Maya Osei"]
            )
    page.goto(f"{address}/imports/new/")
    page.check("input[value=touches]")
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Check every row").wait_for(timeout=60_000)
    picture("import-columns.png")
    page.get_by_role("button", name="Check every row").click()
    page.get_by_role("button", name="Apply").wait_for(timeout=60_000)
    picture("import-checked.png")


def take(page: Page, path: Path, *, height: int) -> None:
    """The page's upper part, settled, as a small PNG."""
    page.wait_for_load_state("networkidle")
    page.set_viewport_size({"width": page.viewport_size["width"] if page.viewport_size else WIDE, "height": height})
    page.mouse.move(0, 0)
    page.evaluate("document.fonts.ready")
    path.write_bytes(smaller(page.screenshot(animations="disabled")))
    size = path.stat().st_size
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    print(f"{shown}  {size / 1000:.0f} kB", flush=True)
    if size > MOST_BYTES:
        sys.exit(f"{shown} was written, but it is larger than {MOST_BYTES / 1000:.0f} kB. Make it lower.")


def smaller(png: bytes) -> bytes:
    """The same picture with a palette of its 256 most frequent colours, each other pixel at the nearest of them.

    Pages have few colours besides the edges of letters, so nothing is seen to change and the file is a third.
    """
    pixels = decode(png)
    height, width, _ = pixels.shape
    flat = pixels.reshape(-1, 3).astype(np.int32)
    codes = flat[:, 0] << 16 | flat[:, 1] << 8 | flat[:, 2]
    found, inverse, counts = np.unique(codes, return_inverse=True, return_counts=True)
    kept = found[np.argsort(-counts, kind="stable")[:COLOURS]]
    parts = np.stack([found >> 16 & 255, found >> 8 & 255, found & 255], axis=1).astype(np.int32)
    palette = np.stack([kept >> 16 & 255, kept >> 8 & 255, kept & 255], axis=1).astype(np.int32)
    nearest = np.empty(len(found), dtype=np.uint8)
    for start in range(0, len(found), 4096):
        apart = ((parts[start : start + 4096, None, :] - palette[None, :, :]) ** 2).sum(axis=2)
        nearest[start : start + 4096] = apart.argmin(axis=1)
    indexed = nearest[inverse].reshape(height, width)
    lines = np.concatenate([np.zeros((height, 1), dtype=np.uint8), indexed], axis=1)  # each begins with filter 0
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    body = zlib.compress(lines.tobytes(), 9)
    chunks = [(b"IHDR", head), (b"PLTE", palette.astype(np.uint8).tobytes()), (b"IDAT", body), (b"IEND", b"")]
    return SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


SIGNATURE = b"\x89PNG\r\n\x1a\n"


def decode(png: bytes) -> np.ndarray:
    """The pixels of a PNG of 8-bit red, green, blue (and alpha, dropped), as Chromium writes them: height × width × 3.

    Source: Portable Network Graphics, third edition, section 9 (filters).
    """
    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    assert depth == 8, "Chromium writes 8 bits a colour"
    size = {2: 3, 6: 4}[colour]
    at, data = 8, b""
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += length + 12
    lines = np.frombuffer(zlib.decompress(data), dtype=np.uint8).reshape(height, width * size + 1)
    above = np.zeros(width * size, dtype=np.uint8)
    found = np.empty((height, width * size), dtype=np.uint8)
    for row, line in enumerate(lines):
        above = found[row] = unfiltered(int(line[0]), line[1:], above, size)
    return found.reshape(height, width, size)[:, :, :3]


def unfiltered(kind: int, line: np.ndarray, above: np.ndarray, size: int) -> np.ndarray:
    """One line of pixels, its filter undone."""
    if kind == 0:
        return line
    if kind == 2:
        return line + above
    if kind == 1:
        return np.cumsum(line.reshape(-1, size), axis=0, dtype=np.uint8).reshape(-1)
    left, corner = [0] * size, [0] * size
    found = bytearray(len(line))
    for at, (value, up) in enumerate(zip(line.tolist(), above.tolist(), strict=True)):
        channel = at % size
        before = left[channel]
        guess = (before + up) // 2 if kind == 3 else paeth(before, up, corner[channel])
        found[at] = left[channel] = (value + guess) & 255
        corner[channel] = up
    return np.frombuffer(bytes(found), dtype=np.uint8)


def paeth(left: int, up: int, corner: int) -> int:
    """Of the three neighbours, the one nearest to left + up − corner."""
    guess = left + up - corner
    near = (abs(guess - left), abs(guess - up), abs(guess - corner))
    return (left, up, corner)[near.index(min(near))]


if __name__ == "__main__":
    sys.exit(main())
