"""Spend that is there already: the same again under another id, and days that two rows both pay for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

SAME = ("campaign", "budget_line", "desk", "team", "office", "brand", "theme", "stream")


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount of spend. ``ref`` is what it is known by; ``where`` says in words where it stands.

    ``family`` are the references of equal rows without an id of their own: they are no doubles of it.
    """

    ref: str
    where: str
    first: date
    last: date
    values: Mapping[str, Any]
    family: frozenset[str] = frozenset()

    @property
    def group(self) -> tuple[str, ...]:
        """What must be the same for two amounts to be of one thing."""
        return (self.values["channel"], *((self.values.get(name) or "").lower() for name in SAME))

    @property
    def content(self) -> tuple[Any, ...]:
        return (*self.group, self.first, self.last, self.values["amount_minor"], self.values["currency"])


@dataclass
class Known:
    """The amounts met so far, in the ledger and in the file, by day."""

    contents: dict[tuple[Any, ...], dict[str, Amount]] = field(default_factory=lambda: defaultdict(dict))
    days: dict[tuple[str, ...], dict[int, Amount]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, amount: Amount) -> None:
        self.contents[amount.content][amount.ref] = amount
        held = self.days[amount.group]
        for day in _days(amount):
            held.setdefault(day, amount)

    def same_as(self, amount: Amount) -> Amount | None:
        """An amount that says exactly the same under another id."""
        found = self.contents.get(amount.content, {})
        if amount.ref in found:
            return None
        return next((one for ref, one in found.items() if ref not in amount.family), None)

    def overlapping(self, amount: Amount) -> Amount | None:
        """An amount for the same thing of which some days are the same."""
        held = self.days.get(amount.group, {})
        for day in _days(amount):
            if day in held and held[day].ref != amount.ref:
                return held[day]
        return None


def _days(amount: Amount) -> Iterator[int]:
    start = amount.first.toordinal()
    return iter(range(start, min(amount.last.toordinal(), start + 1100) + 1))
