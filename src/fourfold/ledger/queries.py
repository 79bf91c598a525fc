"""Reads of the ledger: frozen rows and plain values."""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from fourfold.base.clock import require_aware
from fourfold.base.errors import NotFound
from fourfold.base.ids import fact_id
from fourfold.evidence.types import JOB_OPENED, SUBMITTED
from fourfold.ledger import models
from fourfold.ledger import rows as quick
from fourfold.ledger.types import (
    ActivityRow,
    Kind,
    OutcomeRow,
    Page,
    Side,
    SpendRow,
    SpendStanding,
    TalkRow,
    TimelineRow,
)

PAGE_SIZE = 50
among = quick.among  # for the large tables of rooms above
UNANSWERED = "dialled"
"""``action`` of a call that nobody answered."""
CLICKS = ("click_1_at", "click_2_at", "click_3_at")


def top_seq() -> int:
    """The highest ``seq`` that this transaction can see; 0 for an empty ledger."""
    return models.Fact.objects.aggregate(top=Max("seq"))["top"] or 0


def is_empty() -> bool:
    return not models.Fact.objects.exists()


def canonical_keys(keys: Iterable[UUID]) -> dict[UUID, UUID]:
    """The key under which each person is read: itself, or the one it was merged into."""
    ends = {key: key for key in keys}
    merged = models.Canonical.objects.filter(person_key__in=among(ends.keys()))
    ends.update(merged.values_list("person_key", "into_key"))
    return ends


def members(ends: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """All keys under which facts about each canonical person were posted, its own first."""
    found = {end: [end] for end in ends}
    for key, into in models.Canonical.objects.filter(into_key__in=list(ends)).values_list("person_key", "into_key"):
        found[into].append(key)
    return found


def activity(keys: Collection[UUID]) -> dict[UUID, ActivityRow]:
    """What is kept about each canonical person's latest signals; people without any are left out."""
    names = ("person_key", "touches", "last_touch_at", "last_contacted_at", "last_inbound_at", *CLICKS)
    rows = models.Activity.objects.filter(person_key__in=among(keys)).values_list(*names)
    return {
        key: ActivityRow(key, touches, last, contacted, inbound, tuple(at for at in clicks if at))
        for key, touches, last, contacted, inbound, *clicks in rows
    }


def signalled_since(since: datetime) -> QuerySet[models.Activity, UUID]:
    """Keys of people who gave a signal of their own since then: unevaluated, for people.queries.key_set."""
    return models.Activity.objects.filter(last_inbound_at__gte=since).values_list("person_key", flat=True)


def active_since(column: str, since: datetime) -> QuerySet[models.Activity, UUID]:
    """Keys of people whose ``column`` of the activity (``last_contacted_at``, ``click_2_at`` …) is since then.

    Unevaluated, keyed by ``person_key``: filter it by an outer key and ask whether one exists.
    """
    return models.Activity.objects.filter(**{f"{column}__gte": since}).values_list("person_key", flat=True)


def activity_column(column: str) -> QuerySet[models.Activity, datetime | None]:
    """One column of the activity, unevaluated and keyed by ``person_key``: for sorting by an outer key's."""
    return models.Activity.objects.values_list(column, flat=True)


def count_signalled_since(since: datetime) -> int:
    """How many people gave a signal of their own since then."""
    return models.Activity.objects.filter(last_inbound_at__gte=since).count()


def latest_signals(*, since: datetime, limit: int) -> tuple[TimelineRow, ...]:
    """The latest signal of each person who gave one since then, the latest first."""
    people = models.Activity.objects.filter(last_inbound_at__gte=since).order_by("-last_inbound_at")[:limit]
    latest = {row.person_key: row.last_inbound_at for row in people}
    owner = {key: end for end, keys in members(list(latest)).items() for key in keys}
    held = models.Fact.objects.live().filter(
        kind=Kind.TOUCH, person_key__in=list(owner), occurred_at__in=list(latest.values()), direction="in"
    )
    found: dict[UUID, TimelineRow] = {}
    for row in held.exclude(machine=True):
        end = owner.get(row.person_key) if row.person_key else None
        if end and row.occurred_at == latest[end]:
            found[end] = replace(_timeline_row(row, None), person_key=end)
    return tuple(found[key] for key in latest if key in found)


def cursor_of(*parts: Any) -> str:
    """A keyset cursor: the sort keys of the row at a page's edge."""
    return base64.urlsafe_b64encode(json.dumps([str(part) for part in parts]).encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[datetime, int]:
    """The (occurred_at, seq) of a cursor. Raises NotFound for one that we did not make."""
    try:
        at, seq = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        moment, number = require_aware(datetime.fromisoformat(at)), int(seq)
        if not 0 <= number < 2**63:
            raise ValueError(number)
        return moment, number
    except (ValueError, TypeError, OverflowError):
        raise NotFound(
            "This page was not found.", "Its address was cut or changed.", "Go back to the first page."
        ) from None


def _keyset(rows: QuerySet[models.Fact], cursor: str | None, size: int) -> tuple[list[models.Fact], str | None]:
    """One page of facts, newest first, and the cursor of the next."""
    if cursor:
        at, seq = read_cursor(cursor)
        rows = rows.filter(Q(occurred_at__lt=at) | Q(occurred_at=at, seq__lt=seq), occurred_at__lte=at)
    found = list(rows.order_by("-occurred_at", "-seq")[: size + 1])
    more = cursor_of(found[size - 1].occurred_at.isoformat(), found[size - 1].seq) if len(found) > size else None
    return found[:size], more


def timeline(
    person_key: UUID,
    *,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
    client_side_only: bool = False,
    family: Collection[UUID] = (),
) -> Page:
    """A person's touches and outcomes, newest first, those of merged records included.

    ``client_side_only``: what concerns an organisation (a touch that names one, an outcome's client side) and no more.
    ``family``: the keys that are this person, where the caller knows them. Three statements whatever the number of
    facts, five without the family. Raises NotFound for a broken cursor.
    """
    keys = list(family) or members([end := canonical_keys([person_key])[person_key]])[end]
    held = models.Fact.objects.live().filter(person_key__in=keys, kind__in=[Kind.TOUCH, Kind.PARTY])
    if client_side_only:
        held = held.filter(Q(kind=Kind.TOUCH, organisation__isnull=False) | Q(kind=Kind.PARTY, side=Side.CLIENT))
    rows, older = _keyset(held, cursor, size)
    outcomes = _outcomes({row.outcome for row in rows if row.outcome})
    shown = (
        _timeline_row(row, outcomes.get(row.outcome) if row.outcome else None)
        for row in rows
        if row.kind == Kind.TOUCH or row.outcome in outcomes
    )
    return Page(tuple(shown), older=older)


def _outcomes(ids: Collection[UUID]) -> dict[UUID, models.Fact]:
    """By any revision's fact id, the revision of the outcome that is live."""
    if not ids:
        return {}
    named = models.Fact.objects.filter(fact_id__in=ids).values_list("fact_id", "source", "source_ref")
    refs = {key: (source, ref) for key, source, ref in named}
    held = models.Fact.objects.live().filter(kind=Kind.OUTCOME, source_ref__in={ref for _, ref in refs.values()})
    live = {(row.source, row.source_ref): row for row in held}
    return {key: live[ref] for key, ref in refs.items() if ref in live}


def revisions(row: models.Fact) -> list[UUID]:
    """The fact ids of a fact and of the revisions before it: parties may name an outcome by any of them."""
    return [fact_id(row.source, row.source_ref, number) for number in range(row.revision + 1)]


def _timeline_row(row: models.Fact, outcome: models.Fact | None) -> TimelineRow:
    about = outcome or row
    title = about.outcome_kind if outcome else row.action
    return TimelineRow(
        fact_id=about.fact_id,
        kind=Kind(about.kind),
        person_key=row.person_key,  # type: ignore[arg-type]
        occurred_at=row.occurred_at,
        title=title or "",
        channel=row.channel,
        action=row.action,
        direction=row.direction,
        actor=about.actor,
        campaign=row.campaign,
        desk=about.desk,
        side=row.side,
        value_minor=about.value_minor,
        currency=about.currency,
        machine=bool(row.machine),
        source=about.source,
        batch=about.batch,
        asset=row.asset,
        engagement=about.engagement,
    )


def outcome_rows(
    *,
    kind: str,
    start: datetime,
    end: datetime,
    only: Mapping[str, str] | None = None,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """Live outcomes of a kind that occurred in [start, end), newest first, each with whom it concerns.

    ``only`` narrows them by the columns basis, currency, engagement, desk, team and office.
    """
    found = models.Fact.objects.live().filter(
        kind=Kind.OUTCOME, outcome_kind=kind, occurred_at__gte=start, occurred_at__lt=end, **dict(only or {})
    )
    rows, older = _keyset(found, cursor, size)
    parties = _parties(rows)
    return Page(tuple(_outcome_row(row, parties) for row in rows), older=older)


def outcome_totals(
    *, kind: str, start: datetime, end: datetime, only: Mapping[str, str] | None = None
) -> tuple[int, int]:
    """How many live outcomes of a kind occurred in [start, end), and the sum of their values in minor units.

    ``only`` narrows them by columns, as in ``outcome_rows``; without a currency in it the sum means nothing.
    """
    found = models.Fact.objects.live().filter(
        kind=Kind.OUTCOME, outcome_kind=kind, occurred_at__gte=start, occurred_at__lt=end, **dict(only or {})
    )
    answer = found.aggregate(n=Count("seq"), total=Sum("value_minor"))
    return answer["n"], answer["total"] or 0


def outcomes_by_id(ids: Collection[UUID]) -> dict[UUID, OutcomeRow]:
    """Live outcomes by any revision's fact id. A placement's rows on one basis are one: summed, parties joined."""
    found = _outcomes(ids)
    placements = {row.placement for row in found.values() if row.placement}
    held = models.Fact.objects.live().filter(kind=Kind.OUTCOME, outcome_kind="cash", placement__in=placements)
    rows = {row.fact_id: row for row in [*found.values(), *held.order_by("occurred_at", "seq")]}
    parties = _parties(list(rows.values()))
    together: dict[tuple[str | None, str | None], list[models.Fact]] = defaultdict(list)
    for row in rows.values():
        if row.placement and row.outcome_kind == "cash":
            together[row.placement, row.basis].append(row)
    return {
        key: _placement_row(row, together.get((row.placement, row.basis), [row]), parties) for key, row in found.items()
    }


def _placement_row(
    row: models.Fact, several: Sequence[models.Fact], parties: Mapping[UUID, list[tuple[str, UUID]]]
) -> OutcomeRow:
    if row not in several or any(one.currency != row.currency for one in several):
        return _outcome_row(row, parties)
    joined = sorted({party for one in several for party in parties.get(one.fact_id, [])})
    value = sum(one.value_minor or 0 for one in several)
    return replace(_outcome_row(row, parties), parties=tuple(joined), value_minor=value)


def touches_by_id(ids: Collection[UUID]) -> dict[UUID, TimelineRow]:
    """Touches by fact id, live or not: the journeys of a result stay as they were at its cut."""
    rows = models.Fact.objects.filter(fact_id__in=list(ids), kind=Kind.TOUCH)
    return {row.fact_id: _timeline_row(row, None) for row in rows}


def _parties(outcomes: Sequence[models.Fact]) -> dict[UUID, list[tuple[str, UUID]]]:
    owner = {key: row.fact_id for row in outcomes for key in revisions(row)}
    found: dict[UUID, list[tuple[str, UUID]]] = defaultdict(list)
    held = models.Fact.objects.live().filter(kind=Kind.PARTY, outcome__in=list(owner))
    for outcome, side, person in held.values_list("outcome", "side", "person_key"):
        if outcome and person:
            found[owner[outcome]].append((side or "", person))
    return found


def _outcome_row(row: models.Fact, parties: Mapping[UUID, list[tuple[str, UUID]]]) -> OutcomeRow:
    return OutcomeRow(
        row.fact_id, row.occurred_at, row.outcome_kind or "", row.basis, row.value_minor, row.currency, row.engagement,
        row.desk, row.actor, row.placement, row.organisation, tuple(sorted(parties.get(row.fact_id, []))), row.source,
        row.batch,
    )  # fmt: skip


def spend_rows(
    *, start: date, end: date, only: Mapping[str, str] | None = None, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page:
    """Live spend whose days overlap [start, end), newest first. ``only`` narrows it by desk, team and office."""
    found = models.Fact.objects.live().filter(
        kind=Kind.SPEND, from_date__lt=end, to_date__gte=start, **dict(only or {})
    )
    rows, older = _keyset(found, cursor, size)
    return Page(
        tuple(
            SpendRow(
                row.fact_id, row.from_date, row.to_date, row.channel or "", row.campaign, row.desk,  # type: ignore[arg-type]
                row.amount_minor or 0, row.currency or "", row.decided_by, row.source, row.batch,
            )
            for row in rows
        ),
        older=older,
    )  # fmt: skip


SPEND_COLUMNS = (
    "channel", "campaign", "budget_line", "desk", "team", "office", "brand", "theme", "stream", "amount_minor",
    "currency",
)  # fmt: skip


def spend_standing(*, first: date, last: date, channels: Collection[str]) -> tuple[SpendStanding, ...]:
    """Live spend of these channels of which a day lies between the two, both included."""
    found = models.Fact.objects.live().filter(
        kind=Kind.SPEND, from_date__lte=last, to_date__gte=first, channel__in=list(channels)
    )
    rows = found.order_by("seq").values("source", "source_ref", "from_date", "to_date", *SPEND_COLUMNS)
    return tuple(
        SpendStanding(
            row["source"], row["source_ref"], row["from_date"], row["to_date"],
            {name: row[name] for name in SPEND_COLUMNS},
        )
        for row in rows
    )  # fmt: skip


def first_touches(keys: Collection[UUID]) -> dict[UUID, datetime]:
    """When the first live touch of each of these people was; those without one are left out."""
    ends = canonical_keys(keys)
    several = members(set(ends.values()))
    owner = {key: end for end, held in several.items() for key in held}
    found: dict[UUID, datetime] = {}
    wanted = list(owner)
    for start in range(0, len(wanted), 500):
        touches = models.Fact.objects.live().filter(kind=Kind.TOUCH, person_key__in=wanted[start : start + 500])
        for key, first in touches.values_list("person_key").annotate(first=Min("occurred_at")).order_by():
            end = owner[key]
            found[end] = min(first, found.get(end, first))
    return {key: found[end] for key, end in ends.items() if end in found}


def people_with_outcome(keys: Collection[UUID], *, kind: str) -> set[UUID]:
    """Which of these people a live outcome of this kind concerns, under whichever of their keys."""
    ends = canonical_keys(keys)
    owner = {key: end for end, held in members(set(ends.values())).items() for key in held}
    held = models.Fact.objects.live().filter(kind=Kind.PARTY, person_key__in=list(owner))
    pairs = [(person, outcome) for person, outcome in held.values_list("person_key", "outcome") if person and outcome]
    live = {key for key, row in _outcomes({outcome for _, outcome in pairs}).items() if row.outcome_kind == kind}
    found = {owner[person] for person, outcome in pairs if outcome in live}
    return {key for key, end in ends.items() if end in found}


def talk(keys: Collection[UUID], *, since: datetime, channels: Collection[str]) -> dict[UUID, list[TalkRow]]:
    """The live touches of these people over ``channels`` since then, oldest first, under whichever of their keys.

    Two statements and one for each 500 keys; machines' touches are left out.
    """
    ends = canonical_keys(keys)
    owner = {key: end for end, held in members(set(ends.values())).items() for key in held}
    found: dict[UUID, list[TalkRow]] = defaultdict(list)
    wanted = list(owner)
    columns = ("person_key", "occurred_at", "channel", "direction", "action", "actor", "campaign", "source")
    for start in range(0, len(wanted), 500):
        rows = models.Fact.objects.live().filter(
            kind=Kind.TOUCH, person_key__in=wanted[start : start + 500], occurred_at__gte=since
        )
        rows = rows.filter(channel__in=list(channels)).exclude(machine=True).order_by("occurred_at", "seq")
        for key, at, *rest in rows.values_list(*columns):
            found[owner[key]].append(TalkRow(at, *rest))
    return {key: found[end] for key, end in ends.items() if end in found}


def _talks(channel: str, start: datetime, end: datetime, actor: str | None) -> QuerySet[models.Fact]:
    """Live touches over one channel in [start, end): talks, not tries, nor what only marks a step."""
    rows = models.Fact.objects.live().filter(
        channel=channel, kind=Kind.TOUCH, occurred_at__gte=start, occurred_at__lt=end, actor__isnull=False
    )
    rows = rows.exclude(action__in=[JOB_OPENED, SUBMITTED, UNANSWERED]).exclude(machine=True)
    return rows.filter(actor=actor) if actor else rows


def talks_by_actor(channel: str, *, start: datetime, end: datetime, actor: str | None = None) -> dict[str, int]:
    """How many talks each colleague had over a channel in [start, end), either way round. One statement.

    A number that was dialled and not answered is no talk.
    """
    rows = _talks(channel, start, end, actor).order_by().values_list("actor").annotate(n=Count("seq"))
    return {who: n for who, n in rows if who is not None}


def talk_rows(
    channel: str, *, start: datetime, end: datetime, actor: str | None = None, cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page:  # fmt: skip
    """The same talks, newest first. Raises NotFound for a cursor that is none."""
    rows, older = _keyset(_talks(channel, start, end, actor), cursor, size)
    return Page(tuple(_timeline_row(row, None) for row in rows), older=older)


def placed(keys: Collection[UUID], *, since: datetime) -> dict[UUID, tuple[datetime, UUID | None]]:
    """When each of these people was last placed by us since then, and with which organisation; others are left out."""
    ends = canonical_keys(keys)
    owner = {key: end for end, held in members(set(ends.values())).items() for key in held}
    held = models.Fact.objects.live().filter(kind=Kind.PARTY, side="candidate", person_key__in=among(list(owner)))
    named = held.values_list("person_key", "outcome")
    pairs = [(owner[person], outcome) for person, outcome in named if person and outcome]
    rows = _outcomes({outcome for _, outcome in pairs})
    found: dict[UUID, tuple[datetime, UUID | None]] = {}
    for end, outcome in pairs:
        row = rows.get(outcome)
        if row is None or row.outcome_kind != "cash" or row.occurred_at < since:
            continue
        if end not in found or row.occurred_at > found[end][0]:
            found[end] = (row.occurred_at, row.organisation)
    return {key: found[end] for key, end in ends.items() if end in found}


def organisation_days(keys: Collection[UUID]) -> dict[UUID, dict[str, list[datetime]]]:
    """By organisation and kind of outcome (client, cash), when its live outcomes were."""
    found: dict[UUID, dict[str, list[datetime]]] = {}
    rows = models.Fact.objects.live().filter(
        kind=Kind.OUTCOME, organisation__in=list(keys), outcome_kind__in=["client", "cash"]
    )
    columns = ("organisation", "outcome_kind", "occurred_at")
    for key, kind, at in rows.order_by("occurred_at").values_list(*columns).distinct():
        if key and kind:
            found.setdefault(key, {}).setdefault(kind, []).append(at)
    return found


def counts(*, batch: UUID | None = None) -> dict[Kind, int]:
    """How many live facts there are of each kind, in all or in a batch."""
    rows = models.Fact.objects.live()
    rows = rows.filter(batch=batch) if batch else rows
    return {Kind(kind): n for kind, n in rows.values_list("kind").annotate(n=Count("seq")).order_by("kind")}


def references(keys: Collection[UUID]) -> tuple[str, ...]:
    """The raw references kept about these people, for their export."""
    rows = models.SourceRef.objects.filter(person_key__in=list(keys)).order_by("raw")
    return tuple(rows.values_list("raw", flat=True))
