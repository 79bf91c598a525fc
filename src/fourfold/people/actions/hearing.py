"""What colleagues hear from people: wishes logged by hand, objections lifted, and the house's texts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.actor import Actor
from fourfold.people import access, models, queries, rules
from fourfold.people.actions.wishes import record_consents
from fourfold.people.types import (
    ConsentEvent,
    LoggedWish,
    NewConsent,
    Proof,
    Purpose,
    WishKind,
    WishRefused,
    WordingRow,
)

EVENTS = {
    WishKind.OBJECTED: ConsentEvent.OBJECTED,
    WishKind.CONSENTED: ConsentEvent.CONSENTED,
    WishKind.WITHDREW: ConsentEvent.WITHDREW,
}


@transaction.atomic
def log_wish(*, person_key: UUID, wish: LoggedWish, viewer: Viewer, today: date, at: datetime) -> None:
    """Keep what somebody said: in the consent ledger, and where it is how to reach them, in their preferences too.

    Raises WishRefused, PersonNotFound.
    """
    person = access.get_person_for(viewer, person_key)
    keep_wish(person_key=person.key, wish=wish, by=viewer.actor(), today=today, at=at)


def keep_wish(*, person_key: UUID, wish: LoggedWish, by: Actor, today: date, at: datetime) -> None:
    """Keep a wish of whoever this record is, whoever heard it. In the caller's transaction. Raises WishRefused."""
    rules.check_wish(wish, at=at, today=today)
    if wish.kind is WishKind.CONSENTED and wish.wording not in {one.version for one in queries.wordings(used=True)}:
        raise WishRefused("The wish was not logged.", "There is no such text in use.", "Choose one of those shown.")
    entry = NewConsent(
        person_key=person_key,
        event=EVENTS.get(wish.kind, ConsentEvent.ASKED),
        purpose=_purpose_of(wish),
        at=wish.said_at,
        source=wish.how or "a colleague",
        channel=wish.channel if wish.kind in EVENTS else "",
        basis="consent" if wish.kind is WishKind.CONSENTED else "",
        wording=_wording_of(wish),
        evidence=wish.evidence,
    )
    record_consents(entries=[entry], by=by, at=at)
    changed: dict[WishKind, dict[str, Any]] = {
        WishKind.NOT_NOW: {"paused_until": wish.until},
        WishKind.NOT_AT_WORK: {"not_at_work": True},
        WishKind.NO_CALLS: {"no_calls": True},
    }
    if wish.kind in changed:
        values = {**changed[wish.kind], "why": wish.evidence[:160], "changed_at": at, "changed_by": by.name[:80]}
        models.Preference.objects.update_or_create(person_id=person_key, defaults=values)


def _purpose_of(wish: LoggedWish) -> Purpose:
    """“Not at work” and “not now” are of somebody's own career: the candidate side."""
    if wish.kind in EVENTS:
        return wish.purpose
    return Purpose.ALL if wish.kind is WishKind.NO_CALLS else Purpose.APPROACH


def _wording_of(wish: LoggedWish) -> str:
    if wish.kind in EVENTS:
        return wish.wording
    return f"{wish.kind}:{wish.until}" if wish.until and wish.kind is WishKind.NOT_NOW else wish.kind.value


@transaction.atomic
def lift_objection(*, person_key: UUID, purpose: Purpose, channel: str, why: str, viewer: Viewer, at: datetime) -> None:
    """An objection stands no longer, at the person's own wish: in all records that are one with theirs.

    Raises WishRefused without a reason, or where no such objection stands; PersonNotFound.
    """
    person = access.get_person_for(viewer, person_key)
    if not why.strip():
        raise WishRefused(
            "Nothing was lifted.",
            "An objection is lifted only at the person's own wish.",
            "Say when and how they said so.",
        )
    proof = Proof("a colleague", why.strip())
    lift(person_key=person.key, purpose=purpose, channel=channel, proof=proof, by=viewer.actor(), at=at)


def lift(*, person_key: UUID, purpose: Purpose, channel: str, proof: Proof, by: Actor, at: datetime) -> None:
    """Lift an objection in all records of one human. In the caller's transaction. Raises WishRefused."""
    family = queries.families_of([person_key])[person_key]
    standing = rules.unlifted(queries.wishes_of(family))
    held = [key for key, one, over in standing if (one, over) == (purpose, channel)]
    if not held and (purpose, channel) not in queries.standing(person_key, at=at).objected:
        raise WishRefused("Nothing was lifted.", "No such objection stands.", "Reload the page.")
    entries = [
        NewConsent(
            person_key=key, event=ConsentEvent.LIFTED, purpose=purpose, channel=channel, at=at,
            source=proof.source, evidence=proof.evidence,
        )
        for key in held or [person_key]
    ]  # fmt: skip
    record_consents(entries=entries, by=by, at=at)


@transaction.atomic
def clear_preference(*, person_key: UUID, kind: WishKind, why: str, viewer: Viewer, at: datetime) -> None:
    """They may be reached at work again, called again, or now after all: in all records that are one with theirs.

    Raises WishRefused for another kind of wish, PersonNotFound.
    """
    person = access.get_person_for(viewer, person_key)
    if kind not in CLEARED or not why.strip():
        raise WishRefused(
            "Nothing was changed.",
            "It takes their own word, and how they want to be reached.",
            "Say when they said so.",
        )
    clear(person_key=person.key, kind=kind, proof=Proof("a colleague", why.strip()), by=viewer.actor(), at=at)


CLEARED: dict[WishKind, dict[str, Any]] = {
    WishKind.NOT_NOW: {"paused_until": None},
    WishKind.NOT_AT_WORK: {"not_at_work": False},
    WishKind.NO_CALLS: {"no_calls": False},
}


def clear(*, person_key: UUID, kind: WishKind, proof: Proof, by: Actor, at: datetime) -> None:
    """End how somebody wanted to be reached, in all records of one human. In the caller's transaction."""
    family = queries.families_of([person_key])[person_key]
    values = {**CLEARED[kind], "changed_at": at, "changed_by": by.name[:80]}
    models.Preference.objects.filter(person_id__in=family).update(**values)
    if kind is WishKind.NOT_NOW:
        models.Person.objects.filter(pk__in=family).update(not_before=None)
    entry = NewConsent(
        person_key=person_key,
        event=ConsentEvent.ASKED,
        purpose=Purpose.ALL if kind is WishKind.NO_CALLS else Purpose.APPROACH,
        at=at,
        source=proof.source,
        wording=f"{rules.NO_LONGER}{kind}",
        evidence=proof.evidence,
    )
    record_consents(entries=[entry], by=by, at=at)


@transaction.atomic
def add_wording(*, wording: WordingRow, viewer: Viewer, at: datetime) -> None:
    """Add a text of the house, or a new version of one. Raises WishRefused for a version that exists; NotAllowed."""
    access.require_keeper(viewer)
    if models.Wording.objects.filter(pk=wording.version).exists():
        raise WishRefused(
            "The text was not added.",
            f"There is a version “{wording.version}” already, and people have agreed to its words.",
            "Give the new words a version of their own, such as the year and month.",
        )
    models.Wording.objects.create(
        version=wording.version, event=wording.event, purpose=wording.purpose, text=wording.text, since=wording.since,
        made_by=viewer.name[:80],
    )  # fmt: skip
    accounts.audit(by=viewer.actor(), deed="add_wording", at=at, summary=wording.version)


@transaction.atomic
def retire_wording(*, version: str, viewer: Viewer, at: datetime) -> None:
    """Use a text no more; what was agreed to under it stands. Raises NotAllowed."""
    access.require_keeper(viewer)
    models.Wording.objects.filter(pk=version, retired_at=None).update(retired_at=at)
    accounts.audit(by=viewer.actor(), deed="retire_wording", at=at, summary=version)


def seed_wordings(*, wordings: Collection[WordingRow], by: str) -> None:
    """Texts that a house begins with; those that are there stay."""
    models.Wording.objects.bulk_create(
        [
            models.Wording(
                version=one.version, event=one.event, purpose=one.purpose, text=one.text, since=one.since, made_by=by
            )
            for one in wordings
        ],
        ignore_conflicts=True,
    )
