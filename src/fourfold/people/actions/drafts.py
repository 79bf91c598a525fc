"""Deeds on people about to be added: begin from a file, words or an address; confirm; clear away."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from fourfold.accounts.types import Role, Viewer
from fourfold.base.actor import Actor
from fourfold.files import actions as files
from fourfold.files.types import FilePurpose
from fourfold.people import models
from fourfold.people.actions.adding import add_people, find_or_add_people
from fourfold.people.queries.adding import ADDING, draft, get_draft
from fourfold.people.types import ErasedBefore, Identifier, MergeRefused, NewEmployment, NewPerson, Origin, PersonRole
from fourfold.people.types.adding import Confirmed, ReadFrom

KEPT_DAYS = 7
MOST_LETTERS = 100_000
SOURCES = {
    ReadFrom.CV: "cv", ReadFrom.LINKEDIN: "linkedin_pdf", ReadFrom.RESUME: "json_resume", ReadFrom.CARD: "vcard",
    ReadFrom.PAGE: "page", ReadFrom.NOTHING: "typed",
}  # fmt: skip


@transaction.atomic
def begin_draft(*, url: str, text: str, viewer: Viewer, at: datetime) -> UUID:
    """Begin with words, or a page's address and the words selected there. Nothing is added yet."""
    row = models.Draft.objects.create(
        user_key=viewer.user_key, url=url.replace("\0", "")[:500], text=text.replace("\0", "")[:MOST_LETTERS], at=at
    )
    return row.key


@transaction.atomic
def begin_draft_with_file(*, name: str, data: bytes, viewer: Viewer, at: datetime) -> UUID:
    """Begin with a CV or a card; its text is read in the background. Raises FileRefused."""
    row = models.Draft.objects.create(user_key=viewer.user_key, at=at)
    purpose = FilePurpose.DOCUMENT if name.lower().endswith((".vcf", ".json")) else FilePurpose.CV
    files.store_file(subject=(ADDING, row.key), name=name, data=data, purpose=purpose, by=viewer.actor(), at=at)
    return row.key


@transaction.atomic
def confirm_draft(
    *, key: UUID, confirmed: Confirmed, origin: Origin, viewer: Viewer, at: datetime
) -> tuple[UUID, bool]:
    """Add the person, or what is new to the one who has one of the addresses; the file becomes theirs, as their CV.

    Returns their key, and whether they are new. Raises NotFound, MergeRefused where the addresses are of two people,
    ErasedBefore.
    """
    get_draft(viewer, key)
    page = draft(viewer, key)
    reading = page.reading
    chosen = [one.identifier for at_, one in enumerate(reading.addresses) if at_ in confirmed.addresses]
    identifiers: tuple[Identifier, ...] = tuple(dict.fromkeys((*chosen, *confirmed.more_addresses)))
    jobs = tuple(
        NewEmployment(
            organisation_name=job.organisation, title=job.title, started_on=job.started_on, ended_on=job.ended_on,
            present=job.present,
        )
        for at_, job in enumerate(reading.jobs)
        if at_ in confirmed.jobs
    )  # fmt: skip
    if confirmed.organisation and not any(job.organisation_name == confirmed.organisation for job in jobs):
        typed = NewEmployment(organisation_name=confirmed.organisation, title=confirmed.headline, present=True)
        jobs = (typed, *jobs)
    new = NewPerson(
        name=confirmed.name,
        identifiers=identifiers,
        roles=tuple(PersonRole(role) for role in confirmed.roles),
        headline=confirmed.headline,
        city=confirmed.city,
        country=reading.country,
        employments=jobs,
        skills=tuple(one.name for at_, one in enumerate(reading.skills) if at_ in confirmed.skills),
        owner_key=viewer.user_key if viewer.has(Role.RECRUITER) else None,
        origin=origin,
        origin_detail=models.Draft.objects.get(pk=key).url[:160],
        source=SOURCES[reading.read_from],
    )
    person, is_new = _add(new, viewer.actor(), at)
    files.hand_over(subject=(ADDING, key), to=("candidate", person), by=viewer.actor(), at=at)
    models.Draft.objects.filter(pk=key).delete()
    return person, is_new


def _add(new: NewPerson, by: Actor, at: datetime) -> tuple[UUID, bool]:
    if not new.identifiers:
        return add_people(people=[new], by=by, at=at)[0], True
    found = find_or_add_people(people=[new], by=by, at=at)
    if found.keys[0] is not None:
        return found.keys[0], bool(found.added)
    if 0 in found.erased:
        raise ErasedBefore(
            "Nobody was added.",
            "Somebody with this address asked to be erased, or their time was up, so the house keeps it out.",
            "If they came back themselves, a leader lifts it with the reason, under Privacy, Kept out.",
        )
    raise MergeRefused(
        "Nobody was added.",
        "These addresses are of two people of the house.",
        "Untick the address that is not theirs, or merge the two first.",
    )


@transaction.atomic
def drop_draft(*, key: UUID, viewer: Viewer) -> None:
    """Leave it: the draft and its file go. Raises NotFound."""
    row = get_draft(viewer, key)
    files.forget(kinds=[ADDING], keys=[row.key])
    row.delete()


@transaction.atomic
def clear_drafts(*, at: datetime) -> int:
    """Drop drafts that nobody confirmed within a week. Returns how many."""
    old = models.Draft.objects.filter(at__lt=at - timedelta(days=KEPT_DAYS))
    keys = list(old.values_list("pk", flat=True))
    files.forget(kinds=[ADDING], keys=keys)
    old.delete()
    return len(keys)
