"""What the pages of the gate show, in words."""

from fourfold.contact.pages.house import (
    message_line,
    message_values,
    policy_values,
    preview_lines,
    receipt_lines,
    receipt_values,
)
from fourfold.contact.pages.inbox import badge, elsewhere_line, inbox_values, mail_line, mail_values
from fourfold.contact.pages.mailboxes import (
    PROVIDER_WORDS,
    WAY_WORDS,
    mailbox_values,
    mailboxes_values,
    way_groups,
)
from fourfold.contact.pages.persons import call_values, first_words, intent_for, panel_values, write_values
from fourfold.contact.pages.texts import text_values

__all__ = [
    "PROVIDER_WORDS",
    "WAY_WORDS",
    "badge",
    "call_values",
    "elsewhere_line",
    "first_words",
    "inbox_values",
    "intent_for",
    "mail_line",
    "mail_values",
    "mailbox_values",
    "mailboxes_values",
    "message_line",
    "message_values",
    "panel_values",
    "policy_values",
    "preview_lines",
    "receipt_lines",
    "receipt_values",
    "text_values",
    "way_groups",
    "write_values",
]
