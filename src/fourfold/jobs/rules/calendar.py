"""Invitations as iCalendar. Sources: RFC 5545 (the object), RFC 5546 (asking, changing, cancelling)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

MADE_BY = "-//Fourfold//Interviews//EN"
REQUEST, CANCEL = "REQUEST", "CANCEL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One person's copy of an interview's invitation. ``sequence`` counts its changes, ``made_at`` is now.

    ``attendee`` is that person's own address: nobody reads another's.
    """

    interview: UUID
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    place: str
    about: str
    organiser: str
    organiser_name: str
    attendee: str
    attendee_name: str
    made_at: datetime
    cancelled: bool = False


def uid(interview: UUID) -> str:
    """What an interview is called in calendars, however often it is moved."""
    return f"interview-{interview}@fourfold"


def invitation(one: Invitation) -> str:
    """The invitation as text with CRLF. Times are UTC, so that every program shows them in its own zone."""
    calendar = Calendar()
    calendar.add("prodid", MADE_BY)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", CANCEL if one.cancelled else REQUEST)
    event = Event()
    event.add("uid", uid(one.interview))
    event.add("sequence", one.sequence)
    event.add("dtstamp", one.made_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", one.starts_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtend", one.ends_at.astimezone(UTC).replace(microsecond=0))
    event.add("summary", one.summary)
    if one.place:
        event.add("location", one.place)
    if one.about:
        event.add("description", one.about)
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE")
    organiser = vCalAddress(f"mailto:{one.organiser}")
    organiser.params["CN"] = vText(one.organiser_name)
    event["organizer"] = organiser
    attendee = vCalAddress(f"mailto:{one.attendee}")
    attendee.params["CN"] = vText(one.attendee_name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return calendar.to_ical().decode()


def week_of(day: date) -> tuple[date, ...]:
    """The seven days of a day's week, from its Monday."""
    monday = day - timedelta(days=day.weekday())
    return tuple(monday + timedelta(days=count) for count in range(7))


def wall_clock(day: date, at: time, zone: str) -> datetime:
    """A moment on the wall clock of ``zone``, in UTC."""
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def spread(day_from: date, days: int, times: Sequence[time], zone: str, *, weekends: bool = False) -> list[datetime]:
    """The same times on several days, in UTC."""
    every = [day_from + timedelta(days=count) for count in range(days)]
    return [wall_clock(day, at, zone) for day in every if weekends or day.weekday() < 5 for at in times]


def working_days_after(at: date, days: int) -> date:
    """The day that is so many working days later; Saturdays and Sundays don't count."""
    day, left = at, days
    while left > 0:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
