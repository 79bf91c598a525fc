"""Who may: gates of accounts. Missing and forbidden look the same from outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fourfold.accounts import models, rules
from fourfold.accounts.types import SUBJECTS, InvitationRefused, Subject, Viewer
from fourfold.base.actor import Actor
from fourfold.base.errors import NotAllowed, NotFound


def require_account_manager(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is an administrator."""
    if not rules.may_manage_accounts(viewer.roles):
        raise NotAllowed(
            "This is not open to you.",
            "Colleagues, teams, desks and offices are kept by administrators.",
            "Ask an administrator of your house.",
        )


def account_manager(viewer: Viewer) -> Actor:
    """The viewer as one who keeps the house's places. Raises NotAllowed unless they are an administrator."""
    require_account_manager(viewer)
    return viewer.actor()


def require_audit_reader(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is a leader or an administrator."""
    if not rules.may_read_audit(viewer.roles):
        raise NotAllowed(
            "This is not open to you.",
            "Who did what is shown to leaders and administrators.",
            "Ask one of them what you need to know.",
        )


def get_user_for(viewer: Viewer, key: UUID) -> models.User:
    """The colleague, for one who keeps accounts. Raises NotFound."""
    user = models.User.objects.filter(pk=key).first() if rules.may_manage_accounts(viewer.roles) else None
    if user is None:
        raise NotFound("This colleague was not found.", "The address is wrong or not yours.", "Go back to the list.")
    return user


def get_invitation(token: str, *, at: datetime) -> models.Invitation:
    """The open invitation of this token. Raises InvitationRefused."""
    found = models.Invitation.objects.select_related("team", "office")
    invitation = found.filter(token_hash=rules.token_hash(token)).first()
    if invitation is None:
        raise InvitationRefused(
            "This invitation was not found.", "Its link was cut or changed.", "Open the link in the mail again."
        )
    rules.check_invitation(
        expires_at=invitation.expires_at,
        accepted=invitation.accepted_at is not None,
        withdrawn=invitation.withdrawn_at is not None,
        at=at,
    )
    return invitation


def get_invitation_of(email: str, *, at: datetime) -> models.Invitation:
    """The open invitation of an address that a provider has proven. Raises InvitationRefused."""
    found = models.Invitation.objects.select_related("team", "office").filter(
        email__iexact=email, accepted_at=None, withdrawn_at=None, expires_at__gt=at
    )
    invitation = found.first()
    if invitation is None:
        raise InvitationRefused(
            "You were not signed in.", f"No invitation is open for {email}.", "Ask an administrator for one."
        )
    return invitation


def get_own(viewer: Viewer) -> models.User:
    """The viewer's own account. Raises NotFound for one that was closed in the meantime."""
    return get_signing_in(viewer.user_key)


def get_signing_in(key: UUID) -> models.User:
    """The user behind a key, for the one who signs in as them. Raises NotFound."""
    user = models.User.objects.filter(pk=key, is_active=True).first()
    if user is None:
        raise NotFound("You were not signed in.", "This account is closed.", "Ask an administrator of your house.")
    return user


def get_sides_for(viewer: Viewer, about: Sequence[tuple[str, UUID]]) -> tuple[Subject, ...]:
    """Those of these sides (kind, key) of one thing that the viewer may see. Raises NotFound where there is none."""
    found = [SUBJECTS[kind](viewer, [key]).get(key) for kind, key in about if kind in SUBJECTS]
    seen = tuple(subject for subject in found if subject)
    if not seen:
        raise NotFound("This was not found.", "It is gone, or it is not open to you.", "Go back and look again.")
    return seen


def get_subject_for(viewer: Viewer, kind: str, key: UUID) -> Subject:
    """What a note, a task or a file is about. Raises NotFound: missing and not yours look the same."""
    found = SUBJECTS[kind](viewer, [key]) if kind in SUBJECTS else {}
    if key not in found:
        raise NotFound("This was not found.", "It is gone, or it is not open to you.", "Go back and look again.")
    return found[key]
