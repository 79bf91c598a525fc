"""Who waits for an answer, and the answers of the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fourfold.accounts.types import Viewer
from fourfold.contact import queries as contact
from fourfold.contact.types import Aim, Channel, Intent, Verdict
from fourfold.jobs import access, models
from fourfold.jobs.queries.applications import rows_of
from fourfold.jobs.types import SEEN_BY_CLIENT, AnswerTextRow, ApplicationRow
from fourfold.people import queries as people

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person who waits for an answer: whether mail reaches them, and whether something else with us is open."""

    row: ApplicationRow
    reached: bool
    elsewhere: str


@dataclass(frozen=True, slots=True)
class WaitingList:
    """Who waits for an answer about a job: whom the client never saw, and whom it has seen; ``more`` are not shown."""

    unseen: tuple[Waiting, ...]
    seen: tuple[Waiting, ...]
    more: int


def waiting(viewer: Viewer, job: UUID, *, at: datetime) -> WaitingList:
    """Who waits for an answer about a job, the longest first; 500 at the most. Raises NotFound."""
    found = access.get_job_for(viewer, job)
    everyone = access.applications_of(viewer).filter(job=found, owed_since__isnull=False)
    held = list(everyone.order_by("owed_since", "key")[:MOST_SHOWN])
    rows = rows_of(viewer, held)
    intents = [
        Intent(person_key=row.person_key, aim=Aim.SERVICE, channel=Channel.EMAIL, by=viewer.user_key, job=str(job))
        for row in rows
    ]
    reached = {}
    for row, preview in zip(rows, contact.may_contact(intents, at=at) if intents else [], strict=True):
        waits = preview.decision.verdict is Verdict.HELD and preview.decision.retry_at is not None
        reached[row.key] = bool(preview.address) and (preview.decision.may_go or waits)
    others = access.applications_of(viewer).filter(person_key__in=[row.person_key for row in rows], ended="")
    elsewhere = dict(others.exclude(job=found).values_list("person_key", "job__title"))
    shown = [Waiting(row, reached[row.key], elsewhere.get(row.person_key, "")) for row in rows]
    return WaitingList(
        tuple(one for one in shown if one.row.stage not in SEEN_BY_CLIENT),
        tuple(one for one in shown if one.row.stage in SEEN_BY_CLIENT),
        max(0, everyone.count() - len(held)) if len(held) == MOST_SHOWN else 0,
    )


def answer_texts(*, for_seen: bool | None = None) -> tuple[AnswerTextRow, ...]:
    """The answers of the house in use. ``for_seen``: only those for people whom a client has seen, or has not."""
    rows = models.AnswerText.objects.filter(used=True)
    rows = rows if for_seen is None else rows.filter(for_seen=for_seen)
    return tuple(
        AnswerTextRow(one.key, one.slug, one.version, one.reason, one.ended, one.for_seen, one.subject, one.text,
                      one.place, one.used)
        for one in rows
    )  # fmt: skip


def filled(text: str, viewer: Viewer, row: ApplicationRow) -> str:
    """A text of the house with the words of one application."""
    name = people.names([row.person_key], viewer=viewer, candidates=True)[row.person_key]
    first = name.split(maxsplit=1)[0] if name else ""
    text = text.replace("{job}", row.job).replace("{client}", row.organisation).replace("{name}", first)
    return text.replace("{{ sender_name }}", viewer.name)
