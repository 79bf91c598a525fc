"""Pure decisions of reports."""

from fourfold.reports.rules.figures import (
    DEFINITIONS,
    ENGAGEMENT_OF,
    KIND_OF,
    PRESET_WORDS,
    Verdict,
    best_paying,
    check_design,
    check_goal,
    compared_with,
    definition,
    own_period,
    period_of,
    read_shares,
    shift_months,
    time_gone,
    verdict,
)
from fourfold.reports.rules.health import monday_of
from fourfold.reports.rules.pipeline import PIPELINE_DEFINITIONS

__all__ = [
    "DEFINITIONS", "ENGAGEMENT_OF", "KIND_OF", "PIPELINE_DEFINITIONS", "PRESET_WORDS", "Verdict", "best_paying",
    "check_design", "check_goal", "compared_with", "definition", "monday_of", "own_period", "period_of", "read_shares",
    "shift_months", "time_gone", "verdict",
]  # fmt: skip
