"""Markov removal effects, solved exactly: no simulation, and one inverse for all keys.

States are the last ``order`` keys of a journey (fewer at its beginning). With Q the transitions between states, r the
step into an outcome and s the first step, N = (I − Q)⁻¹, h = N r and P = s·h (the base rate). Removing a key sends
every journey that meets it to "no outcome". With A the states whose last key is c, the effect is
``RE_c = (sN)_A (N_AA)⁻¹ h_A / P``, for order 1 ``(sN)_c / N_cc · h_c / P`` (Anderl et al. 2016).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fourfold.evidence.paths import Codes, Floats, Ints, Paths, added
from fourfold.evidence.types import EvidenceError

MAX_STATES = 3000
MAX_REPLICATED_STATES = 400
_FEW_CELLS = 4_000_000
"""Cells of a table by bucket in which transitions that were never made may stand too."""
_MEMORY = 4_000_000
"""Cells of a chunk of matrices solved at once."""


@dataclass(frozen=True, eq=False)
class Chain:
    """The counted chain. States 0 … S − 1; from-code S is the start, to-code S an outcome, S + 1 none.

    ``last_key``: (S,) last key of each state. ``origin``, ``target``: (E,) transitions. ``counts``: (buckets, E) how
    often each was made, by the bucket of the journey; a single row where journeys have no bucket. ``keys``: K.
    """

    last_key: Ints
    origin: Ints
    target: Ints
    counts: Floats
    keys: int


def _states(paths: Paths, order: int) -> tuple[Codes, Ints]:
    """(L,) state of each touch, densely numbered, and (S,) the last key of each state."""
    if order == 1:
        narrow = paths.narrowed()
        code = {key: number for number, key in enumerate(paths.keys)}
        return narrow.steps, np.array([code[key] for key in narrow.keys], dtype=np.int64)
    place = np.arange(len(paths.steps)) - np.repeat(paths.starts[:-1], paths.lengths)
    steps = paths.steps.astype(np.int64)
    code_of, base = steps.copy(), len(paths.keys) + 1
    for back in range(1, order):
        earlier = np.zeros_like(code_of)
        reach = place >= back
        earlier[reach] = steps[np.flatnonzero(reach) - back] + 1  # 0 where the journey is shorter
        _, code_of = np.unique(code_of + earlier * max(int(code_of.max(initial=0)) + 1, base), return_inverse=True)
    unique, first_seen, state = np.unique(code_of, return_index=True, return_inverse=True)
    return state, steps[first_seen] if len(unique) else np.zeros(0, dtype=np.int64)


def chain(paths: Paths, order: int, *, collapse: bool = False) -> Chain:
    """Count the chain of ``order`` over the journeys that have touches; ``collapse``: repeats in a row count once."""
    if order < 1:
        raise EvidenceError(
            f"The Markov chain of order {order} was not computed.",
            "The order is how many touches back a step remembers.",
            "Give --order 1 or more.",
        )
    if collapse and order > 1:
        paths = paths.collapsed()
    state, last_key = _states(paths, order)
    size = len(last_key)
    if size > MAX_STATES:
        raise EvidenceError(
            f"The Markov chain of order {order} was not computed.",
            f"It has {size:,} states; up to {MAX_STATES:,} are solved exactly.",
            "Choose a lower order, or a dimension with fewer keys.",
        )
    cells = (size + 1) * (size + 2)
    buckets = 1 if paths.bucket is None else int(paths.bucket.max(initial=0)) + 1
    made = np.arange(cells)
    if cells * buckets > _FEW_CELLS:
        made = np.flatnonzero(_counts(paths, state, size, made, buckets=0, collapse=collapse)[0])
    counts = _counts(paths, state, size, made, buckets=buckets, collapse=collapse)
    return Chain(last_key, made // (size + 2), made % (size + 2), counts, len(paths.keys))


def _counts(paths: Paths, state: Codes, size: int, made: Ints, *, buckets: int, collapse: bool) -> Floats:
    """(buckets, E) how often the transitions ``made`` were made; 0 ``buckets``: all in one row, made or not."""
    width, edges = size + 2, len(made)
    number = np.zeros((size + 1) * width, dtype=np.int64)
    number[made] = np.arange(edges)
    table = np.zeros(max(buckets, 1) * edges)
    everyone = paths.outcomes + paths.nulls
    for first, after in paths.pieces():
        lengths = paths.lengths[first:after]
        filled = np.flatnonzero(lengths)
        ends = np.cumsum(lengths[filled])
        here = state[paths.starts[first] : paths.starts[after]].astype(np.int64)
        within = np.ones(len(here), dtype=np.bool_)
        within[ends - 1] = False
        if collapse:  # of order 1 a step from a state to itself changes no effect
            within[:-1] &= here[1:] != here[:-1]
        row = first + filled
        bucket = np.zeros(len(row), dtype=np.int64) if buckets < 2 or paths.bucket is None else paths.bucket[row]
        at = np.flatnonzero(within)
        journey = np.repeat(np.arange(len(filled)), lengths[filled])[at]
        for of, cell, weight in (
            (bucket[journey], here[at] * width + here[at + 1], everyone[row][journey]),
            (bucket, size * width + here[ends - lengths[filled]], everyone[row]),
            (bucket, here[ends - 1] * width + size, paths.outcomes[row]),
            (bucket, here[ends - 1] * width + size + 1, paths.nulls[row]),
        ):
            table += added(of * edges + number[cell], weight, len(table))
    return table.reshape(-1, edges)


def _matrices(counts: Floats, chain: Chain) -> tuple[Floats, Floats, Floats]:
    """(R, E) counts → start (R, S), Q (R, S, S) and outcome probability (R, S)."""
    size = len(chain.last_key)
    table = np.zeros((len(counts), size + 1, size + 2))
    table[:, chain.origin, chain.target] = counts
    total = table.sum(axis=2, keepdims=True)
    probability = np.divide(table, total, out=np.zeros_like(table), where=total > 0)
    return probability[:, size, :size], probability[:, :size, :size], probability[:, :size, size]


def _effects(counts: Floats, chain: Chain) -> tuple[Floats, Floats]:
    """(R, E) counts → base rate (R,) and removal effects (R, K)."""
    start, inside, wins = _matrices(counts, chain)
    size = len(chain.last_key)
    inverse = np.linalg.inv(np.eye(size) - inside)
    visits = np.einsum("rs,rst->rt", start, inverse)
    reach = np.einsum("rst,rt->rs", inverse, wins)
    base = np.einsum("rs,rs->r", start, reach)
    effects = np.zeros((len(counts), chain.keys))
    for key in range(chain.keys):
        member = np.flatnonzero(chain.last_key == key)
        if not len(member):
            continue
        block = inverse[:, member[:, None], member[None, :]]
        first_hit = np.linalg.solve(np.swapaxes(block, 1, 2), visits[:, member, None])[..., 0]
        effects[:, key] = np.einsum("ra,ra->r", first_hit, reach[:, member])
    effects = np.divide(effects, base[:, None], out=np.zeros_like(effects), where=base[:, None] > 0)
    return base, np.clip(effects, 0.0, 1.0)


def removal_effects(chain: Chain) -> tuple[float, Floats]:
    """The base rate and the (K,) removal effects of all keys, each between 0 and 1."""
    if not len(chain.last_key):
        return 0.0, np.zeros(chain.keys)
    base, effects = _effects(chain.counts.sum(axis=0, keepdims=True), chain)
    return float(base[0]), effects[0]


def replicated_shares(chain: Chain, weights: Floats) -> Floats | None:
    """(R, K) shares under ``weights`` (R, buckets); None when the chain is too large to be solved so often."""
    size, buckets = len(chain.last_key), len(chain.counts)
    if size > MAX_REPLICATED_STATES:
        return None
    answers = []
    per_chunk = max(1, _MEMORY // (size + 2) ** 2)
    for at in range(0, len(weights), per_chunk):
        _, effects = _effects(weights[at : at + per_chunk, :buckets] @ chain.counts, chain)
        answers.append(to_shares(effects))
    return np.concatenate(answers)


def to_shares(effects: Floats) -> Floats:
    """(…, K) removal effects normalised to shares."""
    total = effects.sum(axis=-1, keepdims=True)
    return np.divide(effects, total, out=np.full_like(effects, np.nan), where=total > 0)
