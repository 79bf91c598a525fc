"""From an address to a question and back; the choices beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.evidence.types import HOUSE_METHOD, By, Method
from fourfold.reports import access, rules
from fourfold.reports.types import BadQuestion, Place, Preset, Question, Topic

DEFAULT = Preset.LAST_12_MONTHS
BASES = ("accepted", "invoiced", "paid")
_ASKED = ("basis", "desk", "team", "office", "by", "method")


def question_from(asked: Mapping[str, str], at: datetime, topic: Topic = Topic.FOURCS) -> Question:
    """The question that an address asks; without one, the last 12 whole months. Raises BadPeriod, BadQuestion."""
    zone, currency = accounts.house_clock_and_currency()
    today = at.astimezone(ZoneInfo(zone)).date()
    first, last, preset = asked.get("from_date", ""), asked.get("to_date", ""), asked.get("period", DEFAULT)
    if first or last:
        period = rules.own_period(first, last)
    else:
        period = rules.period_of(Preset(_one_of(preset, rules.PRESET_WORDS, _("period"))), today)
    known = accounts.place_names()
    narrowed = {place: _one_of(asked.get(place) or "", ["", *names], place) for place, names in known.items()}
    return Question(
        period=period,
        before=rules.compared_with(period),
        basis=_one_of(asked.get("basis") or BASES[0], BASES, _("basis")),
        zone=zone,
        currency=currency,
        topic=topic,
        by=_one_of(asked.get("by") or By.CHANNEL, list(By), _("dimension")) if topic != Topic.FOURCS else By.CHANNEL,
        method=_one_of(asked.get("method") or HOUSE_METHOD, list(Method), _("method"))
        if topic != Topic.FOURCS
        else HOUSE_METHOD,
        desk=narrowed[Place.DESK],
        team=narrowed[Place.TEAM],
        office=narrowed[Place.OFFICE],
    )


def _one_of(text: str, known: Any, what: str) -> str:
    if text in known:
        return str(text)
    raise BadQuestion("The report was not made.", f"There is no {what} “{text}”.", "Choose one of those shown.")


def address_of(question: Question, name: str, *arguments: object, **more: str) -> str:
    """The address of a page about the same question; ``more`` overrules, and leaves out what is empty."""
    usual = Question(period=question.period, before=question.before)
    values = {"from_date": question.period.start.isoformat(), "to_date": question.period.last_day.isoformat()}
    values |= {one: getattr(question, one) for one in _ASKED if getattr(question, one) != getattr(usual, one)}
    asked = {key: value for key, value in {**values, **more}.items() if value}
    return f"{reverse(name, args=arguments)}?{urlencode(asked)}"


def presets(question: Question, name: str, at: datetime) -> list[dict[str, Any]]:
    """The periods one can choose, as links that keep the rest of the question."""
    today = at.astimezone(ZoneInfo(question.zone)).date()
    found = []
    for preset, words in rules.PRESET_WORDS.items():
        period = rules.period_of(preset, today)
        url = address_of(replace(question, period=period), name)
        found.append({"label": words, "url": url, "active": period == question.period})
    return found


def sections(active: str, question: Question | None = None, *, viewer: Viewer) -> list[dict[str, Any]]:
    """The pages of the 4Cs that the viewer may open, as tabs; those about a period keep it."""
    named = {
        "fourcs": _("Scoreboard"),
        **({"monday": _("Monday")} if access.may_read_week(viewer) else {}),
        **({"pipeline": _("Pipeline")} if access.may_read_pipeline(viewer) else {}),
        "roi": _("Return on spend"),
        "goals": _("Goals"),
        "experiments": _("Experiments"),
        **({"nps": _("How it was")} if access.may_read_answers(viewer) else {}),
        "accuracy": _("How right is this?"),
    }
    about_a_period = {"fourcs", "roi"}
    return [
        {
            "label": label,
            "url": address_of(replace(question, by=By.CHANNEL, method=HOUSE_METHOD), name)
            if question and name in about_a_period
            else reverse(name),
            "active": name == active,
        }
        for name, label in named.items()
    ]


def place_choices() -> dict[str, list[tuple[str, str]]]:
    """Desks, teams and offices for a form's select, all of the house first."""
    every: dict[str, str] = {Place.DESK: _("All desks"), Place.TEAM: _("All teams"), Place.OFFICE: _("All offices")}
    return {place: [("", every[place]), *names.items()] for place, names in accounts.place_names().items()}


def place_words(question: Question) -> str:
    """The narrowing in words: “Engineering · Leeds · permanent, London”; empty for the whole house."""
    known = accounts.place_names()
    return ", ".join(known[column].get(slug, slug) for column, slug in question.places)


def initial(question: Question) -> dict[str, Any]:
    """What the filter form begins with."""
    return {
        "from_date": question.period.start,
        "to_date": question.period.last_day,
        "basis": question.basis,
        "desk": question.desk,
        "team": question.team,
        "office": question.office,
        "by": question.by,
        "method": question.method,
    }
