"""Notes, tasks, files, search and adding a person, as people use them: with the keyboard, and without a script."""

from __future__ import annotations

import re
import time
from typing import Any

import typst
from playwright.sync_api import Page

from tests import houses
from tests.browser.conftest import SignIn, Visit

CV = """
= Quentin Zolder
quentin.zolder\\@post.example | Leeds

== Experience
Staff engineer, Halden Software  June 2021 – present

== Skills
Python, Juggling
"""


def open_somebody(found: Visit) -> str:
    """A person's page; returns its path."""
    found.go("/people/?q=an")
    found.page.locator("tbody th a").first.click()
    found.page.wait_for_load_state("networkidle")
    found.page.wait_for_selector("#work")
    return found.page.url.removeprefix(found.address)


def wait_for(page: Page, path: str, words: str, seconds: int = 100) -> None:
    """Reload a page until it says something: the worker is at it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        page.goto(path)
        if words in page.inner_text("body"):
            return
        time.sleep(1)
    raise AssertionError(f"{path} does not say “{words}”: {page.inner_text('main')[:400]}")


def test_a_mention_by_keyboard_tells_the_colleague(visit: SignIn) -> None:
    found = visit(houses.RECRUITER)
    path = open_somebody(found)
    note = found.page.locator("#note_text")
    note.press_sequentially("Please look, @may")
    found.page.wait_for_selector("[role=option][aria-selected=true]")
    note.press("Enter")
    assert note.input_value() == "Please look, @Maya Osei "
    note.press_sequentially("and @may")
    note.press("Escape")
    assert found.page.locator("[role=listbox]").count() == 0
    found.page.locator("#work button[type=submit]").first.click()
    found.page.wait_for_selector(".ff-mention")
    assert found.page.url.removeprefix(found.address) == path
    assert found.page.locator("#note_text").input_value() == ""
    told = visit(houses.MARKETER)
    told.go("/work/notifications/")
    assert "Tom Ridley mentioned you" in told.page.inner_text("main")
    assert found.complaints == told.complaints == []


def test_without_a_script(visit: SignIn) -> None:
    found = visit(houses.RECRUITER, script=False)
    found.go("/work/tasks/new/")
    found.page.fill("#id_title", "Ring the dentist back")
    found.page.locator("main button[type=submit]").first.click()
    assert "Ring the dentist back" in found.page.inner_text("main")
    found.page.get_by_role("button", name="Done: Ring the dentist back").click()
    assert "Done in the last 7 days" in found.page.inner_text("main")
    found.go("/search/?q=(engineer")
    assert "This parenthesis is not closed." in found.page.inner_text("main")


def test_from_a_cv_to_a_search_that_mistypes_the_name(visit: SignIn, tmp_path: Any, axe: Any) -> None:
    path = tmp_path / "cv.pdf"
    path.write_bytes(typst.compile(CV.encode()))
    found = visit(houses.RECRUITER)
    found.go("/people/add/")
    found.page.set_input_files("#id_file", str(path))
    found.page.locator("form:has(#id_file) button[type=submit]").click()
    found.page.wait_for_selector("h1:has-text('Add Quentin Zolder?')", timeout=120_000)
    assert axe.run(found.page).violations_count == 0
    assert found.page.get_by_label("quentin.zolder@post.example").is_checked()
    found.page.get_by_role("checkbox", name=re.compile("^Juggling")).check()
    found.page.get_by_role("button", name="Add this person").click()
    found.page.wait_for_selector("#files")
    assert "CV" in found.page.inner_text("#files")
    wait_for(found.page, f"{found.address}/search/?q=skill:juggling", "1 person matches")
    found.go("/search/?q=Qeuntin+Zolder")
    assert "No exact match; close: 1 person" in found.page.inner_text("main")
    found.page.get_by_role("link", name="Quentin Zolder").click()
    assert found.page.url.startswith(f"{found.address}/people/")
    assert found.complaints == []
