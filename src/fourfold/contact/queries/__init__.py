"""Reads of the gate: may we contact this person, and what was decided."""

from fourfold.contact.queries.cases import Ready, cases
from fourfold.contact.queries.policy import first_policy, policy, policy_of, shipped_packs

__all__ = ["Ready", "cases", "first_policy", "policy", "policy_of", "shipped_packs"]
