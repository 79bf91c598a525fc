"""The 4Cs, end to end from the ledger through sealed segments, against numbers worked out by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fourfold.evidence.types import EvidenceError
from fourfold.ledger import snapshot
from fourfold.reports import actions, compute, models, queries
from fourfold.reports.tests.factories import (
    NOW,
    Told,
    at,
    cash,
    computed,
    hand_made,
    post,
    question,
)
from fourfold.reports.types import Answer, Period, Topic, Waiting

committed = pytest.mark.usefixtures("committed_db")


@pytest.fixture(scope="module")
def worked_out(
    django_db_setup: None, django_db_blocker: Any, database_copies: Any, tmp_path_factory: Any
) -> tuple[Told, compute.Tables]:
    """The hand-made ledger, sealed once: its live tables need no database any more."""
    folder = tmp_path_factory.mktemp("ledger")
    with django_db_blocker.unblock():
        database_copies.fresh()
        told = hand_made()
        tables = compute.live_tables(folder, snapshot.seal(folder))
        database_copies.fresh()
    return told, tables


@pytest.fixture
def told(worked_out: tuple[Told, compute.Tables]) -> Told:
    return worked_out[0]


@pytest.fixture
def tables(worked_out: tuple[Told, compute.Tables]) -> compute.Tables:
    return worked_out[1]


def figures(values: dict[str, Any]) -> dict[str, tuple[float, float]]:
    return {name: (found["value"], found["before"]) for name, found in values["figures"].items()}


def channels(values: dict[str, Any], *columns: str) -> dict[str, tuple[Any, ...]]:
    return {row["key"]: tuple(row[column] for column in columns) for row in values["channels"]}


def test_every_figure_of_a_small_ledger_is_exact(tables: compute.Tables) -> None:
    values = compute.fourcs(question(), tables)
    assert figures(values) == {
        "candidates": (3, 1),
        "clients": (1, 0),
        "colleagues": (0, 1),
        # 12,000 − 2,000 + 1,000 + 1,000 + 500; the week of July is July's, euros and the invoiced row are left out
        "cash": (1_250_000, 500_000),
        # 600 + 300 × 15/30, and 300 × 15/30 before
        "spend": (75_000, 15_000),
    }
    assert {name: (one["value"], one["before"]) for name, one in values["engagements"].items()} == {
        "permanent": (1_000_000, 500_000),
        "retained": (0, 0),
        "contract": (250_000, 0),
    }
    assert values["figures"]["cash"]["n"] == 2  # a placement's rows are one
    assert values["placements"] == 2
    assert values["other_currencies"] == {"EUR": 1}


def test_the_credit_of_each_channel_is_exact(tables: compute.Tables) -> None:
    values = compute.fourcs(question(), tables)
    # A is worth 10,000: Cara's half is shared by e-mail and job board, Carl's is e-mail's.
    # B is worth 3,200, the week of July included: Dan's half is the job board's, Dora's nobody's.
    assert channels(values, "outcomes", "value") == {
        "email": (pytest.approx(0.75), pytest.approx(750_000)),
        "job_board": (pytest.approx(0.75), pytest.approx(410_000)),
        "(none)": (pytest.approx(0.5), pytest.approx(160_000)),
    }
    assert channels(values, "spend", "roi", "cost_per_outcome") == {
        "email": (pytest.approx(60_000), pytest.approx((7500 - 600) / 600), pytest.approx(80_000)),
        "job_board": (pytest.approx(15_000), pytest.approx((4100 - 150) / 150), pytest.approx(20_000)),
        "(none)": (None, None, None),
    }
    assert sum(row["value"] for row in values["channels"]) == pytest.approx(1_320_000)
    assert channels(values, "roi_lower", "value_lower") == dict.fromkeys(("email", "job_board", "(none)"), (None, None))
    assert values["refusals"]  # two placements are too few for a range, and it says so


def test_the_rows_behind_the_credit_add_up_to_it(told: Told, tables: compute.Tables) -> None:
    rows = list(compute.credit_rows(question(), tables))
    found = {(row["outcome"], row["side"], row["key"]): (row["outcomes"], row["value_minor"]) for row in rows}
    assert found == {
        (told.permanent, "candidate", "email"): (pytest.approx(0.25), pytest.approx(250_000)),
        (told.permanent, "candidate", "job_board"): (pytest.approx(0.25), pytest.approx(250_000)),
        (told.permanent, "client", "email"): (pytest.approx(0.5), pytest.approx(500_000)),
        (told.contract, "candidate", "job_board"): (pytest.approx(0.5), pytest.approx(160_000)),
        (told.contract, "client", "(none)"): (pytest.approx(0.5), pytest.approx(160_000)),
    }
    emails = next(row for row in rows if row["side"] == "candidate" and row["key"] == "email")
    assert [moment for _, moment, _ in emails["touches"]] == ["2026-04-01T12:00:00+00:00", "2026-04-20T12:00:00+00:00"]
    assert [row["touches"] for row in rows if row["key"] == "(none)"] == [[]]


def test_the_invoiced_basis_is_never_mixed_with_the_accepted(tables: compute.Tables) -> None:
    values = compute.fourcs(question(basis="invoiced"), tables)
    assert figures(values)["cash"] == (1_200_000, 0)
    assert values["placements"] == 1


def test_euros_are_counted_by_a_house_of_euros(tables: compute.Tables) -> None:
    values = compute.fourcs(question(currency="EUR"), tables)
    assert figures(values)["cash"] == (900_000, 0)
    assert figures(values)["spend"] == (99_900, 0)
    assert values["other_currencies"] == {"GBP": 6}
    assert channels(values, "value")["email"] == (pytest.approx(900_000),)  # no client is known of any: one side


def test_spend_counts_for_its_days_within_the_period(tables: compute.Tables) -> None:
    one_day = question(Period(date(2026, 4, 15), date(2026, 4, 16)))
    assert figures(compute.fourcs(one_day, tables))["spend"] == (3_000, 3_000)  # 600/30 + 300/30 on both days
    last = question(Period(date(2026, 4, 16), date(2026, 4, 17)))
    assert figures(compute.fourcs(last, tables))["spend"] == (2_000, 3_000)


def test_the_trend_counts_months_on_the_houses_wall_clock(tables: compute.Tables) -> None:
    trend = compute.fourcs(question(), tables)["trend"]
    assert (trend["months"][0], trend["months"][-1], len(trend["months"])) == ("2024-07-01", "2026-06-01", 24)
    assert trend["candidates"] == [0] * 18 + [0, 1, 0, 2, 0, 1]  # 31 March 23:30 UTC is April
    assert trend["clients"] == [0] * 22 + [1, 0]
    assert trend["colleagues"] == [0] * 18 + [1] + [0] * 5
    assert trend["cash"] == [0] * 19 + [500_000, 0, 0, 1_200_000, 50_000]
    july = compute.fourcs(question(Period(date(2026, 7, 1), date(2026, 8, 1))), tables)["trend"]
    assert july["candidates"][-4:] == [2, 0, 1, 1]
    assert july["cash"][-1] == 70_000


@committed
def test_an_empty_house_has_figures_of_zero(tmp_path: Path) -> None:
    values = computed(question(), tmp_path)
    assert set(figures(values).values()) == {(0, 0)}
    assert values["channels"] == []
    assert values["placements"] == 0
    assert set(values["trend"]["cash"]) == {0}


@committed
def test_cash_without_an_amount_breaks_nothing(tmp_path: Path) -> None:
    post(cash("A", 100, at(5, 1)), cash(None, 0, at(5, 2), value_minor=None, currency=None))
    assert figures(computed(question(), tmp_path))["cash"] == (10_000, 0)


# Answering


def saved() -> Answer:
    found = queries.answer(question())
    assert found is not None
    return found


@committed
def test_asking_answering_and_asking_again(tmp_path: Path, nudges: list[Any]) -> None:
    hand_made()
    assert isinstance(actions.ask(question=question(), at=NOW), Waiting)
    assert compute.answer_waiting(folder=tmp_path, only=None, at=NOW) == 1
    found = actions.ask(question=question(), at=NOW)
    assert isinstance(found, Answer)
    assert found.is_current
    assert found.values == saved().values
    assert figures(found.values)["cash"] == (1_250_000, 500_000)
    assert compute.answer_waiting(folder=tmp_path, only=None, at=NOW) == 0

    post(cash("Z", 1_000, at(6, 29)))
    assert actions.ask(question=question(), at=NOW).values == found.values  # type: ignore[union-attr]
    assert not saved().is_current
    assert compute.answer_waiting(folder=tmp_path, only=None, at=NOW) == 1
    assert saved().is_current
    assert figures(saved().values)["cash"] == (1_350_000, 500_000)
    assert models.SavedResult.objects.count() == 1
    assert models.CreditRow.objects.exclude(result_id=saved().key).count() == 0


@committed
def test_only_the_question_that_was_nudged_is_answered(tmp_path: Path) -> None:
    hand_made()
    other = question(basis="paid")
    for one in (question(), other):
        actions.ask(question=one, at=NOW)
    assert compute.answer_waiting(folder=tmp_path, only=other.key, at=NOW) == 1
    assert queries.answer(question()) is None
    assert queries.answer(other) is not None


@committed
def test_a_refusal_is_kept_with_its_question_and_the_others_are_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*given: Any) -> None:
        raise EvidenceError("It was not credited.", "It can't be.", "Ask for something else.")

    hand_made()
    monkeypatch.setattr(compute, "roi", refused)
    bad = question(topic=Topic.ROI)
    for one in (bad, question()):
        actions.ask(question=one, at=NOW)
    assert compute.answer_waiting(folder=tmp_path, only=None, at=NOW) == 2
    found = actions.ask(question=bad, at=NOW)
    assert isinstance(found, Waiting)
    assert found.error is not None
    assert set(found.error) == {"what", "why", "todo"}
    assert saved().is_current


@committed
def test_a_fault_of_ours_is_said_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def broken(*given: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(compute, "fourcs", broken)
    actions.ask(question=question(), at=NOW)
    compute.answer_waiting(folder=tmp_path, only=None, at=NOW)
    found = actions.ask(question=question(), at=NOW)
    assert isinstance(found, Waiting)
    assert found.error == compute.FAULT
    assert "ZeroDivisionError" in caplog.text
