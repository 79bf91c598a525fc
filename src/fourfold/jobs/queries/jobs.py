"""Jobs as lists and their own pages show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Subject, Viewer
from fourfold.base.errors import NotFound
from fourfold.jobs import access, models, rules
from fourfold.jobs.queries.pipeline import pipeline
from fourfold.jobs.types import (
    LIVE_STATUSES,
    SEEN_BY_CLIENT,
    AdvertRow,
    Calibre,
    CloseReason,
    Engaged,
    Gained,
    Grade,
    HiringRole,
    HiringRow,
    JobCard,
    JobChange,
    JobKind,
    JobPage,
    JobStatus,
    Market,
    MarketRefused,
    Need,
    PayCheck,
    PayPer,
    StatusRow,
    Wanted,
    Workplace,
)
from fourfold.ledger.queries import among
from fourfold.people import queries as people
from fourfold.people.types import TermsStanding

PAGE = 50
MOST_COUNTED = 10_000
YEARS_OF_PAY = 2


@dataclass(frozen=True, slots=True)
class JobList:
    """One page of jobs, A before B before C, the newest first; ``by_status`` counts what the filters leave."""

    rows: tuple[JobCard, ...]
    older: str | None
    count: int
    by_status: dict[str, int]


def jobs(
    viewer: Viewer, *, status: JobStatus | None = JobStatus.OPEN, text: str = "", mine: bool = False,
    organisation: UUID | None = None, cursor: str | None = None,
) -> JobList:  # fmt: skip
    """Jobs by grade, the newest first; 50 a page. Raises NotFound for a cursor that is none."""
    rows = access.jobs_of(viewer)
    if text.strip():
        found = people.organisations_named(text.strip())
        rows = rows.filter(
            Q(title__icontains=text.strip()) | Q(reference__iexact=text.strip()) | Q(organisation_key__in=found)
        )
    rows = (
        rows.filter(Q(owner_key=viewer.user_key) | Q(team_rows__user_key=viewer.user_key)).distinct() if mine else rows
    )
    rows = rows.filter(organisation_key=organisation) if organisation else rows
    by_status = dict(rows.values_list("status").annotate(n=Count("key", distinct=True)).order_by("status"))
    shown = rows.filter(status=status) if status else rows
    offset = _offset(cursor)
    held = list(shown.order_by("grade", "-opened_at", "-added_at", "key")[offset : offset + PAGE + 1])
    older = str(offset + PAGE) if len(held) > PAGE else None
    count = by_status.get(status, 0) if status else sum(by_status.values())
    return JobList(tuple(cards(viewer, held[:PAGE])), older, count, by_status)


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isdecimal() or int(cursor) > MOST_COUNTED:
        raise NotFound("This page was not found.", "Its address was changed.", "Go back to the first page.")
    return int(cursor)


def cards(viewer: Viewer, rows: Sequence[models.Job]) -> list[JobCard]:
    """Cards of these jobs, with how many people are on each as far as the viewer may see."""
    keys = [row.key for row in rows]
    counted = (
        access.applications_of(viewer).filter(job_id__in=keys).values_list("job_id")
        .annotate(
            people=Count("key", filter=Q(ended="")),
            submitted=Count("key", filter=Q(ended="", stage__in=SEEN_BY_CLIENT)),
            waiting=Count("key", filter=Q(owed_since__isnull=False)),
        ).order_by()
    )  # fmt: skip
    by_job = {key: rest for key, *rest in counted}
    names = people.organisation_names({row.organisation_key for row in rows})
    owners = accounts.names({row.owner_key for row in rows if row.owner_key})
    return [_card(row, names, owners, *by_job.get(row.key, (0, 0, 0))) for row in rows]


def _card(
    row: models.Job, names: dict[UUID, str], owners: dict[UUID, str], on_it: int, submitted: int, waiting: int
) -> JobCard:
    return JobCard(
        key=row.key, reference=row.reference, slug=row.slug, title=row.title, organisation_key=row.organisation_key,
        organisation=names[row.organisation_key], kind=JobKind(row.kind), engaged=Engaged(row.engaged),
        status=JobStatus(row.status), grade=Grade(row.grade), desk=row.desk, city=row.city, owner_key=row.owner_key,
        owner=owners.get(row.owner_key, "") if row.owner_key else "", openings=row.openings, opened_at=row.opened_at,
        next_step=row.next_step, published=row.published_at is not None, people=on_it, submitted=submitted,
        waiting=waiting,
    )  # fmt: skip


def job_card(viewer: Viewer, key: UUID) -> JobCard:
    """One job as lists show it. Raises NotFound."""
    return cards(viewer, [access.get_job_for(viewer, key)])[0]


def job_titles(keys: Collection[UUID]) -> dict[UUID, str]:
    """Titles by key; open to every colleague."""
    return dict(models.Job.objects.filter(pk__in=among(list(keys))).values_list("key", "title"))


def job(viewer: Viewer, key: UUID, *, at: datetime) -> JobPage:
    """Everything a job's page shows. Raises NotFound."""
    row = access.get_job_for(viewer, key)
    standing = people.terms_standing(row.organisation_key, at=at)
    graded = rules.grade(
        terms_accepted=standing is TermsStanding.ACCEPTED, slots_booked=row.slots_booked, pay_is_real=row.pay_is_real,
        manager_met_on=row.manager_met_on,
    )  # fmt: skip
    seen = access.applications_of(viewer).filter(job=row)
    by_step = Counter(dict(seen.filter(ended="").values_list("step").annotate(n=Count("key")).order_by()))
    authority = people.names([row.authority_by], viewer=viewer)[row.authority_by] if row.authority_by else ""
    return JobPage(
        card=cards(viewer, [row])[0],
        change=change_of(row),
        lead_key=row.lead_key,
        graded=graded,
        statuses=tuple(StatusRow(one.at, JobStatus(one.status), one.why, one.by) for one in row.statuses.all()),
        hiring=_hiring(viewer, row),
        adverts=_adverts(row),
        by_step=tuple((step, by_step.get(step.slug, 0)) for step in pipeline()),
        ended=seen.exclude(ended="").count(),
        waiting=seen.filter(owed_since__isnull=False).count(),
        authority=f"{authority}: {row.authority_how}" if row.authority_by else "",
        authority_at=row.authority_at,
        published_at=row.published_at,
        apply_until=row.apply_until,
        close_reason=CloseReason(row.close_reason) if row.close_reason else None,
        ended_at=row.ended_at,
        terms_key=row.terms_key,
        added_by=row.added_by,
        added_at=row.added_at,
        retained_due=tuple((one.due_on, one.amount_minor, one.fell_due_on) for one in row.retained_stages.all()),
    )


def change_of(row: models.Job) -> JobChange:
    """A job as its form has it."""
    apart: dict[str, Any] = {
        "organisation": row.organisation_key,
        "gains": tuple(Gained(one.gain, one.their_words, one.evidence) for one in row.gains.all()),
        "wanted": tuple(Wanted(Need(one.need), one.text) for one in row.requirements.all()),
        "retained": tuple((one.due_on, one.amount_minor) for one in row.retained_stages.all()),
    }
    values = {one.name: apart.get(one.name, getattr(row, one.name, None)) for one in fields(JobChange)}
    return JobChange(**{name: _typed(name, value) for name, value in values.items()})


_ENUMS: dict[str, Any] = {
    "kind": JobKind, "engaged": Engaged, "pay_per": PayPer, "calibre": Calibre, "workplace": Workplace,
}  # fmt: skip


def _typed(name: str, value: Any) -> Any:
    return _ENUMS[name](value) if name in _ENUMS else value


def _hiring(viewer: Viewer, row: models.Job) -> tuple[HiringRow, ...]:
    rows = list(row.team_rows.order_by("pk"))
    theirs = people.names({one.person_key for one in rows if one.person_key}, viewer=viewer)
    ours = accounts.names({one.user_key for one in rows if one.user_key})
    return tuple(
        HiringRow(
            one.pk, HiringRole(one.role),
            theirs[one.person_key] if one.person_key else ours.get(one.user_key, "") if one.user_key else "",
            one.person_key, one.user_key,
        )
        for one in rows
    )  # fmt: skip


def _adverts(row: models.Job) -> tuple[AdvertRow, ...]:
    counted = {
        key: (n, sent)
        for key, n, sent in models.Application.objects.filter(advert__job=row)
        .values_list("advert_id")
        .annotate(n=Count("key"), sent=Count("key", filter=Q(submitted_at__isnull=False)))
        .order_by()
    }
    return tuple(
        AdvertRow(
            one.key, one.board, one.reference, one.url, one.posted_on, one.expires_on, one.taken_down_on, one.slot,
            one.cost_minor, one.currency, *counted.get(one.key, (0, 0)),
        )
        for one in row.adverts.order_by("-posted_on", "board")
    )  # fmt: skip


def pay_check(viewer: Viewer, key: UUID, *, at: datetime) -> PayCheck | MarketRefused | None:
    """Calibre asked for against pay offered against market; None for a job that says no pay. Raises NotFound.

    The market is what our own jobs, offers and placements of two years paid for the same title, else on the same desk,
    each pay once a job; else a table that the house brought in.
    """
    row = access.get_job_for(viewer, key)
    offered = row.pay_to_minor or row.pay_from_minor
    if offered is None:
        return None
    found = market_for(row, at=at)
    return (
        found
        if isinstance(found, MarketRefused)
        else rules.check_pay(Calibre(row.calibre), offered_minor=offered, market=found)
    )


def market_for(row: models.Job, *, at: datetime) -> Market | MarketRefused:
    """What is paid for a job's kind of work."""
    same = models.Job.objects.filter(
        kind=row.kind, currency=row.currency, pay_per=row.pay_per, country=row.country,
        added_at__gte=at - timedelta(days=365 * YEARS_OF_PAY),
    ).exclude(pk=row.pk)  # fmt: skip
    plain = rules.plain_title(row.title)
    titled = list(same.filter(title__iexact=row.title))
    found = rules.market_from(_paid(titled), cell=f"jobs called “{row.title}”")
    if isinstance(found, MarketRefused) and row.desk:
        desk = rules.market_from(_paid(list(same.filter(desk=row.desk))), cell="jobs of the same desk")
        found = found if isinstance(desk, MarketRefused) and desk.have <= found.have else desk
    if isinstance(found, Market):
        return found
    point = (
        models.PayPoint.objects.filter(plain_title=plain, kind=row.kind, currency=row.currency, per=row.pay_per)
        .filter(Q(country="") | Q(country=row.country)).order_by("-as_of", "-pk").first()
    )  # fmt: skip
    if point is None:
        return found
    return Market(point.quarter_minor, point.median_minor, point.top_quarter_minor, point.n, point.source)


def _paid(rows: Sequence[models.Job]) -> list[int]:
    """One pay a job: what was agreed at its placement, else offered, else advertised."""
    keys = [row.key for row in rows]
    placed = dict(
        models.Placement.objects.filter(job_id__in=keys, pay_minor__isnull=False).values_list("job_id", "pay_minor")
    )
    offers = models.Offer.objects.filter(application__job_id__in=keys, pay_minor__isnull=False)
    offered = dict(offers.order_by("at").values_list("application__job_id", "pay_minor"))
    found = [placed.get(row.key) or offered.get(row.key) or row.pay_to_minor or row.pay_from_minor for row in rows]
    return [one for one in found if one]


def job_subjects(viewer: Viewer, keys: Collection[UUID]) -> dict[UUID, Subject]:
    """Jobs as notes, tasks and files are about them: open to every colleague with a role."""
    rows: QuerySet[models.Job] = access.jobs_of(viewer).filter(pk__in=among(list(keys)))
    return {row.key: Subject("job", row.key, row.title, reverse("job", args=[row.key]), (row.key,)) for row in rows}


def live_jobs(viewer: Viewer) -> tuple[tuple[UUID, str], ...]:
    """Jobs that people can be put on, as (key, words): for a choice in a form; 200 at the most."""
    rows = list(access.jobs_of(viewer).filter(status__in=LIVE_STATUSES).order_by("grade", "-opened_at")[:200])
    names = people.organisation_names({row.organisation_key for row in rows})
    return tuple((row.key, f"{row.title} · {names[row.organisation_key]} ({row.reference})") for row in rows)
