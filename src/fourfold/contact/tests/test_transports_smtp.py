"""SMTP against servers that answer as they should, and servers that don't: real sockets on loopback throughout."""

from __future__ import annotations

import base64
import itertools
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fourfold.contact.transports.refusals import Stage, refusal_about
from fourfold.contact.transports.smtp import Connection
from fourfold.contact.types.transport import (
    CannotConnect,
    Encryption,
    Handed,
    HandedState,
    Login,
    Outgoing,
    Refusal,
    SmtpSettings,
)

D, R, P, U, N = (
    HandedState.DELIVERED,
    HandedState.REFUSED,
    HandedState.PUT_OFF,
    HandedState.UNKNOWN,
    HandedState.NOT_BEGUN,
)
NOT_PROVED = "doesn't prove that it is this server"
SECRET = "correct-horse-battery"


def message(to: str = "ana@example.org", text: str = "Hello", **change: Any) -> Outgoing:
    content = f"Subject: x\r\n\r\n{text}\r\n".encode()
    return Outgoing(**{"key": uuid4(), "envelope_from": "me@example.com", "recipient": to, "content": content} | change)


@dataclass
class Script:
    """A mail server on one port. ``on`` says what it does at a command or at the end of the n-th content (from 0).

    A value is what it answers; None hangs up without a word; a function gets the connection and does as it likes.
    """

    on: dict[str, Any] = field(default_factory=dict)
    offers: Sequence[str] = ("PIPELINING", "8BITMIME", "SIZE 20000", "SMTPUTF8")
    taken: list[tuple[str, str, bytes]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    context: ssl.SSLContext | None = None
    tls_at_once: bool = False
    port: int = 0

    def serve(self, sock: socket.socket) -> None:
        counts: dict[str, Iterator[int]] = {}
        mail_from = recipient = ""
        sock = self.context.wrap_socket(sock, server_side=True) if self.context and self.tls_at_once else sock
        lines = sock.makefile("rb")

        def answer(event: str, usual: str) -> str:
            does = self.on.get(f"{event}{next(counts.setdefault(event, itertools.count()))}", self.on.get(event, usual))
            if does is None:
                raise ConnectionError
            if callable(does):
                does(sock)
                raise ConnectionError
            sock.sendall(does.encode() + b"\r\n")
            return str(does)

        answer("CONNECT", "220 here ESMTP")
        while line := lines.readline():
            command = line.decode().strip()
            self.seen.append(command)
            verb = command.split(" ")[0].upper()
            if verb == "EHLO":
                answer(verb, "\r\n".join(["250-here", *(f"250-{one}" for one in self.offers), "250 HELP"]))
            elif verb == "STARTTLS" and self.context:
                answer(verb, "220 go on")
                sock = self.context.wrap_socket(sock, server_side=True)
                lines = sock.makefile("rb")
            elif verb == "MAIL":
                taken = answer(verb, "503 5.5.1 nested MAIL" if mail_from else "250 ok").startswith("250")
                mail_from = command if taken else mail_from
            elif verb == "RCPT":
                taken = answer(verb, "250 ok" if mail_from else "503 5.5.1 need MAIL").startswith("250")
                recipient = command if taken else recipient
            elif verb == "DATA":
                if answer(verb, "354 go on" if recipient else "503 5.5.1 no valid recipients").startswith("354"):
                    if "CONTENT" in self.on:
                        answer("CONTENT", "")
                    content = b""
                    while (line := lines.readline()) not in (b".\r\n", b""):
                        content += line
                    if line:
                        self.taken.append((mail_from, recipient, content))
                    mail_from = recipient = ""
                    answer("END", "250 2.0.0 taken")
            elif verb == "RSET":
                mail_from = recipient = ""
                answer(verb, "250 ok")
            else:
                answer(verb, {"NOOP": "250 ok", "QUIT": "221 bye"}.get(verb, "502 what?"))


@contextmanager
def serving(script: Script) -> Iterator[Script]:
    listener = socket.create_server(("127.0.0.1", 0))
    script.port = listener.getsockname()[1]

    def accept() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            with sock, suppress(OSError, ValueError):
                script.serve(sock)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def settings(port: int, **change: Any) -> SmtpSettings:
    usual: dict[str, Any] = {"host": "127.0.0.1", "port": port, "encryption": Encryption.NONE, "timeout": 5.0}
    return SmtpSettings(**usual | {"end_timeout": 5.0} | change)


def sent(script: Script, messages: Sequence[Outgoing], **change: Any) -> tuple[list[Handed], list[list[UUID]]]:
    announced: list[list[UUID]] = []
    with serving(script), Connection.open(settings(script.port, **change)) as connection:
        handed = connection.send_group(messages, lambda keys: announced.append(list(keys)))
    assert [one.key for one in handed] == [one.key for one in messages]
    return handed, announced


def states(handed: Sequence[Handed]) -> list[HandedState]:
    return [one.state for one in handed]


def test_a_group_goes_out_in_order_whole_and_announced_before_its_content() -> None:
    texts = ["one", ".two\r\n..\r\n.", "three\r\n" * 2000]
    messages = [message(f"p{n}@example.org", text) for n, text in enumerate(texts)]
    script = Script()
    handed, announced = sent(script, messages[:2], depth=1)
    assert states(handed) == [D, D]
    assert handed[0] == Handed(messages[0].key, D, 250, "2.0.0", "2.0.0 taken")
    assert announced == [[messages[0].key], [messages[1].key]]
    assert [content.replace(b"\r\n..", b"\r\n.").removeprefix(b".") for _, _, content in script.taken] == [
        one.content for one in messages[:2]
    ]
    at_once = Script(offers=("PIPELINING",))
    handed, announced = sent(at_once, messages)
    assert states(handed) == [D, D, D]
    assert announced == [[one.key for one in messages]]
    plain = Script(offers=())
    assert states(sent(plain, messages)[0]) == [D, D, D]
    assert at_once.taken == plain.taken
    assert at_once.taken[2][:2] == ("MAIL FROM:<me@example.com>", "RCPT TO:<p2@example.org>")


@pytest.mark.parametrize(
    ("answer", "remote"),
    [
        ("250 2.0.0 Ok: queued as 4F2A91C0", "4F2A91C0"),
        ("250 Ok 0102018f3c-7b1e-000000", "0102018f3c-7b1e-000000"),
        ("250 OK id=1rXaBc-0001Cd-2e", "1rXaBc-0001Cd-2e"),
        ("250 Thank you", ""),
    ],
)
def test_what_the_server_calls_the_message_is_kept(answer: str, remote: str) -> None:
    handed, _ = sent(Script(on={"END": answer}), [message()])
    assert (handed[0].state, handed[0].remote_id) == (D, remote)


def test_nothing_leaves_when_the_caller_could_not_write_it_down() -> None:
    script = Script()

    def broken(_: Sequence[UUID]) -> None:
        raise RuntimeError("disk full")

    with serving(script), Connection.open(settings(script.port)) as connection:
        with pytest.raises(RuntimeError, match="disk full"):
            connection.send_group([message()], broken)
        assert [one for one in script.seen if one.startswith(("MAIL", "DATA"))] == []
        assert states(connection.send_group([message()], lambda _: None)) == [D]
        same = message()
        with pytest.raises(ValueError, match="twice"):
            connection.send_group([same, same], lambda _: None)


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(
    ("on", "expected", "about"),
    [
        ({"RCPT1": "550 5.1.1 <p1@example.org>: user unknown"}, [D, R, D], Refusal.RECIPIENT),
        ({"RCPT1": "452 4.2.2 mailbox full"}, [D, P, D], Refusal.MAILBOX),
        ({"RCPT1": "550 5.7.1 blocked, see our policy"}, [D, R, D], Refusal.POLICY),
        ({"MAIL1": "553 5.1.8 sender has no domain"}, [D, R, D], Refusal.SENDER),
        ({"DATA1": "554 5.5.1 not now"}, [D, R, D], Refusal.CONTENT),
        ({"END1": "554 5.6.0 that content is not wanted"}, [D, R, D], Refusal.CONTENT),
        ({"END1": "451 4.7.1 greylisted"}, [D, P, D], Refusal.NONE),
    ],
)
def test_a_refusal_half_way_touches_one_message_only(
    on: dict[str, str], expected: list[HandedState], about: Refusal, pipelining: bool
) -> None:
    messages = [message(f"p{n}@example.org") for n in range(3)]
    script = Script(on=on, offers=("PIPELINING",) if pipelining else ())
    handed, _ = sent(script, messages)
    assert states(handed) == expected
    assert handed[1].about is about
    assert handed[1].words == next(iter(on.values()))[4:]
    if "END1" not in on:
        assert [recipient for _, recipient, _ in script.taken] == [
            "RCPT TO:<p0@example.org>",
            "RCPT TO:<p2@example.org>",
        ]


def test_a_server_that_wants_content_for_nobody_gets_none() -> None:
    script = Script(on={"RCPT0": "550 5.1.1 no such user", "DATA": "354 go on", "END0": "554 5.5.1 no recipients"})
    handed, _ = sent(script, [message("gone@example.org"), message("here@example.org", "Kept")])
    assert [(one.state, one.about) for one in handed] == [(R, Refusal.RECIPIENT), (D, Refusal.NONE)]
    assert [content for _, _, content in script.taken] == [b"", b"Subject: x\r\n\r\nKept\r\n"]


def silent(sock: socket.socket) -> None:
    """Says nothing until the other side gives up."""
    while sock.recv(4096):
        pass


def drip(sock: socket.socket) -> None:
    for byte in b"250 2.0.0 taken, but so slowly that nobody waits for it\r\n":
        sock.sendall(bytes([byte]))
        time.sleep(0.2)


def half_read_then_reset(sock: socket.socket) -> None:
    sock.recv(10)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    sock.close()


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        # Before its content leaves, a message may be tried again …
        ({"MAIL1": None}, [D, N, N]),
        ({"RCPT1": "banana"}, [D, N, N]),
        ({"DATA1": "250 what?"}, [D, N, N]),
        ({"MAIL1": "421 4.3.2 closing"}, [D, N, N]),
        ({"RCPT0": silent}, [N, N, N]),
        ({"MAIL0": lambda sock: sock.sendall(b"250-x\r\n" * 500)}, [N, N, N]),
        ({"MAIL0": lambda sock: sock.sendall(b"2" * 9000)}, [N, N, N]),
        ({"MAIL0": lambda sock: sock.sendall(b"250-ok\r\n550 or not\r\n")}, [N, N, N]),
        # … after it began to leave nobody knows, and a machine never tries again.
        ({"END1": None}, [D, U, N]),
        ({"CONTENT": half_read_then_reset}, [U, N, N]),
        ({"END1": silent}, [D, U, N]),
        ({"END1": drip}, [D, U, N]),
        ({"END1": "banana"}, [D, U, N]),
        ({"END1": "354 more?"}, [D, U, N]),
        # A definite answer is one, even with the door closing behind it.
        ({"END1": "421 4.3.2 closing, not taken"}, [D, P, N]),
    ],
)
def test_a_server_that_breaks_off_leaves_at_most_one_message_unknown(on: dict[str, Any], expected: Any) -> None:
    script = Script(on=on)
    began = time.monotonic()
    with serving(script):
        connection = Connection.open(settings(script.port, timeout=0.5, end_timeout=0.5))
        messages = [message(f"p{n}@example.org", "x" * 800) for n in range(3)]
        handed = connection.send_group(messages, lambda _: None)
        assert states(handed) == expected
        assert not connection.is_open
        assert time.monotonic() - began < 4
        assert all(one.words for one in handed)
        later = connection.send_group([message()], lambda _: pytest.fail("announced on a dead connection"))
        assert states(later) == [N]
        connection.close()


def test_an_idle_connection_that_the_server_closed_is_noticed() -> None:
    script = Script(on={"NOOP1": None})
    with serving(script):
        connection = Connection.open(settings(script.port))
        assert connection.check()
        assert not connection.check()
        assert not connection.is_open


def test_what_a_server_cannot_carry_is_refused_before_it_is_asked() -> None:
    odd = [
        (message(text="é"), Refusal.CONTENT),
        (message("jörg@example.org"), Refusal.RECIPIENT),
        (message(text="x\r\n" * 400), Refusal.CONTENT),
        (message(text="x" * 999), Refusal.CONTENT),
        (message(text="a\nRCPT TO:<b@c>"), Refusal.CONTENT),
        (message(text="a\r.\r\nb"), Refusal.CONTENT),
        (message("a@b.c>\r\nDATA"), Refusal.RECIPIENT),
        (message(envelope_from="a b@c.d"), Refusal.SENDER),
        (message(content=b"no end"), Refusal.CONTENT),
    ]
    script = Script(offers=("PIPELINING", "SIZE 1000"))
    handed, announced = sent(script, [*(one for one, _ in odd), message()])
    assert [(one.state, one.about) for one in handed] == [*((R, about) for _, about in odd), (D, Refusal.NONE)]
    assert announced == [[handed[-1].key]]
    assert len(script.taken) == 1
    able = Script()
    bounce = message(envelope_from="", content=b"\r\nplain\r\n")
    handed, _ = sent(able, [odd[0][0], odd[1][0], bounce])
    assert states(handed) == [D, D, D]
    assert [one.split(" ", 2)[2:] for one in able.seen if one.startswith("MAIL")] == [
        ["SIZE=18 BODY=8BITMIME"],
        ["SIZE=21 SMTPUTF8"],
        ["SIZE=9"],
    ]
    assert able.taken[0][2] == "Subject: x\r\n\r\né\r\n".encode()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


class OfferXoauth2(SMTP):
    """aiosmtpd with the one way to sign in that it lacks."""

    async def auth_XOAUTH2(self, _: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        if base64.b64decode(args[1]).decode() == f"user=me\x01auth=Bearer {SECRET}\x01\x01":
            return AuthResult(success=True)
        reason = base64.b64encode(b'{"status":"401"}').decode()
        assert await self.challenge_auth(reason.encode(), encode_to_b64=False) == b""
        return AuthResult(success=False, handled=False)


@pytest.fixture(scope="module")
def signed_in(certificate: Path) -> Iterator[Controller]:
    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"me", SECRET.encode())
        return AuthResult(success=right, handled=False)

    class Kept:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            return f"250 2.0.0 {envelope.rcpt_tos[0]} {len(envelope.content)}"

    class Real(Controller):
        def factory(self) -> SMTP:
            return OfferXoauth2(
                self.handler,
                tls_context=server_side(certificate),
                require_starttls=True,
                auth_required=True,
                authenticator=check,
                enable_SMTPUTF8=True,
                loop=self.loop,
            )

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Real(Kept(), hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


@pytest.mark.parametrize("login", [Login.PLAIN, Login.LOGIN, Login.XOAUTH2])
def test_signs_in_over_starttls_to_a_server_of_other_people(
    signed_in: Controller, certificate: Path, login: Login
) -> None:
    mailbox: dict[str, Any] = {
        "host": "localhost",
        "encryption": Encryption.STARTTLS,
        "authority": str(certificate),
        "login": login,
        "username": "me",
        "timeout": 5,
    }
    with Connection.open(settings(signed_in.port, secret=SECRET, **mailbox)) as connection:
        handed = connection.send_group([message("jörg@example.org", "é")], lambda _: None)
        assert (handed[0].state, handed[0].words) == (D, "2.0.0 jörg@example.org 18")
    with pytest.raises(CannotConnect, match=r"did not let us in.*It says: 535") as refused:
        Connection.open(settings(signed_in.port, secret=SECRET + "-wrong", **mailbox))
    assert SECRET not in str(refused.value) + repr(settings(1, secret=SECRET))


def test_a_server_that_echoes_the_password_does_not_get_it_into_our_words() -> None:
    offers = ("AUTH PLAIN LOGIN",)
    token = base64.b64encode(f"\0me\0{SECRET}".encode()).decode()
    for answer in (f"535 5.7.8 wrong: {SECRET}", f"500 unknown command AUTH PLAIN {token}"):
        script = Script(on={"AUTH": answer}, offers=offers)
        with serving(script), pytest.raises(CannotConnect) as refused:
            Connection.open(settings(script.port, login=Login.PLAIN, username="me", secret=SECRET))
        assert SECRET not in str(refused.value)
        assert token not in str(refused.value)
        assert "…" in str(refused.value)
        assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_tls_from_the_first_byte(certificate: Path) -> None:
    script = Script(context=server_side(certificate), tls_at_once=True)
    handed, _ = sent(
        script, [message()], host="localhost", encryption=Encryption.TLS, authority=str(certificate), timeout=5
    )
    assert states(handed) == [D]


@pytest.mark.parametrize(
    ("script", "change", "words"),
    [
        ({}, {"encryption": Encryption.STARTTLS}, "doesn't offer to encrypt"),
        (
            {"tls": True},
            {"encryption": Encryption.STARTTLS, "host": "localhost"},
            NOT_PROVED,
        ),
        (
            {"tls": True},
            {"encryption": Encryption.STARTTLS, "authority": "own"},
            NOT_PROVED,
        ),
        (
            {"on": {"STARTTLS": "220 go on\r\n250 injected"}, "tls": True},
            {"encryption": Encryption.STARTTLS},
            "out of turn",
        ),
        ({"on": {"STARTTLS": "454 not now"}, "tls": True}, {"encryption": Encryption.STARTTLS}, "454 not now"),
        ({}, {"encryption": Encryption.TLS}, "could not protect"),
        ({}, {"login": Login.PLAIN}, "it offers no way to sign in"),
        ({"offers": ("AUTH LOGIN",)}, {"login": Login.XOAUTH2}, "it offers LOGIN"),
        ({}, {"login": Login.PLAIN, "host": "mail.invalid"}, "isn't encrypted"),
        ({}, {"greeting": "x\r\nMAIL"}, "isn't a host name"),
        ({"on": {"CONNECT": "554 5.7.1 your address is blocked"}}, {}, "554 5.7.1 your address is blocked"),
        ({"on": {"CONNECT": silent}}, {"timeout": 0.5}, "no answer within 0.5 seconds"),
        ({"on": {"EHLO": "550 go away", "HELO": "550 go away"}}, {}, "550 go away"),
        ({"on": {"CONNECT": "SSH-2.0-OpenSSH"}}, {}, "isn't SMTP"),
    ],
)
def test_what_keeps_us_from_connecting_is_said_plainly(
    certificate: Path, script: dict[str, Any], change: dict[str, Any], words: str
) -> None:
    server = Script(on=script.get("on", {}), offers=("STARTTLS",) if script.get("tls") else script.get("offers", ()))
    server.context = server_side(certificate) if script.get("tls") else None
    if change.get("authority"):
        change = change | {"authority": str(certificate)}  # trusted, but for another name than 127.0.0.1
    with serving(server), pytest.raises(CannotConnect, match=re.escape(words)) as refused:
        Connection.open(settings(server.port, **change))
    assert refused.value.what
    assert refused.value.todo
    assert not [one for one in server.seen if one.startswith("AUTH")]


def test_a_port_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(CannotConnect, match="could not reach the mail server"):
        Connection.open(settings(port))


@pytest.mark.parametrize(
    ("stage", "words", "about"),
    [
        (Stage.RECIPIENT, "550 5.1.1 <block@example.org> user unknown", Refusal.RECIPIENT),
        (Stage.RECIPIENT, "550 5.1.1 blocked by our policy", Refusal.POLICY),
        (Stage.RECIPIENT, "550 No such user here", Refusal.RECIPIENT),
        (Stage.RECIPIENT, "550 Requested action not taken: mailbox unavailable", Refusal.RECIPIENT),
        (Stage.RECIPIENT, "550 go away", Refusal.POLICY),
        (Stage.RECIPIENT, "554 5.7.1 <x@example.org>: Relay access denied", Refusal.POLICY),
        (Stage.RECIPIENT, "552 5.2.2 over quota", Refusal.MAILBOX),
        (Stage.RECIPIENT, "556 5.1.10 Recipient has null MX", Refusal.RECIPIENT),
        (Stage.CONTENT, "552 message exceeds fixed maximum message size", Refusal.CONTENT),
        (Stage.CONTENT, "550 no such user", Refusal.POLICY),
        (Stage.CONTENT, "550 5.7.26 unauthenticated email is not accepted due to DMARC policy", Refusal.POLICY),
        (Stage.MAIL, "550 no such user", Refusal.SENDER),
    ],
)
def test_only_a_clear_word_condemns_an_address(stage: Stage, words: str, about: Refusal) -> None:
    code, _, text = words.partition(" ")
    status = text.split(" ")[0] if text[:2] == "5." else ""
    assert refusal_about(stage, int(code), status, text) is about
