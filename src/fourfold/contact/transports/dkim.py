"""DKIM signatures (RFC 6376, RFC 8463): relaxed/relaxed, RSA-2048 or Ed25519, From signed once more than it stands.

Signing once more than a header stands keeps anybody from adding a second one under our signature.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from fourfold.contact.transports.headers import DOMAIN, envelope_address
from fourfold.contact.types.transport import CannotSend, DkimKey, DnsRecord, Filled, KeyKind

SIGNED = (
    "from",
    "reply-to",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "feedback-id",
    "auto-submitted",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
)
OVERSIGNED = ("from", "to", "subject", "reply-to", "content-type", "list-unsubscribe-post")
SPACES = re.compile(rb"[ \t]+")
LONG_SPACES = re.compile(rb"[ \t]{2,}|\t")
HEADER_END = re.compile(rb"\r\n(?![ \t])")
SELECTOR = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
TXT_PIECE = 255
REMEMBERED = 100_000  # bytes


def new_key(kind: KeyKind, *, domain: str, selector: str) -> DkimKey:
    """A fresh key for a domain: RSA of 2048 bits, or Ed25519. Raises CannotSend for a domain or selector that isn't."""
    domain = envelope_address(f"x@{domain}").removeprefix("x@")
    if not SELECTOR.fullmatch(selector):
        raise CannotSend(
            "No signing key was made.",
            f"“{selector[:63]}” can't name a key in the domain's records.",
            "Use small letters and digits, such as fourfold1.",
        )
    private: RSAPrivateKey | Ed25519PrivateKey
    if kind is KeyKind.RSA:
        private = generate_private_key(public_exponent=65_537, key_size=2048)
        shown = private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    else:
        private = Ed25519PrivateKey.generate()
        shown = private.public_key().public_bytes_raw()
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = base64.b64encode(shown).decode()
    return DkimKey(kind=kind, domain=domain, selector=selector, private=pem.decode(), public=public)


def record(key: DkimKey) -> DnsRecord:
    """The record to publish for a key, its text in one piece."""
    return DnsRecord(f"{key.selector}._domainkey.{key.domain}", "TXT", f"v=DKIM1; k={key.kind}; p={key.public}")


def zone_text(text: str) -> str:
    """A record's text as a zone file wants it: in quoted pieces of at most 255 characters."""
    return " ".join(f'"{text[start : start + TXT_PIECE]}"' for start in range(0, len(text), TXT_PIECE))


class Signer:
    """Signs with one key. Safe in several threads. Raises CannotSend for a key that can't be read or isn't allowed."""

    def __init__(self, key: DkimKey) -> None:
        if not DOMAIN.fullmatch(key.domain) or not SELECTOR.fullmatch(key.selector):
            raise _bad_key(key, "Its domain or its selector isn't one.")
        try:
            private = serialization.load_pem_private_key(key.private.encode(), None)
        except (ValueError, TypeError):
            raise _bad_key(key, "Its private part can't be read.") from None
        if isinstance(private, RSAPrivateKey) and key.kind is KeyKind.RSA:
            if private.key_size < 2048:
                raise _bad_key(key, f"It has {private.key_size} bits; receivers want 2048.")
        elif not (isinstance(private, Ed25519PrivateKey) and key.kind is KeyKind.ED25519):
            raise _bad_key(key, f"Its private part isn't of the kind {key.kind}.")
        self._private = private
        self._start = f"v=1; a={key.kind}-sha256; c=relaxed/relaxed;\r\n d={key.domain}; s={key.selector};"

    def signature(self, filled: Filled, at: datetime) -> bytes:
        """The DKIM-Signature header of a message, with its CRLF: goes before its other headers. ``at`` is aware."""
        headers = [(name, value) for name, value in map(_relaxed, HEADER_END.split(filled.head)) if name]
        names, lines = _chosen(headers)
        unsigned = (
            f"DKIM-Signature: {self._start}\r\n t={int(at.timestamp())};\r\n h={_names(tuple(names))};\r\n"
            f" bh={body_hash(filled.body)};\r\n b="
        ).encode()
        own = b"dkim-signature:" + SPACES.sub(b" ", unsigned[16:].replace(b"\r\n", b""))
        signed = b"".join([*lines, own])
        if isinstance(self._private, RSAPrivateKey):
            made = self._private.sign(signed, PKCS1v15(), hashes.SHA256())
        else:
            made = self._private.sign(hashlib.sha256(signed).digest())
        text = base64.b64encode(made)
        return unsigned + b"\r\n ".join([text[start : start + 72] for start in range(0, len(text), 72)]) + b"\r\n"


def signed(filled: Filled, signers: Sequence[Signer], at: datetime) -> bytes:
    """A whole message with the signatures of all signers before its headers, the first one on top."""
    return b"".join([*(one.signature(filled, at) for one in signers), filled.content])


def body_hash(body: bytes) -> str:
    """SHA-256 of the relaxed body, Base64. Short bodies that are equal are hashed once."""
    return _remembered_hash(body) if len(body) <= REMEMBERED else _hash(body)


@lru_cache(maxsize=16)
def _remembered_hash(body: bytes) -> str:
    return _hash(body)


def _hash(body: bytes) -> str:
    if not body.endswith(b"\r\n"):
        body += b"\r\n"
    if b"  " in body or b"\t" in body:
        body = LONG_SPACES.sub(b" ", body)
    text = body.replace(b" \r\n", b"\r\n").rstrip(b"\r\n")
    return base64.b64encode(hashlib.sha256(text + b"\r\n" if text else b"").digest()).decode()


def _relaxed(header: bytes) -> tuple[str, bytes]:
    """A header's name in small letters, and its relaxed form with CRLF."""
    name, _, value = header.partition(b":")
    low = name.strip().lower()
    clean = SPACES.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")
    return low.decode("latin-1"), b"%s:%s\r\n" % (low, clean)


def _chosen(headers: Sequence[tuple[str, bytes]]) -> tuple[list[str], list[bytes]]:
    """The names that are signed and their lines, the lowest of several first, as verifiers take them."""
    found: dict[str, list[bytes]] = {}
    for name, line in reversed(headers):
        found.setdefault(name, []).append(line)
    names: list[str] = []
    lines: list[bytes] = []
    for name in SIGNED:
        there = found.get(name, [])
        names += [name] * (len(there) + (name in OVERSIGNED))
        lines += there
    return names, lines


@lru_cache(maxsize=256)
def _names(names: tuple[str, ...]) -> str:
    rows, row = [], ""
    for name in names:
        if len(row) + len(name) > 66:
            rows.append(row)
            row = ""
        row += f"{name}:"
    return "\r\n  ".join([*rows, row]).removesuffix(":")


def _bad_key(key: DkimKey, why: str) -> CannotSend:
    return CannotSend(
        f"The signing key {key.selector[:63]} of {key.domain[:253]} can't be used.",
        why,
        "Make a new key for this sender and publish its record.",
    )
