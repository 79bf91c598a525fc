"""Triggers that keep versions of mail templates: what was sent can always be read as it was."""

from __future__ import annotations

from fourfold.ledger.actions import kept_versions

TABLE = "studio_mailtemplateversion"
VERSIONS = kept_versions(
    table=TABLE, name="mail_version", words="The versions of mail templates", function="studio_mail_version_refuse"
)
