"""Secrets of mailboxes at rest: passwords, tokens, private signing keys. The key lies apart from the database."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from fourfold.contact.types import MailboxRefused


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(settings.MAILBOX_KEY))


def seal(secret: str) -> str:
    """The secret as the database may hold it; "" for none."""
    return _box().encrypt(secret.encode()).decode() if secret else ""


def unseal(held: str) -> str:
    """The secret again. Raises MailboxRefused where the key is not the one it was sealed with."""
    if not held:
        return ""
    try:
        return _box().decrypt(held.encode()).decode()
    except InvalidToken:
        raise MailboxRefused(
            "The mailbox can't be opened.",
            "Its password was sealed with another key than the one in keys/mailboxes.",
            "Put the key back from the backup, or type the password again.",
        ) from None
