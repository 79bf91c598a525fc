"""What the rooms below people add to people's pages and to Today, and their part in erasures and exports."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fourfold.accounts.types import Viewer
from fourfold.base import clock
from fourfold.files import actions as files
from fourfold.files import pages as files_pages
from fourfold.files import queries as kept
from fourfold.people import queries as people
from fourfold.people.types import EVERYBODY, PanelContent, TodayEntry, TodayGroup
from fourfold.search import actions as search
from fourfold.search import queries as found_by
from fourfold.work import actions as work
from fourfold.work import pages as work_pages
from fourfold.work import queries as tasks

SIDES = ("person", "candidate")
"""The kinds under which rooms keep things about a person: the open side, and the candidate side."""
ORGANISATION = "organisation"
SHOWN = 8


def work_of_person(key: UUID, viewer: Viewer, at: datetime) -> PanelContent:
    """On a person's page: notes and tasks about them, those of the candidate side for who may see it."""
    values = work_pages.part(viewer, [(kind, key) for kind in SIDES], at)
    return PanelContent(_("Notes and tasks"), "work/panel.html", values)


def work_of_organisation(key: UUID, viewer: Viewer, at: datetime) -> PanelContent:
    """On an organisation's page: notes and tasks about it."""
    return PanelContent(_("Notes and tasks"), "work/panel.html", work_pages.part(viewer, [(ORGANISATION, key)], at))


def files_of_person(key: UUID, viewer: Viewer, at: datetime) -> PanelContent:
    """On a person's page: files about them; CVs lie on the candidate side."""
    values = files_pages.part(viewer, [(kind, key) for kind in SIDES])
    return PanelContent(_("Files"), "files/panel.html", values)


def files_of_organisation(key: UUID, viewer: Viewer, at: datetime) -> PanelContent:
    """On an organisation's page: terms and other files."""
    return PanelContent(_("Files"), "files/panel.html", files_pages.part(viewer, [(ORGANISATION, key)]))


def tasks_due(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On Today: the viewer's tasks that are overdue or for today."""
    count, rows = tasks.waiting(viewer, at=at, limit=SHOWN)
    if not count:
        return None
    entries = [_entry(work_pages.task_line(row, viewer, at)) for row in rows]
    heading = ngettext("%(n)s task is due", "%(n)s tasks are due", count) % {"n": f"{count:,}"}
    more = reverse("tasks") if count > len(entries) else ""
    return TodayGroup(heading, _("Overdue ones first, then by time"), count, entries, more)


def _entry(line: Mapping[str, Any]) -> TodayEntry:
    task = line["task"]
    url = task.subject.url if task.subject else reverse("task", args=[task.key])
    parts = [_("overdue") if line["late"] else "", task.subject.label if task.subject else "", line["note"]]
    return TodayEntry(
        title=task.title,
        why=" · ".join(part for part in parts if part),
        action_label=_("Open"),
        url=url,
        icon=line["icon"],
    )


def erase_work(*, person_keys: Collection[UUID]) -> int:
    """Every note and task about a person, of both sides."""
    return work.forget(kinds=SIDES, keys=person_keys)


def export_work(*, person_keys: Collection[UUID]) -> Mapping[str, Any]:
    """The same notes and tasks."""
    return tasks.held_about(SIDES, person_keys)


def erase_files(*, person_keys: Collection[UUID]) -> int:
    """Every file about a person, bytes and pictures included."""
    return files.forget(kinds=SIDES, keys=person_keys)


def export_files(*, person_keys: Collection[UUID]) -> Mapping[str, Any]:
    """What the files are, and their texts."""
    return kept.held_about(SIDES, person_keys)


def erase_search(*, person_keys: Collection[UUID]) -> int:
    """A person's documents, at once."""
    return search.forget(kinds=SIDES, keys=person_keys)


def export_search(*, person_keys: Collection[UUID]) -> Mapping[str, Any]:
    """That there are documents: they repeat what the other rooms hold."""
    return found_by.held_about(SIDES, person_keys)


def merge_search(*, person_key: UUID, into_key: UUID, undo: bool) -> None:
    """Both records' documents are made anew; the joined one's goes at once."""
    if not undo:
        search.forget(kinds=SIDES, keys=[person_key])
    search.mark_stale(kind="person", keys=[person_key, into_key])


class PeopleForMails:
    """Fills ``studio.types.MailPeople``: whom a template can be tried with."""

    def find(self, viewer: Viewer, text: str) -> list[tuple[UUID, str]]:
        keys = people.keys_fitting(viewer, tree=EVERYBODY, text=text, at=clock.now(), limit=10)
        return [(card.key, card.name) for card in people.cards(viewer, keys)]

    def values(self, viewer: Viewer, key: UUID) -> dict[str, str]:
        [name] = [card.name for card in people.cards(viewer, [people.person_key_for(viewer, key)])]
        return {"name": name, "first_name": name.split(" ", maxsplit=1)[0]}
