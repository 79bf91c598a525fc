from __future__ import annotations

import argparse
from typing import Any

from fourfold.project import jobs


def add_parser(commands: Any, about: str) -> None:
    parser = commands.add_parser("job", help=about, description=f"{about.capitalize()}; the worker does the same.")
    parser.add_argument("job", choices=sorted(jobs.JOBS))
    parser.add_argument("key", help="the key of the row that wants it, or all")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    jobs.JOBS[args.job](args.key)
    return 0
