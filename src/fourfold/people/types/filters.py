"""The filter tree: one way to say which people, for lists, search and audiences."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from fourfold.base.errors import FourfoldError


class Match(StrEnum):
    """How the parts of a group combine."""

    ALL = "all"
    ANY = "any"
    NONE = "none"


class Op(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    HAS = "has"
    HAS_NOT = "has_not"
    WITHIN = "within"
    NOT_WITHIN = "not_within"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BY = "by"
    AFTER = "after"
    KNOWN = "known"
    UNKNOWN = "unknown"


NEEDS_NO_VALUE = frozenset({Op.KNOWN, Op.UNKNOWN})
NEEDS_DAYS = frozenset({Op.WITHIN, Op.NOT_WITHIN})


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: ``field`` is a FilterField's name, ``value`` as people write it (days as digits)."""

    field: str
    op: Op
    value: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions and groups that combine. An empty one fits everybody."""

    match: Match = Match.ALL
    parts: tuple[Condition | Group, ...] = ()

    def conditions(self) -> tuple[Condition, ...]:
        """All conditions, however deep."""
        found: list[Condition] = []
        for part in self.parts:
            found += [part] if isinstance(part, Condition) else part.conditions()
        return tuple(found)


EVERYBODY = Group()


@dataclass(frozen=True, slots=True)
class FilterField:
    """Something people can be filtered by. ``options`` are (value, words) of a closed choice, ``suggestions`` of an
    open one. ``candidate_side``: fitting it tells that somebody moves or may move.
    """

    name: str
    label: str
    section: str
    ops: tuple[Op, ...]
    options: tuple[tuple[str, str], ...] = ()
    suggestions: tuple[str, ...] = field(default=())
    kind: str = "text"
    candidate_side: bool = False
    help_text: str = ""


class BadFilter(FourfoldError):
    """A filter that can't be answered: an unknown field, a value it can't have, too deep."""
