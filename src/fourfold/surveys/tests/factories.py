"""People, mailboxes and answers for the tests of this room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role, Viewer
from fourfold.base.actor import COMMAND_LINE, THEMSELVES
from fourfold.contact import actions as contact
from fourfold.contact import queries as contact_queries
from fourfold.contact.types import Transport
from fourfold.people import actions as people
from fourfold.people.types import Identifier, NewPerson, PersonRole, Scheme
from fourfold.surveys import actions, models, rules
from fourfold.surveys.types import Asked, Invited, Moment, NotAsked, Outcome

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)  # a Tuesday
HOUR = datetime(2026, 3, 5, 10, tzinfo=UTC)  # two days later, at ten
READ = datetime(2026, 6, 20, 9, tzinfo=UTC)  # when all that was answered in spring counts
_numbers = count(1)


def colleague(*roles: Role, name: str = "Ana Lindqvist", **values: Any) -> Viewer:
    email = f"{name.split(maxsplit=1)[0].lower()}{next(_numbers)}@northgate.example"
    new = NewUser(email=email, name=name, roles=frozenset(roles or {Role.RECRUITER}), **values)
    viewer = accounts_queries.viewer_of(accounts.add_users(users=[new], by=COMMAND_LINE, at=NOON)[0])
    assert viewer is not None
    return viewer


def leader() -> Viewer:
    return colleague(Role.LEADER, name="Lena Hart")


def person(name: str = "Jane Moor", **values: Any) -> UUID:
    """Somebody in Britain with an address of their own."""
    address = Identifier(Scheme.EMAIL, f"{name.split(maxsplit=1)[0].lower()}{next(_numbers)}@post.example")
    given = {"country": "GB", "roles": (PersonRole.CANDIDATE,), "identifiers": (address,), **values}
    return people.add_people(people=[NewPerson(name=name, **given)], by=COMMAND_LINE, at=NOON)[0]


def mailbox(**values: Any) -> UUID:
    given = {
        "name": f"Box {next(_numbers)}",
        "transport": Transport.SMTP,
        "from_name": "Northgate",
        "from_address": "hello@northgate.example",
        "host": "127.0.0.1",
        "port": 25,
        "security": "none",
        **values,
    }
    return contact.put_mailbox(settings=contact.MailboxSettings(**given), by=COMMAND_LINE, at=NOON)


def invited(who: UUID, **values: Any) -> Invited:
    given = {
        "moment": Moment.APPLICATION,
        "outcome": Outcome.REJECTED,
        "about": "Data engineer at Harbour",
        "about_kind": "application",
        "about_key": uuid4(),
        "ended_at": NOON,
        **values,
    }
    return Invited(person_key=who, **given)


def invite(who: UUID, at: datetime = NOON, **values: Any) -> Asked | NotAsked:
    return actions.invite(invited=invited(who, **values), by=COMMAND_LINE, at=at)


def asked(who: UUID, **values: Any) -> UUID:
    """An invitation whose mail was queued; the house has a mailbox."""
    if contact_queries.house_mailbox() is None:
        mailbox()
    found = invite(who, **values)
    assert isinstance(found, Asked), found
    actions.send_due(at=found.send_at)
    return found.key


def answered(who: UUID, score: int, words: str = "", *, may_answer: bool = False, **values: Any) -> UUID:
    key = asked(who, **values)
    at = models.Invitation.objects.get(pk=key).asked_at
    assert at is not None
    given: dict[str, Any] = {"key": key, "by": THEMSELVES, "at": at + timedelta(hours=3)}
    actions.give_number(score=score, **given)
    if words or may_answer:
        actions.say_more(verbatim=words, may_answer=may_answer, **given)
    return key


def counted(
    *scores: int, moment: Moment = Moment.APPLICATION, outcome: Outcome = Outcome.REJECTED, **values: Any
) -> None:
    """Answers that count already, of nobody."""
    given = {"month": NOON.date().replace(day=1), "desk": "data", **values}
    words = given.pop("words", "")
    models.CountedAnswer.objects.bulk_create(
        models.CountedAnswer(
            side=rules.side_of(moment), moment=moment, outcome=outcome, score=score, verbatim=words, **given
        )
        for score in scores
    )
