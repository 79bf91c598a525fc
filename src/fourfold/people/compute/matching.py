"""Which records are one human: candidate pairs by blocking, weights learnt without labels, a probability for each pair.

Fellegi and Sunter's model: each column of a pair agrees on a level (the same, nearly, somewhat, not at all), and each
level weighs as much as it is likelier among records of one human (m) than of two (u). u is counted on random pairs,
m is learnt from the candidates by expectation-maximisation; rare values that agree weigh more than common ones.

Sources: Fellegi & Sunter 1969; Winkler 1988 (EM) and 2000 (frequencies). Pure: values in, pairs out; no Django. Runs in
a process of its own (numpy and rapidfuzz are heavy).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import distance, process

Pairs = NDArray[np.int64]
Levels = NDArray[np.int8]
Keys = Sequence[tuple[int, str]]
MISSING = np.int8(-1)


class Kind(StrEnum):
    """What a column holds, which says how nearly its values agree and which of them bring records together."""

    GIVEN = "given"
    FAMILY = "family"
    DATE = "date"
    CODE = "code"
    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: for each record its values, normalised; none where it is not known."""

    name: str
    kind: Kind
    values: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Settings:
    """How the matcher works, the same for every set of records.

    ``block``: the most records of one key that are compared with each other. ``per_record``: the most candidate pairs
    there are for each record, the rarest keys first: what keeps a million records feasible. ``strength``: how many
    pairs the first guess of m is worth. ``rarest``: the least share that a value is taken to have among the house's
    records and ``elsewhere`` more. ``stranger``: the most that m says of names that don't agree at all. ``rounds`` of
    learning, on at most ``learn_on`` candidates, ``seed`` of the random pairs, ``chunk`` of pairs compared at once.
    """

    block: int = 80
    per_record: int = 20
    strength: float = 150.0
    rarest: float = 1e-4
    elsewhere: int = 300
    stranger: float = 0.15
    rounds: int = 40
    learn_on: int = 500_000
    random_pairs: int = 400_000
    seed: int = 1
    chunk: int = 200_000


@dataclass(slots=True)
class Weights:
    """m and u of each level of each column, and the share of pairs that are one human."""

    m: dict[str, NDArray[np.float64]]
    u: dict[str, NDArray[np.float64]]
    share: float
    common: dict[str, dict[str, float]] = field(default_factory=dict)


LEVELS: Mapping[Kind, int] = {
    Kind.GIVEN: 4, Kind.FAMILY: 4, Kind.DATE: 4, Kind.CODE: 3, Kind.TEXT: 4, Kind.EMAIL: 4, Kind.PHONE: 3,
}  # fmt: skip
"""How many levels each kind has; the highest is the same value, 0 is not at all."""
FIRST_M: Mapping[int, Sequence[float]] = {2: (0.1, 0.9), 3: (0.08, 0.12, 0.8), 4: (0.07, 0.06, 0.12, 0.75)}
SWAP = "order of the names"


NAMED = "="


def prepared(columns: Sequence[Column]) -> list[Column]:
    """The columns as they are compared: addresses that only repeat the name are marked; they prove no more than it."""
    given = next((one for one in columns if one.kind is Kind.GIVEN), None)
    family = next((one for one in columns if one.kind is Kind.FAMILY), None)
    if not given or not family:
        return list(columns)
    names = [(_first(a), _first(b)) for a, b in zip(given.values, family.values, strict=True)]
    return [
        replace(column, values=[_marked(values, *names[row]) for row, values in enumerate(column.values)])
        if column.kind is Kind.EMAIL
        else column
        for column in columns
    ]


def _marked(addresses: Sequence[str], given: str, family: str) -> Sequence[str]:
    made = {
        given + family,
        family + given,
        given[:1] + family,
        given + family[:1],
        given[:1] + family[:1],
        given,
        family,
    }
    return [
        f"{NAMED}{one}" if "".join(filter(str.isalpha, one.split("@")[0])) in made and one else one for one in addresses
    ]


def candidate_pairs(columns: Sequence[Column], settings: Settings) -> Pairs:
    """Pairs worth comparing: those that share a key of any kind that is not too common. Rows in order, no doubles."""
    count = len(columns[0].values)
    most = settings.per_record * count
    held, shared = np.empty(0, np.int64), np.empty(0, np.int16)
    for keys in _blocking_keys(columns):
        pairs, sizes = _rarest(*_pairs_of(keys, count, settings.block), most)
        held, shared = _rarest(np.concatenate((held, pairs)), np.concatenate((shared, sizes)), most)
    held = np.sort(held)
    return np.column_stack((held // count, held % count))


def _rarest(
    pairs: NDArray[np.int64], shared: NDArray[np.int16], most: int
) -> tuple[NDArray[np.int64], NDArray[np.int16]]:
    """Each pair once, with how many share the rarest of its keys; if there are too many, those of the rarest keys."""
    order = np.lexsort((shared, pairs))
    pairs, shared = pairs[order], shared[order]
    first = np.r_[True, pairs[1:] != pairs[:-1]] if len(pairs) else np.empty(0, bool)
    pairs, shared = pairs[first], shared[first]
    if len(pairs) > most:
        kept = np.argsort(shared, kind="stable")[:most]
        pairs, shared = pairs[kept], shared[kept]
    return pairs, shared


def _blocking_keys(columns: Sequence[Column]) -> Iterator[Keys]:
    """(record, key) of each rule: columns by themselves, and the name with what narrows it."""
    for column in columns:
        if column.kind in (Kind.EMAIL, Kind.PHONE, Kind.CODE, Kind.DATE):
            held = [(row, value) for row, values in enumerate(column.values) for value in values]
            yield [(row, key) for row, value in held for key in _parts(column.kind, value)]
    given = next((one for one in columns if one.kind is Kind.GIVEN), None)
    family = next((one for one in columns if one.kind is Kind.FAMILY), None)
    if not given or not family:
        return
    names = [(_first(a), _first(b)) for a, b in zip(given.values, family.values, strict=True)]
    whole = [(row, a, b) for row, (a, b) in enumerate(names) if a and b]
    yield [(row, " ".join(sorted((a, b)))) for row, a, b in whole]
    yield [(row, f"{sound(b)} {a[:1]}") for row, a, b in whole]
    yield [(row, f"{sound(a)} {b[:1]}") for row, a, b in whole]
    for column in columns:
        if column.kind in (Kind.TEXT, Kind.DATE, Kind.CODE):
            for part in range(2):
                sides = [(row, pair[part], _first(column.values[row])[:4]) for row, pair in enumerate(names)]
                yield [(row, f"{sound(name)} {value}") for row, name, value in sides if name and value]


def _first(values: Sequence[str]) -> str:
    return values[0] if values else ""


def _parts(kind: Kind, value: str) -> list[str]:
    """The keys of one value: itself, and parts that survive a slip."""
    if kind is Kind.EMAIL:
        value = value.removeprefix(NAMED)
        local = value.split("@", maxsplit=1)[0]
        return [value, f"{local}@", f"{local[:5]}*"] if len(local) > 3 else [value]
    if kind is Kind.PHONE:
        return [value, value[-7:]]
    if kind is Kind.DATE:
        return [value, f"{value[4:]}-", f"{value[:4]}{''.join(sorted(value[4:]))}"]
    return [value, f"{value[:-2]}_", f"_{value[2:]}"] if len(value) > 5 else []


_SOUNDS = str.maketrans("bfpvcgjkqsxzdtlmnr", "111122222222334556")


def sound(text: str) -> str:
    """How a name begins to the ear: its first letter and three digits (Soundex)."""
    letters = [letter for letter in text if letter.isalpha()]
    if not letters:
        return text[:4]
    codes = "".join(letter for letter in text.translate(_SOUNDS) if letter.isdigit() or letter in "aeiouy")
    kept = ""
    last = text[0].translate(_SOUNDS)
    for code in codes[0 if letters[0].translate(_SOUNDS).isdigit() is False else 1 :]:
        if code.isdigit() and code != last:
            kept += code
        last = code
    return f"{letters[0]}{kept[:3]:0<3}"


def _pairs_of(keys: Keys, count: int, most: int) -> tuple[NDArray[np.int64], NDArray[np.int16]]:
    """One number a pair (first × count + second) of records that share a key, and how many share it."""
    if not keys:
        return np.empty(0, np.int64), np.empty(0, np.int16)
    rows = np.fromiter((row for row, _ in keys), np.int64, len(keys))
    hashes = np.fromiter((hash(key) for _, key in keys), np.int64, len(keys))
    order = np.lexsort((rows, hashes))
    rows, hashes = rows[order], hashes[order]
    starts = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]])
    sizes = np.diff(np.r_[starts, len(hashes)])
    found, shared = [np.empty(0, np.int64)], [np.empty(0, np.int16)]
    usable = (sizes > 1) & (sizes <= most)
    for size in np.unique(sizes[usable]).tolist():
        block = rows[starts[usable & (sizes == size)][:, None] + np.arange(size)]
        one, other = np.triu_indices(size, 1)
        first, second = block[:, one].ravel(), block[:, other].ravel()
        apart = first != second
        found.append(first[apart] * count + second[apart])
        shared.append(np.full(len(found[-1]), size, np.int16))
    return np.concatenate(found), np.concatenate(shared)


def compare(columns: Sequence[Column], pairs: Pairs, chunk: int = 200_000) -> dict[str, Levels]:
    """The level on which each column of each pair agrees; −1 where one of the two doesn't know."""
    parts = [_compare(columns, pairs[start : start + chunk]) for start in range(0, max(len(pairs), 1), chunk)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _compare(columns: Sequence[Column], pairs: Pairs) -> dict[str, Levels]:
    levels = {
        column.name: _levels(column.kind, *_sides(column, pairs))
        for column in columns
        if column.kind not in (Kind.GIVEN, Kind.FAMILY)
    }
    given = next((one for one in columns if one.kind is Kind.GIVEN), None)
    family = next((one for one in columns if one.kind is Kind.FAMILY), None)
    if given and family:
        levels |= _names(given, family, pairs)
    else:
        levels |= {one.name: _levels(one.kind, *_sides(one, pairs)) for one in (given, family) if one}
    return levels


def _sides(column: Column, pairs: Pairs) -> tuple[list[Sequence[str]], list[Sequence[str]]]:
    return [column.values[i] for i in pairs[:, 0].tolist()], [column.values[i] for i in pairs[:, 1].tolist()]


def _names(given: Column, family: Column, pairs: Pairs) -> dict[str, Levels]:
    """Both names, straight or swapped, whichever agrees better; that they are swapped is evidence of its own."""
    g1, g2 = _sides(given, pairs)
    f1, f2 = _sides(family, pairs)
    known = [_established(column) for column in (given, family)]
    straight = (_unless_known(g1, g2, known[0]), _unless_known(f1, f2, known[1]))
    crossed = (_unless_known(g1, f2, known[0]), _unless_known(f1, g2, known[1]))
    both = (straight[0] + straight[1], crossed[0] + crossed[1])
    swapped = (both[1] > both[0]) & (crossed[0] > 1) & (crossed[1] > 1)
    return {
        given.name: np.where(swapped, crossed[0], straight[0]).astype(np.int8),
        family.name: np.where(swapped, crossed[1], straight[1]).astype(np.int8),
        SWAP: np.where(swapped, 0, 1).astype(np.int8),
    }


ESTABLISHED = 4  # records


def _established(column: Column) -> frozenset[str]:
    """Names that several people have: they are no slips of one another."""
    counts = Counter(_first(values) for values in column.values)
    return frozenset(name for name, number in counts.items() if number >= ESTABLISHED)


def _unless_known(ones: Sequence[Sequence[str]], others: Sequence[Sequence[str]], known: frozenset[str]) -> Levels:
    """How two names agree; a letter apart counts for less where both are names by themselves: Regan and Egan."""
    found = _levels(Kind.GIVEN, ones, others)
    for place in np.flatnonzero(found == 2).tolist():
        if _first(ones[place]) in known and _first(others[place]) in known:
            found[place] = 1
    return found


def _levels(kind: Kind, ones: Sequence[Sequence[str]], others: Sequence[Sequence[str]]) -> Levels:
    """The best level over all values of the two sides."""
    left, right, owner = [], [], []
    for place, (one, other) in enumerate(zip(ones, others, strict=True)):
        for a in one:
            for b in other:
                left.append(a)
                right.append(b)
                owner.append(place)
    found = np.full(len(ones), MISSING, np.int8)
    if left:
        np.maximum.at(found, np.array(owner), _LEVEL_OF[kind](left, right))
    return found


def _same(left: Sequence[str], right: Sequence[str]) -> NDArray[np.bool_]:
    return np.fromiter((a == b for a, b in zip(left, right, strict=True)), bool, len(left))


def _near(left: Sequence[str], right: Sequence[str]) -> NDArray[np.float64]:
    return process.cpdist(left, right, scorer=distance.JaroWinkler.normalized_similarity, dtype=np.float64)


def _slips(left: Sequence[str], right: Sequence[str]) -> NDArray[np.int64]:
    """Letters wrong, missing, too many or swapped with their neighbour."""
    return process.cpdist(left, right, scorer=distance.OSA.distance, score_cutoff=3, dtype=np.int32).astype(np.int64)


def _name_level(left: Sequence[str], right: Sequence[str]) -> Levels:
    near, slips, same = _near(left, right), _slips(left, right), _same(left, right)
    short = np.fromiter((_is_short_of(a, b) for a, b in zip(left, right, strict=True)), bool, len(left))
    lengths = np.fromiter((min(len(a), len(b)) for a, b in zip(left, right, strict=True)), np.int64, len(left))
    level = np.where((near >= 0.8) | short, 1, 0)
    level = np.where((near >= 0.92) | ((slips <= 1) & (lengths >= 3)), 2, level)
    return np.where(same, 3, level).astype(np.int8)


def _is_short_of(one: str, other: str) -> bool:
    """“J”, “Jo” for “Jonathan”: the beginning of the other."""
    short, whole = sorted((one, other), key=len)
    return len(short) < 4 and whole.startswith(short.rstrip("."))


def _date_level(left: Sequence[str], right: Sequence[str]) -> Levels:
    slips, same = _slips(left, right), _same(left, right)
    turned = np.fromiter(
        (sorted(a[4:]) == sorted(b[4:]) and a[:4] == b[:4] for a, b in zip(left, right, strict=True)), bool, len(left)
    )
    two = np.fromiter((_parts_same(a, b) >= 2 for a, b in zip(left, right, strict=True)), bool, len(left))
    level = np.where((slips <= 2) | two, 1, 0)
    level = np.where((slips <= 1) | turned, 2, level)
    return np.where(same, 3, level).astype(np.int8)


def _parts_same(one: str, other: str) -> int:
    """How many of year, month and day are the same."""
    return (one[:4] == other[:4]) + (one[4:6] == other[4:6]) + (one[6:] == other[6:])


def _code_level(left: Sequence[str], right: Sequence[str]) -> Levels:
    slips, same = _slips(left, right), _same(left, right)
    long = np.fromiter((min(len(a), len(b)) >= 3 for a, b in zip(left, right, strict=True)), bool, len(left))
    return np.where(same, 2, np.where((slips <= 1) & long, 1, 0)).astype(np.int8)


def _text_level(left: Sequence[str], right: Sequence[str]) -> Levels:
    near, slips, same = _near(left, right), _slips(left, right), _same(left, right)
    level = np.where(near >= 0.8, 1, 0)
    level = np.where((near >= 0.93) | (slips <= 1), 2, level)
    return np.where(same, 3, level).astype(np.int8)


def _email_level(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Two addresses made of the names alone agree where they are the same but for the provider's spelling; that they
    are alike otherwise is known from the names.
    """
    named = np.fromiter((a[:1] == b[:1] == NAMED for a, b in zip(left, right, strict=True)), bool, len(left))
    left, right = [one.removeprefix(NAMED) for one in left], [one.removeprefix(NAMED) for one in right]
    heads = [one.partition("@")[0] for one in left], [one.partition("@")[0] for one in right]
    tails = [one.partition("@")[2] for one in left], [one.partition("@")[2] for one in right]
    same, slips, near, same_head = _same(left, right), _slips(left, right), _near(*heads), _same(*heads)
    level = np.where(near >= 0.88, 1, 0)
    level = np.where(same_head | (slips <= 1), 2, level)
    level = np.where(named, np.where(same_head & (_slips(*tails) <= 1), 2, MISSING), level)
    return np.where(same, 3, level).astype(np.int8)


_LEVEL_OF = {
    Kind.GIVEN: _name_level,
    Kind.FAMILY: _name_level,
    Kind.DATE: _date_level,
    Kind.CODE: _code_level,
    Kind.TEXT: _text_level,
    Kind.EMAIL: _email_level,
    Kind.PHONE: _code_level,
}


def learn(columns: Sequence[Column], levels: Mapping[str, Levels], pairs: Pairs, settings: Settings) -> Weights:
    """The weights of all levels, without labels: u on random pairs, m and the share of matches by EM on candidates."""
    count = len(columns[0].values)
    sizes = _sizes(columns, levels)
    u = {name: _share(found, sizes[name]) for name, found in _random_levels(columns, settings).items()}
    first = {name: np.array(FIRST_M[size]) for name, size in sizes.items()}
    weights = Weights(m=dict(first), u=u, share=0.5 / count, common=frequencies(columns, settings))
    part = len(pairs) / settings.learn_on
    if part > 1:
        drawn = np.sort(np.random.default_rng(settings.seed).choice(len(pairs), settings.learn_on, replace=False))
        pairs, levels = pairs[drawn], {name: found[drawn] for name, found in levels.items()}
    boosts = rarity(columns, levels, pairs, weights)
    total = count * (count - 1) / 2
    for _ in range(settings.rounds):
        posterior = as_probability(_log_odds(levels, weights, boosts))
        for name, found in levels.items():
            held = np.bincount(found[found >= 0], weights=posterior[found >= 0], minlength=sizes[name])
            weights.m[name] = (held + settings.strength * first[name]) / (held.sum() + settings.strength)
        _keep_names(columns, weights, settings)
        before, weights.share = weights.share, max(float(posterior.sum()) * max(part, 1.0), 0.5) / total
        if abs(weights.share - before) < 1e-6 * weights.share:
            break
    return weights


def _keep_names(columns: Sequence[Column], weights: Weights, settings: Settings) -> None:
    """Records of one human rarely share no name: else learning may settle on who works together, or lives together."""
    for column in columns:
        m = weights.m[column.name]
        if column.kind in (Kind.GIVEN, Kind.FAMILY) and m[0] > settings.stranger:
            weights.m[column.name] = np.r_[settings.stranger, m[1:] / m[1:].sum() * (1 - settings.stranger)]


def _sizes(columns: Sequence[Column], levels: Mapping[str, Levels]) -> dict[str, int]:
    kinds = {column.name: LEVELS[column.kind] for column in columns}
    return {name: kinds.get(name, 2) for name in levels}


def _share(found: Levels, size: int) -> NDArray[np.float64]:
    """The share of each level, none of them zero: eight pairs that agree as most do are taken to be there too."""
    usual = [8.0] + [0.5] * (size - 1) if size > 2 else [2.0, 8.0]
    counted: NDArray[np.float64] = np.bincount(found[found >= 0], minlength=size) + np.array(usual)
    shares: NDArray[np.float64] = counted / counted.sum()
    return shares


def _random_levels(columns: Sequence[Column], settings: Settings) -> dict[str, Levels]:
    """How random pairs agree; in small sets all pairs."""
    count = len(columns[0].values)
    if count * (count - 1) // 2 <= settings.random_pairs:
        return compare(columns, np.column_stack(np.triu_indices(count, 1)))
    draw = np.random.default_rng(settings.seed)
    pairs = draw.integers(0, count, (settings.random_pairs, 2))
    return compare(columns, np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1))


def frequencies(columns: Sequence[Column], settings: Settings) -> dict[str, dict[str, float]]:
    """How common each value is, of columns whose values are common or rare: its share among the other records.

    The two that agree are left out, and ``elsewhere`` people of other names are put in: a name that only these two
    have is rare however small the house.
    """
    shares: dict[str, dict[str, float]] = {}
    for column in columns:
        if column.kind in (Kind.PHONE, Kind.EMAIL):
            continue
        counts = Counter(value for values in column.values for value in values)
        known = counts.total() + settings.elsewhere
        shares[column.name] = {
            value: max((number - 1) / known, settings.rarest) for value, number in counts.items() if number > 1
        }
    return shares


def rarity(
    columns: Sequence[Column], levels: Mapping[str, Levels], pairs: Pairs, weights: Weights
) -> NDArray[np.float64]:
    """What the rarity of the values that agree adds to a pair's log odds: a rare name weighs more than “Smith”."""
    added = np.zeros(len(pairs))
    for column in columns:
        shares = weights.common.get(column.name)
        if not shares:
            continue
        top = LEVELS[column.kind] - 1
        agree = np.flatnonzero(levels[column.name] == top)
        values = [shares.get(_first(column.values[i]), weights.u[column.name][top]) for i in pairs[agree, 0].tolist()]
        added[agree] += np.log(weights.u[column.name][top]) - np.log(np.array(values))
    return added


def _log_odds(levels: Mapping[str, Levels], weights: Weights, boosts: NDArray[np.float64]) -> NDArray[np.float64]:
    total: NDArray[np.float64] = np.full(len(boosts), np.log(weights.share / (1 - weights.share))) + boosts
    for name, found in levels.items():
        ratio = np.log(weights.m[name]) - np.log(weights.u[name])
        total += np.where(found >= 0, np.append(ratio, 0.0)[found], 0.0)
    return total


def as_probability(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    likely: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(odds, -60, 60)))
    return likely


def log_odds(
    columns: Sequence[Column], pairs: Pairs, weights: Weights, levels: Mapping[str, Levels] | None = None
) -> NDArray[np.float64]:
    """How the evidence of each pair weighs: for one human (above 0) or for two."""
    held = compare(columns, pairs) if levels is None else levels
    return _log_odds(held, weights, rarity(columns, held, pairs, weights))


def groups(columns: Sequence[Column], pairs: Pairs, odds: NDArray[np.float64], weights: Weights) -> list[list[int]]:
    """Records that are one human together: joined, the strongest evidence first, while on average it says so.

    Two records that share little are one human where a third agrees with both; but groups whose records speak against
    each other on average are not joined by one pair that agrees by chance.
    """
    found: list[list[int]] = []
    for members in _connected(pairs[odds > 0], len(columns[0].values)):
        if len(members) == 2:
            found.append(members)
            continue
        one, other = np.triu_indices(len(members), 1)
        rows = np.array(members)
        inner = np.sort(np.column_stack((rows[one], rows[other])), axis=1)
        matrix = np.zeros((len(members), len(members)))
        matrix[one, other] = matrix[other, one] = np.clip(log_odds(columns, inner, weights), -CLIP, CLIP)
        found += [[members[place] for place in group] for group in _joined(matrix) if len(group) > 1]
    return found


CLIP = 12.0
SURE, AGAINST = 3.0, -2.0
MOST_TOGETHER = 60


def _connected(pairs: Pairs, count: int) -> list[list[int]]:
    """The groups that pairs connect; of one too large to be one human nothing is taken."""
    parent: dict[int, int] = {}

    def root(row: int) -> int:
        while parent.setdefault(row, row) != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for one, other in pairs.tolist():
        parent[root(one)] = root(other)
    held: dict[int, list[int]] = {}
    for row in list(parent):
        held.setdefault(root(row), []).append(row)
    return [sorted(members) for members in held.values() if len(members) <= MOST_TOGETHER]


def _joined(matrix: NDArray[np.float64]) -> list[list[int]]:
    """Average linkage on log odds, until no two groups are likelier one than two."""
    clusters = [[row] for row in range(len(matrix))]
    while len(clusters) > 1:
        best, place = 0.0, None
        for i in range(len(clusters)):
            for j in range(i + 1, len(clusters)):
                cross = matrix[np.ix_(clusters[i], clusters[j])]
                mean, top = float(cross.mean()), float(cross.max())
                if (mean > 0 or (top > SURE and mean > AGAINST)) and (place is None or mean > best):
                    best, place = mean, (i, j)
        if place is None:
            break
        clusters[place[0]] += clusters.pop(place[1])
    return clusters
