"""The scoreboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from fourfold.base.money import Money, minor_digits
from fourfold.evidence.types import NONE
from fourfold.reports import rules
from fourfold.reports.pages import goals
from fourfold.reports.pages.asking import address_of
from fourfold.reports.pages.words import (
    back_range,
    between,
    change_bounds,
    change_range,
    channel_words,
    money,
    money_each,
    one_unit,
    percent_change,
    why_refused,
)
from fourfold.reports.types import Answer, GoalRow, Question
from fourfold.ui import charts

SHOWN_AS_BEST = 3
BIG = ("candidates", "clients", "colleagues", "cash")
TONES = {"candidates": "candidates", "clients": "clients", "colleagues": "colleagues", "cash": "cash", "spend": ""}


def scoreboard(answer: Answer, goal_rows: Sequence[GoalRow], today: date) -> dict[str, Any]:
    """Everything the 4Cs page shows of an answer."""
    question, values = answer.question, answer.values
    same = {row.figure: row for row in goal_rows if row.period == question.period}
    figures = [figure(name, values, question) | {"goal": goals.against(same.get(name), today)} for name in BIG]
    return {
        "answer": answer,
        "figures": figures,
        "heading": heading(values, question),
        "plot": roi_plot(values["channels"], question, "fourcs", why=why_refused(values["refusals"])),
        "channels": [channel_row(row, question) for row in values["channels"]],
        "totals": totals(values, question),
        "engagements": engagements(values, question),
        "trend": cash_trend(values, question),
        "goals": [goals.against(row, today) for row in goal_rows],
        "method": rules.definition("credited"),
        "assumptions": values["assumptions"],
        "refusals": values["refusals"],
        "other_currencies": values["other_currencies"],
        "is_empty": not any(values["figures"][name]["value"] for name in values["figures"]),
    }


def heading(values: Mapping[str, Any], question: Question) -> str:
    """The answer to the page's question, in one sentence."""
    rows = [row for row in values["channels"] if row["spend"]]
    best = best_words(rows, {row["key"]: channel_words(row["key"]) for row in rows}, question)
    if best:
        return best
    return _("%(cash)s of net fee income") % {"cash": money(values["figures"]["cash"]["value"], question)}


def best_words(rows: Sequence[Mapping[str, Any]], labels: Mapping[str, str], question: Question) -> str:
    """What pays best: one name only where no other range reaches it; empty where nothing surely pays for itself."""
    best = rules.best_paying(rows)
    if not best:
        return ""
    names = [labels[row["key"]] for row in best]
    if len(best) == 1:
        return _("%(key)s pays best: each %(unit)s is credited with %(range)s") % {
            "key": names[0],
            "unit": one_unit(question),
            "range": back_range(best[0], question),
        }
    if len(best) > SHOWN_AS_BEST:
        return _("%(keys)s and %(more)s more pay best; which of them, their ranges don’t tell") % {
            "keys": ", ".join(names[: SHOWN_AS_BEST - 1]),
            "more": len(names) - SHOWN_AS_BEST + 1,
        }
    return _("%(keys)s and %(last)s pay best; which of them, their ranges don’t tell") % {
        "keys": ", ".join(names[:-1]),
        "last": names[-1],
    }


def figure(name: str, values: Mapping[str, Any], question: Question) -> dict[str, Any]:
    """One of the four big numbers, with its change and where it opens."""
    found, definition = values["figures"][name], rules.definition(name)
    is_money = name == "cash"
    series = values["trend"][name]

    def read(value: float) -> str:
        return money(value, question) if is_money else f"{value:,.0f}"

    return {
        "label": definition.name,
        "value": read(found["value"]),
        "previous": read(found["before"]),
        "change": percent_change(found["change"]),
        "range": change_range(found["change"]),
        "tone": TONES[name],
        "says": definition.sentence,
        "href": address_of(question, "figure", name),
        "line": charts.sparkline([value / 100 for value in series] if is_money else series, title=definition.name),
    }


def roi_plot(
    rows: Sequence[Mapping[str, Any]],
    question: Question,
    of: str,
    labels: Mapping[str, str] | None = None,
    why: Mapping[str, str] | None = None,
) -> charts.IntervalPlot | None:
    """What came back for each pound, by key that cost something.

    ``of``: the topic whose rows a key opens to. ``why``: by key, why it has no range.
    """
    intervals = []
    for row in rows:
        if not row["spend"]:
            continue
        known = row["roi_lower"] is not None
        intervals.append(
            charts.Interval(
                label=labels[row["key"]] if labels else channel_words(row["key"]),
                value=row["roi"] + 1 if known else None,
                lower=row["roi_lower"] + 1 if known else None,
                upper=row["roi_upper"] + 1 if known else None,
                n=_("%(n)s placements credited") % {"n": f"{row['outcomes']:.1f}"},
                href=address_of(question, "credit", of=of, key=row["key"]),
                refusal="" if known else (why or {}).get(row["key"]) or _("its placements are too few for a range"),
            )
        )
    if not intervals:
        return None
    return charts.interval_plot(
        intervals,
        title=_("What each %(unit)s of marketing brought back") % {"unit": one_unit(question)},
        desc=_("Net fee income credited for each %(unit)s spent, with its 95 %% interval; the line: it pays off.")
        % {"unit": one_unit(question)},
        value_label=_("Came back for each %(unit)s") % {"unit": one_unit(question)},
        reference=1.0,
        reference_text=_("pays for itself"),
        read=lambda value: money_each(value, question),
    )


def channel_row(row: Mapping[str, Any], question: Question) -> dict[str, Any]:
    """One channel of the table."""
    ranged = row["value_lower"] is not None
    return {
        "key": row["key"],
        "label": channel_words(row["key"]),
        "href": address_of(question, "credit", of="fourcs", key=row["key"]),
        "outcomes": f"{row['outcomes']:.1f}",
        "credited": money(row["value"], question),
        "credited_range": between(money(row["value_lower"], question), money(row["value_upper"], question))
        if ranged
        else _("too small to tell"),
        "spend": money(row["spend"], question) if row["spend"] else "–",
        "back": money_each(row["roi"] + 1, question) if row["roi_lower"] is not None else "–",
        "back_range": back_range(row, question),
        "cost": money(row["cost_per_outcome"], question),
    }


def totals(values: Mapping[str, Any], question: Question) -> dict[str, str]:
    credited = sum(row["value"] or 0 for row in values["channels"])
    none = sum(row["value"] or 0 for row in values["channels"] if row["key"] == NONE)
    spend = values["figures"]["spend"]
    return {
        "spend": money(spend["value"], question),
        "spend_before": money(spend["before"], question),
        "spend_change": f"{spend['value'] / spend['before'] - 1:+.0%}".replace("-", "−") if spend["before"] else "",
        "spend_href": address_of(question, "figure", "spend"),
        "unplaced": money(spend["unplaced"], question) if spend["unplaced"] else "",
        "credited": money(credited, question),
        "untouched": money(none, question),
        "placements": f"{values['placements']:,}",
    }


def engagements(values: Mapping[str, Any], question: Question) -> list[dict[str, str]]:
    """Net fee income by kind of engagement: permanent and contract are never one number alone."""
    words = {"permanent": _("Permanent"), "retained": _("Retained"), "contract": _("Contract")}
    return [
        {
            "label": words[name],
            "href": address_of(question, "figure", f"cash-{name}"),
            "value": money(found["value"], question),
            "previous": money(found["before"], question),
            "change": percent_change(found["change"]),
            "range": change_bounds(found["change"]) or _("too small to tell"),
        }
        for name, found in values["engagements"].items()
        if found["value"] or found["before"]
    ]


def cash_trend(values: Mapping[str, Any], question: Question) -> charts.Trend | None:
    """Twelve months of cash over the twelve before."""
    series, months = values["trend"]["cash"], [date.fromisoformat(month) for month in values["trend"]["months"]]
    if not any(series):
        return None
    units = 10 ** minor_digits(question.currency)
    now, before = ([value / units for value in part] for part in (series[-12:], series[-24:-12]))
    return charts.trend(
        [f"{month:%b}" for month in months[-12:]],
        charts.Series(label=f"{months[-12]:%b %Y} – {months[-1]:%b %Y}", values=now),
        charts.Series(label=f"{months[-24]:%b %Y} – {months[-13]:%b %Y}", values=before),
        title=_("Net fee income by month"),
        desc=_("The line is the last twelve months, the ghost the twelve before."),
        read=lambda value: Money(round(value * units), question.currency).text(),
    )


def table_rows(answer: Answer) -> list[list[Any]]:
    """The table of channels as a file: a header, then a row a channel; money in whole units."""
    units = 10 ** minor_digits(answer.question.currency)
    head = ["channel", "placements", "credited", "credited_from", "credited_to", "spend", "return_on_spend"]
    rows: list[list[Any]] = [[*head, "return_from", "return_to", "cost_per_placement", "currency"]]
    for row in answer.values["channels"]:
        amounts = [row[name] for name in ("value", "value_lower", "value_upper", "spend")]
        ratios = [row[name] for name in ("roi", "roi_lower", "roi_upper")]
        cost = row["cost_per_outcome"]
        rows.append(
            [
                row["key"],
                round(row["outcomes"], 4),
                *("" if one is None else round(one / units, 2) for one in amounts),
                *("" if one is None else round(one, 4) for one in ratios),
                "" if cost is None else round(cost / units, 2),
                answer.question.currency,
            ]
        )
    return rows
