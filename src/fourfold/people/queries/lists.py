"""Reads of lists: which there are, what is on them, and what edits of many people can be undone."""

from __future__ import annotations

from uuid import UUID

from django.db.models import CharField, Count, Value
from django.db.models.functions import Cast

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.people import access, models, rules
from fourfold.people.types import BulkEditRow, CustomFieldRow, FieldKind, Group, ListKind, ListRow, Sharing


def lists(viewer: Viewer) -> tuple[ListRow, ...]:
    """The lists the viewer may use, by name. Two statements."""
    rows = list(access.lists_of(viewer).annotate(held=Count("members")).order_by("name", "key"))
    names = accounts.names({row.owner_key for row in rows})
    return tuple(_list_row(row, viewer, names.get(row.owner_key, "–"), row.held) for row in rows)


def _list_row(row: models.SavedList, viewer: Viewer, owner: str, held: int) -> ListRow:
    kind = ListKind(row.kind)
    return ListRow(
        key=row.key, name=row.name, kind=kind, sharing=Sharing(row.sharing), owner=owner,
        may_change=access.may_change_list(viewer, row), people=held if kind is ListKind.HOT else None,
        made_at=row.made_at, tree=rules.filter_from_data(row.tree),
    )  # fmt: skip


def tags_and_hot_lists(viewer: Viewer) -> tuple[list[str], list[tuple[str, str]]]:
    """What people can be put under: the first 200 tags, and the hot lists (key, name). One statement."""
    tags = models.Tag.objects.annotate(what=Value("tag")).values_list("what", "name", "sort_name")
    lists = access.lists_of(viewer).filter(kind=ListKind.HOT).annotate(what=Cast("key", CharField()))
    rows = tags.order_by().union(lists.order_by().values_list("what", "name", "name"), all=True).order_by("sort_name")
    found = list(rows[:400])
    return [name for what, name, _ in found if what == "tag"], [
        (what, name) for what, name, _ in found if what != "tag"
    ]


def saved_list(viewer: Viewer, key: UUID) -> ListRow:
    """One list. Raises NotFound."""
    row = access.get_list_for(viewer, key)
    owner = accounts.names([row.owner_key]).get(row.owner_key, "–")
    return _list_row(row, viewer, owner, row.members.count())


def tree_of_list(viewer: Viewer, key: UUID) -> Group:
    """The filter that answers a list, hot or saved. Raises NotFound."""
    row = access.get_list_for(viewer, key)
    return rules.tree_on_list(str(row.key)) if row.kind == ListKind.HOT else rules.filter_from_data(row.tree)


def bulk_edit(viewer: Viewer, key: UUID) -> BulkEditRow:
    """One edit of many people. Raises NotFound."""
    row = access.get_edit_for(viewer, key)
    return BulkEditRow(row.key, row.what, row.by, row.at, row.people, row.undone_at)


def custom_fields(*, retired: bool = False) -> tuple[CustomFieldRow, ...]:
    """The fields the house added, in their order."""
    rows = models.CustomField.objects.all()
    rows = rows if retired else rows.filter(retired_at=None)
    return tuple(
        CustomFieldRow(
            row.slug, row.label, row.help_text, FieldKind(row.kind), row.side, tuple(row.options), row.position,
            row.retired_at,
        )
        for row in rows
    )  # fmt: skip
