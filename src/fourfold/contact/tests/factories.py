"""People, mailboxes and messages for the tests of this room."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.contact import actions
from fourfold.contact.types import Aim, Channel, Draft, Intent, Transport
from fourfold.people import actions as people
from fourfold.people.types import (
    Band,
    FeeBasis,
    Identifier,
    NewConsent,
    NewOrganisation,
    NewPerson,
    PersonRole,
    Scheme,
    TermsDraft,
)

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)  # a Tuesday
_numbers = count(1)
ASSESSMENT = (
    "We want to tell people of jobs that would suit them better than theirs. We need their name, their work and one "
    "address, all of which they made public. They can expect it, it costs them a minute, and one word stops it."
)


def colleague(*roles: Role, name: str = "Ana Lindqvist") -> Viewer:
    email = f"{name.split(maxsplit=1)[0].lower()}{next(_numbers)}@northgate.example"
    new = NewUser(email=email, name=name, roles=frozenset(roles or {Role.RECRUITER}), password=None)
    viewer = accounts_queries.viewer_of(accounts.add_users(users=[new], by=COMMAND_LINE, at=NOON)[0])
    assert viewer is not None
    return viewer


def leader() -> Viewer:
    return colleague(Role.LEADER, name="Lena Hart")


def email(text: str) -> Identifier:
    return Identifier(Scheme.EMAIL, text)


def person(name: str = "Jane Moor", *addresses: str, **values: Any) -> UUID:
    """Somebody in Britain with these addresses, or one of their own making, who may be approached."""
    number = next(_numbers)
    held = addresses or (f"{name.split(maxsplit=1)[0].lower()}{number}@works{number}.example",)
    given = {"country": "GB", "roles": (PersonRole.CANDIDATE,), **values}
    phone = Identifier(Scheme.PHONE, f"+4420794{number:05d}")
    new = NewPerson(name=name, identifiers=(*(email(one) for one in held), phone), **given)
    return people.add_people(people=[new], by=COMMAND_LINE, at=NOON)[0]


def consented(who: UUID, **values: Any) -> None:
    given = {"at": NOON, "source": "test", "source_ref": str(next(_numbers)), **values}
    people.record_consents(entries=[NewConsent(person_key=who, **given)], by=COMMAND_LINE, at=NOON)


def assessed() -> None:
    actions.store_assessment(text=ASSESSMENT, by=COMMAND_LINE, at=NOON)


def mailbox(**values: Any) -> UUID:
    given = {
        "name": f"Box {next(_numbers)}",
        "transport": Transport.SMTP,
        "from_name": "Ana at Northgate",
        "from_address": "ana@northgate.example",
        "host": "127.0.0.1",
        "port": 25,
        "security": "none",
        "per_minute": 100_000,
        "per_domain_minute": 100_000,
        **values,
    }
    return actions.put_mailbox(settings=actions.MailboxSettings(**given), by=COMMAND_LINE, at=NOON)


def intent(who: UUID, by: Viewer | None, **values: Any) -> Intent:
    given = {"aim": Aim.WRITE, "channel": Channel.EMAIL, **values}
    return Intent(person_key=who, by=by.user_key if by else None, **given)


DRAFT = Draft(subject="A job near you", text="Hello, may I tell you about a job?")


def new_key() -> UUID:
    return uuid4()


def client_with_terms(viewer: Viewer, *, off_limits_months: int) -> tuple[UUID, UUID]:
    """A client whose terms were accepted and keep its people from us, and a contact there."""
    [harbour] = people.add_organisations(
        organisations=[NewOrganisation(name="Harbour Systems")], by=COMMAND_LINE, at=NOON
    )
    band = Band(FeeBasis.PERMANENT, 0, None, percent_hundredths=2000)
    draft = TermsDraft(
        currency="GBP",
        bands=(band,),
        off_limits=True,
        off_limits_months=off_limits_months,
        off_limits_clause="No poaching",
    )
    key = people.draft_terms(organisation=harbour, draft=draft, viewer=viewer, at=NOON)
    given: dict[str, Any] = {"by_person": None, "accepted_at": NOON, "document": None}
    people.accept_terms(key=key, how="by mail", viewer=viewer, at=NOON, **given)
    return harbour, person("Cleo Hart", roles=(PersonRole.CLIENT_CONTACT,), organisation=harbour)
