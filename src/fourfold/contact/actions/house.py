"""The house's rules: its policy, its assessment, what was screened; a leader's exceptions, and asking a colleague."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Role, Viewer
from fourfold.base.actor import Actor
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.contact import models, rules
from fourfold.contact.actions.receipts import standing_policy
from fourfold.contact.queries import places
from fourfold.contact.types import Policy, PolicyRefused, Rule
from fourfold.people import queries as people
from fourfold.people.types import Identifier

LONGEST_EXCEPTION = timedelta(days=30)
END_OF_DAY = time(18)


def _require_leader(viewer: Viewer) -> None:
    if not viewer.has(Role.LEADER):
        raise NotAllowed("Nothing was changed.", "This is for leaders.", "Ask a leader of the house.")


@transaction.atomic
def set_policy(*, policy: Policy, why: str, viewer: Viewer, at: datetime) -> int:
    """Keep a new version of the house's numbers; it holds from now on. Returns its number.

    Raises NotAllowed, PolicyRefused.
    """
    _require_leader(viewer)
    rules.check_policy(policy)
    if not why.strip():
        raise PolicyRefused("The policy was not kept.", "It says not why it changes.", "Give the reason in a line.")
    standing_policy(at=at)
    newest: int = models.PolicyVersion.objects.aggregate(n=Max("version"))["n"] or 0
    held = rules.policy_to(replace(policy, version=newest + 1))
    why = why.strip()[:250]
    models.PolicyVersion.objects.create(
        version=newest + 1, held=held, why=why.strip()[:250], by=viewer.name[:80], at=at
    )
    accounts.audit(by=viewer.actor(), deed="set_policy", at=at, subject=("policy", newest + 1), summary=why)
    return newest + 1


@transaction.atomic
def store_assessment(*, text: str, by: Actor, at: datetime) -> int:
    """Keep the house's weighing of interests, on which approaches rest (GDPR Art. 6(1)(f)). Returns its version.

    Raises PolicyRefused for one that says nothing.
    """
    if len(text.split()) < 20:
        raise PolicyRefused(
            "The assessment was not kept.",
            "It is too short to weigh anything.",
            "Say what you want, why it needs these details, and why it outweighs their interest.",
        )
    newest = models.Assessment.objects.aggregate(n=Max("version"))["n"] or 0
    models.Assessment.objects.filter(retired_at=None).update(retired_at=at)
    models.Assessment.objects.create(version=newest + 1, text=text.strip(), by=by.name[:80], at=at)
    accounts.audit(by=by, deed="store_assessment", at=at, subject=("assessment", newest + 1))
    return newest + 1


@transaction.atomic
def log_screening(*, numbers: Collection[Identifier], register: str, screened_on: date, by: Actor, at: datetime) -> int:
    """These numbers were screened against a register on a day and were not on it. Returns how many."""
    for one in numbers:
        models.Screening.objects.update_or_create(
            value_hash=people.address_hash(one), register=register,
            defaults={"screened_on": screened_on, "by": by.name[:80]},
        )  # fmt: skip
    accounts.audit(by=by, deed="log_screening", at=at, summary=f"{len(numbers)} against {register}")
    return len(numbers)


@transaction.atomic
def except_person(
    *, person_key: UUID, lifted: Iterable[Rule], why: str, until: datetime, viewer: Viewer, at: datetime
) -> UUID:
    """A leader's exception for one person, with a reason and an end. Never from a wish, a basis or a notice.

    Raises NotAllowed, PolicyRefused.
    """
    _require_leader(viewer)
    wanted = frozenset(lifted)
    what = "No exception was made."
    if not wanted or not wanted <= rules.EXCEPTABLE:
        raise PolicyRefused(what, "That rule protects a wish.", "Only manners of the house can be lifted.")
    if not why.strip():
        raise PolicyRefused(what, "It says not why.", "Give the reason: it stands in the receipt.")
    if not at < until <= at + LONGEST_EXCEPTION:
        raise PolicyRefused(what, "An exception ends within 30 days.", "Choose a day within the next month.")
    person = people.person_key_for(viewer, person_key)
    row = models.Exemption.objects.create(
        person_key=person, rules=sorted(wanted), why=why.strip()[:250], by_key=viewer.user_key, by=viewer.name[:80],
        at=at, until=until,
    )  # fmt: skip
    accounts.audit(by=viewer.actor(), deed="except_person", at=at, subject=("person", person), summary=why)
    return row.key


@transaction.atomic
def ask_colleague(*, person_key: UUID, colleague: UUID, viewer: Viewer, at: datetime) -> UUID:
    """Ask the colleague in whose conversation somebody is; silence to the end of the next working day is a yes.

    Raises NotFound for nobody who works here.
    """
    person = people.person_key_for(viewer, person_key)
    if colleague not in accounts_queries.active_names():
        raise NotFound("Nobody was asked.", "That colleague works here no more.", "Ask a leader for an exception.")
    row = models.Ask.objects.create(
        person_key=person, asked_by=viewer.user_key, colleague=colleague, at=at,
        free_at=end_of_next_working_day(at, accounts_queries.house_zone(), accounts_queries.house_country()),
    )  # fmt: skip
    accounts.audit(by=viewer.actor(), deed="ask_colleague", at=at, subject=("person", person))
    return row.key


@transaction.atomic
def answer_ask(*, key: UUID, granted: bool, viewer: Viewer, at: datetime) -> None:
    """The colleague says yes or no; whoever asked is told. Raises NotFound for anybody else's question."""
    row = models.Ask.objects.filter(pk=key, colleague=viewer.user_key, granted=None).first()
    if row is None:
        raise NotFound("Nothing was answered.", "There is no such open question to you.", "Reload the page.")
    row.granted, row.answered_at = granted, at
    row.save(update_fields=["granted", "answered_at"])
    accounts.audit(
        by=viewer.actor(), deed="answer_ask", at=at, subject=("person", row.person_key), summary=str(granted)
    )


def end_of_next_working_day(at: datetime, zone: str, country: str) -> datetime:
    """18:00 of the next day that is no weekend and no public holiday, where the house is."""
    day = at.astimezone(ZoneInfo(zone)).date()
    free = places.holidays_around(country, day)
    while True:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in free:
            return datetime.combine(day, END_OF_DAY, ZoneInfo(zone)).astimezone(at.tzinfo)
