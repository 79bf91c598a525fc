"""What colleagues try on a mailbox: whether it connects, and a message to themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.base.nudge import nudge
from fourfold.contact import access, models
from fourfold.contact.actions.mailboxes import note_reached, note_unreachable
from fourfold.contact.types import MailboxRefused, Transport
from fourfold.contact.types.mailboxes import TrialKind
from fourfold.contact.types.transport import Check


@transaction.atomic
def try_mailbox(*, mailbox: UUID, kind: TrialKind, viewer: Viewer, at: datetime) -> None:
    """Ask for a check, or for a message to one's own address. Asked twice before it began, it is one.

    Raises NotFound, NotAllowed, and MailboxRefused for a message by a way that has no address of theirs.
    """
    access.require_mailbox_keeper(viewer)
    row = models.Mailbox.objects.filter(pk=mailbox).first()
    if row is None:
        raise NotFound("Nothing was tried.", "There is no such mailbox.", "Go back to the list of mailboxes.")
    if kind is TrialKind.MESSAGE and row.transport == Transport.TWILIO:
        raise MailboxRefused(
            "Nothing was sent.", "Your account here has no number of yours.", "Check the connection instead."
        )
    models.Trial.objects.get_or_create(
        mailbox=row, kind=kind, asked_by=viewer.user_key, begun_at=None, defaults={"asked_at": at}
    )
    deed = "send_test_message" if kind is TrialKind.MESSAGE else "check_mailbox"
    accounts.audit(by=viewer.actor(), deed=deed, at=at, subject=("mailbox", mailbox), summary=row.name)
    transaction.on_commit(partial(nudge, "mailbox", str(mailbox)))


def begin_trial(*, key: UUID, at: datetime) -> bool:
    """Take it on; False where another worker did. It is never begun twice, so nothing is sent twice."""
    return bool(models.Trial.objects.filter(pk=key, begun_at=None).update(begun_at=at))


def end_trial(*, key: UUID, good: bool | None, words: str, at: datetime) -> None:
    """Keep what came of it. ``good`` is None where nobody knows."""
    models.Trial.objects.filter(pk=key).update(good=good, words=words[:500], done_at=at)


@transaction.atomic
def keep_checks(*, key: UUID, checks: Sequence[Check], words: str, at: datetime) -> None:
    """Keep what a check found: each answer on the mailbox, and in ``words`` why it doesn't let us in, "" if it does."""
    trial = models.Trial.objects.select_related("mailbox").get(pk=key)
    row = trial.mailbox
    row.preflight, row.checked_at = [_held(one) for one in checks], at
    row.save(update_fields=["preflight", "checked_at"])
    if words:
        note_unreachable(mailbox=row.key, words=words, at=at)
    else:
        note_reached(mailbox=row.key)
    end_trial(key=key, good=not words, words=words, at=at)


def _held(one: Check) -> dict[str, object]:
    publish = {"name": one.publish.name, "kind": one.publish.kind, "text": one.publish.text} if one.publish else None
    return {
        "about": one.about, "state": one.state.value, "finding": one.finding, "advice": one.advice, "publish": publish,
    }  # fmt: skip
