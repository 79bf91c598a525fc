"""Filling: through the doors, into an empty house only, once, and on again after a stop."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role
from fourfold.evidence.world import default_world
from fourfold.ledger import actions as ledger
from fourfold.ledger import queries as ledger_queries
from fourfold.ledger.types import Kind
from fourfold.people import queries as people
from fourfold.people.types import Identifier, Scheme
from fourfold.project.commands import demo_command
from fourfold.project.demo.fill import DemoRefused, fill_house, held, period, unfinished

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def fill(people_count: int = 300, seed: int = 1) -> Any:
    return fill_house(world=default_world(), seed=seed, people_count=people_count, at=AT)


def test_two_years_end_yesterday() -> None:
    assert period(AT) == (date(2024, 11, 22), date(2026, 11, 22))
    assert period(datetime(2028, 2, 29, 23, tzinfo=UTC)) == (date(2026, 2, 28), date(2028, 2, 29))


def test_an_empty_house_is_filled_through_the_doors(house: Path) -> None:
    filled = fill()
    counts = ledger_queries.counts()
    assert filled.facts == sum(counts.values()) - counts[Kind.IDENTITY]
    assert all(counts[kind] for kind in (Kind.TOUCH, Kind.OUTCOME, Kind.PARTY, Kind.SPEND, Kind.ALLOCATION))
    assert held() == ("colleagues", "people", "facts")
    assert people.count() + counts[Kind.IDENTITY] == filled.people
    assert unfinished() is None
    assert [one.role for one in filled.sign_ins] == [Role.LEADER, Role.MARKETER, Role.RECRUITER, Role.ADMINISTRATOR]
    viewer = accounts.viewer_by_email("tom.ridley@fourfold.example")
    assert viewer is not None
    assert viewer.desks == {"software-engineering-london-permanent"}
    assert viewer.office == "london"
    assert accounts.house_currency() == "GBP"


def test_facts_name_what_the_house_knows(house: Path) -> None:
    fill()
    viewer = accounts.viewer_by_email("tom.ridley@fourfold.example")
    assert viewer is not None
    desks, teams = {row.slug for row in accounts.desks()}, {row.slug for row in accounts.teams()}
    spend = ledger_queries.spend_rows(start=date(2026, 1, 1), end=date(2026, 12, 31)).rows
    assert spend
    assert {row.desk for row in spend} <= {*desks, None}
    assert {"recruiting", "marketing"} <= teams
    row = people.people(viewer, text="", at=AT).rows[0]
    page = ledger_queries.timeline(row.key)
    assert page.rows
    assert all(line.occurred_at < AT for line in page.rows)


def test_people_came_to_be_known_in_the_course_of_time(house: Path) -> None:
    fill()
    viewer = accounts.viewer_by_email("lena.hart@fourfold.example")
    assert viewer is not None
    rows = people.people(viewer, at=AT, size=100).rows
    added = {people.person(viewer, row.key).added_at.date() for row in rows}
    assert min(added) == date(2024, 11, 22)
    assert len(added) > 3
    assert max(added) < AT.date()


def test_a_house_that_holds_anything_is_refused_and_left_alone(house: Path) -> None:
    fill()
    before = ledger_queries.top_seq()
    with pytest.raises(DemoRefused, match="colleagues and people and facts") as refused:
        fill(seed=2)
    assert "FOURFOLD_HOME" in refused.value.todo
    assert ledger_queries.top_seq() == before


def test_a_filling_that_was_stopped_goes_on_where_it_was(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    post, calls = ledger.post, []

    def stops(**given: Any) -> Any:
        calls.append(len(given["facts"]))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return post(**given)

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "post", stops)
        patched.setattr("fourfold.project.demo.fill._FACTS_AT_ONCE", 500)
        with pytest.raises(KeyboardInterrupt):
            fill()
    assert unfinished() is not None
    assert sum(ledger_queries.counts().values()) == 500
    with pytest.raises(DemoRefused, match="stopped halfway"):
        fill(seed=2)
    filled = fill()
    counts = ledger_queries.counts()
    assert sum(counts.values()) - counts[Kind.IDENTITY] == filled.facts
    assert unfinished() is None


def test_colleagues_sign_in_and_are_none_of_the_people_served(house: Path) -> None:
    fill()
    someone = Identifier(Scheme.EMAIL, "lena.hart@fourfold.example")
    assert people.resolve([someone]) == {}
    assert accounts.viewer_by_email(someone.value) is not None


def run_command(*words: str) -> int:
    parser = argparse.ArgumentParser()
    demo_command.add_parser(parser.add_subparsers(), "fill an empty house")
    args = parser.parse_args(["demo", *words])
    status: int = args.handler(args)
    return status


def test_the_command_fills_tells_who_signs_in_and_does_nothing_twice(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command("--people", "300", "--if-empty") == 0
    assert "lena.hart@fourfold.example" in capsys.readouterr().out
    told = json.loads((house / "demo.json").read_text())
    assert [who["role"] for who in told["users"]] == ["leader", "marketer", "recruiter", "administrator"]
    assert told["password"]
    before = ledger_queries.top_seq()
    assert run_command("--people", "300", "--if-empty") == 0
    assert capsys.readouterr().out == ""
    assert ledger_queries.top_seq() == before


def test_the_command_tells_the_truth_and_fills_nothing(
    house: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = tmp_path / "world.json"
    world.write_text(json.dumps({"name": "Small", "channels": {"other": {"monthly_cost": 0}}}))
    given = ("--truth", "--people", "300", "--replications", "1", "--world", str(world))
    assert run_command(*given, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["world"], told["people"], len(told["channels"])) == ("Small", 300, 11)
    assert next(row for row in told["channels"] if row["channel"] == "other")["roi"] is None
    assert run_command(*given) == 0
    assert "job_board" in capsys.readouterr().out
    assert held() == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [("{", "is not JSON"), ('{"growth_per_year": 99}', "a number from -0.9 to 5"), (None, "No such file")],
)
def test_a_world_file_that_cannot_be_used_is_refused_in_three_parts(text: str | None, why: str, tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(demo_command.WorldRefused) as refused:
        demo_command.read_world_file(str(path))
    assert why in refused.value.why
    assert refused.value.what
    assert refused.value.todo


def test_a_shipped_world_is_played_by_its_name_at_its_own_size(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command("--truth", "--replications", "1", "--world", "small_house", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["world"], told["people"]) == ("A 10-person agency with two desks", 1500)
    assert held() == ()


def test_a_file_goes_before_a_shipped_world_of_the_same_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert demo_command.read_world_file("easy").name.startswith("An easy house")
    (tmp_path / "easy").write_text('{"name": "Mine"}')
    assert demo_command.read_world_file("easy").name == "Mine"
