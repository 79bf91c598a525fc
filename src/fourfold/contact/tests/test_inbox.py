"""What comes in: whose mail it is, what it does to their record, what bounces do, what a correction undoes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from fourfold.accounts.types import Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import NotFound
from fourfold.contact import actions, models, queries
from fourfold.contact.reading import classify, opened, read
from fourfold.contact.tests import factories as make
from fourfold.contact.tests.factories import DRAFT, NOON
from fourfold.contact.types import DeliveryState, Handed, HandedState, Queued, Rule, Verdict
from fourfold.contact.types.inbound import (
    INBOUND_HANDLERS,
    Arrived,
    BouncedRecipient,
    BounceKind,
    MailKind,
    ReplyClass,
)
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import TalkRow
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import ConsentEvent, Ground, NewConsent, Origin, Purpose
from fourfold.work import queries as work

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)
LOOKED = LATER + timedelta(minutes=5)
AFTER = LOOKED + timedelta(minutes=5)
uids = count(1)


def raw(text: str, *, sender: str, **fields: str) -> bytes:
    head = {"From": sender, "To": "ana@northgate.example", "Subject": "Re: A job near you"}
    head |= {"Message-ID": f"<m{next(uids)}@their.example>"}
    head |= {name.replace("_", "-"): value for name, value in fields.items()}
    return ("\r\n".join(f"{name}: {value}" for name, value in head.items() if value) + f"\r\n\r\n{text}").encode()


class World:
    """A mailbox of Ana's, a person she wrote to, and mail that comes in."""

    def __init__(self) -> None:
        make.assessed()
        self.ana, self.lena = make.colleague(), make.leader()
        self.box = make.mailbox(owner_key=self.ana.user_key)
        self.jane = make.person("Jane Moor", "jane@works.example")

    def wrote(self, who: UUID | None = None, *, state: HandedState = HandedState.DELIVERED) -> models.Delivery:
        """A message that left, or of which nobody knows whether it did."""
        given: dict[str, Any] = {"draft": DRAFT, "mailbox": self.box, "by": self.ana.actor(), "at": NOON}
        found = actions.queue_message(intent=make.intent(who or self.jane, self.ana), **given)
        assert isinstance(found, Queued)
        [one] = actions.claim(mailbox=self.box, worker="w", most=9, at=NOON)
        actions.handing_over(keys=[one.key], worker="w", at=NOON)
        actions.finish(results=[Handed(one.key, state)], worker="w", at=NOON)
        return models.Delivery.objects.get(pk=one.key)

    def comes(self, content: bytes, *, at: datetime = LATER, **place: Any) -> models.InboundMail:
        given = {
            "mailbox": self.box,
            "folder": "INBOX",
            "uid_validity": 7,
            "uid": next(uids),
            "arrived_at": at,
            **place,
        }
        mail = read(content, ours=queries.house_domains() if not given.get("outgoing") else frozenset())
        spoken = mail.kind in (MailKind.REPLY, MailKind.OTHER, MailKind.AUTO_REPLY) and not given.get("outgoing")
        reading = None
        if spoken:
            lessons = queries.corrections()
            reading = classify(
                mail.unquoted, mail.subject, today=at.date(), automatic=mail.automatic, corrections=lessons
            )
        taken = actions.take_in(place=actions.Place(**given), read=mail, reading=reading, at=at)
        return models.InboundMail.objects.get(pk=taken.key)

    def answers(
        self, text: str, to: models.Delivery | None = None, *, sender: str = "jane@works.example", **more: Any
    ) -> models.InboundMail:
        fields = {"In_Reply_To": f"<{to.key}@northgate.example>"} if to else {}
        return self.comes(raw(text, sender=sender, **fields), **more)

    def may(self, who: UUID | None = None, viewer: Viewer | None = None) -> Any:
        [found] = queries.may_contact([make.intent(who or self.jane, viewer or self.ana)], at=LATER + timedelta(days=1))
        return found.decision


@pytest.fixture
def world() -> World:
    return World()


def wishes(who: UUID) -> list[tuple[str, str]]:
    return [(one.event.value, one.purpose.value) for one in people_queries.wishes_of([who])]


def talk(who: UUID) -> list[TalkRow]:
    found = ledger.talk([who], since=NOON - timedelta(days=9), channels=["email"]).get(who, [])
    return [one for one in found if one.source == "contact"]


def touches(who: UUID) -> list[tuple[str, str | None]]:
    return [(one.action, one.actor) for one in talk(who) if one.direction == "in"]


def test_an_answer_is_a_touch_for_the_colleague_and_stands_in_their_thread(world: World) -> None:
    sent = world.wrote()
    mail = world.answers("Thank you, that sounds interesting. Can we talk on Thursday?", sent)
    assert (mail.person_key, mail.for_key, mail.delivery_key) == (world.jane, world.ana.user_key, sent.key)
    assert mail.thread == sent.message.thread  # type: ignore[union-attr]
    assert (mail.label, wishes(world.jane)) == (ReplyClass.INTERESTED, [])
    assert touches(world.jane) == [("reply", str(world.ana.user_key))]
    again = replace(make.intent(world.jane, world.ana), thread=mail.thread)
    [found] = queries.may_contact([again], at=LATER)
    assert found.case.message_class == "conversation"


def test_the_same_mail_is_taken_in_once_however_it_comes(world: World) -> None:
    content = raw("Never write to me again.", sender="jane@works.example")
    first = world.comes(content, uid=500)
    assert world.comes(content, uid=500).pk == first.pk  # read twice
    assert world.comes(content, uid=3, uid_validity=8).pk == first.pk  # the server numbered its folder anew
    copy = world.comes(content, uid=4, uid_validity=8)  # it lies in the folder twice
    assert (copy.kind, copy.text, copy.person_key) == ("copy", "", None)
    other = make.mailbox(owner_key=make.colleague(name="Bo Berg").user_key)
    world.comes(content, mailbox=other)  # and came to a colleague too
    assert len(touches(world.jane)) == 1
    assert wishes(world.jane) == [("objected", "all")]
    assert len(queries.mails(world.lena, which="all").rows) == 2


def test_never_again_suppresses_with_their_words_as_evidence(world: World) -> None:
    mail = world.answers("Please stop writing to me and remove me from your list.\n\n-- \nJane", world.wrote())
    assert mail.did == ["objected:all"]
    [wish] = people_queries.wishes_of([world.jane])
    assert wish.evidence == "Please stop writing to me and remove me from your list."
    assert world.may().decisive.rule is Rule.DO_NOT_CONTACT


def test_on_doubt_nothing_goes_out_until_somebody_looked(world: World) -> None:
    mail = world.answers("I have had enough of recruiters for a lifetime, honestly.", world.wrote())
    assert not mail.sure
    assert not world.may().may_go
    count_of, rows = queries.waiting(world.ana, limit=8)
    assert (count_of, [row.key for row in rows]) == (1, [mail.key])
    actions.correct_reply(key=mail.key, label=ReplyClass.NOT_INTERESTED, viewer=world.ana, at=LOOKED)
    assert world.may().decisive is None or world.may().decisive.rule is not Rule.DO_NOT_CONTACT
    assert queries.waiting(world.ana, limit=8) == (0, ())


def test_a_letter_that_answers_nothing_suppresses_only_where_it_says_so(world: World) -> None:
    letter = raw(
        "They are fed up waiting for the contract. Can you ring the client before Friday?",
        sender="jane@works.example",
        Subject="Friday",
    )
    assert world.comes(letter).did == []
    plain = raw("Do not contact me any more.", sender="jane@works.example", Subject="Your mails")
    assert world.comes(plain).did == ["objected:all"]


def test_not_now_sits_on_its_day(world: World) -> None:
    mail = world.answers("Not now, but try me again in September.", world.wrote())
    assert (mail.label, mail.until, mail.did) == (ReplyClass.NOT_NOW, date(2026, 9, 1), ["not_now:2026-09-01"])
    assert people_queries.standing(world.jane, at=LOOKED).paused_until == date(2026, 9, 1)
    bo = make.colleague(name="Bo Berg")
    assert Rule.NOT_NOW in {one.rule for one in world.may(viewer=bo).findings}
    assert world.may(viewer=bo).verdict is Verdict.HELD


def test_a_complaint_is_a_case_with_a_day_and_a_draft(world: World) -> None:
    words = (
        "This is a formal complaint. You have ignored my objection twice; I will report you to the ICO under the GDPR "
        "unless my data is erased."
    )
    mail = world.answers(words, world.wrote())
    assert (mail.label, mail.anger) == (ReplyClass.COMPLAINT, "complaint")
    assert set(mail.did) == {"objected:all", "case:2026-04-03"}
    about = work.about(world.lena, [("person", world.jane)], at=LATER)
    assert [(one.owner_key, one.due_on) for one in about.tasks] == [(world.lena.user_key, date(2026, 4, 3))]
    assert "I am sorry" in about.notes[0].text
    assert world.may().decisive.rule is Rule.DO_NOT_CONTACT


def test_an_answer_from_another_address_joins_the_thread_and_changes_nothing_by_itself(world: World) -> None:
    sent = world.wrote()
    mail = world.answers("Not now, try me in September.", sent, sender="jm@home.example")
    assert (mail.person_key, mail.other_address, mail.did) == (world.jane, True, [])
    assert people_queries.resolve([make.email("jm@home.example")]) == {}
    actions.add_their_address(key=mail.key, viewer=world.ana, at=LATER)
    assert people_queries.resolve([make.email("jm@home.example")]) == {make.email("jm@home.example"): world.jane}
    stop = world.answers("Stop writing to me.", sent, sender="third@home.example")
    assert stop.did == ["objected:all"]  # that one is safe to take for theirs


def test_a_mail_of_somebody_else_in_the_thread_is_that_somebodys(world: World) -> None:
    tom = make.person("Tom Reed", "tom@works.example")
    mail = world.answers("Stop writing to me.", world.wrote(), sender="tom@works.example")
    assert (mail.person_key, mail.delivery_key) == (tom, None)
    assert wishes(world.jane) == []
    assert wishes(tom) == [("objected", "all")]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"Auto_Submitted": "auto-replied", "Subject": "Out of office"}, MailKind.AUTO_REPLY),
        ({"List_Id": "<news.works.example>", "Subject": "Our news"}, MailKind.OTHER),
        ({"Message_ID": "<x@northgate.example>"}, MailKind.LOOP),
    ],
)
def test_machines_and_loops_are_no_word_of_theirs(world: World, fields: dict[str, str], kind: MailKind) -> None:
    mail = world.comes(raw("I am away until 14 September. Stop.", sender="jane@works.example", **fields))
    assert (mail.kind, mail.did, touches(world.jane), wishes(world.jane)) == (kind, [], [], [])


def test_what_strangers_and_colleagues_write_is_not_kept_unless_it_is_a_stop(world: World) -> None:
    bo = make.colleague(name="Bo Berg")
    for sender in ("mum@home.example", bo.email):
        mail = world.comes(raw("Dinner at eight?", sender=sender, Subject="Tonight"))
        assert (mail.person_key, mail.text, mail.subject, mail.address) == (None, "", "", "")
    stop = world.comes(raw("Never contact me again.", sender="who@home.example"))
    assert (stop.text, stop.person_key) == ("Never contact me again.", None)
    assert [row.key for row in queries.mails(world.ana).rows] == [stop.key]
    with pytest.raises(NotFound):
        queries.mail(world.lena, stop.key)  # Ana's mailbox, nobody's record


def bounce_of(sent: models.Delivery, status: str, words: str, address: str = "jane@works.example") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: ana@northgate.example\r\nSubject: Undelivered mail\r\n"
        f"Message-ID: <b{next(uids)}@mx.example>\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        f"--B\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n\r\n<{address}>: {words}\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {words}\r\n\r\n"
        f"--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{sent.key}@northgate.example>\r\n--B--\r\n"
    ).encode()


def test_a_hard_bounce_closes_the_address_and_proves_that_the_mail_left(world: World) -> None:
    sent = world.wrote(state=HandedState.UNKNOWN)
    assert sent.state == DeliveryState.AMBIGUOUS
    content = bounce_of(sent, "5.1.1", "550 5.1.1 <jane@works.example>: user unknown")
    mail = world.comes(content)
    sent.refresh_from_db()
    assert (mail.did, sent.state, sent.reason) == (["closed"], DeliveryState.SENT, "bounced")
    assert "jane@" not in models.MailEvent.objects.get().why
    assert world.may().decisive.rule is Rule.DEAD_ADDRESS
    assert mail.person_key == world.jane
    assert world.comes(content).did == ["known"]  # the same report again


@pytest.mark.parametrize(
    ("status", "words", "did", "paused"),
    [
        ("4.2.2", "452 4.2.2 mailbox full", "soft", False),
        ("5.7.1", "554 5.7.1 blocked: poor reputation of your domain", "paused", True),
    ],
)
def test_what_is_no_dead_address_leaves_it_alone(world: World, status: str, words: str, did: str, paused: bool) -> None:
    assert world.comes(bounce_of(world.wrote(), status, words)).did == [did]
    assert (models.Mailbox.objects.get().paused_at is not None) is paused
    assert Rule.DEAD_ADDRESS not in {one.rule for one in world.may().findings}


def test_a_bounce_of_mail_that_we_never_sent_closes_nothing(world: World) -> None:
    sent = world.wrote()
    sent.key = make.new_key()  # its Message-ID is nobody's
    tom = make.person("Tom Reed", "tom@works.example")
    assert world.comes(bounce_of(sent, "5.1.1", "550 5.1.1 user unknown", "tom@works.example")).did == ["unknown"]
    assert Rule.DEAD_ADDRESS not in {one.rule for one in world.may(tom).findings}
    found = world.comes(bounce_of(sent, "5.1.1", "550 5.1.1 user unknown"))  # by recipient and time
    assert (found.did, found.person_key) == (["closed"], world.jane)


def test_complaints_of_readers_close_addresses_warn_and_pause(world: World) -> None:
    first = world.wrote()
    tom = world.wrote(make.person("Tom Reed", "tom@works.example"))
    report = actions.Report(source="inbox", event_id="1", at=LATER)
    models.Delivery.objects.bulk_create(
        models.Delivery(
            mailbox_id=world.box, person_key=make.new_key(), channel="email", state="sent", sent_at=NOON, at=NOON,
            not_before=NOON,
        ) for _ in range(598)
    )  # fmt: skip
    assert actions.note_complaint(delivery=first, report=report, at=LATER) == "complained"
    assert actions.note_complaint(delivery=first, report=report, at=LATER) == ""  # ten times is once
    box = models.Mailbox.objects.get()
    assert (box.paused_at, box.trouble) == (None, "1 of 600 mails of 30 days were called spam by their readers (0.2%).")
    assert world.may().decisive.code == "complained"
    actions.note_complaint(delivery=tom, report=replace(report, event_id="2"), at=LATER)
    assert models.Mailbox.objects.get().paused_at == LATER
    soft = BouncedRecipient(address="", kind=BounceKind.DELAYED)
    assert actions.note_bounce(delivery=tom, bounced=soft, report=replace(report, event_id="3"), at=LATER) == "delayed"


def sent_mail(to: str, **fields: str) -> bytes:
    return raw(
        "Hello, may I tell you of a job?", sender="ana@northgate.example", **{"To": to, "Subject": "A job", **fields}
    )


def test_mail_sent_from_elsewhere_counts_with_a_verdict_after_the_fact(world: World) -> None:
    make.consented(world.jane, event=ConsentEvent.OBJECTED, purpose=Purpose.ALL)
    tom = make.person("Tom Reed", "tom@post.example", origin=Origin.THEMSELVES)
    bo = make.colleague(name="Bo Berg")
    to = f"jane@works.example, Tom <tom@post.example>, {bo.email}, stranger@nowhere.example"
    mail = world.comes(sent_mail(to), folder="Sent", outgoing=True)
    assert (mail.strangers, mail.did, mail.text) == (1, ["sent:2"], "")
    rows = {row.person_key: row for row in models.Delivery.objects.all()}
    assert set(rows) == {world.jane, tom}
    assert {(row.state, row.message, row.by_key) for row in rows.values()} == {("sent", None, world.ana.user_key)}
    found = {one.person_key: one.verdict for one in queries.sent_elsewhere(world.ana, at=LATER)}
    assert found == {world.jane: Verdict.REFUSED, tom: Verdict.ALLOWED}
    assert [one.person for one in queries.sent_elsewhere(world.ana, at=LATER, blocked=True)] == ["Jane Moor"]
    assert queries.sent_elsewhere(world.lena, at=LATER) == ()
    assert set(models.Receipt.objects.values_list("after_the_fact", flat=True)) == {True}
    assert [len(talk(key)) for key in (world.jane, tom)] == [1, 1]
    world.comes(sent_mail(to, Message_ID=f"<{mail.message_id}>"), folder="Sent", outgoing=True, uid_validity=9)
    assert models.Delivery.objects.count() == 2


def test_our_own_copy_in_sent_items_resolves_and_is_no_second_touch(world: World) -> None:
    sent = world.wrote(state=HandedState.UNKNOWN)
    content = sent_mail("jane@works.example", Message_ID=f"<{sent.key}@northgate.example>")
    world.comes(content, folder="Sent", outgoing=True)
    assert [(row.pk, row.state) for row in models.Delivery.objects.all()] == [(sent.pk, DeliveryState.SENT)]
    assert [one.direction for one in talk(world.jane)] == ["out"]


def test_a_correction_undoes_only_what_was_the_readers_and_teaches(world: World) -> None:
    words = "Please do not contact me on Fridays, otherwise I would love to hear more about it!"
    mail = world.answers(words, world.wrote())
    assert mail.did
    before = world.may()
    assert not before.may_go
    done = actions.correct_reply(key=mail.key, label=ReplyClass.INTERESTED, viewer=world.ana, at=LOOKED)
    assert [one.split(" ")[0] for one in done] == ["lifted"]
    assert people_queries.standing(world.jane, at=LOOKED).objected == frozenset()
    lifted = people_queries.wishes_of([world.jane])[0]
    assert "never was their word" in lifted.evidence
    assert queries.corrections()[0].label is ReplyClass.INTERESTED
    again = world.answers(words, at=AFTER)
    assert again.label == ReplyClass.INTERESTED
    assert not world.may().may_go  # what reads as a stop stays one, whatever was taught


def test_a_correction_leaves_what_they_said_elsewhere(world: World) -> None:
    entry = NewConsent(
        person_key=world.jane, event=ConsentEvent.OBJECTED, purpose=Purpose.MARKETING, at=NOON, source="a form"
    )
    people.record_consents(entries=[entry], by=COMMAND_LINE, at=NOON)
    mail = world.answers("Stop.", world.wrote())
    actions.correct_reply(key=mail.key, label=ReplyClass.INTERESTED, viewer=world.ana, at=LOOKED)
    assert people_queries.standing(world.jane, at=LOOKED).objected == {(Purpose.MARKETING, "")}
    people.record_consents(entries=[replace(entry, purpose=Purpose.ALL, at=AFTER)], by=COMMAND_LINE, at=AFTER)
    other = world.answers("Stop it.", at=AFTER)
    done = actions.correct_reply(key=other.key, label=ReplyClass.INTERESTED, viewer=world.ana, at=AFTER)
    assert done == ("kept objected:all",)
    assert (Purpose.ALL, "") in people_queries.standing(world.jane, at=AFTER).objected


def test_a_stop_that_lay_unread_while_another_was_lifted_stands(world: World) -> None:
    first = world.answers("Please do not contact me on Fridays, I would love to hear more!", world.wrote())
    actions.correct_reply(key=first.key, label=ReplyClass.INTERESTED, viewer=world.ana, at=LOOKED)
    world.answers("Stop writing to me.", at=AFTER, arrived_at=LATER)
    assert world.may().decisive.rule is Rule.DO_NOT_CONTACT


def test_a_stop_that_was_missed_is_made_one(world: World) -> None:
    mail = world.answers("Thanks, that sounds interesting, tell me more.", world.wrote())
    actions.correct_reply(key=mail.key, label=ReplyClass.STOP, viewer=world.ana, at=LOOKED)
    assert world.may().decisive.rule is Rule.DO_NOT_CONTACT
    with pytest.raises(actions.CorrectionRefused):
        actions.correct_reply(key=mail.key, label=ReplyClass.NOT_NOW, viewer=world.ana, at=LOOKED)
    actions.correct_reply(key=mail.key, label=ReplyClass.NOT_NOW, until=date(2026, 6, 1), viewer=world.ana, at=LATER)
    assert people_queries.standing(world.jane, at=LOOKED).paused_until == date(2026, 6, 1)


def test_who_may_read_a_mail(world: World) -> None:
    [works] = people.add_organisations(
        organisations=[make.NewOrganisation(name="Works", is_client=True)], by=COMMAND_LINE, at=NOON
    )
    kim = make.person("Kim Doe", "kim@works.example", organisation=works)
    mail = world.answers("Yes, I am looking for something new.", sender="kim@works.example")
    bo, admin = make.colleague(name="Bo Berg"), make.colleague(Role.ADMINISTRATOR, name="Ida Moe")
    assert mail.person_key == kim
    assert queries.mail(world.ana, mail.key).text  # her mailbox
    assert queries.mail(world.lena, mail.key).text  # a leader
    for viewer in (bo, admin):
        with pytest.raises(NotFound):
            queries.mail(viewer, mail.key)
        with pytest.raises(NotFound):
            actions.correct_reply(key=mail.key, label=ReplyClass.STOP, viewer=viewer, at=LATER)
    assert queries.mails(bo, which="all").rows == ()


def test_somebody_erased_stays_erased_when_the_folder_is_read_again(world: World) -> None:
    mail = world.answers("Please stop writing to me.", world.wrote(), uid=70)
    people.erase_person(person_key=world.jane, ground=Ground.REQUEST, viewer=world.lena, at=LATER)
    assert not models.InboundMail.objects.filter(pk=mail.pk).exists()
    again = world.answers("Please stop writing to me.", sender="jane@works.example", uid=70)
    assert (again.text, again.address, again.person_key) == ("", "", None)


def test_a_mail_from_the_future_is_of_now(world: World) -> None:
    mail = world.comes(raw("Hello there", sender="jane@works.example"), arrived_at=datetime(2031, 1, 1, tzinfo=UTC))
    assert mail.at == LATER


# Mail that a room above takes over


def test_a_mail_that_another_room_takes_over_leaves_only_its_place_here(world: World) -> None:
    seen: list[Arrived] = []

    def take(*, mail: Arrived, at: datetime) -> bool:
        seen.append(mail)
        return mail.read.sender is not None and mail.read.sender.address.endswith("@board.example")

    INBOUND_HANDLERS.append(take)
    try:
        taken = world.comes(raw("Jo applied", sender="apply@board.example", Subject="New applicant"))
        kept = world.comes(raw("I am Jane", sender="jane@works.example", Subject="Hello"))
        world.answers("Yes please", world.wrote())
    finally:
        INBOUND_HANDLERS.remove(take)
    assert [(one.key, one.own_mailbox) for one in seen] == [(taken.key, True), (kept.key, True)]
    assert (taken.kind, taken.text, taken.subject, taken.address, taken.sure) == ("handed_on", "", "", "", True)
    assert (kept.text, kept.person_key) == ("I am Jane", world.jane)


def test_the_files_of_a_mail_are_read_from_its_bytes() -> None:
    parts = (
        b'From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n'
        b"Content-Type: text/plain\r\n\r\nHello\r\n--x\r\nContent-Type: application/pdf\r\n"
        b'Content-Disposition: attachment; filename="CV.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        b"JVBERi0xLjQ=\r\n--x--\r\n"
    )
    found = opened(parts)
    assert [(one.name, one.data) for one in found.attachments] == [("CV.pdf", b"%PDF-1.4")]
    assert found.fields["from"] == "a@b.example"
    assert opened(b"\xff broken").attachments == ()
