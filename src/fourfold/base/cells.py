"""Cells of files that people open in a spreadsheet."""

from __future__ import annotations

import re


def formula_safe(text: str) -> str:
    """A cell that a spreadsheet shows as text and never runs (CWE-1236)."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?[\d,]+(\.\d+)?", text))
