"""May we contact this person now? Asked by pages and programs; what is only asked leaves no receipt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, CharField, Count, Q, When

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.contact import access, models, rules
from fourfold.contact.queries.cases import cases
from fourfold.contact.queries.policies import policy as standing_policy
from fourfold.contact.types import (
    AskRow,
    Channel,
    DeliveryState,
    Intent,
    MailboxRow,
    MessageClass,
    MessageRow,
    MessageState,
    Policy,
    Preview,
    Progress,
    ReceiptRow,
    Transport,
    Verdict,
    WentRow,
)
from fourfold.contact.types.mailboxes import SIGN_INS
from fourfold.people import queries as people

RECENT = 12
PAGE = 50
MONTH = timedelta(days=30)


def may_contact(intents: Sequence[Intent], *, at: datetime) -> list[Preview]:
    """The one question of the house, for one or for thousands at once."""
    policy = standing_policy()
    return [
        Preview(ready.case, rules.decide(ready.case, policy), ready.address.identifier.value if ready.address else "")
        for ready in cases(intents, policy=policy, at=at)
    ]


def preview_many(intent: Intent, person_keys: Collection[UUID], *, at: datetime) -> Counter[tuple[Verdict, str]]:
    """How many of these people would get a message, and how many not by which rule: before anything is sent."""
    from_one = [
        Intent(person_key=key, aim=intent.aim, channel=intent.channel, by=intent.by, topic=intent.topic, job=intent.job)
        for key in person_keys
    ]
    found: Counter[tuple[Verdict, str]] = Counter()
    for start in range(0, len(from_one), 2_000):
        for one in may_contact(from_one[start : start + 2_000], at=at):
            decisive = one.decision.decisive
            found[one.decision.verdict, decisive.rule.value if decisive else ""] += 1
    return found


def changed_by(policy: Policy, *, at: datetime, size: int = 20_000) -> Counter[tuple[Verdict, Verdict]]:
    """What another policy would have said of last month's verdicts: (as it was, as it would be), how often."""
    found: Counter[tuple[Verdict, Verdict]] = Counter()
    rows = models.Receipt.objects.filter(at__gte=at - MONTH, at__lte=at).order_by("-at", "key")[:size]
    for case, verdict in rows.values_list("case", "verdict").iterator(chunk_size=500):
        found[Verdict(verdict), rules.decide(rules.case_from(case), policy).verdict] += 1
    return found


def went_to(viewer: Viewer, key: UUID, *, limit: int = RECENT) -> tuple[WentRow, ...]:
    """What went to somebody or waits for them, newest first. Raises PersonNotFound."""
    person = people.person_key_for(viewer, key)
    family = people.family_of(person)
    rows = models.Delivery.objects.filter(person_key__in=family).select_related("message").order_by("-at", "key")
    return tuple(_went(row) for row in rows[:limit])


def _went(row: models.Delivery) -> WentRow:
    return WentRow(
        key=row.key,
        at=row.sent_at or row.at,
        channel=Channel(row.channel),
        message_class=MessageClass(row.message_class) if row.message_class else None,
        state=DeliveryState(row.state),
        reason=row.words if row.reason == "expired" else row.reason,
        subject=row.message.subject if row.message else row.words,
        by=row.by,
        not_before=row.not_before,
    )


def receipts(
    viewer: Viewer, *, person: UUID | None = None, verdict: str = "", size: int = PAGE
) -> tuple[ReceiptRow, ...]:
    """Verdicts, newest first: a person's, else the viewer's own; for leaders everybody's."""
    rows = models.Receipt.objects.order_by("-at", "key")
    if person is not None:
        rows = rows.filter(person_key__in=people.family_of(people.person_key_for(viewer, person)))
    elif not access.may_set_policy(viewer):
        rows = rows.filter(by_key=viewer.user_key)
    if verdict in set(Verdict):
        rows = rows.filter(verdict=verdict)
    return tuple(_receipt(row) for row in rows.defer("case", "findings")[:size])


def _receipt(row: models.Receipt) -> ReceiptRow:
    return ReceiptRow(
        row.key, row.at, row.person_key, Channel(row.channel), MessageClass(row.message_class), row.why,
        Verdict(row.verdict), row.rule, row.by, row.after_the_fact, row.policy_id,
    )  # fmt: skip


def receipt(viewer: Viewer, key: UUID) -> tuple[ReceiptRow, Preview]:
    """One verdict with all it rested on. Raises NotFound."""
    row = access.get_receipt_for(viewer, key)
    case = rules.case_from(row.case)
    found = tuple(rules.finding_from(one) for one in row.findings)
    decision = rules.kept(Verdict(row.verdict), found, row.retry_at)
    return _receipt(row), Preview(case, decision, "")


def progress(keys: Collection[UUID]) -> dict[UUID, Progress]:
    """How far these messages are, counted by the database: one statement for all."""
    why = Case(When(~Q(words=""), reason="expired", then="words"), default="reason", output_field=CharField())
    rows = models.Delivery.objects.filter(message__in=list(keys)).annotate(why=why).order_by()
    states: dict[UUID, Counter[DeliveryState]] = {key: Counter() for key in keys}
    reasons: dict[UUID, Counter[str]] = {key: Counter() for key in keys}
    for message, state, reason, n in rows.values_list("message", "state", "why").annotate(n=Count("key")):
        if message is None:
            continue
        states[message][DeliveryState(state)] += n
        if state in (DeliveryState.SKIPPED, DeliveryState.HELD, DeliveryState.FAILED):
            reasons[message][reason] += n
    return {key: Progress(tuple(sorted(states[key].items())), tuple(reasons[key].most_common())) for key in keys}


def messages(viewer: Viewer, *, size: int = PAGE) -> tuple[MessageRow, ...]:
    """Messages the viewer may see, newest first."""
    rows = models.Message.objects.select_related("mailbox").order_by("-made_at", "key")
    if not access.sees_all_messages(viewer):
        rows = rows.filter(by_key=viewer.user_key)
    held = list(rows[:size])
    found = progress([row.key for row in held])
    return tuple(_message(row, found[row.key]) for row in held)


def message(viewer: Viewer, key: UUID) -> tuple[MessageRow, tuple[WentRow, ...], dict[UUID, UUID]]:
    """One message with up to 200 of its deliveries, those that need somebody first, and whom each is to."""
    row = access.get_message_for(viewer, key)
    order = {DeliveryState.AMBIGUOUS: 0, DeliveryState.FAILED: 1, DeliveryState.HELD: 2}
    rows = list(row.deliveries.select_related("message").order_by("at", "key")[:2_000])
    rows.sort(key=lambda one: order.get(DeliveryState(one.state), 3))
    shown = rows[:200]
    return (
        _message(row, progress([row.key])[row.key]),
        tuple(_went(one) for one in shown),
        {one.key: one.person_key for one in shown},
    )


def _message(row: models.Message, found: Progress) -> MessageRow:
    return MessageRow(
        row.key, row.subject, row.text, Channel(row.channel), MessageState(row.state), row.paused_why, row.by,
        row.made_at, row.send_until, row.mailbox.name if row.mailbox else "", found,
    )  # fmt: skip


def mailboxes(
    viewer: Viewer, *, at: datetime, to_send: bool = False, channel: Channel = Channel.EMAIL
) -> tuple[MailboxRow, ...]:
    """The house's mailboxes and the viewer's own, with what they did today; for those who keep them, all there are.

    ``to_send``: only those that the viewer may send through over ``channel``.
    """
    every = access.may_keep_mailboxes(viewer) and not to_send
    held = access.all_mailboxes() if every else access.mailboxes_of(viewer)
    if to_send:
        held = [row for row in held if (row.transport == Transport.TWILIO) == (channel is Channel.SMS)]
    return mailbox_rows(held, viewer, at=at)


def mailbox_rows(held: Sequence[models.Mailbox], viewer: Viewer, *, at: datetime) -> tuple[MailboxRow, ...]:
    """These mailboxes with what they did today."""
    keys = [row.key for row in held]
    day = at - timedelta(days=1)
    sent = Counter(models.Delivery.objects.filter(mailbox__in=keys, sent_at__gte=day).values_list("mailbox", flat=True))
    open_states = (DeliveryState.PENDING, DeliveryState.HELD, DeliveryState.CLAIMED)
    waiting = Counter(
        models.Delivery.objects.filter(mailbox__in=keys, state__in=open_states).values_list("mailbox", flat=True)
    )
    return tuple(
        MailboxRow(
            row.key, row.name, row.transport, row.from_name, row.from_address, row.host, row.paused_at,
            row.paused_why, row.trouble, sent[row.key], waiting[row.key], row.owner_key == viewer.user_key, row.number,
            Transport(row.transport) in SIGN_INS and not row.secret,
        )
        for row in held
    )  # fmt: skip


def asks_to(viewer: Viewer, *, at: datetime) -> tuple[AskRow, ...]:
    """Colleagues' open questions to the viewer, the next to lapse first."""
    rows = list(
        models.Ask.objects.filter(colleague=viewer.user_key, granted=None, free_at__gt=at).order_by("free_at")[:PAGE]
    )
    names = people.names([row.person_key for row in rows], viewer=viewer)
    colleagues = accounts.names([row.asked_by for row in rows])
    return tuple(
        AskRow(row.key, row.person_key, names[row.person_key], colleagues.get(row.asked_by, ""), row.at, row.free_at)
        for row in rows
    )
