from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from fourfold.accounts import actions, queries
from fourfold.accounts.models import AuditEntry, Invitation, User
from fourfold.accounts.tests.factories import MILO, NOON, PASSWORD
from fourfold.accounts.types import Position, Role
from fourfold.base import clock

FIRST = {"house": "Northgate Talent", "name": "Ada", "email": "ada@northgate.example", "password": PASSWORD}
SMTP = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def code(house):
    (house / "keys").mkdir()
    (house / "keys" / "first-run").write_text("the-long-code\n")
    return "the-long-code"


@pytest.mark.parametrize("page", ["/", "/my-account/", "/audit/", "/accounts/login/", "/accounts/password/reset/"])
def test_a_house_without_users_leads_everyone_to_a_calm_page(visitor, code, page):
    answer = visitor.get(page, follow=True)
    assert answer.request["PATH_INFO"] == "/welcome/"
    assert "printed in the terminal" in answer.content.decode()
    assert 'name="password"' not in answer.content.decode()
    assert code not in answer.content.decode()


@pytest.mark.parametrize("given", ["", "wrong", "the-long-cod", "the-long-code2", "é"])
def test_the_first_administrator_needs_the_code(visitor, code, given):
    answer = visitor.post(f"/welcome/?code={given}", FIRST)
    assert "not the one" in answer.content.decode()
    assert not queries.has_users()


def test_without_a_code_in_the_house_none_is_right(visitor):
    visitor.post("/welcome/?code=", FIRST)
    assert not queries.has_users()


def test_the_first_administrator_is_made_and_signed_in(visitor, code):
    assert 'name="password"' in visitor.get(f"/welcome/?code={code}").content.decode()
    answer = visitor.post(f"/welcome/?code={code}", FIRST)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    viewer = queries.viewer_by_email("ada@northgate.example")
    assert viewer.roles == {Role.ADMINISTRATOR, Role.LEADER}
    assert visitor.get("/colleagues/").status_code == 200
    assert queries.house_name() == "Northgate Talent"


@pytest.mark.parametrize(
    "change",
    [{"password": "short"}, {"password": "ada@northgate.example"}, {"email": "ada"}, {"house": ""}, {"name": ""}],
)
def test_a_first_run_form_that_failed_keeps_what_was_typed(visitor, code, change):
    answer = visitor.post(f"/welcome/?code={code}", {**FIRST, **change})
    assert answer.status_code == 422
    assert "Northgate Talent" in answer.content.decode() or change == {"house": ""}
    assert PASSWORD not in answer.content.decode()
    assert not queries.has_users()


def test_there_is_no_first_run_page_afterwards(cast, visitor, code):
    assert visitor.get(f"/welcome/?code={code}").status_code == 404
    assert visitor.post(f"/welcome/?code={code}", {**FIRST, "email": "x@y.example"}).status_code == 404
    assert not User.objects.filter(email="x@y.example").exists()


def invite(client: Client, **changes):
    given = {"email": "nell@northgate.example", "roles": ["marketer"], "team": "marketing", "office": "berlin"}
    return client.post("/colleagues/invite/", {**given, **changes})


def link_in(text: str) -> str:
    found = re.search(r"http://testserver(/invitation/[\w-]+/)", text)
    assert found
    return found[1]


def test_an_invitation_goes_by_mail_and_brings_a_colleague_in(cast, signed_in, visitor, settings):
    settings.EMAIL_BACKEND = SMTP
    answer = invite(signed_in(cast.ada))
    assert (answer.status_code, answer["Location"]) == (302, "/colleagues/")
    (message,) = mail.outbox
    assert message.to == ["nell@northgate.example"]
    assert message.subject == "Ada Lindqvist invites you to Northgate Talent"
    link = link_in(message.body)
    page = visitor.get(link).content.decode()
    assert "Ada Lindqvist invited you" in page
    assert visitor.post(link, {"name": "Nell", "password": "short"}).status_code == 422
    answer = visitor.post(link, {"name": "Nell Ruiz", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    viewer = queries.viewer_by_email("nell@northgate.example")
    assert (viewer.name, viewer.roles, viewer.team, viewer.office) == (
        "Nell Ruiz",
        {Role.MARKETER},
        "marketing",
        "berlin",
    )
    assert visitor.get("/my-account/").status_code == 200


def test_without_a_mail_server_the_link_is_passed_on_by_hand(cast, signed_in, settings, house):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    page = invite(signed_in(cast.ada)).content.decode()
    link = link_in(page)
    assert "no mail server" in page
    assert Client().get(link).status_code == 200
    assert len(list((house / "outbox").iterdir())) == 1


def test_a_mail_server_that_fails_does_not_lose_the_invitation(cast, signed_in, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2
    page = invite(signed_in(cast.ada)).content.decode()
    assert "did not take the mail" in page
    assert Client().get(link_in(page)).status_code == 200


def test_the_link_is_the_houses_public_address(cast, signed_in, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.PUBLIC_URL = "https://fourfold.northgate.example"
    assert "https://fourfold.northgate.example/invitation/" in invite(signed_in(cast.ada)).content.decode()


@pytest.mark.parametrize("change", [{"email": MILO.email}, {"email": "no address"}, {"roles": []}, {"team": "none"}])
def test_an_invitation_that_can_not_be_sent_says_why(cast, signed_in, change):
    answer = invite(signed_in(cast.ada), **change)
    assert answer.status_code == 422
    assert Invitation.objects.count() == 0


def test_links_that_work_no_more_say_why_in_three_parts(cast, signed_in, visitor):
    marketer = frozenset({Role.MARKETER})
    used, withdrawn = (
        actions.invite(email=f"{n}@northgate.example", roles=marketer, viewer=cast.ada, at=clock.now()) for n in "ab"
    )
    old = actions.invite(
        email="c@northgate.example", roles=marketer, viewer=cast.ada, at=clock.now() - timedelta(days=8)
    )
    actions.accept_invitation(token=used, name="A", password=PASSWORD, at=clock.now())
    (row,) = (r for r in queries.invitations(cast.ada, at=clock.now()) if r.email.startswith("b"))
    assert signed_in(cast.ada).post(f"/colleagues/invitations/{row.key}/withdraw/").status_code == 302
    for token, why in ((used, "used before"), (withdrawn, "withdrawn"), (old, "has run out"), ("x", "cut or changed")):
        for answer in (
            visitor.get(f"/invitation/{token}/"),
            visitor.post(f"/invitation/{token}/", {"name": "X", "password": PASSWORD}),
        ):
            assert answer.status_code == 422
            assert why in answer.content.decode()
            assert "What you can do" in answer.content.decode()
    assert not User.objects.filter(name="X").exists()


def test_accepting_in_a_colleagues_browser_signs_them_out(cast, signed_in):
    token = actions.invite(
        email="nell@northgate.example", roles=frozenset({Role.MARKETER}), viewer=cast.ada, at=clock.now()
    )
    browser = signed_in(cast.rhea)
    assert "Rhea Okafor, who is signed in here now" in browser.get(f"/invitation/{token}/").content.decode()
    browser.post(f"/invitation/{token}/", {"name": "Nell", "password": PASSWORD})
    assert "nell@northgate.example" in browser.get("/my-account/").content.decode()


def test_the_list_shows_everyone_and_open_invitations(cast, signed_in):
    actions.invite(email="nell@northgate.example", roles=frozenset({Role.MARKETER}), viewer=cast.ada, at=clock.now())
    page = signed_in(cast.ada).get("/colleagues/").content.decode()
    for viewer in cast.everyone().values():
        assert viewer.name in page
    assert "5 colleagues work here" in page
    assert "1 invitation is open." in page


def test_a_colleague_is_changed_on_their_page(cast, signed_in):
    page = f"/colleagues/{cast.rhea.user_key}/"
    ada = signed_in(cast.ada)
    assert re.search(r'value="recruiter"[^>]* checked', ada.get(page).content.decode())
    given = {"roles": ["leader"], "team": "sales", "office": "", "active": "on"}
    assert ada.post(page, given).status_code == 302
    row = queries.user(cast.ada, cast.rhea.user_key)
    assert (row.roles, row.team, row.office, row.desks) == ((Role.LEADER,), "Sales", "", ())


def test_a_closed_colleague_is_signed_out_at_once(cast, signed_in):
    rhea = signed_in(cast.rhea)
    assert rhea.get("/my-account/").status_code == 200
    signed_in(cast.ada).post(f"/colleagues/{cast.rhea.user_key}/", {"roles": ["recruiter"]})
    assert rhea.get("/my-account/").status_code == 302


def test_the_last_administrator_is_kept_in_words(cast, signed_in):
    answer = signed_in(cast.ada).post(f"/colleagues/{cast.ada.user_key}/", {"roles": ["leader"], "active": "on"})
    assert answer.status_code == 422
    assert "the only administrator" in answer.content.decode()
    assert queries.viewer_of(cast.ada.user_key).roles == {Role.ADMINISTRATOR}


@pytest.mark.parametrize(
    ("kind", "given", "bad"),
    [
        (
            "office",
            {"name": "Oslo", "zone": "Europe/Oslo", "currency": "nok", "country": "no", "law_pack": "eu"},
            {"zone": "Oslo/Time"},
        ),
        ("brand", {"name": "Northgate Interim", "legal_name": ""}, {"name": ""}),
        ("team", {"name": "People", "kind": "hr"}, {"kind": "other"}),
        ("desk", {"discipline": "Data", "place": "Oslo", "engagement": "contract"}, {"engagement": "both"}),
    ],
)
def test_a_place_is_added_once(cast, signed_in, kind, given, bad):
    ada = signed_in(cast.ada)
    page = f"/house/{kind}/add/"
    assert ada.get(page).status_code == 200
    assert ada.post(page, {**given, **bad}).status_code == 422
    assert ada.post(page, given).status_code == 302
    again = ada.post(page, given)
    assert again.status_code == 422
    assert "There is one of this name." in again.content.decode()
    assert AuditEntry.objects.filter(deed=f"add_{kind}", user_key=cast.ada.user_key).count() == 1
    assert (given.get("name") or "Data · Oslo · contract") in ada.get("/house/").content.decode()


@pytest.mark.parametrize(("currency", "country"), [("XXQ", "NO"), ("NOK", "1!")])
def test_an_office_needs_a_real_currency_and_country(cast, signed_in, currency, country):
    given = {"name": "Oslo", "zone": "Europe/Oslo", "currency": currency, "country": country, "law_pack": "eu"}
    assert signed_in(cast.ada).post("/house/office/add/", given).status_code == 422


def test_a_house_has_no_other_parts(cast, signed_in):
    assert signed_in(cast.ada).get("/house/garage/add/").status_code == 404


def test_the_audit_is_shown_fifty_at_a_time(cast, signed_in):
    for n in range(60):
        actions.note_lock(email=f"{n:02}@y.example", at=NOON)
    lena = signed_in(cast.lena)
    first = lena.get("/audit/").content.decode()
    assert "59@y.example" in first
    assert "09@y.example" not in first
    older = re.search(r'href="(/audit/\?before=\d+)"', first)[1]
    second = lena.get(older).content.decode()
    assert "09@y.example" in second
    assert "10@y.example" not in second
    assert lena.get("/audit/?before=x'").status_code == 200


def test_one_changes_ones_own_name(cast, signed_in):
    milo = signed_in(cast.milo)
    assert milo.post("/my-account/", {"name": "", "job_title": "x"}).status_code == 422
    assert milo.post("/my-account/", {"name": "Milo B.", "job_title": "Brand"}).status_code == 302
    assert queries.viewer_of(cast.milo.user_key).name == "Milo B."


def test_moments_are_shown_on_the_wall_clock_of_the_viewers_office(cast, signed_in):
    actions.add_team(name="Later", kind="hr", by=cast.ada.actor(), at=NOON)
    leader = frozenset({Role.LEADER})
    actions.change_user(
        user_key=cast.rhea.user_key, to=Position(roles=leader, office="berlin"), viewer=cast.ada, at=NOON
    )
    assert "2 Mar 2026, 12:00" in signed_in(cast.lena).get("/audit/").content.decode()
    assert "2 Mar 2026, 13:00" in signed_in(cast.rhea).get("/audit/").content.decode()
