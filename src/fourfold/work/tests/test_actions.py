"""Deeds of work: what changed, and what did not."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest

from fourfold.accounts import queries as accounts
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.work import actions, models, queries
from fourfold.work.tests.factories import CLOSED, NOON, OLD, THING, TODAY, Cast, note, task
from fourfold.work.types import NewNote, NewTask, NoteRefused, TaskKind, TaskRefused, Told, When, Whose

pytestmark = pytest.mark.django_db
Heard = list[tuple[str, set[UUID]]]


def texts(cast: Cast) -> list[str]:
    return [one.text for one in queries.about(cast.lena, [("thing", THING)], at=NOON).notes]


def told_of(cast: Cast, name: str) -> list[tuple[Told, str]]:
    return [(one.told, one.words) for one in queries.notifications(getattr(cast, name))]


def test_a_note_tells_those_it_mentions_and_who_may_see_it(cast: Cast, told: Heard) -> None:
    note(cast.rhea, "@Milo Brandt and @Nico Vance and @Rhea: ring her")
    assert texts(cast) == ["@Milo Brandt and @Nico Vance and @Rhea: ring her"]
    parts = queries.about(cast.lena, [("thing", THING)], at=NOON).notes[0].parts
    assert [words for words, named in parts if named] == ["@Milo Brandt", "@Nico Vance", "@Rhea"]
    assert told_of(cast, "milo") == [(Told.MENTIONED, "@Milo Brandt and @Nico Vance and @Rhea: ring her")]
    assert told_of(cast, "nico") == []  # may not see the thing
    assert told_of(cast, "rhea") == []  # wrote it
    assert queries.unseen(cast.milo) == 1
    assert told == [("thing", {THING})]
    assert [row.deed for row in accounts.audit_trail(cast.lena)][:1] == ["write_note"]


def test_a_note_about_what_one_may_not_see_is_not_kept(cast: Cast, told: Heard) -> None:
    for viewer, key in ((cast.rhea, CLOSED), (cast.nico, THING), (cast.lena, uuid4())):
        with pytest.raises(NotFound):
            note(viewer, key=key)
    with pytest.raises(NotFound):
        actions.write_note(about=("nothing", THING), text="x", viewer=cast.lena, at=NOON)
    with pytest.raises(NoteRefused):
        note(cast.rhea, "  ")
    assert models.Note.objects.count() == 0
    assert told == []


def test_an_edit_keeps_what_was_there_and_tells_only_those_newly_named(cast: Cast) -> None:
    key = note(cast.rhea, "@Milo look")
    later = NOON + timedelta(hours=1)
    actions.edit_note(key=key, text="@Milo and @Lena look", viewer=cast.rhea, at=later)
    actions.edit_note(key=key, text="@Milo and @Lena look", viewer=cast.rhea, at=later)
    page = queries.note(cast.lena, key)
    assert page.note.text == "@Milo and @Lena look"
    assert page.note.edited_at == later
    assert [(one.text, one.by) for one in page.versions] == [("@Milo look", "Rhea Okafor")]
    assert (len(told_of(cast, "milo")), len(told_of(cast, "lena"))) == (1, 1)


def test_only_who_wrote_a_note_or_leads_changes_it(cast: Cast) -> None:
    key = note(cast.rhea, "mine")
    for deed in (
        lambda: actions.edit_note(key=key, text="yours", viewer=cast.milo, at=NOON),
        lambda: actions.remove_note(key=key, viewer=cast.milo, at=NOON),
    ):
        with pytest.raises(NotAllowed):
            deed()
    with pytest.raises(NotFound):
        actions.edit_note(key=key, text="x", viewer=cast.nico, at=NOON)
    assert texts(cast) == ["mine"]
    actions.edit_note(key=key, text="led", viewer=cast.lena, at=NOON)
    assert texts(cast) == ["led"]


def test_a_removed_note_can_be_brought_back(cast: Cast) -> None:
    key, other = note(cast.rhea, "one @Milo"), note(cast.rhea, "two")
    actions.remove_note(key=key, viewer=cast.rhea, at=NOON)
    assert texts(cast) == ["two"]
    assert told_of(cast, "milo") == []
    with pytest.raises(NotFound):
        actions.bring_note_back(key=other, viewer=cast.rhea, at=NOON)
    actions.bring_note_back(key=key, viewer=cast.rhea, at=NOON)
    assert sorted(texts(cast)) == ["one @Milo", "two"]


def test_pinned_notes_come_first(cast: Cast) -> None:
    first = note(cast.rhea, "old", at=NOON - timedelta(days=9))
    note(cast.rhea, "new")
    assert texts(cast) == ["new", "old"]
    actions.pin_note(key=first, pinned=True, viewer=cast.milo, at=NOON)
    assert texts(cast) == ["old", "new"]
    actions.pin_note(key=first, pinned=False, viewer=cast.milo, at=NOON)
    assert texts(cast) == ["new", "old"]


def test_notes_from_elsewhere_come_once_and_tell_nobody(cast: Cast, told: Heard) -> None:
    def new(ref: str, text: str = "From the old system @Milo") -> NewNote:
        return NewNote(subject_kind="thing", subject_key=OLD, text=text, at=NOON - timedelta(days=400),
                       author_name="Old Hand", source="bullhorn", source_ref=ref)  # fmt: skip

    assert actions.add_notes(notes=[new("1"), new("2"), new("1"), new("3", " \0")], by=COMMAND_LINE, at=NOON) == 2
    assert actions.add_notes(notes=[new("2", "other words"), new("4")], by=COMMAND_LINE, at=NOON) == 1
    assert texts(cast) == ["From the old system @Milo"] * 3  # under the merged key, read with the family
    assert told_of(cast, "milo") == []
    assert told == [("thing", {OLD}), ("thing", {OLD})]


def test_a_task_given_tells_its_owner(cast: Cast) -> None:
    key = task(cast.lena, cast.rhea, due_on=TODAY, due_time=time(15), subject=("thing", THING), kind=TaskKind.CALL_BACK)
    mine = queries.board(cast.rhea, whose=Whose.MINE, at=NOON)
    row = mine.groups[0].rows[0]
    assert (row.key, row.title, row.kind, row.when) == (key, "Ring back", TaskKind.CALL_BACK, When.TODAY)
    assert row.due_at == NOON.replace(hour=14)  # three in Berlin
    assert row.subject is not None
    assert row.subject.key == THING
    assert told_of(cast, "rhea") == [(Told.TASK_GIVEN, "Ring back")]
    task(cast.rhea)
    assert len(told_of(cast, "rhea")) == 1
    assert [one.key for one in queries.board(cast.lena, whose=Whose.GIVEN, at=NOON).groups[0].rows] == [key]


def test_a_task_about_what_its_owner_may_not_see_is_refused(cast: Cast) -> None:
    with pytest.raises(TaskRefused):
        task(cast.lena, cast.rhea, subject=("thing", CLOSED))
    with pytest.raises(NotFound):
        task(cast.rhea, subject=("thing", CLOSED))
    with pytest.raises(TaskRefused):
        actions.give_task(task=NewTask(title="x", owner_key=uuid4()), viewer=cast.lena, at=NOON)
    assert models.Task.objects.count() == 0
    assert queries.unseen(cast.rhea) == 0


def test_done_undone_and_moved(cast: Cast) -> None:
    key = task(cast.rhea, due_on=TODAY - timedelta(days=3), due_time=time(10))
    assert queries.waiting(cast.rhea, at=NOON, limit=5)[0] == 1
    actions.do_task(key=key, viewer=cast.rhea, at=NOON)
    actions.do_task(key=key, viewer=cast.rhea, at=NOON)
    done = queries.board(cast.rhea, whose=Whose.MINE, at=NOON)
    assert (done.groups, [one.key for one in done.done]) == ((), [key])
    actions.reopen_task(key=key, viewer=cast.rhea, at=NOON)
    actions.snooze_task(key=key, to="tomorrow", viewer=cast.rhea, at=NOON)
    row = queries.task(cast.rhea, key, at=NOON)
    assert (row.due_on, row.due_time, row.when) == (date(2026, 3, 3), time(10), When.LATER)
    assert [one.deed for one in accounts.audit_trail(cast.lena)][:4] == [
        "snooze_task", "reopen_task", "do_task", "add_task",
    ]  # fmt: skip


def test_a_task_belongs_to_its_owner_its_giver_and_leaders(cast: Cast) -> None:
    key = task(cast.milo, cast.rhea)
    for viewer in (cast.rhea, cast.milo, cast.lena):
        assert queries.task(viewer, key, at=NOON).may_change
    for viewer in (cast.ada, cast.nico):
        with pytest.raises(NotFound):
            actions.do_task(key=key, viewer=viewer, at=NOON)
    assert models.Task.objects.get().done_at is None


def test_a_changed_task_tells_its_new_owner_once(cast: Cast) -> None:
    key = task(cast.lena, due_on=TODAY)
    to = NewTask(title="Meet", owner_key=cast.rhea.user_key, kind=TaskKind.MEETING, due_on=TODAY, due_time=time(9))
    for _ in range(2):
        actions.change_task(key=key, to=to, viewer=cast.lena, at=NOON)
    row = queries.task(cast.rhea, key, at=NOON)
    assert (row.title, row.owner, row.due_at) == ("Meet", "Rhea Okafor", NOON.replace(hour=8))
    assert told_of(cast, "rhea") == [(Told.TASK_GIVEN, "Meet")]


def test_reminders_come_once_and_anew_after_a_snooze(cast: Cast) -> None:
    timed = task(cast.rhea, due_on=TODAY, due_time=time(12), title="Timed")
    task(cast.rhea, due_on=TODAY, title="All day")
    task(cast.rhea, due_on=TODAY, title="Reminder", kind=TaskKind.REMINDER)
    task(cast.rhea, due_on=TODAY, due_time=time(23), title="Later")
    assert queries.anything_to_remind(at=NOON)
    assert actions.remind(at=NOON) == 2
    assert actions.remind(at=NOON) == 0
    assert not queries.anything_to_remind(at=NOON)
    assert sorted(words for _, words in told_of(cast, "rhea")) == ["Reminder", "Timed"]
    actions.snooze_task(key=timed, to="tomorrow", viewer=cast.rhea, at=NOON)
    assert actions.remind(at=NOON + timedelta(days=1)) == 2  # moved, and the one of last night
    assert queries.unseen(cast.rhea) == 4


def test_seen_is_ones_own(cast: Cast) -> None:
    key = note(cast.lena, "@Rhea and @Milo")
    row = queries.notifications(cast.rhea)[0]
    with pytest.raises(NotFound):
        actions.open_notification(key=row.key, viewer=cast.milo, at=NOON)
    subject = actions.open_notification(key=row.key, viewer=cast.rhea, at=NOON)
    assert subject is not None
    assert subject.key == THING
    assert (queries.unseen(cast.rhea), queries.unseen(cast.milo)) == (0, 1)
    assert actions.see_notifications(viewer=cast.milo, at=NOON) == 1
    assert queries.unseen(cast.milo) == 0
    assert queries.note(cast.lena, key)


def test_erasing_takes_notes_versions_tasks_and_what_was_told(cast: Cast) -> None:
    key = note(cast.lena, "@Rhea one")
    actions.edit_note(key=key, text="two", viewer=cast.lena, at=NOON)
    note(cast.lena, "closed", key=CLOSED)
    task(cast.lena, cast.rhea, subject=("thing", THING))
    task(cast.lena, cast.rhea, title="About nothing")
    held = queries.held_about(["thing"], [THING, OLD])
    assert [(one["text"], [v["text"] for v in one["before"]]) for one in held["notes"]] == [("two", ["@Rhea one"])]
    assert [one["title"] for one in held["tasks"]] == ["Ring back"]
    assert actions.forget(kinds=["thing"], keys=[THING, OLD]) == 2
    assert queries.held_about(["thing"], [THING, OLD]) == {"notes": [], "tasks": []}
    assert models.NoteVersion.objects.count() == 0
    assert [words for _, words in told_of(cast, "rhea")] == ["About nothing"]
    assert models.Note.objects.get().text == "closed"
    assert queries.texts_about("thing", [CLOSED]) == {CLOSED: ["closed"]}


def test_a_task_moves_with_its_reason_and_goes_with_it(cast: Cast) -> None:
    first = task(cast.lena, owner_key=cast.rhea.user_key, due_on=TODAY)
    done = task(cast.lena, owner_key=cast.rhea.user_key, due_on=TODAY)
    actions.do_task(key=done, viewer=cast.rhea, at=NOON)
    day = TODAY + timedelta(days=9)
    assert [actions.move_task(key=key, due_on=day, by=COMMAND_LINE, at=NOON) for key in (first, done)] == [True, False]
    assert queries.task(cast.rhea, first, at=NOON).due_on == day
    assert actions.take_back_tasks(keys=[first, done], by=COMMAND_LINE, at=NOON) == 1
    assert list(models.Task.objects.values_list("key", flat=True)) == [done]  # what was done stays
    assert [row.deed for row in accounts.audit_trail(cast.lena)][:2] == ["take_back_tasks", "move_task"]
