"""The pipeline's health: shares and middles with their ranges, cash ahead, and what is unhealthy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from fourfold.base.money import Money
from fourfold.evidence import forecasting, shares
from fourfold.evidence.forecasting import OpenOnes, PastJob
from fourfold.evidence.types import Estimate, Refusal
from fourfold.jobs import queries as jobs
from fourfold.jobs.types import Days, Pipeline, Source, Stage, StageDays, Tally, Within
from fourfold.reports import rules
from fourfold.reports.rules import health as judged
from fourfold.reports.types import (
    HORIZONS,
    Ahead,
    Coverage,
    Figure,
    Finding,
    Health,
    PipelineAsked,
    StageTime,
)

STEPS = ("interviewed", "offered", "placed", "started")
FIGURES = ("hit_rate", "turn_up", "offers_accepted", "on_time", "stayed_90", "stayed_180", "stayed_365", "closure")
COMPARED = (("turn_up", 30, 182), ("offers_accepted", 91, 365), ("on_time", 91, 365))
"""Shares that are compared with their own time before: days now, days before them."""
HALF_YEAR = timedelta(days=182)


def health(asked: PipelineAsked, *, currency: str, at: datetime, today: date) -> Health:
    """The pipeline of some days as it stands now. Some thirty statements, however many applications there are."""
    within, days = asked.within, asked.days
    tallies = {name: jobs.tally(name, within, days, on=today) for name in (*STEPS, *FIGURES)}
    stages = _stages(within, days, at)
    value = jobs.pipeline_value(within, currency=currency, horizons=HORIZONS, at=at, today=today)
    ahead = _ahead(asked.engagement, value, today)
    furthest = next((one.answer for one in ahead if one.engagement == "permanent" and one.weeks == HORIZONS[-1]), None)
    coverage = _coverage(within, value, furthest, today)
    silent = jobs.silent_clients(within, at=at)
    return Health(
        at=at,
        steps=tuple(_figure(name, tallies[name]) for name in STEPS),
        figures=(*(_figure(name, tallies[name]) for name in FIGURES), *_of_jobs(within, days)),
        cohorts=jobs.cohorts(within, days),
        stages=stages,
        sources=_sources(jobs.sources(within, days)),
        ahead=ahead,
        retained=(value.retained[0], Money(value.retained[1], currency)),
        left_out=value.left_out,
        stale=value.stale,
        coverage=coverage,
        silent=silent,
        findings=judged.worst_first(
            [
                judged.unanswered(tallies["closure"]),
                *judged.piles_up(silent),
                *judged.slow_stages(_stages(within, _before(today, days.zone), at)),
                *_fallen(within, today, days.zone),
                judged.too_thin(coverage),
            ]
        ),
    )


def _before(today: date, zone: str) -> Days:
    return Days(today - HALF_YEAR, today + timedelta(days=1), zone)


def _figure(name: str, tally: Tally) -> Figure:
    return Figure(name, shares.share(tally.good, tally.n, about=name), tally)


def _of_jobs(within: Within, days: Days) -> tuple[Figure, ...]:
    """Places filled, and the days it takes: the median and the ninth tenth."""
    timed = jobs.days_to_fill(within, days)
    return (
        _figure("filled", jobs.positions(within, days)),
        Figure("time_to_fill", shares.quantile(timed, 0.5, about="time_to_fill")),
        Figure("time_to_fill_p90", shares.quantile(timed, 0.9, about="time_to_fill")),
    )


def _fallen(within: Within, today: date, zone: str) -> list[Finding | None]:
    """Shares that fell below the range of their own time before."""
    found = []
    for name, length, past in COMPARED:
        split = today - timedelta(days=length)
        now = jobs.tally(name, within, Days(split, today + timedelta(days=1), zone), on=today)
        then = jobs.tally(name, within, Days(split - timedelta(days=past), split, zone), on=today)
        found.append(judged.fell_below(name, now, shares.share(then.good, then.n, about=name)))
    return found


def _stages(within: Within, days: Days, at: datetime) -> tuple[StageTime, ...]:
    """Days in each stage before the offer is accepted, of those who left it and of those who are in it."""
    left, still = _by_stage(jobs.days_in_stages(within, days)), _by_stage(jobs.open_by_age(within, at=at))
    return tuple(
        StageTime(
            stage,
            shares.quantile(left[stage], 0.5, about=stage),
            shares.quantile(left[stage], 0.9, about=stage),
            sum(n for _, n in still[stage]),
            judged.middle(still[stage]),
            judged.classes(still[stage]),
        )
        for stage in Stage
        if stage not in (Stage.PLACED, Stage.STARTED, Stage.STAYED) and (left[stage] or still[stage])
    )


def _by_stage(rows: Sequence[StageDays]) -> dict[Stage, list[tuple[int, int]]]:
    found: dict[Stage, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        found[row.stage].append((row.days, row.n))
    return found


def _sources(rows: Sequence[Source]) -> tuple[tuple[Source, Estimate | Refusal], ...]:
    total = sum(row.n for row in rows)
    return tuple((row, shares.share(row.n, total, about="source")) for row in rows)


def past_jobs(value: Pipeline) -> list[PastJob]:
    """The past by job, as a forecast draws it."""
    reached: dict[object, dict[str, int]] = defaultdict(dict)
    placed: dict[object, dict[str, tuple[int, ...]]] = defaultdict(dict)
    for row in value.history:
        reached[row.job_key][row.stage] = row.reached
        placed[row.job_key][row.stage] = row.placed
    return [PastJob(held, placed[key]) for key, held in reached.items()]


def open_ones(value: Pipeline) -> list[OpenOnes]:
    """Open applications by stage and fee; a job that doesn't say its fee counts with the mean of our own."""
    return [
        OpenOnes(row.stage, row.n, fee)
        for row in value.open
        if (fee := row.fee_minor if row.fee_minor is not None else value.typical_fee_minor) is not None
    ]


def contract_agreed(value: Pipeline, *, weeks: int, today: date) -> int:
    """What running assignments bring within so many weeks, as agreed, in minor units."""
    last = today + timedelta(days=7 * weeks - 1)
    return round(
        sum(
            row.week_minor * judged.weeks_between(max(row.starts_on, today), min(row.ends_on, last))
            for row in value.running
        )
    )


def permanent_ahead(value: Pipeline, horizon: int) -> Estimate | Refusal:
    """What open permanent applications bring within a horizon, by its place in ``HORIZONS``."""
    unpriced = any(row.fee_minor is None for row in value.open) and value.typical_fee_minor is None
    if unpriced:
        return Refusal("No fee is known: neither of these jobs nor of placements of two years.", about="permanent")
    return forecasting.forecast(past_jobs(value), open_ones(value), horizon, about="permanent")


def _ahead(engagement: str, value: Pipeline, today: date) -> tuple[Ahead, ...]:
    found = []
    for horizon, weeks in enumerate(HORIZONS):
        if engagement in ("", "permanent"):
            found.append(Ahead("permanent", weeks, permanent_ahead(value, horizon), value.currency))
        if engagement in ("", "contract"):
            agreed = contract_agreed(value, weeks=weeks, today=today)
            answer = forecasting.as_agreed(agreed, value.past_weeks, about="contract")
            found.append(Ahead("contract", weeks, answer, value.currency, Money(agreed, value.currency)))
    return tuple(sorted(found, key=lambda one: (one.engagement != "permanent", one.weeks)))


def _coverage(within: Within, value: Pipeline, ahead: Estimate | Refusal | None, today: date) -> Coverage:
    """Open value against what the quarter still lacks. Targets are people's: a desk has none."""
    first = rules.shift_months(today, -((today.month - 1) % 3))
    after = rules.shift_months(first, 3)
    billed = jobs.billed(within, since=first, until=after, currency=value.currency)
    target = Money(0, value.currency)
    if not within.desks or within.owner is not None:
        target = jobs.targets(within.owner, since=first, until=after, currency=value.currency)
    missing = Money(max(target.minor - billed.minor, 0), value.currency)
    answer: Estimate | Refusal
    weighted = None
    if isinstance(ahead, Estimate):
        weighted = Money(round(ahead.value), value.currency)
    if not target.minor:
        answer = Refusal("No billing targets are set for this quarter.", about="coverage")
    elif not missing.minor:
        answer = Refusal("The quarter’s targets are reached.", about="coverage")
    elif ahead is None:
        answer = Refusal("Only permanent work is weighed.", about="coverage")
    elif isinstance(ahead, Refusal):
        answer = ahead
    else:
        value_, lower, upper = (one / missing.minor for one in (ahead.value, ahead.lower, ahead.upper))
        answer = Estimate(value_, lower, upper, ahead.n, ahead.method, ahead.assumptions)
    return Coverage(answer, weighted, target, billed, missing)
