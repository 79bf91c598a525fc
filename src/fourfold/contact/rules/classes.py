"""Which class a message is: from what ties the person to the house, so that no rule can be dodged by a word."""

from __future__ import annotations

from fourfold.contact.types import Aim, Intent, MessageClass, PersonSide, Ties
from fourfold.people.types import Purpose

TO_MANY = frozenset({Aim.NEWS, Aim.SUBSCRIPTION, Aim.JOBS})
OWN_REQUEST = "own request"
"""The matter of a legal message that the house sends by itself: what somebody asked for about themselves."""
JOB_ALERTS = "job_alerts"
"""The topic of the subscription to jobs."""


def class_of(intent: Intent, ties: Ties) -> tuple[MessageClass, str]:
    """The class, and the reason as a code with its value behind a colon, such as ``terms:Harbour Systems``."""
    if intent.aim is Aim.LEGAL and intent.matter and (intent.by is not None or intent.matter == OWN_REQUEST):
        return MessageClass.LEGAL, f"matter:{intent.matter}"
    if intent.aim in (Aim.SERVICE, Aim.SURVEY):
        owed = ties.in_process or ties.on_assignment or ties.outcome
        if owed:
            return MessageClass.SERVICE, f"owed:{owed}"
    if intent.aim in TO_MANY:
        return _to_many(intent, ties)
    if ties.thread:
        return MessageClass.CONVERSATION, f"thread:{ties.thread}"
    return _to_one(intent, ties)


def _to_many(intent: Intent, ties: Ties) -> tuple[MessageClass, str]:
    topic = JOB_ALERTS if intent.aim is Aim.JOBS and not intent.topic else intent.topic
    if topic and topic in ties.subscriptions:
        return MessageClass.ASKED_FOR, f"subscribed:{topic}"
    if intent.aim is Aim.JOBS and intent.job:
        tie = ties.on_assignment or ties.in_process or ties.registered
        if tie:
            return MessageClass.WORKING, f"registered:{tie}"
    return MessageClass.MARKETING, "nobody_asked:"


def _to_one(intent: Intent, ties: Ties) -> tuple[MessageClass, str]:
    if intent.side is PersonSide.CLIENT:
        held: tuple[tuple[str, str], ...] = (("open_job", ties.open_job), ("terms", ties.terms))
    else:
        held = (
            ("assignment", ties.on_assignment),
            ("in_process", ties.in_process),
            ("registered", ties.registered),
        )
    for code, value in held:
        if value:
            return MessageClass.WORKING, f"{code}:{value}"
    return MessageClass.APPROACH, "did_not_ask:"


def purpose_of(message_class: MessageClass, intent: Intent) -> Purpose:
    """The purpose whose objection stops such a message; ``ALL`` where only “stop all” does."""
    if message_class is MessageClass.SERVICE:
        return Purpose.SURVEY if intent.aim is Aim.SURVEY else Purpose.ALL
    if message_class is MessageClass.ASKED_FOR:
        return Purpose.JOB_ALERTS if intent.aim is Aim.JOBS or intent.topic == JOB_ALERTS else Purpose.ALL
    return {
        MessageClass.MARKETING: Purpose.MARKETING,
        MessageClass.APPROACH: Purpose.APPROACH,
        MessageClass.WORKING: Purpose.WORKING,
    }.get(message_class, Purpose.ALL)
