from __future__ import annotations

import argparse
from typing import Any

from fourfold.project import house


def add_parser(commands: Any, about: str) -> None:
    parser = commands.add_parser("migrate", help=about, description=f"{about.capitalize()}.")
    parser.add_argument("--quiet", action="store_true", help="say nothing where nothing needs doing")
    parser.add_argument("--greet", metavar="ADDRESS", help="only print how to sign in at ADDRESS")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    if args.greet:
        print(house.greeting(args.greet), flush=True)
        return 0
    done = house.migrate()
    if not args.quiet:
        print("The tables are up to date and the ledger is guarded." if done else "Everything was up to date.")
    return 0
