"""Reads of jobs: frozen rows."""

from fourfold.jobs.queries.pipeline import pipeline

__all__ = ["pipeline"]
