"""From a claimed delivery to the bytes that leave: places filled, links signed, the domain's keys put under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from fourfold.contact import queries, rules
from fourfold.contact.compute.ways import signs
from fourfold.contact.transports import dkim
from fourfold.contact.transports.mime import Skeleton
from fourfold.contact.types import (
    PUBLIC_LINKS,
    Addressed,
    CannotSend,
    Claimed,
    Letter,
    MailboxAccount,
    MessageClass,
    Outgoing,
    SenderIdentity,
    Slot,
    Text,
    Transport,
)
from fourfold.studio import queries as studio
from fourfold.studio.types import CompiledMail, MailRefused

LINKED = (MessageClass.MARKETING, MessageClass.ASKED_FOR)
SCORES = range(11)


@dataclass
class LetterPress:
    """Makes the messages of one mailbox. Skeletons are built once for each message and class."""

    account: MailboxAccount
    signers: tuple[dkim.Signer, ...] = ()
    skeletons: dict[tuple[UUID, MessageClass], Skeleton] = field(default_factory=dict)

    @classmethod
    def of(cls, account: MailboxAccount) -> LetterPress:
        keys = queries.signing_keys(account.from_address.rpartition("@")[2]) if signs(account) else ()
        return cls(account, tuple(dkim.Signer(key) for key in keys))

    def outgoing(self, one: Claimed, at: datetime) -> Outgoing:
        """The message of a delivery. Raises CannotSend for one that can't be made."""
        links = PUBLIC_LINKS[0]
        values: dict[str, Any] = dict(one.values) | {"sender_name": self.account.from_name}
        given = {"person_key": one.person_key, "delivery": one.key}
        values["why_url"] = links.why_url(message_class=one.message_class, purpose=one.purpose, **given)
        values["stop_url"] = links.stop_url(purpose=one.purpose, topic=one.topic, **given)
        values["preferences_url"] = links.preferences_url(person_key=one.person_key)
        if "score_0_url" in one.text:
            values |= {f"score_{score}_url": links.score_url(score=score, **given) for score in SCORES}
        if one.template is not None:
            values |= dict(one.template.extra)
            for number, target in enumerate(one.template.followed, 1):
                values[f"link_{number}"] = links.click_url(target=target, **given)
        if self.account.transport is Transport.TWILIO:
            return Outgoing(one.key, self.account.number, one.address, _text_message(one, values).encode())
        to = Addressed(
            key=one.key,
            to_address=one.address,
            to_name=dict(one.values)["name"],
            at=at,
            values={name: value for name, value in values.items() if isinstance(value, str)},
            unsubscribe_url=values["stop_url"] if one.message_class in LINKED else "",
            answers=one.answers,
        )
        filled = self._skeleton(one, values).fill(to)
        return Outgoing(one.key, self.account.from_address, one.address, dkim.signed(filled, self.signers, at))

    def _skeleton(self, one: Claimed, values: Mapping[str, Any]) -> Skeleton:
        """Built once for a message and class; for each person where the template has loops or conditions."""
        if one.template is not None and not one.template.plain:
            return Skeleton(self._own_letter(one, values))
        held = self.skeletons.get((one.message, one.message_class))
        if held is None:
            held = self.skeletons[one.message, one.message_class] = Skeleton(self._letter(one))
        return held

    def _letter(self, one: Claimed) -> Letter:
        extra = [name for name, _ in one.template.extra] if one.template else []
        text = rules.with_closing(one.text, one.message_class)
        return self._signed_by_us(
            one, rules.parts(one.subject, extra), rules.parts(text, extra), rules.parts(one.html, extra)
        )

    def _own_letter(self, one: Claimed, values: Mapping[str, Any]) -> Letter:
        names = tuple(values)
        compiled = CompiledMail(subject=one.subject, text=one.text, html=one.html, plain=False, names=names)
        try:
            made = studio.fill_mail(compiled, values)
        except MailRefused as error:
            raise CannotSend(error.what, error.why, error.todo) from None
        return self._signed_by_us(one, (made.subject,), (made.text,), (made.html,))

    def _signed_by_us(self, one: Claimed, subject: Text, text: Text, html: Text) -> Letter:
        return Letter(
            sender=SenderIdentity(name=self.account.from_name, address=self.account.from_address),
            subject=subject,
            text=text,
            html=tuple(part for part in html if part),
            automatic=one.message_class in LINKED,
            loop_mark="fourfold",
            calendar=one.calendar,
        )


def _text_message(one: Claimed, values: Mapping[str, str]) -> str:
    """A text message with its places filled, and the one link that says why it came and stops what follows."""
    text = rules.parts(rules.with_short_closing(one.text, one.message_class))
    return "".join(values[part.name] if isinstance(part, Slot) else part for part in text)
