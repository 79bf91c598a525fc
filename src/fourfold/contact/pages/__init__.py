"""What the pages of the gate show, in words."""

from fourfold.contact.pages.house import (
    message_line,
    message_values,
    policy_values,
    preview_lines,
    receipt_lines,
    receipt_values,
)
from fourfold.contact.pages.persons import call_values, intent_for, panel_values, write_values

__all__ = [
    "call_values",
    "intent_for",
    "message_line",
    "message_values",
    "panel_values",
    "policy_values",
    "preview_lines",
    "receipt_lines",
    "receipt_values",
    "write_values",
]
