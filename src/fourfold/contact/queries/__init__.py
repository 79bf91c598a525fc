"""Reads of the gate: may we contact this person, and what was decided."""

from fourfold.contact.queries.cases import Ready, canonical, cases
from fourfold.contact.queries.held import held_about
from fourfold.contact.queries.mailboxes import mailbox_account, mailboxes_with_work, signing_keys
from fourfold.contact.queries.policy import first_policy, policy, policy_of, shipped_packs
from fourfold.contact.queries.receipts import Replayed, replay

__all__ = [
    "Ready",
    "Replayed",
    "canonical",
    "cases",
    "first_policy",
    "held_about",
    "mailbox_account",
    "mailboxes_with_work",
    "policy",
    "policy_of",
    "replay",
    "shipped_packs",
    "signing_keys",
]
