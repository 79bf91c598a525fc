"""Reads of reports: the latest answers, and the rows behind their figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Sum

from fourfold.base.clock import day_start
from fourfold.base.errors import NotFound
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import OutcomeRow, TimelineRow
from fourfold.reports import access, models, rules
from fourfold.reports.types import (
    CODE_VERSION,
    Answer,
    CreditPage,
    ExperimentDesign,
    GoalChange,
    GoalRow,
    JourneyRow,
    Period,
    Place,
    Question,
    ReadOut,
    ReadOutColumn,
    ReadOutState,
)

PAGE_SIZE = 50


def answer(question: Question) -> Answer | None:
    """The latest answer to a question, whatever the ledger has got since (``is_current`` says whether nothing)."""
    found = models.SavedResult.objects.filter(question_key=question.key, code_version=CODE_VERSION).first()
    if found is None:
        return None
    return Answer(
        question=question,
        values=found.values,
        cut=found.cut,
        computed_at=found.computed_at,
        seconds=found.seconds,
        is_current=found.cut >= ledger.top_seq(),
        key=found.pk,
    )


def credit_rows(result: int, key: str, *, after: int = 0, size: int = PAGE_SIZE) -> CreditPage:
    """The outcomes a key is credited with, the largest credit first; ``after`` rows are passed over."""
    found = models.CreditRow.objects.filter(result_id=result, key=key)
    rows = list(found.order_by("-value_minor", "pk")[after : after + size + 1])
    sums = found.aggregate(value=Sum("value_minor"), outcomes=Sum("outcomes"))
    shown = tuple(_journey(row) for row in rows[:size])
    outcomes = ledger.outcomes_by_id([row.outcome for row in shown])
    return CreditPage(
        rows=shown,
        outcomes=outcomes,
        count=found.count(),
        value_minor=sums["value"] or 0.0,
        credited=sums["outcomes"] or 0.0,
        next_after=after + size if len(rows) > size else None,
    )


def _journey(row: models.CreditRow) -> JourneyRow:
    touches = tuple((UUID(key), datetime.fromisoformat(at), channel) for key, at, channel in row.touches)
    amounts = (row.outcomes, row.value_minor)
    return JourneyRow(row.outcome, row.side, row.key, *amounts, row.occurred_at, row.ended_at, touches)


def journeys_of(result: int, outcome: UUID) -> tuple[OutcomeRow, tuple[JourneyRow, ...], dict[UUID, TimelineRow]]:
    """One outcome, its credit by side and key, and the touches it rests on. Raises NotFound."""
    known = ledger.outcomes_by_id([outcome])
    rows = models.CreditRow.objects.filter(result_id=result, outcome=outcome).order_by("side", "-value_minor", "key")
    found = tuple(_journey(row) for row in rows)
    if outcome not in known or not found:
        raise NotFound(
            "This journey was not found.",
            "Its placement was taken back, or lies outside the period.",
            "Go back to the 4Cs page.",
        )
    touches = ledger.touches_by_id([key for row in found for key, _, _ in row.touches])
    return known[outcome], found, touches


def goals(
    *, period: Period | None = None, places: Mapping[str, str] | None = None, zone: str, dropped: bool = False
) -> tuple[GoalRow, ...]:
    """Goals with what the ledger has towards them, those that end first in front.

    ``period``: only those that share a day with it. ``places``: only those of exactly these (column, slug).
    """
    found = models.Goal.objects.filter(dropped_at__isnull=not dropped).prefetch_related("targets")
    if period is not None:
        found = found.filter(start__lt=period.end, end__gt=period.start)
    if places is not None:
        found = found.filter(**{place: places.get(place, "") for place in Place})
    return tuple(_goal(row, zone) for row in found)


def goal(key: UUID, *, zone: str) -> GoalRow:
    """One goal with its history. Raises NotFound."""
    return _goal(access.get_goal(key), zone)


def _goal(row: models.Goal, zone: str) -> GoalRow:
    only = {place.value: getattr(row, place) for place in Place if getattr(row, place)}
    if rules.KIND_OF[row.figure] == "cash":
        only |= {"basis": "accepted", "currency": row.currency}
    if row.figure in rules.ENGAGEMENT_OF:
        only["engagement"] = rules.ENGAGEMENT_OF[row.figure]
    count, total = ledger.outcome_totals(
        kind=rules.KIND_OF[row.figure],
        start=day_start(row.start, zone),
        end=day_start(row.end, zone),
        only=only,
    )
    return GoalRow(
        key=row.key,
        figure=row.figure,
        period=Period(row.start, row.end),
        target=row.target,
        currency=row.currency,
        recruiter=row.recruiter,
        marketer=row.marketer,
        desk=row.desk,
        team=row.team,
        office=row.office,
        note=row.note,
        value=total if rules.KIND_OF[row.figure] == "cash" else count,
        history=tuple(GoalChange(target=one.target, at=one.at, by=one.by) for one in row.targets.all()),
    )


def read_outs(*, size: int = 50) -> tuple[ReadOut, ...]:
    """Experiments from files, the latest first."""
    return tuple(_read_out(row) for row in models.ReadOut.objects.all()[:size])


def read_out(key: UUID) -> ReadOut:
    """One of them. Raises NotFound."""
    return _read_out(access.get_read_out(key))


def unfinished_read_outs() -> tuple[UUID, ...]:
    """Those the worker should be at, for its sweep."""
    working = [state for state in ReadOutState if state.is_working]
    return tuple(models.ReadOut.objects.filter(state__in=working).values_list("pk", flat=True))


def _read_out(row: models.ReadOut) -> ReadOut:
    return ReadOut(
        key=row.key,
        title=row.title,
        file_name=row.file_name,
        state=ReadOutState(row.state),
        columns=tuple(
            ReadOutColumn(name=one["name"], kind=one["kind"], values=tuple((text, n) for text, n in one["values"]))
            for one in row.columns
        ),
        design=design_from(row.design) if row.design else None,
        values=row.values,
        error=row.error,
        by=row.by,
        at=row.at,
    )


def design_from(kept: Mapping[str, Any]) -> ExperimentDesign:
    """A design as JSON keeps it."""
    shares = tuple((arm, float(share)) for arm, share in kept["shares"])
    return ExperimentDesign(
        arm=kept["arm"],
        control=kept["control"],
        rates=tuple(kept["rates"]),
        means=tuple(kept["means"]),
        compare_all=kept["compare_all"],
        shares=shares,
    )


def credits_of_people(keys: Collection[UUID]) -> list[dict[str, Any]]:
    """For a person's export: their touches and the outcomes they were party to, as the ledger has them now."""
    found: list[dict[str, Any]] = []
    for key in sorted(set(ledger.canonical_keys(keys).values())):
        cursor: str | None = None
        while True:
            page = ledger.timeline(key, cursor=cursor, size=500)
            found += [_told(row) for row in page.rows]
            cursor = page.older
            if cursor is None:
                break
    return found


def _told(row: TimelineRow) -> dict[str, Any]:
    return {
        "kind": row.title,
        "at": row.occurred_at.isoformat(),
        "channel": row.channel,
        "direction": row.direction,
        "campaign": row.campaign,
        "side": row.side,
        "source": row.source,
    }
