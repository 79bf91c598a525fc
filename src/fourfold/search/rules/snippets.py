"""The piece of a text that shows why it was found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fourfold.search.rules.words import fold, tokens
from fourfold.search.types import Leaf

AROUND = 60
SCANNED = 20_000
"""Letters of a text that are looked through for the words."""
_WORD = re.compile(r"(?<!\w)\.?\w+(?:\.js\b|\+\+|#)?")


def snippet(text: str, wanted: Sequence[Leaf]) -> tuple[tuple[str, bool], ...]:
    """The first place with a word looked for, with some words around it, in parts: (words, whether looked for).

    Empty where none stands in the text.
    """
    whole = {token for leaf in wanted for token in (leaf.tokens[:-1] if leaf.prefix else leaf.tokens)}
    begun = tuple(leaf.tokens[-1] for leaf in wanted if leaf.prefix)
    marks: list[tuple[int, int]] = []
    for match in _WORD.finditer(text, 0, SCANNED):
        if marks and match.start() > marks[0][0] + 2 * AROUND:
            break
        if _is(match.group(), whole, begun):
            marks.append(match.span())
    if not marks:
        return ()
    start = max(0, marks[0][0] - AROUND)
    start = start if start == 0 else text.find(" ", start, marks[0][0]) + 1 or start
    end = min(len(text), marks[0][0] + 2 * AROUND)
    if end < len(text):
        end = max(text.rfind(" ", start, end), marks[0][1])
    return _cut(text, start, end, marks)


def _is(word: str, whole: set[str], begun: tuple[str, ...]) -> bool:
    plain = fold(word)
    if plain in whole:
        return True
    found = tokens(word)
    return any(one in whole or (begun and one.startswith(begun)) for one in found)


def _cut(text: str, start: int, end: int, marks: list[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    parts: list[tuple[str, bool]] = [("… ", False)] if start else []
    at = start
    for begin, stop in marks:
        if stop > end:
            break
        parts += [(text[at:begin], False), (text[begin:stop], True)]
        at = stop
    parts.append((text[at:end] + (" …" if end < len(text) else ""), False))
    return tuple((re.sub(r"\s+", " ", words), marked) for words, marked in parts if words)
