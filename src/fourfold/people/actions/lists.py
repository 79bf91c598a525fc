"""Keep lists: saved filters and hot lists."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.ids import new_key
from fourfold.ledger import actions as ledger
from fourfold.ledger.queries import among
from fourfold.people import access, models, queries, rules
from fourfold.people.types import Group, ListKind, ListRefused, Sharing

MOST = 10_000


@transaction.atomic
def save_list(
    *, name: str, kind: ListKind, tree: Group, sharing: Sharing, viewer: Viewer, at: datetime, key: UUID | None = None
) -> UUID:
    """Keep a new list, or change one (``key``): its name, filters and sharing.

    The filters of a saved list must be answerable now; a hot list has none. Raises ListRefused, NotFound, NotAllowed.
    """
    if not name.strip():
        raise ListRefused("The list was not kept.", "It has no name.", "Give it one that colleagues understand.")
    if sharing is Sharing.TEAM and not viewer.team:
        raise ListRefused("The list was not kept.", "You are in no team.", "Share it with everybody, or keep it yours.")
    if kind is ListKind.SAVED:
        rules.check_filter(tree, queries.filter_fields(viewer, {one.field for one in tree.conditions()}))
    row = access.get_list_to_change(viewer, key) if key else models.SavedList(key=new_key(), made_at=at)
    row.name, row.kind, row.sharing = name.strip()[:80], kind, sharing
    row.tree = rules.filter_as_data(tree) if kind is ListKind.SAVED else {}
    if not key:
        row.owner_key = viewer.user_key
    row.team = (viewer.team or "") if sharing is Sharing.TEAM else ""
    row.save()
    accounts.audit(by=viewer.actor(), deed="save_list", at=at, subject=("list", row.key), summary=row.name)
    return row.key


@transaction.atomic
def remove_list(*, key: UUID, viewer: Viewer, at: datetime) -> None:
    """Remove a list; the people on it stay. Raises NotFound, NotAllowed."""
    row = access.get_list_to_change(viewer, key)
    accounts.audit(by=viewer.actor(), deed="remove_list", at=at, subject=("list", row.key), summary=row.name)
    row.delete()


@transaction.atomic
def add_to_list(*, key: UUID, people: Collection[UUID], viewer: Viewer, at: datetime) -> set[UUID]:
    """Put people on a hot list; returns those who were not on it. Raises NotFound, ListRefused."""
    row = _hot(viewer, key, people)
    seen = set(queries.visible(viewer, people))
    held = set(row.members.filter(person_id__in=among(seen)).values_list("person_id", flat=True))
    new = sorted(seen - held)
    columns = ("saved_list_id", "person_id", "by", "at")
    ledger.append(models.ListMember, columns, [(row.key, one, viewer.name, at) for one in new])
    return set(new)


@transaction.atomic
def take_from_list(*, key: UUID, people: Collection[UUID], viewer: Viewer, at: datetime) -> set[UUID]:
    """Take people off a hot list; returns those who were on it. Raises NotFound, ListRefused."""
    row = _hot(viewer, key, people)
    held = row.members.filter(person_id__in=among(list(people)))
    gone = set(held.values_list("person_id", flat=True))
    held.delete()
    return gone


def _hot(viewer: Viewer, key: UUID, people: Collection[UUID]) -> models.SavedList:
    row = access.get_list_for(viewer, key)
    if row.kind != ListKind.HOT:
        raise ListRefused(
            "Nobody was moved.", f"“{row.name}” is a filter: whoever fits is on it.", "Choose a hot list, or make one."
        )
    if len(people) > MOST:
        raise ListRefused("Nobody was moved.", f"{MOST:,} people at once are the most.", "Narrow the list first.")
    return row
