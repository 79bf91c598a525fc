"""The pages of interviews, publishing and boards' mails, as colleagues use them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fourfold.accounts.types import Role
from fourfold.jobs import actions, models, panels, queries
from fourfold.jobs.tests import factories as make
from fourfold.jobs.tests.test_intake import PDF, comes, labelled, may_advertise, raw
from fourfold.jobs.tests.test_interviews import World
from fourfold.jobs.types import InterviewPlan, MeetingKind, MeetingState

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 60


@pytest.fixture(autouse=True)
def own_house(plain_house: Any) -> None:
    """A home of the test's own, for the files."""


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def page(world: World, sign_in: Any) -> Client:
    return sign_in(world.tom)


def address(name: str, *keys: UUID) -> str:
    return reverse(name, args=keys)


def in_days(days: int) -> str:
    return (timezone.now() + timedelta(days=days)).date().isoformat()


def plan(**values: Any) -> dict[str, Any]:
    given = {"on": in_days(3), "at": "10:00", "minutes": 45, "zone": "Europe/London", "kind": "video"}
    return {**given, "place": "https://meet.example/x", "with_people": "Cleo", "tell_client": "on", **values}


def booked(world: World, *, days: int = 3) -> UUID:
    given = InterviewPlan(
        kind=MeetingKind.PHONE, starts_at=timezone.now() + timedelta(days=days), minutes=30, zone="Europe/London"
    )
    return actions.arrange_interview(
        application=world.first, plan=given, viewer=world.tom, at=timezone.now() - timedelta(days=30)
    ).key


def test_arranging_moving_and_cancelling_on_pages(world: World, page: Client) -> None:
    new = address("arrange_interview", world.first)
    assert "Cleo Hart" in page.get(new).content.decode()
    wrong = page.post(new, plan(minutes="2"))
    assert (wrong.status_code, "https://meet.example/x" in wrong.content.decode()) == (422, True)
    assert page.post(new, plan()).status_code == 302
    key = models.Interview.objects.get().key
    shown = page.get(address("interview", key)).content.decode()
    assert "The mail goes to Jane Moor and Cleo Hart." in shown
    assert "Did they come?" not in shown
    assert page.post(address("move_interview", key), plan(on=in_days(4))).status_code == 302
    assert page.post(address("cancel_interview", key), {"why": ""}).status_code == 422
    assert page.post(address("cancel_interview", key), {"why": "Ill"}).status_code == 302
    row = models.Interview.objects.get()
    assert (row.state, row.sequence, row.moved) == (MeetingState.CANCELLED, 2, 1)


def test_who_came_is_one_press_and_both_sides_are_kept(world: World, page: Client) -> None:
    key = booked(world, days=-1)
    assert page.post(address("note_turn_up", key), {"state": "attended"}).status_code == 302
    said = {"of_candidate": "Warm", "of_client": "Sharp"}
    assert page.post(address("interview_feedback", key), said).status_code == 302
    shown = page.get(address("interview", key)).content.decode()
    assert "Warm" in shown
    assert models.Interview.objects.get().state == MeetingState.ATTENDED
    soon = booked(world)
    early = page.post(address("note_turn_up", soon), {"state": "no_show"})
    assert (early.status_code, "still to come" in early.content.decode()) == (422, True)


def test_the_calendar_shows_a_week_or_a_day_of_mine_the_desk_or_all(
    world: World, page: Client, django_assert_max_num_queries: Any
) -> None:
    booked(world)
    day = in_days(3)
    with django_assert_max_num_queries(MOST_STATEMENTS):
        week = page.get(address("interviews"), {"day": day}).content.decode()
    assert "1 interview this week" in week
    assert "Jane Moor" in page.get(address("interviews"), {"day": day, "view": "day", "whose": "all"}).content.decode()
    assert "No interviews this week" in page.get(address("interviews"), {"day": in_days(60)}).content.decode()
    assert page.get(address("interviews"), {"day": "nonsense", "whose": "x"}).status_code == 200


def test_parts_stand_on_the_application_and_the_job(world: World, page: Client) -> None:
    booked(world, days=-1)
    part = page.get(address("application_interviews", world.first), headers={"HX-Request": "true"}).content.decode()
    assert "Did they come?" in part
    assert "<html" not in part
    publishing = page.get(address("publish_job", world.job), headers={"HX-Request": "true"}).content.decode()
    assert "Not on the public pages" in publishing
    assert "<html" not in publishing


def test_offering_times_shows_who_picked_and_each_ones_link(world: World, page: Client) -> None:
    given = {
        "first_on": in_days(7), "days": 1, "times": "10:00, 11.30", "zone": "Europe/London", "minutes": 30,
        "kind": "video", "hours": 4, "applications": [str(world.first)],
    }  # fmt: skip
    url = address("offer_slots", world.job)
    assert page.get(url).status_code == 200
    wrong = page.post(url, {**given, "times": "soon"})
    assert (wrong.status_code, "“soon” is no time" in wrong.content.decode()) == (422, True)
    day = timezone.now() + timedelta(days=7)
    weekday = day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)
    done = page.post(url, {**given, "first_on": weekday.date().isoformat()})
    assert done.status_code == 302
    shown = page.get(address("job_slots", world.job)).content.decode()
    assert "Jane Moor" in shown
    assert "/slots/" in shown
    assert "Omar" not in shown
    assert models.Slot.objects.count() == 2


def test_scorecards_side_by_side(world: World, page: Client) -> None:
    url = address("write_scorecard", world.first)
    assert "Kubernetes in anger" in page.get(url).content.decode()
    given = {"who": "", "in_short": "Calm.", "shown_0": "4", "words_0": "Forty clusters", "shown_1": "0"}
    assert page.post(url, {**given, "in_short": ""}).status_code == 422
    assert page.post(url, given).status_code == 302
    assert page.post(url, {**given, "who": "Cleo Hart", "in_short": "Yes."}).status_code == 302
    text = page.get(address("scorecards", world.first)).content.decode()
    assert text.index("Tom Ridley</th>" if "Tom Ridley</th>" in text else "Calm.") < text.index("Yes.")
    assert "clearly shown" in text
    assert "never summed" in text


def test_publishing_on_a_page_needs_the_hirers_word(world: World, page: Client) -> None:
    url = address("publish_job", world.job)
    assert "Note their word first" in page.get(url).content.decode()
    assert page.post(url, {"apply_until": in_days(30)}).status_code == 422
    may_advertise(world.job)
    models.Job.objects.update(in_short="Run it.")
    assert page.post(url, {"apply_until": in_days(30)}).status_code == 302
    assert "It is on the public pages" in page.get(url).content.decode()
    assert page.post(address("unpublish_job", world.job)).status_code == 302
    assert queries.publishing(world.tom, world.job).published_at is None


def test_the_inbox_of_boards_is_sorted_in_two_clicks(world: World, page: Client) -> None:
    empty = page.get(address("board_mails")).content.decode()
    assert "Every application that came by mail is in" in empty
    comes(raw("apply@reed.co.uk", "Application for Tester (Ref: ZZ9)", labelled("ZZ9", "kit@home.example"), cv=PDF))
    comes(raw("no-reply@niche.example", "A candidate applied", "Who\nIda Lund\nWrite to\nida@home.example\n"))
    assert "2 applications wait for you" in page.get(address("board_mails")).content.decode()
    by_board = {row.board: row.key for row in queries.board_mails(world.tom).rows}
    chosen = page.post(address("board_mail_job", by_board["Reed"]), {"job": str(world.job)})
    assert chosen.status_code == 302
    niche = by_board[""]
    text = page.get(address("board_mail", niche)).content.decode()
    assert "Ida Lund" in text
    nothing = page.post(address("map_board_mail", niche), {"name": "1", "board": "Niche"})
    assert nothing.status_code == 422
    done = page.post(address("map_board_mail", niche), {"name": "1", "email": "3", "board": "Niche", "remember": "on"})
    assert done["Location"] == address("board_mail", niche)  # its job is still to be chosen
    assert page.post(address("board_mail_job", niche), {"job": str(world.job)}).status_code == 302
    assert queries.board_mails(world.tom).waiting == 0
    assert {row.board for row in queries.board_mails(world.tom, waiting=False).rows} == {"Reed", "Niche"}


def test_what_is_no_application_goes(world: World, page: Client) -> None:
    comes(raw("no-reply@niche.example", "Candidate news", "Apply now: candidate news@niche.example\n"))
    [row] = queries.board_mails(world.tom).rows
    assert page.post(address("settle_board_mail", row.key), {"deed": "ignore"}).status_code == 302
    assert models.BoardMail.objects.get().text == ""


def test_who_may_not(world: World, sign_in: Any) -> None:
    other = sign_in(make.colleague(Role.MARKETER))
    for name, key in (("arrange_interview", world.first), ("offer_slots", world.job), ("write_scorecard", world.first)):
        assert other.get(address(name, key)).status_code == 403
    assert other.get(address("board_mails")).status_code == 403
    assert other.post(address("publish_job", world.job), {}).status_code in (403, 422)
    assert models.Job.objects.get().published_at is None


def test_today_tells_of_interviews_of_who_came_and_of_mails(world: World) -> None:
    at = timezone.now()
    assert panels.interviews_soon(world.tom, at) is None
    assert panels.turn_up_unknown(world.tom, at) is None
    assert panels.board_mails_waiting(world.tom, at) is None
    booked(world)
    booked(world, days=-1)
    comes(raw("apply@reed.co.uk", "Application for Tester", labelled("ZZ9", "kit@home.example")))
    found = [
        panels.interviews_soon(world.tom, at), panels.turn_up_unknown(world.tom, at),
        panels.board_mails_waiting(world.tom, at),
    ]  # fmt: skip
    assert [one.count for one in found if one] == [1, 1, 1]
    marketer = make.colleague(Role.MARKETER)
    assert panels.board_mails_waiting(marketer, at) is None
    assert panels.interviews_soon(marketer, at) is None
