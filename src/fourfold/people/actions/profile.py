"""Change what a person's record holds: the form, addresses, jobs, roles, who is let in, where a CV must not go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Viewer
from fourfold.base.actor import HOUSE
from fourfold.people import access, models, queries, rules
from fourfold.people.actions import details
from fourfold.people.actions.fields import CustomValues, replace_fields
from fourfold.people.actions.organisations import add_organisations
from fourfold.people.types import (
    CANDIDATE_SIDE,
    AddressTaken,
    AddressUse,
    ChangeRefused,
    NewOrganisation,
    NewPerson,
    PersonChange,
    PersonRole,
    Scheme,
)

NOTHING = "Nothing was changed."


def _noted(viewer: Viewer, deed: str, key: UUID, at: datetime, summary: str = "") -> None:
    models.Person.objects.filter(pk=key).update(changed_at=at)
    accounts.audit(by=viewer.actor(), deed=deed, at=at, subject=("person", key), summary=summary)
    accounts.tell_watchers(kind="person", keys=[key])


@transaction.atomic
def change_person(*, person_key: UUID, to: PersonChange, viewer: Viewer, at: datetime) -> None:
    """Set what the form says. What the viewer may not see is left as it is.

    A new employer's name becomes an organisation. Raises PersonNotFound, ChangeRefused.
    """
    person = access.get_person_for(viewer, person_key)
    if not to.name.strip():
        raise ChangeRefused(NOTHING, "A person needs a name.", "Write one, or the address you know them by.")
    sees = access.sees_candidate_side(viewer, person.key)
    person.name, person.sort_name = to.name.strip()[:120], rules.sort_name(to.name)
    person.headline, person.city = to.headline.strip()[:160], to.city.strip()[:80]
    person.country, person.owner_key = to.country.strip().upper()[:2], to.owner_key
    person.organisation_id = _organisation(to.organisation, viewer, at)
    columns = ["name", "sort_name", "headline", "city", "country", "owner_key", "organisation"]
    if sees:
        if (to.openness or "") != person.openness:
            person.openness_at = at
        person.openness = to.openness or ""
        person.not_before, person.available_from = to.not_before, to.available_from
        person.notice_weeks = to.notice_weeks
        person.origin, person.origin_detail = to.origin or "", to.origin_detail.strip()[:160]
        columns += [
            "openness",
            "openness_at",
            "not_before",
            "available_from",
            "notice_weeks",
            "origin",
            "origin_detail",
        ]
    person.save(update_fields=columns)
    _replace_names(person.key, to, sees, at)
    hidden = frozenset() if sees else CANDIDATE_SIDE
    held = models.CustomValue.objects.filter(person_id__in=queries.family(person.key))
    replace_fields(CustomValues(held, person=person), to.custom, hidden=hidden)
    _noted(viewer, "change_person", person.key, at)


def _organisation(name: str, viewer: Viewer, at: datetime) -> UUID | None:
    if not name.strip():
        return None
    new = NewOrganisation(name=name.strip())
    return add_organisations(organisations=[new], by=viewer.actor(), at=at)[0]


def _replace_names(key: UUID, to: PersonChange, sees: bool, at: datetime) -> None:
    """Skills and tags become those of the form."""
    new = NewPerson(name=to.name, tags=to.tags, skills=to.skills if sees else (), source="colleague")
    details.write(people=[(new, key)], added={key}, by=HOUSE, at=at)
    family = queries.family(key)
    tags = {rules.plain(name)[:60] for name in to.tags}
    models.PersonTag.objects.filter(person_id__in=family).exclude(tag__sort_name__in=tags).delete()
    if sees:
        skills = {rules.plain(name)[:120] for name in to.skills}
        models.PersonSkill.objects.filter(person_id__in=family).exclude(skill__sort_name__in=skills).delete()


@transaction.atomic
def put_address(
    *, person_key: UUID, scheme: Scheme, text: str, use: AddressUse | None, viewer: Viewer, at: datetime
) -> None:
    """Give a person an address. Raises PersonNotFound, ChangeRefused, AddressTaken (another record has it)."""
    person = access.get_person_for(viewer, person_key)
    found = rules.normalise(scheme, text)
    if found is None:
        raise ChangeRefused(
            "The address was not added.", f"“{text[:60]}” is no {SCHEME_WORDS[scheme]}.", "Check it for a slip."
        )
    if queries.erased([found]):
        raise ChangeRefused(
            "The address was not added.",
            "Somebody with it asked to be erased.",
            "A leader can lift that, with a reason.",
        )
    owner = queries.resolve([found]).get(found)
    if owner and owner not in queries.family(person.key):
        name = queries.names([owner], viewer=viewer)[owner]
        raise AddressTaken(
            "The address was not added.", f"{name} has it.", "If the two are one human, merge their records."
        )
    if owner is None:
        models.PersonIdentifier.objects.create(person=person, scheme=scheme, value=found.value, use=use or "")
        _noted(viewer, "put_address", person.key, at, scheme.value)


SCHEME_WORDS = {
    Scheme.EMAIL: "e-mail address",
    Scheme.PHONE: "phone number",
    Scheme.PROFILE: "profile address",
    Scheme.ID: "id",
}


@dataclass(frozen=True, slots=True)
class AddressChange:
    """What to set on an address: its use, and whether it is the main one, verified, bouncing."""

    use: AddressUse | None
    main: bool
    verified: bool
    bouncing: bool


@transaction.atomic
def change_address(*, person_key: UUID, address: int, to: AddressChange, viewer: Viewer, at: datetime) -> None:
    """Set what is known of an address. One of a scheme is the main one. Raises PersonNotFound, ChangeRefused."""
    row = _address(person_key, address, viewer)
    family = queries.family(row.person_id)
    if to.main:
        models.PersonIdentifier.objects.filter(person_id__in=family, scheme=row.scheme).update(main=False)
    row.use, row.main = to.use or "", to.main
    row.verified_at = (row.verified_at or at) if to.verified else None
    row.bouncing_at = (row.bouncing_at or at) if to.bouncing else None
    row.save(update_fields=["use", "main", "verified_at", "bouncing_at"])
    _noted(viewer, "change_address", person_key, at, row.scheme)


@transaction.atomic
def take_address(*, person_key: UUID, address: int, viewer: Viewer, at: datetime) -> None:
    """Take an address off a record. Raises PersonNotFound, ChangeRefused."""
    row = _address(person_key, address, viewer)
    row.delete()
    _noted(viewer, "take_address", person_key, at, row.scheme)


def _address(person_key: UUID, address: int, viewer: Viewer) -> models.PersonIdentifier:
    person = access.get_person_for(viewer, person_key)
    rows = models.PersonIdentifier.objects.filter(pk=address, person_id__in=queries.family(person.key))
    rows = rows if access.sees_candidate_side(viewer, person.key) else rows.exclude(use=AddressUse.PERSONAL)
    row = rows.first()
    if row is None:
        raise ChangeRefused(NOTHING, "This address is not on the record any more.", "Load the page anew.")
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job of a working life, as a form says it."""

    organisation: str
    title: str = ""
    started_on: date | None = None
    ended_on: date | None = None
    present: bool = False


@transaction.atomic
def put_job(*, person_key: UUID, job: Job, viewer: Viewer, at: datetime, key: int | None = None) -> None:
    """Add a job to a working life, or change one (``key``). A present one's employer becomes the person's organisation.

    Raises PersonNotFound, ChangeRefused.
    """
    person = access.get_candidate_for(viewer, person_key)
    if not (job.organisation.strip() or job.title.strip()):
        raise ChangeRefused(NOTHING, "A job needs an employer or a title.", "Write one of them.")
    if job.started_on and job.ended_on and job.ended_on < job.started_on:
        raise ChangeRefused(NOTHING, "The job ends before it begins.", "Correct one of the two days.")
    if job.present and job.ended_on:
        raise ChangeRefused(NOTHING, "A job that has ended is not the present one.", "Untick it, or clear its end.")
    employer = _organisation(job.organisation, viewer, at) if job.present else None
    known = queries.organisations_by_name([job.organisation]).get(job.organisation)
    values = {
        "organisation_id": employer or known, "organisation_name": job.organisation.strip()[:120],
        "title": job.title.strip()[:160], "started_on": job.started_on, "ended_on": job.ended_on,
        "present": job.present,
    }  # fmt: skip
    if key is None:
        models.Employment.objects.create(person=person, source="colleague", **values)
    else:
        _jobs(person.key, key).update(**values)
    if employer and employer != person.organisation_id:
        models.Person.objects.filter(pk=person.key).update(organisation_id=employer)
    _noted(viewer, "put_job", person.key, at)


@transaction.atomic
def take_job(*, person_key: UUID, key: int, viewer: Viewer, at: datetime) -> None:
    """Take a job out of a working life. Raises PersonNotFound, ChangeRefused."""
    person = access.get_candidate_for(viewer, person_key)
    _jobs(person.key, key).delete()
    _noted(viewer, "take_job", person.key, at)


def _jobs(person_key: UUID, key: int) -> QuerySet[models.Employment]:
    rows = models.Employment.objects.filter(pk=key, person_id__in=queries.family(person_key))
    if not rows.exists():
        raise ChangeRefused(NOTHING, "This job is not on the record any more.", "Load the page anew.")
    return rows


@transaction.atomic
def set_roles(*, person_key: UUID, owners: dict[PersonRole, UUID | None], viewer: Viewer, at: datetime) -> None:
    """Set what a person is to the house, and who owns each side. A role left out ends, with its history kept.

    Where the candidate side is hidden from the viewer it is left as it is. Raises PersonNotFound.
    """
    person = access.get_person_for(viewer, person_key)
    hidden = frozenset() if access.sees_candidate_side(viewer, person.key) else CANDIDATE_SIDE
    family = queries.family(person.key)
    held = {row.role: row for row in models.PersonInRole.objects.filter(person_id__in=family)}
    for role in PersonRole:
        if role in hidden:
            continue
        row = held.get(role)
        if role in owners and row is None:
            models.PersonInRole.objects.create(person=person, role=role, owner_key=owners[role], since=at)
        elif role in owners and row:
            models.PersonInRole.objects.filter(pk=row.pk).update(owner_key=owners[role], ended_at=None)
        elif row and row.ended_at is None:
            models.PersonInRole.objects.filter(pk=row.pk).update(ended_at=at)
    _noted(viewer, "set_roles", person.key, at, ", ".join(sorted(owners)))


@transaction.atomic
def set_confidential(
    *, person_key: UUID, confidential: bool, let_in: Collection[UUID], viewer: Viewer, at: datetime
) -> None:
    """Hide a record from all but its owner, leaders and those let in, or open it. A record without an owner gets the
    viewer. Raises PersonNotFound, NotAllowed (neither the owner nor a leader).
    """
    person = access.get_person_for(viewer, person_key)
    access.require_confidant(viewer, person)
    person.confidential = confidential
    if confidential and person.owner_key is None:
        person.owner_key = viewer.user_key
    person.save(update_fields=["confidential", "owner_key"])
    known = accounts_queries.names(let_in) if confidential else {}
    models.PersonAccess.objects.filter(person=person).exclude(user_key__in=list(known)).delete()
    held = set(models.PersonAccess.objects.filter(person=person).values_list("user_key", flat=True))
    rows = [models.PersonAccess(person=person, user_key=key, by=viewer.name, at=at) for key in known if key not in held]
    models.PersonAccess.objects.bulk_create(rows)
    _noted(viewer, "set_confidential", person.key, at, "confidential" if confidential else "open")


@transaction.atomic
def keep_cv_from(*, person_key: UUID, organisation: str, reason: str, viewer: Viewer, at: datetime) -> None:
    """Put an organisation on a person's “do not send to” list. Raises PersonNotFound, ChangeRefused."""
    person = access.get_candidate_for(viewer, person_key)
    if not organisation.strip():
        raise ChangeRefused(NOTHING, "No organisation was named.", "Write its name.")
    key = _organisation(organisation, viewer, at)
    models.DoNotSend.objects.get_or_create(
        person=person, organisation_id=key or "", defaults={"reason": reason.strip()[:160], "by": viewer.name, "at": at}
    )
    _noted(viewer, "keep_cv_from", person.key, at)


@transaction.atomic
def allow_cv_to(*, person_key: UUID, key: int, viewer: Viewer, at: datetime) -> None:
    """Take an organisation off the list; the own employer can't be taken off. Raises PersonNotFound."""
    person = access.get_candidate_for(viewer, person_key)
    models.DoNotSend.objects.filter(pk=key, person_id__in=queries.family(person.key)).delete()
    _noted(viewer, "allow_cv_to", person.key, at)
