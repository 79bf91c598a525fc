"""How right each method was where the truth is known: the last answer of benchmarks/accuracy.py, as it is shipped.

Standard library only, so that a page may read it without loading what computes it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

CALIBRATED = "calibrated"
"""The house method, corrected by experiments."""
VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodScore:
    """One method in one world, mean over the houses. Parts are 0 to 1.

    ``error``: money credited wrongly for each unit of money that marketing caused; ``error_low`` and ``error_high``
    are the best and the worst house. ``share``: part of the caused money on the wrong channel. ``signs``: channels
    judged to pay that don't, or the other way round. ``covered``: channels whose truth lies within the method's range
    (None: it gave none). ``refused``: channels without a range. ``won``: of what moving budget could gain at best,
    what following the method gains; below 0 it loses.
    """

    method: str
    error: float
    error_low: float
    error_high: float
    share: float
    signs: float
    covered: float | None
    refused: float
    won: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTruth:
    """What a channel caused in net fees (whole units), with the simulation's standard error."""

    channel: str
    caused: float
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldAccuracy:
    """One world: its truth, and how near each method comes. ``credited`` by method, then channel."""

    world: str
    name: str
    people: int
    placements: float
    net_fees: float
    confounded: bool
    why: str
    truth: tuple[ChannelTruth, ...]
    methods: tuple[MethodScore, ...]
    credited: dict[str, dict[str, float]]

    def score(self, method: str) -> MethodScore:
        """Raises KeyError."""
        for one in self.methods:
            if one.method == method:
                return one
        raise KeyError(method)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """The whole published grid. ``houses`` were simulated for each world."""

    measured_on: date
    houses: int
    seed: int
    worlds: tuple[WorldAccuracy, ...]


@lru_cache(maxsize=1)
def accuracy() -> Accuracy:
    """The shipped answer. Raises ValueError for a file of another version."""
    text = resources.files("fourfold.evidence.world").joinpath("accuracy.json").read_text("utf-8")
    return read_accuracy(json.loads(text))


def read_accuracy(values: dict[str, Any]) -> Accuracy:
    """From plain JSON values. Raises ValueError for another version of the format."""
    if values.get("version") != VERSION:
        raise ValueError(f"accuracy of version {values.get('version')}, this reads {VERSION}")
    return Accuracy(
        measured_on=date.fromisoformat(values["date"]),
        houses=values["houses"],
        seed=values["seed"],
        worlds=tuple(_world(one) for one in values["worlds"]),
    )


def _world(values: dict[str, Any]) -> WorldAccuracy:
    plain = ("world", "name", "people", "placements", "net_fees", "confounded", "why", "credited")
    return WorldAccuracy(
        **{name: values[name] for name in plain},
        truth=tuple(ChannelTruth(**one) for one in values["truth"]),
        methods=tuple(MethodScore(**one) for one in values["methods"]),
    )
