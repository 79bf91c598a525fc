"""The jobs of the demo house: what clients asked for, who is on it, what came of it: all by the room's own deeds."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.jobs import actions, queries
from fourfold.jobs.actions import NewAdvert, Submitting
from fourfold.jobs.types import (
    HIRED,
    AssignmentChange,
    Calibre,
    CloseReason,
    Ended,
    Engaged,
    Feedback,
    Gained,
    InterviewPlan,
    JobChange,
    JobKind,
    JobStatus,
    MeetingKind,
    MeetingState,
    Need,
    NewApplication,
    NewPlacement,
    OfferChange,
    Origin,
    PaidVia,
    PayPer,
    Wanted,
    Workplace,
)
from fourfold.people import queries as people
from fourfold.people.types import ListOrder, PersonRole
from fourfold.work import actions as work_actions
from fourfold.work import queries as work
from fourfold.work.types import When, Whose


@dataclass(frozen=True, slots=True)
class Brief:
    """One job of the demo house: how long ago it was opened, and how many people are how far."""

    title: str
    kind: JobKind
    pay: tuple[int, int]
    days: int
    on_it: int
    submitted: int
    engaged: Engaged = Engaged.CONTINGENT
    calibre: Calibre = Calibre.UPPER_HALF
    met: bool = True
    slots: bool = False
    offer: bool = False
    placed: bool = False
    ends: JobStatus | None = None


PERM, DAY_RATE = JobKind.PERMANENT, JobKind.CONTRACT
TOP = Calibre.TOP_QUARTER
BRIEFS = (
    Brief("Platform engineer", PERM, (65, 78), 34, 22, 5, Engaged.EXCLUSIVE, TOP, slots=True, offer=True),
    Brief("Management accountant", PERM, (42, 48), 21, 14, 3, Engaged.PSL),
    Brief("Data engineer", PERM, (58, 66), 12, 9, 2, calibre=TOP, slots=True),
    Brief("Quantity surveyor", PERM, (48, 55), 9, 6, 0, met=False),
    Brief("Front-end developer", DAY_RATE, (420, 460), 95, 8, 3, placed=True),
    Brief("Payroll lead", DAY_RATE, (250, 280), 70, 6, 2, placed=True),
    Brief("Head of engineering", PERM, (110, 130), 60, 7, 3, Engaged.RETAINED, Calibre.TOP_TENTH, slots=True),
    Brief("Finance business partner", PERM, (60, 70), 130, 11, 4, placed=True, ends=JobStatus.FILLED),
    Brief("Site manager", PERM, (50, 58), 5, 3, 0, met=False),
    Brief("QA engineer", PERM, (40, 46), 80, 9, 2, ends=JobStatus.CLOSED),
    Brief("Product manager", PERM, (62, 74), 48, 10, 3, Engaged.EXCLUSIVE, slots=True, offer=True),
    Brief("Warehouse supervisor", JobKind.TEMPORARY, (15, 17), 14, 5, 1),
)
GAINS = (
    Gained("One product, four people, shipped weekly", "I see what I built on Friday.", ""),
    Gained("Two days from home, and they mean it", "", "Attendance of the last quarter, shown to us by their HR"),
)
MUSTS = ("Three years in the work", "Has led one project from start to end")
WISHES = ("Knows the sector", "Speaks to customers with ease")
DESCRIPTION = (
    "You join a small team that owns its work from the first sketch to the day it runs.\n\n"
    "In the first month you learn the product beside a colleague; after three you lead a part of it. "
    "Your manager has been there for six years and was once in your place."
)
PROFILE = (
    "Eight years in the work, the last three in charge of a small team.\n\n"
    "2019-2025  Led the move of a product to a new platform, on time\n2016-2019  Built and ran its reporting\n\n"
    "Looks for: more say in what is built. Notice: one month."
)
BOARDS = ("Indeed", "Reed", "Totaljobs")


@dataclass
class _House:
    """Who works here, and the people that the demo draws from."""

    leader: Viewer
    recruiter: Viewer
    at: datetime
    draw: random.Random
    people: list[UUID]
    clients: list[tuple[UUID, UUID]]
    desks: list[str]
    used: set[UUID] = field(default_factory=set)

    def next_person(self) -> UUID:
        key = next(one for one in self.people if one not in self.used)
        self.used.add(key)
        return key


def add_jobs(*, leader: Viewer, recruiter: Viewer, at: datetime) -> None:
    """Fill in the jobs that a house in use would have."""
    found = people.people(recruiter, order=ListOrder.ADDED, at=at, size=400).rows
    candidates = [row.key for row in found if PersonRole.CANDIDATE in row.roles and row.touches is not None]
    clients = [
        (row.key, there[0].key)
        for row in people.organisations(leader, at=at).rows
        if row.is_client and (there := people.people_at(leader, row.key, limit=1))
    ]
    needed = sum(one.on_it for one in BRIEFS)
    if len(clients) < 3 or len(candidates) < needed:
        return  # a very small demo house: nobody to play the parts
    desks = [one.slug for one in accounts.desks()]
    actions.take_pay_table(name="salary-survey.csv", data=_survey(at).encode(), viewer=leader, at=at)
    house = _House(leader, recruiter, at, random.Random(5), candidates, clients, desks)  # noqa: S311  (an invented house)
    for number, brief in enumerate(BRIEFS):
        _play(house, brief, number)


def _survey(at: datetime) -> str:
    """What a survey of pay says of the permanent titles; for those whom everybody wants, more than clients offer."""
    head = "title,kind,country,city,currency,per,lower_quartile,median,upper_quartile,n,as_of,source"
    rows = [
        f"{one.title},permanent,GB,,GBP,year,{low},{low + 6_000},{low + 6_000 + round(one.pay[1] * 160)},"
        f"{40 + one.days},{at:%Y}-01-31,Survey of pay {at:%Y}"
        for one in BRIEFS
        if one.kind is PERM and (low := one.pay[0] * 1_000)
    ]
    return "\n".join([head, *rows])


def _play(house: _House, brief: Brief, number: int) -> None:
    opened = house.at - timedelta(days=brief.days, hours=number)
    organisation, manager = house.clients[number % len(house.clients)]
    viewer = house.leader if number % 4 == 3 else house.recruiter
    key = actions.open_job(
        to=_change(house, brief, organisation, number, opened), hiring_manager=manager, viewer=viewer, at=opened
    )
    actions.note_authority(job=key, by_person=manager, how="by e-mail", viewer=viewer, at=opened)
    on = opened.date()
    board = BOARDS[number % len(BOARDS)]
    advert = actions.note_advert(
        job=key,
        advert=NewAdvert(
            board=board, posted_on=on, expires_on=on + timedelta(days=28), currency="GBP",
            reference=f"{board[:2].upper()}{4000 + number}", slot=f"{board} 2026",
            cost_minor=15_000 + 5_000 * (number % 3),
        ),
        viewer=viewer, at=opened,
    )  # fmt: skip
    if brief.ends is None:
        actions.publish_job(key=key, apply_until=house.at.date() + timedelta(days=21), viewer=viewer, at=opened)
    held = [_begin(house, key, brief, n, advert, opened, viewer) for n in range(brief.on_it)]
    tried = enumerate(held[: brief.submitted])
    sent = [
        (one, moment) for n, one in tried if (moment := _submit(house, one, organisation, manager, n, opened, viewer))
    ]
    if sent and (brief.offer or brief.placed):
        _offer(house, *sent[0], brief, viewer)
    elif len(sent) > 1:
        _meet(house, sent[0][0], sent[0][1] + timedelta(days=3), viewer, over=brief.days > 30)
        _meet(house, sent[1][0], house.at + timedelta(days=1 + number % 4), viewer, over=False)
    if brief.ends is not None:
        _close(house, key, brief.ends, viewer)


def _change(house: _House, brief: Brief, organisation: UUID, number: int, opened: datetime) -> JobChange:
    unit = {JobKind.PERMANENT: 100_000, JobKind.CONTRACT: 100, JobKind.TEMPORARY: 100}[brief.kind]
    per = {JobKind.PERMANENT: PayPer.YEAR, JobKind.CONTRACT: PayPer.DAY, JobKind.TEMPORARY: PayPer.HOUR}[brief.kind]
    stages = (("signature", 1_000_000), ("shortlist", 1_000_000), ("start", 1_200_000))
    return JobChange(
        title=brief.title, organisation=organisation, kind=brief.kind, engaged=brief.engaged, calibre=brief.calibre,
        exclusive_until=opened.date() + timedelta(days=45) if brief.engaged is Engaged.EXCLUSIVE else None,
        retained=stages if brief.engaged is Engaged.RETAINED else (),
        agencies=3 if brief.engaged is Engaged.CONTINGENT else None,
        pay_from_minor=brief.pay[0] * unit, pay_to_minor=brief.pay[1] * unit, pay_per=per, currency="GBP",
        charge_minor=round(brief.pay[1] * unit * 1.22) if brief.kind is not JobKind.PERMANENT else None,
        manager_met_on=opened.date() if brief.met else None, slots_booked=brief.slots, pay_is_real=brief.met or None,
        in_short="Own a part of the product, with the people who use it in the next room.", gains=GAINS,
        not_to_promise="No promotion within the first year.", description=DESCRIPTION, city="London", country="GB",
        postcode="EC1A 1AA", workplace=Workplace.HYBRID,
        desk=house.desks[number % len(house.desks)] if house.desks else "",
        wanted=(*(Wanted(Need.MUST, one) for one in MUSTS), *(Wanted(Need.WISH, one) for one in WISHES)),
        owner_key=(house.leader if number % 4 == 3 else house.recruiter).user_key,
        next_step=("Ring the manager about the shortlist", "Send two more CVs", "Agree interview times")[number % 3],
    )  # fmt: skip


ORIGINS = (Origin.BOARD, Origin.APPLIED, Origin.SOURCED, Origin.BOARD, Origin.REFERRED, Origin.APPLIED, Origin.SOURCED)


def _begin(house: _House, job: UUID, brief: Brief, n: int, advert: UUID, opened: datetime, viewer: Viewer) -> UUID:
    origin = ORIGINS[n % len(ORIGINS)]
    after = timedelta(hours=house.draw.randrange(4, max(24 * min(brief.days, 20), 5)))
    began = min(opened + after, house.at - timedelta(hours=2))
    on_board = origin is Origin.BOARD
    return actions.begin_application(
        application=NewApplication(
            job=job, person_key=house.next_person(), origin=origin, advert=advert if on_board else None,
            board=BOARDS[n % len(BOARDS)] if on_board else "", began_at=began,
        ),
        by=viewer.actor(), at=began,
    ).key  # fmt: skip


def _submit(
    house: _House, application: UUID, organisation: UUID, manager: UUID, n: int, opened: datetime, viewer: Viewer
) -> datetime | None:
    row = queries.application(house.leader, application).row
    moment = min(max(opened + timedelta(days=3 + n), row.began_at + timedelta(hours=3)), house.at - timedelta(hours=1))
    if not people.may_send_cv_to(person_key=row.person_key, organisation=organisation):
        return None
    actions.note_agreement(
        person=row.person_key, organisation=organisation, job=row.job_key, how="on the phone", agreed_at=moment,
        viewer=house.leader, at=moment,
    )  # fmt: skip
    sent = actions.submit(
        application=application,
        submitting=Submitting(
            contact=manager, headline=f"{row.person}, {row.job}"[:160], profile=PROFILE, anonymous=False,
            subject=row.job, words="Has done this before, and wants to do it again.", by_hand="their portal",
        ),
        viewer=viewer, at=moment,
    )  # fmt: skip
    if not isinstance(sent, UUID):
        return None
    said = moment + timedelta(days=2)
    if n == 2 and said < house.at:
        actions.note_feedback(
            submission=sent, feedback=Feedback.NO, words="Has not led people yet.", how="on the phone", said_at=said,
            viewer=viewer, at=said,
        )  # fmt: skip
        return None
    if n in {0, 3} and said < house.at:
        actions.note_feedback(
            submission=sent, feedback=Feedback.INTERVIEW, words="", how="by mail", said_at=said, viewer=viewer, at=said
        )
    return moment


def _meet(house: _House, application: UUID, day: datetime, viewer: Viewer, *, over: bool) -> None:
    starts = datetime.combine(day.date(), time(10), tzinfo=day.tzinfo)
    past = starts < house.at - timedelta(hours=2)
    plan = InterviewPlan(
        kind=MeetingKind.VIDEO, starts_at=starts, minutes=45, zone="Europe/London", place="A link in the invitation",
        with_people="the hiring manager",
    )  # fmt: skip
    made = actions.arrange_interview(
        application=application, plan=plan, viewer=viewer, at=min(starts - timedelta(days=2), house.at)
    )
    if past and over:
        came = MeetingState.NO_SHOW if house.draw.random() < 0.12 else MeetingState.ATTENDED
        actions.note_turn_up(key=made.key, state=came, viewer=viewer, at=starts + timedelta(hours=2))


def _offer(house: _House, application: UUID, sent: datetime, brief: Brief, viewer: Viewer) -> None:
    met = sent + timedelta(days=4)
    if met >= house.at:
        return
    _meet(house, application, met, viewer, over=True)
    offered = min(met + timedelta(days=4), house.at - timedelta(hours=1))
    unit = 100_000 if brief.kind is JobKind.PERMANENT else 100
    per = PayPer.YEAR if brief.kind is JobKind.PERMANENT else PayPer.DAY
    start: date = offered.date() + timedelta(days=30 if brief.kind is JobKind.PERMANENT else 7)
    offer = actions.make_offer(
        application=application,
        offer=OfferChange(
            made_on=offered.date(), pay_minor=brief.pay[1] * unit, currency="GBP", per=per, start_on=start
        ),
        viewer=viewer, at=offered,
    )  # fmt: skip
    if not brief.placed:
        return
    actions.accept_offer(key=offer, answered_on=offered.date(), start_on=start, viewer=viewer, at=offered)
    assignment = None
    if brief.kind is not JobKind.PERMANENT:
        assignment = AssignmentChange(
            starts_on=start, ends_on=house.at.date() + timedelta(days=28), unit=per, units_a_week_hundredths=500,
            pay_minor=brief.pay[1] * unit, charge_minor=round(brief.pay[1] * unit * 1.22), paid_via=PaidVia.UMBRELLA,
        )  # fmt: skip
    placement = actions.make_placement(
        offer=offer,
        placement=NewPlacement(
            accepted_on=offered.date(), start_on=start, pay_minor=brief.pay[1] * unit, currency="GBP", per=per,
            assignment=assignment,
        ),
        viewer=viewer, at=offered,
    )  # fmt: skip
    if start <= house.at.date():
        moment = datetime.combine(start, time(9), tzinfo=house.at.tzinfo)
        actions.start_placement(key=placement, started_on=start, viewer=viewer, at=max(moment, offered))
        _look_back(house, viewer)


def _look_back(house: _House, viewer: Viewer) -> None:
    """What was planned for days gone by was done."""
    board = work.board(viewer, whose=Whose.MINE, at=house.at)
    for group in board.groups:
        for task in group.rows if group.when is When.OVERDUE else ():
            work_actions.do_task(key=task.key, viewer=viewer, at=house.at)


def _close(house: _House, job: UUID, status: JobStatus, viewer: Viewer) -> None:
    """A job that ended: everybody was told, on the phone."""
    text = {one.slug: one.key for one in queries.answer_texts()}
    ended, slug = (
        (Ended.NOT_SUBMITTED, "other-experience") if status is JobStatus.FILLED else (Ended.JOB_CLOSED, "job-ended")
    )
    for row in queries.applications(house.leader, job=job).rows:
        if row.stage not in HIRED:
            actions.end_application(key=row.key, ended=ended, why="the place is taken", viewer=viewer, at=house.at)
    for row in queries.applications(house.leader, job=job, ended="yes", waiting=True).rows:
        actions.note_answered(application=row.key, text=text[slug], how="phone", viewer=viewer, at=house.at)
    reason = CloseReason.CANCELLED if status is JobStatus.CLOSED else None
    why = "The budget went." if status is JobStatus.CLOSED else "Placed."
    actions.set_status(key=job, status=status, reason=reason, why=why, viewer=viewer, at=house.at)
