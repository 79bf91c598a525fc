"""Make two records one human, and take them apart again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.base.ids import new_key
from fourfold.ledger import actions as ledger
from fourfold.ledger import queries as ledger_queries
from fourfold.ledger.types import Identity
from fourfold.people import access, models
from fourfold.people.types import (
    REGISTRY,
    MergeRefused,
    PairState,
)


@transaction.atomic
def merge_people(*, person_key: UUID, into_key: UUID, viewer: Viewer, at: datetime, why: str = "") -> None:
    """Make two records one human: ``into_key`` stays. Facts keep their keys; reads join them. Can be undone.

    A merge record keeps who did it, when, and ``why``.

    Raises MergeRefused for a record and itself, PersonNotFound.
    """
    person = access.get_person_for(viewer, person_key)
    into = access.get_person_for(viewer, into_key)
    if person.key == into.key:
        raise MergeRefused("Nothing was merged.", "The two are one record already.", "Choose another record.")
    for step in REGISTRY.merge_steps.values():
        step(person_key=person.key, into_key=into.key, undo=False)
    batch = new_key()
    fact = Identity(
        source="fourfold", source_ref=f"merge:{batch}", occurred_at=at, person_key=person.key, into_key=into.key
    )
    posted = ledger.post(facts=[fact], batch=batch, at=at)
    models.Person.objects.filter(pk=person.key).update(merged_into=into, merge_fact=posted.fact_ids[0])
    _follow_merges(into=person.key)
    models.MergeRecord.objects.create(person=person, into=into, at=at, by=viewer.name[:80], why=why[:160])
    accounts.audit(
        by=viewer.actor(), deed="merge_people", at=at, subject=("person", into.key), summary=f"with {person.key}"
    )


def _follow_merges(*, into: UUID) -> None:
    """Records merged into one that was itself merged, or un-merged, follow the ledger's canonical map."""
    held = list(models.Person.objects.filter(merged_into_id=into).values_list("key", flat=True))
    for key, end in ledger_queries.canonical_keys(held).items():
        if end != into:
            models.Person.objects.filter(pk=key).update(merged_into_id=end)


@transaction.atomic
def unmerge_person(*, person_key: UUID, viewer: Viewer, at: datetime) -> None:
    """Undo a merge: the record stands by itself again, with the facts posted under its key. Raises NotFound."""
    person = models.Person.objects.visible_to(viewer).filter(pk=person_key).exclude(merged_into=None).first()
    if person is None or person.merged_into_id is None or person.merge_fact is None:
        raise NotFound("Nothing was undone.", "This record is not merged with another.", "Reload the page.")
    for step in REGISTRY.merge_steps.values():
        step(person_key=person.key, into_key=person.merged_into_id, undo=True)
    ledger.void_fact(fact=person.merge_fact, batch=new_key(), at=at)
    into = person.merged_into_id
    models.Person.objects.filter(pk=person.key).update(merged_into=None, merge_fact=None)
    _follow_merges(into=into)
    models.MergeRecord.objects.filter(person_id=person.key, undone_at=None).update(
        undone_at=at, undone_by=viewer.name[:80]
    )
    pair = models.DuplicatePair.objects.filter(state=PairState.MERGED, one_id__in=(person.key, into))
    pair.filter(other_id__in=(person.key, into)).update(state=PairState.WAITING, decided_at=None, decided_by="")
    accounts.audit(
        by=viewer.actor(), deed="unmerge_person", at=at, subject=("person", into), summary=f"from {person.key}"
    )
