from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

from fourfold.accounts import queries as accounts
from fourfold.base import clock
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import FourfoldError
from fourfold.integrations import actions, queries
from fourfold.integrations.types import COLUMNS, FileKind, FileRefused, ImportRow, Settings, State
from fourfold.project.env import is_zone


def add_parser(commands: Any, about: str) -> None:
    parser = commands.add_parser(
        "import",
        help=about,
        description=f"{about.capitalize()}. Rows that can't be read go into FILE.rejected.csv with their reasons; the "
        "rest is posted. The same file again changes nothing.",
    )
    parser.add_argument("kind", choices=[kind.value for kind in FileKind])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--dry-run", action="store_true", help="check every row and post nothing")
    parser.add_argument(
        "--correct", action="store_true", help="replace rows whose id is known but whose content has changed"
    )
    parser.add_argument(
        "--column", action="append", default=[], metavar="NAME=HEADER", help="which header is which column"
    )
    parser.add_argument(
        "--source", default="file", help="where the file's ids come from, such as bullhorn (default: file)"
    )
    parser.add_argument("--zone", help="zone of times without one (default: the house's)")
    parser.add_argument(
        "--take-back", action="store_true", help="take an earlier import of the same files back instead"
    )
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    answers = []
    for path in args.files:
        if not path.is_file():
            raise FileRefused(f"{path} was not imported.", "There is no such file.", "Check the path.")
        done = take_back(path, args) if args.take_back else bring_in(path, args)
        answers.append(as_dict(done, path))
        if not args.json:
            print(as_text(done, path, args))
    if args.json:
        print(json.dumps(answers, indent=1))
    return 0


def bring_in(path: Path, args: argparse.Namespace) -> ImportRow:
    """Take one file in, check it, and post it unless it is a dry run. Raises FileRefused."""
    settings = Settings(
        zone=checked_zone(args.zone or accounts.house_zone()),
        currency=accounts.house_currency(),
        source=args.source,
        correct=args.correct,
    )
    at, by = clock.now(), COMMAND_LINE
    with path.open("rb") as content:
        key = actions.take_in(
            kind=FileKind(args.kind), name=path.name, content=content, settings=settings, by=by, at=at
        )
    read = stop_at_failure(actions.read_columns(key=key))
    mapping = {**read.mapping, **chosen(args.column, read)}
    actions.confirm_columns(key=key, mapping=mapping, settings=settings, viewer=None, by=by, at=at)
    checked = stop_at_failure(actions.check_rows(key=key, at=at))
    if args.dry_run:
        write_rejected(checked, path)
        return checked
    actions.apply(key=key, viewer=None, by=by, at=at)
    applied = actions.apply_rows(key=key, at=at)
    write_rejected(applied, path)
    return applied


def checked_zone(name: str) -> str:
    """A time zone's name. Raises FileRefused for anything else."""
    if is_zone(name):
        return name
    raise FileRefused("Nothing was imported.", f"There is no time zone “{name}”.", "Name one such as Europe/London.")


def chosen(pairs: list[str], read: ImportRow) -> dict[str, str]:
    """The ``--column`` options. Raises FileRefused for a header that the file lacks."""
    found = {}
    names = [column.name for column in COLUMNS[read.kind]]
    for pair in pairs:
        name, _, header = pair.partition("=")
        headers = read.sample.headers if read.sample else ()
        if name not in names:
            raise FileRefused(
                f"The column {name} was not set.",
                f"A file of {read.kind} has no such column.",
                f"It may have {', '.join(names)}.",
            )
        if header not in headers:
            raise FileRefused(
                f"The column {name} was not set.",
                f"The file has no header “{header}”.",
                f"It has {', '.join(headers)}.",
            )
        found[name] = header
    return found


def stop_at_failure(found: ImportRow) -> ImportRow:
    if found.state is State.FAILED and found.error:
        raise FourfoldError(f"{found.file_name}: {found.error['what']}", found.error["why"], found.error["todo"])
    return found


def write_rejected(found: ImportRow, path: Path) -> None:
    if not found.rows_rejected:
        return
    target = path.with_name(f"{path.stem}.rejected.csv")
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(queries.rejected_table(found.key))
    print(f"{found.rows_rejected} rejected rows, with their reasons: {target}", file=sys.stderr)


def take_back(path: Path, args: argparse.Namespace) -> ImportRow:
    """Take the applied import of a file with the same bytes back. Raises FileRefused if there is none."""
    import hashlib

    with path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    key = queries.same_file(FileKind(args.kind), sha256)
    if key is None:
        raise FileRefused("Nothing was taken back.", f"No applied import has the content of {path}.", "Check the file.")
    at = clock.now()
    actions.take_back(key=key, viewer=None, by=COMMAND_LINE, at=at)
    return actions.void_rows(key=key, at=at)


def as_dict(found: ImportRow, path: Path) -> dict[str, Any]:
    return {
        "file": str(path),
        "import": str(found.key),
        "state": found.state.value,
        "columns": found.mapping,
        "rows": found.rows_read,
        "ready": found.rows_ready,
        "posted": found.rows_posted,
        "unchanged": found.rows_unchanged,
        "rejected": found.rows_rejected,
        "people_added": found.people_added,
        "warnings": list(found.warnings),
    }


def as_text(found: ImportRow, path: Path, args: argparse.Namespace) -> str:
    columns = ", ".join(f"{name} ← {header}" for name, header in found.mapping.items())
    counts = {
        State.CHECKED: f"{found.rows_ready} rows are ready, {found.rows_rejected} rejected. Nothing was posted.",
        State.APPLIED: f"{found.rows_posted} rows posted, {found.rows_unchanged} already there, "
        f"{found.rows_rejected} rejected, {found.people_added} people added.",
        State.TAKEN_BACK: "Taken back: its facts count no more.",
    }[found.state]
    return "\n".join([f"{path}: {counts}", f"  columns: {columns}", *(f"  note: {one}" for one in found.warnings)])
