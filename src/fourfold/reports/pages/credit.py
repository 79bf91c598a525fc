"""A key's own page (a channel, a campaign, a colleague …), and one placement's two journeys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.cells import formula_safe
from fourfold.base.money import Money
from fourfold.evidence.types import By
from fourfold.ledger.types import OutcomeRow, TimelineRow
from fourfold.people import queries as people
from fourfold.people.types import PartyName
from fourfold.reports import rules
from fourfold.reports.pages.asking import address_of
from fourfold.reports.pages.words import BY_WORDS, channel_words, key_words, money, money_each, side_words
from fourfold.reports.types import Answer, CreditPage, JourneyRow, Question, Topic
from fourfold.ui import timelines


def key_context(viewer: Viewer, key: str, answer: Answer, found: CreditPage, after: int) -> dict[str, Any]:
    """What a key is credited with, its range, and the placements behind it."""
    question, of = answer.question, str(answer.question.topic)
    label = key_words(question.by, [key])[key]
    names = people.party_names(viewer, {party for one in found.outcomes.values() for party in one.parties})
    rows = answer.values["channels" if question.topic == Topic.FOURCS else "rows"]
    row = next((one for one in rows if one["key"] == key), None)
    return {
        "label": label,
        "heading": key_heading(label, row, question),
        "spent": spent_words(row, question),
        "question": question,
        "definitions": [rules.definition(name) for name in ("credited", "roi", "cost_per_placement")],
        "rows": [credit_row(one, found.outcomes.get(one.outcome), names, question) for one in found.rows],
        "count": found.count,
        "older": address_of(question, "credit", of=of, key=key, after=str(found.next_after))
        if found.next_after
        else "",
        "newer": address_of(question, "credit", of=of, key=key) if after else "",
        "csv": address_of(question, "credit_csv", of=of, key=key),
        "back": address_of(question, of),
        "back_words": _("4Cs") if question.topic == Topic.FOURCS else _("Return on spend"),
        "dimension": BY_WORDS[By(question.by)],
        "assumptions": answer.values["assumptions"],
    }


def key_heading(label: str, row: Mapping[str, Any] | None, question: Question) -> str:
    if row is None or not row["value"]:
        return _("%(key)s brought nothing in %(period)s") % {"key": label, "period": question.period.words}
    return _("%(key)s is credited with %(credited)s in %(period)s") % {
        "key": label,
        "credited": money(row["value"], question),
        "period": question.period.words,
    }


def spent_words(row: Mapping[str, Any] | None, question: Question) -> str:
    """What was spent on it and what each unit brought back, with its range, in one sentence."""
    if row is None or not row["spend"]:
        return ""
    if row["roi_lower"] is None:
        return _("%(spend)s was spent on it; its placements are too few to say what each %(unit)s brought back.") % {
            "spend": money(row["spend"], question),
            "unit": money_each(1, question),
        }
    return _("%(spend)s was spent on it; each pound is credited with %(back)s (%(low)s to %(high)s).") % {
        "spend": money(row["spend"], question),
        "back": money_each(row["roi"] + 1, question),
        "low": money_each(row["roi_lower"] + 1, question),
        "high": money_each(row["roi_upper"] + 1, question),
    }


def credit_row(
    row: JourneyRow, outcome: OutcomeRow | None, names: Mapping[tuple[str, UUID], PartyName], question: Question
) -> dict[str, Any]:
    who = [names[side, key].name for side, key in outcome.parties if side == row.side] if outcome else []
    return {
        "href": address_of(question, "journey", row.outcome, of=str(question.topic)),
        "who": ", ".join(who) or (_("nobody named") if outcome else _("taken back since")),
        "side": side_words(row.side),
        "engagement": (outcome.engagement or "–") if outcome else "–",
        "at": row.occurred_at,
        "credited": Money(round(row.value_minor), question.currency),
        "outcomes": f"{row.outcomes:.2f}",
        "touches": len(row.touches),
    }


def credit_table(viewer: Viewer, question: Question, pages: Iterator[CreditPage]) -> Iterator[list[Any]]:
    """The placements behind a key as a file."""
    yield ["at", "who", "side", "engagement", "touches", "part_of_a_placement", "credited", "currency", "outcome"]
    for page in pages:
        names = people.party_names(viewer, {party for one in page.outcomes.values() for party in one.parties})
        for row in page.rows:
            shown = credit_row(row, page.outcomes.get(row.outcome), names, question)
            amount = shown["credited"]
            yield [
                row.occurred_at.isoformat(),
                formula_safe(shown["who"]),
                row.side,
                shown["engagement"],
                len(row.touches),
                round(row.outcomes, 4),
                amount.major,
                amount.currency,
                row.outcome,
            ]


def journey_context(
    viewer: Viewer,
    question: Question,
    outcome: OutcomeRow,
    rows: Sequence[JourneyRow],
    touches: Mapping[UUID, TimelineRow],
) -> dict[str, Any]:
    """One placement's two journeys on one time line: each touch, what it earned, and where each journey ended."""
    names = people.party_names(viewer, outcome.parties)
    organisations = people.organisation_names([outcome.organisation] if outcome.organisation else [])
    words = key_words(question.by, {row.key for row in rows})
    sides = []
    for side in ("candidate", "client", "colleague"):
        mine = [row for row in rows if row.side == side]
        if mine:
            who = [names[one, key].name for one, key in outcome.parties if one == side]
            if side == "client":
                who += [name for name in organisations.values() if name not in who]
            sides.append(_side(side, mine, touches, words, who, question))
    credited = Money(round(sum(row.value_minor for row in rows)), question.currency)
    of = str(question.topic)
    return {
        "outcome": outcome,
        "sides": sides,
        "lanes": _lanes(sides, outcome, credited),
        "credited": credited,
        "heading": _("How %(money)s came about") % {"money": credited.text()},
        "definition": rules.definition("credited"),
        "people": [{"name": names[one].name, "key": names[one].key, "side": one[0]} for one in outcome.parties],
        "client": next(iter(organisations.values()), ""),
        "question": question,
        "csv": address_of(question, "journey_csv", outcome.fact_id, of=of),
        "back": address_of(question, of),
        "back_words": _("4Cs") if question.topic == Topic.FOURCS else _("Return on spend"),
    }


def _side(
    side: str,
    rows: Sequence[JourneyRow],
    touches: Mapping[UUID, TimelineRow],
    words: Mapping[str, str],
    who: Sequence[str],
    question: Question,
) -> dict[str, Any]:
    labels = accounts.labels({touch.actor for touch in touches.values()})
    found = sorted((at, str(fact), row) for row in rows for fact, at, _key in row.touches)
    steps = []
    for number, (at, fact, row) in enumerate(found, start=1):
        touch = touches.get(UUID(fact))
        channel = channel_words(touch.channel or "other") if touch else words[row.key]
        steps.append(
            {
                "number": number,
                "at": at,
                "label": channel,
                "key": words[row.key] if words[row.key] != channel else "",
                "action": (touch.action or "").replace("_", " ") if touch else "",
                "direction": (touch.direction or "") if touch else "",
                "campaign": (touch.campaign or "") if touch else "",
                "by": labels.get(touch.actor or "", "") if touch else "",
            }
        )
    ended = rows[0].ended_at
    return {
        "side": side,
        "title": side_words(side),
        "who": ", ".join(who) or _("nobody named"),
        "ended": ended,
        "ended_words": _end_words(side, ended < rows[0].occurred_at),
        "credits": [
            {"label": words[row.key], "money": Money(round(row.value_minor), question.currency)} for row in rows
        ],
        "steps": steps,
    }


def _end_words(side: str, known: bool) -> str:
    """What a side's journey ended with; where that is not known, the outcome itself."""
    if not known:
        return _("the outcome")
    return {"client": _("the job was opened"), "candidate": _("first submitted")}.get(side, _("the outcome"))


def _lanes(sides: Sequence[Mapping[str, Any]], outcome: OutcomeRow, credited: Money) -> timelines.Lanes | None:
    lanes = [
        timelines.Lane(
            label=side["title"],
            about=side["who"],
            tone="candidates" if side["side"] == "candidate" else "clients",
            points=tuple(
                timelines.Point(at=step["at"], number=step["number"], text=step["label"]) for step in side["steps"]
            ),
            end=side["ended"],
            end_text=side["ended_words"],
        )
        for side in sides
    ]
    if not any(lane.points for lane in lanes):
        return None
    return timelines.lanes(
        lanes,
        finish=outcome.occurred_at,
        finish_text=credited.text(),
        title=_("Both journeys on one time line"),
        desc=_("Each numbered dot is a touch; the bar ends where the side’s journey ended; the flag is the outcome."),
    )


def journey_table(context: Mapping[str, Any]) -> Iterator[list[Any]]:
    """A placement's journeys as a file: a row a touch."""
    yield ["side", "number", "at", "channel", "credited_as", "direction", "action", "campaign", "by"]
    for side in context["sides"]:
        for step in side["steps"]:
            texts = (step["label"], step["key"], step["direction"], step["action"], step["campaign"], step["by"])
            yield [side["side"], step["number"], step["at"].isoformat(), *map(formula_safe, texts)]
