"""How a touch is written down: its moment, action, direction, who made it, and for which campaign."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from fourfold.evidence.world import tables
from fourfold.evidence.world.course import DOOR, MESSAGE, Course
from fourfold.evidence.world.draws import Flags, Floats, Ints, pick, uniform, whole_between
from fourfold.evidence.world.parameters import CHANNELS, SIDES, World
from fourfold.evidence.world.tables import NONE
from fourfold.evidence.world.timing import DAY, HOUR, door_time, opened_time, own_time, submitted_time, working_time

ACTIONS = (
    "click", "reply", "send", "call", "message", "react", "attend", "apply", "refer", "visit", "meet", "note",
    "job_opened", "submitted",
)  # fmt: skip
DIRECTIONS = ("out", "in")
TEAMS = ("recruiting", "marketing")
STREAMS = ("recruitment", "corporate")
ASSETS = ("The Vacancy Page", "Careers North", "Desk & Bench", "trade press")
_IN, _OUT = DIRECTIONS.index("in"), DIRECTIONS.index("out")
_BOARDS = (0.5, 0.3, 0.2)
_OWN_TIME = ("email", "social", "job_board", "web", "linkedin")

# What a touch of a channel is, and who begins it: (action, direction) of a campaign's touch, of one between two
# people, and of somebody coming forward.
_HOW: dict[str, tuple[tuple[str, str], tuple[str, str], tuple[str, str]]] = {
    "email": (("click", "in"), ("send", "out"), ("reply", "in")),
    "phone": (("call", "out"), ("call", "out"), ("call", "in")),
    "sms": (("send", "out"), ("send", "out"), ("reply", "in")),
    "linkedin": (("react", "in"), ("message", "out"), ("reply", "in")),
    "social": (("react", "in"), ("react", "in"), ("message", "in")),
    "event": (("attend", "in"), ("attend", "in"), ("attend", "in")),
    "job_board": (("click", "in"), ("click", "in"), ("apply", "in")),
    "referral": (("refer", "in"), ("refer", "in"), ("refer", "in")),
    "web": (("visit", "in"), ("visit", "in"), ("apply", "in")),
    "in_person": (("meet", "out"), ("meet", "out"), ("meet", "in")),
    "other": (("note", "out"), ("note", "out"), ("note", "in")),
}
_MARKETING = ("social", "event", "job_board", "web")


def themes(world: World) -> tuple[str, ...]:
    """The themes of the world's campaigns, in order of first use."""
    return tuple(dict.fromkeys(campaign.theme for campaign in world.campaigns))


def colleagues(world: World) -> tables.Colleagues:
    """Recruiters desk by desk, then marketers."""
    recruiters = np.repeat(np.arange(len(world.desks)), [desk.recruiters for desk in world.desks])
    return tables.Colleagues(desk=np.concatenate([recruiters, np.full(world.marketers, NONE)]))


def owners(seed: int, course: Course) -> Ints:
    """Which recruiter looks after each person: one of the person's desk."""
    sizes = np.array(course.desk_recruiters)
    desk = course.population.desk
    first = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    chosen = np.floor(uniform(seed, "owner", np.arange(course.population.people)) * sizes[desk])
    return (first[desk] + chosen).astype(np.int64)


def touches(world: World, seed: int, course: Course) -> tables.Touches:
    """All touches of the period in order of time: exposures, people coming forward, marks of jobs, machine clicks."""
    parts = [_met(world, seed, course), _opened(seed, course), _submitted(seed, course)]
    parts.append(_machines(world, seed, course, parts[0]))
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    monday = course.calendar.monday
    since, until = (course.calendar.start - monday).days * DAY, (course.calendar.end - monday).days * DAY
    inside = np.flatnonzero((rows["second"] >= since) & (rows["second"] < until))
    keys = ("machine", "action", "channel", "person", "second")
    order = inside[np.lexsort([rows[name][inside] for name in keys])]
    second = rows.pop("second")[order]
    columns = {name: column[order] for name, column in rows.items()}
    columns["machine"] = columns["machine"] == 1
    return tables.Touches(at=np.datetime64(monday, "s") + second.astype("timedelta64[s]"), **columns)


_NAMES = tuple(f.name for f in fields(tables.Touches) if f.name != "at")


def _rows(second: Ints, **given: Ints | int) -> dict[str, Ints]:
    """Touch rows; what is not given is none."""
    shape = second.shape
    columns = {name: np.broadcast_to(np.asarray(given.get(name, NONE), dtype=np.int64), shape) for name in _NAMES}
    if "machine" not in given:
        columns["machine"] = np.zeros(shape, dtype=np.int64)
    return {"second": second, **columns}


def _met(world: World, seed: int, course: Course) -> dict[str, Ints]:
    person, week, channel, side, kind = course.person, course.week, course.channel, course.side, course.kind
    population = course.population
    campaign = _campaigns(world, seed, course)
    theme = np.array([themes(world).index(c.theme) for c in world.campaigns] + [NONE])[campaign]
    sort = np.where(kind == DOOR, 2, np.where((campaign != NONE), 0, 1))
    how = np.array([[(ACTIONS.index(a), DIRECTIONS.index(d)) for a, d in _HOW[name]] for name in CHANNELS])
    action, direction = how[channel, sort, 0], how[channel, sort, 1]
    sent = kind == MESSAGE
    action, direction = np.where(sent, ACTIONS.index("send"), action), np.where(sent, _OUT, direction)
    marketing = (np.isin(channel, [CHANNELS.index(name) for name in _MARKETING]) | (campaign != NONE) | sent) & (
        kind != DOOR
    )
    marketer = sum(course.desk_recruiters) + whole_between(
        0, world.marketers - 1, uniform(seed, "marketer", channel, side)
    )
    untended = np.isin(channel, [CHANNELS.index(name) for name in ("web", "job_board")])
    board = pick(np.array(_BOARDS), uniform(seed, "board", person, week))
    asset = np.where(channel == CHANNELS.index("job_board"), board, NONE)
    asset = np.where(channel == CHANNELS.index("other"), ASSETS.index("trade press"), asset)
    return _rows(
        _moments(seed, course),
        person=person,
        organisation=population.organisation[person],
        side=side,
        channel=channel,
        action=action,
        direction=direction,
        team=np.where(marketing, TEAMS.index("marketing"), TEAMS.index("recruiting")),
        actor=np.where(marketing, np.where(untended, NONE, marketer), owners(seed, course)[person]),
        campaign=campaign,
        theme=theme,
        stream=np.where(marketing, np.where(side == SIDES.index("client"), 1, 0), NONE),
        desk=population.desk[person],
        asset=asset,
    )


def _moments(seed: int, course: Course) -> Ints:
    person, week, channel, kind = course.person, course.week, course.channel, course.kind
    keys = (person, channel, kind)
    evening = np.isin(channel, [CHANNELS.index(name) for name in _OWN_TIME])
    second = np.where(evening, own_time(seed, "touch", week, *keys), working_time(seed, "touch", week, *keys))
    event = channel == CHANNELS.index("event")
    second = np.where(event, second // DAY * DAY + 18 * HOUR + second % 1800, second)
    # An experiment's messages go out together, on Tuesday morning.
    sent = week * 7 * DAY + DAY + 9 * HOUR + (second % 900)
    second = np.where(kind == MESSAGE, sent, second)
    return np.asarray(np.where(kind == DOOR, door_time(seed, week, person), second))


def _campaigns(world: World, seed: int, course: Course) -> Ints:
    """The campaign of each touch, -1 for none; coming forward and experiments belong to none."""
    month = np.array([course.calendar.month(week) + 1 for week in range(course.calendar.weeks)])[course.week]
    draws = uniform(seed, "campaign", course.person, course.week, course.channel)
    found = np.full(len(draws), NONE)
    taken: Floats = np.zeros(len(draws))
    for number, campaign in enumerate(world.campaigns):
        here: Flags = (course.channel == CHANNELS.index(campaign.channel)) & (course.side == SIDES.index(campaign.side))
        here &= (course.kind != DOOR) & (course.kind != MESSAGE) & np.isin(month, campaign.months)
        found[here & (draws >= taken) & (draws < taken + campaign.share)] = number
        taken[here] += campaign.share
    return found


def _opened(seed: int, course: Course) -> dict[str, Ints]:
    """The mark of each job's opening, on its contact."""
    jobs, population = course.jobs, course.population
    contact, opened = np.array(jobs.contact, dtype=np.int64), np.array(jobs.opened, dtype=np.int64)
    door = np.array(jobs.door, dtype=np.int64)
    return _rows(
        opened_time(seed, contact, opened),
        person=contact,
        organisation=population.organisation[contact],
        side=SIDES.index("client"),
        channel=np.where(door == NONE, CHANNELS.index("other"), door),
        action=ACTIONS.index("job_opened"),
        direction=_IN,
        team=TEAMS.index("recruiting"),
        actor=owners(seed, course)[contact],
        desk=np.array(jobs.desk, dtype=np.int64),
        job=np.arange(len(contact)),
    )


def _submitted(seed: int, course: Course) -> dict[str, Ints]:
    """The mark of each submission, on the candidate."""
    job, person, week = np.array(course.matches.submissions, dtype=np.int64).reshape(-1, 3).T
    contact, opened = (
        np.array(course.jobs.contact, dtype=np.int64)[job],
        np.array(course.jobs.opened, dtype=np.int64)[job],
    )
    return _rows(
        submitted_time(seed, week, contact, opened, person),
        person=person,
        side=SIDES.index("candidate"),
        channel=CHANNELS.index("email"),
        action=ACTIONS.index("submitted"),
        direction=_OUT,
        team=TEAMS.index("recruiting"),
        actor=owners(seed, course)[contact],
        desk=np.array(course.jobs.desk, dtype=np.int64)[job],
        job=job,
    )


def _machines(world: World, seed: int, course: Course, met: dict[str, Ints]) -> dict[str, Ints]:
    """Scanners click the links of e-mails within the minute: ``machine_share`` of all touches, on e-mail only."""
    mail = np.flatnonzero(met["channel"] == CHANNELS.index("email"))
    chance = min(1.0, world.records.machine_share * len(met["second"]) / max(len(mail), 1))
    draws = uniform(seed, "machine", met["person"][mail], course.week[mail], course.kind[mail])
    chosen = mail[draws < chance]
    rows = {name: column[chosen] for name, column in met.items()}
    rows["second"] = rows["second"] - whole_between(2, 50, uniform(seed, "scan", rows["person"], course.week[chosen]))
    rows["action"] = np.full(len(chosen), ACTIONS.index("click"))
    rows["direction"] = np.full(len(chosen), _IN)
    rows["machine"] = np.ones(len(chosen), dtype=np.int64)
    return rows
