"""How right is each method where the truth is known? The published grid of worlds, in words a leader understands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fourfold.evidence.published import CALIBRATED, Accuracy, MethodScore, WorldAccuracy
from fourfold.evidence.types import HOUSE_METHOD, Method
from fourfold.reports.pages.words import METHOD_WORDS
from fourfold.ui import charts

LABELS = {method.value: words for method, words in METHOD_WORDS.items()} | {
    CALIBRATED: gettext_lazy("House method, tested")
}
SHOWN = (
    CALIBRATED,
    HOUSE_METHOD.value,
    *(m.value for m in Method if m not in {HOUSE_METHOD, Method.SHAPLEY_ORDERED}),
)
"""The order of the rows: what we advise first."""


def context(found: Accuracy) -> dict[str, Any]:
    """Everything the page shows."""
    confounded = [world for world in found.worlds if world.confounded]
    usual = [world for world in found.worlds if not world.confounded]
    return {
        "heading": heading(confounded),
        "measured_on": found.measured_on,
        "houses": found.houses,
        "worlds_count": len(found.worlds),
        "summaries": [
            {"title": title, "about": about, "plot": summary_plot(worlds, title), "tone": tone}
            for title, about, worlds, tone in (
                (
                    _("Where the truth hides"),
                    _(
                        "Worlds in which most touches reach people who would have come anyway. Whoever counts touches "
                        "takes them for the cause."
                    ),
                    confounded,
                    "danger",
                ),
                (
                    _("Where it hides as usual, or less"),
                    _("The demo house and others like it: some channels meet people who were coming, some don’t."),
                    usual,
                    "success",
                ),
            )
            if worlds
        ],
        "worlds": [world_card(world) for world in found.worlds],
    }


def heading(confounded: Sequence[WorldAccuracy]) -> str:
    """One sentence: how far off last touch is, and how far the tested house method."""
    last, tested = (_mean(confounded, method) for method in (Method.LAST.value, CALIBRATED))
    words = _(
        "Where the truth hides, last touch misplaces %(last)s for each £1 that marketing brought, "
        "the tested house method %(tested)s"
    )
    return words % {"last": pounds(last), "tested": pounds(tested)}


def pounds(value: float) -> str:
    return f"£{value:.2f}"


def percent(value: float) -> str:
    return f"{value:.0%}".replace("-", "−").replace("%", " %")


def _mean(worlds: Sequence[WorldAccuracy], method: str) -> float:
    return sum(world.score(method).error for world in worlds) / len(worlds)


def summary_plot(worlds: Sequence[WorldAccuracy], title: str) -> charts.IntervalPlot:
    """Each method's mean over some worlds; the line from its best world to its worst."""
    rows = []
    for method in SHOWN:
        errors = [world.score(method).error for world in worlds]
        rows.append(_row(method, sum(errors) / len(errors), min(errors), max(errors), _worlds_words(len(worlds))))
    return _plot(
        rows, title, _("A dot is the mean over the worlds, its line reaches from the best world to the worst.")
    )


def _worlds_words(count: int) -> str:
    return _("%(count)s worlds") % {"count": count}


def _row(method: str, value: float, lower: float, upper: float, stands_on: str) -> charts.Interval:
    tone = "success" if method == CALIBRATED else ""
    return charts.Interval(
        label=str(LABELS[method]), value=value, lower=min(lower, value), upper=max(upper, value), n=stands_on, tone=tone
    )


def _plot(rows: Sequence[charts.Interval], title: str, desc: str) -> charts.IntervalPlot:
    return charts.interval_plot(
        rows,
        title=title,
        desc=desc,
        value_label=_("Misplaced for each £1 brought"),
        reference=0.0,
        reference_text=_("£0.00: every pound where it belongs"),
        read=pounds,
    )


def world_card(world: WorldAccuracy) -> dict[str, Any]:
    """One world: its plot, and a table of what else its methods get right."""
    rows = [
        _row(score.method, score.error, score.error_low, score.error_high, "")
        for score in (world.score(method) for method in SHOWN)
    ]
    plot = _plot(rows, world.name, _("A dot is the mean over the houses, its line reaches from the best to the worst."))
    return {
        "id": world.world,
        "title": world.name,
        "confounded": world.confounded,
        "why": world.why,
        "about": _("%(people)s people, %(placements)s placements in two years")
        % {
            "people": f"{world.people:,}",
            "placements": f"{world.placements:,.0f}",
        },
        "plot": plot,
        "rows": [table_row(world.score(method)) for method in SHOWN],
        "command": f"fourfold demo --world {world.world}",
    }


def table_row(score: MethodScore) -> dict[str, str]:
    return {
        "label": str(LABELS[score.method]),
        "error": pounds(score.error),
        "share": percent(score.share),
        "signs": percent(score.signs),
        "covered": "–" if score.covered is None else percent(score.covered),
        "refused": percent(score.refused),
        "won": percent(score.won),
    }


def csv_rows(found: Accuracy) -> Iterator[list[Any]]:
    """A head, and one row a world and method; parts are 0 to 1."""
    names = ("error", "error_low", "error_high", "share", "signs", "covered", "refused", "won")
    yield ["world", "confounded", "people", "placements", "method", *names]
    for world in found.worlds:
        for score in world.methods:
            values = [getattr(score, name) for name in names]
            yield [
                world.world,
                "yes" if world.confounded else "no",
                world.people,
                world.placements,
                score.method,
                *("" if value is None else value for value in values),
            ]
