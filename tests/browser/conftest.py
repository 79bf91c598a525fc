from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from conftest import CHROMIUM
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import houses

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def demo_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[houses.House]:
    """A small demo house, running."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # all workers of a run
    with houses.demo(tmp_path_factory.mktemp("demo"), shared) as found, houses.running(found):
        yield found


@pytest.fixture(scope="module")  # no longer than its file: while it is open, an event loop is
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


SLOWEST_MS = 90_000  # what a worker does for somebody may stand behind what it does for a new house
SETTLED = "() => !document.querySelector('[hx-trigger=\"load\"], .htmx-request')"


@dataclass
class Visit:
    """A page someone is signed in on, and what the console had to say about it."""

    page: Page
    context: BrowserContext
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page and wait until its partial updates have settled."""
        self.page.goto(self.address + path)
        self.settle()

    def settle(self) -> None:
        """Wait until what the page fetches as it loads is there, and nothing it fetched fetches more."""
        self.page.wait_for_load_state("load")
        self.page.wait_for_function(SETTLED)

    def settle_fourcs(self, path: str = "/4cs/") -> None:
        """Open the 4Cs and wait for an answer that is as new as the ledger."""
        self.go(path)
        self.page.wait_for_selector("#board:not([hx-get])", timeout=60_000)


SignIn = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, demo_house: houses.House) -> Iterator[SignIn]:
    """Sign in as someone, in a window of some width, light or dark, with or without JavaScript."""
    contexts: list[BrowserContext] = []

    def sign_in(email: str = houses.LEADER, *, width: int = 1440, scheme: str = "light", script: bool = True) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,  # type: ignore[arg-type]
        )
        context.set_default_timeout(SLOWEST_MS)
        contexts.append(context)
        page = context.new_page()
        found = Visit(page, context, demo_house.address)
        page.on("console", lambda message: found.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        page.goto(demo_house.address + "/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", houses.PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(demo_house.address + "/")
        return found

    yield sign_in
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe() -> Any:
    from axe_playwright_python.sync_playwright import Axe

    return Axe()
