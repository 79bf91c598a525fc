"""The scoreboard on one sheet: the same words and numbers as the page, laid out for print/board.typ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from fourfold.accounts import queries as accounts
from fourfold.reports import rules
from fourfold.reports.pages import board
from fourfold.reports.pages.asking import place_words
from fourfold.reports.pages.words import one_unit
from fourfold.reports.types import Answer, GoalRow
from fourfold.ui.charts import IntervalPlot

PLOTTED, GOALS = 10, 6


def sheet(answer: Answer, goal_rows: Sequence[GoalRow], today: date) -> dict[str, Any]:
    """Every text as it is printed; places in percent, as the charts give them."""
    question, values = answer.question, answer.values
    shown = board.scoreboard(answer, goal_rows, today)
    paid = sorted(
        (row for row in values["channels"] if row["spend"]),
        key=lambda row: (row["roi_lower"] is None, -(row["roi_lower"] or 0.0)),
    )
    method = rules.definition("credited")
    unit = one_unit(question)
    computed = answer.computed_at.astimezone(ZoneInfo(question.zone))
    return {
        "words": {
            "title": _("The 4Cs: candidates, clients, colleagues, cash"),
            "returns": _("What each %(unit)s of marketing brought back") % {"unit": unit},
            "income": _("Net fee income"),
            "goals": _("Goals, owned together"),
            "how": _("How to read this"),
            "channel": _("Channel"),
            "back": _("Back for each %(unit)s") % {"unit": unit},
            "range": _("95 % range"),
            "credited": _("Credited"),
            "spend": _("Spend"),
            "refused": _("too small to tell"),
            "months": _("Net fee income by month"),
            "now": _("this period"),
            "before": _("before"),
            "change": _("change"),
            "page": _("Fourfold · the 4Cs"),
        },
        "house": accounts.house_name(),
        "heading": shown["heading"],
        "period": question.period.words,
        "before": _("against %(before)s") % {"before": question.before.words},
        "where": place_words(question),
        "figures": [_figure(one) for one in shown["figures"]],
        "plot": _plot(board.roi_plot(paid[:PLOTTED], question, "fourcs"), paid[:PLOTTED], shown["channels"]),
        "engagements": shown["engagements"],
        "trend": _trend(values["trend"]),
        "totals": {name: text for name, text in shown["totals"].items() if not name.endswith("_href")},
        "goals": [_goal(one) for one in shown["goals"][:GOALS] if one],
        "notes": _notes(answer, method.sentence, method.caveat, shown["totals"]),
        "made": _("Worked out %(at)s from the ledger up to fact %(cut)s.")
        % {"at": f"{computed:%-d %B %Y, %H:%M}", "cut": answer.cut},
    }


def _figure(one: Mapping[str, Any]) -> dict[str, Any]:
    goal = one["goal"]
    texts = {name: one[name] for name in ("label", "value", "change", "range", "tone")}
    previous = _("from %(previous)s") % {"previous": one["previous"]}
    return texts | {"previous_words": previous, "goal": _goal(goal) if goal else None}


def _trend(trend: Mapping[str, Any]) -> dict[str, Any] | None:
    """Twelve months of cash beside the twelve before, as parts of the highest; a month below zero stands at zero."""
    cash = [max(value, 0) for value in trend["cash"]]
    highest = max(cash)
    if not highest:
        return None
    months = [date.fromisoformat(month) for month in trend["months"]]
    return {
        "says": _("Dark: %(now)s. Light: the twelve months before. The highest bar is %(months)s.")
        % {"now": f"{months[-12]:%b %Y} – {months[-1]:%b %Y}", "months": f"{months[cash.index(highest)]:%B %Y}"},
        "months": [
            {"label": f"{month:%b}", "now": now / highest, "before": before / highest}
            for month, now, before in zip(months[-12:], cash[-12:], cash[-24:-12], strict=True)
        ],
    }


def _goal(one: Mapping[str, Any]) -> dict[str, Any]:
    owners = _("%(recruiter)s and %(marketer)s.") % {"recruiter": one["recruiter"], "marketer": one["marketer"]}
    texts = {name: str(one[name]) for name in ("name", "value", "target", "note", "tone")}
    return texts | {"owners": owners, "at": min(one["at"], 100.0), "mark": one["mark"]}


def _plot(
    plot: IntervalPlot | None, paid: Sequence[Mapping[str, Any]], channels: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    if plot is None:
        return None
    by_key = {one["key"]: one for one in channels}
    return {
        "desc": plot.desc,
        "reference": plot.reference,
        "reference_text": plot.reference_text,
        "ticks": [{"at": tick.at, "text": tick.text} for tick in plot.ticks],
        "rows": [
            {
                "label": shape.row.label,
                "refused": shape.refused,
                "text": shape.text,
                "range": shape.range_text,
                "x": shape.x,
                "x1": shape.x1,
                "x2": shape.x2,
                "before": shape.before,
                "after": shape.after,
                "credited": by_key[row["key"]]["credited"],
                "spend": by_key[row["key"]]["spend"],
            }
            for shape, row in zip(plot.rows, paid, strict=True)
        ],
    }


def _notes(answer: Answer, sentence: str, caveat: str, totals: Mapping[str, str]) -> list[str]:
    """What a reader must know to read the sheet right."""
    notes = [
        _("Candidates, clients, colleagues and cash are what happened within the period; the range beside a change is "
          "its 95 % interval, and “too small to tell” means what it says."),
        f"{sentence} {caveat}",
        _("The range of a return says how far it would move with other placements like these. %(none)s of the credited "
          "money fell to sides without any touch on record.") % {"none": totals["untouched"]},
    ]  # fmt: skip
    if answer.values["other_currencies"]:
        left = ", ".join(f"{n} × {code}" for code, n in answer.values["other_currencies"].items())
        notes.append(_("Left out, because two currencies are never added: %(left)s.") % {"left": left})
    return notes
