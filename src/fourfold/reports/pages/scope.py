"""Whose week and whose pipeline a page is about: from an address, and the choices beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role, Viewer
from fourfold.jobs.types import Days
from fourfold.reports import access, rules
from fourfold.reports.forms import PipelineForm, WeekForm
from fourfold.reports.types import BadQuestion, PipelineAsked, WeekAsked

MONTHS = (3, 6, 12)
ENGAGEMENTS = ("permanent", "retained", "contract")
FIRST_WEEK, LAST_WEEK = date(2000, 1, 3), date(2199, 12, 23)


def today_in(zone: str, at: datetime) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def week_from(viewer: Viewer, asked: Mapping[str, str], at: datetime) -> WeekAsked:
    """The week that an address asks for, else the one that runs. Raises BadQuestion, NotFound, NotAllowed."""
    zone = accounts.house_zone()
    text, desk, whose = asked.get("week", ""), asked.get("desk", "")[:120], asked.get("who", "")
    try:
        day = date.fromisoformat(text) if text else today_in(zone, at)
        who = UUID(whose) if whose else None
    except ValueError:
        raise _bad(text or whose) from None
    if not FIRST_WEEK <= day <= LAST_WEEK:
        raise _bad(text)
    monday = rules.monday_of(day)
    within = access.week_within(viewer, desk=desk, who=who)
    days = Days(monday, monday + timedelta(days=7), zone)
    return WeekAsked(days, Days(monday - timedelta(days=7), monday, zone), desk, within.owner, within)


def _bad(text: str) -> BadQuestion:
    return BadQuestion("The page was not made.", f"“{text[:40]}” can’t be read.", "Choose one of those shown.")


def pipeline_from(viewer: Viewer, asked: Mapping[str, str], at: datetime) -> PipelineAsked:
    """The months, the desk and the engagement that an address asks for. Raises BadQuestion, NotFound, NotAllowed."""
    zone = accounts.house_zone()
    months, engagement, desk = asked.get("months") or "12", asked.get("engagement", ""), asked.get("desk", "")[:120]
    if months not in {str(one) for one in MONTHS} or engagement not in ("", *ENGAGEMENTS):
        raise _bad(f"{months} {engagement}")
    today = today_in(zone, at)
    since = rules.shift_months(today, -int(months) + 1)
    within = access.pipeline_within(viewer, desk=desk, engagement=engagement)
    return PipelineAsked(Days(since, today + timedelta(days=1), zone), int(months), desk, engagement, within)


def week_address(name: str, asked: WeekAsked, viewer: Viewer, *args: object, **more: str) -> str:
    """The address of a page about the same week; ``more`` overrules, and leaves out what is empty."""
    own = asked.who == viewer.user_key and not viewer.has(Role.LEADER)
    values = {
        "week": asked.days.since.isoformat(),
        "desk": asked.desk,
        "who": str(asked.who) if asked.who and not own else "",
    }
    return _address(name, args, values | more)


def pipeline_address(name: str, asked: PipelineAsked, *args: object, **more: str) -> str:
    """The same for the pipeline."""
    months = str(asked.months) if asked.months != 12 else ""
    return _address(name, args, {"months": months, "desk": asked.desk, "engagement": asked.engagement} | more)


def _address(name: str, args: tuple[object, ...], values: Mapping[str, str]) -> str:
    query = urlencode({key: value for key, value in values.items() if value})
    return f"{reverse(name, args=args)}{'?' if query else ''}{query}"


def week_words(asked: WeekAsked) -> str:
    """“23 – 29 Nov 2026”."""
    return _days_words(asked.days)


def before_words(asked: WeekAsked) -> str:
    """The same of the week before."""
    return _days_words(asked.before)


def _days_words(days: Days) -> str:
    first, last = days.since, days.until - timedelta(days=1)
    start = f"{first:%-d}" if first.month == last.month else f"{first:%-d %b}"
    return f"{start} – {last:%-d %b %Y}"


def whose_words(viewer: Viewer, asked: WeekAsked) -> str:
    """Whose week: a desk's name, a colleague's, “Yours”, or the whole house."""
    if asked.desk:
        return accounts.labels({asked.desk}).get(asked.desk, asked.desk)
    if asked.who is not None:
        return _("Yours") if asked.who == viewer.user_key else accounts.names({asked.who}).get(asked.who, "")
    return _("The whole house")


def pipeline_words(viewer: Viewer, asked: PipelineAsked) -> str:
    """Whose pipeline."""
    if asked.within.owner is not None:
        return _("Yours and your desks’") if asked.within.desks else _("Yours")
    return accounts.labels({asked.desk}).get(asked.desk, asked.desk) if asked.desk else _("The whole house")


def week_presets(viewer: Viewer, asked: WeekAsked, at: datetime) -> list[dict[str, Any]]:
    """Earlier, this week, later: as links that keep whose it is."""
    now = rules.monday_of(today_in(asked.days.zone, at))
    shown = asked.days.since
    weeks = [
        (shown - timedelta(days=7), _("Week before")),
        (now, _("This week")),
        (shown + timedelta(days=7), _("Week after")),
    ]
    return [
        {"label": words, "url": week_address("monday", asked, viewer, week=day.isoformat()), "active": day == shown}
        for day, words in weeks
    ]


def week_form(viewer: Viewer, asked: WeekAsked) -> WeekForm | None:
    """Whose week to look at: anybody's or any desk's for a leader, one's desks for a recruiter; None for no choice."""
    initial = {"who": str(asked.who or ""), "desk": asked.desk}
    if viewer.has(Role.LEADER):
        desks = [(one.slug, one.name) for one in accounts.desks()]
        colleagues = [(str(key), name) for key, name in accounts.active_names().items()]
        return WeekForm(
            desks=[("", _("All desks")), *desks], people=[("", _("Everybody")), *colleagues], initial=initial
        )
    if not viewer.desks:
        return None
    own = sorted(accounts.labels(set(viewer.desks)).items())
    return WeekForm(desks=[("", _("Only mine")), *own], people=[], initial=initial)


def pipeline_presets(asked: PipelineAsked) -> list[dict[str, Any]]:
    """The last so many months, as links that keep the rest."""
    return [
        {
            "label": _("%(n)s months") % {"n": months},
            "url": pipeline_address("pipeline", asked, months=str(months)),
            "active": months == asked.months,
        }
        for months in MONTHS
    ]


def pipeline_form(viewer: Viewer, asked: PipelineAsked) -> PipelineForm:
    """A desk and an engagement to choose."""
    if viewer.has(Role.LEADER, Role.MARKETER):
        desks = [("", _("All desks")), *((one.slug, one.name) for one in accounts.desks())]
    else:
        desks = [("", _("Mine and my desks’")), *sorted(accounts.labels(set(viewer.desks)).items())]
    return PipelineForm(desks=desks, initial={"desk": asked.desk, "engagement": asked.engagement})
