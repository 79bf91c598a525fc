"""Methods that share each journey's credit over its own touches, whatever other journeys did.

Each function returns (L,) parts that sum to 1 in every journey that has touches.
"""

from __future__ import annotations

import numpy as np

from fourfold.evidence.paths import Floats, Ints, Paths
from fourfold.evidence.types import EvidenceError, MethodSettings

ENDS, MIDDLE = 0.4, 0.2
"""Position based: the first and the last touch, and what the touches between them share."""


def _whole(paths: Paths, index: Ints) -> Floats:
    """All of a journey's credit to the touches at ``index``."""
    parts = np.zeros(len(paths.steps))
    parts[index] = 1.0
    return parts


def first(paths: Paths, settings: MethodSettings) -> Floats:
    """All credit to the first touch."""
    return _whole(paths, paths.starts[:-1][~paths.is_empty])


def last(paths: Paths, settings: MethodSettings) -> Floats:
    """All credit to the last touch."""
    return _whole(paths, paths.starts[1:][~paths.is_empty] - 1)


def last_non_direct(paths: Paths, settings: MethodSettings) -> Floats:
    """All credit to the last touch that is not direct web; where all are, to the last."""
    if not len(paths.steps):
        return np.zeros(0)
    if paths.direct is None:
        return last(paths, settings)
    position = np.where(paths.direct, -1, np.arange(len(paths.steps)))
    filled = ~paths.is_empty
    latest = np.maximum.reduceat(position, paths.starts[:-1][filled])
    return _whole(paths, np.where(latest < 0, paths.starts[1:][filled] - 1, latest))


def linear(paths: Paths, settings: MethodSettings) -> Floats:
    """The same to every touch."""
    lengths = paths.lengths
    return np.repeat(1.0 / np.maximum(lengths, 1), lengths)


def time_decay(paths: Paths, settings: MethodSettings) -> Floats:
    """A touch's weight halves with every ``half_life_days`` between it and the journey's end."""
    if paths.age_days is None:
        raise EvidenceError(
            "Time decay was not computed.",
            "These journeys carry no times: a path file holds only the order of touches.",
            "Give the touches and outcomes themselves (--touches, --outcomes), or choose another method.",
        )
    if settings.half_life_days <= 0:
        raise EvidenceError(
            f"Time decay was not computed with a half-life of {settings.half_life_days:g} days.",
            "A half-life is longer than zero.",
            "Give the days after which a touch counts half, such as --half-life-days 7.",
        )
    if not len(paths.steps):
        return np.zeros(0)
    filled = ~paths.is_empty
    at = paths.starts[:-1][filled]
    lengths = paths.lengths[filled]
    # Measured from the youngest touch of the journey, so that old journeys don't underflow to 0 / 0.
    youngest = np.minimum.reduceat(paths.age_days, at)
    weight = np.exp2(-(paths.age_days - np.repeat(youngest, lengths)) / settings.half_life_days)
    return weight / np.repeat(np.add.reduceat(weight, at), lengths)


def position(paths: Paths, settings: MethodSettings) -> Floats:
    """40 % to the first touch, 40 % to the last, 20 % shared by those between; 50/50 for two; all for one."""
    lengths = paths.lengths
    parts = np.repeat(MIDDLE / np.maximum(lengths - 2, 1), lengths)
    for index in (paths.starts[:-1], paths.starts[1:] - 1):
        parts[index[lengths > 2]] = ENDS
        parts[index[lengths == 2]] = 0.5
        parts[index[lengths == 1]] = 1.0
    return parts
