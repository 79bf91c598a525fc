"""Intervals of shares, made to hold at agency size; below it a Refusal. Changes of totals are in changes.py.

The resampling unit (organisation or person) is hashed into 1,024 buckets, and buckets are drawn with replacement.
Plain percentile intervals cover far too little with few outcomes. Methods that share each journey by itself get the
bootstrap-t on the log-odds scale (DiCiccio and Efron 1996), each bound no nearer than Student's t with as many degrees
of freedom as all units are worth units of equal fees.

Who refuses below a size answers above all where chance was kind: the samples with many units of a key and without a
huge fee. Two things mend that. The size is judged by what doesn't lean on the key's own luck (``independent``: units
counted without their fees, divided by the tail of all fees, seen or, if lognormal, still to be expected). And the
bound on the side of the refusal is made given that there was an answer (``_if_answered``). Methods that look at all
journeys together get the same with the bootstrap's spread. The sizes come from the coverage grid
(benchmarks/attribution_coverage.py).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import special, stats

from fourfold.evidence.paths import Flags, Floats
from fourfold.evidence.types import Estimate, IntervalSettings, Method, Refusal

MIN_UNITS = 35
"""Units (organisations, persons) in all, below which nothing is bounded."""
MIN_EFFECTIVE = 5.0
"""Independent units that credit a key, and that credit others, for per-journey methods."""
MIN_EFFECTIVE_MODEL = 20.0
"""The same for Markov."""
MIN_EFFECTIVE_RATE = 100.0
"""The same for the rate game, whose values lean on rare sets of keys. Only the coverage grid asks for it."""
NOT_PROVEN = frozenset({Method.SHAPLEY_RATE})
"""Methods whose intervals don't cover what they claim over the whole grid: they give none."""
_NEED = {Method.MARKOV: MIN_EFFECTIVE_MODEL, Method.SHAPLEY_RATE: MIN_EFFECTIVE_RATE}
_GIVEN_AN_ANSWER = 3.0
"""Chance that a bound made given an answer may miss, in units of (1 - level). The other bound then hardly misses."""
_SMALLEST = 0.01
"""Units below this part of the mean unit count as this part: credit notes leave crumbs that say nothing of the tail."""
_FURTHEST, _STEPS = 12.0, 30
_MOST_LOST = 0.02
"""Replicates that may fail (a key without credit) before the interval is refused."""


@lru_cache(maxsize=4)
def replicate_weights(groups: int, replicates: int, seed: int) -> Floats:
    """(replicates, groups) how often each group is drawn; each row sums to ``groups``."""
    random = np.random.default_rng((seed, groups))
    drawn = random.integers(0, groups, (replicates, groups)) + groups * np.arange(replicates)[:, None]
    weights = np.bincount(drawn.ravel(), minlength=replicates * groups).reshape(replicates, groups).astype(np.float64)
    weights.flags.writeable = False
    return weights


def effective(amounts: Floats) -> Floats:
    """(G, K) amounts by group → (K,) effective number of equal groups: (Σ a)² / Σ a² (Kish)."""
    squares = (amounts**2).sum(axis=0)
    return np.divide(amounts.sum(axis=0) ** 2, squares, out=np.zeros_like(squares), where=squares > 0)


def independent(credit: Floats, total: Floats) -> tuple[Floats, Floats]:
    """(K,) independent units that credit each key, and that credit the others.

    ``credit``: (B, K), ``total``: (B,) by unit. A unit counts by the part of it that goes to the key, whatever its
    fee; the count is divided by what unequal fees cost. None where there are fewer than ``MIN_UNITS`` units at all.
    """
    used = total > 0
    if np.count_nonzero(used) < MIN_UNITS:
        return np.zeros(credit.shape[1]), np.zeros(credit.shape[1])
    amount = total[used]
    part = np.clip(credit[used] / amount[:, None], 0.0, 1.0)
    cost = cost_of_unequal(amount)
    return effective(part) / cost, effective(1 - part) / cost


def cost_of_unequal(amount: Floats) -> float:
    """How many positive amounts are worth one of equal ones: 1 + the squared coefficient of variation.

    As seen, or as a lognormal with their spread would have it, whichever is more: with few amounts the largest of
    their kind was often not seen.
    """
    seen = len(amount) / float(effective(amount[:, None])[0])
    return max(seen, float(np.exp(np.log(np.maximum(amount, _SMALLEST * amount.mean())).var(ddof=1))))


def share_intervals(
    credit: Floats, total: Floats, *, keys: tuple[str, ...], settings: IntervalSettings, method: Method
) -> dict[str, Estimate | Refusal]:
    """The share of ``total`` that each key is credited with, by key.

    ``credit``: (B, K) by bucket; ``total``: (B,) by bucket. Studentised bootstrap on the log-odds scale.
    """
    filled = (total != 0) | (credit != 0).any(axis=1)
    credit, total = credit[filled], total[filled]
    own, others = independent(credit, total)
    have = np.minimum(own, others)
    units = int(np.count_nonzero(total > 0))
    if units < MIN_UNITS:
        reason = "Too few organisations or people with an outcome to bound the share of"
        return {key: Refusal(f"{reason} {key}.", units, MIN_UNITS, key) for key in keys}
    answers: dict[str, Estimate | Refusal] = {
        key: _too_few(key, have[number], MIN_EFFECTIVE) for number, key in enumerate(keys)
    }
    able = np.flatnonzero((have >= MIN_EFFECTIVE) & (credit.sum(axis=0) > 0) & (total.sum() > credit.sum(axis=0)))
    if not len(able):
        return answers
    lower, upper, lost = _studentised(credit[:, able], total, (own[able], others[able]), settings)
    share = credit[:, able].sum(axis=0) / total.sum()
    for at, number in enumerate(able):
        if lost[at] <= _MOST_LOST:
            answers[keys[number]] = Estimate(
                float(share[at]), float(lower[at]), float(upper[at]), int(np.count_nonzero(filled)), method
            )
    return answers


def _studentised(
    credit: Floats, total: Floats, have: tuple[Floats, Floats], settings: IntervalSettings
) -> tuple[Floats, Floats, Floats]:
    """Bounds of Σ credit / Σ total (K,), and the part of replicates that failed (K,). ``have``: as ``independent``."""
    groups, keys = credit.shape
    weights = replicate_weights(groups, settings.replicates, settings.seed)
    moments = np.column_stack((credit, credit**2, credit * total[:, None], total, total**2))

    def fitted(sums: Floats) -> tuple[Floats, Floats]:
        of_key, squares, cross = sums[:, :keys], sums[:, keys : 2 * keys], sums[:, 2 * keys : 3 * keys]
        whole = sums[:, -2:-1]
        share = of_key / whole
        spread = squares - 2 * share * cross + share**2 * sums[:, -1:]
        error = np.sqrt(np.maximum(spread, 0.0) * groups / (groups - 1)) / np.abs(whole)
        odds = np.log(share / (1 - share))
        return odds, error / (share * (1 - share))

    with np.errstate(divide="ignore", invalid="ignore"):
        odds, error = fitted(moments.sum(axis=0)[None, :])
        drawn, drawn_error = fitted(weights @ moments)
        t = (drawn - odds) / drawn_error
    t[~np.isfinite(t)] = np.nan
    lost = np.isnan(t).mean(axis=0)
    tail = (1 - settings.level) / 2
    high, low = np.nanquantile(np.where(lost == 1, 0.0, t), [1 - tail, tail], axis=0)
    paid = total[total > 0]
    least = float(stats.t.ppf(1 - tail, max(len(paid) / cost_of_unequal(paid) - 1, 1)))
    reach = np.maximum(high, least) * error[0], np.maximum(-low, least) * error[0]
    lower, upper = _if_answered(reach, error[0], have, MIN_EFFECTIVE, settings.level)
    return _share(odds[0] - lower), _share(odds[0] + upper), lost


def _if_answered(
    reach: tuple[Floats, Floats], error: Floats, have: tuple[Floats, Floats], need: float, level: float
) -> tuple[Floats, Floats]:
    """How far the bounds reach below and above the log-odds, given that there was an answer (selective inference).

    The information at hand is that of m = 1 / error² counted units. A key would have been refused with fewer than
    need / have of them, so the least mean μ is the one with P(count ≥ m) / P(count ≥ m · need / have) = the chance to
    miss, counts Poisson of mean μ. The further the size is from refusal, the less this adds.
    """
    chance = _GIVEN_AN_ANSWER * (1 - level)
    count = 1 / np.maximum(error, 1e-6) ** 2
    return (
        np.maximum(reach[0], _reach_if_answered(count, count * need / have[0], chance)),
        np.maximum(reach[1], _reach_if_answered(count, count * need / have[1], chance)),
    )


def _reach_if_answered(count: Floats, needed: Floats, chance: float) -> Floats:
    """log(count / μ), by bisection; at most ``_FURTHEST`` (which is a share of nothing)."""
    near, far = np.zeros_like(count), np.full_like(count, _FURTHEST)
    for _ in range(_STEPS):
        middle = (near + far) / 2
        mean = count * np.exp(-middle)
        answered = special.gammainc(needed, mean)
        more = special.gammainc(count, mean) > chance * answered  # gammainc(a, μ) = P(Poisson(μ) ≥ a)
        near, far = np.where(more, middle, near), np.where(more, far, middle)
    return far


def _share(odds: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-odds))


def refused_unproven(method: Method) -> Refusal | None:
    """Why a method gives no interval at all, whatever its size; None where the grid holds."""
    if method not in NOT_PROVEN:
        return None
    return Refusal("No interval: the coverage of this method's ranges is not proven.", about="interval")


def is_too_few(have: tuple[Floats, Floats], method: Method) -> Flags:
    """(K,) whether ``model_intervals`` refuses, whatever the replicates say."""
    return np.minimum(*have) < _NEED[method]


def model_intervals(
    share: Floats,
    replicated: Floats,
    have: tuple[Floats, Floats],
    *,
    keys: tuple[str, ...],
    groups: int,
    settings: IntervalSettings,
    method: Method,
) -> dict[str, Estimate | Refusal]:
    """For methods refitted per replicate: ``share`` (K,), ``replicated`` (R, K), ``have`` as ``independent``."""
    answers: dict[str, Estimate | Refusal] = {}
    need, few = _NEED[method], is_too_few(have, method)
    for number, key in enumerate(keys):
        drawn = replicated[:, number]
        usable = drawn[(drawn > 0) & (drawn < 1)]
        own, others = have[0][number], have[1][number]
        if few[number] or not 0 < share[number] < 1 or len(usable) < (1 - _MOST_LOST) * len(drawn):
            answers[key] = _too_few(key, min(own, others), need)
            continue
        odds = np.log(share[number] / (1 - share[number]))
        error = np.log(usable / (1 - usable)).std(ddof=1, keepdims=True)
        reach = float(stats.t.ppf(0.5 + settings.level / 2, max(min(own, others) - 1, 1))) * error
        lower, upper = _if_answered((reach, reach), error, (np.array([own]), np.array([others])), need, settings.level)
        low, high = float(_share(odds - lower)[0]), float(_share(odds + upper)[0])
        answers[key] = Estimate(float(share[number]), low, high, groups, method)
    return answers


def _too_few(key: str, have: float, need: float) -> Refusal:
    return Refusal(
        reason=f"Too few independent outcomes to bound the share of {key}.",
        have=round(float(have), 1),
        need=need,
        about=key,
    )
