"""Random numbers that belong to a thing and not to an order: the ground of common random numbers.

Every draw is a pure function of the seed, the name of what is drawn and the keys of the things it is drawn for. So
turning a channel off, or asking in another order, never changes another draw.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Times = NDArray[np.datetime64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)


def stream(seed: int, name: str) -> np.random.Generator:
    """The generator of one named stream, for draws that are always made in the same order and number."""
    return np.random.default_rng(np.random.SeedSequence([seed, _salt(name)]))


def uniform(seed: int, name: str, *keys: Any) -> Floats:
    """Uniform draws in [0, 1), one per element of the broadcast integer ``keys``; SplitMix64 over the keys in turn."""
    with np.errstate(over="ignore"):
        state = np.asarray(np.uint64(_salt(f"{seed}/{name}")))
        for part in keys:
            state = _mixed(state + _STEP * (np.asarray(part).astype(np.int64).view(np.uint64) + np.uint64(1)))
    return np.asarray((state >> np.uint64(11)).astype(np.float64) * 2.0**-53)


def normal(seed: int, name: str, *keys: Any) -> Floats:
    """Standard normal draws, one per element of the broadcast integer ``keys`` (Box and Muller)."""
    radius = np.sqrt(-2.0 * np.log1p(-uniform(seed, name + "/radius", *keys)))
    return np.asarray(radius * np.cos(2.0 * np.pi * uniform(seed, name + "/angle", *keys)))


def between(low: float, high: float, draws: Floats) -> Floats:
    """Uniform draws moved to the range from ``low`` to ``high``."""
    return low + (high - low) * draws


def whole_between(low: int, high: int, draws: Floats) -> Ints:
    """Uniform draws as whole numbers from ``low`` to ``high``, both included."""
    return np.minimum(low + np.floor((high - low + 1) * draws), high).astype(np.int64)


def pick(weights: Floats, draws: Floats) -> Ints:
    """The place in ``weights`` that each uniform draw falls on."""
    edges = np.cumsum(weights) / np.sum(weights)
    return np.minimum(np.searchsorted(edges, draws, side="right"), len(weights) - 1).astype(np.int64)


def _salt(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * _MIX_A
    state = (state ^ (state >> np.uint64(27))) * _MIX_B
    return state ^ (state >> np.uint64(31))
