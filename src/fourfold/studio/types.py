"""The door of studio: a brand's kit, as mails and documents use it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fourfold.base.errors import FourfoldError


class Typeface(StrEnum):
    """Typefaces that any mail program has, by the first of their stack."""

    INTER = "Inter"
    ARIAL = "Arial"
    GEORGIA = "Georgia"
    VERDANA = "Verdana"
    TREBUCHET = "Trebuchet MS"


STACKS = {
    Typeface.INTER: "Inter, Helvetica, Arial, sans-serif",
    Typeface.ARIAL: "Arial, Helvetica, sans-serif",
    Typeface.GEORGIA: "Georgia, 'Times New Roman', serif",
    Typeface.VERDANA: "Verdana, Geneva, sans-serif",
    Typeface.TREBUCHET: "'Trebuchet MS', Helvetica, sans-serif",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A logo: its bytes, its media type, its size in pixels."""

    media: str
    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Kit:
    """How a brand looks and what it must say. Colours are ``#rrggbb``.

    ``on_colour`` is the text colour that is readable on ``colour`` (WCAG 2.2, 4.5:1): fixed by the kit, not chosen.
    """

    brand: str
    name: str
    colour: str
    accent: str
    on_colour: str
    on_accent: str
    heading_face: Typeface
    text_face: Typeface
    legal_name: str
    legal_lines: tuple[str, ...]
    website: str
    logo: Picture | None
    changed_by: str = ""
    changed_at: datetime | None = None
    fixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KitChange:
    """What the form of a kit says. ``logo`` None leaves the logo as it is."""

    colour: str
    accent: str
    heading_face: Typeface
    text_face: Typeface
    legal_name: str
    legal_lines: str = ""
    website: str = ""
    logo: bytes | None = None
    drop_logo: bool = False


class KitRefused(FourfoldError):
    """A kit that can't be kept so."""
