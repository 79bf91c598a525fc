"""The simulator: one seed is one house, a channel turned off leaves all else alone, totals are plausible."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest

from fourfold.evidence.world import (
    CHANNELS,
    SIDES,
    Holdout,
    Simulation,
    as_columns,
    default_world,
    read_world,
    shipped_worlds,
    simulate,
    truth,
)
from fourfold.evidence.world.draws import pick, uniform, whole_between

START, END = date(2024, 11, 22), date(2026, 11, 22)
SMALL: dict[str, Any] = {"seed": 5, "people": 900, "start": date(2025, 11, 1), "end": date(2026, 7, 1)}


@cache
def house() -> Simulation:
    return simulate(default_world(), seed=1, people=6000, start=START, end=END)


def rows(table: Any, chosen: Any = slice(None)) -> list[tuple[Any, ...]]:
    return list(zip(*(getattr(table, f.name)[chosen].tolist() for f in fields(table)), strict=True))


def test_draws_belong_to_their_keys_and_not_to_an_order() -> None:
    keys = np.arange(50_000)
    draws = uniform(3, "thing", keys, 7)
    assert draws[::-1].tolist() == uniform(3, "thing", keys[::-1], 7).tolist()
    assert float(uniform(3, "thing", 41, 7)) == draws[41]
    assert abs(draws.mean() - 0.5) < 0.01
    assert abs(np.corrcoef(draws, uniform(3, "thing", keys, 8))[0, 1]) < 0.02
    assert abs(np.corrcoef(draws, uniform(4, "thing", keys, 7))[0, 1]) < 0.02
    assert np.bincount(pick(np.array([1.0, 3.0]), draws)) / 50_000 == pytest.approx([0.25, 0.75], abs=0.01)
    assert set(whole_between(2, 4, draws).tolist()) == {2, 3, 4}


def test_the_same_seed_gives_the_same_house_and_another_seed_another() -> None:
    first, again = (as_columns(simulate(default_world(), **SMALL)) for _ in range(2))
    assert first == again
    assert first != as_columns(simulate(default_world(), **(SMALL | {"seed": 6})))


def test_turning_off_a_channel_without_effect_leaves_all_else_as_it_was() -> None:
    quiet = {
        "candidate": {"effect": 0, "door": 0},
        "client": {"effect": 0, "door": 0},
        "colleague": {"effect": 0, "door": 0},
    }
    world = read_world({"channels": {"event": quiet}})
    on, off = simulate(world, **SMALL), simulate(world, **SMALL, off=frozenset({"event"}))
    events = on.touches.channel == CHANNELS.index("event")
    assert events.sum() > 20
    assert rows(off.touches) == rows(on.touches, ~events)
    assert rows(off.outcomes) == rows(on.outcomes)
    assert rows(off.parties) == rows(on.parties)
    assert {bill.channel for bill in on.spend} - {bill.channel for bill in off.spend} == {CHANNELS.index("event")}


def test_turning_off_a_channel_takes_all_its_touches_and_keeps_who_is_who() -> None:
    world = default_world()
    on, off = simulate(world, **SMALL), simulate(world, **SMALL, off=frozenset({"job_board"}))
    assert (on.touches.channel == CHANNELS.index("job_board")).any()
    assert not (off.touches.channel == CHANNELS.index("job_board")).any()
    assert on.organisations.desk.tolist() == off.organisations.desk.tolist()
    people = SMALL["people"]
    assert on.persons.pay[:people].tolist() == off.persons.pay[:people].tolist()
    # What both worlds share is written down in the same words at the same moment.
    mine, theirs = set(rows(on.touches)), set(rows(off.touches))
    assert len(mine & theirs) > 0.7 * len(theirs)


def test_facts_lie_in_the_period_in_order_and_point_at_what_exists() -> None:
    made = house()
    first, last = np.datetime64(START, "s"), np.datetime64(END, "s")
    for times in (made.touches.at, made.outcomes.at):
        assert (times >= first).all()
        assert (times < last).all()
        assert (np.diff(times.astype("int64")) >= 0).all()
    known = len(made.persons.side)
    for people in (made.touches.person, made.parties.person, made.allocations.person, made.identities.into):
        assert people.min() >= 0
        assert people.max() < known
    cash = made.outcomes.placement >= 0
    assert ((made.words.kinds.index("cash") == made.outcomes.kind) == cash).all()
    assert set(made.touches.organisation[made.touches.side == 0].tolist()) == {-1}


def test_nobody_is_met_before_they_are_known() -> None:
    made = house()
    since = made.persons.since
    assert (made.touches.at >= since[made.touches.person]).all()
    assert since.min() == np.datetime64(START, "s")
    late = (since > np.datetime64(START, "s"))[:6000]
    assert 0.15 < late.mean() < 0.3
    contacts = made.persons.side == made.words.sides.index("client")
    known = {
        house: set(since[contacts & (made.persons.organisation == house)].tolist())
        for house in set(made.persons.organisation[contacts].tolist())
    }
    assert all(len(moments) == 1 for moments in known.values())


def test_journeys_end_before_their_outcome() -> None:
    """A job is opened before its submissions, a submission comes before the money of its placement."""
    made = house()
    words, touches, outcomes, parties = made.words, made.touches, made.outcomes, made.parties
    opened = touches.action == words.actions.index("job_opened")
    submitted = touches.action == words.actions.index("submitted")
    opened_at = dict(zip(touches.job[opened].tolist(), touches.at[opened], strict=True))
    sent = list(zip(touches.job[submitted].tolist(), touches.person[submitted].tolist(), strict=True))
    sent_at = dict(zip(sent, touches.at[submitted], strict=True))
    assert all(job not in opened_at or opened_at[job] < at for (job, _), at in sent_at.items())
    candidates = parties.side == words.sides.index("candidate")
    checked = 0
    for outcome, person in zip(parties.outcome[candidates].tolist(), parties.person[candidates].tolist(), strict=True):
        when = sent_at.get((int(outcomes.job[outcome]), person))
        if outcomes.placement[outcome] >= 0 and when is not None:
            assert when < outcomes.at[outcome]
            checked += 1
    assert checked > 1000


def test_money_adds_up_by_engagement() -> None:
    made = house()
    outcomes, words = made.outcomes, made.words
    cash = outcomes.placement >= 0
    what, engagement = outcomes.what[cash], outcomes.engagement[cash]
    sorts = {
        words.engagements[kind]: {words.what[w] for w in set(what[engagement == kind].tolist())} for kind in range(3)
    }
    assert sorts == {"permanent": {"fee", "rebate"}, "contract": {"margin"}, "retained": {"stage"}}
    rebates = outcomes.what == words.what.index("rebate")
    assert (outcomes.value_minor[rebates] < 0).all()
    assert (outcomes.value_minor[cash & ~rebates] > 0).all()
    fees = dict(zip(outcomes.placement.tolist(), outcomes.value_minor.tolist(), strict=True))
    for placement, minor in zip(
        outcomes.placement[rebates].tolist(), outcomes.value_minor[rebates].tolist(), strict=True
    ):
        rows_of = outcomes.value_minor[outcomes.placement == placement]
        assert len(rows_of) == 2
        assert 0 <= rows_of.sum() < rows_of.max()
        assert fees[placement] == minor  # the rebate is the later of the two
    fee_rows = np.flatnonzero(outcomes.what == words.what.index("fee"))
    pay, percent = made.jobs.pay[outcomes.job[fee_rows]], made.jobs.fee_percent[outcomes.job[fee_rows]]
    assert np.abs(outcomes.value_minor[fee_rows] - pay * percent).max() <= 0.5
    assert percent.min() >= 15
    assert percent.max() <= 25


def test_the_default_house_is_a_plausible_agency() -> None:
    made = house()
    outcomes, words = made.outcomes, made.words
    cash = outcomes.placement >= 0
    placements, first = np.unique(outcomes.placement[cash], return_index=True)
    began = outcomes.at[cash][first]
    net = outcomes.value_minor[cash].sum() / 100
    fee_earners = (made.colleagues.desk >= 0).sum()
    third = ((began >= np.datetime64("2026-07-01")) & (began < np.datetime64("2026-10-01"))).sum()
    kinds = np.bincount(outcomes.kind, minlength=4)
    assert 350 <= len(placements) <= 520
    assert third >= 60
    assert (fee_earners, len(made.colleagues.desk)) == (24, 28)
    assert 90_000 <= net / fee_earners / 2 <= 140_000
    assert 40_000 <= len(made.touches.at) <= 62_000
    assert 0.01 <= made.touches.machine.mean() <= 0.04
    assert 350_000 <= sum(bill.amount_minor for bill in made.spend) / 100 <= 520_000
    assert 1_200 <= kinds[words.kinds.index("candidate")] <= 2_200
    assert 60 <= kinds[words.kinds.index("client")] <= 160
    assert 8 <= kinds[words.kinds.index("colleague")] <= 30
    assert len(made.organisations.desk) == 400
    august, october = (((began.astype("datetime64[M]").astype(int) % 12) == month).sum() for month in (7, 9))
    assert august < october


def test_experiments_are_drawn_before_anything_is_sent() -> None:
    made = house()
    drawn, touches = made.allocations, made.touches
    first = drawn.experiment == 0
    assert first.sum() == 3600
    treated = set(drawn.person[first & drawn.treated].tolist())
    held_out = set(drawn.person[first & ~drawn.treated].tolist())
    assert not treated & held_out
    assert 0.45 < len(treated) / 3600 < 0.55
    moment = drawn.at[first][0]
    day = moment.astype("datetime64[D]") + 1
    sent = (touches.at.astype("datetime64[D]") == day) & (touches.action == made.words.actions.index("send"))
    sent &= touches.actor >= 24
    assert treated <= set(touches.person[sent].tolist())
    assert not held_out & set(touches.person[sent & (touches.campaign < 0)].tolist())


def test_duplicates_are_merged_into_who_they_are() -> None:
    made = house()
    merged = made.identities
    assert len(merged.person) == 3
    assert made.persons.same_as[merged.person].tolist() == merged.into.tolist()
    assert np.isin(merged.person, made.touches.person).all()
    for person, at in zip(merged.person, merged.at, strict=True):
        assert made.touches.at[made.touches.person == person].max() < at


def test_truth_of_a_channel_without_effect_is_nothing() -> None:
    quiet = {"effect": 0, "door": 0}
    world = read_world({"channels": {"event": {"candidate": quiet, "client": quiet, "colleague": quiet}}})
    row = truth(world, **SMALL, channels=["event"], replications=2).channels[0]
    assert (row.placements, row.net_fees_minor, row.placements_error, row.candidates) == (0, 0, 0, 0)
    assert row.spend_minor > 0
    assert row.roi == -1


def test_truth_finds_an_effect_and_says_how_sure_it_is() -> None:
    strong = read_world({"channels": {"email": {"candidate": {"effect": 0.6}, "client": {"effect": 0.4}}}})
    told = truth(strong, **SMALL, channels=["email", "other"], replications=2)
    email, other = told.channels
    assert email.placements > 0.1 * told.placements
    assert email.placements_error is not None
    assert other.placements == 0
    assert told.as_dict()["channels"][0]["channel"] == "email"
    assert told.as_dict()["start"] == "2025-11-01"
    alone = truth(strong, **SMALL, channels=["email"], replications=1).channels[0]
    assert (alone.placements_error, alone.net_fees_error, alone.roi_error) == (None, None, None)


def test_truth_counts_what_the_books_hold() -> None:
    """With no channel turned off, the totals of truth are those of the records."""
    made = simulate(default_world(), **SMALL)
    told = truth(default_world(), **SMALL, channels=[], replications=1)
    cash = made.outcomes.placement >= 0
    kinds = np.bincount(made.outcomes.kind, minlength=4).tolist()
    assert told.placements == len(set(made.outcomes.placement[cash].tolist()))
    assert told.net_fees_minor == made.outcomes.value_minor[cash].sum()
    assert [told.candidates, told.clients, told.colleagues] == kinds[:3]


def test_bad_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="no such channel: fax"):
        simulate(default_world(), **SMALL, off=frozenset({"fax"}))
    with pytest.raises(ValueError, match="must end after it starts"):
        simulate(default_world(), seed=1, people=900, start=END, end=START)
    with pytest.raises(ValueError, match="leave no candidate"):
        simulate(default_world(), seed=1, people=2, start=START, end=END)
    with pytest.raises(ValueError, match="at least one replication"):
        truth(default_world(), **SMALL, replications=0)


@pytest.mark.parametrize("people", [60, 300])
def test_small_worlds_run(people: int) -> None:
    made = simulate(default_world(), **(SMALL | {"people": people}))
    assert len(made.touches.at) > people
    assert as_columns(made)["touch"]["person_key"]


@pytest.mark.parametrize("name", list(shipped_worlds()))
def test_a_shipped_world_plays_and_is_another_one(name: str) -> None:
    world = shipped_worlds()[name]
    found = simulate(world, **SMALL)
    assert len(found.outcomes.at) > 0
    assert len(found.touches.at) > 0
    assert (world == default_world()) == (name == "default")
    assert (world.name == default_world().name) == (name == "default")


def test_a_holdout_keeps_its_people_from_the_channel_and_leaves_the_others_alone() -> None:
    world = read_world({"records": {"duplicates": 0}, "experiments": []})
    holdout = Holdout(channel="email", share=0.5)
    with_it, without = (simulate(world, **SMALL, holdout=each) for each in (holdout, None))
    persons, email = with_it.persons, CHANNELS.index("email")
    contact = persons.side == SIDES.index("client")
    units = np.where(contact, persons.organisation, np.arange(len(persons.side)))
    held = np.where(contact, holdout.held(5, "client", units), holdout.held(5, "candidate", units))
    prospects = persons.side == SIDES.index("colleague")
    assert 0.4 < held.mean() < 0.6
    marks = [with_it.words.actions.index(action) for action in ("job_opened", "submitted")]  # records, not touches
    before, after = (
        np.bincount(touches.person[(touches.channel == email) & ~np.isin(touches.action, marks)], minlength=len(held))
        for touches in (without.touches, with_it.touches)
    )
    assert after[held & ~prospects].sum() == 0 < before[held].sum()
    assert after[~held].sum() == pytest.approx(before[~held].sum(), rel=0.1)


def test_a_holdout_of_nobody_changes_nothing() -> None:
    nobody = simulate(default_world(), **SMALL, holdout=Holdout(channel="phone", share=0.0))
    assert as_columns(nobody) == as_columns(simulate(default_world(), **SMALL))
