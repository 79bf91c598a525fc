from __future__ import annotations

import argparse
from typing import Any


def add_parser(commands: Any, about: str) -> None:
    parser = commands.add_parser("worker", help=about, description=f"{about.capitalize()}. SIGTERM stops it.")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    from fourfold.project import worker

    worker.work()
    return 0
