"""What pages of interviews show: the calendar, one, times to pick from, scorecards side by side; and Today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.template.defaultfilters import date as day_words
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fourfold.accounts.types import Viewer
from fourfold.base.clock import day_start
from fourfold.contact.types import PUBLIC_LINKS
from fourfold.jobs import access, queries
from fourfold.jobs.rules import calendar
from fourfold.jobs.types import InterviewRow, MeetingKind, MeetingState, SlotSetRow, Told
from fourfold.people.types import TodayEntry, TodayGroup

KIND_WORDS = {
    MeetingKind.PHONE: gettext_lazy("by phone"),
    MeetingKind.VIDEO: gettext_lazy("by video"),
    MeetingKind.IN_PERSON: gettext_lazy("in person"),
}
KIND_ICONS = {MeetingKind.PHONE: "phone", MeetingKind.VIDEO: "presentation", MeetingKind.IN_PERSON: "users"}
STATE_WORDS = {
    MeetingState.BOOKED: gettext_lazy("Booked"),
    MeetingState.ATTENDED: gettext_lazy("They came"),
    MeetingState.NO_SHOW: gettext_lazy("They did not come"),
    MeetingState.CANCELLED: gettext_lazy("Cancelled"),
}
STATE_TONES = {
    MeetingState.BOOKED: "accent",
    MeetingState.ATTENDED: "success",
    MeetingState.NO_SHOW: "danger",
    MeetingState.CANCELLED: "quiet",
}
SHOWN_WORDS = (
    gettext_lazy("not asked"), gettext_lazy("not shown"), gettext_lazy("a little"), gettext_lazy("shown"),
    gettext_lazy("clearly shown"),
)  # fmt: skip
WHOSE = {"mine": gettext_lazy("Mine"), "desk": gettext_lazy("My desks"), "all": gettext_lazy("All")}
LONGEST_LIST = 8


def line(row: InterviewRow, viewer: Viewer, at: datetime) -> dict[str, Any]:
    """An interview on the viewer's wall clock."""
    there = ZoneInfo(viewer.zone)
    own = row.starts_at.astimezone(ZoneInfo(row.zone))
    over = row.ends_at <= at
    return {
        "row": row,
        "day": row.starts_at.astimezone(there).date(),
        "time": row.starts_at.astimezone(there).strftime("%H:%M"),
        "until": row.ends_at.astimezone(there).strftime("%H:%M"),
        "there": own.strftime("%H:%M %Z") if row.zone != viewer.zone else "",
        "kind": KIND_WORDS[row.kind],
        "icon": KIND_ICONS[row.kind],
        "state": _("Who came?") if over and row.state is MeetingState.BOOKED else STATE_WORDS[row.state],
        "tone": "warning" if over and row.state is MeetingState.BOOKED else STATE_TONES[row.state],
        "unsettled": over and row.state is MeetingState.BOOKED,
        "begun": row.starts_at <= at,
        "is_link": row.place.startswith(("https://", "http://")),
    }


def parse_day(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default


def calendar_context(viewer: Viewer, *, whose: str, day: str, view: str, at: datetime) -> dict[str, Any]:
    """A week or a day of interviews, on the viewer's wall clock."""
    whose = whose if whose in WHOSE else "mine"
    today = at.astimezone(ZoneInfo(viewer.zone)).date()
    chosen = parse_day(day, today)
    days = (chosen,) if view == "day" else calendar.week_of(chosen)
    since, until = day_start(days[0], viewer.zone), day_start(days[-1] + timedelta(days=1), viewer.zone)
    rows, left = queries.calendar(viewer, since=since, until=until, whose=whose)
    lines = [line(row, viewer, at) for row in rows]
    by_day = {held: list(several) for held, several in groupby(lines, key=lambda one: one["day"])}
    shown = [one for one in days if one.weekday() < 5 or one in by_day or len(days) == 1]
    step = timedelta(days=len(days))
    return {
        "whose": [(code, str(words), code == whose) for code, words in WHOSE.items()],
        "mine": whose,
        "view": "day" if view == "day" else "week",
        "days": [
            {"day": one, "words": day_words(one, "l j M"), "is_today": one == today, "lines": by_day.get(one, [])}
            for one in shown
        ],
        "count": len(lines),
        "left_out": left,
        "unsettled": sum(one["unsettled"] for one in lines),
        "before": (days[0] - step).isoformat(),
        "after": (days[0] + step).isoformat(),
        "chosen": chosen.isoformat(),
        "heading": _heading(len(lines), days),
        "span": _span(days),
        "zone": viewer.zone.replace("_", " "),
    }  # fmt: skip


def _span(days: Sequence[date]) -> str:
    if len(days) == 1:
        return day_words(days[0], "j F Y")
    return f"{day_words(days[0], 'j M')} – {day_words(days[-1], 'j M Y')}"


def _heading(count: int, days: Sequence[date]) -> str:
    if not count:
        return _("No interviews this day") if len(days) == 1 else _("No interviews this week")
    words = (
        ngettext("%(n)s interview this day", "%(n)s interviews this day", count) if len(days) == 1
        else ngettext("%(n)s interview this week", "%(n)s interviews this week", count)
    )  # fmt: skip
    return words % {"n": count}


def told_words(told: Sequence[Told], *, done: str) -> str:
    """What was done, who is told of it, and who isn't and why."""
    sent = [one.name for one in told if not one.why_not]
    parts = [done]
    if sent:
        parts.append(_("The mail goes to %(names)s.") % {"names": _(" and ").join(sent)})
    parts += [
        _("No mail to %(name)s: %(why)s.") % {"name": one.name, "why": one.why_not.rstrip(".")}
        for one in told if one.why_not
    ]  # fmt: skip
    return " ".join(parts)


def interview_context(viewer: Viewer, key: UUID, at: datetime) -> dict[str, Any]:
    """One interview: when, what became of it, what was said."""
    row = queries.interview(viewer, key)
    there = row.starts_at.astimezone(ZoneInfo(row.zone))
    return {
        "one": line(row, viewer, at),
        "row": row,
        "when": f"{day_words(there, 'l j F Y, H:i')} ({row.zone.replace('_', ' ')}, {there.tzname()})",
        "minutes": round((row.ends_at - row.starts_at).total_seconds() / 60),
        "may_work": access.may_work_jobs(viewer),
    }


def part_context(viewer: Viewer, application: UUID, at: datetime) -> dict[str, Any]:
    """An application's interviews and scorecards, as a card."""
    rows = queries.interviews_of(viewer, application)
    _requirements, cards = queries.scorecards(viewer, application)
    return {
        "key": application,
        "lines": [line(row, viewer, at) for row in rows],
        "days": {row.key: row.starts_at for row in rows},
        "cards": len(cards),
        "may_work": access.may_work_jobs(viewer),
    }


def scorecards_context(viewer: Viewer, application: UUID) -> dict[str, Any]:
    """What each interviewer saw, requirement by requirement, beside each other; nothing is added up."""
    requirements, cards = queries.scorecards(viewer, application)
    asked = list(dict.fromkeys((*requirements, *(line.requirement for card in cards for line in card.lines))))
    by_card = [{line.requirement: line for line in card.lines} for card in cards]
    return {
        "about": queries.application(viewer, application).row,
        "cards": cards,
        "rows": [
            {
                "requirement": one,
                "cells": [
                    {"shown": held[one].shown, "said": SHOWN_WORDS[held[one].shown], "words": held[one].words}
                    if one in held else None
                    for held in by_card
                ],
            }
            for one in asked
        ],
        "may_work": access.may_work_jobs(viewer),
    }  # fmt: skip


def slots_context(viewer: Viewer, job: UUID, at: datetime) -> dict[str, Any]:
    """Times that were offered for a job: who picked which, who hasn't, and each one's link."""
    card = queries.job_card(viewer, job)
    return {
        "card": card,
        "sets": [_set(one, at) for one in queries.slot_sets(viewer, job)],
        "may_work": access.may_work_jobs(viewer),
    }


def _set(one: SlotSetRow, at: datetime) -> dict[str, Any]:
    there = ZoneInfo(one.zone)
    return {
        "row": one,
        "kind": KIND_WORDS[one.kind],
        "zone": one.zone.replace("_", " "),
        "open": one.closes_at > at,
        "closes": day_words(one.closes_at.astimezone(there), "D j M, H:i"),
        "slots": [
            {"row": slot, "words": day_words(slot.starts_at.astimezone(there), "D j M, H:i")} for slot in one.slots
        ],
        "waiting": [
            {"row": who, "link": PUBLIC_LINKS[0].slot_url(person_key=who.person_key, invite=who.key)}
            for who in one.invited
            if not who.picked
        ],
    }


# Today


def interviews_soon(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On Today: the viewer's interviews of the next seven days, the nearest first."""
    if not access.may_work_jobs(viewer):
        return None
    count, rows = queries.upcoming(viewer, since=at, until=at + timedelta(days=7), limit=LONGEST_LIST)
    if not count:
        return None
    entries = [
        TodayEntry(
            title=row.person,
            why=_("%(when)s, %(kind)s · %(job)s · %(organisation)s") % {
                "when": day_words(row.starts_at.astimezone(ZoneInfo(viewer.zone)), "D j M, H:i"),
                "kind": KIND_WORDS[row.kind], "job": row.job, "organisation": row.organisation,
            },
            action_label=_("Prepare"), url=reverse("interview", args=[row.key]), icon="calendar-event",
        )
        for row in rows
    ]  # fmt: skip
    heading = ngettext("%(n)s interview in 7 days", "%(n)s interviews in 7 days", count) % {"n": count}
    return TodayGroup(heading, _("Ring them the day before"), count, entries, reverse("interviews"))


def turn_up_unknown(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On Today: the viewer's interviews that are over and of which nobody noted who came."""
    if not access.may_work_jobs(viewer):
        return None
    count, rows = queries.unsettled(viewer, at=at, limit=LONGEST_LIST)
    if not count:
        return None
    entries = [
        TodayEntry(
            title=row.person,
            why=_("%(job)s · %(organisation)s") % {"job": row.job, "organisation": row.organisation},
            action_label=_("Did they come?"), url=reverse("interview", args=[row.key]), icon="calendar-event",
            at=row.starts_at,
        )
        for row in rows
    ]  # fmt: skip
    heading = ngettext("%(n)s interview without a word", "%(n)s interviews without a word", count) % {"n": count}
    return TodayGroup(heading, _("Note who came, and ask both how it was"), count, entries, reverse("interviews"))
