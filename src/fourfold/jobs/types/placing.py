"""After the offer: what goes into this part of the room, and what it hands out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from fourfold.base.errors import FourfoldError
from fourfold.base.money import Money
from fourfold.jobs.types.words import (
    CheckState,
    Ir35,
    JobKind,
    OfferState,
    PaidVia,
    PayPer,
    PlacementState,
    SplitRole,
)

WHOLE = 10_000
"""All of it, in hundredths of a percent."""
STAYED = (90, 180, 365)
"""After how many days in the job somebody has stayed."""
EXPIRING_DAYS = 30
FINISHING_WEEKS = 8


class PlacingRefused(FourfoldError):
    """Something that can't be done with an offer, a placement or an assignment."""


class CashBasis(StrEnum):
    """On which footing a sum counts. Sums of two bases are never added."""

    ACCEPTED = "accepted"
    INVOICED = "invoiced"
    PAID = "paid"


class PlanStep(StrEnum):
    """What is done between an accepted offer and the end of the guarantee. Keep-warm calls are numbered."""

    COUNTER_OFFER = "counter-offer"
    RESIGNED = "resigned"
    KEEP_WARM = "keep-warm"
    DAY_ONE = "day-1"
    WEEK_ONE = "week-1"
    MONTH_ONE = "month-1"
    GUARANTEE = "guarantee"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferChange:
    """What the form of an offer says. Pay in minor units of ``currency``."""

    made_on: date
    pay_minor: int | None
    currency: str
    per: PayPer
    start_on: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterOffer:
    """What happens between yes and the first day."""

    resigned_on: date | None = None
    counter_talk_on: date | None = None
    counter_words: str = ""
    notice_ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class OfferRow:
    key: UUID
    application_key: UUID
    state: OfferState
    pay: Money | None
    per: PayPer
    start_on: date | None
    made_on: date
    answered_on: date | None
    why: str
    after: AfterOffer
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Fee:
    """What a placement earns: the sum in minor units, the share it was worked out with, and how, in words."""

    minor: int | None
    hundredths: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class SplitPart:
    """One colleague's part in one role, in hundredths of a percent."""

    user_key: UUID
    role: SplitRole
    percent_hundredths: int


@dataclass(frozen=True, slots=True)
class SplitVersion:
    """How a fee is shared, one version of it."""

    version: int
    parts: tuple[SplitPart, ...]
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentChange:
    """What the form of an assignment says. Rates are per unit, in minor units of the placement's currency."""

    starts_on: date
    ends_on: date
    unit: PayPer
    units_a_week_hundredths: int
    pay_minor: int
    charge_minor: int
    paid_via: PaidVia
    company: str = ""
    ir35: Ir35 = Ir35.NOT_ASKED
    ir35_on: date | None = None
    kid_sent_on: date | None = None
    awr_weeks_before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlacement:
    """An accepted offer becomes a placement. A fee that is not the one worked out says why."""

    accepted_on: date
    start_on: date | None
    pay_minor: int | None
    currency: str
    per: PayPer
    fee_minor: int | None = None
    fee_why: str = ""
    assignment: AssignmentChange | None = None


@dataclass(frozen=True, slots=True)
class CheckKindRow:
    key: UUID
    kind: JobKind
    name: str
    holds: bool
    expires: bool
    used: bool = True


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that a job asks for, and how it stands on a day. ``expiring`` within 30 days."""

    kind: CheckKindRow
    state: CheckState
    expires_on: date | None = None
    expiring: bool = False
    document: UUID | None = None
    words: str = ""
    checked_by: str = ""
    checked_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in (CheckState.MISSING, CheckState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands against a start: papers that hold it, and those that only warn."""

    papers: tuple[Paper, ...]
    holding: tuple[Paper, ...] = ()
    warning: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True)
class Awr:
    """Weeks that count towards equal pay, and the day it is due from; None where the end comes first."""

    weeks: int
    qualifies_on: date | None
    qualified: bool


@dataclass(frozen=True, slots=True)
class RateRow:
    from_on: date
    pay: Money
    charge: Money
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    was_ends_on: date
    ends_on: date
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """The working life of a contract or temporary placement. ``margin`` is a week's, at the rates that hold now."""

    key: UUID
    unit: PayPer
    units_a_week_hundredths: int
    starts_on: date
    ends_on: date
    finished_on: date | None
    finished_why: str
    paid_via: PaidVia
    company: str
    ir35: Ir35
    ir35_on: date | None
    ir35_document: UUID | None
    kid_sent_on: date | None
    rates: tuple[RateRow, ...]
    extensions: tuple[ExtensionRow, ...]
    margin: Money | None
    awr: Awr
    awr_weeks_before: int
    brought: Money | None = None
    weeks_brought: int = 0

    @property
    def running(self) -> bool:
        return self.finished_on is None


@dataclass(frozen=True, slots=True)
class CashRow:
    part: str
    basis: CashBasis
    on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class PlacementCard:
    """A placement as lists show it. ``value`` is its fee, or a week's margin where ``weekly``."""

    key: UUID
    application_key: UUID | None
    job_key: UUID
    job: str
    job_reference: str
    person_key: UUID
    person: str
    organisation_key: UUID
    organisation: str
    kind: JobKind
    state: PlacementState
    for_ourselves: bool
    accepted_on: date
    start_on: date | None
    started_on: date | None
    ends_on: date | None
    guarantee_ends_on: date | None
    value: Money | None
    weekly: bool
    owner: str


@dataclass(frozen=True, slots=True)
class PlacementPage:
    """Everything a placement's own page shows."""

    card: PlacementCard
    pay: Money | None
    per: PayPer
    fee: Money | None
    fee_hundredths: int | None
    fee_why: str
    fee_exception: str
    rebates: tuple[tuple[int, int], ...]
    agreed_start_on: date | None
    left_on: date | None
    left_why: str
    stayed_days: int
    invoiced_on: date | None
    paid_on: date | None
    rebated: Money | None
    offer: OfferRow | None
    standing: Standing
    split: SplitVersion | None
    splits: tuple[SplitVersion, ...]
    split_names: dict[UUID, str] = field(default_factory=dict)
    assignment: AssignmentRow | None = None
    cash: tuple[CashRow, ...] = ()
    plan: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class PlacementList:
    rows: tuple[PlacementCard, ...]
    older: str | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class PaperDue:
    """A paper that is missing, expired or expiring before or during a working life."""

    application_key: UUID
    kind_key: UUID
    person_key: UUID
    person: str
    job: str
    paper: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class MarginRow:
    """One row of a margin file that can be taken."""

    number: int
    placement: UUID
    week_ending: date
    units_hundredths: int | None
    margin_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row of a margin file that can't be taken, as it stood, and why."""

    number: int
    cells: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class MarginPreview:
    """A margin file before and after it is taken: what it would add, what it would change, what it can't."""

    key: UUID
    name: str
    rows: int
    new: int
    same: int
    corrected: int
    sums: tuple[Money, ...]
    rejected: tuple[Rejected, ...]
    applied_at: datetime | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BillingLine:
    """One colleague's part of one row of cash."""

    on: date
    placement_key: UUID | None
    person: str
    job: str
    job_reference: str
    organisation: str
    part: str
    role: SplitRole | None
    percent_hundredths: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Billings:
    """What one colleague billed in some days on one basis, by currency, against their target where there is one."""

    user_key: UUID
    name: str
    basis: CashBasis
    from_day: date
    to_day: date
    lines: tuple[BillingLine, ...]
    sums: tuple[Money, ...]
    by_role: tuple[tuple[SplitRole, Money], ...]
    target: Money | None
    is_own: bool
    may_set: bool


@dataclass(frozen=True, slots=True)
class RetainedPart:
    """One stage of a retained search's fee."""

    place: int
    due_on: str
    amount: Money
    fell_due_on: date | None
