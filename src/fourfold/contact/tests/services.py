"""Servers on this machine that mailboxes connect to in tests: a mail server, and one that stands for web services."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from uuid import UUID

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from fourfold.contact import actions
from fourfold.contact.compute import sender
from fourfold.contact.tests import factories as make
from fourfold.contact.tests.factories import NOON
from fourfold.contact.types import Draft, Queued, Transport
from fourfold.people.types import Origin

KEY = "provider-key-1"
ACCOUNT = "AC" + "1" * 32


@dataclass
class Letterbox:
    """A mail server that lets in who knows the password or holds a token, and keeps what it gets."""

    password: str = "pass-word-1"
    tokens: set[str] = field(default_factory=set)
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    begun: int = 0
    port: int = 0
    answer: str = "250 OK"

    def let_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        known = isinstance(given, LoginPassword) and given.password == self.password.encode()
        return AuthResult(success=known, handled=False)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        said = base64.b64decode(args[1]).decode()
        token = said.partition("auth=Bearer ")[2].strip("\x01")
        if token in self.tokens:
            return AuthResult(success=True)
        await server.push("535 5.7.3 Authentication unsuccessful")
        return AuthResult(success=False, handled=True)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not session.authenticated:
            return "530 5.7.0 Sign in first"
        self.begun += 1
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.mails.append((envelope.rcpt_tos[0], envelope.content))
        return self.answer


@contextmanager
def mail_server() -> Iterator[Letterbox]:
    box = Letterbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        box.port = int(probe.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=box.port, authenticator=box.let_in, auth_require_tls=False)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class Services:
    """Providers' interfaces behind one key, and a sign-in service that withdraws a refresh token once it was used."""

    url: str = ""
    key: str = KEY
    asked: list[Asked] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)  # code: challenge
    refresh: str = ""
    count: int = 0
    broken: int = 0  # how many questions to the token endpoint fail with 500
    mail: Letterbox | None = None
    text: dict[str, Any] = field(default_factory=lambda: {"sid": "SM1", "status": "queued"})
    text_status: int = 201

    def code_for(self, url: str) -> dict[str, str]:
        """What the browser brings back after somebody agreed to what stands behind this address."""
        given = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert given["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = given["code_challenge"]
        return {"code": code, "state": given["state"]}

    def answer(self, asked: Asked) -> tuple[int, Any]:
        path = urlsplit(asked.path).path
        if path == "/token":
            return self._token(asked.form)
        if self.key not in _proof(asked.headers):
            return 401, {"message": "no such key"}
        if asked.method == "GET":
            return 200, {"scopes": ["mail.send"], "domain": {"state": "active"}, "status": "active"}
        if path.startswith("/2010-04-01/"):
            return self.text_status, self.text
        if path == "/email":
            to = json.loads(asked.body)["To"]
            return 200, {"ErrorCode": 0, "Message": "OK", "MessageID": "m1", "To": to, "SubmittedAt": "x"}
        if path == "/mail/send":
            return 202, ""
        return 200, {"id": "<m1>", "messageId": "<m1>", "message": "Queued. Thank you."}

    def _token(self, form: dict[str, str]) -> tuple[int, Any]:
        if self.broken:
            self.broken -= 1
            return 500, {"error": "server_error"}
        if form["client_secret"] != "app-secret-1":
            return 401, {"error": "invalid_client"}
        if form["grant_type"] == "authorization_code":
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            if self.codes.pop(form["code"], "") != base64.urlsafe_b64encode(digest).rstrip(b"=").decode():
                return 400, {"error": "invalid_grant", "error_description": "the code is not good"}
        elif form["refresh_token"] != self.refresh:
            return 400, {"error": "invalid_grant", "error_description": "AADSTS50173: the grant was revoked"}
        self.count += 1
        access, self.refresh = f"access-{self.count}", f"refresh-{self.count}"
        if self.mail is not None:
            self.mail.tokens = {access}
        return 200, {"access_token": access, "refresh_token": self.refresh, "expires_in": 3600, "token_type": "Bearer"}


def _proof(headers: Mapping[str, str]) -> str:
    """All that a request says to prove who it is from."""
    given = headers.get("authorization", "")
    if given.startswith("Basic "):
        given = base64.b64decode(given[6:]).decode()
    return f"{given} {headers.get('x-postmark-server-token', '')} {headers.get('api-key', '')}"


@contextmanager
def services() -> Iterator[Services]:
    made = Services()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """The tests say what matters."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body)
            made.asked.append(asked)
            status, said = made.answer(asked)
            packed = said.encode() if isinstance(said, str) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(packed)))
            self.end_headers()
            self.wfile.write(packed)

        do_GET = do_POST  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Records:
    """Name servers that know these texts and hosts, and nothing else."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    hosts: dict[str, list[str]] = field(default_factory=dict)
    mails: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def txt(self, name: str) -> list[str]:
        return self.texts.get(name, [])

    def mx(self, name: str) -> list[tuple[int, str]]:
        return self.mails.get(name, [])

    def addresses(self, name: str) -> list[str]:
        return self.hosts.get(name, [])

    def names(self, address: str) -> list[str]:
        return []


def queued(box: UUID, **more: Any) -> UUID:
    make.assessed()
    ana, jane = make.colleague(), make.person("Jane Moor", "jane@works.example", origin=Origin.THEMSELVES)
    draft = Draft(subject="A word", text="Hello {{ first_name }}")
    found = actions.queue_message(
        intent=make.intent(jane, ana, **more), draft=draft, mailbox=box, by=ana.actor(), at=NOON
    )
    assert isinstance(found, Queued), found
    return found.delivery


def send(box: UUID) -> int:
    return sender.send_waiting(box, now=lambda: NOON)


def text(response: Any) -> str:
    """What a page says, its white space made one."""
    return " ".join(response.content.decode().split())


def text_box(web: Services) -> UUID:
    return make.mailbox(
        transport=Transport.TWILIO, host="", from_address="", number="+447700900123", username=ACCOUNT, secret=web.key,
        api_url=web.url,
    )  # fmt: skip
