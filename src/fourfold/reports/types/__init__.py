"""The door of reports: questions, answers, goals, the week and the pipeline's health. No Django."""

from fourfold.reports.types.pipeline import *  # noqa: F403
from fourfold.reports.types.saved import *  # noqa: F403
