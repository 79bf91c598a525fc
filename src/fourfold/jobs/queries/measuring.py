"""The pipeline in numbers: cohorts, days in stages, sources, and what a forecast rests on. All is added up in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Avg, Count, DateTimeField, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, TruncMonth

from fourfold.base.money import Money
from fourfold.jobs import models
from fourfold.jobs.queries import counting
from fourfold.jobs.queries.counting import DaysBetween, Spec, where
from fourfold.jobs.queries.submissions import UNANSWERED
from fourfold.jobs.types import (
    HIRED,
    LIVE_STATUSES,
    CashBasis,
    Cohort,
    Days,
    Engaged,
    Feedback,
    JobKind,
    OpenStage,
    Origin,
    Pipeline,
    PlacementState,
    Running,
    Silent,
    Source,
    Stage,
    StageDays,
    StageHistory,
    SubmissionState,
    Tally,
    Within,
)
from fourfold.people import queries as people

FORECAST_STAGES = (Stage.SUBMITTED, Stage.INTERVIEW, Stage.OFFER)
MOST_JOBS = 400
"""Past jobs that a forecast draws from: those opened last."""
MOST_ASSIGNMENTS = 500
_APPLICATION = Spec(counting.SPECS["closure"].rows, "", Q(), "job", "person_key", "pk", "owner_key")
_MOVE = Spec(counting.SPECS["closure"].rows, "", Q())
_PLACEMENT = counting.SPECS["placements"]
_SUBMISSION = counting.SPECS["cvs"]
_ASSIGNMENT = Spec(_PLACEMENT.rows, "", Q(), "placement__job", "", "", "placement__owner_key")
_STAGE = Spec(_PLACEMENT.rows, "", Q(), "job", "", "", "job__owner_key")


def cohorts(within: Within, days: Days) -> tuple[Cohort, ...]:
    """Those submitted in each month of these days, and how far they have come since. One statement."""
    rows = counting.submitted_in(days).filter(where(_APPLICATION, within))
    month = TruncMonth("submitted_at", tzinfo=ZoneInfo(days.zone))
    counted = (
        rows.annotate(month=month).values_list("month").annotate(
            submitted=Count("pk"), interviewed=Count("pk", filter=counting.INTERVIEWED),
            offered=Count("pk", filter=counting.OFFERED), placed=Count("pk", filter=counting.PLACED),
            started=Count("pk", filter=counting.STARTED), open=Count("pk", filter=Q(ended="") & ~Q(stage__in=HIRED)),
        ).order_by("month")
    )  # fmt: skip
    return tuple(Cohort(day.date(), *counts) for day, *counts in counted)


def days_in_stages(within: Within, days: Days) -> tuple[StageDays, ...]:
    """How long steps that began in these days took until the next one, or the end. One statement."""
    later = models.StageMove.objects.filter(application=OuterRef("application"), pk__gt=OuterRef("pk"))
    rows = models.StageMove.objects.filter(where(_MOVE, within), at__gte=days.start, at__lt=days.end, ended="")
    timed = rows.annotate(next_at=Subquery(later.order_by("pk").values("at")[:1])).filter(next_at__isnull=False)
    counted = timed.annotate(days=DaysBetween("at", "next_at")).values_list("stage", "days").annotate(n=Count("pk"))
    return tuple(StageDays(Stage(stage), max(held, 0), n) for stage, held, n in counted.order_by())


def open_by_age(within: Within, *, at: datetime) -> tuple[StageDays, ...]:
    """For how many days open applications on live jobs have been in their stage. One statement."""
    rows = models.Application.objects.filter(where(_APPLICATION, within), ended="", job__status__in=LIVE_STATUSES)
    aged = rows.exclude(stage__in=HIRED).annotate(days=DaysBetween("stage_at", Value(at, DateTimeField())))
    counted = aged.values_list("stage", "days").annotate(n=Count("pk")).order_by()
    return tuple(StageDays(Stage(stage), max(held, 0), n) for stage, held, n in counted)


def days_to_fill(within: Within, days: Days) -> tuple[tuple[int, int], ...]:
    """Days from a job's opening to an accepted offer, as (days, how many), of those accepted then. One statement."""
    rows = _PLACEMENT.rows(days, days.until).filter(where(_PLACEMENT, within), job__opened_at__isnull=False)
    timed = rows.annotate(days=DaysBetween("job__opened_at", "accepted_on"))
    return tuple((max(held, 0), n) for held, n in timed.values_list("days").annotate(n=Count("pk")).order_by())


def sources(within: Within, days: Days) -> tuple[Source, ...]:
    """How the applications began that ended in a placement in these days, the most first. One statement."""
    rows = _PLACEMENT.rows(days, days.until).filter(where(_PLACEMENT, within))
    counted = rows.values_list("application__origin", "application__board").annotate(n=Count("pk"))
    return tuple(
        Source(Origin(origin) if origin else None, board or "", n)
        for origin, board, n in counted.order_by("-n", "application__origin", "application__board")
    )


def positions(within: Within, days: Days) -> Tally:
    """Places of the jobs that ended in these days, and how many of them we filled. Two statements."""
    spec = counting.SPECS["filled"]
    jobs = spec.rows(days, days.until).filter(where(spec, within))
    n = jobs.aggregate(n=Sum("openings"))["n"] or 0
    placed = models.Placement.objects.filter(job__in=jobs).exclude(state=PlacementState.FELL_THROUGH)
    return Tally(n, min(placed.count(), n))


def silent_clients(within: Within, *, at: datetime, most: int = 5) -> tuple[Silent, ...]:
    """Clients that owe words on CVs, those that owe most first. Two statements."""
    rows = models.Submission.objects.filter(
        Q(feedback="") | Q(feedback=Feedback.LATER), where(_SUBMISSION, within), state=SubmissionState.SENT,
        feedback_due_at__lt=at,
    ).filter(UNANSWERED)  # fmt: skip
    counted = rows.values_list("organisation_key").annotate(n=Count("pk"), since=Min("sent_at"))
    held = list(counted.order_by("-n", "since")[:most])
    names = people.organisation_names([key for key, *_rest in held])
    return tuple(Silent(key, names[key], n, since) for key, n, since in held)


def pipeline_value(within: Within, *, currency: str, horizons: Sequence[int], at: datetime, today: date) -> Pipeline:
    """What a forecast of cash rests on: the house's own past, and what is open within. Nine statements.

    ``horizons`` in weeks. The past is the whole house's, of two years, and old enough for the longest horizon.
    """
    permanent, contract = within.engagement in ("", "permanent"), within.engagement in ("", "contract")
    jobs = Q(job__kind=JobKind.PERMANENT, job__currency=currency) & ~Q(job__engaged=Engaged.RETAINED)
    still = models.Application.objects.filter(
        where(_APPLICATION, within), ended="", stage__in=FORECAST_STAGES, job__status__in=LIVE_STATUSES
    )
    elsewhere = still.exclude(job__currency=currency).count()
    fresh = Q(stage_at__gte=at - timedelta(weeks=max(horizons)))
    parts = models.RetainedStage.objects.filter(
        where(_STAGE, within), fell_due_on=None, job__status__in=LIVE_STATUSES, job__currency=currency
    ).aggregate(n=Count("pk"), total=Sum("amount_minor"))
    horizon = today + timedelta(weeks=max(horizons))
    return Pipeline(
        currency,
        _history(horizons, at) if permanent else (),
        _open_stages(still.filter(jobs, fresh)) if permanent else (),
        _typical_fee(currency, today),
        _running(within, currency, today, horizon) if contract else (),
        _past_weeks(currency, today) if contract else (),
        (parts["n"], parts["total"] or 0),
        elsewhere,
        still.filter(jobs).exclude(fresh).count() if permanent else 0,
    )


def _history(horizons: Sequence[int], at: datetime) -> tuple[StageHistory, ...]:
    old_enough = at - timedelta(weeks=max(horizons))
    rows = models.StageMove.objects.filter(
        stage__in=FORECAST_STAGES, ended="", at__gte=at - timedelta(days=730), at__lt=old_enough,
        application__job__kind=JobKind.PERMANENT,
    ).exclude(application__job__engaged=Engaged.RETAINED)  # fmt: skip
    latest = models.Job.objects.filter(kind=JobKind.PERMANENT, opened_at__lt=old_enough).order_by("-opened_at", "key")
    rows = rows.filter(application__job__in=latest.values("key")[:MOST_JOBS])
    placed = ~Q(application__placement__state=PlacementState.FELL_THROUGH)
    timed = rows.annotate(days=DaysBetween("at", "application__placement__accepted_on"))
    within = {
        f"in_{weeks}": Count("application", distinct=True, filter=placed & Q(days__lte=7 * weeks)) for weeks in horizons
    }
    counted = (
        timed.values_list("application__job", "stage")
        .annotate(n=Count("application", distinct=True), **within)
        .order_by("application__job", "stage")
    )
    return tuple(StageHistory(job, Stage(stage), n, tuple(placed)) for job, stage, n, *placed in counted)


def _open_stages(rows: QuerySet[models.Application]) -> tuple[OpenStage, ...]:
    """Open applications by job and stage, with what the job says of its fee: a sum, or a share of the pay."""
    pay = Coalesce("job__pay_to_minor", "job__pay_from_minor")
    fee = Coalesce("job__fee_minor", pay * F("job__fee_hundredths") / 10_000)
    counted = rows.annotate(fee=fee).values_list("job", "stage", "fee").annotate(n=Count("pk")).order_by("job", "stage")
    return tuple(OpenStage(job, Stage(stage), n, fee) for job, stage, fee, n in counted)


def _typical_fee(currency: str, today: date) -> int | None:
    """The mean fee of permanent placements of two years."""
    rows = models.Placement.objects.filter(
        kind=JobKind.PERMANENT, currency=currency, fee_minor__gt=0, accepted_on__gte=today - timedelta(days=730)
    )
    mean = rows.aggregate(mean=Avg("fee_minor"))["mean"]
    return round(mean) if mean is not None else None


def _running(within: Within, currency: str, today: date, horizon: date) -> tuple[Running, ...]:
    rates = models.RateChange.objects.filter(assignment=OuterRef("pk"))
    now = rates.filter(from_on__lte=today).order_by("-from_on", "-pk")
    first = rates.order_by("from_on", "pk")

    def rate(column: str) -> Coalesce:
        return Coalesce(Subquery(now.values(column)[:1]), Subquery(first.values(column)[:1]))

    rows = models.Assignment.objects.filter(
        where(_ASSIGNMENT, within), finished_on=None, ends_on__gte=today, starts_on__lt=horizon,
        placement__currency=currency, placement__state__in=[PlacementState.ACCEPTED, PlacementState.STARTED],
    ).annotate(week=(rate("charge_minor") - rate("pay_minor")) * F("units_a_week_hundredths") / 100)  # fmt: skip
    counted = rows.values_list("starts_on", "ends_on").annotate(total=Sum("week"), n=Count("pk"))
    return tuple(Running(first, last, total or 0, n) for first, last, total, n in counted.order_by("ends_on"))


def _past_weeks(currency: str, today: date) -> tuple[tuple[int, int], ...]:
    """What weeks of a year brought, by assignment: (agreed at its first rates, brought)."""
    first = models.RateChange.objects.filter(assignment=OuterRef("assignment")).order_by("from_on", "pk")
    rows = models.WeeklyMargin.objects.filter(
        week_ending__gte=today - timedelta(days=365), assignment__placement__currency=currency
    )
    counted = (
        rows.values("assignment")
        .annotate(
            weeks=Count("pk"), brought=Sum("margin_minor"), units=Min("assignment__units_a_week_hundredths"),
            charge=Subquery(first.values("charge_minor")[:1]), pay=Subquery(first.values("pay_minor")[:1]),
        )
        .order_by("assignment")
        .values_list("weeks", "brought", "units", "charge", "pay")[:MOST_ASSIGNMENTS]
    )  # fmt: skip
    return tuple(
        (weeks * (charge - pay) * units // 100, brought)
        for weeks, brought, units, charge, pay in counted
        if charge is not None and pay is not None
    )


def billed(within: Within, *, since: date, until: date, currency: str) -> Money:
    """Cash on the accepted basis of these days, ``until`` left out, by whose job it is. One statement.

    Counted by job, not by split: what each colleague has of it stands in their billings.
    """
    rows = models.CashLine.objects.filter(
        where(_STAGE, within), basis=CashBasis.ACCEPTED, on__gte=since, on__lt=until, currency=currency
    )
    return Money(rows.aggregate(total=Sum("amount_minor"))["total"] or 0, currency)


def targets(owner: UUID | None, *, since: date, until: date, currency: str) -> Money:
    """Billing targets of the months that begin in these days: one colleague's, or everybody's. One statement."""
    rows = models.BillingTarget.objects.filter(month__gte=since, month__lt=until, currency=currency)
    rows = rows.filter(user_key=owner) if owner else rows
    return Money(rows.aggregate(total=Sum("amount_minor"))["total"] or 0, currency)
