"""STOP, told to the provider of text messages in place of us."""

from __future__ import annotations

from datetime import datetime

from fourfold.base.actor import HOUSE
from fourfold.contact import models
from fourfold.contact.types import Channel
from fourfold.people import actions as people
from fourfold.people.types import ConsentEvent, NewConsent, Purpose

SOURCE = "twilio"


def object_to_texts(*, delivery: models.Delivery, source_ref: str, at: datetime) -> None:
    """They told the provider to stop: an objection to text messages, whatever for, like any other."""
    entry = NewConsent(
        person_key=delivery.person_key, event=ConsentEvent.OBJECTED, purpose=Purpose.ALL, channel=Channel.SMS.value,
        at=at, source=SOURCE, source_ref=source_ref, evidence=f"answered STOP to Twilio; delivery {delivery.key}",
    )  # fmt: skip
    people.record_consents(entries=[entry], by=HOUSE, at=at)
