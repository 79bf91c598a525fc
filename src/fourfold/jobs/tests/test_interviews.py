"""Interviews: invitations that calendars take, what is owed after them, times that one person gets, scorecards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar

from fourfold.accounts.types import Role
from fourfold.base.actor import THEMSELVES
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.jobs import actions, models, queries
from fourfold.jobs.tests import factories as make
from fourfold.jobs.tests.factories import NOON
from fourfold.jobs.tests.test_intake import claimed, mailbox
from fourfold.jobs.types import (
    Ended,
    HiringRole,
    InterviewPlan,
    InterviewRefused,
    MeetingKind,
    MeetingState,
    NewSlots,
    Shown,
    SlotsOver,
    SlotTaken,
    Stage,
    Wanted,
)
from fourfold.jobs.types.words import Need
from fourfold.ledger import queries as ledger
from fourfold.people import queries as people
from fourfold.people.types import PersonRole
from fourfold.work import queries as work

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(days=2)
PLAN = InterviewPlan(
    kind=MeetingKind.VIDEO, starts_at=SOON, minutes=45, zone="Europe/London", place="https://meet.example/x",
    with_people="Cleo Hart",
)  # fmt: skip


class World:
    """A job with somebody who hires, two who applied, and a mailbox of the house."""

    def __init__(self, *, sends: bool = True) -> None:
        self.box = mailbox() if sends else UUID(int=0)
        self.tom = make.colleague()
        self.cleo = make.a_person("Cleo Hart", roles=(PersonRole.CLIENT_CONTACT,))
        wanted = (Wanted(Need.MUST, "Kubernetes in anger"), Wanted(Need.WISH, "Terraform"))
        self.job = make.a_job(self.tom, hiring_manager=self.cleo, wanted=wanted)
        self.jane, self.omar = make.a_person("Jane Moor"), make.a_person("Omar Diaz")
        self.first = make.an_application(self.job, self.jane)
        self.second = make.an_application(self.job, self.omar)

    def arrange(self, **values: Any) -> UUID:
        plan = InterviewPlan(**{**{name: getattr(PLAN, name) for name in PLAN.__slots__}, **values})
        return actions.arrange_interview(application=self.first, plan=plan, viewer=self.tom, at=NOON).key

    def row(self, key: UUID | None = None) -> models.Application:
        return models.Application.objects.get(pk=key or self.first)

    def offers(self, *applications: UUID, **values: Any) -> UUID:
        given: dict[str, Any] = {
            "kind": MeetingKind.PHONE, "minutes": 30, "zone": "Europe/London",
            "starts": (SOON, SOON + timedelta(hours=1)), "closes_at": SOON - timedelta(hours=4), **values,
        }  # fmt: skip
        key, _ = actions.offer_slots(
            job=self.job, slots=NewSlots(**given), applications=applications, viewer=self.tom, at=NOON
        )
        return key

    def picks(self, application: UUID, slot: int, person: UUID, at: datetime = NOON) -> Any:
        invite = models.SlotInvite.objects.get(application=application)
        return actions.pick_slot(
            invite=invite.key, slot=slot, zone="Europe/London", person_keys=[person], by=THEMSELVES, at=at
        )


@pytest.fixture
def world() -> World:
    return World()


def sent(world: World) -> list[tuple[UUID, str, Calendar]]:
    """Invitations in their sequence: to whom, under which class, and what calendars read of them."""
    held = [
        (one.person_key, one.message_class.value, Calendar.from_ical(one.calendar))
        for one in claimed(world.box)
        if one.calendar
    ]
    return sorted(held, key=lambda one: int(one[2].walk("VEVENT")[0]["SEQUENCE"]))


def event(calendar: Calendar) -> Any:
    return calendar.walk("VEVENT")[0]


# Arranging


def test_an_interview_is_an_invitation_a_stage_and_no_debt(world: World) -> None:
    done = actions.arrange_interview(application=world.first, plan=PLAN, viewer=world.tom, at=NOON)
    assert [(one.name, one.why_not) for one in done.told] == [("Jane Moor", "")]
    row = world.row()
    assert (row.stage, row.step, row.owed_since) == (Stage.INTERVIEW, "interview", None)
    assert world.row(world.second).stage == Stage.APPLIED
    [(to, kind, calendar)] = sent(world)
    assert (to, kind, str(calendar["METHOD"])) == (world.jane, "service", "REQUEST")
    one = event(calendar)
    assert (str(one["UID"]), int(one["SEQUENCE"])) == (f"interview-{done.key}@fourfold", 0)
    assert (one.decoded("DTSTART"), one.decoded("DTEND")) == (SOON, SOON + timedelta(minutes=45))
    assert b"DTSTART:20260305T120000Z" in calendar.to_ical()
    assert one.decoded("DTSTAMP") == NOON
    assert (str(one["LOCATION"]), str(one["STATUS"])) == ("https://meet.example/x", "CONFIRMED")
    [address] = people.letter_addresses(world.jane)
    assert str(one["ATTENDEE"]) == f"mailto:{address}"
    assert str(one["ORGANIZER"]) == "mailto:jobs@northgate.example"


def test_moving_and_cancelling_change_the_same_invitation_for_everybody_who_has_it(world: World) -> None:
    key = world.arrange(tell_client=True)
    moved = SOON + timedelta(days=1)
    later = InterviewPlan(kind=MeetingKind.IN_PERSON, starts_at=moved, minutes=60, zone="Europe/Paris")
    actions.move_interview(key=key, plan=later, viewer=world.tom, at=NOON)
    actions.cancel_interview(key=key, why="Cleo is ill.", viewer=world.tom, at=NOON)
    found = sent(world)
    methods = [(int(event(one)["SEQUENCE"]), str(one["METHOD"])) for _, _, one in found]
    assert methods == [(0, "REQUEST")] * 2 + [(1, "REQUEST")] * 2 + [(2, "CANCEL")] * 2
    assert {(to, kind) for to, kind, _ in found} == {(world.jane, "service"), (world.cleo, "working")}
    assert len({str(event(one)["UID"]) for _, _, one in found}) == 1
    [jane] = people.letter_addresses(world.jane)
    for_cleo = [one for to, _, one in found if to == world.cleo]
    assert not any(jane in one.to_ical().decode() for one in for_cleo)
    row = models.Interview.objects.get(pk=key)
    assert (row.state, row.sequence, row.moved, row.settled_why) == (MeetingState.CANCELLED, 2, 1, "Cleo is ill.")
    assert world.row().owed_since == NOON
    with pytest.raises(InterviewRefused, match="noted already"):
        actions.move_interview(key=key, plan=later, viewer=world.tom, at=NOON)


def test_the_second_round_goes_to_the_houses_second_stage(world: World) -> None:
    world.arrange()
    world.arrange(starts_at=SOON + timedelta(days=1))
    assert (world.row().step, [one.round for one in queries.interviews_of(world.tom, world.first)]) == (
        "second-interview", [1, 2],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "words"), [({"minutes": 0}, "5 to 600 minutes"), ({"zone": "Europe/Atlantis"}, "no time zone")]
)
def test_an_interview_that_cannot_be_is_refused_and_nothing_is_sent(
    world: World, values: dict[str, Any], words: str
) -> None:
    with pytest.raises(InterviewRefused, match=words):
        world.arrange(**values)
    assert (models.Interview.objects.count(), sent(world), world.row().stage) == (0, [], Stage.APPLIED)


def test_who_may_not_arrange_and_where_nothing_can_be_arranged(world: World) -> None:
    given = {"application": world.first, "plan": PLAN, "at": NOON}
    with pytest.raises(NotAllowed):
        actions.arrange_interview(viewer=make.colleague(Role.MARKETER), **given)  # type: ignore[arg-type]
    secret = make.a_person("Ada", confidential=True, owner_key=make.leader().user_key)
    hidden = make.an_application(world.job, secret)
    with pytest.raises(NotFound):
        actions.arrange_interview(application=hidden, plan=PLAN, viewer=world.tom, at=NOON)
    actions.end_application(key=world.first, ended=Ended.WITHDREW, why="moved", viewer=world.tom, at=NOON)
    with pytest.raises(InterviewRefused, match="has ended"):
        actions.arrange_interview(viewer=world.tom, **given)  # type: ignore[arg-type]


def test_without_a_mailbox_it_is_arranged_and_says_that_nobody_was_told() -> None:
    world = World(sends=False)
    done = actions.arrange_interview(application=world.first, plan=PLAN, viewer=world.tom, at=NOON)
    assert [one.why_not for one in done.told] == ["the house has no mailbox that sends"]
    assert models.Interview.objects.get().state == MeetingState.BOOKED


def test_who_came_is_owed_an_answer_and_who_did_not_is_not(world: World) -> None:
    key = world.arrange()
    with pytest.raises(InterviewRefused, match="still to come"):
        actions.note_turn_up(key=key, state=MeetingState.ATTENDED, viewer=world.tom, at=NOON)
    over = SOON + timedelta(hours=2)
    actions.note_turn_up(key=key, state=MeetingState.ATTENDED, viewer=world.tom, at=over)
    assert world.row().owed_since == SOON + timedelta(minutes=45)
    said = [one.action for one in ledger.timeline(world.jane, size=9, family=[world.jane]).rows]
    assert "interviewed" in said
    actions.note_turn_up(key=key, state=MeetingState.NO_SHOW, why="A train", viewer=world.tom, at=over)
    row = models.Interview.objects.get()
    assert (row.state, row.settled_why, world.row().owed_since) == (MeetingState.NO_SHOW, "A train", None)
    actions.keep_feedback(key=key, of_candidate="Friendly", of_client="Clear", viewer=world.tom, at=over)
    [shown] = queries.interviews_of(world.tom, world.first)
    assert (shown.feedback_of_candidate, shown.feedback_of_client) == ("Friendly", "Clear")


def test_the_calendar_shows_mine_my_desk_or_all_and_what_nobody_noted(world: World) -> None:
    world.arrange()
    ana = make.colleague(name="Ana Dias")
    week = {"since": NOON, "until": NOON + timedelta(days=7)}
    assert [one.person for one in queries.calendar(world.tom, whose="mine", **week)[0]] == ["Jane Moor"]
    assert queries.calendar(ana, whose="mine", **week) == ((), 0)
    assert queries.calendar(ana, whose="desk", **week) == ((), 0)
    assert len(queries.calendar(ana, whose="all", **week)[0]) == 1
    assert queries.unsettled(world.tom, at=NOON)[0] == 0
    assert queries.unsettled(world.tom, at=SOON + timedelta(days=1))[0] == 1
    assert queries.upcoming(world.tom, **week)[0] == 1


# Times to pick from


def test_one_picks_a_time_is_booked_and_sees_no_taken_ones(world: World) -> None:
    slots = world.offers(world.first, world.second)
    one, two = models.Slot.objects.filter(slot_set=slots)
    links = [one.text for one in claimed(world.box) if not one.calendar and "Pick" in one.subject]
    assert ["/slots/" in one for one in links] == [True, True]
    done = world.picks(world.first, one.pk, world.jane)
    made = models.Interview.objects.get(pk=done.key)
    assert (made.starts_at, made.picked_themselves, made.kind) == (SOON, True, MeetingKind.PHONE)
    assert {to for to, _, _ in sent(world)} == {world.jane, world.cleo}
    assert world.row().stage == Stage.INTERVIEW
    invite = models.SlotInvite.objects.get(application=world.second)
    left = queries.own_slots(invite.key, person_keys=[world.omar], at=NOON)
    assert ([slot.key for slot in left.left], left.picked) == ([two.pk], None)
    with pytest.raises(SlotTaken):
        world.picks(world.second, one.pk, world.omar)
    with pytest.raises(NotFound):
        queries.own_slots(invite.key, person_keys=[world.jane], at=NOON)


def test_picking_again_moves_the_interview_and_frees_the_time(world: World) -> None:
    slots = world.offers(world.first)
    one, two = models.Slot.objects.filter(slot_set=slots)
    key = world.picks(world.first, one.pk, world.jane).key
    assert world.picks(world.first, two.pk, world.jane).key == key
    made = models.Interview.objects.get()
    assert (made.starts_at, made.sequence, made.moved) == (two.starts_at, 1, 1)
    one.refresh_from_db()
    assert one.interview_id is None


def test_times_that_are_over_too_near_or_of_an_ended_application_cannot_be_picked(world: World) -> None:
    slots = world.offers(world.first, closes_at=SOON + timedelta(days=1))
    one, _ = models.Slot.objects.filter(slot_set=slots)
    with pytest.raises(SlotTaken):
        world.picks(world.first, one.pk, world.jane, at=SOON - timedelta(minutes=30))
    with pytest.raises(SlotsOver):
        world.picks(world.first, one.pk, world.jane, at=SOON + timedelta(days=2))
    actions.end_application(key=world.first, ended=Ended.WITHDREW, why="moved", viewer=world.tom, at=NOON)
    with pytest.raises(SlotsOver):
        world.picks(world.first, one.pk, world.jane)
    assert models.Interview.objects.count() == 0


def test_none_fits_is_a_task_with_their_words_and_books_nothing(world: World) -> None:
    world.offers(world.first)
    invite = models.SlotInvite.objects.get()
    actions.say_none_fits(
        invite=invite.key, words="I work\nuntil six", person_keys=[world.jane], by=THEMSELVES, at=NOON
    )
    [task] = work.held_about(["candidate"], [world.jane])["tasks"]
    assert "“I work until six”" in task["title"]
    assert models.Interview.objects.count() == 0


def test_offers_that_cannot_be(world: World) -> None:
    for values, words in (
        ({"starts": (NOON - timedelta(days=1),)}, "still to come"),
        ({"closes_at": NOON}, "last moment"),
        ({"minutes": 3}, "5 to 600"),
    ):
        with pytest.raises(InterviewRefused, match=words):
            world.offers(world.first, **values)
    with pytest.raises(InterviewRefused, match="Nobody was chosen"):
        world.offers()


# Scorecards


def test_scorecards_stand_beside_each_other_and_are_never_added_up(world: World) -> None:
    lines = [Shown("Kubernetes in anger", 4, "Ran forty clusters"), Shown("Terraform", 0)]
    given: dict[str, Any] = {"application": world.first, "lines": lines, "at": NOON}
    first = actions.keep_scorecard(in_short="Calm and exact.", viewer=world.tom, **given)
    again = actions.keep_scorecard(in_short="Calm, exact, kind.", viewer=world.tom, **given)
    client = actions.keep_scorecard(in_short="We want her.", client="Cleo Hart", viewer=world.tom, **given)
    assert (first, again != client) == (again, True)
    requirements, cards = queries.scorecards(world.tom, world.first)
    assert requirements == ("Kubernetes in anger", "Terraform")
    assert [(one.who, one.of_client, one.in_short) for one in cards] == [
        (world.tom.name, False, "Calm, exact, kind."), ("Cleo Hart", True, "We want her."),
    ]  # fmt: skip
    assert [(line.shown, line.words) for line in cards[0].lines] == [(4, "Ran forty clusters"), (0, "")]
    assert not {"total", "sum", "score", "average"} & set(type(cards[0]).__slots__)
    with pytest.raises(InterviewRefused, match="doesn't ask"):
        actions.keep_scorecard(
            application=world.first, lines=[Shown("Juggling", 4)], in_short="x", viewer=world.tom, at=NOON
        )
    with pytest.raises(InterviewRefused, match="nothing in short"):
        actions.keep_scorecard(in_short=" ", viewer=world.tom, **given)


def test_who_interviews_and_who_may_be_asked(world: World) -> None:
    hirer = actions.Hirer(role=HiringRole.HR, person_key=world.jane)
    actions.add_hirer(job=world.job, hirer=hirer, viewer=world.tom, at=NOON)
    assert queries.interviewers(world.tom, world.job) == ("Cleo Hart",)
    assert {name for _, name, _ in queries.may_be_invited(world.tom, world.job)} == {"Jane Moor", "Omar Diaz"}
    [shown] = [queries.slot_sets(world.tom, world.job)]
    assert shown == ()
