"""Answers questions from the snapshot: ledger → sealed segments → what counts at the cut → evidence → saved result.

Runs in a process of its own, never in the web server (docs/decisions.md).
"""

from __future__ import annotations

import logging
import time
import warnings
from datetime import datetime
from pathlib import Path
from typing import Any

from fourfold.base.errors import FourfoldError
from fourfold.evidence import facts
from fourfold.evidence.types import EvidenceError, FactKind
from fourfold.ledger import snapshot
from fourfold.reports import actions
from fourfold.reports.compute.asking import Tables
from fourfold.reports.compute.board import fourcs
from fourfold.reports.compute.credit import compare, credit_rows, roi
from fourfold.reports.types import CODE_VERSION, Question, Topic

__all__ = ["answer_one", "answer_waiting", "compare", "credit_rows", "fourcs", "live_tables", "roi", "worked_out"]

log = logging.getLogger("fourfold.reports")

FAULT = {
    "what": "This report could not be worked out.",
    "why": "There is a fault in Fourfold; the worker’s messages hold it.",
    "todo": "Report it, and try again after an update.",
}


def answer_waiting(*, folder: Path, only: str | None, at: datetime) -> int:
    """Seal the ledger and answer the questions that wait. Returns how many. A failure is kept with its question."""
    if only is None:
        actions.want_lately_asked(at=at)
    waiting = actions.wanted(only=only)
    if not waiting:
        return 0
    manifest = snapshot.seal(folder)
    tables = live_tables(folder, manifest)
    for question in waiting:
        try:
            answer_one(question, tables, manifest.cut, at)
        except (FourfoldError, EvidenceError) as error:
            actions.save_failure(question_key=question.key, error=error.as_dict(), cut=manifest.cut)
        except Exception:
            log.exception("The question %s could not be answered.", question.key)
            actions.save_failure(question_key=question.key, error=FAULT, cut=manifest.cut)
    return len(waiting)


def live_tables(folder: Path, manifest: snapshot.Manifest) -> Tables:
    """What counts as of the manifest's cut; all but touches are worked out once and kept for all questions.

    Touches stay in their segments: a question reads a few of their columns, of the people and the days it looks at.
    """
    connection = facts.connect()
    tables = facts.live(facts.read_segments(manifest.paths(folder), connection), manifest.cut)
    with warnings.catch_warnings():  # Ibis 12 calls a method that DuckDB 2 has renamed and warns of
        warnings.filterwarnings("ignore", message="fetch_arrow_table", category=DeprecationWarning)
        return {
            kind: table if kind is FactKind.TOUCH else connection.create_table(f"live_{kind}", table, temp=True)
            for kind, table in tables.items()
        }


def answer_one(question: Question, tables: Tables, cut: int, at: datetime) -> None:
    """Work out one question and save its answer."""
    started = time.perf_counter()
    values = worked_out(question, tables)
    rows = list(credit_rows(question, tables)) if question.opens else []
    actions.save_answer(
        question=question,
        values=values,
        credited=rows,
        cut=cut,
        code_version=CODE_VERSION,
        at=at,
        seconds=round(time.perf_counter() - started, 3),
    )


def worked_out(question: Question, tables: Tables) -> dict[str, Any]:
    """What the question's topic asks for, as JSON can hold it."""
    return {Topic.FOURCS: fourcs, Topic.ROI: roi, Topic.COMPARE: compare}[Topic(question.topic)](question, tables)
