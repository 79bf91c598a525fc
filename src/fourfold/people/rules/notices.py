"""When the notice of GDPR Art. 14 is owed, and how a plan is cut into batches."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from fourfold.people.types import DeclarationRefused, NewDeclaration, Origin

OWING = (Origin.SOURCED, Origin.IMPORTED, Origin.REFERRED)
"""Whose data did not come from themselves. A client gives its people's data in the course of business with them."""
MOST_BATCHES = 400


def notice_due(origin: Origin | None, added_at: datetime) -> datetime | None:
    """Until when somebody must be told, or None where no notice is owed: one calendar month after they were added.

    Source: GDPR Art. 14(3)(a), at the latest within one month.
    """
    return a_month_after(added_at) if origin in OWING else None


def a_month_after(moment: datetime) -> datetime:
    """The same day and hour of the next month, or its last day where it is shorter."""
    year, month = (moment.year + 1, 1) if moment.month == 12 else (moment.year, moment.month + 1)
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


def check_declaration(new: NewDeclaration, *, today: date) -> None:
    """Raises DeclarationRefused for one that says too little, or something of the future."""
    what = "Nothing was declared."
    if not new.told.strip() or not new.basis.strip():
        raise DeclarationRefused(what, "It must say what people were told and on which basis.", "Fill both in.")
    if new.from_day > new.to_day:
        raise DeclarationRefused(what, "The first day is after the last.", "Swap the two days.")
    if new.told_on and new.told_on > today:
        raise DeclarationRefused(
            what, "They can't have been told on a day that is still to come.", "Give the day, or plan the rest."
        )
    if new.told_on and new.told_on < new.from_day - timedelta(days=3660):
        raise DeclarationRefused(what, "The day is more than ten years before they were added.", "Check the year.")


def batch_days(people: int, *, size: int, every_days: int, first: date) -> Iterator[tuple[date, int]]:
    """The day and the number of people of each batch. Raises DeclarationRefused for a plan nobody would keep to."""
    if size < 1 or every_days < 1:
        raise DeclarationRefused("No plan was made.", "A batch has people and days.", "Give numbers from 1.")
    if people > size * MOST_BATCHES:
        raise DeclarationRefused(
            "No plan was made.",
            f"{people:,} people in batches of {size:,} make more than {MOST_BATCHES} batches.",
            "Choose larger batches, or declare first what is known.",
        )
    for number, start in enumerate(range(0, people, size)):
        yield first + timedelta(days=every_days * number), min(size, people - start)
