"""Pure decisions about brands: which text is readable on which colour, what a logo may be."""

from __future__ import annotations

import re
import struct

from fourfold.studio.types import KitRefused, Picture

INK, PAPER, NIGHT = "#1b1b1f", "#ffffff", "#212228"
READABLE = 4.5
LARGEST_LOGO = 256 * 1024
WIDEST_LOGO = 2_000
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def colour(text: str) -> str:
    """``#1A7F6C``, ``1a7f6c`` or ``#abc`` as ``#rrggbb``. Raises KitRefused."""
    value = text.strip().lower()
    value = value if value.startswith("#") else f"#{value}"
    if len(value) == 4:
        value = "#" + "".join(letter * 2 for letter in value[1:])
    if not _COLOUR.fullmatch(value):
        raise KitRefused("The kit was not kept.", f"“{text}” is no colour.", "Write it like #1a7f6c.")
    return value


def _luminance(value: str) -> float:
    """Relative luminance, 0 (black) to 1 (white), as WCAG 2.2 has it."""
    parts = (int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable_on(background: str) -> str:
    """Ink or paper, whichever stands out more on a colour."""
    return max((PAPER, INK), key=lambda text: contrast(text, background))


def as_link(accent: str) -> tuple[str, bool]:
    """An accent dark enough to be read as text on paper, and whether it had to be darkened."""
    red, green, blue = (int(accent[at : at + 2], 16) for at in (1, 3, 5))
    share = 1.0
    while True:
        shown = "#" + "".join(f"{round(part * share):02x}" for part in (red, green, blue))
        if contrast(shown, PAPER) >= READABLE:
            return shown, share < 1.0
        share -= 0.02


def on_dark(accent: str) -> str:
    """An accent light enough to be read as text on the card that mails have in dark mode."""
    parts = [int(accent[at : at + 2], 16) for at in (1, 3, 5)]
    share = 0.0
    while True:
        shown = "#" + "".join(f"{round(part + (255 - part) * share):02x}" for part in parts)
        if contrast(shown, NIGHT) >= READABLE:
            return shown
        share += 0.02


def picture(data: bytes) -> Picture:
    """What an uploaded logo is, by its content: PNG or JPEG, not too large. Raises KitRefused."""
    if len(data) > LARGEST_LOGO:
        raise KitRefused(
            "The logo was not kept.", f"It has {len(data) // 1024} kB; {LARGEST_LOGO // 1024} kB are the most.", SMALLER
        )
    found = _png(data) or _jpeg(data)
    if found is None:
        raise KitRefused("The logo was not kept.", "It is neither PNG nor JPEG.", "Export it as PNG and try again.")
    if not (0 < found.width <= WIDEST_LOGO and 0 < found.height <= WIDEST_LOGO):
        raise KitRefused("The logo was not kept.", f"It is {found.width} × {found.height} pixels.", SMALLER)
    return found


SMALLER = f"Export it smaller: {WIDEST_LOGO} pixels wide and high are the most."


def _png(data: bytes) -> Picture | None:
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR" or len(data) < 33:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return Picture("image/png", data, width, height)


def _jpeg(data: bytes) -> Picture | None:
    """Walk the segments to the frame header, which has the size."""
    if data[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, size = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return Picture("image/jpeg", data, width, height)
        if size < 2:
            return None
        at += 2 + size
    return None
