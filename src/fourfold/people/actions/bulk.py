"""Edits of many people at once, each of which can be undone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Viewer
from fourfold.base.ids import new_key
from fourfold.ledger import actions as ledger
from fourfold.ledger.queries import among
from fourfold.people import access, models, queries, rules
from fourfold.people.actions.lists import add_to_list, take_from_list
from fourfold.people.queries.words import OPENNESS_WORDS
from fourfold.people.types import BulkDeed, EditRefused, Openness

MOST = 10_000
NOTHING = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class Edit:
    """What to do to whom: ``value`` is a tag's name, a list's key, a colleague's key or an openness."""

    deed: BulkDeed
    value: str


@transaction.atomic
def edit_people(*, people: Sequence[UUID], edit: Edit, viewer: Viewer, at: datetime) -> UUID:
    """Do one thing to many people; whoever it changes nothing for is left out. Returns the edit's key, for undoing it.

    People the viewer may not see are left out, and for an openness those whose candidate side is hidden.
    Raises EditRefused, NotFound.
    """
    if not people:
        raise EditRefused(NOTHING, "Nobody was chosen.", "Tick some people first.")
    if len(people) > MOST:
        raise EditRefused(NOTHING, f"{MOST:,} people at once are the most.", "Narrow the list first.")
    if edit == Edit(BulkDeed.GIVE_OWNER, "me"):
        edit = Edit(BulkDeed.GIVE_OWNER, str(viewer.user_key))
    seen = queries.visible(viewer, people, candidates=edit.deed is BulkDeed.SAY_OPENNESS)
    what, before = DEEDS[edit.deed](seen, edit.value, viewer, at)
    row = models.BulkEdit.objects.create(
        key=new_key(), by_key=viewer.user_key, by=viewer.name, at=at, what=what[:160],
        deed={"deed": edit.deed.value, "value": edit.value}, people=len(before),
    )  # fmt: skip
    rows = [(row.key, key, held) for key, held in before.items()]
    ledger.append(models.BulkChange, ("edit_id", "person_id", "before"), rows)
    accounts.tell_watchers(kind="person", keys=set(before))
    subject = ("bulk_edit", row.key)
    accounts.audit(
        by=viewer.actor(), deed="edit_people", at=at, subject=subject, summary=f"{what}: {len(before)} people"
    )
    return row.key


@transaction.atomic
def undo_edit(*, key: UUID, viewer: Viewer, at: datetime) -> int:
    """Put back what an edit changed, where nobody changed it again since. Returns for how many people.

    Raises NotFound, EditRefused.
    """
    row = access.get_edit_for(viewer, key)
    if row.undone_at:
        raise EditRefused("Nothing was undone.", "This edit was undone before.", "Reload the page.")
    deed, value = BulkDeed(row.deed["deed"]), str(row.deed["value"])
    before = dict(row.changes.values_list("person_id", "before"))
    undone = UNDO[deed](before, value, viewer, at)
    accounts.tell_watchers(kind="person", keys=set(before))
    models.BulkEdit.objects.filter(pk=row.pk).update(undone_at=at, undone_by=viewer.name)
    accounts.audit(by=viewer.actor(), deed="undo_edit", at=at, subject=("bulk_edit", key), summary=row.what)
    return undone


@transaction.atomic
def note_list_export(*, viewer: Viewer, what: str, at: datetime) -> None:
    """Keep who took a list of people out of the house. Raises NotAllowed."""
    access.require_list_exporter(viewer)
    accounts.audit(by=viewer.actor(), deed="export_people", at=at, summary=what)


Before = Mapping[UUID, dict[str, Any]]
Done = tuple[str, Before]


def _tag(people: Sequence[UUID], name: str, viewer: Viewer, at: datetime) -> Done:
    plain = rules.plain(name)[:60]
    if not plain:
        raise EditRefused(NOTHING, "The tag has no name.", "Write one.")
    tag, _made = models.Tag.objects.get_or_create(sort_name=plain, defaults={"name": name.strip()[:60]})
    tagged = models.PersonTag.objects.filter(tag=tag, person_id__in=among(list(people)))
    held = set(tagged.values_list("person_id", flat=True))
    new = [key for key in people if key not in held]
    ledger.append(models.PersonTag, ("person_id", "tag_id"), [(key, tag.pk) for key in new])
    return f"Tag “{tag.name}” added", {key: {} for key in new}


def _untag(people: Collection[UUID], name: str, viewer: Viewer, at: datetime) -> Done:
    rows = models.PersonTag.objects.filter(tag__sort_name=rules.plain(name), person_id__in=among(list(people)))
    held = list(rows.values_list("person_id", flat=True))
    rows.delete()
    return f"Tag “{name.strip()}” taken off", {key: {} for key in held}


def _put_on_list(people: Sequence[UUID], value: str, viewer: Viewer, at: datetime) -> Done:
    key = _as_key(value, "That is no list.")
    new = add_to_list(key=key, people=people, viewer=viewer, at=at)
    return f"Put on “{access.get_list_for(viewer, key).name}”", {one: {} for one in new}


def _take_off_list(people: Sequence[UUID], value: str, viewer: Viewer, at: datetime) -> Done:
    key = _as_key(value, "That is no list.")
    gone = take_from_list(key=key, people=people, viewer=viewer, at=at)
    return f"Taken off “{access.get_list_for(viewer, key).name}”", {one: {} for one in gone}


def _own(people: Sequence[UUID], value: str, viewer: Viewer, at: datetime) -> Done:
    owner = None if value == "nobody" else _as_key(value, "That is no colleague.")
    name = accounts_queries.names([owner]).get(owner) if owner else "nobody"
    if name is None:
        raise EditRefused(NOTHING, "That is no colleague.", "Choose one of those shown.")
    rows = models.Person.objects.filter(pk__in=among(list(people)))
    rows = rows.exclude(owner_key=owner) if owner else rows.exclude(owner_key=None)
    before = {key: {"owner": str(held) if held else ""} for key, held in rows.values_list("key", "owner_key")}
    models.Person.objects.filter(pk__in=among(list(before))).update(owner_key=owner)
    return f"Owner: {name}", before


def _open(people: Sequence[UUID], value: str, viewer: Viewer, at: datetime) -> Done:
    if value not in set(Openness):
        raise EditRefused(NOTHING, f"“{value}” is none of the choices.", "Choose one of those shown.")
    rows = models.Person.objects.filter(pk__in=among(list(people))).exclude(openness=value)
    before = {key: {"openness": held} for key, held in rows.values_list("key", "openness")}
    models.Person.objects.filter(pk__in=among(list(before))).update(openness=value, openness_at=at)
    return str(OPENNESS_WORDS[Openness(value)]), before


def _as_key(value: str, why: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise EditRefused(NOTHING, why, "Choose one of those shown.") from None


def _undo_tag(before: Before, name: str, viewer: Viewer, at: datetime) -> int:
    rows = models.PersonTag.objects.filter(tag__sort_name=rules.plain(name), person_id__in=among(list(before)))
    return rows.delete()[0]


def _undo_untag(before: Before, name: str, viewer: Viewer, at: datetime) -> int:
    return len(_tag(list(before), name, viewer, at)[1])


def _undo_put(before: Before, value: str, viewer: Viewer, at: datetime) -> int:
    return len(take_from_list(key=UUID(value), people=list(before), viewer=viewer, at=at))


def _undo_take(before: Before, value: str, viewer: Viewer, at: datetime) -> int:
    return len(add_to_list(key=UUID(value), people=list(before), viewer=viewer, at=at))


def _undo_own(before: Before, value: str, viewer: Viewer, at: datetime) -> int:
    owner = None if value == "nobody" else UUID(value)
    rows = models.Person.objects.filter(pk__in=among(list(before)), owner_key=owner)
    return _put_back(rows, "owner_key", {key: held["owner"] or None for key, held in before.items()})


def _undo_open(before: Before, value: str, viewer: Viewer, at: datetime) -> int:
    rows = models.Person.objects.filter(pk__in=among(list(before)), openness=value)
    return _put_back(rows, "openness", {key: held["openness"] for key, held in before.items()})


def _put_back(rows: Any, column: str, values: Mapping[UUID, Any]) -> int:
    """Give each of these rows its earlier value, a statement for each value there was."""
    keys = set(rows.values_list("key", flat=True))
    by_value: dict[Any, list[UUID]] = {}
    for key in keys:
        by_value.setdefault(values[key], []).append(key)
    for value, held in by_value.items():
        models.Person.objects.filter(pk__in=among(held)).update(**{column: value})
    return len(keys)


Do = Callable[[Sequence[UUID], str, Viewer, datetime], Done]
DEEDS: dict[BulkDeed, Do] = {
    BulkDeed.ADD_TAG: _tag,
    BulkDeed.REMOVE_TAG: _untag,
    BulkDeed.ADD_TO_LIST: _put_on_list,
    BulkDeed.REMOVE_FROM_LIST: _take_off_list,
    BulkDeed.GIVE_OWNER: _own,
    BulkDeed.SAY_OPENNESS: _open,
}
UNDO: dict[BulkDeed, Callable[[Before, str, Viewer, datetime], int]] = {
    BulkDeed.ADD_TAG: _undo_tag,
    BulkDeed.REMOVE_TAG: _undo_untag,
    BulkDeed.ADD_TO_LIST: _undo_put,
    BulkDeed.REMOVE_FROM_LIST: _undo_take,
    BulkDeed.GIVE_OWNER: _undo_own,
    BulkDeed.SAY_OPENNESS: _undo_open,
}
