"""SMTP as a client: one kept connection, what became of each message, and never the same content twice.

RFC 5321 with STARTTLS (3207), AUTH (4954), PIPELINING (2920), 8BITMIME (6152), SIZE (1870) and SMTPUTF8 (6531). The
content of one message and the envelope of the next travel together: one round trip a message. Blocking sockets:
use one connection in one thread at a time.
"""

from __future__ import annotations

import base64
import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from uuid import UUID

from fourfold.contact.transports.oauth2 import xoauth2
from fourfold.contact.transports.refusals import Stage, refusal_about
from fourfold.contact.transports.wire import Reply, Wire, WireBroken
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

ADDRESS = re.compile(r"[^\s<>@\x00-\x20\x7f]+@[^\s<>@\x00-\x20\x7f]+")
GREETING = re.compile(r"[A-Za-z0-9._:\[\]-]{1,255}")
# "queued as 4F2A…" (Postfix), "Ok 0102…-000000" (Amazon), "OK id=1rX…" (Exim): how the message is found there again
REMOTE_ID = re.compile(r"(?:queued as |id=|^(?:2\.0\.0 )?Ok:? (?=\S*\d))([A-Za-z0-9][A-Za-z0-9_.-]{5,99})")
LONGEST_LINE = 998
CLOSING = 421
RESET = b"RSET\r\n"


class Connection:
    """An open connection to one mail server. A ``Transport``."""

    def __init__(self, wire: Wire, settings: SmtpSettings, offers: dict[str, str]) -> None:
        self._wire = wire
        self._settings = settings
        self._offers = offers
        self._open = True
        self._stale = False  # the server still holds an envelope that was refused half-way
        size = offers.get("SIZE", "")
        self._most = int(size) if size.isdecimal() else 0

    @classmethod
    def open(cls, settings: SmtpSettings) -> Connection:
        """Connect, protect, sign in. Raises CannotConnect, whose words hold no secret."""
        _check_settings(settings)
        wire = _connect(settings)
        try:
            offers = _greet(wire, settings)
            _sign_in(wire, settings, offers)
        except WireBroken as broken:
            wire.close()
            raise CannotConnect(
                f"The mail server {settings.host} broke off before anything was sent.",
                broken.words,
                "Try again in a few minutes; if it stays so, check host, port and encryption of this mailbox.",
            ) from None
        except BaseException:
            wire.close()
            raise
        return cls(wire, settings, offers)

    @property
    def is_open(self) -> bool:
        return self._open

    def send_group(
        self, messages: Sequence[Outgoing], on_handing_over: Callable[[Sequence[UUID]], None]
    ) -> list[Handed]:
        """Hand messages over, in order; see ``Transport``. Messages that can't go are refused without asking.

        Raises ValueError where a key stands twice.
        """
        if len({one.key for one in messages}) != len(messages):
            raise ValueError("a delivery stands twice in one group")
        handed: dict[UUID, Handed] = {}
        depth = self._settings.depth
        for start in range(0, len(messages), depth):
            fit = []
            for one in messages[start : start + depth]:
                unfit = self._unfit(one)
                if unfit:
                    handed[one.key] = unfit
                else:
                    fit.append(one)
            if fit and self._open:
                on_handing_over([one.key for one in fit])
                handed.update((done.key, done) for done in self._send(fit))
        lost = "The connection was closed before this message's turn."
        return [handed.get(one.key) or Handed(one.key, HandedState.NOT_BEGUN, words=lost) for one in messages]

    def check(self) -> bool:
        """Whether the server still answers; closes the connection if not."""
        if self._open:
            try:
                self._wire.send(b"NOOP\r\n")
                if self._wire.reply().code != 250:
                    raise WireBroken("The server did not answer NOOP with 250.")
            except WireBroken:
                self._drop()
        return self._open

    def close(self) -> None:
        """Say goodbye and hang up. Never raises."""
        if self._open:
            try:
                self._wire.send(b"QUIT\r\n")
                self._wire.reply(timeout=1.0)
            except WireBroken:
                pass
            self._drop()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(self, fit: Sequence[Outgoing]) -> list[Handed]:
        done: list[Handed] = []
        under_way: Outgoing | None = None
        pipelining = "PIPELINING" in self._offers
        try:
            for one in fit:
                content = b"" if under_way is None else _stuffed(under_way.content)
                commands = self._envelope(one)
                if pipelining or content:
                    self._wire.send(content + b"".join(commands) if pipelining else content)
                if under_way is not None:
                    done.append(self._end(under_way))
                    under_way = None
                    self._stop_if_closing(done[-1])
                refused = self._begin(one, commands, sent=pipelining)
                if refused:
                    done.append(refused)
                else:
                    under_way = one
            if under_way is not None:
                self._wire.send(_stuffed(under_way.content))
                done.append(self._end(under_way))
                under_way = None
                self._stop_if_closing(done[-1])
        except WireBroken as broken:
            self._drop()
            if under_way is not None:
                done.append(Handed(under_way.key, HandedState.UNKNOWN, words=broken.words))
            rest = fit[len(done) :]
            done += [Handed(one.key, HandedState.NOT_BEGUN, broken.code, words=broken.words) for one in rest]
        return done

    def _envelope(self, one: Outgoing) -> tuple[bytes, ...]:
        mail = f"MAIL FROM:<{one.envelope_from}>"
        if "SIZE" in self._offers:
            mail += f" SIZE={len(one.content)}"
        if not one.content.isascii():
            mail += " BODY=8BITMIME"
        if _is_international(one):
            mail += " SMTPUTF8"
        commands = ((mail + "\r\n").encode(), f"RCPT TO:<{one.recipient}>\r\n".encode(), b"DATA\r\n")
        return (RESET, *commands) if self._stale else commands

    def _begin(self, one: Outgoing, commands: Sequence[bytes], *, sent: bool) -> Handed | None:
        """Read the answers to an envelope, sent or not yet: None where the content may go, else why not."""
        refused: Handed | None = None
        waits = False  # for content
        stages = iter(Stage)
        for command in commands:
            if refused and not sent:
                break
            if not sent:
                self._wire.send(command)
            reply = self._wire.reply()
            if reply.code == CLOSING:
                raise WireBroken(reply.words, CLOSING)
            if command == RESET:
                continue
            stage = next(stages)
            waits = stage is Stage.CONTENT and reply.code == 354
            if waits or refused or (stage is not Stage.CONTENT and reply.code in (250, 251, 252)):
                continue
            if reply.code < 400:
                raise WireBroken(f"The server answered {reply.code} where that has no meaning.")
            refused = _refused(one, stage, reply)
        if refused and waits:
            self._wire.send(b".\r\n")  # RFC 2920: it waits for content though it took nobody; give it none
            self._wire.reply()
        self._stale = refused is not None
        return refused

    def _end(self, one: Outgoing) -> Handed:
        reply = self._wire.reply(timeout=self._settings.end_timeout)
        if reply.code == 250:
            named = REMOTE_ID.search(reply.words)
            remote = named.group(1) if named else ""
            return Handed(one.key, HandedState.DELIVERED, reply.code, reply.status, reply.words, remote_id=remote)
        if reply.code < 400:
            raise WireBroken(f"The server answered {reply.code} to the end of the message, which has no meaning.")
        return _refused(one, Stage.CONTENT, reply)

    def _stop_if_closing(self, last: Handed) -> None:
        if last.code == CLOSING:
            raise WireBroken(last.words, CLOSING)

    def _unfit(self, one: Outgoing) -> Handed | None:
        """Why this message can't go to this server at all, or None."""

        def refused(about: Refusal, words: str) -> Handed:
            return Handed(one.key, HandedState.REFUSED, words=words, about=about)

        if one.envelope_from and not ADDRESS.fullmatch(one.envelope_from):
            return refused(Refusal.SENDER, "The sender's address isn't one.")
        if not ADDRESS.fullmatch(one.recipient):
            return refused(Refusal.RECIPIENT, "The recipient's address isn't one.")
        content = one.content
        ends = content.count(b"\r\n")
        if not content.endswith(b"\r\n") or content.count(b"\n") != ends or content.count(b"\r") != ends:
            return refused(Refusal.CONTENT, "Each line of a message ends in CR LF, and neither stands elsewhere.")
        if b"\0" in content or max(map(len, content.split(b"\r\n"))) > LONGEST_LINE:
            return refused(Refusal.CONTENT, f"A message has no NUL and no line of more than {LONGEST_LINE} bytes.")
        if self._most and len(content) > self._most:
            return refused(
                Refusal.CONTENT, f"It has {len(content):,} bytes; this server takes {self._most:,} at the most."
            )
        if _is_international(one) and "SMTPUTF8" not in self._offers:
            about = Refusal.SENDER if not one.envelope_from.isascii() else Refusal.RECIPIENT
            return refused(about, "The address has letters beyond ASCII, and this server can't carry them (SMTPUTF8).")
        if not content.isascii() and "8BITMIME" not in self._offers:
            return refused(Refusal.CONTENT, "It has bytes beyond ASCII, and this server can't carry them (8BITMIME).")
        return None

    def _drop(self) -> None:
        self._open = False
        self._wire.close()


def _is_international(one: Outgoing) -> bool:
    return not (one.recipient.isascii() and one.envelope_from.isascii())


def _stuffed(content: bytes) -> bytes:
    """Content as it goes over the wire: dots at the start of lines doubled, and the end."""
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    return (b"." + stuffed if stuffed.startswith(b".") else stuffed) + b".\r\n"


def _refused(one: Outgoing, stage: Stage, reply: Reply) -> Handed:
    """A 4xx or 5xx as what became of the message."""
    if reply.code < 500:
        about = Refusal.MAILBOX if reply.status.startswith("4.2.") else Refusal.NONE
        return Handed(one.key, HandedState.PUT_OFF, reply.code, reply.status, reply.words, about)
    about = refusal_about(stage, reply.code, reply.status, reply.words)
    return Handed(one.key, HandedState.REFUSED, reply.code, reply.status, reply.words, about)


def _check_settings(settings: SmtpSettings) -> None:
    if settings.login is not Login.NONE and settings.encryption is Encryption.NONE and not _is_local(settings.host):
        raise CannotConnect(
            f"We did not sign in at {settings.host}.",
            "Its connection isn't encrypted, so the password could be read on the way.",
            "Choose STARTTLS (port 587) or TLS (port 465) for this mailbox.",
        )
    if settings.greeting and not GREETING.fullmatch(settings.greeting):
        raise CannotConnect(
            "We did not connect.",
            "The name by which this mailbox greets mail servers isn't a host name.",
            "Enter a name such as mail.example.com, or leave it empty.",
        )
    if "\x01" in settings.username or "\0" in settings.username + settings.secret:
        raise CannotConnect(
            f"We did not sign in at {settings.host}.",
            "User name or password has a character that can't be sent.",
            "Enter both again.",
        )


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _connect(settings: SmtpSettings) -> Wire:
    try:
        sock = socket.create_connection((settings.host, settings.port), settings.timeout)
    except (OSError, UnicodeError) as error:
        raise CannotConnect(
            f"We could not reach the mail server {settings.host}:{settings.port}.",
            f"The network says: {getattr(error, 'strerror', None) or error}.",
            "Check host and port of this mailbox, and whether a firewall stands between.",
        ) from None
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    wire = Wire(sock, settings.timeout)
    if settings.encryption is Encryption.TLS:
        _protect(wire, settings)
    return wire


def _protect(wire: Wire, settings: SmtpSettings) -> None:
    try:
        context = ssl.create_default_context(cafile=settings.authority or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        wire.protect(context, settings.host)
    except ssl.SSLCertVerificationError as error:
        wire.close()
        raise CannotConnect(
            f"We did not send through {settings.host}.",
            f"Its certificate doesn't prove that it is this server ({error.verify_message}).",
            "Check the host name of this mailbox, or ask whoever runs the server to renew its certificate.",
        ) from None
    except OSError as error:
        wire.close()
        raise CannotConnect(
            f"We could not protect the connection to {settings.host}:{settings.port}.",
            f"TLS says: {getattr(error, 'reason', None) or error.strerror or type(error).__name__}.",
            "Check port and encryption: 465 goes with TLS, 587 with STARTTLS.",
        ) from None


def _greet(wire: Wire, settings: SmtpSettings) -> dict[str, str]:
    """Read the greeting, say EHLO, turn TLS on where asked. Gives what the server offers."""
    greeting = wire.reply()
    if greeting.code != 220:
        raise WireBroken(f"It greeted with {greeting.code} {greeting.words}.", greeting.code)
    offers = _hello(wire, settings)
    if settings.encryption is not Encryption.STARTTLS:
        return offers
    if "STARTTLS" not in offers:
        raise CannotConnect(
            f"We did not send through {settings.host}.",
            "It doesn't offer to encrypt the connection (STARTTLS).",
            "Choose TLS with port 465 for this mailbox, or ask whoever runs the server.",
        )
    wire.send(b"STARTTLS\r\n")
    answer = wire.reply()
    if answer.code != 220 or wire.has_more:
        # What came in clear after the answer could be anybody's: it must not be read as if it came protected.
        raise WireBroken(f"It answered {answer.code} {answer.words} to STARTTLS, or spoke out of turn.")
    _protect(wire, settings)
    return _hello(wire, settings)


def _hello(wire: Wire, settings: SmtpSettings) -> dict[str, str]:
    name = settings.greeting or wire.own_address
    wire.send(f"EHLO {name}\r\n".encode())
    answer = wire.reply()
    if answer.code != 250:
        wire.send(f"HELO {name}\r\n".encode())
        answer = wire.reply()
        if answer.code != 250:
            raise WireBroken(f"It answered {answer.code} {answer.words} to our greeting.", answer.code)
        return {}
    offers: dict[str, str] = {}
    for line in answer.lines[1:]:
        word, _, rest = line.replace("AUTH=", "AUTH ").partition(" ")
        offers[word.upper()] = f"{offers.get(word.upper(), '')} {rest}".strip()
    return offers


def _sign_in(wire: Wire, settings: SmtpSettings, offers: dict[str, str]) -> None:
    if settings.login is Login.NONE:
        return
    offered = offers.get("AUTH", "").upper().split()
    if settings.login.upper() not in offered:
        raise CannotConnect(
            f"We did not sign in at {settings.host}.",
            f"It doesn't offer {settings.login.upper()}; it offers {', '.join(offered) or 'no way to sign in'}.",
            "Choose another way to sign in for this mailbox.",
        )
    user, secret = settings.username, settings.secret
    if settings.login is Login.PLAIN:
        steps = [f"\0{user}\0{secret}"]
    elif settings.login is Login.XOAUTH2:
        steps = [xoauth2(user, secret)]
    else:
        steps = [user, secret]
    encoded = [base64.b64encode(step.encode()).decode() for step in steps]
    wire.secrets = tuple(one for one in (secret, *encoded) if one)
    first = [] if settings.login is Login.LOGIN else encoded[:1]
    wire.send(" ".join(["AUTH", settings.login.upper(), *first]).encode() + b"\r\n")
    reply = wire.reply()
    left = encoded[len(first) :]
    while reply.code == 334 and left:
        wire.send(left.pop(0).encode() + b"\r\n")
        reply = wire.reply()
    if reply.code == 334:  # XOAUTH2 tells why in a challenge, and wants an empty line before it refuses
        wire.send(b"\r\n")
        reply = wire.reply()
    if reply.code != 235:
        raise CannotConnect(
            f"The mail server {settings.host} did not let us in.",
            f"It says: {reply.code} {reply.words}.",
            "Check user name and password, or connect the mailbox again; some providers want an app password.",
        )
