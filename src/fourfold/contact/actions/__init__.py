"""Deeds of the gate: queue, claim, hand over, log, steer, and set the house's rules."""

from fourfold.contact.actions.bounced import Report, note_bounce, note_complaint
from fourfold.contact.actions.claiming import LeaseLost, claim, finish, handing_over, reclaim, release
from fourfold.contact.actions.correcting import CorrectionRefused, add_their_address, correct_reply, handle_mail
from fourfold.contact.actions.events import keep_notice_secret, take_link_events, take_provider_events
from fourfold.contact.actions.folders import (
    begin_folder,
    check_folder,
    note_progress,
    note_read,
    note_unread,
)
from fourfold.contact.actions.house import (
    answer_ask,
    ask_colleague,
    except_person,
    log_screening,
    set_policy,
    store_assessment,
)
from fourfold.contact.actions.incoming import Place, Taken, take_in
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
    "CorrectionRefused",
    "LeaseLost",
    "MailboxSettings",
    "Place",
    "Report",
    "Taken",
    "add_their_address",
    "answer_ask",
    "ask_before_dialling",
    "ask_colleague",
    "begin_folder",
    "check_folder",
    "claim",
    "correct_reply",
    "except_person",
    "finish",
    "forget",
    "handing_over",
    "handle_mail",
    "join",
    "keep_notice_secret",
    "log_by_hand",
    "log_screening",
    "make_domain_key",
    "note_bounce",
    "note_complaint",
    "note_progress",
    "note_read",
    "note_unreachable",
    "note_unread",
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
    "take_in",
    "take_link_events",
    "take_provider_events",
]
