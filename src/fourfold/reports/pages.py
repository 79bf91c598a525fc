"""What the pages of reports show: figures, plots and rows, put into words for templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from fourfold.accounts import queries as accounts
from fourfold.base.cells import formula_safe
from fourfold.base.money import Money
from fourfold.evidence.types import NONE, NOT_NAMED
from fourfold.ledger.types import OutcomeRow, Page
from fourfold.people import queries as people
from fourfold.reports import rules
from fourfold.reports.types import Answer, BadPeriod, CreditPage, JourneyRow, Preset, Question
from fourfold.ui import charts

DEFAULT = Preset.LAST_12_MONTHS
TONES = {"candidates": "candidates", "clients": "clients", "colleagues": "colleagues", "cash": "cash", "spend": ""}
ENGAGEMENTS = {"cash-permanent": "permanent", "cash-retained": "retained", "cash-contract": "contract"}
KIND_OF = {"candidates": "candidate", "clients": "client", "colleagues": "colleague", "cash": "cash"} | dict.fromkeys(
    ENGAGEMENTS, "cash"
)


def question_from(asked: Mapping[str, str], at: datetime) -> Question:
    """The question that an address asks; without one, the last 12 whole months. Raises BadPeriod."""
    zone = zone_of_house()
    today = at.astimezone(ZoneInfo(zone)).date()
    first, last, preset = asked.get("from_date", ""), asked.get("to_date", ""), asked.get("period", DEFAULT)
    if first or last:
        period = rules.own_period(first, last)
    elif preset in rules.PRESET_WORDS:
        period = rules.period_of(Preset(preset), today)
    else:
        raise BadPeriod("The report was not made.", f"There is no period “{preset}”.", "Choose one of those shown.")
    basis = asked.get("basis", "accepted")
    if basis not in {"accepted", "invoiced", "paid"}:
        raise BadPeriod(
            "The report was not made.", f"There is no basis “{basis}”.", "Choose accepted, invoiced or paid."
        )
    return Question(
        period=period,
        before=rules.compared_with(period),
        basis=basis,
        zone=zone,
        currency=accounts.house_currency(),
    )


def zone_of_house() -> str:
    return accounts.house_zone()


def address_of(question: Question, name: str, *arguments: object, **more: str) -> str:
    """The address of a page about the same question."""
    values = {"from_date": question.period.start.isoformat(), "to_date": question.period.last_day.isoformat()}
    values |= {"basis": question.basis} if question.basis != "accepted" else {}
    return f"{reverse(name, args=arguments)}?{urlencode({**values, **more})}"


def presets(question: Question, at: datetime) -> list[dict[str, Any]]:
    """The periods one can choose, as links."""
    today = at.astimezone(ZoneInfo(question.zone)).date()
    return [
        {
            "label": words,
            "url": f"{reverse('fourcs')}?period={preset}",
            "active": rules.period_of(preset, today) == question.period,
        }
        for preset, words in rules.PRESET_WORDS.items()
    ]


def scoreboard(answer: Answer, at: datetime) -> dict[str, Any]:
    """Everything the 4Cs page shows of an answer."""
    question, values = answer.question, answer.values
    figures = [figure(name, values, question) for name in ("candidates", "clients", "colleagues", "cash")]
    plot = roi_plot(values, question)
    return {
        "answer": answer,
        "figures": figures,
        "heading": heading(values, question),
        "plot": plot,
        "channels": [channel_row(row, question) for row in values["channels"]],
        "totals": totals(values, question),
        "engagements": engagements(values, question),
        "trend": cash_trend(values, question),
        "method": rules.definition("credited"),
        "assumptions": values["assumptions"],
        "refusals": values["refusals"],
        "other_currencies": values["other_currencies"],
        "is_empty": not any(values["figures"][name]["value"] for name in values["figures"]),
    }


def heading(values: Mapping[str, Any], question: Question) -> str:
    """The answer to the page's question, in one sentence."""
    rows = [row for row in values["channels"] if row["roi_lower"] is not None and row["roi_lower"] > 0]
    cash = Money(values["figures"]["cash"]["value"], question.currency).text()
    if rows:
        best = max(rows, key=lambda row: row["roi_lower"])
        return _("%(channel)s is credited with most for each %(sign)s1 spent: %(low)s to %(high)s") % {
            "channel": channel_words(best["key"]),
            "low": money_each(best["roi_lower"] + 1, question),
            "high": money_each(best["roi_upper"] + 1, question),
            "sign": Money(0, question.currency).text()[:-1],
        }
    return _("%(cash)s of net fee income") % {"cash": cash}


def money_each(amount: float, question: Question) -> str:
    """What came back for one pound, as read: £2.40, or £24 from ten pounds on."""
    return Money(round(amount * 100), question.currency).text(pence=abs(amount) < 10)


def figure(name: str, values: Mapping[str, Any], question: Question) -> dict[str, Any]:
    """One of the four big numbers, with its change and where it opens."""
    found, definition = values["figures"][name], rules.definition(name)
    money = name == "cash"
    series = values["trend"][name]

    def read(value: float) -> str:
        return Money(round(value), question.currency).text() if money else f"{value:,.0f}"

    return {
        "label": definition.name,
        "value": read(found["value"]),
        "previous": read(found["before"]),
        "change": percent_change(found["change"]),
        "range": change_range(found["change"]),
        "tone": TONES[name],
        "says": definition.sentence,
        "href": address_of(question, "figure", name),
        "line": charts.sparkline([value / 100 for value in series] if money else series, title=definition.name),
    }


def percent_change(change: Mapping[str, Any]) -> str:
    if "refusal" in change:
        return ""
    return signed_percent(change["value"])


def signed_percent(share: float) -> str:
    """+12 %, −3 %, or 0 % without a sign."""
    rounded = round(share * 100)
    return f"{rounded:+d}%".replace("-", "−") if rounded else "0%"


def change_range(change: Mapping[str, Any]) -> str:
    if "refusal" in change:
        return _("change too small to tell")
    low, high = (signed_percent(change[side]) for side in ("lower", "upper"))
    return _("change between %(low)s and %(high)s") % {"low": low, "high": high}


def channel_words(key: str) -> str:
    names = {
        NONE: _("No touch found"),
        NOT_NAMED: _("Not named"),
        "sms": "SMS",
        "linkedin": "LinkedIn",
        "email": _("E-mail"),
    }
    return names.get(key, key.replace("_", " ").capitalize())


def roi_plot(values: Mapping[str, Any], question: Question) -> charts.IntervalPlot | None:
    """What came back for each pound, by channel that cost something."""
    rows = []
    for row in values["channels"]:
        if not row["spend"]:
            continue
        known = row["roi_lower"] is not None
        rows.append(
            charts.Interval(
                label=channel_words(row["key"]),
                value=row["roi"] + 1 if known else None,
                lower=row["roi_lower"] + 1 if known else None,
                upper=row["roi_upper"] + 1 if known else None,
                n=_("%(n)s placements credited") % {"n": f"{row['outcomes']:.1f}"},
                href=address_of(question, "channel", row["key"]),
                refusal="" if known else _("its placements are too few for a range"),
            )
        )
    if not rows:
        return None
    return charts.interval_plot(
        rows,
        title=_("What each %(sign)s1 of marketing brought back, by channel")
        % {"sign": Money(0, question.currency).text()[:-1]},
        desc=_("Net fee income credited for each pound spent, with its 95 % interval; the line is where it pays off."),
        value_label=_("Came back for each pound"),
        reference=1.0,
        reference_text=_("pays for itself"),
        read=lambda value: money_each(value, question),
    )


def channel_row(row: Mapping[str, Any], question: Question) -> dict[str, Any]:
    """One channel of the table."""

    def money(value: float | None) -> str:
        return "–" if value is None else Money(round(value), question.currency).text()

    ranged = row["value_lower"] is not None
    return {
        "key": row["key"],
        "label": channel_words(row["key"]),
        "href": address_of(question, "channel", row["key"]),
        "outcomes": f"{row['outcomes']:.1f}",
        "credited": money(row["value"]),
        "credited_range": _("%(low)s to %(high)s")
        % {"low": money(row["value_lower"]), "high": money(row["value_upper"])}
        if ranged
        else _("too small to tell"),
        "spend": money(row["spend"]) if row["spend"] else "–",
        "back": money_each(row["roi"] + 1, question) if row["roi_lower"] is not None else "–",
        "back_range": back_range(row, question),
        "cost": money(row["cost_per_outcome"]),
    }


def back_range(row: Mapping[str, Any], question: Question) -> str:
    if row["roi"] is None:
        return _("nothing was spent") if not row["spend"] else "–"
    if row["roi_lower"] is None:
        return _("too small to tell")
    low, high = (money_each(row[side] + 1, question) for side in ("roi_lower", "roi_upper"))
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def totals(values: Mapping[str, Any], question: Question) -> dict[str, str]:
    credited = sum(row["value"] or 0 for row in values["channels"])
    none = sum(row["value"] or 0 for row in values["channels"] if row["key"] == NONE)
    spend = values["figures"]["spend"]
    return {
        "spend": Money(spend["value"], question.currency).text(),
        "spend_before": Money(spend["before"], question.currency).text(),
        "spend_change": f"{spend['value'] / spend['before'] - 1:+.0%}".replace("-", "−") if spend["before"] else "",
        "spend_href": address_of(question, "figure", "spend"),
        "credited": Money(round(credited), question.currency).text(),
        "untouched": Money(round(none), question.currency).text(),
        "placements": f"{values['placements']:,}",
    }


def engagements(values: Mapping[str, Any], question: Question) -> list[dict[str, str]]:
    """Net fee income by kind of engagement: permanent and contract are never one number alone."""
    words = {"permanent": _("Permanent"), "retained": _("Retained"), "contract": _("Contract")}
    return [
        {
            "label": words[name],
            "href": address_of(question, "figure", f"cash-{name}"),
            "value": Money(found["value"], question.currency).text(),
            "previous": Money(found["before"], question.currency).text(),
            "change": percent_change(found["change"]),
            "range": change_range(found["change"]),
        }
        for name, found in values["engagements"].items()
        if found["value"] or found["before"]
    ]


def cash_trend(values: Mapping[str, Any], question: Question) -> charts.Trend | None:
    """Twelve months of cash over the twelve before."""
    series, months = values["trend"]["cash"], [date.fromisoformat(month) for month in values["trend"]["months"]]
    if not any(series):
        return None
    now, before = series[-12:], series[-24:-12]
    return charts.trend(
        [f"{month:%b}" for month in months[-12:]],
        charts.Series(label=f"{months[-12]:%b %Y} – {months[-1]:%b %Y}", values=[value / 100 for value in now]),
        charts.Series(label=f"{months[-24]:%b %Y} – {months[-13]:%b %Y}", values=[value / 100 for value in before]),
        title=_("Net fee income by month"),
        desc=_("The line is the last twelve months, the ghost the twelve before."),
        read=lambda value: Money(round(value * 100), question.currency).text(),
    )


def figure_context(name: str, question: Question, answer: Answer | None, rows: Page) -> dict[str, Any]:
    """A figure's own page: what it means, what it is, and its rows."""
    definition = rules.definition(name)
    shown = spend_table(rows) if name == "spend" else outcome_table(rows)
    values = figure_values(name, answer) if answer else None
    money = name == "spend" or KIND_OF[name] == "cash"
    value = (Money(values["value"], question.currency).text() if money else f"{values['value']:,}") if values else "…"
    return {
        "definition": definition,
        "question": question,
        "value": value,
        "heading": _("%(value)s: %(name)s, %(period)s")
        % {"value": value, "name": definition.name.lower(), "period": question.period.words},
        "range": change_range(values["change"]) if values and "change" in values else "",
        "rows": shown,
        "is_spend": name == "spend",
        "older": address_of(question, "figure", name, before=rows.older) if rows.older else "",
        "back": address_of(question, "fourcs"),
        "csv": address_of(question, "figure_csv", name),
        "answer": answer,
    }


def figure_values(name: str, answer: Answer) -> Mapping[str, Any]:
    """What an answer holds of a figure."""
    found: Mapping[str, Any] = (
        answer.values["engagements"][ENGAGEMENTS[name]] if name in ENGAGEMENTS else answer.values["figures"][name]
    )
    return found


def narrowed(name: str, question: Question) -> dict[str, str]:
    """The columns by which the rows of a figure are narrowed: exactly those its sum is made of."""
    if KIND_OF[name] != "cash":
        return {}
    only = {"basis": question.basis, "currency": question.currency}
    return only | ({"engagement": ENGAGEMENTS[name]} if name in ENGAGEMENTS else {})


def spend_table(rows: Page) -> list[dict[str, Any]]:
    labels = accounts.labels({text for row in rows.rows for text in (row.desk, row.decided_by)})
    return [
        {
            "from": row.from_date,
            "to": row.to_date,
            "channel": channel_words(row.channel),
            "campaign": row.campaign or "–",
            "desk": labels.get(row.desk or "", "–"),
            "decided_by": labels.get(row.decided_by or "", "–"),
            "amount": Money(row.amount_minor, row.currency),
        }
        for row in rows.rows
    ]


def outcome_table(rows: Page) -> list[dict[str, Any]]:
    """Outcomes with the names of whom they concern."""
    found: Sequence[OutcomeRow] = rows.rows
    names = people.names({key for row in found for _, key in row.parties})
    organisations = people.organisation_names({row.organisation for row in found if row.organisation})
    labels = accounts.labels({text for row in found for text in (row.desk, row.actor)})
    return [
        {
            "row": row,
            "desk": labels.get(row.desk or "", ""),
            "by": labels.get(row.actor or "", ""),
            "who": [{"name": names[key], "key": key, "side": side} for side, key in row.parties],
            "organisation": organisations.get(row.organisation, "") if row.organisation else "",
            "money": Money(row.value_minor, row.currency) if row.value_minor is not None and row.currency else None,
        }
        for row in found
    ]


def csv_head(name: str) -> list[str]:
    """The columns of a figure's file."""
    if name == "spend":
        return ["from", "to", "channel", "campaign", "desk", "decided_by", "amount", "currency"]
    return ["at", "kind", "basis", "amount", "currency", "engagement", "desk", "colleague", "placement", "people"]


def csv_rows(name: str, rows: Page) -> Iterator[list[Any]]:
    """The rows of a page of a figure's rows, in cells that a spreadsheet can't run."""
    if name == "spend":
        for spent in spend_table(rows):
            cells = [spent["channel"], spent["campaign"], spent["desk"], spent["decided_by"]]
            amount = spent["amount"]
            yield [spent["from"], spent["to"], *map(formula_safe, cells), amount.major, amount.currency]
        return
    for shown in outcome_table(rows):
        one = shown["row"]
        names = "; ".join(f"{who['name']} ({who['side']})" for who in shown["who"])
        cells = [one.engagement or "", shown["desk"], shown["by"], one.placement or "", names]
        money = shown["money"].major if shown["money"] else ""
        head = [one.occurred_at.isoformat(), one.kind, one.basis or "", money, one.currency or ""]
        yield [*head, *map(formula_safe, cells)]


def channel_context(key: str, answer: Answer, found: CreditPage, after: int) -> dict[str, Any]:
    """A channel's own page: its credit, its range, and the placements behind it."""
    question = answer.question
    row = next((one for one in answer.values["channels"] if one["key"] == key), None)
    shown = channel_row(row, question) if row else None
    names = people.names({person for one in found.outcomes.values() for _, person in one.parties})
    return {
        "key": key,
        "label": channel_words(key),
        "heading": channel_heading(key, shown, question),
        "channel": shown,
        "question": question,
        "definitions": [rules.definition(name) for name in ("credited", "roi", "cost_per_placement")],
        "rows": [credit_row(one, found.outcomes.get(one.outcome), names, question) for one in found.rows],
        "count": found.count,
        "older": address_of(question, "channel", key, after=str(found.next_after)) if found.next_after else "",
        "newer": address_of(question, "channel", key) if after else "",
        "back": address_of(question, "fourcs"),
        "assumptions": answer.values["assumptions"],
    }


def channel_heading(key: str, row: Mapping[str, Any] | None, question: Question) -> str:
    if row is None:
        return _("%(channel)s brought nothing in %(period)s") % {
            "channel": channel_words(key),
            "period": question.period.words,
        }
    return _("%(channel)s is credited with %(credited)s in %(period)s") % {
        "channel": row["label"],
        "credited": row["credited"],
        "period": question.period.words,
    }


def credit_row(
    row: JourneyRow, outcome: OutcomeRow | None, names: Mapping[UUID, str], question: Question
) -> dict[str, Any]:
    who = [names[key] for side, key in outcome.parties if side == row.side] if outcome else []
    return {
        "href": address_of(question, "journey", row.outcome),
        "who": ", ".join(who) or _("taken back since"),
        "side": _("candidate’s side") if row.side == "candidate" else _("client’s side"),
        "engagement": (outcome.engagement or "–") if outcome else "–",
        "at": row.occurred_at,
        "credited": Money(round(row.value_minor), question.currency),
        "outcomes": f"{row.outcomes:.2f}",
        "touches": len(row.touches),
    }


def journey_context(
    question: Question, outcome: OutcomeRow, rows: Sequence[JourneyRow], touches: Mapping[UUID, Any]
) -> dict[str, Any]:
    """One placement's two journeys: what was credited, and each touch it rests on."""
    names = people.names({key for _, key in outcome.parties})
    labels = accounts.labels({touch.actor for touch in touches.values()})
    sides = []
    for side in ("candidate", "client", "colleague"):
        mine = [row for row in rows if row.side == side]
        if not mine:
            continue
        steps = sorted((at, channel, key) for row in mine for key, at, channel in row.touches)
        sides.append(
            {
                "title": _("The candidate’s side")
                if side == "candidate"
                else _("The client’s side")
                if side == "client"
                else side,
                "who": ", ".join(names[key] for one, key in outcome.parties if one == side) or _("nobody named"),
                "credits": [
                    {"label": channel_words(row.key), "money": Money(round(row.value_minor), question.currency)}
                    for row in mine
                ],
                "steps": [
                    {
                        "at": at,
                        "label": channel_words(channel),
                        "action": (touches[key].action or "").replace("_", " ") if key in touches else "",
                        "campaign": touches[key].campaign if key in touches else "",
                        "by": labels.get(touches[key].actor or "", "") if key in touches else "",
                    }
                    for at, channel, key in steps
                ],
            }
        )
    credited = Money(round(sum(row.value_minor for row in rows)), question.currency)
    return {
        "outcome": outcome,
        "sides": sides,
        "credited": credited,
        "heading": _("How %(money)s came about") % {"money": credited.text()},
        "definition": rules.definition("credited"),
        "people": [{"name": names[key], "key": key, "side": side} for side, key in outcome.parties],
        "question": question,
        "back": address_of(question, "fourcs"),
    }
