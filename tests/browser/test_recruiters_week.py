"""A recruiter's first week as a new user goes about it: from a vacancy heard of to somebody who starts."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from conftest import DATABASE
from playwright.sync_api import Browser, Page, expect

from fourfold.base import clock
from tests import houses
from tests.browser.conftest import SignIn, Visit
from tests.browser.steps import add_a_person, fill, follow, press, take_a_client

TODAY = clock.now().astimezone(ZoneInfo("Europe/London")).date()  # as the demo house counts
# Each width on one of the databases: how a page looks on a phone hangs on none of them, and a week takes a minute.
WIDTHS = [390] if DATABASE == "postgresql" else [1440]


@pytest.fixture(params=WIDTHS)
def desk(request: pytest.FixtureRequest, visit: SignIn) -> Visit:
    return visit(houses.RECRUITER, width=request.param)


def test_a_recruiters_first_week(desk: Visit, browser: Browser, axe: Any) -> None:
    client = take_a_client(desk, "Harbour Systems")
    a_hiring_manager(desk, client)
    job = open_the_job(desk, client)
    publish(desk, job)
    applies(desk, browser, job)
    sourced_and_no_show(desk, job)
    jane = submitted(desk, job)
    picks_a_time(desk, browser, job, jane)
    placement = placed(desk, jane)
    started(desk, placement)
    read_the_numbers(desk)
    nobody_is_left_by_accident(desk, job)
    assert axe.run(desk.page).violations_count == 0
    assert [text for text in desk.complaints if "422" not in text] == []


def a_hiring_manager(desk: Visit, client: str) -> None:
    desk.go(client)
    press(desk, "Add somebody")
    fill(desk, name="Ada Reed", headline="Head of platform", email="ada@harbour.example")
    press(desk, "Add this person")
    expect(desk.page.locator("main")).to_contain_text("Ada Reed")


def open_the_job(desk: Visit, client: str) -> str:
    """A vacancy heard of becomes a job with its value, its musts and what they pay; returns its address."""
    page = desk.page
    desk.go(client)
    follow(desk, "Heard of one")
    fill(desk, title="Somebody for the platform")
    press(desk, "Keep the lead")
    follow(desk, "Open a job from “Somebody for the platform”")
    fill(
        desk, title="Platform engineer", in_short="Own the platform that forty hospitals run on.",
        gains="A product that matters | “Nurses ring me to say thanks” |", musts="Python\nLinux", pay_from="60,000",
        pay_to="70,000", description="You lead the platform.", manager_met_on=TODAY.isoformat(), city="Leeds",
    )  # fmt: skip
    page.get_by_label("Hiring manager (optional)").select_option(label="Ada Reed")
    page.get_by_label("Whom they ask for").select_option("top_quarter")
    press(desk, "Open the job")
    main = page.locator("main")
    expect(page.get_by_role("heading", level=1)).to_have_text("Platform engineer")
    expect(main).to_contain_text("“Nurses ring me to say thanks”")
    expect(main).to_contain_text("terms are accepted")
    expect(main).to_contain_text("You ask for the top quarter")  # against what the house's own table says
    return page.url.removeprefix(desk.address).split("?")[0]


def publish(desk: Visit, job: str) -> None:
    """It is advertised on the hirer's word only."""
    follow(desk, "Note their authority")
    desk.page.get_by_label("Who allowed it").select_option(label="Ada Reed")
    fill(desk, how="by e-mail of today")
    press(desk, "Keep it")
    desk.go(f"{job}public/")
    press(desk, "Publish it")
    expect(desk.page.locator("main")).to_contain_text("Public")


def public(browser: Browser, desk: Visit) -> Page:
    """Somebody's own browser, signed in to nothing."""
    size = desk.page.viewport_size
    assert size is not None
    return browser.new_context(viewport=size).new_page()


def applies(desk: Visit, browser: Browser, job: str) -> None:
    """Jane applies by the form; the board shows her."""
    page = public(browser, desk)
    page.goto(f"{desk.address}/careers/")
    page.get_by_role("link", name=re.compile("Platform engineer")).first.click()
    page.get_by_role("link", name=re.compile("^Apply")).first.click()
    page.get_by_label("Your name").fill("Jane Moor")
    page.get_by_label("E-mail").fill("jane@home.example")
    page.get_by_label("Two lines about you").fill("I run a platform of forty engineers in Leeds, in Python.")
    page.wait_for_timeout(4_500)  # a form that comes back faster was filled in by a machine
    page.get_by_role("button", name="Send my application").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank")
    page.context.close()
    desk.go(f"{job}board/")
    expect(desk.page.locator("#step-applied")).to_contain_text("Jane Moor")


def sourced_and_no_show(desk: Visit, job: str) -> None:
    """Sam was found by us, agrees to a talk, and does not come."""
    page = desk.page
    add_a_person(desk, "Sam Stone", "sam@home.example")
    desk.go(f"{job}board/")
    fill(desk, who="sam@home.example")
    press(desk, "Add")
    page.locator("#step-sourced").get_by_role("link", name="Sam Stone", exact=True).click()
    desk.settle()
    page.get_by_label("To the stage").select_option("interested")
    press(desk, "Move")
    here = page.url.removeprefix(desk.address).split("?")[0].split("#")[0]
    desk.go(f"{here}interviews/new/")
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    fill(desk, on=yesterday, at="10:00", minutes="30")
    page.get_by_label("How", exact=True).select_option("phone")
    page.locator("main form button[type=submit]").last.click()
    desk.settle()
    desk.go(here)
    follow(desk, "Did they come?")
    press(desk, "They did not come")
    desk.go(here)
    expect(page.locator("main")).to_contain_text("They did not come")


def submitted(desk: Visit, job: str) -> str:
    """Jane says yes to this client; her CV goes, and the introduction stands with its moment."""
    page = desk.page
    desk.go(f"{job}board/")
    page.locator("#step-applied").get_by_role("link", name="Jane Moor", exact=True).click()
    desk.settle()
    jane = page.url.removeprefix(desk.address).split("?")[0]
    follow(desk, "Submit to the client")
    expect(page.locator("main")).to_contain_text("First their yes")
    fill(desk, how="on the phone")
    press(desk, "They said yes")
    page.get_by_label("To whom").select_option(label="Ada Reed")
    fill(
        desk, headline="Platform engineer, Leeds", words="Calm, and has done it.", profile="Runs a platform. Python.",
        subject="Somebody for you", by_hand="their portal",
    )  # fmt: skip
    press(desk, "Send it")
    desk.go(jane)
    expect(page.locator("main")).to_contain_text("Proof of introduction")
    return jane


def picks_a_time(desk: Visit, browser: Browser, job: str, jane: str) -> None:
    """The client wants to meet her; she picks a time by her link."""
    page = desk.page
    follow(desk, "What did they say?")
    page.get_by_label("What they said").select_option("interview")
    press(desk, "Keep it")
    desk.go(f"{job}times/")
    follow(desk, "Offer times")
    days = [TODAY + timedelta(days=n) for n in range(2, 9)]
    fill(desk, first_on=next(one for one in days if one.weekday() < 5).isoformat(), days="1", times="10:00, 14:00")
    page.get_by_role("checkbox", name=re.compile("Jane Moor")).check()
    page.locator("main form button[type=submit]").last.click()
    desk.settle()
    page.get_by_text("Their link, to send by hand").first.click()
    link = page.locator("main code").first.inner_text()
    own = public(browser, desk)
    own.goto(desk.address + re.sub(r"^https?://[^/]+", "", link))
    own.locator("button.time").first.click()
    expect(own.get_by_role("heading", level=1)).to_have_text("Your time is booked")
    own.context.close()
    desk.go(jane)
    expect(page.locator("main")).to_contain_text("picked themselves")


def placed(desk: Visit, jane: str) -> str:
    """An offer, a yes, a placement with its fee and its split; returns its address."""
    page = desk.page
    desk.go(jane)
    follow(desk, "Note an offer")
    starts = (TODAY + timedelta(days=1)).isoformat()
    fill(desk, made_on=TODAY.isoformat(), pay="68,000")
    page.locator("main form button[type=submit]").last.click()
    desk.settle()
    desk.go(jane)
    follow(desk, "They accepted")
    fill(desk, answered_on=TODAY.isoformat(), start_on=TODAY.isoformat())
    page.locator("main form button[type=submit]").last.click()
    desk.settle()
    desk.go(jane)
    follow(desk, "Place them")
    fill(desk, accepted_on=TODAY.isoformat(), start_on=starts, pay="68,000")
    page.locator("main form button[type=submit]").last.click()
    desk.settle()
    main = page.locator("main")
    expect(main).to_contain_text("£17,000 (25%)")  # what the terms say of such pay
    placement = page.url.removeprefix(desk.address).split("?")[0]
    desk.go(f"{placement}split/")
    page.locator("[name=who-0]").select_option(label="Tom Ridley")
    page.locator("[name=role-0]").select_option("found")
    page.locator("[name=who-1]").select_option(label="Lena Hart")
    page.locator("[name=role-1]").select_option("delivered")
    for line in (2, 3):  # what was proposed from who owns the client and the candidate
        page.locator(f"[name=who-{line}]").select_option("")
    fill(desk, **{"share-0": "60", "share-1": "40", "share-2": "", "share-3": "", "why": "Lena held the interviews"})
    press(desk, "Agree this split")
    desk.go(placement)
    expect(main).to_contain_text("60%")
    return placement


def started(desk: Visit, placement: str) -> None:
    """The plan until the first day stands in her tasks; the day itself is noted."""
    desk.go(placement)
    expect(desk.page.locator("main")).to_contain_text("counter-offer", ignore_case=True)
    desk.go(f"{placement}start/")
    fill(desk, on=TODAY.isoformat())
    desk.page.locator("main form button[type=submit]").last.click()
    desk.settle()
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("has been there since")


def read_the_numbers(desk: Visit) -> None:
    """Tom's part of the fee, Monday's page and its print; the forecast is read: it refuses where the past is small."""
    page = desk.page
    desk.go("/jobs/billings/")
    expect(page.locator("main").get_by_role("row", name="Jane Moor")).to_contain_text("£10,200.00")
    desk.go("/4cs/monday/")
    expect(page.locator("main")).to_contain_text("Platform engineer")
    sheet = page.context.request.get(f"{desk.address}/4cs/monday/week.pdf")
    assert (sheet.status, sheet.headers["content-type"]) == (200, "application/pdf")
    desk.go("/4cs/pipeline/")
    expect(page.get_by_role("heading", name="Cash ahead")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Too few past jobs")


def nobody_is_left_by_accident(desk: Visit, job: str) -> None:
    """Something is open with Sam: the job can't end over him. It ends with a reason and an answer, then the job may."""
    page, main = desk.page, desk.page.locator("main")
    desk.go(f"{job}close/")
    press(desk, "Close the job")
    expect(main).to_contain_text("Nothing was changed. 1 person is still on it.")
    follow(desk, "Go to the board")
    page.locator("#step-interview").get_by_role("link", name="Sam Stone", exact=True).click()
    desk.settle()
    follow(desk, "It ends here")
    page.get_by_label("What happened").select_option("withdrew")
    fill(desk, why="Did not come, took another job")
    press(desk, "It ends here")
    desk.go(job)
    press(desk, "It is filled")
    expect(main).to_contain_text("Filled")
