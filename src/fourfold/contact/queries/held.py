"""What this room keeps about one person, for their export."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fourfold.contact import models, words
from fourfold.contact.types import Channel, Rule, Verdict


def verdicts_about(keys: Collection[UUID], *, limit: int = 30) -> tuple[tuple[datetime, str, str], ...]:
    """What the gate decided about somebody, for their own eyes, newest first: when, what it was, what was decided."""
    rows = models.Receipt.objects.filter(person_key__in=list(keys)).order_by("-at", "key")
    found = []
    for at, channel, verdict, rule in rows.values_list("at", "channel", "verdict", "rule")[:limit]:
        decided = str(words.VERDICT_WORDS[Verdict(verdict)])
        why = str(words.RULE_WORDS[Rule(rule)]) if rule else ""
        found.append((at, str(words.CHANNEL_WORDS[Channel(channel)]), f"{decided} ({why})" if why else decided))
    return tuple(found)


def held_about(keys: Collection[UUID]) -> Mapping[str, Any]:
    """Messages, verdicts and mails under these keys of one person, as JSON can hold it."""
    held = list(keys)
    rows = models.Delivery.objects.filter(person_key__in=held).select_related("message").order_by("at")
    receipts = models.Receipt.objects.filter(person_key__in=held).order_by("at")
    mails = models.InboundMail.objects.filter(person_key__in=held).order_by("at")
    return {
        "messages": [
            {
                "at": (row.sent_at or row.at).isoformat(),
                "channel": row.channel,
                "what": row.message_class,
                "state": row.state,
                "subject": row.message.subject if row.message else "",
                "text": row.message.text if row.message else row.words,
                "by": row.by,
            }
            for row in rows
        ],
        "verdicts": [
            {
                "at": row.at.isoformat(),
                "channel": row.channel,
                "what": row.message_class,
                "verdict": row.verdict,
                "rule": row.rule,
                "by": row.by,
            }
            for row in receipts
        ],
        "mails": [
            {"at": row.at.isoformat(), "subject": row.subject, "text": row.text, "read_as": row.label or row.kind}
            for row in mails
        ],
    }
