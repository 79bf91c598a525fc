from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings

from fourfold.base import clock
from fourfold.project import backup


def add_parser(commands: Any, about: str) -> None:
    parser = commands.add_parser(
        "backup", help=about, description=f"{about.capitalize()}; may run while the house does."
    )
    parser.add_argument("--to", type=Path, metavar="FILE", help="default: FOURFOLD_HOME/backups/fourfold-TIME.tar.gz")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    path = backup.make(at=clock.now(), target=args.to, keep=None if args.to else settings.BACKUPS_KEPT)
    print(f"{path} ({path.stat().st_size / 1e6:.1f} MB). It holds the house's keys: keep it as safe as the house.")
    return 0
