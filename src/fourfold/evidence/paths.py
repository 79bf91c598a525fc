"""Journeys as compact arrays: the form that every method reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fourfold.evidence.types import EvidenceError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Bools = NDArray[np.bool_]
Codes = NDArray[np.integer[Any]]
"""Whole numbers in as few bytes as they need: cast them before reckoning with them."""

SEPARATOR = ">"
PIECE = 1_000_000
"""Touches looked at together, to keep what is made of them small."""


@dataclass(frozen=True, eq=False)
class Paths:
    """``m`` journeys over ``K`` keys, ``L`` touches in all, each journey's touches in time order.

    ``keys``: K names, sorted. ``steps``: (L,) codes into ``keys``. ``starts``: (m + 1,) bounds into ``steps``; a
    journey may be empty. ``outcomes``, ``value``, ``nulls``: (m,) weights: how many outcomes this journey brought (a
    half for one side of two), their money, and how many times it brought none. ``age_days``: (L,) days from touch to
    the journey's end. ``direct``: (L,) direct web. ``bucket``: (m,) hash bucket of the resampling unit.
    """

    keys: tuple[str, ...]
    steps: Codes
    starts: Ints
    outcomes: Floats
    nulls: Floats
    value: Floats | None = None
    age_days: Floats | None = None
    direct: Bools | None = None
    bucket: Ints | None = None

    @property
    def m(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def lengths(self) -> Ints:
        return np.diff(self.starts)

    @cached_property
    def rows(self) -> Ints:
        """(L,) the journey of each touch."""
        return np.repeat(np.arange(self.m), self.lengths)

    @cached_property
    def is_empty(self) -> Bools:
        """(m,) journeys without touches."""
        return self.lengths == 0

    def pieces(self, touches: int = PIECE) -> Iterator[tuple[int, int]]:
        """Bounds of stretches of journeys with about so many touches each, to keep what is made of them small."""
        first = 0
        while first < self.m:
            most = int(self.starts[first]) + touches
            after = max(int(np.searchsorted(self.starts, most, side="right")) - 1, first + 1)
            yield first, min(after, self.m)
            first = after

    def take(self, chosen: Ints | Bools) -> Paths:
        """The journeys ``chosen`` (indices, which may repeat, or a mask), in that order."""
        rows = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        lengths = self.lengths[rows]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        index = np.arange(starts[-1]) + np.repeat(self.starts[:-1][rows] - starts[:-1], lengths)
        return replace(
            self,
            steps=self.steps[index],
            starts=starts,
            outcomes=self.outcomes[rows],
            nulls=self.nulls[rows],
            value=None if self.value is None else self.value[rows],
            age_days=None if self.age_days is None else self.age_days[index],
            direct=None if self.direct is None else self.direct[index],
            bucket=None if self.bucket is None else self.bucket[rows],
        )

    def narrowed(self) -> Paths:
        """The same journeys over the keys that stand in them."""
        seen = seen_among(self.steps, len(self.keys))
        place = np.zeros(len(self.keys) + 1, dtype=np.min_scalar_type(len(seen)))
        place[seen] = np.arange(len(seen))
        return replace(self, keys=tuple(self.keys[i] for i in seen), steps=recoded(place, self.steps))

    def collapsed(self) -> Paths:
        """Repeats of a key in a row count once (the latest of them stays)."""
        if not len(self.steps):
            return self
        rows = self.rows
        repeat = np.zeros(len(self.steps), dtype=np.bool_)
        repeat[:-1] = (self.steps[:-1] == self.steps[1:]) & (rows[:-1] == rows[1:])
        keep = ~repeat
        lengths = np.bincount(rows[keep], minlength=self.m)
        return replace(
            self,
            steps=self.steps[keep],
            starts=np.concatenate(([0], np.cumsum(lengths))),
            age_days=None if self.age_days is None else self.age_days[keep],
            direct=None if self.direct is None else self.direct[keep],
        )


def recoded(table: Codes, codes: Codes) -> Codes:
    """``table[codes]``, a piece at a time: indexing by small codes makes large ones of them all."""
    found = np.empty(len(codes), dtype=table.dtype)
    for first in range(0, len(codes), PIECE):
        found[first : first + PIECE] = table[codes[first : first + PIECE]]
    return found


def seen_among(codes: Codes, size: int) -> Ints:
    """The codes that stand in ``codes``, in order."""
    seen = np.zeros(size, dtype=np.bool_)
    for first in range(0, len(codes), PIECE):
        seen |= np.bincount(codes[first : first + PIECE], minlength=size) > 0
    return np.flatnonzero(seen)


def added(cells: Codes, amounts: Floats, size: int) -> Floats:
    """(size,) the sum of ``amounts`` that fall into each cell."""
    return np.bincount(cells, weights=amounts, minlength=size).astype(np.float64)


def from_lists(
    journeys: Iterable[Sequence[str]],
    *,
    outcomes: Sequence[float],
    value: Sequence[float] | None = None,
    nulls: Sequence[float] | None = None,
    direct: frozenset[str] = frozenset(),
) -> Paths:
    """Paths from lists of names. ``direct`` names (lower case) are marked as direct web."""
    listed = [list(journey) for journey in journeys]
    keys = tuple(sorted({key for journey in listed for key in journey}))
    code = {key: number for number, key in enumerate(keys)}
    steps = np.array([code[key] for journey in listed for key in journey], dtype=np.int64)
    is_direct = np.array([key.strip().lower() in direct for key in keys], dtype=np.bool_)
    return Paths(
        keys=keys,
        steps=steps,
        starts=np.concatenate(([0], np.cumsum([len(journey) for journey in listed]))).astype(np.int64),
        outcomes=np.asarray(outcomes, dtype=np.float64),
        nulls=np.zeros(len(listed)) if nulls is None else np.asarray(nulls, dtype=np.float64),
        value=None if value is None else np.asarray(value, dtype=np.float64),
        direct=is_direct[steps] if len(steps) else np.zeros(0, dtype=np.bool_),
    )


def split_path(text: str) -> list[str]:
    """``email > phone`` as names; an empty text is a journey without touches."""
    stripped = text.strip()
    if not stripped:
        return []
    names = [name.strip() for name in stripped.split(SEPARATOR)]
    if any(not name for name in names):
        raise EvidenceError(
            f"The path “{text}” was not read.",
            "A name between two “>” is empty.",
            "Write it like email > phone > event.",
        )
    return names


def dealt(paths: Paths, *, buckets: int, seed: int) -> Paths:
    """Aggregated journeys dealt into hash buckets, one by one, so that they can be resampled.

    A row that stands for c outcomes and d journeys without one becomes at most c + d rows with a bucket each. Weights
    must be whole numbers. ``value`` is dropped: a row holds only the sum, so the spread of single values is unknown.
    """
    random = np.random.default_rng(seed)
    if (paths.outcomes + paths.nulls == 1).all() and (paths.outcomes * paths.nulls == 0).all():
        bucket = np.empty(paths.m, dtype=np.int64)  # every row stands for one journey: nothing is parted
        for weights in (paths.outcomes, paths.nulls):
            row = np.flatnonzero(weights)
            bucket[row] = random.integers(0, buckets, size=len(row))
        return replace(paths, value=None, bucket=bucket)
    rows, counts = [], []
    for weights in (paths.outcomes, paths.nulls):
        row = np.repeat(np.arange(paths.m), weights.astype(np.int64))
        cell = row * buckets + random.integers(0, buckets, size=len(row))
        if (row[1:] == row[:-1]).any():
            cell, count = np.unique(cell, return_counts=True)
        else:  # every row stands for one journey
            count = np.ones(len(cell))
        rows.append(cell)
        counts.append(count.astype(np.float64))
    cells = np.concatenate(rows)
    converting = np.arange(len(cells)) < len(rows[0])
    weight = np.concatenate(counts)
    spread = replace(paths, value=None).take(cells // buckets)
    return replace(
        spread,
        outcomes=np.where(converting, weight, 0.0),
        nulls=np.where(converting, 0.0, weight),
        bucket=cells % buckets,
    )


def joined(parts: list[Paths]) -> Paths:
    """Several sets of journeys over the union of their keys, one after another."""
    keys = tuple(sorted({key for part in parts for key in part.keys}))
    code = {key: number for number, key in enumerate(keys)}

    def together(name: str) -> Any:
        arrays = [getattr(part, name) for part in parts]
        return None if any(array is None for array in arrays) else np.concatenate(arrays)

    offsets = np.cumsum([0, *[len(part.steps) for part in parts]])
    width = np.min_scalar_type(len(keys))
    steps = [recoded(np.array([*(code[key] for key in part.keys), 0], dtype=width), part.steps) for part in parts]
    ends = [part.starts[1:] + offset for part, offset in zip(parts, offsets[:-1], strict=True)]
    merged = replace(parts[0], keys=keys, steps=np.concatenate(steps), starts=np.concatenate(([0], *ends)))
    names = ("outcomes", "nulls", "value", "age_days", "direct", "bucket")
    return replace(merged, **{name: together(name) for name in names})
