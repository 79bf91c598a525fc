"""Profiles as PDFs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fourfold.ui import printing

PROFILE = Path(__file__).parent / "print" / "profile.typ"


def profile_as_pdf(sheet: Mapping[str, Any]) -> bytes:
    """What a client was shown of somebody, as PDF/UA-1, A4, tagged. Raises NotPrinted."""
    return printing.as_pdf(PROFILE, sheet)
