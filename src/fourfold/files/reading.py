"""Read one file's text and draw its pages, in a process of its own with limits: ``python -m fourfold.files.reading``.

Whatever a hostile file does here ends with this process. It prints one JSON object: ``state``, ``pages``, ``why``; the
text and the pictures are left in the folder it was given.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from defusedxml import DefusedXmlException, ElementTree
from PIL import Image
from striprtf.striprtf import rtf_to_text

from fourfold.files import rules
from fourfold.files.types import PAGES_SHOWN, Media, TextState

SECONDS = 60
MEMORY = 2 * 1024**3
"""Address space, libraries included; a CV takes a tenth."""
MOST_LETTERS = 1_000_000
MOST_PAGES = 400
MOST_LINKS = 200
WIDTH = 1_000
"""Pixels across of the pictures of pages."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
LOCKED = "It is protected by a password."
BROKEN = "It is damaged, or made in a way we can’t read."


class Unreadable(Exception):
    """Why a file's text can't be had, in a sentence."""


def read(path: Path, media: Media, folder: Path) -> dict[str, Any]:
    """Leave ``text.txt`` and ``1.png`` … in the folder, and say how it went."""
    try:
        text, pages = _READERS[media](path, folder)
    except Unreadable as error:
        return {"state": TextState.FAILED.value, "pages": 0, "why": str(error)}
    text = rules.tidy(text)[:MOST_LETTERS]
    (folder / "text.txt").write_text(text, "utf-8")
    return {"state": (TextState.READ if text else TextState.EMPTY).value, "pages": pages, "why": ""}


def _pdf(path: Path, folder: Path) -> tuple[str, int]:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(LOCKED if "assword" in str(error) else BROKEN) from error
    texts, links, drawn = [], dict[str, None](), 0
    for number in range(min(len(document), MOST_PAGES)):
        try:
            page = document[number]
            texts.append(page.get_textpage().get_text_bounded())
            links.update(dict.fromkeys(_links(document, page)))
            if number < PAGES_SHOWN:
                scale = min(WIDTH / max(page.get_width(), 1), 3)
                scale = min(scale, 2_000 / max(page.get_height(), 1))
                _keep(page.render(scale=scale).to_pil(), folder / f"{number + 1}.png")
                drawn += 1
        except pypdfium2.PdfiumError as error:
            raise Unreadable(BROKEN) from error
    hidden = [link for link in links if link.removeprefix("mailto:") not in "".join(texts)]
    return "\n\n".join([*texts, *hidden]), drawn


def _links(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> Iterator[str]:
    """Where the page's links lead: an icon of a network says so nowhere else."""
    place, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    for _ in range(MOST_LINKS):
        if not pdfium.FPDFLink_Enumerate(page, place, link):
            break
        action = pdfium.FPDFLink_GetAction(link)
        size = pdfium.FPDFAction_GetURIPath(document, action, None, 0) if action else 0
        if 1 < size < MOST_LINKS * 10:
            text = ctypes.create_string_buffer(size)
            pdfium.FPDFAction_GetURIPath(document, action, text, size)
            yield text.value.decode("utf-8", "replace")


def _keep(picture: Image.Image, path: Path) -> None:
    """A picture drawn anew: what was hidden in the file's own bytes stays behind."""
    picture = picture.convert("RGB")
    picture.quantize(64).save(path, "PNG", optimize=True)


def _picture(path: Path, folder: Path) -> tuple[str, int]:
    Image.MAX_IMAGE_PIXELS = 60_000_000
    try:
        with Image.open(path, formats=("PNG", "JPEG")) as picture:
            picture.thumbnail((WIDTH, 2_000))
            _keep(picture, folder / "1.png")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise Unreadable(BROKEN) from error
    return "", 1


def _plain(path: Path, folder: Path) -> tuple[str, int]:
    return rules.text_of(path.read_bytes()) or "", 0


def _rtf(path: Path, folder: Path) -> tuple[str, int]:
    try:
        text: str = rtf_to_text(path.read_bytes().decode("cp1252", "replace"), errors="replace")  # type: ignore[no-untyped-call]
        return text, 0
    except (ValueError, LookupError, IndexError) as error:
        raise Unreadable(BROKEN) from error


def _docx(path: Path, folder: Path) -> tuple[str, int]:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith("word/header") and name.endswith(".xml")]
        parts = [*sorted(names), "word/document.xml"]
        texts = ["\n".join(_word_lines(_tree(archive, name))) for name in parts]
    return "\n\n".join(dict.fromkeys(text for text in texts if text.strip())), 0


def _tree(archive: zipfile.ZipFile, name: str) -> Any:
    try:
        return ElementTree.fromstring(rules.part_of(archive, name), forbid_dtd=True)
    except (DefusedXmlException, ElementTree.ParseError, KeyError) as error:
        raise Unreadable(BROKEN) from error


def _word_lines(tree: Any) -> Iterator[str]:
    """Paragraphs in their order; the cells of a row on one line, a box of text where it is anchored."""
    seen: set[int] = set()
    for element in tree.iter():
        if element.tag not in {f"{_W}tr", f"{_W}p"} or id(element) in seen:
            continue
        inside = list(element.iter(f"{_W}p")) if element.tag == f"{_W}tr" else [element]
        seen.update(id(one) for one in inside)
        if element.tag == f"{_W}tr" and len(inside) > 8:
            yield from (_word_text(one) for one in inside)  # a table that lays out a page
        else:
            yield "  ".join(text for one in inside if (text := _word_text(one)).strip())


def _word_text(paragraph: Any) -> str:
    found = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
    return "".join((one.text or "") if one.tag == f"{_W}t" else found.get(one.tag, "") for one in paragraph.iter())


def _odt(path: Path, folder: Path) -> tuple[str, int]:
    with zipfile.ZipFile(path) as archive:
        tree = _tree(archive, "content.xml")
    return "\n".join(_odt_text(one) for one in tree.iter() if one.tag in {f"{_T}p", f"{_T}h"}), 0


def _odt_text(element: Any) -> str:
    words = {f"{_T}tab": "\t", f"{_T}line-break": "\n", f"{_T}s": " "}
    parts = [words.get(element.tag, ""), element.text or ""]
    for child in element:
        parts += [_odt_text(child), child.tail or ""]
    return "".join(parts)


_READERS = {
    Media.PDF: _pdf,
    Media.DOCX: _docx,
    Media.ODT: _odt,
    Media.RTF: _rtf,
    Media.TEXT: _plain,
    Media.PNG: _picture,
    Media.JPEG: _picture,
}


def main() -> None:
    """``python -m fourfold.files.reading FILE MEDIA FOLDER``."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_FSIZE, (100 * 1024**2, 100 * 1024**2))
    os.umask(0o077)
    path, media, folder = Path(sys.argv[1]), Media(sys.argv[2]), Path(sys.argv[3])
    sys.stdout.write(json.dumps(read(path, media, folder)))


if __name__ == "__main__":
    main()
