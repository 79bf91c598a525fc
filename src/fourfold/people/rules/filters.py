"""Filter trees as data: read from JSON and from addresses, checked, and written back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fourfold.people.types import (
    EVERYBODY,
    NEEDS_DAYS,
    NEEDS_NO_VALUE,
    BadFilter,
    Condition,
    FilterField,
    Group,
    Match,
    Op,
)

DEEPEST, MOST, LONGEST = 5, 40, 120
TODO = "Change the filter, or start from an empty one."


def as_data(group: Group) -> dict[str, Any]:
    """A tree as JSON keeps it."""
    parts = [
        as_data(part) if isinstance(part, Group) else {"field": part.field, "op": part.op.value, "value": part.value}
        for part in group.parts
    ]
    return {"match": group.match.value, "parts": parts}


def from_data(data: Any, *, depth: int = 0) -> Group:
    """The tree that JSON holds. Raises BadFilter."""
    if depth > DEEPEST:
        raise BadFilter("The filter was not read.", f"Groups within groups go {DEEPEST} deep at most.", TODO)
    try:
        if not data:
            return EVERYBODY
        parts = tuple(
            from_data(part, depth=depth + 1)
            if "parts" in part
            else Condition(str(part["field"]), Op(part["op"]), str(part.get("value", ""))[:LONGEST])
            for part in data["parts"]
        )
        tree = Group(Match(data["match"]), parts)
    except (KeyError, TypeError, ValueError):
        raise BadFilter("The filter was not read.", "Its address was cut or changed.", TODO) from None
    if len(tree.conditions()) > MOST:
        raise BadFilter("The filter was not read.", f"It has more than {MOST} conditions.", TODO)
    return tree


def from_rows(rows: Sequence[tuple[str, str, str, str]], matches: Mapping[str, str], match: str) -> Group:
    """The tree of a form: rows of (group, field, op, value); ``matches`` says how each group combines.

    Rows without a field are left out, and so are groups without rows. Raises BadFilter.
    """
    groups: dict[str, list[Condition]] = {}
    try:
        for group, name, op, value in rows[:MOST]:
            if name:
                groups.setdefault(group, []).append(Condition(name, Op(op), value.strip()[:LONGEST]))
        found = [Group(Match(matches.get(name, "all")), tuple(parts)) for name, parts in groups.items()]
        outer = Match(match or "all")
    except ValueError:
        raise BadFilter("The filter was not read.", "Its address was cut or changed.", TODO) from None
    if len(found) == 1 and (outer is not Match.NONE):
        return found[0]
    return Group(outer, tuple(found)) if found else EVERYBODY


def check(tree: Group, fields: Mapping[str, FilterField]) -> None:
    """Raises BadFilter for a condition that can't be answered, in words that name it."""
    for one in tree.conditions():
        known = fields.get(one.field)
        if known is None:
            raise BadFilter(
                "The filter was not answered.", f"There is nothing called “{one.field}” to filter by.", TODO
            )
        if one.op not in known.ops:
            raise BadFilter("The filter was not answered.", f"“{known.label}” can't be compared that way.", TODO)
        wrong = wrong_value(one, known)
        if wrong:
            raise BadFilter("The filter was not answered.", f"“{known.label}”: {wrong}", TODO)


def wrong_value(one: Condition, known: FilterField) -> str:
    """Why a condition's value can't be compared, in a sentence; empty where it can."""
    if one.op in NEEDS_NO_VALUE:
        return ""
    if not one.value:
        return "a value is missing."
    if one.op in NEEDS_DAYS:
        return "" if one.value.isdecimal() and int(one.value) <= 36_500 else "days are a whole number."
    if known.kind == "number" and number(one.value) is None:
        return f"“{one.value}” is no number."
    if known.kind == "date" and day(one.value) is None:
        return f"“{one.value}” is no date; write it like 2026-11-22."
    if known.options and one.value not in dict(known.options):
        return f"“{one.value}” is none of the choices."
    return ""


def number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def tree_on_list(key: str) -> Group:
    """The tree that fits those on a list."""
    return Group(parts=(Condition("list", Op.IS, key),))
