"""What people do on the pages of jobs: apply, pick a time for an interview, say that none fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.core.cache import cache

from fourfold.base.actor import THEMSELVES
from fourfold.careers import rules
from fourfold.careers.types import Given, Standpoint, TooOften, Visit
from fourfold.jobs import actions as jobs
from fourfold.jobs.types import Applicant, Arranged
from fourfold.people import queries as people

Done = TypeVar("Done")


def count_visit(what: str, *, job: UUID, visit: Visit) -> None:
    """Count what strangers do on a job's page, by network address and by job, in whole hours. Raises TooOften."""
    hour = visit.at.replace(minute=0, second=0, microsecond=0)
    for who, most in zip((f"place {visit.place}", f"job {job.hex}"), rules.MOST_APPLYING[what], strict=True):
        key = f"careers:{what}:{who}:{hour:%Y%m%d%H}".replace(" ", "-")
        asked = cache.get(key, 0) + 1
        cache.set(key, asked, timeout=2 * 3600)
        if asked > most:
            raise TooOften(
                "That was too often.",
                "Very many applications came from your network, or for this job, within the hour.",
                "Wait an hour and try again, or write to us: our address stands below.",
            )


def keep_file(*, name: str, data: bytes, visit: Visit) -> UUID:
    """Keep the file of a form that isn't right yet. Raises FileRefused."""
    return jobs.keep_upload(name=name, data=data, by=THEMSELVES, at=visit.at)


def apply(*, job: UUID, given: Given, visit: Visit) -> None:
    """Somebody applies. Nothing tells whether they were known, or erased before: it returns the same.

    Raises TooOften, IntakeRefused, ApplicationRefused.
    """
    proof = f"the apply page of {given.job_words}, sent on {visit.at:%d %B %Y at %H:%M} UTC; the address is not proved"
    applicant = Applicant(
        name=given.name, email=given.email, phone=given.phone, words=given.words, cv=given.cv,
        upload=("apply_upload", given.upload) if given.upload and not given.cv else None,
        keep_wording=given.keep_wording, notice=given.notice, proof=proof,
    )  # fmt: skip
    jobs.receive_application(
        job=job, applicant=applicant, by=THEMSELVES, at=visit.at, today=visit.today, only_published=True
    )


def pick(*, slot: int, zone: str, by: Standpoint) -> Arranged:
    """Take a time for an interview. Raises SlotTaken, SlotsOver, TooOften, NotFound."""
    return _for_invite(
        by, lambda invite, keys: jobs.pick_slot(
            invite=invite, slot=slot, zone=zone, person_keys=keys, by=THEMSELVES, at=by.at
        ),
    )  # fmt: skip


def none_fits(*, words: str, by: Standpoint) -> None:
    """None of the times fits: a colleague gets their words. Raises TooOften, NotFound."""
    _for_invite(
        by, lambda invite, keys: jobs.say_none_fits(
            invite=invite, words=words, person_keys=keys, by=THEMSELVES, at=by.at
        ),
    )  # fmt: skip


def _for_invite(by: Standpoint, deed: Callable[[UUID, tuple[UUID, ...]], Done]) -> Done:
    invite = rules.invite_of(by.link)
    count_visit("pick", job=invite, visit=Visit(place=by.place, today=by.today, at=by.at))
    return deed(invite, people.family_of(by.link.person_key))
