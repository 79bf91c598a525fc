"""Pure decisions about files: which header is which column, and what a row says."""

from __future__ import annotations

import calendar
import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fourfold.base.money import BadMoney, Money, minor_digits, parse_minor
from fourfold.evidence import headers as evidence_headers
from fourfold.integrations.types import COLUMNS, FileKind, Settings
from fourfold.ledger.types import Basis, Channel, OutcomeKind, Side

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?")
_MONTH = re.compile(r"\d{4}-\d{2}")
_YES, _NO = {"1", "true", "yes", "y", "t"}, {"0", "false", "no", "n", "f", ""}
_EARLIEST = date(1990, 1, 1)
_TEXT_LIMITS = {
    "campaign": 120, "asset": 120, "desk": 120, "stream": 20, "action": 40, "name": 120, "organisation": 120,
    "person_key": 200,
}  # fmt: skip

CHANNEL_NAMES = {
    Channel.EMAIL: "mail e_mail newsletter mailshot email_campaign",
    Channel.PHONE: "call telephone tel mobile voicemail",
    Channel.SMS: "text text_message whatsapp",
    Channel.LINKEDIN: "li linkedin_ads inmail linkedin_recruiter",
    Channel.SOCIAL: "facebook instagram twitter x tiktok youtube meta social_media",
    Channel.EVENT: "events webinar conference meetup career_fair",
    Channel.JOB_BOARD: "jobboard job_boards indeed reed totaljobs cv_library monster glassdoor",
    Channel.REFERRAL: "referrals refer_a_friend recommendation employee_referral",
    Channel.WEB: "website site direct organic seo ppc google google_ads careers_site",
    Channel.IN_PERSON: "meeting face_to_face inperson visit coffee interview",
}
ENGAGEMENT_NAMES = {
    "permanent": "perm fulltime full_time contingent exclusive direct_hire",
    "contract": "contractor temp temporary interim freelance fixed_term",
    "retained": "retainer executive_search",
}
_ENGAGEMENTS = {name: kind for kind, names in ENGAGEMENT_NAMES.items() for name in [kind, *names.split()]}
_CHANNELS = {name: channel for channel, names in CHANNEL_NAMES.items() for name in [channel.value, *names.split()]}


class BadRowError(ValueError):
    """Why a row is not imported: one whole sentence that names the column and the value."""


@dataclass
class Reader:
    """Reads the rows of one file; remembers what it must to see a reference come twice."""

    kind: FileKind
    mapping: Mapping[str, str]
    settings: Settings
    at: datetime
    seen: dict[str, tuple[int, str]] = field(default_factory=dict)
    same: Counter[str] = field(default_factory=Counter)
    unknown_channels: Counter[str] = field(default_factory=Counter)
    currencies: Counter[str] = field(default_factory=Counter)

    def read(self, number: int, row: Mapping[str, str]) -> dict[str, Any]:
        """What row ``number`` says, as JSON can hold it, with ``ref``. Raises BadRowError."""
        cells = {column: (row.get(header) or "").strip() for column, header in self.mapping.items()}
        for column in COLUMNS[self.kind]:
            if column.required and not cells.get(column.name):
                raise BadRowError(f"{column.name} is empty.")
        for name, text in cells.items():
            if "\0" in text:
                raise BadRowError(f"{name} holds a NUL character.")
        parsed = {
            FileKind.TOUCHES: self._touch,
            FileKind.OUTCOMES: self._outcome,
            FileKind.SPEND: self._spend,
        }[self.kind](cells)
        return self._with_reference(number, cells, {name: value for name, value in parsed.items() if value is not None})

    def _touch(self, cells: dict[str, str]) -> dict[str, Any]:
        direction = cells.get("direction", "").lower() or "out"
        if direction not in {"in", "out"}:
            raise BadRowError(f"direction “{direction}” is neither in nor out.")
        channel, other = self._channel(cells["channel"])
        return {
            **self._texts(cells, "action actor team campaign theme stream desk job asset office brand"),
            **({"asset": cells.get("asset") or other} if other else {}),
            **self._who(cells),
            "occurred_at": self._moment("occurred_at", cells["occurred_at"]),
            "channel": channel,
            "direction": direction,
            "machine": self._flag("machine", cells.get("machine", "")),
        }

    def _outcome(self, cells: dict[str, str]) -> dict[str, Any]:
        kind = one_of(OutcomeKind, "outcome_kind", cells.get("outcome_kind") or OutcomeKind.CASH)
        minor, currency = self._money(cells, "value", "value_minor")
        if kind == OutcomeKind.CASH and minor is None:
            raise BadRowError("value is empty: cash needs an amount.")
        default = Side.CANDIDATE if kind == OutcomeKind.CASH else Side(kind)
        return {
            **self._texts(cells, "desk team actor job placement office brand"),
            **self._who(cells),
            "engagement": self._engagement(cells.get("engagement", "")),
            "side": one_of(Side, "side", cells.get("side") or default.value),
            "occurred_at": self._moment("occurred_at", cells["occurred_at"], end_of_day=True),
            "outcome_kind": kind,
            "basis": one_of(Basis, "basis", cells.get("basis") or Basis.ACCEPTED) if minor is not None else None,
            "value_minor": minor,
            "currency": currency if minor is not None else None,
        }

    def _spend(self, cells: dict[str, str]) -> dict[str, Any]:
        first, last = self._days(cells["from_date"], cells.get("to_date", ""))
        minor, currency = self._money(cells, "amount", "amount_minor")
        if minor is None:
            raise BadRowError("amount is empty: spend needs an amount.")
        channel, other = self._channel(cells["channel"])
        return {
            **self._texts(cells, "campaign theme stream desk team budget_line decided_by office brand"),
            **({"budget_line": cells.get("budget_line") or other} if other else {}),
            "from_date": first.isoformat(),
            "to_date": last.isoformat(),
            "channel": channel,
            "amount_minor": minor,
            "currency": currency,
        }

    def _with_reference(self, number: int, cells: dict[str, str], parsed: dict[str, Any]) -> dict[str, Any]:
        own = cells.get("outcome") or cells.get("fact_id")
        if not own:
            content = digest(parsed)
            self.same[content] += 1
            return {**parsed, "ref": f"{content}:{self.same[content]}"}
        if len(own) > 200:
            raise BadRowError("its id is longer than 200 characters.")
        about = {name: value for name, value in parsed.items() if name not in _OF_THE_PERSON}
        content = digest(about if self.kind is FileKind.OUTCOMES else parsed)
        first, known = self.seen.setdefault(own, (number, content))
        if known != content:
            raise BadRowError(f"it has the same id as row {first}, “{own}”, but says something else.")
        return {**parsed, "ref": own}

    def _who(self, cells: dict[str, str]) -> dict[str, str | None]:
        found = self._texts(cells, "person_key name organisation")
        return {"person": found["person_key"], "name": found["name"], "organisation": found["organisation"]}

    @staticmethod
    def _engagement(text: str) -> str | None:
        if text and plain_name(text) not in _ENGAGEMENTS:
            raise BadRowError(f"engagement “{text[:40]}” is none of {', '.join(ENGAGEMENT_NAMES)}.")
        return _ENGAGEMENTS.get(plain_name(text))

    def _texts(self, cells: dict[str, str], names: str) -> dict[str, str | None]:
        texts = {name: cells.get(name) or None for name in names.split()}
        for name, text in texts.items():
            limit = _TEXT_LIMITS.get(name, 80)
            if text and len(text) > limit:
                raise BadRowError(f"{name} has {len(text)} characters; at most {limit} are kept.")
        return texts

    def _channel(self, text: str) -> tuple[str, str | None]:
        """The channel, and its own name where it is none of ours."""
        known = _CHANNELS.get(plain_name(text))
        if known:
            return known.value, None
        self.unknown_channels[text[:60]] += 1
        return Channel.OTHER.value, text[:60]

    def _moment(self, column: str, text: str, *, end_of_day: bool = False) -> str:
        """An aware moment in UTC; a day without a time is its first second in the file's zone, or its last.

        Outcomes take the last: a touch of the same day counts as before them.
        """
        if not _ISO.fullmatch(text):
            raise BadRowError(f"{column} “{text[:40]}” is not a date like 2026-03-31 or 2026-03-31T14:05.")
        try:
            moment = datetime.fromisoformat(re.sub(r"\s(?=Z|[+-]\d{2}:?\d{2}$)", "", text))
        except ValueError:
            raise BadRowError(f"{column} “{text}” is no day of the calendar.") from None
        if end_of_day and len(text) == len("2026-03-31"):
            moment = moment.replace(hour=23, minute=59, second=59)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(self.settings.zone))
        if moment.date() < _EARLIEST:
            raise BadRowError(f"{column} “{text}” is before 1990.")
        if moment > self.at + timedelta(days=1):
            raise BadRowError(f"{column} “{text}” is in the future.")
        return moment.astimezone(UTC).isoformat()

    def _days(self, first: str, last: str) -> tuple[date, date]:
        if _MONTH.fullmatch(first):
            first = f"{first}-01"
        start = self._day("from_date", first)
        month_end = start.replace(day=calendar.monthrange(start.year, start.month)[1])
        end = self._day("to_date", last) if last and not _MONTH.fullmatch(last) else month_end
        if last and _MONTH.fullmatch(last):
            begin = self._day("to_date", f"{last}-01")
            end = begin.replace(day=calendar.monthrange(begin.year, begin.month)[1])
        if end < start:
            raise BadRowError(f"to_date “{last}” is before from_date “{first}”.")
        return start, end

    @staticmethod
    def _day(column: str, text: str) -> date:
        try:
            day = date.fromisoformat(text[:10]) if _ISO.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None or day < _EARLIEST:
            raise BadRowError(f"{column} “{text[:40]}” is not a day like 2026-03-31 or a month like 2026-03.")
        return day

    def _money(self, cells: dict[str, str], major: str, minor: str) -> tuple[int | None, str]:
        currency = (cells.get("currency") or self.settings.currency).upper()
        try:
            minor_digits(currency)
            if cells.get(minor):
                if not re.fullmatch(r"[+-]?\d{1,15}", cells[minor]):
                    raise BadRowError(f"{minor} “{cells[minor][:40]}” is not a whole number.")
                amount: int | None = int(cells[minor])
            else:
                amount = parse_minor(cells[major], currency) if cells.get(major) else None
        except BadMoney as error:
            raise BadRowError(f"{error.what} {error.why}") from None
        if amount is not None:
            self.currencies[currency] += 1
        return amount, currency

    @staticmethod
    def _flag(column: str, text: str) -> bool:
        if text.lower() not in _YES | _NO:
            raise BadRowError(f"{column} “{text[:40]}” is neither yes nor no.")
        return text.lower() in _YES


_OF_THE_PERSON = {"person", "name", "side"}


def one_of(words: type[OutcomeKind] | type[Basis] | type[Side], column: str, text: str) -> str:
    plain = text.strip().lower()
    if plain not in [word.value for word in words]:
        raise BadRowError(f"{column} “{text[:40]}” is none of {', '.join(word.value for word in words)}.")
    return plain


def plain_name(text: str) -> str:
    """``Job Board`` → ``job_board``."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def digest(content: Mapping[str, Any]) -> str:
    """24 hexadecimal digits that stay the same for the same content."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:24]


def as_cells(mapping: Mapping[str, str], parsed: Mapping[str, Any]) -> dict[str, str]:
    """What a checked row said, under the headers of its file."""
    known = {**parsed, "person_key": parsed.get("person"), "outcome": parsed.get("ref"), "fact_id": parsed.get("ref")}
    for major, minor in (("value", "value_minor"), ("amount", "amount_minor")):
        if parsed.get(minor) is not None:
            known[major] = Money(parsed[minor], parsed["currency"]).major
    return {header: str(known[column]) for column, header in mapping.items() if known.get(column) is not None}


def guess_mapping(kind: FileKind, header: Sequence[str]) -> dict[str, str]:
    """By column, the header that holds it: evidence's guesses first, then names that only files of people use."""
    wanted = {column.name: column for column in COLUMNS[kind]}
    found = {name: head for name, head in evidence_headers.guess(kind.value, header).items() if name in wanted}
    plain = {evidence_headers.plain(name): name for name in reversed(header)}
    for column in wanted.values():
        for alias in (column.name, *column.aliases):
            if column.name not in found and alias in plain and plain[alias] not in found.values():
                found[column.name] = plain[alias]
    return found


def missing_columns(kind: FileKind, mapping: Mapping[str, str]) -> list[str]:
    """Required columns that no header was chosen for."""
    missing = [column.name for column in COLUMNS[kind] if column.required and not mapping.get(column.name)]
    if kind is FileKind.SPEND and not (mapping.get("amount") or mapping.get("amount_minor")):
        missing.append("amount")
    return missing


def warnings_of(reader: Reader) -> list[str]:
    """What a person should know before applying the file."""
    words = []
    if reader.unknown_channels:
        names = ", ".join(f"{name} ({count})" for name, count in reader.unknown_channels.most_common(8))
        words.append(f"Channels we don't know are kept as “other”, with their name: {names}.")
    foreign = {code: n for code, n in reader.currencies.items() if code != reader.settings.currency}
    if foreign:
        names = ", ".join(f"{code} ({count} rows)" for code, count in sorted(foreign.items()))
        words.append(
            f"Not in {reader.settings.currency}: {names}. Two currencies are never added, so reports leave these out."
        )
    return words
