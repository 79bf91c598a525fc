"""Who may do what at the gate. Whom somebody may see is people's; everything here asks that first."""

from __future__ import annotations

from uuid import UUID

from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.contact import models


def may_write(viewer: Viewer) -> bool:
    """Whether the viewer writes to people at all: everybody with a role but those who only administrate."""
    return viewer.has(Role.RECRUITER, Role.MARKETER, Role.LEADER)


def require_writer(viewer: Viewer) -> None:
    """Raises NotAllowed for those who only administrate."""
    if not may_write(viewer):
        raise NotAllowed("Nothing was sent.", "Administrators look after the house only.", "Ask a recruiter.")


def may_set_policy(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER)


def may_keep_mailboxes(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER, Role.ADMINISTRATOR)


def require_mailbox_keeper(viewer: Viewer) -> None:
    """Raises NotAllowed unless the viewer is a leader or an administrator."""
    if not may_keep_mailboxes(viewer):
        raise NotAllowed(
            "The mailbox was not changed.", "Mailboxes are kept by leaders and administrators.", "Ask one of them."
        )


def mailboxes_of(viewer: Viewer) -> list[models.Mailbox]:
    """The mailboxes a viewer may send through: the house's, and their own."""
    rows = models.Mailbox.objects.order_by("name")
    return [row for row in rows if row.owner_key in (None, viewer.user_key)]


def all_mailboxes() -> list[models.Mailbox]:
    """Every mailbox of the house, for those who keep them."""
    return list(models.Mailbox.objects.order_by("name"))


def sees_all_messages(viewer: Viewer) -> bool:
    return viewer.has(Role.LEADER, Role.MARKETER)


def get_message_for(viewer: Viewer, key: UUID) -> models.Message:
    """A message: the viewer's own, or any for leaders and marketers. Raises NotFound."""
    found = models.Message.objects.select_related("mailbox").filter(pk=key).first()
    if found is None or not (found.by_key == viewer.user_key or sees_all_messages(viewer)):
        raise NotFound("This message was not found.", "It is gone, or it is not yours.", "Go back to the messages.")
    return found


def get_receipt_for(viewer: Viewer, key: UUID) -> models.Receipt:
    """A receipt: one the viewer caused, or any for leaders. Raises NotFound."""
    found = models.Receipt.objects.filter(pk=key).first()
    if found is None or not (found.by_key == viewer.user_key or viewer.has(Role.LEADER)):
        raise NotFound("This receipt was not found.", "It is gone, or it is not yours.", "Go back to the list.")
    return found
