"""Providers, text messages and sign-ins, against a web server that checks what it is asked and answers as told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from uuid import UUID, uuid4

import pytest
import requests

from fourfold.contact.transports.mime import Skeleton
from fourfold.contact.transports.oauth2 import begin, finish, is_stale, refresh, xoauth2
from fourfold.contact.transports.providers import Api, ses_settings
from fourfold.contact.transports.sms import Twilio, read_status, segments
from fourfold.contact.types.transport import (
    Addressed,
    CannotConnect,
    CannotSend,
    HandedState,
    Letter,
    OAuthApp,
    OAuthProvider,
    Outgoing,
    ProviderName,
    ProviderSettings,
    Refusal,
    SenderIdentity,
    SignInFailed,
    SmsState,
    TwilioSettings,
    WebhookRefused,
)

D, R, P, U, N = (
    HandedState.DELIVERED,
    HandedState.REFUSED,
    HandedState.PUT_OFF,
    HandedState.UNKNOWN,
    HandedState.NOT_BEGUN,
)
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SECRET = "s3cret-token"


@dataclass
class Asked:
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))

    @property
    def parts(self) -> dict[str, str]:
        """The fields of a multipart form."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        fields = message_from_bytes(head + self.body, policy=policy.HTTP).iter_parts()
        return {str(one.get_param("name", header="content-disposition")): one.get_content().strip() for one in fields}


@dataclass
class Web:
    """``answers`` are given in turn: a status and a body, or "hang up", "silent", "drip", "endless"."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)

    def will(self, *answers: Any) -> None:
        self.answers[:] = list(answers)
        self.asked.clear()


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    made = Web()
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """The tests say what matters."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.asked.append(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            answer = made.answers.pop(0)
            self.close_connection = True
            if answer == "silent":
                over.wait(3)
            elif answer == "endless":
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"x" * 300_000)
            elif answer == "drip":
                self.send_response(200)
                self.end_headers()
                while not over.wait(0.1):
                    self.wfile.write(b"x")
                    self.wfile.flush()
            elif answer != "hang up":
                status, said = answer
                packed = said.encode() if isinstance(said, str) else json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Connection", "close")
                self.send_header("Content-Length", str(len(packed)))
                self.end_headers()
                self.wfile.write(packed)

        do_GET = do_POST  # noqa: N815

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield made
    over.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def closed() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


# --- providers of mail -----------------------------------------------------------------------------------------------

SKELETON = Skeleton(
    Letter(
        sender=SenderIdentity(name="Ana Díaz", address="ana@house.example", reply_to="answers@house.example"),
        subject=("A job – für Sie",),
        text=("Dear Jörg\n",),
        html=("<p>Dear Jörg</p>\n",),
        feedback_id="a:b",
    )
)


def outgoing(**change: Any) -> Outgoing:
    key = uuid4()
    to = Addressed(
        key=key, to_address="jo@example.org", to_name="Jörg, S.", at=AT, unsubscribe_url="https://house.example/u/1"
    )
    content = SKELETON.fill(to).content
    return replace(Outgoing(key, "bounce@house.example", "jo@example.org", content), **change)


def settings(web: Web, provider: ProviderName, **change: Any) -> ProviderSettings:
    usual: dict[str, Any] = {"secret": SECRET, "domain": "house.example", "api_url": web.url, "timeout": 0.5}
    return ProviderSettings(provider=provider, **usual | change)


def taken(provider: ProviderName) -> tuple[int, Any]:
    return {
        ProviderName.POSTMARK: (
            200,
            {"ErrorCode": 0, "Message": "OK", "MessageID": "remote-1", "To": "jo@example.org", "SubmittedAt": "x"},
        ),
        ProviderName.MAILGUN: (200, {"id": "<remote-1>", "message": "Queued. Thank you."}),
        ProviderName.SENDGRID: (202, ""),
        ProviderName.BREVO: (201, {"messageId": "<remote-1>"}),
    }[provider]


API = [ProviderName.POSTMARK, ProviderName.MAILGUN, ProviderName.SENDGRID, ProviderName.BREVO]
HEADERS = {
    "List-Unsubscribe": "<https://house.example/u/1>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "Feedback-ID": "a:b",
}


def check_request(provider: ProviderName, asked: Asked, key: UUID) -> None:
    """What each provider documents: path, proof, and where each part of a message stands."""
    headers = HEADERS | {"Message-ID": f"<{key}@house.example>"}
    if provider is ProviderName.POSTMARK:
        assert (asked.path, asked.headers["x-postmark-server-token"]) == ("/email", SECRET)
        said = json.loads(asked.body)
        assert said["Subject"] == "A job – für Sie"
        assert (said["TextBody"], said["HtmlBody"]) == ("Dear Jörg\n", "<p>Dear Jörg</p>\n")
        assert said["To"].endswith("<jo@example.org>")
        assert said["ReplyTo"] == "answers@house.example"
        assert said["Metadata"] == {"delivery": str(key)}
        assert said["MessageStream"] == "broadcast"
        assert {one["Name"]: one["Value"] for one in said["Headers"]} == headers | {"X-PM-KeepID": "true"}
    elif provider is ProviderName.MAILGUN:
        proof = base64.b64encode(f"api:{SECRET}".encode()).decode()
        assert (asked.path, asked.headers["authorization"]) == ("/house.example/messages", f"Basic {proof}")
        said = asked.form if "urlencoded" in asked.headers["content-type"] else asked.parts
        assert (said["subject"], said["text"], said["html"]) == ("A job – für Sie", "Dear Jörg\n", "<p>Dear Jörg</p>\n")
        assert said["to"].endswith("<jo@example.org>")
        assert said["v:delivery"] == str(key)
        given = {name[2:].lower(): value for name, value in said.items() if name.startswith("h:")}
        assert given.items() >= {name.lower(): value for name, value in headers.items()}.items()
        assert said["h:Reply-To"] == "answers@house.example"
    elif provider is ProviderName.SENDGRID:
        assert (asked.path, asked.headers["authorization"]) == ("/mail/send", f"Bearer {SECRET}")
        said = json.loads(asked.body)
        person = said["personalizations"][0]
        assert person["to"] == [{"email": "jo@example.org", "name": "Jörg, S."}]
        assert said["custom_args"]["delivery"] == str(key)
        assert said["from"] == {"email": "ana@house.example", "name": "Ana Díaz"}
        assert said["content"] == [
            {"type": "text/plain", "value": "Dear Jörg\n"},
            {"type": "text/html", "value": "<p>Dear Jörg</p>\n"},
        ]
        assert said["headers"].items() >= headers.items()
    else:
        assert (asked.path, asked.headers["api-key"]) == ("/smtp/email", SECRET)
        said = json.loads(asked.body)
        assert said["to"][0]["email"] == "jo@example.org"
        assert (said["textContent"], said["htmlContent"]) == ("Dear Jörg\n", "<p>Dear Jörg</p>\n")
        assert said["replyTo"] == {"email": "answers@house.example"}
        assert json.loads(said["headers"].pop("X-Mailin-custom")) == {"delivery": str(key)}
        assert said["headers"].items() >= headers.items()


@pytest.mark.parametrize("provider", API)
def test_a_message_reaches_each_provider_in_its_own_form(web: Web, provider: ProviderName) -> None:
    web.will(taken(provider), taken(provider))
    messages, announced = [outgoing(), outgoing()], []
    stream = {"stream": "broadcast"} if provider is ProviderName.POSTMARK else {}
    session = Api.open(settings(web, provider, depth=1, **stream))

    def write_down(keys: Any) -> None:
        announced.append((list(keys), len(web.asked)))

    handed = session.send_group(messages, write_down)
    assert [(one.key, one.state) for one in handed] == [(one.key, D) for one in messages]
    assert announced == [([messages[0].key], 0), ([messages[1].key], 1)]
    if provider is not ProviderName.SENDGRID:  # which names a message only later, in its notices
        assert {one.remote_id for one in handed} <= {"remote-1", "<remote-1>"}
    check_request(provider, web.asked[0], messages[0].key)
    session.close()
    later = session.send_group([outgoing()], lambda _: pytest.fail("announced on a closed session"))
    assert [one.state for one in later] == [N]


@pytest.mark.parametrize("provider", API)
@pytest.mark.parametrize(
    ("answer", "state", "about"),
    [
        ((401, {"message": f"bad key {SECRET}"}), P, Refusal.SENDER),
        ((429, {"message": "too many"}), P, Refusal.NONE),
        ((503, "busy"), P, Refusal.NONE),
        ((400, {"message": "that can't be read"}), R, Refusal.CONTENT),
        ((500, "oh"), U, Refusal.NONE),
        ((502, "<html>"), U, Refusal.NONE),
        ((200, "not json"), U, Refusal.NONE),
        ("hang up", U, Refusal.NONE),
        ("silent", U, Refusal.NONE),
    ],
)
def test_what_becomes_of_a_message_is_never_guessed(
    web: Web, provider: ProviderName, answer: Any, state: HandedState, about: Refusal
) -> None:
    if provider is ProviderName.SENDGRID and answer == (200, "not json"):
        state = D  # its success has no body that could be read
    web.will(answer)
    handed = Api.open(settings(web, provider)).send_group([outgoing()], lambda _: None)
    assert [(one.state, one.about) for one in handed] == [(state, about)]
    assert len(web.asked) == 1
    assert SECRET not in repr(handed)
    assert handed[0].words or state is D


@pytest.mark.parametrize(
    "words",
    [
        "Found inactive addresses: jo@example.org. Inactive recipients are ones that have generated a hard bounce",
        "In words that nobody has seen before: inactive",
    ],
)
def test_postmark_says_that_an_address_is_switched_off(web: Web, words: str) -> None:
    web.will((422, {"ErrorCode": 406, "Message": words}))
    handed = Api.open(settings(web, ProviderName.POSTMARK)).send_group([outgoing()], lambda _: None)
    assert (handed[0].state, handed[0].about) == (R, Refusal.POLICY)
    assert "inactive" in handed[0].words


def test_what_surely_never_left_may_be_tried_again(web: Web, closed: str) -> None:
    session = Api.open(settings(web, ProviderName.POSTMARK, api_url=closed))
    assert [one.state for one in session.send_group([outgoing()], lambda _: None)] == [N]
    same = outgoing()
    with pytest.raises(ValueError, match="twice"):
        session.send_group([same, same], lambda _: None)

    def broken(_: Any) -> None:
        raise RuntimeError("disk full")

    web.will()
    with pytest.raises(RuntimeError, match="disk full"):
        Api.open(settings(web, ProviderName.BREVO)).send_group([outgoing()], broken)
    assert web.asked == []


def test_settings_that_cannot_work(web: Web) -> None:
    for change in ({"provider": ProviderName.SES}, {"provider": ProviderName.MAILGUN, "domain": ""}, {"secret": ""}):
        with pytest.raises(CannotConnect):
            Api.open(replace(settings(web, ProviderName.BREVO), **change))
    made = ses_settings(region="eu-west-1", username="AKIA", secret=SECRET)
    assert (made.host, made.port, made.encryption, made.login) == (
        "email-smtp.eu-west-1.amazonaws.com",
        587,
        "starttls",
        "plain",
    )
    assert SECRET not in repr(made) + repr(settings(web, ProviderName.BREVO))


# --- text messages ---------------------------------------------------------------------------------------------------


def twilio(web: Web, **change: Any) -> Twilio:
    callback = "https://house.example/hooks/sms"
    return Twilio(
        TwilioSettings(
            account="AC123", secret=SECRET, **{"api_url": web.url, "callback_url": callback, "timeout": 0.5} | change
        )
    )


MESSAGE = {"to": "+447700900123", "text": "Interview um 9, 10 €?", "sender": "Fourfold", "reference": "d-1 &x"}


def test_a_text_message_goes_out_as_twilio_documents_it(web: Web) -> None:
    web.will((201, {"sid": "SM1", "status": "queued"}))
    handed = twilio(web).send(**MESSAGE)
    assert (handed.state, handed.remote_id, handed.reference, handed.segments) == (D, "SM1", "d-1 &x", 1)
    asked = web.asked[0]
    assert asked.path == "/2010-04-01/Accounts/AC123/Messages.json"
    assert asked.headers["authorization"] == "Basic " + base64.b64encode(f"AC123:{SECRET}".encode()).decode()
    assert asked.form == {
        "To": "+447700900123",
        "Body": MESSAGE["text"],
        "From": "Fourfold",
        "StatusCallback": "https://house.example/hooks/sms?reference=d-1+%26x",
    }
    web.will((201, {"sid": "SM2"}))
    service = "MG" + "0" * 32
    twilio(web).send(**MESSAGE | {"sender": service})
    assert web.asked[0].form["MessagingServiceSid"] == service


@pytest.mark.parametrize(
    ("answer", "state", "about"),
    [
        ((400, {"code": 21211, "message": "not a valid number"}), R, Refusal.RECIPIENT),
        ((400, {"code": 21610, "message": "has replied STOP"}), R, Refusal.OBJECTED),
        ((400, {"code": 99999, "message": "?"}), R, Refusal.POLICY),
        ((401, {"code": 20003, "message": "Authenticate"}), P, Refusal.SENDER),
        ((429, {"code": 20429}), P, Refusal.NONE),
        ((500, "oh"), U, Refusal.NONE),
        ((201, "not json"), U, Refusal.NONE),
        ((302, ""), U, Refusal.NONE),
        ("hang up", U, Refusal.NONE),
        ("silent", U, Refusal.NONE),
        ("drip", U, Refusal.NONE),
        ("endless", U, Refusal.NONE),
    ],
)
def test_what_becomes_of_a_text_is_never_guessed(web: Web, answer: Any, state: HandedState, about: Refusal) -> None:
    web.will(answer)
    handed = twilio(web).send(**MESSAGE)
    assert (handed.state, handed.about, len(web.asked)) == (state, about, 1)
    assert SECRET not in repr(handed)


def test_a_text_that_cannot_be_sent(web: Web, closed: str) -> None:
    web.will()
    assert twilio(web, api_url=closed).send(**MESSAGE).state is N
    for change in (
        {"to": "07700 900123"},
        {"sender": "A name too long"},
        {"sender": "\r\n"},
        {"text": " "},
        {"text": "a\0"},
    ):
        with pytest.raises(CannotSend):
            twilio(web).send(**MESSAGE | change)
    assert web.asked == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # a character of two places is not cut in two
        ("ñ" * 160, 1),
        ("é…"[1] * 70, 1),
        ("…" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count


def test_news_of_a_text_is_believed_only_when_signed() -> None:
    settings = TwilioSettings(account="AC123", secret="12345")
    url = "https://house.example/hooks/sms?reference=d-1"
    form = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005", "To": "+447700900123"}
    signed = url + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.new(b"12345", signed.encode(), hashlib.sha1).digest()).decode()
    event = read_status(settings, url=url, form=form, signature=signature)
    assert (event.remote_id, event.reference, event.state, event.about) == (
        "SM1",
        "d-1",
        SmsState.FAILED,
        Refusal.RECIPIENT,
    )
    assert {read_status(settings, url=url, form=form, signature=signature) for _ in range(10)} == {event}
    # The example of Twilio's own documentation.
    theirs = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675310",
        "Digits": "1234",
        "From": "+14158675310",
        "To": "+18005551212",
    }
    proof = "GvWf1cFY/Q7PnoempGyD5oXAezc="
    read_status(settings, url="https://mycompany.com/myapp.php?foo=1&bar=2", form=theirs, signature=proof)
    for change in ({"url": url + "x"}, {"form": form | {"MessageStatus": "delivered"}}, {"signature": "é"}):
        with pytest.raises(WebhookRefused):
            read_status(settings, **{"url": url, "form": form, "signature": signature} | change)


# --- signing a mailbox in --------------------------------------------------------------------------------------------


def app(web: Web, provider: OAuthProvider = OAuthProvider.MICROSOFT, **change: Any) -> OAuthApp:
    usual: dict[str, Any] = {
        "client_id": "id-1",
        "client_secret": SECRET,
        "redirect_url": "https://house.example/back",
        "tenant": "t-1",
    }
    return OAuthApp(provider=provider, token_url=f"{web.url}/token", **usual | change)


TOKENS = {"access_token": "at-1", "refresh_token": "rt-1", "expires_in": 3599, "scope": "x", "token_type": "Bearer"}


@pytest.mark.parametrize("provider", OAuthProvider)
def test_a_mailbox_is_signed_in_and_stays_so(web: Web, provider: OAuthProvider) -> None:
    registered = app(web, provider)
    start = begin(registered, mailbox="ana@house.example")
    parts = urlsplit(start.url)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert (
        f"{parts.scheme}://{parts.netloc}{parts.path}"
        == {
            OAuthProvider.MICROSOFT: "https://login.microsoftonline.com/t-1/oauth2/v2.0/authorize",
            OAuthProvider.GOOGLE: "https://accounts.google.com/o/oauth2/v2/auth",
        }[provider]
    )
    digest = hashlib.sha256(start.verifier.encode()).digest()
    assert (
        asked.items()
        >= {
            "client_id": "id-1",
            "response_type": "code",
            "redirect_uri": "https://house.example/back",
            "state": start.state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "login_hint": "ana@house.example",
        }.items()
    )
    assert ("offline_access" in asked["scope"]) or (asked["access_type"], asked["prompt"]) == ("offline", "consent")
    assert 43 <= len(start.verifier) <= 128
    assert start.verifier not in start.url + repr(start)

    web.will(
        (200, TOKENS), (200, {"access_token": "at-2", "expires_in": "60"}), (200, TOKENS | {"refresh_token": "rt-2"})
    )
    tokens = finish(registered, start, returned={"state": start.state, "code": "c-1"}, at=AT)
    assert (tokens.access, tokens.refresh, tokens.expires_at) == ("at-1", "rt-1", AT + timedelta(seconds=3599))
    assert (
        web.asked[0].form.items()
        >= {
            "grant_type": "authorization_code",
            "code": "c-1",
            "redirect_uri": "https://house.example/back",
            "code_verifier": start.verifier,
            "client_id": "id-1",
            "client_secret": SECRET,
        }.items()
    )
    assert not {"at-1", "rt-1", SECRET} & set(repr((tokens, registered)).split("'"))
    assert not is_stale(tokens, AT + timedelta(seconds=3538))
    assert is_stale(tokens, AT + timedelta(seconds=3539))

    kept = refresh(registered, tokens.refresh, at=AT)
    assert (kept.access, kept.refresh, kept.expires_at) == ("at-2", "rt-1", AT + timedelta(seconds=60))
    assert web.asked[1].form.items() >= {"grant_type": "refresh_token", "refresh_token": "rt-1"}.items()
    assert refresh(registered, tokens.refresh, at=AT).refresh == "rt-2"
    assert xoauth2("ana@house.example", "at-2") == "user=ana@house.example\x01auth=Bearer at-2\x01\x01"


def test_what_comes_back_from_another_sign_in_is_refused(web: Web) -> None:
    start = begin(app(web))
    web.will()
    for returned in (
        {"state": "x", "code": "c"},
        {"code": "c"},
        {"state": start.state},
        {"state": start.state, "error": "access_denied"},
    ):
        with pytest.raises(SignInFailed):
            finish(app(web), start, returned=returned, at=AT)
    assert web.asked == []
    web.will((200, {"access_token": "at", "expires_in": 60}))
    with pytest.raises(SignInFailed, match="no token that lasts"):
        finish(app(web), start, returned={"state": start.state, "code": "c"}, at=AT)


@pytest.mark.parametrize(
    ("answer", "again", "words"),
    [
        (
            (400, {"error": "invalid_grant", "error_description": f"rt-secret and {SECRET} revoked."}),
            True,
            "… and … revoked",
        ),
        ((401, {"error": "invalid_client"}), False, "invalid_client"),
        ((200, {"access_token": ""}), False, "HTTP 200"),
        ((200, []), False, "can't be read"),
        ((200, "<html>"), False, "can't be read"),
        ((302, ""), False, "can't be read"),
        ((500, "oh"), False, "can't be read"),
        ("hang up", False, "connection was lost"),
        ("endless", False, "more than 200,000 bytes"),
    ],
)
def test_a_sign_in_that_fails_says_what_helps(web: Web, answer: Any, again: bool, words: str) -> None:
    web.will(answer)
    with pytest.raises(SignInFailed) as failed:
        refresh(app(web), "rt-secret", at=AT)
    assert words in str(failed.value)
    assert failed.value.again is again
    assert not any(one in str(failed.value) for one in (SECRET, "rt-secret"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of that server's own libraries
def test_the_sign_in_works_with_a_server_of_other_people(web: Web) -> None:
    from oidc_provider_mock import run_server_in_thread

    with run_server_in_thread(require_client_registration=False) as server:
        there = f"http://localhost:{server.server_port}"
        registered = app(web, authorise_url=f"{there}/oauth2/authorize")
        registered = replace(registered, token_url=f"{there}/oauth2/token")
        start = begin(registered)
        url = start.url.replace("https%3A%2F%2Foutlook.office.com%2F", "openid+")
        back = requests.post(url, data={"sub": "ana@house.example"}, allow_redirects=False, timeout=5)
        returned = dict(parse_qsl(urlsplit(back.headers["location"]).query))
        tokens = finish(registered, start, returned=returned, at=AT)
        assert tokens.access
        assert tokens.refresh
        with pytest.raises(SignInFailed):  # a code is good for one exchange
            finish(registered, start, returned=returned, at=AT)
