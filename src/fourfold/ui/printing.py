"""Turns values into a PDF. The typesetter runs in a process of its own that ends: it keeps 60 MB otherwise.

Values go in as JSON and are only ever read as data: no markup is built from what people typed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fourfold.base.errors import FourfoldError

SECONDS = 30


class NotPrinted(FourfoldError):
    """A page that could not be set."""


def as_pdf(sheet: Path, values: Mapping[str, Any]) -> bytes:
    """The values on a sheet (a typst file), as PDF/UA-1: A4, tagged. Raises NotPrinted."""
    command = [sys.executable, "-m", "fourfold.ui.typesetting", str(sheet)]
    try:
        done = subprocess.run(
            command, input=json.dumps(values).encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise NotPrinted("The page was not printed.", "It took too long.", "Try again.") from None
    if done.returncode:
        raise NotPrinted(
            "The page was not printed.",
            f"The typesetter said: {done.stderr.decode(errors='replace').strip()[-300:]}",
            "Report it; the same can be read on the page.",
        )
    return done.stdout
