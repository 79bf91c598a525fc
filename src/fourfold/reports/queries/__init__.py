"""Reads of reports: answers and the rows behind them, goals, read-outs, the week and the pipeline."""

from fourfold.reports.queries.counted import pipeline_rows
from fourfold.reports.queries.pipeline import health, permanent_ahead
from fourfold.reports.queries.saved import (
    answer,
    credit_rows,
    credits_of_people,
    design_from,
    goal,
    goals,
    journeys_of,
    read_out,
    read_outs,
    unfinished_read_outs,
)
from fourfold.reports.queries.week import billed, done, monday, week_rows, weekly_targets

__all__ = [
    "answer", "billed", "credit_rows", "credits_of_people", "design_from", "done", "goal", "goals", "health",
    "journeys_of", "monday", "permanent_ahead", "pipeline_rows", "read_out", "read_outs", "unfinished_read_outs",
    "week_rows", "weekly_targets",
]  # fmt: skip
