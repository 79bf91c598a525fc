"""What the gate of the contact policy asks, for many people at once: a fixed number of statements, however many."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from fourfold.accounts.types import Viewer
from fourfold.ledger import queries as ledger
from fourfold.people import access, models, rules
from fourfold.people.queries.wishes import families_of, hash_of
from fourfold.people.types import (
    AddressFacts,
    AddressUse,
    ConsentEvent,
    ContactFacts,
    EmployerFacts,
    Identifier,
    NoticeState,
    Origin,
    PersonRole,
    Purpose,
    Reach,
    Scheme,
    SuppressionKind,
    TermsState,
    Wish,
)

REACHED = (Scheme.EMAIL, Scheme.PHONE, Scheme.PROFILE)
PERSON = (
    "key", "name", "origin", "origin_detail", "added_at", "country", "latitude", "longitude", "owner_key",
    "organisation_id", "not_before", "preference__not_at_work", "preference__no_calls", "preference__paused_until",
    "notice__state", "notice__due_at", "merged_into_id",
)  # fmt: skip


def contact_facts(keys: Collection[UUID], *, at: datetime) -> dict[UUID, ContactFacts]:
    """What people know of each of these, by the key asked for. Unknown keys are answered as erased."""
    families = families_of(keys)
    members = {one: family[0] for family in families.values() for one in family}
    held = _Held(list(members), at)
    by_head = {family[0]: family for family in families.values()}
    found = {head: held.facts(family) for head, family in by_head.items()}
    return {key: found[families[key][0]] if key in families else _nobody(key) for key in keys}


def person_key_for(viewer: Viewer, key: UUID) -> UUID:
    """The key under which somebody stands now. Raises PersonNotFound where the viewer may not see them."""
    return access.get_person_for(viewer, key).key


def candidate_key_for(viewer: Viewer, key: UUID) -> UUID:
    """The same, for deeds on the candidate side. Raises PersonNotFound where it isn't open to the viewer."""
    return access.get_candidate_for(viewer, key).key


def family_of(key: UUID) -> tuple[UUID, ...]:
    """All keys that are one human with this one."""
    return families_of([key]).get(key, (key,))


def may_see_candidate_side(viewer: Viewer, key: UUID) -> bool:
    """Whether what somebody looks for is open to the viewer: not that of a client's employee, but to its owner."""
    return access.sees_candidate_side(viewer, key)


def address_hash(identifier: Identifier) -> str:
    """The keyed hash under which an address is counted and suppressed."""
    return hash_of(identifier)


def _nobody(key: UUID) -> ContactFacts:
    return ContactFacts(
        key=key, family=(key,), name="", erased=True, roles=frozenset(), origin=None, origin_detail="", added_at=None,
        country="", place=None, addresses=(), employers=(), standing=None, assessed=False, notice=None,
        notice_due_at=None, subscriptions=frozenset(),
    )  # fmt: skip


class _Held:
    """The rows of some people, read table by table."""

    def __init__(self, keys: list[UUID], at: datetime) -> None:
        self.at = at
        among = ledger.among(keys)
        people = models.Person.objects.filter(pk__in=among).values(*PERSON)
        self.people: dict[UUID, dict[str, Any]] = {row["key"]: row for row in people}
        self.addresses = _by(models.PersonIdentifier.objects.filter(person_id__in=among, scheme__in=REACHED))
        self.roles = _by(models.PersonInRole.objects.filter(person_id__in=among, ended_at=None))
        self.jobs = _by(models.Employment.objects.filter(person_id__in=among, present=True))
        self.wishes = _by(models.ConsentEntry.objects.filter(person_id__in=among))
        asked = models.Subscription.objects.filter(person_id__in=among, ended_at=None)
        self.subscriptions = _by(asked)
        self._read_suppressions()
        self._read_employers()

    def _read_suppressions(self) -> None:
        self.hashes = {
            row.pk: hash_of(Identifier(Scheme(row.scheme), row.value)) for several in self.addresses.values()
            for row in several
        }  # fmt: skip
        rows = models.Suppression.objects.filter(
            value_hash__in=ledger.among(sorted(set(self.hashes.values()))), lifted_at=None
        )
        self.suppressed: dict[str, list[models.Suppression]] = defaultdict(list)
        for row in rows:
            self.suppressed[row.value_hash].append(row)

    def _read_employers(self) -> None:
        wanted = {row["organisation_id"] for row in self.people.values() if row["organisation_id"]}
        wanted |= {job.organisation_id for several in self.jobs.values() for job in several if job.organisation_id}
        self.employers = _employers(wanted, self.at) if wanted else {}

    def facts(self, family: tuple[UUID, ...]) -> ContactFacts:
        rows = [self.people[key] for key in family if key in self.people]
        first = rows[0]
        addresses = [row for key in family for row in self.addresses[key]]
        notice = _notice(rows)
        wishes = [row for key in family for row in self.wishes[key]]
        place = next(((row["latitude"], row["longitude"]) for row in rows if row["latitude"] is not None), None)
        against = [one for row in addresses for one in self.suppressed[self.hashes[row.pk]]]
        return ContactFacts(
            key=first["key"],
            family=family,
            name=first["name"],
            erased=any(one.kind == SuppressionKind.ERASED for one in against),
            roles=frozenset(PersonRole(row.role) for key in family for row in self.roles[key]),
            origin=next((Origin(row["origin"]) for row in rows if row["origin"]), None),
            origin_detail=next((row["origin_detail"] for row in rows if row["origin_detail"]), ""),
            added_at=min(row["added_at"] for row in rows),
            country=next((row["country"] for row in rows if row["country"]), ""),
            place=place,
            addresses=tuple(self._address(row) for row in addresses),
            employers=self._employers_of(family, rows),
            standing=self._standing(family, rows, wishes, against),
            assessed=any(row.event == ConsentEvent.ASSESSED for row in wishes),
            notice=notice[0],
            notice_due_at=notice[1],
            subscriptions=frozenset(row.topic for key in family for row in self.subscriptions[key]),
            owner_key=first["owner_key"],
        )

    def _address(self, row: models.PersonIdentifier) -> AddressFacts:
        value_hash = self.hashes[row.pk]
        return AddressFacts(
            Identifier(Scheme(row.scheme), row.value),
            value_hash,
            AddressUse(row.use) if row.use else None,
            row.main,
            row.bouncing_at is not None,
            frozenset(SuppressionKind(one.kind) for one in self.suppressed[value_hash]),
        )

    def _employers_of(self, family: tuple[UUID, ...], rows: Iterable[Mapping[str, Any]]) -> tuple[EmployerFacts, ...]:
        keys = [row["organisation_id"] for row in rows if row["organisation_id"]]
        keys += [job.organisation_id for key in family for job in self.jobs[key] if job.organisation_id]
        return tuple(self.employers[key] for key in dict.fromkeys(keys) if key in self.employers)

    def _standing(
        self,
        family: tuple[UUID, ...],
        rows: Iterable[Mapping[str, Any]],
        wishes: Iterable[models.ConsentEntry],
        against: Iterable[models.Suppression],
    ) -> Any:
        reaches = [
            Reach(
                bool(row["preference__not_at_work"]),
                bool(row["preference__no_calls"]),
                row["preference__paused_until"],
                row["not_before"],
            )
            for row in rows
        ]
        others = {
            Purpose(one.purpose)
            for one in against
            if one.kind == SuppressionKind.OBJECTED and one.person_key not in family
        }
        return rules.standing([_wish(row) for row in wishes], reaches, suppressed=others, at=self.at)


def _by(rows: Any) -> dict[UUID, list[Any]]:
    held: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows.order_by("pk"):
        held[row.person_id].append(row)
    return held


def _wish(row: models.ConsentEntry) -> Wish:
    return Wish(
        key=row.pk,
        person_key=row.person_id,
        event=ConsentEvent(row.event),
        purpose=Purpose(row.purpose),
        at=row.at,
        channel=row.channel,
        brand=row.brand,
        wording=row.wording,
        expires_at=row.expires_at,
    )


def _notice(rows: Iterable[Mapping[str, Any]]) -> tuple[NoticeState | None, datetime | None]:
    """Of several records: told once is told; else the one that is due first."""
    held = [(NoticeState(row["notice__state"]), row["notice__due_at"]) for row in rows if row["notice__state"]]
    settled = [one for one in held if one[0] in (NoticeState.TOLD, NoticeState.DECLARED)]
    owed = sorted((one for one in held if one[0] in (NoticeState.OWED, NoticeState.PLANNED)), key=lambda one: one[1])
    return next(iter([*settled, *owed, *held]), (None, None))


def _employers(keys: Collection[UUID], at: datetime) -> dict[UUID, EmployerFacts]:
    """These organisations with the terms that stand with each, those it hires under included."""
    accepted = models.Terms.objects.filter(state=TermsState.ACCEPTED).filter(
        Q(organisation_id__in=list(keys)) | Q(scopes__organisation_id__in=list(keys))
    )
    columns = ("organisation_id", "scopes__organisation_id", "accepted_at", "ends_on", "off_limits",
               "off_limits_months", "off_limits_clause")  # fmt: skip
    terms: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    for own, under, *rest in accepted.order_by("accepted_at").values_list(*columns):
        for key in {own, under} & set(keys):
            terms[key].append(tuple(rest))
    worked = ledger.organisation_days(list(terms)) if any(row[2] for rows in terms.values() for row in rows) else {}
    rows = models.Organisation.objects.filter(pk__in=ledger.among(keys)).values_list("key", "name", "own")
    found = {}
    for key, name, own in rows:
        last = max((max(days) for days in worked.get(key, {}).values() if days), default=None)
        found[key] = _employer(key, name, own, terms.get(key, []), last, at)
    return found


def _employer(
    key: UUID, name: str, own: bool, terms: Iterable[tuple[Any, ...]], last: datetime | None, at: datetime
) -> EmployerFacts:
    standing = [row for row in terms if row[1] is None or row[1] >= at.date()]
    since = standing[-1][0].date() if standing else None
    clauses = []
    for accepted_at, ends_on, off_limits, months, clause in terms:
        if not off_limits:
            continue
        start = max(one for one in (accepted_at, last) if one is not None).date()
        until = _months_after(max(start, ends_on) if ends_on else start, months or 0)
        if until >= at.date():
            clauses.append((until, clause or "off limits"))
    last_day, words = max(clauses, default=(None, ""), key=lambda one: one[0])
    return EmployerFacts(key, name, own, since, words[:160], last_day)


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
