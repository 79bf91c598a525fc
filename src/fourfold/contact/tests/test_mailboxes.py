"""Mailboxes that really connect: each way, signing in, what is tried on them, and what leaves through them."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from urllib.parse import unquote_plus, urlsplit
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role, Viewer
from fourfold.base import clock
from fourfold.base.actor import COMMAND_LINE
from fourfold.contact import actions, models, queries
from fourfold.contact.compute import trials, ways
from fourfold.contact.sealing import seal, unseal
from fourfold.contact.tests import factories as make
from fourfold.contact.tests.factories import NOON
from fourfold.contact.tests.services import Letterbox, Records, Services, queued, send, text, text_box
from fourfold.contact.transports import oauth2
from fourfold.contact.types import (
    DeliveryState,
    KeyKind,
    MailboxRefused,
    Transport,
)
from fourfold.contact.types.mailboxes import TrialKind
from fourfold.contact.types.transport import CheckState, OAuthProvider

SignIn = Callable[[Viewer], Client]
HOUR = timedelta(hours=1)
EMPTY = Records()


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def priya(db: None, plain_house: Any) -> Viewer:
    return make.colleague(Role.ADMINISTRATOR, name="Priya Nair")


def server_box(mail: Letterbox, **more: Any) -> UUID:
    return make.mailbox(**{"port": mail.port, "username": "ana", "secret": mail.password, **more})


def app() -> None:
    for provider in OAuthProvider:
        actions.keep_sign_in_app(
            provider=provider, client_id="client-1", client_secret="app-secret-1", tenant="t", by=COMMAND_LINE, at=NOON
        )


def signed_in_box(mail: Letterbox, web: Services, *, until: datetime = NOON - HOUR) -> UUID:
    """A Microsoft mailbox that somebody signed in some time ago: its access token ended at ``until``."""
    app()
    box = make.mailbox(transport=Transport.MICROSOFT, port=mail.port)
    web.refresh = "refresh-0"
    mail.tokens = {"access-0"}
    models.Mailbox.objects.filter(pk=box).update(secret=seal("refresh-0"), access=seal("access-0"), access_until=until)
    return box


# --- connecting ------------------------------------------------------------------------------------------------------

COMMON = {"name": "Box", "from_name": "Northgate", "per_minute": "60", "per_domain_minute": "20"}
ADDRESS = {"from_address": "hello@northgate.example"}
ALL = {"name", "from_name", "from_address", "per_minute", "per_domain_minute", "mine"}
INBOX = {"imap_host", "imap_port", "imap_security", "sent_folder"}
WAYS = [
    ("smtp", {"host": "smtp.example", "port": "587", "security": "tls", "username": "u", "imap_security": "tls"},
     ALL | INBOX | {"host", "port", "security", "username", "secret"}, "smtp.example"),
    ("microsoft", {}, ALL | {"username", "sent_folder"}, "smtp.office365.com"),
    ("google", {}, ALL | {"username", "sent_folder"}, "smtp.gmail.com"),
    ("ses", {"region": "eu-west-2", "username": "AKIA"}, ALL | {"region", "username", "secret", "notice_secret"},
     "email-smtp.eu-west-2.amazonaws.com"),
    ("mailgun", {"domain": "mg.northgate.example", "api_url": "https://api.eu.mailgun.net/v3"},
     ALL | {"domain", "api_url", "secret", "notice_secret"}, ""),
    ("postmark", {"stream": "broadcast"}, ALL | {"stream", "secret", "notice_secret"}, ""),
    ("sendgrid", {}, ALL | {"secret", "notice_secret"}, ""),
    ("brevo", {}, ALL | {"secret", "notice_secret"}, ""),
    ("twilio", {"number": "+447700900123", "username": "AC" + "0" * 32},
     (ALL | {"number", "username", "secret"}) - {"from_address"}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("way", "own", "fields", "host"), WAYS)
def test_each_way_asks_what_it_needs_and_shows_no_secret_again(
    sign_in: SignIn, priya: Viewer, way: str, own: dict[str, str], fields: set[str], host: str
) -> None:
    browser, url = sign_in(priya), f"{reverse('new_mailbox')}?way={way}"
    page = browser.get(url)
    assert {field.name for _, group in page.context["form"].groups() for field in group} == fields
    secrets = {name: f"s3cret-{name}" for name in ("secret", "notice_secret") if name in fields}
    given = COMMON | own | (ADDRESS if "from_address" in fields else {})
    if "secret" in fields and way != "smtp":
        assert browser.post(url, given).status_code == 422
        assert not models.Mailbox.objects.exists()
    assert browser.post(url, given | secrets).status_code == 302
    row = models.Mailbox.objects.get()
    assert (row.transport, row.host) == (way, host)
    assert {name: unseal(getattr(row, name)) for name in secrets} == secrets
    assert not any(secret in f"{row.secret}{row.notice_secret}" for secret in secrets.values())
    for again in (browser.get(reverse("mailbox", args=[row.key])), browser.get(reverse("mailboxes"))):
        assert again.status_code == 200
        assert not any(secret in text(again) for secret in secrets.values())
    assert browser.post(reverse("mailbox", args=[row.key]), given | {"name": "Other"}).status_code == 302
    kept = models.Mailbox.objects.get()
    assert (kept.name, kept.secret, kept.notice_secret) == ("Other", row.secret, row.notice_secret)


def test_a_kept_secret_goes_nowhere_but_where_it_was_given_for(sign_in: SignIn, priya: Viewer) -> None:
    box = make.mailbox(secret="s3cret", username="ana", host="smtp.example", security="tls")
    given = COMMON | ADDRESS | {
        "host": "smtp.example", "port": "25", "security": "tls", "username": "ana", "imap_security": "tls"
    }  # fmt: skip
    url = reverse("mailbox", args=[box])
    for change in ({"host": "evil.example"}, {"security": "none"}, {"username": "eve"}, {"imap_host": "evil.example"}):
        refused = sign_in(priya).post(url, given | change)
        assert refused.status_code == 422
        assert "Type the password or key again" in text(refused)
    assert models.Mailbox.objects.get().host == "smtp.example"
    assert sign_in(priya).post(url, given | {"host": "new.example", "secret": "other"}).status_code == 302
    assert (models.Mailbox.objects.get().host, unseal(models.Mailbox.objects.get().secret)) == ("new.example", "other")
    with pytest.raises(MailboxRefused):
        actions.keep_sign_in_app(
            provider=OAuthProvider.GOOGLE, client_id="", client_secret="x", tenant="", by=COMMAND_LINE, at=NOON
        )


def test_a_colleagues_own_mailbox_stays_theirs(sign_in: SignIn, priya: Viewer) -> None:
    ana = make.colleague()
    box = make.mailbox(owner_key=ana.user_key, host="smtp.example")
    page = sign_in(priya).get(reverse("mailbox", args=[box]))
    assert "only for Ana Lindqvist" in text(page)
    given = COMMON | ADDRESS | {"host": "smtp.example", "port": "25", "security": "none", "imap_security": "tls"}
    assert sign_in(priya).post(reverse("mailbox", args=[box]), given).status_code == 302
    assert models.Mailbox.objects.get().owner_key == ana.user_key


@pytest.mark.parametrize("role", [Role.RECRUITER, Role.MARKETER, None])
def test_who_keeps_no_mailboxes_reaches_none_of_it(sign_in: SignIn, plain_house: Any, role: Role | None) -> None:
    box = make.mailbox(transport=Transport.MICROSOFT)
    app()
    browser = sign_in(make.colleague(role)) if role else Client()
    gets = [("new_mailbox", []), ("mailbox", [box]), ("mailbox_sign_in_apps", []), ("mailbox_signed_in", []),
            ("sign_mailbox_in", [box])]  # fmt: skip
    expected = 403 if role else 302
    for name, args in gets:
        assert browser.get(reverse(name, args=args)).status_code == expected, name
    for name, args, given in (
        ("try_mailbox", [box], {"kind": "check"}), ("mailbox", [box], COMMON), ("steer_mailbox", [box], {}),
        ("mailbox_sign_in_apps", [], {"provider": "google", "google-client_id": "x", "google-client_secret": "y"}),
    ):  # fmt: skip
        assert browser.post(reverse(name, args=args), given).status_code == expected, name
    assert models.Trial.objects.count() == 0
    assert models.Mailbox.objects.get().paused_at is None
    assert queries.sign_in_apps()[OAuthProvider.GOOGLE].client_id == "client-1"


# --- signing in ------------------------------------------------------------------------------------------------------


def test_signing_in_keeps_what_lasts_and_only_for_the_browser_that_began(
    sign_in: SignIn, priya: Viewer, web: Services
) -> None:
    browser, other = sign_in(priya), sign_in(make.leader())
    box = make.mailbox(transport=Transport.MICROSOFT, from_address="ana@northgate.example")
    begin, back = reverse("sign_mailbox_in", args=[box]), reverse("mailbox_signed_in")
    assert browser.get(begin).status_code == 404
    given = {"provider": "microsoft", "microsoft-client_id": "client-1", "microsoft-tenant": "t-1"}
    apps = reverse("mailbox_sign_in_apps")
    assert browser.post(apps, given).status_code == 422
    assert browser.post(apps, given | {"microsoft-client_secret": "app-secret-1"}).status_code == 302
    assert "app-secret-1" not in text(browser.get(apps)) + models.SignInApp.objects.get().client_secret
    assert f"http://testserver{back}" in text(browser.get(apps))

    url = browser.get(begin)["Location"]
    assert urlsplit(url).path == "/t-1/oauth2/v2.0/authorize"
    returned = web.code_for(url)
    assert other.get(back, returned).status_code == 404
    assert browser.get(back, returned | {"state": "forged"}).status_code == 422
    assert browser.get(back, returned).status_code == 404  # one that was begun is used up, whatever came of it
    web.code_for(browser.get(begin)["Location"])
    denied = browser.get(back, {"state": "x", "error": "access_denied"})
    assert denied.status_code == 422
    assert models.Mailbox.objects.get().secret == ""

    done = browser.get(back, web.code_for(browser.get(begin)["Location"]))
    assert done["Location"] == reverse("mailbox", args=[box])
    row = models.Mailbox.objects.get()
    assert (unseal(row.secret), unseal(row.access), row.access_until) == ("refresh-1", "access-1", NOON + HOUR)
    assert "refresh-1" not in row.secret
    assert "It is signed in" in text(browser.get(reverse("mailbox", args=[box])))


def test_a_fresh_token_is_used_and_an_old_one_renewed_once(
    db: None, plain_house: Any, mail: Letterbox, web: Services
) -> None:
    box = signed_in_box(mail, web, until=NOON + HOUR)
    queued(box)
    assert send(box) == 1
    assert web.asked == []
    models.Mailbox.objects.update(access_until=NOON + timedelta(seconds=30))
    queued(box)
    assert send(box) == 1
    row = models.Mailbox.objects.get()
    assert [one.form["refresh_token"] for one in web.asked] == ["refresh-0"]
    assert (unseal(row.secret), unseal(row.access), row.renewing_until) == ("refresh-1", "access-1", None)
    assert len(mail.mails) == 2


def test_a_token_that_a_server_no_longer_takes_is_renewed(
    db: None, plain_house: Any, mail: Letterbox, web: Services
) -> None:
    box = signed_in_box(mail, web, until=NOON + HOUR)
    mail.tokens = set()
    queued(box)
    assert send(box) == 0
    assert models.Mailbox.objects.get().trouble.startswith("Sending: ")
    models.Delivery.objects.update(not_before=NOON)
    assert send(box) == 1
    assert models.Mailbox.objects.get().trouble == ""


def test_where_only_a_person_helps_the_mailbox_pauses_and_says_so(
    sign_in: SignIn, priya: Viewer, mail: Letterbox, web: Services
) -> None:
    box = signed_in_box(mail, web)
    web.broken = 1
    queued(box)
    assert send(box) == 0
    row = models.Mailbox.objects.get()
    assert (row.paused_at, row.renewing_until, unseal(row.secret)) == (None, None, "refresh-0")
    web.refresh = "withdrawn"
    models.Delivery.objects.update(not_before=NOON)
    assert send(box) == 0
    row = models.Mailbox.objects.get()
    assert row.paused_at == NOON
    assert row.paused_why.startswith("Nobody is signed in: Microsoft says: AADSTS50173")
    assert (row.secret, row.access, mail.mails) == ("", "", [])
    browser = sign_in(priya)
    page = text(browser.get(reverse("mailbox", args=[box])))
    assert "the grant was revoked" in page
    assert "Sign in with Microsoft" in page
    begun = browser.get(reverse("sign_mailbox_in", args=[box]))
    browser.get(reverse("mailbox_signed_in"), web.code_for(begun["Location"]))
    assert models.Mailbox.objects.get().paused_at is None
    models.Delivery.objects.update(not_before=NOON)
    assert send(box) == 1


def test_workers_that_need_a_token_at_once_ask_for_one(
    committed_db: Any, plain_house: Any, mail: Letterbox, web: Services
) -> None:
    box = signed_in_box(mail, web)
    account = queries.mailbox_account(box)
    assert account is not None
    barrier, got, failed = threading.Barrier(6), [], []

    def run() -> None:
        try:
            barrier.wait()
            got.append(ways.signed_in(account, now=lambda: NOON).secret)
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failed, got, len(web.asked)) == ([], ["access-1"] * 6, 1)


def test_a_new_sign_in_stands_against_a_renewal_under_way(db: None, mail: Letterbox, web: Services) -> None:
    box = signed_in_box(mail, web)
    fresh = oauth2.OAuthTokens(access="a-new", refresh="r-new", expires_at=NOON + HOUR)
    late = oauth2.OAuthTokens(access="a-late", refresh="r-late", expires_at=NOON + HOUR)
    assert actions.begin_renewal(mailbox=box, at=NOON)
    assert not actions.begin_renewal(mailbox=box, at=NOON + timedelta(seconds=59))
    actions.keep_sign_in(mailbox=box, provider=OAuthProvider.MICROSOFT, tokens=fresh, by=COMMAND_LINE, at=NOON)
    actions.renewed(mailbox=box, used="refresh-0", tokens=late)
    actions.sign_out(mailbox=box, used="refresh-0", words="gone", at=NOON)
    row = models.Mailbox.objects.get()
    assert (unseal(row.secret), unseal(row.access), row.paused_at) == ("r-new", "a-new", None)
    assert actions.begin_renewal(mailbox=box, at=NOON)
    assert actions.begin_renewal(mailbox=box, at=NOON + timedelta(seconds=60))  # whoever began is gone


# --- trying ----------------------------------------------------------------------------------------------------------


def test_a_check_sends_nothing_and_says_what_to_publish(
    sign_in: SignIn, priya: Viewer, mail: Letterbox, django_capture_on_commit_callbacks: Any, nudges: Any
) -> None:
    browser, box = sign_in(priya), server_box(mail, host="127.0.0.1")
    actions.make_domain_key(domain="northgate.example", selector="k1", kind=KeyKind.ED25519, by=COMMAND_LINE, at=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert browser.post(reverse("try_mailbox", args=[box]), {"kind": "check"}).status_code == 302
    assert set(nudges) == {("mailbox", str(box))}
    assert queries.mailboxes_to_try() == (box,)
    assert "hx-get" in text(browser.get(reverse("mailbox", args=[box]), {"part": "1"}))
    records = Records(
        texts={"northgate.example": ["v=spf1 ip4:192.0.2.1 ~all"]}, hosts={"mx.example": ["192.0.2.9"]},
        mails={"northgate.example": [(10, "mx.example")]},
    )  # fmt: skip
    assert trials.run_trials(box, resolver=records, now=clock.now) == 1
    assert trials.run_trials(box, resolver=records, now=clock.now) == 0
    found = {one.about: one.state for one in queries.mailbox_page(box, priya, at=NOON).checks}
    good, warn, bad = CheckState.GOOD, CheckState.WARN, CheckState.BAD
    assert found == {"sign-in": good, "SPF": warn, "DKIM": bad, "DMARC": bad, "MX": good}
    page = text(browser.get(reverse("mailbox", args=[box])))
    assert "hx-trigger" not in page
    assert "k1._domainkey.northgate.example" in page
    assert "v=DMARC1; p=none; rua=mailto:dmarc@northgate.example" in page
    assert (mail.begun, mail.mails, queries.mailboxes_to_try()) == (0, [], ())


def test_a_check_that_is_not_let_in_says_why_without_the_password(
    sign_in: SignIn, priya: Viewer, mail: Letterbox
) -> None:
    box = server_box(mail, secret="wr0ng-word")
    actions.try_mailbox(mailbox=box, kind=TrialKind.CHECK, viewer=priya, at=NOON)
    trials.run_trials(box, resolver=EMPTY, now=clock.now)
    page = text(sign_in(priya).get(reverse("mailbox", args=[box])))
    assert "did not let us in" in page
    assert "wr0ng-word" not in page
    assert base64.b64encode(b"\0ana\0wr0ng-word").decode() not in page
    assert models.Mailbox.objects.get().trouble.startswith("Sending: ")
    models.Mailbox.objects.update(secret=seal(mail.password))
    actions.try_mailbox(mailbox=box, kind=TrialKind.CHECK, viewer=priya, at=NOON)
    trials.run_trials(box, resolver=EMPTY, now=clock.now)
    assert models.Mailbox.objects.get().trouble == ""


PROVIDERS = [Transport.MAILGUN, Transport.POSTMARK, Transport.SENDGRID, Transport.BREVO]


def provider_box(web: Services, way: Transport, **more: Any) -> UUID:
    own = {"domain": "mg.northgate.example"} if way is Transport.MAILGUN else {}
    return make.mailbox(transport=way, host="", api_url=web.url, secret=web.key, **own, **more)


@pytest.mark.parametrize("way", [*PROVIDERS, Transport.TWILIO])
def test_a_check_asks_a_service_who_we_are(db: None, plain_house: Any, web: Services, way: Transport) -> None:
    box = text_box(web) if way is Transport.TWILIO else provider_box(web, way)
    for key, state in ((web.key, CheckState.GOOD), ("revoked-key", CheckState.BAD)):
        models.Mailbox.objects.update(secret=seal(key))
        account = queries.mailbox_account(box)
        assert account is not None
        checks, words = trials.look_at(account, resolver=EMPTY, now=clock.now)
        assert (checks[0].about, checks[0].state) == ("sign-in", state)
        assert bool(words) == (state is CheckState.BAD)
        assert key not in str(checks) + words
    assert {one.method for one in web.asked} == {"GET"}


@pytest.mark.parametrize(
    ("host", "texts", "state"),
    [
        ("smtp.office365.com", "v=spf1 include:spf.protection.outlook.com -all", CheckState.GOOD),
        ("smtp.office365.com", "v=spf1 ip4:192.0.2.1 -all", CheckState.BAD),
        ("mail.northgate.example", "v=spf1 ip4:192.0.2.7 -all", CheckState.GOOD),
        ("mail.northgate.example", "v=spf1 ip4:192.0.2.1 -all", CheckState.BAD),
        ("smtp.isp.example", "v=spf1 ip4:192.0.2.1 -all", CheckState.WARN),
        ("smtp.isp.example", "nothing of it", CheckState.BAD),
    ],
)
def test_the_record_is_held_against_what_can_be_known_of_the_server(
    db: None, plain_house: Any, host: str, texts: str, state: CheckState
) -> None:
    box = make.mailbox(host=host)
    account = queries.mailbox_account(box)
    assert account is not None
    records = Records(
        texts={"northgate.example": [texts], "spf.protection.outlook.com": ["v=spf1 ip4:40.92.0.0/15 -all"]},
        hosts={"mail.northgate.example": ["192.0.2.7"]},
    )
    found = {one.about: one for one in trials._domain(account, records)}
    assert found["SPF"].state is state, found["SPF"]
    assert found["SPF"].publish is None or found["SPF"].publish.text != "v=spf1 ~all"  # it would name nobody


def test_a_test_message_goes_to_oneself_once_and_is_noted(sign_in: SignIn, priya: Viewer, mail: Letterbox) -> None:
    box = server_box(mail)
    actions.make_domain_key(domain="northgate.example", selector="k1", kind=KeyKind.ED25519, by=COMMAND_LINE, at=NOON)
    browser = sign_in(priya)
    browser.post(reverse("try_mailbox", args=[box]), {"kind": "message", "to": "someone@else.example"})
    for _ in range(2):
        trials.run_trials(box, now=clock.now)
    [(to, content)] = mail.mails
    message = message_from_bytes(content, policy=default)
    assert (to, message["To"].addresses[0].addr_spec) == (priya.email, priya.email)
    assert "d=northgate.example" in message["DKIM-Signature"]
    assert models.Delivery.objects.count() == models.Receipt.objects.count() == 0
    deeds = [row.deed for row in accounts.audit_trail(make.leader())]
    assert deeds.count("send_test_message") == 1
    assert f"handed over for {priya.email}" in text(browser.get(reverse("mailbox", args=[box])))
    models.Trial.objects.update(done_at=None, begun_at=NOON - HOUR, good=None)
    assert trials.run_trials(box, now=clock.now) == 0
    page = text(browser.get(reverse("mailbox", args=[box])))
    assert "nobody knows how far it came" in page
    assert "hx-trigger" not in page
    assert len(mail.mails) == 1


def test_a_test_message_that_is_refused_says_why(db: None, priya: Viewer, mail: Letterbox) -> None:
    box = server_box(mail)
    mail.answer = "554 5.7.1 not from here"
    actions.try_mailbox(mailbox=box, kind=TrialKind.MESSAGE, viewer=priya, at=NOON)
    trials.run_trials(box, now=clock.now)
    row = models.Trial.objects.get()
    assert (row.good, "not from here" in row.words) == (False, True)
    texts = make.mailbox(transport=Transport.TWILIO, username="AC", number="+447700900123")
    with pytest.raises(MailboxRefused):
        actions.try_mailbox(mailbox=texts, kind=TrialKind.MESSAGE, viewer=priya, at=NOON)


# --- sending ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", PROVIDERS)
def test_mail_leaves_through_a_provider_which_signs_itself(
    db: None, plain_house: Any, web: Services, way: Transport
) -> None:
    actions.make_domain_key(domain="northgate.example", selector="k1", kind=KeyKind.ED25519, by=COMMAND_LINE, at=NOON)
    box = provider_box(web, way)
    delivery = queued(box)
    assert send(box) == 1
    [asked] = web.asked
    body = unquote_plus(asked.body.decode())
    assert "jane@works.example" in body
    assert "Hello Jane" in body
    assert str(delivery) in body
    assert "DKIM-Signature" not in body
    assert models.Delivery.objects.get().state == DeliveryState.SENT


def test_a_provider_that_does_not_know_us_loses_nobody(db: None, plain_house: Any, web: Services) -> None:
    box = provider_box(web, Transport.POSTMARK)
    models.Mailbox.objects.update(secret=seal("revoked-key"))
    queued(box)
    assert send(box) == 0
    row = models.Delivery.objects.get()
    assert (row.state, row.sent_at) == (DeliveryState.PENDING, None)
    assert "revoked-key" not in row.words


def test_pages_take_a_fixed_number_of_statements(
    sign_in: SignIn, priya: Viewer, mail: Letterbox, django_assert_max_num_queries: Any
) -> None:
    app()
    box = server_box(mail)
    actions.try_mailbox(mailbox=box, kind=TrialKind.CHECK, viewer=priya, at=NOON)
    trials.run_trials(box, resolver=EMPTY, now=clock.now)
    for _ in range(8):
        make.mailbox()
    browser = sign_in(priya)
    for name, args in (("mailboxes", []), ("mailbox", [box]), ("new_mailbox", []), ("mailbox_sign_in_apps", [])):
        browser.get(reverse(name, args=args))
        with django_assert_max_num_queries(12):
            assert browser.get(reverse(name, args=args)).status_code == 200
