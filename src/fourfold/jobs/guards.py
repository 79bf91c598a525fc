"""Triggers that keep proofs append-only: introductions, agreements, and the steps of applications.

A proof outlives an erasure: it is about keys, and its free words can be blanked. What came over from another system
goes with the files it came with.
"""

from __future__ import annotations

from fourfold.ledger.actions import append_only

CAME_OVER = "bullhorn"
"""How introductions, and who wrote steps, of that system are called: no colleague's, for theirs carry a key."""
INTRODUCTIONS = append_only(
    table="jobs_introduction", name="introduction", words="Introductions", unique=(("key",),),
    removable=f"OLD.how = '{CAME_OVER}' AND OLD.profile_version IS NULL",
)  # fmt: skip
AGREEMENTS = append_only(
    table="jobs_agreement", name="agreement", words="Agreements", unique=(("key",),),
    unchanged=("key", "person_key", "organisation_key", "job_id", "agreed_at", "by", "by_key", "at"),
)  # fmt: skip
MOVES = append_only(
    table="jobs_stagemove", name="stage_move", words="The steps of applications", unique=(("id",),),
    unchanged=("id", "application_id", "from_step", "to_step", "stage", "ended", "by", "by_key", "at"),
    removable=f"OLD.by = '{CAME_OVER}' AND OLD.by_key IS NULL",
)  # fmt: skip
ALL = (INTRODUCTIONS, AGREEMENTS, MOVES)
