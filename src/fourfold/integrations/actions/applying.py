"""Posts checked rows to the ledger, takes them back, puts them back; goes on where a killed run stopped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import F

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.actor import Actor
from fourfold.base.ids import new_key
from fourfold.base.nudge import nudge
from fourfold.integrations import models, queries, rules
from fourfold.integrations.actions.checking import check_rows
from fourfold.integrations.actions.erasing import forget_in_file, keep_nothing_of
from fourfold.integrations.actions.facts import Checked, facts_of
from fourfold.integrations.actions.files import alone_with, own, read_columns, wrong
from fourfold.integrations.actions.records import bring_in
from fourfold.integrations.types import FileKind, ImportRow, RowState, Settings, State
from fourfold.ledger import actions as ledger
from fourfold.ledger.types import Fact

APPLY_ROWS = 600
"""Rows a transaction: short ones, so that colleagues' pages don't wait (100 to 150 ms on SQLite)."""
APPLY_RECORDS = 300
"""Records of another system a transaction: each is a person with skills, tags, wishes and notes."""
CV_INDEX, APPLY_CVS = "cvs.Index", 5
"""Each brings a whole file."""
APPLY_FACTS = 2000
"""Facts a transaction at most, as far as whole rows go: a contract of years is one row and hundreds of weeks."""


@transaction.atomic
def apply(*, key: UUID, viewer: Viewer | None, by: Actor, at: datetime) -> None:
    """Have the checked rows posted to the ledger, under a batch of their own that can be taken back.

    Raises WrongState unless the rows were checked.
    """
    found = own(viewer, key)
    if found.state != State.CHECKED:
        raise wrong(found, "Only checked rows can be applied.")
    found.batch, found.state, found.applied_at = new_key(), State.APPLYING, at
    found.rows_posted = found.rows_unchanged = found.people_added = 0
    found.save()
    accounts.audit(by=by, deed="apply_import", at=at, subject=("import", key), summary=found.file_name)
    transaction.on_commit(partial(nudge, "import", str(key)))


def apply_rows(*, key: UUID, at: datetime) -> ImportRow:
    """Post the staged rows, some hundreds a transaction; goes on where a killed run stopped."""
    with alone_with(key) as found:
        if found.state != State.APPLYING:
            return queries.import_row(found)
        while _apply_some(key, at):
            pass
        # Unless somebody took it back meanwhile: then that is what the worker does next.
        models.Import.objects.filter(pk=key, state=State.APPLYING).update(state=State.APPLIED)
    nudge("reports", "all")
    return queries.worker_import(key)


@transaction.atomic
def _apply_some(key: UUID, at: datetime) -> bool:
    """Post the next rows, in one transaction. Returns whether there were any."""
    found = models.Import.objects.select_for_update().get(pk=key)
    settings, kind = Settings.kept(found.settings), FileKind(found.kind)
    rows = _next_rows(found, kind, settings)
    if not rows or found.state != State.APPLYING or found.batch is None:
        return False
    by = Actor(found.user_key, found.by)
    is_record = kind is FileKind.RECORDS
    done = bring_in(found, rows, by=by, at=at) if is_record else facts_of(kind, rows, settings, by=by, at=at)
    changed, fresh = _post(done.facts, found.batch, at, correct=settings.correct)
    changed |= done.rejected
    fresh = done.changed if kind in {FileKind.PEOPLE, FileKind.RECORDS} else fresh
    rejected = [
        models.ImportRow(
            pk=row.pk, state=RowState.REJECTED, reason=changed[row.pk][:300],
            content=_content(kind, found, row),
        )
        for row in rows
        if row.pk in changed
    ]  # fmt: skip
    models.ImportRow.objects.bulk_update(rejected, ["state", "reason", "content"])
    keep_nothing_of(found=found, rows=done.erased)
    applied = [row.pk for row in rows if row.pk not in changed]
    _remove(found, kind, applied, rows[-1].row)
    models.Import.objects.filter(pk=key).update(
        rows_posted=F("rows_posted") + len(fresh - changed.keys()),
        rows_unchanged=F("rows_unchanged") + len(set(applied) - fresh),
        people_added=F("people_added") + done.added,
    )
    return True


def _content(kind: FileKind, found: models.Import, row: Checked) -> dict[str, str]:
    """What a row that is rejected now held."""
    if kind is not FileKind.RECORDS:
        return rules.as_cells(found.mapping, row.parsed)
    said = row.parsed.get("payload") or {**row.parsed.get("keys", {}), "text": row.parsed.get("text", "")}
    return {name: str(text) for name, text in said.items() if text}


def _remove(found: models.Import, kind: FileKind, applied: Sequence[int], last: int) -> None:
    """Staged rows that are in the ledger now go: all up to row ``last``; deals, whose order is another, each."""
    ready = models.ImportRow.objects.filter(imported=found, state=RowState.READY)
    (ready.filter(pk__in=applied) if kind is FileKind.DEALS else ready.filter(row__lte=last)).delete()


def _next_rows(found: models.Import, kind: FileKind, settings: Settings) -> list[Checked]:
    """Staged rows in the order of the file; deals in that of their days, and as many as make some facts."""
    ready = models.ImportRow.objects.filter(imported=found, state=RowState.READY)
    in_order = ready.order_by("row") if kind is not FileKind.DEALS else ready.order_by("day", "row")
    most = APPLY_RECORDS if kind is FileKind.RECORDS else APPLY_ROWS
    if settings.layout == CV_INDEX:
        most = APPLY_CVS
    held = [Checked(pk, row, parsed or {}) for pk, row, parsed in in_order.values_list("pk", "row", "parsed")[:most]]
    if kind is not FileKind.DEALS:
        return held
    rows: list[Checked] = []
    count = 0
    for row in held:
        count += len(rules.cash_rows(row.parsed, settings.zone))
        if rows and count > APPLY_FACTS:
            break
        rows.append(row)
    return rows


class _TornError(Exception):
    """A row some of whose facts have changed while others were new: all of it is left."""


def _post(
    facts: Sequence[tuple[Fact, int]], batch: UUID, at: datetime, *, correct: bool
) -> tuple[dict[int, str], set[int]]:
    """Post facts of rows. Returns the rows that are rejected with their reasons, and those that brought anything new.

    A row is posted whole or not at all: where one of its facts says something else than it did, the rest is left too.
    """
    changed: dict[int, str] = {}
    several = {pk for pk, count in Counter(pk for _, pk in facts).items() if count > 1}
    while True:
        part = [one for one in facts if one[1] not in changed]
        if not part:
            return changed, set()
        try:
            with transaction.atomic():
                posted = ledger.post(facts=[fact for fact, _ in part], batch=batch, at=at, correct=correct)
                found = {part[one.index][1]: one.reason for one in posted.changed}
                changed |= found
                fresh = {part[index][1] for index in posted.written}
                if found.keys() & several & fresh:
                    raise _TornError
                return changed, fresh
        except _TornError:
            continue


@transaction.atomic
def take_back(*, key: UUID, viewer: Viewer | None, by: Actor, at: datetime) -> None:
    """Have everything an import posted taken out of the numbers again. People it added stay.

    Raises WrongState unless it was applied, and for people: nothing of them is in the ledger.
    """
    found = own(viewer, key)
    if found.state not in {State.APPLIED, State.APPLYING}:
        raise wrong(found, "Only an applied import can be taken back.")
    if found.kind == FileKind.PEOPLE:
        raise wrong(found, "People are not taken back: the file put nothing into the ledger, and who was added stays.")
    found.state, found.taken_back_at = State.TAKING_BACK, at
    found.save(update_fields=["state", "taken_back_at"])
    accounts.audit(by=by, deed="take_back_import", at=at, subject=("import", key), summary=found.file_name)
    transaction.on_commit(partial(nudge, "import", str(key)))


def void_rows(*, key: UUID, at: datetime) -> ImportRow:
    """Take the import's batch back in the ledger."""
    with alone_with(key) as found:
        if found.state != State.TAKING_BACK or found.batch is None:
            return queries.import_row(found)
        ledger.void_batch_if_held(batch=found.batch, at=at)
        found.state = State.TAKEN_BACK
        found.save(update_fields=["state"])
    nudge("reports", "all")
    return queries.import_row(found)


@transaction.atomic
def put_back(*, key: UUID, viewer: Viewer, by: Actor, at: datetime) -> None:
    """Have a file that was taken back read and checked again, with the columns it had. Raises WrongState."""
    found = own(viewer, key)
    if found.state != State.TAKEN_BACK:
        raise wrong(found, "Only an import that was taken back can be put back.")
    found.state, found.batch, found.rows_read = State.CHECKING, None, 0
    found.rows_posted = found.rows_unchanged = 0
    found.save()
    accounts.audit(by=by, deed="put_back_import", at=at, subject=("import", key), summary=found.file_name)
    transaction.on_commit(partial(nudge, "import", str(key)))


def go_on(*, key: UUID, at: datetime) -> ImportRow:
    """Do whatever the import's state asks of the worker, once. A table of a crossing is only rid of erased people."""
    steps = {
        State.READING: lambda: read_columns(key=key),
        State.CHECKING: lambda: check_rows(key=key, at=at),
        State.APPLYING: lambda: apply_rows(key=key, at=at),
        State.TAKING_BACK: lambda: void_rows(key=key, at=at),
    }
    forget_in_file(key)
    found = queries.worker_import(key)
    if queries.crossing_of(key):
        return found
    return steps[found.state]() if found.state in steps else found
