"""The addresses of public pages that a message carries. The room that owns those pages fills this."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from fourfold.contact.types.gate import MessageClass
from fourfold.people.types import Purpose


class PublicLinks(Protocol):
    """Makes the signed addresses of one message. They name a person and a delivery, and need no sign-in.

    ``person_key`` may be of a merged record. ``delivery`` is the delivery's key, None for what is printed or shown by
    hand. All but ``click_url`` stay good for ever.
    """

    def why_url(
        self, *, person_key: UUID, message_class: MessageClass, purpose: Purpose, delivery: UUID | None = None
    ) -> str:
        """“Why am I hearing from you?”, with what this message was."""
        ...

    def stop_url(self, *, person_key: UUID, purpose: Purpose, topic: str = "", delivery: UUID | None = None) -> str:
        """The address of ``List-Unsubscribe``: a POST ends the subscription ``topic``, or else the purpose (RFC 8058).

        A GET shows one button.
        """
        ...

    def preferences_url(self, *, person_key: UUID) -> str:
        """The preference centre."""
        ...

    def click_url(self, *, person_key: UUID, target: str, delivery: UUID | None = None) -> str:
        """A signed redirect to ``target``, an address beginning http:// or https://. Raises ValueError for another."""
        ...

    def score_url(self, *, person_key: UUID, score: int, delivery: UUID) -> str:
        """The page on which they say how it was, with this number from 0 to 10 chosen; following it says nothing yet.

        It opens as long as what the message asked is open.
        """
        ...

    def slot_url(self, *, person_key: UUID, invite: UUID) -> str:
        """The page on which they pick a time for an interview; following it books nothing."""
        ...

    def open_url(self, *, person_key: UUID, delivery: UUID | None = None) -> str:
        """The picture of one pixel that tells of an opening; "" unless the house has switched that on."""
        ...


PUBLIC_LINKS: list[PublicLinks] = []
"""Who makes them: one, filled in project/wiring.py."""
