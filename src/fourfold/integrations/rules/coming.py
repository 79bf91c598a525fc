"""What a record that waited becomes: a job lead, a job, an application, a CV that was sent, a placement; or why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from fourfold.integrations.rules import vacancies as read
from fourfold.integrations.rules.cells import Cells
from fourfold.integrations.rules.headers import guess_mapping
from fourfold.integrations.rules.records import country_code, day_order, plain_text, short
from fourfold.integrations.types import FileKind
from fourfold.jobs.types import (
    ComingApplication,
    ComingJob,
    ComingPlacement,
    ComingSubmission,
    JobKind,
    JobStatus,
    PayPer,
)
from fourfold.people.types import JobLeadState, NewJobLead

NO_CLIENT = "The client is not here yet."
NO_CANDIDATE = "The candidate is not here yet."
NO_JOB = "The job is not here yet."
NO_CONTACT = "The client’s contact it went to is not here yet."
NO_TITLE = "It has no title."
NO_DAY = "No day is told, or none that can be read."
STRUCTURAL = frozenset(["job_ref", "job_id", "title", "status", "owner"])


@dataclass(frozen=True, slots=True)
class Look:
    """One record: its cells by our names, how they are read, and what the house has to recognise them by."""

    reader: Cells
    cells: Mapping[str, str]
    source: str
    source_ref: str
    added_at: datetime | None
    colleagues: Mapping[str, str]
    desks: Mapping[str, str]
    currency: str

    def cell(self, name: str) -> str:
        return self.cells.get(name, "")

    def moment(self, *names: str) -> datetime | None:
        """The first of these moments that can be told."""
        return next((found for name in names if (found := read.moment_of(self.reader, self.cell(name)))), None)

    @property
    def began(self) -> datetime | None:
        return self.moment("added_at") or self.added_at

    @property
    def owner(self) -> UUID | None:
        found = self.colleagues.get(" ".join(self.cell("owner").lower().split()))
        return UUID(found) if found else None


def cells_of(layout: str, mapping: Mapping[str, str], payload: Mapping[str, str]) -> dict[str, str]:
    """A record's cells by our names: as its file was mapped, or as its headers tell where it came earlier."""
    named = dict(mapping)
    if not STRUCTURAL & named.keys():
        named = {**guess_mapping(FileKind.RECORDS, list(payload), layout), **named}
    return {name: payload[header].strip() for name, header in named.items() if header in payload}


def day_order_of(payload: Mapping[str, str]) -> str:
    """How a record writes days where its file didn't tell: as its own cells tell, else as Bullhorn's loader does."""
    return day_order(payload.values()) or ("mdy" if any("external" in name.lower() for name in payload) else "dmy")


def reference_of(system: str, ref: str) -> str:
    """A row's id there, as jobs keep it: ``joborder:4711``."""
    return ref.removeprefix(f"{system}:")[-120:]


def _status_left(look: Look, *, known: bool) -> str:
    return "" if known else short(look.cell("status"), 60)


def job_lead(
    look: Look, *, heard_from: UUID | None, organisation: UUID | None, layout: str
) -> tuple[NewJobLead, JobLeadState, str] | str:
    """An opportunity, or a lead, as a vacancy heard of; its status where that is unknown. Else why it waits."""
    is_lead = layout.endswith("Lead")
    title = short(look.cell("headline" if is_lead else "title"), 160)
    if is_lead:  # what is said of the person stands with the person, and goes with them: no word of it here
        title = short(" · ".join(filter(None, (look.cell("organisation"), title))), 160)
    if not title:
        return NO_TITLE
    state = read.lead_state(look.cell("status"), is_open=look.cell("is_open"))
    worth = look.cell("deal_value")
    note = "\n".join(filter(None, (
        "" if is_lead else plain_text(look.cell("about")), f"Worth: {short(worth, 40)}" if worth else "",
        f"Status there: {short(look.cell('status'), 60)}" if look.cell("status") else "",
    )))  # fmt: skip
    new = NewJobLead(
        title=title, organisation=organisation, note=note, heard_from=heard_from, owner_key=look.owner,
        source=look.source, at=look.began,
    )  # fmt: skip
    return new, state.value, _status_left(look, known=state.known)


def job(
    look: Look, *, organisation: UUID, manager: UUID | None, lead: UUID | None
) -> tuple[ComingJob, str] | str:  # fmt: skip
    """A job order as a job; its status where that is unknown. Else why it waits."""
    title = short(look.cell("title"), 160)
    if not title:
        return NO_TITLE
    kind = read.job_kind(look.cell("employment")).value
    closed = look.moment("closed_on")
    status = read.job_status(look.cell("status"), is_open=look.cell("is_open"), closed=closed is not None)
    over = status.value in (JobStatus.FILLED, JobStatus.CLOSED)
    opened = look.began or min(filter(None, (closed, look.moment("started_on"))), default=look.reader.at)
    ended = max(opened, closed or look.moment("changed_at") or opened) if over else None
    low, high = read.pay_range(look.cells, kind, look.currency)
    found = ComingJob(
        source=look.source, source_ref=look.source_ref, reference=_own_reference(look), title=title,
        organisation=organisation, kind=kind, status=status.value, said=_said(look), opened_at=opened, ended_at=ended,
        close_reason=read.close_reason(look.cell("status"), look.cell("closed_why"))
        if status.value is JobStatus.CLOSED else None,
        lead=lead, openings=max(1, read.whole(look.cell("openings"))), currency=look.currency, pay_from_minor=low,
        pay_to_minor=high, pay_per=read.per(look.cell("pay_unit"), kind),
        charge_minor=read.minor(look.cell("charge_rate"), look.currency) if kind is not JobKind.PERMANENT else None,
        fee_hundredths=read.share_hundredths(look.cell("fee")) if kind is JobKind.PERMANENT else None,
        city=short(look.cell("city"), 80), postcode=short(look.cell("postcode"), 16),
        country=country_code(look.cell("country")), workplace=read.workplace(look.cell("on_site")),
        description=plain_text(look.cell("about")), benefits=short(look.cell("benefits"), 250),
        start_wanted_on=read.day_of(look.reader, look.cell("started_on")),
        desk=look.desks.get(look.cell("desk").casefold(), ""), owner_key=look.owner, hiring_manager=manager,
    )  # fmt: skip
    return found, _status_left(look, known=status.known)


def _own_reference(look: Look) -> str:
    """The job's reference there, by which boards and mails know it: BH-4711."""
    return f"BH-{look.cell('source_id') or look.cell('external_id') or look.source_ref[-12:]}"[:24]


def _said(look: Look) -> str:
    return short(": ".join(filter(None, (look.cell("status"), look.cell("closed_why")))), 250)


def application(look: Look, *, job: UUID, person: UUID) -> tuple[ComingApplication, str] | str:
    """A submission as somebody's progress on a job; its status where that is unknown. Else why it waits."""
    began = look.began or look.moment("answered_web", "changed_at")
    if began is None:
        return NO_DAY
    stage = read.progress(look.cell("status"), came_themselves=bool(look.cell("answered_web")))
    found = ComingApplication(
        source=look.source, source_ref=look.source_ref, job=job, person=person, stage=stage.value[0], began_at=began,
        stage_at=max(began, look.moment("changed_at") or began), said=short(look.cell("status"), 250),
        ended=stage.value[1], owner_key=look.owner, words=plain_text(look.cell("comments")),
    )  # fmt: skip
    return found, _status_left(look, known=stage.known)


def submission(
    look: Look, *, job: UUID | None, person: UUID, contact: UUID, organisation: UUID
) -> ComingSubmission | str:  # fmt: skip
    """A CV that was sent. Without its day it proves nothing, and waits."""
    if look.began is None:
        return NO_DAY
    return ComingSubmission(
        source=look.source, source_ref=look.source_ref, job=job, person=person, contact=contact,
        organisation=organisation, sent_at=look.began, by=short(look.cell("owner"), 80), by_key=look.owner,
    )  # fmt: skip


def placement(
    look: Look, *, job: UUID, person: UUID, kind: JobKind, today: date
) -> tuple[ComingPlacement, str] | str:  # fmt: skip
    """A placement of a job of this kind; its status where that is unknown. Else why it waits."""
    cells = dict(look.cells)
    course = read.placing(look.reader, cells, kind, today=today)
    if course is None:
        return NO_DAY
    paid = read.pay(cells, kind, look.currency)
    fee, share = read.fee(cells, pay_minor=paid, currency=look.currency) if kind is JobKind.PERMANENT else (None, None)
    days = read.whole(look.cell("guarantee_days"))
    working = read.assignment(look.reader, cells, kind, look.currency, course.start_on)
    found = ComingPlacement(
        source=look.source, source_ref=look.source_ref, job=job, person=person, state=course.state,
        accepted_on=course.accepted_on, said=short(look.cell("status"), 250), start_on=course.start_on,
        left_on=course.left_on, left_why=short(look.cell("closed_why") or look.cell("status"), 250)
        if course.left_on else "",
        pay_minor=paid, per=PayPer.YEAR if kind is JobKind.PERMANENT else read.per(look.cell("pay_unit"), kind),
        currency=look.currency, fee_minor=fee, fee_hundredths=share,
        guarantee_ends_on=course.start_on + timedelta(days=min(days, 1_000)) if course.start_on and days else None,
        owner_key=look.owner, assignment=working, finished_on=course.left_on if working else None,
        split=read.split(look.cell("commissions"), look.colleagues),
    )  # fmt: skip
    return found, _status_left(look, known=course.known)
