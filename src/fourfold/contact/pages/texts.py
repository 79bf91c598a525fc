"""What the page shows on which one person writes a text message to one person."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fourfold.accounts.types import Viewer
from fourfold.base.ids import new_key
from fourfold.contact import access, queries, rules
from fourfold.contact.pages.persons import intent_for, shown, who_to_ask
from fourfold.contact.transports.sms import segments
from fourfold.contact.types import PUBLIC_LINKS, Case, Channel, Slot
from fourfold.people import queries as people


def text_values(viewer: Viewer, key: UUID, at: datetime, *, text: str = "") -> dict[str, Any]:
    """May this colleague text them now, and how many messages it is billed as. Raises PersonNotFound."""
    person = people.person_key_for(viewer, key)
    intent = intent_for(viewer, person, Channel.SMS)
    [found] = queries.may_contact([intent], at=at)
    name = people.names([person], viewer=viewer)[person]
    return {
        "key": person,
        "name": name,
        "number": found.address,
        "mailboxes": queries.mailboxes(viewer, at=at, to_send=True, channel=Channel.SMS),
        "verdict": shown(viewer, person, found),
        "intent": intent,
        "who": who_to_ask(found.decision),
        "may_except": access.may_set_policy(viewer),
        "billed": billed(text, found.case, name) if text.strip() else 0,
    }


def billed(text: str, case: Case, name: str) -> int:
    """How many messages a text is billed as, with its places filled and its link as long as it will be."""
    links, given = PUBLIC_LINKS[0], {"person_key": case.person_key, "delivery": new_key()}
    values = {
        "name": name,
        "first_name": name.split(" ", maxsplit=1)[0],
        "sender_name": "",
        "why_url": links.why_url(message_class=case.message_class, purpose=case.purpose, **given),
        "stop_url": links.stop_url(purpose=case.purpose, topic="", **given),
        "preferences_url": links.preferences_url(person_key=case.person_key),
    }
    parts = rules.parts(rules.with_short_closing(text, case.message_class))
    return segments("".join(values[one.name] if isinstance(one, Slot) else one for one in parts))
