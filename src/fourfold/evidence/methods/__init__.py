"""All methods behind one face: ``credit(paths, method, settings)``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from fourfold.evidence.methods import heuristics, markov, shapley
from fourfold.evidence.paths import Floats, Paths, added
from fourfold.evidence.types import Method, MethodSettings

Parts = Callable[[Paths, MethodSettings], Floats]

PER_JOURNEY: dict[Method, Parts] = {
    Method.FIRST: heuristics.first,
    Method.LAST: heuristics.last,
    Method.LAST_NON_DIRECT: heuristics.last_non_direct,
    Method.LINEAR: heuristics.linear,
    Method.TIME_DECAY: heuristics.time_decay,
    Method.POSITION: heuristics.position,
    Method.SHAPLEY: shapley.shares_of_distinct,
    Method.SHAPLEY_ORDERED: shapley.shares_of_distinct,
}


@dataclass(frozen=True, eq=False)
class Credit:
    """Credit by key, in outcomes and in money (both (K,)), and what fell to journeys without touches."""

    outcomes: Floats
    value: Floats | None
    none_outcomes: float
    none_value: float | None
    details: dict[str, Any] = field(default_factory=dict)


def parts(paths: Paths, method: Method, settings: MethodSettings) -> Floats:
    """(L,) what each touch gets of its journey, for methods that can tell it. Raises KeyError for the others."""
    return PER_JOURNEY[method](paths, settings)


def credit(paths: Paths, method: Method, settings: MethodSettings) -> Credit:
    """Share the outcomes and the money of ``paths`` over its keys.

    Credits and what fell to no key sum to the total. Raises EvidenceError where the method can't work on such paths.
    """
    keys = len(paths.keys)
    empty = paths.is_empty
    none_outcomes = float(paths.outcomes[empty].sum())
    none_value = None if paths.value is None else float(paths.value[empty].sum())
    if method in PER_JOURNEY:
        part, rows = parts(paths, method, settings), paths.rows
        outcomes = added(paths.steps, part * paths.outcomes[rows], keys)
        value = None
        if paths.value is not None:
            value = added(paths.steps, part * paths.value[rows], keys)
        details = {"positions": shapley.positions(paths)} if method is Method.SHAPLEY_ORDERED else {}
        return Credit(outcomes, value, none_outcomes, none_value, details)
    return scaled(paths, *fit(paths, method, settings).shares())


def scaled(paths: Paths, shares: Floats, details: dict[str, Any]) -> Credit:
    """Credit by given (K,) ``shares``: money follows the share."""
    empty = paths.is_empty
    shares = np.nan_to_num(shares)
    return Credit(
        outcomes=shares * paths.outcomes[~empty].sum(),
        value=None if paths.value is None else shares * paths.value[~empty].sum(),
        none_outcomes=float(paths.outcomes[empty].sum()),
        none_value=None if paths.value is None else float(paths.value[empty].sum()),
        details=details,
    )


class Model(Protocol):
    """A method that looks at all journeys together: they are counted once, then weighed anew for each replicate."""

    def shares(self) -> tuple[Floats, dict[str, Any]]:
        """(K,) shares, and what only this method reports."""

    def replicated(self, weights: Floats) -> Floats | None:
        """(R, K) shares under replicate ``weights`` (R, buckets); None where that would take too long."""


def fit(paths: Paths, method: Method, settings: MethodSettings) -> Model:
    """Count the journeys for a method that looks at all of them."""
    return Chained(paths, settings) if method is Method.MARKOV else Rated(paths, settings)


class Chained:
    """Markov's removal effects."""

    def __init__(self, paths: Paths, settings: MethodSettings) -> None:
        self._keys = paths.keys
        self._chain = markov.chain(paths, settings.order, collapse=settings.collapse)

    def shares(self) -> tuple[Floats, dict[str, Any]]:
        base, effects = markov.removal_effects(self._chain)
        named = {key: float(effect) for key, effect in zip(self._keys, effects, strict=True)}
        return markov.to_shares(effects), {"base_rate": base, "removal_effects": named}

    def replicated(self, weights: Floats) -> Floats | None:
        return markov.replicated_shares(self._chain, weights)


class Rated:
    """The rate game: exact to 12 keys, above that sampled."""

    def __init__(self, paths: Paths, settings: MethodSettings) -> None:
        self._paths, self._settings = paths, settings
        self._game = shapley.rate_game(paths) if len(paths.keys) <= shapley.EXACT_KEYS else None

    def shares(self) -> tuple[Floats, dict[str, Any]]:
        if self._game is not None:
            values, errors = shapley.exact_rate_values(self._game), None
        else:
            values, errors = shapley.sampled_rate_values(self._paths, self._settings)
        details: dict[str, Any] = {"values": dict(zip(self._paths.keys, map(float, values), strict=True))}
        if errors is not None:
            details["standard_errors"] = dict(zip(self._paths.keys, map(float, errors), strict=True))
        return shapley.to_shares(values), details

    def replicated(self, weights: Floats) -> Floats | None:
        return None if self._game is None else shapley.to_shares(shapley.exact_rate_values(self._game, weights))
