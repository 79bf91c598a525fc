"""Intervals of shares, made to hold at agency size; below it a Refusal. Changes of totals are in changes.py.

The resampling unit (organisation or person) is hashed into 1,024 buckets, and buckets are drawn with replacement.
Plain percentile intervals cover far too little with few outcomes. Methods that share each journey by itself get the
bootstrap-t on the log-odds scale (DiCiccio and Efron 1996), each bound no nearer than Student's t with the effective
number of units as degrees of freedom: heavy fees that were not seen widen the one but not the other. Methods that look
at all journeys together get Student's t on the log-odds scale with the bootstrap's spread. The sizes below which both
refuse come from the coverage grid (benchmarks/attribution_coverage.py).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import stats

from fourfold.evidence.paths import Floats
from fourfold.evidence.types import Estimate, IntervalSettings, Method, Refusal

MIN_EFFECTIVE = 15.0
"""Effective number of independent units that credit a key, and that credit others, for per-journey methods."""
MIN_EFFECTIVE_MODEL = 20.0
"""The same for Markov."""
MIN_EFFECTIVE_RATE = 100.0
"""The same for the rate game, whose values lean on rare sets of keys."""
_MOST_LOST = 0.02
"""Replicates that may fail (a key without credit) before the interval is refused."""


@lru_cache(maxsize=4)
def replicate_weights(groups: int, replicates: int, seed: int) -> Floats:
    """(replicates, groups) how often each group is drawn; each row sums to ``groups``."""
    random = np.random.default_rng((seed, groups))
    weights = random.multinomial(groups, np.full(groups, 1.0 / groups), size=replicates).astype(np.float64)
    weights.flags.writeable = False
    return weights


def effective(amounts: Floats) -> Floats:
    """(G, K) amounts by group → (K,) effective number of equal groups: (Σ a)² / Σ a² (Kish)."""
    squares = (amounts**2).sum(axis=0)
    return np.divide(amounts.sum(axis=0) ** 2, squares, out=np.zeros_like(squares), where=squares > 0)


def share_intervals(
    credit: Floats, total: Floats, *, keys: tuple[str, ...], settings: IntervalSettings, method: Method
) -> dict[str, Estimate | Refusal]:
    """The share of ``total`` that each key is credited with, by key.

    ``credit``: (B, K) by bucket; ``total``: (B,) by bucket. Studentised bootstrap on the log-odds scale.
    """
    filled = (total != 0) | (credit != 0).any(axis=1)
    credit, total = credit[filled], total[filled]
    have = np.minimum(effective(credit), effective(total[:, None] - credit))
    answers: dict[str, Estimate | Refusal] = {
        key: _too_few(key, have[number], MIN_EFFECTIVE) for number, key in enumerate(keys)
    }
    able = np.flatnonzero((have >= MIN_EFFECTIVE) & (credit.sum(axis=0) > 0) & (total.sum() > credit.sum(axis=0)))
    if not len(able):
        return answers
    lower, upper, lost = _studentised(credit[:, able], total, have[able], settings)
    share = credit[:, able].sum(axis=0) / total.sum()
    for at, number in enumerate(able):
        if lost[at] <= _MOST_LOST:
            answers[keys[number]] = Estimate(
                float(share[at]), float(lower[at]), float(upper[at]), int(np.count_nonzero(filled)), method
            )
    return answers


def _studentised(
    credit: Floats, total: Floats, have: Floats, settings: IntervalSettings
) -> tuple[Floats, Floats, Floats]:
    """Bounds of Σ credit / Σ total (K,), and the part of replicates that failed (K,). ``have``: effective units."""
    groups = len(total)
    weights = replicate_weights(groups, settings.replicates, settings.seed)

    sums = np.hstack((total[:, None], total[:, None] ** 2, credit, credit**2, credit * total[:, None]))
    width = credit.shape[1]

    def fitted(w: Floats) -> tuple[Floats, Floats]:
        drawn = w @ sums
        whole, squares = drawn[:, :1], drawn[:, 1:2]
        own, own_squares, crossed = (drawn[:, 2 + at * width : 2 + (at + 1) * width] for at in range(3))
        share = own / whole
        spread = own_squares - 2 * share * crossed + share**2 * squares
        error = np.sqrt(np.maximum(spread, 0.0) * groups / (groups - 1)) / np.abs(whole)
        with np.errstate(divide="ignore", invalid="ignore"):
            odds = np.log(share / (1 - share))
            return odds, error / (share * (1 - share))

    with np.errstate(divide="ignore", invalid="ignore"):
        odds, error = fitted(np.ones((1, groups)))
        drawn, drawn_error = fitted(weights)
        t = (drawn - odds) / drawn_error
    t[~np.isfinite(t)] = np.nan
    lost = np.isnan(t).mean(axis=0)
    tail = (1 - settings.level) / 2
    high, low = np.nanquantile(np.where(lost == 1, 0.0, t), [1 - tail, tail], axis=0)
    least = stats.t.ppf(1 - tail, np.maximum(have - 1, 1))
    high, low = np.maximum(high, least), np.minimum(low, -least)
    return _share(odds[0] - high * error[0]), _share(odds[0] - low * error[0]), lost


def _share(odds: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-odds))


def model_intervals(
    share: Floats,
    replicated: Floats,
    have: Floats,
    *,
    keys: tuple[str, ...],
    groups: int,
    settings: IntervalSettings,
    method: Method,
) -> dict[str, Estimate | Refusal]:
    """The same for methods that are refitted per replicate: ``share`` (K,), ``replicated`` (R, K), ``have`` (K,)."""
    answers: dict[str, Estimate | Refusal] = {}
    need = MIN_EFFECTIVE_RATE if method == Method.SHAPLEY_RATE else MIN_EFFECTIVE_MODEL
    for number, key in enumerate(keys):
        drawn = replicated[:, number]
        usable = drawn[(drawn > 0) & (drawn < 1)]
        enough = have[number] >= need and 0 < share[number] < 1
        if not enough or len(usable) < (1 - _MOST_LOST) * len(drawn):
            answers[key] = _too_few(key, have[number], need)
            continue
        odds = np.log(share[number] / (1 - share[number]))
        error = np.log(usable / (1 - usable)).std(ddof=1)
        reach = float(stats.t.ppf(0.5 + settings.level / 2, max(have[number] - 1, 1))) * error
        lower, upper = _share(np.array([odds - reach, odds + reach]))
        answers[key] = Estimate(float(share[number]), float(lower), float(upper), groups, method)
    return answers


def _too_few(key: str, have: float, need: float) -> Refusal:
    return Refusal(
        reason=f"Too few independent outcomes to bound the share of {key}.",
        have=round(float(have), 1),
        need=need,
        about=key,
    )
