"""Pure decisions of the gate: no database, no clock, no settings."""

from fourfold.contact.rules.classes import class_of, purpose_of
from fourfold.contact.rules.deciding import EXCEPTABLE, decide
from fourfold.contact.rules.hours import is_quiet, next_open
from fourfold.contact.rules.keeping import case_from, case_to, finding_from, finding_to, policy_from, policy_to
from fourfold.contact.rules.law import law_of, packs_from

__all__ = [
    "EXCEPTABLE",
    "case_from",
    "case_to",
    "class_of",
    "decide",
    "finding_from",
    "finding_to",
    "is_quiet",
    "law_of",
    "next_open",
    "packs_from",
    "policy_from",
    "policy_to",
    "purpose_of",
]
