"""The public pages, address by address: what they show, what they change, and what they never do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role, Viewer
from fourfold.base.actor import COMMAND_LINE, THEMSELVES
from fourfold.careers import links, rules
from fourfold.careers.types import Link, LinkKind
from fourfold.contact.types import MessageClass
from fourfold.contact.types.links import PUBLIC_LINKS
from fourfold.ledger import actions as ledger
from fourfold.ledger import queries as ledger_queries
from fourfold.ledger.types import Outcome, Party, Touch
from fourfold.people import actions, queries
from fourfold.people.types import (
    AddressUse,
    ClientStage,
    ConsentEvent,
    Identifier,
    NewOrganisation,
    NewPerson,
    NewRetentionRule,
    Origin,
    PersonRole,
    Proof,
    Purpose,
    Scheme,
    Standing,
    WordingRow,
)
from fourfold.work import queries as work
from fourfold.work.types import Whose

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SINCE = NOW - timedelta(days=90)
MOST_STATEMENTS = 12
LARGEST_PAGE = 100_000
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


def colleague(*roles: Role, name: str = "Lena Marsh") -> Viewer:
    new = NewUser(email=f"c{next(_numbers)}@northgate.example", name=name, roles=frozenset(roles))
    viewer = accounts_queries.viewer_of(accounts.add_users(users=[new], by=COMMAND_LINE, at=NOW)[0])
    assert viewer
    return viewer


def person(*addresses: str, **values: Any) -> UUID:
    identifiers = tuple(Identifier(Scheme.EMAIL, one) for one in addresses)
    new = NewPerson(**{"name": "Ana Kovac", "identifiers": identifiers, "added_at": SINCE, **values})
    return actions.add_people(people=[new], by=COMMAND_LINE, at=NOW)[0]


def link(kind: LinkKind, key: UUID, **values: Any) -> str:
    if kind is LinkKind.HOUR:
        values.setdefault("until", timezone.now() + rules.HOUR)
    if kind is LinkKind.CLICK:
        values.setdefault("text", "https://northgate.example/jobs?id=7&x=%20")
    return links.path(Link(kind=kind, person_key=key, **values))


def why_link(key: UUID, **values: Any) -> str:
    about = {"message_class": MessageClass.APPROACH, "purpose": Purpose.APPROACH}
    return link(LinkKind.WHY, key, **{**about, **values})


def standing(key: UUID) -> Standing:
    return queries.standing(key, at=timezone.now())


def tasks(key: UUID) -> list[dict[str, Any]]:
    return work.held_about(["person", "candidate"], [key])["tasks"]


def everything_kept() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the house but counts of what was asked."""
    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - {"fourfold_cache"})
        found = {}
        for name in names:
            cursor.execute(f'SELECT * FROM "{name}"')
            found[name] = sorted(cursor.fetchall(), key=repr)
    return found


def placed(key: UUID, by: Viewer) -> None:
    """A mail that went to somebody, and an outcome of theirs: what the history is read from."""
    mail_out = Touch(
        source="test", source_ref="m", occurred_at=NOW, person_key=key, channel="email", actor=str(by.user_key)
    )
    cash = Outcome(
        source="test", source_ref="o", occurred_at=NOW, outcome_kind="cash", basis="accepted", value_minor=100,
        currency="GBP",
    )  # fmt: skip
    of = ledger.first_fact_id("test", "o")
    party = Party(source="test", source_ref="p", occurred_at=NOW, outcome=of, person_key=key, side="candidate")
    ledger.post(facts=[mail_out, cash, party], batch=uuid4(), at=NOW)


# What every page is


KINDS = [LinkKind.WHY, LinkKind.STOP, LinkKind.PREFERENCES, LinkKind.HOUR]
DEEDS = [
    ("why_answer", {"deed": "stop-all"}), ("why_answer", {"deed": "not-at-work"}), ("why_letter", {}),
    ("why_lift", {"purpose": "all", "channel": "", "sure": "on"}), ("stop", {}), ("preferences", {}),
    ("preferences_lift", {"purpose": "all", "channel": "", "sure": "on"}), ("preferences_stop_all", {}),
    ("preferences_agree", {"purpose": "marketing", "wording": "news 1"}),
    ("preferences_withdraw", {"purpose": "marketing"}), ("your_data_json", {}), ("your_data_pdf", {}),
    ("your_data_correct", {"name": "Mallory"}), ("your_data_erase", {"sure": "on"}),
]  # fmt: skip
KIND_OF = {"why": LinkKind.WHY, "stop": LinkKind.STOP, "preferences": LinkKind.PREFERENCES, "your_data": LinkKind.HOUR}


def kind_of(name: str) -> LinkKind:
    return next(kind for start, kind in KIND_OF.items() if name.startswith(start))


def token(kind: LinkKind, key: UUID) -> str:
    return link(kind, key).strip("/").split("/")[1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_private_small_quick_and_changes_nothing(kind: LinkKind, browser: Client) -> None:
    colleague(Role.LEADER)
    key = person("ana@fjord.example", origin=Origin.SOURCED, origin_detail="LinkedIn", city="Leeds")
    subscribe(key, "Salary letter", "monthly")
    placed(key, colleague(Role.RECRUITER))
    address = link(kind, key)
    before = everything_kept()
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address)
    assert answer.status_code == 200
    assert len(asked) <= MOST_STATEMENTS, "\n".join(one["sql"][:150] for one in asked)
    assert browser.head(address).status_code == 200
    assert everything_kept() == before
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.cookies == {}
    text = answer.content.decode()
    assert len(answer.content) < LARGEST_PAGE
    assert not re.search(r"<script|<style| style=| on[a-z]+=|csrfmiddlewaretoken", text)
    assert not re.findall(r'(?:src|action)="(?!/)', text)
    assert [one for one in re.findall(r'href="([^"]*)"', text) if one[0] not in "/#" and one != "data:,"] == []
    shows_data = kind is LinkKind.HOUR
    assert ("Kovac" in text, "Leeds" in text, "ana@fjord" in text) == (shows_data, shows_data, False)


@pytest.mark.parametrize(("name", "values"), DEEDS)
def test_no_other_link_and_no_get_does_a_deed(name: str, values: dict[str, str], browser: Client) -> None:
    colleague(Role.LEADER)
    key = person("ana@fjord.example")
    kind = kind_of(name)
    good = token(kind, key)
    others = [token(one, key) for one in LinkKind if one is not kind]
    forged = rules.sign(links.read(good, kind=kind, at=timezone.now()), keys=[b"guessed"])
    before = everything_kept()
    for wrong in (*others, forged, good[:-1], good + "A", "x", "0" * 3000):
        answer = browser.post(reverse(name, args=[wrong]), values)
        assert answer.status_code == 404, wrong
        assert "doesn't open anything" in unescape(answer.content.decode())
    assert browser.get(reverse(name, args=[good]), values).status_code in (200, 405)
    assert everything_kept() == before
    assert mail.outbox == []


@pytest.mark.parametrize(("name", "values"), DEEDS)
def test_of_somebody_erased_or_unknown_nothing_is_held_and_nothing_changes(
    name: str, values: dict[str, str], browser: Client
) -> None:
    key = person("ana@fjord.example")
    kind = kind_of(name)
    actions.erase_person(person_key=key, viewer=colleague(Role.LEADER), at=NOW)
    before = everything_kept()
    for who in (key, uuid4()):
        page = browser.get(link(kind, who))
        assert page.status_code == 200
        assert "We hold nothing about you" in page.content.decode()
        answer = browser.post(reverse(name, args=[token(kind, who)]), values)
        assert answer.status_code in (200, 303), answer.status_code
    assert everything_kept() == before
    assert mail.outbox == []


def test_an_hour_link_opens_nothing_after_its_hour(browser: Client) -> None:
    late = link(LinkKind.HOUR, person("ana@fjord.example"), until=timezone.now() - timedelta(seconds=1))
    for answer in (browser.get(late), browser.post(f"{late}data.json"), browser.post(f"{late}erase/", {"sure": "on"})):
        assert answer.status_code == 410
        assert "run out" in answer.content.decode()
        assert "Kovac" not in answer.content.decode()


def test_a_link_that_expires_never_still_opens_after_a_change_of_keys(settings: Any, browser: Client) -> None:
    address = why_link(person("ana@fjord.example"))
    settings.LINK_KEYS = (b"new" * 11, *settings.LINK_KEYS)
    assert browser.get(address).status_code == 200
    settings.LINK_KEYS = settings.LINK_KEYS[:1]
    assert browser.get(address).status_code == 404


def test_a_merged_persons_link_acts_for_the_record_that_stays(browser: Client) -> None:
    viewer = colleague(Role.LEADER)
    ana, anna = person("ana@fjord.example"), person("anna@halden.example", name="Anna Kovac")
    address = why_link(anna)
    actions.merge_people(person_key=anna, into_key=ana, viewer=viewer, at=NOW)
    assert browser.post(f"{address}answer/", {"deed": "stop"}).status_code == 303
    assert standing(ana).objected == {(Purpose.APPROACH, "")}
    assert set(queries.suppressed([Identifier(Scheme.EMAIL, "ana@fjord.example")]))
    assert "Ana Kovac" in browser.get(link(LinkKind.HOUR, anna)).content.decode()


# Stop


def test_one_click_stops_without_cookie_redirect_or_login_and_twice_is_once(browser: Client) -> None:
    key = person("ana@fjord.example")
    address = link(LinkKind.STOP, key, purpose=Purpose.MARKETING, delivery=UUID(int=5))
    for _time in range(2):
        answer = browser.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
        assert answer.cookies == {}
    assert standing(key).objected == {(Purpose.MARKETING, "")}
    (wish,) = queries.wishes_of([key])
    assert (wish.source, wish.by) == ("stop link", "the person themselves")
    assert "a signed link (stop), used on " in wish.evidence
    assert str(UUID(int=5)) in wish.evidence
    assert browser.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200  # multipart, as some send it


def test_a_stop_link_of_a_subscription_ends_that_and_nothing_else(browser: Client) -> None:
    key = person("ana@fjord.example")
    subscribe(key, "Welders in Leeds", "daily")
    subscribe(key, "Salary letter", "monthly")
    address = link(LinkKind.STOP, key, purpose=Purpose.JOB_ALERTS, text="Welders in Leeds")
    assert "Welders in Leeds" in browser.get(address).content.decode()
    shown = browser.post(address, {"by-hand": "1"}).content.decode()
    assert "doesn't come any more" in unescape(shown)
    assert [one.topic for one in queries.own_record(key, at=NOW).subscriptions] == ["Salary letter"]
    assert standing(key).objected == frozenset()
    browser.post(address, {"by-hand": "1", "everything": "1"})
    assert standing(key).objected == {(Purpose.ALL, "")}


def subscribe(key: UUID, topic: str, rhythm: str) -> None:
    proof = Proof("form", "a form")
    actions.subscribe_themselves(
        person_key=key, topic=topic, rhythm=rhythm, proof=proof, by=THEMSELVES, at=NOW - timedelta(days=1)
    )


# Why am I hearing from you?


def test_the_page_says_why_from_where_since_when_and_for_how_long(browser: Client) -> None:
    rule = NewRetentionRule(name="Sourced", months=18, origin=Origin.SOURCED)
    actions.keep_rules(new=[rule], viewer=colleague(Role.LEADER), at=NOW)
    key = person("ana@fjord.example", origin=Origin.SOURCED, origin_detail="LinkedIn")
    text = browser.get(why_link(key)).content.decode()
    assert "one of our recruiters thought of you" in text
    assert "Noted with it: LinkedIn." in text
    assert f"{SINCE.day} {SINCE:%B %Y}" in text
    assert "no word for 18 months" in text
    referred = person(origin=Origin.REFERRED, origin_detail="Ben Marlow")
    assert "Ben Marlow" not in browser.get(why_link(referred)).content.decode()


@pytest.mark.parametrize(
    ("deed", "back", "stands"),
    [
        ({"deed": "not-now", "months": "6"}, "take-back-not-now", "paused_until"),
        ({"deed": "not-at-work"}, "take-back-not-at-work", "not_at_work"),
    ],
)
def test_not_now_and_not_at_work_act_at_once_and_can_be_taken_back(
    deed: dict[str, str], back: str, stands: str, browser: Client
) -> None:
    key = person("ana@fjord.example")
    address = why_link(key)
    assert not getattr(standing(key), stands)
    answer = browser.post(f"{address}answer/", deed)
    assert (answer.status_code, answer["Location"]) == (303, f"{address}?did={deed['deed']}#done")
    assert browser.post(f"{address}answer/", deed).status_code == 303
    held = getattr(standing(key), stands)
    if stands == "paused_until":
        assert timedelta(days=180) < held - timezone.now().date() < timedelta(days=186)
    else:
        assert held is True
    assert len(queries.wishes_of([key])) == 1
    assert "Done:" in browser.get(answer["Location"]).content.decode()
    assert browser.post(f"{address}answer/", {"deed": back}).status_code == 303
    assert not getattr(standing(key), stands)
    assert len(queries.wishes_of([key])) == 2
    assert standing(key).objected == frozenset()


def test_nothing_ever_stands_until_their_own_word_is_ticked(browser: Client) -> None:
    key = person("ana@fjord.example")
    address = why_link(key)
    browser.post(f"{address}answer/", {"deed": "stop-all"})
    assert standing(key).objected == {(Purpose.ALL, "")}
    assert "You won't hear from us" in unescape(browser.get(address).content.decode())
    lifting = {"purpose": "all", "channel": ""}
    browser.post(f"{address}lift/", lifting)
    browser.post(f"{address}answer/", {"deed": "take-back-stop-all"})
    assert standing(key).objected == {(Purpose.ALL, "")}
    assert browser.post(f"{address}lift/", {**lifting, "sure": "on"}).status_code == 303
    assert standing(key).objected == frozenset()
    assert queries.suppressed([Identifier(Scheme.EMAIL, "ana@fjord.example")]) == {}
    assert browser.post(f"{address}lift/", {**lifting, "sure": "on"}).status_code == 422


def test_tell_me_more_is_a_signal_and_one_task_a_day_for_who_looks_after_them(browser: Client) -> None:
    owner, boss = colleague(Role.RECRUITER), colleague(Role.LEADER, name="Bo Lind")
    key = person("ana@fjord.example", owner_key=owner.user_key)
    for _time in range(2):
        browser.post(f"{why_link(key)}answer/", {"deed": "more"})
    (row,) = ledger_queries.timeline(key).rows
    assert (row.channel, row.action, row.direction, row.source) == ("web", "asked_for_more", "in", "careers")
    (task,) = tasks(key)
    assert task["title"].startswith("Wants to hear more")
    waits = [work.waiting(one, at=timezone.now(), limit=5)[0] for one in (owner, boss)]
    assert waits == [1, 0]


# The preference centre


def saved(browser: Client, address: str, **values: Any) -> Any:
    given = {"purposes": [], "ways": [], "best_time": "", "language": "", "paused_until": "", **values}
    return browser.post(address, given)


EVERY_PURPOSE = ["approach", "job_alerts", "marketing", "survey", "working"]
EVERY_WAY = ["email", "phone", "sms", "whatsapp", "linkedin", "post"]


def test_the_preference_centre_saves_at_once_and_says_what_it_did(browser: Client) -> None:
    key = person("ana@fjord.example")
    subscribe(key, "Welders in Leeds", "daily")
    subscribe(key, "Salary letter", "monthly")
    address = link(LinkKind.PREFERENCES, key)
    until = timezone.now().date() + timedelta(days=100)
    answer = saved(
        browser, address, purposes=["approach", "working"], ways=["email", "post"], not_at_work="on",
        best_time="mornings", language="de", paused_until=until.isoformat(), rhythm_0="weekly", rhythm_1="weekly",
    )  # fmt: skip
    assert answer.status_code == 200
    found = queries.own_record(key, at=timezone.now())
    assert found.standing.objected == {
        (Purpose.MARKETING, ""), (Purpose.JOB_ALERTS, ""), (Purpose.SURVEY, ""),
        (Purpose.ALL, "sms"), (Purpose.ALL, "whatsapp"), (Purpose.ALL, "linkedin"),
    }  # fmt: skip
    assert (found.standing.no_calls, found.standing.not_at_work, found.standing.paused_until) == (True, True, until)
    assert (found.best_time, found.language) == ("mornings", "de")
    assert [(one.topic, one.rhythm) for one in found.subscriptions] == [
        ("Salary letter", "weekly"), ("Welders in Leeds", "weekly"),
    ]  # fmt: skip
    assert answer.content.decode().count("<li>") >= 10

    said = len(queries.wishes_of([key]))
    same = {
        "purposes": ["approach", "working"],
        "ways": ["email", "post"],
        "not_at_work": "on",
        "best_time": "mornings",
    }
    same |= {"language": "de", "paused_until": until.isoformat(), "rhythm_0": "weekly", "rhythm_1": "weekly"}
    assert "Nothing was different" in saved(browser, address, **same).content.decode()
    assert len(queries.wishes_of([key])) == said

    back = saved(browser, address, purposes=EVERY_PURPOSE, ways=EVERY_WAY, rhythm_0="", rhythm_1="weekly")
    assert back.status_code == 200
    found = queries.own_record(key, at=timezone.now())
    assert found.standing.objected == frozenset()
    assert (found.standing.no_calls, found.standing.not_at_work, found.standing.paused_until) == (False, False, None)
    assert (found.best_time, found.language) == ("", "")
    assert [one.topic for one in found.subscriptions] == ["Welders in Leeds"]
    assert found.standing.consents == ()  # a box that stays ticked agrees to nothing


def test_a_day_that_has_passed_keeps_the_form_and_saves_nothing(browser: Client) -> None:
    key = person("ana@fjord.example")
    answer = saved(browser, link(LinkKind.PREFERENCES, key), paused_until="2020-01-01")
    assert answer.status_code == 422
    assert "This day has passed" in answer.content.decode()
    assert 'value="2020-01-01"' in answer.content.decode()
    assert queries.wishes_of([key]) == ()


def test_a_text_of_the_house_is_agreed_to_and_taken_back(browser: Client) -> None:
    text = WordingRow("news 1", ConsentEvent.CONSENTED, Purpose.MARKETING, "Send me news.", date(2026, 1, 1), None)
    actions.add_wording(wording=text, viewer=colleague(Role.LEADER), at=NOW)
    key = person("ana@fjord.example")
    address = link(LinkKind.PREFERENCES, key)
    assert "Send me news." in browser.get(address).content.decode()
    assert browser.post(f"{address}agree/", {"purpose": "marketing", "wording": "news 2"}).status_code == 422
    assert browser.post(f"{address}agree/", {"purpose": "marketing", "wording": "news 1"}).status_code == 303
    assert [(one.purpose, one.wording) for one in standing(key).consents] == [(Purpose.MARKETING, "news 1")]
    assert browser.post(f"{address}withdraw/", {"purpose": "marketing"}).status_code == 303
    assert standing(key).consents == ()


# One's own data


def test_the_letter_goes_to_the_best_address_and_says_the_same_without_one(browser: Client) -> None:
    home = Identifier(Scheme.EMAIL, "ana@home.example")
    work_address = Identifier(Scheme.EMAIL, "ana@fjord.example")
    uses = {home: AddressUse.PERSONAL, work_address: AddressUse.WORK}
    known = person(name="Ana Kovac", identifiers=(work_address, home), uses=uses)
    unknown = person()
    told = []
    for key in (known, unknown):
        address = why_link(key)
        answer = browser.post(f"{address}letter/")
        assert answer.status_code == 303
        shown = browser.get(answer["Location"]).content.decode()
        told.append(re.search(r'role="status">([^<]+)<', shown)[1])  # type: ignore[index]
    assert told[0] == told[1]
    (letter,) = mail.outbox
    assert letter.to == ["ana@home.example"]
    (address,) = re.findall(r"https?://testserver(/your-data/[^\s]+)", letter.body)
    assert "Ana Kovac" in browser.get(address).content.decode()


def test_letters_are_limited_and_stops_never(browser: Client) -> None:
    key = person("ana@fjord.example")
    address = why_link(key)
    answers = [browser.post(f"{address}letter/").status_code for _time in range(5)]
    assert answers == [303, 303, 303, 429, 429]
    assert len(mail.outbox) == 3
    for _time in range(70):
        last = browser.post(f"{address}answer/", {"deed": "tell"}).status_code
    assert last == 303
    statuses = {browser.post(f"{address}answer/", {"deed": "not-at-work"}).status_code for _time in range(61)}
    assert statuses == {303, 429}
    assert browser.post(f"{address}answer/", {"deed": "stop"}).status_code == 303
    assert standing(key).objected == {(Purpose.APPROACH, "")}


def test_somebody_at_a_client_sees_and_takes_out_all_of_their_own(browser: Client) -> None:
    boss = colleague(Role.LEADER)
    client = actions.add_organisations(
        organisations=[NewOrganisation(name="Fjord Energy", is_client=True, stage=ClientStage.ACCEPTED)],
        by=COMMAND_LINE, at=NOW,
    )[0]  # fmt: skip
    key = person("ana@fjord.example", organisation=client, roles=(PersonRole.CANDIDATE,), skills=("TIG welding",))
    other = person("ben@fjord.example", name="Ben Marlow")
    sent = Touch(
        source="test", source_ref="1", occurred_at=NOW, person_key=key, channel="email", campaign="Spring letter",
        actor=str(boss.user_key),
    )  # fmt: skip
    back = Touch(source="test", source_ref="2", occurred_at=NOW, person_key=key, channel="phone", direction="in")
    ledger.post(facts=[sent, back], batch=uuid4(), at=NOW)
    address = link(LinkKind.HOUR, key)
    shown = browser.get(address).content.decode()
    assert "An e-mail from Lena Marsh" in shown
    assert "Spring letter" in shown
    assert "A phone call" not in shown
    taken = json.loads(browser.post(f"{address}data.json").content)
    assert "TIG welding" in json.dumps(taken)
    assert "Marlow" not in json.dumps(taken)
    assert str(other) not in json.dumps(taken)
    assert browser.post(f"{address}data.pdf").content.startswith(b"%PDF")
    audited = accounts_queries.audit_trail(boss)
    assert [(row.who, row.via, row.summary) for row in audited if row.deed == "export_person"] == [
        ("the person themselves", "link", "as PDF"), ("the person themselves", "link", "as JSON"),
    ]  # fmt: skip


def test_name_and_town_act_at_once_and_the_rest_goes_to_a_colleague(browser: Client) -> None:
    owner = colleague(Role.RECRUITER)
    key = person("ana@fjord.example", city="Leeds", owner_key=owner.user_key)
    address = link(LinkKind.HOUR, key)
    assert browser.post(f"{address}correct/", {"name": " ", "city": "York"}).status_code == 422
    given = {
        "name": "Ana  Kovač",
        "city": "York",
        "address": "new@home.example",
        "remark": "Never at <b>Fjord</b>.",
    }
    assert browser.post(f"{address}correct/", given).status_code == 303
    found = queries.own_record(key, at=NOW)
    assert (found.name, found.city) == ("Ana Kovač", "York")
    assert queries.resolve([Identifier(Scheme.EMAIL, "new@home.example")]) == {}
    (note,) = work.held_about(["candidate"], [key])["notes"]
    for words in ("“Ana Kovac” is now “Ana Kovač”", "new@home.example", "Never at <b>Fjord</b>."):
        assert words in note["text"]
    (task,) = tasks(key)
    assert (task["given_by"], task["due_on"] is not None) == ("the person themselves", True)


def test_an_erasure_is_asked_once_suppresses_at_once_and_waits_for_a_leader(browser: Client) -> None:
    recruiter, boss = colleague(Role.RECRUITER), colleague(Role.LEADER, name="Bo Lind")
    key = person("ana@fjord.example", owner_key=recruiter.user_key)
    address = link(LinkKind.HOUR, key)
    assert browser.post(f"{address}erase/").status_code == 422
    assert standing(key).objected == frozenset()
    answers = [browser.post(f"{address}erase/", {"sure": "on"}).content.decode() for _time in range(2)]
    (task,) = tasks(key)
    assert task["title"].startswith("Erase this person: they asked for it on ")
    due = datetime.fromisoformat(task["due_on"]).date()
    assert timedelta(days=27) < due - timezone.now().date() < timedelta(days=33)
    assert all(f"{due.day} {due:%B %Y}" in answer for answer in answers)
    assert standing(key).objected == {(Purpose.ALL, "")}
    board = [work.board(one, whose=Whose.MINE, at=timezone.now()).groups for one in (boss, recruiter)]
    assert [sum(group.count for group in groups) for groups in board] == [1, 0]
    assert queries.own_record(key, at=NOW).name == "Ana Kovac"  # a person of the house decides


# Elsewhere


def test_counts_outlive_the_hour_they_are_of_and_no_link_is_logged(browser: Client, capfd: Any) -> None:
    address = why_link(person("ana@fjord.example"))
    browser.post(f"{address}letter/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT expires FROM fourfold_cache WHERE cache_key LIKE '%careers%'")
        ends = [row[0] if isinstance(row[0], datetime) else datetime.fromisoformat(row[0]) for row in cursor.fetchall()]
    assert len(ends) == 2
    assert all(end.replace(tzinfo=UTC) > timezone.now() + timedelta(hours=1) for end in ends)
    signed = address.strip("/").split("/")[1]
    assert browser.post(f"{address}lift/", {"purpose": "all", "channel": "", "sure": "on"}).status_code == 422
    logged = capfd.readouterr().err
    assert "/why/…/lift/" in logged
    assert signed not in logged


def test_a_click_leads_to_what_was_signed_and_to_nothing_else(browser: Client) -> None:
    key = person("ana@fjord.example")
    answer = browser.get(link(LinkKind.CLICK, key))
    assert (answer.status_code, answer["Location"]) == (302, "https://northgate.example/jobs?id=7&x=%20")
    assert browser.get("/go/https://evil.example/").status_code == 404
    assert browser.get(reverse("click", args=["aHR0cHM6Ly9ldmlsLmV4YW1wbGU"])).status_code == 404


def test_what_a_message_carries_opens_these_pages(browser: Client) -> None:
    key = person("ana@fjord.example")
    made = PUBLIC_LINKS[0]
    for url in (
        made.why_url(person_key=key, message_class=MessageClass.MARKETING, purpose=Purpose.MARKETING),
        made.stop_url(person_key=key, purpose=Purpose.MARKETING, topic="News", delivery=uuid4()),
        made.preferences_url(person_key=key),
    ):
        assert url.startswith(links.AT_HOME + "/")
        assert browser.get(url.removeprefix(links.AT_HOME)).status_code == 200
    with pytest.raises(ValueError, match="no address"):
        made.click_url(person_key=key, target="javascript:alert(1)")


def test_the_brands_style_is_served_and_kept(browser: Client) -> None:
    answer = browser.get(reverse("brand_style"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/css")
    assert "max-age" in answer["Cache-Control"]
    assert re.search(r":root\{--brand:#[0-9a-f]{6};", answer.content.decode())
    assert browser.get(reverse("brand_logo")).status_code == 404
