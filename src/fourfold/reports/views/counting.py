"""What both kinds of rows behind a count have in common."""

from __future__ import annotations

from typing import Any

from fourfold.accounts.types import Viewer
from fourfold.jobs.types import CountedRow
from fourfold.ledger.types import TimelineRow
from fourfold.reports.pages import counted
from fourfold.reports.types import RowsPage

CSV_ROWS = 1_000
"""Rows of a file read at once; all of them are in it."""


def shown(viewer: Viewer, page: RowsPage, figure: str) -> dict[str, Any]:
    """The rows of a page in words, and how many are counted and not shown."""
    talks = [row for row in page.rows if isinstance(row, TimelineRow)]
    others = [row for row in page.rows if isinstance(row, CountedRow)]
    lines = counted.talk_lines(viewer, talks) if talks else counted.lines(others, figure)
    return {"rows": lines, "hidden": counted.hidden_words(page.hidden), "holds": figure in counted.HOLDS}
