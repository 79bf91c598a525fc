"""What posting decides, on plain values: new, unchanged, changed, corrected or back again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

from fourfold.ledger.types import ActivityRow, Direction, Fact, Touch

CLICKS_KEPT = 3
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode  # one, not one a fact


class Verdict(StrEnum):
    NEW = "new"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    CORRECTED = "corrected"
    AGAIN = "again"  # it was taken back, and comes again


@dataclass(frozen=True, slots=True)
class Standing:
    """The latest live revision of a reference, or its latest of all when none is live."""

    fact_id: UUID
    seq: int
    revision: int
    content_hash: str
    live: bool


def plain(value: object) -> object:
    """A value as JSON can hold it, the same text for the same meaning whatever its time zone."""
    if type(value) is str:
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (date, UUID)):
        return str(value)
    return value


def content_hash(fact: Fact) -> str:
    """32 hexadecimal digits over the kind and all columns but source and reference."""
    content = {name: plain(value) for name, value in fact.content().items() if value is not None}
    text = _encode([fact.kind, content])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def judge(standing: Standing | None, new_hash: str, *, correct: bool) -> Verdict:
    """What to do with a fact whose reference may already stand in the ledger."""
    if standing is None:
        return Verdict.NEW
    if not standing.live:
        return Verdict.AGAIN
    if standing.content_hash == new_hash:
        return Verdict.UNCHANGED
    return Verdict.CORRECTED if correct else Verdict.CHANGED


def follow(pairs: Mapping[UUID, UUID]) -> dict[UUID, UUID]:
    """Each merged key with the key it ends up under. Chains are followed; a circle ends at its smallest key."""
    ends: dict[UUID, UUID] = {}
    for start in pairs:
        path = [start]
        while path[-1] in pairs and pairs[path[-1]] not in path:
            path.append(pairs[path[-1]])
        closes = path[-1] in pairs  # the walk came back to its own path
        ends[start] = min(path[path.index(pairs[path[-1]]) :]) if closes else path[-1]
    return {key: end for key, end in ends.items() if key != end}


def later(first: datetime | None, second: datetime | None) -> datetime | None:
    if first is None or second is None:
        return first or second
    return max(first, second)


def fold(row: ActivityRow, touches: Iterable[Touch]) -> ActivityRow:
    """The activity of one person after these touches, in whatever order they come. Robots don't count."""
    human = [touch for touch in touches if not touch.machine]
    clicks = [touch.occurred_at for touch in human if touch.action == "click"]
    last: datetime | None = row.last_touch_at
    contacted, inbound = row.last_contacted_at, row.last_inbound_at
    for touch in human:
        last = later(last, touch.occurred_at)
        if touch.direction == Direction.OUT:
            contacted = later(contacted, touch.occurred_at)
        else:
            inbound = later(inbound, touch.occurred_at)
    kept = sorted([*row.clicks_at, *clicks], reverse=True)[:CLICKS_KEPT]
    return ActivityRow(row.person_key, row.touches + len(human), last, contacted, inbound, tuple(kept))
