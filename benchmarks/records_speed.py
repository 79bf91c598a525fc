"""Candidates a second through ``fourfold import records``: names, addresses, employer, skills, source,
every tenth with a “no”; recognised, checked, matched, brought in.

``python -m benchmarks.records_speed [--rows N] [--rounds N] [--postgres]``, on databases as benchmarks.import_speed.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.import_speed import FOURFOLD, postgres

HEADER = (
    "externalID,firstName,lastName,email,mobile,occupation,companyName,address.city,primarySkills.name,status,"
    "massMailOptOut,dateAdded,source"
)


def write_candidates(path: Path, rows: int) -> None:
    """``rows`` candidates of five hundred employers."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER.split(","))
        for n in range(rows):
            day = f"{n % 12 + 1}/{n % 27 + 1}/2024"
            no = "TRUE" if n % 10 == 0 else "FALSE"
            writer.writerow([
                f"c{n}", f"First{n % 997}", f"Last{n}", f"p{n}@post.example", f"07{700_000_000 + n:09d}",
                f"Engineer {n % 40}", f"Company {n % 500}", f"City {n % 60}", "Python;SQL;Airflow", "Active", no, day,
                "LinkedIn",
            ])  # fmt: skip


def run(home: Path, path: Path, database: str) -> tuple[float, float]:
    """Seconds of one whole bringing-in, start of the process included, and of the same file again."""
    environment = {**os.environ, "FOURFOLD_HOME": str(home)}
    if database:
        environment["FOURFOLD_DATABASE_URL"] = database
    subprocess.run([*FOURFOLD, "seal"], env=environment, check=True, capture_output=True)  # makes the tables
    seconds = []
    for wanted in ("came_in", "unchanged"):
        started = time.perf_counter()
        done = subprocess.run(
            [*FOURFOLD, "import", "records", str(path), "--json"], env=environment, check=True, capture_output=True
        )
        seconds.append(time.perf_counter() - started)
        (table,) = json.loads(done.stdout)["tables"]
        assert table[wanted] == table["rows"]
    return seconds[0], seconds[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    first, again = [], []
    with postgres(wanted=args.postgres) as database:
        for number in range(args.rounds):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "Candidate.csv"
                write_candidates(path, args.rows)
                one, two = run(Path(folder) / "house", path, address := database(number))
            first.append(args.rows / one)
            again.append(args.rows / two)
    name = "PostgreSQL" if address else "SQLite"
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{'candidates from another system':<36}{'rows/s':>10}")
    print(f"{'new, on ' + name:<36}{statistics.median(first):>10,.0f}")
    print(f"{'the same file again':<36}{statistics.median(again):>10,.0f}")
    print(f"median of {args.rounds}, {args.rows:,} rows, peak {peak:,.0f} MB")


if __name__ == "__main__":
    main()
