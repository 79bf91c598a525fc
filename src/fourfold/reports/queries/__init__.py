"""Reads of reports: answers and the rows behind them, goals, read-outs."""

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

__all__ = [
    "answer", "credit_rows", "credits_of_people", "design_from", "goal", "goals", "journeys_of", "read_out",
    "read_outs", "unfinished_read_outs",
]  # fmt: skip
