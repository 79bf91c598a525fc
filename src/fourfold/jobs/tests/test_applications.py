"""One person's progress on one job: who sees it, how it moves, what the ledger hears, who waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from fourfold.accounts.types import Role
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.jobs import actions, models, panels, queries
from fourfold.jobs.tests import factories as make
from fourfold.jobs.tests.factories import employ
from fourfold.jobs.types import ApplicationRefused, Ended, NewApplication, Origin, Stage
from fourfold.ledger import queries as ledger
from fourfold.people import actions as people_actions

NOON = make.NOON
DAY = timedelta(days=1)


def test_the_same_human_on_the_same_job_is_one_application(db: None) -> None:
    tom = make.colleague()
    job, jane = make.a_job(tom), make.a_person()
    first = make.an_application(job, jane)
    again = actions.begin_application(
        application=NewApplication(job=job, person_key=jane, origin=Origin.BOARD, board="Reed", words="Hello"),
        by=tom.actor(), at=NOON + DAY,
    )  # fmt: skip
    assert (again.key, again.new) == (first, False)
    row = models.Application.objects.get()
    assert (row.board, row.words, row.origin, row.owed_since) == ("Reed", "Hello", Origin.APPLIED, NOON)
    assert [one.action for one in ledger.timeline(jane).rows] == ["applied"]


def test_a_merged_record_is_the_same_human(db: None) -> None:
    lena = make.leader()
    job, jane, double = make.a_job(lena), make.a_person("Jane Moor"), make.a_person("Jane Moor")
    first = make.an_application(job, double)
    people_actions.merge_people(person_key=double, into_key=jane, viewer=lena, at=NOON)
    assert make.an_application(job, jane) == first
    assert [one.key for one in queries.applications_of_person(lena, jane)] == [first]


def test_whoever_comes_back_to_a_job_that_said_no_is_open_again(db: None) -> None:
    tom = make.colleague()
    job, jane = make.a_job(tom), make.a_person()
    key = make.an_application(job, jane)
    actions.end_application(key=key, ended=Ended.WITHDREW, why="took another", viewer=tom, at=NOON)
    make.an_application(job, jane, at=NOON + DAY)
    page = queries.application(tom, key)
    assert page.row.ended is None
    assert [(one.stage, one.ended) for one in page.history] == [
        (Stage.APPLIED, None), (Stage.APPLIED, Ended.WITHDREW), (Stage.APPLIED, None),
    ]  # fmt: skip


def test_a_step_is_kept_and_can_be_taken_back(db: None) -> None:
    tom = make.colleague()
    key = make.an_application(make.a_job(tom), origin=Origin.SOURCED)
    before = actions.move_application(key=key, to="interested", viewer=tom, at=NOON + DAY)
    row = queries.application(tom, key).row
    assert (before, row.stage, row.owed_since) == ("sourced", Stage.INTERESTED, NOON + DAY)
    actions.move_application(key=key, to=before, viewer=tom, at=NOON + DAY)
    page = queries.application(tom, key)
    assert (page.row.stage, page.row.owed_since) == (Stage.SOURCED, None)
    assert [one.step for one in page.history] == ["Sourced", "Interested", "Sourced"]


@pytest.mark.parametrize("to", ["submitted", "offer", "placed", "started", "no-such-stage"])
def test_what_leaves_a_proof_is_not_reached_by_dragging(db: None, to: str) -> None:
    tom = make.colleague()
    key = make.an_application(make.a_job(tom))
    with pytest.raises(ApplicationRefused):
        actions.move_application(key=key, to=to, viewer=tom, at=NOON)
    assert models.StageMove.objects.count() == 1


def test_steps_are_never_changed_or_taken_away(db: None) -> None:
    make.an_application(make.a_job(make.colleague()))
    for statement in make.tampering("jobs_stagemove", "to_step"):
        with pytest.raises(DatabaseError, match="never"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    models.StageMove.objects.update(why="")  # words can be blanked, for an erasure


def test_an_end_has_a_reason_and_may_leave_somebody_waiting(db: None) -> None:
    tom = make.colleague()
    job = make.a_job(tom)
    applied, sourced = make.an_application(job), make.an_application(job, origin=Origin.SOURCED)
    with pytest.raises(ApplicationRefused, match="says why"):
        actions.end_application(key=applied, ended=Ended.NOT_SUBMITTED, why=" ", viewer=tom, at=NOON)
    for key in (applied, sourced):
        actions.end_application(key=key, ended=Ended.NOT_SUBMITTED, why="no Python", viewer=tom, at=NOON + DAY)
    assert queries.application(tom, applied).row.owed_since == NOON
    assert queries.application(tom, sourced).row.owed_since is None
    with pytest.raises(ApplicationRefused, match="ended before"):
        actions.end_application(key=applied, ended=Ended.WITHDREW, why="x", viewer=tom, at=NOON)
    actions.reopen_application(key=applied, viewer=tom, at=NOON + DAY)
    assert queries.application(tom, applied).row.ended is None


def _hidden(job: Any, lena: Any) -> Any:
    """Somebody who works for a client: what they look for is not for every eye."""
    employer = make.a_client("Employer")
    make.a_job(lena, organisation=employer)  # it gave a job, so it is a client
    jane = make.a_person("Jane Moor")
    employ(jane, employer)
    return make.an_application(job, jane), jane


def test_a_clients_employee_on_a_job_shows_to_their_owner_and_leaders_only(db: None) -> None:
    lena, tom = make.leader(), make.colleague()
    job = make.a_job(tom)
    key, jane = _hidden(job, lena)
    seen = make.an_application(job)
    assert [one.key for one in queries.applications(tom, job=job).rows] == [seen]
    board = queries.board(tom, job)
    assert [row.key for column in board.columns for row in column.rows] == [seen]
    assert board.hidden == 1
    assert queries.job_card(tom, job).people == 1
    assert queries.applications_of_person(tom, jane) == ()
    assert panels.jobs_of_person(jane, tom, NOON) is None
    for refused in (
        lambda: queries.application(tom, key),
        lambda: actions.move_application(key=key, to="interested", viewer=tom, at=NOON),
        lambda: actions.end_application(key=key, ended=Ended.WITHDREW, why="x", viewer=tom, at=NOON),
    ):
        with pytest.raises(NotFound):
            refused()
    assert {one.key for one in queries.applications(lena, job=job).rows} == {key, seen}


def test_who_may_not(db: None) -> None:
    tom, maya = make.colleague(), make.colleague(Role.MARKETER, name="Maya Osei")
    job = make.a_job(tom)
    key = make.an_application(job)
    nobody = replace(maya, roles=frozenset())
    assert queries.application(maya, key).row.key == key
    for refused in (
        lambda: actions.move_application(key=key, to="interested", viewer=maya, at=NOON),
        lambda: actions.add_people(job=job, person_keys=[make.a_person()], origin=Origin.SOURCED, viewer=maya, at=NOON),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert queries.applications(nobody).rows == ()
    with pytest.raises(NotFound):
        queries.application(nobody, key)


def test_lists_are_paged_by_key_and_broken_pages_are_not_found(db: None) -> None:
    tom = make.colleague()
    job = make.a_job(tom)
    keys = [make.an_application(job, at=NOON + timedelta(minutes=n // 2)) for n in range(53)]
    first = queries.applications(tom, job=job)
    assert (len(first.rows), first.count) == (50, 53)
    rest = queries.applications(tom, job=job, cursor=first.older)
    assert {one.key for one in (*first.rows, *rest.rows)} == set(keys)
    assert rest.older is None
    for broken in ("x", "2026-01-01~zz", "2026-01-01T00:00:00~" + str(job)):
        with pytest.raises(NotFound):
            queries.applications(tom, cursor=broken)


def test_a_page_of_a_board_costs_the_same_however_many(db: None, django_assert_max_num_queries: Any) -> None:
    tom = make.colleague()
    job = make.a_job(tom)
    for _ in range(8):
        make.an_application(job)
    with django_assert_max_num_queries(13):
        queries.board(tom, job)
    with django_assert_max_num_queries(11):
        queries.applications(tom, job=job)


def test_erasing_blanks_words_and_keeps_counts(db: None) -> None:
    tom = make.colleague()
    job, jane = make.a_job(tom), make.a_person()
    key = make.an_application(job, jane, words="I live at 12 Harbour Street")
    actions.end_application(key=key, ended=Ended.WITHDREW, why="ill", viewer=tom, at=NOON)
    held = panels.export_step(person_keys=[jane])
    assert held["applications"][0]["words"] == "I live at 12 Harbour Street"
    assert [one["why"] for one in held["applications"][0]["steps"]] == ["", "ill"]
    panels.erase_step(person_keys=[jane])
    row = models.Application.objects.get()
    assert (row.words, row.ended, row.ended_why) == ("", Ended.WITHDREW, "")
    assert list(models.StageMove.objects.values_list("why", flat=True)) == ["", ""]


def test_the_closure_rate_counts_those_who_came_themselves(db: None) -> None:
    tom = make.colleague()
    job = make.a_job(tom)
    text = queries.answer_texts(for_seen=False)[0].key
    answered, _waits, withdrew, _young = (make.an_application(job, at=NOON + DAY * n) for n in (0, 0, 1, 20))
    make.an_application(job, origin=Origin.SOURCED)
    actions.note_answered(application=answered, text=text, how="phone", viewer=tom, at=NOON + DAY)
    actions.end_application(key=withdrew, ended=Ended.WITHDREW, why="x", viewer=tom, at=NOON + DAY)
    assert queries.closure_rate(since=NOON.date(), before=NOON + DAY * 10) == (2, 3)
