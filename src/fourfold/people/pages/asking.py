"""Which people an address asks for: search words, quick tabs, a list, the builder's rows; and back to addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.people import queries, rules
from fourfold.people.queries.words import MATCH_WORDS, OP_WORDS, ROLE_WORDS
from fourfold.people.types import (
    EVERYBODY,
    NEEDS_NO_VALUE,
    REGISTRY,
    Condition,
    FilterField,
    Group,
    ListOrder,
    ListRow,
    Match,
    Op,
    PersonRole,
)

ORDER_WORDS = {
    ListOrder.NAME: gettext_lazy("Last name"),
    ListOrder.ADDED: gettext_lazy("Newest first"),
    ListOrder.CONTACTED: gettext_lazy("Longest not contacted"),
    ListOrder.SIGNAL: gettext_lazy("Latest signal of theirs"),
}
Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class Asked:
    """What an address asks for. ``rows`` are the builder's: (group, field, op, value)."""

    text: str = ""
    role: str = ""
    that: str = ""
    order: ListOrder = ListOrder.NAME
    after: str = ""
    listed: ListRow | None = None
    rows: tuple[Row, ...] = ()
    matches: Mapping[str, str] = field(default_factory=dict)
    match: str = "all"

    @property
    def built(self) -> Group:
        """The tree of the builder's rows."""
        return rules.filter_from_rows(self.rows, self.matches, self.match)

    @property
    def tree(self) -> Group:
        """All that is asked, as one tree."""
        parts: list[Condition | Group] = []
        if self.role:
            parts.append(Condition("role", Op.IS, self.role))
        if self.that:
            parts.append(Condition(f"that:{self.that}", Op.KNOWN))
        if self.listed:
            hot = self.listed.people is not None
            parts.append(rules.tree_on_list(str(self.listed.key)) if hot else self.listed.tree)
        if self.rows:
            parts.append(self.built)
        return Group(Match.ALL, tuple(parts)) if parts else EVERYBODY

    def pairs(self, **changes: str) -> list[tuple[str, str]]:
        """The address's parameters, some of them changed; empty ones are left out."""
        held = {
            "q": self.text, "role": self.role, "that": self.that, "list": str(self.listed.key) if self.listed else "",
            "sort": "" if self.order is ListOrder.NAME else self.order.value,
        } | changes  # fmt: skip
        found = [(name, value) for name, value in held.items() if value]
        for row in self.rows:
            found += list(zip(("g", "f", "o", "v"), row, strict=True))
        found += [(f"m{group}", how) for group, how in self.matches.items() if how != "all"]
        return found + ([("match", self.match)] if self.match != "all" else [])

    def address(self, name: str = "people", **changes: str) -> str:
        query = urlencode(self.pairs(**changes))
        return reverse(name) + (f"?{query}" if query else "")


def asked_from(given: QueryDict, viewer: Viewer) -> Asked:
    """What the address asks for. Raises NotFound for a role, condition, order or list that is not there."""
    role, that = given.get("role", ""), given.get("that", "")
    sort, listed = given.get("sort", "") or "name", given.get("list", "")
    if (role and role not in set(PersonRole)) or (that and that not in REGISTRY.predicates):
        raise NotFound("The list was not filtered.", "There is no such condition.", "Choose one of those shown.")
    if sort not in set(ListOrder):
        raise NotFound("The list was not sorted.", "There is no such order.", "Choose one of those shown.")
    columns = [given.getlist(name) for name in ("g", "f", "o", "v")]
    rows = tuple(zip(*columns, strict=True)) if len({len(column) for column in columns}) == 1 else ()
    groups = {row[0] for row in rows}
    return Asked(
        text=given.get("q", "")[:120],
        role=role,
        that=that,
        order=ListOrder(sort),
        after=given.get("after", ""),
        listed=queries.saved_list(viewer, _key(listed)) if listed else None,
        rows=rows[: rules.MOST_CONDITIONS],
        matches={group: given.get(f"m{group}", "all") for group in groups},
        match=given.get("match", "all"),
    )


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("This list was not found.", "Its address was cut or changed.", "Go back to the lists.") from None


def in_words(tree: Group, fields: Mapping[str, FilterField]) -> list[str]:
    """The conditions of a tree as short sentences, one a part."""
    found = []
    for part in tree.parts:
        if isinstance(part, Condition):
            found.append(condition_words(part, fields))
        else:
            inner = in_words(part, fields)
            joined = _(" or ") if part.match is Match.ANY else _(" and ")
            words = joined.join(inner)
            found.append(_("none of: %(words)s") % {"words": words} if part.match is Match.NONE else words)
    return [words for words in found if words]


def condition_words(one: Condition, fields: Mapping[str, FilterField]) -> str:
    known = fields.get(one.field)
    label = known.label if known else one.field
    value = dict(known.options).get(one.value, one.value) if known else one.value
    if one.op in NEEDS_NO_VALUE:
        return f"{label}: {OP_WORDS[one.op]}"
    if one.op in {Op.WITHIN, Op.NOT_WITHIN}:
        return f"{label.split(' (')[0]} {OP_WORDS[one.op]} " + _("%(n)s days") % {"n": value}
    return f"{label} {OP_WORDS[one.op]} {value}"


def tabs(asked: Asked) -> list[dict[str, Any]]:
    """Everyone, each role, each registered condition: as links that keep the rest of what is asked."""
    found = [
        {"label": _("Everyone"), "url": asked.address(role="", that=""), "active": not asked.role and not asked.that}
    ]
    found += [
        {"label": str(words), "url": asked.address(role=role, that=""), "active": asked.role == role}
        for role, words in ROLE_WORDS.items()
    ]
    return found + [
        {
            "label": one.words.capitalize(),
            "url": asked.address(that=one.name, role=""),
            "active": asked.that == one.name,
        }
        for one in REGISTRY.predicates.values()
    ]


def builder(asked: Asked, fields: Mapping[str, FilterField], change: str) -> dict[str, Any]:
    """The form of the filter builder after one of its buttons: ``add:GROUP``, ``group`` or ``drop:NUMBER``."""
    rows = list(asked.rows) or [("0", "", "is", "")]
    deed, _sep, what = change.partition(":")
    if deed == "add":
        rows.append((what, "", "is", ""))
    elif deed == "group":
        rows.append((str(max(int(row[0]) if row[0].isdecimal() else 0 for row in rows) + 1), "", "is", ""))
    elif deed == "drop" and what.isdecimal() and int(what) < len(rows):
        del rows[int(what)]
        rows = rows or [("0", "", "is", "")]
    groups: dict[str, list[dict[str, Any]]] = {}
    for number, row in enumerate(rows):
        groups.setdefault(row[0], []).append(_row(number, row, fields))
    return {
        "groups": [
            {"name": name, "match": asked.matches.get(name, "all"), "rows": held} for name, held in groups.items()
        ],
        "match": asked.match,
        "matches": [(match.value, words) for match, words in MATCH_WORDS.items()],
        "sections": sections(fields.values()),
        "several": len(groups) > 1,
    }


def _row(number: int, row: Row, fields: Mapping[str, FilterField]) -> dict[str, Any]:
    _group, name, op, value = row
    known = fields.get(name)
    ops = [(one.value, OP_WORDS[one]) for one in known.ops] if known else []
    chosen = op if op in dict(ops) else (ops[0][0] if ops else op)
    kinds = {"number": "number", "days": "number", "date": "date"}
    return {
        "number": number, "name": name, "field": known, "op": chosen, "ops": ops, "value": value,
        "needs_value": bool(known) and chosen not in NEEDS_NO_VALUE,
        "input": kinds.get(known.kind, "text") if known else "text",
    }  # fmt: skip


def sections(fields: Iterable[FilterField]) -> list[tuple[str, list[FilterField]]]:
    found: dict[str, list[FilterField]] = {}
    for one in fields:
        found.setdefault(one.section, []).append(one)
    return list(found.items())
