"""Journeys of outcomes, by side: from rows to windows, from windows to paths. The rules stand in docs/evidence.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fourfold.evidence.paths import Bools, Codes, Floats, Ints, Paths, added
from fourfold.evidence.reading import (
    NOWHERE,
    Coded,
    OutcomeRows,
    Rows,
    Touches,
    by_id,
    codes_of,
    differ,
    flat,
    in_order,
    ties,
)
from fourfold.evidence.types import BUCKETS, By, OutcomeKind, Question, Side

DAY_US = 86_400_000_000
ONE_SIDED = {
    OutcomeKind.CANDIDATE.value: Side.CANDIDATE.value,
    OutcomeKind.CLIENT.value: Side.CLIENT.value,
    OutcomeKind.COLLEAGUE.value: Side.COLLEAGUE.value,
}
KEY_BYTES = 16
_SALT = b"fourfold\x1f"


class OrderUnknownError(Exception):
    """The order of touches in a journey hangs on their ids, which were not read."""


@dataclass(frozen=True, eq=False)
class Outcomes:
    """The outcomes asked for, each once. Arrays have one element per outcome, in order of (first row, id).

    ``first_at``: microseconds since 1970. ``in_period`` marks those whose first row lies in the period; the others are
    kept because their ends bound later journeys. ``root``: id of the first row. ``of_row``: the outcome of every row of
    ``OutcomeRows``, ``NOWHERE`` where it was not asked for.
    """

    root: pa.Array
    of_row: Ints
    kind: Coded
    first_at: Ints
    in_period: Bools
    value: Floats
    has_value: bool
    organisation: pa.Array
    desk: Coded
    job: Codes
    currencies: tuple[str, ...]
    bases: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def n(self) -> int:
        return len(self.first_at)


@dataclass(frozen=True, eq=False)
class Windows:
    """One for each (outcome, side, person): the touches within [low, high) belong to that outcome. Microseconds.

    ``person``: code of ``PartyRows.people``.
    """

    outcome: Ints
    side: Codes
    person: Ints
    ended_at: Ints
    low: Ints
    high: Ints

    def take(self, chosen: Bools) -> Windows:
        return Windows(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


@dataclass(frozen=True, eq=False)
class SideJourneys:
    """The journeys of one side. ``paths``: those of outcomes. ``everyone``: these, then those that brought none.

    ``outcome``: index into ``Outcomes`` of each. ``ended_at``: (len(outcome),) microseconds. ``touch_at`` and
    ``touch_id``: per touch of ``paths``, the latter only where ids were read.
    """

    side: str
    paths: Paths
    outcome: Ints
    ended_at: Ints
    touch_at: Ints
    touch_id: pa.Array | None
    everyone: Paths | None = None


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


def outcomes_asked(rows: OutcomeRows, question: Question) -> Outcomes:
    """The outcomes asked for. Cash rows of one placement are one: its id is its first row's, its value their sum."""
    asked = np.ones(len(rows.at), dtype=np.bool_)
    for column, wanted in (
        (rows.kind, question.kind),
        (rows.basis, question.basis),
        (rows.engagement, question.engagement),
    ):
        if wanted is not None:
            asked &= column.codes == column.code(wanted)
    if question.currency is not None:
        # Money in another currency is left out; outcomes that carry no money at all still count.
        asked &= (rows.currency.codes == rows.currency.code(question.currency)) | np.isnan(rows.value)
    chosen = np.flatnonzero(asked)
    placement = rows.placement.codes[chosen].astype(np.int64)
    kind = rows.kind.codes[chosen].astype(np.int64) + 1
    whole = placement * (len(rows.kind.names) + 1) + kind
    _, head, member = np.unique(
        np.where(placement < 0, -1 - np.arange(len(chosen)), whole), return_index=True, return_inverse=True
    )
    order = np.argsort(head)
    place = np.empty(len(head), dtype=np.int64)
    place[order] = np.arange(len(head))
    member, head = place[member], chosen[head[order]]
    of_row = np.full(len(rows.at), NOWHERE, dtype=np.int64)
    of_row[chosen] = member
    desk = rows.places["desk"]
    here = np.ones(len(chosen), dtype=np.bool_)
    for name, wanted_name in question.where:
        here &= rows.places[name].codes[chosen] == rows.places[name].code(wanted_name)
    value = np.where(here, rows.value[chosen], np.nan)
    job = rows.job.codes[head].astype(np.int64)
    at_job = rows.job.codes[chosen] >= 0
    job[job < 0] = len(rows.job.names)
    np.minimum.at(job, member[at_job], rows.job.codes[chosen][at_job])
    job[job == len(rows.job.names)] = NOWHERE
    first_at = rows.at[head]
    start, end = micros(question.start), micros(question.end)
    inside = np.ones(len(head), dtype=np.bool_)
    inside &= first_at >= start if start is not None else True
    inside &= first_at < end if end is not None else True
    inside &= added(member, here.astype(np.float64), len(head)) > 0
    return Outcomes(
        root=rows.fact_id.take(pa.array(head)),
        of_row=of_row,
        kind=Coded(rows.kind.names, rows.kind.codes[head]),
        first_at=first_at,
        in_period=inside,
        value=added(member, np.nan_to_num(value), len(head)),
        has_value=bool((~np.isnan(value)).any()),
        organisation=rows.organisation.take(pa.array(head)),
        desk=Coded(desk.names, desk.codes[head]),
        job=job,
        currencies=rows.currency.among(chosen[~np.isnan(rows.value[chosen])]),
        bases=rows.basis.among(chosen),
        kinds=rows.kind.among(chosen),
    )


def _earliest(keys: Ints, at: Ints) -> Callable[[Ints], Floats]:
    """A function from keys to the earliest ``at`` of each, NaN where there is none."""
    order = np.lexsort((at, keys))
    known, first = np.unique(keys[order], return_index=True)
    earliest = np.append(at[order][first].astype(np.float64), np.nan)

    def look_up(asked: Ints) -> Floats:
        place = np.searchsorted(known, asked)
        found = place < len(known)
        found[found] = known[place[found]] == asked[found]
        return earliest[np.where(found, place, len(known))]

    return look_up


def _ends(rows: Rows, outcomes: Outcomes, *, outcome: Ints, side: Codes, person: Ints, given: Floats) -> Floats:
    """The end of each (outcome, side, person).

    Client: the job's opening. Candidate: the first submission. Where unknown (or later): the outcome's first row. A
    party may carry its end itself (``given``, from a file's columns; else NaN).
    """
    marks, parties, people = rows.marks, rows.parties, len(rows.parties.people)
    opened = _earliest(marks.job[marks.is_opening], marks.at[marks.is_opening])
    # A candidate outcome of the job is a submission too.
    of = parties.outcome
    presented = np.flatnonzero((of >= 0) & (rows.outcomes.kind.codes[of] == rows.outcomes.kind.code("candidate")))
    job = rows.outcomes.job.codes[of[presented]].astype(np.int64)
    presented, job = presented[job >= 0], job[job >= 0]
    sent = (~marks.is_opening) & (marks.person >= 0)
    submitted = _earliest(
        np.concatenate((marks.job[sent] * people + marks.person[sent], job * people + parties.person[presented])),
        np.concatenate((marks.at[sent], rows.outcomes.at[of[presented]])),
    )
    wanted = outcomes.job[outcome].astype(np.int64)
    first = outcomes.first_at[outcome].astype(np.float64)
    client, candidate = (side == parties.side.code(name) for name in (Side.CLIENT.value, Side.CANDIDATE.value))
    known = np.full(len(outcome), np.nan)
    known = np.where(client & (wanted >= 0), opened(wanted), known)
    known = np.where(candidate & (wanted >= 0), submitted(wanted * people + person), known)
    return np.fmin(np.where(np.isnan(given), known, given), first)


def windows_of(rows: Rows, outcomes: Outcomes, question: Question) -> Windows:
    """The windows of all outcomes asked for, in order of (outcome, side, person)."""
    parties = rows.parties
    linked = np.flatnonzero((parties.outcome >= 0) & (np.append(outcomes.of_row, NOWHERE)[parties.outcome] >= 0))
    people, sides = max(len(parties.people), 1), len(parties.side.names) + 1
    side_codes = parties.side.codes[linked].astype(np.int64) + 1
    cell = (outcomes.of_row[parties.outcome[linked]] * sides + side_codes) * people + parties.person[linked]
    cells, member = np.unique(cell, return_inverse=True)
    given = np.full(len(cells), np.nan)
    np.fmin.at(given, member, parties.given_end[linked])
    both, person = cells // people, cells % people
    outcome, side = both // sides, both % sides - 1
    ended = _ends(rows, outcomes, outcome=outcome, side=side, person=person, given=given)
    if len(cells):  # a side ends when the first of its people does
        starts = np.flatnonzero(np.diff(both, prepend=-1))
        ended = np.repeat(np.minimum.reduceat(ended, starts), np.diff(starts, append=len(both)))
    ended_at = ended.astype(np.int64)
    previous = _previous(outcomes, ended_at, outcome=outcome, side=side, person=person)
    low, high = bounds(ended_at, previous, question)
    return Windows(outcome, side, person, ended_at, low, high)


def _previous(outcomes: Outcomes, ended_at: Ints, *, outcome: Ints, side: Codes, person: Ints) -> Floats:
    """The end of the outcome of the same person, side and kind that came before; NaN where none did."""
    rank = np.empty(outcomes.n, dtype=np.int64)
    rank[np.asarray(pc.sort_indices(outcomes.root))] = np.arange(outcomes.n)
    kind = outcomes.kind.codes[outcome]
    order = np.lexsort((rank[outcome], ended_at, kind, side, person))
    same = np.ones(max(len(order) - 1, 0), dtype=np.bool_)
    for column in (person, side, kind):
        same &= column[order][1:] == column[order][:-1]
    previous = np.full(len(order), np.nan)
    previous[order[1:][same]] = ended_at[order[:-1][same]]
    return previous


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
    encoded = flat(keys).dictionary_encode()
    return np.append(buckets_of_each(encoded.dictionary), 0)[codes_of(encoded.indices)]


def buckets_of_each(keys: pa.Array) -> Ints:
    """(n,) hash bucket of each of different keys, none of them null: CRC-32 of the salted key."""
    if len(keys) and pa.types.is_binary(keys.type):
        ends = np.frombuffer(keys.buffers()[1], dtype=np.int32)[keys.offset : keys.offset + len(keys) + 1]
        if (np.diff(ends) == KEY_BYTES).all():
            cells = np.frombuffer(keys.buffers()[2], dtype=np.uint8)[ends[0] : ends[-1]]
            return _crc32_of(cells.reshape(-1, KEY_BYTES)).astype(np.int64) % BUCKETS
    values = (value if isinstance(value, bytes) else str(value).encode() for value in keys.to_pylist())
    return np.array([crc32(_SALT + value) % BUCKETS for value in values], dtype=np.int64)


def _crc32_of(cells: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """(n,) CRC-32 of the salt and each row of (n, width) bytes: zlib's, byte by byte over all rows at once."""
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(0xEDB88320), table >> 1).astype(np.uint32)
    found = np.full(len(cells), crc32(_SALT) ^ 0xFFFFFFFF, dtype=np.uint32)
    for column in cells.T:
        found = table[(found ^ column) & 0xFF] ^ (found >> 8)
    return found ^ np.uint32(0xFFFFFFFF)


def _first_from(at: Ints, starts: Ints, ends: Ints, moment: Ints) -> Ints:
    """For each stretch [start, end) of ``at``, which is in order, the first place at or after ``moment``."""
    low, high = starts.copy(), ends.copy()
    open_ = np.flatnonzero(low < high)
    while len(open_):
        middle = (low[open_] + high[open_]) // 2
        before = at[middle] < moment[open_]
        low[open_[before]] = middle[before] + 1
        high[open_[~before]] = middle[~before]
        open_ = open_[low[open_] < high[open_]]
    return low


def converting(
    touches: Touches, question: Question, *, windows: Windows, journey: Ints, ended_at: Ints
) -> tuple[Paths, Ints, pa.Array | None]:
    """Journeys 0 … len(ended_at) − 1 as paths without weights, the time of each touch, and its id where read.

    ``journey`` says which journey each window belongs to. Raises OrderUnknownError.
    """
    person = np.append(touches.person_of, NOWHERE)[windows.person]
    seen = person >= 0
    low = _first_from(touches.at, touches.starts[person[seen]], touches.starts[person[seen] + 1], windows.low[seen])
    high = _first_from(touches.at, low, touches.starts[person[seen] + 1], windows.high[seen])
    order = np.argsort(journey[seen], kind="stable")
    lengths = (high - low)[order]
    ends = np.cumsum(lengths)
    index = np.repeat(low[order] - ends + lengths, lengths) + np.arange(int(lengths.sum()))
    row = np.repeat(journey[seen][order], lengths)
    index = index[_merged(touches, row, index, question)]
    keys = touches.keys[question.by]
    at = touches.at[index]
    paths = Paths(
        keys=keys.names,
        steps=keys.codes[index],
        starts=np.concatenate(([0], np.cumsum(np.bincount(row, minlength=len(ended_at))))).astype(np.int64),
        outcomes=np.zeros(len(ended_at)),
        nulls=np.zeros(len(ended_at)),
        age_days=(ended_at[row] - at) / DAY_US,
        direct=_direct(touches, index, question),
    )
    return paths.narrowed(), at, None if touches.ids is None else touches.ids.take(pa.array(index))


def _merged(touches: Touches, row: Ints, index: Ints, question: Question) -> Ints | slice:
    """The order of the touches of several people in one journey: by time, then by id."""
    at = touches.at[index]
    order = in_order(row, at)
    if order is not None:
        index, at = index[order], at[order]
    tied = ties(row, at)
    if not len(tied):
        return slice(None) if order is None else order
    if touches.ids is None:
        if any(differ(column.codes[index], tied) for column in touches.keys.values()):
            raise OrderUnknownError
        return slice(None) if order is None else order
    by_ids = by_id(row, at, tied, touches.ids.take(pa.array(index)))
    return by_ids if order is None else order[by_ids]


def _direct(touches: Touches, index: Ints, question: Question) -> Bools | None:
    """Touches that are direct web: named so, or web visits that name neither campaign nor theme."""
    if touches.untagged is None:
        return None
    channel = touches.keys[By.CHANNEL]
    named = np.array([name.strip().lower() in question.settings.direct for name in channel.names], dtype=np.bool_)
    return touches.untagged[index] | named[channel.codes[index]]


def not_converting(
    touches: Touches, rows: Rows, outcomes: Outcomes, *, question: Question, side: str, both: bool
) -> Paths:
    """Journeys of people of ``side`` with touches in the look-back before the period's end and no outcome.

    Whoever is party to nothing is of the client side when a touch names an organisation, else of the candidate's
    (``both``); where the question has one side only, everybody is of it.
    """
    end = micros(question.end)
    if end is None:
        end = int(touches.at.max()) + 1 if len(touches.at) else 0
    recent = (touches.at >= end - question.lookback_days * DAY_US) & (touches.at < end)
    of_side = rows.parties.side.codes == rows.parties.side.code(side)
    asked = np.append(outcomes.of_row, NOWHERE)[rows.parties.outcome] >= 0
    eligible = ~_people(touches, rows, of_side & asked)
    if both:
        eligible &= _of_side(touches, rows, of_side, recent, side)
    lengths = np.diff(touches.starts)
    recent &= np.repeat(eligible, lengths)
    count = np.add.reduceat(recent, touches.starts[:-1], dtype=np.int64) if len(lengths) else lengths
    people = np.flatnonzero(count)
    keys = touches.keys[question.by]
    unit = buckets_of_each(touches.people)[people]
    if (side == Side.CLIENT.value or both) and touches.organisation is not None and len(people):
        assert touches.organisations is not None
        organisation = touches.organisation[recent]
        starts = np.cumsum(count[people]) - count[people]
        places = np.where(organisation >= 0, np.arange(len(organisation)), len(organisation))
        first = np.minimum.reduceat(places, starts)
        named = first < len(organisation)
        unit[named] = buckets_of_each(touches.organisations)[organisation[first[named]]]
    return Paths(
        keys=keys.names,
        steps=keys.codes[recent],
        starts=np.concatenate(([0], np.cumsum(count[people]))).astype(np.int64),
        outcomes=np.zeros(len(people)),
        nulls=np.ones(len(people)),
        bucket=unit,
    )


def _people(touches: Touches, rows: Rows, parties: Bools) -> Bools:
    """(P,) whether each of the touched people is one of these parties."""
    chosen = np.zeros(len(rows.parties.people) + 1, dtype=np.bool_)
    chosen[rows.parties.person[parties]] = True
    return chosen[touches.party_of]


def _of_side(touches: Touches, rows: Rows, of_side: Bools, recent: Bools, side: str) -> Bools:
    """(P,) people of ``side``: by what they were ever party to, else by whether a touch names an organisation."""
    member = _people(touches, rows, of_side)
    if side == Side.COLLEAGUE.value or not len(member):
        return member
    named = np.zeros(len(touches.at), dtype=np.bool_) if touches.organisation is None else touches.organisation >= 0
    at_client = np.logical_or.reduceat(named & recent, touches.starts[:-1])
    unknown = touches.party_of < 0
    return member | (unknown & (at_client if side == Side.CLIENT.value else ~at_client))
