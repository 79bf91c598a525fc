"""In a real browser: what axe finds, what the policy refuses, what sticks out, and passkeys by a virtual device."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from fourfold.accounts import actions
from fourfold.accounts.models import AuditEntry
from fourfold.accounts.tests.factories import ADA, MILO, PASSWORD, Cast, make_cast
from fourfold.accounts.types import Role
from fourfold.base import clock

pytestmark = pytest.mark.browser
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
BOTH = ((1440, "light"), (390, "dark"))  # ui's own tests hold every colour to its contrast in light and dark
ALL = ((1440, "light"), (1440, "dark"), (390, "light"), (390, "dark"))


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def process_request_thread(self, request, client_address):
        super().process_request_thread(request, client_address)
        connections.close_all()


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing: the suite's output belongs to its results."""


@pytest.fixture
def people(committed_db: object) -> Cast:
    return make_cast()


@pytest.fixture
def address(people: Cast) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), server_class=Server, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield opened
        opened.close()


def listen(context: BrowserContext) -> tuple[Page, list[str]]:
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


def sign_in(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/accounts/login/?next=/my-account/")
    page.fill("#id_login", email)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#viewer-menu", state="attached")


def look(page: Page, url: str, sizes: tuple[tuple[int, str], ...] = BOTH) -> None:
    """The page fits each size, and axe finds nothing on it."""
    for width, scheme in sizes:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.goto(url)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], (url, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (url, width)


def test_pages_before_sign_in(browser, address, people):
    token = actions.invite(
        email="nell@northgate.example", roles=frozenset({Role.MARKETER}), viewer=people.ada, at=clock.now()
    )
    page, said = listen(browser.new_context())
    for path in ("/accounts/login/", "/accounts/password/reset/", f"/invitation/{token}/"):
        look(page, address + path, ALL)
    assert said == []


def test_pages_of_an_administrator(browser, address):
    page, said = listen(browser.new_context())
    sign_in(page, address, ADA.email)
    for path in ("/colleagues/", "/colleagues/invite/", "/house/", "/house/office/add/", "/audit/", "/my-account/"):
        look(page, address + path)
    page.goto(f"{address}/colleagues/")
    page.click("text=Rhea Okafor")
    page.wait_for_url("**/colleagues/*-*/")
    look(page, page.url)
    assert said == []


def test_pages_of_ones_own_account(browser, address):
    page, said = listen(browser.new_context())
    sign_in(page, address, MILO.email)
    look(page, f"{address}/accounts/2fa/totp/activate/")  # asks for the password first
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("code")
    for path in ("2fa/totp/activate/", "2fa/", "2fa/webauthn/", "2fa/webauthn/add/", "password/change/", "3rdparty/"):
        look(page, f"{address}/accounts/{path}")
    assert said == []


def test_the_keyboard_signs_in_from_top_to_bottom(browser, address):
    page, _ = listen(browser.new_context())
    page.goto(f"{address}/accounts/login/")
    page.wait_for_selector("#passkey", state="visible")
    order = []
    for _step in range(6):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    assert order == ["Skip to the content", "id_login", "id_password", "Sign in", "I forgot my password", "passkey"]


def with_device(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page whose browser has a device for passkeys that always says yes."""
    page, said = listen(context)
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    return page, said


def test_a_passkey_is_added_and_signs_in_alone(browser, address):
    page, said = with_device(browser.new_context())
    sign_in(page, address, MILO.email)
    page.goto(f"{address}/accounts/2fa/webauthn/add/")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.fill("#id_name", "Work laptop")
    page.check("#id_passwordless")
    page.click("#passkey")
    page.wait_for_url("**/recovery-codes/")
    page.goto(f"{address}/accounts/2fa/webauthn/")
    assert "Work laptop" in page.inner_text("main")
    assert "1 passkey opens your account" in page.inner_text("h1")

    page.goto(f"{address}/accounts/logout/")
    page.click("main button[type=submit]")
    page.wait_for_url("**/accounts/login/")
    page.click("#passkey")
    page.wait_for_selector("#viewer-menu", state="attached")
    assert "Milo Brandt" in page.inner_text("body") or page.locator("[aria-label='Menu of Milo Brandt']").count()
    assert said == []
    assert AuditEntry.objects.filter(deed="add_second_step", summary="WebAuthn").count() == 1


def test_a_passkey_is_the_second_step_after_the_password(browser, address):
    page, said = with_device(browser.new_context())
    sign_in(page, address, MILO.email)
    page.goto(f"{address}/accounts/2fa/webauthn/add/")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.click("#passkey")
    page.wait_for_url("**/recovery-codes/")
    page.goto(f"{address}/accounts/logout/")
    page.click("main button[type=submit]")
    page.fill("#id_login", MILO.email)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/2fa/authenticate/")
    look(page, page.url)
    page.click("#passkey")
    page.wait_for_selector("#viewer-menu", state="attached")
    assert said == []


def test_a_passkey_that_is_not_there_is_told_in_words(browser, address):
    page, said = listen(browser.new_context())
    page.goto(address.replace("localhost", "127.0.0.1") + "/accounts/login/")
    page.click("#passkey")
    page.wait_for_selector("[data-passkey-says]:visible")
    assert "Passkeys don’t work at this address." in page.inner_text("main")
    assert said == []
