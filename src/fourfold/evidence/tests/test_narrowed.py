"""Credit of one desk, office or team, and credit by who decided the spend."""

from __future__ import annotations

from datetime import date

import pytest

from fourfold.evidence.attribution import attribute
from fourfold.evidence.drill import journey_credits
from fourfold.evidence.facts import live
from fourfold.evidence.tests.house import House
from fourfold.evidence.types import NOT_NAMED, By, EvidenceError, FactKind, IntervalSettings, Question

PLAIN = IntervalSettings(replicates=0)
MARCH, APRIL = (date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 4, 30))


def question(**more: object) -> Question:
    return Question(kind="cash", intervals=PLAIN, **more)  # type: ignore[arg-type]


@pytest.fixture
def house() -> House:
    """Two placements: Ada's is split over two desks, Ben's lies at the second alone."""
    found = House()
    found.touch("ada", "2026-03-02", "email", desk="north")
    found.touch("ada", "2026-04-03", "event", desk="south")
    found.touch("ben", "2026-04-05", "email", desk="south")
    split = found.outcome("a1", "2026-05-01", 6000, placement="A", desk="north", office="leeds")
    found.outcome("a2", "2026-05-01", 4000, placement="A", desk="south", office="leeds")
    found.party(split, "ada", "candidate")
    found.placement("b", "2026-05-02", 8000, "ben", None, placement="B", desk="south", office="york")
    return found


def test_an_outcome_counts_at_a_desk_with_the_value_of_its_rows_there(house: House) -> None:
    tables = live(house.tables())
    credited = {}
    for desk in ("north", "south", "east"):
        result = attribute(tables, question(where=(("desk", desk),)))
        credited[desk] = (result.n, {row.key: row.value for row in result.rows})
    assert credited["east"] == (0, {})
    assert credited["north"] == (1, {"email": 3000.0, "event": 3000.0})
    assert credited["south"] == (2, {"email": 10000.0, "event": 2000.0})


def test_two_places_narrow_together_and_all_touches_still_count(house: House) -> None:
    result = attribute(live(house.tables()), question(where=(("desk", "south"), ("office", "leeds"))))
    assert (result.n, {row.key: row.value for row in result.rows}) == (1, {"email": 2000.0, "event": 2000.0})
    assert any("desk south, office leeds" in line for line in result.assumptions)


def test_spend_is_narrowed_too_and_refused_where_it_names_no_such_place(house: House) -> None:
    house.spend(*MARCH, "email", 500, desk="north")
    house.spend(*APRIL, "email", 700)
    tables = live(house.tables())
    north = attribute(tables, question(where=(("desk", "north"),)))
    assert north.row("email").spend == 500
    leeds = attribute(tables, question(where=(("office", "leeds"),)))
    assert leeds.row("email").spend is None
    assert [one.reason for one in leeds.refusals if one.about == "roi"] == [
        "ROI of office leeds was not computed: no spend names its office, and it is not guessed."
    ]


def test_a_touch_belongs_to_who_decided_the_nearest_spend(house: House) -> None:
    house.spend(*MARCH, "email", 900, decided_by="mia")
    house.spend(*APRIL, "email", 300, decided_by="mia")
    house.spend(*APRIL, "email", 30, decided_by="lee", desk="south", campaign=None)
    house.spend(*APRIL, "event", 100, decided_by="lee", desk="north")  # not the desk of the touch
    tables = live(house.tables())
    result = attribute(tables, question(by=By.DECIDED_BY))
    # Ada's e-mail of March is Mia's, her event nobody's; Ben's e-mail of April is the south desk's, so Lee's.
    assert {row.key: row.value for row in result.rows} == {"mia": 5000.0, NOT_NAMED: 5000.0, "lee": 8000.0}
    assert {row.key: row.spend for row in result.rows} == {"mia": 1200.0, NOT_NAMED: 0.0, "lee": 130.0}
    journeys = journey_credits(tables, question(by=By.DECIDED_BY), credited_to="lee")
    assert [len(journey.touches) for journey in journeys] == [1]


def test_among_equals_the_larger_spend_a_day_decides_and_a_campaign_comes_first(house: House) -> None:
    house.touch("cleo", "2026-04-06", "email", campaign="spring")
    house.placement("c", "2026-05-03", 1000, "cleo", None)
    house.spend(*APRIL, "email", 300, decided_by="mia")
    house.spend(date(2026, 4, 6), date(2026, 4, 6), "email", 290, decided_by="lee")
    assert attribute(live(house.tables()), question(by=By.DECIDED_BY)).row("lee").value == 1000.0
    house.spend(*APRIL, "email", 3, decided_by="zoe", campaign="spring")
    assert attribute(live(house.tables()), question(by=By.DECIDED_BY)).row("zoe").value == 1000.0


def test_without_deciders_it_says_so(house: House) -> None:
    tables = live(house.tables())
    bare = {kind: table for kind, table in tables.items() if kind is not FactKind.SPEND}
    with pytest.raises(EvidenceError, match="No spend says who decided it"):
        attribute(bare, question(by=By.DECIDED_BY))
