"""The gate's tables: policies and receipts, what goes out, what comes in."""

from fourfold.contact.models.gate import Ask, Assessment, ContactRow, Exemption, PolicyVersion, Receipt, Screening
from fourfold.contact.models.inbox import FolderState, InboundMail, Lesson, MailEvent
from fourfold.contact.models.mailboxes import SignInApp, Trial
from fourfold.contact.models.sending import Delivery, DomainKey, Mailbox, Message

__all__ = [
    "Ask",
    "Assessment",
    "ContactRow",
    "Delivery",
    "DomainKey",
    "Exemption",
    "FolderState",
    "InboundMail",
    "Lesson",
    "MailEvent",
    "Mailbox",
    "Message",
    "PolicyVersion",
    "Receipt",
    "Screening",
    "SignInApp",
    "Trial",
]
