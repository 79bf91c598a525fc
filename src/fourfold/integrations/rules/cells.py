"""How the cells of a file are read: texts, days, money, channels, people. Whatever is wrong is said in a sentence."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from fourfold.base.money import BadMoney, minor_digits, parse_minor
from fourfold.integrations.rules import dates
from fourfold.integrations.rules.names import (
    ENGAGEMENT_NAMES,
    channel_of,
    channel_of_supplier,
    engagement_of,
    plain_name,
)
from fourfold.integrations.types import FileKind, Settings
from fourfold.ledger.types import Channel
from fourfold.people.types import Identifier, Scheme

YES = {"1", "true", "yes", "y", "t"}
NO = {"0", "false", "no", "n", "f", ""}
MOMENTS_KEPT = 20_000
EARLIEST = date(1990, 1, 1)
TEXT_LIMITS = {
    "campaign": 120, "asset": 120, "desk": 120, "stream": 20, "action": 40, "name": 120, "organisation": 120,
    "person_key": 200, "contact_name": 120, "headline": 160,
}  # fmt: skip
SPREADSHEET_ERRORS = frozenset(
    ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#N/A!"]
)
SIGNS = {"£": {"GBP", "EGP", "GIP", "FKP", "SHP"}, "€": {"EUR"}, "$": {"USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN"}}
SCHEMES = {"email": Scheme.EMAIL, "phone": Scheme.PHONE, "profile_url": Scheme.PROFILE, "person_id": Scheme.ID}
OF_A_PERSON: dict[str, Scheme | None] = {"person_key": None, **SCHEMES}
_SEVERAL = re.compile(r"\s:::\s|;\s*")
WRONG_ADDRESS = {
    Scheme.EMAIL: "an e-mail address",
    Scheme.PHONE: "a phone number",
    Scheme.PROFILE: "the address of a profile",
    Scheme.ID: "an id of at most 200 characters",
}

Recognise = Callable[[str, Scheme | None, str], Identifier | None]
"""(text, scheme or None for a guess, source) → the identifier. Given by those who may ask people."""


class BadRowError(ValueError):
    """Why a row is not imported: one whole sentence that names the column and the value."""


class LeftOutError(ValueError):
    """A row that is none, such as a total: it is neither imported nor rejected. The message is its kind."""


@dataclass
class Cells:
    """How one file's cells are read; counts what a person should know before applying it."""

    kind: FileKind
    mapping: Mapping[str, str]
    settings: Settings
    at: datetime
    computed: bool = False  # the file is a workbook: its formulas leave fractions of a penny
    recognise: Recognise | None = None
    colleagues: Mapping[str, str] = field(default_factory=dict)
    unknown_channels: Counter[str] = field(default_factory=Counter)
    unknown_colleagues: Counter[str] = field(default_factory=Counter)
    currencies: Counter[str] = field(default_factory=Counter)
    converted: Counter[str] = field(default_factory=Counter)
    rounded: int = 0
    moments: dict[tuple[str, bool], str] = field(default_factory=dict)  # what texts were read as

    @property
    def today(self) -> date:
        """The day of the import in the file's zone."""
        return self.at.astimezone(ZoneInfo(self.settings.zone)).date()

    def who(self, cells: Mapping[str, str]) -> dict[str, Any]:
        """The person of a row: the first text that says who, and all addresses that do."""
        found = self.texts(cells, "person_key name organisation")
        ids = self.addresses(cells)
        person = found["person_key"] or next((cells[name] for name in SCHEMES if cells.get(name)), None)
        person = person or next((cells[name] for name in sorted(cells) if name.startswith("id:") and cells[name]), None)
        return {
            "person": person, "name": found["name"], "organisation": found["organisation"],
            **({"ids": ids} if ids else {}),
        }  # fmt: skip

    def addresses(
        self, cells: Mapping[str, str], columns: Mapping[str, Scheme | None] | None = None
    ) -> list[list[str]]:
        """Every address and id of the row as [scheme, value]; the generic column's first. Raises BadRowError."""
        if self.recognise is None:
            return []
        found: dict[tuple[str, str], None] = {}
        for name, scheme in (columns or OF_A_PERSON).items():
            held = cells.get(name)
            if not held:
                continue
            for text in _SEVERAL.split(held) if scheme else [held]:
                self._add_address(found, name, scheme, text.strip(), self.settings.source)
        if columns is None and self.settings.ids:
            for name in sorted(name for name in cells if name.startswith("id:")):
                self._add_address(found, name[3:], Scheme.ID, cells[name], id_source(name[3:], self.settings.source))
        return [list(one) for one in found]

    def _add_address(
        self, found: dict[tuple[str, str], None], name: str, scheme: Scheme | None, text: str, source: str
    ) -> None:
        if not text or self.recognise is None:
            return
        one = self.recognise(text, scheme, source)
        if one is None:
            raise BadRowError(f"{name} “{text[:60]}” is not {WRONG_ADDRESS[scheme or Scheme.ID]}.")
        found[one.scheme.value, one.value] = None

    def colleague(self, text: str | None) -> str | None:
        """A colleague's key where the name or e-mail address is one's, else the text."""
        if not text:
            return None
        found = self.colleagues.get(" ".join(text.lower().split()))
        if found is None:
            self.unknown_colleagues[text[:60]] += 1
        return found or text

    @staticmethod
    def engagement(text: str) -> str | None:
        if text and engagement_of(text) is None:
            raise BadRowError(f"engagement “{text[:40]}” is none of {', '.join(ENGAGEMENT_NAMES)}.")
        return engagement_of(text)

    def texts(self, cells: Mapping[str, str], names: str) -> dict[str, str | None]:
        texts: dict[str, str | None] = {}
        for name in names.split():
            texts[name] = text = cells.get(name) or None
            if text and len(text) > (limit := TEXT_LIMITS.get(name, 80)):
                raise BadRowError(f"{name} has {len(text)} characters; at most {limit} are kept.")
        return texts

    def channel(self, text: str, *, supplier: bool = False) -> tuple[str, str | None]:
        """The channel, and its own name where it is none of ours."""
        known = channel_of(text) or (channel_of_supplier(text) if supplier else None)
        if known:
            return known.value, None
        if plain_name(text) != Channel.OTHER.value:
            self.unknown_channels[text[:60]] += 1
        return Channel.OTHER.value, text[:60]

    def moment(self, column: str, text: str, *, end_of_day: bool = False) -> str:
        """An aware moment in UTC; a day without a time is its first second in the file's zone, or its last.

        Outcomes take the last: a touch of the same day counts as before them.
        """
        known = self.moments.get((text, end_of_day))
        if known is None:
            if len(self.moments) >= MOMENTS_KEPT:
                self.moments.clear()
            known = self.moments[text, end_of_day] = self._moment(column, text, end_of_day=end_of_day)
        return known

    def _moment(self, column: str, text: str, *, end_of_day: bool) -> str:
        written = dates.as_iso(text, self.settings.dates)
        if not dates.ISO.fullmatch(written):
            raise BadRowError(f"{column} “{text[:40]}” is not a date like 2026-03-31 or 2026-03-31T14:05.{_hint(text)}")
        moment = dates.moment_of(written)
        if moment is None:
            raise BadRowError(f"{column} “{text}” is no day of the calendar.")
        if end_of_day and len(written) == len("2026-03-31"):
            moment = moment.replace(hour=23, minute=59, second=59)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(self.settings.zone))
        if moment.date() < EARLIEST:
            raise BadRowError(f"{column} “{text}” is before 1990.")
        if moment > self.at + timedelta(days=1):
            raise BadRowError(f"{column} “{text}” is in the future.")
        return moment.astimezone(UTC).isoformat()

    def days(self, first: str, last: str) -> tuple[date, date]:
        """The first and last day; a month is all its days, and a day alone goes to its month's end."""
        begin = dates.month_of(first)
        start = begin or self.day("from_date", first)
        until = dates.month_of(last) if last and not dates.ISO.fullmatch(last) else None
        end = month_end(until or start) if until or not last else self.day("to_date", last)
        if end < start:
            raise BadRowError(f"to_date “{last}” is before from_date “{first}”.")
        return start, end

    def day(self, column: str, text: str) -> date:
        written = dates.as_iso(text, self.settings.dates)
        try:
            day = date.fromisoformat(written[:10]) if dates.ISO.fullmatch(written) else None
        except ValueError:
            day = None
        if day is None or day < EARLIEST:
            raise BadRowError(
                f"{column} “{text[:40]}” is not a day like 2026-03-31 or a month like 2026-03.{_hint(text)}"
            )
        return day

    def money(self, cells: Mapping[str, str], major: str, minor: str = "") -> tuple[int | None, str]:
        """The amount in minor units, or None for an empty cell, and its currency; converted where a rate is given."""
        text, currency = cells.get(major, ""), (cells.get("currency") or self.settings.currency).upper()
        try:
            digits = minor_digits(currency)
            if minor and cells.get(minor):
                if not re.fullmatch(r"[+-]?\d{1,15}", cells[minor]):
                    raise BadRowError(f"{minor} “{cells[minor][:40]}” is not a whole number.")
                amount: int | None = int(cells[minor])
            else:
                amount = self._amount(major, text, currency, digits) if text else None
        except BadMoney as error:
            raise BadRowError(f"{error.what} {error.why}") from None
        return (None, currency) if amount is None else self._converted(amount, currency)

    def _amount(self, column: str, text: str, currency: str, digits: int) -> int:
        sign = next((one for one in SIGNS if one in text), None)
        if sign:
            if currency not in SIGNS[sign]:
                raise BadRowError(f"{column} “{text[:40]}” has the sign {sign}, but its currency is {currency}.")
            text = text.replace(sign, "", 1).replace(" ", "")
        if self.computed and re.fullmatch(r"-?\d{1,15}\.\d{3,}", text) and len(text.split(".")[1]) > digits:
            self.rounded += 1
            text = str(Decimal(text).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN))
        return parse_minor(text, currency)

    def _converted(self, amount: int, currency: str) -> tuple[int, str]:
        rate, house = self.settings.rates.get(currency), self.settings.house
        if rate is None or currency == house:
            self.currencies[currency] += 1
            return amount, currency
        shift = minor_digits(house) - minor_digits(currency)
        self.converted[currency] += 1
        self.currencies[house] += 1
        return int((Decimal(amount) * Decimal(rate)).scaleb(shift).quantize(Decimal(1), ROUND_HALF_EVEN)), house

    @staticmethod
    def flag(column: str, text: str) -> bool:
        if text.lower() not in YES | NO:
            raise BadRowError(f"{column} “{text[:40]}” is neither yes nor no.")
        return text.lower() in YES


def _hint(text: str) -> str:
    numbers = re.match(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", text)
    return " Say whether its day or its month comes first." if numbers else ""


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def id_source(header: str, source: str) -> str:
    """Where the ids of a column come from: “Bullhorn ID” → bullhorn; of “Candidate ID” the file's own source."""
    name = re.sub(r"_?(id|no|number|ref|reference|key)$", "", plain_name(header))
    return source if name in {"", "candidate", "person", "contact", "client", "customer", "user"} else name[:40]


def one_of(words: type[StrEnum], column: str, text: str) -> str:
    plain = text.strip().lower()
    if plain not in [word.value for word in words]:
        raise BadRowError(f"{column} “{text[:40]}” is none of {', '.join(word.value for word in words)}.")
    return plain
