"""The command ``fourfold``. Each sub-command is a module of project.commands, imported when it is asked for."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from fourfold import __version__
from fourfold.base.errors import FourfoldError

COMMANDS = {
    "up": "start the product: web server and worker together",
    "demo": "fill an empty house with the demo world, or show what is true in it",
    "import": "bring in touches, outcomes or spend from files",
    "skills": "learn the skills of ESCO, so that they are suggested",
    "contact": "decide the receipts of the contact policy again, and compare",
    "report": "the 4Cs, the return on spend, or every method side by side, of a period",
    "evidence": "attribution, experiments and power from files, without a database",
    "backup": "write everything the house holds into one file",
    "restore": "bring a house back from a backup",
    "migrate": "bring the database's tables up to date and guard the ledger",
    "seal": "seal the ledger into Parquet segments, and check them",
    "worker": "run the background worker alone",
    "job": "run one background job now",
}
WITHOUT_DJANGO = {"up", "evidence"}
NEED_TABLES = {"demo", "import", "skills", "contact", "report", "backup", "seal"}


def parser_for(name: str | None) -> argparse.ArgumentParser:
    """The whole parser; only the named command's own module is imported."""
    parser = argparse.ArgumentParser(prog="fourfold", description="Recruiters and marketers on the same number.")
    parser.add_argument("--version", action="version", version=f"fourfold {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command, about in COMMANDS.items():
        if command != name:
            commands.add_parser(command, help=about)
        elif command == "evidence":
            import_module("fourfold.evidence.cli").add_parser(commands)
        else:
            module = import_module(f"fourfold.project.commands.{command}_command")
            module.add_parser(commands, about)
    return parser


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fourfold.project.settings")
    import django

    django.setup()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit status 2 for an error that the person at the keyboard can act on."""
    os.umask(0o077)  # what a house writes (data, keys, backups, rejected rows) is for its own user only
    given = list(sys.argv[1:] if arguments is None else arguments)
    name = next((word for word in given if not word.startswith("-")), None)
    try:
        if name in COMMANDS and name not in WITHOUT_DJANGO:
            set_up_django()
        if name in NEED_TABLES and not {"-h", "--help"} & set(given):
            import_module("fourfold.project.house").migrate_tables()
        args = parser_for(name).parse_args(given)
        handler: Callable[[Any], int | None] = args.handler
        return handler(args) or 0
    except FourfoldError as error:
        print(error.what, error.why, error.todo, sep="\n", file=sys.stderr)
        return 2
    except (PermissionError, FileNotFoundError, FileExistsError, NotADirectoryError) as error:
        why = f"{error.filename}: {error.strerror}."
        print("The command was stopped.", why, "Check the path and its rights.", sep="\n", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader (head, less) has gone
        sys.stderr.close()
        return 0


if __name__ == "__main__":
    sys.exit(main())
