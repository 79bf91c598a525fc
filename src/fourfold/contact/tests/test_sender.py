"""The sender against a real mail server: what leaves, signed and linked; races for the last place; stops half-way."""

from __future__ import annotations

import email
import email.policy
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import dkim
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connections

from fourfold.base.actor import COMMAND_LINE
from fourfold.contact import actions, models, queries
from fourfold.contact.compute import sender
from fourfold.contact.tests import factories as make
from fourfold.contact.tests import kills
from fourfold.contact.tests.factories import DRAFT, NOON
from fourfold.contact.types import Aim, Channel, DeliveryState, Draft, Intent, KeyKind, Queued, SendRefused
from fourfold.people.types import ConsentEvent, Origin, Purpose
from fourfold.studio import queries as studio


class Server:
    """A mail server that keeps what it gets, and refuses whom it is told to."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.refuses: dict[str, str] = {}
        self._lock = threading.Lock()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        with self._lock:
            self.mails.append((envelope.rcpt_tos[0], envelope.content))
        return "250 OK"


@pytest.fixture
def server() -> Iterator[tuple[Server, int]]:
    handler = Server()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


@pytest.mark.django_db
def test_what_leaves_is_signed_and_says_why_and_how_to_stop(server: tuple[Server, int]) -> None:
    handler, port = server
    make.assessed()
    box, ana, jane = make.mailbox(port=port), make.colleague(), make.person("Jane Moor", "jane@works.example")
    for kind, selector in ((KeyKind.RSA, "r1"), (KeyKind.ED25519, "e1")):
        actions.make_domain_key(domain="northgate.example", selector=selector, kind=kind, by=COMMAND_LINE, at=NOON)
    draft = Draft(subject="A job, {{ first_name }}", text="Hello {{ name }},\nmay I tell you about a job?")
    given: dict[str, Any] = {"mailbox": box, "by": ana.actor(), "at": NOON}
    approach = actions.queue_message(intent=make.intent(jane, ana), draft=draft, **given)
    news = Intent(person_key=jane, aim=Aim.NEWS, channel=Channel.EMAIL, by=None)
    make.consented(jane, event=ConsentEvent.CONSENTED, purpose=Purpose.MARKETING, wording="v1")
    actions.queue_to_many(intent=news, draft=draft, person_keys=[jane], campaign="spring", **given)
    assert isinstance(approach, Queued)
    assert sender.send_waiting(box, now=lambda: NOON) == 2
    records = {
        f"{key.selector}._domainkey.northgate.example.".encode(): f"v=DKIM1; k={key.kind}; p={key.public}".encode()
        for key in queries.signing_keys("northgate.example")
    }
    for recipient, content in handler.mails:
        assert recipient == "jane@works.example"
        assert dkim.DKIM(content).verify(idx=0, dnsfunc=lambda name, timeout=5: records[name])
        assert dkim.DKIM(content).verify(idx=1, dnsfunc=lambda name, timeout=5: records[name])
    mails = [email.message_from_bytes(content, policy=email.policy.default) for _, content in handler.mails]
    one = next(mail for mail in mails if mail["Message-ID"] == f"<{approach.delivery}@northgate.example>")
    other = next(mail for mail in mails if mail is not one)
    assert one["Subject"] == "A job, Jane"
    assert one["List-Unsubscribe"] is None
    assert "/why/" in one.get_content()
    assert other["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/stop/" in other.get_content()
    assert models.Delivery.objects.filter(state=DeliveryState.SENT).count() == 2


@pytest.mark.django_db
def test_the_numbers_of_a_survey_are_links_of_their_own_for_each_person(server: tuple[Server, int]) -> None:
    handler, port = server
    make.assessed()
    box, ana = make.mailbox(port=port), make.colleague()
    places = [f"{{{{ score_{n}_url }}}}" for n in range(11)]
    markup = "".join(f'<a href="{one}">x</a>' for one in places)
    draft = Draft(subject="How was it?", text="\n".join(places), html=f"<p>{markup}</p>")
    for name in ("Jane Moor", "Tom Reed"):
        actions.queue_message(
            intent=make.intent(make.person(name), ana), draft=draft, mailbox=box, by=ana.actor(), at=NOON
        )
    assert sender.send_waiting(box, now=lambda: NOON) == 2
    found = set()
    for _, content in handler.mails:
        text, html = email.message_from_bytes(content, policy=email.policy.default).iter_parts()
        lines = [line for line in text.get_content().splitlines() if "/survey/" in line]
        assert len(set(lines)) == 11
        assert all(f'href="{line}"' in html.get_content() for line in lines)
        found |= set(lines)
    assert len(found) == 22
    wrong = Draft(subject="How was it?", text="{{ score_11_url }}")
    with pytest.raises(SendRefused, match="score_11_url"):
        actions.queue_message(intent=make.intent(make.person(), ana), draft=wrong, mailbox=box, by=ana.actor(), at=NOON)


@pytest.mark.django_db
def test_an_invitation_arrives_as_calendars_take_it_and_is_forgotten_with_the_person(
    server: tuple[Server, int],
) -> None:
    handler, port = server
    make.assessed()
    box, ana, jane = make.mailbox(port=port), make.colleague(), make.person("Jane Moor", "jane@works.example")
    actions.make_domain_key(domain="northgate.example", selector="r1", kind=KeyKind.RSA, by=COMMAND_LINE, at=NOON)
    calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    draft = Draft(subject="An interview", text="Hello {{ first_name }}", calendar=calendar)
    given: dict[str, Any] = {"mailbox": box, "by": ana.actor(), "at": NOON}
    actions.queue_message(intent=make.intent(jane, ana), draft=draft, **given)
    text = replace(make.intent(jane, ana), channel=Channel.SMS)
    with pytest.raises(SendRefused):
        actions.queue_message(intent=text, draft=draft, **given)
    assert sender.send_waiting(box, now=lambda: NOON) == 1
    [(_, content)] = handler.mails
    [key] = queries.signing_keys("northgate.example")
    record = f"v=DKIM1; k={key.kind}; p={key.public}".encode()
    assert dkim.DKIM(content).verify(idx=0, dnsfunc=lambda name, timeout=5: record)
    words, invitation = email.message_from_bytes(content, policy=email.policy.default).iter_parts()
    assert words.get_content().startswith("Hello Jane")
    assert (invitation.get_content_type(), invitation.get_param("method")) == ("text/calendar", "REQUEST")
    assert invitation.get_payload(decode=True).decode() == calendar
    actions.forget(keys=[jane])
    assert models.Message.objects.get().calendar == ""


@pytest.mark.django_db
def test_a_mailbox_that_refuses_half_way_loses_nobody(server: tuple[Server, int]) -> None:
    handler, port = server
    make.assessed()
    box, ana = make.mailbox(port=port), make.colleague()
    people = [make.person(f"P{n}", f"p{n}@works.example") for n in range(40)]
    for n, who in enumerate(people):  # in this order they leave
        at = NOON - timedelta(seconds=40 - n)
        actions.queue_message(intent=make.intent(who, ana), draft=DRAFT, mailbox=box, by=ana.actor(), at=at)
    handler.refuses = {
        "p3@works.example": "550 5.1.1 no such user here",
        "p5@works.example": "451 4.2.0 try later",
        "p20@works.example": "550 5.7.1 your mail looks like spam to us, blocked by policy",
    }
    sender.send_waiting(box, now=lambda: NOON)
    states = {row.person_key: (row.state, row.reason) for row in models.Delivery.objects.all()}
    assert states[people[3]] == (DeliveryState.SKIPPED, "no_such_mailbox")
    assert states[people[5]] == (DeliveryState.PENDING, "")
    assert states[people[20]][0] == DeliveryState.PENDING
    assert models.Mailbox.objects.get().paused_at == NOON
    counted = [state for state, _ in states.values()]
    assert counted.count(DeliveryState.SENT) == len(handler.mails)
    assert counted.count(DeliveryState.PENDING) + len(handler.mails) + 1 == len(people)
    handler.refuses = {}
    actions.resume_mailbox(key=box, by=ana.actor(), at=NOON)
    sender.send_waiting(box, now=lambda: NOON + timedelta(minutes=6))
    assert len({recipient for recipient, _ in handler.mails}) == len(handler.mails) == len(people) - 1


@pytest.mark.django_db
def test_no_server_sends_nothing_and_says_so() -> None:
    make.assessed()
    box, ana, jane = make.mailbox(port=1), make.colleague(), make.person()
    actions.queue_message(intent=make.intent(jane, ana), draft=DRAFT, mailbox=box, by=ana.actor(), at=NOON)
    assert sender.send_waiting(box, now=lambda: NOON) == 0
    assert models.Delivery.objects.get().state == DeliveryState.PENDING
    assert "127.0.0.1" in models.Mailbox.objects.get().trouble


@pytest.mark.django_db
def test_limits_of_the_mailbox_and_of_a_domain_hold(server: tuple[Server, int]) -> None:
    handler, port = server
    make.assessed()
    ana = make.colleague()
    box = make.mailbox(port=port, per_minute=12, per_domain_minute=3)
    for n in range(30):
        who = make.person(f"P{n}", f"p{n}@{'big' if n % 2 else f'small{n}'}.example")
        actions.queue_message(intent=make.intent(who, ana), draft=DRAFT, mailbox=box, by=ana.actor(), at=NOON)
    for minute, most in enumerate((12, 24)):
        sender.send_waiting(box, now=lambda at=NOON + timedelta(minutes=minute, seconds=minute): at)  # type: ignore[misc]
        assert len(handler.mails) <= most
        assert sum("@big" in recipient for recipient, _ in handler.mails) <= 3 * (minute + 1)
    assert len(handler.mails) >= 12


def test_eight_senders_never_exceed_a_cap(committed_db: Any, server: tuple[Server, int]) -> None:
    handler, port = server
    lena, ana = make.leader(), make.colleague()
    boxes = [make.mailbox(port=port) for _ in range(8)]
    actions.set_policy(policy=replace(queries.policy(), marketing_cap=2), why="two", viewer=lena, at=NOON)
    people = [make.person(f"P{n}", f"p{n}@works.example") for n in range(6)]
    for box in boxes:
        news = Intent(person_key=people[0], aim=Aim.NEWS, channel=Channel.EMAIL, by=None)
        actions.queue_to_many(
            intent=news, draft=DRAFT, mailbox=box, person_keys=people, campaign="c", by=ana.actor(), at=NOON
        )
    barrier = threading.Barrier(8)
    failed: list[BaseException] = []

    def run(box: Any) -> None:
        try:
            barrier.wait()
            sender.send_waiting(box, now=lambda: NOON)
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(box,)) for box in boxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    got = [recipient for recipient, _ in handler.mails]
    assert {one: got.count(one) for one in set(got)} == {f"p{n}@works.example": 2 for n in range(6)}
    assert models.Delivery.objects.filter(state=DeliveryState.SENT).count() == 12


@pytest.mark.parametrize("connections_open", [1, 2])
def test_killed_senders_double_nobody_and_lose_nobody(
    committed_db: Any, server: tuple[Server, int], connections_open: int
) -> None:
    handler, port = server
    make.assessed()
    box = make.mailbox(port=port, connections=connections_open)
    who = [make.person(f"P{n}", f"p{n}@works.example", origin=Origin.THEMSELVES) for n in range(60)]
    told = kills.kill_senders(
        box,
        kills=int(os.environ.get("PROVE_KILLS", "10")),
        seed=connections_open,
        mails=lambda: [content for _, content in handler.mails],
        queue=kills.queue_for(box, who),
        many=240,
    )
    most = max(told.got.values())
    print(  # noqa: T201 - kept by the long proof
        f"{told.kills} kills over {connections_open} connections, {told.died_sending} while handing over: "
        f"{sum(told.got.values()):,} messages in the server's log, at most {most} of each; {told.wrong} lost or wrong; "
        f"at most {told.most_unclear} unclear after a kill"
    )
    assert told.died_sending >= told.kills // 4, "the kills met no sender at work"
    assert max(told.got.values()) == 1
    assert told.wrong == 0
    assert set(told.states) <= {DeliveryState.SENT, DeliveryState.AMBIGUOUS}
    assert told.most_unclear <= connections_open * sender.DEPTH


@pytest.mark.django_db
def test_a_template_leaves_in_the_brands_kit_with_links_that_are_followed(server: tuple[Server, int]) -> None:
    handler, port = server
    make.assessed()
    box, ana = make.mailbox(port=port), make.colleague()
    who = [make.person(f"P{n} Moor", f"p{n}@works.example") for n in range(3)]
    for name, version in studio.starts().items():
        news = Intent(person_key=who[0], aim=Aim.NEWS, channel=Channel.EMAIL, by=None)
        guide = '<a href="https://northgate.example/guide">our guide</a></mj-text>'
        body = version.draft.body.replace("</mj-text>", guide, 1)
        version = replace(version, draft=replace(version.draft, body=body))
        samples = studio.sample_values(version.draft)
        extra = {name: samples[name] for name in version.draft.extra}
        draft = actions.draft_from(version, extra)
        given: dict[str, Any] = {"mailbox": box, "person_keys": who, "by": ana.actor(), "at": NOON}
        actions.queue_to_many(intent=news, draft=draft, campaign=name, **given)
        if version.draft.extra:
            with pytest.raises(SendRefused):
                actions.draft_from(version, {})
    actions.set_policy(policy=replace(queries.policy(), marketing_cap=9), why="three", viewer=make.leader(), at=NOON)
    assert sender.send_waiting(box, now=lambda: NOON) == 3 * len(studio.starts())
    for recipient, content in handler.mails:
        mail = email.message_from_bytes(content, policy=email.policy.default)
        plain, rich = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
        assert recipient.split("@")[0].upper() in f"{plain}{mail['Subject']}".upper() or "Moor" not in plain
        assert "{{" not in f"{plain}{rich}{mail['Subject']}"
        assert "/why/" in plain
        assert "/why/" in rich
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "/go/" in rich
        assert "northgate.example/guide" not in rich
