"""A CV goes to a client with a yes, a proof and a clock; and nobody is left without an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.contact import actions as contact
from fourfold.contact import queries as gate
from fourfold.contact.types import (
    Aim,
    Channel,
    Handed,
    HandedState,
    Intent,
    MessageClass,
    MessageRow,
    Refused,
)
from fourfold.evidence.types import SUBMITTED
from fourfold.jobs import actions, models, panels, queries
from fourfold.jobs.actions import AnswerWording, Submitting
from fourfold.jobs.tests import factories as make
from fourfold.jobs.tests.test_intake import claimed
from fourfold.jobs.types import (
    ApplicationRefused,
    Ended,
    Feedback,
    InterviewPlan,
    Item,
    MeetingKind,
    Stage,
    SubmissionRefused,
    SubmissionState,
    Weight,
)
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import OutcomeKind
from fourfold.people import actions as people_actions
from fourfold.people.types import LoggedWish, PersonNotFound, PersonRole, Purpose, WishKind
from fourfold.work import queries as work
from fourfold.work.types import Whose

NOON = make.NOON
DAY = timedelta(days=1)


class Deal:
    """A job of a client with terms, its manager, and somebody who applied."""

    def __init__(self) -> None:
        self.tom = make.colleague()
        self.client = make.a_client()
        make.accepted_terms(self.tom, self.client)
        self.ada = make.a_person("Ada Reed", roles=(PersonRole.CLIENT_CONTACT,))
        self.jane = make.a_person("Jane Moor")
        self.job = make.a_job(self.tom, organisation=self.client, hiring_manager=self.ada)
        self.key = make.an_application(self.job, self.jane)
        self.box = make.mailbox(self.tom)

    def agree(self) -> UUID:
        return actions.note_agreement(
            person=self.jane, organisation=self.client, job=self.job, how="on the phone", agreed_at=NOON,
            viewer=self.tom, at=NOON,
        )  # fmt: skip

    def submitting(self, **changes: Any) -> Submitting:
        given = Submitting(
            contact=self.ada, headline="Platform engineer, Leeds", profile="Eight years of it.", anonymous=False,
            subject="Somebody for you", words="You asked for calm people.", mailbox=self.box,
        )  # fmt: skip
        return replace(given, **changes)

    def submit(self, **changes: Any) -> UUID:
        found = actions.submit(application=self.key, submitting=self.submitting(**changes), viewer=self.tom, at=NOON)
        assert isinstance(found, UUID)
        return found

    def by_hand(self) -> UUID:
        self.agree()
        return self.submit(mailbox=None, by_hand="their portal")

    def stage(self) -> Stage:
        return queries.application(self.tom, self.key).row.stage


@pytest.fixture
def deal(db: None) -> Deal:
    return Deal()


def message(viewer: Viewer) -> MessageRow:
    """The one message of the house."""
    [found] = gate.messages(viewer)
    return found


def test_nothing_goes_without_their_yes_to_this_job(deal: Deal) -> None:
    actions.note_agreement(
        person=deal.jane, organisation=deal.client, job=None, how="once, on spec", agreed_at=NOON, viewer=deal.tom,
        at=NOON,
    )  # fmt: skip
    with pytest.raises(SubmissionRefused, match="not said yes"):
        deal.submit()
    key = deal.agree()
    with pytest.raises(NotFound):
        actions.withdraw_agreement(key=deal.job, viewer=deal.tom, at=NOON)
    actions.withdraw_agreement(key=key, viewer=deal.tom, at=NOON)
    with pytest.raises(NotFound):
        actions.withdraw_agreement(key=key, viewer=deal.tom, at=NOON)
    with pytest.raises(SubmissionRefused, match="not said yes"):
        deal.submit()
    assert (models.Submission.objects.count(), models.Profile.objects.count(), deal.stage()) == (0, 0, Stage.APPLIED)
    with pytest.raises(SubmissionRefused, match="to come"):
        actions.note_agreement(
            person=deal.jane, organisation=deal.client, job=deal.job, how="x", agreed_at=NOON + DAY, viewer=deal.tom,
            at=NOON,
        )  # fmt: skip


def test_never_to_the_own_employer_nor_where_they_said_no(deal: Deal) -> None:
    deal.agree()
    people_actions.keep_cv_from(
        person_key=deal.jane, organisation="Elsewhere Ltd", reason="a feud", viewer=deal.tom, at=NOON
    )
    rows, agreement = queries.checked(deal.jane, deal.client, deal.job, at=NOON)
    assert agreement is not None
    assert {one.weight for one in rows} == {Weight.GOOD}
    make.employ(deal.jane, deal.client)
    rows, _agreement = queries.checked(deal.jane, deal.client, deal.job, at=NOON)
    assert [one.item for one in rows if one.weight is Weight.STOPS] == [Item.NOT_EMPLOYER]
    with pytest.raises(NotFound):  # and now only their owner and leaders see that they look
        deal.submit()
    with pytest.raises(SubmissionRefused, match="own employer"):
        actions.submit(application=deal.key, submitting=deal.submitting(), viewer=make.leader(), at=NOON)


def test_by_hand_the_introduction_is_proved_at_once(deal: Deal) -> None:
    deal.by_hand()
    [row] = queries.introductions(deal.tom, deal.jane)
    assert (row.introduced_at, row.contact, row.how, row.terms) == (NOON, "Ada Reed", "their portal", "accepted")
    profile = models.Profile.objects.get()
    assert (row.profile_version, row.profile_hash) == (1, profile.text_hash)
    assert deal.stage() is Stage.SUBMITTED
    [line] = queries.submissions(deal.tom, application=deal.key)
    assert line.feedback_due_at == NOON + 2 * DAY  # Thursday
    assert SUBMITTED in {one.action for one in ledger.timeline(deal.jane).rows}
    assert ledger.people_with_outcome({deal.jane}, kind=OutcomeKind.CANDIDATE) == {deal.jane}


def test_by_mail_it_is_proved_when_the_mail_has_left(deal: Deal) -> None:
    deal.agree()
    key = deal.submit()
    assert [one.message_class for one in gate.went_to(deal.tom, deal.ada)] == [MessageClass.WORKING]
    assert "Eight years of it." in message(deal.tom).text
    assert (queries.submission(deal.tom, key).state, models.Introduction.objects.count()) == (SubmissionState.DRAFT, 0)
    assert actions.settle_submissions(at=NOON) == 0
    left = NOON + timedelta(minutes=3)
    [claimed] = contact.claim(mailbox=deal.box, worker="w", most=9, at=left)
    assert claimed.person_key == deal.ada
    contact.handing_over(keys=[claimed.key], worker="w", at=left)
    contact.finish(results=[Handed(claimed.key, HandedState.DELIVERED)], worker="w", at=left)
    assert (actions.settle_submissions(at=NOON + DAY), actions.settle_submissions(at=NOON + DAY)) == (1, 0)
    proof = models.Introduction.objects.get()
    assert (proof.introduced_at, proof.recorded_at, proof.how) == (left, NOON + DAY, "mail")
    assert queries.application(deal.tom, deal.key).row.submitted_at == left


def test_a_mail_that_never_leaves_proves_nothing(deal: Deal) -> None:
    deal.agree()
    key = deal.submit()
    contact.stop_message(key=message(deal.tom).key, by=deal.tom.actor(), at=NOON)
    actions.settle_submissions(at=NOON + DAY)
    assert queries.submission(deal.tom, key).state is SubmissionState.FAILED
    assert not models.Introduction.objects.exists()
    assert deal.stage() is Stage.APPLIED
    assert queries.application(deal.tom, deal.key).history[-1].why == "The mail with their CV did not leave."


def test_an_application_stays_where_it_is_while_another_cv_of_theirs_is_out(deal: Deal) -> None:
    deal.by_hand()
    deal.submit()
    contact.stop_message(key=message(deal.tom).key, by=deal.tom.actor(), at=NOON)
    assert actions.settle_submissions(at=NOON + DAY) == 1
    assert deal.stage() is Stage.SUBMITTED


def test_whose_candidate_side_is_closed_is_nobodys_to_agree_for(deal: Deal) -> None:
    key = deal.agree()
    other = make.colleague()
    owners = {PersonRole.CANDIDATE: deal.tom.user_key}
    people_actions.set_roles(person_key=deal.jane, owners=owners, viewer=make.leader(), at=NOON)
    make.employ(deal.jane, deal.client)
    for deed in (
        lambda: actions.withdraw_agreement(key=key, viewer=other, at=NOON),
        lambda: actions.note_agreement(
            person=deal.jane, organisation=deal.client, job=deal.job, how="x", agreed_at=NOON, viewer=other, at=NOON
        ),
    ):
        with pytest.raises(PersonNotFound):
            deed()
    assert models.Agreement.objects.get().withdrawn_at is None


def test_the_gate_refuses_and_nothing_of_it_stays(deal: Deal) -> None:
    deal.agree()
    wish = LoggedWish(kind=WishKind.OBJECTED, said_at=NOON, how="by mail", purpose=Purpose.ALL)
    people_actions.log_wish(person_key=deal.ada, wish=wish, viewer=deal.tom, today=NOON.date(), at=NOON)
    found = actions.submit(application=deal.key, submitting=deal.submitting(), viewer=deal.tom, at=NOON)
    assert isinstance(found, Refused)
    assert (models.Submission.objects.count(), models.Profile.objects.count(), deal.stage()) == (0, 0, Stage.APPLIED)
    assert gate.messages(deal.tom) == ()


def test_an_introduction_is_never_changed(deal: Deal) -> None:
    deal.by_hand()
    for statement in make.tampering("jobs_introduction", "how"):
        with pytest.raises(DatabaseError, match="never"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    panels.erase_step(person_keys=[deal.jane])
    assert models.Introduction.objects.count() == 1
    assert models.Profile.objects.get().text == ""
    assert models.Submission.objects.get().person_key == deal.jane


def test_erasing_a_candidate_blanks_what_clients_were_sent(deal: Deal) -> None:
    deal.agree()
    deal.submit()
    panels.erase_step(person_keys=[deal.jane])
    assert message(deal.tom).text == ""
    assert [(one.state, one.reason) for one in gate.went_to(deal.tom, deal.ada)] == [("skipped", "erased")]


def test_on_spec_one_contact_at_a_time(deal: Deal) -> None:
    tom = deal.tom
    with pytest.raises(SubmissionRefused, match="not said yes"):
        actions.submit_on_spec(
            person=deal.jane, organisation=deal.client, submitting=deal.submitting(), viewer=tom, at=NOON
        )
    actions.note_agreement(
        person=deal.jane, organisation=deal.client, job=None, how="phone", agreed_at=NOON, viewer=tom, at=NOON
    )
    found = actions.submit_on_spec(
        person=deal.jane, organisation=deal.client, submitting=deal.submitting(mailbox=None, by_hand="call"),
        viewer=tom, at=NOON,
    )  # fmt: skip
    assert isinstance(found, UUID)
    [row] = queries.submissions(tom, organisation=deal.client)
    assert (row.job, row.application_key) == ("", None)
    assert deal.stage() is Stage.APPLIED


def test_a_no_of_the_client_ends_it_and_the_person_is_owed_their_reason(deal: Deal) -> None:
    key = deal.by_hand()

    def said(feedback: Feedback, words: str) -> None:
        actions.note_feedback(
            submission=key, feedback=feedback, words=words, how="phone", said_at=NOON + DAY, viewer=deal.tom,
            at=NOON + DAY,
        )  # fmt: skip

    with pytest.raises(SubmissionRefused, match="A no has a reason"):
        said(Feedback.NO, " ")
    said(Feedback.NO, "Too senior")
    page = queries.application(deal.tom, deal.key)
    assert (page.row.ended, page.ended_why, page.row.owed_since) == (Ended.CLIENT_SAID_NO, "Too senior", NOON)
    response = queries.response_time(deal.client, at=NOON + DAY)
    assert (response.median_days, response.n, response.open, response.late) == (1.0, 1, 0, 0)


def test_clients_owe_answers_too(deal: Deal) -> None:
    key = deal.by_hand()
    late = NOON + 3 * DAY
    assert queries.owed_by_clients(deal.tom, at=NOON + DAY) == ()
    assert [one.key for one in queries.owed_by_clients(deal.tom, at=late)] == [key]
    group = panels.clients_owe(deal.tom, late)
    assert group is not None
    assert (group.count, group.entries[0].action_label) == (1, "Chase")
    assert queries.owed_by_clients(make.colleague(name="Other One"), at=late) == ()
    found = actions.chase(
        submission=key, subject="What do you think?", words="Hello Ada", mailbox=deal.box, viewer=deal.tom, at=late
    )
    assert not isinstance(found, Refused)
    assert [one.subject for one in gate.went_to(deal.tom, deal.ada)] == ["What do you think?"]
    assert queries.owed_by_clients(deal.tom, at=late) == ()
    assert queries.submission(deal.tom, key).chases == 1


def applicants(deal: Deal, n: int) -> list[UUID]:
    return [make.an_application(deal.job) for _ in range(n)]


def test_many_are_answered_at_once_and_each_once(deal: Deal) -> None:
    keys = applicants(deal, 4)
    text = queries.answer_texts(for_seen=False)[0]
    found = actions.answer_many(
        job=deal.job, applications=keys[:3], text=text.key, mailbox=deal.box, viewer=deal.tom, at=NOON
    )
    assert (found.sent, found.not_reached) == (3, ())
    out = message(deal.tom)
    assert out.subject == "Your application: Platform engineer"
    assert "Hello {{ first_name }}" in out.text
    assert out.progress.total == 3
    rows = {one.key: one for one in queries.applications(deal.tom, job=deal.job, ended="all").rows}
    assert [(rows[key].ended, rows[key].owed_since) for key in keys] == [
        *[(Ended.NOT_SUBMITTED, None)] * 3, (None, NOON),
    ]  # fmt: skip
    with pytest.raises(ApplicationRefused, match="still waits"):  # twice is once
        actions.answer_many(
            job=deal.job, applications=keys[:3], text=text.key, mailbox=deal.box, viewer=deal.tom, at=NOON
        )
    assert models.Answer.objects.count() == 3


def test_whom_no_mail_reaches_goes_on_waiting(deal: Deal) -> None:
    stopped = make.a_person("Sam Stone")
    wish = LoggedWish(kind=WishKind.OBJECTED, said_at=NOON, how="by mail", purpose=Purpose.ALL)
    people_actions.log_wish(person_key=stopped, wish=wish, viewer=deal.tom, today=NOON.date(), at=NOON)
    key = make.an_application(deal.job, stopped)
    text = queries.answer_texts(for_seen=False)[0].key
    found = actions.answer_many(
        job=deal.job, applications=[key, deal.key], text=text, mailbox=deal.box, viewer=deal.tom, at=NOON
    )
    assert (found.sent, found.not_reached) == (1, (key,))
    [left] = queries.waiting(deal.tom, deal.job, at=NOON).unseen
    assert (left.row.key, left.reached) == (key, False)
    actions.note_answered(application=key, text=text, how="phone", viewer=deal.tom, at=NOON)
    assert queries.waiting(deal.tom, deal.job, at=NOON).unseen == ()


def test_nobody_whom_the_client_has_seen_is_answered_in_bulk(deal: Deal) -> None:
    deal.by_hand()
    other = make.an_application(deal.job)
    listed = queries.waiting(deal.tom, deal.job, at=NOON)
    assert ([one.row.key for one in listed.seen], [one.row.key for one in listed.unseen]) == ([deal.key], [other])
    for chosen, seen in (([deal.key, other], False), ([other], True)):
        text = queries.answer_texts(for_seen=seen)[0].key
        with pytest.raises(ApplicationRefused, match="one by one"):
            actions.answer_many(
                job=deal.job, applications=chosen, text=text, mailbox=deal.box, viewer=deal.tom, at=NOON
            )
    assert not models.Answer.objects.exists()


def test_the_client_has_not_told_us_is_an_answer(deal: Deal) -> None:
    deal.by_hand()
    text = next(one for one in queries.answer_texts(for_seen=True) if one.slug == "client-silent")
    row = queries.application(deal.tom, deal.key).row
    words = queries.filled(text.text, deal.tom, row)
    assert words.startswith("Hello Jane,\n\nwe sent your CV to Harbour Systems")
    assert "{" not in words
    found = actions.answer_one(
        application=deal.key, text=text.key, subject="", words=words, mailbox=deal.box, viewer=deal.tom, at=NOON
    )
    assert isinstance(found, UUID)
    page = queries.application(deal.tom, deal.key)
    assert (page.row.ended, page.row.owed_since, page.answered_at) == (Ended.JOB_CLOSED, None, NOON)
    assert gate.went_to(deal.tom, deal.jane)[0].message_class == MessageClass.SERVICE


def test_not_now_keeps_a_day_and_a_promise(deal: Deal) -> None:
    with pytest.raises(ApplicationRefused, match="has passed"):
        actions.promise_later(application=deal.key, on=NOON.date(), words="", viewer=deal.tom, at=NOON)
    on = date(2026, 9, 1)
    actions.promise_later(application=deal.key, on=on, words="after the baby", viewer=deal.tom, at=NOON)
    page = queries.application(deal.tom, deal.key)
    assert (page.row.ended, page.row.owed_since) == (Ended.NOT_NOW, None)
    tasks = work.board(deal.tom, whose=Whose.MINE, at=NOON)
    [task] = [one for group in tasks.groups for one in group.rows]
    assert (task.title, task.due_on) == ("You promised Jane Moor to come back: after the baby", on)
    intent = Intent(person_key=deal.jane, aim=Aim.NEWS, channel=Channel.EMAIL, by=deal.tom.user_key)
    [found] = gate.may_contact([intent], at=NOON)
    assert found.case.not_before == on


def test_an_answer_of_the_house_is_written_anew_and_the_old_one_stays(deal: Deal) -> None:
    lena = make.leader()
    before = queries.answer_texts()[0]
    with pytest.raises(NotAllowed):
        _write(deal.tom, before.slug)
    _write(lena, before.slug)
    now = next(one for one in queries.answer_texts() if one.slug == before.slug)
    assert (now.version, now.reason, now.place) == (2, "Better words", before.place)
    assert models.AnswerText.objects.get(pk=before.key).text == before.text
    with pytest.raises(ApplicationRefused, match="in use"):
        actions.note_answered(application=deal.key, text=before.key, how="phone", viewer=deal.tom, at=NOON)


def _write(viewer: Viewer, slug: str) -> None:
    wording = AnswerWording(reason="Better words", ended=Ended.NOT_SUBMITTED, for_seen=False, subject="s", text="t")
    actions.write_answer_text(slug=slug, wording=wording, viewer=viewer, at=NOON)


def test_who_waits_too_long_is_on_today(deal: Deal) -> None:
    late = NOON + 20 * DAY
    group = panels.people_waiting(deal.tom, late)
    assert group is not None
    assert (group.count, group.entries[0].title) == (1, "Platform engineer")
    assert panels.people_waiting(deal.tom, NOON + DAY) is None
    assert panels.people_waiting(make.colleague(name="Other One"), late) is None


def test_who_may_not(deal: Deal) -> None:
    maya = make.colleague(Role.MARKETER, name="Maya Osei")
    key = deal.by_hand()
    for refused in (
        lambda: actions.submit(application=deal.key, submitting=deal.submitting(), viewer=maya, at=NOON),
        lambda: actions.note_chased(submission=key, viewer=maya, at=NOON),
        lambda: actions.promise_later(application=deal.key, on=date(2027, 1, 1), words="", viewer=maya, at=NOON),
    ):
        with pytest.raises(NotAllowed):
            refused()


@pytest.mark.parametrize("anonymous", [False, True])
def test_an_invitation_names_them_to_a_client_who_knows_their_name(deal: Deal, anonymous: bool) -> None:
    make.employ(deal.ada, deal.client)
    deal.agree()
    deal.submit(mailbox=None, by_hand="their portal", anonymous=anonymous)
    plan = InterviewPlan(
        kind=MeetingKind.PHONE, starts_at=NOON + DAY, minutes=30, zone="Europe/London", tell_client=True
    )
    done = actions.arrange_interview(application=deal.key, plan=plan, viewer=deal.tom, at=NOON)
    assert [(one.name, one.why_not) for one in done.told] == [("Jane Moor", ""), ("Ada Reed", "")]
    [theirs] = [one for one in claimed(deal.box) if one.person_key == deal.ada]
    assert "Ada Reed" in theirs.calendar
    said = f"{theirs.subject} {theirs.text} {theirs.calendar}"
    assert ("Jane Moor" in said) is not anonymous


def test_nobody_is_invited_to_a_time_that_has_passed(deal: Deal) -> None:
    plan = InterviewPlan(kind=MeetingKind.PHONE, starts_at=NOON - DAY, minutes=30, zone="Europe/London")
    done = actions.arrange_interview(application=deal.key, plan=plan, viewer=deal.tom, at=NOON)
    assert done.told == ()
    assert list(gate.messages(deal.tom)) == []
    assert deal.stage() is Stage.INTERVIEW
