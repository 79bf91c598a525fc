"""A small linear model of replies: multinomial naive Bayes over words, pairs of words and beginnings of words.

It is fitted in a blink to examples written for this product (``examples.tsv``) and learns one reply at a time.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from fourfold.contact.types.inbound import Correction, ReplyClass

SMOOTHING = 0.25  # pseudo-count of a feature in a class
LEARNT_WEIGHT = 3.0  # a colleague's correction counts as this many examples
MOST_WORDS = 400  # of a reply; what comes later decides nothing
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[?!]|\d+", re.UNICODE)


def features(text: str) -> Counter[str]:
    """The features of a text: its words, pairs of neighbours, and first five letters of longer words, each once."""
    words = [one.lower().replace("’", "'") for one in _WORD.findall(text)][:MOST_WORDS]
    words = ["#" if one.isdigit() else one for one in words]
    found = Counter(dict.fromkeys(words, 1))
    found.update(dict.fromkeys((f"{one} {two}" for one, two in zip(words, words[1:], strict=False)), 1))
    found.update(dict.fromkeys((f"{one[:5]}*" for one in words if len(one) > 5), 1))
    return found


@dataclass(slots=True)
class Model:
    """Counts by class. ``learn`` changes this model; ``copy`` first to keep another."""

    counts: dict[ReplyClass, Counter[str]] = field(default_factory=lambda: {one: Counter() for one in ReplyClass})
    totals: dict[ReplyClass, float] = field(default_factory=lambda: dict.fromkeys(ReplyClass, 0.0))
    known: set[str] = field(default_factory=set)

    def learn(self, text: str, label: ReplyClass, *, weight: float = LEARNT_WEIGHT) -> None:
        """Learn one reply: it counts as ``weight`` examples."""
        for name in features(text):
            self.counts[label][name] += weight  # type: ignore[assignment]
            self.totals[label] += weight
            self.known.add(name)

    def copy(self) -> Model:
        """A model that learns without changing this one."""
        return Model({one: Counter(has) for one, has in self.counts.items()}, dict(self.totals), set(self.known))

    def chances(self, text: str) -> dict[ReplyClass, float]:
        """The probability of each class; they add up to 1. All classes are held equally likely beforehand.

        The evidence is divided by the root of the number of features: neighbours repeat each other, and naive Bayes
        would otherwise be sure of everything.
        """
        names = [one for one in features(text) if one in self.known]
        if not names:
            return dict.fromkeys(ReplyClass, 1 / len(ReplyClass))
        size = SMOOTHING * len(self.known)
        scores = {}
        for label, has in self.counts.items():
            below = math.log(self.totals[label] + size)
            scores[label] = sum(math.log(has[one] + SMOOTHING) - below for one in names) * 1.6 / math.sqrt(len(names))
        top = max(scores.values())
        weights = {label: math.exp(score - top) for label, score in scores.items()}
        return {label: weight / sum(weights.values()) for label, weight in weights.items()}


def examples() -> list[tuple[str, ReplyClass]]:
    """The examples that come with the product: (text, class)."""
    lines = resources.files(__package__).joinpath("examples.tsv").read_text("utf-8").splitlines()
    return [(text, ReplyClass(label)) for label, text in (line.split("\t", 1) for line in lines if line)]


def fitted(pairs: Iterable[tuple[str, ReplyClass]]) -> Model:
    """A model fitted to these examples, each counted once."""
    model = Model()
    for text, label in pairs:
        model.learn(text, label, weight=1.0)
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
