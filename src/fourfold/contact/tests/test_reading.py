"""Mail from bytes: what came in, from whom, what bounced, and that nothing a stranger sends breaks it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourfold.contact.reading import MOST_BYTES, classify, read
from fourfold.contact.types.inbound import BounceKind, MailKind, Party

OURS = frozenset({"mail.house.example"})


def mail(*fields: str, body: str = "Hello") -> bytes:
    return ("\r\n".join(fields) + "\r\n\r\n" + body.replace("\n", "\r\n")).encode("utf-8", "surrogateescape")


def report(kind: str, *groups: str, returned: str = "Message-ID: <d1@mail.house.example>") -> bytes:
    inner = "message/feedback-report" if kind == "feedback-report" else "message/delivery-status"
    body = "--b\nContent-Type: text/plain\n\nA notice.\n\n--b\nContent-Type: " + inner + "\n\n" + "\n\n".join(groups)
    body += f"\n\n--b\nContent-Type: text/rfc822-headers\n\n{returned}\nTo: ann@client.example\n\n--b--\n"
    return mail("From: MAILER-DAEMON@mx.example", f"Content-Type: multipart/report; report-type={kind}; boundary=b",
                body=body)  # fmt: skip


def test_a_reply_is_read_with_its_ids_addresses_and_words() -> None:
    found = read(mail(
        "From: =?iso-8859-1?q?Zo=EB?= Roth <zoe@Client.EXAMPLE>", "To: Ana <ana@house.example>, bo@house.example",
        "Date: Tue, 3 Nov 2026 09:30:00 +0100", "Subject: Re: A job", "Message-ID: <r1@client.example>",
        "In-Reply-To: <d1@mail.house.example>", "References: <d0@mail.house.example> <d1@mail.house.example>",
        body="Yes, gladly.\n\n-- \nZoe\n\nOn Mon, 2 Nov 2026, Ana <ana@house.example> wrote:\n> Would you?\n",
    ), ours=OURS)  # fmt: skip
    assert (found.kind, found.message_id, found.in_reply_to) == (
        MailKind.REPLY, "r1@client.example", ("d1@mail.house.example",))  # fmt: skip
    assert found.references == ("d0@mail.house.example", "d1@mail.house.example")
    assert found.sender == Party("zoe@client.example", "Zoë Roth")
    assert found.to == (Party("ana@house.example", "Ana"), Party("bo@house.example"))
    assert found.sent_at == datetime(2026, 11, 3, 8, 30, tzinfo=UTC)
    assert (found.unquoted, found.reply) == ("Yes, gladly.\n\n--\nZoe", "Yes, gladly.")
    assert "Would you?" in found.text
    assert found.answerable
    assert not found.automatic


@pytest.mark.parametrize(("status", "said", "kind"), [
    ("5.1.1", "550 5.1.1 User unknown", BounceKind.HARD),
    ("5.1.2", "550 5.1.2 Host not found", BounceKind.HARD),
    ("5.0.0", "550 No such user here", BounceKind.HARD),
    ("5.1.1", "552 5.1.1 Mailbox is full", BounceKind.SOFT),
    ("5.2.2", "552 5.2.2 Over quota", BounceKind.SOFT),
    ("5.2.1", "550 5.2.1 This account is disabled", BounceKind.SOFT),
    ("4.4.1", "451 4.4.1 Connection timed out", BounceKind.SOFT),
    ("5.7.26", "550 5.7.26 Unauthenticated mail: DMARC", BounceKind.POLICY),
    ("5.7.1", "550 5.7.1 Recipient address rejected: blocked using a block list", BounceKind.POLICY),
    ("5.0.0", "554 Message identified as spam", BounceKind.CONTENT),
    ("5.3.4", "552 5.3.4 Message too large", BounceKind.CONTENT),
    ("5.1.8", "550 5.1.8 Sender address rejected: domain not found", BounceKind.POLICY),
])  # fmt: skip
def test_hard_is_no_such_mailbox_or_domain_and_nothing_else(status: str, said: str, kind: BounceKind) -> None:
    found = read(report("delivery-status", "Reporting-MTA: dns; mx.example",
                        f"Final-Recipient: rfc822; ann@client.example\nAction: failed\nStatus: {status}\n"
                        f"Diagnostic-Code: smtp; {said}"))  # fmt: skip
    assert found.kind is MailKind.BOUNCE
    assert [(one.address, one.kind, one.ends_address) for one in found.bounced] == [
        ("ann@client.example", kind, kind is BounceKind.HARD)
    ]
    assert found.about == ("d1@mail.house.example",)
    assert not found.answerable


def test_a_delay_is_no_failure_and_each_recipient_has_its_own_verdict() -> None:
    found = read(report("delivery-status", "Reporting-MTA: dns; mx.example",
                        "Final-Recipient: rfc822; a@x.example\nAction: delayed\nStatus: 4.4.1",
                        "Final-Recipient: rfc822; b@x.example\nAction: delivered\nStatus: 2.0.0",
                        "Final-Recipient: rfc822; c@x.example\nAction: failed\nStatus: 5.1.1"))  # fmt: skip
    assert [(one.address, one.kind) for one in found.bounced] == [
        ("a@x.example", BounceKind.DELAYED), ("c@x.example", BounceKind.HARD)]  # fmt: skip


def test_a_notice_without_a_standard_report() -> None:
    found = read(mail("From: Mail Delivery Subsystem <mailer-daemon@mx.example>", "Subject: Undelivered mail",
                      body="Sorry.\n\n<ann@client.example>:\n550 5.1.1 no such mailbox\n\n"
                           "--- Below this line is a copy of the message.\nMessage-ID: <d7@mail.house.example>\n"),
                 ours=OURS)  # fmt: skip
    assert (found.kind, found.bounced[0].address, found.bounced[0].kind, found.about) == (
        MailKind.BOUNCE, "ann@client.example", BounceKind.HARD, ("d7@mail.house.example",))  # fmt: skip


def test_a_person_who_writes_about_a_bounce_is_no_bounce() -> None:
    found = read(mail("From: ann@client.example", "Subject: Re: undelivered mail", "In-Reply-To: <d1@x.example>",
                      body="You wrote that 550 5.1.1 came back from bob@client.example. He left."))  # fmt: skip
    assert (found.kind, found.bounced) == (MailKind.REPLY, ())


def test_a_complaint_report_names_who_complained_and_about_what() -> None:
    found = read(report("feedback-report", "Feedback-Type: abuse\nVersion: 1\nUser-Agent: x"))
    assert found.kind is MailKind.COMPLAINT_REPORT
    assert found.complaint is not None
    assert (found.complaint.feedback, found.complaint.recipients, found.complaint.is_complaint) == (
        "abuse", ("ann@client.example",), True)  # fmt: skip
    assert found.about == ("d1@mail.house.example",)
    opted = read(report("feedback-report", "Feedback-Type: opt-out\nRemoval-Recipient: <bob@client.example>"))
    assert opted.complaint is not None
    assert opted.complaint.recipients[0] == "bob@client.example"
    proof = read(report("feedback-report", "Feedback-Type: auth-failure"))
    assert proof.complaint is not None
    assert not proof.complaint.is_complaint


@pytest.mark.parametrize(("fields", "kind"), [
    (("Auto-Submitted: auto-replied", "In-Reply-To: <a@b.example>"), MailKind.AUTO_REPLY),
    (("Auto-Submitted: no", "In-Reply-To: <a@b.example>"), MailKind.REPLY),
    (("X-Autoreply: yes",), MailKind.AUTO_REPLY),
    (("Subject: Automatische Antwort: Stelle",), MailKind.AUTO_REPLY),
    (("Message-ID: <d1@mail.house.example>",), MailKind.LOOP),
    (("X-Loop: robot@mail.house.example",), MailKind.LOOP),
    (("Received: x",) * 60, MailKind.LOOP),
    (("Precedence: bulk", "Subject: Re: offers"), MailKind.OTHER),
    (("Subject: A question",), MailKind.OTHER),
])  # fmt: skip
def test_machines_and_loops(fields: tuple[str, ...], kind: MailKind) -> None:
    found = read(mail("From: ann@client.example", *fields), ours=OURS)
    assert found.kind is kind
    assert found.answerable == (kind is MailKind.REPLY or fields == ("Subject: A question",))


def test_a_mail_that_is_too_big_is_read_by_its_head() -> None:
    found = read(mail("From: ann@client.example", "Subject: Re: files") + b"x" * (MOST_BYTES + 1))
    assert (found.kind, found.subject, found.text) == (MailKind.REPLY, "Re: files", "")
    assert found.refused == "The body wasn't read: the mail has 36 MB, and 36 MB is the most we read."


def test_fields_hold_no_line_breaks_null_bytes_or_turned_text() -> None:
    found = read(mail("From: ann@client.example",
                      "Subject: =?utf-8?q?Hi=0D=0ABcc:_x=40y.example=00_=E2=80=AEevil?=",
                      "To: =?utf-8?q?a=0Ab?= <a@b.example>", "Message-ID: <a\x00b@c.example>"))  # fmt: skip
    assert found.subject == "Hi Bcc: x@y.example evil"
    assert found.to == (Party("a@b.example", "a b"),)
    assert found.message_id == "a b@c.example"


@pytest.mark.parametrize(("date", "read_as"), [
    ("Thu, 1 Jan 1801 00:00:00 +0000", None), ("Fri, 31 Dec 9999 23:59:59 -1200", None), ("yesterday", None),
    ("Thu, 1 Jan 1970 00:00:00 +0000", None), ("Tue, 3 Nov 2026 09:30:00", datetime(2026, 11, 3, 9, 30, tzinfo=UTC)),
    ("Tue, 99 Foo 2026 25:61:00 +9999", None),
])  # fmt: skip
def test_absurd_dates_are_no_dates(date: str, read_as: datetime | None) -> None:
    assert read(mail("From: ann@client.example", f"Date: {date}")).sent_at == read_as


def test_html_becomes_safe_text() -> None:
    html = ("<html><head><style>p{}</style></head><body><p>Please <b>stop</b>.</p><script>alert(1)</script>"
            "<img src=x onerror=alert(2)><blockquote>Old words</blockquote></body></html>")  # fmt: skip
    found = read(mail("From: a@b.example", "Content-Type: text/html; charset=utf-8", body=html))
    assert found.reply == "Please stop."
    assert "alert" not in found.text
    assert "> Old words" in found.text


def nested(depth: int) -> bytes:
    body = b"Content-Type: text/plain\r\n\r\nhello"
    for at in range(depth):
        body = (
            (b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (at, at)) + body + b"\r\n--b%d--" % at
        )
    return b"From: a@b.example\r\nSubject: Re: x\r\n" + body


HEAD = b"From: a@b.example\r\nSubject: Re: x\r\n"


@pytest.mark.parametrize(("raw", "text"), [
    (b"", ""), (b"\x00" * 100, ""),
    (HEAD + b"To: =?utf-8?b?A?= <c@d.example>\r\n\r\nhi", "hi"),
    (HEAD + b"\r\n\xff\xfe caf\xe9", "ÿþ café"), (nested(100), "hello"), (nested(3000), ""),
    (HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 5000 + b"x", ""),
    (HEAD + b'Content-Type: text/plain; charset="no\x00such"\r\n\r\nhi', "hi"),
    (HEAD + b"Content-Type: text/plain; charset=x-unknown\r\n\r\nhi", "hi"),
    (HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n!!!not base64", "!!!not base64"),
    (HEAD + b"Content-Type: multipart/mixed\r\n\r\n--lost\r\nContent-Type: text/plain\r\n\r\nhi\r\n--lost--", "hi"),
    (HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 30_000, ""),
    (HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div><blockquote>" * 50_000 + b"deep", None),
    (HEAD + b"\r\n" + b"On a 12:30 wrote " * 20_000, None), (HEAD + b"To: " + b"(" * 100_000 + b"\r\n\r\nhi", "hi"),
    (HEAD + b"References: " + b"<a@b> " * 50_000 + b"\r\n\r\nhi", "hi"), (HEAD + b"\r\n" + b"a@" * 100_000, None),
], ids=range(17))  # fmt: skip
def test_broken_mail_is_read_as_far_as_it_goes(raw: bytes, text: str | None) -> None:
    began = datetime.now(UTC)
    found = read(raw)
    classify(found.text, found.subject, today=began.date())
    assert (datetime.now(UTC) - began).total_seconds() < 5
    assert text is None or found.text == text
    assert found.text or found.refused or not raw.strip(b"\x00") or "deep" in str(raw[-10:])
    assert not any("parser" in one or "It could not be read whole" in one for one in found.broken)


@given(st.lists(st.one_of(st.binary(max_size=60), st.sampled_from([
    b"\r\n", b"\n\n", b"Content-Type: multipart/report; boundary=b\n",
    b"--b\n", b"--b--", b"Content-Type: message/rfc822\n\n",
    b"Content-Type: message/delivery-status\n\n", b"Content-Type: message/feedback-report\n\n", b"Date: ", b"To: ",
    b"Content-Type: text/html; charset=", b"Content-Transfer-Encoding: base64\n",
    b"Final-Recipient: rfc822; a@b.example\n",
    b"=?utf-8?b?", b"?=", b"Subject: ", b"Message-ID: <", b"From: mailer-daemon@x.example\n", b"Auto-Submitted: ",
])), max_size=14))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_no_bytes_break_it(pieces: list[bytes]) -> None:
    found = read(b"".join(pieces))
    assert not any("could not be read whole" in one for one in found.broken)
    assert "\x00" not in found.text + found.subject + found.message_id
    assert "\n" not in found.subject
