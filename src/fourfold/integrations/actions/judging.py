"""Judges rows of another system by what is known: who they are, whether those they name are there, who was erased."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from fourfold.integrations import models, reading, rules
from fourfold.integrations.actions.facts import WAS_ERASED, two_people
from fourfold.integrations.actions.records import (
    file_named,
    files_of,
    identifiers,
    nobody_named,
    without_numbers_of_erased,
)
from fourfold.integrations.types import ENTITIES, Settings, Target
from fourfold.ledger import queries as ledger
from fourfold.people import queries as people
from fourfold.people.types import Identifier, Scheme


class Row(Protocol):
    """A row on its way, which may still be rejected."""

    def reject(self, reason: str, *, secret: bool = False) -> None: ...


def judge(
    found: models.Import, parsed: Sequence[Mapping[str, Any]], rows: Sequence[Row], met: reading.Met
) -> Counter[str]:
    """Reject rows that can't go in, and count what the others will do. ``met`` learns who comes with them."""
    target = ENTITIES[Settings.kept(found.settings).layout].target
    counts: Counter[str] = Counter()
    if target is Target.CVS:
        parsed, rows = _with_their_file(found, parsed, rows)
    if target in {Target.PEOPLE, Target.CVS}:
        _judge_people(parsed, rows, met, counts)
    elif target in {Target.WORK_HISTORY, Target.NOTES}:
        _judge_references(parsed, rows, met, counts)
    elif target is Target.LISTS:
        counts["new"] += len(parsed)
    elif target is Target.ORGANISATIONS:
        own = {("id", one) for row in parsed for one in row.get("own", ())}
        known = people.organisations_by_identifier(own)
        names = people.organisations_by_name({row["name"] for row in parsed})
        for row in parsed:
            there = row["name"] in names or any(("id", one) in known for one in row.get("own", ()))
            counts["known" if there else "new"] += 1
    return counts


def _with_their_file(
    found: models.Import, parsed: Sequence[Mapping[str, Any]], rows: Sequence[Row]
) -> tuple[list[Mapping[str, Any]], list[Row]]:
    """Reject rows whose file was not handed in."""
    held = files_of(found)
    kept = []
    for one, row in zip(parsed, rows, strict=True):
        if file_named(held, one["file"]):
            kept.append((one, row))
        else:
            row.reject(f"no file “{one['file'][:120]}” is among those handed in.")
    return [one for one, _ in kept], [row for _, row in kept]


def _judge_people(
    parsed: Sequence[Mapping[str, Any]], rows: Sequence[Row], met: reading.Met, counts: Counter[str]
) -> None:
    ids = [identifiers(one) for one in parsed]
    everyone = {one for several in ids for one in several}
    known = people.resolve(everyone)
    names = {key: one.name for key, one in people.lacking(set(known.values())).items()}
    ends = ledger.canonical_keys(set(known.values()))
    erased = people.erased(everyone)
    before = met.counts(f"id:{one.value}" for one in everyone)
    numbers: list[str] = []
    fresh: dict[str, None] = {}
    for one, row, several in zip(parsed, rows, ids, strict=True):
        several = without_numbers_of_erased(several, erased)
        whose = rules.whose(several, one.get("name", ""), known, names, end_of=lambda key: ends.get(key, key))
        if whose.others:
            row.reject(two_people(*whose.others))
            counts["two_people"] += 1
            continue
        if whose.person is None and erased & set(several):
            row.reject(WAS_ERASED, secret=True)
            counts["erased"] += 1
            continue
        marks = [f"id:{ident.value}" for ident in several if ident.scheme is not Scheme.PHONE]
        there = whose.person or any(mark in before or mark in fresh for mark in marks)
        counts["known" if there else "new"] += 1
        counts["wishes"] += bool(one.get("wishes"))
        counts["unread"] += len(one.get("unread", ()))
        counts["shared"] += len(whose.shared)
        numbers += [mark for mark in _marks(several) if mark.startswith("phone:")]
        fresh |= dict.fromkeys(_marks(several))
    met.add([*(mark for mark in fresh if not mark.startswith("phone:")), *numbers])


def _marks(ids: Collection[Identifier]) -> list[str]:
    return [f"{'phone' if one.scheme is Scheme.PHONE else 'id'}:{one.value}" for one in ids]


def _judge_references(
    parsed: Sequence[Mapping[str, Any]], rows: Sequence[Row], met: reading.Met, counts: Counter[str]
) -> None:
    """Reject rows about people who are neither known nor in the files before this one."""
    refs = {ref for one in parsed for several in one.get("about", ()) for ref in several}
    known = {one.value for one in people.resolve({Identifier(Scheme.ID, ref) for ref in refs})}
    known |= {text.removeprefix("id:") for text in met.counts(f"id:{ref}" for ref in refs)}
    for one, row in zip(parsed, rows, strict=True):
        if any(ref in known for several in one.get("about", ()) for ref in several):
            counts["new"] += 1
        else:
            row.reject(nobody_named(one))
            counts["nobody"] += 1
