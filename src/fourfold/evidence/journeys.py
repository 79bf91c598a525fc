"""Journeys of outcomes, by side: Ibis on the tables, compact arrays out. The rules stand in docs/evidence.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zlib import crc32

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fourfold.evidence.deciders import with_deciders
from fourfold.evidence.facts import conform, fetch
from fourfold.evidence.paths import Floats, Ints, Paths
from fourfold.evidence.types import (
    BUCKETS,
    JOB_OPENED,
    NOT_NAMED,
    SUBMITTED,
    By,
    FactKind,
    OutcomeKind,
    Question,
    Side,
)

DAY_US = 86_400_000_000
_MOMENT = "timestamp('UTC', 6)"
ONE_SIDED = {
    OutcomeKind.CANDIDATE.value: Side.CANDIDATE.value,
    OutcomeKind.CLIENT.value: Side.CLIENT.value,
    OutcomeKind.COLLEAGUE.value: Side.COLLEAGUE.value,
}


@dataclass(frozen=True, eq=False)
class Outcomes:
    """The outcomes asked for, each once. Arrays have one element per outcome, in order of (first row, id).

    ``first_at``: microseconds since 1970. ``in_period`` marks those whose first row lies in the period; the others are
    kept because their ends bound later journeys.
    """

    root: pa.Array
    kind: list[str | None]
    first_at: Ints
    in_period: np.ndarray
    value: Floats
    has_value: bool
    organisation: pa.Array
    desk: list[str | None]
    currencies: tuple[str, ...]
    bases: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class SideJourneys:
    """The journeys of one side. The first ``len(outcome)`` rows of ``paths`` belong to outcomes, the rest brought none.

    ``outcome``: index into ``Outcomes`` of each. ``ended_at``: (len(outcome),) microseconds. ``touch_at`` and
    ``touch_id``: per touch, the latter only where asked for.
    """

    side: str
    paths: Paths
    outcome: Ints
    ended_at: Ints
    touch_at: Ints
    touch_id: pa.Array | None


def micros(moment: date | datetime | None) -> int | None:
    """Microseconds since 1970 in UTC; a date is its midnight UTC."""
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min, tzinfo=UTC)
    if moment.tzinfo is None:
        raise ValueError(f"a period needs dates or moments with a time zone: {moment!r}")
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def read_outcomes(tables: Mapping[FactKind, ir.Table], question: Question) -> tuple[Outcomes, ir.Table]:
    """The outcomes asked for, and a table (fact_id, root, outcome_kind) that leads each row to its outcome.

    Cash rows of one placement are one outcome: its id is its first row's, its value the sum of its rows.
    """
    rows = conform(tables[FactKind.OUTCOME], FactKind.OUTCOME)
    for name, wanted in (
        ("outcome_kind", question.kind),
        ("basis", question.basis),
        ("engagement", question.engagement),
        ("currency", question.currency),
    ):
        if wanted is not None:
            # Money in another currency is left out; outcomes that carry no money at all still count.
            keep = rows[name] == wanted
            rows = rows.filter(keep | rows.value_minor.isnull() if name == "currency" else keep)
    rows = rows.mutate(single=ibis.ifelse(rows.placement.isnull(), rows.fact_id, ibis.null(rows.fact_id.type())))
    window = ibis.window(group_by=["outcome_kind", "placement", "single"], order_by=["occurred_at", "fact_id"])
    rows = rows.mutate(root=rows.fact_id.first().over(window), place=ibis.row_number().over(window))
    heads = rows.filter(rows.place == 0).select("root", "outcome_kind", "occurred_at", "organisation", "desk", "job")
    rows = rows.mutate(here=ibis.and_(*(rows[column] == value for column, value in question.where)).fill_null(False))
    sums = rows.group_by("root").agg(value=rows.value_minor.sum(where=rows.here), here=rows.here.any())
    found = fetch(heads.join(sums, "root").order_by("occurred_at", "root"))
    names = fetch(
        rows.agg(
            currencies=rows.currency.collect(distinct=True, where=rows.value_minor.notnull()),
            bases=rows.basis.collect(distinct=True),
            kinds=rows.outcome_kind.collect(distinct=True),
        )
    )
    first_at = micros_of(found["occurred_at"])
    start, end = micros(question.start), micros(question.end)
    inside = np.ones(len(first_at), dtype=np.bool_)
    inside &= first_at >= start if start is not None else True
    inside &= first_at < end if end is not None else True
    inside &= found["here"].to_numpy().astype(np.bool_)
    outcomes = Outcomes(
        root=_flat(found["root"]),
        kind=found["outcome_kind"].to_pylist(),
        first_at=first_at,
        in_period=inside,
        value=_floats(found["value"]),
        has_value=found["value"].null_count < len(found),
        organisation=_flat(found["organisation"]),
        desk=found["desk"].to_pylist(),
        currencies=_names(names["currencies"]),
        bases=_names(names["bases"]),
        kinds=_names(names["kinds"]),
    )
    return outcomes, rows.select("fact_id", "root", "outcome_kind", "job", first_at=rows.occurred_at)


def _names(column: pa.ChunkedArray) -> tuple[str, ...]:
    values = column.to_pylist()[0] or []
    return tuple(sorted(value for value in values if value is not None))


def _flat(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.nan_to_num(pc.cast(column, pa.float64(), safe=False).to_numpy(zero_copy_only=False).astype(np.float64))


def micros_of(column: pa.ChunkedArray) -> Ints:
    """Microseconds since 1970; 0 where empty."""
    zoned = pc.cast(column, pa.timestamp("us", tz="UTC"), safe=False)
    return np.asarray(pc.cast(zoned, pa.int64()).fill_null(0).to_numpy(zero_copy_only=False), dtype=np.int64)


def _ends(tables: Mapping[FactKind, ir.Table], parties: ir.Table) -> ir.Table:
    """parties (root, person_key, side, outcome_kind, job, first_at) + ``ended_at`` of the side.

    Client: the job's opening. Candidate: the first submission. Where unknown (or later): the outcome's first row. A
    party may carry its end itself (``given_end``, from a file's columns).
    """
    touches = conform(tables[FactKind.TOUCH], FactKind.TOUCH)
    marks = touches.filter(touches.job.notnull() & touches.action.isin([JOB_OPENED, SUBMITTED]))
    opened = marks.filter(marks.action == JOB_OPENED).group_by("job").agg(opened_at=marks.occurred_at.min())
    submitted = marks.filter(marks.action == SUBMITTED).select("job", "person_key", "occurred_at")
    outcomes = conform(tables[FactKind.OUTCOME], FactKind.OUTCOME)
    first = outcomes.filter((outcomes.outcome_kind == OutcomeKind.CANDIDATE.value) & outcomes.job.notnull())
    party = tables[FactKind.PARTY]
    presented = first.join(party, first.fact_id == party.outcome).select(
        "job", person_key=party.person_key, occurred_at=first.occurred_at
    )
    sent = submitted.union(presented).group_by("job", "person_key").agg(sent_at=lambda t: t.occurred_at.min())
    joined = parties.left_join(opened, "job").drop("job_right")
    joined = joined.left_join(sent, ["job", "person_key"])
    end = ibis.cases(
        (joined.side == Side.CLIENT.value, joined.opened_at),
        (joined.side == Side.CANDIDATE.value, joined.sent_at),
        else_=ibis.null(joined.first_at.type()),
    ).coalesce(joined.first_at)
    known = joined.mutate(side_end=ibis.least(joined.given_end.coalesce(end), joined.first_at))
    per_side = ibis.window(group_by=["root", "side"])
    return known.mutate(ended_at=known.side_end.min().over(per_side)).select(
        "root", "person_key", "side", "outcome_kind", "ended_at"
    )


def read_windows(tables: Mapping[FactKind, ir.Table], members: ir.Table) -> pa.Table:
    """One row per (outcome, side, person): ``root, side, person_key, ended_at, previous_end`` (microseconds)."""
    party = tables[FactKind.PARTY]
    firsts = members.group_by("root").agg(first_at=members.first_at.min(), job=members.job.min())
    given = party.ended_at if "ended_at" in party.columns else ibis.null(members.first_at.type())
    linked = party.join(members, party.outcome == members.fact_id).select(
        "root", "side", "outcome_kind", person_key=party.person_key, given_end=given
    )
    parties = linked.group_by("root", "side", "outcome_kind", "person_key").agg(given_end=linked.given_end.min())
    ended = _ends(tables, parties.join(firsts, "root"))
    previous = ibis.window(group_by=["person_key", "side", "outcome_kind"], order_by=["ended_at", "root"])
    ended = ended.mutate(previous_end=ended.ended_at.lag().over(previous))
    return fetch(ended.select("root", "side", "person_key", "ended_at", "previous_end"))


def bounds(ended: Ints, previous: Floats, question: Question) -> tuple[Ints, Ints]:
    """Half-open bounds [low, high) of the touches of each window, in microseconds.

    With moments: from the look-back's old end (or the earlier outcome's end) until just before the end. With dates
    only: whole days, the day of the end included, the day of an earlier end left to that one.
    """
    lookback = question.lookback_days * DAY_US
    earlier = np.where(np.isnan(previous), np.iinfo(np.int64).min / 2, previous).astype(np.int64)
    if question.date_only:
        day = ended // DAY_US * DAY_US
        low, high, after = day - lookback, day + DAY_US, (earlier // DAY_US + 1) * DAY_US
    else:
        low, high, after = ended - lookback, ended, earlier
    return (low if question.shared else np.maximum(low, after)), high


def bucket_of(keys: pa.Array) -> Ints:
    """(n,) hash bucket of each key, the same on every machine. Nulls get bucket 0: give each a key first."""
    codes = keys.dictionary_encode()
    names = [value if isinstance(value, bytes) else str(value).encode() for value in codes.dictionary.to_pylist()]
    table = np.array([crc32(b"fourfold\x1f" + name) % BUCKETS for name in names] or [0], dtype=np.int64)
    return table[np.asarray(codes.indices.fill_null(0).to_numpy(zero_copy_only=False), dtype=np.int64)]


def _credited_touches(tables: Mapping[FactKind, ir.Table], question: Question) -> ir.Table:
    touches = conform(tables[FactKind.TOUCH], FactKind.TOUCH)
    if question.by is By.DECIDED_BY:
        touches = with_deciders(touches, tables[FactKind.SPEND])
    if touches.machine.type().is_boolean():
        touches = touches.filter(~touches.machine.fill_null(False))
    touches = touches.filter(~touches.action.fill_null("").isin([JOB_OPENED, SUBMITTED]))
    key = touches[question.by.value].cast("string").nullif("").fill_null(NOT_NAMED)
    named = touches.channel.lower().strip().isin(sorted(question.settings.direct))
    untagged = (touches.channel == "web") & touches.campaign.isnull() & touches.theme.isnull()
    return touches.select(
        "person_key", "organisation", "occurred_at", "fact_id", key=key, direct=(named | untagged).fill_null(False)
    )


def _touch_arrays(found: pa.Table) -> tuple[Ints, tuple[str, ...], np.ndarray, Ints]:
    """Key codes (into sorted names), the names, direct flags and times of touches."""
    encoded = _flat(found["key"]).dictionary_encode()
    names = encoded.dictionary.to_pylist()
    order = np.argsort(np.array(names, dtype=object)) if names else np.zeros(0, dtype=np.int64)
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    steps = rank[codes] if len(codes) else np.zeros(0, dtype=np.int64)
    direct = found["direct"].to_numpy().astype(np.bool_)
    return steps, tuple(names[i] for i in order), direct, micros_of(found["occurred_at"])


def converting(
    tables: Mapping[FactKind, ir.Table],
    question: Question,
    *,
    windows: pa.Table,
    journey: Ints,
    ended_at: Ints,
    with_ids: bool,
) -> tuple[Paths, Ints, pa.Array | None]:
    """Journeys 0 … len(ended_at) − 1 as paths without weights, the time of each touch, and its id where asked.

    ``windows`` has ``person_key, low, high``; ``journey`` says which journey each window belongs to.
    """
    touches = _credited_touches(tables, question)
    window = ibis.memtable(windows.select(["person_key", "low", "high"]).append_column("journey", pa.array(journey)))
    joined = touches.join(window, "person_key")
    at = joined.occurred_at.cast(_MOMENT)
    joined = joined.filter((at >= joined.low.cast(_MOMENT)) & (at < joined.high.cast(_MOMENT)))
    names = ["journey", "key", "direct", "occurred_at", *(["fact_id"] if with_ids else [])]
    found = fetch(joined.order_by("journey", "occurred_at", "fact_id").select(*names))
    steps, keys, direct, at_us = _touch_arrays(found)
    row = np.asarray(found["journey"].to_numpy(), dtype=np.int64)
    count = len(ended_at)
    lengths = np.bincount(row, minlength=count)
    paths = Paths(
        keys=keys,
        steps=steps,
        starts=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        outcomes=np.zeros(count),
        nulls=np.zeros(count),
        age_days=(ended_at[row] - at_us) / DAY_US,
        direct=direct,
    )
    return paths, at_us, _flat(found["fact_id"]) if with_ids else None


def not_converting(
    tables: Mapping[FactKind, ir.Table], question: Question, *, side: str, members: ir.Table, both: bool
) -> Paths:
    """Journeys of people of ``side`` with touches in the look-back before the period's end and no outcome.

    Whoever is party to nothing is of the client side when a touch names an organisation, else of the candidate's
    (``both``); where the question has one side only, everybody is of it.
    """
    touches = _credited_touches(tables, question)
    end = micros(question.end)
    if end is None:
        latest = fetch(touches.agg(latest=touches.occurred_at.max()))["latest"][0].as_py()
        end = 0 if latest is None else (micros(latest.replace(tzinfo=latest.tzinfo or UTC)) or 0) + 1
    low = end - question.lookback_days * DAY_US
    edge = [ibis.literal(_moment(us)).cast(_MOMENT) for us in (low, end)]
    at = touches.occurred_at.cast(_MOMENT)
    recent = touches.filter((at >= edge[0]) & (at < edge[1]))
    party = tables[FactKind.PARTY]
    done = party.join(members, party.outcome == members.fact_id).select(person_key=party.person_key, side=party.side)
    recent = recent.anti_join(done.filter(done.side == side), "person_key")
    if both:
        recent = recent.semi_join(_people_of(recent, party, side), "person_key")
    found = fetch(recent.order_by("person_key", "occurred_at", "fact_id"))
    return _null_paths(found, end, by_organisation=side == Side.CLIENT.value or both)


def _people_of(recent: ir.Table, party: ir.Table, side: str) -> ir.Table:
    """People whose side is ``side``: by what they were ever party to, else by whether a touch names an organisation."""
    known = party.select("person_key", "side").distinct()
    seen = recent.group_by("person_key").agg(at_client=recent.organisation.notnull().any())
    unknown = seen.anti_join(known, "person_key")
    guessed = unknown.filter(unknown.at_client if side == Side.CLIENT.value else ~unknown.at_client)
    if side == Side.COLLEAGUE.value:
        guessed = guessed.filter(ibis.literal(False))
    return known.filter(known.side == side).select("person_key").union(guessed.select("person_key"), distinct=True)


def _null_paths(found: pa.Table, end: int, *, by_organisation: bool) -> Paths:
    steps, keys, direct, at_us = _touch_arrays(found)
    person = _flat(found["person_key"]).dictionary_encode()
    code = np.asarray(person.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    change = np.flatnonzero(np.diff(code, prepend=-1))
    starts = np.concatenate((change, [len(code)])).astype(np.int64)
    unit = bucket_of(_flat(found["person_key"]))[change] if len(change) else np.zeros(0, dtype=np.int64)
    if by_organisation and len(change):
        organisation = _flat(found["organisation"])
        known = np.asarray(organisation.is_valid().to_numpy(zero_copy_only=False), dtype=np.bool_)
        first = np.minimum.reduceat(np.where(known, np.arange(len(code)), len(code)), change)
        named = first < len(code)
        unit[named] = bucket_of(organisation.take(pa.array(first[named])))
    return Paths(
        keys=keys,
        steps=steps,
        starts=starts,
        outcomes=np.zeros(len(change)),
        nulls=np.ones(len(change)),
        age_days=(end - at_us) / DAY_US,
        direct=direct,
        bucket=unit,
    )


def _moment(us: int) -> datetime:
    return datetime.fromtimestamp(us / 1_000_000, tz=UTC).replace(microsecond=us % 1_000_000)
