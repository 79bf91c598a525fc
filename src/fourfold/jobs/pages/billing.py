"""What pages of billings and weekly margins show."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from fourfold.accounts.types import Viewer
from fourfold.base.cells import formula_safe
from fourfold.base.money import Money
from fourfold.jobs import access
from fourfold.jobs.queries.placing_words import BASIS_WORDS, SPLIT_WORDS, part_words
from fourfold.jobs.rules.margins import COLUMNS
from fourfold.jobs.types import BillingLine, Billings, CashBasis, MarginPreview

SHOWN = 100
PAYROLL_HEAD = (
    "colleague", "basis", "day", "what", "role", "share_percent", "amount", "currency", "job", "reference", "client",
    "person", "placement",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """Some days, both included, by a name that an address can carry; "" for own dates."""

    name: str
    from_day: date
    to_day: date


def period_of(name: str, from_date: date | None, to_date: date | None, *, on: date) -> Period:
    """The days asked for: a named period, else own dates, else this month."""
    if name in ("month", "last_month", "quarter", "year"):
        return _named(name, on)
    if from_date and to_date and from_date <= to_date:
        return Period("", from_date, to_date)
    return _named("month", on)


def _named(name: str, on: date) -> Period:
    if name == "last_month":
        last = on.replace(day=1) - timedelta(days=1)
        return Period(name, last.replace(day=1), last)
    months = {"month": (on.month, on.month), "quarter": ((on.month - 1) // 3 * 3 + 1, (on.month - 1) // 3 * 3 + 3)}
    first, last_month = months.get(name, (1, 12))
    end = date(on.year, last_month, calendar.monthrange(on.year, last_month)[1])
    return Period(name, date(on.year, first, 1), end)


def _address(name: str, basis: CashBasis, period: Period, *args: Any, **more: Any) -> str:
    values: dict[str, Any] = {"basis": basis.value}
    if period.name:
        values["period"] = period.name
    else:
        values |= {"from_date": period.from_day.isoformat(), "to_date": period.to_day.isoformat()}
    return f"{reverse(name, args=args)}?{urlencode({**values, **more})}"


def _choices(name: str, basis: CashBasis, period: Period, on: date, *args: Any) -> dict[str, Any]:
    presets = {"month": _("This month"), "last_month": _("Last month"), "quarter": _("This quarter"),
               "year": _("This year")}  # fmt: skip
    return {
        "presets": [
            {"label": words, "url": _address(name, basis, _named(one, on), *args), "active": one == period.name}
            for one, words in presets.items()
        ],
        "bases": [
            {"label": words, "url": _address(name, one, period, *args), "active": one is basis}
            for one, words in BASIS_WORDS.items()
        ],
        "basis": basis,
        "basis_words": BASIS_WORDS[basis],
        "period": period,
    }


def billings_context(found: Billings, period: Period, *, on: date, start: int) -> dict[str, Any]:
    """One colleague's billings: sums against the target, and the rows they come from."""
    lines = found.lines[start : start + SHOWN]
    args = (found.user_key,)
    older, newer = start + SHOWN < len(found.lines), max(start - SHOWN, 0)
    return {
        **_choices("billings", found.basis, period, on, *args),
        "found": found,
        "heading": _heading(found),
        "against": against(found, on),
        "roles": [{"words": SPLIT_WORDS[role], "amount": amount} for role, amount in found.by_role],
        "lines": [line_words(one) for one in lines],
        "older": _address("billings", found.basis, period, *args, start=start + SHOWN) if older else "",
        "newer": _address("billings", found.basis, period, *args, start=newer) if start else "",
        "csv_url": _address("billings_csv", found.basis, period, *args),
    }


def _heading(found: Billings) -> str:
    total = " + ".join(one.text() for one in found.sums) or Money(0, "GBP").text()
    if found.is_own:
        return _("You billed %(sum)s") % {"sum": total}
    return _("%(who)s billed %(sum)s") % {"who": found.name, "sum": total}


def against(found: Billings, on: date) -> dict[str, Any] | None:
    """How far towards the target, and how much of the time has gone; None without a target."""
    if found.target is None or not found.target.minor:
        return None
    reached = next(
        (one for one in found.sums if one.currency == found.target.currency), Money(0, found.target.currency)
    )
    days = (found.to_day - found.from_day).days + 1
    gone = min(max((on - found.from_day).days + 1, 0), days)
    return {
        "value": reached.text(),
        "target": found.target.text(),
        "at": max(round(100 * reached.minor / found.target.minor), 0),
        "mark": round(100 * gone / days),
    }


def line_words(one: BillingLine) -> dict[str, Any]:
    return {
        "row": one,
        "what": part_words(one.part),
        "role": SPLIT_WORDS[one.role] if one.role else _("Owner of the search"),
        "share": f"{one.percent_hundredths / 100:g}%",
    }


def everyones_context(
    viewer: Viewer, rows: Sequence[Billings], basis: CashBasis, period: Period, *, on: date
) -> dict[str, Any]:
    """Everybody's billings, for leaders."""
    totals: dict[str, int] = {}
    for one in rows:
        for money in one.sums:
            totals[money.currency] = totals.get(money.currency, 0) + money.minor
    total = " + ".join(Money(minor, currency).text() for currency, minor in sorted(totals.items()))
    return {
        **_choices("all_billings", basis, period, on),
        "heading": _("The house billed %(sum)s") % {"sum": total or Money(0, "GBP").text()},
        "rows": [
            {"row": one, "against": against(one, on), "url": _address("billings", basis, period, one.user_key)}
            for one in rows
        ],
        "csv_url": _address("all_billings_csv", basis, period),
        "own_url": _address("billings", basis, period, viewer.user_key),
    }


def payroll_rows(rows: Sequence[Billings]) -> list[tuple[str, ...]]:
    """Everything behind the sums, a line a part, as payroll takes it. Commission is not worked out."""
    found: list[tuple[str, ...]] = [PAYROLL_HEAD]
    for one in rows:
        for line in one.lines:
            cells = (
                one.name, one.basis.value, line.on.isoformat(), line.part, line.role.value if line.role else "owner",
                f"{line.percent_hundredths / 100:g}", f"{line.amount.major:f}", line.amount.currency, line.job,
                line.job_reference, line.organisation, line.person,
                str(line.placement_key) if line.placement_key else "",
            )  # fmt: skip
            found.append(tuple(map(formula_safe, cells)))
    return found


def margins_context(viewer: Viewer, files: Sequence[MarginPreview]) -> dict[str, Any]:
    """Files of weekly margins that came in."""
    access.require_margin_bringer(viewer)
    return {"files": files, "columns": COLUMNS}


def template_rows(rows: Sequence[tuple[str, str, str, str, str]]) -> list[tuple[str, ...]]:
    """Running assignments as a file to fill in; the names beside them are for whoever fills it in."""
    head = ("placement", "week_ending", "units", "margin", "currency", "person", "job", "client")
    body = [
        (key, "", "", "", currency, formula_safe(person), formula_safe(job), formula_safe(client))
        for key, person, job, client, currency in rows
    ]
    return [head, *body]


def rejected_rows(found: MarginPreview) -> list[tuple[str, ...]]:
    """The rows that were not taken, as they stood, with their number and the reason."""
    head = (*COLUMNS, "row", "why")
    return [head, *((*map(formula_safe, one.cells), str(one.number), formula_safe(one.why)) for one in found.rejected)]
