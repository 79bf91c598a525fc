"""When somebody's record is reviewed. Nothing is erased by a machine: a person decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from fourfold.people.types import NewRetentionRule, Origin, PersonRole, RetentionRefused

OFFERED = (
    NewRetentionRule(
        name="Candidates", months=24, role=PersonRole.CANDIDATE,
        why="Two years without a word: their situation is another.",
    ),
    NewRetentionRule(
        name="Client contacts", months=36, role=PersonRole.CLIENT_CONTACT,
        why="A client may come back after a long while; people change jobs within three years.",
    ),
    NewRetentionRule(
        name="Found by us, never answered", months=12, origin=Origin.SOURCED,
        why="We wrote to them without being asked; a year of silence is an answer.",
    ),
)  # fmt: skip
"""Rules that a house may begin with."""


def months_before(at: datetime, months: int) -> datetime:
    """The same day and hour so many months earlier, or the month's last day where it is shorter."""
    place = at.year * 12 + at.month - 1 - months
    year, month = divmod(place, 12)
    day = at.day
    while True:
        try:
            return at.replace(year=year, month=month + 1, day=day)
        except ValueError:
            day -= 1


def is_due(last: datetime, months: int, *, at: datetime) -> bool:
    """Whether so many months have gone by since the last two-way touch, the day included."""
    return last <= months_before(at, months)


def last_of(added_at: datetime, inbound_at: datetime | None) -> datetime:
    """Since when there was no two-way touch: their last signal, or the day the record was made."""
    return max(added_at, inbound_at) if inbound_at else added_at


def check_rule(new: NewRetentionRule) -> None:
    """Raises RetentionRefused for a rule without a name, or of no months or of more than twenty years."""
    if not new.name.strip() or not 1 <= new.months <= 240:
        raise RetentionRefused(
            "The rule was not kept.", "A rule has a name and from 1 to 240 months.", "Give both, and say why."
        )


def check_keeping(until: date | None, why: str, *, today: date) -> None:
    """Raises RetentionRefused for keeping somebody without a reason or a day to come."""
    if not why.strip() or until is None or until <= today:
        raise RetentionRefused(
            "Nothing was decided.", "Keeping a record takes a reason and a day to come.", "Fill both in."
        )


def still_due(seen: Mapping[UUID, datetime], months: int, *, at: datetime) -> list[UUID]:
    """Those whose last two-way touch is long enough ago."""
    return [key for key, last in seen.items() if is_due(last, months, at=at)]
