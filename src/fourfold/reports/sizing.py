"""How many people an experiment needs: the statistics run in a process that ends, so the server stays small."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from fourfold.reports.types import BadQuestion, Sizing

SECONDS = 20


def size(asked: Sizing) -> dict[str, Any]:
    """The answer of ``fourfold evidence power --json``. Raises BadQuestion for what can't be sized."""
    command = [sys.executable, "-m", "fourfold.evidence", "power", "--json"]
    command += [f"--{name}={getattr(asked, name)!r}" for name in ("base", "lift", "share", "power")]
    if asked.have is not None:
        command.append(f"--have={asked.have}")
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        what, why, todo = [*done.stderr.strip().splitlines(), "", "", ""][:3]
        raise BadQuestion(what or "The experiment was not sized.", why, todo)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
