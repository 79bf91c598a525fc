"""Mail with a real Postfix and Dovecot: who is written to and who isn't, what arrives, and what comes back.

The house's people are set up through its doors; the walk goes through pages and through what the worker runs.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any
from uuid import UUID

import dkim
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, connections
from django.test import Client, override_settings
from django.urls import reverse

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role, Viewer
from fourfold.base import clock
from fourfold.base.actor import COMMAND_LINE
from fourfold.contact import actions, queries
from fourfold.contact.compute import fetcher, sender
from fourfold.contact.types import Aim, Channel, Intent, KeyKind, Transport
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import (
    AddressUse,
    Band,
    ConsentEvent,
    FeeBasis,
    Ground,
    Identifier,
    LoggedWish,
    NewConsent,
    NewOrganisation,
    NewPerson,
    PersonRole,
    Purpose,
    Scheme,
    TermsDraft,
    WishKind,
)
from fourfold.project import jobs
from tests import postoffice

IN_CI = os.environ.get("CI", "").lower() == "true"
pytestmark = pytest.mark.skipif(bool(postoffice.NEEDS) and not IN_CI, reason=postoffice.NEEDS or "never")
NOON = datetime(2025, 12, 8, 12, tzinfo=UTC)  # a Monday, and a public holiday in Italy, not in Britain
LATER = NOON + timedelta(hours=2)
HOUR = timedelta(hours=1)
ANA = "ana@northgate.example"
WHY = (
    "We want to tell people of jobs that would suit them better than theirs. We need their name, their work and one "
    "address, all of which they made public. They can expect it, it costs them a minute, and one word stops it."
)
PEOPLE = {  # name: (address, country)
    "Sue Pressed": ("sue@post.example", "GB"),
    "Tom Talks": ("tom@post.example", "GB"),
    "Wendy Worker": ("wendy@works.example", "GB"),
    "Ivo Italia": ("ivo@post.example", "IT"),
    "Olga Limits": ("olga@harbour.example", "GB"),
    "Jane Fine": ("jane@post.example", "GB"),
    "Nora Never": ("nora@post.example", "GB"),
    "Gil Gone": ("gil@post.example", "GB"),  # nobody has this mailbox
}


@dataclass
class Walk:
    """A house on the eighth of December 2025, its colleagues and people, and a mail server beside it."""

    office: postoffice.PostOffice
    ana: Viewer
    lena: Viewer
    box: UUID
    people: dict[str, UUID]
    client: Client

    def write(self, name: str) -> int:
        """Ana writes to somebody on the page for it; the answer's status."""
        form = {
            "to": PEOPLE[name][0], "mailbox": str(self.box), "subject": "A job near you",
            "text": "Hello {{ first_name }}, may I tell you about a job?",
        }  # fmt: skip
        return self.client.post(reverse("write_to", args=[self.people[name]]), form).status_code

    def verdict(self, name: str) -> tuple[str, str, str]:
        """The last receipt about somebody: its class, verdict and rule."""
        row = queries.receipts(self.ana, person=self.people[name])[0]
        return row.message_class.value, row.verdict.value, row.rule

    def may(self, name: str) -> Any:
        intent = Intent(person_key=self.people[name], aim=Aim.WRITE, channel=Channel.EMAIL, by=self.ana.user_key)
        [found] = queries.may_contact([intent], at=LATER + timedelta(days=2))
        return found.decision

    def read(self, at: datetime = LATER) -> fetcher.Fetched:
        return fetcher.read_mailbox(self.box, now=lambda: at)

    def mails(self) -> dict[str, Any]:
        """What is kept of the inbox, by the person's name."""
        return {row.person: row for row in queries.mails(self.lena, which="all").rows}

    def today(self) -> str:
        return self.client.get(reverse("today")).content.decode()


def add_colleague(name: str, email: str, role: Role) -> Viewer:
    new = NewUser(email=email, name=name, roles=frozenset({role}), password=None)
    viewer = accounts_queries.viewer_of(accounts.add_users(users=[new], by=COMMAND_LINE, at=NOON)[0])
    assert viewer is not None
    return viewer


def signed_in(viewer: Viewer) -> Client:
    client = Client()
    user = get_user_model()._default_manager.get(pk=viewer.user_key)
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def add_people(lena: Viewer) -> dict[str, UUID]:
    """The people of this walk, and a client whose terms keep its own people from us."""
    [harbour] = people.add_organisations(
        organisations=[NewOrganisation(name="Harbour Systems")], by=COMMAND_LINE, at=NOON
    )
    band = Band(FeeBasis.PERMANENT, 0, None, percent_hundredths=2000)
    draft = TermsDraft(
        currency="GBP", bands=(band,), off_limits=True, off_limits_months=12, off_limits_clause="No poaching"
    )
    terms = people.draft_terms(organisation=harbour, draft=draft, viewer=lena, at=NOON)
    people.accept_terms(key=terms, how="by mail", by_person=None, accepted_at=NOON, document=None, viewer=lena, at=NOON)
    new = [
        NewPerson(
            name=name, identifiers=(Identifier(Scheme.EMAIL, address),), country=country,
            roles=(PersonRole.CANDIDATE,), organisation=harbour if "harbour" in address else None,
            uses={Identifier(Scheme.EMAIL, address): AddressUse.WORK if "works" in address else AddressUse.PERSONAL},
        )
        for name, (address, country) in PEOPLE.items()
    ]  # fmt: skip
    phone = Identifier(Scheme.PHONE, "+442079460123")
    cleo = NewPerson(name="Cleo Client", identifiers=(phone,), country="GB", roles=(PersonRole.CLIENT_CONTACT,))
    keys = people.add_people(people=[*new, replace(cleo, organisation=harbour)], by=COMMAND_LINE, at=NOON)
    return dict(zip([*PEOPLE, "Cleo Client"], keys, strict=True))


def tell_their_wishes(found: dict[str, UUID], ana: Viewer, bo: Viewer) -> None:
    """One said stop, one is in a colleague's conversation, one said not at work."""
    stop = NewConsent(
        person_key=found["Sue Pressed"], event=ConsentEvent.OBJECTED, purpose=Purpose.ALL, at=NOON, source="a call"
    )
    people.record_consents(entries=[stop], by=COMMAND_LINE, at=NOON)
    approach = Intent(person_key=found["Tom Talks"], aim=Aim.WRITE, channel=Channel.LINKEDIN, by=bo.user_key)
    before = NOON - timedelta(days=3)
    actions.log_by_hand(intent=approach, occurred_at=before, unanswered=False, words="", by=bo.actor(), at=before)
    wish = LoggedWish(kind=WishKind.NOT_AT_WORK, said_at=NOON, how="a call", evidence="not at work, please")
    people.log_wish(person_key=found["Wendy Worker"], wish=wish, viewer=ana, today=NOON.date(), at=NOON)


@pytest.fixture(scope="module")
def walk(
    django_db_setup: None, django_db_blocker: Any, database_copies: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walk]:
    """The house and the mail server, once for all tests here; they stand in the order of the walk."""
    assert not postoffice.NEEDS, postoffice.NEEDS
    patch = pytest.MonkeyPatch()
    users = [ANA, *(address for address, _ in PEOPLE.values() if not address.startswith("gil"))]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    given = {"STORAGES": {**settings.STORAGES, "staticfiles": plain}, "STATIC_ROOT": tmp_path_factory.mktemp("static")}
    with postoffice.post_office(users) as office, django_db_blocker.unblock(), override_settings(**given):
        patch.setenv("SSL_CERT_FILE", str(office.certificate))
        patch.setattr(clock, "now", lambda: NOON)
        try:
            yield set_up(office)
        finally:
            patch.undo()
            connection.close()
            database_copies.fresh()


def set_up(office: postoffice.PostOffice) -> Walk:
    lena, ana = (
        add_colleague("Lena Hart", "lena@northgate.example", Role.LEADER),
        add_colleague("Ana Lind", ANA, Role.RECRUITER),
    )
    bo = add_colleague("Bo Berg", "bo@northgate.example", Role.RECRUITER)
    actions.store_assessment(text=WHY, by=lena.actor(), at=NOON)
    wanted = actions.MailboxSettings(
        name="Ana", transport=Transport.SMTP, from_name="Ana Lind", from_address=ANA, host="localhost",
        port=office.smtp, security="starttls", username=ANA, secret=postoffice.PASSWORD, imap_host="localhost",
        imap_port=office.imap, imap_security="tls", owner_key=ana.user_key,
    )  # fmt: skip
    box = actions.put_mailbox(settings=wanted, by=lena.actor(), at=NOON)
    for kind, selector in ((KeyKind.RSA, "rsa"), (KeyKind.ED25519, "ed")):
        actions.make_domain_key(domain="northgate.example", selector=selector, kind=kind, by=lena.actor(), at=NOON)
    found = add_people(lena)
    tell_their_wishes(found, ana, bo)
    return Walk(office, ana, lena, box, found, signed_in(ana))


def message(sender: str, text: str, *, answers: str = "", to: str = ANA, subject: str = "Re: A job near you") -> Any:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
    if answers:
        made["In-Reply-To"] = made["References"] = answers
    made.set_content(text)
    return made


def test_each_of_six_gets_a_verdict_and_a_receipt(walk: Walk) -> None:
    expected = {
        "Sue Pressed": (422, ("approach", "refused", "do_not_contact")),
        "Tom Talks": (302, ("approach", "held", "conversation")),
        "Wendy Worker": (422, ("approach", "refused", "not_at_work")),
        "Ivo Italia": (302, ("approach", "held", "quiet_hours")),
        "Olga Limits": (422, ("approach", "refused", "off_limits")),
        "Jane Fine": (302, ("approach", "allowed", "")),
        "Nora Never": (302, ("approach", "allowed", "")),
        "Gil Gone": (302, ("approach", "allowed", "")),
    }
    assert {name: (walk.write(name), walk.verdict(name)) for name in expected} == expected
    page = walk.client.get(reverse("receipts"), {"person": str(walk.people["Olga Limits"])}).content.decode()
    assert "Off limits" in page


def test_a_client_contact_is_rung(walk: Walk) -> None:
    page = walk.client.post(reverse("ring", args=[walk.people["Cleo Client"]]))
    assert (page.status_code, "tel:+442079460123" in page.content.decode()) == (200, True)
    assert walk.verdict("Cleo Client") == ("working", "allowed", "")


def test_only_what_may_leave_arrives_and_its_signatures_verify(walk: Walk) -> None:
    assert sender.send_waiting(walk.box, now=lambda: NOON) == 3
    [jane] = walk.office.until("jane@post.example", 1)
    walk.office.until("nora@post.example", 1)
    for name in ("Sue Pressed", "Tom Talks", "Wendy Worker", "Ivo Italia", "Olga Limits"):
        assert walk.office.mails(PEOPLE[name][0]) == []
    records = {f"{one.record_name}.".encode(): one.record_text.encode() for one in queries.domain_keys()}
    signed = dkim.DKIM(jane)
    assert [signed.verify(idx=at, dnsfunc=lambda name, timeout=5: records[name]) for at in (0, 1)] == [True, True]
    assert "Hello Jane, may I tell you about a job?" in jane.decode()


def test_not_now_and_never_again_come_in_and_stand(walk: Walk) -> None:
    for address, text in (
        ("jane@post.example", "Not now, try me in March.\n\n-- \nJane"),
        ("nora@post.example", "Never write to me again."),
    ):
        [got] = walk.office.mails(address)
        walk.office.send(address, message(address, text, answers=message_from_bytes(got)["Message-ID"]))
    assert ("inbox", str(walk.box)) in jobs.waiting()  # the worker would read it now
    walk.office.until(ANA, 3)  # theirs, and Gil's mail returned
    found = walk.read()
    assert (found.taken, found.failed, found.missing, found.trouble) == (3, 0, 0, "")
    assert "Nora Never" in walk.today()
    mails = walk.mails()
    assert (mails["Jane Fine"].label, mails["Jane Fine"].until) == ("not_now", date(2026, 3, 1))
    standing = people_queries.standing(walk.people["Jane Fine"], at=LATER)
    assert standing.paused_until == date(2026, 3, 1)
    assert walk.may("Nora Never").decisive.rule == "do_not_contact"
    again = NewPerson(name="Nora Never", identifiers=(Identifier(Scheme.EMAIL, "nora@post.example"),), headline="CTO")
    people.find_or_add_people(people=[again], by=COMMAND_LINE, at=LATER)
    assert walk.may("Nora Never").decisive.rule == "do_not_contact"
    assert walk.write("Nora Never") == 422


def test_a_bounce_closes_the_address(walk: Walk) -> None:
    assert walk.may("Gil Gone").decisive.rule == "dead_address"
    machines = {row.person: row for row in queries.mails(walk.lena, which="machines").rows}
    assert machines["Gil Gone"].did == ("closed",)


def test_mail_sent_elsewhere_shows_up_with_its_verdict(walk: Walk) -> None:
    elsewhere = message(ANA, "Olga, may I tell you of a job?", to="Olga <olga@harbour.example>", subject="A job")
    walk.office.append(ANA, "Sent Items", elsewhere.as_bytes())
    assert walk.read(LATER + HOUR).taken == 1
    [row] = queries.sent_elsewhere(walk.ana, at=LATER + HOUR)
    assert (row.person, row.verdict, row.rule) == ("Olga Limits", "refused", "off_limits")
    assert "Mail you sent from elsewhere" in walk.today()
    page = walk.client.get(reverse("inbox"), {"show": "elsewhere"}).content.decode()
    assert "Olga Limits" in page
    assert walk.read(LATER + HOUR * 2).taken == 0
    assert len(queries.sent_elsewhere(walk.ana, at=LATER + HOUR)) == 1


def test_our_count_is_the_servers_whatever_the_server_does(walk: Walk) -> None:
    """It numbers its folder anew, mails are taken away, and some are no mails at all."""
    before = len(walk.mails())
    walk.office.renumber(ANA)
    assert walk.read(LATER + HOUR * 3).taken == 0  # each is known by its Message-ID
    assert len(walk.mails()) == before
    large = message("jane@post.example", "My CV", subject="Big").as_bytes() + b"x" * 50_000_000
    walk.office.append(ANA, "INBOX", large)
    walk.office.append(ANA, "INBOX", b"\xff\x00 is no mail\r\n\r\n" + b"boundary=x\r\n--x\r\n" * 200)
    found = walk.read(LATER + HOUR * 4)
    assert (found.taken, found.missing, found.failed) == (2, 0, 0)
    odd = {row.person: row.trouble for row in queries.mails(walk.ana, which="machines").rows if row.trouble}
    assert odd["Jane Fine"] == "Only its head was fetched: the mail has 50 MB."
    assert "Big" in {row.subject for row in queries.mails(walk.ana).rows}  # it may say anything: somebody looks
    assert odd[""].startswith("The body wasn't read")
    with walk.office.box(ANA) as box:
        box.folder.set("INBOX")
        box.delete(box.uids()[:1])
    walk.read(LATER + HOUR * 6)
    inbox = next(one for one in queries.folders(walk.lena) if not one.outgoing)
    assert (inbox.on_server, inbox.kept) == (4, 4)


def test_two_readers_at_once_take_each_mail_in_once(walk: Walk) -> None:
    for number in range(6):
        walk.office.append(ANA, "INBOX", message("tom@post.example", f"Yes, tell me more, {number}.").as_bytes())
    barrier = threading.Barrier(2)
    found: list[Any] = []

    def run() -> None:
        try:
            barrier.wait()
            found.append(walk.read(LATER + HOUR * 7))
        except BaseException as error:
            found.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [getattr(one, "trouble", one) for one in found] == ["", ""]
    assert sum(one.taken for one in found) == 6
    rows = queries.mails(walk.lena, which="all", person=walk.people["Tom Talks"]).rows
    assert len({row.words for row in rows}) == len(rows) == 6


def test_somebody_erased_stays_erased_though_the_server_keeps_their_mail(walk: Walk) -> None:
    people.erase_person(
        person_key=walk.people["Tom Talks"], ground=Ground.REQUEST, viewer=walk.lena, at=LATER + HOUR * 8
    )
    done = walk.read(LATER + HOUR * 9)  # its own count shows the gap, and it reads them again
    assert (done.missing, done.failed) == (0, 0)
    every = (*queries.mails(walk.ana, which="all").rows, *queries.mails(walk.ana).rows)
    assert not any("tell me more" in row.words or "tom@" in row.address for row in every)


def test_a_mailbox_that_does_not_let_us_in_waits_longer_each_time(walk: Walk) -> None:
    wanted = actions.MailboxSettings(
        name="Wrong", transport=Transport.SMTP, from_name="W", from_address="w@northgate.example", host="localhost",
        port=walk.office.smtp, username=ANA, secret="not the password", imap_host="localhost",
        imap_port=walk.office.imap,
    )  # fmt: skip
    box = actions.put_mailbox(settings=wanted, by=COMMAND_LINE, at=NOON)
    found = fetcher.read_mailbox(box, now=lambda: LATER)
    assert "check user name and password" in found.trouble
    assert "not the password" not in found.trouble
    soon, later = LATER + timedelta(seconds=59), LATER + timedelta(seconds=61)
    assert box not in queries.mailboxes_to_read(at=soon)
    assert box in queries.mailboxes_to_read(at=later)
    fetcher.read_mailbox(box, now=lambda: later)
    assert box not in queries.mailboxes_to_read(at=later + timedelta(seconds=61))
