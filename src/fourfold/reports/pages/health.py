"""The pipeline in words: what is unhealthy and what would help, shares and middles, cash ahead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fourfold.accounts.types import Role, Viewer
from fourfold.base.cells import formula_safe
from fourfold.base.money import Money
from fourfold.evidence.types import Estimate, Refusal
from fourfold.jobs.queries.words import ORIGIN_WORDS, STAGE_WORDS
from fourfold.jobs.types import Origin, Source
from fourfold.reports import rules
from fourfold.reports.pages import scope
from fourfold.reports.pages.week import refusal_words
from fourfold.reports.rules.health import AGES
from fourfold.reports.types import (
    HORIZONS,
    Ahead,
    Coverage,
    Figure,
    Finding,
    Health,
    PipelineAsked,
    RowsPage,
    StageTime,
)
from fourfold.ui import charts

ENGAGEMENT_WORDS = {
    "permanent": gettext_lazy("Permanent"),
    "contract": gettext_lazy("Contract and temporary"),
    "retained": gettext_lazy("Retained"),
}
HELPS = {
    "unanswered": gettext_lazy(
        "Answer them together from the job’s list of people who wait: two clicks, a real reason."
    ),
    "silent_client": gettext_lazy(
        "Ring the manager, say how long people have waited, and agree a day for words on CVs."
    ),
    "slow_stage": gettext_lazy("Open the oldest ones: move them on, or end them with an answer."),
    "turn_up": gettext_lazy("Offer times to pick from, and ring the day before: who picks a time keeps it more often."),
    "offers_accepted": gettext_lazy("Look at the pay check before the offer, and at why they said no."),
    "on_time": gettext_lazy("Begin papers and the resignation talk on the day of the yes."),
    "thin": gettext_lazy("It takes new jobs, not more CVs on the same ones: look at clients who are due a call."),
}


def percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def heading(found: Health) -> str:
    """The answer as a title."""
    n = len(found.findings)
    if n:
        return ngettext("%(n)s thing in the pipeline needs a hand", "%(n)s things in the pipeline need a hand", n) % {
            "n": n
        }
    if not any(one.submitted for one in found.cohorts):
        return _("Nobody was submitted in these months yet")
    return _("Nothing in the pipeline stands out as unhealthy")


def finding_line(one: Finding) -> dict[str, str]:
    """What is unhealthy, and what would help."""
    values, href, link = dict(one.values), "", _("See them")
    if one.rule == "fell":
        figure = str(values["figure"])
        what = _("%(name)s fell to %(now)s (%(n)s rows). Its own time before: %(lower)s to %(upper)s.") % {
            "name": rules.definition(figure).name,
            "now": percent(values["now"]),
            "n": values["n"],
            "lower": percent(values["lower"]),
            "upper": percent(values["upper"]),
        }
        return {
            "what": what,
            "help": str(HELPS[figure]),
            "href": reverse("pipeline_rows", args=[figure]),
            "link": _("See its rows"),
        }
    if one.rule == "silent_client":
        what = ngettext(
            "%(client)s owes words on %(late)s CV, the oldest sent on %(since)s.",
            "%(client)s owes words on %(late)s CVs, the oldest sent on %(since)s.",
            values["late"],
        ) % {"client": values["client"], "late": values["late"], "since": f"{values['since']:%-d %b}"}
        return {
            "what": what,
            "help": str(HELPS[one.rule]),
            "href": reverse("organisation", args=[values["key"]]),
            "link": _("Open the client"),
        }
    if one.rule == "slow_stage":
        href = f"{reverse('applications')}?stage={values['stage'].value}"
        what = _("Half of %(n)s open applications have been in “%(stage)s” for %(now)s days; it used to be %(usual)s.")
        values |= {
            "stage": STAGE_WORDS[values["stage"]],
            "now": f"{values['now']:.0f}",
            "usual": f"{values['usual']:.0f}",
        }
    elif one.rule == "unanswered":
        href = f"{reverse('applications')}?waiting=yes"
        what = _("%(waiting)s of %(n)s people who came to us have waited longer than we promise.")
    else:
        what = _("Even if all goes well, what is open covers %(upper)s of what the quarter lacks (%(missing)s).")
        values |= {"upper": percent(values["upper"]), "missing": values["missing"].text()}
    return {"what": what % values, "help": str(HELPS[one.rule]), "href": href, "link": link}


def context(viewer: Viewer, asked: PipelineAsked, found: Health) -> dict[str, Any]:
    """Everything the page shows."""
    cohorts = [{"row": one, "month": f"{one.month:%b %Y}", "rates": _rates(one)} for one in reversed(found.cohorts)]
    days = {one.key: one.answer for one in found.figures if one.key.startswith("time_to_fill")}
    return {
        "heading": heading(found),
        "subtitle": f"{scope.pipeline_words(viewer, asked)} · " + _("the last %(n)s months") % {"n": asked.months},
        "presets": scope.pipeline_presets(asked),
        "form": scope.pipeline_form(viewer, asked),
        "months": asked.months,
        "filtered": bool(asked.desk or asked.engagement),
        "csv": scope.pipeline_address("pipeline_csv", asked),
        "findings": [finding_line(one) for one in found.findings],
        "anything": bool(found.cohorts or found.stages),
        "steps": _plot(
            found.steps, asked, _("From step to step"), _("Of those who came to a step, who came to the next.")
        ),
        "figures": _plot(
            [one for one in found.figures if one.key not in days],
            asked,
            _("How it went"),
            _("Each share with its 95 % range; open one to see its rows."),
        ),
        "cohorts": cohorts,
        "fill": {
            "middle": _days(days["time_to_fill"]),
            "most": _days(days["time_to_fill_p90"]),
            "href": scope.pipeline_address("pipeline_rows", asked, "time_to_fill"),
        },
        "stages": [stage_line(one) for one in found.stages],
        "ages": _age_words(),
        "sources": _source_plot(found.sources),
        "ahead": ahead_lines(found.ahead),
        "horizons": HORIZONS,
        "retained": {"n": found.retained[0], "sum": found.retained[1].text()}
        if asked.engagement != "contract"
        else None,
        "left_out": found.left_out,
        "stale": found.stale,
        "coverage": coverage_line(found.coverage),
        "definitions": [rules.definition(name) for name in ("forecast", "coverage", "stage_days", "source")],
        "may_open_jobs": viewer.has(Role.LEADER, Role.RECRUITER),
    }


def _rates(one: Any) -> list[dict[str, Any]]:
    """A month's counts, each with its share of those submitted."""
    counts = (
        (_("Interviewed"), one.interviewed),
        (_("Offered"), one.offered),
        (_("Placed"), one.placed),
        (_("Started"), one.started),
        (_("Still on their way"), one.open),
    )
    return [
        {"label": label, "n": n, "share": percent(n / one.submitted) if one.submitted else ""} for label, n in counts
    ]


def _plot(rows: Sequence[Figure], asked: PipelineAsked, title: str, desc: str) -> charts.IntervalPlot:
    return charts.interval_plot(
        [_interval(one, asked) for one in rows],
        title=title,
        desc=desc,
        value_label=_("Share"),
        reference=None,
        read=lambda value: f"{value:.0f}%",
    )


def _interval(one: Figure, asked: PipelineAsked) -> charts.Interval:
    name = rules.definition(one.key).name
    href = scope.pipeline_address("pipeline_rows", asked, one.key)
    tally = one.tally
    n = _("%(good)s of %(n)s") % {"good": tally.good, "n": tally.n} if tally else ""
    if isinstance(one.answer, Refusal):
        return charts.Interval(label=name, n=n, href=href, refusal=refusal_words(one.answer))
    value, lower, upper = (100 * part for part in (one.answer.value, one.answer.lower, one.answer.upper))
    return charts.Interval(label=name, value=value, lower=lower, upper=upper, n=n, href=href)


def _days(answer: Estimate | Refusal) -> dict[str, str]:
    """Days with their range, or why there are none."""
    if isinstance(answer, Refusal):
        return {"value": "", "range": "", "refused": refusal_words(answer), "short": _("too small to tell")}
    return {
        "value": _("%(n)s days") % {"n": f"{answer.value:.0f}"},
        "range": _("%(low)s to %(high)s, n = %(n)s")
        % {"low": f"{answer.lower:.0f}", "high": f"{answer.upper:.0f}", "n": answer.n},
        "refused": "",
        "short": "",
    }


def _age_words() -> list[str]:
    words = [_("up to %(n)s days") % {"n": AGES[0]}]
    words += [f"{low + 1}–{high}" for low, high in pairwise(AGES)]
    return [*words, _("over %(n)s") % {"n": AGES[-1]}]


def stage_line(one: StageTime) -> dict[str, Any]:
    """How long a stage takes, and how old those are who are in it."""
    return {
        "name": STAGE_WORDS[one.stage],
        "middle": _days(one.middle),
        "most": _days(one.most),
        "open": one.open,
        "open_middle": f"{one.open_middle:.0f}" if one.open_middle is not None else "–",
        "ages": [{"label": label, "n": n} for label, n in zip(_age_words(), one.ages, strict=True)],
    }


def source_words(one: Source) -> str:
    """How an application began: “Indeed (job board)”, “applied on our page”."""
    if one.origin is None:
        return _("No application of ours")
    if one.origin is Origin.BOARD and one.board:
        return _("%(board)s (job board)") % {"board": one.board}
    words = str(ORIGIN_WORDS[one.origin])
    return words[:1].upper() + words[1:]


def _source_plot(rows: Sequence[tuple[Source, Estimate | Refusal]]) -> charts.IntervalPlot | None:
    shown = []
    for source, answer in rows[:10]:
        n = ngettext("%(n)s placement", "%(n)s placements", source.n) % {"n": source.n}
        if isinstance(answer, Refusal):
            shown.append(charts.Interval(label=source_words(source), n=n, refusal=refusal_words(answer)))
        else:
            value, lower, upper = (100 * part for part in (answer.value, answer.lower, answer.upper))
            shown.append(charts.Interval(label=source_words(source), value=value, lower=lower, upper=upper, n=n))
    if not shown:
        return None
    return charts.interval_plot(
        shown,
        title=_("Source of hire"),
        desc=_("First touch of the application: where it came from."),
        value_label=_("Share of placements"),
        reference=None,
        read=lambda value: f"{value:.0f}%",
    )


def ahead_lines(rows: Sequence[Ahead]) -> list[dict[str, Any]]:
    """Cash ahead, one row an engagement, one cell a horizon."""
    by_engagement: dict[str, list[Ahead]] = {}
    for one in rows:
        by_engagement.setdefault(one.engagement, []).append(one)
    return [
        {
            "label": ENGAGEMENT_WORDS[engagement],
            "cells": [_ahead_cell(one) for one in held],
            "refused": next((refusal_words(one.answer) for one in held if isinstance(one.answer, Refusal)), ""),
        }
        for engagement, held in by_engagement.items()
    ]


def _ahead_cell(one: Ahead) -> dict[str, str]:
    weeks = _("%(n)s weeks") % {"n": one.weeks}
    agreed = _("%(sum)s agreed") % {"sum": one.agreed.text()} if one.agreed else ""
    if isinstance(one.answer, Refusal):
        return {"weeks": weeks, "value": "", "range": "", "agreed": agreed}
    low, high = (Money(round(part), one.currency).text() for part in (one.answer.lower, one.answer.upper))
    return {
        "weeks": weeks,
        "value": Money(round(one.answer.value), one.currency).text(),
        "range": _("%(low)s to %(high)s") % {"low": low, "high": high},
        "agreed": agreed,
    }


def coverage_line(one: Coverage) -> dict[str, Any]:
    """Whether what is open is enough."""
    shown = {
        "weighted": one.weighted.text() if one.weighted else "",
        "target": one.target.text() if one.target.minor else "",
        "billed": one.billed.text(),
        "missing": one.missing.text(),
    }
    if isinstance(one.answer, Refusal):
        short = _("too small to tell") if one.answer.need else "–"
        return {**shown, "value": "", "range": "", "refused": refusal_words(one.answer), "short": short}
    parts = {"low": percent(one.answer.lower), "high": percent(one.answer.upper)}
    return {
        **shown,
        "value": percent(one.answer.value),
        "range": _("%(low)s to %(high)s") % parts,
        "refused": "",
        "short": "",
    }


def rows_heading(figure: str, page: RowsPage) -> str:
    """“13 of 28 · Submitted → interviewed”; a count of days has no part."""
    name = rules.definition(figure).name
    if figure == "time_to_fill":
        return _("%(name)s: %(n)s placements") % {"name": name, "n": page.count}
    return _("%(good)s of %(n)s · %(name)s") % {"good": page.good, "n": page.count, "name": name}


def csv_rows(found: Health) -> Iterator[list[Any]]:
    """Every number of the page with its range, or why there is none."""
    yield ["number", "of", "value", "low", "high", "n", "good", "unit", "method", "refused"]
    for figure in (*found.steps, *found.figures):
        tally = figure.tally
        unit = "share" if tally else "days"
        yield ["figure", figure.key, *_cells(figure.answer), tally.good if tally else "", unit, *_end(figure.answer)]
    for stage in found.stages:
        for name, answer in (("median", stage.middle), ("p90", stage.most)):
            yield [f"days in stage, {name}", stage.stage.value, *_cells(answer), "", "days", *_end(answer)]
        yield ["open in stage", stage.stage.value, stage.open, "", "", stage.open, "", "applications", "count", ""]
    for cohort in found.cohorts:
        for name in ("submitted", "interviewed", "offered", "placed", "started", "open"):
            n = getattr(cohort, name)
            yield [f"cohort, {name}", f"{cohort.month:%Y-%m}", n, "", "", cohort.submitted, n, "people", "count", ""]
    for source, answer in found.sources:
        of = f"{source.origin.value if source.origin else 'none'} {source.board}".strip()
        yield ["source of hire", formula_safe(of), *_cells(answer), source.n, "share", *_end(answer)]
    for one in found.ahead:
        yield [
            "cash ahead",
            f"{one.engagement}, {one.weeks} weeks",
            *_cells(one.answer),
            "",
            found.coverage.target.currency,
            *_end(one.answer),
        ]


def _cells(answer: Estimate | Refusal) -> list[Any]:
    if isinstance(answer, Refusal):
        return ["", "", "", f"{answer.have:g}" if answer.have is not None else ""]
    return [round(answer.value, 4), round(answer.lower, 4), round(answer.upper, 4), answer.n]


def _end(answer: Estimate | Refusal) -> list[str]:
    return ["", answer.reason] if isinstance(answer, Refusal) else [answer.method, ""]
