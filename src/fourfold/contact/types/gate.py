"""May we contact this person now: what is asked, what is known, what is decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from fourfold.base.errors import FourfoldError
from fourfold.people.types import Identifier, NoticeState, Purpose


class PolicyRefused(FourfoldError):
    """A rule of the house that can't be kept as given."""


class Channel(StrEnum):
    """How one human is reached. All but e-mail and text messages are done by hand and logged through the gate."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    PHONE = "phone"
    LINKEDIN = "linkedin"
    SOCIAL = "social"
    POST = "post"


class Aim(StrEnum):
    """What the sender wants. The class follows from the records, not from this alone."""

    NEWS = "news"  # to many: a newsletter, an invitation, a mail shot
    SUBSCRIPTION = "subscription"  # to many: what they subscribed to; the intent names the topic
    JOBS = "jobs"  # to many: about a job
    WRITE = "write"  # one person to one person
    SERVICE = "service"  # an interview's details, the answer of a closure
    SURVEY = "survey"  # after an outcome
    LEGAL = "legal"  # a notice, the answer to a complaint, an objection or a request


class MessageClass(StrEnum):
    """The rules differ by class; it is worked out from the records and shown with its reason."""

    MARKETING = "marketing"
    ASKED_FOR = "asked_for"
    APPROACH = "approach"
    WORKING = "working"
    CONVERSATION = "conversation"
    SERVICE = "service"
    LEGAL = "legal"


class Rule(StrEnum):
    """The rules of the gate, strongest first: their order here is the order in which they decide."""

    DO_NOT_CONTACT = "do_not_contact"
    DEAD_ADDRESS = "dead_address"
    OBJECTED = "objected"
    OFF_LIMITS = "off_limits"
    NO_BASIS = "no_basis"
    NOT_AT_WORK = "not_at_work"
    NOTICE = "notice"
    CONVERSATION = "conversation"
    NOT_NOW = "not_now"
    CAPS = "caps"
    QUIET_HOURS = "quiet_hours"


class Verdict(StrEnum):
    ALLOWED = "allowed"
    EXCEPTION = "exception"
    HELD = "held"
    REFUSED = "refused"


class Effect(StrEnum):
    """What one rule that fired does."""

    REFUSES = "refuses"
    HOLDS = "holds"
    EXCEPTED = "excepted"
    WARNS = "warns"


class Step(StrEnum):
    """The one step that would free a message. ``WAIT``: the moment in ``retry_at``."""

    NONE = "none"
    WAIT = "wait"
    OTHER_ADDRESS = "other_address"
    THEIR_WORD = "their_word"
    RECORD_CONSENT = "record_consent"
    STORE_ASSESSMENT = "store_assessment"
    SCREEN_NUMBER = "screen_number"
    REWORD = "reword"
    GIVE_NOTICE = "give_notice"
    DECLARE = "declare"
    ASK_COLLEAGUE = "ask_colleague"
    ASK_LEADER = "ask_leader"


class DraftFlag(StrEnum):
    """What the draft says of itself, where a rule asks."""

    NAMES_JOB = "names_job"  # the subject line or a voicemail names the new job
    CARRIES_NOTICE = "carries_notice"


class PersonSide(StrEnum):
    """Which side of a person the touch is about."""

    CANDIDATE = "candidate"
    CLIENT = "client"


class Subscriber(StrEnum):
    """Whom the e-marketing rules see behind an address: free mail and sole traders are individuals."""

    INDIVIDUAL = "individual"
    CORPORATE = "corporate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One touch somebody means to make. ``by`` is the colleague, None where the house itself sends.

    ``address`` is where it would go; None takes the best one of the channel. ``topic`` names a subscription, ``job``
    the job it is about, ``thread`` the conversation it answers, ``matter`` the case of a legal message.
    """

    person_key: UUID
    aim: Aim
    channel: Channel
    by: UUID | None
    address: Identifier | None = None
    topic: str = ""
    job: str = ""
    thread: UUID | None = None
    matter: str = ""
    side: PersonSide | None = None
    flags: frozenset[DraftFlag] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """What ties a person to the house, each as the words that show it, "" where there is none.

    Rooms above fill what they own (a process, an assignment, an open job, an outcome); ``add`` joins two.
    """

    registered: str = ""
    in_process: str = ""
    on_assignment: str = ""
    open_job: str = ""
    terms: str = ""
    outcome: str = ""
    thread: str = ""
    subscriptions: frozenset[str] = frozenset()
    off_limits: tuple[OffLimits, ...] = ()

    def add(self, other: Ties) -> Ties:
        """What either of the two knows; where both do, the first's words."""
        return Ties(
            registered=self.registered or other.registered,
            in_process=self.in_process or other.in_process,
            on_assignment=self.on_assignment or other.on_assignment,
            open_job=self.open_job or other.open_job,
            terms=self.terms or other.terms,
            outcome=self.outcome or other.outcome,
            thread=self.thread or other.thread,
            subscriptions=self.subscriptions | other.subscriptions,
            off_limits=(*self.off_limits, *(one for one in other.off_limits if one not in self.off_limits)),
        )


@dataclass(frozen=True, slots=True)
class OffLimits:
    """A clause that keeps us from approaching somebody: its name, whose it is, and its last day (None: no end)."""

    clause: str
    organisation: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """An earlier touch that counts: when, of which class, over which channel, by whom, whether a dial nobody took."""

    at: datetime
    message_class: MessageClass
    channel: Channel
    by: UUID | None = None
    who: str = ""
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent that stands for a purpose over a channel ("" for any). ``soft``: the soft opt-in of a customer."""

    purpose: Purpose
    channel: str
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A colleague was asked whether somebody else may write: ``free_at`` is when silence becomes a yes."""

    free_at: datetime
    granted: bool | None = None


@dataclass(frozen=True, slots=True)
class Exempt:
    """A leader's exception: which rules it lifts, by whom, why, until when."""

    rules: frozenset[Rule]
    by: str
    why: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that one verdict rests on, as plain values: kept whole in the receipt, so that it can be decided again.

    ``zone`` is the person's, or "" where unknown; ``sender_zone`` then stands in. ``holidays`` are the public holidays
    of their country around ``at``. ``silent_since`` is their last word to us; ``last_word_to`` who they speak with.
    """

    person_key: UUID
    message_class: MessageClass
    why: str
    purpose: Purpose
    channel: Channel
    at: datetime
    by: UUID | None = None
    address_hash: str = ""
    at_work: bool = False
    side: PersonSide = PersonSide.CANDIDATE
    bulk: bool = False
    about_job: bool = False
    flags: frozenset[DraftFlag] = frozenset()
    law: str = "UK"
    country: str = ""
    subscriber: Subscriber = Subscriber.INDIVIDUAL
    no_address: bool = False
    erased: bool = False
    stop_all: bool = False
    complained: bool = False
    bounced: bool = False
    objected: bool = False
    no_calls: bool = False
    off_limits: tuple[OffLimits, ...] = ()
    consents: tuple[Consent, ...] = ()
    assessed: bool = False
    screened_on: date | None = None
    said_not_at_work: bool = False
    notice: NoticeState | None = None
    notice_due_at: datetime | None = None
    imported: bool = False
    first_call_at_work: bool = False
    not_before: date | None = None
    counted: tuple[Counted, ...] = ()
    heard_at: datetime | None = None
    speaks_with: tuple[tuple[UUID, str, datetime], ...] = ()
    asked: Asked | None = None
    rival_process: bool = False
    exempt: Exempt | None = None
    zone: str = ""
    sender_zone: str = "Europe/London"
    holidays: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that fired: what it does, in a code with values for its words, when it ends, and what would free it."""

    rule: Rule
    effect: Effect
    code: str
    values: tuple[tuple[str, str], ...] = ()
    retry_at: datetime | None = None
    step: Step = Step.NONE


@dataclass(frozen=True, slots=True)
class Decision:
    """May it go: the verdict, every rule that fired in order of strength, and when it would be allowed.

    ``carry_notice``: the message must carry the notice of Art. 14, or it isn't sent.
    """

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    retry_at: datetime | None = None
    carry_notice: bool = False

    @property
    def may_go(self) -> bool:
        return self.verdict in (Verdict.ALLOWED, Verdict.EXCEPTION)

    @property
    def decisive(self) -> Finding | None:
        """The finding that decided, None where it may go."""
        blocking = (Effect.REFUSES, Effect.HOLDS)
        return next((one for one in self.findings if one.effect in blocking), None)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.effect is Effect.WARNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class LawPack:
    """What a law asks, as data with citations. ``countries`` are ISO 3166 codes.

    ``consent``: subscribers whom e-marketing needs consent for; ``soft_opt_in``: whether a customer's counts;
    ``screening``: the register that marketing calls are screened against, "" where there is none.
    """

    code: str
    name: str
    countries: frozenset[str]
    consent: frozenset[Subscriber]
    soft_opt_in: bool
    assessment: bool
    screening: str
    notice: bool
    citations: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The house's own numbers. ``None`` as a cap means no cap, 0 means none allowed.

    Units: ``*_days`` elapsed days, their old end included; hours of the day on the person's wall clock, start
    included, end excluded; rates are shares of messages sent.
    """

    version: int = 1
    approach_cap: int | None = 4
    approach_days: int = 30
    rest_days: int = 90
    marketing_cap: int | None = 2
    marketing_days: int = 30
    silence_days: tuple[int, ...] = (30, 60, 90)
    thread_days: int = 30
    quiet_from: int = 20
    quiet_to: int = 8
    quiet_weekends: bool = True
    quiet_holidays: bool = True
    unknown_from: int = 10
    unknown_to: int = 16
    placed_months: int = 12
    screening_days: int = 28
    marketing_hours: int = 72
    job_is_marketing: bool = False
    home_law: str = "UK"
    packs: tuple[LawPack, ...] = field(default=(), repr=False)

    def pack(self, law: str) -> LawPack:
        """The pack of this law. Raises KeyError if there is none."""
        for one in self.packs:
            if one.code == law:
                return one
        raise KeyError(law)


class Standing(Protocol):
    """What a room above knows of these people at a moment: in process, on assignment, an open job, a guarantee.

    Keys are canonical; people without ties may be left out. One call for many people.
    """

    def __call__(self, *, person_keys: Collection[UUID], at: datetime) -> Mapping[UUID, Ties]: ...


STANDINGS: dict[str, Standing] = {}
"""By room, filled in project/wiring.py."""
