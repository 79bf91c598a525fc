from __future__ import annotations

import argparse
import csv
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from fourfold.accounts import queries as accounts
from fourfold.base import clock
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import FourfoldError
from fourfold.integrations import actions, queries
from fourfold.integrations.rules import rates_of
from fourfold.integrations.types import (
    FileKind,
    FileRefused,
    ImportRow,
    Layout,
    Settings,
    State,
    columns_of,
)
from fourfold.ledger.types import Channel
from fourfold.project.commands import over
from fourfold.project.env import is_zone


def add_parser(commands: Any, about: str) -> None:
    parser = commands.add_parser(
        "import",
        help=about,
        description=f"{about.capitalize()}. Rows that can't be read go into FILE.rejected.csv with their reasons; the "
        "rest is posted. The same file again changes nothing. “records” are files of another system, as it exports "
        "them, several at once or one zip: they are recognised, and go in together.",
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
    parser.add_argument("--source", help="where the file's ids come from, such as bullhorn (default: file)")
    parser.add_argument("--zone", help="zone of times without one (default: the house's)")
    parser.add_argument("--currency", help="currency of money without one (default: the house's)")
    parser.add_argument("--rates", help="convert other currencies into the house's: EUR=0.86,USD=0.79")
    parser.add_argument("--dates", choices=["dmy", "mdy"], help="days in numbers: is the day or the month first?")
    parser.add_argument("--sheet", default="", help="the sheet of a workbook (default: the one that fits best)")
    parser.add_argument(
        "--layout",
        choices=[one.value for one in Layout],
        default="",
        help="how spend lies (default: guessed)",
    )
    parser.add_argument("--channel", help="the channel of rows of spend or adverts that name none")
    parser.add_argument(
        "--id-column", action="append", default=[], metavar="HEADER", help="a further column with an id of the person"
    )
    parser.add_argument(
        "--no-first-deals",
        action="store_true",
        help="deals: don't say that a first deal makes a submitted candidate and a client",
    )
    parser.add_argument("--add-unknown", action="store_true", help="calls: add people for numbers that nobody has")
    parser.add_argument(
        "--take-back", action="store_true", help="take an earlier import of the same files back instead"
    )
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    for path in args.files:
        if not path.is_file():
            raise FileRefused(f"{path} was not imported.", "There is no such file.", "Check the path.")
    if args.kind == FileKind.RECORDS:
        return over.run(args)
    answers = []
    for path in args.files:
        done = take_back(path, args) if args.take_back else bring_in(path, args)
        answers.append(as_dict(done, path))
        if not args.json:
            print(as_text(done, path, args))
    if args.json:
        print(json.dumps(answers, indent=1))
    return 0


def bring_in(path: Path, args: argparse.Namespace) -> ImportRow:
    """Take one file in, check it, and post it unless it is a dry run. Raises FileRefused."""
    house = accounts.house_currency()
    settings = Settings(zone=accounts.house_zone(), currency=house, house=house, sheet=args.sheet, layout=args.layout)
    said = said_settings(args, house)
    at, by = clock.now(), COMMAND_LINE
    with path.open("rb") as content:
        key = actions.take_in(
            kind=FileKind(args.kind), name=path.name, content=content, settings=settings, by=by, at=at
        )
    read = stop_at_failure(actions.read_columns(key=key))
    mapping = {**read.mapping, **chosen(args.column, read)}
    settings = replace(read.settings, **said)
    require_headers(settings.ids, read)
    actions.confirm_columns(key=key, mapping=mapping, settings=settings, viewer=None, by=by, at=at)
    checked = stop_at_failure(actions.check_rows(key=key, at=at))
    if args.dry_run:
        write_rejected(checked, path)
        return checked
    actions.apply(key=key, viewer=None, by=by, at=at)
    applied = actions.apply_rows(key=key, at=at)
    write_rejected(applied, path)
    return applied


def said_settings(args: argparse.Namespace, house: str) -> dict[str, Any]:
    """What the options say of how texts are read; the rest is as with the last file of these headers."""
    said: dict[str, Any] = {"correct": args.correct}
    if args.zone:
        said["zone"] = checked_zone(args.zone)
    if args.rates:
        said["rates"] = rates_of(args.rates, house)
    if args.channel:
        said["channel"] = checked_channel(args.channel)
    if args.id_column:
        said["ids"] = tuple(args.id_column)
    for name in ("source", "dates"):
        said |= {name: getattr(args, name)} if getattr(args, name) else {}
    said |= {"currency": args.currency.upper()} if args.currency else {}
    said |= {"first_deals": False} if args.no_first_deals else {}
    return said | ({"add_unknown": True} if args.add_unknown else {})


def checked_channel(name: str) -> str:
    """A channel's name. Raises FileRefused for anything else."""
    if name in [one.value for one in Channel]:
        return name
    channels = ", ".join(one.value for one in Channel)
    raise FileRefused("Nothing was imported.", f"There is no channel “{name}”.", f"Name one of {channels}.")


def require_headers(ids: tuple[str, ...], read: ImportRow) -> None:
    """Raises FileRefused for a header that the file lacks."""
    headers = read.sample.headers if read.sample else ()
    for header in ids:
        if header not in headers:
            raise FileRefused(
                "Nothing was imported.", f"The file has no header “{header}”.", f"It has {', '.join(headers)}."
            )


def checked_zone(name: str) -> str:
    """A time zone's name. Raises FileRefused for anything else."""
    if is_zone(name):
        return name
    raise FileRefused("Nothing was imported.", f"There is no time zone “{name}”.", "Name one such as Europe/London.")


def chosen(pairs: list[str], read: ImportRow) -> dict[str, str]:
    """The ``--column`` options. Raises FileRefused for a header that the file lacks."""
    found = {}
    names = [column.name for column in columns_of(read.kind, read.settings.layout)]
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
        "sheet": found.sample.sheet if found.sample else "",
        "summary": list(found.summary),
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
    notes = [*([found.remembered] if found.remembered else []), *found.warnings]
    lines = [f"{path}: {counts}", f"  columns: {columns}"]
    if found.sample and found.sample.sheet:
        lines.append(f"  sheet: {found.sample.sheet}, header in row {found.sample.header_row}")
    lines += [f"  in numbers: {', '.join(found.summary)}"] if found.summary else []
    return "\n".join([*lines, *(f"  note: {one}" for one in notes)])
