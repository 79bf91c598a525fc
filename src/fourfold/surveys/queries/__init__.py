"""Reads of surveys: what is asked and when, what somebody's link opens, and what was answered."""

from fourfold.surveys.queries.asking import (
    anything_to_do,
    due,
    held_about,
    house_rules,
    open_survey,
    standing,
    text_for,
    text_versions,
    texts,
    ties,
)
from fourfold.surveys.queries.reading import results, verbatims

__all__ = [
    "anything_to_do",
    "due",
    "held_about",
    "house_rules",
    "open_survey",
    "results",
    "standing",
    "text_for",
    "text_versions",
    "texts",
    "ties",
    "verbatims",
]
