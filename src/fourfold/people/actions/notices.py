"""What the house owes people it has from elsewhere: the notice of Art. 14, declared, planned in batches, told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.ledger import actions as ledger
from fourfold.people import access, models, queries, rules
from fourfold.people.actions.wishes import record_consents
from fourfold.people.queries.notices import covered_by
from fourfold.people.types import (
    ConsentEvent,
    DeclarationRefused,
    Identifier,
    NewConsent,
    NewDeclaration,
    NoticeState,
    Origin,
    Purpose,
    SuppressionKind,
    WishRefused,
)

NOTICE_COLUMNS = ("person_id", "due_at", "state")
CHUNK = 500


def owe(*, added: Iterable[tuple[UUID, Origin | None, datetime]]) -> None:
    """Note until when these people, just added, must be told. In the transaction that adds them."""
    due = [(key, rules.notice_due(origin, at)) for key, origin, at in added]
    ledger.append(models.NoticeDue, NOTICE_COLUMNS, [(key, at, NoticeState.OWED.value) for key, at in due if at])


@transaction.atomic
def declare(*, new: NewDeclaration, viewer: Viewer, today: date, at: datetime) -> UUID:
    """Declare what people of a source were told. Settles their open notices; can be withdrawn.

    Raises DeclarationRefused where it covers nobody or says too little; NotAllowed.
    """
    access.require_keeper(viewer)
    rules.check_declaration(new, today=today)
    covered = covered_by(new)
    people = covered.count()
    if not people:
        raise DeclarationRefused(
            "Nothing was declared.",
            "Nobody of this source, added in these days, is owed a notice.",
            "Check the source and the days.",
        )
    row = models.Declaration.objects.create(
        origin=new.origin, source=new.source[:160], from_day=new.from_day, to_day=new.to_day, told=new.told,
        told_on=new.told_on, basis=new.basis[:40], evidence=new.evidence, people=people, by=viewer.name[:80], at=at,
    )  # fmt: skip
    covered.update(state=NoticeState.DECLARED, declaration=row, batch=None, done_at=at)
    accounts.audit(
        by=viewer.actor(), deed="declare_told", at=at, subject=("declaration", row.key), summary=f"{people} people"
    )
    return row.key


@transaction.atomic
def withdraw_declaration(*, key: UUID, viewer: Viewer, at: datetime) -> int:
    """Take a declaration back: its people are owed the notice again. Returns how many. Raises NotFound, NotAllowed."""
    access.require_keeper(viewer)
    done = models.Declaration.objects.filter(pk=key, withdrawn_at=None).update(
        withdrawn_at=at, withdrawn_by=viewer.name[:80]
    )
    if not done:
        raise NotFound("Nothing was withdrawn.", "There is no such declaration, or it was withdrawn.", "Reload.")
    people = models.NoticeDue.objects.filter(declaration_id=key, state=NoticeState.DECLARED).update(
        state=NoticeState.OWED, declaration=None, done_at=None
    )
    accounts.audit(
        by=viewer.actor(), deed="withdraw_declaration", at=at, subject=("declaration", key), summary=f"{people} people"
    )
    return people


@transaction.atomic
def plan_notices(*, size: int, every_days: int, first: date, viewer: Viewer, at: datetime) -> int:
    """Cut those who are owed a notice, and stand in no batch, into batches by how pressing they are.

    Returns how many batches. Raises DeclarationRefused, NotAllowed.
    """
    access.require_keeper(viewer)
    if first < at.date():
        raise DeclarationRefused("No plan was made.", "The first day is past.", "Begin today or later.")
    waiting = models.NoticeDue.objects.filter(state=NoticeState.OWED, batch=None)
    keys = list(waiting.order_by("due_at", "pk").values_list("pk", flat=True))
    if not keys:
        raise DeclarationRefused("No plan was made.", "Nobody waits outside a batch.", "Look at the batches below.")
    days = list(rules.batch_days(len(keys), size=size, every_days=every_days, first=first))
    start = 0
    for number, (day, people) in enumerate(days, start=1):
        batch = models.NoticeBatch.objects.create(
            name=f"Batch {number} of {len(days)}", due_on=day, made_by=viewer.name[:80], made_at=at
        )
        for some in ledger.chunks(keys[start : start + people], CHUNK):
            models.NoticeDue.objects.filter(pk__in=some).update(state=NoticeState.PLANNED, batch=batch)
        start += people
    accounts.audit(by=viewer.actor(), deed="plan_notices", at=at, summary=f"{len(keys)} people in {len(days)} batches")
    return len(days)


@transaction.atomic
def drop_plan(*, viewer: Viewer, at: datetime) -> int:
    """Take batches of which nobody was told back. Returns how many. Raises NotAllowed."""
    access.require_keeper(viewer)
    open_ones = [row.key for row in queries.batches() if row.told == 0]
    models.NoticeDue.objects.filter(batch_id__in=open_ones, state=NoticeState.PLANNED).update(
        state=NoticeState.OWED, batch=None
    )
    models.NoticeBatch.objects.filter(pk__in=open_ones).delete()
    accounts.audit(by=viewer.actor(), deed="drop_notice_plan", at=at, summary=f"{len(open_ones)} batches")
    return len(open_ones)


@transaction.atomic
def tell_batch(*, batch: int, wording: str, evidence: str, viewer: Viewer, at: datetime) -> int:
    """Note that everybody of a batch was told, with which text: how many. Raises DeclarationRefused, NotAllowed."""
    access.require_keeper(viewer)
    keys = list(models.NoticeDue.objects.filter(batch_id=batch, state=NoticeState.PLANNED).values_list("pk", flat=True))
    if not keys:
        raise DeclarationRefused("Nothing was noted.", "Everybody of this batch was told.", "Reload the page.")
    return _told(keys, f"batch {batch}", wording, evidence, viewer, at)


@transaction.atomic
def tell_person(*, person_key: UUID, wording: str, evidence: str, viewer: Viewer, at: datetime) -> None:
    """Note that somebody was told. Any colleague may: whoever wrote to them did. Raises PersonNotFound."""
    person = access.get_person_for(viewer, person_key)
    _told([person.key], f"{at:%Y-%m-%d}", wording, evidence, viewer, at)


def _told(keys: list[UUID], ref: str, wording: str, evidence: str, viewer: Viewer, at: datetime) -> int:
    if wording and wording not in {one.version for one in queries.wordings()}:
        raise WishRefused("Nothing was noted.", "There is no such text.", "Choose one of those shown.")
    entries = [
        NewConsent(
            person_key=key, event=ConsentEvent.TOLD, purpose=Purpose.ALL, at=at, source="notice of Art. 14",
            source_ref=ref, wording=wording, evidence=evidence,
        )
        for key in keys
    ]  # fmt: skip
    for some in ledger.chunks(entries, 2000):
        record_consents(entries=some, by=viewer.actor(), at=at)
    return len(keys)


@transaction.atomic
def lift_erasure(*, identifier: Identifier, why: str, viewer: Viewer, at: datetime) -> int:
    """Let somebody who was erased and came back themselves be added again, under any address they had.

    Returns how many addresses are free. Raises NotAllowed unless a leader does it, WishRefused.
    """
    if not access.may_lift_erasure(viewer):
        raise NotAllowed("Nothing was lifted.", "Only a leader lets an erased person back in.", "Ask a leader.")
    if not why.strip():
        raise WishRefused("Nothing was lifted.", "It takes their own wish.", "Say when and how they came back.")
    held = models.Suppression.objects.filter(kind=SuppressionKind.ERASED, lifted_at=None)
    hits = held.filter(value_hash=queries.hash_of(identifier)).values_list("person_key", flat=True)
    people = {key for key in hits if key}
    if not people:
        raise WishRefused(
            "Nothing was lifted.",
            "Nobody with this address is kept out.",
            "Check the spelling, or try another address they had.",
        )
    stones = models.Tombstone.objects.filter(pk__in=people).values_list("into_key", flat=True)
    heads = {*people, *(key for key in stones if key)}
    family = {*heads, *models.Tombstone.objects.filter(into_key__in=heads).values_list("pk", flat=True)}
    freed = held.filter(person_key__in=family).update(
        lifted_at=at, lifted_by=viewer.name[:80], lifted_why=why.strip()[:160]
    )
    accounts.audit(by=viewer.actor(), deed="lift_erasure", at=at, summary=f"{freed} addresses: {why.strip()[:120]}")
    return freed
