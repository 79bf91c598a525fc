"""Everything that can be checked without running the product: lint, format, types, contracts, migrations."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv/bin"
STRICT = ["src/fourfold"]
CHECKS = {
    "lint": [BIN / "ruff", "check", "--quiet", "."],
    "format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "types": [BIN / "mypy", "--no-error-summary", *STRICT],
    "import contracts": [BIN / "lint-imports", "--no-cache"],
    "migrations": [BIN / "django-admin", "makemigrations", "--check", "--dry-run"],
    "system": [BIN / "django-admin", "check", "--fail-level", "WARNING"],
}


def main() -> int:
    failed = []
    with tempfile.TemporaryDirectory() as house:
        environment = {**os.environ, "FOURFOLD_HOME": house, "DJANGO_SETTINGS_MODULE": "fourfold.project.settings"}
        environment.pop("FOURFOLD_DATABASE_URL", None)
        for name, command in CHECKS.items():
            started = time.perf_counter()
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            mark = "ok" if done.returncode == 0 else "FAILED"
            print(f"check: {name:<18} {mark:<7} {time.perf_counter() - started:5.1f} s", flush=True)
            if done.returncode:
                failed.append(name)
                print(done.stdout[-6000:], done.stderr[-3000:], sep="\n", flush=True)
    if failed:
        print(f"check: {', '.join(failed)} failed. “make fix” mends what a machine can mend.")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
