"""The page of a survey, from the link in a mail: what it shows, what it keeps, and what it never does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role
from fourfold.base import clock
from fourfold.base.actor import COMMAND_LINE
from fourfold.careers import links, rules
from fourfold.careers.types import Link, LinkKind
from fourfold.contact import actions as contact
from fourfold.contact import queries as contact_queries
from fourfold.contact.types import Transport
from fourfold.people import actions as people
from fourfold.people.types import Identifier, NewPerson, PersonRole, Scheme
from fourfold.studio import actions as studio
from fourfold.studio.types import KitChange, Typeface
from fourfold.surveys import actions as surveys
from fourfold.surveys import queries as survey_queries
from fourfold.surveys.types import Asked, Invited, Moment, OpenSurvey, Outcome
from fourfold.work import queries as work

pytestmark = pytest.mark.django_db
NOW = timezone.now()
ENDED = NOW - timedelta(days=9)
QUESTION = "How likely are you to recommend us to a friend who is looking for work?"
MOST_STATEMENTS = 14
_numbers = count(1)


@pytest.fixture(autouse=True)
def no_counts() -> Iterator[None]:
    """Nothing was asked before."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def browser() -> Client:
    """A visitor without cookies, whose forms are checked as a browser's are."""
    return Client(enforce_csrf_checks=True)


def person(name: str = "Jane Moor") -> UUID:
    address = Identifier(Scheme.EMAIL, f"p{next(_numbers)}@post.example")
    new = NewPerson(name=name, identifiers=(address,), country="GB", roles=(PersonRole.CANDIDATE,))
    return people.add_people(people=[new], by=COMMAND_LINE, at=ENDED)[0]


def asked(who: UUID, **values: Any) -> UUID:
    """The delivery of a mail that asks somebody how it was; it left some days ago."""
    box = contact_queries.house_mailbox() or contact.put_mailbox(
        settings=contact.MailboxSettings(
            name=f"Box {next(_numbers)}", transport=Transport.SMTP, from_name="Northgate",
            from_address="hello@northgate.example", host="127.0.0.1", port=25, security="none",
        ),
        by=COMMAND_LINE, at=ENDED,
    )  # fmt: skip
    given = {"moment": Moment.APPLICATION, "outcome": Outcome.REJECTED, "about": "Data engineer at Harbour", **values}
    invited = Invited(person_key=who, about_kind="application", about_key=uuid4(), ended_at=ENDED, **given)
    found = surveys.invite(invited=invited, by=COMMAND_LINE, at=ENDED)
    assert isinstance(found, Asked)
    surveys.send_due(at=found.send_at)
    [claimed] = contact.claim(mailbox=box, worker="w", most=9, at=found.send_at)
    return claimed.key


def path(who: UUID, delivery: UUID | None, score: int = 3) -> str:
    return links.path(Link(kind=LinkKind.SCORE, person_key=who, text=str(score), delivery=delivery))


def opened(who: UUID, delivery: UUID, at: datetime | None = None) -> OpenSurvey:
    return survey_queries.open_survey(delivery=delivery, person_key=who, at=at or timezone.now())


def test_a_link_chooses_a_number_and_keeps_nothing_however_often_it_is_followed(browser: Client) -> None:
    jane = person()
    mail = asked(jane)
    with CaptureQueriesContext(connection) as statements:
        page = browser.get(path(jane, mail, 9))
    assert len(statements) <= MOST_STATEMENTS
    text = page.content.decode()
    assert page.status_code == 200
    assert QUESTION in text
    assert ["checked" in one for one in text.split('type="radio"')[1:]] == [n == 9 for n in range(11)]
    for told in ("Jane", "Moor", "Data engineer", "Harbour", "post.example"):
        assert told not in text
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "<script" not in text
    assert not page.cookies
    for score in range(11):  # as a scanner does
        assert browser.get(path(jane, mail, score)).status_code == 200
        assert browser.head(path(jane, mail, score)).status_code == 200
        assert browser.get(f"{path(jane, mail, score)}?did=number").status_code == 200
    assert not opened(jane, mail).answered


def test_one_button_gives_the_number_and_then_words_are_welcome(browser: Client) -> None:
    make_leader()
    jane = person()
    mail = asked(jane)
    here = path(jane, mail, 2)
    done = browser.post(here, {"score": "2"})
    assert (done.status_code, done["Location"]) == (303, f"{here}?did=number#done")
    assert opened(jane, mail).answered
    more = browser.get(f"{here}?did=number").content.decode()
    assert "What would have made it better?" in more
    assert "may_answer" in more
    done = browser.post(f"{here}more/", {"words": "A word sooner.", "may_answer": "on"})
    assert done["Location"] == f"{here}?did=told#done"
    assert "will answer you" in browser.get(f"{here}?did=told").content.decode()
    [task] = work.held_about(["candidate"], [jane])["tasks"]
    assert "A word sooner." in task["title"]
    again = browser.get(path(jane, mail, 9)).content.decode()
    assert "You have answered already" in again
    assert "A word sooner." not in again, "who was forwarded the mail doesn't read the answer"
    assert not done.cookies


def make_leader() -> None:
    new = NewUser(email=f"c{next(_numbers)}@northgate.example", name="Lena Marsh", roles=frozenset({Role.LEADER}))
    assert accounts_queries.viewer_of(accounts.add_users(users=[new], by=COMMAND_LINE, at=ENDED)[0])


def test_words_without_leave_tell_nobody(browser: Client) -> None:
    make_leader()
    jane = person()
    here = path(jane, asked(jane), 0)
    browser.post(here, {"score": "0"})
    done = browser.post(f"{here}more/", {"words": "Never again."})
    assert done["Location"] == f"{here}?did=words#done"
    assert work.held_about(["person", "candidate"], [jane])["tasks"] == []


@pytest.mark.parametrize("given", [{}, {"score": "11"}, {"score": "-1"}, {"score": "ten"}])
def test_what_is_no_number_is_asked_again(browser: Client, given: dict[str, str]) -> None:
    jane = person()
    mail = asked(jane)
    page = browser.post(path(jane, mail), given)
    assert page.status_code == 422
    assert "choose a number from 0 to 10" in page.content.decode()
    assert not opened(jane, mail).answered


def test_words_need_a_number_and_are_not_endless(browser: Client) -> None:
    jane = person()
    mail = asked(jane)
    here = path(jane, mail)
    page = browser.post(f"{here}more/", {"words": "first"})
    assert page.status_code == 422
    assert "Choose a number first." in page.content.decode()
    browser.post(here, {"score": "7"})
    page = browser.post(f"{here}more/", {"words": "x" * 4_001, "may_answer": "on"})
    assert page.status_code == 422
    assert not opened(jane, mail).may_answer
    assert browser.get(f"{here}more/").status_code == 405


def test_an_answer_can_be_changed_for_a_week_and_a_link_runs_out_after_sixty_days(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    jane, tom = person(), person("Tom Reed")
    mail, late = asked(jane), asked(tom)
    here = path(jane, mail)
    browser.post(here, {"score": "3"})
    assert browser.post(here, {"score": "9"}).status_code == 303
    monkeypatch.setattr(clock, "now", lambda: timezone.now() + timedelta(days=8))
    for page in (browser.get(here), browser.post(here, {"score": "1"}), browser.post(f"{here}more/", {"words": "x"})):
        assert page.status_code == 410
        assert "You have answered, thank you." in page.content.decode()
    assert browser.get(path(tom, late)).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: timezone.now() + timedelta(days=61))
    page = browser.post(path(tom, late), {"score": "9"})
    assert page.status_code == 410
    assert "This question has run out." in page.content.decode()
    assert not opened(tom, late).answered


def test_a_link_that_was_cut_forged_or_is_another_opens_nothing(browser: Client) -> None:
    jane = person()
    mail = asked(jane)
    here = path(jane, mail)
    why = links.path(Link(kind=LinkKind.WHY, person_key=jane, delivery=mail)).split("/")[2]
    forged = rules.sign(Link(kind=LinkKind.SCORE, person_key=jane, text="9", delivery=mail), keys=[b"x" * 32])
    for wrong in (f"{here[:-4]}/", f"/survey/{why}/", f"/survey/{forged}/", path(jane, None), "/survey/x/"):
        assert browser.get(wrong).status_code == 404
        assert browser.post(wrong, {"score": "1"}).status_code == 404
    assert browser.get(here.replace("/survey/", "/why/")).status_code == 404
    assert not opened(jane, mail).answered


def test_a_mail_of_somebody_else_or_of_somebody_erased_holds_nothing(browser: Client) -> None:
    jane, tom = person(), person("Tom Reed")
    mail = asked(jane)
    for wrong in (path(tom, mail), path(jane, uuid4())):
        assert "nothing" in browser.get(wrong).content.decode().lower()
        browser.post(wrong, {"score": "1"})
    assert not opened(jane, mail).answered


def test_one_link_and_one_place_answer_so_often_an_hour(browser: Client) -> None:
    jane = person()
    here = path(jane, asked(jane))
    most = rules.MOST_AN_HOUR["survey"][0]
    for _ in range(most):
        assert browser.post(here, {"score": "8"}).status_code == 303
    page = browser.post(here, {"score": "1"})
    assert page.status_code == 429


def test_the_page_has_the_colours_of_the_brand_that_asks(browser: Client) -> None:
    make_leader()
    accounts.add_brand(name="Northgate", legal_name="Northgate Ltd", by=COMMAND_LINE, at=ENDED)
    zephyr = accounts.add_brand(name="Zephyr", legal_name="Zephyr Ltd", by=COMMAND_LINE, at=ENDED)
    viewer = accounts_queries.viewer_of(next(iter(accounts_queries.names_in_role(Role.LEADER))))
    assert viewer
    change = KitChange(
        colour="#7a1f5c", accent="#7a1f5c", heading_face=Typeface.GEORGIA, text_face=Typeface.ARIAL, legal_name="Zephyr"
    )
    studio.keep_kit(brand=zephyr, to=change, viewer=viewer, at=ENDED)
    jane = person()
    text = browser.get(path(jane, asked(jane, brand=zephyr))).content.decode()
    assert f"brand={zephyr}&amp;v=" in text
    assert "#7a1f5c" in browser.get(f"/brand/style.css?brand={zephyr}").content.decode()
    assert "#7a1f5c" not in browser.get("/brand/style.css").content.decode()
    assert "· Zephyr</title>" in text
