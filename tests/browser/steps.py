"""Steps that several journeys of a browser take."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit


def fill(found: Visit, **values: str) -> None:
    """Type into controls by their names."""
    for name, value in values.items():
        found.page.locator(f"main [name={name}]").first.fill(value)


def press(found: Visit, name: str) -> None:
    """Press a button of the page's own part by its words, and wait for what it leads to."""
    close_words(found)
    found.page.locator("main").get_by_role("button", name=name, exact=True).first.click()
    found.settle()


def follow(found: Visit, name: str) -> None:
    """Follow a link of the page's own part by its words."""
    close_words(found)
    found.page.locator("main").get_by_role("link", name=name, exact=True).first.click()
    found.settle()


def close_words(found: Visit) -> None:
    """On a phone the words of what was done lie over the page's end."""
    for button in found.page.locator("[data-close]").all():
        button.click()


def take_a_client(found: Visit, name: str) -> str:
    """A new client, from target to accepted terms; returns its address."""
    page = found.page
    found.go("/organisations/new/")
    page.get_by_label("Name", exact=True).fill(name)
    press(found, "Keep it")
    for step in ("Make them a target", "We met"):
        press(found, step)
    follow(found, "Draft terms")
    page.get_by_label(re.compile("Fees for permanent")).fill("up to 40000: 20%\nabove 40000: 25%")
    press(found, "Keep this draft")
    press(found, "Note that it was sent")
    follow(found, "They accepted the terms")
    page.get_by_label("How", exact=True).fill("signed, by e-mail")
    press(found, "Note that they accepted")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("main")).to_contain_text("Terms accepted")
    return page.url.removeprefix(found.address).split("?")[0]


def add_a_person(found: Visit, name: str, address: str) -> str:
    """A new person, typed in; returns the address of their page."""
    page = found.page
    found.go("/people/add/")
    page.get_by_role("button", name="Type them in").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("E-mail address", exact=False).first.fill(address)
    page.get_by_role("button", name="Add this person").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return page.url.removeprefix(found.address).split("?")[0]
