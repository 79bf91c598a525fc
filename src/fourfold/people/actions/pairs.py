"""Looks for records of one human, and what people decide about the pairs found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.actor import Actor
from fourfold.base.errors import NotFound
from fourfold.base.nudge import nudge
from fourfold.ledger import actions as ledger
from fourfold.people import models
from fourfold.people.actions.merging import merge_people, unmerge_person
from fourfold.people.queries.pairs import waiting_pairs
from fourfold.people.types import FoundPair, PairState


@transaction.atomic
def look_for_pairs(*, whole: bool, by: Actor, at: datetime) -> UUID:
    """Ask for a look: at what changed since the last, or with ``whole`` at everybody. One that waits already serves."""
    waiting = models.MatchRun.objects.filter(finished_at=None, started_at=None, failed="", whole=whole).first()
    if waiting is None:
        first = not models.MatchRun.objects.filter(finished_at__isnull=False, whole=True).exists()
        waiting = models.MatchRun.objects.create(asked_at=at, asked_by=by.name[:80], whole=whole or first)
        accounts.audit(by=by, deed="look_for_pairs", at=at, summary="everybody" if waiting.whole else "what changed")
    transaction.on_commit(partial(nudge, "pairs", str(waiting.pk)))
    return waiting.pk


@transaction.atomic
def begin_look(*, key: UUID, at: datetime) -> bool:
    """Note that a look has begun; False where it ended already. One that was killed begins again."""
    return bool(models.MatchRun.objects.filter(pk=key, finished_at=None).update(started_at=at, failed=""))


@transaction.atomic
def fail_look(*, key: UUID, why: str) -> None:
    """A look that can't be finished is said so, not tried forever."""
    models.MatchRun.objects.filter(pk=key).update(failed=why[:250])


def end_look(
    *, key: UUID, found: Sequence[FoundPair], people: int, compared: int, weights: dict[str, Any], at: datetime
) -> None:
    """Keep what a look found, in small transactions. What was decided stays decided.

    A pair that was put off comes back where one of its records has changed since. After a whole look, pairs that no
    longer look alike are waiting no more.
    """
    run = models.MatchRun.objects.get(pk=key)
    for some in ledger.chunks(found, 500):
        with transaction.atomic():
            _keep(some, at)
    with transaction.atomic():
        if run.whole:
            kept = {(pair.one, pair.other) for pair in found}
            stale = models.DuplicatePair.objects.filter(state=PairState.WAITING).values_list("pk", "one_id", "other_id")
            gone = [pk for pk, one, other in stale if (one, other) not in kept]
            for batch in ledger.chunks(gone, 500):
                models.DuplicatePair.objects.filter(pk__in=batch).delete()
        models.MatchRun.objects.filter(pk=key).update(
            finished_at=at, upto=run.started_at, people=people, compared=compared, suggested=len(found), weights=weights
        )


def _keep(found: Sequence[FoundPair], at: datetime) -> None:
    keys = {key for one in found for key in (one.one, one.other)}
    there = set(models.Person.objects.filter(pk__in=keys).values_list("pk", flat=True))
    known = {
        (row.one_id, row.other_id): row
        for row in models.DuplicatePair.objects.filter(one_id__in=[one.one for one in found])
    }
    for pair in found:
        row = known.get((pair.one, pair.other))
        values = {"probability": pair.probability, "reasons": [list(one) for one in pair.reasons]}
        if row is None:
            if {pair.one, pair.other} <= there:  # nobody was erased meanwhile
                models.DuplicatePair.objects.create(
                    one_id=pair.one, other_id=pair.other, fingerprint=pair.fingerprint, found_at=at, **values
                )
            continue
        if row.state == PairState.LATER and row.fingerprint != pair.fingerprint:
            row.state, row.decided_at, row.decided_by = PairState.WAITING, None, ""
        if row.state == PairState.WAITING:
            row.probability, row.reasons, row.fingerprint = pair.probability, values["reasons"], pair.fingerprint
            row.save()


@transaction.atomic
def merge_pair(*, pair: int, into_key: UUID, viewer: Viewer, at: datetime) -> UUID:
    """Make the two records of a pair one, ``into_key`` stays. Returns the key that joined it. Raises NotFound."""
    row = _waiting(viewer, pair)
    if into_key not in (row.one_id, row.other_id):
        raise NotFound("Nothing was merged.", "That record is not in this pair.", "Reload the page.")
    person = row.other_id if into_key == row.one_id else row.one_id
    merge_people(person_key=person, into_key=into_key, viewer=viewer, at=at, why="from the queue of likely duplicates")
    _decide(row, PairState.MERGED, viewer, at)
    return person


@transaction.atomic
def decide_pair(*, pair: int, state: PairState, viewer: Viewer, at: datetime) -> None:
    """Two records are different people, or it is left for later. Raises NotFound."""
    row = _waiting(viewer, pair)
    if state not in (PairState.DIFFERENT, PairState.LATER):
        raise NotFound("Nothing was decided.", "That is no answer.", "Choose one of those shown.")
    _decide(row, state, viewer, at)
    accounts.audit(
        by=viewer.actor(), deed=f"pair_{state}", at=at, subject=("person", row.one_id), summary=f"and {row.other_id}"
    )


@transaction.atomic
def undo_pair(*, pair: int, viewer: Viewer, at: datetime) -> None:
    """The pair waits again; two records that were made one stand by themselves. Raises NotFound."""
    row = models.DuplicatePair.objects.select_related("one", "other").filter(pk=pair).first()
    if row is None or row.state == PairState.WAITING:
        raise NotFound("Nothing was undone.", "This pair waits already, or is gone.", "Reload the page.")
    if row.state == PairState.MERGED:
        joined = row.one if row.one.merged_into_id else row.other
        unmerge_person(person_key=joined.pk, viewer=viewer, at=at)
    models.DuplicatePair.objects.filter(pk=pair).update(state=PairState.WAITING, decided_at=None, decided_by="")
    _waiting(viewer, pair)  # not for those who may not see both


def _waiting(viewer: Viewer, pair: int) -> models.DuplicatePair:
    row = waiting_pairs(viewer).select_for_update(of=("self",)).filter(pk=pair).first()
    if row is None:
        raise NotFound("Nothing was decided.", "This pair was decided, or is not open to you.", "Take the next one.")
    return row


def _decide(row: models.DuplicatePair, state: PairState, viewer: Viewer, at: datetime) -> None:
    models.DuplicatePair.objects.filter(pk=row.pk).update(state=state, decided_at=at, decided_by=viewer.name[:80])
