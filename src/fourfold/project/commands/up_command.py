from __future__ import annotations

import argparse
import os
from typing import Any

from fourfold.project import supervisor


def add_parser(commands: Any, about: str) -> None:
    parser = commands.add_parser("up", help=about, description=f"{about.capitalize()}. Ctrl-C stops both.")
    parser.add_argument("--demo", action="store_true", help="fill an empty house with the demo world first")
    parser.add_argument("--port", default=os.environ.get("PORT", "8000"), help="default: $PORT, else 8000")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    return supervisor.up(demo=args.demo, port=supervisor.checked_port(args.port))
