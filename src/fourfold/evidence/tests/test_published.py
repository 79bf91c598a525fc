"""What is shipped of the accuracy grid: whole, consistent, and within the house's bar."""

from __future__ import annotations

import pytest

from fourfold.evidence.intervals import NOT_PROVEN
from fourfold.evidence.published import CALIBRATED, accuracy, read_accuracy
from fourfold.evidence.types import Method
from fourfold.evidence.world import CHANNELS, shipped_worlds


def test_every_shipped_world_was_measured() -> None:
    assert {one.world for one in accuracy().worlds} == set(shipped_worlds())
    assert accuracy().houses >= 2


def test_calibration_at_least_halves_the_error_of_last_touch_in_confounded_worlds() -> None:
    confounded = [one for one in accuracy().worlds if one.confounded]
    assert len(confounded) >= 3
    for world in confounded:
        assert world.score(CALIBRATED).error <= world.score("last").error / 2, world.world


def test_calibrated_ranges_hold_the_truth_and_those_who_were_not_tested_have_none() -> None:
    """The bar is 93-97 % over all worlds; a world of three houses has 11 to 18 ranges, so one weighs 6 points."""
    scores = [world.score(CALIBRATED) for world in accuracy().worlds]
    covered = [score.covered for score in scores if score.covered is not None]
    assert len(covered) == len(scores)
    assert min(covered) >= 0.85
    assert 0.93 <= sum(covered) / len(covered) <= 0.99
    assert all(score.refused >= 5 / 11 - 0.001 for score in scores)  # six of eleven channels are tested


@pytest.mark.parametrize("method", sorted(NOT_PROVEN), ids=str)
def test_a_method_whose_ranges_are_not_proven_has_none_in_any_world(method: Method) -> None:
    scores = [world.score(method.value) for world in accuracy().worlds]
    assert {(score.covered, score.refused) for score in scores} == {(None, 1.0)}


def test_scores_lie_where_they_can_and_channels_are_known() -> None:
    for world in accuracy().worlds:
        assert {one.channel for one in world.truth} <= set(CHANNELS)
        for score in world.methods:
            assert 0 <= score.error_low <= score.error <= score.error_high
            parts = (score.share, score.signs, score.refused, score.covered or 0.0)
            assert all(0 <= part <= 1 for part in parts)
            assert -1 <= score.won <= 1
            assert set(world.credited[score.method]) == {one.channel for one in world.truth}


def test_another_version_is_refused_and_an_unknown_method_has_no_score() -> None:
    with pytest.raises(ValueError, match="version 2"):
        read_accuracy({"version": 2})
    with pytest.raises(KeyError):
        accuracy().worlds[0].score("guess")
