"""The door of integrations: what an import is, its states, and what a file must hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from fourfold.base.errors import FourfoldError


class FileKind(StrEnum):
    TOUCHES = "touches"
    OUTCOMES = "outcomes"
    SPEND = "spend"


class State(StrEnum):
    """Where an import stands. The worker moves it through those that end in -ing."""

    READING = "reading"  # the file's columns are being read
    MAPPING = "mapping"  # waits for a person to confirm the columns
    CHECKING = "checking"  # rows are read, checked and staged; nothing is in the ledger
    CHECKED = "checked"  # waits for a person to apply it
    APPLYING = "applying"
    APPLIED = "applied"
    TAKING_BACK = "taking_back"
    TAKEN_BACK = "taken_back"
    FAILED = "failed"

    @property
    def is_working(self) -> bool:
        return self in WORKING


WORKING = frozenset({State.READING, State.CHECKING, State.APPLYING, State.TAKING_BACK})


class RowState(StrEnum):
    """What became of a row of a file."""

    READY = "ready"
    POSTED = "posted"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a kind of file may have: its name, what it holds, and header names beyond evidence's own."""

    name: str
    about: str
    required: bool = False
    aliases: tuple[str, ...] = ()


_WHO = "who: an e-mail address, phone number, profile address or any id"
_EMAIL = (
    "who", "email", "e_mail", "email_address", "candidate", "candidate_email", "contact_email",
    "recipient_email", "recipient", "about_email", "associated_contact", "phone", "profile_url",
)  # fmt: skip
_NAME = Column(
    "name", "the person's name, for those who are new", aliases=("full_name", "person_name", "candidate_name")
)
_CHANNEL = "email, phone, sms, linkedin, social, event, job_board, referral, web or in_person; others are kept as other"
_OWN_ID = "the row's own id, so that a later file can correct it"


def _named(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, f"the {name.replace('_', ' ')}") for name in names)


COLUMNS: dict[FileKind, tuple[Column, ...]] = {
    FileKind.TOUCHES: (
        Column("person_key", _WHO, required=True, aliases=_EMAIL),
        Column("occurred_at", "when, as 2026-03-31 or 2026-03-31T14:05", required=True,
               aliases=("activity_date", "event_timestamp", "date_added", "sent_at")),
        Column("channel", _CHANNEL, required=True, aliases=("type", "activity_type", "interaction_type")),
        _NAME,
        Column("direction", "out (from us) or in (from them); left out: out"),
        Column("action", "what happened: sent, click, call, reply …"),
        Column("organisation", "the organisation's name"),
        *_named("actor", "team", "campaign", "theme", "stream", "desk", "job", "asset", "office", "brand"),
        Column("machine", "yes for robots and scanners"),
        Column("fact_id", _OWN_ID, aliases=("ref", "source_ref")),
    ),
    FileKind.OUTCOMES: (
        Column("outcome", "the outcome's own id; several rows may share it, its value counts once", required=True,
               aliases=("ref", "source_ref", "placement_ref", "deal")),
        Column("occurred_at", "when, as 2026-03-31", required=True,
               aliases=("placed_on", "date_placed", "close_date", "start_date")),
        Column("outcome_kind", "candidate, client, colleague or cash; left out: cash"),
        Column("person_key", _WHO, aliases=_EMAIL),
        Column("side", "candidate, client or colleague; left out: as the kind, for cash candidate"),
        Column("value", "the amount, as 12400 or 12,400.50", aliases=("margin", "placement_fee", "deal_amount")),
        Column("value_minor", "the amount in pence, a whole number"),
        Column("currency", "such as GBP; left out: the house's", aliases=("ccy",)),
        Column("basis", "accepted, invoiced or paid; left out: accepted"),
        Column("engagement", "permanent, contract or retained; perm, temp and the like are understood",
               aliases=("employment_type", "placement_type")),
        _NAME,
        Column("organisation", "the client's name", aliases=("client_corporation", "associated_company")),
        Column("placement", "the placement that several cash rows belong to", aliases=("placement_id",)),
        Column("actor", "the actor", aliases=("deal_owner",)),
        *_named("desk", "team", "job", "office", "brand"),
    ),
    FileKind.SPEND: (
        Column("from_date", "first day, as 2026-03-01, or a month as 2026-03", required=True,
               aliases=("period", "period_start", "invoice_date")),
        Column("to_date", "last day; left out: the last of the month that from_date is in", aliases=("period_end",)),
        Column("channel", _CHANNEL, required=True, aliases=("category", "platform")),
        Column("amount", "the amount, as 12400 or 12,400.50", aliases=("net", "amount_spent", "total")),
        Column("amount_minor", "the amount in pence, a whole number"),
        Column("currency", "such as GBP; left out: the house's", aliases=("ccy",)),
        *_named("campaign", "theme", "stream", "desk", "team", "office", "brand"),
        Column("budget_line", "the budget line", aliases=("supplier", "vendor")),
        Column("decided_by", "who decided it", aliases=("approved_by", "budget_owner", "owner")),
        Column("fact_id", _OWN_ID, aliases=("ref", "source_ref", "invoice", "invoice_no", "id")),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """How a file's texts are read: the zone of moments without one, the currency of money without one."""

    zone: str = "Europe/London"
    currency: str = "GBP"
    country: str = "GB"
    source: str = "file"
    correct: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """What was read of a file before its columns were confirmed."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str
    delimiter: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import as pages show it."""

    key: UUID
    kind: FileKind
    file_name: str
    state: State
    at: datetime
    by: str
    size: int
    rows_read: int
    rows_ready: int
    rows_posted: int
    rows_unchanged: int
    rows_rejected: int
    people_added: int
    mapping: dict[str, str]
    sample: Sample | None
    settings: Settings
    error: dict[str, str] | None
    batch: UUID | None
    warnings: tuple[str, ...] = ()

    @property
    def percent(self) -> int:
        """How far applying has come, in whole per cent."""
        all_rows = self.rows_ready + self.rows_posted + self.rows_unchanged
        return round(100 * (self.rows_posted + self.rows_unchanged) / all_rows) if all_rows else 0


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not imported: its number in the file (the header is row 1), why, and what it held."""

    row: int
    reason: str
    content: dict[str, Any] = field(default_factory=dict)


class FileRefused(FourfoldError):
    """A file that can't be read as what it was said to be."""


class ImportNotFound(FourfoldError):
    """Missing, or not yours."""


class WrongState(FourfoldError):
    """A step that does not fit where the import stands."""
