"""Words as they are kept and compared: both databases get the same ones, so both give the same answers."""

from __future__ import annotations

import math
import re
import unicodedata

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss", "'": "", "’": ""}
)
_SIGNS = (
    (re.compile(r"\bc\+\+"), " cplusplus "),
    (re.compile(r"\b([cfj])#"), r" \1sharp "),
    (re.compile(r"(?<!\w)\.net\b"), " dotnet "),
    (re.compile(r"\b(node|vue|react|next|express|d3|three|nuxt|angular|ember|backbone)\.js\b"), r" \1js "),
)
"""Names of skills that are more than letters. Written either way they are one word."""
_WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 60


def fold(text: str) -> str:
    """Lower case, without accents and apostrophes: ``Zoë O’Brien`` → ``zoe obrien``."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_LETTERS)


def tokens(text: str) -> list[str]:
    """The words of a text in order: letters and digits, folded; ``C++``, ``C#``, ``.NET`` and ``Node.js`` are words."""
    plain = fold(text)
    for sign, word in _SIGNS:
        plain = sign.sub(word, plain)
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain)]


def forms(word: str) -> set[str]:
    """The word, and the word less each one of its letters: words one slip apart share one of these.

    A slip is a letter too many, too few, another, or two that changed places.
    """
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def distance(one: str, other: str) -> int:
    """Slips between two words (optimal string alignment): a letter added, lost, changed, or two swapped count one."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before = before, row
        row = [i]
        for j, letter2 in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != letter2))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == letter2:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def is_close(one: str, other: str) -> bool:
    """Whether two words may be one, mistyped: a slip in up to five letters, two in longer words, none in up to two."""
    length = min(len(one), len(other))
    return length > 2 and distance(one, other) <= (1 if length <= 5 else 2)


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance between two places (latitude, longitude), as the crow flies (haversine, a sphere of 6,371 km)."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(a), math.radians(b)) for a, b in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(min(1, half)))


def facet(name: str, value: str) -> str:
    """What narrows a search, as one word: (``tag``, ``Très VIP``) → ``tag0tresvip``."""
    return f"{name}0{''.join(tokens(value))}"[:200]


def plain_place(name: str) -> str:
    """A town's name as it is looked up."""
    return " ".join(tokens(name))
