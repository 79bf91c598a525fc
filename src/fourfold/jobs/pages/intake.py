"""What pages of the intake show: a job's publishing, the inbox of boards' mails; and Today."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fourfold.accounts.types import Viewer
from fourfold.jobs import access, queries
from fourfold.jobs.types import BoardMailRow, IntakeState, JobStatus
from fourfold.people.types import TodayEntry, TodayGroup

STATE_WORDS = {
    IntakeState.TAKEN: gettext_lazy("An application"),
    IntakeState.NO_JOB: gettext_lazy("Which job?"),
    IntakeState.NO_RULE: gettext_lazy("Where does what stand?"),
    IntakeState.NOBODY: gettext_lazy("Kept out"),
    IntakeState.IGNORED: gettext_lazy("No application"),
}
STATE_TONES = {
    IntakeState.TAKEN: "success",
    IntakeState.NO_JOB: "warning",
    IntakeState.NO_RULE: "warning",
    IntakeState.NOBODY: "danger",
    IntakeState.IGNORED: "quiet",
}


def publishing_context(viewer: Viewer, job: UUID, at: datetime) -> dict[str, Any]:
    """Whether a job stands on the public pages, and what is needed for it."""
    card, held = queries.job_card(viewer, job), queries.publishing(viewer, job)
    public = held.published_at is not None and (held.apply_until is None or held.apply_until >= at.date())
    why_not = ""
    if not held.authority:
        why_not = _("Nobody who hires has said yet that it may be advertised. Note their word first.")
    elif card.status is not JobStatus.OPEN:
        why_not = _("Only an open job takes applications. Open it first.")
    return {
        "card": card,
        "held": held,
        "public": public and card.status is JobStatus.OPEN,
        "expired": held.published_at is not None and not public,
        "why_not": why_not,
        "public_url": reverse("public_job", args=[held.slug]),
        "may_work": access.may_work_jobs(viewer),
    }


def mail_line(row: BoardMailRow) -> dict[str, Any]:
    return {
        "row": row,
        "who": row.person or row.read.name or row.read.email or row.from_address or _("Somebody"),
        "state": STATE_WORDS[row.state],
        "tone": STATE_TONES[row.state],
        "about": row.job or row.read.title or row.subject,
    }


def inbox_context(viewer: Viewer, *, every: bool, cursor: str) -> dict[str, Any]:
    """Applications that boards sent: those that wait, or all."""
    found = queries.board_mails(viewer, waiting=not every, cursor=cursor)
    n = found.waiting
    heading = (
        ngettext("%(n)s application waits for you", "%(n)s applications wait for you", n) % {"n": n} if n
        else _("Every application that came by mail is in")
    )  # fmt: skip
    return {
        "lines": [mail_line(row) for row in found.rows], "older": found.older, "every": every, "heading": heading,
        "waiting": n,
    }  # fmt: skip


def mail_context(viewer: Viewer, key: UUID) -> dict[str, Any]:
    """One mail, what was read of it, and its next step."""
    page = queries.board_mail(viewer, key)
    row = page.row
    return {
        "page": page,
        "one": mail_line(row),
        "row": row,
        "needs_rule": row.state is IntakeState.NO_RULE and bool(page.lines),
        "needs_job": row.state is IntakeState.NO_JOB,
        "kept_out": row.state is IntakeState.NOBODY,
        "waits": row.state in (IntakeState.NO_RULE, IntakeState.NO_JOB, IntakeState.NOBODY),
    }


def job_choices(viewer: Viewer) -> list[tuple[UUID, str]]:
    """Open jobs to choose from, by title."""
    found = [(one.key, f"{one.title} · {one.organisation} · {one.reference}") for one in queries.jobs(viewer).rows]
    return sorted(found, key=lambda one: one[1])


def board_mails_waiting(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On Today: applications that came by mail and that nobody has sorted."""
    count, rows = queries.waiting_board_mails(viewer)
    if not count:
        return None
    entries = []
    for row in rows:
        one = mail_line(row)
        entries.append(
            TodayEntry(
                title=one["who"],
                why=f"{one['state']} · {one['about'][:80]}",
                action_label=_("Sort"),
                url=reverse("board_mail", args=[row.key]),
                icon="mail",
                at=row.arrived_at,
            )
        )
    heading = ngettext("%(n)s application by mail waits", "%(n)s applications by mail wait", count) % {"n": count}
    return TodayGroup(heading, _("Two clicks each; the house learns from them"), count, entries, reverse("board_mails"))
