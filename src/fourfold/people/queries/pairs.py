"""Records that look like one human: what the matcher reads, and the queue of pairs to decide on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotFound
from fourfold.ledger import queries as ledger
from fourfold.people import models, rules
from fourfold.people.types import (
    ConsentEvent,
    MatchRow,
    MatchRunRow,
    PairPage,
    PairSide,
    PairState,
    PersonRole,
    Scheme,
)

MOST_COUNTED = 1000


def match_rows(*, since: datetime | None) -> Iterator[MatchRow]:
    """Every record that stands by itself, with the addresses of those merged into it. Streams: a million is fine."""
    emails: dict[UUID, list[str]] = defaultdict(list)
    phones: dict[UUID, list[str]] = defaultdict(list)
    held = models.PersonIdentifier.objects.filter(scheme__in=(Scheme.EMAIL, Scheme.PHONE))
    columns = ("person_id", "person__merged_into_id", "scheme", "value")
    for key, into, scheme, value in held.values_list(*columns).iterator(chunk_size=5000):
        (emails if scheme == Scheme.EMAIL else phones)[into or key].append(value)
    fields = ("key", "sort_name", "city", "organisation__sort_name", "headline", "added_at", "changed_at")
    rows = models.Person.objects.listed().order_by("key").values_list(*fields)
    for key, sort_name, city, organisation, headline, added_at, changed_at in rows.iterator(chunk_size=5000):
        given, family = rules.names_of(sort_name)
        yield MatchRow(
            key=key, given=given, family=family, emails=tuple(sorted(emails.pop(key, ()))),
            phones=tuple(sorted(phones.pop(key, ()))), city=rules.plain(city), organisation=organisation or "",
            headline=rules.plain(headline), changed=since is None or (changed_at or added_at) >= since,
        )  # fmt: skip


def match_run(key: UUID) -> MatchRunRow:
    """One look. Raises NotFound."""
    row = models.MatchRun.objects.filter(pk=key).first()
    if row is None:
        raise NotFound("This was not found.", "There is no such look for duplicates.", "Start another.")
    return _run(row)


def last_run(*, finished: bool = True, whole: bool = False) -> MatchRunRow | None:
    """The latest look that ended, or of all."""
    rows = models.MatchRun.objects.order_by("-asked_at")
    if finished:
        rows = rows.filter(finished_at__isnull=False)
    row = rows.filter(whole=True).first() if whole else rows.first()
    return _run(row) if row else None


def unfinished_runs() -> tuple[UUID, ...]:
    """Looks that the worker should be at, the oldest first."""
    rows = models.MatchRun.objects.filter(finished_at=None, failed="").order_by("asked_at")
    return tuple(rows.values_list("pk", flat=True))


def _run(row: models.MatchRun) -> MatchRunRow:
    return MatchRunRow(
        row.key, row.asked_at, row.asked_by, row.whole, row.started_at, row.finished_at, row.upto, row.people,
        row.compared, row.suggested, row.weights, row.failed,
    )  # fmt: skip


def waiting_pairs(viewer: Viewer) -> QuerySet[models.DuplicatePair]:
    """Pairs to decide on, the likeliest first: both records stand by themselves, and the viewer may see all of both."""
    rows = models.DuplicatePair.objects.filter(
        state=PairState.WAITING, one__merged_into=None, other__merged_into=None
    ).order_by("-probability", "pk")
    if viewer.has(Role.LEADER):
        return rows
    seen = models.Person.objects.visible_to(viewer).candidate_side_visible_to(viewer).values("pk")
    return rows.filter(one__in=seen, other__in=seen)


def count_pairs(viewer: Viewer) -> int:
    """How many pairs wait, counted up to 1,000."""
    return len(waiting_pairs(viewer).order_by()[:MOST_COUNTED].values_list("pk"))


def pair_page(viewer: Viewer, key: int | None = None) -> PairPage | None:
    """The pair asked for, or the likeliest that waits; None where none does. Raises NotFound for one that doesn't."""
    waiting = waiting_pairs(viewer)
    if key is None:
        rows = list(waiting[:2])
        row, after = (rows[0] if rows else None), (rows[1] if len(rows) > 1 else None)
    else:
        row = waiting.filter(pk=key).first()
        if row is None:
            raise NotFound("This pair was not found.", "It was decided, or is not open to you.", "Take the next one.")
        later = waiting.filter(probability__lte=row.probability).exclude(pk=key)
        after = (
            later.filter(pk__gt=key, probability=row.probability).first()
            or later.filter(probability__lt=row.probability).first()
        )
    if row is None:
        return None
    sides = _sides([row.one_id, row.other_id])
    reasons = tuple((str(column), int(level)) for column, level in row.reasons)
    return PairPage(
        row.pk, sides[row.one_id], sides[row.other_id], reasons, row.probability, row.found_at,
        after.pk if after else None,
    )  # fmt: skip


def _sides(keys: Collection[UUID]) -> dict[UUID, PairSide]:
    people = models.Person.objects.select_related("organisation").prefetch_related("roles").filter(pk__in=list(keys))
    family = {key: {key} for key in keys}
    for key, into in models.Person.objects.filter(merged_into_id__in=list(keys)).values_list("pk", "merged_into_id"):
        if into:
            family[into].add(key)
    owner = {key: end for end, members in family.items() for key in members}
    addresses: dict[UUID, list[str]] = defaultdict(list)
    held: Any = models.PersonIdentifier.objects.filter(person_id__in=list(owner)).order_by("scheme", "value")
    for key, value in held.values_list("person_id", "value"):
        addresses[owner[key]].append(value)
    objections = models.ConsentEntry.objects.filter(person_id__in=list(owner), event=ConsentEvent.OBJECTED)
    objected = {owner[key] for key in objections.values_list("person_id", flat=True)}
    active = ledger.activity(list(keys))
    return {
        row.key: PairSide(
            key=row.key,
            name=row.name,
            headline=row.headline,
            city=row.city,
            organisation=row.organisation.name if row.organisation else "",
            roles=tuple(sorted(PersonRole(one.role) for one in row.roles.all())),
            addresses=tuple(addresses[row.key]),
            added_at=row.added_at,
            touches=done.touches if (done := active.get(row.key)) else 0,
            last_touch_at=done.last_touch_at if done else None,
            objected=row.key in objected,
        )
        for row in people
    }
