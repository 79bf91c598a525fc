"""What a randomised experiment showed at its fixed horizon. Everyone drawn counts (intention to treat).

Rates: Wilson interval of an arm, Newcombe's interval of a difference (1998, method 10), score-test p. Means: t interval
of an arm; of a difference Welch's interval, but only with 100 converters in the smaller arm, because with few and
skewed values it alarms falsely; p by a randomisation test for skewed values. ``compare_all`` adjusts p by Holm (1979).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

import numpy as np
from scipy import stats

from fourfold.evidence.paths import Floats, Ints
from fourfold.evidence.types import (
    Arm,
    ArmMetric,
    Comparison,
    EvidenceError,
    ExperimentResult,
    Refusal,
    SampleRatio,
)

MIN_CONVERTERS = 100
"""People with a value that the smaller arm can expect: those of both arms, by its part of the people."""
MIN_ARM = 10
ALARM = 0.01
DRAWS = 10_000
SKEWED = 1.0
"""Absolute skewness of the pooled values above which p comes from a randomisation test."""
MOST_DRAWN = 5_000
"""Values that are not zero, above which Welch's p stands for the randomisation test's: they agree."""

Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Design:
    """How the experiment was drawn and what is compared. ``shares`` by arm; None: evenly."""

    arm: str
    control: str
    rates: tuple[str, ...] = ()
    means: tuple[str, ...] = ()
    compare_all: bool = False
    shares: Mapping[str, float] | None = None
    level: float = 0.95
    seed: int = 1
    draws: int = DRAWS


def draw(unit: str, experiment: str, shares: Mapping[str, float]) -> str:
    """The arm of ``unit`` (a person, an organisation or a job) in ``experiment``: the same answer for ever.

    ``shares`` by arm in the order they were agreed; they sum to 1. The hash of experiment and unit is a number in
    [0, 1); the arm whose share it falls into is drawn. Raises ValueError when the shares do not sum to 1.
    """
    if abs(sum(shares.values()) - 1) > 1e-9:
        raise ValueError(f"the shares of the arms sum to {sum(shares.values())}, not to 1")
    digest = blake2b(f"{experiment}\x1f{unit}".encode(), digest_size=8).digest()
    place = int.from_bytes(digest, "big") / 2**64
    reach = 0.0
    for arm, share in shares.items():
        reach += share
        if place < reach:
            return arm
    return list(shares)[-1]


def wilson(successes: float, n: int, level: float = 0.95) -> Bounds:
    """Wilson's score interval of a rate."""
    z = float(stats.norm.ppf(0.5 + level / 2))
    rate = successes / n
    centre = (rate + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * np.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, float(centre - reach)), min(1.0, float(centre + reach))


def newcombe(treated: tuple[float, int], control: tuple[float, int], level: float = 0.95) -> Bounds:
    """Newcombe's interval of the difference treated − control of two rates, each (successes, n)."""
    (x1, n1), (x0, n0) = treated, control
    p1, p0 = x1 / n1, x0 / n0
    (l1, u1), (l0, u0) = wilson(x1, n1, level), wilson(x0, n0, level)
    lower = p1 - p0 - np.sqrt((p1 - l1) ** 2 + (u0 - p0) ** 2)
    upper = p1 - p0 + np.sqrt((u1 - p1) ** 2 + (p0 - l0) ** 2)
    return float(lower), float(upper)


def score_p(treated: tuple[float, int], control: tuple[float, int]) -> float:
    """Two-sided p of the score test (pooled variance, no continuity correction) that two rates are equal."""
    (x1, n1), (x0, n0) = treated, control
    pooled = (x1 + x0) / (n1 + n0)
    error = np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n0))
    return float(2 * stats.norm.sf(abs(x1 / n1 - x0 / n0) / error)) if error > 0 else 1.0


def mean_interval(values: Floats, level: float = 0.95) -> Bounds | None:
    """Student's t interval of a mean; None for fewer than two values."""
    if len(values) < 2:
        return None
    reach = float(stats.t.ppf(0.5 + level / 2, len(values) - 1)) * float(values.std(ddof=1)) / np.sqrt(len(values))
    return float(values.mean() - reach), float(values.mean() + reach)


def welch(treated: Floats, control: Floats, level: float = 0.95) -> tuple[Bounds, float]:
    """Welch's interval of the difference of two means, and its two-sided p."""
    test = stats.ttest_ind(treated, control, equal_var=False)
    bounds = test.confidence_interval(confidence_level=level)
    return (float(bounds.low), float(bounds.high)), float(test.pvalue)


def randomisation_p(treated: Floats, control: Floats, *, draws: int = DRAWS, seed: int = 1) -> float:
    """Two-sided p of the randomisation test: how often a new draw of the arms gives a larger Welch t.

    Exact for "no effect on anybody", whatever the values look like. Only values that are not zero are drawn: how many
    of them fall into the treated arm is hypergeometric.
    """
    pooled = np.concatenate((treated, control))
    nonzero = np.sort(pooled[pooled != 0])
    n1, n0, count = len(treated), len(control), len(nonzero)
    if not count:
        return 1.0
    seen = _studentised(np.array([treated.sum()]), np.array([(treated**2).sum()]), nonzero, n1, n0)[0]
    random = np.random.default_rng(seed)
    larger = 0
    for size in _chunks(draws, max(1, 4_000_000 // count)):
        inside = random.hypergeometric(count, n1 + n0 - count, n1, size=size)
        order = random.random((size, count)).argsort(axis=1).argsort(axis=1)
        member = order < inside[:, None]
        t = _studentised(member @ nonzero, member @ nonzero**2, nonzero, n1, n0)
        larger += int((np.abs(t) >= abs(seen) * (1 - 1e-12)).sum())
    return (larger + 1) / (draws + 1)


def _chunks(whole: int, most: int) -> list[int]:
    return [min(most, whole - at) for at in range(0, whole, most)]


def _studentised(total: Floats, squares: Floats, nonzero: Floats, n1: int, n0: int) -> Floats:
    """Welch's t from the treated arm's sum and sum of squares."""
    other, other_squares = nonzero.sum() - total, (nonzero**2).sum() - squares
    variance = (squares - total**2 / n1) / (n1 * max(n1 - 1, 1)) + (other_squares - other**2 / n0) / (
        n0 * max(n0 - 1, 1)
    )
    difference = total / n1 - other / n0
    error = np.sqrt(np.maximum(variance, 0.0))
    unbounded = np.where(difference == 0, 0.0, np.copysign(np.inf, difference))
    return np.where(error > 0, difference / np.where(error > 0, error, 1.0), unbounded)


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjusted p-values, in the order given."""
    order = np.argsort(p_values)
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def sample_ratio(sizes: Mapping[str, int], shares: Mapping[str, float] | None = None) -> SampleRatio:
    """Chi-square test that the arms have the sizes that were drawn; evenly unless ``shares`` says otherwise.

    Raises EvidenceError when the shares do not name these arms or do not sum to 1.
    """
    wanted = {arm: 1 / len(sizes) for arm in sizes} if shares is None else dict(shares)
    if set(wanted) != set(sizes) or abs(sum(wanted.values()) - 1) > 1e-6 or min(wanted.values()) <= 0:
        raise EvidenceError(
            "The sizes of the arms were not checked.",
            f"The shares must be positive, name the arms {', '.join(sorted(sizes))} and sum to 1.",
            "Give them like control=0.1,mail=0.9.",
        )
    n = sum(sizes.values())
    expected = {arm: n * wanted[arm] for arm in sizes}
    statistic = sum((sizes[arm] - expected[arm]) ** 2 / expected[arm] for arm in sizes)
    p_value = float(stats.chi2.sf(statistic, len(sizes) - 1))
    return SampleRatio(p_value, p_value < ALARM, {arm: round(size, 3) for arm, size in expected.items()})


@dataclass(frozen=True, eq=False)
class _Pair:
    """One comparison before p is adjusted."""

    arm: str
    against: str
    metric: str
    kind: str
    treated: Floats
    control: Floats


def analyse(arms: Sequence[str], metrics: Mapping[str, Floats], design: Design) -> ExperimentResult:
    """Analyse one row a unit: its arm and its value of each metric (0 or 1 for rates).

    Raises EvidenceError when the control is not among the arms, there are no two arms, or no metric.
    """
    codes, names = _coded(arms, design)
    groups = {
        metric: {name: values[codes == number] for number, name in enumerate(names)}
        for metric, values in metrics.items()
    }
    sizes = {name: int((codes == number).sum()) for number, name in enumerate(names)}
    found = tuple(Arm(name, sizes[name], _arm_metrics(name, groups, design)) for name in names)
    comparisons: list[Comparison] = []
    refusals: list[Refusal] = []
    for metric, kind in (*((m, "rate") for m in design.rates), *((m, "mean") for m in design.means)):
        rows, refused = _compare(metric, kind, groups[metric], names, design)
        comparisons += rows
        refusals += refused
    return ExperimentResult(
        arms=found,
        comparisons=tuple(comparisons),
        sample_ratio=sample_ratio(sizes, design.shares),
        refusals=tuple(refusals),
        assumptions=_assumptions(comparisons, design),
        options={
            "control": design.control,
            "compare": "all" if design.compare_all else "control",
            "level": design.level,
            "seed": design.seed,
            "draws": design.draws,
            "shares": None if design.shares is None else dict(design.shares),
        },
    )


def _coded(arms: Sequence[str], design: Design) -> tuple[Ints, list[str]]:
    """(n,) arm codes and the arms, control first, then by name."""
    found = sorted(set(arms))
    if design.control not in found:
        raise EvidenceError(
            f"The arm “{design.control}” was not found.",
            f"The column {design.arm} holds: {', '.join(found[:12])}.",
            "Name one of these as --control.",
        )
    if len(found) < 2:
        raise EvidenceError(
            "Nothing was compared.", f"There is one arm only: {found[0]}.", "Give the rows of everyone drawn."
        )
    if not design.rates and not design.means:
        raise EvidenceError("Nothing was compared.", "No metric was named.", "Name one with --rate or --mean.")
    names = [design.control, *[name for name in found if name != design.control]]
    code = {name: number for number, name in enumerate(names)}
    return np.array([code[arm] for arm in arms], dtype=np.int64), names


def _arm_metrics(name: str, groups: Mapping[str, Mapping[str, Floats]], design: Design) -> tuple[ArmMetric, ...]:
    found = []
    for metric in (*design.rates, *design.means):
        values = groups[metric][name]
        kind = "rate" if metric in design.rates else "mean"
        bounds: Bounds | None
        if kind == "rate":
            bounds = wilson(float(values.sum()), len(values), design.level)
        else:
            bounds = mean_interval(values, design.level)
        lower, upper = bounds or (None, None)
        found.append(ArmMetric(metric, kind, float(values.mean()), lower, upper, int(np.count_nonzero(values))))
    return tuple(found)


def _pairs(names: list[str], design: Design) -> list[tuple[str, str]]:
    """(arm, against): every arm against the control, then, where asked, arm against arm."""
    pairs = [(name, design.control) for name in names[1:]]
    return pairs + [(b, a) for a, b in combinations(names[1:], 2)] if design.compare_all else pairs


def _compare(
    metric: str, kind: str, groups: Mapping[str, Floats], names: list[str], design: Design
) -> tuple[list[Comparison], list[Refusal]]:
    """All comparisons of one metric: one family for Holm. A refused mean is followed by the rate of its converters."""
    pairs = [_Pair(a, b, metric, kind, groups[a], groups[b]) for a, b in _pairs(names, design)]
    answers = [_answer(pair, design) for pair in pairs]
    tested = [answer[1] for answer in answers]
    known = [p for p in tested if p is not None]
    adjusted = iter(holm(known) if design.compare_all else known)
    rows = []
    for pair, (bounds, p, test, _) in zip(pairs, answers, strict=True):
        rows.append(_row(pair, bounds, (None if p is None else next(adjusted), p), test, design))
    refusals = [refusal for *_, refusal in answers if refusal is not None]
    if kind == "mean" and any(refusal.need == MIN_CONVERTERS for refusal in refusals):
        instead = {name: (values != 0).astype(np.float64) for name, values in groups.items()}
        more, also = _compare(f"{metric} (not zero)", "rate", instead, names, design)
        rows, refusals = rows + more, refusals + also
    return rows, refusals


Answer = tuple[Bounds | None, float | None, str, Refusal | None]


def _answer(pair: _Pair, design: Design) -> Answer:
    """The interval, the unadjusted p, the name of the test, and what was refused."""
    about = f"{pair.metric}: {pair.arm} − {pair.against}"
    smaller = min(len(pair.treated), len(pair.control))
    if smaller < MIN_ARM:
        return None, None, "none", Refusal("The arms are too small to be compared.", smaller, MIN_ARM, about)
    if not pair.treated.any() and not pair.control.any():
        return None, None, "none", Refusal("Nobody in either arm has a value, so nothing is compared.", 0, 1, about)
    if pair.kind == "rate":
        treated, control = (
            (float(pair.treated.sum()), len(pair.treated)),
            (float(pair.control.sum()), len(pair.control)),
        )
        return newcombe(treated, control, design.level), score_p(treated, control), "score", None
    return _mean_answer(pair, design, about)


def _mean_answer(pair: _Pair, design: Design, about: str) -> Answer:
    pooled = np.concatenate((pair.treated, pair.control))
    # Of both arms together, by the smaller arm's size: an arm that chance gave many to must not answer more often. An
    # arm with half of them shows an effect, not chance; with fewer its own mean says too little.
    expected = np.count_nonzero(pooled) * min(len(pair.treated), len(pair.control)) / len(pooled)
    converters = min(expected, 2.0 * min(int(np.count_nonzero(arm)) for arm in (pair.treated, pair.control)))
    varies = bool(pooled.std() > 0)
    skewed = varies and abs(float(stats.skew(pooled))) >= SKEWED
    enough = converters >= MIN_CONVERTERS and varies
    if enough and (not skewed or np.count_nonzero(pooled) > MOST_DRAWN):
        bounds, p = welch(pair.treated, pair.control, design.level)
        return bounds, p, "welch", None
    p = randomisation_p(pair.treated, pair.control, draws=design.draws, seed=design.seed)
    if enough:
        return welch(pair.treated, pair.control, design.level)[0], p, "randomisation", None
    reason = (
        "The size of the difference is not told: its interval needs more people with a value in the smaller arm. The "
        "randomisation test says whether there is one, and the rate of people with a value has an interval."
    )
    return None, p, "randomisation", Refusal(reason, round(converters, 1), MIN_CONVERTERS, about)


def _row(
    pair: _Pair, bounds: Bounds | None, p: tuple[float | None, float | None], test: str, design: Design
) -> Comparison:
    control, treatment = float(pair.control.mean()), float(pair.treated.mean())
    lower, upper = bounds or (None, None)
    return Comparison(
        arm=pair.arm,
        against=pair.against,
        metric=pair.metric,
        kind=pair.kind,
        control=control,
        treatment=treatment,
        difference=treatment - control,
        lower=lower,
        upper=upper,
        p_value=p[0],
        relative=(treatment - control) / control if control else None,
        p_unadjusted=p[1],
        test=test,
        verdict=_verdict(treatment - control, bounds, p[0], design),
    )


def _verdict(difference: float, bounds: Bounds | None, p: float | None, design: Design) -> str:
    if p is None:
        return "not compared"
    if p >= 1 - design.level:
        return f"noise: chance alone gives a difference like this (p = {p:.2g})"
    which = "higher" if difference > 0 else "lower"
    return which if bounds else f"{which}, by an amount that is not told"


def _assumptions(comparisons: Sequence[Comparison], design: Design) -> tuple[str, ...]:
    how = (
        "Rates: Wilson and Newcombe intervals, score test. Means: t interval of an arm; Welch's interval of a "
        f"difference only with {MIN_CONVERTERS} people with a value in the smaller arm; p of skewed values by a "
        f"randomisation test of {design.draws:,} draws."
    )
    words = [
        "Everyone drawn counts in the arm that was drawn (intention to treat), at one horizon fixed before the start.",
        how,
        "An arm's own mean interval is too narrow where few people have a value.",
    ]
    if design.compare_all:
        words.append("p-values are adjusted by Holm's method over all pairs of arms of a metric.")
    words.extend(
        f"The difference in {row.metric} between {row.arm} and {row.against} is noise."
        for row in comparisons
        if row.p_value is not None and row.p_value >= 1 - design.level
    )
    return tuple(words)
