"""A small house whose pipeline was counted by hand: for the tests of the week and of the pipeline's health."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.jobs import actions as jobs
from fourfold.jobs import queries
from fourfold.jobs.actions import Submitting
from fourfold.jobs.types import (
    InterviewPlan,
    JobChange,
    JobKind,
    MeetingKind,
    MeetingState,
    NewApplication,
    NewPlacement,
    OfferChange,
    Origin,
    PayPer,
)
from fourfold.people import actions as people
from fourfold.people.types import Identifier, NewOrganisation, NewPerson, PersonRole, Scheme

NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)  # a Wednesday
MONDAY = date(2026, 3, 16)
LAST_WEEK = datetime(2026, 3, 10, 10, tzinfo=UTC)
ENGINEERS, ACCOUNTANTS = "engineers", "accountants"
_numbers = count(1)


def colleague(*roles: Role, name: str, **values: Any) -> Viewer:
    new = NewUser(
        email=f"p{next(_numbers)}@northgate.example", name=name, roles=frozenset(roles), password=None, **values
    )
    viewer = accounts_queries.viewer_of(accounts.add_users(users=[new], by=COMMAND_LINE, at=NOW)[0])
    assert viewer is not None
    return viewer


def person(name: str) -> UUID:
    n = next(_numbers)
    address = Identifier(Scheme.EMAIL, f"q{n}@works{n}.example")
    new = NewPerson(name=name, identifiers=(address,), country="GB", roles=(PersonRole.CANDIDATE,))
    return people.add_people(people=[new], by=COMMAND_LINE, at=NOW)[0]


def job(owner: Viewer, *, at: datetime, desk: str = "", **values: Any) -> UUID:
    client = people.add_organisations(
        organisations=[NewOrganisation(name=f"Harbour {next(_numbers)}")], by=COMMAND_LINE, at=NOW
    )[0]
    given: dict[str, Any] = {
        "title": "Platform engineer", "organisation": client, "kind": JobKind.PERMANENT, "currency": "GBP",
        "owner_key": owner.user_key, "desk": desk, "fee_minor": 1_000_000, "next_step": "Ring the manager", **values,
    }  # fmt: skip
    return jobs.open_job(to=JobChange(**given), viewer=owner, at=at, hiring_manager=None)


def application(on: UUID, name: str, *, at: datetime, origin: Origin = Origin.SOURCED) -> UUID:
    new = NewApplication(job=on, person_key=person(name), origin=origin, began_at=at)
    return jobs.begin_application(application=new, by=COMMAND_LINE, at=at).key


def submitted(of: UUID, who: Viewer, *, organisation: UUID, key: UUID, on: UUID, at: datetime) -> None:
    """A CV that went out by hand."""
    jobs.note_agreement(
        person=key, organisation=organisation, job=on, how="on the phone", agreed_at=at, viewer=who, at=at
    )
    sent = jobs.submit(
        application=of,
        submitting=Submitting(
            contact=person("Mina Court"), headline="Engineer", profile="Eight years in the work.", anonymous=False,
            subject="Engineer", words="Has done it.", by_hand="their portal",
        ),
        viewer=who, at=at,
    )  # fmt: skip
    assert isinstance(sent, UUID), sent


def interviewed(of: UUID, who: Viewer, *, at: datetime, state: MeetingState = MeetingState.ATTENDED) -> None:
    plan = InterviewPlan(kind=MeetingKind.VIDEO, starts_at=at, minutes=45, zone="Europe/London")
    made = jobs.arrange_interview(application=of, plan=plan, viewer=who, at=at - timedelta(days=2))
    if state is not MeetingState.BOOKED:
        jobs.note_turn_up(key=made.key, state=state, viewer=who, at=at + timedelta(hours=2))


def offered(of: UUID, who: Viewer, *, on: date, start: date) -> UUID:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    offer = OfferChange(made_on=on, pay_minor=5_000_000, currency="GBP", per=PayPer.YEAR, start_on=start)
    return jobs.make_offer(application=of, offer=offer, viewer=who, at=at)


def placed(offer: UUID, who: Viewer, *, on: date, start: date) -> UUID:
    at = datetime(on.year, on.month, on.day, 10, tzinfo=UTC)
    jobs.accept_offer(key=offer, answered_on=on, start_on=start, viewer=who, at=at)
    new = NewPlacement(accepted_on=on, start_on=start, pay_minor=5_000_000, currency="GBP", per=PayPer.YEAR)
    return jobs.make_placement(offer=offer, placement=new, viewer=who, at=at)


@dataclass(frozen=True)
class Told:
    """Who works here, and the two jobs."""

    lena: Viewer
    tom: Viewer
    rhea: Viewer
    mark: Viewer
    tom_job: UUID
    rhea_job: UUID
    ann: UUID
    bob: UUID


def house() -> Told:
    """Tom's job of engineers has Ann, Bob and Cy; Rhea's of accountants has Dee.

    Ann was submitted in January, met, offered, accepted on 5 March and started on 9 March, as agreed. Bob was submitted
    last week, met yesterday's week (he came), and has an offer since 9 March. Cy did not turn up last week. Dee, who
    came herself, only applied. Tom opened his job on 7 January, Rhea hers last week.
    """
    lena = colleague(Role.LEADER, name="Lena Hart")
    tom = colleague(Role.RECRUITER, name="Tom Ridley")
    rhea = colleague(Role.RECRUITER, name="Rhea Sand")
    mark = colleague(Role.MARKETER, name="Milo Park")
    january = datetime(2026, 1, 7, 9, tzinfo=UTC)
    tom_job = job(tom, at=january, desk=ENGINEERS)
    rhea_job = job(rhea, at=LAST_WEEK, desk=ACCOUNTANTS, title="Management accountant")
    client = jobs_client(lena, tom_job)
    found = {}
    for name, at in (("Ann", january + timedelta(days=5)), ("Bob", LAST_WEEK), ("Cy", LAST_WEEK)):
        key = application(tom_job, name, at=at)
        submitted(key, tom, organisation=client, key=person_of(lena, key), on=tom_job, at=at + timedelta(hours=1))
        found[name] = key
    interviewed(found["Ann"], tom, at=datetime(2026, 1, 20, 10, tzinfo=UTC))
    interviewed(found["Bob"], tom, at=datetime(2026, 3, 12, 10, tzinfo=UTC))
    interviewed(found["Cy"], tom, at=datetime(2026, 3, 13, 10, tzinfo=UTC), state=MeetingState.NO_SHOW)
    first = placed(
        offered(found["Ann"], tom, on=date(2026, 3, 3), start=date(2026, 3, 9)), tom, on=date(2026, 3, 5),
        start=date(2026, 3, 9),
    )  # fmt: skip
    jobs.start_placement(key=first, started_on=date(2026, 3, 9), viewer=tom, at=datetime(2026, 3, 9, 9, tzinfo=UTC))
    offered(found["Bob"], tom, on=date(2026, 3, 9), start=date(2026, 5, 1))
    interviewed(found["Cy"], tom, at=datetime(2026, 3, 19, 10, tzinfo=UTC), state=MeetingState.BOOKED)
    application(rhea_job, "Dee", at=LAST_WEEK, origin=Origin.APPLIED)
    return Told(lena, tom, rhea, mark, tom_job, rhea_job, found["Ann"], found["Bob"])


def jobs_client(viewer: Viewer, key: UUID) -> UUID:
    return queries.job_card(viewer, key).organisation_key


def person_of(viewer: Viewer, key: UUID) -> UUID:
    return queries.application(viewer, key).row.person_key
