from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from django.conf import settings

from fourfold.base.errors import FourfoldError


def add_parser(commands: Any, about: str) -> None:
    parser = commands.add_parser("seal", help=about, description=f"{about.capitalize()}.")
    parser.add_argument("--verify", action="store_true", help="compare every segment with its hash instead")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    from fourfold.ledger import snapshot

    folder = Path(settings.HOME) / "ledger"
    if args.verify and (wrong := snapshot.verify(folder)):
        raise FourfoldError(
            "The segments are not whole.",
            f"Missing or changed: {', '.join(wrong)}.",
            f"Remove {folder / 'manifest.json'} and run “fourfold seal”: they are made anew from the database.",
        )
    manifest = snapshot.read_manifest(folder) if args.verify else snapshot.seal(folder)
    rows = sum(segment.rows for segment in manifest.segments)
    if args.json:
        print(json.dumps({"cut": manifest.cut, "segments": len(manifest.segments), "rows": rows}))
    else:
        print(f"{rows:,} facts up to number {manifest.cut:,} in {len(manifest.segments)} segments, all whole.")
    return 0
