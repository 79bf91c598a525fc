"""The battery: what every method must hold, and equality with the brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourfold.evidence import methods
from fourfold.evidence.methods import markov, shapley
from fourfold.evidence.paths import Paths, from_lists, split_path
from fourfold.evidence.tests import brute_force
from fourfold.evidence.tests.brute_force import Journey
from fourfold.evidence.types import EvidenceError, Method, MethodSettings

NAMES = "abcde"
SETTINGS = MethodSettings(half_life_days=5)
EVERY_METHOD = pytest.mark.parametrize("method", list(Method), ids=str)


@st.composite
def journeys(draw, *, order: int = 1) -> list[Journey]:
    """Some journeys; at least one with touches brought an outcome."""

    def one() -> Journey:
        names = tuple(draw(st.lists(st.sampled_from(NAMES), min_size=0, max_size=6)))
        ages = tuple(sorted((draw(st.integers(0, 170)) + 0.25 for _ in names), reverse=True))
        direct = tuple(name == "a" for name in names)
        return Journey(names, ages, direct, draw(st.integers(0, 4)), draw(st.integers(0, 4)))

    some = [one() for _ in range(draw(st.integers(1, 7)))]
    return [*some, Journey(("b", "a", "c"), (9.0, 4.0, 1.0), (False, True, False), 2, 1)]


def as_paths(found: list[Journey]) -> Paths:
    paths = from_lists(
        [journey.names for journey in found],
        outcomes=[journey.outcomes for journey in found],
        value=[journey.outcomes * 10.0 for journey in found],
        nulls=[journey.nulls for journey in found],
    )
    ages = np.array([age for journey in found for age in journey.ages], dtype=np.float64)
    direct = np.array([flag for journey in found for flag in journey.direct], dtype=np.bool_)
    return replace(paths, age_days=ages, direct=direct)


def credited(found: list[Journey], method: Method, **changes: object) -> dict[str, float]:
    paths = as_paths(found)
    answer = methods.credit(paths, method, replace(SETTINGS, **changes))
    return dict(zip(paths.keys, answer.outcomes.tolist(), strict=True))


def same(left: dict[str, float], right: dict[str, float]) -> None:
    assert set(left) == set(right)
    for key, value in left.items():
        assert value == pytest.approx(right[key], abs=1e-9), key


@EVERY_METHOD
@given(found=journeys())
@settings(max_examples=60, deadline=None)
def test_equals_the_brute_force(method: Method, found: list[Journey]) -> None:
    same(credited(found, method), brute_force.credit(found, method, half_life=5))


@pytest.mark.parametrize("order", [2, 3])
@given(found=journeys())
@settings(max_examples=60, deadline=None)
def test_markov_of_higher_order_equals_the_brute_force(order: int, found: list[Journey]) -> None:
    same(credited(found, Method.MARKOV, order=order), brute_force.credit(found, Method.MARKOV, order=order))


@EVERY_METHOD
@given(found=journeys())
@settings(max_examples=30, deadline=None)
def test_credits_sum_to_the_total_and_are_not_negative(method: Method, found: list[Journey]) -> None:
    answer = methods.credit(as_paths(found), method, SETTINGS)
    total = sum(journey.outcomes for journey in found)
    assert answer.outcomes.sum() + answer.none_outcomes == pytest.approx(total, abs=1e-9)
    assert answer.value.sum() + answer.none_value == pytest.approx(total * 10, abs=1e-8)
    assert (answer.outcomes >= 0).all()
    assert (answer.value >= 0).all()
    assert answer.none_outcomes == sum(journey.outcomes for journey in found if not journey.names)


@EVERY_METHOD
@given(found=journeys(), seed=st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_the_order_of_journeys_does_not_matter(method: Method, found: list[Journey], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(found))
    same(credited(found, method), credited([found[i] for i in order], method))


@EVERY_METHOD
@given(found=journeys())
@settings(max_examples=30, deadline=None)
def test_names_do_not_matter(method: Method, found: list[Journey]) -> None:
    other = dict(zip(NAMES, "vyxwz", strict=True))
    renamed = [j._replace(names=tuple(other[name] for name in j.names)) for j in found]
    same({other[key]: value for key, value in credited(found, method).items()}, credited(renamed, method))


@EVERY_METHOD
@given(found=journeys())
@settings(max_examples=30, deadline=None)
def test_splitting_a_row_into_two_does_not_matter(method: Method, found: list[Journey]) -> None:
    split = [
        part
        for j in found
        for part in (j._replace(outcomes=1, nulls=j.nulls), j._replace(outcomes=j.outcomes - 1, nulls=0))
        if j.outcomes > 0
    ] + [j for j in found if not j.outcomes]
    same(credited(found, method), credited(split, method))


@EVERY_METHOD
def test_a_rebate_takes_back_what_its_own_journey_was_credited(method: Method) -> None:
    found = [Journey(("a", "b"), (3.0, 1.0), (False, False), 1, 1), Journey(("c",), (2.0,), (False,), 1, 0)]
    paths = replace(as_paths(found), value=np.array([-50.0, 80.0]))
    answer = methods.credit(paths, method, SETTINGS)
    assert answer.value.sum() == pytest.approx(30)
    if method.is_per_journey:
        assert answer.value[2] == pytest.approx(80)
        assert answer.value[:2].sum() == pytest.approx(-50)
    else:  # money follows the share
        assert answer.value == pytest.approx(answer.outcomes / answer.outcomes.sum() * 30)


@EVERY_METHOD
def test_no_journeys_at_all_is_an_answer(method: Method) -> None:
    paths = as_paths([Journey((), (), (), 3, 2)])
    answer = methods.credit(paths, method, SETTINGS)
    assert answer.outcomes.tolist() == []
    assert answer.none_outcomes == 3


def test_the_parts_of_a_journey_by_hand() -> None:
    paths = as_paths([Journey(tuple("abac"), (20.0, 10.0, 5.0, 0.0), (False,) * 4, 1, 0)])

    def parts(method: Method) -> list[float]:
        return methods.parts(paths, method, SETTINGS).tolist()

    assert parts(Method.FIRST) == [1, 0, 0, 0]
    assert parts(Method.LAST) == [0, 0, 0, 1]
    assert parts(Method.LINEAR) == [0.25] * 4
    assert parts(Method.POSITION) == pytest.approx([0.4, 0.1, 0.1, 0.4])
    assert parts(Method.TIME_DECAY) == pytest.approx([w / 1.8125 for w in (0.0625, 0.25, 0.5, 1.0)])
    assert parts(Method.SHAPLEY) == pytest.approx([1 / 6, 1 / 3, 1 / 6, 1 / 3])


def test_old_journeys_do_not_underflow_under_time_decay() -> None:
    paths = as_paths([Journey(("a", "b"), (40_000.0, 39_993.0), (False, False), 1, 0)])
    parts = methods.parts(paths, Method.TIME_DECAY, MethodSettings(half_life_days=7))
    assert parts == pytest.approx([1 / 3, 2 / 3])


def test_time_decay_is_refused_without_times() -> None:
    paths = from_lists([["a"]], outcomes=[1])
    with pytest.raises(EvidenceError, match="carry no times"):
        methods.credit(paths, Method.TIME_DECAY, SETTINGS)


@pytest.mark.parametrize("half_life", [0.0, -1.0])
def test_time_decay_needs_a_half_life(half_life: float) -> None:
    paths = as_paths([Journey(("a",), (1.0,), (False,), 1, 0)])
    with pytest.raises(EvidenceError, match="longer than zero"):
        methods.credit(paths, Method.TIME_DECAY, MethodSettings(half_life_days=half_life))


def test_ordered_shapley_splits_a_key_over_its_places() -> None:
    answer = methods.credit(from_lists([list("aba")], outcomes=[1]), Method.SHAPLEY_ORDERED, SETTINGS)
    assert [(row["key"], row["position"], row["outcomes"]) for row in answer.details["positions"]] == [
        ("a", 1, 0.25),
        ("a", 3, 0.25),
        ("b", 2, 0.5),
    ]


def test_markov_reports_base_rate_and_removal_effects() -> None:
    paths = from_lists([["a"], ["b"]], outcomes=[3, 1], nulls=[1, 3])
    details = methods.credit(paths, Method.MARKOV, SETTINGS).details
    assert details["base_rate"] == pytest.approx(0.5)
    assert details["removal_effects"] == pytest.approx({"a": 0.75, "b": 0.25})


def test_collapsing_repeats_can_be_left_out() -> None:
    # Of order 1 a step from a to a changes no removal effect; of order 2 (a, a) is a state of its own.
    def credit(*found: str, order: int, collapse: bool) -> list[float]:
        paths = from_lists(map(list, found), outcomes=[1, 0, 1, 2], nulls=[0, 3, 2, 1])
        return methods.credit(paths, Method.MARKOV, MethodSettings(order=order, collapse=collapse)).outcomes.tolist()

    kept, once = ("baac", "caab", "bab", "cac"), ("bac", "cab", "bab", "cac")
    for order in (1, 2):
        assert credit(*kept, order=order, collapse=True) == credit(*once, order=order, collapse=False)
    assert credit(*kept, order=1, collapse=False) == pytest.approx(credit(*kept, order=1, collapse=True))
    assert credit(*kept, order=2, collapse=False) != pytest.approx(credit(*kept, order=2, collapse=True))


def test_a_chain_too_large_to_solve_is_refused() -> None:
    random = np.random.default_rng(1)
    names = [f"c{i}" for i in range(80)]
    found = [[names[i] for i in random.integers(0, 80, 8)] for _ in range(1000)]
    with pytest.raises(EvidenceError, match="lower order"):
        methods.credit(from_lists(found, outcomes=np.ones(1000)), Method.MARKOV, MethodSettings(order=3))
    with pytest.raises(EvidenceError, match="order 0"):
        markov.chain(from_lists(found, outcomes=np.ones(1000)), 0)


def test_sampled_rate_game_comes_near_the_exact_one_and_says_how_near() -> None:
    random = np.random.default_rng(7)
    found = [[NAMES[i] for i in random.integers(0, 5, random.integers(1, 5))] for _ in range(300)]
    paths = from_lists(found, outcomes=random.integers(0, 2, 300), nulls=random.integers(1, 4, 300))
    exact = shapley.exact_rate_values(shapley.rate_game(paths))
    sampled, error = shapley.sampled_rate_values(paths, MethodSettings(samples=4000))
    again, _ = shapley.sampled_rate_values(paths, MethodSettings(samples=4000))
    assert (error > 0).all()
    assert (np.abs(sampled - exact) < 4.5 * error).all()
    assert sampled.tolist() == again.tolist()
    assert sampled.sum() == pytest.approx(exact.sum())


def test_above_twelve_keys_the_rate_game_is_sampled_and_reports_its_error() -> None:
    names = [f"c{i:02d}" for i in range(13)]
    paths = from_lists([[a, b] for a in names for b in names], outcomes=[1] * 169, nulls=[2] * 169)
    answer = methods.credit(paths, Method.SHAPLEY_RATE, MethodSettings(samples=100))
    assert set(answer.details["standard_errors"]) == set(names)
    assert answer.outcomes.sum() == pytest.approx(169)


def test_a_large_table_of_keys_gives_the_same_distinct_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = from_lists([list("abca"), [], list("bb")], outcomes=[1, 1, 1])
    dense = shapley.shares_of_distinct(paths, SETTINGS)
    monkeypatch.setattr(shapley, "_DENSE_CELLS", 0)
    assert shapley.shares_of_distinct(paths, SETTINGS).tolist() == dense.tolist()


@pytest.mark.parametrize(("text", "names"), [("a > b>c", ["a", "b", "c"]), ("", []), ("  x y ", ["x y"])])
def test_a_path_is_split(text: str, names: list[str]) -> None:
    assert split_path(text) == names


def test_an_empty_name_in_a_path_is_an_error() -> None:
    with pytest.raises(EvidenceError, match="is empty"):
        split_path("a > > b")


@pytest.mark.parametrize("method", [Method.MARKOV, Method.SHAPLEY_RATE], ids=str)
@given(found=journeys(), seed=st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_replicates_equal_refitting_on_repeated_journeys(method: Method, found: list[Journey], seed: int) -> None:
    random = np.random.default_rng(seed)
    paths = replace(as_paths(found), bucket=random.integers(0, 4, len(found)))
    weights = random.integers(0, 3, (3, 4)).astype(np.float64)
    replicated = methods.fit(paths, method, SETTINGS).replicated(weights)
    for weight, shares in zip(weights, replicated, strict=True):
        times = weight[paths.bucket]
        again = replace(paths, outcomes=paths.outcomes * times, nulls=paths.nulls * times)
        expected, _ = methods.fit(again, method, SETTINGS).shares()
        assert np.nan_to_num(shares) == pytest.approx(np.nan_to_num(expected), abs=1e-9)


def test_counting_only_the_transitions_that_were_made_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(3)
    found = [[NAMES[i] for i in random.integers(0, 5, random.integers(0, 7))] for _ in range(200)]
    paths = from_lists(found, outcomes=random.integers(0, 3, 200), nulls=random.integers(0, 4, 200))
    paths = replace(paths, bucket=random.integers(0, 8, 200))
    weights = random.integers(0, 3, (5, 8)).astype(np.float64)
    for order in (1, 2):
        chosen = MethodSettings(order=order)
        dense = methods.fit(paths, Method.MARKOV, chosen)
        with monkeypatch.context() as patch:
            patch.setattr(markov, "_FEW_CELLS", 0)
            made = methods.fit(paths, Method.MARKOV, chosen)
        assert made.shares()[0] == pytest.approx(dense.shares()[0], abs=1e-12)
        assert made.replicated(weights) == pytest.approx(dense.replicated(weights), abs=1e-12)


@pytest.mark.parametrize(("scale", "often"), [(1, 0.15), (1, 0.0), (1, 1.0), (0.5, 0.15), (2**24, 0.15)])
def test_replicates_of_the_rate_game_are_those_of_the_journeys_repeated(
    monkeypatch: pytest.MonkeyPatch, scale: float, often: float
) -> None:
    """Whether counts are whole or not, small enough for single precision or not, kept sparse or not."""
    monkeypatch.setattr(shapley, "_OFTEN", often)
    monkeypatch.setattr(shapley, "_TOGETHER", 3)
    random = np.random.default_rng(4)
    found = [[NAMES[i] for i in random.integers(0, 5, random.integers(0, 6))] for _ in range(300)]
    outcomes, nulls = (random.integers(0, most, 300) * scale for most in (2, 3))
    bucket = random.integers(0, 8, 300)
    paths = replace(from_lists(found, outcomes=outcomes, nulls=nulls), bucket=bucket)
    weights = random.multinomial(8, np.full(8, 1 / 8), 7).astype(np.float64)
    drawn = shapley.exact_rate_values(shapley.rate_game(paths), weights)
    for number, weight in enumerate(weights):
        times = weight[bucket]
        again = from_lists(found, outcomes=outcomes * times, nulls=nulls * times)
        assert drawn[number] == pytest.approx(shapley.exact_rate_values(shapley.rate_game(again)), abs=1e-12)


def test_journeys_with_the_same_keys_count_as_one_in_the_sampled_game() -> None:
    random = np.random.default_rng(5)
    found = [[NAMES[i] for i in random.integers(0, 5, random.integers(0, 6))] for _ in range(300)]
    paths = from_lists(found, outcomes=random.integers(0, 2, 300), nulls=random.integers(0, 3, 300))
    few = shapley.by_set(paths)
    assert few.m <= 31
    filled = ~paths.is_empty
    assert (few.outcomes.sum(), few.nulls.sum()) == (paths.outcomes[filled].sum(), paths.nulls[filled].sum())
    one, other = (shapley.exact_rate_values(shapley.rate_game(each)) for each in (paths, few))
    assert one == pytest.approx(other, abs=1e-12)
