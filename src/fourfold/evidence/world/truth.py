"""What is true of a world: each channel's effect, found by running the world again without it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from fourfold.evidence.world.course import run
from fourfold.evidence.world.draws import Floats
from fourfold.evidence.world.fees import settle
from fourfold.evidence.world.parameters import CHANNELS, World
from fourfold.evidence.world.spending import spend_of_channels
from fourfold.evidence.world.timing import DAY, HOUR, WEEK, first_submissions, opened_time

_COUNTS = ("placements", "net_fees_minor", "candidates", "clients", "colleagues")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTruth:
    """What one channel caused: the world with it less the world without it, mean over the replications.

    ``…_error`` is the Monte-Carlo standard error of that mean (None with one replication). ``roi`` is
    (net fees caused - spend) / spend, None where nothing was spent.
    """

    channel: str
    placements: float
    placements_error: float | None
    net_fees_minor: float
    net_fees_error: float | None
    candidates: float
    clients: float
    colleagues: float
    spend_minor: float
    roi: float | None
    roi_error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The truth of a world between ``start`` and ``end``, the totals first. Money in minor units of ``currency``."""

    world: str
    seed: int
    people: int
    start: date
    end: date
    replications: int
    currency: str
    placements: float
    net_fees_minor: float
    candidates: float
    clients: float
    colleagues: float
    channels: tuple[ChannelTruth, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; dates as ISO text."""
        return {**asdict(self), "start": self.start.isoformat(), "end": self.end.isoformat()}


def truth(
    world: World,
    *,
    seed: int,
    people: int,
    start: date,
    end: date,
    channels: Iterable[str] = CHANNELS,
    replications: int = 8,
) -> Truth:
    """Each channel's true effect on placements and net fees, on common random numbers.

    Replication r runs the world of seed ``seed + r`` once as it is and once without each channel (off from the first
    week of the warm-up, as if it had never been). Net fees are the rows before ``end`` of placements whose first row
    lies in the period, as in the house's own ledger.
    Units: people, placements, minor units. Errors: ValueError for an unknown channel or no replication.
    """
    if replications < 1:
        raise ValueError(f"at least one replication is needed, not {replications}")
    named = tuple(channels)
    base = np.zeros((replications, len(_COUNTS)))
    without = np.zeros((len(named), replications, len(_COUNTS)))
    spent = np.zeros((len(named), replications))
    for r in range(replications):
        base[r], costs = _count(world, seed + r, people, start, end, frozenset())
        for place, channel in enumerate(named):
            without[place, r], _ = _count(world, seed + r, people, start, end, frozenset({channel}))
            spent[place, r] = costs[CHANNELS.index(channel)]
    means = base.mean(axis=0).tolist()
    return Truth(
        world=world.name,
        seed=seed,
        people=people,
        start=start,
        end=end,
        replications=replications,
        currency=world.currency,
        placements=means[0],
        net_fees_minor=means[1],
        candidates=means[2],
        clients=means[3],
        colleagues=means[4],
        channels=tuple(_row(name, base - without[place], spent[place]) for place, name in enumerate(named)),
    )


def _row(channel: str, caused: Floats, spent: Floats) -> ChannelTruth:
    """``caused`` has one row a replication and the columns of ``_COUNTS``."""
    means = caused.mean(axis=0).tolist()
    many = len(caused) > 1
    errors = (caused.std(axis=0, ddof=1) / np.sqrt(len(caused))).tolist() if many else None
    spend = float(spent.mean())
    return ChannelTruth(
        channel=channel,
        placements=means[0],
        placements_error=errors[0] if errors else None,
        net_fees_minor=means[1],
        net_fees_error=errors[1] if errors else None,
        candidates=means[2],
        clients=means[3],
        colleagues=means[4],
        spend_minor=spend,
        roi=(means[1] - spend) / spend if spend else None,
        roi_error=errors[1] / spend if spend and errors else None,
    )


def _count(
    world: World, seed: int, people: int, start: date, end: date, off: frozenset[str]
) -> tuple[list[float], list[float]]:
    """The counts of one run, in the order of ``_COUNTS``, and what each channel cost."""
    course = run(world, seed, people, start, end, off)
    deals, cash = settle(world, seed, course)
    since = (start - course.calendar.monday).days * DAY
    until = (end - course.calendar.monday).days * DAY
    first = np.full(len(deals.job), until)
    np.minimum.at(first, cash.deal, cash.second)
    counted = (first >= since) & (first < until)
    _, _, submitted = first_submissions(seed, course)
    new = np.flatnonzero(course.jobs.first)
    opened = opened_time(seed, np.array(course.jobs.contact)[new], np.array(course.jobs.opened)[new])
    started = np.array([week for _, week in course.joiners], dtype=np.int64) * WEEK + 9 * HOUR
    counts = [float(counted.sum()), float(deals.value_minor[counted].sum())]
    counts += [float(((moments >= since) & (moments < until)).sum()) for moments in (submitted, opened, started)]
    return counts, [float(minor) for minor in spend_of_channels(world, course, off)]
