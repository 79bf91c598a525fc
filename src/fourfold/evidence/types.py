"""The room's door: words, column contracts, questions and results. Standard library only, so anyone may import it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

NONE: Final = "(none)"
"""The key of credit that no touch earned: a side without touches."""
NOT_NAMED: Final = "(not named)"
"""The key of touches and spend whose dimension is empty."""
BUCKETS: Final = 1024
"""Hash buckets of the resampling unit."""

JOB_OPENED: Final = "job_opened"
"""``action`` of a touch that marks the opening of a job: the client side's journey ends there. Never credited."""
SUBMITTED: Final = "submitted"
"""``action`` of a touch that marks a first submission: the candidate side's journey ends there. Never credited."""


class Side(StrEnum):
    CANDIDATE = "candidate"
    CLIENT = "client"
    COLLEAGUE = "colleague"


class OutcomeKind(StrEnum):
    """The 4Cs."""

    CANDIDATE = "candidate"
    CLIENT = "client"
    COLLEAGUE = "colleague"
    CASH = "cash"


class Basis(StrEnum):
    ACCEPTED = "accepted"
    INVOICED = "invoiced"
    PAID = "paid"


class By(StrEnum):
    """The dimension whose keys are credited: a column of ``touch``, or who decided the spend behind it."""

    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    THEME = "theme"
    STREAM = "stream"
    DESK = "desk"
    TEAM = "team"
    ACTOR = "actor"
    ASSET = "asset"
    DECIDED_BY = "decided_by"


class Method(StrEnum):
    """How credit is shared. The definitions stand in docs/evidence.md."""

    FIRST = "first"
    LAST = "last"
    LAST_NON_DIRECT = "last_non_direct"
    LINEAR = "linear"
    TIME_DECAY = "time_decay"
    POSITION = "position"
    MARKOV = "markov"
    SHAPLEY = "shapley"
    SHAPLEY_RATE = "shapley_rate"
    SHAPLEY_ORDERED = "shapley_ordered"

    @property
    def is_per_journey(self) -> bool:
        """Whether each journey's credit can be told by itself (and so be opened to its touches)."""
        return self not in {Method.MARKOV, Method.SHAPLEY_RATE}


HOUSE_METHOD: Final = Method.SHAPLEY


class ColumnType(StrEnum):
    """Logical types of the columns of facts; ``facts.segment_schema`` gives their Parquet types."""

    UUID = "uuid"
    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    MOMENT = "moment"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: ColumnType
    required: bool = False


class FactKind(StrEnum):
    TOUCH = "touch"
    OUTCOME = "outcome"
    PARTY = "party"
    SPEND = "spend"
    ALLOCATION = "allocation"
    IDENTITY = "identity"
    VOID = "void"


def _columns(text: str, column_type: ColumnType, *, required: bool = False) -> tuple[Column, ...]:
    return tuple(Column(name, column_type, required) for name in text.split())


_U, _T, _I, _B, _M, _D = ColumnType
COMMON_COLUMNS: Final[tuple[Column, ...]] = (
    Column("fact_id", _U, required=True),
    Column("seq", _I, required=True),
    Column("kind", _T, required=True),
    Column("occurred_at", _M, required=True),
    Column("recorded_at", _M, required=True),
    Column("batch", _U, required=True),
    Column("supersedes", _U),
    Column("void", _B, required=True),
    Column("source", _T, required=True),
    Column("source_ref", _T, required=True),
    Column("revision", _I, required=True),
    Column("office", _T),
    Column("brand", _T),
)
"""What every fact says. ``kind`` is the kind of fact; an outcome's C is its ``outcome_kind``."""

OWN_COLUMNS: Final[dict[FactKind, tuple[Column, ...]]] = {
    FactKind.TOUCH: (
        Column("person_key", _U, required=True),
        Column("organisation", _U),
        Column("channel", _T, required=True),
        *_columns("action direction team actor campaign theme stream desk job asset", _T),
        Column("machine", _B),
    ),
    FactKind.OUTCOME: (
        Column("outcome_kind", _T, required=True),
        Column("basis", _T),
        Column("value_minor", _I),
        *_columns("currency engagement", _T),
        Column("organisation", _U),
        *_columns("desk team actor job placement", _T),
    ),
    FactKind.PARTY: (
        Column("outcome", _U, required=True),
        Column("person_key", _U, required=True),
        Column("side", _T, required=True),
    ),
    FactKind.SPEND: (
        *_columns("from_date to_date", _D, required=True),
        *_columns("channel campaign theme stream desk team", _T),
        Column("amount_minor", _I, required=True),
        Column("currency", _T, required=True),
        *_columns("budget_line decided_by", _T),
    ),
    FactKind.ALLOCATION: (
        Column("person_key", _U, required=True),
        *_columns("unit experiment arm", _T, required=True),
    ),
    FactKind.IDENTITY: _columns("person_key into_key", _U, required=True),
    FactKind.VOID: (),
}

SPEND_DIMENSIONS: Final = frozenset({By.CHANNEL, By.CAMPAIGN, By.THEME, By.STREAM, By.DESK, By.TEAM, By.DECIDED_BY})
"""Dimensions that spend has. ROI by any other is refused."""
PLACES: Final = ("office", "desk", "team")
"""Columns by which outcomes and spend may be narrowed."""


class EvidenceError(Exception):
    """An error a person can act on: ``what`` happened, ``why``, and what ``todo`` about it."""

    def __init__(self, what: str, why: str, todo: str) -> None:
        super().__init__(what, why, todo)
        self.what = what
        self.why = why
        self.todo = todo

    def __str__(self) -> str:
        return f"{self.what} {self.why} {self.todo}"

    def as_dict(self) -> dict[str, str]:
        return {"what": self.what, "why": self.why, "todo": self.todo}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval. ``n`` counts the independent units it rests on."""

    value: float
    lower: float
    upper: float
    n: int
    method: str
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Too little, or not comparable: no estimate. ``about`` names the figure that is refused.

    ``have`` and ``need`` are counts of what is missing (None where counting is not the point).
    """

    reason: str
    have: float | None = None
    need: float | None = None
    about: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {"about": self.about, "reason": self.reason, "have": self.have, "need": self.need}


@dataclass(frozen=True, slots=True)
class IntervalSettings:
    """How intervals are made. ``replicates`` 0 leaves them out."""

    level: float = 0.95
    replicates: int = 1000
    seed: int = 1


@dataclass(frozen=True, slots=True)
class MethodSettings:
    """What the methods need besides journeys.

    ``half_life_days``: time decay. ``order``: of the Markov chain. ``collapse``: repeated keys in a row count as one
    state of the chain. ``direct``: names that are direct web in data that carries only names. ``samples`` and
    ``seed``: orders drawn for the rate game above 12 keys.
    """

    half_life_days: float = 7.0
    order: int = 1
    collapse: bool = True
    direct: frozenset[str] = frozenset({"direct", "direct web", "(direct)", "direct / none", "(direct) / (none)"})
    samples: int = 2000
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Scarcity:
    """One desk in one quarter (``2026Q3``): positions that were unfilled and candidates that were ready."""

    desk: str
    quarter: str
    unfilled: float
    ready: float


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the tables.

    ``start`` (included) and ``end`` (excluded) bound the day of an outcome's first row; a date means midnight UTC.
    ``side`` None means both sides where an outcome has two. ``shared``: touches before an earlier outcome of the same
    person count for later ones too. ``date_only``: times are days, and a touch on the day itself counts as before.
    ``where`` narrows outcomes and spend to places, as (column of PLACES, value): an outcome counts if one of its rows
    lies there, with the value of those rows. ``value_unit`` names what the tables' amounts are; it is passed through.
    """

    method: Method = HOUSE_METHOD
    by: By = By.CHANNEL
    kind: str | None = None
    basis: str | None = None
    engagement: str | None = None
    currency: str | None = None
    start: date | datetime | None = None
    end: date | datetime | None = None
    side: Side | None = None
    lookback_days: int = 180
    shared: bool = False
    date_only: bool = False
    scarcity: tuple[Scarcity, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    value_unit: str = "minor units"
    settings: MethodSettings = field(default_factory=MethodSettings)
    intervals: IntervalSettings = field(default_factory=IntervalSettings)


@dataclass(frozen=True, slots=True)
class AttributionRow:
    """What one key is credited with. Money is in the unit that ``options['value_unit']`` names.

    ``lower`` and ``upper`` bound ``share``; ``value_lower`` … ``roi_upper`` follow from them at the realised total.
    None means "no such number": no money, no spend, or refused.
    """

    key: str
    outcomes: float
    value: float | None = None
    share: float | None = None
    lower: float | None = None
    upper: float | None = None
    spend: float | None = None
    roi: float | None = None
    cost_per_outcome: float | None = None
    value_lower: float | None = None
    value_upper: float | None = None
    roi_lower: float | None = None
    roi_upper: float | None = None

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class AttributionResult:
    """Who is credited with what. ``n`` counts distinct outcomes; rows are ordered by credit, then by key."""

    method: Method
    options: dict[str, Any]
    n: float
    rows: tuple[AttributionRow, ...]
    assumptions: tuple[str, ...]
    refusals: tuple[Refusal, ...]
    details: dict[str, Any] = field(default_factory=dict)
    """What only this method reports: Markov's base rate and removal effects, ordered Shapley's positions …"""

    def row(self, key: str) -> AttributionRow:
        """The row of ``key``. Raises KeyError."""
        for row in self.rows:
            if row.key == key:
                return row
        raise KeyError(key)

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``fourfold evidence attribute --json``."""
        answer: dict[str, Any] = {
            "method": self.method.value,
            "options": self.options,
            "n": self.n,
            "rows": [row.as_dict() for row in self.rows],
            "assumptions": list(self.assumptions),
            "refusals": [refusal.as_dict() for refusal in self.refusals],
        }
        return answer | ({"details": self.details} if self.details else {})


@dataclass(frozen=True, slots=True)
class CreditedTouch:
    """One touch of a journey. ``credit`` is its part of the journey's credit; a journey's parts sum to 1."""

    fact_id: Any
    key: str
    occurred_at: datetime
    credit: float


@dataclass(frozen=True, slots=True)
class JourneyCredit:
    """One outcome's journey on one side, and what each key is credited with from it.

    ``outcomes`` is the side's part of the outcome (a half, or one); ``value_minor`` that part of its money.
    ``credits`` maps a key to its share of this journey; they sum to 1.
    """

    outcome: Any
    side: str
    occurred_at: datetime
    ended_at: datetime
    outcomes: float
    value_minor: float | None
    currency: str | None
    credits: dict[str, float]
    touches: tuple[CreditedTouch, ...]


@dataclass(frozen=True, slots=True)
class ArmMetric:
    """One metric of one arm: a rate with its Wilson interval, or a mean with its t interval.

    ``converters`` counts rows that are not zero.
    """

    metric: str
    kind: str
    value: float
    lower: float | None
    upper: float | None
    converters: int

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Arm:
    arm: str
    n: int
    metrics: tuple[ArmMetric, ...]

    def as_dict(self) -> dict[str, Any]:
        return {"arm": self.arm, "n": self.n, "metrics": {m.metric: m.as_dict() for m in self.metrics}}


@dataclass(frozen=True, slots=True)
class Comparison:
    """``arm`` against ``against`` (the control, or another arm). ``difference`` = treatment − control.

    ``lower`` and ``upper`` are None where the interval is refused. ``p_value`` is adjusted by Holm's method when all
    arms are compared; ``p_unadjusted`` is the test's own.
    """

    arm: str
    against: str
    metric: str
    kind: str
    control: float
    treatment: float
    difference: float
    lower: float | None
    upper: float | None
    p_value: float | None
    relative: float | None
    p_unadjusted: float | None
    test: str
    verdict: str

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class SampleRatio:
    """Whether the arms have the sizes that were drawn. ``alarm`` below 0.01: something lost people unevenly."""

    p_value: float
    alarm: bool
    expected: dict[str, float]

    def as_dict(self) -> dict[str, Any]:
        return {"p_value": self.p_value, "alarm": self.alarm, "expected": self.expected}


@dataclass(frozen=True, slots=True)
class ExperimentResult:
    """What an experiment at a fixed horizon showed."""

    arms: tuple[Arm, ...]
    comparisons: tuple[Comparison, ...]
    sample_ratio: SampleRatio
    refusals: tuple[Refusal, ...]
    assumptions: tuple[str, ...]
    options: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``fourfold evidence experiment --json``."""
        return {
            "arms": [arm.as_dict() for arm in self.arms],
            "comparisons": [comparison.as_dict() for comparison in self.comparisons],
            "sample_ratio": self.sample_ratio.as_dict(),
            "refusals": [refusal.as_dict() for refusal in self.refusals],
            "assumptions": list(self.assumptions),
            "options": self.options,
        }


@dataclass(frozen=True, slots=True)
class PowerResult:
    """How many people an experiment needs. ``share`` is held out; ``lift`` and ``mde`` are relative to ``base``.

    ``n`` = ``n_control`` + ``n_treatment``. With ``have`` people at hand, ``achieved`` is the power they give and
    ``mde`` the smallest lift they show with the power asked for; without, both are None.
    """

    base: float
    treated: float
    lift: float
    share: float
    power: float
    alpha: float
    n: int
    n_control: int
    n_treatment: int
    have: int | None
    achieved: float | None
    mde: float | None
    sentence: str
    assumptions: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``fourfold evidence power --json``."""
        return {name: getattr(self, name) for name in self.__slots__}
