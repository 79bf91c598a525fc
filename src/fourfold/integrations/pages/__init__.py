"""What the pages of imports and of files of other systems show."""

from fourfold.integrations.pages.crossings import (
    crossing_heading,
    crossing_progress,
    crossing_rows,
    crossing_steps,
    export_rows,
    findings,
    known_tables,
    moved_card,
    staged_cards,
    table_cards,
)
from fourfold.integrations.pages.imports import becomes, heading, kind_cards, list_rows, preview, progress, steps

__all__ = [
    "becomes",
    "crossing_heading",
    "crossing_progress",
    "crossing_rows",
    "crossing_steps",
    "export_rows",
    "findings",
    "heading",
    "kind_cards",
    "known_tables",
    "list_rows",
    "moved_card",
    "preview",
    "progress",
    "staged_cards",
    "steps",
    "table_cards",
]
