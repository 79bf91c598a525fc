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

from fourfold.evidence.paths import Floats, Ints, Paths, added
from fourfold.evidence.types import MethodSettings

EXACT_KEYS = 12
_DENSE_CELLS = 50_000_000
_TOGETHER = 64
"""Replicates whose 2^K sets are summed at once: they stay in the processor's cache."""
_EXACT = 2**24
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


def masks(paths: Paths) -> Ints:
    """(m,) the set of keys of each journey, a bit a key."""
    found = np.zeros(paths.m, dtype=np.int64)
    for first, after in paths.pieces():
        filled = np.flatnonzero(paths.lengths[first:after])
        if len(filled):
            begin, end = paths.starts[first], paths.starts[after]
            bits = np.int64(1) << paths.steps[begin:end]
            found[first + filled] = np.bitwise_or.reduceat(bits, paths.starts[first + filled] - begin)
    return found


@dataclass(frozen=True, eq=False)
class RateGame:
    """What the exact rate game needs of the journeys: counts by bucket (one row where journeys have none) and set.

    ``sets``: (D,) masks that were seen. ``with_outcome``, ``everyone``: (buckets, D). ``keys``: K.
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
    place = np.zeros(1 << keys, dtype=np.int64)
    place[seen] = np.arange(len(seen))
    buckets = 1 if paths.bucket is None else int(paths.bucket.max(initial=0)) + 1
    cell = place[mask] if paths.bucket is None else paths.bucket * len(seen) + place[mask]
    inside = ~paths.is_empty
    tables = [
        added(cell, np.where(inside, weight, 0.0), buckets * len(seen)).reshape(buckets, -1)
        for weight in (paths.outcomes, paths.outcomes + paths.nulls)
    ]
    return RateGame(seen, tables[0], tables[1], keys)


def _worth(with_outcome: Floats, everyone: Floats) -> Floats:
    """(R, 2^K) conversion rate of the journeys within each set; the empty set is worth nothing."""
    for table in (with_outcome, everyone):
        bit = 1
        while bit < table.shape[-1]:  # sums over all subsets, one key at a time
            view = table.reshape(len(table), -1, 2, bit)
            view[..., 1, :] += view[..., 0, :]
            bit *= 2
    worth = np.divide(with_outcome, everyone, out=np.zeros_like(with_outcome), where=everyone > 0)
    worth[..., 0] = 0.0
    return worth


def _marginals(keys: int) -> Floats:
    """(2^K, K) what the worth of each set adds to, or takes from, the Shapley value of each key."""
    sets = np.arange(1 << keys)
    size = np.array([int(number).bit_count() for number in sets])
    weight = np.array([1.0 / (keys * comb(keys - 1, n)) for n in range(keys)] + [0.0])
    within = (sets[:, None] >> np.arange(keys)) & 1 == 1
    return np.where(within, weight[size - 1][:, None], -weight[size][:, None])


def exact_rate_values(game: RateGame, weights: Floats | None = None) -> Floats:
    """(K,) exact Shapley values of the rate game; (R, K) where ``weights`` (R, buckets) replicate the buckets."""
    if not game.keys:
        return np.zeros(0 if weights is None else (len(weights), 0))
    tables = (game.with_outcome, game.everyone)
    if weights is None:
        sums = [table.sum(axis=0, keepdims=True) for table in tables]
    else:
        sums = [resampled(weights, table) for table in tables]
    marginals, values = _marginals(game.keys), []
    for first in range(0, len(sums[0]), _TOGETHER):
        wide = []
        for part in sums:
            rows = part[first : first + _TOGETHER]
            wide.append(np.zeros((len(rows), 1 << game.keys)))
            wide[-1][:, game.sets] = rows
        values.append(_worth(*wide) @ marginals)
    found = np.concatenate(values)
    return found[0] if weights is None else found


def resampled(weights: Floats, table: Floats) -> NDArray[np.floating[Any]]:
    """``weights`` (R, buckets) @ ``table`` (buckets, D). Whole numbers below 2²⁴ are exact in single precision."""
    weights = weights[:, : len(table)]
    largest = float(weights.max(initial=0)) * float(np.abs(table).sum(axis=0).max(initial=0))
    if largest < _EXACT and all((cells == np.floor(cells)).all() for cells in (weights, table)):
        return weights.astype(np.float32) @ table.astype(np.float32)
    return weights @ table


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
