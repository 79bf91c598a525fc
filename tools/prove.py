"""The long proofs: kills, coverage grids, many rows, attribution and the scoreboard at size.

Each writes its last output to docs/proofs/, with date and commit.

``make prove``; ``python -m tools.prove kills coverage`` runs some of them; ``--kills N`` and ``--rows N`` set sizes.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.import_speed import write_touches

ROOT = Path(__file__).resolve().parent.parent
FOURFOLD = [sys.executable, "-m", "fourfold.project.cli"]


def run(*command: str, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def kills(args: argparse.Namespace) -> str:
    """Kill the process that applies an import again and again; nothing may be lost or posted twice."""
    rows, killed, finished = 6000, 0, 0
    rng = random.Random(1)
    while killed < args.kills:
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "FOURFOLD_HOME": folder, "DJANGO_SETTINGS_MODULE": "fourfold.project.settings"}
            path = Path(folder) / "touches.csv"
            write_touches(path, rows)
            key = run(sys.executable, "-c", PREPARE, str(path), environment=environment).strip()
            while True:
                process = subprocess.Popen([*FOURFOLD, "job", "import", key], env=environment)
                try:
                    process.wait(rng.uniform(0.8, 3.0))
                    break
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    killed += 1
            state = run(sys.executable, "-c", COUNT, key, environment=environment).split()
            if state != ["applied", str(rows), str(rows), str(rows // 8), str(rows)]:
                sys.exit(f"after {killed} kills: {state}")
            finished += 1
    return f"{killed} kills in {finished} imports of {rows:,} rows: every row once, none lost, none doubled."


PREPARE = """
import sys, django; django.setup()
from pathlib import Path
from fourfold.base import clock
from fourfold.base.actor import COMMAND_LINE as by
from fourfold.integrations import actions
from fourfold.integrations.types import FileKind, Settings
from fourfold.project import house
house.migrate_tables()
at, settings = clock.now(), Settings()
with open(sys.argv[1], "rb") as content:
    key = actions.take_in(kind=FileKind.TOUCHES, name="touches.csv", content=content, settings=settings, by=by, at=at)
read = actions.read_columns(key=key)
actions.confirm_columns(key=key, mapping=read.mapping, settings=settings, viewer=None, by=by, at=at)
actions.check_rows(key=key, at=at)
actions.apply(key=key, viewer=None, by=by, at=at)
print(key)
"""
COUNT = """
import sys, django; django.setup()
from uuid import UUID
from django.db.models import Sum
from fourfold.integrations import queries
from fourfold.ledger import models
from fourfold.people import queries as people
found = queries.worker_import(UUID(sys.argv[1]))
touches = models.Activity.objects.aggregate(n=Sum("touches"))["n"]
print(found.state, found.rows_posted, models.Fact.objects.live().count(), people.count(), touches)
"""


def coverage(args: argparse.Namespace) -> str:
    """Coverage and refusal rate of the intervals over the whole published grid: all methods, and changes."""
    jobs = str(args.jobs)
    found = [
        judged("benchmarks.attribution_coverage", "--full", "--all", "--jobs", jobs),
        judged("benchmarks.change_coverage", "--full"),
    ]
    return "\n\n".join(found)


def false_alarms(args: argparse.Namespace) -> str:
    """How often experiments without an effect alarm."""
    return judged("benchmarks.false_alarms", "--full", "--jobs", str(args.jobs))


def accuracy(args: argparse.Namespace) -> str:
    """How right each method is where the truth is known; keeps the answer in the package as well."""
    return judged("benchmarks.accuracy", "--full", "--write", "--jobs", str(args.jobs))


def judged(module: str, *options: str) -> str:
    """The output of a benchmark that judges itself: what is off is kept and told, and stops nothing."""
    command = [sys.executable, "-m", module, *options]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1} or not done.stdout:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout.rstrip()


def many_rows(args: argparse.Namespace) -> str:
    return run(sys.executable, "-m", "benchmarks.import_speed", "--rows", str(args.rows)).rstrip()


def attribution(args: argparse.Namespace) -> str:
    """Attribution beside its peers and the scan limit, at 1, 10 and 25 million journeys."""
    return run(sys.executable, "-m", "benchmarks.attribution_speed", "--full").rstrip()


def scoreboard(args: argparse.Namespace) -> str:
    """The 4Cs answer and its pages in a house of five million touches."""
    return run(sys.executable, "-m", "benchmarks.scoreboard").rstrip()


def sender_kills(args: argparse.Namespace) -> str:
    """Kill forked senders against a real mail server, on both databases; nobody doubled, nobody lost."""
    told = []
    for database in ("sqlite", "postgresql"):
        environment = {**os.environ, "FOURFOLD_TEST_DATABASE": database, "PROVE_KILLS": str(args.kills // 2)}
        output = run(
            sys.executable, "-m", "pytest", "-q", "-s", "src/fourfold/contact/tests/test_sender.py", "-k", "killed",
            environment=environment,
        )  # fmt: skip
        told += [f"{database}: {line.lstrip(chr(46))}" for line in output.splitlines() if "kills" in line]
    return "\n".join(told)


def contactable(args: argparse.Namespace) -> str:
    """Of 100,000 imported people, everyone touched in the last year is contactable or one step from it."""
    return run(sys.executable, "-m", "benchmarks.contactable").rstrip()


PROOFS: dict[str, Callable[[argparse.Namespace], str]] = {
    "kills": kills,
    "coverage": coverage,
    "false_alarms": false_alarms,
    "accuracy": accuracy,
    "import": many_rows,
    "attribution": attribution,
    "scoreboard": scoreboard,
    "sender_kills": sender_kills,
    "contactable": contactable,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("proofs", nargs="*", default=list(PROOFS), choices=[*PROOFS, []])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes of the simulations")
    args = parser.parse_args()
    commit = run("git", "rev-parse", "--short", "HEAD").strip()
    for name in args.proofs or list(PROOFS):
        started = time.perf_counter()
        told = PROOFS[name](args)
        head = f"Proved {datetime.now(UTC):%Y-%m-%d} at commit {commit}, on {os.cpu_count()} cores"
        text = f"{head}, in {time.perf_counter() - started:.0f} s.\n\n{told}\n"
        print(f"\n== {name}\n{text}", flush=True)
        (ROOT / "docs/proofs").mkdir(exist_ok=True)
        (ROOT / f"docs/proofs/{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
