"""What a key of a world file may hold: rules that check a value, say what is allowed, and build frozen dataclasses.

A class whose fields are ``Annotated[type, rule]`` is its own schema: :func:`build` reads it, :func:`entries` lists it.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol, get_type_hints

from fourfold.evidence.types import EvidenceError


class WorldError(EvidenceError):
    """A world file that can't be used: ``what`` happened, ``why``, and what ``todo``. Shown as written."""


class Rule(Protocol):
    """Checks one value. ``allowed`` is the end of the sentence “It must be …”."""

    @property
    def allowed(self) -> str: ...

    def read(self, value: Any, path: str) -> Any:
        """The value as the world keeps it. Raises WorldError."""


def refuse(path: str, value: Any, allowed: str) -> WorldError:
    """The error for one bad value: names the key, the value and what is allowed."""
    shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "…"
    return WorldError(
        f"The world was not read: “{path}” is {shown}.", f"It must be {allowed}.", "Change it in the file."
    )


@dataclass(frozen=True, slots=True)
class Number:
    """A number from ``low`` to ``high``, both included; whole where ``whole``."""

    low: float
    high: float
    whole: bool = False

    @property
    def allowed(self) -> str:
        return f"a {'whole ' if self.whole else ''}number from {self.low:g} to {self.high:g}"

    def read(self, value: Any, path: str) -> float | int:
        good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not good or not self.low <= value <= self.high or (self.whole and value != int(value)):
            raise refuse(path, value, self.allowed)
        return int(value) if self.whole else float(value)


@dataclass(frozen=True, slots=True)
class Words:
    """Text of 1 to 80 characters, one of ``choices`` where there are any."""

    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        return "one of " + ", ".join(self.choices) if self.choices else "text of 1 to 80 characters"

    def read(self, value: Any, path: str) -> str:
        if not isinstance(value, str) or not 1 <= len(value) <= 80 or (self.choices and value not in self.choices):
            raise refuse(path, value, self.allowed)
        return value


@dataclass(frozen=True, slots=True)
class YesNo:
    """true or false."""

    @property
    def allowed(self) -> str:
        return "true or false"

    def read(self, value: Any, path: str) -> bool:
        if not isinstance(value, bool):
            raise refuse(path, value, self.allowed)
        return value


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of ``least`` to ``most`` values under one rule; ``rising`` when no value is below the one before."""

    rule: Rule
    least: int
    most: int
    rising: bool = False

    @property
    def allowed(self) -> str:
        size = f"{self.least}" if self.least == self.most else f"{self.least} to {self.most}"
        return f"a list of {size} values, each {self.rule.allowed}" + (", none below the one before" * self.rising)

    def read(self, value: Any, path: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or not self.least <= len(value) <= self.most:
            raise refuse(path, value, self.allowed)
        read = tuple(self.rule.read(item, f"{path}[{place}]") for place, item in enumerate(value))
        if self.rising and any(b < a for a, b in pairwise(read)):
            raise refuse(path, value, self.allowed)
        return read


@dataclass(frozen=True, slots=True)
class Of:
    """An object with the keys of ``cls``; left out where ``optional``."""

    cls: type
    optional: bool = False

    @property
    def allowed(self) -> str:
        return "an object with the keys " + ", ".join(rules(self.cls))

    def read(self, value: Any, path: str) -> Any:
        return None if self.optional and value is None else build(self.cls, value, path)


@dataclass(frozen=True, slots=True)
class ByName:
    """An object whose keys are ``names`` (all of them) and whose values have the keys of ``cls``."""

    cls: type
    names: tuple[str, ...]

    @property
    def allowed(self) -> str:
        return "an object with the keys " + ", ".join(self.names)

    def read(self, value: Any, path: str) -> dict[str, Any]:
        _same_keys(value, self.names, (), path, self.allowed)
        return {name: build(self.cls, value[name], f"{path}.{name}") for name in self.names}


def build(cls: type, value: Any, path: str = "") -> Any:
    """Make a ``cls`` of a JSON object. Raises WorldError for a missing, unknown or bad key."""
    known = rules(cls)
    optional = tuple(name for name, rule in known.items() if isinstance(rule, Of) and rule.optional)
    _same_keys(value, tuple(known), optional, path, Of(cls).allowed)
    start = f"{path}." if path else ""
    return cls(**{name: rule.read(value.get(name), start + name) for name, rule in known.items()})


def entries(cls: type, path: str = "") -> Iterator[tuple[str, str]]:
    """Every key of a world class with what it may hold: ``("desks[].pay_median", "a number …")``."""
    for own, rule in rules(cls).items():
        name = path + own
        inner = rule.rule if isinstance(rule, ListOf) else rule
        mark = {ListOf: "[]", ByName: ".*"}.get(type(rule), "")
        if isinstance(inner, Of | ByName):
            yield from entries(inner.cls, f"{name}{mark}.")
        else:
            yield name, rule.allowed


def rules(cls: type) -> dict[str, Rule]:
    """The rule of each key of a world class."""
    return {name: hint.__metadata__[0] for name, hint in get_type_hints(cls, include_extras=True).items()}


def _same_keys(value: Any, names: tuple[str, ...], optional: tuple[str, ...], path: str, allowed: str) -> None:
    where = path or "the file"
    if not isinstance(value, Mapping):
        raise refuse(where, value, allowed)
    for name in value:
        if name not in names:
            near = difflib.get_close_matches(str(name), names, 1)
            raise WorldError(
                f"The world was not read: “{where}” has a key “{name}”.",
                f"Its keys are {', '.join(names)}.",
                f"Did you mean “{near[0]}”?" if near else "Take it out, or check its spelling.",
            )
    for name in names:
        if name not in value and name not in optional:
            raise WorldError(
                f"The world was not read: “{where}” lacks “{name}”.", f"It must be {allowed}.", "Add it to the file."
            )
