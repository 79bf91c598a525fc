"""In a real browser: nothing that axe finds, nothing the policy refuses, nothing that sticks out."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = (1440, 390)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing: the suite's output belongs to its results."""


@pytest.fixture
def address(gallery_house: None) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), server_class=Server, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None and not os.environ.get("CI"):
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


def open_page(browser: Browser, url: str, *, width: int = 1440, scheme: str = "light") -> tuple[Page, list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(url)
    return page, said


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["/gallery/?said=1", "/gallery/signed-out/"])
def test_a_page_is_accessible_and_fits(browser, address, path, width, scheme):
    page, said = open_page(browser, address + path, width=width, scheme=scheme)
    found = [(one["id"], [node["html"] for node in one["nodes"]]) for one in Axe().run(page).response["violations"]]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    page.close()


def test_dark_follows_the_system(browser, address):
    grounds = set()
    for scheme in ("light", "dark"):
        page, _ = open_page(browser, f"{address}/gallery/", scheme=scheme)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.close()
    assert grounds == {"rgb(246, 244, 239)", "rgb(22, 21, 19)"}


def test_the_keyboard_is_enough(browser, address):
    page, said = open_page(browser, f"{address}/gallery/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("g4?/")
    assert page.input_value("[data-search]") == "g4?/"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.is_visible("#shortcuts")
    page.keyboard.press("Escape")
    assert not page.is_visible("#shortcuts")
    page.evaluate("document.querySelector('[data-go=\"4\"]').href = '/gallery/errors/404/'")
    with page.expect_navigation(url="**/gallery/errors/404/"):
        page.keyboard.press("g")
        page.keyboard.press("4")
    assert [line for line in said if "404" not in line] == []
    page.close()


def test_htmx_swaps_a_part_without_breaking_the_policy(browser, address):
    page, said = open_page(browser, f"{address}/gallery/")
    page.evaluate("htmx.ajax('GET', '/gallery/progress/', {target: '#running', swap: 'outerHTML'})")
    page.wait_for_selector("#running", state="detached")
    assert said == []
    page.close()


@pytest.mark.parametrize(("failure", "words"), [("unreachable", "did not get through"), (500, "was not done")])
def test_a_partial_update_that_fails_says_so_once_and_changes_nothing(browser, address, failure, words):
    page, _ = open_page(browser, f"{address}/gallery/")
    page.route(
        "**/gallery/progress/",
        lambda route: (
            route.abort() if failure == "unreachable" else route.fulfill(status=failure, body="<p>Traceback</p>")
        ),
    )
    for _attempt in range(2):
        page.evaluate("htmx.ajax('GET', '/gallery/progress/', {target: '#running', swap: 'outerHTML'}).catch(() => {})")
        page.wait_for_selector("#messages [data-said]")
    assert page.locator("#messages [data-said]").count() == 1
    assert words in page.inner_text("#messages")
    assert page.is_visible("#running")
    page.close()


def test_a_refused_form_is_shown_again(browser, address):
    page, _ = open_page(browser, f"{address}/gallery/")
    page.route("**/gallery/progress/", lambda route: route.fulfill(status=422, body='<p id="again">Look again</p>'))
    page.evaluate("htmx.ajax('GET', '/gallery/progress/', {target: '#running', swap: 'outerHTML'})")
    page.wait_for_selector("#again")
    assert page.locator("#messages [data-said]").count() == 0
    page.close()


def test_the_phones_menu_and_dialogs_open_without_a_script(browser, address):
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/gallery/")
    assert not page.is_visible("#navigation")
    page.click(".ff-bottom [popovertarget=navigation]")
    assert page.is_visible("#navigation")
    context.close()
