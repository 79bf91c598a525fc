"""Our signatures, judged by dkimpy, which other people wrote, and that by the example of RFC 8463."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fourfold.contact.transports.dkim import Signer, body_hash, new_key, record, signed, zone_text
from fourfold.contact.transports.mime import Skeleton
from fourfold.contact.types.transport import Addressed, CannotSend, Filled, KeyKind, Letter, SenderIdentity, Slot

AT = datetime(2025, 3, 10, 9, 30, tzinfo=UTC)
KEYS = {kind: new_key(kind, domain="Bücher.example", selector=f"f-{kind}") for kind in KeyKind}
SIGNERS = {kind: Signer(key) for kind, key in KEYS.items()}
SKELETON = Skeleton(
    Letter(
        sender=SenderIdentity(name="Ana Díaz", address="ana@bücher.example"),
        subject=("For ", Slot("name")),
        text=("Dear ", Slot("name"), "\n\n \t \nindented:\t  x  \n\n\n"),
        html=("<p>", Slot("name"), "</p>\n"),
        feedback_id="a:b:c",
    )
)
DNS = {f"{record(key).name}.".encode(): record(key).text.encode() for key in KEYS.values()}
RFC_8463 = b"""DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
""".replace(b"\n", b"\r\n")
DNS[b"brisbane._domainkey.football.example.com."] = (
    b"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
)


def test_the_verifier_and_the_body_hash_agree_with_the_standard() -> None:
    assert verified(RFC_8463)
    assert not verified(RFC_8463.replace(b"dinner", b"supper"))
    assert body_hash(RFC_8463.partition(b"\r\n\r\n")[2]) == "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8="
    assert body_hash(b"") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="  # RFC 6376, 3.4.4


def filled(name: str = "Jo") -> Filled:
    to = Addressed(
        key=uuid4(),
        to_address="jo@example.org",
        to_name=name,
        at=AT,
        values={"name": name},
        unsubscribe_url="https://example.com/u/x",
    )
    return SKELETON.fill(to)


def answers(name: bytes, timeout: int = 5) -> bytes | None:
    return DNS.get(name)


def verified(content: bytes, which: int = 0, dns: Callable[..., bytes | None] = answers) -> bool:
    try:
        return bool(dkim.DKIM(content, minkey=2048).verify(which, dnsfunc=dns))
    except dkim.ValidationError:  # the body hash differs
        return False


@settings(deadline=None)
@given(name=st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=120))
@example(name="日本" * 50)
def test_every_message_of_ours_verifies_with_both_kinds_of_key(name: str) -> None:
    content = signed(filled(name), list(SIGNERS.values()), AT)
    assert verified(content, 0)
    assert verified(content, 1)
    assert max(map(len, content.split(b"\r\n"))) <= 76
    assert content.endswith(b"--\r\n")


@settings(deadline=None)
@given(
    body=st.lists(st.sampled_from([b"a", b" ", b"\t", b"\r\n", b"  ", b"b.", b"\xc3\xa9"]), max_size=30).map(b"".join)
)
@example(body=b"")
@example(body=b" \r\n\r\n\t")
@example(body=b"\r\n a \t b \r\n\r\n \r\n")
def test_any_body_is_hashed_as_others_hash_it(body: bytes) -> None:
    content = signed(
        Filled(b"From: a@b.c\r\nSubject:  odd \t\r\n  folded \r\n", body + b"\r\n"), [SIGNERS[KeyKind.ED25519]], AT
    )
    assert verified(content)


@pytest.mark.parametrize("kind", KeyKind)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Dear Jo", b"Dear Al"),
        (b"Subject: For Jo", b"Subject: For Al"),
        (b"From: ", b"From: x@evil.example\r\nFrom: "),
        (b"To: ", b"Subject: another\r\nTo: "),
        (b"List-Unsubscribe: <https://example.com", b"List-Unsubscribe: <https://example.net"),
        (b"t=17", b"t=16"),
    ],
)
def test_what_is_changed_or_added_on_the_way_is_seen(kind: KeyKind, old: bytes, new: bytes) -> None:
    content = signed(filled(), [SIGNERS[kind]], AT)
    assert verified(content)
    assert content.count(old) >= 1
    assert not verified(content.replace(old, new, 1))


def test_what_may_change_on_the_way_does_not_break_it() -> None:
    content = signed(filled(), [SIGNERS[KeyKind.RSA]], AT)
    moved = b"Received: from a by b\r\n" + content.replace(b"Subject: For Jo", b"subject:  For\r\n\tJo ") + b"\r\n\r\n"
    assert verified(moved)


def test_keys_and_their_records() -> None:
    for kind, key in KEYS.items():
        published = record(key)
        assert (published.name, published.kind) == (f"f-{kind}._domainkey.xn--bcher-kva.example", "TXT")
        assert published.text.startswith(f"v=DKIM1; k={kind}; p=")
        assert key.private not in repr(key)
    pieces = zone_text(record(KEYS[KeyKind.RSA]).text)
    assert pieces.replace('" "', "").strip('"') == record(KEYS[KeyKind.RSA]).text
    assert max(map(len, pieces.split('" "'))) <= 256
    other = record(new_key(KeyKind.RSA, domain="x.example", selector="x")).text.encode()
    assert not verified(signed(filled(), [SIGNERS[KeyKind.RSA]], AT), dns=lambda *_, **__: other)


def test_keys_that_cannot_be_used_are_refused_plainly() -> None:
    short = generate_private_key(public_exponent=65_537, key_size=1024).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    rsa = KEYS[KeyKind.RSA]
    for bad, why in [
        (replace(rsa, private=short.decode()), "1024 bits"),
        (replace(rsa, kind=KeyKind.ED25519), "isn't of the kind ed25519"),
        (replace(rsa, private="none"), "can't be read"),
        (replace(rsa, selector="x;\r\n d=evil.example"), "its selector isn't one"),
        (replace(rsa, domain="a b"), "Its domain"),
    ]:
        with pytest.raises(CannotSend, match=why):
            Signer(bad)
    for domain, selector in (("no domain", "a"), ("example.org", "A_b"), ("example.org", "")):
        with pytest.raises(CannotSend):
            new_key(KeyKind.ED25519, domain=domain, selector=selector)
