"""Pure decisions about brands and mails: no database, no clock, no settings."""

from fourfold.studio.rules.kits import (
    INK,
    LARGEST_LOGO,
    NIGHT,
    PAPER,
    READABLE,
    WIDEST_LOGO,
    as_link,
    colour,
    contrast,
    on_dark,
    picture,
    readable_on,
)
from fourfold.studio.rules.mails import Pieces, check_links, content, names_asked, plain_text, protected, structure

__all__ = [
    "INK",
    "LARGEST_LOGO",
    "NIGHT",
    "PAPER",
    "READABLE",
    "WIDEST_LOGO",
    "Pieces",
    "as_link",
    "check_links",
    "colour",
    "content",
    "contrast",
    "names_asked",
    "on_dark",
    "picture",
    "plain_text",
    "protected",
    "readable_on",
    "structure",
]
