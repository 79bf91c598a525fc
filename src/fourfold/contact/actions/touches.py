"""What left the house becomes a touch in the ledger, once, however often this is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fourfold.contact import models
from fourfold.contact.queries.cases import OURS
from fourfold.contact.types import Channel
from fourfold.ledger import actions as ledger
from fourfold.ledger.types import Channel as LedgerChannel
from fourfold.ledger.types import Direction, Touch

LEDGER_CHANNELS = {
    Channel.EMAIL: LedgerChannel.EMAIL,
    Channel.SMS: LedgerChannel.SMS,
    Channel.PHONE: LedgerChannel.PHONE,
    Channel.LINKEDIN: LedgerChannel.LINKEDIN,
    Channel.SOCIAL: LedgerChannel.SOCIAL,
}


def post_touches(rows: Sequence[models.Delivery], *, at: datetime) -> None:
    """Post the touches of deliveries that have left, in the caller's transaction."""
    by_batch: dict[UUID, list[Touch]] = defaultdict(list)
    for row in rows:
        by_batch[row.message_id or row.key].append(_touch(row))
    for batch, touches in by_batch.items():
        ledger.post(facts=touches, batch=batch, at=at)


def _touch(row: models.Delivery) -> Touch:
    channel = Channel(row.channel)
    known = LEDGER_CHANNELS.get(channel)
    message = row.message if row.message_id else None
    return Touch(
        source=OURS,
        source_ref=f"delivery:{row.key}",
        occurred_at=row.sent_at or row.at,
        person_key=row.person_key,
        channel=known or LedgerChannel.OTHER,
        asset=None if known else channel.value,
        action="dialled" if row.unanswered else row.message_class or "touch",
        direction=Direction.OUT,
        actor=str(row.by_key) if row.by_key else None,
        campaign=(message.campaign or None) if message else None,
        job=(message.job or None) if message else None,
    )
