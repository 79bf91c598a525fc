"""The inbox's pages: what they show to whom, in how many statements, and what their buttons do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fourfold.accounts.types import Role, Viewer
from fourfold.base import clock
from fourfold.contact import models, queries
from fourfold.contact.tests import factories as make
from fourfold.contact.tests.factories import NOON
from fourfold.contact.tests.test_inbox import LATER, World, raw, sent_mail
from fourfold.contact.types import HandedState
from fourfold.people import queries as people_queries
from fourfold.people.types import ConsentEvent, Purpose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_house")]
SignIn = Callable[[Viewer], Client]


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: LATER + timedelta(minutes=10))


@pytest.fixture
def world() -> World:
    return World()


def text(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_an_empty_inbox_says_how_to_begin(sign_in: SignIn, world: World) -> None:
    page = text(sign_in(world.ana).get(reverse("inbox")))
    assert "Nobody waits for an answer" in page
    assert reverse("mailboxes") in page
    for show in ("all", "machines", "elsewhere", "nonsense"):
        assert sign_in(world.ana).get(reverse("inbox"), {"show": show}).status_code == 200
    assert sign_in(world.ana).get(reverse("inbox"), {"before": "yesterday"}).status_code == 404
    assert sign_in(make.colleague(Role.ADMINISTRATOR)).get(reverse("inbox")).status_code == 403


def test_the_gravest_come_first_and_words_are_shown_as_words(sign_in: SignIn, world: World) -> None:
    tom = make.person("Tom Reed", "tom@works.example")
    world.comes(raw("Never write to me again.", sender="tom@works.example"))
    world.answers("Sounds interesting, tell me more <script>alert(1)</script>", world.wrote())
    browser = sign_in(world.ana)
    page = browser.get(reverse("inbox"))
    assert [one["row"].person_key for one in page.context["lines"]] == [tom, world.jane]
    assert "<script>alert" not in page.content.decode()
    assert "2 mails need somebody" in text(page)
    [stop, yes] = [one["row"] for one in page.context["lines"]]
    one = text(browser.get(reverse("inbox_mail", args=[stop.key])))
    assert "Tom Reed: stop" in one
    assert "Nothing is sent to them any more." in one
    assert "<script>alert" not in browser.get(reverse("inbox_mail", args=[yes.key])).content.decode()
    assert "2 mails need you" in text(browser.get(reverse("today")))
    browser.post(reverse("handle_mail", args=[yes.key]))
    assert [one["row"].key for one in browser.get(reverse("inbox")).context["lines"]] == [stop.key]


def test_a_wrong_reading_is_put_right_with_one_button(sign_in: SignIn, world: World) -> None:
    mail = world.answers("Please do not contact me on Fridays, I would love to hear more!", world.wrote())
    browser = sign_in(world.ana)
    refused = browser.post(reverse("correct_mail", args=[mail.key]), {"label": "not_now"})
    assert refused.status_code == 422
    assert "needs a day to come" in refused.content.decode()
    assert not world.may().may_go  # nothing was half done
    done = browser.post(reverse("correct_mail", args=[mail.key]), {"label": "not_now", "until": "2026-05-04"})
    assert done.url == reverse("inbox")
    standing = people_queries.standing(world.jane, at=LATER + timedelta(hours=1))
    assert (standing.objected, standing.paused_until) == (frozenset(), date(2026, 5, 4))
    assert "Not before 4 May 2026" in text(browser.get(reverse("inbox"), {"show": "all"}))
    stranger = sign_in(make.colleague(Role.ADMINISTRATOR, name="Ida Moe"))
    for name in ("inbox_mail", "correct_mail", "handle_mail"):
        ask = stranger.get if name == "inbox_mail" else stranger.post
        assert ask(reverse(name, args=[mail.key])).status_code == 404


def test_another_address_is_added_when_asked(sign_in: SignIn, world: World) -> None:
    mail = world.answers("Yes, let us talk.", world.wrote(), sender="jm@home.example")
    browser = sign_in(world.ana)
    assert "Is it Jane Moor’s?" in text(browser.get(reverse("inbox_mail", args=[mail.key])))
    browser.post(reverse("handle_mail", args=[mail.key]), {"deed": "add_address"})
    assert people_queries.resolve([make.email("jm@home.example")])
    assert "Is it Jane Moor’s?" not in text(browser.get(reverse("inbox_mail", args=[mail.key])))


def test_an_angry_answer_has_a_draft_beside_it(sign_in: SignIn, world: World) -> None:
    mail = world.answers(
        "This is a formal complaint. You have ignored my objection twice; I will report you to the ICO under the GDPR "
        "unless my data is erased.",
        world.wrote(),
    )
    page = text(sign_in(world.lena).get(reverse("inbox_mail", args=[mail.key])))
    assert "I am sorry" in page
    assert "It is a case" in page


def test_mail_from_elsewhere_is_its_senders_only(sign_in: SignIn, world: World) -> None:
    make.consented(world.jane, event=ConsentEvent.OBJECTED, purpose=Purpose.ALL)
    world.comes(sent_mail("jane@works.example"), folder="Sent", outgoing=True)
    for viewer, sees in ((world.ana, True), (world.lena, False)):
        browser = sign_in(viewer)
        assert ("Mail you sent from elsewhere" in text(browser.get(reverse("today")))) is sees
        page = text(browser.get(reverse("inbox"), {"show": "elsewhere"}))
        assert ("Jane Moor" in page) is sees


def test_what_is_missing_here_is_said(sign_in: SignIn, world: World) -> None:
    world.comes(raw("Hello", sender="jane@works.example"))
    models.FolderState.objects.update(on_server=5, kept=3, checked_at=NOON)
    assert "2 of the server’s 5 mails are missing here" in text(sign_in(world.ana).get(reverse("inbox")))


def test_pages_take_few_statements_whatever_the_mails(sign_in: SignIn, world: World) -> None:
    sent = world.wrote(state=HandedState.DELIVERED)
    for place in range(60):
        who = make.person(f"P{place} Q", f"p{place}@works.example")
        assert who
        world.comes(raw("Stop writing to me, please.", sender=f"p{place}@works.example"))
    world.answers("Sounds interesting.", sent)
    browser = sign_in(world.ana)
    for address, most in (("?show=look", 16), ("?show=all", 16), ("?show=machines", 16), ("?show=elsewhere", 12)):
        with CaptureQueriesContext(connection) as statements:
            page = browser.get(reverse("inbox") + address)
        assert len(statements) <= most, [one["sql"][:90] for one in statements]
        if "look" in address or "all" in address:
            assert len(page.context["lines"]) == 50
            assert page.context["older"]
    with CaptureQueriesContext(connection) as statements:
        queries.waiting(world.ana, limit=8)
    assert len(statements) <= 8
    second = browser.get(reverse("inbox"), {"show": "all", "before": page_after(browser)})
    assert len(second.context["lines"]) == 11


def page_after(browser: Client) -> str:
    older: str = browser.get(reverse("inbox"), {"show": "all"}).context["older"]
    return older
