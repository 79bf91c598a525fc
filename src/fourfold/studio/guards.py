"""Triggers that keep versions of mail templates: what was sent can always be read as it was."""

from __future__ import annotations

from fourfold.ledger.actions import append_only

VERSIONS = append_only(
    table="studio_mailtemplateversion", name="mail_version", words="Versions of mail templates",
    unique=(("id",), ("template_id", "number")),
)  # fmt: skip
