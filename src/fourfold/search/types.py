"""The door of search: documents that rooms hand in, questions, and answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from fourfold.base.errors import FourfoldError

COUNTED = 10_000
"""How many hits are counted and put in order; a search that finds more says so."""


class Field(StrEnum):
    """Where in a document words stand. A search may name the first four: ``title:engineer``."""

    NAME = "name"
    TITLE = "title"
    SKILL = "skill"
    PLACE = "place"
    BODY = "body"


class Order(StrEnum):
    """How hits are put in order: keys that can be named, never a score.

    ``WORDS``: those with your words in their name, then by how many of your words were found, then as ``CONTACT``.
    """

    WORDS = "words"
    CONTACT = "contact"
    NAME = "name"
    AVAILABLE = "available"
    DISTANCE = "distance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is known of one thing, for the index. ``facets`` are (name, value) pairs to narrow by.

    ``readers``: only these colleagues (and leaders) find it; None: everybody. ``fuller_for``: these colleagues (and
    leaders) find a fuller document of the same thing instead; None: there is none.
    """

    kind: str
    key: UUID
    name: str
    sort_name: str
    titles: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    facets: tuple[tuple[str, str], ...] = ()
    last_contact: datetime | None = None
    available_from: date | None = None
    latitude: float | None = None
    longitude: float | None = None
    readers: frozenset[UUID] | None = None
    fuller_for: frozenset[UUID] | None = None


class Documents(Protocol):
    """Makes the documents of some kinds. Owned by the room that owns the things; filled in project/wiring.py."""

    kinds: tuple[str, ...]

    def build(self, keys: Collection[UUID]) -> Mapping[UUID, Sequence[Document]]:
        """The documents of these things, by key; a merged record's are those of the one that stays, under its key.

        A thing that is gone has none.
        """
        ...

    def keys_after(self, key: UUID | None, limit: int) -> Sequence[UUID]:
        """The next keys of all there are, in order: for the check of everything."""
        ...


DOCUMENTS: dict[str, Documents] = {}
"""Who makes the documents of each kind."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One word, the beginning of one, or words in a row; in one field or in any."""

    tokens: tuple[str, ...]
    prefix: bool = False
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part, and none of ``without``."""

    parts: tuple[Query, ...]
    without: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Query, ...]


Query = Leaf | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for: the words as typed, what to narrow by, and the order."""

    text: str = ""
    narrowed: tuple[tuple[str, str], ...] = ()
    order: Order = Order.WORDS
    near: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing found. ``snippet`` is a piece of its text in parts: (words, whether they were looked for)."""

    kind: str
    key: UUID
    label: str
    url: str
    note: str
    snippet: tuple[tuple[str, bool], ...]
    where: str
    last_contact: datetime | None
    available_from: date | None
    kilometres: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of hits. ``close`` says which words stand in for those that nothing matches.

    ``counts`` are of each kind, up to 10,000 together; ``cut`` says that there are more.
    """

    hits: tuple[Hit, ...]
    counts: Mapping[str, int]
    cut: bool
    order: Order
    older: str | None
    close: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    missing_place: bool = False


class QueryRefused(FourfoldError):
    """A search that can't be read. ``at`` is the place in the text, counted from 0."""

    def __init__(self, what: str, why: str, todo: str, *, at: int) -> None:
        super().__init__(what, why, todo)
        self.at = at
