"""Triggers that keep versions of texts: what somebody was asked can always be read as it was."""

from __future__ import annotations

from fourfold.ledger.actions import kept_versions

TABLE = "surveys_surveytext"
TEXTS = kept_versions(
    table=TABLE, name="survey_text", words="The versions of survey texts", function="surveys_text_refuse"
)
