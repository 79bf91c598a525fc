"""Fill hot lists that came from another system, and take what an import brought out again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.base.actor import Actor
from fourfold.base.ids import new_key
from fourfold.ledger import actions as ledger
from fourfold.ledger import queries as ledger_queries
from fourfold.people import models
from fourfold.people.types import Filled, Ground, JobLeadState, ListKind, NewHotList, NewJobLead, Sharing


@transaction.atomic
def fill_hot_lists(*, lists: Sequence[NewHotList], by: Actor, at: datetime) -> list[tuple[UUID, int, bool]]:
    """Put people on hot lists, in order; one of that name and owner is filled, others are made, for the whole house.

    Returns each list's key, how many people were not on it before, and whether it was made just now.
    """
    found: list[tuple[UUID, int, bool]] = []
    for new in lists:
        known = models.SavedList.objects.filter(kind=ListKind.HOT, name=new.name[:80], owner_key=new.owner_key).first()
        held = known or models.SavedList.objects.create(
            name=new.name[:80], kind=ListKind.HOT, owner_key=new.owner_key, sharing=Sharing.HOUSE, made_at=at
        )
        before = models.ListMember.objects.filter(saved_list=held).count()
        rows = [(held.pk, key, by.name[:80], at) for key in dict.fromkeys(new.members)]
        ledger.append(models.ListMember, ("saved_list_id", "person_id", "by", "at"), rows)
        count = models.ListMember.objects.filter(saved_list=held).count() - before
        found.append((held.pk, count, known is None))
    if any(count for _, count, _ in found):
        accounts.audit(by=by, deed="fill_hot_lists", at=at, summary=f"{len(found)} lists")
    return found


@transaction.atomic
def remove_hot_lists(*, keys: Collection[UUID], by: Actor, at: datetime) -> int:
    """Remove hot lists that an import made. Returns how many."""
    rows = models.SavedList.objects.filter(pk__in=list(keys), kind=ListKind.HOT)
    count = rows.count()
    rows.delete()
    if count:
        accounts.audit(by=by, deed="remove_hot_lists", at=at, summary=f"{count} lists")
    return count


@transaction.atomic
def bring_job_leads(*, leads: Sequence[tuple[NewJobLead, JobLeadState]], by: Actor, at: datetime) -> list[UUID]:
    """Keep vacancies that another system had heard of, each with where it stood there. Returns their keys, in order."""
    ended = {JobLeadState.DROPPED, JobLeadState.BECAME_JOB}
    rows = [
        models.JobLead(
            key=new_key(), organisation_id=one.organisation, heard_from_id=one.heard_from, title=one.title[:160],
            note=one.note, owner_key=one.owner_key, source=one.source[:80], at=one.at or at, by=by.name[:80],
            state=state, state_why=f"as it was in {one.source}"[:160] if state in ended else "",
            closed_at=(one.at or at) if state in ended else None,
        )
        for one, state in leads
    ]  # fmt: skip
    models.JobLead.objects.bulk_create(rows)
    if rows:
        accounts.audit(by=by, deed="bring_job_leads", at=at, summary=f"{len(rows)} of another system")
    return [row.key for row in rows]


@transaction.atomic
def remove_job_leads(*, keys: Collection[UUID], by: Actor, at: datetime) -> set[UUID]:
    """Remove job leads that an import made, but for those with which somebody has worked since. Returns the gone."""
    gone = set(keys) - accounts_queries.touched_by_hand("job_lead", keys)
    models.JobLead.objects.filter(pk__in=gone).delete()
    if gone:
        accounts.audit(by=by, deed="remove_job_leads", at=at, summary=f"{len(gone)} job leads of an import")
    return gone


@transaction.atomic
def remove_people(*, keys: Collection[UUID], by: Actor, at: datetime) -> set[UUID]:
    """Remove people whom an import added and with whom nobody has worked since. Returns the keys that are gone.

    Those who have facts in the ledger, were merged with another record or changed by hand stay.
    """
    wanted = set(keys)
    active = set(ledger_queries.activity(list(wanted))) | set(ledger_queries.first_touches(wanted))
    joined = set(models.Person.objects.filter(merged_into__in=list(wanted)).values_list("merged_into_id", flat=True))
    worked = Q(merged_into__isnull=False) | Q(changed_at__isnull=False)
    touched = set(models.Person.objects.filter(worked, pk__in=list(wanted)).values_list("key", flat=True))
    gone = wanted - active - joined - touched
    rows = [models.Tombstone(person_key=key, at=at, by=by.name[:80], ground=Ground.TAKEN_OUT) for key in sorted(gone)]
    models.Tombstone.objects.bulk_create(rows)  # wishes are deleted with whom they were about only
    models.Person.objects.filter(pk__in=list(gone)).delete()
    accounts.tell_watchers(kind="person", keys=gone)
    if gone:
        accounts.audit(by=by, deed="remove_people", at=at, summary=f"{len(gone)} people of an import")
    return gone


@transaction.atomic
def remove_organisations(*, keys: Collection[UUID], by: Actor, at: datetime) -> set[UUID]:
    """Remove organisations that an import added and nobody belongs to any more. Returns the keys that are gone."""
    wanted = set(keys)
    used = set(models.Person.objects.filter(organisation__in=list(wanted)).values_list("organisation_id", flat=True))
    used |= set(
        models.Employment.objects.filter(organisation__in=list(wanted)).values_list("organisation_id", flat=True)
    )
    used |= set(models.Terms.objects.filter(organisation__in=list(wanted)).values_list("organisation_id", flat=True))
    gone = wanted - {key for key in used if key} - set(ledger_queries.organisation_days(wanted))
    models.Organisation.objects.filter(pk__in=list(gone)).delete()
    accounts.tell_watchers(kind="organisation", keys=gone)
    if gone:
        accounts.audit(by=by, deed="remove_organisations", at=at, summary=f"{len(gone)} organisations of an import")
    return gone


@transaction.atomic
def empty_again(*, filled: Mapping[UUID, Filled], by: Actor, at: datetime) -> int:
    """Take back what an import filled in on records that were there before, as far as it still says the same.

    Returns how many records changed.
    """
    changed = []
    for row in models.Person.objects.filter(pk__in=list(filled)):
        same = [name for name, text in filled[row.pk].columns.items() if _text(getattr(row, name)) == text]
        for name in same:
            setattr(row, name, "" if isinstance(getattr(row, name), str) else None)
        changed += [row] if same else []
    columns = ("headline", "city", "country", "organisation", "available_from", "origin", "origin_detail", "owner_key")
    models.Person.objects.bulk_update(changed, columns, batch_size=100)
    for key, told in filled.items():
        for one in told.identifiers:
            models.PersonIdentifier.objects.filter(person_id=key, scheme=one.scheme, value=one.value).delete()
        for employer, title, first in told.jobs:
            models.Employment.objects.filter(
                person_id=key, organisation_name=employer, title=title, started_on=first or None
            ).delete()
    accounts.tell_watchers(kind="person", keys=set(filled))
    if filled:
        accounts.audit(by=by, deed="empty_again", at=at, summary=f"{len(filled)} records")
    return len(filled)


def _text(value: object) -> str:
    return "" if value is None else str(value)
