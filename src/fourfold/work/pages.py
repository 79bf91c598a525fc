"""What work's pages show: rows in words, put together for templates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Subject, Viewer
from fourfold.base.errors import NotFound
from fourfold.work import queries
from fourfold.work.forms import KINDS, NoteForm, TaskForm
from fourfold.work.types import About, NotificationRow, TaskBoard, TaskKind, TaskRow, Told, When, Whose

ICONS = {
    TaskKind.TO_DO: "checklist",
    TaskKind.CALL_BACK: "phone-call",
    TaskKind.MEETING: "calendar-event",
    TaskKind.REMINDER: "bell",
}
GROUP_WORDS = {
    When.OVERDUE: gettext_lazy("Overdue"),
    When.TODAY: gettext_lazy("Today"),
    When.LATER: gettext_lazy("Later"),
    When.UNDATED: gettext_lazy("Without a day"),
}
GROUP_TONES = {When.OVERDUE: "danger", When.TODAY: "accent", When.LATER: "quiet", When.UNDATED: "quiet"}
WHOSE_WORDS = {
    Whose.MINE: gettext_lazy("Mine"),
    Whose.TEAM: gettext_lazy("My team’s"),
    Whose.GIVEN: gettext_lazy("Given by me"),
}
TOLD_WORDS = {
    Told.MENTIONED: gettext_lazy("%(by)s mentioned you"),
    Told.TASK_GIVEN: gettext_lazy("%(by)s gave you a task"),
    Told.TASK_DUE: gettext_lazy("A task of yours is due"),
}
TOLD_ICONS = {Told.MENTIONED: "at", Told.TASK_GIVEN: "checklist", Told.TASK_DUE: "bell"}
SNOOZES = (
    ("tomorrow", gettext_lazy("Tomorrow")),
    ("monday", gettext_lazy("Next Monday")),
    ("week", gettext_lazy("In a week")),
)
SIDES = {
    "person": gettext_lazy("Everybody in the house"),
    "candidate": gettext_lazy("The candidate side only"),
}


def parse_things(text: str) -> list[tuple[str, UUID]]:
    """The sides of a thing as addresses carry them: ``person:…,candidate:…``. Raises NotFound."""
    try:
        pairs = [one.split(":", 1) for one in text.split(",") if one]
        things = [(kind, UUID(key)) for kind, key in pairs]
    except ValueError:
        things = []
    if not things or len(things) > 4:
        raise NotFound("This was not found.", "The address was cut or changed.", "Go back and look again.")
    return things


def things_text(subjects: Sequence[Subject]) -> str:
    return ",".join(f"{one.kind}:{one.key}" for one in subjects)


def board_context(viewer: Viewer, board: TaskBoard, at: datetime) -> dict[str, Any]:
    tabs = [
        {
            "label": str(words),
            "url": reverse("tasks") + ("" if whose is Whose.MINE else f"?of={whose.value}"),
            "active": whose is board.whose,
        }
        for whose, words in WHOSE_WORDS.items()
        if whose is not Whose.TEAM or viewer.team
    ]
    here = reverse("tasks") + ("" if board.whose is Whose.MINE else f"?of={board.whose.value}")
    mark = "&" if "?" in here else "?"
    return {
        "heading": board_heading(board),
        "tabs": tabs,
        "groups": [
            {
                "words": str(GROUP_WORDS[group.when]),
                "tone": GROUP_TONES[group.when],
                "count": group.count,
                "rows": [task_line(row, viewer, at) for row in group.rows],
                "cut": group.count > len(group.rows) and group.when is not When.LATER,
            }
            for group in board.groups
        ],
        "done": [task_line(row, viewer, at) for row in board.done],
        "snoozes": SNOOZES,
        "here": here,
        "older": f"{here}{mark}after={board.older}" if board.older else "",
        "whose": board.whose.value,
        "today": at.astimezone(ZoneInfo(viewer.zone)).date(),
    }


def board_heading(board: TaskBoard) -> str:
    """The answer to “what do I have to do?”."""
    overdue, today = board.count(When.OVERDUE), board.count(When.TODAY)
    late = ngettext("%(n)s task is overdue", "%(n)s tasks are overdue", overdue) % {"n": f"{overdue:,}"}
    due = ngettext("%(n)s task is for today", "%(n)s tasks are for today", today) % {"n": f"{today:,}"}
    if overdue and today:
        return _("%(late)s, %(today)s for today") % {"late": late, "today": f"{today:,}"}
    if overdue or today:
        return late if overdue else due
    return _("Nothing is due today")


def task_line(row: TaskRow, viewer: Viewer, at: datetime) -> dict[str, Any]:
    """A task with its icon, its day in words, and whose it is where that is not the viewer."""
    parts = [str(KINDS[row.kind]) if row.kind is not TaskKind.TO_DO else "", day_words(row, viewer, at)]
    parts.append(row.owner if row.owner_key != viewer.user_key else "")
    parts.append(_("from %(who)s") % {"who": row.given_by} if row.given_by and row.given_by != viewer.name else "")
    return {
        "task": row,
        "icon": ICONS[row.kind],
        "note": " · ".join(part for part in parts if part),
        "late": row.when is When.OVERDUE and row.done_at is None,
    }


def day_words(row: TaskRow, viewer: Viewer, at: datetime) -> str:
    """“today 14:30”, “Tue 3 Nov”: on the wall clock of the owner, who lives by it."""
    if row.due_on is None:
        return ""
    days = (row.due_on - at.astimezone(ZoneInfo(viewer.zone)).date()).days
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    day = near.get(days) or f"{row.due_on:%a} {row.due_on.day} {row.due_on:%b}"
    return f"{day} {row.due_time:%H:%M}" if row.due_time else day


def about_context(
    viewer: Viewer, found: About, at: datetime, *, note_form: NoteForm | None = None, error: Any = None
) -> dict[str, Any]:
    """Notes and tasks about a thing, with the forms to add more: the partial that other rooms' pages include."""
    sides = [(one.kind, str(SIDES.get(one.kind, one.label))) for one in found.subjects]
    labels = dict(sides)
    return {
        "about": things_text(found.subjects),
        "first": things_text(found.subjects[:1]),
        "sides": sides if len(sides) > 1 else [],
        "only_side": sides[0][0],
        "notes": [
            {"note": note, "side": labels.get(note.subject_kind, "") if note.subject_kind == "candidate" else ""}
            for note in found.notes
        ],
        "more_notes": found.more_notes,
        "tasks": [task_line(row, viewer, at) for row in found.tasks],
        "snoozes": SNOOZES,
        "note_form": note_form or NoteForm(auto_id="note_%s"),
        "error": error,
        "colleagues": found.colleagues,
        "next": found.subjects[0].url,
    }


def part(viewer: Viewer, things: Sequence[tuple[str, UUID]], at: datetime) -> dict[str, Any]:
    """The partial's values for a thing's sides. Raises NotFound."""
    return about_context(viewer, queries.about(viewer, things, at=at), at)


def task_form(viewer: Viewer, data: Any = None, task: TaskRow | None = None) -> TaskForm:
    first: dict[str, Any] = {"owner": str(viewer.user_key), "kind": TaskKind.TO_DO.value}
    if task:
        first = {
            "owner": str(task.owner_key), "kind": task.kind.value, "title": task.title,
            "due_on": task.due_on, "due_time": task.due_time,
        }  # fmt: skip
    return TaskForm(data, colleagues=accounts.active_colleagues(), initial=first)


def notification_line(row: NotificationRow) -> dict[str, Any]:
    words = str(TOLD_WORDS[row.told]) % {"by": row.by}
    return {"row": row, "title": words, "icon": TOLD_ICONS[row.told], "words": row.words}


def notifications_context(rows: Sequence[NotificationRow], *, size: int) -> dict[str, Any]:
    unseen = sum(not row.seen for row in rows)
    heading = (
        ngettext("%(n)s thing is new", "%(n)s things are new", unseen) % {"n": unseen}
        if unseen
        else _("Nothing is new")
    )
    return {
        "heading": heading,
        "rows": [notification_line(row) for row in rows],
        "unseen": unseen,
        "older": f"?before={rows[-1].key}" if len(rows) >= size else "",
    }


def colleagues() -> Sequence[Any]:
    """Who can be mentioned."""
    return accounts.active_colleagues()
