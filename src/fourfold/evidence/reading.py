"""Facts read once into compact arrays, which every question then shares: no table is asked twice.

Touches are the large table. They come in the order in which they are stored and are put into the order of (person,
occurred_at, fact_id); sealed segments stand in it already, so that little or nothing has to be moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fourfold.evidence.deciders import with_deciders
from fourfold.evidence.facts import batches, conform, fetch
from fourfold.evidence.paths import Bools, Codes, Floats, Ints, recoded
from fourfold.evidence.types import JOB_OPENED, NOT_NAMED, PLACES, SUBMITTED, By, FactKind

NOWHERE = -1
"""The code of an empty cell."""
_MOMENT = "timestamp('UTC', 6)"


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of names: ``codes`` (n,) into the sorted ``names``, ``NOWHERE`` where empty."""

    names: tuple[str, ...]
    codes: Codes

    def code(self, name: str) -> int:
        """The code of ``name``, or one that no row has."""
        return self.names.index(name) if name in self.names else NOWHERE - 1

    def among(self, rows: Ints | Bools) -> tuple[str, ...]:
        """The names that stand in ``rows``."""
        return tuple(self.names[code] for code in np.unique(self.codes[rows]) if code >= 0)


@dataclass(frozen=True, eq=False)
class OutcomeRows:
    """Every row of outcomes, in order of (occurred_at, fact_id). ``at``: microseconds. ``value``: NaN where none.

    ``places``: the columns of ``PLACES``.
    """

    fact_id: pa.Array
    at: Ints
    kind: Coded
    basis: Coded
    engagement: Coded
    currency: Coded
    places: dict[str, Coded]
    job: Coded
    placement: Coded
    organisation: pa.Array
    value: Floats


@dataclass(frozen=True, eq=False)
class PartyRows:
    """Who outcomes concern. ``outcome``: row of ``OutcomeRows``. ``person``: into ``people``. ``given_end``: or NaN."""

    outcome: Ints
    person: Ints
    people: pa.Array
    side: Coded
    given_end: Floats


@dataclass(frozen=True, eq=False)
class Marks:
    """Openings of jobs and submissions. ``job``: code of ``OutcomeRows.job``; ``person``: of ``PartyRows.people``."""

    is_opening: Bools
    job: Ints
    person: Ints
    at: Ints


@dataclass(frozen=True)
class Wanted:
    """What is read of the touches. ``everyone``: also of people who are party to nothing. Microseconds [low, high)."""

    by: frozenset[By]
    direct: bool = False
    organisation: bool = False
    everyone: bool = False
    ids: bool = False
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, eq=False)
class Touches:
    """Touches that may be credited, P people's one after another, each in order of (occurred_at, fact_id).

    ``starts``: (P + 1,) bounds of the people. ``at``: (L,) microseconds. ``keys``: by dimension, the empty one named.
    ``untagged``: (L,) web visits that name nothing. ``organisation``: (L,) into ``organisations``. ``ids``: (L,) where
    asked for. ``person_of``: (people of PartyRows,) each one's place among the P, or ``NOWHERE``; ``party_of``: back.
    """

    starts: Ints
    at: Ints
    keys: dict[By, Coded]
    untagged: Bools | None
    organisation: Codes | None
    organisations: pa.Array | None
    ids: pa.Array | None
    people: pa.Array
    person_of: Ints
    party_of: Ints


@dataclass(frozen=True, eq=False)
class Rows:
    """All that is read but touches."""

    outcomes: OutcomeRows
    parties: PartyRows
    marks: Marks


def read_rows(tables: Mapping[FactKind, ir.Table]) -> Rows:
    """Outcomes, parties and marks, for all questions."""
    outcomes = read_outcomes(tables)
    parties = read_parties(tables, outcomes)
    return Rows(outcomes, parties, read_marks(tables, outcomes, parties))


def moment(us: int) -> datetime:
    """The moment that lies ``us`` microseconds after the beginning of 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)


def flat(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def codes_of(array: pa.Array) -> Ints:
    """Whole numbers as codes; empty cells are ``NOWHERE``."""
    known = array.fill_null(NOWHERE) if array.null_count else array
    return np.asarray(known.to_numpy(zero_copy_only=False), dtype=np.int64)


def coded(column: pa.ChunkedArray | pa.Array) -> Coded:
    """A text column by sorted names."""
    encoded = flat(column).dictionary_encode()
    return coded_by(encoded.dictionary.to_pylist(), codes_of(encoded.indices))


def coded_by(names: list[str], codes: Codes) -> Coded:
    """A column of ``codes`` into ``names`` (``NOWHERE`` where empty) by sorted names."""
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names) + 1, dtype=np.int64)
    rank[order], rank[-1] = np.arange(len(names)), NOWHERE
    narrow = rank.astype(np.min_scalar_type(-max(len(names), 1)))
    return Coded(tuple(names[i] for i in order), recoded(narrow, codes))


def micros_of(column: pa.ChunkedArray | pa.Array) -> Ints:
    """Microseconds since 1970; 0 where empty."""
    whole = flat(pc.cast(pc.cast(column, pa.timestamp("us", tz="UTC"), safe=False), pa.int64()))
    known = whole.fill_null(0) if whole.null_count else whole
    return np.asarray(known.to_numpy(zero_copy_only=False), dtype=np.int64)


def floats_of(column: pa.ChunkedArray | pa.Array) -> Floats:
    """Numbers; NaN where empty."""
    return flat(pc.cast(column, pa.float64(), safe=False)).to_numpy(zero_copy_only=False).astype(np.float64)


def read_outcomes(tables: Mapping[FactKind, ir.Table]) -> OutcomeRows:
    """All rows of outcomes, whatever is asked of them."""
    rows = conform(tables[FactKind.OUTCOME], FactKind.OUTCOME)
    names = ("outcome_kind", "basis", "engagement", "currency", "job", "placement")
    chosen = rows.select("fact_id", "occurred_at", "organisation", "value_minor", *names, *PLACES)
    found = fetch(chosen.order_by("occurred_at", "fact_id"))
    kind, basis, engagement, currency, job, placement = (coded(found[name]) for name in names)
    return OutcomeRows(
        flat(found["fact_id"]),
        micros_of(found["occurred_at"]),
        kind,
        basis,
        engagement,
        currency,
        {place: coded(found[place]) for place in PLACES},
        job,
        placement,
        flat(found["organisation"]),
        floats_of(found["value_minor"]),
    )


def read_parties(tables: Mapping[FactKind, ir.Table], outcomes: OutcomeRows) -> PartyRows:
    """All parties, in order of (outcome, side, person)."""
    table = tables[FactKind.PARTY]
    names = ["outcome", "person_key", "side", *(["ended_at"] if "ended_at" in table.columns else [])]
    found = fetch(table.select(*names).order_by("outcome", "side", "person_key"))
    person = flat(found["person_key"]).dictionary_encode()
    ends = np.full(len(found), np.nan)
    if "ended_at" in names:
        known = np.asarray(flat(found["ended_at"]).is_valid().to_numpy(zero_copy_only=False), dtype=np.bool_)
        ends[known] = micros_of(found["ended_at"])[known]
    return PartyRows(
        outcome=codes_of(pc.index_in(flat(found["outcome"]), value_set=outcomes.fact_id)),
        person=codes_of(person.indices),
        people=person.dictionary,
        side=coded(found["side"]),
        given_end=ends,
    )


def read_marks(tables: Mapping[FactKind, ir.Table], outcomes: OutcomeRows, parties: PartyRows) -> Marks:
    """The openings and submissions of the outcomes' jobs: where sides end."""
    touches = tables[FactKind.TOUCH]
    if not outcomes.job.names or not {"job", "action"} <= set(touches.columns):
        none = np.zeros(0, dtype=np.int64)
        return Marks(np.zeros(0, dtype=np.bool_), none, none, none)
    marks = touches.filter(touches.job.notnull() & touches.action.isin([JOB_OPENED, SUBMITTED]))
    found = fetch(marks.select("job", "action", "person_key", "occurred_at"))
    job = codes_of(pc.index_in(flat(found["job"]), value_set=pa.array(outcomes.job.names, found["job"].type)))
    return Marks(
        is_opening=np.asarray(pc.equal(flat(found["action"]), JOB_OPENED).to_numpy(zero_copy_only=False)),
        job=job,
        person=codes_of(pc.index_in(flat(found["person_key"]), value_set=parties.people)),
        at=micros_of(found["occurred_at"]),
    )


class _Names:
    """Codes of a text column that comes in batches."""

    def __init__(self) -> None:
        self._code: dict[str, int] = {}
        self._chunks: list[Codes] = [np.zeros(0, dtype=np.uint8)]

    def add(self, column: pa.Array) -> None:
        encoded = column.dictionary_encode()
        names = [name or NOT_NAMED for name in encoded.dictionary.to_pylist()]
        if column.null_count:
            names.append(NOT_NAMED)
        table = [self._code.setdefault(name, len(self._code)) for name in names]
        self._chunks.append(np.array(table, dtype=np.min_scalar_type(len(self._code)))[codes_of(encoded.indices)])

    def coded(self, order: Ints | None) -> Coded:
        codes = np.concatenate(self._chunks)
        return coded_by(list(self._code), codes if order is None else codes[order])


class _Stretches:
    """People of touches that come in batches. Touches of one person in a row are one stretch."""

    def __init__(self) -> None:
        self._keys: list[pa.Array] = []
        self._lengths: list[Ints] = [np.zeros(0, dtype=np.int64)]

    def add(self, column: pa.Array) -> None:
        changes = pc.not_equal(column[1:], column[:-1]).to_numpy(zero_copy_only=False)
        first = np.concatenate(([0], np.flatnonzero(changes) + 1)).astype(np.int64)
        self._keys.append(column.take(pa.array(first)))
        self._lengths.append(np.diff(first, append=len(column)))

    def people(self, key_type: pa.DataType) -> tuple[Codes, pa.Array]:
        """(L,) person of each touch, numbered as they come, and the people."""
        keys, lengths = flat(pa.chunked_array(self._keys, key_type)), np.concatenate(self._lengths)
        if pc.all(pc.less_equal(keys[:-1], keys[1:])).as_py() is False:
            encoded = keys.dictionary_encode()
            person, people = codes_of(encoded.indices), encoded.dictionary
        else:  # in order: only the end of a batch parts a person's touches
            changes = pc.not_equal(keys[1:], keys[:-1]).to_numpy(zero_copy_only=False)
            person = np.cumsum(np.concatenate(([0], changes)))[: len(keys)]
            people = keys.take(pa.array(np.flatnonzero(np.diff(person, prepend=-1))))
        return np.repeat(person.astype(np.int32), lengths), people


def touches_asked(tables: Mapping[FactKind, ir.Table], wanted: Wanted) -> ir.Table:
    """The touches that may be credited: no machines, no marks, only of people and times that are looked at."""
    touches = conform(tables[FactKind.TOUCH], FactKind.TOUCH)
    if By.DECIDED_BY in wanted.by:
        touches = with_deciders(touches, tables[FactKind.SPEND])
    if touches.machine.type().is_boolean():
        touches = touches.filter(~touches.machine.fill_null(False))
    touches = touches.filter(~touches.action.fill_null("").isin([JOB_OPENED, SUBMITTED]))
    at = touches.occurred_at.cast(_MOMENT)
    if wanted.low is not None:
        touches = touches.filter(at >= ibis.literal(moment(wanted.low)).cast(_MOMENT))
    if wanted.high is not None:
        touches = touches.filter(at < ibis.literal(moment(wanted.high)).cast(_MOMENT))
    if not wanted.everyone:
        touches = touches.semi_join(tables[FactKind.PARTY].select("person_key"), "person_key")
    columns: dict[str, Any] = {by.value: touches[by.value].cast("string") for by in sorted(wanted.by)}
    if wanted.direct:
        columns["untagged"] = (touches.channel == "web") & touches.campaign.isnull() & touches.theme.isnull()
    names = [*(["organisation"] if wanted.organisation else []), *(["fact_id"] if wanted.ids else [])]
    return touches.select("person_key", "occurred_at", *names, **columns)


def read_touches(tables: Mapping[FactKind, ir.Table], parties: PartyRows, wanted: Wanted) -> Touches:
    """The touches that are asked for, in order; ids are read besides where the order can't be told without them."""
    expression = touches_asked(tables, wanted)
    schema = expression.schema().to_pyarrow()
    stretches, names = _Stretches(), {by: _Names() for by in sorted(wanted.by)}
    plain: dict[str, list[pa.Array]] = {
        name: [] for name in ("occurred_at", "untagged", "organisation", "fact_id") if name in schema.names
    }
    for batch in batches(expression):
        stretches.add(batch["person_key"])
        for by, column in names.items():
            column.add(batch[by.value])
        for name, chunks in plain.items():
            chunks.append(_kept(name, batch[name]))
    person, people = stretches.people(schema.field("person_key").type)
    at = np.concatenate([np.zeros(0, dtype=np.int64), *plain.pop("occurred_at")])
    rest = {name: _together(name, chunks, schema.field(name).type) for name, chunks in plain.items()}
    order = in_order(person, at)
    keys = {by: column.coded(order) for by, column in names.items()}
    if order is not None:
        person, at = person[order], at[order]
        rest = {name: column.take(pa.array(order)) for name, column in rest.items()}
    tied = ties(person, at)
    if len(tied) and not wanted.ids and any(differ(column.codes, tied) for column in keys.values()):
        return read_touches(tables, parties, replace(wanted, ids=True))
    found = _touches(person, people, parties, at=at, keys=keys, rest=rest)
    return reordered(found, by_id(person, at, tied, found.ids)) if len(tied) and wanted.ids else found


def _kept(name: str, column: pa.Array) -> Any:
    """What is kept of a column of a batch, as a copy: the least part of a batch would keep all of it in memory."""
    if name == "occurred_at":
        return micros_of(column).copy()
    if name == "untagged":
        return pa.array(column.fill_null(False).to_numpy(zero_copy_only=False))
    return column.dictionary_encode() if name == "organisation" else column


def _together(name: str, chunks: list[pa.Array], data_type: pa.DataType) -> pa.Array:
    if name != "organisation":
        return flat(pa.chunked_array(chunks, data_type))
    return flat(pa.chunked_array(chunks, pa.dictionary(pa.int32(), data_type)).unify_dictionaries())


def _touches(
    person: Codes, people: pa.Array, parties: PartyRows, *, at: Ints, keys: dict[By, Coded], rest: dict[str, pa.Array]
) -> Touches:
    party_of = codes_of(pc.index_in(people, value_set=parties.people))
    person_of = np.full(len(parties.people), NOWHERE, dtype=np.int64)
    known = np.flatnonzero(party_of >= 0)
    person_of[party_of[known]] = known
    organisation = rest.get("organisation")
    untagged = rest["untagged"].to_numpy(zero_copy_only=False) if "untagged" in rest else None
    return Touches(
        starts=np.searchsorted(person, np.arange(len(people) + 1, dtype=person.dtype)),
        at=at,
        keys=keys,
        untagged=untagged,
        organisation=None if organisation is None else organisation.indices.fill_null(NOWHERE).to_numpy(),
        organisations=None if organisation is None else organisation.dictionary,
        ids=rest.get("fact_id"),
        people=people,
        person_of=person_of,
        party_of=party_of,
    )


def in_order(group: Codes, at: Ints) -> Ints | None:
    """(L,) the order of (group, at), the first of equals first; None where they stand in it already."""
    order = None
    if (group[1:] < group[:-1]).any():
        order = np.argsort(group, kind="stable")
        group, at = group[order], at[order]
    late = np.flatnonzero((group[1:] == group[:-1]) & (at[1:] < at[:-1]))
    if len(late):  # only the groups that are out of order are sorted
        mixed = np.zeros(int(group[-1]) + 1, dtype=np.bool_)
        mixed[group[late]] = True
        rows = np.flatnonzero(mixed[group])
        sorted_rows = rows[np.lexsort((at[rows], group[rows]))]
        order = np.arange(len(group)) if order is None else order
        order[rows] = order[sorted_rows]
    return order


def ties(group: Codes, at: Ints) -> Ints:
    """Where a touch has the same group and moment as the one before it."""
    return np.flatnonzero((group[1:] == group[:-1]) & (at[1:] == at[:-1])) + 1


def differ(codes: Codes, tied: Ints) -> bool:
    """Whether the order of touches that are tied matters."""
    return bool((codes[tied] != codes[tied - 1]).any())


def by_id(group: Codes, at: Ints, tied: Ints, ids: pa.Array) -> Ints:
    """(L,) the order of (group, at, id), of touches in order of (group, at) but for those ``tied``."""
    rows = np.union1d(tied, tied - 1)
    rank = np.empty(len(rows), dtype=np.int64)
    rank[pc.sort_indices(ids.take(pa.array(rows))).to_numpy()] = np.arange(len(rows))
    order = np.arange(len(group))
    order[rows] = rows[np.lexsort((rank, at[rows], group[rows]))]
    return order


def reordered(touches: Touches, order: Ints) -> Touches:
    """The same touches, each person's in another order."""
    return replace(
        touches,
        at=touches.at[order],
        keys={by: Coded(column.names, column.codes[order]) for by, column in touches.keys.items()},
        untagged=None if touches.untagged is None else touches.untagged[order],
        organisation=None if touches.organisation is None else touches.organisation[order],
        ids=None if touches.ids is None else touches.ids.take(pa.array(order)),
    )
