"""Goals: owned by two, beside what the ledger has, with the history of their target."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.reports import actions, models, queries, rules
from fourfold.reports.pages import goals as pages
from fourfold.reports.tests.factories import NOW, SECOND_QUARTER, at, cash, colleague, counted, leader, post
from fourfold.reports.types import GoalRefused, NewGoal, NoDefinition, Period

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]
ZONE = "Europe/London"


@pytest.fixture
def pair() -> tuple[Viewer, Viewer]:
    return colleague(Role.RECRUITER, name="Rhea Sand"), colleague(Role.MARKETER, name="Milo Park")


def goal(pair: tuple[Viewer, Viewer], **more: Any) -> NewGoal:
    owners = {"recruiter": pair[0].user_key, "marketer": pair[1].user_key}
    usual = {"figure": "candidates", "period": SECOND_QUARTER, "target": 40, "currency": "GBP"}
    return NewGoal(**{**usual, **owners, **more})


def test_a_goal_stands_beside_what_the_ledger_has(pair: tuple[Viewer, Viewer]) -> None:
    post(counted("candidate", at(4, 10)), counted("candidate", at(6, 30, 22, 59)), counted("candidate", at(7, 2)))
    post(cash("A", 900, at(5, 1), desk="it"), cash("B", 50, at(5, 1), desk="hr"), cash("C", 7, at(5, 1), basis="paid"))
    boss = leader()
    actions.set_goal(new=goal(pair), viewer=boss, at=NOW)
    actions.set_goal(new=goal(pair, figure="cash-permanent", target=100_000, desk="it"), viewer=boss, at=NOW)
    found = {row.figure: (row.value, row.target, row.places) for row in queries.goals(zone=ZONE)}
    assert found == {"candidates": (2, 40, ()), "cash-permanent": (90_000, 100_000, (("desk", "it"),))}
    assert [row.figure for row in queries.goals(zone=ZONE, places={})] == ["candidates"]
    later = Period(date(2026, 7, 1), date(2026, 10, 1))
    assert queries.goals(zone=ZONE, period=later) == ()


def test_a_moved_target_stays_in_its_history(pair: tuple[Viewer, Viewer]) -> None:
    boss = leader()
    key = actions.set_goal(new=goal(pair), viewer=boss, at=NOW)
    actions.change_goal(key=key, new=goal(pair, target=30), viewer=boss, at=at(8, 2))
    actions.change_goal(key=key, new=goal(pair, target=30, note="easier"), viewer=boss, at=at(8, 3))
    found = queries.goal(key, zone=ZONE)
    assert [(one.target, one.by) for one in found.history] == [(40, "Lena Marsh"), (30, "Lena Marsh")]
    assert (found.target, found.note) == (30, "easier")
    deeds = [row.deed for row in accounts_queries.audit_trail(boss) if "goal" in row.deed]
    assert deeds == ["change_goal", "change_goal", "set_goal"]


def test_a_dropped_goal_comes_back_unless_another_took_its_place(pair: tuple[Viewer, Viewer]) -> None:
    boss = leader()
    key = actions.set_goal(new=goal(pair), viewer=boss, at=NOW)
    actions.drop_goal(key=key, viewer=boss, at=NOW)
    assert queries.goals(zone=ZONE) == ()
    assert [row.key for row in queries.goals(zone=ZONE, dropped=True)] == [key]
    actions.restore_goal(key=key, viewer=boss, at=NOW)
    assert [row.key for row in queries.goals(zone=ZONE)] == [key]
    actions.drop_goal(key=key, viewer=boss, at=NOW)
    actions.set_goal(new=goal(pair, target=9), viewer=boss, at=NOW)
    with pytest.raises(GoalRefused, match="one for this figure"):
        actions.restore_goal(key=key, viewer=boss, at=NOW)


def test_only_leaders_set_goals(pair: tuple[Viewer, Viewer]) -> None:
    key = actions.set_goal(new=goal(pair), viewer=leader(), at=NOW)
    for viewer in (*pair, colleague(Role.ADMINISTRATOR), colleague()):
        with pytest.raises(NotAllowed):
            actions.set_goal(new=goal(pair, target=1), viewer=viewer, at=NOW)
        with pytest.raises(NotAllowed):
            actions.change_goal(key=key, new=goal(pair, target=1), viewer=viewer, at=NOW)
        for deed in (actions.drop_goal, actions.restore_goal):
            with pytest.raises(NotAllowed):
                deed(key=key, viewer=viewer, at=NOW)
    assert [(row.target, len(row.history)) for row in queries.goals(zone=ZONE)] == [(40, 1)]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"target": 0}, "not above zero"),
        ({"figure": "spend"}, "Nothing counts"),
        ({"marketer": None}, "not one of each"),
        ({"recruiter": uuid4()}, "not one of each"),
    ],
)
def test_a_goal_that_is_none_is_refused(pair: tuple[Viewer, Viewer], change: dict[str, Any], why: str) -> None:
    change = {"marketer": pair[0].user_key} if change == {"marketer": None} else change
    with pytest.raises(GoalRefused, match=why):
        actions.set_goal(new=goal(pair, **change), viewer=leader(), at=NOW)
    assert models.Goal.objects.count() == 0


def test_one_person_cannot_own_both_sides() -> None:
    both = colleague(Role.RECRUITER, Role.MARKETER)
    with pytest.raises(GoalRefused, match="both sides"):
        actions.set_goal(new=goal((both, both)), viewer=leader(), at=NOW)


def test_a_figure_that_is_none_and_a_goal_that_is_not_there(pair: tuple[Viewer, Viewer]) -> None:
    with pytest.raises(NoDefinition):
        actions.set_goal(new=goal(pair, figure="vibes"), viewer=leader(), at=NOW)
    with pytest.raises(NotFound):
        queries.goal(uuid4(), zone=ZONE)


def test_the_database_holds_what_must_be_true(pair: tuple[Viewer, Viewer]) -> None:
    key = actions.set_goal(new=goal(pair), viewer=leader(), at=NOW)
    same_owner = {"marketer": pair[0].user_key}
    for change in ({"target": 0}, {"end": SECOND_QUARTER.start}, same_owner):
        with pytest.raises(IntegrityError), transaction.atomic():
            models.Goal.objects.filter(pk=key).update(**change)
    with pytest.raises(GoalRefused, match="one for this figure"):
        actions.set_goal(new=goal(pair), viewer=leader(), at=NOW)


@pytest.mark.parametrize(
    ("today", "gone"),
    [(date(2026, 3, 1), 0.0), (date(2026, 4, 1), 1 / 91), (date(2026, 6, 30), 1.0), (date(2027, 1, 1), 1.0)],
)
def test_how_much_of_the_time_has_gone(today: date, gone: float) -> None:
    assert rules.time_gone(SECOND_QUARTER, today) == pytest.approx(gone)


def test_where_it_stands_in_words(pair: tuple[Viewer, Viewer]) -> None:
    post(*(counted("candidate", at(4, 10 + n)) for n in range(10)))
    boss = leader()
    key = actions.set_goal(new=goal(pair), viewer=boss, at=NOW)

    def note(today: date) -> str:
        shown = pages.against(queries.goal(key, zone=ZONE), today)
        assert shown is not None
        return str(shown["note"])

    assert note(date(2026, 5, 15)) == "25% reached with 49% of the time gone; until 30 Jun."
    assert note(date(2026, 7, 1)) == "Over since 30 Jun, at 25%."
    actions.change_goal(key=key, new=goal(pair, target=10), viewer=boss, at=NOW)
    assert note(date(2026, 5, 15)) == "Reached. The goal was set for 30 Jun."


# Pages


def typed(pair: tuple[Viewer, Viewer], **more: str) -> dict[str, str]:
    return {
        "figure": "cash", "target": "5000", "from_date": "2026-04-01", "to_date": "2026-06-30",
        "recruiter": str(pair[0].user_key), "marketer": str(pair[1].user_key), **more,
    }  # fmt: skip


def test_a_leader_sets_changes_and_drops_a_goal_on_the_page(sign_in: SignIn, pair: tuple[Viewer, Viewer]) -> None:
    browser = sign_in(leader())
    assert "Set the first goal" in browser.get(reverse("goals")).content.decode()
    assert browser.post(reverse("new_goal"), typed(pair))["Location"] == reverse("goals")
    (row,) = queries.goals(zone=ZONE)
    assert (row.target, row.currency, row.period) == (500_000, "GBP", SECOND_QUARTER)
    page = browser.get(reverse("goals"))
    text = page.content.decode()
    assert "£5,000" in text
    assert "Rhea Sand and Milo Park" in text
    form = browser.get(reverse("change_goal", args=[row.key])).context["form"]
    assert form.initial["target"] == 5000
    browser.post(reverse("change_goal", args=[row.key]), typed(pair, target="6000"))
    assert queries.goal(row.key, zone=ZONE).target == 600_000
    browser.post(reverse("drop_goal", args=[row.key]))
    assert queries.goals(zone=ZONE) == ()
    assert "Bring back" in browser.get(reverse("goals")).content.decode()
    browser.post(reverse("restore_goal", args=[row.key]))
    assert len(queries.goals(zone=ZONE)) == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"to_date": "2026-03-01"}, "before it begins"),
        ({"target": "-3"}, "greater than or equal to 1"),
        ({"recruiter": "nobody"}, "not one of the available choices"),
        ({"desk": "moon"}, "not one of the available choices"),
    ],
)
def test_a_failed_form_keeps_what_was_typed(
    sign_in: SignIn, pair: tuple[Viewer, Viewer], change: dict[str, str], says: str
) -> None:
    answer = sign_in(leader()).post(reverse("new_goal"), typed(pair, note="for the board", **change))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "for the board" in answer.content.decode()
    assert models.Goal.objects.count() == 0


def test_who_may_not(sign_in: SignIn, pair: tuple[Viewer, Viewer]) -> None:
    key = actions.set_goal(new=goal(pair), viewer=leader(), at=NOW)
    browser = sign_in(pair[0])
    assert browser.get(reverse("goals")).status_code == 200
    assert "Set a goal" not in browser.get(reverse("goals")).content.decode()
    for name, arguments in (("new_goal", []), ("change_goal", [key])):
        assert browser.get(reverse(name, args=arguments)).status_code == 403
        assert browser.post(reverse(name, args=arguments), typed(pair)).status_code == 403
    for name in ("drop_goal", "restore_goal"):
        assert browser.post(reverse(name, args=[key])).status_code == 403
    nobody = sign_in(colleague())
    assert {nobody.get(reverse(name)).status_code for name in ("goals", "goals_csv")} == {403}
    assert Client().get(reverse("goals"))["Location"].startswith(reverse("account_login"))


def test_goals_as_a_file(sign_in: SignIn, pair: tuple[Viewer, Viewer]) -> None:
    actions.set_goal(new=goal(pair, figure="cash", target=500_000, note="=1+1"), viewer=leader(), at=NOW)
    response = sign_in(leader()).get(reverse("goals_csv"))
    head, row = csv.reader(io.StringIO(b"".join(response.streaming_content).decode()))  # type: ignore[attr-defined]
    found = dict(zip(head, row, strict=True))
    assert (found["target"], found["value"], found["note"]) == ("5000.00", "0.00", "'=1+1")
