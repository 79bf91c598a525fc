"""Return on spend, its comparison, narrowing to a place, and the sheet for the board."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from fourfold.accounts.types import Role, Viewer
from fourfold.evidence.types import By, Method
from fourfold.reports import actions, compute, models, printing, queries, rules
from fourfold.reports.pages import asking
from fourfold.reports.tests.factories import (
    NOW,
    QUARTER,
    Told,
    address,
    at,
    cash,
    colleague,
    counted,
    hand_made,
    leader,
    party,
    person,
    post,
    question,
    spend,
    touch,
)
from fourfold.reports.types import NewGoal, Topic

SignIn = Callable[[Viewer], Client]


@pytest.fixture
def told(client: Client) -> Told:
    return hand_made()


def worked_out(client: Client, name: str, folder: Path, **asked: str) -> Any:
    """A page once its answer is there."""
    client.get(address(name, **asked))
    compute.answer_waiting(folder=folder / "ledger", only=None, at=NOW)
    return client.get(address(name, **asked))


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.content
    return " ".join(response.content.decode().split())


def rows_of(response: Any) -> list[dict[str, str]]:
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


# What a range says


def row(spent: float | None, *bounds: float | None) -> dict[str, Any]:
    low, high = bounds or (None, None)
    return {"spend": spent, "roi_lower": low, "roi_upper": high}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (row(10, 0.1, 3), rules.Verdict.PAYS),
        (row(10, 0.0, 3), rules.Verdict.UNSURE),
        (row(10, -0.5, 0.4), rules.Verdict.UNSURE),
        (row(10, -0.9, -0.1), rules.Verdict.LOSES),
        (row(10), rules.Verdict.UNSURE),
        (row(0), rules.Verdict.FREE),
        (row(None), rules.Verdict.FREE),
    ],
)
def test_what_a_range_says(given: dict[str, Any], expected: rules.Verdict) -> None:
    assert rules.verdict(given) is expected


def test_the_best_is_named_alone_only_where_no_other_range_reaches_it() -> None:
    best, close, far, loss = row(1, 5, 9), row(1, 2, 5), row(1, 1, 4), row(1, -3, -1)
    assert rules.best_paying([far, close, best, loss]) == [best, close]
    assert rules.best_paying([far, best]) == [best]
    assert rules.best_paying([loss, row(1)]) == []


# The page


def test_spend_credit_return_and_cost_by_hand(client: Client, told: Told, tmp_path: Path) -> None:
    page = worked_out(client, "roi", tmp_path)
    found = {one["label"]: (one["outcomes"], one["credited"], one["spend"]) for one in page.context["rows"]}
    # As on the scoreboard: the same house method, by the same dimension.
    assert found == {
        "E-mail": ("0.8", "£7,500", "£600"), "Job board": ("0.8", "£4,100", "£150"),
        "No touch found": ("0.5", "£1,600", "–"),
    }  # fmt: skip
    text = text_of(page)
    assert "Too little to say what pays for itself yet: 2 independent clients or people, it takes 35" in text
    assert [(group["title"], len(group["rows"])) for group in page.context["funding"]] == [
        ("Pays for itself", 0), ("Can’t tell yet", 2), ("Does not pay so far", 0),
    ]  # fmt: skip
    email = next(one for one in rows_of(client.get(address("roi_csv"))) if one["channel"] == "E-mail")
    assert (email["credited"], email["spend"], email["return_on_spend"], email["return_from"]) == (
        "7500.0", "600.0", "11.5", "",
    )  # fmt: skip
    for one in page.context["rows"]:
        assert client.get(one["href"]).status_code == 200


def test_what_a_candidate_cost_counts_candidates(client: Client, tmp_path: Path) -> None:
    for n in range(40):
        who = person(f"P{n}")
        outcome = counted("candidate", at(5, 1 + n % 28))
        post(touch(who, "email" if n % 2 else "web", at(4, 2)), outcome, party(outcome, who, "candidate"))
    post(spend("email", 400, date(2026, 4, 1), date(2026, 6, 30)))
    page = worked_out(client, "roi", tmp_path)
    email = next(one for one in page.context["rows"] if one["label"] == "E-mail")
    candidate, client_, colleague_ = email["costs"]
    assert (candidate["cost"], candidate["more"]) == ("£20", "20.0 credited")
    low, high = (float(part.strip("£")) for part in candidate["range"].split(" to "))
    assert low < 20 < high
    assert client_["cost"] == colleague_["cost"] == "–"


def test_by_every_dimension_and_method_it_answers(client: Client, told: Told, tmp_path: Path) -> None:
    for by in By:
        assert "went wrong" not in text_of(worked_out(client, "roi", tmp_path, by=by))
    page = worked_out(client, "roi", tmp_path, method=Method.MARKOV)
    assert "This is not the house method but: Markov removal." in text_of(page)
    assert {one["href"] for one in page.context["rows"]} == {""}  # no journey has a credit of its own


def test_by_a_dimension_that_spend_lacks_the_return_is_refused_in_words(
    client: Client, told: Told, tmp_path: Path
) -> None:
    text = text_of(worked_out(client, "roi", tmp_path, by="asset"))
    assert "ROI by asset was not computed: spend has no asset, and it is not guessed." in text


def test_by_who_decided(client: Client, told: Told, tmp_path: Path) -> None:
    milo = colleague(Role.MARKETER, name="Milo Park")
    days = date(2026, 4, 1), date(2026, 6, 30)
    post(spend("job_board", 90, *days, decided_by=str(milo.user_key)))
    page = worked_out(client, "roi", tmp_path, by="decided_by")
    found = {one["label"]: (one["credited"], one["spend"]) for one in page.context["rows"]}
    assert found["Milo Park"] == ("£4,100", "£90")
    key = next(one for one in page.context["rows"] if one["label"] == "Milo Park")
    behind = client.get(key["href"])
    assert [one["who"] for one in behind.context["rows"]] == ["Cara", "Dan"]
    journey = client.get(behind.context["rows"][0]["href"])
    assert "credited as Milo Park" in text_of(journey)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked", [{"by": "vibes"}, {"method": "hope"}, {"desk": "moon"}, {"team": "x"}, {"office": "y"}, {"basis": "z"}]
)
def test_what_there_is_not_is_refused_in_words(sign_in: SignIn, asked: dict[str, str]) -> None:
    answer = sign_in(leader()).get(reverse("roi"), asked)
    assert answer.status_code == 422
    assert "There is no" in answer.content.decode()
    assert models.Asked.objects.count() == 0


def test_an_empty_house_says_how_to_begin(client: Client, tmp_path: Path) -> None:
    assert reverse("new_import") in text_of(worked_out(client, "roi", tmp_path))


def test_a_newer_answer_that_failed_is_said_beside_the_older(client: Client, told: Told, tmp_path: Path) -> None:
    worked_out(client, "roi", tmp_path)
    post(cash(None, 1, at(5, 1)))
    asked = question(topic=Topic.ROI)
    actions.ask(question=asked, at=NOW)
    why = {"what": "It was not made.", "why": "It is too hard.", "todo": "Ask for less."}
    actions.save_failure(question_key=asked.key, error=why, cut=10**6)
    text = text_of(client.get(address("roi")))
    assert "It is too hard." in text
    assert "hx-get" not in text.split('id="board"')[1].split(">")[0]


# Narrowed to a place


def test_a_desk_has_its_own_figures_and_rows(client: Client, tmp_path: Path) -> None:
    from fourfold.accounts import actions as accounts
    from fourfold.accounts.types import Engagement
    from fourfold.base.actor import COMMAND_LINE

    slugs = [
        accounts.add_desk(discipline=name, place="Leeds", engagement=Engagement.PERMANENT, by=COMMAND_LINE, at=NOW)
        for name in ("Software", "Finance")
    ]
    who = person("Ada")
    split = cash("A", 600, at(5, 1), desk=slugs[0])
    post(split, cash("A", 400, at(5, 1), desk=slugs[1]), party(split, who, "candidate"), touch(who, "email", at(4, 2)))
    post(counted("candidate", at(5, 1)))
    days = date(2026, 4, 1), date(2026, 6, 30)
    post(spend("email", 100, *days, desk=slugs[0]), spend("email", 70, *days))
    page = worked_out(client, "fourcs", tmp_path, desk=slugs[0])
    figures = {one["label"]: one["value"] for one in page.context["figures"]}
    assert (figures["Cash"], figures["Candidates"]) == ("£600", "0")
    assert page.context["channels"][0]["credited"] == "£600"
    assert (page.context["totals"]["spend"], page.context["totals"]["unplaced"]) == ("£100", "£70")
    text = text_of(page)
    assert "£70 of spend in these days doesn’t say where it belongs" in text
    assert "Software · Leeds · permanent" in text
    rows = client.get(page.context["figures"][3]["href"]).context["rows"]
    assert [one["money"].minor for one in rows] == [60_000]
    assert len(client.get(page.context["totals"]["spend_href"]).context["rows"]) == 1
    assert worked_out(client, "roi", tmp_path, desk=slugs[1]).context["rows"][0]["credited"] == "£400"


# The comparison


def test_every_method_side_by_side(client: Client, told: Told, tmp_path: Path) -> None:
    page = worked_out(client, "compare", tmp_path)
    assert len(page.context["columns"]) == len(Method)
    rows = rows_of(client.get(address("compare_csv")))
    by_method = {(one["channel"], one["method"]): float(one["credited"]) for one in rows}
    # Cara had e-mail, a job board, e-mail; Carl e-mail; Dan a job board; Dora nothing.
    assert by_method["E-mail", "last"] == 10_000
    assert by_method["E-mail", "shapley"] == 7_500
    assert by_method["E-mail", "linear"] == pytest.approx(5_000 + 2 / 3 * 5_000, abs=0.01)
    for method in Method:
        assert sum(value for (_, name), value in by_method.items() if name == method) == pytest.approx(13_200, abs=0.1)
    assert models.CreditRow.objects.count() == 0


def test_who_has_no_role_reads_none_of_it(committed_db: None, sign_in: SignIn) -> None:
    browser = sign_in(colleague())
    for name in ("roi", "roi_csv", "compare", "compare_csv", "board_pdf", "fourcs_csv", "credit", "credit_csv"):
        assert browser.get(address(name)).status_code == 403
        assert Client().get(address(name))["Location"].startswith(reverse("account_login"))


def test_files_of_what_was_never_worked_out_are_not_found(client: Client, told: Told) -> None:
    for name in ("roi_csv", "compare_csv", "board_pdf", "fourcs_csv", "credit", "credit_csv"):
        assert client.get(address(name)).status_code == 404


# Journeys and files


def test_a_journey_stands_on_one_time_line(client: Client, told: Told, tmp_path: Path) -> None:
    worked_out(client, "fourcs", tmp_path)
    page = client.get(address("journey", told.permanent))
    candidate, client_side = page.context["lanes"].lanes
    assert [one.point.number for one in candidate.points] == [1, 2, 3]
    assert [one.point.text for one in candidate.points] == ["E-mail", "Job board", "E-mail"]
    assert candidate.points[0].x < candidate.points[1].x < candidate.points[2].x <= candidate.x_end
    assert len(client_side.points) == 1
    rows = rows_of(client.get(address("journey_csv", told.permanent)))
    assert [(one["side"], one["number"], one["channel"]) for one in rows] == [
        ("candidate", "1", "E-mail"), ("candidate", "2", "Job board"), ("candidate", "3", "E-mail"),
        ("client", "1", "E-mail"),
    ]  # fmt: skip


def test_the_placements_behind_a_key_as_a_file(
    client: Client, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fourfold.reports.views import credit

    monkeypatch.setattr(credit, "CSV_ROWS", 1)
    worked_out(client, "fourcs", tmp_path)
    rows = rows_of(client.get(address("credit_csv", key="email")))
    assert [(one["who"], one["credited"], one["side"]) for one in rows] == [
        ("Carl", "5000.00", "client"), ("Cara", "2500.00", "candidate"),
    ]  # fmt: skip
    channels = rows_of(client.get(address("fourcs_csv")))
    assert {one["channel"]: one["credited"] for one in channels} == {
        "email": "7500.0", "job_board": "4100.0", "(none)": "1600.0",
    }  # fmt: skip


# The sheet for the board


def test_the_sheet_is_one_page_with_the_figures_of_the_scoreboard(client: Client, told: Told, tmp_path: Path) -> None:
    owners = colleague(Role.RECRUITER, name="Rhea #Sand*"), colleague(Role.MARKETER, name="Milo $Park_")
    goal = NewGoal(
        figure="cash", period=question().period, target=2_000_000, currency="GBP",
        recruiter=owners[0].user_key, marketer=owners[1].user_key,
    )  # fmt: skip
    actions.set_goal(new=goal, viewer=leader(), at=NOW)
    worked_out(client, "fourcs", tmp_path)
    response = client.get(address("board_pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="4cs-2026-04-01-2026-06-30.pdf"'
    pdf = pypdf.PdfReader(io.BytesIO(response.content))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert len(pdf.pages) == 1
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]  # tagged, for screen readers
    assert pdf.trailer["/Root"]["/Lang"] == "en-GB"
    for part in (
        "£12,500",
        "1 Apr – 30 Jun 2026",
        "too small to tell",
        "£12,500 / £20,000",
        "Rhea #Sand* and Milo $Park_",
    ):
        assert part in text, part
    assert "1 × EUR" in text


def test_a_sheet_that_cannot_be_set_is_said_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "broken.typ"
    broken.write_text("#nothing()")
    monkeypatch.setattr(printing, "SHEET", broken)
    with pytest.raises(printing.NotPrinted) as caught:
        printing.as_pdf({})
    assert "unknown variable" in caught.value.why


def test_the_next_code_reads_no_older_answer(client: Client, told: Told, tmp_path: Path) -> None:
    worked_out(client, "fourcs", tmp_path)
    models.SavedResult.objects.update(code_version="0/0")
    assert queries.answer(asking.question_from(QUARTER, NOW)) is None
    worked_out(client, "roi", tmp_path)
    assert set(models.SavedResult.objects.values_list("code_version", flat=True)) == {compute.CODE_VERSION}
