"""Words that people typed."""

from __future__ import annotations

PAIRS = {'"': '"', "'": "'", "“": "”", "„": "“”", "‘": "’", "‚": "‘’", "«": "»", "»": "«", "‹": "›", "›": "‹"}
"""Which marks close a quotation that another has opened, in the languages of Europe."""


def unquoted(text: str) -> str:
    """A quotation without its marks: pages set their own. It keeps them where it is more than one quotation."""
    text = text.strip()
    closes = PAIRS.get(text[:1], "")
    if len(text) < 3 or text[-1] not in closes or any(mark in text[1:-1] for mark in {text[0], text[-1]} - {"’"}):
        return text
    return text[1:-1].strip()
