"""Reads of how applicants get in: the public pages of jobs, and the inbox of boards' mails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.jobs import access, models
from fourfold.jobs.rules import boardmail
from fourfold.jobs.rules.jsonld import job_posting
from fourfold.jobs.types import (
    LIVE_STATUSES,
    BoardMailList,
    BoardMailPage,
    BoardMailRow,
    BoardRead,
    Gained,
    IntakeState,
    JobKind,
    JobStatus,
    LearntRule,
    Need,
    PayPer,
    PublicJob,
    PublicJobs,
    Publishing,
    Workplace,
)
from fourfold.people import queries as people

PAGE = 50
WAITING = (IntakeState.NO_JOB, IntakeState.NO_RULE, IntakeState.NOBODY)
"""These wait for a colleague."""


def published(*, today: date) -> QuerySet[models.Job]:
    """Jobs that take applications on ``today``: open, published, not past their last day."""
    rows = models.Job.objects.filter(status=JobStatus.OPEN, published_at__isnull=False)
    return rows.filter(Q(apply_until=None) | Q(apply_until__gte=today))


def public_jobs(*, today: date, offset: int = 0, size: int = PAGE) -> PublicJobs:
    """Published jobs, the newest first."""
    rows = published(today=today).order_by("-published_at", "key").prefetch_related("gains", "requirements")
    held = list(rows[offset : offset + size + 1])
    named = people.organisation_names({row.organisation_key for row in held if row.client_named})
    shown = tuple(_public(row, named, today) for row in held[:size])
    return PublicJobs(shown, offset + size if len(held) > size else None)


def public_job(slug: str, *, today: date) -> PublicJob | None:
    """A job that is or was published, by its address; None for one that never was."""
    row = models.Job.objects.filter(slug=slug).exclude(first_published_at=None).first()
    if row is None:
        return None
    named = people.organisation_names([row.organisation_key]) if row.client_named else {}
    return _public(row, named, today)


def posting(job: PublicJob, *, house: str, website: str, url: str) -> dict[str, Any]:
    """An open job as search engines read it (schema.org). Raises ValueError for one that is over."""
    return job_posting(
        job, house=house, website=website, home=accounts.house_country(), zone=accounts.house_zone(), url=url
    )


def _public(row: models.Job, named: dict[UUID, str], today: date) -> PublicJob:
    wanted = list(row.requirements.all())
    shown = row.pay_shown
    return PublicJob(
        key=row.key, reference=row.reference, slug=row.slug, title=row.title, kind=JobKind(row.kind),
        client="" if row.for_ourselves else named.get(row.organisation_key, ""), for_ourselves=row.for_ourselves,
        city=row.city, region=row.region, postcode=row.postcode, country=row.country,
        workplace=Workplace(row.workplace), in_short=row.in_short, description=row.description,
        gains=tuple(Gained(one.gain, one.their_words) for one in row.gains.all()),
        musts=tuple(one.text for one in wanted if one.need == Need.MUST),
        wishes=tuple(one.text for one in wanted if one.need == Need.WISH), currency=row.currency,
        pay_from_minor=row.pay_from_minor if shown else None, pay_to_minor=row.pay_to_minor if shown else None,
        pay_per=PayPer(row.pay_per), benefits=row.benefits, published_at=row.published_at,
        apply_until=row.apply_until, start_wanted_on=row.start_wanted_on,
        open=row.status == JobStatus.OPEN and row.published_at is not None
        and (row.apply_until is None or row.apply_until >= today),
    )  # fmt: skip


def publishing(viewer: Viewer, job: UUID) -> Publishing:
    """Whether a job stands on the public pages. Raises NotFound."""
    row = access.get_job_for(viewer, job)
    return Publishing(
        published_at=row.published_at, apply_until=row.apply_until, client_named=row.client_named,
        authority=row.authority_how, slug=row.slug,
    )  # fmt: skip


def job_of_reference(reference: str) -> tuple[UUID, UUID | None] | None:
    """The live job with this reference, ours or an advert's: its key, and the advert's where it was that one."""
    plain = reference.strip()
    if not plain:
        return None
    row = models.Job.objects.filter(reference__iexact=plain, status__in=LIVE_STATUSES).first()
    if row is not None:
        return row.key, None
    adverts = models.Advert.objects.filter(reference__iexact=plain, job__status__in=LIVE_STATUSES)
    advert = adverts.order_by("-posted_on").first()
    return (advert.job_id, advert.key) if advert else None


def learnt_rules(sender: str = "") -> tuple[LearntRule, ...]:
    """How the house has learnt to read senders' mails; one sender's where it is given."""
    rows = models.BoardRule.objects.filter(learnt=True)
    rows = rows.filter(from_domain__in=(sender, boardmail.domain_of(sender))) if sender else rows
    return tuple(
        LearntRule(
            board=row.board, domain=row.from_domain,
            places={what: (place[0], place[1]) for what, place in row.places.items()},
        )
        for row in rows.order_by("from_domain")[:500]
    )  # fmt: skip


def board_mails(viewer: Viewer, *, waiting: bool = True, cursor: str = "") -> BoardMailList:
    """Mails of job boards, the newest first: those that wait for somebody, or all. Raises NotFound, NotAllowed."""
    access.require_job_worker(viewer)
    offset = int(cursor) if cursor.isdecimal() and len(cursor) < 6 else 0
    rows = models.BoardMail.objects.select_related("application__job").defer("text")
    open_ones = rows.filter(state__in=WAITING)
    shown = open_ones if waiting else rows
    held = list(shown.order_by("-arrived_at", "key")[offset : offset + PAGE + 1])
    older = str(offset + PAGE) if len(held) > PAGE else None
    return BoardMailList(tuple(_rows(viewer, held[:PAGE])), older, open_ones.count())


def _rows(viewer: Viewer, held: Sequence[models.BoardMail]) -> list[BoardMailRow]:
    names = people.names({row.person_key for row in held if row.person_key}, viewer=viewer, candidates=True)
    keys = {row.application_id for row in held if row.application_id}
    open_keys = set(access.applications_of(viewer).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    return [_row(row, names, row.application_id in open_keys) for row in held]


def _row(row: models.BoardMail, names: dict[UUID, str], is_open: bool) -> BoardMailRow:
    read = read_of(row)
    hidden = row.person_key is not None and not is_open
    return BoardMailRow(
        key=row.key, board=row.board, state=IntakeState(row.state), subject="" if hidden else row.subject,
        from_address="" if hidden else row.from_address, why=row.why, arrived_at=row.arrived_at,
        read=BoardRead(board=read.board) if hidden else read, has_cv=row.cv_file is not None,
        person=names.get(row.person_key, "") if row.person_key else "",
        application_key=row.application_id if is_open else None,
        job=row.application.job.title if row.application else "", settled_by=row.settled_by,
    )  # fmt: skip


def read_of(row: models.BoardMail) -> BoardRead:
    """What was read of a mail, as it is kept."""
    held: dict[str, Any] = dict(row.read)
    words = {what: str(held.get(what, "")) for what in (*boardmail.VALUES, "title")}
    answers = tuple((str(one), str(two)) for one, two in held.get("answers", ()))
    return BoardRead(board=row.board, answers=answers, **words)


def board_mail(viewer: Viewer, key: UUID) -> BoardMailPage:
    """One mail of a board with its words. Raises NotFound, NotAllowed."""
    access.require_job_worker(viewer)
    row = models.BoardMail.objects.select_related("application__job").filter(pk=key).first()
    if row is None:
        raise NotFound("This mail was not found.", "Its address is wrong.", "Go back to the applications that came in.")
    [shown] = _rows(viewer, [row])
    hidden = row.person_key is not None and shown.application_key is None
    text = "" if hidden else row.text
    lines = boardmail.lines_of(text)
    sender_name = str(row.read.get("sender_name", ""))
    return BoardMailPage(
        row=shown, text=text, lines=lines, guess=boardmail.guess(lines, sender_name), sender_name=sender_name
    )


def waiting_board_mails(viewer: Viewer) -> tuple[int, tuple[BoardMailRow, ...]]:
    """How many mails of boards wait for somebody, and the latest of them."""
    if not access.may_work_jobs(viewer):
        return 0, ()
    rows = models.BoardMail.objects.filter(state__in=WAITING).defer("text")
    held = list(rows.select_related("application__job").order_by("arrived_at", "key")[:8])
    return rows.count() if held else 0, tuple(_rows(viewer, held))
