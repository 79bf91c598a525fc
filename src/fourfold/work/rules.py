"""Pure decisions about work: who is mentioned, when a task is due, how it stands to today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from fourfold.work.types import Mention, NoteRefused, TaskRefused, When

MORNING = time(9)
"""When a task without a time is due: the start of the owner's working day."""
LONGEST_TITLE = 160


def mentions(text: str, names: Mapping[UUID, str]) -> tuple[Mention, ...]:
    """Colleagues named after an ``@``: by their whole name, or by a first name that only one of them has.

    Letters count in any case. An ``@`` within a word (an e-mail address) names nobody.
    """
    known = _callings(names)
    lower = "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)  # places must not shift
    found, start = [], 0
    while (at := lower.find("@", start)) >= 0:
        start = at + 1
        if at and (lower[at - 1].isalnum() or lower[at - 1] in "._-@"):
            continue
        for calling, key in known:
            end = start + len(calling)
            if lower.startswith(calling, start) and not lower[end : end + 1].isalnum():
                found.append(Mention(at, end, key))
                start = end
                break
    return tuple(found)


def _callings(names: Mapping[UUID, str]) -> list[tuple[str, UUID]]:
    """What each colleague can be called by, the longest first; what two share calls nobody."""
    callings: dict[str, set[UUID]] = {}
    for key, name in names.items():
        plain = " ".join(name.lower().split())
        for calling in {plain, plain.split(" ", 1)[0]} - {""}:
            callings.setdefault(calling, set()).add(key)
    unique = [(calling, keys.pop()) for calling, keys in callings.items() if len(keys) == 1]
    return sorted(unique, key=lambda one: -len(one[0]))


def in_parts(text: str, found: Sequence[Mention]) -> tuple[tuple[str, bool], ...]:
    """The text in pieces: (words, whether they name a colleague). Joined they are the text."""
    parts, at = [], 0
    for mention in found:
        parts += [(text[at : mention.start], False), (text[mention.start : mention.end], True)]
        at = mention.end
    return tuple(part for part in (*parts, (text[at:], False)) if part[0])


def checked_note(text: str, *, longest: int) -> str:
    """The text as it is kept. Raises NoteRefused for an empty one, and for one that is too long."""
    plain = text.replace("\0", "").replace("\r\n", "\n").strip()
    if not plain:
        raise NoteRefused("No note was kept.", "It has no words.", "Write something, or leave the page.")
    if len(plain) > longest:
        raise NoteRefused(
            "The note was not kept.", f"It has {len(plain):,} letters; {longest:,} is the most.", "Attach it as a file."
        )
    return plain


def checked_title(title: str, due_on: date | None, due_time: time | None) -> str:
    """The title as it is kept. Raises TaskRefused for an empty or long one, and for a time without a day."""
    plain = " ".join(title.replace("\0", "").split())
    if not plain or len(plain) > LONGEST_TITLE:
        why = f"Its title has {len(plain)} letters; {LONGEST_TITLE} is the most." if plain else "It has no title."
        raise TaskRefused("No task was kept.", why, "Say in a few words what is to be done.")
    if due_time and not due_on:
        raise TaskRefused("No task was kept.", "It has a time but no day.", "Choose the day as well.")
    return plain


def due_moment(due_on: date | None, due_time: time | None, zone: str) -> datetime | None:
    """The moment a task is due, in UTC; at nine in the morning of ``zone`` where it has no time."""
    if due_on is None:
        return None
    return datetime.combine(due_on, due_time or MORNING, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def when(due_on: date | None, due_time: time | None, due_at: datetime | None, *, at: datetime, zone: str) -> When:
    """How a task stands to today on the wall clock of ``zone``. A task without a time is overdue from the next day."""
    if due_on is None or due_at is None:
        return When.UNDATED
    today = at.astimezone(ZoneInfo(zone)).date()
    if due_on < today or (due_time is not None and due_at < at):
        return When.OVERDUE
    return When.TODAY if due_on == today else When.LATER


def snoozed_to(choice: str, *, at: datetime, zone: str) -> date:
    """The day a snoozed task moves to: ``tomorrow``, ``monday`` (the next one) or ``week`` (in seven days).

    Raises TaskRefused for anything else.
    """
    today = at.astimezone(ZoneInfo(zone)).date()
    days = {"tomorrow": 1, "monday": 7 - today.weekday(), "week": 7}.get(choice)
    if days is None:
        raise TaskRefused("The task was not moved.", f"“{choice}” is no day.", "Choose one of those offered.")
    return today + timedelta(days=days)
