from __future__ import annotations

import argparse
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from fourfold.accounts import queries as accounts
from fourfold.base import clock
from fourfold.base.errors import FourfoldError
from fourfold.base.money import Money
from fourfold.evidence.types import By, Method
from fourfold.reports import actions, printing, queries
from fourfold.reports.pages import asking, paper
from fourfold.reports.pages.words import key_words
from fourfold.reports.types import Question, Topic, Waiting


def add_parser(commands: Any, about: str) -> None:
    parser = commands.add_parser("report", help=about, description=f"{about.capitalize()}, as of now.")
    parser.add_argument("report", choices=[topic.value for topic in Topic])
    parser.add_argument("--from", dest="first", metavar="DATE", help="first day, like 2026-01-01")
    parser.add_argument("--to", dest="last", metavar="DATE", help="last day, like 2026-03-31")
    parser.add_argument("--basis", choices=list(asking.BASES), default="accepted")
    parser.add_argument("--by", default=By.CHANNEL.value, choices=[by.value for by in By], help="for roi and compare")
    parser.add_argument("--method", choices=[method.value for method in Method], help="for roi (default: the house's)")
    parser.add_argument("--desk", metavar="SLUG", help="only this desk")
    parser.add_argument("--team", metavar="SLUG", help="only this team")
    parser.add_argument("--office", metavar="SLUG", help="only this office")
    parser.add_argument("--pdf", type=Path, metavar="FILE", help="write the board's sheet (fourcs)")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """Work a report out, or take the answer that is as new as the ledger, as the pages do."""
    from fourfold.reports import compute

    at = clock.now()
    today = at.astimezone(ZoneInfo(accounts.house_zone())).date()
    first = args.first or f"{today - timedelta(days=364)}"
    names = {"from_date": first, "to_date": args.last or f"{today}"}
    names |= {name: getattr(args, name) for name in ("basis", "by", "method", "desk", "team", "office")}
    topic = Topic(args.report)
    question = asking.question_from({name: value for name, value in names.items() if value}, at, topic)
    found = actions.ask(question=question, at=at)
    if isinstance(found, Waiting) or not found.is_current:
        compute.answer_waiting(folder=Path(settings.HOME) / "ledger", only=question.key, at=at)
        found = actions.ask(question=question, at=at)
    if isinstance(found, Waiting):
        error = found.error or {"what": "The report was not made.", "why": "Nothing came back.", "todo": "Try again."}
        raise FourfoldError(error["what"], error["why"], error["todo"])
    if args.pdf:
        goals = queries.goals(period=question.period, places=dict(question.places), zone=question.zone)
        args.pdf.write_bytes(printing.as_pdf(paper.sheet(found, goals, today)))
    answer = {"question": question.as_dict(), "cut": found.cut, **found.values}
    print(json.dumps(answer, indent=1, default=str) if args.json else as_text(question, found.values))
    return 0


def as_text(question: Question, values: dict[str, Any]) -> str:
    """A report as a table for people."""
    told = {Topic.FOURCS: scoreboard_text, Topic.ROI: roi_text, Topic.COMPARE: compare_text}
    return told[Topic(question.topic)](question, values)


def money(amount: float | None, question: Question) -> str:
    return "–" if amount is None else Money(round(amount), question.currency).text()


def scoreboard_text(question: Question, values: dict[str, Any]) -> str:
    lines = [f"The 4Cs, {question.period.words} (before: {question.before.words})", ""]
    for name, figure in values["figures"].items():
        amounts = [figure[at] for at in ("value", "before")]
        now, before = (money(one, question) if name in {"cash", "spend"} else str(one) for one in amounts)
        lines.append(f"  {name:<12}{now:>14}  before {before:>14}")
    return "\n".join([*lines, "", *returns("channel", values["channels"], question), "", *values["assumptions"]])


def roi_text(question: Question, values: dict[str, Any]) -> str:
    lines = [f"Return on spend by {question.by}, {question.period.words}, {question.method}", ""]
    lines += returns(question.by, values["rows"], question)
    refused = [f"Refused: {one['reason']}" for one in values["refusals"]]
    return "\n".join([*lines, "", *refused, *values["assumptions"]])


def returns(by: str, rows: list[dict[str, Any]], question: Question) -> list[str]:
    """Credit, spend and return of each key."""
    labels = named(by, {row["key"] for row in rows})
    lines = [f"  {by:<24}{'credited':>14}{'spend':>12}{'ROI':>8}   95 % range"]
    for row in rows:
        roi = f"{row['roi']:.1f}" if row["roi"] is not None else "–"
        ranged = row["roi_lower"] is not None
        bounds = f"{row['roi_lower']:.1f} to {row['roi_upper']:.1f}" if ranged else "too small to tell"
        spend = money(row["spend"], question) if row["spend"] else "–"
        amounts = f"{money(row['value'] or 0, question):>14}{spend:>12}{roi:>8}"
        lines.append(f"  {labels[row['key']][:24]:<24}{amounts}   {bounds if row['roi'] is not None else '–'}")
    return lines


def named(by: str, keys: set[str]) -> dict[str, str]:
    """Keys by the names colleagues, teams and desks go by; channels as they are in files."""
    return {key: key for key in keys} if by == By.CHANNEL else key_words(by, keys)


def compare_text(question: Question, values: dict[str, Any]) -> str:
    """One line a method and key."""
    lines = [f"Every method by {question.by}, {question.period.words}", ""]
    for name, one in values["methods"].items():
        credited = sorted(one["rows"].values(), key=lambda row: -(row["value"] or 0))
        labels = named(question.by, set(one["rows"]))
        told = ", ".join(f"{labels[row['key']]} {money(row['value'], question)}" for row in credited[:6])
        lines.append(f"  {name:<16} {told}")
    return "\n".join(lines)
