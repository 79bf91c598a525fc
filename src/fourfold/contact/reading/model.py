"""A small linear model of replies: naive Bayes over words, pairs of words and beginnings of words.

It is fitted in a blink to examples written for this product (``examples.tsv``) and learns one reply at a time.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from fourfold.contact.types.inbound import Correction, ReplyClass

SMOOTHING = 0.25  # pseudo-count of a feature in a class
SHARPNESS = 1.6  # set on the first half of the labelled replies
SENTENCE = 12  # features of a short sentence
MOST_WORDS = 400  # of a reply; what comes later decides nothing
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[?!]|\d+", re.UNICODE)


def features(text: str) -> Counter[str]:
    """The features of a text: its words, pairs of neighbours, and first five letters of longer words, each once."""
    words = [one.lower().replace("’", "'") for one in _WORD.findall(text)][:MOST_WORDS]
    words = ["#" if one.isdigit() else one for one in words]
    found = Counter(dict.fromkeys(words, 1))
    found.update(dict.fromkeys((f"{one} {two}" for one, two in itertools.pairwise(words)), 1))
    found.update(dict.fromkeys((f"{one[:5]}*" for one in words if len(one) > 5), 1))
    return found


@dataclass(slots=True)
class Model:
    """Counts by class. ``learn`` changes this model; ``copy`` first to keep another."""

    counts: dict[ReplyClass, Counter[str]] = field(default_factory=lambda: {one: Counter() for one in ReplyClass})
    totals: dict[ReplyClass, float] = field(default_factory=lambda: dict.fromkeys(ReplyClass, 0.0))
    texts: int = 0
    seen_in: Counter[str] = field(default_factory=Counter)

    def learn(self, text: str, label: ReplyClass) -> None:
        """Learn one reply. A long one counts no more than a sentence, or its small words would drown the rest."""
        found = features(text)
        weight = min(1.0, SENTENCE / max(1, len(found)))
        self.texts += 1
        self.seen_in.update(found)
        for name in found:
            self.counts[label][name] += weight  # type: ignore[assignment]
            self.totals[label] += weight

    def copy(self) -> Model:
        """A model that learns without changing this one."""
        counts = {one: Counter(has) for one, has in self.counts.items()}
        return Model(counts, dict(self.totals), self.texts, Counter(self.seen_in))

    def chances(self, text: str) -> dict[ReplyClass, float]:
        """The probability of each class; they add up to 1. All classes are held equally likely beforehand.

        Half plain, half complement naive Bayes with rare words weighing more (Rennie and others, "Tackling the Poor
        Assumptions of Naive Bayes Text Classifiers", 2003), which holds where classes have few examples of unequal
        length. The evidence is divided by the length of its weights: neighbours repeat each other, and naive Bayes
        would otherwise be sure of everything.
        """
        weights = {one: math.log(1 + self.texts / self.seen_in[one]) for one in features(text) if one in self.seen_in}
        if not weights:
            return dict.fromkeys(ReplyClass, 1 / len(ReplyClass))
        everywhere = {one: sum(has[one] for has in self.counts.values()) for one in weights}
        size, total = SMOOTHING * len(self.seen_in), sum(self.totals.values())
        scores = {}
        for label, has in self.counts.items():
            within, without = math.log(self.totals[label] + size), math.log(total - self.totals[label] + size)
            scores[label] = sum(
                weight
                * (math.log((has[one] + SMOOTHING) / (everywhere[one] - has[one] + SMOOTHING)) - within + without)
                for one, weight in weights.items()
            )
        sharpness = SHARPNESS / 2 / math.sqrt(sum(weight * weight for weight in weights.values()))
        top = max(scores.values())
        odds = {label: math.exp((score - top) * sharpness) for label, score in scores.items()}
        return {label: one / sum(odds.values()) for label, one in odds.items()}


def examples() -> list[tuple[str, ReplyClass]]:
    """The examples that come with the product: (text, class)."""
    lines = resources.files(__package__).joinpath("examples.tsv").read_text("utf-8").splitlines()
    return [(text, ReplyClass(label)) for label, text in (line.split("\t", 1) for line in lines if line)]


def fitted(pairs: Iterable[tuple[str, ReplyClass]]) -> Model:
    """A model fitted to these examples."""
    model = Model()
    for text, label in pairs:
        model.learn(text, label)
    return model


@cache
def shipped() -> Model:
    """The model of the product's own examples. Don't let it learn: copy it."""
    return fitted(examples())


def corrected(corrections: Iterable[Correction]) -> Model:
    """The product's model and what colleagues corrected."""
    model = shipped().copy()
    for one in corrections:
        model.learn(one.text, one.label)
    return model
