"""Read a search as recruiters write it: AND, OR, NOT in capitals, quotes, parentheses, ``py*``, ``-x``, ``title:``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fourfold.search.rules.words import tokens
from fourfold.search.types import AllOf, AnyOf, Field, Leaf, Query, QueryRefused

MOST_LETTERS = 600
MOST_LEAVES = 40
FIELDS = {"name": Field.NAME, "title": Field.TITLE, "skill": Field.SKILL, "place": Field.PLACE}
NOT_READ = "The search was not read."
_PART = re.compile(
    r'\s*(?:(?P<open>\()|(?P<close>\))|(?P<minus>-)(?=[\w"(.])|(?P<field>[A-Za-z]+):(?=\S)|"(?P<quoted>[^"]*)"'
    r"|(?P<quote>[\"“”])|(?P<word>[^\s()\"“”]+))"
)


@dataclass(frozen=True, slots=True)
class _Part:
    kind: str
    text: str
    at: int


def _parts(text: str) -> Iterator[_Part]:
    plain = text.replace("“", '"').replace("”", '"')
    at = 0
    while match := _PART.match(plain, at):
        kind = match.lastgroup or ""
        start = match.start(kind) - (kind == "quoted")
        word = match[kind]
        if kind == "field" and word.lower() not in FIELDS:
            match2 = re.compile(r'[^\s()"]+').match(plain, start)
            assert match2 is not None
            yield _Part("word", match2.group(), start)
            at = match2.end()
            continue
        if kind == "word" and word in {"AND", "OR", "NOT"}:
            kind = word
        yield _Part(kind, word, start)
        at = match.end()


def parse(text: str) -> Query | None:
    """The search as a tree, or None where it has no words. AND binds closer than OR; words side by side mean AND.

    Raises QueryRefused, with the place, for what can't be read: an open quote or parenthesis, an operator without
    words, NOT alone.
    """
    if len(text) > MOST_LETTERS:
        raise QueryRefused(
            NOT_READ, f"It has {len(text)} letters; {MOST_LETTERS} is the most.", "Look for less.", at=MOST_LETTERS
        )
    reader = _Reader(list(_parts(text)), len(text))
    found = reader.any_of()
    if reader.here() is not None:
        raise reader.refused("This parenthesis closes nothing.", "Take it away, or open one before it.")
    if found is not None and sum(1 for _ in leaves(found, everything=True)) > MOST_LEAVES:
        raise QueryRefused(NOT_READ, f"It has more than {MOST_LEAVES} words.", "Look for fewer.", at=0)
    return found


class _Reader:
    """Goes through the parts from left to right."""

    def __init__(self, parts: list[_Part], end: int) -> None:
        self.parts, self.at, self.end, self.depth = parts, 0, end, 0

    def here(self) -> _Part | None:
        return self.parts[self.at] if self.at < len(self.parts) else None

    def refused(self, why: str, todo: str, part: _Part | None = None) -> QueryRefused:
        part = part or self.here()
        return QueryRefused(NOT_READ, why, todo, at=part.at if part else self.end)

    def any_of(self) -> Query | None:
        """Parts between OR."""
        found: list[Query] = []
        while True:
            before = self.here()
            one = self.all_of()
            after = self.here()
            if after is None or after.kind != "OR":
                if found and one is None:
                    raise self.refused("OR has no words on one side.", "Write words on both sides of OR.", before)
                break
            if one is None:
                raise self.refused("OR has no words on one side.", "Write words on both sides of OR.")
            found.append(one)
            self.at += 1
        if one is not None:
            found.append(one)
        return AnyOf(tuple(found)) if len(found) > 1 else found[0] if found else None

    def all_of(self) -> Query | None:
        """Parts side by side or between AND, and those after NOT or a minus."""
        wanted: list[Query] = []
        without: list[Query] = []
        first = self.here()
        operator: _Part | None = None
        while (part := self.here()) is not None and part.kind not in {"OR", "close"}:
            if part.kind == "AND":
                if operator or not (wanted or without):
                    raise self.refused("AND has no words on one side.", "Write words on both sides of AND.")
                operator = part
                self.at += 1
                continue
            negated = part.kind in {"NOT", "minus"}
            self.at += negated
            one = self.one()
            if one is None and negated:
                raise self.refused("NOT has no words after it.", "Write what to leave out after NOT.", part)
            if one is not None:
                (without if negated else wanted).append(one)
            operator = None
        if operator:
            raise self.refused("AND has no words on one side.", "Write words on both sides of AND.", operator)
        if without and not wanted:
            raise self.refused(
                "It only says what to leave out.", "Write also what to look for: engineer NOT junior.", first
            )
        if not wanted:
            return None
        return wanted[0] if len(wanted) == 1 and not without else AllOf(tuple(wanted), tuple(without))

    def one(self) -> Query | None:
        """A word, words in quotes, or what stands in parentheses; with a field before it."""
        part = self.here()
        if part is None or part.kind in {"AND", "OR", "NOT", "close"}:
            return None
        self.at += 1
        if part.kind == "open":
            return self._group(part)
        if part.kind == "quote":
            raise self.refused("This quotation mark is not closed.", "Close it after the words.", part)
        if part.kind == "field":
            return self._fielded(part)
        if part.kind == "minus":
            raise self.refused("Two minus signs stand side by side.", "Take one away.", part)
        return _leaf(part.text, part.kind == "word")

    def _group(self, opening: _Part) -> Query | None:
        self.depth += 1
        if self.depth > 20:
            raise self.refused("It has parentheses within parentheses 20 deep.", "Write it simpler.", opening)
        found = self.any_of()
        self.depth -= 1
        closing = self.here()
        if closing is None:
            raise self.refused("This parenthesis is not closed.", "Close it after the words.", opening)
        self.at += 1
        if found is None:
            raise self.refused("These parentheses are empty.", "Write words between them.", opening)
        return found

    def _fielded(self, part: _Part) -> Query | None:
        found, field = self.one(), FIELDS[part.text.lower()]
        if found is None:
            raise self.refused(f"{part.text}: has no words after it.", f"Write them: {part.text}:engineer.", part)
        return _in_field(found, field)


def _leaf(text: str, bare: bool) -> Leaf | None:
    """A leaf; words without a letter or digit say nothing and are left out."""
    prefix = bare and text.endswith("*")
    found = tuple(tokens(text))
    return Leaf(found, prefix and bool(found)) if found else None


def _in_field(query: Query, field: Field) -> Query:
    if isinstance(query, Leaf):
        return Leaf(query.tokens, query.prefix, query.field or field)
    if isinstance(query, AnyOf):
        return AnyOf(tuple(_in_field(one, field) for one in query.parts))
    return AllOf(
        tuple(_in_field(one, field) for one in query.parts), tuple(_in_field(one, field) for one in query.without)
    )


def leaves(query: Query, *, everything: bool = False) -> Iterator[Leaf]:
    """The words looked for; with ``everything`` also those to be left out."""
    if isinstance(query, Leaf):
        yield query
        return
    for part in query.parts:
        yield from leaves(part, everything=everything)
    if isinstance(query, AllOf) and everything:
        for part in query.without:
            yield from leaves(part, everything=True)


def widened(query: Query, close: Mapping[str, tuple[str, ...]]) -> Query:
    """The search with close words allowed in place of each word looked for; what is left out stays as written."""
    if isinstance(query, Leaf):
        if query.prefix or len(query.tokens) > 1 or not close.get(query.tokens[0]):
            return query
        words = (query.tokens[0], *close[query.tokens[0]])
        return AnyOf(tuple(Leaf((word,), False, query.field) for word in dict.fromkeys(words)))
    if isinstance(query, AnyOf):
        return AnyOf(tuple(widened(one, close) for one in query.parts))
    return AllOf(tuple(widened(one, close) for one in query.parts), query.without)


def without_operators(text: str) -> bool:
    """Whether “and”, “or” or “not” stand in it in small letters: they were read as words."""
    return bool(re.search(r"(?<=\s)(and|or|not)(?=\s)", text))
