"""The law packs: what each law asks, as data with citations. A house may bring its own file of the same shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fourfold.contact.rules.keeping import policy_from
from fourfold.contact.types import LawPack, Policy


def packs_from(data: Iterable[Mapping[str, Any]]) -> tuple[LawPack, ...]:
    """The packs of a file of packs. Raises TypeError or ValueError for what is none."""
    return policy_from({"packs": list(data)}).packs


def law_of(country: str, policy: Policy) -> str:
    """The code of the pack that holds where a person is; where that is unknown or nobody's, the house's own law."""
    for pack in policy.packs:
        if country and country.upper() in pack.countries:
            return pack.code
    return policy.home_law
