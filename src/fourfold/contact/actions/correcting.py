"""A colleague says what a mail really was: what the reader did wrongly is undone, the right thing done, and learnt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.errors import FourfoldError
from fourfold.contact import models, queries
from fourfold.contact.actions import hearing
from fourfold.contact.reading import classify
from fourfold.contact.types.inbound import Correction, ReplyClass
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import (
    ConsentEvent,
    LoggedWish,
    NewConsent,
    Purpose,
    Scheme,
    Wish,
    WishKind,
)


class CorrectionRefused(FourfoldError):
    """A correction that can't be made as given."""


@transaction.atomic
def correct_reply(
    *, key: UUID, label: ReplyClass, until: date | None = None, viewer: Viewer, at: datetime
) -> tuple[str, ...]:
    """Say what an answer was; the same as it was read confirms it. Returns codes of what was changed.

    An objection that the reader alone had recorded is lifted where the words were no stop: it never was their word. One
    that they expressed in any other way stands. ``until`` is the day of a "not now"; else the one the words name.

    Raises NotFound, CorrectionRefused.
    """
    row = _mail(key, viewer)
    if row.person_key is None:
        raise CorrectionRefused(
            "Nothing was changed.", "Nobody's record fits this mail.", "Add the person with this address first."
        )
    words = hearing.said(row)
    lesson = {"text": words, "label": label.value, "by": viewer.name[:80], "at": at}
    models.Lesson.objects.update_or_create(mail=row, defaults=lesson)
    changed = _undo(row, label, viewer, at)
    if label is ReplyClass.NOT_NOW and until is None:
        read = classify(words, row.subject, today=row.at.date(), corrections=[Correction(words, label)])
        until = read.until
    changed += _do(row, label, until, viewer, at)
    row.label, row.sure, row.until = label.value, True, until if label is ReplyClass.NOT_NOW else None
    row.corrected_by, row.handled_at, row.handled_by = viewer.name[:80], at, viewer.name[:80]
    row.why = f"{viewer.name[:80]} read it so."
    row.save()
    accounts.audit(by=viewer.actor(), deed="correct_reply", at=at, subject=("mail", key), summary=label.value)
    return tuple(changed)


def _mail(key: UUID, viewer: Viewer) -> models.InboundMail:
    queries.require_mail(viewer, key)
    return models.InboundMail.objects.select_for_update().get(pk=key)


def _undo(row: models.InboundMail, label: ReplyClass, viewer: Viewer, at: datetime) -> list[str]:
    """Take back what the reader did because of a wrong reading, where it was the reader's alone."""
    changed: list[str] = []
    for code in row.did:
        kind, _, value = code.partition(":")
        if kind == "objected" and label not in hearing.BAD:
            changed += _lift(row, Purpose(value), viewer, at)
        elif kind == "not_now" and label is not ReplyClass.NOT_NOW:
            changed += _release(row, date.fromisoformat(value), viewer, at)
    done = {one.partition(" ")[2] for one in changed}
    row.did = [code for code in row.did if code not in done]
    return changed


def _lift(row: models.InboundMail, purpose: Purpose, viewer: Viewer, at: datetime) -> list[str]:
    assert row.person_key is not None
    family = people_queries.family_of(row.person_key)
    others = _others(people_queries.wishes_of(family), row)
    if any(one.purpose in (Purpose.ALL, purpose) and not one.channel for one in others):
        return [f"kept objected:{purpose.value}"]  # they said so elsewhere too
    why = f"Read wrongly from a mail of {row.at:%d %B %Y}, corrected by {viewer.name}: it never was their word."
    people.lift_objection(person_key=row.person_key, purpose=purpose, channel="", why=why, viewer=viewer, at=at)
    again = [
        NewConsent(
            person_key=one.person_key, event=ConsentEvent.OBJECTED, purpose=one.purpose, channel=one.channel, at=at,
            source=one.source, evidence=f"{one.evidence} (stands since {one.at:%d %B %Y})".strip(),
        )
        for one in others
        if purpose is Purpose.ALL  # lifting "stop all" lifts narrower ones too, and those were their word
    ]  # fmt: skip
    people.record_consents(entries=again, by=viewer.actor(), at=at)
    return [f"lifted objected:{purpose.value}"]


def _others(wishes: Sequence[Wish], row: models.InboundMail) -> list[Wish]:
    """The objections that stand and are not this mail's."""
    lifted = [one for one in wishes if one.event is ConsentEvent.LIFTED]
    return [
        one
        for one in wishes
        if one.event is ConsentEvent.OBJECTED
        and not (one.source == hearing.SOURCE and one.at == row.found_at)
        and not any(
            end.at >= one.at and end.key > one.key and end.person_key == one.person_key
            and end.purpose in (Purpose.ALL, one.purpose) and end.channel in ("", one.channel)
            for end in lifted
        )
    ]  # fmt: skip


def _release(row: models.InboundMail, until: date, viewer: Viewer, at: datetime) -> list[str]:
    """End a pause, unless another day was named since."""
    assert row.person_key is not None
    if people_queries.standing(row.person_key, at=at).paused_until != until:
        return []
    why = f"Read wrongly from a mail of {row.at:%d %B %Y}, corrected by {viewer.name}."
    people.clear_preference(person_key=row.person_key, kind=WishKind.NOT_NOW, why=why, viewer=viewer, at=at)
    return [f"ended not_now:{until}"]


def _do(row: models.InboundMail, label: ReplyClass, until: date | None, viewer: Viewer, at: datetime) -> list[str]:
    """What the right reading asks for and was not done yet."""
    assert row.person_key is not None
    before = set(row.did)
    how = f"{hearing.SOURCE}, read by {viewer.name}"[:80]
    if label in hearing.BAD and f"objected:{Purpose.ALL.value}" not in before:
        wish = LoggedWish(kind=WishKind.OBJECTED, said_at=at, how=how, evidence=hearing.evidence(row))
        people.log_wish(person_key=row.person_key, wish=wish, viewer=viewer, today=at.date(), at=at)
        row.did = [*row.did, f"said:{Purpose.ALL.value}"]
    if label is ReplyClass.COMPLAINT and not any(code.startswith("case:") for code in before):
        hearing.open_case(row=row, person=row.person_key, at=at)
    if label is ReplyClass.NOT_NOW:
        if until is None or until <= at.date():
            raise CorrectionRefused(
                "Nothing was changed.", "“Not now” needs a day to come.", "Give the day from which they may be asked."
            )
        if f"not_now:{until}" not in before:
            wish = LoggedWish(
                kind=WishKind.NOT_NOW, said_at=row.at, how=how, until=until, evidence=hearing.evidence(row)
            )
            people.log_wish(person_key=row.person_key, wish=wish, viewer=viewer, today=at.date(), at=at)
            row.did = [*row.did, f"not_now:{until}"]
    return [f"did {code}" for code in row.did if code not in before]


@transaction.atomic
def handle_mail(*, key: UUID, viewer: Viewer, at: datetime) -> None:
    """It needs nobody any more. Raises NotFound."""
    row = _mail(key, viewer)
    row.handled_at, row.handled_by = at, viewer.name[:80]
    row.save(update_fields=["handled_at", "handled_by"])


@transaction.atomic
def add_their_address(*, key: UUID, viewer: Viewer, at: datetime) -> None:
    """The address that an answer came from is the person's too. Raises NotFound, and what ``put_address`` raises."""
    row = _mail(key, viewer)
    if row.person_key is None or not row.other_address:
        raise CorrectionRefused("Nothing was added.", "The mail came from an address we know.", "Reload the page.")
    people.put_address(person_key=row.person_key, scheme=Scheme.EMAIL, text=row.address, use=None, viewer=viewer, at=at)
    row.other_address = False
    row.save(update_fields=["other_address"])
