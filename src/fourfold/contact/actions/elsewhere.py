"""Mail found in Sent Items: our own copies prove that they left; mail written elsewhere gets its verdict afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from fourfold.accounts import queries as accounts
from fourfold.base.ids import new_key
from fourfold.contact import locks, models, queries, rules
from fourfold.contact.actions.matching import Match
from fourfold.contact.actions.receipts import Kept, keep, standing_policy
from fourfold.contact.actions.touches import post_touches
from fourfold.contact.types import Aim, Channel, DeliveryState, Intent
from fourfold.people.types import Identifier


def note_sent(
    *, row: models.InboundMail, box: models.Mailbox, to: Mapping[UUID, Identifier], matched: Match, at: datetime
) -> None:
    """One delivery for each person it went to, that is: it happened, so it counts, whatever the verdict.

    The verdict is that of the mail's own moment. In the caller's transaction.
    """
    if not to:
        return
    locks.hold(list(to))
    policy = standing_policy(at=at)
    owner = box.owner_key
    who = accounts.names([owner]).get(owner, "") if owner else ""
    given = {"aim": Aim.WRITE, "channel": Channel.EMAIL, "by": owner, "thread": matched.thread}
    intents = [Intent(person_key=key, address=address, **given) for key, address in to.items()]  # type: ignore[arg-type]
    rows, kept = [], []
    for ready in queries.cases(intents, policy=policy, at=row.at):
        delivery = models.Delivery(
            key=new_key(), mailbox=box, person_key=ready.person.key, channel=Channel.EMAIL,
            message_class=ready.case.message_class, address_hash=ready.case.address_hash, state=DeliveryState.SENT,
            words=row.subject[:250], not_before=row.at, sent_at=row.at, by_key=owner, by=(who or box.from_name)[:80],
            at=row.at,
        )  # fmt: skip
        rows.append(delivery)
        decision = rules.decide(ready.case, policy)
        kept.append(Kept(ready.case, decision, delivery.key, delivery.by, after_the_fact=True))
    models.Delivery.objects.bulk_create(rows, batch_size=200)
    receipts = keep(kept, policy=policy, at=at)
    post_touches(rows, at=at)
    if len(rows) == 1:
        row.person_key, row.delivery_key, row.receipt_key = rows[0].person_key, rows[0].key, receipts[0]
