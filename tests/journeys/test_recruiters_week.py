"""A recruiter's first weeks: a vacancy heard of becomes somebody who started, and nobody waits without an answer.

Through pages, public pages and what the worker runs, with a mail server that takes what leaves. Only the clock is set.
"""

from __future__ import annotations

import email
import email.policy
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role, Viewer
from fourfold.base import clock
from fourfold.base.actor import COMMAND_LINE
from fourfold.contact import actions as contact
from fourfold.contact import reading
from fourfold.contact.actions import MailboxSettings, Place
from fourfold.contact.compute import sender
from fourfold.contact.types import Transport
from fourfold.jobs import actions, queries
from fourfold.jobs.types import MeetingState, NewApplication, Origin, PlacementState, Stage
from fourfold.ledger import queries as ledger
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import Identifier, NewOrganisation, NewPerson, PersonRole, Scheme
from fourfold.project import jobs as worker

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LOTS = 200
REED = """You have a new application.

Name: Bo Bright
Email: bo@home.example
Mobile: 07700 900124
Job reference: {reference}
"""


class Letters:
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [one for one in self.mails if address in str(one["To"])]


@pytest.fixture
def letters() -> Iterator[tuple[Letters, int]]:
    found = Letters()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = Controller(found, hostname="127.0.0.1", port=port)
    server.start()
    yield found, port
    server.stop()


@dataclass
class Desk:
    """A recruiter with a browser, a client with a hiring manager, a mailbox; and what the clock says."""

    client: Client
    tom: Viewer
    organisation: UUID
    manager: UUID
    box: UUID
    letters: Letters
    now: list[datetime] = field(default_factory=lambda: [MONDAY])

    def get(self, name: str, *args: Any, **query: str) -> str:
        answer = self.client.get(reverse(name, args=args), query)
        assert answer.status_code == 200, (name, answer.status_code)
        return str(answer.content.decode())

    def post(self, name: str, *args: Any, **data: Any) -> Any:
        answer = self.client.post(reverse(name, args=args), data)
        assert answer.status_code == 302, (name, answer.status_code, _said(answer))
        return answer

    def later(self, by: timedelta) -> None:
        self.now[0] += by

    def send(self) -> int:
        return sender.send_waiting(self.box, now=clock.now)

    def application(self, job: UUID, name: str) -> UUID:
        rows = queries.applications(self.tom, job=job, ended="all").rows
        return next(one.key for one in rows if one.person == name)


def _said(answer: Any) -> str:
    page = answer.content.decode()
    text = re.sub(r"<[^>]+>", " ", page[page.find("ff-alert") :])
    return re.sub(r"\s+", " ", text)[:1500]


@pytest.fixture
def desk(committed_db: Any, plain_house: Any, letters: tuple[Letters, int], monkeypatch: pytest.MonkeyPatch) -> Desk:
    server, port = letters
    new = NewUser(email="tom@northgate.example", name="Tom Ridley", roles=frozenset({Role.RECRUITER}), password=None)
    tom = accounts_queries.viewer_of(accounts.add_users(users=[new], by=COMMAND_LINE, at=MONDAY)[0])
    assert tom is not None
    settings = MailboxSettings(
        name="House", transport=Transport.SMTP, from_name="Tom Ridley", from_address="tom@northgate.example",
        host="127.0.0.1", port=port, security="none",
    )  # fmt: skip
    box = contact.put_mailbox(settings=settings, by=tom.actor(), at=MONDAY)
    [organisation] = people.add_organisations(
        organisations=[NewOrganisation(name="Harbour Systems")], by=COMMAND_LINE, at=MONDAY
    )
    manager = _add("Ada Reed", "ada@harbour.example", PersonRole.CLIENT_CONTACT, organisation=organisation)
    browser = Client()
    user = get_user_model()._default_manager.get(pk=tom.user_key)
    browser.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    found = Desk(browser, tom, organisation, manager, box, server)
    monkeypatch.setattr(clock, "now", lambda: found.now[0])
    return found


def _add(name: str, address: str, role: PersonRole = PersonRole.CANDIDATE, **values: Any) -> UUID:
    new = NewPerson(name=name, identifiers=(Identifier(Scheme.EMAIL, address),), country="GB", roles=(role,), **values)
    return people.add_people(people=[new], by=COMMAND_LINE, at=MONDAY)[0]


JOB = {
    "title": "Platform engineer", "kind": "permanent", "openings": "1", "engaged": "exclusive", "currency": "GBP",
    "exclusive_until": "2026-05-01", "pay_from": "60000", "pay_to": "70000", "pay_per": "year", "pay_shown": "on",
    "calibre": "top_quarter", "workplace": "hybrid", "city": "Leeds", "postcode": "LS1 4DY", "country": "GB",
    "in_short": "Own the platform that 40 hospitals run on.", "slots_booked": "on", "manager_met_on": "2026-03-02",
    "gains": "A product that matters | “Nurses ring me to say thanks” |", "pay_is_real": "yes", "musts": "Python",
    "description": "You lead the platform.",
}  # fmt: skip


def open_the_job(desk: Desk) -> UUID:
    """A vacancy heard of, terms, the job itself with its value and its pay; on the hirer's word it is public."""
    desk.post("new_lead", desk.organisation, title="Somebody for the platform")
    [lead] = people_queries.job_leads(desk.tom)
    desk.post("new_terms", desk.organisation, currency="GBP", permanent="any: 20%", rebates="4 weeks: 100%")
    [terms] = people_queries.organisation(desk.tom, desk.organisation, at=MONDAY).terms
    desk.post("terms", terms.key, deed="accepted", how="by mail", accepted_on="2026-03-02")
    answer = desk.client.post(f"{reverse('new_job')}?lead={lead.key}", {**JOB, "hiring_manager": str(desk.manager)})
    assert answer.status_code == 302, _said(answer)
    job = UUID(answer["Location"].rstrip("/").rsplit("/", 1)[1])
    page = desk.get("job", job)
    assert "Grade A" in page
    assert "Too little is known of what such people are paid" in page
    refused = desk.client.post(reverse("publish_job", args=[job]), {"apply_until": "2026-03-20"})
    assert refused.status_code == 422
    desk.post("note_authority", job, person=str(desk.manager), how="by mail of 2 March")
    desk.post("publish_job", job, apply_until="2026-03-20")
    return job


def three_people_come(desk: Desk, job: UUID) -> None:
    """One by the form on a phone, one by a job board's mail, one whom we found."""
    public, slug = Client(), queries.job_card(desk.tom, job).slug
    form = public.get(reverse("apply", args=[slug])).content.decode()
    mark = re.search(r'name="mark" value="([^"]+)"', form)
    assert mark, "the form has no mark"
    desk.later(timedelta(minutes=1))
    cv = SimpleUploadedFile("cv.txt", b"Jane Moor\njane@home.example\nPlatform engineer at Quay, 2019-2026\nPython")
    given = {"name": "Jane Moor", "email": "jane@home.example", "words": "", "mark": mark[1], "cv": cv}
    answer = public.post(reverse("apply", args=[slug]), given)
    assert answer.status_code in {302, 303}, _said(answer)
    reference = queries.job_card(desk.tom, job).reference
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "apply@reed.co.uk", "tom@northgate.example", "New application"
    mail["Message-ID"], mail["Date"] = "<1@reed.co.uk>", "Mon, 02 Mar 2026 09:30:00 +0000"
    mail.set_content(REED.format(reference=reference))
    place = Place(mailbox=desk.box, folder="INBOX", uid_validity=1, uid=1, arrived_at=clock.now())
    contact.take_in(place=place, read=reading.read(mail.as_bytes()), reading=None, at=clock.now())
    _add("Sam Stone", "sam@home.example")
    desk.post("add_to_board", job, who="sam@home.example")
    page = desk.get("job_board", job)
    assert "3 people are on it" in page
    for name in ("Jane Moor", "Bo Bright", "Sam Stone"):
        assert name in page


def one_is_submitted(desk: Desk, job: UUID) -> UUID:
    """Jane said yes to this client; her profile leaves by mail, and its introduction is proved when it has left."""
    worker.run_files("all")  # the worker reads her CV
    jane = desk.application(job, "Jane Moor")
    assert "First their yes" in desk.get("submit_one", jane)
    desk.post("note_agreement", jane, how="on the phone", agreed_on="2026-03-02")
    page = desk.get("submit_one", jane)
    assert "jane@home.example" not in re.search(r'name="profile".*?</textarea>', page, re.DOTALL)[0]  # type: ignore[index]
    desk.post(
        "submit_one", jane, contact=str(desk.manager), headline="Platform engineer", words="Calm, and has done it.",
        profile="Platform engineer at Quay since 2019. Python.", subject="Somebody for you", mailbox=str(desk.box),
    )  # fmt: skip
    assert queries.introductions(desk.tom, queries.application(desk.tom, jane).row.person_key) == ()
    assert desk.send() >= 1
    [letter] = desk.letters.to("ada@harbour.example")
    assert "Platform engineer at Quay since 2019." in letter.get_body().get_content()  # type: ignore[union-attr]
    left = desk.now[0]
    desk.later(HOUR)
    worker.run_submissions("all")
    [proof] = queries.introductions(desk.tom, queries.application(desk.tom, jane).row.person_key)
    assert (proof.introduced_at, proof.contact, proof.terms) == (left, "Ada Reed", "accepted")
    return jane


def one_is_refused(desk: Desk, job: UUID) -> None:
    """Bo is told, kindly and with the reason; Sam agrees to an interview and does not come."""
    bo, sam = desk.application(job, "Bo Bright"), desk.application(job, "Sam Stone")
    desk.post("end_application", bo, ended="not_submitted", why="No Python yet")
    page = desk.get("answer_one", bo)
    assert "What do you tell Bo Bright?" in page
    text = queries.answer_texts(for_seen=False)[1]
    desk.post("answer_one", bo, text=str(text.key), subject="Your application", words="Hello Bo, no Python yet.",
              mailbox=str(desk.box))  # fmt: skip
    desk.send()
    assert "no Python yet" in desk.letters.to("bo@home.example")[-1].get_body().get_content()  # type: ignore[union-attr]
    desk.post("move_application", sam, to="interested")
    desk.post("arrange_interview", sam, on="2026-03-03", at="10:00", minutes="30", zone="Europe/London", kind="phone")
    desk.later(2 * DAY)
    [held] = queries.interviews_of(desk.tom, sam)
    desk.post("note_turn_up", held.key, state="no_show", why="No word")
    assert queries.interviews_of(desk.tom, sam)[0].state is MeetingState.NO_SHOW
    desk.post("end_application", sam, ended="withdrew", why="Did not come, took another job")


def one_is_placed(desk: Desk, job: UUID, jane: UUID) -> UUID:
    """Jane picks a time by her link, comes, is offered, accepts, is placed with a split, and starts."""
    [sent] = queries.submissions(desk.tom, application=jane)
    desk.post("note_feedback", sent.key, feedback="interview", words="", how="by mail", said_on="2026-03-04")
    desk.post("offer_slots", job, first_on="2026-03-05", days="1", times="10:00, 14:00", zone="Europe/London",
              minutes="45", kind="video", place="https://meet.example/x", with_people="Ada Reed", hours="4",
              applications=[str(jane)])  # fmt: skip
    desk.send()
    link = re.search(r"https?://[^\s]+/slots/[^\s]+", desk.letters.to("jane@home.example")[-1].get_body().get_content())  # type: ignore[union-attr]
    assert link, "the mail has no link to pick a time"
    path = "/slots/" + link[0].split("/slots/", 1)[1]
    public = Client()
    page = public.get(path).content.decode()
    slot = re.search(r'name="slot" value="(\d+)"', page)
    assert slot, page[:2000]
    answer = public.post(path, {"slot": slot[1], "zone": "Europe/London"})
    assert answer.status_code in {200, 302, 303}, _said(answer)
    [held] = queries.interviews_of(desk.tom, jane)
    assert queries.application(desk.tom, jane).row.stage is Stage.INTERVIEW
    desk.send()
    invited = desk.letters.to("jane@home.example")[-1]
    [part] = [one for one in invited.walk() if one.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST"
    desk.now[0] = held.ends_at + HOUR
    desk.post("note_turn_up", held.key, state="attended")
    desk.later(DAY)
    today = desk.now[0].date().isoformat()
    desk.post("make_offer", jane, made_on=today, pay="68000", currency="GBP", per="year", start_on="2026-04-01")
    [offer] = re.findall(r"/jobs/offers/([0-9a-f-]{36})/accept/", desk.get("application_offer", jane))[:1]
    desk.post("accept_offer", offer, answered_on=today, start_on="2026-04-01")
    desk.post("make_placement", jane, accepted_on=today, start_on="2026-04-01", pay="68000", per="year", currency="GBP")
    placement = queries.application(desk.tom, jane).placement
    assert placement is not None
    split = {"who-0": str(desk.tom.user_key), "role-0": "found", "share-0": "60",
             "who-1": str(desk.tom.user_key), "role-1": "delivered", "share-1": "40", "why": "agreed"}  # fmt: skip
    desk.post("agree_split", placement, **split)
    desk.now[0] = datetime(2026, 4, 1, 17, tzinfo=UTC)
    desk.post("start_placement", placement, on="2026-04-01")
    page = queries.placement(desk.tom, placement, at=desk.now[0])
    assert page.card.state is PlacementState.STARTED
    return placement


def test_from_a_vacancy_heard_of_to_somebody_who_started(desk: Desk) -> None:
    job = open_the_job(desk)
    three_people_come(desk, job)
    jane = one_is_submitted(desk, job)
    one_is_refused(desk, job)
    placement = one_is_placed(desk, job, jane)
    counted = {
        kind: [
            (row.basis, row.value_minor)
            for row in ledger.outcome_rows(kind=kind, start=MONDAY - DAY, end=desk.now[0] + DAY).rows
        ]
        for kind in ("candidate", "client", "colleague", "cash")
    }
    assert counted == {
        "candidate": [(None, None)], "client": [(None, None)], "colleague": [], "cash": [("accepted", 13_600_00)],
    }  # fmt: skip
    assert queries.placement(desk.tom, placement, at=desk.now[0]).card.person == "Jane Moor"
    monday = desk.get("monday")
    assert "Monday" in monday
    sheet = desk.client.get(reverse("monday_pdf"))
    assert (sheet.status_code, sheet["Content-Type"]) == (200, "application/pdf")
    assert "too small to tell" in desk.get("pipeline")  # one placement is no history
    desk.post("job_status", job, status="filled")
    assert queries.waiting(desk.tom, job, at=desk.now[0]).seen == ()


def test_a_contract_is_placed_and_extended_before_it_runs_out(desk: Desk) -> None:
    given = {**JOB, "kind": "contract", "engaged": "contingent", "pay_per": "day", "pay_from": "400", "pay_to": "450"}
    answer = desk.client.post(
        f"{reverse('new_job')}?organisation={desk.organisation}",
        {**given, "charge": "540", "hiring_manager": str(desk.manager)},
    )
    assert answer.status_code == 302, _said(answer)
    job = UUID(answer["Location"].rstrip("/").rsplit("/", 1)[1])
    _add("Kim Lee", "kim@home.example")
    desk.post("add_to_board", job, who="kim@home.example")
    kim = desk.application(job, "Kim Lee")
    desk.post("make_offer", kim, made_on="2026-03-02", pay="450", currency="GBP", per="day", start_on="2026-03-02")
    offer = re.findall(r"/jobs/offers/([0-9a-f-]{36})/accept/", desk.get("application_offer", kim))[0]
    desk.post("accept_offer", offer, answered_on="2026-03-02", start_on="2026-03-02")
    desk.post("make_placement", kim, accepted_on="2026-03-02", starts_on="2026-03-02", ends_on="2026-04-10", unit="day",
              units="5", pay="450", charge="540", currency="GBP", paid_via="umbrella")  # fmt: skip
    placement = queries.application(desk.tom, kim).placement
    assert placement is not None
    desk.later(10 * HOUR)
    desk.post("start_placement", placement, on="2026-03-02")
    today = desk.get("today")
    assert "Kim Lee" in today
    assert "Extend" in today
    desk.post("extend_assignment", placement, on="2026-07-31", why="They want her for the summer")
    page = queries.placement(desk.tom, placement, at=desk.now[0])
    assert page.assignment is not None
    assert page.assignment.ends_on.isoformat() == "2026-07-31"
    assert "Extend" not in desk.get("today")  # nothing ends within eight weeks


def test_two_hundred_are_answered_in_a_minute_without_a_careless_one(desk: Desk) -> None:
    job = open_the_job(desk)
    for n in range(LOTS):
        key = _add(f"Person {n:03}", f"p{n}@home.example")
        actions.begin_application(
            application=NewApplication(job=job, person_key=key, origin=Origin.APPLIED), by=COMMAND_LINE, at=desk.now[0]
        )
    page = desk.get("job_answers", job)
    assert f"{LOTS} people wait for an answer" in page
    assert page.count('type="checkbox" name="who"') == LOTS
    rows = queries.waiting(desk.tom, job, at=desk.now[0]).unseen
    spared = rows[7].row
    text = queries.answer_texts(for_seen=False)[0]
    ticked = [str(one.row.key) for one in rows if one.row.key != spared.key]
    desk.post("job_answers", job, text=str(text.key), mailbox=str(desk.box), who=ticked)
    while desk.send():  # so many a minute to one domain
        desk.later(timedelta(minutes=1))
    assert len(desk.letters.mails) == LOTS - 1
    assert {str(one["Subject"]) for one in desk.letters.mails} == {"Your application: Platform engineer"}
    left = queries.waiting(desk.tom, job, at=desk.now[0]).unseen
    assert [one.row.key for one in left] == [spared.key]
    refused = desk.client.post(reverse("close_job", args=[job]), {"reason": "cancelled", "why": "stopped"})
    assert (refused.status_code, "1 person waits" in refused.content.decode()) == (422, True)
