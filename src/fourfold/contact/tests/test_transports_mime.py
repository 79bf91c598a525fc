"""A message filled by joining bytes is the message the standard library would have written."""

from __future__ import annotations

import email
import html
from datetime import UTC, datetime, timedelta, timezone
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fourfold.contact.transports.headers import envelope_address
from fourfold.contact.transports.mime import Skeleton
from fourfold.contact.types.transport import Addressed, CannotSend, Letter, SenderIdentity, Slot, SlotKind

KEY = UUID("0197f3aa-0000-7000-8000-00000000c0de")
AT = datetime(2026, 11, 23, 9, 30, 5, 123, tzinfo=timezone(timedelta(hours=1)))
SENDER = SenderIdentity(name="Ana Dias", address="ana@example.com", reply_to="answers@example.com")
NAME, URL, BLOCK = Slot("name"), Slot("url", SlotKind.URL), Slot("block", SlotKind.READY)
TEXT = ("Dear ", NAME, ",\n\n", "a long line " * 20, "\ncafé =\t \n", NAME, " – see ", URL, " \n\nBye\r\n.\n")
HTML = ("<p>Dear ", NAME, '</p>\n<a href="', URL, '">here</a>', "<br>" * 30, "\n", BLOCK, "\n</body>\n")
LETTER = Letter(
    sender=SENDER,
    subject=("For ", NAME, ": a job"),
    text=TEXT,
    html=HTML,
    feedback_id="news:0197:house",
    automatic=True,
    loop_mark="fourfold-house",
)
SKELETON = Skeleton(LETTER)
POLICY = policy.SMTP.clone(max_line_length=76)


def addressed(**change: Any) -> Addressed:
    values = {"name": "Jo", "url": "https://example.com/?a=1&b=2", "block": "<b>bold</b>"} | change.pop("values", {})
    usual: dict[str, Any] = {"key": KEY, "to_address": "jo@example.org", "to_name": "Jo", "at": AT, "values": values}
    return Addressed(**usual | change)


def joined(text: Any, values: dict[str, str], markup: bool) -> str:
    ready = {**values, "name": html.escape(values["name"]), "url": html.escape(values["url"])} if markup else values
    return "".join(one if isinstance(one, str) else ready[one.name] for one in text)


def as_the_library_writes_it(to: Addressed) -> EmailMessage:
    values = dict(to.values)
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(SENDER.name, addr_spec=SENDER.address)
    message["Reply-To"] = SENDER.reply_to
    message["To"] = Address(to.to_name, addr_spec=to.to_address)
    message["Subject"] = f"For {values['name']}: a job"
    message["Date"] = format_datetime(to.at.astimezone(UTC))
    message["Message-ID"] = f"<{to.key}@example.com>"
    message["Feedback-ID"] = "news:0197:house"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Loop"] = "fourfold-house"
    message.set_content(joined(TEXT, values, False), cte="quoted-printable")
    message.add_alternative(joined(HTML, values, True), subtype="html", cte="quoted-printable")
    filled = email.message_from_bytes(SKELETON.fill(to).content, policy=POLICY)
    message.set_boundary(filled.get_boundary())
    return message


plain = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60).map(lambda one: " ".join(one.split()))
plain_words = st.lists(st.text("abcXYZ019'-().,@\"\\", min_size=1, max_size=50), min_size=1, max_size=12).map(" ".join)
anything = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=200)
body_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=200)
links = st.text("abc/?&=%-_.~#:@!$()*+,;[]09", min_size=1, max_size=200).map("https://example.com/".__add__)


@settings(deadline=None)
@given(name=plain, subject=plain_words, url=links)
@example(name='O"Neil, \\ (x)', subject="a" * 50, url="https://example.com/a")
def test_plain_values_are_byte_for_byte_what_the_library_writes(name: str, subject: str, url: str) -> None:
    to = addressed(to_name=name.replace("=?", ""), values={"name": subject.replace("=?", ""), "url": url})
    if len(to.to_name) > 40:  # beyond that a name is encoded, where the library folds it inside its quotes
        to = addressed(to_name="", values=to.values)
    ours, theirs = SKELETON.fill(to).content, as_the_library_writes_it(to).as_bytes()
    if b"Subject:\r\n " in theirs:  # it leaves the first line empty where the rest fits one; we fill the first line
        ours, theirs = (one.replace(b"\r\n ", b" ") for one in (ours, theirs))
    assert ours == theirs


@settings(deadline=None)
@given(name=anything, block=body_text, value=anything, url=links)
@example(name="=?utf-8?q?a=0D=0AX-Evil:_1?=", block="=\n.\n--=_x\n" + "é" * 200, value="日本" * 60, url="https://a.b")
@example(name="Ü, X <a@b.c>", block="\r\n\rx" + "x" * 75 + " ", value="a\u00a0b  c ", url="https://a.b/" + "x" * 500)
@example(name="ÿ" * 40, block="x" * 74 + "\t\n" + "=" * 80, value="A" * 150, url="https://a.b/")
def test_any_value_is_read_back_as_it_was_given(name: str, block: str, value: str, url: str) -> None:
    to = addressed(to_name=name, values={"name": value, "url": url, "block": block}, unsubscribe_url=url)
    content = SKELETON.fill(to).content
    read, library = email.message_from_bytes(content, policy=POLICY), as_the_library_writes_it(addressed())
    old = email.message_from_bytes(content)
    subject = f"For {value}: a job"
    assert decoded(old["Subject"]) == " ".join(subject.split()) if "  " in subject else subject
    phrase, address = parseaddr(old["To"].replace("\r\n", ""))
    assert decoded(phrase) == (" ".join(name.split()) if "  " in name else name).strip()
    assert address == "jo@example.org"
    assert read["List-Unsubscribe"] == f"<{url}>"
    assert [part.get_content_type() for part in read.walk()] == [part.get_content_type() for part in library.walk()]
    assert read.keys() == [*library.keys()[:6], "List-Unsubscribe", "List-Unsubscribe-Post", *library.keys()[6:]]
    text, markup = (part.get_payload(decode=True).decode() for part in read.iter_parts())
    assert text == lines_of(joined(TEXT, dict(to.values), False))
    assert markup == lines_of(joined(HTML, dict(to.values), True))
    bodies = as_the_library_writes_it(to).as_bytes().partition(b"MIME-Version")[2]
    assert content.partition(b"MIME-Version")[2] == bodies
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= max(76, len(url) + len("List-Unsubscribe: <>"))
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")


def decoded(value: str) -> str:
    parts = email.header.decode_header(value.replace("\r\n", ""))
    return "".join(one.decode(charset or "ascii") if isinstance(one, bytes) else one for one, charset in parts)


def lines_of(text: str) -> str:
    """The text with the line ends that mail gives it."""
    return "".join(
        f"{line}\r\n" for line in text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    )


@pytest.mark.parametrize("bad", ["\r", "\n", "\0", "\r\nBcc: x@example.org", "\x0b", "\x85", "\u2028", "\ud800"])
@pytest.mark.parametrize("where", ["to_name", "subject", "to_address", "unsubscribe_url"])
def test_no_value_can_begin_another_header(where: str, bad: str) -> None:
    change: dict[str, Any] = {where: f"Jo{bad}Bcc: x"}
    if where == "subject":
        change = {"values": {"name": f"Jo{bad}"}}
    with pytest.raises(CannotSend) as refused:
        SKELETON.fill(addressed(**change))
    assert all(refused.value.as_dict().values())


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"url": "javascript:alert(1)"}, "isn't one that is safe to link to"),
        ({"url": 'https://a.b/"onload='}, "isn't one that is safe to link to"),
        ({"block": "a\0"}, "no message may hold"),
        ({"block": "a\ud800"}, "no message may hold"),
    ],
)
def test_values_that_no_body_may_hold(values: dict[str, str], words: str) -> None:
    with pytest.raises(CannotSend, match=words):
        SKELETON.fill(addressed(values=values))


def test_a_place_without_a_value_is_named() -> None:
    letter = Letter(sender=SENDER, subject=("x",), text=("Hello ", Slot("town")))
    with pytest.raises(CannotSend, match="“town”, and nothing was given"):
        Skeleton(letter).fill(addressed())


def test_plain_text_alone_an_answer_and_a_fixed_body() -> None:
    letter = Letter(sender=SENDER, subject=("Re: it",), text=("Yes.\n",))
    skeleton = Skeleton(letter)
    to = addressed(answers=("first@x", "bad\r\nid", "second@y"), unsubscribe_mail="stop@example.com")
    filled = skeleton.fill(to)
    message = EmailMessage(policy=POLICY)
    for name, value in (
        ("From", "Ana Dias <ana@example.com>"),
        ("Reply-To", "answers@example.com"),
        ("To", "Jo <jo@example.org>"),
        ("Subject", "Re: it"),
        ("Date", "Mon, 23 Nov 2026 08:30:05 +0000"),
        ("Message-ID", f"<{KEY}@example.com>"),
        ("In-Reply-To", "<second@y>"),
        ("References", "<first@x> <second@y>"),
        ("List-Unsubscribe", "<mailto:stop@example.com?subject=unsubscribe>"),
    ):
        message[name] = value
    message.set_content("Yes.\n", cte="quoted-printable")
    assert filled.content == message.as_bytes().replace(b"References: <first@x> ", b"References: <first@x>\r\n ")
    assert filled.body is skeleton.fill(addressed()).body


@pytest.mark.parametrize(
    ("given_address", "taken"),
    [
        ("Jo@Example.ORG", "Jo@example.org"),
        (" jo+tag@example.org ", "jo+tag@example.org"),
        ("jo@bücher.example", "jo@xn--bcher-kva.example"),
        ("jo@STRASSE.example", "jo@strasse.example"),
        ("jörg@bücher.example", "jörg@xn--bcher-kva.example"),
        ("o'neil!#$%@example.org", "o'neil!#$%@example.org"),
        ('"odd,name"@example.org', '"odd,name"@example.org'),
    ],
)
def test_addresses_as_mail_servers_take_them(given_address: str, taken: str) -> None:
    assert envelope_address(given_address) == taken
    assert f"\r\nTo: Jo <{taken}>\r\n".encode() in SKELETON.fill(addressed(to_address=given_address)).content


@pytest.mark.parametrize(
    "address",
    ["", "jo", "@example.org", "jo@", "jo@localhost", "a b@example.org", "a@b@example.org", "jo@-x.org", "jo@☃.",
     "jo@example.org>", "<jo@example.org>", "a,b@example.org", "jo@example.org\r\nDATA", "a..b@example.org",
     f"{'a' * 65}@example.org", f"a@{'b' * 64}.org", f"a@{'b.' * 130}org", "\u2003@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused_plainly(address: str) -> None:
    with pytest.raises(CannotSend, match="isn't an address that mail servers take"):
        envelope_address(address)


LINES = ("BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:REQUEST", "BEGIN:VEVENT", "SUMMARY:Café", "END:VEVENT")
INVITATION = "\r\n".join((*LINES, "END:VCALENDAR", ""))


@pytest.mark.parametrize("markup", [(), HTML])
def test_an_invitation_is_the_last_alternative_and_comes_out_as_it_went_in(markup: Any) -> None:
    letter = Letter(sender=SENDER, subject=("An interview",), text=TEXT, html=markup, calendar=INVITATION)
    read = email.message_from_bytes(Skeleton(letter).fill(addressed()).content, policy=policy.default)
    kinds = [part.get_content_type() for part in read.iter_parts()]
    last = list(read.iter_parts())[-1]
    assert read.get_content_type() == "multipart/alternative"
    assert kinds == ["text/plain", *(["text/html"] if markup else []), "text/calendar"]
    assert last.get_param("method") == "REQUEST"
    assert last.get_payload(decode=True).decode() == INVITATION
    assert not [part.defects for part in read.walk() if part.defects]


def test_an_invitation_says_what_it_does() -> None:
    with pytest.raises(CannotSend, match="asks, changes or cancels"):
        Skeleton(Letter(sender=SENDER, subject=("Hi",), text=("Hi",), calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
