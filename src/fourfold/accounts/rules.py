"""Pure decisions about who may do what with accounts."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta

from fourfold.accounts.types import InvitationRefused, Role

INVITATION_DAYS = 7
LOCK = timedelta(minutes=15)


def slug(text: str, *, size: int = 50) -> str:
    """``Software engineering · London`` → ``software-engineering-london``, at most ``size`` letters.

    A name without Latin letters or digits (``東京``) gives a hash of it; an empty one gives nothing.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:size].strip("-")
    return words or (hashlib.blake2s(text.strip().encode(), digest_size=5).hexdigest() if text.strip() else "")


def same_code(given: str, expected: str) -> bool:
    """Whether the first-run code is right, in a time that tells nothing. Without an expected one nothing is."""
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def provider_says_proven(claim: object) -> bool:
    """A provider's ``email_verified``: some send the word “true”, and the word “false” is not true."""
    return claim is True or (isinstance(claim, str) and claim.lower() == "true")


def token_hash(token: str) -> str:
    """What is stored of an invitation's token: who reads the database can't accept with it."""
    return hashlib.sha256(token.encode()).hexdigest()


def may_manage_accounts(roles: Collection[Role]) -> bool:
    return Role.ADMINISTRATOR in roles


def may_read_audit(roles: Collection[Role]) -> bool:
    return bool({Role.ADMINISTRATOR, Role.LEADER} & set(roles))


def check_invitation(*, expires_at: datetime, accepted: bool, withdrawn: bool, at: datetime) -> None:
    """Raises InvitationRefused for one that was used, withdrawn or is too old."""
    todo = "Ask the colleague who invited you to send a new one."
    if accepted:
        raise InvitationRefused(
            "This invitation was not accepted.", "It was used before.", "Sign in with the password you chose then."
        )
    if withdrawn:
        raise InvitationRefused("This invitation was not accepted.", "It was withdrawn.", todo)
    if at >= expires_at:
        raise InvitationRefused(
            "This invitation was not accepted.", f"It was open for {INVITATION_DAYS} days and has run out.", todo
        )


def last_administrator_stays(*, losing: bool, others: int) -> bool:
    """Whether taking the administrator's role from someone leaves the house with nobody to run it."""
    return not losing or others > 0
