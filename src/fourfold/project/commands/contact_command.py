"""`fourfold contact`: decide receipts again, and ask the gate about one person."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import Any

from fourfold.contact import queries


def add_parser(commands: Any, about: str) -> None:
    """Add the command and its options."""
    parser = commands.add_parser("contact", help=about, description=f"{about.capitalize()}.")
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    replay = deeds.add_parser(
        "replay",
        help="decide receipts again by the policy they were decided by; ends with 1 if a verdict differs",
    )
    replay.add_argument("--last", type=int, metavar="N", help="only the newest N receipts")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """Run the command with parsed arguments; returns the exit status."""
    verdicts: Counter[str] = Counter()
    differ = 0
    for one in queries.replay(size=args.last):
        verdicts[one.verdict.value] += 1
        if not one.same:
            differ += 1
            sys.stderr.write(f"{one.receipt}: {one.verdict} then, {one.again} now\n")
    told = ", ".join(f"{count:,} {name}" for name, count in sorted(verdicts.items())) or "none yet"
    sys.stdout.write(f"{sum(verdicts.values()):,} receipts decided again ({told}): {differ} differ.\n")
    return 1 if differ else 0
