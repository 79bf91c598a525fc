"""Offers, placements and assignments, as rows."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.base.money import Money
from fourfold.contact.types import OffLimits, Ties
from fourfold.jobs import access, models
from fourfold.jobs.queries.papers import papers_of
from fourfold.jobs.rules import awr, fees
from fourfold.jobs.types import (
    FINISHING_WEEKS,
    AfterOffer,
    AssignmentRow,
    CashBasis,
    CashRow,
    ExtensionRow,
    Ir35,
    JobKind,
    OfferRow,
    OfferState,
    PaidVia,
    PayPer,
    PlacementCard,
    PlacementList,
    PlacementPage,
    PlacementState,
    RateRow,
    RetainedPart,
    SplitPart,
    SplitRole,
    SplitVersion,
)
from fourfold.ledger.queries import among
from fourfold.people import queries as people

PAGE = 50
SHOWN = 5
FILTERS = ("all", "starting", "running", "finishing", "guarantee", "ended")
_SORTED = {"starting": "start_on", "finishing": "assignment__ends_on", "guarantee": "guarantee_ends_on"}
_HERE = (PlacementState.ACCEPTED, PlacementState.STARTED)


def placements(viewer: Viewer, *, which: str, mine: bool, cursor: str | None, at: datetime) -> PlacementList:
    """A page of placements and how many there are under each filter. Raises NotFound for a broken cursor.

    ``starting`` this month, ``finishing`` within 8 weeks, in ``guarantee``: the soonest first; else the latest first.
    """
    rows = access.placements_of(viewer)
    rows = rows.filter(owner_key=viewer.user_key) if mine else rows
    wheres = _wheres(at.date())
    counts = rows.aggregate(**{name: Count("pk", filter=where) for name, where in wheres.items()})
    rows = rows.filter(wheres[which])
    column = _SORTED.get(which, "accepted_on")
    soonest = which in _SORTED
    if cursor:
        day, key = _read_cursor(cursor)
        past = Q(**{f"{column}__{'gt' if soonest else 'lt'}": day}) | Q(**{column: day, "key__gt": key})
        rows = rows.filter(past)
    ordered = rows.annotate(sorted_by=F(column)).order_by(column if soonest else f"-{column}", "key")
    found = list(ordered.select_related("job", "assignment")[: PAGE + 1])
    older = _cursor(found[PAGE - 1].sorted_by, found[PAGE - 1].key) if len(found) > PAGE else None
    return PlacementList(cards(viewer, found[:PAGE], at.date()), older, counts)


def _wheres(on: date) -> dict[str, Q]:
    first = on.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return {
        "all": Q(pk__isnull=False),
        "starting": Q(state__in=_HERE, start_on__gte=first, start_on__lt=after),
        "running": Q(state=PlacementState.STARTED),
        "finishing": finishing_where(on),
        "guarantee": Q(state=PlacementState.STARTED, guarantee_ends_on__gte=on),
        "ended": Q(state__in=[PlacementState.LEFT, PlacementState.FELL_THROUGH]),
    }


def finishing_where(on: date) -> Q:
    """Assignments whose end is within 8 weeks, or has passed without a word of what became of them."""
    until = on + timedelta(weeks=FINISHING_WEEKS)
    return Q(state=PlacementState.STARTED, assignment__finished_on=None, assignment__ends_on__lte=until)


def _cursor(day: date, key: UUID) -> str:
    return base64.urlsafe_b64encode(json.dumps([day.isoformat(), key.hex]).encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[date, UUID]:
    try:
        day, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return date.fromisoformat(day), UUID(key)
    except (ValueError, TypeError, AttributeError):
        raise NotFound("This page was not found.", "Its address was cut or changed.", "Go to the first page.") from None


def cards(viewer: Viewer, rows: Sequence[models.Placement], on: date) -> tuple[PlacementCard, ...]:
    keys = {row.person_key for row in rows}
    names = people.names(keys, viewer=viewer, candidates=True) if keys else {}
    organisations = people.organisation_names({row.organisation_key for row in rows})
    owners = accounts.names({row.owner_key for row in rows if row.owner_key})
    rates = _rates_now([row.assignment.key for row in rows if _has_assignment(row)], on)
    found = []
    for row in rows:
        assignment = row.assignment if _has_assignment(row) else None
        value = Money(row.fee_minor, row.currency) if row.fee_minor is not None else None
        if assignment is not None:
            value = _margin(assignment, rates.get(assignment.key), row.currency)
        found.append(
            PlacementCard(
                row.key, row.application_id, row.job_id, row.job.title, row.job.reference, row.person_key,
                names.get(row.person_key, ""), row.organisation_key, organisations.get(row.organisation_key, ""),
                JobKind(row.kind), PlacementState(row.state), row.job.for_ourselves, row.accepted_on, row.start_on,
                row.started_on, assignment.finished_on or assignment.ends_on if assignment else None,
                row.guarantee_ends_on, value, assignment is not None,
                owners.get(row.owner_key, "") if row.owner_key else "",
            )
        )  # fmt: skip
    return tuple(found)


def _has_assignment(row: models.Placement) -> bool:
    return row.kind != JobKind.PERMANENT and hasattr(row, "assignment")


def _rates_now(assignments: Collection[UUID], on: date) -> dict[UUID, models.RateChange]:
    """The rate of each assignment that holds on a day, or its first where it has not begun. One statement."""
    found: dict[UUID, models.RateChange] = {}
    if assignments:
        for row in models.RateChange.objects.filter(assignment_id__in=among(list(assignments))).order_by(
            "from_on", "pk"
        ):
            if row.from_on <= on or row.assignment_id not in found:
                found[row.assignment_id] = row
    return found


def _margin(row: models.Assignment, rate: models.RateChange | None, currency: str) -> Money | None:
    if rate is None:
        return None
    minor = fees.week_margin(
        pay_minor=rate.pay_minor, charge_minor=rate.charge_minor, units_hundredths=row.units_a_week_hundredths
    )
    return Money(minor, currency)


def placement(viewer: Viewer, key: UUID, *, at: datetime) -> PlacementPage:
    """Everything a placement's own page shows. Raises NotFound."""
    row = access.get_placement_for(viewer, key)
    on = at.date()
    versions = _versions(row)
    names = accounts.names({part.user_key for version in versions for part in version.parts})
    offer = models.Offer.objects.filter(application__placement=row).order_by("-at", "-pk").first()
    cash = row.cash.order_by("on", "pk")
    plan = models.PlanTask.objects.filter(application__placement=row).order_by("due_on", "what")

    def money(minor: int | None) -> Money | None:
        return Money(minor, row.currency) if minor is not None else None

    return PlacementPage(
        card=cards(viewer, [row], on)[0],
        pay=money(row.pay_minor),
        per=PayPer(row.per),
        fee=money(row.fee_minor),
        fee_hundredths=row.fee_hundredths,
        fee_why=row.fee_why,
        fee_exception=row.job.fee_exception,
        rebates=tuple((int(weeks), int(share)) for weeks, share in row.rebates),
        agreed_start_on=row.agreed_start_on,
        left_on=row.left_on,
        left_why=row.left_why,
        stayed_days=row.stayed_days,
        invoiced_on=row.invoiced_on,
        paid_on=row.paid_on,
        rebated=money(row.rebated_minor or None),
        offer=_offer_row(offer) if offer else None,
        standing=papers_of(row.application_id, on=row.started_on or max(on, row.start_on or on))
        if row.application_id
        else papers_of(row.key, on=on),
        split=versions[0] if versions else None,
        splits=versions,
        split_names=names,
        assignment=_assignment(row, on),
        cash=tuple(CashRow(one.part, CashBasis(one.basis), one.on, Money(one.amount_minor, one.currency))
                   for one in cash[:200]),
        plan=tuple(plan.values_list("what", "due_on")),
    )  # fmt: skip


def _versions(row: models.Placement) -> tuple[SplitVersion, ...]:
    """Every version of a split, the newest first."""
    by_version: dict[int, list[models.Split]] = {}
    for one in row.splits.order_by("-version", "pk"):
        by_version.setdefault(one.version, []).append(one)
    return tuple(
        SplitVersion(
            version,
            tuple(SplitPart(one.user_key, SplitRole(one.role), one.percent_hundredths) for one in parts),
            parts[0].why, parts[0].by, parts[0].at,
        )
        for version, parts in by_version.items()
    )  # fmt: skip


def _assignment(row: models.Placement, on: date) -> AssignmentRow | None:
    found = models.Assignment.objects.filter(placement=row).first()
    if found is None:
        return None
    rates = list(found.rates.all())
    brought = found.margins.aggregate(total=Sum("margin_minor"), n=Count("pk"))
    return AssignmentRow(
        key=found.key,
        unit=PayPer(found.unit),
        units_a_week_hundredths=found.units_a_week_hundredths,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        finished_on=found.finished_on,
        finished_why=found.finished_why,
        paid_via=PaidVia(found.paid_via),
        company=found.company,
        ir35=Ir35(found.ir35),
        ir35_on=found.ir35_on,
        ir35_document=found.ir35_document,
        kid_sent_on=found.kid_sent_on,
        rates=tuple(
            RateRow(one.from_on, Money(one.pay_minor, row.currency), Money(one.charge_minor, row.currency), one.why,
                    one.by, one.at)
            for one in reversed(rates)
        ),
        extensions=tuple(
            ExtensionRow(one.was_ends_on, one.ends_on, one.why, one.by, one.at) for one in found.extensions.all()
        ),
        margin=_margin(found, _rates_now([found.key], on).get(found.key), row.currency),
        awr=awr.standing(_spans(row), on=on, before=found.awr_weeks_before),
        awr_weeks_before=found.awr_weeks_before,
        brought=Money(brought["total"], row.currency) if brought["n"] else None,
        weeks_brought=brought["n"],
    )  # fmt: skip


def _spans(row: models.Placement) -> list[tuple[date, date]]:
    """First and last days of this person's assignments with this hirer, which are taken as one role."""
    rows = models.Assignment.objects.filter(
        placement__person_key__in=people.family_of(row.person_key), placement__organisation_key=row.organisation_key
    ).exclude(placement__state=PlacementState.FELL_THROUGH)
    return [
        (first, last)
        for first, last in rows.values_list("starts_on", Coalesce("finished_on", "ends_on"))
        if last >= first
    ]


def _offer_row(row: models.Offer) -> OfferRow:
    after = AfterOffer(
        resigned_on=row.resigned_on, counter_talk_on=row.counter_talk_on, counter_words=row.counter_words,
        notice_ends_on=row.notice_ends_on,
    )  # fmt: skip
    pay = Money(row.pay_minor, row.currency) if row.pay_minor is not None else None
    return OfferRow(
        row.key, row.application_id, OfferState(row.state), pay, PayPer(row.per), row.start_on, row.made_on,
        row.answered_on, row.why, after, row.by, row.at,
    )  # fmt: skip


def offer(viewer: Viewer, key: UUID) -> OfferRow:
    """One offer. Raises NotFound."""
    return _offer_row(access.get_offer_for(viewer, key))


def offers_of(viewer: Viewer, application: UUID) -> tuple[OfferRow, ...]:
    """The offers of an application, the latest first. Raises NotFound."""
    row = access.get_application_for(viewer, application)
    return tuple(_offer_row(one) for one in row.offers.order_by("-at", "-pk"))


def placement_of(viewer: Viewer, application: UUID) -> UUID | None:
    """The placement that came of an application. Raises NotFound."""
    row = access.get_application_for(viewer, application)
    return models.Placement.objects.filter(application=row).values_list("key", flat=True).first()


def retained_parts(viewer: Viewer, job: UUID) -> tuple[RetainedPart, ...]:
    """The stages of a retained search's fee. Raises NotFound."""
    row = access.get_job_for(viewer, job)
    return tuple(
        RetainedPart(one.place, one.due_on, Money(one.amount_minor, row.currency), one.fell_due_on)
        for one in row.retained_stages.order_by("place")
    )


def starting(viewer: Viewer, *, from_day: date, to_day: date) -> tuple[int, tuple[PlacementCard, ...]]:
    """The viewer's placements that should start in these days and have not been noted as started, and those overdue."""
    rows = _own(viewer).filter(state=PlacementState.ACCEPTED, start_on__lte=to_day)
    return _first(viewer, rows.order_by("start_on", "key"), from_day)


def finishing(viewer: Viewer, *, on: date) -> tuple[int, tuple[PlacementCard, ...]]:
    """The viewer's assignments that end within 8 weeks, the soonest first."""
    return _first(viewer, _own(viewer).filter(finishing_where(on)).order_by("assignment__ends_on", "key"), on)


def _own(viewer: Viewer) -> QuerySet[models.Placement]:
    return access.placements_of(viewer).filter(owner_key=viewer.user_key)


def _first(viewer: Viewer, rows: QuerySet[models.Placement], on: date) -> tuple[int, tuple[PlacementCard, ...]]:
    held = list(rows.select_related("job", "assignment")[:SHOWN])
    return (rows.count() if len(held) == SHOWN else len(held)), cards(viewer, held, on)


def placing_ties(person_keys: Collection[UUID], *, at: datetime) -> dict[UUID, Ties]:
    """What ties people to the house after an offer: a running assignment, and a placement still in its guarantee.

    All records of one human count. Four statements; people without either are left out.
    """
    owner = {key: of for of, family in people.families_of(person_keys).items() for key in family}
    held = list(_obliging(owner, at.date()).select_related("job", "assignment"))
    names = people.organisation_names({row.organisation_key for row in held})
    found: dict[UUID, Ties] = {}
    for row in held:
        words = names.get(row.organisation_key, "")
        on = f"{row.job.title}, {words}" if _running(row) else ""
        limits: tuple[OffLimits, ...] = ()
        if row.guarantee_ends_on is not None and row.guarantee_ends_on >= at.date():
            limits = (OffLimits("placed by us, within its guarantee", words, row.guarantee_ends_on),)
        if on or limits:
            of, ties = owner[row.person_key], Ties(on_assignment=on, off_limits=limits)
            found[of] = found[of].add(ties) if of in found else ties
    return found


def _running(row: models.Placement) -> bool:
    return row.state == PlacementState.STARTED and _has_assignment(row) and row.assignment.finished_on is None


def _obliging(person_keys: Collection[UUID], on: date) -> QuerySet[models.Placement]:
    """Placements with which something is open: to start, an assignment that runs, a guarantee that holds."""
    open_ones = Q(state=PlacementState.ACCEPTED) | Q(state=PlacementState.STARTED, guarantee_ends_on__gte=on)
    running = Q(state=PlacementState.STARTED, assignment__isnull=False, assignment__finished_on=None)
    return models.Placement.objects.filter(open_ones | running, person_key__in=among(list(person_keys)))


def placing_obliged(person_keys: Collection[UUID], *, at: datetime) -> set[UUID]:
    """Those of these people with whom a placement is open: to start, on assignment, or within its guarantee."""
    owner = {key: of for of, family in people.families_of(person_keys).items() for key in family}
    return {owner[key] for key in _obliging(owner, at.date()).values_list("person_key", flat=True)}
