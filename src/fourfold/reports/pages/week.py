"""The week in words: what stands, what may be lost, what was done, what was billed; as a page, a file and a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role, Viewer
from fourfold.base.cells import formula_safe
from fourfold.base.money import Money
from fourfold.evidence.types import Refusal
from fourfold.jobs.queries import Week
from fourfold.jobs.queries.words import GRADE_TONES
from fourfold.jobs.types import AtRisk, MeetingState
from fourfold.reports.pages import scope
from fourfold.reports.types import Cash, Done, DoneBy, Measure, NoDefinition, WeekAsked

MOST_PEOPLE = 60
MEASURE_WORDS = {
    Measure.CALLS: gettext_lazy("Calls"),
    Measure.MEETINGS: gettext_lazy("Meetings"),
    Measure.JOBS: gettext_lazy("Jobs opened"),
    Measure.CVS: gettext_lazy("CVs sent"),
    Measure.FIRST_INTERVIEWS: gettext_lazy("First interviews"),
    Measure.OFFERS: gettext_lazy("Offers"),
    Measure.PLACEMENTS: gettext_lazy("Placements"),
}
MEETING_WORDS = {
    MeetingState.BOOKED: gettext_lazy("booked"),
    MeetingState.ATTENDED: gettext_lazy("came"),
    MeetingState.NO_SHOW: gettext_lazy("did not turn up"),
    MeetingState.CANCELLED: gettext_lazy("called off"),
}


def heading(found: Week) -> str:
    """The answer as a title: “3 interviews this week, 2 deals at risk”."""
    n, risks = found.interviews[0], len(found.risks)
    interviews = ngettext("%(n)s interview", "%(n)s interviews", n) % {"n": n} if n else _("No interview")
    lost = (
        ngettext("%(n)s deal at risk", "%(n)s deals at risk", risks) % {"n": risks} if risks else _("no deal at risk")
    )
    return _("%(interviews)s this week, %(risks)s") % {"interviews": interviews, "risks": lost}


def risk_words(one: AtRisk) -> str:
    """Why a deal may be lost, and what to do about it, in one sentence each."""
    days = ngettext("%(n)s day", "%(n)s days", one.days) % {"n": one.days}
    if one.why == "papers":
        when = _("today") if not one.days else _("in %(days)s") % {"days": days}
        when = _("%(days)s ago") % {"days": str(-one.days)} if one.days < 0 else when
        return _("The start is %(when)s and papers are missing: %(papers)s.") % {"when": when, "papers": one.more}
    said = {
        "offer_old": _("The offer has waited %(days)s for an answer. Ring them today."),
        "not_resigned": _("They said yes %(days)s ago, and nobody noted that they have resigned. Ask how it went."),
        "start_passed": _("The first day was %(days)s ago, and nobody noted whether they started."),
        "silent": _("An A job, and no word from the client for %(days)s. Ring the manager."),
        "exclusivity": _("Our exclusive time ends in %(days)s, and there is no offer yet."),
    }[one.why]
    if one.why == "silent" and one.more == "never":
        said = _("An A job, opened %(days)s ago, and no word from the client since. Ring the manager.")
    return said % {"days": days}


def risk_line(one: AtRisk) -> dict[str, Any]:
    """A deal at risk: who or what, why, and where to go."""
    href = (
        reverse("application", args=[one.application_key])
        if one.application_key
        else reverse("job", args=[one.job_key])
    )
    return {
        "what": f"{one.person}, {one.job}" if one.person else one.job,
        "client": one.organisation,
        "why": risk_words(one),
        "href": href,
    }


def done_line(viewer: Viewer, one: Done, asked: WeekAsked) -> dict[str, Any]:
    """One measure of the week before against its target."""
    n = one.n or 0
    return {
        "label": MEASURE_WORDS[one.measure],
        "kept": one.n is not None,
        "n": f"{n:,}",
        "target": f"{one.target:,}" if one.target else "",
        "at": round(100 * n / one.target, 1) if one.target else 0,
        "reached": bool(one.target) and n >= (one.target or 0),
        "href": scope.week_address("monday_rows", asked, viewer, one.measure.value),
    }


def cash_lines(cash: Cash) -> dict[str, Any]:
    """What was billed this month against the target, and what the next four weeks should bring."""
    target = cash.target
    same = target is not None and target.currency == cash.billed.currency and target.minor
    ahead = cash.forecast
    money = Money(0, cash.billed.currency)
    return {
        "month": f"{cash.month:%B}",
        "billed": cash.billed.text(),
        "target": target.text() if target and same else "",
        "at": max(round(100 * cash.billed.minor / target.minor, 1), 0) if target and same else 0,
        "refused": refusal_words(ahead) if isinstance(ahead, Refusal) else "",
        "ahead": "" if isinstance(ahead, Refusal) else Money(round(ahead.value), money.currency).text(),
        "range": ""
        if isinstance(ahead, Refusal)
        else _("%(low)s to %(high)s")
        % {
            "low": Money(round(ahead.lower), money.currency).text(),
            "high": Money(round(ahead.upper), money.currency).text(),
        },
    }


def refusal_words(refusal: Refusal) -> str:
    """Why there is no number, with what there is and what it takes."""
    if refusal.have is None or refusal.need is None:
        return _(refusal.reason)
    have, need = f"{refusal.have:g}", f"{refusal.need:g}"
    return _("%(reason)s %(have)s of the %(need)s it takes.") % {
        "reason": _(refusal.reason),
        "have": have,
        "need": need,
    }


def context(
    viewer: Viewer,
    asked: WeekAsked,
    found: Week,
    done: tuple[Sequence[Done], Sequence[DoneBy]],
    cash: Cash,
    at: datetime,
) -> dict[str, Any]:
    """Everything the page shows."""
    sums, each = done
    target_of = asked.who or viewer.user_key
    busy = [one for one in each if any(done.n or done.target for done in one.done)] if asked.within.is_house else []
    any_work = bool(found.jobs or found.interviews[0] or found.cvs[0] or found.starts[0] or any(one.n for one in sums))
    return {
        "heading": heading(found),
        "subtitle": f"{scope.whose_words(viewer, asked)} · {scope.week_words(asked)}",
        "presets": scope.week_presets(viewer, asked, at),
        "form": scope.week_form(viewer, asked),
        "week": asked.days.since.isoformat(),
        "csv": scope.week_address("monday_csv", asked, viewer),
        "pdf": scope.week_address("monday_pdf", asked, viewer),
        "risks": [risk_line(one) for one in found.risks],
        "grades": [{"grade": one, "tone": GRADE_TONES[one.grade]} for one in found.jobs],
        "job_count": sum(one.count for one in found.jobs),
        "found": found,
        "interviews": [{"row": one, "state": MEETING_WORDS[one.state]} for one in found.interviews[1]],
        "cvs": [
            {
                "row": one,
                "days": (at - one.sent_at).days,
                "late": bool(one.feedback_due_at and one.feedback_due_at < at),
            }
            for one in found.cvs[1]
        ],
        "offers": [
            {"row": one, "days": (scope.today_in(asked.days.zone, at) - one.made_on).days} for one in found.offers[1]
        ],
        "done": [done_line(viewer, one, asked) for one in sums],
        "each": [each_line(viewer, one, asked) for one in busy[:MOST_PEOPLE]],
        "each_left": max(len(busy) - MOST_PEOPLE, 0),
        "measures": list(MEASURE_WORDS.values()),
        "targets_href": reverse("weekly_targets", args=[target_of]) if not asked.desk else "",
        "has_targets": any(one.target for one in sums),
        "is_house": asked.within.is_house,
        "desk": asked.desk,
        "cash": cash_lines(cash),
        "filtered": bool(asked.desk or (asked.who and viewer.has(Role.LEADER))),
        "any_work": any_work,
    }


def each_line(viewer: Viewer, one: DoneBy, asked: WeekAsked) -> dict[str, Any]:
    """One colleague's week as a row of the house's table."""
    return {
        "name": one.name,
        "href": scope.week_address("monday", asked, viewer, who=str(one.user_key)),
        "cells": [{"n": done.n, "target": done.target, "label": MEASURE_WORDS[done.measure]} for done in one.done],
    }


def rows(
    viewer: Viewer, asked: WeekAsked, found: Week, done: tuple[Sequence[Done], Sequence[DoneBy]], cash: Cash
) -> Iterator[list[Any]]:
    """The week as a file: a head, and one row a thing."""
    zone = ZoneInfo(asked.days.zone)
    yield ["section", "what", "client", "job", "on", "number", "target", "currency", "note"]
    for grade in found.jobs:
        for job in grade.rows:
            yield _row(f"jobs {grade.grade}", job.reference, job.organisation, job.title, note=job.next_step)
    for one in found.interviews[1]:
        starts = one.starts_at.astimezone(zone)
        note = str(MEETING_WORDS[one.state])
        yield _row("interviews", one.person, one.organisation, one.job, f"{starts:%Y-%m-%d %H:%M}", note=note)
    for cv in found.cvs[1]:
        yield _row(
            "CVs without feedback", cv.person, cv.organisation, cv.job, f"{cv.sent_at.astimezone(zone):%Y-%m-%d}"
        )
    for offer in found.offers[1]:
        yield _row("offers out", offer.person, offer.organisation, offer.job, offer.made_on.isoformat())
    for section, cards in (("starts", found.starts[1]), ("finishers", found.finishers[1])):
        for card in cards:
            on = card.start_on if section == "starts" else card.ends_on
            yield _row(section, card.person, card.organisation, card.job, on.isoformat() if on else "")
    for risk in found.risks:
        yield _row("at risk", risk.person or risk.job, risk.organisation, risk.job, note=risk_words(risk))
    for who, lines in [("", done[0]), *((one.name, one.done) for one in done[1] if asked.within.is_house)]:
        for line in lines:
            n, aim = "" if line.n is None else line.n, line.target or ""
            label = str(MEASURE_WORDS[line.measure])
            yield _row("done in the week before", label, number=n, target=aim, note=who)
    target = cash.target.major if cash.target else ""
    billed = cash.billed
    yield _row("billed", f"{cash.month:%B %Y}", number=billed.major, target=target, currency=billed.currency)
    if not isinstance(cash.forecast, Refusal):
        ahead = Money(round(cash.forecast.value), billed.currency)
        yield _row("forecast", _("four weeks, permanent"), number=ahead.major, currency=billed.currency)


def _row(section: str, what: str, client: str = "", job: str = "", on: str = "", **more: Any) -> list[Any]:
    cells = [section, formula_safe(what), formula_safe(client), formula_safe(job), on]
    note = formula_safe(more.get("note", ""))
    return [*cells, more.get("number", ""), more.get("target", ""), more.get("currency", ""), note]


def sheet(shown: Mapping[str, Any], asked: WeekAsked, found: Week, at: datetime) -> dict[str, Any]:
    """The week on paper (print/week.typ): every text as it is printed."""
    zone = ZoneInfo(asked.days.zone)
    made = at.astimezone(zone)

    return {
        "house": accounts.house_name(),
        "title": _("Monday"),
        "heading": shown["heading"],
        "subtitle": shown["subtitle"],
        "made": _("Counted %(at)s from work done.") % {"at": f"{made:%-d %B %Y, %H:%M}"},
        "page": _("Fourfold · Monday"),
        "jobs_title": _("Jobs by grade"),
        "jobs": [
            {"grade": one.grade.value, "title": job.title, "client": job.organisation, "next": job.next_step}
            for one in found.jobs
            for job in one.rows
        ],
        "lists": _lists(shown, found, zone),
        "done_title": _("Last week against the target"),
        "done": [
            {"label": str(one["label"]), "n": one["n"] if one["kept"] else "–", "target": one["target"] or "–"}
            for one in shown["done"]
        ],
        "target": _("target"),
        "each": [
            {
                "name": one["name"],
                "cells": [f"{cell['n']}" + (f" / {cell['target']}" if cell["target"] else "") for cell in one["cells"]],
            }
            for one in shown["each"]
        ],
        "measures": [str(one) for one in shown["measures"]],
        "cash_title": _("Cash"),
        "cash": _cash_texts(shown["cash"]),
    }


def _lists(shown: Mapping[str, Any], found: Week, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The lists of the sheet: what, about what, and when."""
    lists = [
        (_("Deals at risk"), [(one["what"], f"{one['client']}. {one['why']}", "") for one in shown["risks"]]),
        (
            _("Interviews this week"),
            [
                (one.person, f"{one.job}, {one.organisation}", f"{one.starts_at.astimezone(zone):%a %-d %b, %H:%M}")
                for one in found.interviews[1]
            ],
        ),
        (
            _("CVs out without feedback"),
            [
                (
                    one["row"].person,
                    f"{one['row'].job}, {one['row'].organisation}",
                    _("%(n)s days") % {"n": one["days"]},
                )
                for one in shown["cvs"]
            ],
        ),
        (
            _("Offers out"),
            [(one.person, f"{one.job}, {one.organisation}", f"{one.made_on:%-d %b}") for one in found.offers[1]],
        ),
        (_("Starts"), [_card(one, one.start_on) for one in found.starts[1]]),
        (_("Finishers"), [_card(one, one.ends_on) for one in found.finishers[1]]),
    ]
    return [
        {
            "title": title,
            "rows": [{"what": what, "about": about, "on": on} for what, about, on in rows],
            "none": _("None"),
        }
        for title, rows in lists
    ]


def _card(one: Any, on: date | None) -> tuple[str, str, str]:
    return one.person, f"{one.job}, {one.organisation}", f"{on:%-d %b}" if on else ""


def _cash_texts(cash: Mapping[str, Any]) -> list[str]:
    billed = _("Billed in %(month)s: %(billed)s") % cash
    against = _(", target %(target)s") % cash if cash["target"] else ""
    if cash["refused"]:
        return [f"{billed}{against}.", _("No forecast: %(refused)s") % cash]
    return [f"{billed}{against}.", _("Permanent, next four weeks: %(ahead)s (%(range)s).") % cash]


def targets_initial(user_key: UUID, targets: Mapping[tuple[UUID, Measure], int], week: date) -> dict[str, Any]:
    """What the form of targets begins with."""
    return {"from_week": week, **{one.value: targets.get((user_key, one)) for one in Measure}}


def measure_of(text: str) -> Measure:
    """A measure by its word in an address. Raises NoDefinition."""
    if text not in set(Measure):
        raise NoDefinition("This figure was not found.", f"There is none named “{text}”.", "Open it from the week.")
    return Measure(text)
