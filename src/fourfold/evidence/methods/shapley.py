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

from fourfold.evidence.paths import Floats, Ints, Paths, added
from fourfold.evidence.types import MethodSettings

EXACT_KEYS = 12
_DENSE_CELLS = 50_000_000


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
    cell = paths.steps * (longest + 1) + place
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


@dataclass(frozen=True, eq=False)
class Sets:
    """Journeys by their set of keys. ``mask``: (D,) bits; ``row_set``: (m,) the set of each journey."""

    mask: Ints
    row_set: Ints


def _sets(paths: Paths) -> Sets:
    filled = ~paths.is_empty
    masks = np.zeros(paths.m, dtype=np.int64)
    if filled.any():
        masks[filled] = np.bitwise_or.reduceat(np.int64(1) << paths.steps, paths.starts[:-1][filled])
    unique, inverse = np.unique(masks, return_inverse=True)
    return Sets(mask=unique, row_set=inverse)


def _worth(with_outcome: Floats, everyone: Floats) -> Floats:
    """(…, 2^K) conversion rate of the journeys within each set; the empty set is worth nothing."""
    size = with_outcome.shape[-1]
    bit = 1
    for table in (with_outcome, everyone):
        bit = 1
        while bit < size:  # sums over all subsets, one key at a time
            view = table.reshape(*table.shape[:-1], -1, 2, bit)
            view[..., 1, :] += view[..., 0, :]
            bit *= 2
    worth = np.divide(with_outcome, everyone, out=np.zeros_like(with_outcome), where=everyone > 0)
    worth[..., 0] = 0.0
    return worth


def _values(worth: Floats, keys: int) -> Floats:
    """(…, K) Shapley values of a game given by its worth on all sets."""
    size = np.array([int(number).bit_count() for number in range(1 << keys)])
    values = np.zeros((*worth.shape[:-1], keys))
    for key in range(keys):
        without = np.flatnonzero((np.arange(1 << keys) >> key) & 1 == 0)
        weight = np.array([1.0 / (keys * comb(keys - 1, int(n))) for n in range(keys)])[size[without]]
        values[..., key] = (worth[..., without | (1 << key)] - worth[..., without]) @ weight
    return values


def exact_rate_values(paths: Paths, weights: Floats | None = None) -> Floats:
    """(K,) exact Shapley values of the rate game; (R, K) where ``weights`` (R, buckets) replicate the buckets."""
    keys = len(paths.keys)
    sets = _sets(paths)
    with_outcome = np.where(paths.is_empty, 0.0, paths.outcomes)
    everyone = np.where(paths.is_empty, 0.0, paths.outcomes + paths.nulls)
    if weights is None:
        tables = [added(sets.row_set, w, len(sets.mask)) for w in (with_outcome, everyone)]
        return _values(_worth(*[_spread(table, sets, keys) for table in tables]), keys)
    assert paths.bucket is not None
    buckets = weights.shape[1]
    cell = paths.bucket * len(sets.mask) + sets.row_set
    size = buckets * len(sets.mask)
    by_bucket = [added(cell, w, size).reshape(buckets, -1) for w in (with_outcome, everyone)]
    return np.concatenate(
        [
            _values(_worth(*[_spread(chunk @ table, sets, keys) for table in by_bucket]), keys)
            for chunk in np.array_split(weights, max(1, len(weights) // 100))
        ]
    )


def _spread(table: Floats, sets: Sets, keys: int) -> Floats:
    """(…, D) by observed set → (…, 2^K) by all sets."""
    wide = np.zeros((*table.shape[:-1], 1 << keys))
    wide[..., sets.mask] = table
    return wide


def sampled_rate_values(paths: Paths, settings: MethodSettings) -> tuple[Floats, Floats]:
    """(K,) values of the rate game from sampled orders, each with its reverse, and (K,) their standard errors."""
    keys = len(paths.keys)
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
