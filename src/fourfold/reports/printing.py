"""The board's sheet and the week's as PDFs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fourfold.ui import printing
from fourfold.ui.printing import NotPrinted

__all__ = ["SHEET", "WEEK", "NotPrinted", "as_pdf", "week_as_pdf"]

SHEET = Path(__file__).parent / "print" / "board.typ"
WEEK = Path(__file__).parent / "print" / "week.typ"


def as_pdf(sheet: Mapping[str, Any]) -> bytes:
    """The sheet as PDF/UA-1, A4, tagged. Raises NotPrinted."""
    return printing.as_pdf(SHEET, sheet)


def week_as_pdf(sheet: Mapping[str, Any]) -> bytes:
    """The week as PDF/UA-1, A4, tagged. Raises NotPrinted."""
    return printing.as_pdf(WEEK, sheet)
