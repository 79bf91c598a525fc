"""Titles, addresses and references of jobs as they are kept."""

from __future__ import annotations

import re
import unicodedata


def plain_title(title: str) -> str:
    """A title as it is compared: lower case, without accents, signs and doubled spaces."""
    flat = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9+#]+", " ", flat).strip()[:120]


def slug_for(title: str, city: str, reference: str) -> str:
    """A public address that says what the job is and stays when its title changes."""
    words = re.sub(r"[^a-z0-9]+", "-", plain_title(f"{title} {city}")).strip("-")[:80].strip("-")
    return f"{words}-{reference.lower()}" if words else reference.lower()


def reference_for(number: int) -> str:
    """The house's reference of its ``number``-th job: short enough for a subject line and a board's form."""
    return f"J{number:05d}"
