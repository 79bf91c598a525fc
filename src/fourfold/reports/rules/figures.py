"""Pure decisions of reports: which days a period has, what it is compared with, and what each number means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from fourfold.reports.rules.pipeline import PIPELINE_DEFINITIONS
from fourfold.reports.types import (
    BadPeriod,
    Definition,
    ExperimentDesign,
    FileRefused,
    GoalRefused,
    NewGoal,
    NoDefinition,
    Period,
    Preset,
    ReadOutColumn,
)

PRESET_WORDS = {
    Preset.THIS_MONTH: "This month",
    Preset.LAST_MONTH: "Last month",
    Preset.THIS_QUARTER: "This quarter",
    Preset.LAST_QUARTER: "Last quarter",
    Preset.THIS_YEAR: "This year",
    Preset.LAST_YEAR: "Last year",
    Preset.LAST_12_MONTHS: "Last 12 months",
}
ENGAGEMENT_OF = {"cash-permanent": "permanent", "cash-retained": "retained", "cash-contract": "contract"}
KIND_OF = {"candidates": "candidate", "clients": "client", "colleagues": "colleague", "cash": "cash"} | dict.fromkeys(
    ENGAGEMENT_OF, "cash"
)
"""By figure, the kind of outcome it counts or sums."""
LONGEST_DAYS = 366 * 10
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)


def shift_months(day: date, months: int) -> date:
    """The first day of the month that lies so many months from the month of ``day``."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def period_of(preset: Preset, today: date) -> Period:
    """The days of a preset, seen from ``today``. Periods that run end with today."""
    month = today.replace(day=1)
    quarter = shift_months(month, -((today.month - 1) % 3))
    year = date(today.year, 1, 1)
    tomorrow = today + timedelta(days=1)
    return {
        Preset.THIS_MONTH: Period(month, tomorrow),
        Preset.LAST_MONTH: Period(shift_months(month, -1), month),
        Preset.THIS_QUARTER: Period(quarter, tomorrow),
        Preset.LAST_QUARTER: Period(shift_months(quarter, -3), quarter),
        Preset.THIS_YEAR: Period(year, tomorrow),
        Preset.LAST_YEAR: Period(date(today.year - 1, 1, 1), year),
        Preset.LAST_12_MONTHS: Period(shift_months(month, -12), month),
    }[preset]


def own_period(first: str, last: str) -> Period:
    """The days from ``first`` to ``last``, both included, as a person typed them. Raises BadPeriod."""
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise BadPeriod(
            "The report was not made.",
            f"“{first}” to “{last}” are not two dates.",
            "Give both like 2026-03-31.",
        ) from None
    if not EARLIEST <= min(start, end) <= max(start, end) <= LATEST:
        why = f"The period reaches beyond the years {EARLIEST.year} to {LATEST.year}."
        raise BadPeriod("The report was not made.", why, "Check the years.")
    if (end - start).days > LONGEST_DAYS:
        raise BadPeriod("The report was not made.", "The period is longer than ten years.", "Choose a shorter one.")
    return Period(start, end + timedelta(days=1))


def compared_with(period: Period) -> Period:
    """The period before: whole months before whole months, else as many days."""
    whole = period.start.day == 1 and period.end.day == 1
    if whole:
        months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month
        return Period(shift_months(period.start, -months), period.start)
    return Period(period.start - (period.end - period.start), period.start)


class Verdict(StrEnum):
    """What a range says about spending on something: it says nothing about a value without its range."""

    PAYS = "pays"
    UNSURE = "unsure"
    LOSES = "loses"
    FREE = "free"


def verdict(row: Mapping[str, Any]) -> Verdict:
    """Whether credit surely covers the spend (``roi_lower`` > 0), surely not (``roi_upper`` < 0), or can't be told."""
    if not row["spend"]:
        return Verdict.FREE
    if row["roi_lower"] is None:
        return Verdict.UNSURE
    if row["roi_lower"] > 0:
        return Verdict.PAYS
    return Verdict.LOSES if row["roi_upper"] < 0 else Verdict.UNSURE


def best_paying(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The row that surely pays with the highest low end, and those whose ranges reach above that end."""
    pays = sorted((row for row in rows if verdict(row) is Verdict.PAYS), key=lambda row: -row["roi_lower"])
    return [row for row in pays if row["roi_upper"] >= pays[0]["roi_lower"]]


def check_goal(new: NewGoal, *, recruiters: frozenset[Any], marketers: frozenset[Any]) -> None:
    """A goal has a target above zero and two owners: a recruiter and a marketer. Raises GoalRefused."""
    definition(new.figure)
    if new.figure not in KIND_OF:
        raise GoalRefused(
            "The goal was not kept.", f"Nothing counts “{new.figure}” for goals.", "Choose one of the 4Cs."
        )
    if new.target <= 0:
        raise GoalRefused("The goal was not kept.", "Its target is not above zero.", "Give the number to reach.")
    if new.recruiter not in recruiters or new.marketer not in marketers:
        raise GoalRefused(
            "The goal was not kept.",
            "A goal is owned by a recruiter and a marketer together, and these two are not one of each.",
            "Choose a recruiter and a marketer who work here.",
        )
    if new.recruiter == new.marketer:
        raise GoalRefused(
            "The goal was not kept.",
            "One person can’t own it from both sides.",
            "Choose two colleagues: the number is theirs together.",
        )


def check_design(design: ExperimentDesign, columns: Sequence[ReadOutColumn]) -> None:
    """A design names columns of the file, an arm that is there, and shares that sum to 1. Raises FileRefused."""
    known = {one.name: one for one in columns}
    arm = known.get(design.arm)
    if arm is None or not arm.values:
        raise FileRefused(
            "Nothing was compared.", f"“{design.arm}” is no column that names arms.", "Choose one of those offered."
        )
    names = [text for text, _ in arm.values]
    if design.control not in names:
        raise FileRefused(
            "Nothing was compared.",
            f"{design.arm} holds {', '.join(names)}, and “{design.control}” is none of them.",
            "Choose the arm that was left alone.",
        )
    metrics = [*design.rates, *design.means]
    if not metrics or not set(metrics) <= known.keys() - {design.arm} or len(set(metrics)) < len(metrics):
        raise FileRefused(
            "Nothing was compared.", "No outcome was chosen.", "Choose at least one column beside the arm."
        )
    shares = dict(design.shares)
    if shares and (set(shares) != set(names) or min(shares.values()) <= 0 or abs(sum(shares.values()) - 1) > 1e-6):
        raise FileRefused(
            "Nothing was compared.",
            f"The shares that were drawn must name {', '.join(names)}, be above zero and sum to 100 %.",
            "Correct them, or leave them empty for arms of one size.",
        )


def read_shares(text: str) -> tuple[tuple[str, float], ...]:
    """Shares as typed: “control 10, mail 90” or “control=0.1, mail=0.9”; empty for none. Raises FileRefused."""
    found = []
    for part in filter(str.strip, text.replace(";", ",").split(",")):
        words = part.replace("=", " ").replace(":", " ").replace("%", " ").split()
        try:
            found.append((" ".join(words[:-1]), float(words[-1])))
        except (ValueError, IndexError):
            raise FileRefused(
                "Nothing was compared.", f"“{part.strip()}” is no share.", "Write them like control 10, mail 90."
            ) from None
    whole = 100.0 if sum(share for _, share in found) > 1.5 else 1.0
    return tuple((arm, share / whole) for arm, share in found)


def time_gone(period: Period, today: date) -> float:
    """The part of a period's days that lie before ``today``'s end, 0 to 1."""
    gone = (today + timedelta(days=1) - period.start).days
    return min(max(gone / (period.end - period.start).days, 0.0), 1.0)


_CLOCK = "the day it happened, on the house's wall clock"
DEFINITIONS = {
    one.key: one
    for one in (
        Definition(
            "candidates", "Candidates", "People who were submitted to a client for the first time.",
            "count of outcomes of kind candidate", "activity: what happened within the period", _CLOCK,
            rows="outcome:candidate",
        ),
        Definition(
            "clients", "Clients", "Organisations that gave us their first job, or their first after 24 dormant months.",
            "count of outcomes of kind client", "activity: what happened within the period", _CLOCK,
            rows="outcome:client",
        ),
        Definition(
            "colleagues", "Colleagues", "People we hired for ourselves who have started.",
            "count of outcomes of kind colleague", "activity: what happened within the period", _CLOCK,
            rows="outcome:colleague",
        ),
        Definition(
            "cash", "Cash",
            "Net fee income: fees of permanent and retained placements, and the net margin of contracts.",
            "sum of the values of outcomes of kind cash, rebates and credit notes taken off",
            "activity, on the accepted basis unless another is named", _CLOCK,
            "Permanent and contract income are shown apart: a fee comes once, a margin week by week.", "outcome:cash",
        ),
        *(
            Definition(
                f"cash-{engagement}", f"Cash, {engagement}", f"Net fee income of {what}.",
                f"sum of the values of outcomes of kind cash whose engagement is {engagement}",
                "activity, on the accepted basis unless another is named", _CLOCK, rows="outcome:cash",
            )
            for engagement, what in (
                ("permanent", "permanent placements: a fee once, less rebates"),
                ("retained", "retained searches: one part at each stage"),
                ("contract", "contracts: the margin of each week or month worked"),
            )
        ),
        Definition(
            "spend", "Marketing spend", "Money that went out for marketing, by channel.",
            "sum of spend; a row that reaches beyond the period counts for the days inside it",
            "activity: the days the spend was for", "the days from and to, both included", rows="spend",
        ),
        Definition(
            "credited", "Credited", "Net fee income that a channel's touches helped to bring.",
            "Each placement's fee is one half the candidate's side and one half the client's. Each half is shared "
            "evenly by the different channels that touched that side within 180 days before (the Shapley value of the "
            "sum game).",
            "cohort: placements accepted within the period, with all their cash known now",
            "touches before the side's end: first submission, or the job's opening",
            "Bookkeeping, not cause: it says what was there, not what would have been missing.", "credit",
        ),
        Definition(
            "roi", "Return on investment", "What came back for each pound spent on a channel, beyond that pound.",
            "(credited − spend) ÷ spend", "as credited and spend", "as credited and spend",
            "The range is the method's own 95 % interval: how much the answer would move with other placements. "
            "Spend is what was imported as spend; colleagues' time is in it only where it was costed.",
            "credit",
        ),
        Definition(
            "cost_per_placement", "Cost per placement", "Spend on a channel for each placement credited to it.",
            "spend ÷ credited placements", "as credited and spend", "as credited and spend", rows="credit",
        ),
        Definition(
            "cost_per_c", "Cost per candidate, client, colleague",
            "Spend on a key for each candidate, client or colleague credited to it.",
            "spend ÷ credited outcomes of that kind, each shared evenly by the different keys of its journey",
            "cohort: outcomes of that kind within the period; all spend of the key, whatever it was meant for",
            "touches before the outcome, within 180 days",
            "The same spend stands under each of the three: don’t add them.",
            "credit",
        ),
        Definition(
            "nps", "Net promoter score",
            "Of those who answered, how many more would recommend us (9, 10) than would not (0 to 6).",
            "(answers of 9 and 10 − answers of 0 to 6) ÷ answers, from −100 to 100, with its 95 % range (Tango’s score "
            "interval)",
            "answers to surveys, by the moment and what came of it; no group of fewer answers than the house shows",
            "whole months of answers, counted a week after the month has ended, when none can change any more",
            "It speaks for those who answered: whoever was asked and kept silent may think otherwise.", "nps",
        ),
        Definition(
            "goal", "Goal", "A number that a recruiter and a marketer want to reach together by a day.",
            "what the ledger has of the figure within the goal’s days, beside the target",
            "activity, cash on the accepted basis", _CLOCK,
            "The mark on the bar is the part of the time that has gone. It is no forecast.",
            "goal",
        ),
    )
}  # fmt: skip


def definition(key: str) -> Definition:
    """What a figure means. Raises NoDefinition for a name that no page shows."""
    found = DEFINITIONS.get(key) or PIPELINE_DEFINITIONS.get(key)
    if found is None:
        raise NoDefinition("This figure was not found.", f"There is none named “{key}”.", "Open it from the 4Cs page.")
    return found
