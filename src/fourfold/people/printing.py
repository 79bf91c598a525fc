"""The sheet of everything kept about a person, as a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fourfold.ui import printing

SHEET = Path(__file__).parent / "print" / "person.typ"


def as_pdf(sheet: Mapping[str, Any]) -> bytes:
    """The sheet as PDF/UA-1, A4, tagged. Raises NotPrinted."""
    return printing.as_pdf(SHEET, sheet)
