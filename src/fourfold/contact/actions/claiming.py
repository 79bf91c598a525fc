"""Claiming and handing over: the gate is asked again in the transaction that claims; progress moves after hand-off.

``pending → claimed → sent | held | skipped | failed | ambiguous``. A claim has a lease. An expired lease whose hand-off
had begun is ambiguous, one whose hand-off had not is pending again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from fourfold.base.actor import HOUSE
from fourfold.contact import locks, models, queries, rules
from fourfold.contact.actions.receipts import Kept, keep, standing_policy
from fourfold.contact.actions.stops import object_to_texts
from fourfold.contact.actions.touches import post_touches
from fourfold.contact.types import (
    Aim,
    Case,
    Channel,
    Claimed,
    Counted,
    Decision,
    DeliveryState,
    DraftFlag,
    Handed,
    HandedState,
    Intent,
    MessageState,
    PersonSide,
    Policy,
    Refusal,
    Template,
    Verdict,
)
from fourfold.ledger import actions as ledger
from fourfold.people import actions as people
from fourfold.people.types import Identifier, Scheme, SuppressionKind

LEASE = timedelta(minutes=10)
LOOK_AGAIN = timedelta(hours=1)
BACKOFF = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6), timedelta(hours=12))
MINUTE = timedelta(minutes=1)
SCHEMES = {Channel.EMAIL: Scheme.EMAIL, Channel.SMS: Scheme.PHONE}


class LeaseLost(Exception):
    """Another worker has some of these by now: nothing of this group may leave."""


def claim(*, mailbox: UUID, worker: str, most: int, at: datetime) -> tuple[Claimed, ...]:
    """Claim up to ``most`` deliveries of a mailbox that may leave now; the rest of those looked at is held or skipped.

    One transaction: the people's contact rows are locked in key order, the gate decides, receipts and claims are
    written together. What the mailbox's limits don't allow yet stays pending.
    """
    with transaction.atomic():
        account = models.Mailbox.objects.filter(pk=mailbox, paused_at=None).first()
        if account is None:
            return ()
        rows = _candidates(account, most, at)
        if not rows:
            return ()
        locks.hold([row.person_key for row in rows])
        policy = standing_policy(at=at)
        return _decide_all(rows, account=account, policy=policy, worker=worker, at=at)


def _candidates(account: models.Mailbox, most: int, at: datetime) -> list[models.Delivery]:
    """Those whose time has come, as far as the limits of the mailbox and of the receiving domains allow."""
    recent = models.Delivery.objects.filter(mailbox=account, handing_at__gt=at - MINUTE, handing_at__lte=at)
    used = (
        recent.count()
        + models.Delivery.objects.filter(
            mailbox=account, state=DeliveryState.CLAIMED, handing_at=None, lease_until__gt=at
        ).count()
    )
    room = min(most, account.per_minute - used)
    if room <= 0:
        return []
    waiting = models.Delivery.objects.filter(
        state__in=(DeliveryState.PENDING, DeliveryState.HELD), not_before__lte=at, mailbox=account
    ).filter(message__state=MessageState.SENDING)
    rows = waiting.select_related("message").order_by("not_before", "key")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return list(rows[:room])


def _decide_all(
    rows: Sequence[models.Delivery], *, account: models.Mailbox, policy: Policy, worker: str, at: datetime
) -> tuple[Claimed, ...]:
    readies = queries.cases([intent_of(row) for row in rows], policy=policy, at=at)
    earlier: dict[UUID, list[Counted]] = defaultdict(list)
    domains = _domain_room(account, at)
    limit = account.per_domain_minute
    answered = queries.last_mails([row.message.thread for row in rows if row.message and row.message.thread])
    receipts: list[Kept] = []
    claimed: list[Claimed] = []
    for row, ready in zip(rows, readies, strict=True):
        case = replace(ready.case, counted=(*ready.case.counted, *earlier[ready.person.key]))
        decision = rules.decide(case, policy)
        value = ready.address.identifier.value if ready.address else ""
        domain = value.rpartition("@")[2]
        if decision.may_go and limit and domains[domain] >= limit:
            row.not_before, row.state = at + MINUTE, DeliveryState.PENDING
            continue
        _settle(row, case, decision, value, worker=worker, at=at)
        if row.state in (DeliveryState.CLAIMED, DeliveryState.SKIPPED):
            receipts.append(Kept(case, decision, row.key, row.by or HOUSE.name))
        if row.state is DeliveryState.CLAIMED:
            domains[domain] += 1
            earlier[ready.person.key].append(
                Counted(at, case.message_class, case.channel, row.by_key, row.by, unanswered=False)
            )
            claimed.append(_claimed(row, case, ready.person.name, answered))
    _write(rows, CLAIM_COLUMNS)
    keep(receipts, policy=policy, at=at)
    return tuple(claimed)


CLAIM_COLUMNS = (
    "key", "state", "reason", "not_before", "claimed_by", "lease_until", "address", "address_hash", "message_class",
    "person_key", "words", "domain",
)  # fmt: skip
RESULT_COLUMNS = (
    "key", "state", "reason", "words", "not_before", "handing_at", "sent_at", "lease_until", "tries", "address",
)  # fmt: skip


def _write(rows: Sequence[models.Delivery], columns: tuple[str, ...]) -> None:
    """Write these columns of the rows back, all in one statement."""
    ledger.change(models.Delivery, "key", columns, [tuple(getattr(row, name) for name in columns) for row in rows])


def _domain_room(account: models.Mailbox, at: datetime) -> Counter[str]:
    """How much went to each domain in the last minute, or is on its way there."""
    rows = models.Delivery.objects.filter(mailbox=account).filter(
        Q(state=DeliveryState.CLAIMED) | Q(handing_at__gt=at - MINUTE)
    )
    return Counter(rows.values_list("domain", flat=True))


def intent_of(row: models.Delivery) -> Intent:
    """What a delivery asks of the gate."""
    message = row.message
    assert message is not None
    return Intent(
        person_key=row.person_key,
        aim=Aim(message.aim),
        channel=Channel(row.channel),
        by=message.by_key,
        address=Identifier(Scheme.EMAIL, row.address) if row.address and row.channel == Channel.EMAIL else None,
        topic=message.topic,
        job=message.job,
        thread=message.thread,
        matter=message.matter,
        side=PersonSide(message.side) if message.side else None,
        flags=frozenset(DraftFlag(one) for one in message.flags),
    )


def _settle(row: models.Delivery, case: Case, decision: Decision, address: str, *, worker: str, at: datetime) -> None:
    """Put the verdict into the row: claimed, held until its moment, or skipped with the rule that says so."""
    limit = row.message.send_until if row.message else None
    decisive = decision.decisive
    row.reason = decisive.rule.value if decisive else ""
    row.message_class = case.message_class
    row.person_key = case.person_key
    if limit is not None and at > limit:
        row.state, row.reason, row.address = DeliveryState.SKIPPED, "expired", ""
        row.words = decisive.rule.value if decisive else ""
    elif decision.may_go:
        row.state, row.claimed_by, row.lease_until = DeliveryState.CLAIMED, worker, at + LEASE
        row.address, row.address_hash, row.domain = address, case.address_hash, address.rpartition("@")[2]
    elif decision.verdict is Verdict.REFUSED:
        row.state, row.address = DeliveryState.SKIPPED, ""
    elif limit is not None and decision.retry_at is not None and decision.retry_at > limit:
        row.state, row.words, row.reason, row.address = DeliveryState.SKIPPED, row.reason, "expired", ""
    else:
        row.state = DeliveryState.HELD
        row.not_before = decision.retry_at or at + LOOK_AGAIN


def _claimed(row: models.Delivery, case: Case, name: str, answered: Mapping[UUID, tuple[str, ...]]) -> Claimed:
    message = row.message
    assert message is not None
    return Claimed(
        key=row.key,
        message=message.key,
        person_key=row.person_key,
        address=row.address,
        subject=message.subject,
        text=message.text,
        html=message.html,
        values=(("name", name), ("first_name", name.split(" ", maxsplit=1)[0])),
        message_class=case.message_class,
        purpose=case.purpose,
        topic=message.topic,
        made_at=message.made_at,
        flags=frozenset(message.flags),
        answers=answered.get(message.thread, ()) if message.thread else (),
        template=_template(message.template),
        calendar=message.calendar,
    )


def _template(held: dict[str, Any] | None) -> Template | None:
    if held is None:
        return None
    extra = tuple((name, value) for name, value in held["extra"])
    return Template(name=held["name"], plain=held["plain"], followed=tuple(held["followed"]), extra=extra)


def handing_over(*, keys: Sequence[UUID], worker: str, at: datetime) -> None:
    """Write down that these are about to leave; durable when it returns. Raises LeaseLost, and none of them leaves."""
    with transaction.atomic():
        mine = models.Delivery.objects.filter(
            pk__in=list(keys), claimed_by=worker, state=DeliveryState.CLAIMED, handing_at=None
        )
        if mine.update(handing_at=at) != len(set(keys)):
            raise LeaseLost(f"{len(keys)} deliveries of {worker}")


def finish(*, results: Sequence[Handed], worker: str, at: datetime) -> None:
    """Put down what became of each, in one transaction, with the touches of those that left."""
    with transaction.atomic():
        by_key = {one.key: one for one in results}
        rows = list(
            models.Delivery.objects.filter(pk__in=list(by_key), claimed_by=worker)
            .filter(state__in=(DeliveryState.CLAIMED, DeliveryState.AMBIGUOUS))
            .select_related("message")
        )
        for row in rows:
            OUTCOMES[by_key[row.key].state](row, by_key[row.key], at)
        _write(rows, RESULT_COLUMNS)
        post_touches([row for row in rows if row.state == DeliveryState.SENT], at=at)
        close_messages({row.message_id for row in rows if row.message_id})


def _delivered(row: models.Delivery, result: Handed, at: datetime) -> None:
    row.state, row.sent_at, row.reason, row.words = DeliveryState.SENT, at, "", result.words[:250]
    row.lease_until, row.address = None, ""


def _refused(row: models.Delivery, result: Handed, at: datetime) -> None:
    """For good: no such mailbox closes the address; policy and content pause the sender, never the address."""
    row.words, row.lease_until = result.words[:250], None
    if result.about is Refusal.RECIPIENT:
        people.close_address(
            person_key=row.person_key, address=Identifier(SCHEMES[Channel(row.channel)], row.address),
            kind=SuppressionKind.BOUNCED,
            source=f"delivery {row.key}", by=HOUSE, at=at,
        )  # fmt: skip
        row.state, row.reason, row.address = DeliveryState.SKIPPED, "no_such_mailbox", ""
    elif result.about is Refusal.OBJECTED and row.channel == Channel.SMS:
        object_to_texts(delivery=row, source_ref=str(row.key), at=at)
        row.state, row.reason, row.address = DeliveryState.SKIPPED, "objected", ""
    elif result.about in (Refusal.POLICY, Refusal.SENDER):
        row.state, row.handing_at, row.not_before = DeliveryState.PENDING, None, at
        assert row.mailbox_id is not None
        models.Mailbox.objects.filter(pk=row.mailbox_id, paused_at=None).update(
            paused_at=at, paused_why=result.words[:250]
        )
    else:
        row.state, row.reason = DeliveryState.FAILED, result.about.value or "refused"


def _put_off(row: models.Delivery, result: Handed, at: datetime) -> None:
    row.words, row.lease_until, row.handing_at = result.words[:250], None, None
    if row.tries >= len(BACKOFF):
        row.state, row.reason = DeliveryState.FAILED, "put_off"
        return
    row.state, row.not_before = DeliveryState.PENDING, at + BACKOFF[row.tries]
    row.tries += 1


def _unknown(row: models.Delivery, result: Handed, at: datetime) -> None:
    row.state, row.words, row.lease_until = DeliveryState.AMBIGUOUS, result.words[:250], None


def _not_begun(row: models.Delivery, result: Handed, at: datetime) -> None:
    row.state, row.words = DeliveryState.PENDING, result.words[:250]
    row.lease_until, row.handing_at, row.not_before = None, None, at + MINUTE


OUTCOMES: dict[HandedState, Callable[[models.Delivery, Handed, datetime], None]] = {
    HandedState.DELIVERED: _delivered,
    HandedState.REFUSED: _refused,
    HandedState.PUT_OFF: _put_off,
    HandedState.UNKNOWN: _unknown,
    HandedState.NOT_BEGUN: _not_begun,
}


def reclaim(*, at: datetime) -> tuple[int, int]:
    """Put back what workers that are gone had claimed: (pending again, ambiguous)."""
    with transaction.atomic():
        gone = models.Delivery.objects.filter(state=DeliveryState.CLAIMED, lease_until__lt=at)
        unclear = gone.filter(handing_at__isnull=False).update(
            state=DeliveryState.AMBIGUOUS, lease_until=None, words="the sender stopped while it was handed over"
        )
        back = gone.filter(handing_at=None).update(
            state=DeliveryState.PENDING, lease_until=None, claimed_by="", not_before=at
        )
    return back, unclear


def release(*, worker: str, at: datetime) -> tuple[int, int]:
    """As ``reclaim``, for a worker that is known to be gone, without waiting for its leases."""
    models.Delivery.objects.filter(state=DeliveryState.CLAIMED, claimed_by=worker).update(lease_until=at - MINUTE)
    return reclaim(at=at)


def close_messages(keys: set[UUID]) -> None:
    """Messages with nothing left to do are done."""
    open_states = (DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.HELD)
    left = models.Delivery.objects.filter(message__in=keys, state__in=open_states).values("message")
    models.Message.objects.filter(pk__in=keys, state=MessageState.SENDING).exclude(pk__in=left).update(
        state=MessageState.DONE
    )
