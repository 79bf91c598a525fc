"""Pure decisions about who may do what with accounts."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection
from datetime import datetime

from fourfold.accounts.types import InvitationRefused, Role

INVITATION_DAYS = 7


def slug(text: str) -> str:
    """``Software engineering · London`` → ``software-engineering-london``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


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
