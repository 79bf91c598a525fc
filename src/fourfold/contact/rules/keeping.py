"""Cases, findings and policies as JSON and back, the same value again: what a receipt keeps."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from fourfold.contact.types import Case, Finding, Policy

T = TypeVar("T")


def case_to(case: Case) -> dict[str, Any]:
    """A case as JSON holds it; what has its default is left out."""
    return _to(case)


def case_from(data: Mapping[str, Any]) -> Case:
    """The case that ``case_to`` wrote. Raises TypeError or ValueError for anything else."""
    return _from(Case, data)


def finding_to(found: Finding) -> dict[str, Any]:
    return _to(found)


def finding_from(data: Mapping[str, Any]) -> Finding:
    return _from(Finding, data)


def policy_to(policy: Policy) -> dict[str, Any]:
    return _to(policy)


def policy_from(data: Mapping[str, Any]) -> Policy:
    return _from(Policy, data)


def _to(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        held = ((one.name, getattr(value, one.name), one.default) for one in fields(value))
        return {name: _to(found) for name, found, default in held if found != default}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(_to(one) for one in value)
    if isinstance(value, (tuple, list)):
        return [_to(one) for one in value]
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _from(kind: type[T], data: Mapping[str, Any]) -> T:
    hints = _hints(kind)  # type: ignore[arg-type]
    unknown = set(data) - set(hints)
    if unknown:
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return kind(**{name: _value(hints[name], held) for name, held in data.items()})


def _value(hint: Any, held: Any) -> Any:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return None if held is None else _value(next(one for one in inner if one is not type(None)), held)
    if origin is frozenset:
        return frozenset(_value(inner[0], one) for one in held)
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_value(inner[0], one) for one in held)
        return tuple(_value(one, part) for one, part in zip(inner, held, strict=True))
    if hint is datetime or hint is date:
        return hint.fromisoformat(held)
    if isinstance(hint, type) and is_dataclass(hint):
        return _from(hint, held)
    if isinstance(hint, type) and issubclass(hint, (Enum, UUID)):
        return hint(held)
    return held
