"""How far the folders of mailboxes were read, and when each is read again."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from fourfold.contact import models

EACH = timedelta(seconds=50)  # the worker looks each minute
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
"""After failures: a wrong password asked each minute would lock the account."""
OF_INBOX = "Inbox: "
"""How trouble of reading begins, beside that of sending."""


@transaction.atomic
def begin_folder(*, mailbox: UUID, folder: str, uid_validity: int, first_uid: int, outgoing: bool) -> None:
    """Read a folder from above ``first_uid`` on; one that the server numbered anew begins again."""
    models.FolderState.objects.update_or_create(
        mailbox_id=mailbox, folder=folder,
        defaults={
            "uid_validity": uid_validity, "first_uid": first_uid, "last_uid": first_uid, "outgoing": outgoing,
            "on_server": 0, "kept": 0, "checked_at": None,
        },
    )  # fmt: skip


def note_progress(*, mailbox: UUID, folder: str, last_uid: int) -> None:
    """All mails up to this one were looked at."""
    models.FolderState.objects.filter(mailbox=mailbox, folder=folder, last_uid__lt=last_uid).update(last_uid=last_uid)


def check_folder(*, mailbox: UUID, folder: str, on_server: int, kept: int, at: datetime) -> None:
    """Keep how many mails lie on the server since the mailbox was connected, and how many of them lie here."""
    models.FolderState.objects.filter(mailbox=mailbox, folder=folder).update(
        on_server=on_server, kept=kept, checked_at=at
    )


@transaction.atomic
def note_read(*, mailbox: UUID, trouble: str, at: datetime) -> None:
    """A mailbox was read; ``trouble`` says what is not as it should be, "" where all is."""
    row = models.Mailbox.objects.select_for_update().get(pk=mailbox)
    row.read_next_at, row.read_failures, row.checked_at = at + EACH, 0, at
    if trouble or row.trouble.startswith(OF_INBOX):
        row.trouble = f"{OF_INBOX}{trouble}"[:500] if trouble else ""
    row.save(update_fields=["read_next_at", "read_failures", "checked_at", "trouble"])


@transaction.atomic
def note_unread(*, mailbox: UUID, trouble: str, at: datetime) -> None:
    """A mailbox could not be read: said on its page, and tried again later each time, within the hour."""
    row = models.Mailbox.objects.select_for_update().get(pk=mailbox)
    row.read_next_at = at + WAITS[min(row.read_failures, len(WAITS) - 1)]
    row.read_failures = min(row.read_failures + 1, 1_000)
    row.checked_at, row.trouble = at, f"{OF_INBOX}{trouble}"[:500]
    row.save(update_fields=["read_next_at", "read_failures", "checked_at", "trouble"])
