"""Markov removal effects, solved exactly: no simulation, and one inverse for all keys.

States are the last ``order`` keys of a journey (fewer at its beginning). With Q the transitions between states, r the
step into an outcome and s the first step, N = (I − Q)⁻¹, h = N r and P = s·h (the base rate). Removing a key sends
every journey that meets it to "no outcome". With A the states whose last key is c, the effect is
``RE_c = (sN)_A (N_AA)⁻¹ h_A / P``, for order 1 ``(sN)_c / N_cc · h_c / P`` (Anderl et al. 2016).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fourfold.evidence.paths import Floats, Ints, Paths, added
from fourfold.evidence.types import EvidenceError

MAX_STATES = 3000
MAX_REPLICATED_STATES = 400
_FEW_STATES = 30
_MEMORY = 4_000_000
"""Cells of a chunk of matrices solved at once."""


@dataclass(frozen=True, eq=False)
class Chain:
    """The counted chain. States 0 … S − 1; from-code S is the start, to-code S an outcome, S + 1 none.

    ``last_key``: (S,) last key of each state. ``origin``, ``target``: (E,) observed transitions. ``step_edge``: the
    transition of every counted step, ``step_row`` its journey, ``step_weight`` how often the journey was made.
    """

    last_key: Ints
    origin: Ints
    target: Ints
    step_edge: Ints
    step_row: Ints
    step_weight: Floats


def _states(paths: Paths, order: int) -> tuple[Ints, Ints]:
    """(L,) state of each touch, densely numbered, and (S,) the last key of each state."""
    if order == 1:  # the keys themselves, without sorting them
        present = np.flatnonzero(np.bincount(paths.steps, minlength=len(paths.keys)))
        number = np.zeros(len(paths.keys), dtype=np.int64)
        number[present] = np.arange(len(present))
        return number[paths.steps], present
    place = np.arange(len(paths.steps)) - np.repeat(paths.starts[:-1], paths.lengths)
    code = paths.steps.copy()
    base = len(paths.keys) + 1
    for back in range(1, order):
        earlier = np.zeros_like(code)
        reach = place >= back
        earlier[reach] = paths.steps[np.flatnonzero(reach) - back] + 1  # 0 where the journey is shorter
        _, code = np.unique(code + earlier * max(int(code.max(initial=0)) + 1, base), return_inverse=True)
    unique, first_seen, state = np.unique(code, return_index=True, return_inverse=True)
    return state, paths.steps[first_seen] if len(unique) else np.zeros(0, dtype=np.int64)


def chain(paths: Paths, order: int) -> Chain:
    """Count the chain of ``order`` over the journeys that have touches."""
    if order < 1:
        raise EvidenceError(
            f"The Markov chain of order {order} was not computed.",
            "The order is how many touches back a step remembers.",
            "Give --order 1 or more.",
        )
    state, last_key = _states(paths, order)
    size = len(last_key)
    if size > MAX_STATES:
        raise EvidenceError(
            f"The Markov chain of order {order} was not computed.",
            f"It has {size:,} states; up to {MAX_STATES:,} are solved exactly.",
            "Choose a lower order, or a dimension with fewer keys.",
        )
    rows = paths.rows
    filled = np.flatnonzero(~paths.is_empty)
    first, last = paths.starts[:-1][filled], paths.starts[1:][filled] - 1
    inner = np.flatnonzero(rows[1:] == rows[:-1])
    everyone = paths.outcomes + paths.nulls
    origin = np.concatenate((np.full(len(filled), size), state[inner], state[last], state[last]))
    win, lose = np.full(len(filled), size), np.full(len(filled), size + 1)
    target = np.concatenate((state[first], state[inner + 1], win, lose))
    row = np.concatenate((filled, rows[inner], filled, filled))
    weight = np.concatenate((everyone[filled], everyone[rows[inner]], paths.outcomes[filled], paths.nulls[filled]))
    cell = origin * (size + 2) + target
    if size <= _FEW_STATES:  # all transitions, without sorting those that were made
        edge, step_edge = np.arange((size + 1) * (size + 2)), cell
    else:
        edge, step_edge = np.unique(cell, return_inverse=True)
    return Chain(last_key, edge // (size + 2), edge % (size + 2), step_edge, row, weight)


def _matrices(counts: Floats, chain: Chain) -> tuple[Floats, Floats, Floats]:
    """(R, E) counts → start (R, S), Q (R, S, S) and outcome probability (R, S)."""
    size = len(chain.last_key)
    table = np.zeros((len(counts), size + 1, size + 2))
    table[:, chain.origin, chain.target] = counts
    total = table.sum(axis=2, keepdims=True)
    probability = np.divide(table, total, out=np.zeros_like(table), where=total > 0)
    return probability[:, size, :size], probability[:, :size, :size], probability[:, :size, size]


def _effects(counts: Floats, chain: Chain, keys: int) -> tuple[Floats, Floats]:
    """(R, E) counts → base rate (R,) and removal effects (R, K)."""
    start, inside, wins = _matrices(counts, chain)
    size = len(chain.last_key)
    inverse = np.linalg.inv(np.eye(size) - inside)
    visits = np.einsum("rs,rst->rt", start, inverse)
    reach = np.einsum("rst,rt->rs", inverse, wins)
    base = np.einsum("rs,rs->r", start, reach)
    effects = np.zeros((len(counts), keys))
    for key in range(keys):
        member = np.flatnonzero(chain.last_key == key)
        if not len(member):
            continue
        block = inverse[:, member[:, None], member[None, :]]
        first_hit = np.linalg.solve(np.swapaxes(block, 1, 2), visits[:, member, None])[..., 0]
        effects[:, key] = np.einsum("ra,ra->r", first_hit, reach[:, member])
    effects = np.divide(effects, base[:, None], out=np.zeros_like(effects), where=base[:, None] > 0)
    return base, np.clip(effects, 0.0, 1.0)


def removal_effects(paths: Paths, order: int) -> tuple[float, Floats]:
    """The base rate and the (K,) removal effects of all keys, each between 0 and 1."""
    counted = chain(paths, order)
    if not len(counted.last_key):
        return 0.0, np.zeros(len(paths.keys))
    counts = added(counted.step_edge, counted.step_weight, len(counted.origin))
    base, effects = _effects(counts[None, :], counted, len(paths.keys))
    return float(base[0]), effects[0]


def replicated_shares(paths: Paths, order: int, weights: Floats) -> Floats | None:
    """(R, K) shares under ``weights`` (R, buckets); None when the chain is too large to be solved so often."""
    assert paths.bucket is not None
    counted = chain(paths, order)
    size, edges, buckets = len(counted.last_key), len(counted.origin), weights.shape[1]
    if size > MAX_REPLICATED_STATES:
        return None
    cell = paths.bucket[counted.step_row] * edges + counted.step_edge
    by_bucket = added(cell, counted.step_weight, buckets * edges).reshape(buckets, edges)
    answers = []
    per_chunk = max(1, _MEMORY // (size + 2) ** 2)
    for at in range(0, len(weights), per_chunk):
        _, effects = _effects(weights[at : at + per_chunk] @ by_bucket, counted, len(paths.keys))
        answers.append(to_shares(effects))
    return np.concatenate(answers)


def to_shares(effects: Floats) -> Floats:
    """(…, K) removal effects normalised to shares."""
    total = effects.sum(axis=-1, keepdims=True)
    return np.divide(effects, total, out=np.full_like(effects, np.nan), where=total > 0)
