"""The latent intent of one side, and the touches that find it and move it, week by week."""

from __future__ import annotations

import numpy as np

from fourfold.evidence.world.draws import Flags, Floats, Ints, pick, stream, uniform
from fourfold.evidence.world.parameters import CHANNELS, Intent, World

_VISITS = (CHANNELS.index("web"), CHANNELS.index("job_board"))
_RETARGETED_WEEKS = 3


class Side:
    """People of one side with what they want now. One call of :meth:`week` moves them on by a week.

    Intent = a person's own level + a swing that returns to zero + what touches have added. The last part waits
    (``delay_weeks``), then fades (``effect_half_life_weeks``) and can't pass ``effect_ceiling``. A channel finds people
    at ``weekly_rate`` × exp(``seeking`` × intent): with ``seeking`` above 0 it meets those who would have come anyway.
    """

    def __init__(
        self, world: World, seed: int, name: str, people: Ints, group: Ints, reach: Floats, off: Flags
    ) -> None:
        self.name = name
        self.seed = seed
        self.people = people
        self.intent: Intent = world.intent(name)
        reaches = [world.channels[channel].reach(name) for channel in CHANNELS]
        closed = np.where(off, 0.0, 1.0)
        self.rate = np.array([r.weekly_rate for r in reaches])[:, None] * reach[None, :] * closed[:, None]
        self.seeking = np.array([r.seeking for r in reaches])[:, None]
        self.effect = np.array([r.effect for r in reaches])[:, None]
        self.door = np.array([r.door for r in reaches])
        self.lost = np.array([world.channels[channel].lost_if_closed for channel in CHANNELS])
        self.retargeting = np.array([world.channels[channel].retargeting for channel in CHANNELS])[:, None]
        self.onset = 1.0 / np.array([world.channels[channel].delay_weeks for channel in CHANNELS])[:, None]
        self.off = off
        self.held = np.zeros((len(CHANNELS), len(people)), dtype=np.bool_)  # who is kept from a channel; see hold_out
        self.group = group
        self.since = np.zeros(len(people))  # the first week in which each can be met; set where people come later
        self._noise = stream(seed, f"{name}/swing")
        self._group_noise = stream(seed, f"{name}/swing/group")
        self._arrive = stream(seed, f"{name}/arrive")
        self._touch = [stream(seed, f"{name}/touch/{channel}") for channel in CHANNELS]
        own = stream(seed, f"{name}/level").standard_normal(len(people))
        self.level = own * self.intent.person_spread
        self.swing = self._noise.standard_normal(len(people))
        self.group_swing = self._group_noise.standard_normal(int(group.max()) + 1)
        self.waiting = np.zeros((len(CHANNELS), len(people)))
        self.added = np.zeros(len(people))
        self.visited = np.full(len(people), -(10**6))

    def hold_out(self, channel: int, places: Flags) -> None:
        """Keep some people (a flag each) from a channel: it doesn't meet them, and its door is shut to them."""
        self.held[channel] |= places
        self.rate[channel, places] = 0.0

    def now(self) -> Floats:
        """Intent of each person this week, log scale."""
        shared = self.intent.swing_shared
        swing = np.sqrt(1 - shared) * self.swing + np.sqrt(shared) * self.group_swing[self.group]
        ceiling = self.intent.effect_ceiling
        moved = ceiling * np.tanh(self.added / ceiling)
        return np.asarray(self.level + self.intent.swing * swing + moved)

    def week(self, week: int, season: float) -> Flags:
        """Let a week pass. Returns who was touched by which channel; shape (channels, people)."""
        keep = 0.5 ** (1 / self.intent.swing_half_life_weeks)
        push = np.sqrt(1 - keep**2)
        self.swing = keep * self.swing + push * self._noise.standard_normal(len(self.people))
        self.group_swing = keep * self.group_swing + push * self._group_noise.standard_normal(len(self.group_swing))
        landed = self.waiting * self.onset
        self.waiting -= landed
        self.added = self.added * 0.5 ** (1 / self.intent.effect_half_life_weeks) + landed.sum(axis=0)
        chance = self.rate * np.exp(np.clip(self.seeking * self.now()[None, :], -4, 4)) * season
        followed = self.visited >= week - _RETARGETED_WEEKS
        chance *= np.where(followed[None, :], self.retargeting, 1.0) * (self.since <= week)
        draws = np.stack([rng.random(len(self.people)) for rng in self._touch])
        hits: Flags = draws < chance
        self.waiting += self.effect * hits
        self.visited[hits[_VISITS[0]] | hits[_VISITS[1]]] = week
        return hits

    def arrivals(self, factor: Floats, free: Flags, week: int) -> tuple[Ints, Ints]:
        """Who comes forward this week (place within the side), and through which channel's door (-1: none)."""
        rate = np.minimum(self.intent.weekly_rate * factor * np.exp(self.now()), 0.5)
        came = np.flatnonzero((self._arrive.random(len(self.people)) < rate) & free & (self.since <= week))
        if not self.door.sum():
            return came, np.full(len(came), -1)
        who = self.people[came]
        door = pick(self.door, uniform(self.seed, f"{self.name}/door", who, week))
        shut = self.off[door] | self.held[door, came]
        gone = shut & (uniform(self.seed, f"{self.name}/lost", who, week) < self.lost[door])
        others = np.where(self.off | self.held.any(axis=1), 0.0, self.door)
        if others.sum():
            door = np.where(shut, pick(others, uniform(self.seed, f"{self.name}/other door", who, week)), door)
        else:
            door = np.where(shut, -1, door)
        return came[~gone], door[~gone]

    def push(self, channel: int, places: Ints, effect: float) -> None:
        """Touch some people outside the usual course (an experiment's messages)."""
        self.waiting[channel, places] += effect
