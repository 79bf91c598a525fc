"""Interviews: arranging them, times to pick from, and what was seen in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fourfold.base.errors import FourfoldError
from fourfold.jobs.types.words import MeetingKind, MeetingState

SHOWN_WORDS = range(5)
"""How clearly a requirement was shown: 0 not asked, 1 not shown, 2 a little, 3 shown, 4 clearly shown."""


class InterviewRefused(FourfoldError):
    """Something that can't be done with an interview."""


class SlotTaken(FourfoldError):
    """A time that somebody else picked a moment before."""


class SlotsOver(FourfoldError):
    """Times that can't be picked from any more: the set is closed, or the application has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewPlan:
    """When, where and with whom. ``starts_at`` is aware; ``zone`` is in which wall clock it is told.

    ``tell_client``: the client's people who interview get the invitation too.
    """

    kind: MeetingKind
    starts_at: datetime
    minutes: int
    zone: str
    place: str = ""
    with_people: str = ""
    tell_client: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Whether an invitation leaves: to whom, and in words why not, "" where it does."""

    name: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Arranged:
    """An interview that was arranged, moved or cancelled, and who is told of it."""

    key: UUID
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSlots:
    """Times for a job's interviews. ``starts`` are aware; each lasts ``minutes``."""

    kind: MeetingKind
    minutes: int
    zone: str
    starts: tuple[datetime, ...]
    closes_at: datetime
    place: str = ""
    with_people: str = ""


@dataclass(frozen=True, slots=True)
class SlotRow:
    key: int
    starts_at: datetime
    taken_by: str = ""
    interview_key: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Who may pick a time, and whether they have; ``key`` is the invitation that their link names."""

    key: UUID
    application_key: UUID
    person_key: UUID
    name: str
    picked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotSetRow:
    """Times that were offered for a job: who may pick, who has, which are left."""

    key: UUID
    job_key: UUID
    job: str
    kind: MeetingKind
    minutes: int
    zone: str
    place: str
    with_people: str
    closes_at: datetime
    slots: tuple[SlotRow, ...]
    invited: tuple[Invited, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSlots:
    """What somebody who was asked to pick a time sees: what is left, and what they have."""

    invite: UUID
    job: str
    client: str
    kind: MeetingKind
    minutes: int
    zone: str
    place: str
    with_people: str
    closes_at: datetime
    left: tuple[SlotRow, ...]
    picked: datetime | None
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewRow:
    """An interview as calendars and lists show it."""

    key: UUID
    application_key: UUID
    job_key: UUID
    job: str
    organisation: str
    person_key: UUID
    person: str
    owner: str
    round: int
    kind: MeetingKind
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    with_people: str
    state: MeetingState
    moved: int
    picked_themselves: bool
    settled_why: str
    feedback_of_candidate: str
    feedback_of_client: str
    client_told: bool
    sequence: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One requirement of a scorecard: how clearly it was shown (0-4), and in which words."""

    requirement: str
    shown: int
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardRow:
    """What one interviewer saw. Never summed."""

    key: UUID
    who: str
    of_client: bool
    in_short: str
    at: datetime
    lines: tuple[Shown, ...]
    mine: bool = False
    interview_key: UUID | None = None
    round: int | None = None
