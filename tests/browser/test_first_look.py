"""A leader's first two minutes: what did marketing bring back, how sure is that, and what stands behind it?"""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn, Visit

TODAY = datetime.now(UTC).date()
LAST_MONTH = (TODAY.replace(day=1) - timedelta(days=10)).isoformat()


def test_from_the_number_to_its_definition_its_rows_and_one_journey(visit: SignIn) -> None:
    found = visit()
    found.settle_fourcs()
    page = found.page
    expect(page.locator("h1")).to_contain_text("pay")
    expect(page.locator(".ff-interval-plot, .ff-intervals").first).to_be_visible()
    page.get_by_role("link", name="Cash:").click()
    expect(page.get_by_text("sum of the values of outcomes of kind cash")).to_be_visible()
    assert page.locator("tbody tr").count() > 10
    page.go_back()
    page.locator("#board table").get_by_role("link", name="E-mail").click()
    expect(page.locator("h1")).to_contain_text("E-mail is credited with £")
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="The candidate’s side")).to_be_visible()
    expect(page.get_by_role("heading", name="The client’s side")).to_be_visible()
    assert found.complaints == []


def write(path: Path, header: list[str], rows: list[list[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def bring_in(found: Visit, kind: str, path: Path) -> None:
    """Import a file as a person does: choose, confirm the columns, look, apply."""
    page = found.page
    found.go("/imports/new/")
    page.check(f"input[value={kind}]")
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Check every row").click(timeout=90_000)
    page.get_by_role("button", name="Apply").click(timeout=90_000)
    expect(page.get_by_text("It counts")).to_be_visible(timeout=90_000)


def candidates(found: Visit) -> int:
    found.settle_fourcs()
    return int(found.page.get_by_role("link", name="Candidates:").inner_text().replace(",", ""))


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_own_files_change_the_page_and_taking_them_back_changes_it_again(
    visit: SignIn, tmp_path: Path, script: bool
) -> None:
    found = visit(script=script)
    if not script:
        found.go("/4cs/")
        for _ in range(60):
            if found.page.get_by_role("link", name="Candidates:").count():
                break
            found.page.wait_for_timeout(1000)
            found.page.get_by_role("link", name="Look again").click()
        expect(found.page.get_by_role("link", name="Candidates:")).to_be_visible()
        found.go("/imports/new/")
        found.page.check("input[value=spend]")
        spend = write(tmp_path / "spend.csv", ["month", "channel", "amount"], [[LAST_MONTH[:7], "event", "100.00"]])
        found.page.set_input_files("input[type=file]", spend)
        found.page.get_by_role("button", name="Read the file").click()
        for _ in range(90):
            if found.page.get_by_role("button", name="Check every row").count():
                break
            found.page.wait_for_timeout(500)
            found.page.get_by_role("link", name="Look again").or_(found.page.locator("h1")).first.click()
            found.page.reload()
        expect(found.page.get_by_role("button", name="Check every row")).to_be_visible()
        return
    before = candidates(found)
    touches = [[f"new{n}@post.example", LAST_MONTH, "webinar", "Spring school"] for n in range(8)]
    outcomes = [[f"new{n}@post.example", LAST_MONTH, "candidate", f"own-{n}"] for n in range(7)] + [
        ["new7@post.example", "yesterday", "candidate", "own-7"]
    ]
    bring_in(found, "touches", write(tmp_path / "touches.csv", ["email", "date", "medium", "campaign"], touches))
    bring_in(found, "outcomes", write(tmp_path / "outcomes.csv", ["email", "date", "kind", "outcome"], outcomes))
    page = found.page
    expect(page.get_by_text("“yesterday” is not a date")).to_be_visible()
    here = page.url.removeprefix(found.address)
    assert candidates(found) == before + 7
    found.go(here)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Its rows count no more")).to_be_visible(timeout=90_000)
    assert candidates(found) == before
    assert found.complaints == []


def test_the_keyboard_is_enough(visit: SignIn) -> None:
    found = visit()
    page = found.page
    page.keyboard.press("g")
    page.keyboard.press("4")
    page.wait_for_url("**/4cs/**")
    page.keyboard.press("/")
    page.keyboard.type("nobody has this name")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing matches", level=1)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    found.settle_fourcs()
    link = page.get_by_role("link", name="Cash:")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/figure/cash/**")
    assert found.complaints == []
