"""Signing in and out, for real: passwords, locks, the second step, and mail by a real SMTP server."""

from __future__ import annotations

import re
import socket
from datetime import timedelta

import pyotp
import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.test import Client
from django.utils import timezone

from fourfold.accounts.models import AuditEntry, User
from fourfold.accounts.tests.factories import ADA, LENA, MILO, PASSWORD, make_cast

LOGIN, SECOND_STEP = "/accounts/login/", "/accounts/2fa/authenticate/"
NEW_PASSWORD = "another-horse-entirely"


def sign_in(client: Client, email: str = MILO.email, password: str = PASSWORD, **request):
    return client.post(LOGIN, {"login": email, "password": password}, **request)


def is_in(client: Client) -> bool:
    return client.get("/my-account/").status_code == 200


def deeds() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("who", "deed"))


def test_signing_in_and_out(cast, visitor):
    answer = visitor.get("/my-account/")
    answer = visitor.post(
        answer["Location"], {"login": "Milo@Northgate.EXAMPLE ", "password": PASSWORD, "next": "/my-account/"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/my-account/")
    page = visitor.get("/my-account/")
    assert (page.status_code, list(page.context["messages"])) == (200, [])  # no word about what simply worked
    assert visitor.get("/accounts/logout/").status_code == 200
    assert is_in(visitor)
    answer = visitor.post("/accounts/logout/")
    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    assert not is_in(visitor)
    assert deeds()[-2:] == [("Milo Brandt", "sign_in"), ("Milo Brandt", "sign_out")]


def test_signing_in_leads_nowhere_else(cast, visitor):
    answer = visitor.post(LOGIN, {"login": MILO.email, "password": PASSWORD, "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize(("email", "password"), [(MILO.email, "wrong"), ("nobody@x.example", PASSWORD)])
def test_a_wrong_password_and_an_unknown_address_look_the_same(cast, visitor, email, password):
    answer = sign_in(visitor, email, password)
    assert answer.status_code == 422
    assert "That address and password don’t belong together" in answer.content.decode().replace("&#x27;", "’")
    assert not is_in(visitor)


def test_a_closed_account_does_not_open(cast, visitor):
    User.objects.filter(email=MILO.email).update(is_active=False)
    answer = visitor.post(LOGIN, {"login": MILO.email, "password": PASSWORD}, follow=True)
    assert "This account is closed" in answer.content.decode()
    assert not is_in(visitor)


def test_eight_wrong_passwords_pause_sign_in_from_there_for_fifteen_minutes(cast, visitor):
    spellings = [MILO.email, MILO.email.upper(), f" {MILO.email} "]
    for n in range(7):
        agent = f"browser {n}"  # another browser doesn't start another count
        assert sign_in(visitor, spellings[n % 3], "wrong", headers={"user-agent": agent}).status_code == 422
    eighth = sign_in(visitor, password="wrong")
    assert eighth.status_code == 429
    assert "Sign-in is paused" in eighth.content.decode()
    assert "What you can do" in eighth.content.decode()
    assert sign_in(visitor).status_code == 429  # even with the right one
    assert not is_in(visitor)
    assert AuditEntry.objects.filter(deed="locked_out", summary=MILO.email).count() == 1

    assert sign_in(Client(), LENA.email).status_code == 302  # another colleague at the same place
    assert sign_in(Client(), REMOTE_ADDR="192.0.2.7").status_code == 302  # the same colleague at another


def test_the_pause_ends_and_trying_on_does_not_lengthen_it(cast, visitor, monkeypatch):
    for _ in range(8):
        sign_in(visitor, password="wrong")
    start = timezone.now()
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: start + timedelta(minutes=14))
    monkeypatch.setattr("axes.attempts.now", lambda: start + timedelta(minutes=14), raising=False)
    assert sign_in(visitor).status_code == 429
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: start + timedelta(minutes=16))
    monkeypatch.setattr("axes.attempts.now", lambda: start + timedelta(minutes=16), raising=False)
    assert sign_in(visitor).status_code == 302


def test_a_right_password_starts_the_count_anew(cast, visitor):
    for _ in range(2):
        for _ in range(7):
            assert sign_in(visitor, password="wrong").status_code == 422
        assert sign_in(visitor).status_code == 302
        visitor.post("/accounts/logout/")


def test_behind_our_proxy_each_visitor_has_their_own_count(cast, visitor, settings):
    settings.BEHIND_PROXY = True
    for _ in range(8):  # what a visitor writes before our proxy's word doesn't count
        last = sign_in(visitor, password="wrong", headers={"x-forwarded-for": f"10.0.0.{_}, 192.0.2.1"})
    assert last.status_code == 429
    assert sign_in(Client(), headers={"x-forwarded-for": "192.0.2.2"}).status_code == 302


def test_without_a_proxy_its_header_is_not_believed(cast, visitor):
    for n in range(8):
        last = sign_in(visitor, password="wrong", headers={"x-forwarded-for": f"192.0.2.{n}"})
    assert last.status_code == 429


def confirm(client: Client, password: str = PASSWORD):
    return client.post("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", {"password": password})


def set_up_app(client: Client) -> pyotp.TOTP:
    assert client.get("/accounts/2fa/totp/activate/").status_code == 302  # asks for the password first
    assert confirm(client).status_code == 302
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    app = pyotp.TOTP(re.search(r"<code[^>]*>(\w+)</code>", page)[1])
    assert client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).status_code == 422
    assert client.post("/accounts/2fa/totp/activate/", {"code": app.now()}).status_code == 302
    return app


def recovery_codes(client: Client) -> list[str]:
    return re.findall(r"<li>(\w{8})</li>", client.get("/accounts/2fa/recovery-codes/").content.decode())


def forget_used_codes() -> None:
    """A code works once in its half minute; tests don't wait for the next."""
    from django.core.cache import cache

    cache.clear()


def test_the_second_step_asks_for_the_apps_code(committed_db):
    make_cast()
    visitor = Client()
    sign_in(visitor)
    app = set_up_app(visitor)
    assert [letter.subject for letter in mail.outbox] == ["Sign-in at Northgate Talent asks for a code now"]
    visitor.post("/accounts/logout/")
    forget_used_codes()
    answer = sign_in(visitor)
    assert answer["Location"] == SECOND_STEP
    assert not is_in(visitor)
    assert visitor.post(SECOND_STEP, {"code": "000000"}).status_code == 422
    assert not is_in(visitor)
    assert visitor.post(SECOND_STEP, {"code": app.now()}).status_code == 302
    assert is_in(visitor)
    assert ("Milo Brandt", "add_second_step") in deeds()


def test_wrong_codes_are_counted_by_account_wherever_they_come_from(cast, visitor):
    sign_in(visitor)
    app = set_up_app(visitor)
    forget_used_codes()
    for n in range(8):
        thief = Client(REMOTE_ADDR=f"192.0.2.{n}")
        sign_in(thief)
        assert "That code is not right" in thief.post(SECOND_STEP, {"code": "000000"}).content.decode()
    late = Client()
    sign_in(late)
    answer = late.post(SECOND_STEP, {"code": app.now()})
    assert "Too many wrong tries" in answer.content.decode()
    assert not is_in(late)
    assert is_in(visitor)  # who is in stays in


def test_a_recovery_code_works_once(cast, visitor):
    sign_in(visitor)
    set_up_app(visitor)
    codes = recovery_codes(visitor)
    assert len(codes) == 10
    for expected in (302, 422):
        other = Client()
        sign_in(other)
        assert other.post(SECOND_STEP, {"code": codes[0]}).status_code == expected
        assert is_in(other) == (expected == 302)


def test_the_app_can_be_turned_off_by_one_who_proves_it_is_them(cast, visitor):
    sign_in(visitor)
    app = set_up_app(visitor)
    visitor.post("/accounts/logout/")
    forget_used_codes()
    sign_in(visitor)
    visitor.post(SECOND_STEP, {"code": app.now()})
    assert visitor.post("/accounts/2fa/totp/deactivate/").status_code == 302
    visitor.post("/accounts/logout/")
    assert sign_in(visitor)["Location"] == SECOND_STEP
    # now with the password asked for first
    forget_used_codes()
    visitor.post(SECOND_STEP, {"code": app.now()})
    confirm(visitor)
    visitor.post("/accounts/2fa/totp/deactivate/")
    visitor.post("/accounts/logout/")
    assert sign_in(visitor)["Location"] == "/"


def test_confirming_ones_password_is_limited_too(cast, visitor):
    sign_in(visitor)
    statuses = [confirm(visitor, "wrong").status_code for _ in range(9)]
    assert statuses[:7] == [422] * 7
    assert set(statuses[7:]) == {429}


def test_nobody_guesses_for_a_colleague_by_confirming(cast, visitor):
    sign_in(visitor)
    assert confirm(visitor, "wrong").status_code == 422
    assert confirm(visitor, PASSWORD).status_code == 302


def test_changing_the_password_signs_other_browsers_out_and_says_so_by_mail(cast, visitor):
    other = Client()
    sign_in(visitor)
    sign_in(other)
    given = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert visitor.post("/accounts/password/change/", {**given, "oldpassword": "wrong"}).status_code == 422
    assert visitor.post("/accounts/password/change/", {**given, "password2": "other"}).status_code == 422
    assert visitor.post("/accounts/password/change/", {**given, "password1": "123"}).status_code == 422
    assert is_in(other)
    answer = visitor.post("/accounts/password/change/", given)
    assert (answer.status_code, answer["Location"]) == (302, "/my-account/")
    assert is_in(visitor)
    assert not is_in(other)
    (message,) = mail.outbox
    assert message.to == [MILO.email]
    assert message.subject == "Your password at Northgate Talent was changed"
    assert "If it was not, change your password now" in message.body
    assert ("Milo Brandt", "change_password") in deeds()


class Inbox:
    """What a real SMTP server took."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], str]] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        from email import message_from_bytes, policy

        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.letters.append((list(envelope.rcpt_tos), f"{letter['subject']}\n{letter.get_body().get_content()}"))
        return "250 OK"


@pytest.fixture
def inbox(settings):
    taken = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(taken, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield taken
    server.stop()


def reset_link(inbox: Inbox) -> str:
    (to, text) = inbox.letters[-1]
    assert to == [MILO.email]
    assert text.startswith("Choose a new password for Northgate Talent\n")
    return re.search(r"http://testserver(/accounts/password/reset/key/\S+)", text)[1]


def test_a_forgotten_password_is_reset_by_mail_once(cast, visitor, inbox):
    answer = visitor.post("/accounts/password/reset/", {"email": MILO.email})
    assert answer["Location"] == "/accounts/password/reset/done/"
    link = reset_link(inbox)
    page = visitor.get(link)
    assert page.status_code == 302  # the token leaves the address before the form is shown
    given = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert visitor.get(page["Location"]).status_code == 200
    assert visitor.post(page["Location"], {**given, "password2": "x"}).status_code == 422
    assert visitor.post(page["Location"], given).status_code == 302
    assert is_in(visitor)
    assert inbox.letters[-1][1].startswith("Your password at Northgate Talent was changed\n")

    second = Client().get(link, follow=True)
    assert "This link works no more" in second.content.decode()
    assert sign_in(Client(), password=PASSWORD).status_code == 422
    assert sign_in(Client(), password=NEW_PASSWORD).status_code == 302
    assert ("Milo Brandt", "reset_password") in deeds()


def test_a_reset_can_be_used_only_for_its_colleague(cast, visitor, inbox):
    visitor.post("/accounts/password/reset/", {"email": MILO.email})
    link = reset_link(inbox)
    key = link.rstrip("/").rpartition("-")[2]
    other = User.objects.get(email=ADA.email).pk
    from allauth.account.utils import user_pk_to_url_str

    forged = f"/accounts/password/reset/key/{user_pk_to_url_str(User(pk=other))}-{key}/"
    assert "This link works no more" in visitor.get(forged, follow=True).content.decode()


def test_an_unknown_address_is_told_the_same_and_gets_no_link(cast, visitor, inbox):
    known = visitor.post("/accounts/password/reset/", {"email": MILO.email}, follow=True).content
    unknown = Client().post("/accounts/password/reset/", {"email": "who@x.example"}, follow=True).content
    assert unknown == known
    (to, text) = inbox.letters[-1]
    assert to == ["who@x.example"]
    assert "no account there has this address" in text
    assert "/password/reset/key/" not in text


def test_a_closed_account_gets_no_link(cast, visitor, inbox):
    User.objects.filter(email=MILO.email).update(is_active=False)
    visitor.post("/accounts/password/reset/", {"email": MILO.email})
    assert "/password/reset/key/" not in inbox.letters[-1][1]


def test_a_reset_does_not_open_an_account_past_its_second_step(cast, visitor, inbox):
    sign_in(visitor)
    set_up_app(visitor)
    visitor.post("/accounts/logout/")
    visitor.post("/accounts/password/reset/", {"email": MILO.email})
    page = visitor.get(reset_link(inbox))
    answer = visitor.post(page["Location"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert answer["Location"] == SECOND_STEP
    assert not is_in(visitor)


def test_asking_for_resets_is_limited(cast, visitor, inbox):
    answers = [visitor.post("/accounts/password/reset/", {"email": MILO.email}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "It was tried too often" in answers[-1].content.decode()
    assert len(inbox.letters) == 5


def test_a_mail_server_that_fails_is_told_where_somebody_waits_for_its_mail(cast, visitor, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2
    answer = visitor.post("/accounts/password/reset/", {"email": MILO.email})
    assert answer.status_code == 422
    assert "mail server did not take it" in answer.content.decode()
    sign_in(visitor)
    given = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert visitor.post("/accounts/password/change/", given).status_code == 302
    assert sign_in(Client(), password=NEW_PASSWORD).status_code == 302


def test_a_form_from_elsewhere_is_refused_in_words(cast):
    answer = sign_in(Client(enforce_csrf_checks=True))
    assert answer.status_code == 403
    assert "load the page again" in answer.content.decode()
    assert "<style" not in answer.content.decode()
