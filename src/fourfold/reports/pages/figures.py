"""A figure's own page: what it means, what it is, and its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.cells import formula_safe
from fourfold.base.money import Money
from fourfold.ledger.types import OutcomeRow, Page
from fourfold.people import queries as people
from fourfold.reports import rules
from fourfold.reports.pages.asking import address_of, place_words
from fourfold.reports.pages.words import change_range, channel_words
from fourfold.reports.types import Answer, Question

ENGAGEMENTS = rules.ENGAGEMENT_OF
KIND_OF = rules.KIND_OF


def figure_context(viewer: Viewer, name: str, question: Question, answer: Answer | None, rows: Page) -> dict[str, Any]:
    """A figure's own page: what it means, what it is, and its rows."""
    definition = rules.definition(name)
    shown = spend_table(rows) if name == "spend" else outcome_table(viewer, rows)
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
        "where": place_words(question),
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
    if name == "spend" or KIND_OF[name] != "cash":
        return dict(question.places)
    only = {"basis": question.basis, "currency": question.currency, **dict(question.places)}
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


def outcome_table(viewer: Viewer, rows: Page) -> list[dict[str, Any]]:
    """Outcomes with the names of whom they concern."""
    found: Sequence[OutcomeRow] = rows.rows
    names = people.party_names(viewer, {party for row in found for party in row.parties})
    organisations = people.organisation_names({row.organisation for row in found if row.organisation})
    labels = accounts.labels({text for row in found for text in (row.desk, row.actor)})
    return [
        {
            "row": row,
            "desk": labels.get(row.desk or "", ""),
            "by": labels.get(row.actor or "", ""),
            "who": [{"name": names[one].name, "key": names[one].key, "side": one[0]} for one in row.parties],
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


def csv_rows(viewer: Viewer, name: str, rows: Page) -> Iterator[list[Any]]:
    """The rows of a page of a figure's rows, in cells that a spreadsheet can't run."""
    if name == "spend":
        for spent in spend_table(rows):
            cells = [spent["channel"], spent["campaign"], spent["desk"], spent["decided_by"]]
            amount = spent["amount"]
            yield [spent["from"], spent["to"], *map(formula_safe, cells), amount.major, amount.currency]
        return
    for shown in outcome_table(viewer, rows):
        one = shown["row"]
        names = "; ".join(f"{who['name']} ({who['side']})" for who in shown["who"])
        cells = [one.engagement or "", shown["desk"], shown["by"], one.placement or "", names]
        money = shown["money"].major if shown["money"] else ""
        head = [one.occurred_at.isoformat(), one.kind, one.basis or "", money, one.currency or ""]
        yield [*head, *map(formula_safe, cells)]
