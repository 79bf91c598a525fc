"""From what happened to what stands in the books: :func:`simulate` makes the tables of a house's records."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any, TypeVar

import numpy as np

from fourfold.evidence.world import tables, writing
from fourfold.evidence.world.course import Course, Holdout, run
from fourfold.evidence.world.draws import Ints, Times, normal, uniform
from fourfold.evidence.world.fees import FEE, MARGIN, NOBODY, REBATE, STAGE, Cash, Deals, price, settle
from fourfold.evidence.world.parameters import CHANNELS, SIDES, World
from fourfold.evidence.world.spending import bills
from fourfold.evidence.world.tables import NONE
from fourfold.evidence.world.timing import DAY, HOUR, WEEK, first_submissions, opened_time

KINDS = ("candidate", "client", "colleague", "cash")
ENGAGEMENTS = ("permanent", "contract", "retained")
WHAT = (FEE, STAGE, MARGIN, REBATE)
_TABLE = TypeVar("_TABLE", tables.Touches, tables.Outcomes, tables.Parties)


def simulate(
    world: World,
    *,
    seed: int,
    people: int,
    start: date,
    end: date,
    off: frozenset[str] = frozenset(),
    holdout: Holdout | None = None,
) -> tables.Simulation:
    """Two years (or whatever lies between ``start`` and ``end``, not included) of a recruitment business's records.

    The same arguments always give the same tables. ``off`` turns channels off, ``holdout`` keeps some
    people from one; all other draws stay as they were.
    Units: ``people`` counts candidates, client contacts and prospects for the house. Errors: ValueError for an unknown
    channel, for too few people, or for an end before the start.
    """
    course = run(world, seed, people, start, end, off, holdout)
    deals, cash = settle(world, seed, course)
    persons = _persons(world, seed, course)
    jobs = _jobs(world, seed, course)
    touches = writing.touches(world, seed, course)
    touches, identities = _duplicated(world, seed, course, touches)
    outcomes, parties = _outcomes(seed, course, deals, cash)
    return tables.Simulation(
        world=world.name,
        seed=seed,
        people=people,
        start=start,
        end=end,
        currency=world.currency,
        basis=world.basis,
        words=_words(world),
        persons=_with_duplicates(persons, identities),
        organisations=_organisations(course),
        jobs=jobs,
        colleagues=writing.colleagues(world),
        touches=touches,
        outcomes=outcomes,
        parties=parties,
        spend=tuple(bills(world, course, off)),
        decided_by=tuple(world.channels[channel].decided_by for channel in CHANNELS),
        allocations=_allocations(course),
        identities=identities,
    )


def _words(world: World) -> tables.Words:
    return tables.Words(
        channels=CHANNELS,
        sides=SIDES,
        actions=writing.ACTIONS,
        directions=writing.DIRECTIONS,
        teams=writing.TEAMS,
        campaigns=tuple(campaign.name for campaign in world.campaigns),
        themes=writing.themes(world),
        streams=writing.STREAMS,
        desks=tuple(desk.name for desk in world.desks),
        assets=writing.ASSETS,
        kinds=KINDS,
        engagements=ENGAGEMENTS,
        what=WHAT,
    )


def moments(course: Course, second: Ints) -> Times:
    """Seconds since the first Monday as UTC moments."""
    return np.datetime64(course.calendar.monday, "s") + second.astype("timedelta64[s]")


def in_period(course: Course, second: Ints) -> Any:
    """Which seconds lie between start and end."""
    monday = course.calendar.monday
    since, until = (course.calendar.start - monday).days * DAY, (course.calendar.end - monday).days * DAY
    return (second >= since) & (second < until)


def _persons(world: World, seed: int, course: Course) -> tables.Persons:
    population = course.population
    everyone = np.arange(population.people)
    side = np.zeros(population.people, dtype=np.int64)
    side[population.contacts], side[population.prospects] = 1, 2
    level = normal(seed, "person/level", everyone)
    desks = [world.desks[desk] for desk in population.desk]
    spread = np.array([desk.pay_spread for desk in desks])
    step = np.array([5.0 if desk.kind == "contract" else 500.0 for desk in desks])
    pay = np.array([desk.pay_median for desk in desks]) * np.exp(level * spread)
    return tables.Persons(
        side=side,
        desk=population.desk,
        organisation=population.organisation,
        level=level,
        pay=np.maximum(np.round(pay / step), 1) * step,
        same_as=np.full(population.people, NONE),
        since=moments(course, _since_second(course)),
    )


def _since_second(course: Course) -> Ints:
    """When each came into the house's world, nobody before the first day; contacts as early as their organisation."""
    first = (course.calendar.start - course.calendar.monday).days * DAY
    week = np.floor(course.population.since * course.calendar.weeks)
    return np.maximum(week * WEEK, first).astype(np.int64)


def _organisations(course: Course) -> tables.Organisations:
    gave = np.zeros(len(course.population.demand), dtype=np.bool_)
    gave[course.population.organisation[np.array(course.jobs.contact, dtype=np.int64)]] = True
    return tables.Organisations(desk=course.population.organisation_desk, is_client=gave | course.population.was_client)


def _jobs(world: World, seed: int, course: Course) -> tables.Jobs:
    contact, opened = np.array(course.jobs.contact, dtype=np.int64), np.array(course.jobs.opened, dtype=np.int64)
    desk = np.array(course.jobs.desk, dtype=np.int64)
    kind = np.array([ENGAGEMENTS.index(d.kind) for d in world.desks])[desk]
    pay, percent = price(world, seed, course, np.arange(len(contact)))
    return tables.Jobs(
        contact=contact,
        organisation=course.population.organisation[contact],
        desk=desk,
        opened_at=moments(course, opened_time(seed, contact, opened)),
        engagement=np.where(np.array(course.jobs.retained, dtype=np.bool_), ENGAGEMENTS.index("retained"), kind),
        pay=pay,
        fee_percent=percent,
    )


def _outcomes(seed: int, course: Course, deals: Deals, cash: Cash) -> tuple[tables.Outcomes, tables.Parties]:
    blocks = [_candidates(seed, course), _clients(seed, course), _joiners(course), _cash(course, deals, cash)]
    rows = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    inside = in_period(course, rows["second"])
    first = np.full(len(deals.job), np.iinfo(np.int64).max)
    np.minimum.at(first, cash.deal, cash.second)
    of = rows["placement"]
    # A placement that began before the books were opened is left out as a whole: its journey can't be known.
    inside &= (of == NONE) | in_period(course, first[np.maximum(of, 0)])
    rows = {name: column[inside] for name, column in rows.items()}
    order = np.lexsort((rows["number"], rows["placement"], rows["kind"], rows["second"]))
    rows = {name: column[order] for name, column in rows.items()}
    jobs = course.jobs
    desk = np.where(rows["job"] == NONE, NONE, np.array(jobs.desk, dtype=np.int64)[np.maximum(rows["job"], 0)])
    contact = np.where(rows["job"] == NONE, NONE, np.array(jobs.contact, dtype=np.int64)[np.maximum(rows["job"], 0)])
    outcomes = tables.Outcomes(
        at=moments(course, rows["second"]),
        kind=rows["kind"],
        engagement=rows["engagement"],
        value_minor=rows["value"],
        organisation=np.where(contact == NONE, NONE, course.population.organisation[contact]),
        desk=desk,
        actor=np.where(contact == NONE, NONE, writing.owners(seed, course)[contact]),
        job=rows["job"],
        placement=rows["placement"],
        number=rows["number"],
        what=rows["what"],
    )
    sides = [(SIDES.index(name), rows[name]) for name in SIDES]
    parties = [(np.flatnonzero(who != NONE), who, side) for side, who in sides]
    made = tables.Parties(
        outcome=np.concatenate([places for places, _, _ in parties]),
        person=np.concatenate([who[places] for places, who, _ in parties]),
        side=np.concatenate([np.full(len(places), side) for places, _, side in parties]),
    )
    return outcomes, sorted_rows(made, np.lexsort((made.side, made.outcome)))


def _block(kind: str, second: Ints, **given: Any) -> dict[str, Ints]:
    """Outcome rows of one kind: what is not given is none."""
    names = ("engagement", "value", "job", "placement", "number", "what", *SIDES)
    block = {name: np.asarray(given.get(name, np.full(len(second), NONE)), dtype=np.int64) for name in names}
    return {"second": second, "kind": np.full(len(second), KINDS.index(kind)), **block}


def _candidates(seed: int, course: Course) -> dict[str, Ints]:
    person, job, second = first_submissions(seed, course)
    return _block("candidate", second, job=job, candidate=person)


def _clients(seed: int, course: Course) -> dict[str, Ints]:
    new = np.flatnonzero(course.jobs.first)
    contact = np.array(course.jobs.contact, dtype=np.int64)[new]
    second = opened_time(seed, contact, np.array(course.jobs.opened, dtype=np.int64)[new])
    return _block("client", second, job=new, client=contact)


def _joiners(course: Course) -> dict[str, Ints]:
    rows = np.array(course.joiners, dtype=np.int64).reshape(-1, 2)
    return _block("colleague", rows[:, 1] * WEEK + 9 * HOUR, colleague=rows[:, 0])


def _cash(course: Course, deals: Deals, cash: Cash) -> dict[str, Ints]:
    what = np.array([WHAT.index(each) for each in cash.what], dtype=np.int64)
    engagement = np.array([ENGAGEMENTS.index(each) for each in deals.engagement], dtype=np.int64)
    job = deals.job[cash.deal]
    # A search's stages before the accepted offer concern the client only: nobody has been found yet.
    found = (what != WHAT.index(STAGE)) | (cash.second // WEEK >= deals.week[cash.deal])
    known = found & (deals.person[cash.deal] != NOBODY)
    return _block(
        "cash",
        cash.second,
        engagement=engagement[cash.deal],
        value=cash.amount_minor,
        job=job,
        placement=cash.deal,
        number=cash.number,
        what=what,
        candidate=np.where(known, deals.person[cash.deal], NONE),
        client=np.array(course.jobs.contact, dtype=np.int64)[job],
    )


def _allocations(course: Course) -> tables.Allocations:
    drawn = course.allocated
    weeks = np.repeat([one.week for one in drawn], [len(one.people) for one in drawn]).astype(np.int64)
    ends = np.array([one.week + one.experiment.horizon_weeks for one in drawn], dtype=np.int64)
    return tables.Allocations(
        at=moments(course, weeks * WEEK + HOUR),
        person=np.concatenate([one.people for one in drawn]) if drawn else np.zeros(0, dtype=np.int64),
        experiment=np.repeat(np.arange(len(drawn)), [len(one.people) for one in drawn]),
        treated=np.concatenate([one.treated for one in drawn]) if drawn else np.zeros(0, dtype=np.bool_),
        names=tuple(one.experiment.name for one in drawn),
        horizon_end=moments(course, ends * WEEK),
    )


def sorted_rows(table: _TABLE, order: Ints) -> _TABLE:
    """The table with its rows in another order (or some of them)."""
    return replace(table, **{f.name: getattr(table, f.name)[order] for f in fields(table)})


def _duplicated(
    world: World, seed: int, course: Course, touches: tables.Touches
) -> tuple[tables.Touches, tables.Identities]:
    """Some candidates were on record twice: their touches of the first half stand under another key, merged later."""
    population = course.population
    touched = np.bincount(touches.person[touches.side == 0], minlength=population.people)
    often = population.candidates[touched[population.candidates] >= min(6, touched.max(initial=0))]
    count = min(world.records.duplicates, len(often))
    chosen = often[np.argsort(uniform(seed, "duplicate", often), kind="stable")[:count]]
    person = touches.person.copy()
    first, last = np.datetime64(course.calendar.start, "s"), np.datetime64(course.calendar.end, "s")
    middle = first + (last - first) // 2
    for number, original in enumerate(chosen.tolist()):
        person[(person == original) & (touches.at < middle)] = population.people + number
    when = middle + np.arange(1, count + 1) * np.timedelta64(9 * DAY + 3 * HOUR, "s")
    return replace(touches, person=person), tables.Identities(
        at=when, person=population.people + np.arange(count), into=chosen
    )


def _with_duplicates(persons: tables.Persons, identities: tables.Identities) -> tables.Persons:
    columns = {
        f.name: np.concatenate([getattr(persons, f.name), getattr(persons, f.name)[identities.into]])
        for f in fields(persons)
    }
    columns["same_as"][len(persons.side) :] = identities.into
    return tables.Persons(**columns)
