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
from fourfold.contact.actions.joining import blank_messages, forget, join
from fourfold.contact.actions.mailboxes import (
    MailboxSettings,
    make_domain_key,
    note_reached,
    note_unreachable,
    pause_mailbox,
    put_mailbox,
    resume_mailbox,
    retire_domain_key,
)
from fourfold.contact.actions.queueing import (
    ask_before_dialling,
    draft_from,
    log_by_hand,
    may_answer_themselves,
    queue_message,
    queue_to_many,
)
from fourfold.contact.actions.signing_in import (
    begin_renewal,
    forget_access,
    keep_sign_in,
    keep_sign_in_app,
    renewed,
    sign_out,
)
from fourfold.contact.actions.steering import pause_message, resolve_delivery, resume_message, stop_message
from fourfold.contact.actions.texts import take_text_news
from fourfold.contact.actions.trials import begin_trial, end_trial, keep_checks, try_mailbox

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
    "begin_renewal",
    "begin_trial",
    "blank_messages",
    "check_folder",
    "claim",
    "correct_reply",
    "draft_from",
    "end_trial",
    "except_person",
    "finish",
    "forget",
    "forget_access",
    "handing_over",
    "handle_mail",
    "join",
    "keep_checks",
    "keep_notice_secret",
    "keep_sign_in",
    "keep_sign_in_app",
    "log_by_hand",
    "log_screening",
    "make_domain_key",
    "may_answer_themselves",
    "note_bounce",
    "note_complaint",
    "note_progress",
    "note_reached",
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
    "renewed",
    "resolve_delivery",
    "resume_mailbox",
    "resume_message",
    "retire_domain_key",
    "set_policy",
    "sign_out",
    "stop_message",
    "store_assessment",
    "take_in",
    "take_link_events",
    "take_provider_events",
    "take_text_news",
    "try_mailbox",
]
