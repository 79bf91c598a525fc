"""Goals: a number that a recruiter and a marketer want to reach together, beside what the ledger has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role
from fourfold.base.cells import formula_safe
from fourfold.base.money import Money, minor_digits
from fourfold.reports import rules
from fourfold.reports.pages.asking import address_of, place_choices
from fourfold.reports.types import GoalRow, Place, Question

TONES = {"candidates": "candidates", "clients": "clients", "colleagues": "colleagues"}


def read(amount: int, goal: GoalRow) -> str:
    """An amount of the goal's figure, as read."""
    if rules.KIND_OF[goal.figure] == "cash":
        return Money(amount, goal.currency).text()
    return f"{amount:,}"


def against(goal: GoalRow | None, today: date) -> dict[str, Any] | None:
    """A goal as a bar: how far it has come, how much of the time has gone, whose it is."""
    if goal is None:
        return None
    names = accounts.names({goal.recruiter, goal.marketer})
    places = accounts.place_names()
    gone = rules.time_gone(goal.period, today)
    question = Question(
        period=goal.period,
        before=rules.compared_with(goal.period),
        currency=goal.currency,
        desk=goal.desk,
        team=goal.team,
        office=goal.office,
    )
    return {
        "goal": goal,
        "key": goal.key,
        "name": rules.definition(goal.figure).name,
        "where": ", ".join(places[column].get(slug, slug) for column, slug in goal.places) or _("The whole house"),
        "value": read(goal.value, goal),
        "target": read(goal.target, goal),
        "at": round(100 * max(goal.value, 0) / goal.target, 1),
        "percent": f"{goal.value / goal.target:.0%}".replace("-", "−"),
        "mark": round(100 * gone, 1) if 0 < gone < 1 else "",
        "tone": TONES.get(goal.figure, "cash"),
        "note": note(goal, gone),
        "reached": goal.value >= goal.target,
        "href": address_of(question, "figure", goal.figure),
        "edit": reverse("change_goal", args=[goal.key]),
        "recruiter": names.get(goal.recruiter, _("somebody who left")),
        "marketer": names.get(goal.marketer, _("somebody who left")),
        "period": goal.period.words,
        "moved": [{"target": read(one.target, goal), "at": one.at, "by": one.by} for one in goal.history],
    }


def note(goal: GoalRow, gone: float) -> str:
    """Where it stands, in words; never a forecast."""
    day = f"{goal.period.last_day:%-d %b}"
    if goal.value >= goal.target:
        return _("Reached. The goal was set for %(day)s.") % {"day": day}
    if gone >= 1:
        return _("Over since %(day)s, at %(percent)s.") % {"day": day, "percent": f"{goal.value / goal.target:.0%}"}
    return _("%(percent)s reached with %(gone)s of the time gone; until %(day)s.") % {
        "percent": f"{goal.value / goal.target:.0%}",
        "gone": f"{gone:.0%}",
        "day": day,
    }


def list_context(rows: Sequence[GoalRow], dropped: Sequence[GoalRow], today: date, *, may_set: bool) -> dict[str, Any]:
    """Running goals first, then those to come, then those that are over."""
    shown = [against(row, today) for row in rows]
    running = [one for one in shown if one and one["goal"].period.start <= today <= one["goal"].period.last_day]
    over = [one for one in shown if one and one["goal"].period.last_day < today]
    to_come = [one for one in shown if one and one["goal"].period.start > today]
    return {
        "groups": [
            {"title": title, "goals": goals}
            for title, goals in ((_("Running"), running), (_("To come"), to_come), (_("Over"), over[::-1]))
            if goals
        ],
        "dropped": [against(row, today) for row in dropped],
        "heading": list_heading(running),
        "may_set": may_set,
        "definition": rules.definition("goal"),
    }


def list_heading(running: Sequence[dict[str, Any]]) -> str:
    reached = sum(one["reached"] for one in running)
    if not running:
        return _("No goal is running")
    if len(running) == 1:
        return _("1 goal is running, reached") if reached else _("1 goal is running")
    return _("%(reached)s of %(n)s running goals are reached") % {"reached": reached, "n": len(running)}


def form_choices() -> dict[str, Any]:
    """What the goal's form lets one choose."""
    return {
        "figures": [(name, rules.definition(name).name) for name in rules.KIND_OF],
        "recruiters": [(str(key), name) for key, name in accounts.names_in_role(Role.RECRUITER).items()],
        "marketers": [(str(key), name) for key, name in accounts.names_in_role(Role.MARKETER).items()],
        "places": place_choices(),
    }


def initial(goal: GoalRow | None, today: date) -> dict[str, Any]:
    """What the form begins with: the goal as it is, or the quarter that runs."""
    if goal is None:
        start = rules.shift_months(today, -((today.month - 1) % 3))
        return {"from_date": start, "to_date": rules.shift_months(start, 3) - timedelta(days=1)}
    digits = minor_digits(goal.currency) if rules.KIND_OF[goal.figure] == "cash" else 0
    return {
        "figure": goal.figure,
        "from_date": goal.period.start,
        "to_date": goal.period.last_day,
        "target": goal.target // 10**digits,
        "recruiter": str(goal.recruiter),
        "marketer": str(goal.marketer),
        "note": goal.note,
        **{place.value: getattr(goal, place) for place in Place},
    }


def target_of(figure: str, whole: int, currency: str) -> int:
    """What was typed (people, or whole units of money) as a goal keeps it."""
    return whole * 10 ** minor_digits(currency) if rules.KIND_OF.get(figure) == "cash" else whole


def table_rows(rows: Sequence[GoalRow], today: date) -> Iterator[list[Any]]:
    """Goals as a file."""
    yield ["figure", "from", "to", "where", "value", "target", "currency", "recruiter", "marketer", "note", "key"]
    for row in rows:
        shown = against(row, today)
        assert shown is not None
        money = rules.KIND_OF[row.figure] == "cash"
        amounts = [Money(one, row.currency).major if money else one for one in (row.value, row.target)]
        owners = [shown["recruiter"], shown["marketer"], row.note]
        key: UUID = row.key
        head = [row.figure, row.period.start, row.period.last_day, formula_safe(shown["where"])]
        yield [*head, *amounts, row.currency if money else "", *map(formula_safe, owners), key]
