"""The daily suite on SQLite and on PostgreSQL; one closing line counts both."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# A file runs in one process: its tests share what they set up, such as a running house or a mail server.
PYTEST = [
    str(ROOT / ".venv/bin/python"),
    "-m",
    "pytest",
    "-q",
    "-n",
    "2",
    "--dist",
    "loadfile",
    "--no-loadscope-reorder",
    "-r",
    "s",
]
ONCE = (
    # They know no database: evidence, base and ui, protocols and mails read from bytes, pure rules.
    "src/fourfold/evidence",
    "src/fourfold/ui",
    "src/fourfold/base",
    "src/fourfold/contact/tests/test_transports*",
    "src/fourfold/contact/tests/test_reading*",
    "src/fourfold/contact/tests/test_rules.py",
    # What they test hangs on none: how a page looks, how sign-in is drawn, how processes start and stop.
    "tests/browser/test_pages.py",
    "tests/browser/test_first_look.py",
    "src/fourfold/accounts/tests/test_browser.py",
    "src/fourfold/project/tests/test_worker.py",
    "src/fourfold/project/demo",
    "tests/journeys/test_running.py",
    "tests/journeys/test_workbooks.py",
)
"""Run on SQLite alone. What people do, in the browser and elsewhere, runs on both."""
RUNS = {"sqlite": [], "postgresql": [f"--ignore-glob={ROOT}/{place}" for place in ONCE]}
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
