"""Reading mail that came in: pure functions from bytes and text to values of ``contact.types.inbound``."""

from __future__ import annotations

from fourfold.contact.reading.classes import classify
from fourfold.contact.reading.mail import MOST_BYTES, opened, read
from fourfold.contact.reading.model import Model
from fourfold.contact.reading.replies import author_text, without_signature

__all__ = ["MOST_BYTES", "Model", "author_text", "classify", "opened", "read", "without_signature"]
