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
from fourfold.base.money import Money
from fourfold.reports import rules
from fourfold.reports.types import Question


def add_parser(commands: Any, about: str) -> None:
    parser = commands.add_parser("report", help=about, description=f"{about.capitalize()}, as of now.")
    parser.add_argument("report", choices=["fourcs"])
    parser.add_argument("--from", dest="first", metavar="DATE", help="first day, like 2026-01-01")
    parser.add_argument("--to", dest="last", metavar="DATE", help="last day, like 2026-03-31")
    parser.add_argument("--basis", choices=["accepted", "invoiced", "paid"], default="accepted")
    parser.add_argument("--by", default="channel", choices=["channel", "campaign", "theme", "stream", "desk", "team"])
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    from fourfold.ledger import snapshot
    from fourfold.reports import compute

    today = clock.now().astimezone(ZoneInfo(accounts.house_zone())).date()
    first = args.first or f"{today - timedelta(days=364)}"
    period = rules.own_period(first, args.last or str(today))
    question = Question(
        period=period,
        before=rules.compared_with(period),
        basis=args.basis,
        by=args.by,
        zone=accounts.house_zone(),
        currency=accounts.house_currency(),
    )
    folder = Path(settings.HOME) / "ledger"
    manifest = snapshot.seal(folder)
    values = compute.fourcs(question, compute.live_tables(folder, manifest))
    answer = {"question": question.as_dict(), "cut": manifest.cut, **values}
    print(json.dumps(answer, indent=1, default=str) if args.json else as_text(question, values))
    return 0


def as_text(question: Question, values: dict[str, Any]) -> str:
    """The figures and the channels as a table for people."""
    lines = [f"The 4Cs, {question.period.words} (before: {question.before.words})", ""]
    for name, figure in values["figures"].items():
        money = name in {"cash", "spend"}
        now, before = (
            Money(figure[at], question.currency).text() if money else str(figure[at]) for at in ("value", "before")
        )
        lines.append(f"  {name:<12}{now:>14}  before {before:>14}")
    lines += ["", f"  {'channel':<12}{'credited':>14}{'spend':>12}{'ROI':>8}   95 % range"]
    for row in values["channels"]:
        credited = Money(round(row["value"] or 0), question.currency).text()
        spend = Money(round(row["spend"] or 0), question.currency).text() if row["spend"] is not None else "–"
        roi = f"{row['roi']:.1f}" if row["roi"] is not None else "–"
        bounds = (
            f"{row['roi_lower']:.1f} to {row['roi_upper']:.1f}" if row["roi_lower"] is not None else "too small to tell"
        )
        lines.append(
            f"  {row['key']:<12}{credited:>14}{spend:>12}{roi:>8}   {bounds if row['roi'] is not None else '–'}"
        )
    return "\n".join([*lines, "", *values["assumptions"]])
