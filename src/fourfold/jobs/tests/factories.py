"""Colleagues, clients, jobs and people on them, for the tests of this room."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.db import connection

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.contact import actions as contact
from fourfold.contact.actions import MailboxSettings
from fourfold.contact.types import Transport
from fourfold.jobs import actions
from fourfold.jobs.types import JobChange, JobKind, NewApplication, Origin
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import (
    Band,
    FeeBasis,
    Identifier,
    NewOrganisation,
    NewPerson,
    PersonChange,
    PersonRole,
    Rebate,
    Scheme,
    TermsDraft,
)

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)  # a Tuesday
_numbers = count(1)


def colleague(*roles: Role, name: str = "Tom Ridley") -> Viewer:
    """Somebody who signs in: a recruiter, or with these roles."""
    email = f"{name.split(maxsplit=1)[0].lower()}{next(_numbers)}@northgate.example"
    new = NewUser(email=email, name=name, roles=frozenset(roles or {Role.RECRUITER}), password=None)
    viewer = accounts_queries.viewer_of(accounts.add_users(users=[new], by=COMMAND_LINE, at=NOON)[0])
    assert viewer is not None
    return viewer


def leader() -> Viewer:
    return colleague(Role.LEADER, name="Lena Hart")


def a_person(name: str = "Jane Moor", **values: Any) -> UUID:
    number = next(_numbers)
    address = Identifier(Scheme.EMAIL, f"{name.split(maxsplit=1)[0].lower()}{number}@works{number}.example")
    given = {"country": "GB", "roles": (PersonRole.CANDIDATE,), **values}
    return people.add_people(people=[NewPerson(name=name, identifiers=(address,), **given)], by=COMMAND_LINE, at=NOON)[
        0
    ]


def a_client(name: str = "Harbour Systems") -> UUID:
    new = NewOrganisation(name=f"{name} {next(_numbers)}")
    return people.add_organisations(organisations=[new], by=COMMAND_LINE, at=NOON)[0]


def accepted_terms(viewer: Viewer, organisation: UUID, **values: Any) -> UUID:
    """Terms of 20 % of first-year pay, a month's whole and two months' half rebate, that the client accepted."""
    draft: dict[str, Any] = {
        "currency": "GBP", "bands": (Band(FeeBasis.PERMANENT, 0, None, percent_hundredths=2_000),),
        "rebates": (Rebate(4, 10_000), Rebate(8, 5_000)), **values,
    }  # fmt: skip
    key = people.draft_terms(organisation=organisation, draft=TermsDraft(**draft), viewer=viewer, at=NOON)
    people.accept_terms(key=key, how="by mail", by_person=None, accepted_at=NOON, document=None, viewer=viewer, at=NOON)
    return key


def a_job(viewer: Viewer, *, hiring_manager: UUID | None = None, **values: Any) -> UUID:
    """An open job of a client of its own, owned by who opened it."""
    given: dict[str, Any] = {
        "title": "Platform engineer", "kind": JobKind.PERMANENT, "owner_key": viewer.user_key, **values
    }  # fmt: skip
    given.setdefault("organisation", a_client())
    return actions.open_job(to=JobChange(**given), viewer=viewer, at=NOON, hiring_manager=hiring_manager)


def an_application(job: UUID, person: UUID | None = None, *, at: datetime = NOON, **values: Any) -> UUID:
    """Somebody who applied for a job."""
    given: dict[str, Any] = {"origin": Origin.APPLIED, "person_key": person or a_person(), "began_at": at, **values}
    return actions.begin_application(application=NewApplication(job=job, **given), by=COMMAND_LINE, at=at).key


def employ(person: UUID, organisation: UUID) -> None:
    """They work there now."""
    card = people_queries.person(leader(), person)
    name = people_queries.organisation_names([organisation])[organisation]
    change = PersonChange(name=card.card.name, organisation=name)
    people.change_person(person_key=person, to=change, viewer=leader(), at=NOON)


def mailbox(viewer: Viewer) -> UUID:
    """A mailbox that the viewer may send from."""
    settings = MailboxSettings(
        name="The house", transport=Transport.SMTP, from_name=viewer.name, from_address="hello@northgate.example",
        host="127.0.0.1", port=2525,
    )  # fmt: skip
    return contact.put_mailbox(settings=settings, by=viewer.actor(), at=NOON)


def tampering(table: str, column: str) -> tuple[str, ...]:
    """What somebody with the database in hand could try on rows that are kept."""
    tries = (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}")
    if connection.vendor == "sqlite":
        return (*tries, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    return tries
