"""Reads of jobs: frozen rows."""

from fourfold.jobs.queries.applications import (
    ApplicationList,
    ApplicationPage,
    Board,
    Column,
    application,
    applications,
    applications_of_person,
    board,
    closure_rate,
    waiting_by_job,
)
from fourfold.jobs.queries.jobs import (
    JobList,
    job,
    job_card,
    job_subjects,
    job_titles,
    jobs,
    live_jobs,
    pay_check,
)
from fourfold.jobs.queries.pipeline import pipeline

__all__ = [
    "ApplicationList",
    "ApplicationPage",
    "Board",
    "Column",
    "JobList",
    "application",
    "applications",
    "applications_of_person",
    "board",
    "closure_rate",
    "job",
    "job_card",
    "job_subjects",
    "job_titles",
    "jobs",
    "live_jobs",
    "pay_check",
    "pipeline",
    "waiting_by_job",
]
