"""Return on spend: what to fund and how sure that is, by any dimension; and how much it hangs on the method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from fourfold.base.cells import formula_safe
from fourfold.base.money import minor_digits
from fourfold.evidence.types import HOUSE_METHOD, NONE, By, Method
from fourfold.reports import rules
from fourfold.reports.pages.asking import address_of
from fourfold.reports.pages.board import best_words, roi_plot
from fourfold.reports.pages.words import (
    BY_WORDS,
    METHOD_WORDS,
    back_range,
    between,
    key_words,
    money,
    money_each,
    one_unit,
    why_refused,
)
from fourfold.reports.types import COUNTED, Answer, Question, Topic
from fourfold.ui import charts

SHOWN_IN_PLOT = 14


def tabs(question: Question) -> list[dict[str, Any]]:
    """The dimensions one can look by."""
    return [
        {"label": label, "url": address_of(replace(question, by=by), "roi"), "active": by == question.by}
        for by, label in BY_WORDS.items()
    ]


def context(answer: Answer) -> dict[str, Any]:
    """Everything the page shows of an answer."""
    question, values = answer.question, answer.values
    rows = values["rows"]
    labels = key_words(question.by, {row["key"] for row in rows})
    paid = [row for row in rows if row["spend"]]
    plotted = sorted(paid, key=lambda row: (row["roi_lower"] is None, -(row["roi_lower"] or 0.0)))[:SHOWN_IN_PLOT]
    return {
        "answer": answer,
        "heading": heading(rows, labels, question, values["refusals"]),
        "funding": funding(rows, labels, question),
        "plot": roi_plot(plotted, question, "roi", labels, why_refused(values["refusals"])),
        "plot_left_out": len(paid) - len(plotted),
        "rows": [table_row(row, labels, question) for row in rows],
        "opens": question.opens,
        "unit": one_unit(question),
        "placements": f"{values['placements']:,}",
        "method": METHOD_WORDS[Method(question.method)],
        "is_house": question.method == HOUSE_METHOD,
        "definitions": [rules.definition(name) for name in ("credited", "roi", "cost_per_c")],
        "assumptions": values["assumptions"],
        "refusals": values["refusals"],
        "refused_roi": [one for one in values["refusals"] if one["about"] == "roi"],
        "csv": address_of(question, "roi_csv"),
        "is_empty": not rows,
    }


def heading(
    rows: Sequence[Mapping[str, Any]],
    labels: Mapping[str, str],
    question: Question,
    refusals: Sequence[Mapping[str, Any]],
) -> str:
    """Which to fund, in one sentence; or that nobody can tell yet, and what there is too little of."""
    paid = [row for row in rows if row["spend"]]
    best = best_words(paid, labels, question)
    if best:
        return best
    if paid:
        short = max((one for one in refusals if one["need"] is not None), key=lambda one: one["need"], default=None)
        if short is None:
            return _("No channel surely pays for itself yet")
        return _(
            "Too little to say what pays for itself yet: %(have)s independent clients or people, it takes %(need)s"
        ) % {
            "have": f"{short['have']:g}",
            "need": f"{short['need']:g}",
        }
    return _("%(credited)s is credited; no spend says what it cost") % {
        "credited": money(sum(row["value"] or 0 for row in rows), question)
    }


def funding(rows: Sequence[Mapping[str, Any]], labels: Mapping[str, str], question: Question) -> list[dict[str, Any]]:
    """Four groups: surely pays, surely doesn't, can't be told: by ranges, so never one single order."""
    told = {
        rules.Verdict.PAYS: (
            _("Pays for itself"),
            _("Even the low end of the range brings back more than it cost."),
            "success",
        ),
        rules.Verdict.UNSURE: (
            _("Can’t tell yet"),
            _("The range holds both: a gain and a loss. More placements, or a test, will tell."),
            "warning",
        ),
        rules.Verdict.LOSES: (
            _("Does not pay so far"),
            _("Even the high end of the range brings back less than it cost."),
            "danger",
        ),
    }
    groups = []
    for verdict, (title, about, tone) in told.items():
        mine = [row for row in rows if rules.verdict(row) is verdict]
        mine.sort(key=lambda row: -(row["roi_lower"] if row["roi_lower"] is not None else -2))
        entries = [
            {
                "label": labels[row["key"]],
                "href": address_of(question, "credit", of="roi", key=row["key"]) if question.opens else "",
                "spend": money(row["spend"], question),
                "back": money_each(row["roi"] + 1, question) if row["roi_lower"] is not None else "",
                "range": back_range(row, question),
            }
            for row in mine
        ]
        groups.append({"title": title, "about": about, "tone": tone, "rows": entries})
    return groups


def table_row(row: Mapping[str, Any], labels: Mapping[str, str], question: Question) -> dict[str, Any]:
    ranged = row["value_lower"] is not None
    return {
        "label": labels[row["key"]],
        "href": address_of(question, "credit", of="roi", key=row["key"]) if question.opens else "",
        "outcomes": f"{row['outcomes']:.1f}",
        "credited": money(row["value"], question),
        "credited_range": between(money(row["value_lower"], question), money(row["value_upper"], question))
        if ranged
        else _("too small to tell"),
        "spend": money(row["spend"], question) if row["spend"] else "–",
        "back": money_each(row["roi"] + 1, question) if row["roi_lower"] is not None else "–",
        "back_range": back_range(row, question),
        "costs": [_cost(row["counted"].get(kind), question) for kind in COUNTED],
    }


def _cost(one: Mapping[str, Any] | None, question: Question) -> dict[str, str]:
    """What one of a C cost: a range, or how many there were where that is all one can say."""
    if one is None or not one["credited"]:
        return {"cost": "–", "range": "", "more": ""}
    n = f"{one['credited']:.1f}"
    if one["cost"] is None or one["cost_lower"] is None or one["cost_upper"] is None:
        return {"cost": "–", "range": "", "more": _("%(n)s credited") % {"n": n}}
    low, high = money(one["cost_lower"], question), money(one["cost_upper"], question)
    return {
        "cost": money(one["cost"], question),
        "range": between(low, high),
        "more": _("%(n)s credited") % {"n": n},
    }


def table_rows(answer: Answer) -> list[list[Any]]:
    """The table as a file; money in whole units."""
    question = answer.question
    units = 10 ** minor_digits(question.currency)
    labels = key_words(question.by, {row["key"] for row in answer.values["rows"]})
    head = [question.by, "placements", "credited", "credited_from", "credited_to", "spend"]
    head += ["return_on_spend", "return_from", "return_to"]
    for kind in COUNTED:
        head += [f"{kind}s", f"cost_per_{kind}", f"cost_per_{kind}_from", f"cost_per_{kind}_to"]
    rows: list[list[Any]] = [[*head, "method", "currency"]]

    def plain(value: float | None, by: float = 1.0) -> float | str:
        return "" if value is None else round(value / by, 4)

    for row in answer.values["rows"]:
        line: list[Any] = [formula_safe(labels[row["key"]]), plain(row["outcomes"])]
        line += [plain(row[name], units) for name in ("value", "value_lower", "value_upper", "spend")]
        line += [plain(row[name]) for name in ("roi", "roi_lower", "roi_upper")]
        for kind in COUNTED:
            one = row["counted"].get(kind, {})
            line += [plain(one.get("credited"))]
            line += [plain(one.get(name), units) for name in ("cost", "cost_lower", "cost_upper")]
        rows.append([*line, question.method, question.currency])
    return rows


def comparison(answer: Answer) -> dict[str, Any]:
    """Every method's credit side by side: a strip of dots a key, the house method's first."""
    question, methods = answer.question, answer.values["methods"]
    shares = {key: {name: _share(one["rows"].get(key)) for name, one in methods.items()} for key in _all_keys(methods)}
    keys = [key for key in sorted(shares, key=lambda key: -shares[key][HOUSE_METHOD]) if max(shares[key].values()) > 0]
    labels = key_words(question.by, keys)
    leaders = [max((k for k in keys if k != NONE), key=lambda k: shares[k][name], default="") for name in methods]
    first = leaders[list(methods).index(HOUSE_METHOD)] if keys else ""
    return {
        "answer": answer,
        "heading": _("%(n)s of %(all)s methods put %(key)s first")
        % {"n": leaders.count(first), "all": len(methods), "key": labels.get(first, "–")},
        "strips": charts.strips(
            [
                charts.Strip(
                    label=labels[key],
                    dots=tuple(
                        charts.Dot(value=value, text=str(METHOD_WORDS[Method(name)]), main=name == HOUSE_METHOD)
                        for name, value in shares[key].items()
                    ),
                )
                for key in keys[:SHOWN_IN_PLOT]
            ],
            title=_("Share of net fee income credited, by every method"),
            desc=_("One dot a method, the large one the house method. Dots far apart: the answer hangs on the method."),
            read=lambda value: f"{value:.0%}",
        ),
        "columns": [METHOD_WORDS[Method(name)] for name in methods],
        "rows": [_compared(key, labels[key], methods, question) for key in keys],
        "methods": [{"label": METHOD_WORDS[Method(name)], "about": one["about"]} for name, one in methods.items()],
        "csv": address_of(question, "compare_csv"),
        "back": address_of(replace(question, topic=Topic.ROI), "roi"),
        "is_empty": not keys,
    }


def _all_keys(methods: Mapping[str, Any]) -> list[str]:
    return sorted({key for one in methods.values() for key in one["rows"]})


def _share(row: Mapping[str, Any] | None) -> float:
    return (row["share"] or 0.0) if row else 0.0


def _compared(key: str, label: str, methods: Mapping[str, Any], question: Question) -> dict[str, Any]:
    values = [(one["rows"].get(key) or {}).get("value") or 0.0 for one in methods.values()]
    return {
        "label": label,
        "values": [money(value, question) for value in values],
        "spread": between(money(min(values), question), money(max(values), question)),
        "middle": money(median(values), question),
    }


def comparison_rows(answer: Answer) -> list[list[Any]]:
    """The comparison as a file: a row a key and method."""
    question, units = answer.question, 10 ** minor_digits(answer.question.currency)
    keys = _all_keys(answer.values["methods"])
    labels = key_words(question.by, keys)
    head = [question.by, "method", "placements", "credited", "credited_from", "credited_to", "currency"]
    rows: list[list[Any]] = [head]
    for name, one in answer.values["methods"].items():
        for key in keys:
            row = one["rows"].get(key)
            if row is None:
                continue
            amounts = [row["value"], row["value_lower"], row["value_upper"]]
            plain = ["" if amount is None else round(amount / units, 2) for amount in amounts]
            rows.append([formula_safe(labels[key]), name, round(row["outcomes"], 4), *plain, question.currency])
    return rows


def dimension_words(question: Question) -> str:
    return str(BY_WORDS[By(question.by)])
