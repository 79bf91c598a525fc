"""How it was: what candidates and clients answered, by moment and outcome, and in their words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role, Viewer
from fourfold.base.cells import formula_safe
from fourfold.evidence.nps import net_promoter_score
from fourfold.evidence.types import Estimate, Refusal
from fourfold.reports import rules
from fourfold.reports.forms import DeskForm
from fourfold.reports.types import BadQuestion
from fourfold.surveys.types import Band, GroupRow, Point, Results, Side, Verbatim, VerbatimPage
from fourfold.ui import charts

GROUPS: dict[str, Any] = {
    "application.rejected": gettext_lazy("Applied, we said no"),
    "application.withdrew": gettext_lazy("Applied, they said no"),
    "submission.rejected": gettext_lazy("Submitted, the client said no"),
    "submission.withdrew": gettext_lazy("Submitted, they said no"),
    "offer.accepted": gettext_lazy("Offer accepted"),
    "offer.rejected": gettext_lazy("Offer fell through"),
    "offer.withdrew": gettext_lazy("Offer declined"),
    "start.started": gettext_lazy("First week"),
    "stay.stayed": gettext_lazy("90 days on, still there"),
    "stay.left": gettext_lazy("Left within 90 days"),
    "job.filled": gettext_lazy("Job filled"),
    "job.unfilled": gettext_lazy("Job closed, not filled"),
    "after_start.stayed": gettext_lazy("90 days after a start, still there"),
    "after_start.left": gettext_lazy("Whoever started left within 90 days"),
}
SIDES = {
    Side.CANDIDATE: (gettext_lazy("Candidates"), gettext_lazy("All candidates"), "candidates"),
    Side.CLIENT: (gettext_lazy("Clients"), gettext_lazy("All clients"), "clients"),
}
BANDS = {
    Band.HAPPY: (gettext_lazy("9 or 10"), "success"),
    Band.BETWEEN: (gettext_lazy("7 or 8"), "quiet"),
    Band.UNHAPPY: (gettext_lazy("0 to 6"), "danger"),
}
NO_DESK = "–"


def wanted_from(asked: Mapping[str, str]) -> Point:
    """What an address asks for. Raises BadQuestion for a period, or a group of answers, that can't be."""
    period, group = asked.get("period", ""), asked.get("group", "")
    if period and not re.fullmatch(r"\d{4}(Q[1-4])?", period):
        raise BadQuestion(
            "The page was not made.", f"There is no period “{period[:20]}”.", "Choose one of those shown."
        )
    if group and group not in GROUPS:
        raise BadQuestion("The page was not made.", "There is no such group of answers.", "Choose one of those shown.")
    side = (Side.CLIENT if group.split(".")[0] in ("job", "after_start") else Side.CANDIDATE).value if group else ""
    return Point(
        year=period[:4],
        quarter=period if len(period) > 4 else "",
        desk=asked.get("desk", "")[:120],
        side=side,
        group=group,
    )


def address_of(name: str, wanted: Point, **more: str) -> str:
    """The address of a page about the same answers; ``more`` overrules, and leaves out what is empty."""
    values = {"period": wanted.quarter or wanted.year, "desk": wanted.desk, "group": wanted.group, **more}
    asked = urlencode({key: value for key, value in values.items() if value})
    return f"{reverse(name)}{'?' if asked else ''}{asked}"


def period_words(period: str) -> str:
    """“Q3 2026”, “2026”, or all there is."""
    if not period:
        return _("All answers")
    year, _mark, quarter = period.partition("Q")
    return f"Q{quarter} {year}" if quarter else year


def points(value: float) -> str:
    """A share as points of a score: −8, +12."""
    rounded = round(100 * value)
    return f"+{rounded}" if rounded > 0 else str(rounded).replace("-", "−")


def estimate_of(row: GroupRow, fewest: int) -> Estimate | Refusal:
    """The score of a group, or why there is none."""
    if row.counts is not None:
        return net_promoter_score(row.counts, fewest=fewest)
    have, need = (row.withheld.have, row.withheld.need) if row.withheld else (0, fewest)
    if have >= need:
        return Refusal(
            _("Not shown: beside it a smaller group would give itself away."), have=have, need=need, about="nps"
        )
    told = ngettext("%(have)s answer of the %(need)s it takes", "%(have)s answers of the %(need)s it takes", have)
    return Refusal(told % {"have": have, "need": need}, have=have, need=need, about="nps")


def context(viewer: Viewer, found: Results, words: VerbatimPage, wanted: Point) -> dict[str, Any]:
    """Everything the page shows. ``wanted`` may name a group whose words are read."""
    labels = accounts.labels(set(found.desks)) | {NO_DESK: _("No desk")}
    narrowed = found.wanted
    return {
        "heading": heading(found),
        "subtitle": subtitle(found, labels),
        "any_asked": found.any_asked,
        "any_shown": found.any_shown,
        "cut": found.cut,
        "fewest": found.fewest,
        "presets": presets(found, wanted),
        "desk_form": desk_form(viewer, found, labels),
        "cards": [card(side, found) for side in Side if any(row.point.side == side for row in found.sides)],
        "verbatims": [verbatim_line(one, labels) for one in words.rows],
        "older": address_of("nps", wanted, before=words.older) + "#words" if words.older else "",
        "group": GROUPS.get(wanted.group, ""),
        "all_words": address_of("nps", narrowed) + "#words",
        "csv": address_of("nps_csv", narrowed),
        "definition": rules.definition("nps"),
        "period": narrowed.quarter or narrowed.year,
        "filtered": bool(narrowed.desk),
        "may_keep_surveys": viewer.has(Role.LEADER, Role.MARKETER),
    }


def heading(found: Results) -> str:
    """The answer as a title: both sides' scores, or that there are too few."""
    told = []
    for row in found.sides:
        estimate = estimate_of(row, found.fewest)
        if isinstance(estimate, Estimate):
            told.append(f"{str(SIDES[Side(row.point.side)][0]).lower()} {points(estimate.value)}")
    if told:
        words = ", ".join(told)
        return _("Would they recommend us? %(told)s") % {"told": words[:1].upper() + words[1:]}
    return _("Too few have answered to say how it was") if found.any_asked else _("Nobody was asked yet how it was")


def subtitle(found: Results, labels: Mapping[str, str]) -> str:
    period = period_words(found.wanted.quarter or found.wanted.year)
    return " · ".join(one for one in (period, labels.get(found.wanted.desk, found.wanted.desk)) if one)


def presets(found: Results, wanted: Point) -> list[dict[str, Any]]:
    """All, the years, and the last quarters with answers, as links that keep the desk."""
    chosen = found.wanted.quarter or found.wanted.year
    quarters = [one for one in found.periods if "Q" in one][:6]
    years = [one for one in found.periods if "Q" not in one][:4]
    return [
        {
            "label": period_words(period) if period else _("All"),
            "url": address_of("nps", wanted, period=period, group=""),
            "active": period == chosen,
        }
        for period in ("", *years, *quarters)
    ]


def desk_form(viewer: Viewer, found: Results, labels: Mapping[str, str]) -> DeskForm:
    """A desk to choose: one’s own; for who sees the house those with answers, and all of them."""
    if not viewer.has(Role.LEADER, Role.MARKETER):
        own = accounts.labels(set(viewer.desks))
        return DeskForm(desks=sorted(own.items()), initial={"desk": found.wanted.desk})
    choices = [("", _("All desks")), *((desk, labels.get(desk, desk)) for desk in found.desks)]
    return DeskForm(desks=choices, initial={"desk": found.wanted.desk})


def card(side: Side, found: Results) -> dict[str, Any]:
    """One side: its total and its groups over one axis, and the same as a table."""
    title, total, tone = SIDES[side]
    rows = [row for row in (*found.sides, *found.rows) if row.point.side == side]
    lines = [line(row, found, str(total)) for row in rows]
    plot = charts.interval_plot(
        [one["interval"] for one in lines],
        title=str(title),
        desc=_("A dot is the score, its line the 95 % range: from −100, nobody would, to +100, everybody would."),
        value_label=_("Net promoter score"),
        reference=0.0,
        reference_text=_("0: as many would as wouldn’t"),
        read=lambda value: points(value / 100),
    )
    return {"title": title, "tone": tone, "plot": plot, "lines": lines}


def line(row: GroupRow, found: Results, total: str) -> dict[str, Any]:
    """One group as the plot and the table show it."""
    label = str(GROUPS[row.point.group]) if row.point.group else total
    estimate = estimate_of(row, found.fewest)
    if isinstance(estimate, Refusal):
        interval = charts.Interval(label=label, refusal=estimate.reason)
        return {"label": label, "asked": row.asked, "refusal": estimate.reason, "interval": interval}
    n = _("%(n)s answers") % {"n": estimate.n}
    value, lower, upper = (100 * one for one in (estimate.value, estimate.lower, estimate.upper))
    counts = row.counts or ()
    href = address_of("nps", row.point) + "#words" if row.point.group else ""
    return {
        "label": label,
        "href": href,
        "asked": row.asked,
        "n": estimate.n,
        "score": points(estimate.value),
        "range": f"{points(estimate.lower)} – {points(estimate.upper)}",
        "happy": sum(counts[9:]),
        "between": sum(counts[7:9]),
        "unhappy": sum(counts[:7]),
        "interval": charts.Interval(label=label, value=value, lower=lower, upper=upper, n=n, href=href),
    }


def verbatim_line(one: Verbatim, labels: Mapping[str, str]) -> dict[str, Any]:
    """Somebody's words, with what their group has in common."""
    point = one.point
    said, tone = BANDS[one.band]
    period = point.quarter or point.year
    about = [str(GROUPS[point.group]) if point.group else str(SIDES[one.side][0])]
    about += [labels.get(point.desk, point.desk)] if point.desk else []
    about += [period_words(period)] if period else []
    return {"text": one.text, "said": said, "tone": tone, "about": " · ".join(about)}


def csv_rows(found: Results) -> Iterator[list[Any]]:
    """A head, and one row a group: what the page shows and no more."""
    yield [
        "side",
        "moment",
        "outcome",
        "period",
        "desk",
        "asked",
        "answers",
        "score",
        "low",
        "high",
        "method",
        "refused",
    ]
    for row in (*found.sides, *found.rows):
        moment, _dot, outcome = row.point.group.partition(".")
        head = [row.point.side, moment or "all", outcome or "all", found.wanted.quarter or found.wanted.year or "all"]
        desk = formula_safe(found.wanted.desk) or "all"
        estimate = estimate_of(row, found.fewest)
        if isinstance(estimate, Refusal):
            yield [*head, desk, row.asked, "", "", "", "", "", estimate.reason]
        else:
            figures = [round(100 * one, 1) for one in (estimate.value, estimate.lower, estimate.upper)]
            yield [*head, desk, row.asked, estimate.n, *figures, estimate.method, ""]
