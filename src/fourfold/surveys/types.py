"""The door of surveys: whom to ask and when, what was answered, and how it may be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from fourfold.base.errors import FourfoldError

SCORES = range(11)
HIGHEST_UNHAPPY, LOWEST_HAPPY = 6, 9
LONGEST_VERBATIM = 4_000
LONGEST_ABOUT = 120
FEWEST_EVER = 5
"""No house may show groups of fewer answers."""


class Side(StrEnum):
    """Who is asked."""

    CANDIDATE = "candidate"
    CLIENT = "client"


class Moment(StrEnum):
    """Where on the way they were: the stage that has just ended. What came of it is the outcome."""

    APPLICATION = "application"  # candidate: applied or was approached, and was not submitted
    SUBMISSION = "submission"  # candidate: was submitted to a client, perhaps interviewed
    OFFER = "offer"  # candidate: an offer was on the table
    START = "start"  # candidate: the first week
    STAY = "stay"  # candidate: 90 days after the start
    JOB = "job"  # client: a job was filled or closed
    AFTER_START = "after_start"  # client: 90 days after somebody started


class Outcome(StrEnum):
    """What came of it."""

    REJECTED = "rejected"  # we or the client said no
    WITHDREW = "withdrew"  # they said no
    ACCEPTED = "accepted"
    STARTED = "started"
    STAYED = "stayed"
    LEFT = "left"
    FILLED = "filled"
    UNFILLED = "unfilled"


class State(StrEnum):
    """Where an invitation is."""

    WAITING = "waiting"  # for its hour
    ASKED = "asked"
    REFUSED = "refused"  # by the gate; ``reason`` is its rule
    DROPPED = "dropped"  # overtaken: merged, erased, asked elsewhere, too late


class WhyNot(StrEnum):
    """Why somebody is not asked."""

    SWITCHED_OFF = "switched_off"
    ASKED_LATELY = "asked_lately"
    GATE = "gate"
    UNKNOWN_PERSON = "unknown_person"


class Band(StrEnum):
    """What a number says."""

    HAPPY = "happy"  # 9, 10
    BETWEEN = "between"  # 7, 8
    UNHAPPY = "unhappy"  # 0 to 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Somebody to be asked how it was, after ``ended_at``.

    ``about`` names what it was in the mail (“Data engineer at Harbour”); ``about_kind`` and ``about_key`` are the
    caller's own name of it: the same person, moment, kind and key is asked once, however often it is called.
    ``owner`` gets the task if they are unhappy and may be answered. ``office``, ``desk`` and ``brand`` are slugs.
    """

    person_key: UUID
    moment: Moment
    outcome: Outcome
    about: str
    about_kind: str
    about_key: UUID
    ended_at: datetime
    owner: UUID | None = None
    office: str = ""
    desk: str = ""
    brand: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """They will be asked: the invitation, and when. ``again``: it was there already."""

    key: UUID
    send_at: datetime
    again: bool = False


@dataclass(frozen=True, slots=True)
class NotAsked:
    """They are not asked, and why. ``until``: from when they might be; ``rule`` is the gate's."""

    why: WhyNot
    until: datetime | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What is asked at a moment. Each may hold ``{{ first_name }}`` and, but for the question, ``{{ about }}``.

    ``follow_up`` asks for words after the number.
    """

    subject: str
    intro: str
    question: str
    follow_up: str


@dataclass(frozen=True, slots=True)
class TextRow:
    """A version of a moment's text. ``brand`` "" is for all; ``number`` 0 is what Fourfold ships."""

    moment: Moment
    brand: str
    number: int
    wording: Wording
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MomentRule:
    """Whether a moment is asked about, and how many days after it."""

    moment: Moment
    on: bool
    delay_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseRules:
    """The house's own numbers. ``fewest`` answers make a group that is shown; ``rest_days`` between two surveys."""

    fewest: int = FEWEST_EVER
    rest_days: int = 90
    moments: tuple[MomentRule, ...] = ()

    def of(self, moment: Moment) -> MomentRule:
        return next(one for one in self.moments if one.moment is moment)


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """What the public page shows: no name, nothing of what it was about, and not what was answered.

    ``answered``: a number was given; ``may_answer`` was ticked with it. ``until`` is the last moment for an answer,
    or to change one.
    """

    key: UUID
    brand: str
    question: str
    follow_up: str
    until: datetime
    answered: bool = False
    may_answer: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How the surveys stand: invitations by state, those refused by the gate's rule, and what keeps them waiting."""

    states: dict[State, int] = field(default_factory=dict)
    refused: tuple[tuple[str, int], ...] = ()
    late: int = 0
    has_mailbox: bool = True


# ------------------------------------------------------------------------------------------ reading


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A group of answers that a page may show: "" means all. ``quarter`` (2026Q3) implies its ``year``,
    ``group`` (moment.outcome) its ``side``.
    """

    year: str = ""
    quarter: str = ""
    desk: str = ""
    side: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A group that is not shown: so many answers, of so many that it takes.

    With enough answers it is another, smaller group that would give itself away beside it.
    """

    have: int
    need: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """What one group said: how often each number from 0 to 10 was given, or why that isn't shown."""

    point: Point
    asked: int
    counts: tuple[int, ...] | None
    withheld: Withheld | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """What was answered, by moment and outcome, and in all on either side.

    Only answers that can't be changed any more count, by whole months: those before ``cut``.
    """

    wanted: Point
    fewest: int
    cut: date
    sides: tuple[GroupRow, ...]
    rows: tuple[GroupRow, ...]
    periods: tuple[str, ...]
    desks: tuple[str, ...]
    any_asked: bool

    @property
    def any_shown(self) -> bool:
        return any(row.counts for row in (*self.sides, *self.rows))


@dataclass(frozen=True, slots=True)
class Verbatim:
    """What somebody wrote, with no more said of them than a group that is large enough has in common.

    ``period`` is a quarter, a year or "", ``desk`` and ``group`` may be "" for the same reason.
    """

    text: str
    band: Band
    side: Side
    point: Point


@dataclass(frozen=True, slots=True)
class VerbatimPage:
    rows: tuple[Verbatim, ...]
    older: str = ""


class InvitationRefused(FourfoldError):
    """Somebody can't be asked as given: the call is wrong."""


class TextRefused(FourfoldError):
    """A text or a rule that can't be kept as given."""


class SurveyClosed(FourfoldError):
    """It was too long ago: no answer is taken, or none is changed any more."""


class AnswerRefused(FourfoldError):
    """An answer that can't be kept as given."""
