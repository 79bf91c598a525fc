"""The rows behind a number, a page at a time."""

from __future__ import annotations

from datetime import date

from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.jobs import queries as jobs
from fourfold.jobs.types import Days, Within
from fourfold.reports.types import PipelineAsked, RowsPage

PAGE = 50
FURTHEST = 1_000_000


def paged(
    viewer: Viewer, figure: str, within: Within, days: Days, *, on: date, cursor: str, size: int = PAGE
) -> RowsPage:  # fmt: skip
    """A page of the rows of a count of jobs. Raises NotFound for a cursor, or a count, that is none."""
    if cursor and (not cursor.isdecimal() or int(cursor) > FURTHEST):
        raise NotFound("This page was not found.", "Its address was changed.", "Go back to the first page.")
    if figure not in jobs.COUNTED:
        raise NotFound("These rows were not found.", "This number has no rows of its own.", "Go back to the page.")
    found = jobs.counted_rows(viewer, figure, within, days, on=on, start=int(cursor or 0), size=size)
    older = str(found.older) if found.older is not None else ""
    return RowsPage(found.rows, found.count, found.good, found.hidden, older)


def pipeline_rows(
    viewer: Viewer, asked: PipelineAsked, figure: str, *, on: date, cursor: str, size: int = PAGE
) -> RowsPage:
    """The rows behind one number of the pipeline. Raises NotFound."""
    return paged(viewer, figure, asked.within, asked.days, on=on, cursor=cursor, size=size)
