"""Deeds of work: write, edit, pin and remove notes; give, do, move and change tasks; tell colleagues."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Colleague, Subject, Viewer
from fourfold.base.actor import HOUSE, Actor
from fourfold.base.errors import NotFound
from fourfold.base.ids import new_key
from fourfold.ledger.queries import among
from fourfold.work import access, models, rules
from fourfold.work.types import LONGEST_NOTE, NewNote, NewTask, TaskKind, TaskRefused, Told

_NOTES_AT_ONCE = 500


@transaction.atomic
def write_note(*, about: tuple[str, UUID], text: str, viewer: Viewer, at: datetime) -> UUID:
    """Keep a colleague's note about something they may see, and tell those whom it mentions.

    Raises NotFound, NoteRefused.
    """
    subject = accounts_queries.subject(viewer, *about)
    plain = rules.checked_note(text, longest=LONGEST_NOTE)
    note = models.Note.objects.create(
        subject_kind=subject.kind,
        subject_key=subject.key,
        text=plain,
        author_key=viewer.user_key,
        author_name=viewer.name[:80],
        at=at,
    )
    _tell_mentioned(note, viewer, at)
    _note_changed(note, "write_note", viewer, at)
    return note.key


def _note_changed(note: models.Note, deed: str, viewer: Viewer, at: datetime) -> None:
    accounts.audit(by=viewer.actor(), deed=deed, at=at, subject=(note.subject_kind, note.subject_key))
    accounts.tell_watchers(kind=note.subject_kind, keys=[note.subject_key])


def _tell_mentioned(note: models.Note, viewer: Viewer, at: datetime) -> None:
    """Notifications for those mentioned who were not told of this note before, who may see what it is about."""
    names = {one.key: one.name for one in accounts_queries.active_colleagues()}
    named = {found.key for found in rules.mentions(note.text, names)} - {viewer.user_key}
    named -= set(models.Notification.objects.filter(note=note).values_list("user_key", flat=True))
    for key in sorted(named):
        reader = accounts_queries.viewer_of(key)
        if reader and accounts_queries.subjects(reader, note.subject_kind, [note.subject_key]):
            models.Notification.objects.create(user_key=key, told=Told.MENTIONED, note=note, by=viewer.name[:80], at=at)


@transaction.atomic
def add_notes(*, notes: Sequence[NewNote], by: Actor, at: datetime) -> int:
    """Add notes that come from elsewhere, under their own dates and authors; returns how many are new.

    The same ``source`` and ``source_ref`` are added once, whatever the text. Nobody is told of mentions. One audit
    entry for the whole call; some thousands a call at most.
    """
    new = {(one.source, one.source_ref): one for one in notes if one.source_ref}
    known: set[tuple[str, str]] = set()
    for source in {one[0] for one in new}:
        refs = among([ref for named, ref in new if named == source])
        found = models.Note.objects.filter(source=source, source_ref__in=refs).exclude(source_ref="")
        known |= {(source, ref) for ref in found.values_list("source_ref", flat=True)}
    wanted = [one for ref, one in new.items() if ref not in known] + [one for one in notes if not one.source_ref]
    rows = [
        models.Note(
            key=new_key(),
            subject_kind=one.subject_kind,
            subject_key=one.subject_key,
            text=one.text.replace("\0", "").strip(),
            author_key=one.author_key,
            author_name=one.author_name[:80],
            at=one.at,
            source=one.source[:80],
            source_ref=one.source_ref[:120],
        )
        for one in wanted
    ]
    rows = [row for row in rows if row.text]
    models.Note.objects.bulk_create(rows, batch_size=_NOTES_AT_ONCE)
    if rows:
        accounts.audit(by=by, deed="add_notes", at=at, summary=f"{len(rows)} notes")
        for kind in {row.subject_kind for row in rows}:
            accounts.tell_watchers(kind=kind, keys={row.subject_key for row in rows if row.subject_kind == kind})
    return len(rows)


@transaction.atomic
def edit_note(*, key: UUID, text: str, viewer: Viewer, at: datetime) -> Subject:
    """Change a note's words; what it said before is kept. Raises NotFound, NotAllowed, NoteRefused."""
    note, subject = access.get_note_for(viewer, key)
    access.require_note_changer(viewer, note)
    plain = rules.checked_note(text, longest=LONGEST_NOTE)
    if plain != note.text:
        models.NoteVersion.objects.create(note=note, text=note.text, until=at, by=viewer.name[:80])
        note.text, note.edited_at = plain, at
        note.save(update_fields=["text", "edited_at"])
        _tell_mentioned(note, viewer, at)
        _note_changed(note, "edit_note", viewer, at)
    return subject


@transaction.atomic
def pin_note(*, key: UUID, pinned: bool, viewer: Viewer, at: datetime) -> Subject:
    """Keep a note on top, or no longer. Whoever sees it may. Raises NotFound."""
    note, subject = access.get_note_for(viewer, key)
    models.Note.objects.filter(pk=key).update(pinned=pinned)
    accounts.audit(
        by=viewer.actor(),
        deed="pin_note" if pinned else "unpin_note",
        at=at,
        subject=(note.subject_kind, note.subject_key),
    )
    return subject


@transaction.atomic
def remove_note(*, key: UUID, viewer: Viewer, at: datetime) -> Subject:
    """Take a note away; it can be brought back. Raises NotFound, NotAllowed."""
    note, subject = access.get_note_for(viewer, key)
    access.require_note_changer(viewer, note)
    models.Note.objects.filter(pk=key).update(removed_at=at)
    _note_changed(note, "remove_note", viewer, at)
    return subject


@transaction.atomic
def bring_note_back(*, key: UUID, viewer: Viewer, at: datetime) -> Subject:
    """Undo a removal. Raises NotFound, NotAllowed."""
    note, subject = access.get_note_for(viewer, key, removed=True)
    access.require_note_changer(viewer, note)
    models.Note.objects.filter(pk=key).update(removed_at=None)
    _note_changed(note, "bring_note_back", viewer, at)
    return subject


@transaction.atomic
def add_task(*, task: NewTask, by: Actor, at: datetime) -> UUID:
    """Give a task; its owner is told unless they gave it to themselves. Raises TaskRefused."""
    owner = _owner(task.owner_key)
    title = rules.checked_title(task.title, task.due_on, task.due_time)
    kind, key = task.subject or ("", None)
    made = models.Task.objects.create(
        subject_kind=kind,
        subject_key=key,
        title=title,
        kind=task.kind,
        owner_key=owner.key,
        given_by_key=by.user_key,
        given_by=by.name[:80],
        at=at,
        due_on=task.due_on,
        due_time=task.due_time,
        due_at=rules.due_moment(task.due_on, task.due_time, owner.zone),
    )
    _tell_owner(made, by, at)
    accounts.audit(by=by, deed="add_task", at=at, subject=("task", made.key), summary=f"{title} for {owner.name}")
    return made.key


@transaction.atomic
def give_task(*, task: NewTask, viewer: Viewer, at: datetime) -> UUID:
    """Give a task from a page: what it is about must be open to who gives it, and to who gets it.

    Raises NotFound, TaskRefused.
    """
    if task.subject:
        subject = accounts_queries.subject(viewer, *task.subject)
        owner = accounts_queries.viewer_of(task.owner_key)
        if owner is None or not accounts_queries.subjects(owner, subject.kind, [subject.key]):
            raise TaskRefused(
                "No task was given.",
                "What it is about is not open to the colleague you chose.",
                "Keep it yourself, or give it to somebody who works with this record.",
            )
    return add_task(task=task, by=viewer.actor(), at=at)


def _owner(key: UUID) -> Colleague:
    owner = next((one for one in accounts_queries.active_colleagues() if one.key == key), None)
    if owner is None:
        raise TaskRefused(
            "No task was kept.", "Its owner doesn't work here any more.", "Choose a colleague who signs in."
        )
    return owner


def _tell_owner(task: models.Task, by: Actor, at: datetime) -> None:
    if task.owner_key != by.user_key:
        models.Notification.objects.create(
            user_key=task.owner_key, told=Told.TASK_GIVEN, task=task, by=by.name[:80], at=at
        )


@transaction.atomic
def change_task(*, key: UUID, to: NewTask, viewer: Viewer, at: datetime) -> None:
    """Change a task's words, day, time, kind or owner; a new owner is told. What it is about stays.

    Raises NotFound, TaskRefused.
    """
    task = access.get_task_for(viewer, key)
    owner, before = _owner(to.owner_key), task.owner_key
    task.title = rules.checked_title(to.title, to.due_on, to.due_time)
    moment = rules.due_moment(to.due_on, to.due_time, owner.zone)
    if moment != task.due_at:
        task.reminded_at = None
    task.kind, task.owner_key, task.due_on, task.due_time, task.due_at = (
        to.kind, owner.key, to.due_on, to.due_time, moment,
    )  # fmt: skip
    task.save()
    if owner.key != before:
        _tell_owner(task, viewer.actor(), at)
    accounts.audit(by=viewer.actor(), deed="change_task", at=at, subject=("task", key), summary=task.title)


@transaction.atomic
def do_task(*, key: UUID, viewer: Viewer, at: datetime) -> None:
    """Tick a task off. Twice is once. Raises NotFound."""
    task = access.get_task_for(viewer, key)
    if models.Task.objects.filter(pk=key, done_at=None).update(done_at=at, done_by=viewer.name[:80]):
        accounts.audit(by=viewer.actor(), deed="do_task", at=at, subject=("task", key), summary=task.title)


@transaction.atomic
def reopen_task(*, key: UUID, viewer: Viewer, at: datetime) -> None:
    """Undo a tick. Raises NotFound."""
    task = access.get_task_for(viewer, key)
    if models.Task.objects.filter(pk=key, done_at__isnull=False).update(done_at=None, done_by=""):
        accounts.audit(by=viewer.actor(), deed="reopen_task", at=at, subject=("task", key), summary=task.title)


@transaction.atomic
def snooze_task(*, key: UUID, to: str, viewer: Viewer, at: datetime) -> None:
    """Move a task to ``tomorrow``, ``monday`` or in a ``week``; its time of day stays. Raises NotFound, TaskRefused."""
    task = access.get_task_for(viewer, key)
    owner = _owner(task.owner_key)
    day = rules.snoozed_to(to, at=at, zone=owner.zone)
    task.due_on, task.due_at = day, rules.due_moment(day, task.due_time, owner.zone)
    task.reminded_at = None
    task.save(update_fields=["due_on", "due_at", "reminded_at"])
    accounts.audit(by=viewer.actor(), deed="snooze_task", at=at, subject=("task", key), summary=f"to {day}")


@transaction.atomic
def move_task(*, key: UUID, due_on: date, by: Actor, at: datetime) -> bool:
    """Give an open task another day, because what it is for has moved. False where it is done or gone."""
    task = models.Task.objects.filter(pk=key, done_at=None).first()
    if task is None or task.due_on == due_on:
        return task is not None
    zone = next((one.zone for one in accounts_queries.active_colleagues() if one.key == task.owner_key), "UTC")
    task.due_on, task.due_at = due_on, rules.due_moment(due_on, task.due_time, zone)
    task.reminded_at = None
    task.save(update_fields=["due_on", "due_at", "reminded_at"])
    accounts.audit(by=by, deed="move_task", at=at, subject=("task", key), summary=f"to {due_on}")
    return True


@transaction.atomic
def take_back_tasks(*, keys: Collection[UUID], by: Actor, at: datetime) -> int:
    """Take back open tasks whose reason fell away; done ones stay. Returns how many."""
    rows = models.Task.objects.filter(pk__in=among(keys), done_at=None)
    count = rows.count()
    rows.delete()
    if count:
        accounts.audit(by=by, deed="take_back_tasks", at=at, summary=f"{count} tasks")
    return count


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Tell the owners of tasks that came due: those with a time, and reminders. Once a task and day.

    Returns how many were told.
    """
    due = models.Task.objects.select_for_update().filter(done_at=None, reminded_at=None, due_at__lte=at)
    tasks = list(due.order_by("due_at")[:1000])
    told = [task for task in tasks if task.due_time is not None or task.kind == TaskKind.REMINDER]
    models.Notification.objects.bulk_create(
        models.Notification(user_key=task.owner_key, told=Told.TASK_DUE, task=task, by=HOUSE.name, at=at)
        for task in told
    )
    models.Task.objects.filter(pk__in=[task.pk for task in tasks]).update(reminded_at=at)
    return len(told)


@transaction.atomic
def see_notifications(*, viewer: Viewer, at: datetime) -> int:
    """Mark everything the viewer was told as seen; returns how many were not."""
    return models.Notification.objects.filter(user_key=viewer.user_key, seen_at=None).update(seen_at=at)


@transaction.atomic
def open_notification(*, key: int, viewer: Viewer, at: datetime) -> Subject | None:
    """Mark one as seen and return the subject to open, or None for a task about nothing. Raises NotFound."""
    row = models.Notification.objects.select_related("note", "task").filter(pk=key, user_key=viewer.user_key).first()
    if row is None:
        raise NotFound("This was not found.", "It is gone, or not yours.", "Reload the page.")
    models.Notification.objects.filter(pk=key, seen_at=None).update(seen_at=at)
    thing = row.note or row.task
    if thing is None or thing.subject_key is None:
        return None
    return accounts_queries.subjects(viewer, thing.subject_kind, [thing.subject_key]).get(thing.subject_key)


def forget(*, kinds: Collection[str], keys: Collection[UUID]) -> int:
    """Erase every note and task about these keys, and what colleagues were told of them. In the caller's transaction.

    Returns how many notes and tasks there were.
    """
    notes = models.Note.objects.filter(subject_kind__in=list(kinds), subject_key__in=list(keys))
    tasks = models.Task.objects.filter(subject_kind__in=list(kinds), subject_key__in=list(keys))
    count = notes.count() + tasks.count()
    notes.delete()
    tasks.delete()
    return count


@transaction.atomic
def take_back_notes(*, source: str, refs: Collection[str], by: Actor, at: datetime) -> int:
    """Remove notes that an import added, but for those that a colleague has edited since. Returns how many."""
    rows = models.Note.objects.filter(source=source, source_ref__in=among(refs), edited_at=None)
    about = list(rows.values_list("subject_kind", "subject_key"))
    count = len(about)
    rows.delete()
    for kind in {kind for kind, _ in about}:
        accounts.tell_watchers(kind=kind, keys={key for named, key in about if named == kind})
    if count:
        accounts.audit(by=by, deed="take_back_notes", at=at, summary=f"{count} notes")
    return count
