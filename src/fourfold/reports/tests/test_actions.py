"""Asking, nudging, keeping answers and failures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from fourfold.ledger import queries as ledger
from fourfold.reports import actions, models, queries
from fourfold.reports.tests.factories import NOW, at, cash, post, question
from fourfold.reports.types import CODE_VERSION, Answer, Question, Waiting

pytestmark = pytest.mark.django_db
WHY = {"what": "It was not made.", "why": "It is too hard.", "todo": "Ask for less."}
ASKED = question()


def save(asked: Question = ASKED, **changes: Any) -> None:
    given: dict[str, Any] = {"values": {"figures": {}}, "credited": [], "cut": ledger.top_seq(), "seconds": 0.5}
    actions.save_answer(question=asked, at=NOW, **{"code_version": CODE_VERSION, **given, **changes})


def credit(outcome: UUID, **changes: Any) -> dict[str, Any]:
    given = {"key": "email", "side": "candidate", "outcomes": 0.5, "value_minor": 100.0, "occurred_at": at(5, 1)}
    given["ended_at"] = at(4, 30)
    return {**given, "outcome": outcome, "touches": [], **changes}


def wanted() -> list[Question]:
    return actions.wanted(only=None)


def test_the_first_who_asks_has_it_worked_out_once(nudges: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = actions.ask(question=ASKED, at=NOW)
        assert nudges == []  # not before the commit: the worker would look too early
        second = actions.ask(question=ASKED, at=NOW + timedelta(seconds=5))
    assert nudges == [("reports", ASKED.key)]
    assert first == second == Waiting(ASKED, NOW)
    assert wanted() == [ASKED]


def test_another_question_is_another_job(nudges: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    other = question(basis="paid")
    with django_capture_on_commit_callbacks(execute=True):
        actions.ask(question=ASKED, at=NOW)
        actions.ask(question=other, at=NOW)
    assert nudges == [("reports", ASKED.key), ("reports", other.key)]
    assert actions.wanted(only=other.key) == [other]


def test_a_current_answer_is_given_and_nothing_is_worked_out(
    nudges: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    actions.ask(question=ASKED, at=NOW)
    save(values={"a": 1})
    with django_capture_on_commit_callbacks(execute=True):
        found = actions.ask(question=ASKED, at=NOW)
    assert isinstance(found, Answer)
    assert (found.question, found.values, found.is_current, found.seconds) == (ASKED, {"a": 1}, True, 0.5)
    assert nudges == []
    assert wanted() == []


def test_an_answer_behind_the_ledger_is_given_while_a_new_one_is_worked_out(
    nudges: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    actions.ask(question=ASKED, at=NOW)
    save(values={"a": 1})
    post(cash(None, 1, at(5, 1)))
    with django_capture_on_commit_callbacks(execute=True):
        found = actions.ask(question=ASKED, at=NOW)
        actions.ask(question=ASKED, at=NOW)
    assert isinstance(found, Answer)
    assert (found.values, found.is_current) == ({"a": 1}, False)
    assert nudges == [("reports", ASKED.key)]
    save(values={"a": 2})
    again = queries.answer(ASKED)
    assert again is not None
    assert (again.values, again.is_current) == ({"a": 2}, True)
    assert models.SavedResult.objects.count() == 1


def test_an_answer_of_an_earlier_version_is_not_shown(
    nudges: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    actions.ask(question=ASKED, at=NOW)
    save(code_version="0.0.1/1")
    assert queries.answer(ASKED) is None
    with django_capture_on_commit_callbacks(execute=True):
        assert isinstance(actions.ask(question=ASKED, at=NOW), Waiting)
    assert nudges == [("reports", ASKED.key)]
    save()
    assert queries.answer(ASKED) is not None


def test_a_failure_is_kept_and_not_tried_again_by_itself(nudges: list[Any]) -> None:
    actions.ask(question=ASKED, at=NOW)
    actions.save_failure(question_key=ASKED.key, error=WHY, cut=ledger.top_seq())
    assert wanted() == []
    assert actions.want_lately_asked(at=NOW) == 0
    assert not actions.anything_wanted(at=NOW)
    assert actions.ask(question=ASKED, at=NOW) == Waiting(ASKED, NOW, WHY)
    assert wanted() == []


@pytest.mark.parametrize("door", ["ask", "sweep"])
def test_a_failure_is_tried_again_when_the_ledger_has_moved_on(door: str) -> None:
    actions.ask(question=ASKED, at=NOW)
    actions.save_failure(question_key=ASKED.key, error=WHY, cut=ledger.top_seq())
    post(cash(None, 1, at(5, 1)))
    if door == "ask":
        assert actions.ask(question=ASKED, at=NOW) == Waiting(ASKED, NOW)
    else:
        assert actions.anything_wanted(at=NOW)
    assert wanted() == [ASKED]


def test_a_failure_is_tried_again_on_demand(nudges: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    actions.ask(question=ASKED, at=NOW)
    actions.save_failure(question_key=ASKED.key, error=WHY, cut=ledger.top_seq())
    with django_capture_on_commit_callbacks(execute=True):
        actions.try_again(question=ASKED, at=NOW)
    assert nudges == [("reports", ASKED.key)]
    assert wanted() == [ASKED]
    assert actions.ask(question=ASKED, at=NOW) == Waiting(ASKED, NOW)


def test_an_answer_ends_a_failure() -> None:
    actions.ask(question=ASKED, at=NOW)
    actions.save_failure(question_key=ASKED.key, error=WHY, cut=ledger.top_seq())
    save()
    assert isinstance(actions.ask(question=ASKED, at=NOW), Answer)
    assert models.Asked.objects.get().error is None


def test_only_questions_lately_asked_are_kept_up() -> None:
    other = question(basis="paid")
    for asked, days in ((ASKED, 0), (other, 8)):
        actions.ask(question=asked, at=NOW - timedelta(days=days))
        save(asked)
    assert actions.want_lately_asked(at=NOW) == 0
    post(cash(None, 1, at(5, 1)))
    assert actions.want_lately_asked(at=NOW) == 1
    assert wanted() == [ASKED]
    assert actions.want_lately_asked(at=NOW) == 0


def test_looking_keeps_a_question_alive() -> None:
    actions.ask(question=ASKED, at=NOW - timedelta(days=8))
    save()
    actions.ask(question=ASKED, at=NOW)
    post(cash(None, 1, at(5, 1)))
    assert actions.want_lately_asked(at=NOW) == 1


def test_an_answer_takes_the_place_of_the_one_before_with_its_rows() -> None:
    one, two = uuid4(), uuid4()
    save(credited=[credit(one), credit(one, key="phone")])
    save(question(basis="paid"), credited=[credit(one)])
    save(credited=[credit(two)])
    found = queries.answer(ASKED)
    assert found is not None
    assert [row.outcome for row in models.CreditRow.objects.filter(result_id=found.key)] == [two]
    assert models.CreditRow.objects.count() == 2
    assert models.SavedResult.objects.count() == 2


def test_answers_that_rest_on_an_outcome_are_forgotten() -> None:
    one, two = uuid4(), uuid4()
    other = question(basis="paid")
    save(credited=[credit(one)])
    save(other, credited=[credit(two)])
    actions.forget(outcomes=[one])
    current = [queries.answer(asked) for asked in (ASKED, other)]
    assert [answer.is_current for answer in current if answer] == [False, True]
