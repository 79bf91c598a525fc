"""Experiments: what they showed, how large one must be, and what can't be said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fourfold.base.cells import formula_safe
from fourfold.reports.types import ExperimentDesign, ReadOut, ReadOutState, Sizing
from fourfold.ui import charts

STATE_WORDS = {
    ReadOutState.READING: "being read",
    ReadOutState.CHOOSING: "waits for you to say what is compared",
    ReadOutState.WORKING: "being compared",
    ReadOutState.DONE: "read out",
    ReadOutState.FAILED: "could not be read out",
}


def list_context(rows: Sequence[ReadOut], *, may: bool) -> dict[str, Any]:
    """Every experiment with its answer in one sentence."""
    done = sum(row.state is ReadOutState.DONE for row in rows)
    heading = _("Did it work, or would it have come anyway?")
    if done:
        heading = _("1 experiment is read out") if done == 1 else _("%(n)s experiments are read out") % {"n": done}
    return {
        "rows": [
            {
                "title": row.title,
                "href": reverse("experiment", args=[row.key]),
                "answer": answer_of(row) if row.state is ReadOutState.DONE else STATE_WORDS[row.state],
                "at": row.at,
                "by": row.by,
            }
            for row in rows
        ],
        "heading": heading,
        "may": may,
    }


def answer_of(row: ReadOut) -> str:
    """What an experiment showed, in one sentence; the alarm comes before any result."""
    values = row.values or {}
    if values["sample_ratio"]["alarm"]:
        return _("Don’t read it: the arms don’t have the sizes that were drawn")
    clear = [one for one in values["comparisons"] if one["verdict"].startswith(("higher", "lower"))]
    sure = [one for one in clear if one["lower"] is not None]
    if sure:
        one = sure[0]
        return _("%(metric)s: %(arm)s makes a difference of %(difference)s (%(range)s)") % {
            "metric": one["metric"],
            "arm": one["arm"],
            "difference": difference(one["difference"], one["kind"]),
            "range": _range(one["lower"], one["upper"], one["kind"]),
        }
    if clear:
        one = clear[0]
        return _("%(metric)s is %(verdict)s with %(arm)s") % {
            "metric": one["metric"],
            "verdict": one["verdict"],
            "arm": one["arm"],
        }
    if all(one["p_value"] is None for one in values["comparisons"]):
        return _("Too small to compare anything")
    return _("No difference that chance alone would not give")


def difference(value: float, kind: str) -> str:
    """A difference as read: percentage points for rates, the file’s own unit for amounts."""
    text = f"{value * 100:+.2f} points" if kind == "rate" else f"{value:+,.4g}"
    return text.replace("-", "−")


def level(value: float | None, kind: str) -> str:
    if value is None:
        return "–"
    return f"{value:.2%}" if kind == "rate" else f"{value:,.4g}".replace("-", "−")


def _range(low: float, high: float, kind: str) -> str:
    first = difference(low, kind).removesuffix(" points")
    return _("%(low)s to %(high)s") % {"low": first, "high": difference(high, kind)}


def context(row: ReadOut, *, may: bool) -> dict[str, Any]:
    """A read-out’s own page."""
    found: dict[str, Any] = {"row": row, "may": may, "heading": row.title, "state": row.state.value}
    if row.state is not ReadOutState.DONE or row.values is None:
        return found
    values = row.values
    ratio = values["sample_ratio"]
    found |= {
        "heading": answer_of(row),
        "alarm": ratio["alarm"],
        "sizes": [
            {"arm": one["arm"], "n": f"{one['n']:,}", "expected": f"{ratio['expected'][one['arm']]:,.0f}"}
            for one in values["arms"]
        ],
        "ratio_p": f"{ratio['p_value']:.2g}",
        "plots": _plots(values),
        "arms": list(_arm_rows(values)),
        "comparisons": [_comparison(one) for one in values["comparisons"]],
        "refusals": values["refusals"],
        "assumptions": values["assumptions"],
        "csv": reverse("experiment_csv", args=[row.key]),
    }
    return found


def _plots(values: Mapping[str, Any]) -> list[charts.IntervalPlot]:
    """One plot a metric: each arm’s difference to the control, with zero where there is none."""
    by_metric: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in values["comparisons"]:
        by_metric.setdefault((one["metric"], one["kind"]), []).append(one)
    return [_plot(metric, kind, rows) for (metric, kind), rows in by_metric.items()]


def _plot(metric: str, kind: str, rows: Sequence[Mapping[str, Any]]) -> charts.IntervalPlot:
    scale = 100 if kind == "rate" else 1
    unit = _("percentage points") if kind == "rate" else _("the file’s own unit")
    return charts.interval_plot(
        [
            charts.Interval(
                label=f"{one['arm']} − {one['against']}",
                value=one["difference"] * scale if one["lower"] is not None else None,
                lower=one["lower"] * scale if one["lower"] is not None else None,
                upper=one["upper"] * scale if one["upper"] is not None else None,
                n=_("p = %(p)s") % {"p": _p(one["p_value"])},
                refusal="" if one["lower"] is not None else one["verdict"],
            )
            for one in rows
        ],
        title=metric,
        desc=_("Difference in %(metric)s, in %(unit)s, with its 95 %% interval.") % {"metric": metric, "unit": unit},
        value_label=_("Difference"),
        reference=0.0,
        reference_text=_("no difference"),
        read=lambda value: f"{value:+,.3g}".replace("-", "−"),
    )


def _p(value: float | None) -> str:
    return "–" if value is None else "< 0.0001" if value < 0.0001 else f"{value:.2g}"


def _arm_rows(values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for arm in values["arms"]:
        for name, one in arm["metrics"].items():
            bounds = one["lower"] is not None
            low, high = level(one["lower"], one["kind"]), level(one["upper"], one["kind"])
            yield {
                "arm": arm["arm"],
                "n": f"{arm['n']:,}",
                "metric": name,
                "value": level(one["value"], one["kind"]),
                "range": _("%(low)s to %(high)s") % {"low": low, "high": high} if bounds else "–",
                "converters": f"{one['converters']:,}",
            }


def _comparison(one: Mapping[str, Any]) -> dict[str, Any]:
    kind = one["kind"]
    return {
        "metric": one["metric"],
        "arms": f"{one['arm']} − {one['against']}",
        "control": level(one["control"], kind),
        "treatment": level(one["treatment"], kind),
        "difference": difference(one["difference"], kind) if one["lower"] is not None else _("not told"),
        "range": _range(one["lower"], one["upper"], kind) if one["lower"] is not None else _("too small to tell"),
        "p": _p(one["p_value"]),
        "verdict": one["verdict"],
    }


def table_rows(row: ReadOut) -> Iterator[list[Any]]:
    """The comparisons as a file."""
    names = ["metric", "kind", "arm", "against", "control", "treatment", "difference", "lower", "upper", "p_value"]
    names += ["p_unadjusted", "test", "verdict"]
    yield names
    texts = {"metric", "arm", "against", "verdict"}
    for one in (row.values or {}).get("comparisons", []):
        yield [formula_safe(one[name]) if name in texts else "" if one[name] is None else one[name] for name in names]


def choices(row: ReadOut) -> dict[str, list[tuple[str, str]]]:
    """What the form lets one choose, from what the file's columns could be."""
    arms = [column for column in row.columns if column.values]
    metrics = [column for column in row.columns if column.kind in {"rate", "amount"}]
    return {
        "arms": [(column.name, f"{column.name}: {_values(column.values)}") for column in arms],
        "controls": list(dict.fromkeys((text, text) for column in arms for text, _n in column.values)),
        "metrics": [
            (
                f"{column.kind}:{column.name}",
                f"{column.name} ({_('yes or no') if column.kind == 'rate' else _('amount')})",
            )
            for column in metrics
        ],
    }


def _values(values: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{text} ({n:,})" for text, n in values)


def initial(row: ReadOut) -> dict[str, Any]:
    """The design as it is; else the column that most looks like an arm, and a control that is named like one."""
    if row.design:
        return {
            "arm": row.design.arm,
            "control": row.design.control,
            "metrics": [f"rate:{name}" for name in row.design.rates] + [f"amount:{name}" for name in row.design.means],
            "compare_all": row.design.compare_all,
            "shares": ", ".join(f"{arm} {share * 100:g}" for arm, share in row.design.shares),
        }
    named = [one for one in row.columns if one.values and one.name.lower() in {"arm", "group", "segment", "variant"}]
    arms = named or [one for one in row.columns if one.kind == "arm"] or [one for one in row.columns if one.values]
    first = arms[0]
    likely = ("control", "holdout", "held", "no ", "none")
    control = next((text for text, _n in first.values if text.lower().startswith(likely)), first.values[0][0])
    return {"arm": first.name, "control": control}


def design_of(given: Mapping[str, Any], shares: tuple[tuple[str, float], ...]) -> ExperimentDesign:
    """What was chosen in the form, as a design."""
    kinds = [name.partition(":") for name in given["metrics"]]
    return ExperimentDesign(
        arm=given["arm"],
        control=given["control"],
        rates=tuple(name for kind, _sep, name in kinds if kind == "rate"),
        means=tuple(name for kind, _sep, name in kinds if kind == "amount"),
        compare_all=given["compare_all"],
        shares=shares,
    )


def sizing_context(asked: Sizing, answer: Mapping[str, Any]) -> dict[str, Any]:
    """How large an experiment must be, before it is started."""
    enough = asked.have is not None and answer["achieved"] is not None and answer["achieved"] >= asked.power
    return {
        "heading": _("It takes %(n)s people; you have %(have)s") % {"n": f"{answer['n']:,}", "have": f"{asked.have:,}"}
        if asked.have is not None
        else _("It takes %(n)s people") % {"n": f"{answer['n']:,}"},
        "sentence": answer["sentence"],
        "enough": enough,
        "have": asked.have,
        "figures": [
            {"label": _("People in all"), "value": f"{answer['n']:,}"},
            {"label": _("Held out"), "value": f"{answer['n_control']:,}"},
            {"label": _("Written to"), "value": f"{answer['n_treatment']:,}"},
            *(
                [
                    {"label": _("Chance to see it with yours"), "value": f"{answer['achieved']:.0%}"},
                    {
                        "label": _("Smallest lift yours show"),
                        "value": "–" if answer["mde"] is None else f"{answer['mde']:+.0%}",
                    },
                ]
                if asked.have is not None
                else []
            ),
        ],
        "assumptions": answer["assumptions"],
    }
