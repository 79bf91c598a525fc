"""Deeds of the gate: queue, claim, hand over, log, steer, and set the house's rules."""

from fourfold.contact.actions.claiming import LeaseLost, claim, finish, handing_over, reclaim, release
from fourfold.contact.actions.house import (
    answer_ask,
    ask_colleague,
    except_person,
    log_screening,
    set_policy,
    store_assessment,
)
from fourfold.contact.actions.joining import forget, join
from fourfold.contact.actions.mailboxes import (
    MailboxSettings,
    make_domain_key,
    note_unreachable,
    pause_mailbox,
    put_mailbox,
    resume_mailbox,
    retire_domain_key,
)
from fourfold.contact.actions.queueing import ask_before_dialling, log_by_hand, queue_message, queue_to_many
from fourfold.contact.actions.steering import pause_message, resolve_delivery, resume_message, stop_message

__all__ = [
    "LeaseLost",
    "MailboxSettings",
    "answer_ask",
    "ask_before_dialling",
    "ask_colleague",
    "claim",
    "except_person",
    "finish",
    "forget",
    "handing_over",
    "join",
    "log_by_hand",
    "log_screening",
    "make_domain_key",
    "note_unreachable",
    "pause_mailbox",
    "pause_message",
    "put_mailbox",
    "queue_message",
    "queue_to_many",
    "reclaim",
    "release",
    "resolve_delivery",
    "resume_mailbox",
    "resume_message",
    "retire_domain_key",
    "set_policy",
    "stop_message",
    "store_assessment",
]
