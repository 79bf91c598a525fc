"""The course of the weeks: intent, touches, jobs, submissions and placements, before anyone writes them down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from fourfold.evidence.world.draws import Flags, Floats, Ints, uniform, whole_between
from fourfold.evidence.world.intent import Side
from fourfold.evidence.world.matching import Jobs, Market, Matches
from fourfold.evidence.world.parameters import CHANNELS, SIDES, Experiment, World
from fourfold.evidence.world.population import Population, populate

EXPOSURE, DOOR, MESSAGE = 0, 1, 2
_WEEKS_PER_MONTH = 52.18 / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Weeks counted from the Monday on or before the warm-up's first day. ``end`` is not included."""

    monday: date
    start: date
    end: date
    weeks: int

    @classmethod
    def between(cls, start: date, end: date, warm_up_weeks: int) -> Calendar:
        if start >= end:
            raise ValueError(f"the history must end after it starts: {start} to {end}")
        first = start - timedelta(days=start.weekday() + 7 * warm_up_weeks)
        return cls(monday=first, start=start, end=end, weeks=((end - first).days + 6) // 7)

    def month(self, week: int) -> int:
        """The month (0 is January) of the middle of a week."""
        return (self.monday + timedelta(days=7 * week + 3)).month - 1

    def week_of(self, day: date) -> int:
        return (day - self.monday).days // 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocated:
    """One experiment's draw: who, and whether they are treated; in person order. ``week`` is that of the draw."""

    experiment: Experiment
    week: int
    people: Ints
    treated: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What happened. Touch arrays run together: (week, person, side, channel, kind), one element a touch."""

    calendar: Calendar
    population: Population
    scale: float
    week: Ints
    person: Ints
    side: Ints
    channel: Ints
    kind: Ints
    jobs: Jobs
    matches: Matches
    joiners: tuple[tuple[int, int], ...]  # (prospect, week of starting with the house)
    allocated: tuple[Allocated, ...]
    desk_recruiters: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdout:
    """``share`` of the people (of the organisations, for client contacts) is kept from ``channel`` for good."""

    channel: str
    share: float

    def held(self, seed: int, name: str, units: Ints) -> Flags:
        """Which units (persons, or on the client side organisations) are kept out."""
        return np.asarray(uniform(seed, f"holdout/{self.channel}/{name}", units) < self.share)


class _Run:
    def __init__(
        self, world: World, seed: int, people: int, calendar: Calendar, off: frozenset[str], holdout: Holdout | None
    ) -> None:
        self.world = world
        self.seed = seed
        self.calendar = calendar
        self.off: Flags = np.array([channel in off for channel in CHANNELS])
        self.population = populate(world, seed, people)
        self.scale = people / world.usual_people
        population = self.population
        groups = {
            "candidate": population.desk[population.candidates],
            "client": population.organisation[population.contacts],
            "colleague": np.zeros(len(population.prospects), dtype=np.int64),
        }
        self.sides = [
            Side(
                world,
                seed,
                name,
                population.side(name),
                groups[name],
                population.reach[population.side(name)],
                self.off,
            )
            for name in SIDES
        ]
        for side in self.sides:
            side.since = population.since[side.people] * calendar.weeks
            if holdout is not None:
                units = population.organisation[side.people] if side.name == "client" else side.people
                side.hold_out(CHANNELS.index(holdout.channel), holdout.held(seed, side.name, units))
        self.market = Market(world, seed, population.desk, self.scale)
        organisations = len(population.demand)
        recently = -whole_between(0, 51, uniform(seed, "organisation/last job", np.arange(organisations)))
        self.last_job = np.where(population.was_client, recently, -(10**6))
        self.dormant = round(world.matching.dormant_months * _WEEKS_PER_MONTH)
        self.touches: list[tuple[int, Ints, int, Ints, int]] = []
        self.joiners: list[tuple[int, int]] = []
        self.allocated: list[Allocated] = []

    def week(self, week: int) -> None:
        month = self.calendar.month(week)
        seasons = self.world.seasons
        grown = (1 + self.world.growth_per_year) ** ((week - self.world.warm_up_weeks) / 52.18)
        for number, side in enumerate(self.sides):
            channels, places = np.nonzero(side.week(week, seasons.touch[month]))
            self.touches.append((number, side.people[places], week, channels, EXPOSURE))
        self._experiments(week)
        candidate, client, colleague = self.sides
        self.market.week(week)
        self._candidates(candidate, seasons.candidate[month] * grown, week)
        self._clients(client, seasons.client[month] * grown, week)
        self._colleagues(colleague, seasons.colleague[month] * grown, week)

    def _through(self, number: int, people: Ints, week: int, doors: Ints) -> None:
        known = doors >= 0
        self.touches.append((number, people[known], week, doors[known], DOOR))

    def _candidates(self, side: Side, factor: float, week: int) -> None:
        market = self.market
        free = (market.ready_until[side.people] < week) & (market.settled_until[side.people] < week)
        places, doors = side.arrivals(np.full(len(side.people), factor), free, week)
        market.make_ready(side.people[places], week)
        self._through(0, side.people[places], week, doors)

    def _clients(self, side: Side, factor: float, week: int) -> None:
        houses = self.population.organisation[side.people]
        known = week - self.last_job[houses] <= self.dormant
        bonus: Floats = np.where(known, np.exp(self.world.matching.client_bonus), 1.0)
        places, doors = side.arrivals(
            factor * bonus * self.population.demand[houses], np.ones(len(side.people), dtype=np.bool_), week
        )
        first = []
        for house in houses[places].tolist():
            first.append(bool(week - self.last_job[house] > self.dormant))
            self.last_job[house] = week
        self.market.open_jobs(side.people[places], doors, first, week)
        self._through(1, side.people[places], week, doors)

    def _colleagues(self, side: Side, factor: float, week: int) -> None:
        free = self.market.settled_until[side.people] < week
        places, doors = side.arrivals(np.full(len(side.people), factor), free, week)
        joining = side.people[places]
        self.market.settled_until[joining] = 10**6
        starts = week + whole_between(5, 12, uniform(self.seed, "notice", joining))
        self.joiners += zip(joining.tolist(), starts.tolist(), strict=True)
        self._through(2, joining, week, doors)

    def _experiments(self, week: int) -> None:
        side, last = self.sides[0], self.calendar.weeks
        for experiment in self.world.experiments:
            if week == last - experiment.weeks_before_end:
                self._draw(experiment, week)
        for allocated in self.allocated:
            experiment = allocated.experiment
            number, rest = divmod(week - allocated.week, experiment.every_weeks)
            channel = CHANNELS.index(experiment.channel)
            if rest == 0 and number < experiment.messages and not self.off[channel]:
                treated = allocated.people[allocated.treated]
                side.push(channel, np.searchsorted(side.people, treated), experiment.effect)
                self.touches.append((0, treated, week, np.full(len(treated), channel), MESSAGE))

    def _draw(self, experiment: Experiment, week: int) -> None:
        people = self.population.candidates
        quiet = (self.market.ready_until[people] < week) & (self.market.settled_until[people] < week)
        quiet &= self.sides[0].since <= week
        order = np.argsort(uniform(self.seed, f"experiment/{experiment.name}", people[quiet]), kind="stable")
        chosen = np.sort(people[quiet][order[: max(2, round(experiment.people * self.scale))]])
        treated = uniform(self.seed, f"arm/{experiment.name}", chosen) < experiment.treated_share
        self.allocated.append(Allocated(experiment=experiment, week=week, people=chosen, treated=treated))


def run(
    world: World,
    seed: int,
    people: int,
    start: date,
    end: date,
    off: frozenset[str] = frozenset(),
    holdout: Holdout | None = None,
) -> Course:
    """Let the weeks pass, with the channels in ``off`` turned off and a holdout kept, both from the warm-up on."""
    unknown = sorted(off - set(CHANNELS))
    if unknown:
        raise ValueError(f"no such channel: {', '.join(unknown)}; the channels are {', '.join(CHANNELS)}")
    calendar = Calendar.between(start, end, world.warm_up_weeks)
    course = _Run(world, seed, people, calendar, off, holdout)
    for week in range(calendar.weeks):
        course.week(week)
    lengths = [len(touched) for _, touched, _, _, _ in course.touches]
    return Course(
        calendar=calendar,
        population=course.population,
        scale=course.scale,
        week=np.repeat([week for _, _, week, _, _ in course.touches], lengths),
        person=np.concatenate([touched for _, touched, _, _, _ in course.touches]),
        side=np.repeat([side for side, _, _, _, _ in course.touches], lengths),
        channel=np.concatenate([channels for _, _, _, channels, _ in course.touches]),
        kind=np.repeat([kind for _, _, _, _, kind in course.touches], lengths),
        jobs=course.market.jobs,
        matches=course.market.matches,
        joiners=tuple(course.joiners),
        allocated=tuple(course.allocated),
        desk_recruiters=tuple(desk.recruiters for desk in world.desks),
    )
