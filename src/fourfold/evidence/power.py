"""How many people an experiment on a rate needs, or what those at hand can show. The normal two-proportion formula."""

from __future__ import annotations

from math import ceil, sqrt

from scipy import optimize, stats

from fourfold.evidence.types import EvidenceError, PowerResult


def _spread(base: float, treated: float, share: float) -> tuple[float, float]:
    """Standard deviations of √n · difference, under no effect (pooled) and under the effect."""
    pooled = share * base + (1 - share) * treated
    none = sqrt(pooled * (1 - pooled) / (share * (1 - share)))
    some = sqrt(base * (1 - base) / share + treated * (1 - treated) / (1 - share))
    return none, some


def people_needed(*, base: float, treated: float, share: float, power: float, alpha: float = 0.05) -> float:
    """People in all, ``share`` of them held out, for a two-sided test of two rates (Fleiss 1981, unequal arms)."""
    none, some = _spread(base, treated, share)
    reach = float(stats.norm.ppf(1 - alpha / 2)) * none + float(stats.norm.ppf(power)) * some
    return (reach / (treated - base)) ** 2


def power_with(*, base: float, treated: float, share: float, people: int, alpha: float = 0.05) -> float:
    """The chance to see the difference with ``people`` in all (the far tail left out)."""
    none, some = _spread(base, treated, share)
    reach = abs(treated - base) * sqrt(people) - float(stats.norm.ppf(1 - alpha / 2)) * none
    return float(stats.norm.cdf(reach / some))


def smallest_lift(*, base: float, share: float, people: int, power: float, alpha: float = 0.05) -> float | None:
    """The smallest relative lift that ``people`` show with that power; None if even a rate of 100 % would not."""

    def missing(lift: float) -> float:
        return people_needed(base=base, treated=base * (1 + lift), share=share, power=power, alpha=alpha) - people

    most = (1 - 1e-9) / base - 1
    if missing(most) > 0:
        return None
    return float(optimize.brentq(missing, 1e-6, most))


def power(
    *, base: float, lift: float, share: float = 0.5, power: float = 0.8, alpha: float = 0.05, have: int | None = None
) -> PowerResult:
    """Size an experiment: ``base`` rate without treatment, relative ``lift``, ``share`` of people held out.

    Raises EvidenceError for rates outside 0 … 1 and for no lift.
    """
    treated = base * (1 + lift)
    for name, value in (
        ("base", base),
        ("share", share),
        ("power", power),
        ("alpha", alpha),
        ("base × (1 + lift)", treated),
    ):
        if not 0 < value < 1:
            raise EvidenceError(
                f"The experiment was not sized: {name} is {value:g}.",
                "It is a share and lies between 0 and 1.",
                "Write 5 % as 0.05.",
            )
    if lift == 0:
        raise EvidenceError(
            "The experiment was not sized.", "No number of people shows a lift of nothing.", "Give a lift such as 0.2."
        )
    if have is not None and have < 4:
        raise EvidenceError("The experiment was not sized.", f"{have} people make no two arms.", "Give 4 or more.")
    wanted = people_needed(base=base, treated=treated, share=share, power=power, alpha=alpha)
    n_control, n_treatment = ceil(wanted * share), ceil(wanted * (1 - share))
    n = n_control + n_treatment
    sentence = f"You need {n:,} people ({n_control:,} of them held out) to see {lift:+.0%} on a rate of {base:.4g}"
    achieved = mde = None
    if have is None:
        sentence += f" in {power:.0%} of cases."
    else:
        achieved = power_with(base=base, treated=treated, share=share, people=have, alpha=alpha)
        mde = smallest_lift(base=base, share=share, people=have, power=power, alpha=alpha)
        sentence += f" in {power:.0%} of cases; you have {have:,}, which would show it in {achieved:.0%} of cases."
        sentence += f" They show {mde:+.0%} or more." if mde is not None else " They would show no lift at all."
    return PowerResult(
        base=base,
        treated=treated,
        lift=lift,
        share=share,
        power=power,
        alpha=alpha,
        n=n,
        n_control=n_control,
        n_treatment=n_treatment,
        have=have,
        achieved=achieved,
        mde=mde,
        sentence=sentence,
        assumptions=(
            f"Two-sided test at {alpha:g}, normal approximation; {share:.0%} of people are held out.",
            "Everyone drawn counts, whatever caps or quiet hours do later.",
        ),
    )
