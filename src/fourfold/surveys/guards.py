"""Triggers that keep versions of texts: what somebody was asked can always be read as it was."""

from __future__ import annotations

from fourfold.ledger.actions import append_only

TEXTS = append_only(
    table="surveys_surveytext", name="survey_text", words="Versions of survey texts",
    unique=(("id",), ("moment", "brand", "number")),
)  # fmt: skip
