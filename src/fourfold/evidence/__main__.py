"""``python -m fourfold.evidence …``: the command alone, for whoever uses the library without the rest of the house."""

from __future__ import annotations

import argparse
import sys

from fourfold.evidence.cli import add_parser


def main(arguments: list[str] | None = None) -> int:
    """Parse ``evidence DEED …`` without the leading word. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m fourfold.evidence")
    add_parser(parser.add_subparsers(dest="command"))
    args = parser.parse_args(["evidence", *(sys.argv[1:] if arguments is None else arguments)])
    return int(args.handler(args))


if __name__ == "__main__":
    raise SystemExit(main())
