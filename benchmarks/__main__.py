"""All benchmarks in their quick form: ``make bench``. Each alone: ``python -m benchmarks.NAME``."""

from __future__ import annotations

import subprocess
import sys

QUICK = {
    "benchmarks.import_speed": ["--rows", "20000"],
    "benchmarks.people_screens": ["--people", "20000", "--touches", "50000", "--indexed", "2000", "--rounds", "5"],
    "benchmarks.jobs_screens": ["--applications", "4000", "--rounds", "5"],
    "benchmarks.cv_reading": [],
    "benchmarks.records_speed": ["--rows", "5000", "--rounds", "1"],
    "benchmarks.inbound_mail": [],
    "benchmarks.sending": ["--people", "1000", "--rounds", "1"],
    "benchmarks.contactable": ["--people", "2000"],
    "benchmarks.attribution_coverage": [],
    "benchmarks.change_coverage": [],
    "benchmarks.nps_coverage": [],
    "benchmarks.false_alarms": [],
    "benchmarks.accuracy": [],
    "benchmarks.attribution_speed": ["--journeys", "200000", "--rounds", "1"],
    "benchmarks.duplicates": [],
    "benchmarks.scoreboard": ["--touches", "500000", "--rounds", "1"],
}

if __name__ == "__main__":
    for module, options in QUICK.items():
        print(f"\n== {module} {' '.join(options)}", flush=True)
        subprocess.run([sys.executable, "-m", module, *options], check=True)
