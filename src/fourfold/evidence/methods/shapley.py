"""Shapley values of two games, and the ordered form of the first.

Sum game: the worth of a set S of keys is the value of the journeys whose keys all lie in S. Its Shapley value has a
closed form: each journey's value is shared evenly by its different keys (Zhao, Mahboobi and Bagheri 2018).

Rate game: the worth of S is the conversion rate of the journeys whose keys all lie in S, journeys without an outcome
included; 0 where there are none. Journeys without touches are outside the game. It needs 2^K sets: exact to 12 keys,
above that sampled orders with their error.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fourfold.evidence.paths import Codes, Floats, Ints, Paths, added
from fourfold.evidence.types import MethodSettings

Counts = NDArray[np.floating[Any]]
EXACT_KEYS = 12
_DENSE_CELLS = 50_000_000
_TOGETHER = 128
"""Replicates whose 2^K sets are summed at once: they stay in the processor's cache."""
_EXACT = 2**24
"""Below it, single precision adds whole numbers exactly."""
_OFTEN = 0.15
"""Part of the buckets in which a set stands, from which on skipping the others doesn't pay."""
_MOST_BITS = 62


def shares_of_distinct(paths: Paths, settings: MethodSettings) -> Floats:
    """(L,) parts of the sum game: 1 / (different keys), split evenly over the touches of the same key.

    The split over touches is the ordered Shapley value: summed by key it is the sum game's.
    """
    width = max(len(paths.keys), 1)
    cell = paths.rows * width + paths.steps
    if paths.m * width <= _DENSE_CELLS:
        table = np.bincount(cell, minlength=paths.m * width)
        distinct = np.count_nonzero(table.reshape(paths.m, width), axis=1)
        same = table[cell]
    else:
        unique, inverse, count = np.unique(cell, return_inverse=True, return_counts=True)
        distinct = np.bincount(unique // width, minlength=paths.m)
        same = count[inverse]
    return 1.0 / (distinct[paths.rows] * same)


def positions(paths: Paths) -> list[dict[str, Any]]:
    """Ordered Shapley's credits by key and place in the journey (1 = first touch)."""
    parts = shares_of_distinct(paths, MethodSettings())
    place = np.arange(len(paths.steps)) - np.repeat(paths.starts[:-1], paths.lengths) + 1
    rows = paths.rows
    longest = int(place.max(initial=0))
    cell = paths.steps.astype(np.int64) * (longest + 1) + place
    outcomes = np.bincount(cell, weights=parts * paths.outcomes[rows])
    value = None if paths.value is None else np.bincount(cell, weights=parts * paths.value[rows])
    return [
        {
            "key": paths.keys[int(number) // (longest + 1)],
            "position": int(number) % (longest + 1),
            "outcomes": float(outcomes[number]),
            "value": None if value is None else float(value[number]),
        }
        for number in np.flatnonzero(np.bincount(cell))
        if outcomes[number] or (value is not None and value[number])
    ]


def masks(paths: Paths) -> Codes:
    """(m,) the set of keys of each journey, a bit a key."""
    width = np.min_scalar_type((1 << len(paths.keys)) - 1)
    bit = (np.uint64(1) << np.arange(len(paths.keys), dtype=np.uint64)).astype(width)
    found = np.zeros(paths.m, dtype=width)
    for first, after in paths.pieces():
        filled = np.flatnonzero(paths.lengths[first:after])
        if len(filled):
            begin, end = paths.starts[first], paths.starts[after]
            at = paths.starts[first + filled] - begin
            found[first + filled] = np.bitwise_or.reduceat(bit[paths.steps[begin:end]], at)
    return found


@dataclass(frozen=True, eq=False)
class RateGame:
    """What the exact rate game needs of the journeys: counts by set and bucket (one column where they have none).

    ``sets``: (D,) masks that were seen. ``with_outcome``, ``everyone``: (D, buckets). ``keys``: K.
    """

    sets: Ints
    with_outcome: Floats
    everyone: Floats
    keys: int


def rate_game(paths: Paths) -> RateGame:
    """Count the journeys by their set of keys. Those without touches are outside the game."""
    keys = len(paths.keys)
    mask = masks(paths)
    seen = np.flatnonzero(np.bincount(mask, minlength=1 << keys))
    buckets = 1 if paths.bucket is None else int(paths.bucket.max(initial=0)) + 1
    place = np.zeros(1 << keys, dtype=np.int64)
    place[seen] = np.arange(len(seen)) * buckets
    cell = place[mask] if paths.bucket is None else place[mask] + paths.bucket
    tables = []
    for weight in (paths.outcomes, paths.nulls):
        counted = np.flatnonzero((weight != 0) & ~paths.is_empty)
        tables.append(added(cell[counted], weight[counted], len(seen) * buckets).reshape(len(seen), buckets))
    tables[1] += tables[0]
    return RateGame(seen, tables[0], tables[1], keys)


def _worth(with_outcome: Counts, everyone: Counts) -> Floats:
    """(2^K, R) conversion rate of the journeys within each set; the empty set is worth nothing."""
    for table in (with_outcome, everyone):
        bit = 1
        while bit < len(table):  # sums over all subsets, one key at a time
            view = table.reshape(-1, 2, bit, table.shape[1])
            view[:, 1] += view[:, 0]
            bit *= 2
    empty = everyone == 0  # and so without outcomes too: 0 / 1 there
    everyone[empty] = 1.0
    worth = np.divide(with_outcome, everyone, dtype=np.float64)
    worth[0] = 0.0
    return worth


def _marginals(keys: int) -> Floats:
    """(K, 2^K) what the worth of each set adds to, or takes from, the Shapley value of each key."""
    sets = np.arange(1 << keys)
    size = np.array([int(number).bit_count() for number in sets])
    weight = np.array([1.0 / (keys * comb(keys - 1, n)) for n in range(keys)] + [0.0])
    within = (sets >> np.arange(keys)[:, None]) & 1 == 1
    return np.where(within, weight[size - 1], -weight[size])


def exact_rate_values(game: RateGame, weights: Floats | None = None) -> Floats:
    """(K,) exact Shapley values of the rate game; (R, K) where ``weights`` (R, buckets) replicate the buckets."""
    if not game.keys:
        return np.zeros(0 if weights is None else (len(weights), 0))
    buckets = game.everyone.shape[1]
    drawn = np.ones((1, buckets)) if weights is None else weights[:, :buckets]
    counts = [_Drawn(table) for table in (game.with_outcome, game.everyone)]
    single = (drawn == np.floor(drawn)).all() and all(count.most_of_whole(drawn) < _EXACT for count in counts)
    kind = np.float32 if single else np.float64
    marginals, values = _marginals(game.keys), []
    for first in range(0, len(drawn), _TOGETHER):
        draws: Counts = np.ascontiguousarray(drawn[first : first + _TOGETHER].T, dtype=kind)
        wide: list[Counts] = [np.zeros((1 << game.keys, draws.shape[1]), dtype=kind) for _ in counts]
        for table, count in zip(wide, counts, strict=True):
            count.put(draws, table, game.sets)
        values.append((marginals @ _worth(*wide)).T)
    found = np.concatenate(values)
    return found[0] if weights is None else found


class _Drawn:
    """A table (D, buckets) that is summed under many weights. Most sets stand in few buckets: those are kept sparse."""

    def __init__(self, table: Floats) -> None:
        filled = np.count_nonzero(table, axis=1)
        often = filled > _OFTEN * table.shape[1]
        self._often, self._seldom = np.flatnonzero(often), np.flatnonzero(~often & (filled > 0))
        self._dense = table[self._often]
        self._sparse = sparse.csr_array(table[self._seldom])

    def most_of_whole(self, weights: Floats) -> float:
        """The largest sum of all cells under one of ``weights`` (R, buckets); infinite where a cell is no count."""
        cells = (self._dense, self._sparse.data)
        if not all(((part >= 0) & (part == np.floor(part))).all() for part in cells):
            return np.inf
        return float((weights @ (self._dense.sum(axis=0) + self._sparse.sum(axis=0))).max(initial=0.0))

    def put(self, draws: Counts, into: Counts, sets: Ints) -> None:
        """The sums of each of the D rows under ``draws`` (buckets, R), into the rows ``sets`` of ``into``."""
        into[sets[self._often]] = self._dense.astype(draws.dtype, copy=False) @ draws
        into[sets[self._seldom]] = self._sparse.astype(draws.dtype, copy=False) @ draws


def by_set(paths: Paths) -> Paths:
    """The journeys with touches that have the same set of keys as one, each key once. Needs at most 62 keys."""
    filled = paths.take(~paths.is_empty)
    unique, member = np.unique(masks(filled), return_inverse=True)
    size = len(unique)
    bits = (unique[:, None] >> np.arange(len(paths.keys))) & 1 == 1
    return Paths(
        keys=paths.keys,
        steps=np.nonzero(bits)[1],
        starts=np.concatenate(([0], np.cumsum(bits.sum(axis=1)))).astype(np.int64),
        outcomes=added(member, filled.outcomes, size),
        nulls=added(member, filled.nulls, size),
    )


def sampled_rate_values(paths: Paths, settings: MethodSettings) -> tuple[Floats, Floats]:
    """(K,) values of the rate game from sampled orders, each with its reverse, and (K,) their standard errors."""
    keys = len(paths.keys)
    if keys <= _MOST_BITS:
        paths = by_set(paths)
    filled = np.flatnonzero(~paths.is_empty)
    at = paths.starts[:-1][filled]
    with_outcome = paths.outcomes[filled]
    everyone = with_outcome + paths.nulls[filled]
    random = np.random.default_rng(settings.seed)
    pairs = max(settings.samples // 2, 2)
    marginal = np.zeros((pairs, keys))
    for number in range(pairs):
        order = random.permutation(keys)
        for sequence in (order, order[::-1]):
            rank = np.empty(keys, dtype=np.int64)
            rank[sequence] = np.arange(keys)
            # A journey lies within the first r keys of the order from the rank of its last key on.
            complete = np.maximum.reduceat(rank[paths.steps], at)
            converted = np.cumsum(np.bincount(complete, weights=with_outcome, minlength=keys))
            total = np.cumsum(np.bincount(complete, weights=everyone, minlength=keys))
            worth = np.divide(converted, total, out=np.zeros(keys), where=total > 0)
            marginal[number, sequence] += np.diff(worth, prepend=0.0) / 2
    return marginal.mean(axis=0), marginal.std(axis=0, ddof=1) / np.sqrt(pairs)


def to_shares(values: Floats) -> Floats:
    """(…, K) Shapley values as shares. A key that lowers the rate is worth nothing, it does not pay the others."""
    positive = np.maximum(values, 0.0)
    total = positive.sum(axis=-1, keepdims=True)
    return np.divide(positive, total, out=np.full_like(positive, np.nan), where=total > 0)
