"""The daily suite on SQLite and on PostgreSQL; one closing line counts both."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [str(ROOT / ".venv/bin/python"), "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "-r", "s"]
RUNS = {
    # Evidence, base and ui know no database, and how a page looks doesn't hang on it: they run once. What people do in
    # the browser runs on both.
    "sqlite": [],
    "postgresql": [
        "--ignore=src/fourfold/evidence",
        "--ignore=src/fourfold/ui",
        "--ignore=src/fourfold/base",
        "--ignore=tests/browser/test_pages.py",
    ],
}
COUNTED = ("passed", "failed", "skipped", "error")


def run(database: str, extra: list[str]) -> tuple[int, dict[str, int]]:
    """Run one suite and pass its output on. Returns its exit status and its counts."""
    environment = {**os.environ, "FOURFOLD_TEST_DATABASE": database, "OMP_NUM_THREADS": "1"}
    print(f"\n== tests on {database} ==", flush=True)
    process = subprocess.Popen(
        [*PYTEST, *RUNS[database], *extra], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    last = ""
    for line in process.stdout:
        print(line, end="", flush=True)
        last = line if any(word in line for word in COUNTED) else last
    counts = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|skipped|error)", last)}
    return process.wait(), counts


def main() -> int:
    started, worst, together = time.perf_counter(), 0, dict.fromkeys(COUNTED, 0)
    for database in RUNS:
        status, counts = run(database, sys.argv[1:])
        worst = max(worst, status)
        for word, n in counts.items():
            together[word] += n
    failed = together["failed"] + together["error"]
    print(f"\nBoth databases, {time.perf_counter() - started:.0f} s")
    print(f"{together['passed']} passed, {failed} failed, {together['skipped']} skipped")
    return worst


if __name__ == "__main__":
    sys.exit(main())
