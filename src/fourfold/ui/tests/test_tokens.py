"""Contrast: every colour is readable where it is used, in light and in dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parent.parent / "static/ui/tokens.css").read_text()
PAIRS = dict(re.findall(r"--ff-([a-z0-9-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", CSS))
GROUNDS = ("paper", "surface", "surface-2", "raised")
HUES = ("candidates", "clients", "colleagues", "cash", "recruitment", "corporate", "danger", "warning", "success")


def colour(token: str, scheme: int) -> str:
    return PAIRS[token].split(", ")[scheme]


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_is_the_one_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_is_readable_on_every_ground(scheme):
    texts = ["ink", "ink-2", "accent", "accent-strong", *(f"{hue}-text" for hue in HUES)]
    poor = {
        (text, ground): round(ratio, 2)
        for text in texts
        for ground in GROUNDS
        if (ratio := contrast(colour(text, scheme), colour(ground, scheme))) < 4.5
    }
    assert poor == {}


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_is_readable_on_its_own_soft_ground(scheme):
    pairs = [(f"{hue}-text", f"{hue}-soft") for hue in HUES]
    pairs += [("accent-strong", "accent-soft"), ("on-accent", "accent")]
    pairs += [("ink", f"{hue}-soft") for hue in (*HUES, "accent")]
    poor = {pair: contrast(*(colour(token, scheme) for token in pair)) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in poor.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_marks_and_edges_of_controls_can_be_seen(scheme):
    marks = [*HUES, "accent", "line-strong"]
    poor = {mark: round(contrast(colour(mark, scheme), colour("surface", scheme)), 2) for mark in marks}
    assert {mark: ratio for mark, ratio in poor.items() if ratio < 3} == {}
