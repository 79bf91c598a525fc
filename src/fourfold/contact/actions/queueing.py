"""What goes out is asked for here: one message to one person, one to many, a call or a message made by hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.base.actor import Actor
from fourfold.base.clock import require_aware
from fourfold.base.ids import new_key
from fourfold.base.nudge import nudge
from fourfold.contact import locks, models, queries, rules
from fourfold.contact.actions.receipts import Kept, keep, standing_policy
from fourfold.contact.actions.touches import post_touches
from fourfold.contact.types import (
    Aim,
    Channel,
    DeliveryState,
    Draft,
    DraftFlag,
    Intent,
    MessageClass,
    Policy,
    Queued,
    Refused,
    SendRefused,
    Template,
    Transport,
    Verdict,
)
from fourfold.people.types import Identifier
from fourfold.studio import queries as studio
from fourfold.studio.types import MailVersion

SENT_FROM_HERE = frozenset({Channel.EMAIL, Channel.SMS})
LONGEST_SUBJECT, LONGEST_TEXT, LONGEST_CALENDAR = 200, 100_000, 20_000
PATIENCE = timedelta(days=30)
"""How long a message that nobody gave a limit may be held before it is out of date."""
CHUNK = 500


@transaction.atomic
def queue_message(*, intent: Intent, draft: Draft, mailbox: UUID, by: Actor, at: datetime) -> Queued | Refused:
    """Queue one message to one person, or refuse and say why. The only way out of the house.

    The person's contact row is locked first. The receipt is kept for either verdict; a refusal is a value, never
    raised inside the transaction. What is held is queued and waits for its moment; the gate is asked again when it
    leaves. The touch is posted later, when the message has left.

    Raises SendRefused for a draft or a mailbox that can't be used (nothing is written).
    """
    require_aware(at)
    account = _mailbox(mailbox, intent.channel)
    check_draft(draft, intent.channel)
    locks.hold([intent.person_key])
    policy = standing_policy(at=at)
    intent = replace(intent, flags=intent.flags | _flags(draft))
    [ready] = queries.cases([intent], policy=policy, at=at)
    decision = rules.decide(ready.case, policy)
    waits = decision.verdict is Verdict.HELD and decision.retry_at is not None
    if not decision.may_go and not waits:
        [receipt] = keep([Kept(ready.case, decision, None, by.name)], policy=policy, at=at)
        return Refused(ready.case.message_class, decision, receipt)
    message = _message(intent, draft, account, by, at, policy)
    message.send_until = at + (PATIENCE if ready.case.message_class is not MessageClass.MARKETING else _limit(policy))
    if waits and decision.retry_at and decision.retry_at > message.send_until:
        message.send_until = decision.retry_at + timedelta(days=2)  # a person asked for it, knowing the day
    message.save(force_insert=True)
    delivery = models.Delivery(
        key=new_key(),
        message=message,
        mailbox=account,
        person_key=ready.person.key if not ready.person.erased else intent.person_key,
        channel=intent.channel,
        message_class=ready.case.message_class,
        address=ready.address.identifier.value if ready.address else "",
        address_hash=ready.case.address_hash,
        state=DeliveryState.HELD if waits else DeliveryState.PENDING,
        reason=decision.decisive.rule.value if decision.decisive else "",
        not_before=decision.retry_at if waits and decision.retry_at else at,
        by_key=by.user_key,
        by=by.name[:80],
        at=at,
    )
    delivery.save(force_insert=True)
    [receipt] = keep([Kept(ready.case, decision, delivery.key, by.name)], policy=policy, at=at)
    accounts.audit(by=by, deed="queue_message", at=at, subject=("person", ready.person.key))
    transaction.on_commit(partial(nudge, "mail", str(account.key)))
    return Queued(delivery.key, ready.case.message_class, decision, receipt)


def _limit(policy: Policy) -> timedelta:
    return timedelta(hours=policy.marketing_hours)


def draft_from(version: MailVersion, extra: Mapping[str, Any]) -> Draft:
    """A draft from a version of a template, compiled in its brand's kit once for all who get it.

    ``extra`` fills the values that the template asks of its sender: words, or a list to repeat.
    Raises MailRefused, and SendRefused where one is missing.
    """
    compiled = studio.compiled_mail(version, follow=True)
    missing = [name for name in version.draft.extra if not extra.get(name)]
    if missing:
        raise SendRefused("Nothing was sent.", f"The template asks for {', '.join(missing)}.", "Fill it in.")
    template = Template(
        name=f"{version.name}, version {version.version}",
        plain=compiled.plain,
        followed=compiled.followed,
        extra=tuple((name, extra[name]) for name in version.draft.extra),
    )
    return Draft(subject=compiled.subject, text=compiled.text, html=compiled.html, template=template)


def _mailbox(key: UUID, channel: Channel) -> models.Mailbox:
    found = models.Mailbox.objects.filter(pk=key).first()
    if found is None:
        raise SendRefused("Nothing was sent.", "There is no such mailbox.", "Choose one of the house's mailboxes.")
    if (found.transport == Transport.TWILIO) != (channel is Channel.SMS):
        raise SendRefused(
            "Nothing was sent.", f"{found.name} doesn't send such messages.", "Choose a mailbox that does."
        )
    return found


def check_draft(draft: Draft, channel: Channel) -> None:
    """Raises SendRefused for a draft that says nothing, too much, or carries a line break where none may be."""
    what = "Nothing was sent."
    if any(mark in draft.subject for mark in "\r\n\0"):
        raise SendRefused(what, "The subject holds a line break.", "Write it on one line.")
    if not draft.text.strip():
        raise SendRefused(what, "There are no words in it.", "Write what you want to say.")
    if channel is Channel.EMAIL and not draft.subject.strip():
        raise SendRefused(what, "It has no subject.", "Say in a few words what it is about.")
    if draft.calendar and (len(draft.calendar) > LONGEST_CALENDAR or channel is not Channel.EMAIL):
        raise SendRefused(
            what, "Its invitation is too long, or not for e-mail.", "Send it as a mail, with fewer words."
        )
    extra = [name for name, _ in draft.template.extra] if draft.template else []
    missing = rules.unknown_values(draft.subject, draft.text, draft.html, extra=extra)
    if missing and (draft.template is None or draft.template.plain):
        raise SendRefused(
            what, f"It asks for {', '.join(missing)}, which nobody has.", "Take it out, or use a value that is shown."
        )
    if len(draft.subject) > LONGEST_SUBJECT or len(draft.text) > LONGEST_TEXT or len(draft.html) > 4 * LONGEST_TEXT:
        raise SendRefused(
            what,
            f"A subject has {LONGEST_SUBJECT} characters at most, a message {LONGEST_TEXT:,}.",
            "Shorten it.",
        )


def _flags(draft: Draft) -> frozenset[DraftFlag]:
    return frozenset({DraftFlag.CARRIES_NOTICE}) if "{{ why_url }}" in f"{draft.text}{draft.html}" else frozenset()


def _message(
    intent: Intent, draft: Draft, account: models.Mailbox, by: Actor, at: datetime, policy: Policy
) -> models.Message:
    return models.Message(
        key=new_key(),
        aim=intent.aim,
        channel=intent.channel,
        mailbox=account,
        topic=intent.topic,
        job=intent.job,
        thread=intent.thread or new_key(),
        matter=intent.matter,
        side=intent.side or "",
        flags=sorted(intent.flags),
        subject=draft.subject.strip(),
        text=draft.text,
        html=draft.html,
        calendar=draft.calendar,
        template=asdict(draft.template) if draft.template else None,
        by_key=intent.by,
        by=by.name[:80],
        made_at=at,
    )


@transaction.atomic
def queue_to_many(
    *,
    intent: Intent,
    draft: Draft,
    mailbox: UUID,
    person_keys: Collection[UUID],
    campaign: str,
    by: Actor,
    at: datetime,
) -> UUID:
    """Queue one message to many people, one delivery each; returns the message's key.

    ``intent`` says what it is; its person is left open. Nobody is decided on here: each is when it leaves, and the
    page shows beforehand who would be held (``queries.preview``). The same person twice is once.

    Raises SendRefused.
    """
    require_aware(at)
    if intent.aim not in (Aim.NEWS, Aim.SUBSCRIPTION, Aim.JOBS, Aim.SERVICE, Aim.SURVEY):
        raise SendRefused(
            "Nothing was sent.", "What one person writes to one person goes to one person.", "Send it one by one."
        )
    account = _mailbox(mailbox, intent.channel)
    check_draft(draft, intent.channel)
    policy = standing_policy(at=at)
    message = _message(intent, draft, account, by, at, policy)
    message.campaign = campaign
    message.send_until = at + (_limit(policy) if intent.aim in (Aim.NEWS, Aim.SUBSCRIPTION, Aim.JOBS) else PATIENCE)
    message.save(force_insert=True)
    _queue_deliveries(message, account, person_keys, by, at)
    accounts.audit(by=by, deed="queue_to_many", at=at, subject=("message", message.key), summary=f"{len(person_keys)}")
    transaction.on_commit(partial(nudge, "mail", str(account.key)))
    return message.key


def _queue_deliveries(
    message: models.Message, account: models.Mailbox, person_keys: Collection[UUID], by: Actor, at: datetime
) -> None:
    rows = [
        models.Delivery(
            key=new_key(), message=message, mailbox=account, person_key=key, channel=message.channel,
            not_before=at, by_key=by.user_key, by=by.name[:80], at=at,
        )
        for key in dict.fromkeys(queries.canonical(person_keys))
    ]  # fmt: skip
    models.Delivery.objects.bulk_create(rows, batch_size=CHUNK)


@transaction.atomic
def may_answer_themselves(*, person_key: UUID, address: Identifier, by: Actor, at: datetime) -> bool:
    """Whether what somebody asked for about themselves may go to this address of theirs; the verdict is kept.

    For the pages behind the links: the answer goes out with the house's own system mail, as a password reset does.
    """
    require_aware(at)
    policy = standing_policy(at=at)
    intent = Intent(
        person_key=person_key, aim=Aim.LEGAL, channel=Channel.EMAIL, by=None, address=address, matter=rules.OWN_REQUEST
    )
    [ready] = queries.cases([intent], policy=policy, at=at)
    decision = rules.decide(ready.case, policy)
    keep([Kept(ready.case, decision, None, by.name)], policy=policy, at=at)
    return decision.may_go


@transaction.atomic
def ask_before_dialling(*, intent: Intent, by: Actor, at: datetime) -> Queued | Refused:
    """The verdict on a call or another touch made by hand, kept: ask it before, log it afterwards."""
    require_aware(at)
    policy = standing_policy(at=at)
    [ready] = queries.cases([intent], policy=policy, at=at)
    decision = rules.decide(ready.case, policy)
    [receipt] = keep([Kept(ready.case, decision, None, by.name)], policy=policy, at=at)
    if not decision.may_go:
        return Refused(ready.case.message_class, decision, receipt)
    return Queued(receipt, ready.case.message_class, decision, receipt)


@transaction.atomic
def log_by_hand(
    *, intent: Intent, occurred_at: datetime, unanswered: bool, words: str, by: Actor, at: datetime
) -> Queued | Refused:
    """Keep a touch that was made by hand: it happened, so it counts, whatever the verdict after the fact.

    Raises SendRefused for one that is still to come, or that leaves from here.
    """
    require_aware(occurred_at)
    if occurred_at > at + timedelta(minutes=5):
        raise SendRefused("Nothing was logged.", "It lies in the future.", "Check the day and the time.")
    if intent.channel is Channel.EMAIL:
        raise SendRefused("Nothing was logged.", "Mail is found in Sent Items by itself.", "Choose another channel.")
    locks.hold([intent.person_key])
    policy = standing_policy(at=at)
    [ready] = queries.cases([intent], policy=policy, at=occurred_at)
    decision = rules.decide(ready.case, policy)
    delivery = models.Delivery.objects.create(
        person_key=ready.person.key,
        channel=intent.channel,
        message_class=ready.case.message_class,
        address_hash=ready.case.address_hash,
        state=DeliveryState.SENT,
        words=words[:250],
        not_before=occurred_at,
        sent_at=occurred_at,
        unanswered=unanswered,
        by_key=by.user_key,
        by=by.name[:80],
        at=occurred_at,
    )
    kept = Kept(ready.case, decision, delivery.key, by.name, after_the_fact=True)
    [receipt] = keep([kept], policy=policy, at=at)
    post_touches([delivery], at=at)
    accounts.audit(by=by, deed="log_by_hand", at=at, subject=("person", ready.person.key), summary=intent.channel.value)
    if not decision.may_go:
        return Refused(ready.case.message_class, decision, receipt)
    return Queued(delivery.key, ready.case.message_class, decision, receipt)
