"""What is counted of jobs: deals at risk, days between, and that counts and rows agree."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from fourfold.accounts.types import Viewer
from fourfold.jobs import actions, models, queries
from fourfold.jobs.queries.counting import SPECS, DaysBetween
from fourfold.jobs.tests.factories import NOON, a_job, a_person, an_application, colleague, leader
from fourfold.jobs.types import (
    Days,
    Engaged,
    JobKind,
    NewPlacement,
    OfferChange,
    PayPer,
    Stage,
    StageDays,
    Within,
)

pytestmark = pytest.mark.django_db
DAY = NOON.date()


@pytest.fixture
def tom() -> Viewer:
    return colleague()


def risks(viewer: Viewer, at: datetime = NOON) -> list[tuple[str, int, str]]:
    found = queries.at_risk(viewer, Within(owner=viewer.user_key), at=at, today=at.date())
    return [(one.why, one.days, one.more) for one in found]


def placed(tom: Viewer, application: UUID, start: date) -> UUID:
    offer = OfferChange(made_on=DAY, pay_minor=5_000_000, currency="GBP", per=PayPer.YEAR, start_on=start)
    key = actions.make_offer(application=application, offer=offer, viewer=tom, at=NOON)
    actions.accept_offer(key=key, answered_on=DAY, start_on=start, viewer=tom, at=NOON)
    new = NewPlacement(accepted_on=DAY, start_on=start, pay_minor=5_000_000, currency="GBP", per=PayPer.YEAR)
    return actions.make_placement(offer=key, placement=new, viewer=tom, at=NOON)


def test_an_a_job_without_a_word_and_an_exclusive_one_that_runs_out(tom: Viewer) -> None:
    key = a_job(tom, engaged=Engaged.EXCLUSIVE, exclusive_until=DAY + timedelta(days=12))
    assert risks(tom, NOON + timedelta(days=9)) == [("exclusivity", 3, "")]  # a C job may be silent
    models.Job.objects.filter(pk=key).update(grade="A")
    assert risks(tom, NOON + timedelta(days=9)) == [("silent", 9, "never"), ("exclusivity", 3, "")]
    assert risks(tom, NOON + timedelta(days=6)) == [("exclusivity", 6, "")]  # four working days
    assert risks(colleague(), NOON + timedelta(days=9)) == []


def test_a_start_without_papers_a_resignation_nobody_noted_and_a_start_that_passed(tom: Viewer) -> None:
    application = an_application(a_job(tom), a_person())
    start = DAY + timedelta(days=20)
    placed(tom, application, start)
    papers = ", ".join(one.name for one in queries.check_kinds() if one.kind is JobKind.PERMANENT)
    assert papers
    assert risks(tom) == []
    assert risks(tom, NOON + timedelta(days=8)) == [("not_resigned", 8, ""), ("papers", 12, papers)]
    assert risks(tom, NOON + timedelta(days=22)) == [("start_passed", 2, ""), ("papers", -2, papers)]


def test_days_are_whole_days_from_the_earlier_to_the_later(tom: Viewer) -> None:
    application = an_application(a_job(tom), at=NOON)
    rows = models.Application.objects.annotate(days=DaysBetween("began_at", "ended_at")).values_list("days", flat=True)
    for hours, days in ((23, 0), (25, 1), (24 * 10 + 1, 10)):
        models.Application.objects.filter(pk=application).update(ended_at=NOON + timedelta(hours=hours))
        assert list(rows.all()) == [days]
    opened = datetime(2026, 3, 1, 9, tzinfo=UTC)
    models.Job.objects.update(opened_at=opened)
    placed(tom, application, DAY)
    span = Days(date(2026, 3, 1), date(2026, 4, 1), "Europe/London")
    assert queries.days_to_fill(Within(), span) == ((1, 1),)  # from the 1st at nine to the 3rd at midnight
    assert queries.days_to_fill(Within(), Days(date(2026, 4, 1), date(2026, 5, 1), "Europe/London")) == ()


def test_open_ones_are_aged_and_steps_timed(tom: Viewer) -> None:
    job = a_job(tom)
    first, second = an_application(job, at=NOON), an_application(job, at=NOON)
    later = NOON + timedelta(days=3)
    actions.move_application(key=first, to="interview", viewer=tom, at=later)
    span = Days(DAY, DAY + timedelta(days=30), "Europe/London")
    assert queries.days_in_stages(Within(), span) == (StageDays(Stage.APPLIED, 3, 1),)
    ages = queries.open_by_age(Within(), at=NOON + timedelta(days=10))
    assert {(one.stage, one.days, one.n) for one in ages} == {(Stage.APPLIED, 10, 1), (Stage.INTERVIEW, 7, 1)}
    assert second != first


@pytest.mark.parametrize("engagement", ["", "permanent", "retained", "contract"])
def test_every_count_can_be_asked_of_every_engagement(tom: Viewer, engagement: str) -> None:
    within = Within(desks=("it",), owner=tom.user_key, engagement=engagement)
    span = Days(DAY - timedelta(days=30), DAY + timedelta(days=30), "Europe/London")
    placed(tom, an_application(a_job(tom), a_person()), DAY)
    found = {name: queries.counted_rows(tom, name, within, span, on=DAY + timedelta(days=29)) for name in SPECS}
    counts = {name: (page.count, len(page.rows), page.hidden) for name, page in found.items() if page.count}
    mine = {"offers": (1, 1, 0), "offers_accepted": (1, 1, 0), "on_time": (1, 1, 0), "jobs": (1, 1, 0),
            "placements": (1, 1, 0), "time_to_fill": (1, 1, 0), "closure": (1, 1, 0)}  # fmt: skip
    assert counts == (mine if engagement in ("", "permanent") else {})


def test_a_confidential_persons_row_is_counted_and_not_shown(tom: Viewer) -> None:
    secret = a_person("Ada Secret", confidential=True, owner_key=leader().user_key)
    placed(leader(), an_application(a_job(tom), secret), DAY)
    span = Days(DAY, DAY + timedelta(days=1), "Europe/London")
    page, theirs = (queries.counted_rows(who, "placements", Within(), span, on=DAY) for who in (tom, leader()))
    assert (page.count, page.rows, page.hidden) == (1, (), 1)
    assert (theirs.count, [row.person for row in theirs.rows], theirs.hidden) == (1, ["Ada Secret"], 0)


def test_a_cv_waits_for_the_client_until_there_is_an_interview(tom: Viewer) -> None:
    job = a_job(tom)
    application = models.Application.objects.get(pk=an_application(job, a_person()))
    models.Submission.objects.create(
        application=application, job_id=job, person_key=application.person_key,
        organisation_key=application.job.organisation_key, contact_key=a_person("Mina Court"), state="sent",
        terms="none", sent_at=NOON, feedback_due_at=NOON + timedelta(days=2), by="Tom", by_key=tom.user_key,
    )  # fmt: skip
    models.Application.objects.update(stage=Stage.SUBMITTED)
    later, within = NOON + timedelta(days=3), Within(owner=tom.user_key)
    span = Days(DAY, DAY + timedelta(days=7), "Europe/London")

    def owed() -> tuple[int, list[int]]:
        found = queries.week(tom, within, span, at=later, today=later.date())
        return found.cvs[0], [one.late for one in queries.silent_clients(within, at=later)]

    assert owed() == (1, [1])
    assert queries.silent_clients(within, at=NOON) == ()  # not late yet
    models.Application.objects.update(stage=Stage.INTERVIEW)
    assert owed() == (0, [])


def test_a_forecast_rests_on_what_is_open_and_fresh(tom: Viewer) -> None:
    job = a_job(tom, fee_hundredths=2_000, pay_to_minor=5_000_000)
    first, second, third = (an_application(job, a_person()) for _ in range(3))
    models.Application.objects.filter(pk__in=[first, second]).update(stage=Stage.SUBMITTED)
    models.Application.objects.filter(pk=second).update(stage_at=NOON - timedelta(weeks=13))
    today = NOON.date()
    found = queries.pipeline_value(Within(), currency="GBP", horizons=(4, 8, 12), at=NOON, today=today)
    assert [(one.stage, one.n, one.fee_minor) for one in found.open] == [(Stage.SUBMITTED, 1, 1_000_000)]
    assert (found.stale, found.left_out, found.retained, found.typical_fee_minor) == (1, 0, (0, 0), None)
    placed(tom, third, DAY)
    later = queries.pipeline_value(Within(), currency="EUR", horizons=(4, 8, 12), at=NOON, today=today)
    assert (later.open, later.left_out) == ((), 2)
