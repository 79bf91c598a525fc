"""Reads the rows of one file: what each says, as JSON can hold it, with a reference that stays the same."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from fourfold.base.money import Money
from fourfold.integrations.rules import calls, deals, emails, outcomes, people, records, spend
from fourfold.integrations.rules.cells import SPREADSHEET_ERRORS, BadRowError, Cells, LeftOutError
from fourfold.integrations.rules.systems import is_sensitive
from fourfold.integrations.types import ID_COLUMNS, FileKind, Layout, columns_of

_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode  # one, not one a row
IDENTITY = ("name", "organisation", "about", "text", "headline", "started", "payload", "file")
"""What a row of another system without an id of its own is known by."""
OF_THE_PERSON = {"person", "name", "side", "ids"}
PARSERS: dict[FileKind, Callable[[Cells, dict[str, str]], dict[str, Any]]] = {
    FileKind.DEALS: deals.read,
    FileKind.TOUCHES: outcomes.read_touch,
    FileKind.OUTCOMES: outcomes.read_outcome,
    FileKind.SPEND: spend.read,
    FileKind.ADVERTS: spend.read_advert,
    FileKind.EMAIL_RESULTS: emails.read,
    FileKind.CALLS: calls.read,
    FileKind.PEOPLE: people.read,
}


class Seen(Protocol):
    """What ids and contents the rows before had."""

    def first(self, own: str, number: int, content: str) -> tuple[int, str]:
        """The row that had this id first, and what it said; this one where none had."""

    def again(self, content: str) -> int:
        """Which row with this content this is, from 1."""


@dataclass
class InMemory:
    """For files that fit."""

    ids: dict[str, tuple[int, str]] = field(default_factory=dict)
    same: Counter[str] = field(default_factory=Counter)

    def first(self, own: str, number: int, content: str) -> tuple[int, str]:
        return self.ids.setdefault(own, (number, content))

    def again(self, content: str) -> int:
        self.same[content] += 1
        return self.same[content]


@dataclass
class Reader(Cells):
    """Reads the rows of one file; remembers what it must to see a reference come twice."""

    seen: Seen = field(default_factory=InMemory)
    left_out: list[int] = field(default_factory=list)
    left_out_rows: int = 0

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The columns that each row must fill."""
        return tuple(column.name for column in columns_of(self.kind, self.settings.layout) if column.required)

    @cached_property
    def plain_headers(self) -> tuple[str, ...]:
        """The columns of another system's table that are read and may be shown."""
        used = {*self.mapping.values(), *self.settings.added}
        return tuple(header for header in sorted(used) if not is_sensitive(header))

    def read(self, number: int, row: Mapping[str, str]) -> dict[str, Any]:
        """What row ``number`` says, as JSON can hold it, with ``ref``.

        Raises BadRowError, and LeftOutError for a row of totals.
        """
        wide = self.kind is FileKind.SPEND and self.settings.layout in {Layout.MONTHS_ACROSS, Layout.SUPPLIERS_ACROSS}
        if self.kind.has_totals and spend.is_total_row(row.values()):
            self.left_out.append(number)
            raise LeftOutError("total")
        cells = {column: (row.get(header) or "").strip() for column, header in self.mapping.items()}
        cells |= {f"id:{header}": (row.get(header) or "").strip() for header in self.settings.ids}
        if self.kind is FileKind.RECORDS:
            return self._record(number, cells, row)
        self._require(cells)
        used = {**cells, **{header: text.strip() for header, text in row.items()}} if wide else cells
        for name, text in used.items():
            if "\0" in text:
                raise BadRowError(f"{name} holds a NUL character.")
            if text.startswith("#") and text in SPREADSHEET_ERRORS:
                raise BadRowError(f"{name.removeprefix('id:')} holds {text}: the spreadsheet could not work it out.")
        try:
            parsed = spend.read_wide(self, cells, row) if wide else PARSERS[self.kind](self, cells)
        except LeftOutError:
            self.left_out.append(number)
            raise
        return self._with_reference(number, cells, {name: value for name, value in parsed.items() if value is not None})

    def _record(self, number: int, cells: dict[str, str], row: Mapping[str, str]) -> dict[str, Any]:
        """A row of another system: known by its id there, else by its content."""
        cells |= {f"added:{header}": (row.get(header) or "").strip() for header in self.settings.added}
        if any("\0" in text for text in row.values()):
            cells = {name: text.replace("\0", "") for name, text in cells.items()}
            row = {name: (text or "").replace("\0", "") for name, text in row.items()}
        try:
            parsed = records.read(self, cells, row)
        except LeftOutError:
            self.left_out_rows += 1
            raise
        own = parsed.get("own") or []
        if own:
            return {**parsed, "ref": own[0]}
        about = {name: parsed[name] for name in IDENTITY if name in parsed}
        ref = f"{self.settings.layout.replace('.', ':').lower()}.content:{digest(about or parsed)}"
        if "name" in parsed and not parsed.get("ids"):
            parsed["ids"] = [["id", ref]]  # nothing else would know them again
        return {**parsed, "ref": ref}

    def _require(self, cells: Mapping[str, str]) -> None:
        for name in self.required:
            if cells.get(name):
                continue
            if self.kind is FileKind.EMAIL_RESULTS and name == "person_key":
                raise BadRowError(
                    "person_key is empty: a row without a recipient is a campaign's total, nobody's mail."
                )
            by_other = any(cells[one] for one in cells if one in ID_COLUMNS or one.startswith("id:"))
            if name == "channel" and self.settings.channel:
                continue
            if not (name == "person_key" and by_other):
                raise BadRowError(f"{name} is empty.")

    def _with_reference(self, number: int, cells: dict[str, str], parsed: dict[str, Any]) -> dict[str, Any]:
        own = cells.get("outcome") or cells.get("fact_id") or cells.get("reference")
        identity = parsed.pop("identity", None)
        plain = {name: value for name, value in parsed.items() if name not in {"ids", "contact"}}
        if not own:
            content = digest(identity or plain)
            return {**parsed, "ref": f"{content}:{self.seen.again(content)}"}
        if len(own) > 200:
            raise BadRowError("its id is longer than 200 characters.")
        about = {name: value for name, value in plain.items() if name not in OF_THE_PERSON}
        content = digest(about if self.kind is FileKind.OUTCOMES else plain)
        first, known = self.seen.first(own, number, content)
        if known != content or (self.kind is FileKind.DEALS and first != number):
            says = "but says something else" if known != content else "and says the same"
            raise BadRowError(f"it has the same id as row {first}, “{own}”, {says}.")
        return {**parsed, "ref": own}


def digest(content: Mapping[str, Any]) -> str:
    """24 hexadecimal digits that stay the same for the same content."""
    return hashlib.sha256(_encode(content).encode()).hexdigest()[:24]


def as_cells(mapping: Mapping[str, str], parsed: Mapping[str, Any]) -> dict[str, str]:
    """What a checked row said, under the headers of its file."""
    ref = parsed.get("ref")
    known = {**parsed, "person_key": parsed.get("person"), "outcome": ref, "fact_id": ref, "reference": ref}
    for major, minor in (("value", "value_minor"), ("amount", "amount_minor"), ("fee", "fee_minor"),
                         ("margin", "margin_minor")):  # fmt: skip
        if parsed.get(minor) is not None:
            known[major] = Money(parsed[minor], parsed["currency"]).major
    return {header: str(known[column]) for column, header in mapping.items() if known.get(column) is not None}
