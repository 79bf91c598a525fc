"""Jobs: opened, graded, changed, advertised on somebody's word, never closed over people who wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from fourfold.accounts.types import Role
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.jobs import actions, models, queries
from fourfold.jobs.actions import Hirer, NewAdvert
from fourfold.jobs.tests import factories as make
from fourfold.jobs.types import (
    Calibre,
    CloseReason,
    Ended,
    Engaged,
    Gained,
    HiringRole,
    JobChange,
    JobKind,
    JobRefused,
    JobStatus,
    Market,
    MarketRefused,
    Need,
    PayCheck,
    PayVerdict,
    Wanted,
)
from fourfold.ledger import queries as ledger
from fourfold.people import actions as people_actions
from fourfold.people import queries as people
from fourfold.people.types import ClientStage, JobLeadState, NewJobLead, PersonRole

NOON = make.NOON


def test_a_lead_becomes_a_job_and_its_organisation_a_client(db: None) -> None:
    tom = make.colleague()
    client = make.a_client()
    manager = make.a_person("Ada Reed", roles=(PersonRole.CLIENT_CONTACT,))
    lead = people_actions.note_job_lead(
        lead=NewJobLead(title="Two engineers", organisation=client), viewer=tom, at=NOON
    )
    key = actions.open_job(
        to=JobChange(title="Engineer", organisation=client, kind=JobKind.PERMANENT), lead=lead,
        hiring_manager=manager, viewer=tom, at=NOON,
    )  # fmt: skip
    page = queries.job(tom, key, at=NOON)
    assert (page.card.reference, page.card.slug, page.card.status) == ("J00001", "engineer-j00001", JobStatus.OPEN)
    assert [(one.role, one.name) for one in page.hiring] == [
        (HiringRole.CONSULTANT, tom.name), (HiringRole.HIRING_MANAGER, "Ada Reed"),
    ]  # fmt: skip
    assert [one.status for one in page.statuses] == [JobStatus.OPEN]
    assert people.job_leads(tom, state=JobLeadState.BECAME_JOB)[0].key == lead
    organisation = people.organisation(tom, client, at=NOON)
    assert (organisation.row.stage, organisation.row.is_client) == (ClientStage.FIRST_JOB, True)
    assert list(ledger.organisation_days([client])[client]) == ["client"]
    again = make.a_job(tom, organisation=client)
    assert people.organisation(tom, client, at=NOON).row.stage == ClientStage.REPEAT
    assert len(ledger.organisation_days([client])[client]["client"]) == 1  # won once
    assert queries.job_card(tom, again).reference == "J00002"


def test_a_draft_wins_no_client_until_it_is_opened(db: None) -> None:
    tom = make.colleague()
    client = make.a_client()
    to = JobChange(title="Engineer", organisation=client, kind=JobKind.PERMANENT)
    key = actions.open_job(to=to, viewer=tom, at=NOON, draft=True)
    assert not people.organisation(tom, client, at=NOON).row.is_client
    actions.set_status(key=key, status=JobStatus.OPEN, why="", viewer=tom, at=NOON)
    assert people.organisation(tom, client, at=NOON).row.is_client
    with pytest.raises(JobRefused, match="no draft again"):
        actions.set_status(key=key, status=JobStatus.DRAFT, why="", viewer=tom, at=NOON)


def test_a_new_client_is_told_by_name(db: None) -> None:
    tom = make.colleague()
    to = JobChange(title="Engineer", organisation=None, kind=JobKind.PERMANENT)
    first = actions.open_job(to=to, client="Quay Ltd", viewer=tom, at=NOON)
    second = actions.open_job(to=to, client="quay ltd", viewer=tom, at=NOON)
    names = [queries.job_card(tom, key).organisation for key in (first, second)]
    assert names == ["Quay Ltd", "Quay Ltd"]
    with pytest.raises(JobRefused, match="who hires"):
        actions.open_job(to=to, viewer=tom, at=NOON)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"title": "  "}, "needs a title"),
        ({"openings": 0}, "at least one opening"),
        ({"pay_from_minor": 2, "pay_to_minor": 1}, "begins above"),
        ({"engaged": Engaged.EXCLUSIVE}, "until when"),
        ({"engaged": Engaged.RETAINED}, "paid in stages"),
        ({"gains": (Gained("Free lunch"),)}, "Nothing stands behind"),
    ],
)
def test_a_job_that_says_nonsense_is_refused_whole(db: None, changes: dict[str, object], why: str) -> None:
    tom = make.colleague()
    with pytest.raises(JobRefused, match=why):
        make.a_job(tom, **changes)
    assert not models.Job.objects.exists()


def test_a_change_replaces_what_the_job_says_and_its_grade_follows(db: None) -> None:
    tom = make.colleague()
    client = make.a_client()
    key = make.a_job(tom, organisation=client, wanted=(Wanted(Need.MUST, "Python"), Wanted(Need.WISH, "Go")))
    assert queries.job_card(tom, key).grade == "C"
    before = queries.job(tom, key, at=NOON).change
    to = replace(
        before, wanted=(Wanted(Need.MUST, "Rust"),), manager_met_on=date(2026, 3, 2), slots_booked=True,
        gains=(Gained("One day a week for open source", evidence="their policy"),),
    )  # fmt: skip
    actions.change_job(key=key, to=to, viewer=tom, at=NOON)
    assert queries.job(tom, key, at=NOON).change == to
    assert queries.job_card(tom, key).grade == "B"
    make.accepted_terms(tom, client)
    actions.change_job(key=key, to=replace(to, pay_is_real=True), viewer=tom, at=NOON)
    assert queries.job_card(tom, key).grade == "A"
    with pytest.raises(JobRefused, match="stays with its organisation"):
        actions.change_job(key=key, to=replace(to, organisation=make.a_client()), viewer=tom, at=NOON)


def test_grades_follow_terms_without_anybody_changing_the_job(db: None) -> None:
    tom = make.colleague()
    client = make.a_client()
    key = make.a_job(tom, organisation=client, slots_booked=True)
    assert (queries.job_card(tom, key).grade, actions.settle_grades(at=NOON)) == ("C", 0)
    make.accepted_terms(tom, client)
    assert (actions.settle_grades(at=NOON), queries.job_card(tom, key).grade) == (1, "B")


def test_a_job_with_people_waiting_cannot_be_closed_by_accident(db: None) -> None:
    tom = make.colleague()
    key = make.a_job(tom)
    applied = make.an_application(key)
    for status in (JobStatus.CLOSED, JobStatus.FILLED):
        with pytest.raises(JobRefused, match="1 person waits"):
            actions.set_status(key=key, status=status, reason=CloseReason.CANCELLED, why="", viewer=tom, at=NOON)
    actions.set_status(key=key, status=JobStatus.ON_HOLD, why="holidays", viewer=tom, at=NOON)
    actions.end_application(key=applied, ended=Ended.WITHDREW, why="took another", viewer=tom, at=NOON)
    with pytest.raises(JobRefused, match="why it ended"):
        actions.set_status(key=key, status=JobStatus.CLOSED, why="", viewer=tom, at=NOON)
    actions.set_status(key=key, status=JobStatus.CLOSED, reason=CloseReason.BUDGET, why="froze", viewer=tom, at=NOON)
    page = queries.job(tom, key, at=NOON)
    assert [(one.status, one.why) for one in page.statuses] == [
        (JobStatus.OPEN, ""), (JobStatus.ON_HOLD, "holidays"), (JobStatus.CLOSED, "froze"),
    ]  # fmt: skip
    assert page.close_reason == CloseReason.BUDGET


def test_no_advert_without_the_hirers_word(db: None) -> None:
    tom = make.colleague()
    key = make.a_job(tom)
    advert = NewAdvert(board="Reed", posted_on=date(2026, 3, 3), currency="GBP", reference="R1", cost_minor=30_000)
    with pytest.raises(JobRefused, match="allowed us"):
        actions.note_advert(job=key, advert=advert, viewer=tom, at=NOON)
    assert not models.Advert.objects.exists()
    manager = make.a_person("Ada Reed")
    actions.note_authority(job=key, by_person=manager, how="by mail", viewer=tom, at=NOON)
    posted = actions.note_advert(job=key, advert=advert, viewer=tom, at=NOON)
    first, _second = (make.an_application(key, advert=posted) for _ in range(2))
    models.Application.objects.filter(pk=first).update(submitted_at=NOON)
    [row] = queries.job(tom, key, at=NOON).adverts
    assert (row.applicants, row.submissions, row.cost_each_minor) == (2, 1, 30_000)
    actions.take_down_advert(job=key, key=posted, viewer=tom, at=NOON)
    assert queries.job(tom, key, at=NOON).adverts[0].taken_down_on == NOON.date()


def test_the_hiring_team_has_two_sides(db: None) -> None:
    tom = make.colleague()
    key = make.a_job(tom)
    ada = make.a_person("Ada Reed")
    with pytest.raises(JobRefused, match="other side"):
        actions.add_hirer(job=key, hirer=Hirer(role=HiringRole.HR, user_key=tom.user_key), viewer=tom, at=NOON)
    with pytest.raises(JobRefused, match="work here"):
        actions.add_hirer(job=key, hirer=Hirer(role=HiringRole.RESOURCER, user_key=uuid4()), viewer=tom, at=NOON)
    actions.add_hirer(job=key, hirer=Hirer(role=HiringRole.HR, person_key=ada), viewer=tom, at=NOON)
    rows = queries.job(tom, key, at=NOON).hiring
    assert [one.role for one in rows] == [HiringRole.CONSULTANT, HiringRole.HR]
    actions.remove_hirer(job=key, key=rows[1].key, viewer=tom, at=NOON)
    assert len(queries.job(tom, key, at=NOON).hiring) == 1


def test_the_pay_check_reads_our_own_jobs_then_the_desk_then_says_how_many_are_missing(db: None) -> None:
    tom = make.colleague()

    def job(title: str, pay: int, desk: str = "") -> UUID:
        return make.a_job(tom, title=title, pay_to_minor=pay, desk=desk, calibre=Calibre.TOP_QUARTER)

    asked = job("Data engineer", 56_000_00, "data")
    assert queries.pay_check(tom, asked, at=NOON) == MarketRefused(0, 5, "jobs called “Data engineer”")
    for pay in (50_000_00, 55_000_00, 60_000_00, 65_000_00):
        job("Data scientist", pay, "data")
    found = queries.pay_check(tom, asked, at=NOON)
    assert isinstance(found, MarketRefused)
    assert (found.have, found.need) == (4, 5)
    job("Analyst", 70_000_00, "data")
    found = queries.pay_check(tom, asked, at=NOON)
    assert isinstance(found, PayCheck)
    assert found.market == Market(55_000_00, 60_000_00, 65_000_00, n=5, source="jobs of the same desk")
    assert (found.verdict, found.of_median) == (PayVerdict.LOW, 0.93)
    later = NOON + timedelta(days=800)
    assert isinstance(queries.pay_check(tom, asked, at=later), MarketRefused)  # two years, no more
    assert queries.pay_check(tom, make.a_job(tom, title="No pay said"), at=NOON) is None


def test_who_may_not(db: None) -> None:
    tom, maya = make.colleague(), make.colleague(Role.MARKETER, name="Maya Osei")
    key = make.a_job(tom)
    nobody = replace(maya, roles=frozenset())
    assert queries.job_card(maya, key).title == "Platform engineer"  # the house is open
    for refused in (
        lambda: make.a_job(maya),
        lambda: actions.set_status(key=key, status=JobStatus.ON_HOLD, why="", viewer=maya, at=NOON),
        lambda: actions.note_authority(job=key, by_person=uuid4(), how="x", viewer=maya, at=NOON),
    ):
        with pytest.raises(NotAllowed):
            refused()
    with pytest.raises(NotFound):
        queries.job_card(nobody, key)
    assert queries.jobs(nobody).rows == ()
    assert queries.job_card(tom, key).status == JobStatus.OPEN


def test_lists_go_by_grade_and_cost_the_same_however_many(db: None, django_assert_max_num_queries: object) -> None:
    tom = make.colleague()
    plain = make.a_job(tom, title="Plain")
    good = make.a_job(tom, title="Good", slots_booked=True, manager_met_on=date(2026, 3, 1))
    for _ in range(4):
        make.an_application(good)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        found = queries.jobs(tom)
    assert [(one.key, one.people, one.waiting) for one in found.rows] == [(good, 4, 4), (plain, 0, 0)]
    assert [one.key for one in queries.jobs(tom, text="good").rows] == [good]
    assert queries.jobs(tom, status=JobStatus.CLOSED).rows == ()
