"""What the board, lists and pages of applications show."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fourfold.accounts.types import Viewer
from fourfold.jobs import access, queries, rules
from fourfold.jobs.pages.jobs import job_tabs, shown
from fourfold.jobs.queries.words import ENDED_WORDS, ORIGIN_WORDS, STAGE_TONES, STAGE_WORDS
from fourfold.jobs.types import HIRED, ApplicationRow, OfferState, Stage, StageStep

LONG = timedelta(days=14)
"""An application that has stood in a stage for so long looks stale on a board."""


def waits_since(at: datetime) -> datetime:
    """Whoever has waited since before this has waited longer than the house promises."""
    return rules.working_days_before(at, settings.ANSWER_DAYS)


def card(row: ApplicationRow, at: datetime) -> dict[str, Any]:
    """An application in words."""
    return {
        "row": row,
        "url": reverse("application", args=[row.key]),
        "stage": STAGE_WORDS[row.stage],
        "tone": STAGE_TONES[row.stage],
        "origin": ORIGIN_WORDS[row.origin],
        "ended": ENDED_WORDS[row.ended] if row.ended else "",
        "days": days_words((at - row.stage_at).days),
        "stale": at - row.stage_at > LONG,
        "waits": row.owed_since is not None,
        "late": row.owed_since is not None and row.owed_since < waits_since(at),
    }


def _said_once() -> dict[str, str]:
    """Words that each card and row would translate again."""
    return {"late_words": _("waits too long"), "waits_words": _("waits"), "move_words": _("Move")}


def days_words(n: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}


def board_context(viewer: Viewer, key: UUID, at: datetime) -> dict[str, Any]:
    """A job's board. Raises NotFound."""
    job = queries.job_card(viewer, key)
    found = queries.board(viewer, key)
    columns = []
    for column in found.columns:
        n = len(column.rows)
        columns.append({"step": column.step, "n": n, "cards": [card(row, at) for row in column.rows]})
    people = sum(len(column.rows) for column in found.columns)
    return {
        **shown(job),
        "heading": ngettext("%(n)s person is on it", "%(n)s people are on it", people) % {"n": people},
        "columns": columns,
        "by_deed": rules.BY_DEED,
        "left_out": found.left_out,
        "hidden": found.hidden,
        "may_work": access.may_work_jobs(viewer),
        "is_empty": not people,
        **_said_once(),
        "tabs": job_tabs(key, "board"),
    }


def list_context(
    viewer: Viewer, asked: dict[str, str], found: queries.ApplicationList, at: datetime, *, job: UUID | None
) -> dict[str, Any]:
    """Applications of a job or of the house."""
    base = reverse("job_applications", args=[job]) if job else reverse("applications")

    def address(**changes: str) -> str:
        values = {**asked, "after": "", **changes}
        query = urlencode({name: value for name, value in values.items() if value})
        return base + (f"?{query}" if query else "")

    counted = f"{found.count:,}" if found.count <= queries.MOST_COUNTED else f"{queries.MOST_COUNTED:,}+"
    which = [("", _("Open")), ("yes", _("Ended")), ("all", _("All"))]
    context = {
        "heading": ngettext("%(n)s application", "%(n)s applications", found.count) % {"n": counted},
        "rows": [card(row, at) for row in found.rows],
        **_said_once(),
        "tabs": [
            {"label": words, "url": address(ended=value), "active": asked["ended"] == value} for value, words in which
        ],
        "stages": [(one.value, words, asked["stage"] == one) for one, words in STAGE_WORDS.items()],
        "asked": asked,
        "base": base,
        "mine_url": address(mine="" if asked["mine"] else "yes"),
        "waiting_url": address(waiting="" if asked["waiting"] else "yes"),
        "older": address(after=found.older) if found.older else "",
        "newer": address() if asked["after"] else "",
        "is_filtered": any(asked.values()),
        "job": job,
    }
    if job:
        context |= shown(queries.job_card(viewer, job)) | {"job_tabs": job_tabs(job, "list")}
    return context


def application_context(viewer: Viewer, key: UUID, at: datetime) -> dict[str, Any]:
    """An application's page. Raises NotFound."""
    page = queries.application(viewer, key)
    row = page.row
    return {
        **card(row, at),
        "page": page,
        "step": page.step,
        "steps": _steps(page),
        "moves": _moves(page),
        "history": [{"row": one, "ended": ENDED_WORDS[one.ended] if one.ended else ""} for one in page.history],
        "next": next_step(page) if access.may_work_jobs(viewer) else None,
        "others": [card(one, at) for one in page.others],
        "parts": [{"url": reverse(name, args=[key]), "words": words} for name, words in PARTS],
        "may_work": access.may_work_jobs(viewer),
    }


PARTS = (
    ("submissions_part", gettext_lazy("Where the CV is")),
    ("application_interviews", gettext_lazy("Interviews")),
    ("application_offer", gettext_lazy("The offer")),
    ("application_papers", gettext_lazy("Papers")),
)
"""What stands on an application's page, each fetched by itself."""


def _moves(page: queries.ApplicationPage) -> list[StageStep]:
    """Where an application can be moved without a deed of its own: onwards first, then back. Who is placed stays so."""
    if page.row.stage in HIRED:
        return []
    others = [one for one in page.steps if not rules.by_deed(page.row.stage, one.stage) and one.slug != page.row.step]
    return sorted(others, key=lambda one: (one.place < page.step.place, one.place))


def _steps(page: queries.ApplicationPage) -> list[dict[str, Any]]:
    order = [one for one in Stage if one is not Stage.APPROACHED or page.row.stage is Stage.APPROACHED]
    here = order.index(page.row.stage)
    return [
        {"label": STAGE_WORDS[one], "state": "done" if n < here else "current" if n == here else "next"}
        for n, one in enumerate(order)
    ]


NEXT = {
    Stage.SUBMITTED: (gettext_lazy("Arrange an interview"), "arrange_interview", "calendar-event"),
    Stage.INTERVIEW: (gettext_lazy("Note an offer"), "make_offer", "file-text"),
}
WRITE = (gettext_lazy("Write to them"), "write_to", "mail")  # they don't know of the job yet
SUBMIT = (gettext_lazy("Submit to the client"), "submit_one", "send")


def next_step(page: queries.ApplicationPage) -> dict[str, Any] | None:
    """The one next step with an application."""
    row = page.row
    if row.ended is not None:
        found = (gettext_lazy("Answer them"), "answer_one", "send") if row.owed_since is not None else None
    elif row.stage is Stage.SOURCED:
        found = WRITE
    elif row.stage in (Stage.APPROACHED, Stage.INTERESTED, Stage.APPLIED):
        found = SUBMIT
    elif row.stage is Stage.OFFER and page.offer is OfferState.ACCEPTED:
        found = (gettext_lazy("Place them"), "make_placement", "user-check")
    else:
        found = NEXT.get(row.stage)
    key = row.person_key if found is WRITE else row.key
    return {"words": found[0], "url": reverse(found[1], args=[key]), "icon": found[2]} if found else None
