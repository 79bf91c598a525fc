"""The cast: titles belong to the desk and to the pay, names fit together, nobody real can be reached."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import cache

import phonenumbers
import pytest

from fourfold.accounts.types import Role
from fourfold.evidence.world import Simulation, default_world, read_world, simulate
from fourfold.project.demo import names, trades
from fourfold.project.demo.cast import Cast, make_cast, plain

WORLD = default_world()
# Ofcom: telephone numbers for use in TV and radio drama programmes.
DRAMA = re.compile(r"\+44(7700900|20794600?|1134960|1144960|1174960|1314960|1414960|1514960|1614960|2920180)\d{3}")


@cache
def simulated() -> Simulation:
    return simulate(WORLD, seed=3, people=6000, start=date(2026, 6, 1), end=date(2026, 8, 1))


@cache
def cast() -> Cast:
    return make_cast(simulated(), WORLD)


def test_the_same_seed_gives_the_same_cast() -> None:
    assert make_cast(simulated(), WORLD) == cast()
    other = make_cast(simulate(WORLD, seed=4, people=600, start=date(2026, 6, 1), end=date(2026, 8, 1)), WORLD)
    assert [one.name for one in other.people[:50]] != [one.name for one in cast().people[:50]]


def test_a_candidates_title_belongs_to_the_desk_and_to_the_pay() -> None:
    persons = simulated().persons
    checked = 0
    for index, one in enumerate(cast().people):
        if persons.side[index] != 0 or persons.same_as[index] >= 0:
            continue
        desk = WORLD.desks[int(persons.desk[index])]
        ladder = trades.TRADES[desk.discipline].ladder(desk.kind)
        rungs = [number for number, rung in enumerate(ladder) if one.headline in rung.titles]
        assert rungs, f"{one.headline} is no title of {desk.name}"
        low = ladder[rungs[0] - 1].below if rungs[0] else float("-inf")
        band = [desk.pay_median * 2.718281828 ** (desk.pay_spread * edge) for edge in (low, ladder[rungs[0]].below)]
        assert band[0] - 500 <= persons.pay[index] <= band[1] + 500
        checked += 1
    assert checked > 4000


@pytest.mark.parametrize("discipline", sorted(trades.TRADES))
@pytest.mark.parametrize("kind", ["permanent", "contract"])
def test_a_title_stands_on_one_rung_of_its_ladder(discipline: str, kind: str) -> None:
    ladder = trades.TRADES[discipline].ladder(kind)
    titles = Counter(title for rung in ladder for title in rung.titles)
    assert max(titles.values()) == 1
    assert [rung.below for rung in ladder] == sorted(rung.below for rung in ladder)
    assert ladder[-1].below == trades.TOP


def test_contacts_work_where_their_organisation_is() -> None:
    persons = simulated().persons
    for index, one in enumerate(cast().people):
        if persons.side[index] == 1:
            house = cast().organisations[int(persons.organisation[index])]
            assert one.city == house.city
            assert one.email.endswith(f"@{house.domain}")
            assert one.headline in {title for trade in trades.TRADES.values() for title in trade.managers}


def test_names_are_of_one_origin_and_almost_never_come_twice() -> None:
    whole = {f"{first} {last}" for origin in names.ORIGINS.values() for first in origin.first for last in origin.last}
    given = [one.name for one in cast().people if "." not in one.name]
    assert len(given) >= len(cast().people) - 10
    assert set(given) <= whole
    assert len(set(given)) == len(given)
    assert not set(given) & names.FAMOUS
    assert all(first != last for first, last in (name.split(" ", 1) for name in given))


def test_no_address_or_number_reaches_anyone() -> None:
    everybody = [*cast().people, *cast().colleagues]
    emails = [one.email for one in everybody]
    assert all(re.fullmatch(r"[a-z0-9.]+@[a-z0-9-]+\.example", email) for email in emails)
    assert len(set(emails)) == len(emails)
    phones = [one.phone for one in cast().people if one.phone]
    assert len(phones) > 1000
    assert len(set(phones)) == len(phones)
    for phone in phones:
        assert DRAMA.fullmatch(phone), phone
        number = phonenumbers.parse(phone)
        assert phonenumbers.is_possible_number(number)
        assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == phone


def test_organisations_have_names_and_domains_of_their_own() -> None:
    found = cast().organisations
    assert len({one.name for one in found}) == len(found) == 400
    assert len({one.domain for one in found}) == 400
    assert {one.city for one in found} <= {town.name for towns in trades.TOWNS.values() for town in towns}


def test_the_house_has_forty_colleagues_and_four_who_are_shown() -> None:
    colleagues = cast().colleagues
    assert len(colleagues) == 40
    shown = {one.role: one.email for one in colleagues if one.shown}
    assert shown == {
        Role.LEADER: "lena.hart@fourfold.example",
        Role.MARKETER: "maya.osei@fourfold.example",
        Role.RECRUITER: "tom.ridley@fourfold.example",
        Role.ADMINISTRATOR: "priya.nair@fourfold.example",
    }
    acting = simulated().colleagues.desk.tolist()
    assert [one.desk for one in colleagues[: len(acting)]] == [None if desk < 0 else desk for desk in acting]
    assert Counter(one.role for one in colleagues)[Role.MARKETER] == 4


def test_a_duplicate_is_the_same_human_under_a_shorter_name() -> None:
    persons = simulated().persons
    twice = [index for index, original in enumerate(persons.same_as.tolist()) if original >= 0]
    assert twice
    for index in twice:
        one, original = cast().people[index], cast().people[int(persons.same_as[index])]
        assert one.name == f"{original.name[0]}. {original.name.split(' ', 1)[1]}"
        assert (one.headline, one.city) == (original.headline, original.city)
        assert one.email != original.email


def test_a_discipline_that_is_not_known_gets_plain_titles() -> None:
    desk = {
        "discipline": "Hospitality", "place": "Norwich", "kind": "permanent", "recruiters": 1, "candidate_share": 1,
        "client_share": 1, "pay_median": 30000, "pay_spread": 0.2, "fee_percent": [15, 20], "retained_share": 0,
    }  # fmt: skip
    world = read_world({"desks": [desk]})
    made = make_cast(simulate(world, seed=1, people=300, start=date(2026, 6, 1), end=date(2026, 7, 1)), world)
    assert {one.city for one in made.people} == {"Norwich"}
    assert "Hospitality specialist" in {one.headline for one in made.people}


def test_plain_makes_words_fit_for_addresses() -> None:
    assert plain("Máire O’Brien") == "maire.obrien"
    assert plain("St Louis & Søn") == "st.louis.sn"
