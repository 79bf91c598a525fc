"""The matcher by itself: what brings records together, how levels are told apart, what is learnt."""

from __future__ import annotations

import random

import numpy as np
import pytest

from fourfold.people import rules
from fourfold.people.compute import matching
from fourfold.people.compute.matching import Column, Kind, Settings


def column(name: str, kind: Kind, *values: str) -> Column:
    return Column(name, kind, [(one,) if one else () for one in values])


def level(kind: Kind, one: str, other: str) -> int:
    pairs = np.array([[0, 1]])
    return int(matching.compare([column("x", kind, one, other)], pairs)["x"][0])


@pytest.mark.parametrize(
    ("kind", "one", "other", "expected"),
    [
        (Kind.FAMILY, "kovac", "kovac", 3),
        (Kind.FAMILY, "kovac", "kovacs", 2),
        (Kind.FAMILY, "kovac", "kvoac", 2),
        (Kind.GIVEN, "jonathan", "j", 1),
        (Kind.GIVEN, "jonathan", "maria", 0),
        (Kind.GIVEN, "jonathan", "", -1),
        (Kind.DATE, "19590407", "19590407", 3),
        (Kind.DATE, "19590407", "19590704", 2),  # day and month turned
        (Kind.DATE, "19590407", "20080407", 1),  # day and month agree
        (Kind.DATE, "19590407", "20011231", 0),
        (Kind.CODE, "ls12ab", "ls12ab", 2),
        (Kind.CODE, "ls12ab", "ls21ab", 1),
        (Kind.CODE, "12", "13", 0),
        (Kind.TEXT, "fjord yards", "fjord yard", 2),
        (Kind.EMAIL, "ana@a.example", "ana@b.example", 2),
        (Kind.EMAIL, "ana.kovac@a.example", "ana.kovak@b.example", 1),
        (Kind.PHONE, "+442079460000", "+442079460001", 1),
    ],
)
def test_levels(kind: Kind, one: str, other: str, expected: int) -> None:
    assert level(kind, one, other) == level(kind, other, one) == expected


def test_names_that_are_swapped_agree_and_say_so() -> None:
    given = column("given", Kind.GIVEN, "ana", "kovac")
    family = column("family", Kind.FAMILY, "kovac", "ana")
    held = matching.compare([given, family], np.array([[0, 1]]))
    assert {name: int(found[0]) for name, found in held.items()} == {"given": 3, "family": 3, matching.SWAP: 0}


def test_the_best_of_several_addresses_counts() -> None:
    emails = Column("email", Kind.EMAIL, [("a@x.example", "ana@y.example"), ("ana@z.example",), ()])
    held = matching.compare([emails], np.array([[0, 1], [0, 2]]))["email"]
    assert held.tolist() == [2, -1]


def test_keys_that_too_many_share_bring_nobody_together_and_the_rarest_come_first() -> None:
    phones = column("phone", Kind.PHONE, *["+441134960000"] * 90, "+442079461111", "+442079461111", "+442079461111")
    assert {tuple(pair) for pair in matching.candidate_pairs([phones], Settings(block=80)).tolist()} == {
        (90, 91), (90, 92), (91, 92)
    }  # fmt: skip
    assert len(matching.candidate_pairs([phones], Settings(block=100, per_record=1))) == 93


@pytest.mark.parametrize(
    ("text", "sounds"), [("robert", "r163"), ("rupert", "r163"), ("kovac", "k120"), ("", ""), ("李", "李000")]
)
def test_sounds(text: str, sounds: str) -> None:
    assert matching.sound(text) == sounds


@pytest.mark.parametrize(
    ("sort_name", "expected"),
    [
        ("kovac ana", ("ana", "kovac")),
        ("kovac dr. ana maria", ("ana", "kovac")),
        ("cher", ("", "cher")),
        ("", ("", "")),
    ],
)
def test_names_are_taken_apart(sort_name: str, expected: tuple[str, str]) -> None:
    assert rules.names_of(sort_name) == expected


def house(twice: int, seed: int = 3) -> tuple[list[Column], set[tuple[int, int]]]:
    """600 people of few names, some of them twice with a slip."""
    draw = random.Random(seed)
    syllables = ["ka", "lo", "mi", "ten", "ro", "sa", "vel", "da", "no", "bri"]
    rows = []
    for _ in range(600):
        name = ["".join(draw.choices(syllables, k=2)), "".join(draw.choices(syllables, k=3))]
        rows.append([*name, f"{name[0]}.{name[1]}@a.example", draw.choice(["leeds", "york", "bath", "hull"])])
    truth = set()
    for number in range(twice):
        given, family, _, city = rows[number]
        slip = family[:2] + family[3:] if number % 2 else family
        truth.add((number, len(rows)))
        rows.append([given, slip, f"{given}.{family}@b.example" if number % 3 else "", city])
    kinds = (("given", Kind.GIVEN), ("family", Kind.FAMILY), ("email", Kind.EMAIL), ("city", Kind.TEXT))
    columns = [column(name, kind, *(row[place] for row in rows)) for place, (name, kind) in enumerate(kinds)]
    return columns, truth


def likely(columns: list[Column], least: float) -> set[tuple[int, int]]:
    settings, columns = Settings(), matching.prepared(columns)
    pairs = matching.candidate_pairs(columns, settings)
    levels = matching.compare(columns, pairs)
    weights = matching.learn(columns, levels, pairs, settings)
    found = matching.as_probability(matching.log_odds(columns, pairs, weights, levels)) >= least
    return {(int(one), int(other)) for one, other in pairs[found].tolist()}


def test_weights_are_learnt_without_labels() -> None:
    columns, truth = house(twice=80)
    found = likely(columns, 0.95)
    assert len(found & truth) >= 0.8 * len(truth)
    assert len(found - truth) <= 0.05 * len(found)


def test_a_house_without_duplicates_has_hardly_a_suggestion() -> None:
    columns, _ = house(twice=0, seed=5)
    found = likely(columns, 0.95)
    same = {(one, other) for one, other in found if columns[2].values[one] == columns[2].values[other]}
    assert found == same  # two people of one name, whose made-up addresses are the same too


def test_the_same_records_give_the_same_answer() -> None:
    columns, _ = house(twice=40)
    assert likely(columns, 0.9) == likely(columns, 0.9)


def test_records_that_share_little_are_one_where_a_third_agrees_with_both_and_chance_joins_no_groups() -> None:
    strong, weak, against = 8.0, 0.5, -9.0
    together = np.array([[0, strong, weak], [strong, 0, strong], [weak, strong, 0]], float)
    assert [sorted(group) for group in matching._joined(together)] == [[0, 1, 2]]
    apart = np.array(
        [[0, 9, against, against], [9, 0, 4, against], [against, 4, 0, 9], [against, against, 9, 0]], float
    )
    assert sorted(sorted(group) for group in matching._joined(apart)) == [[0, 1], [2, 3]]
