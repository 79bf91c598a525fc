"""Asking, answering, counting: what each changes, and what it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Role, Viewer
from fourfold.base.actor import COMMAND_LINE, THEMSELVES
from fourfold.base.errors import NotAllowed
from fourfold.contact import actions as contact
from fourfold.contact import queries as contact_queries
from fourfold.contact.types import MessageClass
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import LoggedWish, PersonNotFound, PersonRole, Purpose, WishKind
from fourfold.surveys import actions, models, queries, rules
from fourfold.surveys.tests import factories as make
from fourfold.surveys.tests.factories import HOUR, NOON, READ
from fourfold.surveys.types import (
    AnswerRefused,
    Asked,
    InvitationRefused,
    Moment,
    MomentRule,
    NotAsked,
    Outcome,
    State,
    SurveyClosed,
    TextRefused,
    WhyNot,
)
from fourfold.work import queries as work

pytestmark = pytest.mark.django_db
LATE = "They said yes, then nothing came for three weeks."


def tasks(who: UUID) -> list[dict[str, Any]]:
    return work.held_about(["person", "candidate"], [who])["tasks"]


def mine(viewer: Viewer) -> list[str]:
    return [row.title for row in work.waiting(viewer, at=HOUR + timedelta(days=9), limit=9)[1]]


def states() -> list[tuple[str, str]]:
    return list(models.Invitation.objects.order_by("made_at", "send_at").values_list("state", "reason"))


# ------------------------------------------------------------------------------------------ asking


def test_a_mail_waits_for_its_hour_and_leaves_through_the_gate_as_service(nudges: list[tuple[str, str]]) -> None:
    box, jane, tom = make.mailbox(), make.person(), make.person("Tom Reed")
    found = make.invite(jane)
    assert found == Asked(found.key, HOUR) if isinstance(found, Asked) else False
    make.invite(tom)
    assert not queries.anything_to_do(at=HOUR - timedelta(seconds=1))
    assert actions.send_due(at=HOUR - timedelta(seconds=1)) == 0
    assert queries.anything_to_do(at=HOUR)
    assert actions.send_due(at=HOUR) == 2
    assert actions.send_due(at=HOUR) == 0
    rows = models.Invitation.objects.all()
    assert len({row.message for row in rows}) == 1, "who is asked the same gets the same message"
    assert {(row.state, row.asked_at, row.expires_at) for row in rows} == {(State.ASKED, HOUR, HOUR + rules.ANSWER_FOR)}
    claimed = contact.claim(mailbox=box, worker="w", most=10, at=HOUR)
    assert {one.person_key for one in claimed} == {jane, tom}
    assert {(one.message_class, one.purpose) for one in claimed} == {(MessageClass.SERVICE, Purpose.SURVEY)}
    [template] = {one.template.name for one in claimed if one.template}
    assert template == "Survey, application, version 1"
    assert [
        f"{{{{ score_{n}_url }}}}" in claimed[0].text and f"score_{n}_url" in claimed[0].html for n in range(11)
    ] == ([True] * 11)
    assert dict(claimed[0].template.extra if claimed[0].template else ()) == {"about": "Data engineer at Harbour"}


def test_the_same_is_asked_once_however_often_it_is_called() -> None:
    jane, of = make.person(), uuid4()
    first = make.invite(jane, about_key=of)
    again = make.invite(jane, at=NOON + timedelta(days=200), about_key=of, outcome=Outcome.WITHDREW)
    assert isinstance(first, Asked)
    assert again == Asked(first.key, first.send_at, again=True)
    assert models.Invitation.objects.get().outcome == Outcome.REJECTED


def test_nobody_is_asked_twice_within_the_rest_though_two_records_are_one_human() -> None:
    lena, jane, twin = make.leader(), make.person(), make.person("Jane M")
    people.merge_people(person_key=twin, into_key=jane, viewer=lena, at=NOON)
    assert isinstance(make.invite(jane), Asked)
    assert make.invite(twin, at=NOON + timedelta(days=80), ended_at=NOON + timedelta(days=80)) == NotAsked(
        WhyNot.ASKED_LATELY, until=HOUR + timedelta(days=90)
    )
    later = NOON + timedelta(days=92)
    assert isinstance(make.invite(twin, at=later, ended_at=later), Asked)
    assert models.Invitation.objects.count() == 2


def test_many_are_invited_in_order_each_by_their_own_verdict() -> None:
    lena, jane, stopped = make.leader(), make.person(), make.person("Sol Away")
    wish = LoggedWish(kind=WishKind.OBJECTED, said_at=NOON, how="phone", purpose=Purpose.SURVEY)
    people.log_wish(person_key=stopped, wish=wish, viewer=lena, today=NOON.date(), at=NOON)
    silent = make.person("No Mail", identifiers=())
    wanted = [make.invited(one) for one in (jane, stopped, silent, uuid4(), jane)]
    found = actions.invite_many(invited=wanted, by=COMMAND_LINE, at=NOON)
    assert isinstance(found[0], Asked)
    assert found[1] == NotAsked(WhyNot.GATE, rule="objected")
    assert isinstance(found[2], NotAsked)
    assert found[2].why is WhyNot.GATE
    assert found[3] == NotAsked(WhyNot.UNKNOWN_PERSON)
    assert found[4] == NotAsked(WhyNot.ASKED_LATELY, until=HOUR + timedelta(days=90))
    assert actions.invite(invited=wanted[1], by=COMMAND_LINE, at=NOON) == found[1], "a refusal stands when told again"
    assert sorted(state for state, _ in states()) == [State.REFUSED, State.REFUSED, State.WAITING]


def test_a_moment_that_is_switched_off_asks_nobody_and_drops_who_waits() -> None:
    lena, jane, tom = make.leader(), make.person(), make.person("Tom Reed")
    make.mailbox()
    make.invite(jane)
    usual = queries.house_rules()
    off = [replace(one, on=one.moment is not Moment.APPLICATION) for one in usual.moments]
    actions.keep_rules(to=replace(usual, moments=tuple(off)), viewer=lena, at=NOON)
    assert make.invite(tom) == NotAsked(WhyNot.SWITCHED_OFF)
    assert actions.send_due(at=HOUR) == 0
    assert states() == [(State.DROPPED, "switched_off")]
    assert isinstance(make.invite(tom, moment=Moment.OFFER, outcome=Outcome.WITHDREW), Asked)


def test_what_cant_have_happened_writes_nothing() -> None:
    wanted = [make.invited(make.person()), make.invited(make.person("Tom Reed"), outcome=Outcome.FILLED)]
    with pytest.raises(InvitationRefused):
        actions.invite_many(invited=wanted, by=COMMAND_LINE, at=NOON)
    assert not models.Invitation.objects.exists()


def test_without_a_mailbox_of_the_house_they_wait_and_past_a_month_they_are_let_be() -> None:
    make.invite(make.person())
    assert actions.send_due(at=HOUR) == 0
    assert not queries.anything_to_do(at=HOUR)
    ana = make.colleague()
    own = replace(_settings(), owner_key=ana.user_key)
    contact.put_mailbox(settings=own, by=COMMAND_LINE, at=NOON)
    assert contact_queries.house_mailbox() is None, "a colleague's mailbox is not the house's"
    assert actions.send_due(at=HOUR) == 0
    assert states() == [(State.WAITING, "")]
    make.mailbox()
    assert actions.send_due(at=HOUR + timedelta(days=31)) == 0
    assert states() == [(State.DROPPED, "too_late")]


def _settings() -> contact.MailboxSettings:
    return contact.MailboxSettings(
        name="Ana's", transport=make.Transport.SMTP, from_name="Ana", from_address="ana@northgate.example",
        host="127.0.0.1", port=25, security="none",
    )  # fmt: skip


def test_a_brand_writes_through_its_own_mailbox_in_its_own_words() -> None:
    lena = make.leader()
    brand = accounts.add_brand(name="Kite", legal_name="Kite Ltd", by=COMMAND_LINE, at=NOON)
    make.mailbox()
    kites = make.mailbox(brand=brand)
    wording = replace(rules.SHIPPED[Moment.APPLICATION], question="Would you fly with us?")
    assert actions.keep_text(moment=Moment.APPLICATION, brand=brand, wording=wording, viewer=lena, at=NOON) == 1
    make.asked(make.person(), brand=brand)
    make.asked(make.person("Tom Reed"))
    [claimed] = contact.claim(mailbox=kites, worker="w", most=10, at=HOUR)
    assert "Would you fly with us?" in claimed.text
    questions = models.Invitation.objects.order_by("-brand").values_list("text__question", flat=True)
    assert list(questions) == ["Would you fly with us?", rules.SHIPPED[Moment.APPLICATION].question]


# ------------------------------------------------------------------------------------------ answering


def give(key: UUID, score: int, at: Any = HOUR) -> None:
    actions.give_number(key=key, score=score, by=THEMSELVES, at=at)


def test_an_answer_is_one_and_can_be_changed_for_a_week() -> None:
    key = make.asked(make.person())
    with pytest.raises(AnswerRefused):
        actions.say_more(key=key, verbatim="first words", may_answer=False, by=THEMSELVES, at=HOUR)
    give(key, 8)
    give(key, 9, HOUR + timedelta(days=6))
    held = models.Answer.objects.get()
    assert (held.score, held.at, held.changed_at) == (9, HOUR, HOUR + timedelta(days=6))
    with pytest.raises(SurveyClosed):
        give(key, 0, HOUR + rules.CHANGE_FOR)
    with pytest.raises(AnswerRefused):
        give(key, 11, HOUR + timedelta(days=1))
    held.refresh_from_db()
    assert held.score == 9


def test_after_sixty_days_nothing_is_taken() -> None:
    key = make.asked(make.person())
    with pytest.raises(SurveyClosed):
        give(key, 8, HOUR + rules.ANSWER_FOR)
    give(key, 8, HOUR + rules.ANSWER_FOR - timedelta(seconds=1))
    assert models.Answer.objects.count() == 1


def test_an_unhappy_answer_with_leave_is_one_task_of_whom_the_inviter_named() -> None:
    make.leader()
    ana, jane = make.colleague(), make.person()
    key = make.answered(jane, 3, LATE, owner=ana.user_key)
    assert tasks(jane) == [], "without leave nobody learns who said it"
    given: dict[str, Any] = {"key": key, "by": THEMSELVES, "at": HOUR + timedelta(hours=4)}
    assert actions.say_more(verbatim=LATE, may_answer=True, **given)
    assert not actions.say_more(verbatim="Never mind.", may_answer=False, **given)
    [task] = tasks(jane)
    assert LATE in task["title"]
    assert mine(ana) == [task["title"]]
    held = models.Answer.objects.get()
    assert (held.verbatim, held.may_answer) == ("Never mind.", True), "the colleague knows by now"


def test_a_long_answer_stands_whole_beside_its_task() -> None:
    lena, jane = make.leader(), make.person()
    words = "Nobody told me anything, " * 20
    make.answered(jane, 0, words, may_answer=True)
    held = work.held_about(["candidate"], [jane])
    assert [one["title"].endswith("…”") for one in held["tasks"]] == [True]
    assert [words.strip() in one["text"] for one in held["notes"]] == [True]
    assert lena.roles


@pytest.mark.parametrize(("score", "may_answer"), [(6, False), (7, True), (10, True)])
def test_no_task_for_who_is_content_or_gave_no_leave(score: int, may_answer: bool) -> None:
    make.leader()
    jane = make.person()
    make.answered(jane, score, LATE, may_answer=may_answer)
    assert tasks(jane) == []


def test_a_number_that_turns_unhappy_later_is_a_task_too() -> None:
    make.leader()
    jane = make.person()
    key = make.answered(jane, 9, LATE, may_answer=True)
    give(key, 2, HOUR + timedelta(days=1))
    assert len(tasks(jane)) == 1


def test_a_client_who_is_unhappy_is_a_task_of_a_leader_of_the_office() -> None:
    office = accounts.add_office(
        name="Leeds", zone="Europe/London", currency="GBP", country="GB", law_pack="uk", by=COMMAND_LINE, at=NOON
    )
    make.leader()
    near = make.colleague(Role.LEADER, name="Zoe Near", office=office)
    cleo = make.person("Cleo Hart", roles=(PersonRole.CLIENT_CONTACT,))
    given = {"moment": Moment.JOB, "outcome": Outcome.UNFILLED, "office": office, "owner": uuid4()}
    make.answered(cleo, 1, "No one fitting came.", may_answer=True, **given)
    assert ["No one fitting came." in one for one in mine(near)] == [True]


# ------------------------------------------------------------------------------------------ counting


def test_once_a_month_is_closed_its_answers_are_nobodys() -> None:
    jane = make.person()
    key = make.answered(jane, 4, LATE, desk="data")
    assert actions.count_answers(at=HOUR + timedelta(days=20)) == 0, "March is still running"
    assert actions.count_answers(at=READ) == 1
    assert actions.count_answers(at=READ) == 0
    row = models.CountedAnswer.objects.get()
    told = (row.month.isoformat(), row.desk, row.moment, row.outcome, row.score, row.verbatim)
    assert told == ("2026-03-01", "data", "application", "rejected", 4, LATE)
    names = {field.name for field in models.CountedAnswer._meta.get_fields()}
    assert names == {"key", "month", "side", "moment", "outcome", "office", "desk", "score", "verbatim"}
    assert not models.Answer.objects.exists()
    assert models.Invitation.objects.get(pk=key).answered
    with pytest.raises(SurveyClosed):
        give(key, 10, HOUR + timedelta(days=50))
    assert models.CountedAnswer.objects.count() == 1


def test_the_worker_hears_of_answers_to_count() -> None:
    make.answered(make.person(), 9)
    assert not queries.anything_to_do(at=HOUR + timedelta(days=1))
    assert queries.anything_to_do(at=READ)


# ------------------------------------------------------------------------------------------ merging, erasing, exporting


def test_of_two_invitations_of_one_human_the_first_is_left() -> None:
    lena, jane, twin = make.leader(), make.person(), make.person("Jane M")
    make.mailbox()
    make.invite(jane)
    make.invite(twin, ended_at=NOON + timedelta(days=1))
    people.merge_people(person_key=jane, into_key=twin, viewer=lena, at=NOON)
    assert states() == [(State.WAITING, ""), (State.DROPPED, "merged")]
    assert actions.send_due(at=HOUR + timedelta(days=1)) == 1
    people.unmerge_person(person_key=jane, viewer=lena, at=NOON)
    assert models.Invitation.objects.filter(person_key=jane, state=State.ASKED).count() == 1


def test_erasing_takes_the_person_and_the_words_and_leaves_a_number() -> None:
    lena, jane, tom = make.leader(), make.person(), make.person("Tom Reed")
    key = make.answered(jane, 2, LATE, may_answer=True)
    make.invite(tom)
    other = models.Invitation.objects.get(person_key=tom)
    people.erase_person(person_key=jane, viewer=lena, at=HOUR)
    people.erase_person(person_key=tom, viewer=lena, at=HOUR)
    row = models.Invitation.objects.get(pk=key)
    assert (row.person_key, row.about, row.about_key, row.answered) == (None, "", None, True)
    held = models.Answer.objects.get()
    assert (held.score, held.verbatim, held.may_answer, held.task_key) == (2, "", False, None)
    other.refresh_from_db()
    assert (other.person_key, other.state, other.reason) == (None, State.DROPPED, "erased")
    with pytest.raises(PersonNotFound):
        give(key, 9, HOUR + timedelta(hours=9))
    assert actions.count_answers(at=READ) == 1


def test_an_export_says_what_was_asked_and_never_what_was_answered() -> None:
    lena, jane = make.leader(), make.person()
    make.answered(jane, 2, LATE)
    told = people_queries.export(lena, jane)["surveys"]
    assert [(one["moment"], one["about"], one["answered"]) for one in told["surveys"]] == [
        ("application", "Data engineer at Harbour", True)
    ]
    assert LATE not in str(people_queries.export(lena, jane))
    assert people_queries.export(lena, make.person("Tom Reed"))["surveys"] == {"surveys": []}


# ------------------------------------------------------------------------------------------ what is asked


def test_only_leaders_and_marketers_say_what_is_asked() -> None:
    usual, wording = queries.house_rules(), rules.SHIPPED[Moment.OFFER]
    for roles in ((Role.RECRUITER,), (Role.ADMINISTRATOR,)):
        viewer = make.colleague(*roles)
        with pytest.raises(NotAllowed):
            actions.keep_rules(to=replace(usual, fewest=9), viewer=viewer, at=NOON)
        with pytest.raises(NotAllowed):
            actions.keep_text(moment=Moment.OFFER, brand="", wording=wording, viewer=viewer, at=NOON)
        for read in (queries.texts, lambda one: queries.standing(one, at=NOON)):
            with pytest.raises(NotAllowed):
                read(viewer)
    assert queries.house_rules() == usual
    assert not models.SurveyText.objects.exists()


def test_rules_and_texts_are_kept_and_hold_from_then_on() -> None:
    maya = make.colleague(Role.MARKETER, name="Maya Osei")
    slow = [MomentRule(one.moment, one.on, 10) for one in queries.house_rules().moments]
    to = replace(queries.house_rules(), fewest=8, rest_days=30, moments=tuple(slow))
    actions.keep_rules(to=to, viewer=maya, at=NOON)
    assert queries.house_rules() == to
    found = make.invite(make.person())
    assert isinstance(found, Asked)
    assert found.send_at == HOUR + timedelta(days=8)
    wording = replace(rules.SHIPPED[Moment.OFFER], subject="And?")
    numbers = [actions.keep_text(moment=Moment.OFFER, brand="", wording=wording, viewer=maya, at=NOON) for _ in "ab"]
    assert numbers == [1, 2]
    assert [one.number for one in queries.text_versions(maya, Moment.OFFER, "")] == [2, 1]
    assert queries.text_for(Moment.OFFER, "kite").wording == wording
    with pytest.raises(TextRefused):
        actions.keep_text(moment=Moment.OFFER, brand="nobody", wording=wording, viewer=maya, at=NOON)


def test_the_database_holds_what_must_be_true() -> None:
    maya = make.colleague(Role.MARKETER, name="Maya Osei")
    actions.keep_text(moment=Moment.JOB, brand="", wording=rules.SHIPPED[Moment.JOB], viewer=maya, at=NOON)
    key = make.answered(make.person(), 5)
    one, held = models.Invitation.objects.filter(pk=key), models.Answer.objects.all()
    wrong: list[Any] = [
        lambda: models.SurveyText.objects.update(question="Other?"),
        lambda: models.SurveyText.objects.all().delete(),
        lambda: one.update(outcome=Outcome.FILLED),
        lambda: one.update(side="client"),
        lambda: one.update(state=State.WAITING),
        lambda: one.update(person_key=None),
        lambda: held.update(score=11),
        lambda: held.update(task_key=uuid4()),
        lambda: held.update(changed_at=HOUR - timedelta(days=1)),
        lambda: models.Answer.objects.create(invitation_id=key, score=1, at=HOUR),
        lambda: make.counted(3, month=NOON.date()),
        lambda: models.SurveyRules.objects.update(fewest=4),
    ]
    for number, deed in enumerate(wrong):
        try:
            with transaction.atomic():
                deed()
        except (IntegrityError, DatabaseError):
            continue
        pytest.fail(f"number {number} went through")
