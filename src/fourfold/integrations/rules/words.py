"""What a person should know before applying a file: warnings, and what applying will do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from fourfold.base.money import BadMoney, Money, minor_digits
from fourfold.integrations.rules.deals import cash_rows
from fourfold.integrations.rules.reader import Reader
from fourfold.integrations.rules.spend import amounts_of, rows_left_out
from fourfold.integrations.types import FileKind, FileRefused


@dataclass
class Tally:
    """What the rows that are ready hold: counted as they are staged."""

    kind: FileKind
    zone: str
    rows: int = 0
    facts: int = 0
    money: dict[str, Counter[str]] = field(default_factory=dict)
    early: int = 0
    overlaps: list[str] = field(default_factory=list)
    overlapping: int = 0

    def add(self, parsed: Mapping[str, Any]) -> None:
        self.rows += 1
        if self.kind is FileKind.DEALS:
            rows = cash_rows(parsed, self.zone)
            self.facts += len(rows)
            word = "fees" if "fee_minor" in parsed else "margin"
            self._sum(word, parsed["currency"], sum(row.value_minor for row in rows))
        elif self.kind.is_money_out:
            for one in amounts_of(parsed):
                self.facts += 1
                self._sum("spend", one["currency"], one["amount_minor"])
        elif self.kind is FileKind.OUTCOMES and parsed.get("value_minor") is not None:
            self._sum("cash rows", parsed["currency"], parsed["value_minor"])
        self.facts += len(parsed.get("touches", ()))

    def _sum(self, word: str, currency: str, minor: int) -> None:
        self.money.setdefault(word, Counter())[currency] += minor

    def overlap(self, words: str) -> None:
        self.overlapping += 1
        if len(self.overlaps) < 8:
            self.overlaps.append(words)


NOUNS = {
    FileKind.DEALS: ("deal", "deals"),
    FileKind.TOUCHES: ("touch", "touches"),
    FileKind.OUTCOMES: ("row of outcomes", "rows of outcomes"),
    FileKind.SPEND: ("amount", "amounts"),
    FileKind.ADVERTS: ("amount", "amounts"),
    FileKind.EMAIL_RESULTS: ("touch", "touches"),
    FileKind.CALLS: ("call", "calls"),
    FileKind.PEOPLE: ("person", "people"),
    FileKind.RECORDS: ("record", "records"),
}


def several(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def summary_of(reader: Reader, tally: Tally, rejected: int) -> list[str]:
    """What applying will do, in numbers and money."""
    count = tally.rows if tally.kind in {FileKind.DEALS, FileKind.PEOPLE} else tally.facts or tally.rows
    words = [several(count, *NOUNS[tally.kind])]
    for word, sums in tally.money.items():
        words += [f"{Money(minor, code).text()} of {word}" for code, minor in sorted(sums.items())]
    if tally.kind is FileKind.DEALS:
        words.append(several(tally.facts, "row of cash", "rows of cash"))
    if rejected:
        words.append(several(rejected, "row rejected", "rows rejected"))
    if reader.unknown_channels:
        words.append(several(len(reader.unknown_channels), "unknown channel", "unknown channels"))
    return words


def listed(names: Counter[str], most: int = 8) -> str:
    some = ", ".join(f"{name} ({count})" for name, count in names.most_common(most))
    return f"{some} and {len(names) - most} more" if len(names) > most else some


def warnings_of(reader: Reader, tally: Tally | None = None) -> list[str]:
    """What a person should know before applying the file."""
    words = []
    if reader.unknown_channels:
        names = listed(reader.unknown_channels)
        words.append(f"Channels we don't know are kept as “other”, with their name: {names}.")
    if reader.unknown_colleagues and reader.colleagues:
        names = listed(reader.unknown_colleagues)
        words.append(f"Nobody of the house has these names, which are kept as written: {names}.")
    words += _about_money(reader)
    if reader.left_out:
        count = several(len(reader.left_out), "row", "rows")
        words.append(f"{count} of totals or without anything left out: {rows_left_out(reader.left_out)}.")
    return words + (_about_rows(tally) if tally else [])


def _about_money(reader: Reader) -> Iterable[str]:
    house = reader.settings.house
    foreign = {code: n for code, n in reader.currencies.items() if code != house}
    if foreign:
        names = ", ".join(f"{code} ({count} rows)" for code, count in sorted(foreign.items()))
        yield (
            f"Not in {house}: {names}. Two currencies are never added, so reports leave these out; to have them "
            "converted, give a rate."
        )
    if reader.converted:
        rates = reader.settings.rates
        names = ", ".join(f"{code} at {rates[code]} ({count} rows)" for code, count in sorted(reader.converted.items()))
        yield f"Converted into {house}: {names}."
    if reader.rounded:
        count = several(reader.rounded, "amount", "amounts")
        yield f"{count} of the workbook had fractions of a penny, as formulas leave them, and will be rounded."


def _about_rows(tally: Tally) -> list[str]:
    words = []
    if tally.early:
        count = several(tally.early, "row names a person", "rows name a person")
        words.append(f"{count} of whom no touch before that day is known, so no channel can be credited with it.")
    if tally.overlapping:
        rest = tally.overlapping - len(tally.overlaps)
        more = f"; and {rest} more" if rest else ""
        words.append(f"Spend that overlaps, and may count twice: {'; '.join(tally.overlaps)}{more}.")
    return words


def rates_of(text: str, house: str) -> dict[str, str]:
    """A table of rates into the house's currency, as “EUR=0.86, USD=0.79”. Raises FileRefused."""
    found = {}
    for part in filter(None, (one.strip() for one in text.replace(";", ",").split(","))):
        code, _, rate = (one.strip() for one in part.partition("="))
        try:
            minor_digits(code.upper())
            good = Decimal("0.0000001") < Decimal(rate) < Decimal(10_000_000)
        except (BadMoney, InvalidOperation):
            good = False
        if not good or code.upper() == house:
            raise FileRefused(
                "The rates were not taken.",
                f"“{part}” is not a currency and what one of it is worth in {house}.",
                "Write them like EUR=0.86, USD=0.79.",
            )
        found[code.upper()] = rate
    return found
