"""Wishes, notices and retention: the words of their records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from fourfold.base.errors import FourfoldError


class Purpose(StrEnum):
    """What a message is for, as wishes name it; the classes of the contact policy read these. ``ALL`` is “stop all”."""

    MARKETING = "marketing"
    APPROACH = "approach"
    JOB_ALERTS = "job_alerts"
    WORKING = "working"
    SURVEY = "survey"
    ALL = "all"


class ConsentEvent(StrEnum):
    CONSENTED = "consented"
    WITHDREW = "withdrew"
    SOFT_OPT_IN = "soft_opt_in"
    OBJECTED = "objected"
    LIFTED = "lifted"  # an objection, at the person's own wish
    TOLD = "told"  # the notice of Art. 14 was given
    ASSESSED = "assessed"  # a legitimate-interest assessment was stored
    ASKED = "asked"  # how they want to be reached; the evidence has their words


class NoticeState(StrEnum):
    OWED = "owed"
    PLANNED = "planned"
    TOLD = "told"
    DECLARED = "declared"
    NOT_OWED = "not_owed"


class SuppressionKind(StrEnum):
    OBJECTED = "objected"
    ERASED = "erased"
    COMPLAINED = "complained"
    BOUNCED = "bounced"


class Ground(StrEnum):
    """Why somebody was erased."""

    REQUEST = "request"
    RETENTION = "retention"
    TAKEN_OUT = "taken_out"  # an import that had added them was taken back: their wishes go with them


class ReviewState(StrEnum):
    WAITING = "waiting"
    KEPT = "kept"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConsent:
    """One thing a person wished or was told, to be added to the consent ledger.

    ``source`` names the file, form or colleague it came from, ``source_ref`` its place there: the same source, place,
    person, purpose and event are recorded once. ``channel`` narrows an objection to addresses of that channel; empty
    means all. ``expires_at`` ends a consent.
    """

    person_key: UUID
    event: ConsentEvent
    purpose: Purpose
    at: datetime
    source: str
    source_ref: str = ""
    channel: str = ""
    brand: str = ""
    basis: str = ""
    wording: str = ""
    evidence: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Why an address is not written to: the kinds and purposes that stand, and since when the first of them does."""

    kinds: frozenset[SuppressionKind]
    purposes: frozenset[Purpose]
    since: datetime

    @property
    def erased(self) -> bool:
        """Whether whoever had this address was erased: the house must not add them again by itself."""
        return SuppressionKind.ERASED in self.kinds


class WishRefused(FourfoldError):
    """A wish that can't be recorded as given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A row of the consent ledger, as pages and rules read it. ``person_key`` is the record it stands under."""

    key: int
    person_key: UUID
    event: ConsentEvent
    purpose: Purpose
    at: datetime
    channel: str = ""
    brand: str = ""
    basis: str = ""
    wording: str = ""
    source: str = ""
    evidence: str = ""
    expires_at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """How one record says its person wants to be reached."""

    not_at_work: bool = False
    no_calls: bool = False
    paused_until: date | None = None
    not_before: date | None = None


@dataclass(frozen=True, slots=True)
class StandingConsent:
    """A consent that stands: for what, over which channel, to which brand, under which words."""

    purpose: Purpose
    channel: str
    brand: str
    event: ConsentEvent
    wording: str
    at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of a person's wishes at a moment. ``objected`` are purposes with the channel, or "" for all."""

    objected: frozenset[tuple[Purpose, str]]
    consents: tuple[StandingConsent, ...]
    not_at_work: bool
    no_calls: bool
    paused_until: date | None
    told_at: datetime | None


class WishKind(StrEnum):
    """What a colleague can log that somebody said."""

    OBJECTED = "objected"
    NOT_NOW = "not_now"
    NOT_AT_WORK = "not_at_work"
    NO_CALLS = "no_calls"
    CONSENTED = "consented"
    WITHDREW = "withdrew"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedWish:
    """What somebody told a colleague: ``how`` and ``said_at``, with what proves it.

    ``purpose`` and ``channel`` are of objections, consents and withdrawals; ``until`` of “not now”; ``wording`` is the
    version of the words they agreed to.
    """

    kind: WishKind
    said_at: datetime
    how: str
    purpose: Purpose = Purpose.ALL
    channel: str = ""
    until: date | None = None
    wording: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class WordingRow:
    """One of the house's texts: what it is for, since when, whether it is still used."""

    version: str
    event: ConsentEvent
    purpose: Purpose
    text: str
    since: date
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """Whether a notice is owed to a person: until when, or how it was settled."""

    state: NoticeState
    due_at: datetime
    done_at: datetime | None
    declared: str


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """Something somebody asked to be sent, how often, since when, and where they asked."""

    topic: str
    rhythm: str
    since: datetime
    source: str


@dataclass(frozen=True, slots=True)
class WishesPage:
    """What a viewer may see of somebody's wishes. ``guarded``: those of the candidate side are left out."""

    key: UUID
    name: str
    standing: Standing
    wishes: tuple[Wish, ...]
    notice: NoticeFacts | None
    guarded: bool
    subscriptions: tuple[SubscriptionRow, ...] = ()
