"""``fourfold import records``: files of another system, recognised, checked and brought in together."""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from fourfold.accounts import queries as accounts
from fourfold.base import clock
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import FourfoldError
from fourfold.integrations import actions, queries
from fourfold.integrations.types import SYSTEM_NAMES, CrossingRow, FileRefused, Settings, State


def run(args: argparse.Namespace) -> int:
    """Bring the files in together, or check them only, or take an earlier bringing-in of one of them back."""
    found = take_back(args.files[0]) if args.take_back else bring_over(args.files, dry_run=args.dry_run)
    if args.json:
        print(json.dumps(as_dict(found), indent=1))
    else:
        print(as_text(found))
    return 0


def bring_over(paths: list[Path], *, dry_run: bool) -> CrossingRow:
    """Take the files in, check every row, and bring them in unless it is a dry run. Raises FileRefused."""
    at, by, house = clock.now(), COMMAND_LINE, accounts.house_currency()
    settings = Settings(zone=accounts.house_zone(), currency=house, house=house)
    with ExitStack() as stack:
        files = [(path.name, stack.enter_context(path.open("rb"))) for path in paths]
        key = actions.begin_crossing(files=files, settings=settings, by=by, at=at)
    read = stop_at_failure(actions.go_on_crossing(key=key, at=at))
    actions.check_crossing(key=read.key, viewer=None, by=by, at=at)
    found = stop_at_failure(actions.go_on_crossing(key=key, at=at))
    if not dry_run:
        actions.apply_crossing(key=key, viewer=None, by=by, at=at)
        found = actions.go_on_crossing(key=key, at=at)
    write_rejected(found, paths[0].parent)
    return found


def stop_at_failure(found: CrossingRow) -> CrossingRow:
    if found.state is State.FAILED and found.error:
        raise FourfoldError(found.error["what"], found.error["why"], found.error["todo"])
    return found


def write_rejected(found: CrossingRow, folder: Path) -> None:
    for table in found.tables:
        if table.one.rows_rejected:
            target = folder / f"{Path(table.one.file_name).stem}.rejected.csv"
            with target.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(queries.rejected_table(table.one.key))
            print(f"{table.one.rows_rejected} rejected rows, with their reasons: {target}", file=sys.stderr)


def take_back(path: Path) -> CrossingRow:
    """Take out what the latest bringing-in that had this table brought in. Raises FileRefused if there is none."""
    with path.open("rb") as content:
        key = queries.crossing_of_file(hashlib.file_digest(content, "sha256").hexdigest())
    if key is None:
        raise FileRefused(
            "Nothing was taken out.",
            f"No table with the content of {path} was brought in by itself.",
            "Name one of the CSV files, or take it out on the page of imports.",
        )
    at = clock.now()
    actions.take_back_crossing(key=key, viewer=None, by=COMMAND_LINE, at=at)
    return actions.go_on_crossing(key=key, at=at)


def as_dict(found: CrossingRow) -> dict[str, Any]:
    return {
        "crossing": str(found.key),
        "system": found.system,
        "state": found.state.value,
        "left_out": [{"file": one.name, "why": one.why} for one in found.unknown],
        "tables": [
            {
                "table": table.entity.name, "file": table.one.file_name, "rows": table.one.rows_read,
                "ready": table.one.rows_ready, "came_in": table.one.rows_posted, "unchanged": table.one.rows_unchanged,
                "rejected": table.one.rows_rejected, "dropped_columns": list(table.dropped), "found": table.counts,
            }
            for table in found.tables
        ],
    }  # fmt: skip


def as_text(found: CrossingRow) -> str:
    name = SYSTEM_NAMES[found.system] if found.system else "another system"
    lines = [f"{name}: {found.state.value.replace('_', ' ')}."]
    for table in found.tables:
        one = table.one
        lines.append(
            f"  {table.entity.words} ({one.file_name}): {one.rows_read} rows, {one.rows_ready} ready, "
            f"{one.rows_posted} came in, {one.rows_unchanged} there already, {one.rows_rejected} rejected."
        )
    dropped = list(dict.fromkeys(header for table in found.tables for header in table.dropped))
    lines += [f"  dropped, being sensitive: {', '.join(dropped)}"] if dropped else []
    return "\n".join([*lines, *(f"  left out: {one.name}: {one.why}" for one in found.unknown)])
