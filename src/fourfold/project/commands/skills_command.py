from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fourfold.base import clock
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import FourfoldError

NEEDED = ("conceptUri", "preferredLabel")


def add_parser(commands: Any, about: str) -> None:
    parser = commands.add_parser("skills", help=about, description=f"{about.capitalize()}.")
    parser.add_argument("file", type=Path, help="skills_en.csv, as the ESCO portal gives it")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    from fourfold.people import actions

    new = actions.learn_skills(skills=read(args.file), by=COMMAND_LINE, at=clock.now())
    print(f"{new:,} skills are new. They are suggested where skills are written.")
    return 0


def read(path: Path) -> Iterator[tuple[str, str]]:
    """(name, address) of each skill. Raises FourfoldError for a file without the columns of ESCO."""
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        rows = csv.DictReader(file)
        if not set(NEEDED) <= set(rows.fieldnames or ()):
            raise FourfoldError(
                f"{path} was not read.",
                f"It has no columns {' and '.join(NEEDED)}.",
                "Download the skills as CSV from the ESCO portal (esco.ec.europa.eu) and name skills_en.csv.",
            )
        for row in rows:
            yield row["preferredLabel"] or "", row["conceptUri"] or ""
