"""Reads of search: answers in a viewer's name."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotFound
from fourfold.ledger.queries import among
from fourfold.search import index, models, rules
from fourfold.search.types import COUNTED, AllOf, Answer, AnyOf, Asked, Field, Hit, Leaf, Order, Query

PAGE_SIZE = 20
MOST_CLOSE = 6
MOST_LEAVES_COUNTED = 12
_FIELDS = (
    (Field.NAME, "name"), (Field.TITLE, "titles"), (Field.SKILL, "skills"), (Field.PLACE, "places"),
    (Field.BODY, "body"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """A document that matched, with what it can be put in order by."""

    pk: int
    kind: str
    sort_name: str
    last_contact: Any
    available_from: Any
    latitude: float | None
    longitude: float | None


def search(viewer: Viewer, asked: Asked, *, cursor: str | None = None, size: int = PAGE_SIZE) -> Answer:
    """One page of what the viewer may find, in an order that can be named.

    Where nothing has the words as written, words one or two slips away stand in (``close`` says which). Raises
    QueryRefused for a search that can't be read, NotFound for a broken cursor.
    """
    query = rules.parse(asked.text)
    place = [_place(value) for name, value in asked.narrowed if name == "place" and rules.tokens(value)]
    facets = [rules.facet(name, value) for name, value in asked.narrowed if name != "place" and rules.tokens(value)]
    if not viewer.roles or (query is None and not facets and not place):
        return Answer((), {}, False, asked.order, None)
    wanted = _with(query, place)
    close: dict[str, tuple[str, ...]] = {}
    rows = _matching(viewer, wanted, facets)
    if not rows and query is not None:
        close = _close_words(query)
        if close:
            query = rules.widened(query, close)
            wanted = _with(query, place)
            rows = _matching(viewer, wanted, facets)
    near = place_of(asked.near) if asked.near else None
    cut = len(rows) > COUNTED
    rows = rows[:COUNTED]
    order = _order(asked.order, cut=cut, near=near, query=query)
    keyed = _in_order(rows, order, near, wanted, facets)
    if cursor:
        after = _read_cursor(cursor)
        keyed = [one for one in keyed if _later(one[0], after)]
    page = keyed[:size]
    older = _cursor(page[-1][0]) if len(keyed) > size else None
    counts = Counter(row.kind for row in rows)
    words = tuple(rules.leaves(query)) if query else ()
    hits = _hits(viewer, [row for _, row in page], words, near)
    return Answer(hits, counts, cut, order, older, close if rows else {}, bool(asked.near and near is None))


def _place(value: str) -> Leaf:
    return Leaf(tuple(rules.tokens(value)), field=Field.PLACE)


def _with(query: Query | None, place: Sequence[Leaf]) -> Query | None:
    parts = (*((query,) if query else ()), *place)
    return AllOf(parts) if len(parts) > 1 else parts[0] if parts else None


def _matching(viewer: Viewer, query: Query | None, facets: Sequence[str]) -> list[_Found]:
    found = index.matching(
        index.expression(query, facets),
        user_key=viewer.user_key,
        leads=viewer.has(Role.LEADER),
        limit=COUNTED + 1,
    )
    return [_Found(*row) for row in found]


def _order(order: Order, *, cut: bool, near: Any, query: Query | None) -> Order:
    """The order that can be kept: too many hits, no words or no place to measure from leave the last contact."""
    if order is Order.DISTANCE and near is None:
        return Order.CONTACT
    return Order.CONTACT if order is Order.WORDS and (cut or query is None) else order


def _in_order(
    rows: Sequence[_Found],
    order: Order,
    near: tuple[float, float] | None,
    query: Query | None,
    facets: Sequence[str],
) -> list[tuple[tuple[Any, ...], _Found]]:
    """The rows with their sort keys, the first first. Every key ends with the name and the id, so none are equal."""
    named, counted = _ranks(query, facets) if order is Order.WORDS and query else (set(), Counter())
    keyed = []
    for row in rows:
        first: tuple[Any, ...] = ()
        if order is Order.WORDS:
            first = (row.pk not in named, -counted[row.pk])
        elif order is Order.AVAILABLE:
            first = (row.available_from is None, _text(row.available_from))
        elif order is Order.DISTANCE and near is not None:
            there = (row.latitude, row.longitude)
            away = rules.kilometres(near, there) if there[0] is not None and there[1] is not None else None  # type: ignore[arg-type]
            first = (away is None, round(away or 0, 1))
        if order in {Order.WORDS, Order.CONTACT}:
            first += (row.last_contact is None, _backwards(_text(row.last_contact)))
        keyed.append(((*first, row.sort_name, row.pk), row))
    keyed.sort(key=lambda one: one[0])
    return keyed


def _text(moment: Any) -> str:
    """A moment as text that sorts: SQLite hands it out as text, PostgreSQL as a value."""
    return str(moment or "")


_TURNED = str.maketrans("0123456789", "9876543210")


def _backwards(moment: str) -> str:
    """A text that sorts the latest moment first."""
    return moment[:19].translate(_TURNED)


def _ranks(query: Query, facets: Sequence[str]) -> tuple[set[int], Counter[int]]:
    """Which documents have the search in their name alone, and how many of its either-or words each has."""
    named: set[int] = set()
    plain = _in_name(query)
    if plain is not None:
        named = index.documents_of(index.expression(plain, facets), limit=COUNTED)
    counted: Counter[int] = Counter()
    optional = list(dict.fromkeys(_optional(query)))
    if len(optional) > 1:
        for leaf in optional[:MOST_LEAVES_COUNTED]:
            both = AllOf((query, leaf))
            counted += Counter(index.documents_of(index.expression(both, facets), limit=COUNTED))
    return named, counted


def _in_name(query: Query) -> Query | None:
    """The search asked of names only; None where it asks for another field."""
    if isinstance(query, Leaf):
        return Leaf(query.tokens, query.prefix, Field.NAME) if query.field in {None, Field.NAME} else None
    parts = [_in_name(part) for part in query.parts]
    if isinstance(query, AnyOf):
        kept = tuple(part for part in parts if part)
        return AnyOf(kept) if kept else None
    return AllOf(tuple(part for part in parts if part), query.without) if all(parts) else None


def _optional(query: Query, *, within: bool = False) -> Sequence[Leaf]:
    """The words of which not all need to be there."""
    if isinstance(query, Leaf):
        return [query] if within else []
    within = within or isinstance(query, AnyOf)
    return [leaf for part in query.parts for leaf in _optional(part, within=within)]


def _close_words(query: Query) -> dict[str, tuple[str, ...]]:
    """For each single word looked for, known words that it may be, mistyped: the nearest first."""
    wanted = {leaf.tokens[0] for leaf in rules.leaves(query) if len(leaf.tokens) == 1 and not leaf.prefix}
    found: dict[str, tuple[str, ...]] = {}
    for word in sorted(wanted):
        rows = models.WordForm.objects.filter(form__in=rules.forms(word)).values_list("word__word", flat=True)
        near = {one for one in rows if one != word and rules.is_close(word, one)}
        ranked = sorted(near, key=lambda one: (rules.distance(word, one), one))
        if ranked:
            found[word] = tuple(ranked[:MOST_CLOSE])
    return found


def _hits(
    viewer: Viewer, rows: Sequence[_Found], words: Sequence[Leaf], near: tuple[float, float] | None
) -> tuple[Hit, ...]:
    """The page's rows with label, address and snippet. What the gate of its kind does not show now is left out."""
    documents = models.IndexedDocument.objects.in_bulk([row.pk for row in rows])
    keys: dict[str, set[UUID]] = {}
    for one in documents.values():
        keys.setdefault(one.kind, set()).add(one.key)
    seen = {(kind, key): subject for kind, some in keys.items()
            for key, subject in accounts.subjects(viewer, kind, some).items()}  # fmt: skip
    hits = []
    for one in filter(None, (documents.get(row.pk) for row in rows)):
        subject = seen.get((one.kind, one.key))
        if subject is None:
            continue
        where, snippet = _snippet(one, words)
        note = " · ".join(part for part in (one.titles.split("\n")[0], one.places.split("\n")[0]) if part)
        away = None
        if near and one.latitude is not None and one.longitude is not None:
            away = rules.kilometres(near, (one.latitude, one.longitude))
        hits.append(
            Hit(one.kind, one.key, subject.label, subject.url, note, snippet, where, one.last_contact,
                one.available_from, away)
        )  # fmt: skip
    return tuple(hits)


def _snippet(one: models.IndexedDocument, words: Sequence[Leaf]) -> tuple[str, tuple[tuple[str, bool], ...]]:
    """The first field that shows a word looked for, and the piece of it; the name shows itself."""
    for field, column in _FIELDS:
        asked = [leaf for leaf in words if leaf.field in {None, field}]
        text = getattr(one, column)
        found = rules.snippet(text if field is Field.BODY else text.replace("\n", " · "), asked) if asked else ()
        if found:
            return field.value, found if field is not Field.NAME else ()
    return "", ()


def _cursor(key: tuple[Any, ...]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[Any, ...]:
    try:
        return tuple(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))
    except (ValueError, TypeError):
        raise _no_page() from None


def _later(key: tuple[Any, ...], after: tuple[Any, ...]) -> bool:
    try:
        if len(key) == len(after):
            return key > after
    except TypeError:  # a cursor of another order, as one of another length
        pass
    raise _no_page()


def _no_page() -> NotFound:
    return NotFound("This page was not found.", "Its address was cut or changed.", "Go back to the first page.")


def place_of(name: str, country: str = "") -> tuple[float, float] | None:
    """Where a town lies (latitude, longitude): of several of that name the one with most inhabitants."""
    return places_of([(name, country)]).get((name, country))


def places_of(towns: Collection[tuple[str, str]]) -> dict[tuple[str, str], tuple[float, float]]:
    """Where towns lie, by (name, country code or nothing); unknown ones are left out. One statement."""
    wanted = {town: rules.plain_place(town[0]) for town in towns}
    rows = models.Place.objects.filter(plain__in=among({plain for plain in wanted.values() if plain}))
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for plain, country, lat, lon in rows.order_by("population").values_list(
        "plain", "country", "latitude", "longitude"
    ):
        found[plain, country] = found[plain, ""] = (lat, lon)
    return {town: found[plain, town[1]] for town, plain in wanted.items() if (plain, town[1]) in found}


def knows_places() -> bool:
    return models.Place.objects.exists()


def anything_stale() -> bool:
    """Whether documents are behind."""
    return models.StaleDocument.objects.exists()


def is_empty() -> bool:
    return not models.IndexedDocument.objects.exists()


def held_about(kinds: Collection[str], keys: Collection[UUID]) -> Mapping[str, Any]:
    """How many documents of these things there are: they repeat what other rooms hold."""
    found = models.IndexedDocument.objects.filter(kind__in=list(kinds), key__in=list(keys))
    return {"documents": found.count()}
