"""What placements bring: fees, stages, weeks of contract margin, rebates. All in whole minor units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fourfold.evidence.world.course import Course
from fourfold.evidence.world.draws import Floats, Ints, between, normal, uniform, whole_between
from fourfold.evidence.world.parameters import World
from fourfold.evidence.world.timing import DAY, HOUR, WEEK, opened_time, working_time

FEE, STAGE, MARGIN, REBATE = "fee", "stage", "margin", "rebate"
MINOR = 100
NOBODY = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Deals:
    """Placements in job order, one element each; a retained search nobody has been found for has person -1.

    ``week`` is that of the accepted offer (of the first stage where there is none yet); ``pay`` is a year's pay, or a
    day's rate on a contract desk, in whole units; ``value_minor`` sums the rows before the end of the history.
    """

    job: Ints
    person: Ints
    engagement: tuple[str, ...]
    opened: Ints
    submitted: Ints
    week: Ints
    pay: Floats
    fee_percent: Floats
    value_minor: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Cash:
    """Cash rows in order of (deal, number): which deal, when, what it is, how much (minor units).

    ``second`` counts from the Monday on which the weeks begin.
    """

    deal: Ints
    number: Ints
    second: Ints
    what: tuple[str, ...]
    amount_minor: Ints


class _Draft:
    """The rows of the deals while they are worked out: (deal, number, week, what, amount)."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, int, str, int]] = []

    def add(self, deal: int, week: int, what: str, amount: int) -> None:
        number = self.rows[-1][1] + 1 if self.rows and self.rows[-1][0] == deal else 0
        self.rows.append((deal, number, week, what, amount))


def settle(world: World, seed: int, course: Course) -> tuple[Deals, Cash]:
    """Work out every deal's rows up to the end of the history, those of the warm-up included."""
    jobs = course.jobs
    filled = {job: (person, submitted, week) for job, person, submitted, week in course.matches.placements}
    worked = [job for job in range(len(jobs.contact)) if job in filled or jobs.retained[job]]
    job = np.array(worked, dtype=np.int64)
    person, submitted, accepted = (
        np.array([filled.get(each, (NOBODY, NOBODY, NOBODY))[part] for each in worked], dtype=np.int64)
        for part in range(3)
    )
    opened = np.array([jobs.opened[each] for each in worked], dtype=np.int64)
    pay, percent = price(world, seed, course, job)
    draft = _Draft()
    details = _Drawn(world, seed, course, job)
    for deal, each in enumerate(worked):
        if jobs.retained[each]:
            _stages(world, draft, deal, int(opened[deal]), int(accepted[deal]), pay[deal] * percent[deal] / 100)
        elif world.desks[jobs.desk[each]].kind == "contract":
            _weeks(world, draft, deal, int(accepted[deal]), details, pay[deal] * percent[deal] / 100)
        else:
            _fee(world, draft, deal, int(accepted[deal]), details, pay[deal] * percent[deal] / 100)
    cash = _dated(seed, course, draft, job, accepted)
    value = np.zeros(len(worked), dtype=np.int64)
    np.add.at(value, cash.deal, cash.amount_minor)
    deals = Deals(
        job=job,
        person=person,
        engagement=tuple("retained" if jobs.retained[each] else world.desks[jobs.desk[each]].kind for each in worked),
        opened=opened,
        submitted=submitted,
        week=np.where(person == NOBODY, opened, accepted),
        pay=pay,
        fee_percent=percent,
        value_minor=value,
    )
    return deals, cash


def _dated(seed: int, course: Course, draft: _Draft, job: Ints, accepted: Ints) -> Cash:
    """The rows with their moments; what would come at or after the end of the history hasn't come yet."""
    deal, number, week, amount = (np.array([row[part] for row in draft.rows], dtype=np.int64) for part in (0, 1, 2, 4))
    what = np.array([row[3] for row in draft.rows], dtype=object)
    contact = np.array(course.jobs.contact, dtype=np.int64)[job][deal]
    opened = np.array(course.jobs.opened, dtype=np.int64)[job][deal]
    second = working_time(seed, "cash", week, contact, opened, number)
    second = np.where(what == MARGIN, week * WEEK + 4 * DAY + 17 * HOUR, second)
    second = np.where((what == STAGE) & (week == opened), opened_time(seed, contact, opened) + HOUR, second)
    offered = (what != MARGIN) & (what != REBATE) & (week == accepted[deal])
    second = np.where(offered, working_time(seed, "accepted", week, contact, opened), second)
    come = second < (course.calendar.end - course.calendar.monday).days * DAY
    return Cash(
        deal=deal[come], number=number[come], second=second[come], what=tuple(what[come]), amount_minor=amount[come]
    )


def price(world: World, seed: int, course: Course, job: Ints) -> tuple[Floats, Floats]:
    """Pay (a year's, to the next 500; a day's on a contract desk, to the next 5) and fee in percent of each job."""
    contact = np.array([course.jobs.contact[each] for each in job], dtype=np.int64)
    opened = np.array([course.jobs.opened[each] for each in job], dtype=np.int64)
    desks = [world.desks[course.jobs.desk[each]] for each in job]
    searched = np.array([course.jobs.retained[each] for each in job], dtype=np.bool_)
    median = np.array([d.pay_median for d in desks]) * np.where(searched, world.retained.pay_factor, 1.0)
    pay = median * np.exp(normal(seed, "pay", contact, opened) * np.array([d.pay_spread for d in desks]))
    step = np.array([5.0 if d.kind == "contract" else 500.0 for d in desks])
    low = np.where(searched, world.retained.fee_percent[0], np.array([d.fee_percent[0] for d in desks]))
    high = np.where(searched, world.retained.fee_percent[1], np.array([d.fee_percent[1] for d in desks]))
    percent = np.round(2 * (low + (high - low) * uniform(seed, "fee", contact, opened))) / 2
    return np.maximum(np.round(pay / step), 1) * step, percent


class _Drawn:
    """What may happen to a placement afterwards: one draw each for all deals, by the job's keys."""

    def __init__(self, world: World, seed: int, course: Course, job: Ints) -> None:
        keys = (
            np.array([course.jobs.contact[each] for each in job], dtype=np.int64),
            np.array([course.jobs.opened[each] for each in job], dtype=np.int64),
        )
        contract, rebate = world.contract, world.rebate
        self.leaves = uniform(seed, "leaves", *keys) < rebate.chance
        last = rebate.scale[-1].within_weeks
        self.stayed = whole_between(1, last, uniform(seed, "stayed", *keys))
        self.notice = whole_between(*rebate.notice_weeks, uniform(seed, "starts after", *keys))
        self.weeks = whole_between(*contract.weeks, uniform(seed, "contract weeks", *keys))
        more = np.ones(len(job), dtype=np.bool_)
        for number in range(contract.extensions):
            more &= uniform(seed, f"extended {number}", *keys) < contract.extension_chance
            self.weeks += more * whole_between(*contract.extension_weeks, uniform(seed, f"extension {number}", *keys))
        early = uniform(seed, "early", *keys) < contract.early_finish_chance
        kept = between(0.2, 0.9, uniform(seed, "early at", *keys))
        self.weeks = np.where(early, np.maximum(1, np.round(self.weeks * kept)), self.weeks).astype(np.int64)


def _fee(world: World, draft: _Draft, deal: int, accepted: int, drawn: _Drawn, fee: float) -> None:
    amount = round(fee * MINOR)
    draft.add(deal, accepted, FEE, amount)
    if drawn.leaves[deal]:
        stayed = int(drawn.stayed[deal])
        percent = next(step.percent for step in world.rebate.scale if stayed <= step.within_weeks)
        left = accepted + int(drawn.notice[deal]) + stayed
        draft.add(deal, left, REBATE, -round(amount * percent / 100))


def _weeks(world: World, draft: _Draft, deal: int, accepted: int, drawn: _Drawn, margin_a_day: float) -> None:
    amount = round(margin_a_day * world.contract.days_per_week * MINOR)
    for number in range(int(drawn.weeks[deal])):
        draft.add(deal, accepted + 1 + number, MARGIN, amount)


def _stages(world: World, draft: _Draft, deal: int, opened: int, accepted: int, fee: float) -> None:
    """A retained fee falls due by stage; the last stage, and all that are still to come, with the accepted offer."""
    shares = world.retained.stages
    for number, share in enumerate(shares):
        due = opened + number * world.retained.stage_weeks
        last = number == len(shares) - 1
        if accepted == NOBODY:
            if last:
                break
        elif last or due > accepted:
            due = accepted
        draft.add(deal, due, STAGE, round(fee * share * MINOR))
