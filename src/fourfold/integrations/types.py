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
    """A column that a kind of file may have: its name, what it holds, and the header names it goes by."""

    name: str
    about: str
    required: bool = False
    aliases: tuple[str, ...] = ()


COLUMNS: dict[FileKind, tuple[Column, ...]] = {
    FileKind.TOUCHES: (
        Column("person_key", "who: an e-mail address, phone number, profile address or any id", True,
               ("person", "email", "e-mail", "email address", "candidate", "contact", "person id", "candidate id")),
        Column("occurred_at", "when, as 2026-03-31 or 2026-03-31T14:05", True,
               ("date", "when", "timestamp", "time", "datetime", "touch date", "activity date", "created")),
        Column("channel", "email, phone, sms, linkedin, social, event, job_board, referral, web, in_person", True,
               ("medium", "touch channel", "type")),
        Column("name", "the person's name, for those who are new", False, ("full name", "candidate name")),
        Column("direction", "out (from us) or in (from them)", False, ()),
        Column("action", "what happened: sent, click, call, reply …", False, ("event", "activity", "what")),
        Column("actor", "the colleague", False, ("user", "owner", "consultant", "recruiter", "by")),
        Column("team", "the team", False, ()),
        Column("campaign", "the campaign's name", False, ("utm_campaign", "campaign name")),
        Column("theme", "the theme", False, ()),
        Column("stream", "recruitment or corporate", False, ()),
        Column("desk", "the desk", False, ()),
        Column("job", "the job's reference", False, ("job ref", "job id")),
        Column("asset", "the advert, post or mail", False, ("content", "utm_content", "subject")),
        Column("organisation", "the organisation's name", False, ("company", "client", "account", "organization")),
        Column("machine", "true for robots and scanners", False, ("bot", "is_machine")),
        Column("id", "the row's own id, so that a later file can correct it", False, ("touch id", "source_ref", "ref", "fact_id")),
    ),
    FileKind.OUTCOMES: (
        Column("id", "the outcome's own id; several rows may share it, its value counts once", True,
               ("outcome", "outcome id", "placement", "placement id", "source_ref", "ref", "deal", "deal id", "fact_id")),
        Column("occurred_at", "when, as 2026-03-31", True, ("date", "when", "start date", "placed on", "placement date")),
        Column("kind", "candidate, client, colleague or cash", True, ("outcome_kind", "type", "outcome kind")),
        Column("person_key", "whom it concerns: an e-mail address, phone number, profile address or any id", True,
               ("person", "email", "candidate", "candidate email", "contact", "person id")),
        Column("side", "candidate, client or colleague", True, ()),
        Column("value", "the amount, as 12400 or 12,400.50", False, ("fee", "amount", "margin", "value_major")),
        Column("value_minor", "the amount in pence, a whole number", False, ("fee_minor",)),
        Column("currency", "such as GBP", False, ("ccy",)),
        Column("basis", "accepted, invoiced or paid", False, ()),
        Column("engagement", "permanent, contract or retained", False, ("employment type", "placement type")),
        Column("name", "the person's name, for those who are new", False, ("full name", "candidate name")),
        Column("organisation", "the client's name", False, ("company", "client", "account", "organization")),
        Column("desk", "the desk", False, ()),
        Column("team", "the team", False, ()),
        Column("actor", "the colleague", False, ("consultant", "recruiter", "owner")),
        Column("job", "the job's reference", False, ("job ref", "job id")),
        Column("placement_group", "the placement that several cash rows belong to", False, ("placement ref",)),
    ),
    FileKind.SPEND: (
        Column("from_date", "first day, as 2026-03-01, or a month as 2026-03", True,
               ("from", "start", "month", "date", "period", "period start", "start date")),
        Column("to_date", "last day; left out: the month's last", False, ("to", "end", "until", "period end", "end date")),
        Column("channel", "email, phone, sms, linkedin, social, event, job_board, referral, web, in_person", True, ("medium",)),
        Column("amount", "the amount, as 12400 or 12,400.50", False, ("cost", "spend", "value", "net", "total")),
        Column("amount_minor", "the amount in pence, a whole number", False, ("cost_minor",)),
        Column("currency", "such as GBP", False, ("ccy",)),
        Column("campaign", "the campaign's name", False, ("campaign name", "utm_campaign")),
        Column("theme", "the theme", False, ()),
        Column("stream", "recruitment or corporate", False, ()),
        Column("desk", "the desk", False, ()),
        Column("team", "the team", False, ()),
        Column("budget_line", "the budget line", False, ("supplier", "vendor", "line")),
        Column("decided_by", "who decided it", False, ("owner", "approved by", "budget owner")),
        Column("id", "the row's own id, so that a later file can correct it", False, ("spend id", "invoice", "source_ref", "ref")),
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
