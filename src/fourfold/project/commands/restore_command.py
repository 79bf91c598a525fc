from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fourfold.project import backup, house


def add_parser(commands: Any, about: str) -> None:
    parser = commands.add_parser("restore", help=about, description=f"{about.capitalize()}. Stop the house first.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--force", action="store_true", help="replace the house that is there")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    head = backup.restore(args.file, force=args.force)
    house.migrate()
    print(f"The house of {head['at'][:16].replace('T', ' ')} UTC is back. “fourfold up” starts it.")
    return 0
