"""Pages of people: who fits, in an order that has a name, counted up to 10,000."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery

from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.ledger import queries as ledger
from fourfold.people import models, rules
from fourfold.people.queries.filters import fitting
from fourfold.people.queries.persons import cards_of
from fourfold.people.types import EVERYBODY, Group, ListOrder, PeopleList, Scheme

PAGE_SIZE = 50
COUNT_LIMIT = 10_000
ACTIVITY = {ListOrder.CONTACTED: "last_contacted_at", ListOrder.SIGNAL: "last_inbound_at"}


def people(
    viewer: Viewer,
    *,
    tree: Group = EVERYBODY,
    text: str = "",
    order: ListOrder = ListOrder.NAME,
    at: datetime,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> PeopleList:
    """A page of those who fit. ``text`` is part of a name or a whole address.

    By name there is no end to the pages; by another order up to 10,000 people: a longer list has to be narrowed, and
    is given by name. Raises NotFound for a broken cursor, BadFilter.
    """
    rows = fitting(viewer, tree, at=at)
    if text.strip():
        rows = rows.filter(_matches(text))
    counted = len(rows.order_by()[: COUNT_LIMIT + 1].values_list("pk"))
    all_counted = counted <= COUNT_LIMIT
    order = order if all_counted else ListOrder.NAME
    found = _page(rows, order, cursor, size + 1)
    older = _cursor(found[size - 1], order, cursor, size) if len(found) > size else None
    cards = cards_of(viewer, found[:size])
    return PeopleList(tuple(cards), older, min(counted, COUNT_LIMIT), all_counted, order)


def keys_fitting(viewer: Viewer, *, tree: Group, text: str = "", at: datetime, limit: int) -> list[UUID]:
    """The keys of those who fit, at most ``limit``. Raises BadFilter."""
    rows = fitting(viewer, tree, at=at)
    rows = rows.filter(_matches(text)) if text.strip() else rows
    return list(rows.order_by("sort_name", "key").values_list("key", flat=True)[:limit])


def visible(viewer: Viewer, keys: Collection[UUID], *, candidates: bool = False) -> list[UUID]:
    """Which of these listed people the viewer may see; ``candidates``: their candidate side too."""
    rows = models.Person.objects.visible_to(viewer).listed().filter(pk__in=ledger.among(list(keys)))
    rows = rows.candidate_side_visible_to(viewer) if candidates else rows
    return list(rows.values_list("key", flat=True))


def _page(rows: models.PersonQuerySet, order: ListOrder, cursor: str | None, size: int) -> list[models.Person]:
    rows = rows.select_related("organisation")
    if order is ListOrder.NAME:
        if cursor:
            name, key = _read_cursor(cursor)
            rows = rows.filter(Q(sort_name__gt=name) | Q(sort_name=name, key__gt=UUID(key)))
        return list(rows.order_by("sort_name", "key")[:size])
    start = _read_start(cursor)
    if order is ListOrder.ADDED:
        return list(rows.order_by("-added_at", "key")[start : start + size])
    column = ACTIVITY[order]
    held = ledger.activity_column(column).filter(person_key=OuterRef("key"))
    last = F("last").desc(nulls_last=True) if order is ListOrder.SIGNAL else F("last").asc(nulls_first=True)
    return list(rows.annotate(last=Subquery(held)).order_by(last, "sort_name", "key")[start : start + size])


def _matches(text: str) -> Q:
    """People whose name has all these words, or one of whose addresses this is."""
    wanted = rules.sort_name(text).split()
    words = Q() if wanted else Q(pk__in=[])
    for word in wanted:
        words &= Q(sort_name__contains=word)
    for scheme in (Scheme.EMAIL, Scheme.PHONE, Scheme.PROFILE):
        identifier = rules.normalise(scheme, text)
        if identifier:
            held = models.PersonIdentifier.objects.filter(scheme=scheme, value=identifier.value)
            words |= Q(key__in=held.values("person_id"))
    return words


def _cursor(person: models.Person, order: ListOrder, before: str | None, size: int) -> str:
    parts: list[Any] = [person.sort_name, person.key.hex]
    if order is not ListOrder.NAME:
        parts = ["", str(_read_start(before) + size)]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[str, str]:
    try:
        name, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return str(name).replace("\0", ""), UUID(str(key)).hex
    except (ValueError, TypeError):
        raise _lost() from None


def _read_start(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        start = int(json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[1])
    except (ValueError, TypeError, IndexError, KeyError):
        raise _lost() from None
    if not 0 <= start <= COUNT_LIMIT:
        raise _lost()
    return start


def _lost() -> NotFound:
    return NotFound("This page was not found.", "Its address was cut or changed.", "Go back to the first page.")
