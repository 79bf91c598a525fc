"""What kinds of file there are, and the columns that each may have."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FileKind(StrEnum):
    DEALS = "deals"
    TOUCHES = "touches"
    OUTCOMES = "outcomes"
    SPEND = "spend"
    ADVERTS = "adverts"
    EMAIL_RESULTS = "email_results"
    CALLS = "calls"
    PEOPLE = "people"
    RECORDS = "records"  # a table of another system, see types.records

    @property
    def is_money_out(self) -> bool:
        """Whether its rows are spend: they name no person."""
        return self in {FileKind.SPEND, FileKind.ADVERTS}

    @property
    def has_totals(self) -> bool:
        """Whether a row that begins with “Total” is a sum of the others, as people write them under their sheets."""
        return self.is_money_out or self is FileKind.DEALS


class Layout(StrEnum):
    """How a file of spend lies: one row an amount, or a table of suppliers and months."""

    LONG = "long"
    MONTHS_ACROSS = "months_across"
    SUPPLIERS_ACROSS = "suppliers_across"


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a kind of file may have: its name, what it holds, and header names beyond evidence's own."""

    name: str
    about: str
    required: bool = False
    aliases: tuple[str, ...] = ()
