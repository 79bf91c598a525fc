"""The rows behind a count of the week or of the pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.cells import formula_safe
from fourfold.jobs.types import CountedRow
from fourfold.ledger.types import TimelineRow
from fourfold.people import queries as people

HOLDS = {
    "interviewed": (gettext_lazy("interviewed"), gettext_lazy("not interviewed")),
    "offered": (gettext_lazy("offered"), gettext_lazy("no offer")),
    "placed": (gettext_lazy("placed"), gettext_lazy("not placed")),
    "started": (gettext_lazy("started"), gettext_lazy("not started")),
    "hit_rate": (gettext_lazy("started"), gettext_lazy("not started")),
    "turn_up": (gettext_lazy("came"), gettext_lazy("did not come")),
    "offers_accepted": (gettext_lazy("accepted"), gettext_lazy("declined")),
    "on_time": (gettext_lazy("on time"), gettext_lazy("not on time")),
    "stayed_90": (gettext_lazy("still there"), gettext_lazy("left")),
    "stayed_180": (gettext_lazy("still there"), gettext_lazy("left")),
    "stayed_365": (gettext_lazy("still there"), gettext_lazy("left")),
    "closure": (gettext_lazy("answered"), gettext_lazy("still waits")),
    "filled": (gettext_lazy("filled by us"), gettext_lazy("not filled by us")),
}
"""By share: what a row of which it holds is called, and one of which it doesn't."""
WAYS = {
    ("phone", "out"): gettext_lazy("we rang"),
    ("phone", "in"): gettext_lazy("they rang"),
    ("in_person", "out"): gettext_lazy("we asked them"),
    ("in_person", "in"): gettext_lazy("they asked us"),
}


def lines(rows: Sequence[CountedRow], figure: str) -> list[dict[str, Any]]:
    """Rows as the table shows them; ``said`` is whether it holds, where the count is a share."""
    words = HOLDS.get(figure)
    return [
        {
            "on": row.on,
            "is_moment": isinstance(row.on, datetime),
            "who": row.person or row.job,
            "href": _href(row.application_key, row.job_key),
            "job": row.job if row.person else "",
            "client": row.organisation,
            "by": row.who,
            "good": row.good,
            "said": words[0 if row.good else 1] if words else "",
        }
        for row in rows
    ]


def _href(application: UUID | None, job: UUID | None) -> str:
    if application:
        return reverse("application", args=[application])
    return reverse("job", args=[job]) if job else ""


def talk_lines(viewer: Viewer, rows: Sequence[TimelineRow]) -> list[dict[str, Any]]:
    """Calls and meetings as the table shows them."""
    keys = {row.person_key for row in rows}
    names = people.names(keys, viewer=viewer)
    open_ones = {card.key for card in people.cards(viewer, list(keys))} if keys else set()
    colleagues = accounts.labels({row.actor for row in rows})
    return [
        {
            "on": row.occurred_at,
            "is_moment": True,
            "who": names.get(row.person_key, ""),
            "href": reverse("person", args=[row.person_key]) if row.person_key in open_ones else "",
            "job": "",
            "client": WAYS.get((row.channel or "", row.direction or ""), ""),
            "by": colleagues.get(row.actor or "", ""),
            "good": True,
            "said": "",
        }
        for row in rows
    ]


def hidden_words(hidden: int) -> str:
    """How many rows are counted and not shown; "" for none."""
    if not hidden:
        return ""
    return ngettext("%(n)s more is not open to you.", "%(n)s more are not open to you.", hidden) % {"n": hidden}


def csv_rows(shown: Sequence[dict[str, Any]], zone: str) -> Iterator[list[Any]]:
    """The rows of a page as cells that a spreadsheet can't run."""
    for one in shown:
        cells = [one["who"], one["job"], one["client"], one["by"], one["said"]]
        yield [_on(one["on"], zone), *map(formula_safe, map(str, cells))]


def csv_head() -> list[str]:
    return ["on", "who", "job", "client", "colleague", "holds"]


def _on(on: date | datetime, zone: str) -> str:
    return f"{on.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if isinstance(on, datetime) else on.isoformat()
