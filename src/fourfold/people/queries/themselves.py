"""What somebody sees of their own record. No viewer: who asks has shown that they are this person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from fourfold.people import access, models, rules
from fourfold.people.queries.exporting import export
from fourfold.people.queries.wishes import hash_of, reaches_and_notice, subscriptions_of, suppressed_for, wishes_of
from fourfold.people.types import (
    CANDIDATE_SIDE,
    AddressUse,
    Identifier,
    Origin,
    OwnRecord,
    PersonNotFound,
    Scheme,
    SuppressionKind,
)


def own_record(key: UUID, *, at: datetime, subscribed: bool = True) -> OwnRecord:
    """All that stands about one human, merged records as one; subscriptions where asked. Raises PersonNotFound.

    Six statements, one more for the key of a record that was merged into another.
    """
    person, rows = _records(key)
    family = [row.pk for row in rows]
    reaches, notice = reaches_and_notice(family)
    wishes = wishes_of(family)
    return OwnRecord(
        key=person.key,
        family=tuple(family),
        name=person.name,
        city=person.city,
        organisation=person.organisation.name if person.organisation else "",
        owner_key=person.owner_key,
        origin=Origin(person.origin) if person.origin else None,
        origin_detail=person.origin_detail,
        added_at=person.added_at,
        standing=rules.standing(wishes, reaches, suppressed=suppressed_for(family), at=at),
        notice=notice,
        subscriptions=subscriptions_of(family) if subscribed else (),
        **_latest(rows),
    )


def _records(key: UUID) -> tuple[models.Person, list[models.Person]]:
    """The record that stays, and all that are this human, it first; each with how they want to be reached."""
    rows = models.Person.objects.select_related("organisation", "preference").filter(Q(pk=key) | Q(merged_into=key))
    found = {row.pk: row for row in rows.order_by("key")}
    person = found.pop(key, None)
    if person is not None and person.merged_into_id:
        return _records(person.merged_into_id)
    if person is None:
        raise PersonNotFound(
            "We hold nothing about you.", "Your record was erased, or never was.", "There is nothing you need to do."
        )
    return person, [person, *found.values()]


def own_owners(own: OwnRecord) -> tuple[UUID, ...]:
    """The colleagues whose they are: the owner of the candidate side first, the record's next."""
    rows = models.PersonInRole.objects.filter(person_id__in=own.family, ended_at=None).exclude(owner_key=None)
    held = list(rows.order_by("role").values_list("role", "owner_key"))
    first = [key for role, key in held if role in CANDIDATE_SIDE]
    return tuple(dict.fromkeys(key for key in (*first, own.owner_key, *(key for _role, key in held)) if key))


def own_kept_months(own: OwnRecord) -> int | None:
    """After how many months without a two-way touch somebody decides whether their record stays; None without a rule.

    The shortest of the house's rules that is about them.
    """
    roles = set(
        models.PersonInRole.objects.filter(person_id__in=own.family, ended_at=None).values_list("role", flat=True)
    )
    rows = models.RetentionRule.objects.filter(active=True).values_list("role", "origin", "months")
    fitting = [months for role, of, months in rows if (not role or role in roles) and (not of or of == own.origin)]
    return min(fitting, default=None)


def _latest(rows: Sequence[models.Person]) -> dict[str, str]:
    """The latest word on each, from whichever record has one."""
    held = [row.preference for row in rows if hasattr(row, "preference")]
    held.sort(key=lambda one: one.changed_at, reverse=True)
    return {
        name: next((text for one in held if (text := getattr(one, name))), "") for name in ("best_time", "language")
    }


def own_export(key: UUID) -> dict[str, Any]:
    """Everything the house keeps about somebody, for themselves, as JSON can hold it. Raises PersonNotFound."""
    person, _rows = _records(key)
    return export(access.own_eyes(), person.key)


def letter_addresses(key: UUID) -> tuple[str, ...]:
    """The e-mail addresses on file to which a letter to this human may go, the best first; none for an erased one.

    Their own before their employer's, the main one first; none that bounces or complained. An objection doesn't
    keep a letter back that they ask for themselves.
    """
    try:
        _person, records = _records(key)
    except PersonNotFound:
        return ()
    rows = models.PersonIdentifier.objects.filter(person__in=records, scheme=Scheme.EMAIL, bouncing_at=None)
    order = {AddressUse.PERSONAL: 0, "": 1, AddressUse.WORK: 2}
    held = sorted(rows, key=lambda row: (order.get(row.use, 1), not row.main, row.pk))
    return tuple(_unspoilt([row.value for row in held]))


def _unspoilt(values: Sequence[str]) -> list[str]:
    """Without those from which mail came back for good, or about which somebody complained."""
    from_hash = {hash_of(Identifier(Scheme.EMAIL, value)): value for value in values}
    bad = models.Suppression.objects.filter(
        value_hash__in=list(from_hash), lifted_at=None, kind__in=(SuppressionKind.BOUNCED, SuppressionKind.COMPLAINED)
    )
    spoilt = {from_hash[value] for value in bad.values_list("value_hash", flat=True)}
    return [value for value in values if value not in spoilt]
