"""Pure decisions of the gate: no database, no clock, no settings."""

from fourfold.contact.rules.classes import OWN_REQUEST, class_of, purpose_of
from fourfold.contact.rules.deciding import EXCEPTABLE, decide, kept
from fourfold.contact.rules.hours import is_quiet, next_open
from fourfold.contact.rules.keeping import case_from, case_to, finding_from, finding_to, policy_from, policy_to
from fourfold.contact.rules.law import law_of, packs_from
from fourfold.contact.rules.letters import parts, unknown_values, with_closing, with_short_closing
from fourfold.contact.rules.policies import check_policy

__all__ = [
    "EXCEPTABLE",
    "OWN_REQUEST",
    "case_from",
    "case_to",
    "check_policy",
    "class_of",
    "decide",
    "finding_from",
    "finding_to",
    "is_quiet",
    "kept",
    "law_of",
    "next_open",
    "packs_from",
    "parts",
    "policy_from",
    "policy_to",
    "purpose_of",
    "unknown_values",
    "with_closing",
    "with_short_closing",
]
