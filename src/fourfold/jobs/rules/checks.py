"""Papers: how each stands on a day, and whether a start waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from fourfold.jobs.types.placing import EXPIRING_DAYS, Paper, Standing
from fourfold.jobs.types.words import CheckState, JobKind


def state_of(*, seen: bool, waived: bool, expires_on: date | None, on: date) -> CheckState:
    """How the newest look at a paper stands. Its last day still counts."""
    if waived:
        return CheckState.WAIVED
    if not seen:
        return CheckState.MISSING
    return CheckState.EXPIRED if expires_on is not None and expires_on < on else CheckState.SEEN


def is_expiring(state: CheckState, expires_on: date | None, *, on: date) -> bool:
    """Whether a paper that holds today ends within 30 days."""
    return state is CheckState.SEEN and expires_on is not None and expires_on <= on + timedelta(days=EXPIRING_DAYS)


def standing(papers: Sequence[Paper], *, kind: JobKind) -> Standing:
    """What stands against a start: a missing or expired paper holds a temporary one, and warns for the others."""
    open_ones = [paper for paper in papers if paper.is_open]
    holding = tuple(paper for paper in open_ones if kind is JobKind.TEMPORARY and paper.kind.holds)
    warning = tuple(paper for paper in open_ones if paper not in holding)
    return Standing(tuple(papers), holding, warning)
