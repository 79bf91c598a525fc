"""Slow, plain definitions of every method, written from the textbook and sharing no line with the library."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import combinations, permutations
from typing import NamedTuple

from fourfold.evidence.types import Method


class Journey(NamedTuple):
    """Names in order, their age in days, which are direct web, and the weights."""

    names: tuple[str, ...]
    ages: tuple[float, ...]
    direct: tuple[bool, ...]
    outcomes: int
    nulls: int


def per_touch(journey: Journey, method: Method, half_life: float) -> list[float]:
    """What each touch of one journey gets, summing to 1."""
    names, size = journey.names, len(journey.names)
    if method is Method.FIRST:
        return [1.0] + [0.0] * (size - 1)
    if method is Method.LAST:
        return [0.0] * (size - 1) + [1.0]
    if method is Method.LAST_NON_DIRECT:
        chosen = [i for i in range(size) if not journey.direct[i]] or [size - 1]
        return [1.0 if i == chosen[-1] else 0.0 for i in range(size)]
    if method is Method.LINEAR:
        return [1 / size] * size
    if method is Method.TIME_DECAY:
        weights = [0.5 ** (age / half_life) for age in journey.ages]
        return [weight / sum(weights) for weight in weights]
    if method is Method.POSITION:
        if size <= 2:
            return [1 / size] * size
        return [0.4, *[0.2 / (size - 2)] * (size - 2), 0.4]
    different = set(names)
    return [1 / len(different) / names.count(name) for name in names]


def credit(journeys: list[Journey], method: Method, *, half_life: float = 7, order: int = 1) -> dict[str, float]:
    """Credit in outcomes by name; journeys without touches are left out."""
    journeys = [journey for journey in journeys if journey.names]
    keys = sorted({name for journey in journeys for name in journey.names})
    total = sum(journey.outcomes for journey in journeys)
    if method is Method.MARKOV:
        effects = removal_effects(journeys, keys, order)
    elif method is Method.SHAPLEY_RATE:
        values = shapley(keys, lambda inside: rate(journeys, inside))
        effects = {key: max(value, Fraction(0)) for key, value in values.items()}
    elif method in {Method.SHAPLEY, Method.SHAPLEY_ORDERED}:
        values = shapley(keys, lambda inside: worth(journeys, inside))
        return {key: float(value) for key, value in values.items()}
    else:
        answer: dict[str, float] = dict.fromkeys(keys, 0.0)
        for journey in journeys:
            for name, part in zip(journey.names, per_touch(journey, method, half_life), strict=True):
                answer[name] += part * journey.outcomes
        return answer
    whole = sum(effects.values())
    return {key: float(effect / whole) * total if whole else 0.0 for key, effect in effects.items()}


def worth(journeys: list[Journey], inside: frozenset[str]) -> Fraction:
    """The sum game."""
    return Fraction(sum(j.outcomes for j in journeys if set(j.names) <= inside))


def rate(journeys: list[Journey], inside: frozenset[str]) -> Fraction:
    """The rate game."""
    within = [j for j in journeys if set(j.names) <= inside] if inside else []
    everyone = sum(j.outcomes + j.nulls for j in within)
    return Fraction(sum(j.outcomes for j in within), everyone) if everyone else Fraction(0)


def shapley(keys: list[str], worth_of) -> dict[str, Fraction]:  # type: ignore[no-untyped-def]
    """Average marginal worth over all orders."""
    values = dict.fromkeys(keys, Fraction(0))
    orders = list(permutations(keys))
    known = {frozenset(s): worth_of(frozenset(s)) for n in range(len(keys) + 1) for s in combinations(keys, n)}
    for order in orders:
        for place, key in enumerate(order):
            before = frozenset(order[:place])
            values[key] += (known[before | {key}] - known[before]) / len(orders)
    return values


def removal_effects(journeys: list[Journey], keys: list[str], order: int) -> dict[str, Fraction]:
    """1 − P(outcome | key removed) / P(outcome), each chain solved by itself by elimination."""
    counts: dict[tuple, dict[object, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for journey in journeys:
        names = [name for i, name in enumerate(journey.names) if i == 0 or journey.names[i - 1] != name]
        weight = journey.outcomes + journey.nulls
        state: tuple = ()
        for name in names:
            following = (*state, name)[-order:]
            counts[state][following] += weight
            state = following
        counts[state]["win"] += journey.outcomes
        counts[state]["lose"] += journey.nulls
    base = chance(counts, removed=None)
    if not base:
        return dict.fromkeys(keys, Fraction(0))
    return {key: 1 - chance(counts, removed=key) / base for key in keys}


def chance(counts: dict, removed: str | None) -> Fraction:  # type: ignore[type-arg]
    """Chance to win from the start; who meets ``removed`` loses. Gauss-Jordan on fractions."""
    states = [state for state in counts if removed is None or removed not in state]
    place = {state: i for i, state in enumerate(states)}
    rows = []
    for state in states:
        total = sum(counts[state].values())
        row = [Fraction(0)] * (len(states) + 1)
        row[place[state]] += 1
        for target, count in counts[state].items():
            if not total:
                continue
            if target == "win":
                row[-1] += count / total
            elif target in place:
                row[place[target]] -= count / total
        rows.append(row)
    for column in range(len(states)):
        pivot = next(r for r in range(column, len(rows)) if rows[r][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [cell / rows[column][column] for cell in rows[column]]
        for r in range(len(rows)):
            if r != column and rows[r][column]:
                rows[r] = [a - rows[r][column] * b for a, b in zip(rows[r], rows[column], strict=True)]
    return rows[place[()]][-1]
