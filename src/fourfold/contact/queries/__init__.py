"""Reads of the gate: may we contact this person, and what was decided."""

from fourfold.contact.queries.asking import (
    asks_to,
    changed_by,
    mailboxes,
    may_contact,
    message,
    messages,
    preview_many,
    progress,
    receipt,
    receipts,
    went_to,
)
from fourfold.contact.queries.cases import Ready, canonical, cases
from fourfold.contact.queries.held import held_about
from fourfold.contact.queries.house import (
    assessment_text,
    domain_keys,
    mailbox_values,
    policy_versions,
    require_delivery_of,
)
from fourfold.contact.queries.boxes import mailbox_account, mailboxes_with_work, signing_keys
from fourfold.contact.queries.policies import first_policy, policy, policy_of, shipped_packs
from fourfold.contact.queries.replaying import Replayed, replay

__all__ = [
    "Ready",
    "Replayed",
    "asks_to",
    "assessment_text",
    "canonical",
    "cases",
    "changed_by",
    "domain_keys",
    "first_policy",
    "held_about",
    "mailbox_account",
    "mailbox_values",
    "mailboxes",
    "mailboxes_with_work",
    "may_contact",
    "message",
    "messages",
    "policy",
    "policy_of",
    "policy_versions",
    "preview_many",
    "progress",
    "receipt",
    "receipts",
    "replay",
    "require_delivery_of",
    "shipped_packs",
    "signing_keys",
    "went_to",
]
