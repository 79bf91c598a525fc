"""Jobs and the people who are ready, desk by desk: submissions, offers accepted, jobs that close unfilled."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fourfold.evidence.world.draws import Ints, uniform, whole_between
from fourfold.evidence.world.parameters import World

NEVER = 10**6


@dataclass(slots=True)
class Jobs:
    """Openings in the order they came. A job's keys for draws are its contact and the week it opened."""

    contact: list[int] = field(default_factory=list)
    desk: list[int] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    closes: list[int] = field(default_factory=list)
    door: list[int] = field(default_factory=list)
    retained: list[bool] = field(default_factory=list)
    first: list[bool] = field(default_factory=list)
    submissions: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Matches:
    """What came of it: submissions (job, person, week) and accepted offers (job, person, submitted, accepted)."""

    submissions: list[tuple[int, int, int]] = field(default_factory=list)
    placements: list[tuple[int, int, int, int]] = field(default_factory=list)


class Market:
    """The open jobs of all desks, and who is ready for them."""

    def __init__(self, world: World, seed: int, desk_of: Ints, scale: float) -> None:
        self.world = world
        self.seed = seed
        self.desk_of = desk_of
        self.jobs = Jobs()
        self.matches = Matches()
        self.ready_from = np.full(len(desk_of), NEVER)
        self.ready_until = np.full(len(desk_of), -1)
        self.settled_until = np.full(len(desk_of), -1)
        self._open: list[list[int]] = [[] for _ in world.desks]
        self._offers: dict[int, list[tuple[int, int, int]]] = {}
        # A house twice the size covers twice as many specialities, so one person fits half as large a share of jobs.
        self._fit_share = world.matching.fit_share / scale

    def make_ready(self, people: Ints, week: int) -> None:
        """These people have come forward: from next week they can be submitted."""
        low, high = self.world.matching.ready_weeks
        self.ready_from[people] = week
        self.ready_until[people] = week + whole_between(low, high, uniform(self.seed, "ready", people, week))

    def open_jobs(self, contacts: Ints, doors: Ints, first: list[bool], week: int) -> None:
        """These contacts give a job each; ``first`` says which are an organisation's first."""
        low, high = self.world.matching.open_weeks
        length = whole_between(low, high, uniform(self.seed, "open weeks", contacts, week))
        search = uniform(self.seed, "retained", contacts, week)
        for place, contact in enumerate(contacts.tolist()):
            desk = int(self.desk_of[contact])
            retained = bool(search[place] < self.world.desks[desk].retained_share)
            self._open[desk].append(len(self.jobs.contact))
            self.jobs.contact.append(contact)
            self.jobs.desk.append(desk)
            self.jobs.opened.append(week)
            self.jobs.closes.append(week + int(length[place]) * (2 if retained else 1))
            self.jobs.door.append(int(doors[place]))
            self.jobs.retained.append(retained)
            self.jobs.first.append(first[place])
            self.jobs.submissions.append(0)

    def week(self, week: int) -> None:
        """Offers fall due, jobs close, people who fit are submitted."""
        for job, person, submitted in sorted(self._offers.pop(week, [])):
            self._accept(job, person, submitted, week)
        ready = np.flatnonzero((self.ready_from < week) & (self.ready_until >= week))
        desks = self.desk_of[ready]
        for desk in range(len(self._open)):
            self._open[desk] = [job for job in self._open[desk] if self.jobs.closes[job] >= week]
            pool = ready[desks == desk]
            if self._open[desk] and len(pool):
                self._submit(np.array(self._open[desk]), pool, week)

    def _submit(self, open_jobs: Ints, pool: Ints, week: int) -> None:
        """A pair is looked at once: in the first week in which both are there. The best fits go first."""
        opened = np.array([self.jobs.opened[job] for job in open_jobs])
        contact = np.array([self.jobs.contact[job] for job in open_jobs])
        searched = np.array([self.jobs.retained[job] for job in open_jobs])
        fit = uniform(self.seed, "fit", contact[:, None], opened[:, None], pool[None, :])
        share = self._fit_share * np.where(searched, self.world.retained.fit_factor, 1.0)[:, None]
        met = (opened == week - 1)[:, None] | (self.ready_from[pool] == week - 1)[None, :]
        rows, columns = np.nonzero(met & (fit < share) & (opened < week)[:, None])
        for pair in np.argsort(fit[rows, columns]).tolist():
            job, person = int(open_jobs[rows[pair]]), int(pool[columns[pair]])
            if self.jobs.submissions[job] < self.world.matching.submissions_per_job:
                self.jobs.submissions[job] += 1
                self.matches.submissions.append((job, person, week))
                self._interview(job, person, week)

    def _interview(self, job: int, person: int, week: int) -> None:
        keys = (self.jobs.contact[job], self.jobs.opened[job], person)
        if uniform(self.seed, "accept", *keys) >= self.world.matching.acceptance:
            return
        contract = self.world.desks[self.jobs.desk[job]].kind == "contract"
        low, high = self.world.matching.contract_offer_weeks if contract else self.world.matching.offer_weeks
        due = week + int(whole_between(low, high, uniform(self.seed, "offer weeks", *keys)))
        self._offers.setdefault(due, []).append((job, person, week))

    def _accept(self, job: int, person: int, submitted: int, week: int) -> None:
        desk = self.jobs.desk[job]
        if job not in self._open[desk] or self.settled_until[person] >= week:
            return
        self._open[desk].remove(job)
        self.settled_until[person] = week + self.world.matching.settled_weeks
        self.ready_until[person] = week - 1
        self.matches.placements.append((job, person, submitted, week))
