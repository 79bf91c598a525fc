"""Who is mentioned, when a task is due, and how it stands to today."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest

from fourfold.work import rules
from fourfold.work.types import NoteRefused, TaskRefused, When

ANA, BEN, BEA = (UUID(int=n) for n in (1, 2, 3))
NAMES = {ANA: "Ana Ruiz", BEN: "Ben Cole", BEA: "Bea Cole"}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("@Ana Ruiz please", [ANA]),
        ("@ana, look", [ANA]),
        ("(@BEN COLE) and @Bea", [BEN, BEA]),
        ("@Anabel", []),
        ("mail ana@ana.example", []),
        ("@@ana", []),
        ("@ nobody @", []),
        ("@Ana Ruiz @Ana Ruiz", [ANA, ANA]),
        ("İ @Ana Ruiz", [ANA]),
    ],
)
def test_mentions(text: str, keys: list[UUID]) -> None:
    found = rules.mentions(text, NAMES)
    assert [one.key for one in found] == keys
    assert "".join(words for words, _ in rules.in_parts(text, found)) == text
    assert all(text[one.start] == "@" for one in found)


def test_a_first_name_that_two_share_calls_nobody() -> None:
    names = {ANA: "Ana Ruiz", BEN: "Ana Bell"}
    assert rules.mentions("@Ana", names) == ()
    assert [one.key for one in rules.mentions("@Ana Bell", names)] == [BEN]


def test_the_parts_say_which_words_name_somebody() -> None:
    text = "Ask @Ana Ruiz."
    assert rules.in_parts(text, rules.mentions(text, NAMES)) == (("Ask ", False), ("@Ana Ruiz", True), (".", False))


def test_a_note_needs_words_and_an_end() -> None:
    assert rules.checked_note("  a\r\nb\0 ", longest=5) == "a\nb"
    for text in (" \n\0", "123456"):
        with pytest.raises(NoteRefused):
            rules.checked_note(text, longest=5)


def test_a_task_needs_a_title_and_a_day_for_its_time() -> None:
    assert rules.checked_title(" Ring \n back ", None, None) == "Ring back"
    for title, day, hour in (("", None, None), ("x" * 161, None, None), ("Ring", None, time(9))):
        with pytest.raises(TaskRefused):
            rules.checked_title(title, day, hour)


def test_due_is_on_the_owners_clock() -> None:
    day = date(2026, 7, 1)
    assert rules.due_moment(day, None, "Europe/Berlin") == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert rules.due_moment(day, time(14, 30), "Europe/London") == datetime(2026, 7, 1, 13, 30, tzinfo=UTC)
    assert rules.due_moment(None, None, "Europe/London") is None


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        (date(2026, 3, 1), None, When.OVERDUE),
        (date(2026, 3, 2), None, When.TODAY),
        (date(2026, 3, 2), time(11, 59), When.OVERDUE),
        (date(2026, 3, 2), time(12, 0), When.TODAY),
        (date(2026, 3, 3), None, When.LATER),
        (None, None, When.UNDATED),
    ],
)
def test_when(day: date | None, hour: time | None, expected: When) -> None:
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    moment = rules.due_moment(day, hour, "Europe/London")
    assert rules.when(day, hour, moment, at=at, zone="Europe/London") is expected


@pytest.mark.parametrize(
    ("choice", "day"), [("tomorrow", date(2026, 3, 5)), ("monday", date(2026, 3, 9)), ("week", date(2026, 3, 11))]
)
def test_snoozed_to(choice: str, day: date) -> None:
    assert rules.snoozed_to(choice, at=datetime(2026, 3, 4, 12, tzinfo=UTC), zone="Europe/London") == day


def test_snoozed_follows_the_owners_day_and_refuses_other_words() -> None:
    late = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
    assert rules.snoozed_to("tomorrow", at=late, zone="Europe/Berlin") == date(2026, 3, 6)
    monday = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert rules.snoozed_to("monday", at=monday, zone="Europe/London") == date(2026, 3, 9)
    with pytest.raises(TaskRefused):
        rules.snoozed_to("never", at=late, zone="Europe/Berlin")
