"""Reads and stages every row of a file; what can't be imported is kept with its reason. The ledger is not touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from fourfold.accounts import queries as accounts
from fourfold.base.errors import FourfoldError
from fourfold.integrations import models, queries, reading, rules
from fourfold.integrations.actions import facts
from fourfold.integrations.actions.files import alone_with, fail, path_of
from fourfold.integrations.actions.judging import judge
from fourfold.integrations.actions.records import met_path
from fourfold.integrations.types import FileKind, FileRefused, ImportRow, RowState, Sample, Settings, State
from fourfold.ledger import actions as ledger_actions
from fourfold.ledger import queries as ledger
from fourfold.people import queries as people
from fourfold.people.types import Identifier, Scheme

STAGE_ROWS = 1000
IN_MEMORY = 16 * 1024 * 1024
"""Bytes of a file up to which the ids of its rows are held in memory; those of larger ones are on disk."""
NAMES_PEOPLE = frozenset({FileKind.DEALS, FileKind.OUTCOMES, FileKind.TOUCHES, FileKind.CALLS, FileKind.PEOPLE,
                          FileKind.EMAIL_RESULTS})  # fmt: skip


def check_rows(*, key: UUID, at: datetime) -> ImportRow:
    """Read every row of a file and stage it, or keep it with the reason why it can't be imported."""
    with alone_with(key) as found:
        return _check(found, at) if found.state == State.CHECKING else queries.import_row(found)


@dataclass(slots=True)
class _Staged:
    """A row on its way into the table of staged rows, with its cells."""

    row: int
    cells: dict[str, str]
    state: RowState = RowState.READY
    parsed: dict[str, Any] | None = None
    content: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    day: date | None = None

    def reject(self, reason: str, *, secret: bool = False) -> None:
        """Keep the row with its reason and what it held; of a ``secret`` one the reason only."""
        self.state, self.parsed, self.day = RowState.REJECTED, None, None
        self.reason = reason.replace("\0", "�")[:300]
        self.content = {} if secret else {name: cell.replace("\0", "�") for name, cell in self.cells.items()}


@dataclass
class _Checking:
    """One run over a file: what was read, counted, and met already."""

    found: models.Import
    reader: rules.Reader
    tally: rules.Tally
    staged: list[_Staged] = field(default_factory=list)
    known: rules.Known = field(default_factory=rules.Known)
    loaded: set[str] = field(default_factory=set)
    rejected: int = 0
    met: reading.Met | None = None
    counts: Counter[str] = field(default_factory=Counter)

    def stage(self, number: int, row: dict[str, str] | None, cells: Sequence[str]) -> None:
        """Read one row; totals are passed over."""
        if row is None:
            if not (self.reader.kind.has_totals and rules.is_total_row(cells)):
                self.staged.append(self._torn(number, cells))
            else:
                self.reader.left_out.append(number)
            return
        try:
            parsed = self.reader.read(number, row)
        except rules.LeftOutError:
            return
        except rules.BadRowError as error:
            fresh = _Staged(number, self.shown(row))
            fresh.reject(str(error))
        else:
            day = date.fromisoformat(parsed["day"]) if "day" in parsed else None
            fresh = _Staged(number, self.shown(row), parsed=parsed, day=day)
        self.staged.append(fresh)

    def shown(self, row: dict[str, str]) -> dict[str, str]:
        """What is kept of a row that is rejected: of another system's tables the cells that say something, and not
        the sensitive ones.
        """
        if self.reader.kind is not FileKind.RECORDS:
            return row
        return {header: row[header] for header in self.reader.plain_headers if row.get(header)}

    def _torn(self, number: int, cells: Sequence[str]) -> _Staged:
        header = self.found.sample["headers"] if self.found.sample else []
        why = f"it has {len(cells)} cells where the header has {len(header)}."
        content = {"cells": " | ".join(cells)[:2000].replace("\0", "�")}
        return _Staged(number, {}, RowState.REJECTED, content=content, reason=why)

    def write(self) -> None:
        """Judge the staged rows by what is known of their people and their spend, and write them."""
        if self.reader.kind in NAMES_PEOPLE:
            self._judge_people()
        if self.reader.kind.is_money_out:
            self._judge_spend()
        if self.met:
            ready = self._ready()
            self.counts.update(judge(self.found, [parsed for _, parsed in ready], [row for row, _ in ready], self.met))
        for row in self.staged:
            if row.state == RowState.READY:
                self.tally.add(row.parsed or {})
            else:
                self.rejected += 1
        _write_staged(self.found, self.staged)
        self.staged = []

    def _ready(self) -> list[tuple[_Staged, dict[str, Any]]]:
        return [(row, row.parsed or {}) for row in self.staged if row.state == RowState.READY]

    def _judge_people(self) -> None:
        """Reject rows whose addresses lead to two people, and calls of numbers that nobody has; count early ones."""
        groups = [(row, parsed, _ids(parsed)) for row, parsed in self._ready()]
        known = people.resolve({one for *_, several in groups for ids in several for one in ids})
        ends = ledger.canonical_keys(set(known.values()))
        calls = self.reader.kind is FileKind.CALLS and not self.reader.settings.add_unknown
        for row, parsed, several in groups:
            for ids in several:
                keys = list(dict.fromkeys(ends[known[one]] for one in ids if one in known))
                if len(keys) > 1:
                    row.reject(facts.two_people(keys[0], keys[1]))
            if calls and not any(one in known for ids in several for one in ids):
                row.reject(facts.nobody(parsed))
        if self.reader.kind in {FileKind.OUTCOMES, FileKind.DEALS}:
            self._count_early(known)

    def _count_early(self, known: dict[Identifier, UUID]) -> None:
        first = ledger.first_touches(set(known.values()))
        for _, parsed in self._ready():
            ids = _ids(parsed)
            if not ids or not ids[0] or parsed.get("source"):
                continue
            at = datetime.fromisoformat(parsed["occurred_at"]) if "occurred_at" in parsed else None
            touched = next((first[known[one]] for one in ids[0] if known.get(one) in first), None)
            limit = at.date() if at else date.fromisoformat(parsed["day"])
            self.tally.early += touched is None or touched.date() > limit

    def _judge_spend(self) -> None:
        """Reject what is there already under another id; list what overlaps."""
        groups = [(row, facts.amounts(row.row, parsed, self.reader.settings)) for row, parsed in self._ready()]
        self._load([amount for *_, several in groups for amount in several])
        for row, several in groups:
            same = next((found for one in several if (found := self.known.same_as(one))), None)
            if same:
                row.reject(f"the same amount for the same days is there under another id: {same.where}.")
                continue
            for one in several:
                other = self.known.overlapping(one)
                if other:
                    self.tally.overlap(f"{one.where} with {other.where}")
            for one in several:
                self.known.add(one)

    def _load(self, fresh: Sequence[rules.Amount]) -> None:
        """Learn what the ledger holds of the days and channels of these amounts."""
        if not fresh:
            return
        first, last = min(one.first for one in fresh), max(one.last for one in fresh)
        for row in ledger.spend_standing(first=first, last=last, channels={one.values["channel"] for one in fresh}):
            if row.ref_hash not in self.loaded:
                self.loaded.add(row.ref_hash)
                where = f"the ledger's {facts.days_in_words(row.from_date, row.to_date)}"
                self.known.add(rules.Amount(row.ref_hash, where, row.from_date, row.to_date, row.values))


def _ids(parsed: dict[str, Any]) -> list[list[Identifier]]:
    """The addresses of each person that a row names: the row's own first, then a client's contact."""
    held = [parsed.get("ids"), (parsed.get("contact") or {}).get("ids")]
    return [[Identifier(Scheme(scheme), value) for scheme, value in ids] if ids else [] for ids in held]


def _check(found: models.Import, at: datetime) -> ImportRow:
    models.ImportRow.objects.filter(imported=found).delete()  # of a run that was killed
    models.Import.objects.filter(pk=found.pk).update(rows_read=0)
    checking = _begin(found, at)
    number, sample = 0, Sample.kept(found.sample) if found.sample else None
    try:
        for number, row, cells in reading.rows(path_of(found), sample):
            checking.stage(number, row, cells)
            if len(checking.staged) == STAGE_ROWS:
                checking.write()
    except FourfoldError as error:
        checking.write()
        return fail(found, error)
    checking.write()
    found.refresh_from_db()
    if number == 0:
        return fail(
            found, FileRefused("There was nothing to check.", "The file has a header and no rows.", "Choose another.")
        )
    if checking.met:
        checking.met.close()
        checking.counts["left_out"] = checking.reader.left_out_rows
        found.counts = {"rows": found.rows_read, **checking.counts}
    found.warnings = rules.warnings_of(checking.reader, checking.tally)
    found.summary = rules.summary_of(checking.reader, checking.tally, checking.rejected)
    found.state = State.CHECKED
    found.save(update_fields=["warnings", "summary", "state", "counts"])
    return queries.import_row(found)


def _begin(found: models.Import, at: datetime) -> _Checking:
    kind, settings = FileKind(found.kind), Settings.kept(found.settings)
    is_workbook = bool(found.sample and Sample.kept(found.sample).is_workbook)
    reader = rules.Reader(
        kind,
        found.mapping,
        settings,
        at,
        computed=is_workbook,
        recognise=queries.recogniser(settings),
        colleagues=accounts.colleague_keys(),
    )
    if found.size > IN_MEMORY:
        reader.seen = reading.SeenOnDisk(path_of(found).with_name("seen.sqlite3"))
    checking = _Checking(found, reader, rules.Tally(kind, settings.zone))
    if kind is FileKind.RECORDS:
        checking.met = reading.Met(met_path(found))
        if found.position == 0:
            checking.met.clear()
    return checking


@transaction.atomic
def _write_staged(found: models.Import, staged: list[_Staged]) -> None:
    columns = ("imported_id", "row", "state", "content", "parsed", "reason", "day")
    rows = [(found.pk, one.row, one.state.value, one.content, one.parsed, one.reason, one.day) for one in staged]
    ledger_actions.insert(models.ImportRow, columns, rows)
    models.Import.objects.filter(pk=found.pk).update(rows_read=F("rows_read") + len(staged))
