"""Lists, added fields and pairs: the words of their records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from fourfold.base.errors import FourfoldError
from fourfold.people.types.filters import Group


class FieldKind(StrEnum):
    """What an added field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One value of an added field: its text, and the number or day it stands for."""

    text: str
    number: float | None = None
    day: date | None = None


class ListKind(StrEnum):
    """``SAVED`` filters are answered anew each time; a ``HOT`` list holds those whom someone put there."""

    SAVED = "saved"
    HOT = "hot"


class Sharing(StrEnum):
    PRIVATE = "private"
    TEAM = "team"
    HOUSE = "house"


class PairState(StrEnum):
    """``LATER`` comes back when either record changes; ``DIFFERENT`` never."""

    WAITING = "waiting"
    MERGED = "merged"
    DIFFERENT = "different"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list as pages show one. ``people`` is counted for hot lists only: saved filters are answered when opened."""

    key: UUID
    name: str
    kind: ListKind
    sharing: Sharing
    owner: str
    may_change: bool
    people: int | None
    made_at: datetime
    tree: Group


@dataclass(frozen=True, slots=True)
class CustomFieldRow:
    """A field the house added. ``side`` is ``person``, a role, or ``organisation``."""

    slug: str
    label: str
    help_text: str
    kind: FieldKind
    side: str
    options: tuple[str, ...]
    position: int
    retired_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewField:
    """A field to add. ``side`` is ``person``, ``candidate`` or ``organisation``."""

    label: str
    kind: FieldKind
    side: str
    options: tuple[str, ...] = ()
    help_text: str = ""


class BulkDeed(StrEnum):
    """What can be done to many people at once."""

    ADD_TAG = "add_tag"
    REMOVE_TAG = "remove_tag"
    ADD_TO_LIST = "add_to_list"
    REMOVE_FROM_LIST = "remove_from_list"
    GIVE_OWNER = "give_owner"
    SAY_OPENNESS = "say_openness"


@dataclass(frozen=True, slots=True)
class BulkEditRow:
    """One edit of many people, which may be undone."""

    key: UUID
    what: str
    by: str
    at: datetime
    people: int
    undone_at: datetime | None


class ListRefused(FourfoldError):
    """A list that can't be kept so."""


class EditRefused(FourfoldError):
    """An edit of many people that can't be done or undone."""
