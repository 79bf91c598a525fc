"""What came of mailings, as mailing systems export it: a row an event, or a row a recipient."""

from __future__ import annotations

import re
from typing import Any

from fourfold.integrations.rules import dates
from fourfold.integrations.rules.cells import NO, YES, BadRowError, Cells
from fourfold.integrations.rules.names import plain_name

EVENTS = {
    "sent": "sent send sends processed delivered delivery email_sent",
    "opened": "opened open opens email_opened unique_open",
    "click": "click clicked clicks email_click link_clicked email_clicked",
    "reply": "reply replied replies email_reply",
    "bounced": "bounced bounce bounces hard_bounce soft_bounce email_bounce dropped not_delivered",
    "unsubscribed": "unsubscribed unsubscribe unsubscribes unsub optout opted_out group_unsubscribe",
}
_EVENTS = {name: action for action, names in EVENTS.items() for name in names.split()}
OF_RECIPIENT = {
    "sent": "sent", "opened": "opened", "clicked": "click", "replied": "reply", "bounced": "bounced",
    "unsubscribed": "unsubscribed",
}  # fmt: skip
MACHINE = frozenset({"opened", "bounced", "unsubscribed"})
"""Nobody can tell an open from a scanner's; a bounce is a server's; leaving earns no credit."""


def read(reader: Cells, cells: dict[str, str]) -> dict[str, Any]:
    """The touches that a row tells of. Raises BadRowError."""
    person = reader.who(cells)
    common = {**reader.texts(cells, "campaign actor desk team stream"), **person}
    common["actor"] = reader.colleague(common["actor"])
    if cells.get("event"):
        action = _EVENTS.get(plain_name(cells["event"]))
        if action is None:
            raise BadRowError(f"event “{cells['event'][:40]}” is none of {', '.join(EVENTS)}.")
        if not cells.get("occurred_at"):
            raise BadRowError("occurred_at is empty: when did it happen?")
        happened = [_touch(action, reader.moment("occurred_at", cells["occurred_at"]))]
        return {**common, "touches": happened}
    found = [
        _touch(action, at)
        for column, action in OF_RECIPIENT.items()
        if (at := _when(reader, cells, column)) is not None
    ]
    if not found:
        raise BadRowError("nothing happened in it: no event, and no column says sent, opened, clicked or replied.")
    sent = min(one["occurred_at"] for one in found)
    about = {"person": person["person"], "campaign": common["campaign"], "sent": sent[:10]}
    return {**common, "touches": found, "identity": about}


def _touch(action: str, at: str) -> dict[str, Any]:
    direction = "out" if action == "sent" else "in"
    return {"action": action, "occurred_at": at, "direction": direction, "machine": action in MACHINE}


def _when(reader: Cells, cells: dict[str, str], column: str) -> str | None:
    """The moment of a recipient's event: its own, or where the cell says yes or how often, the mail's."""
    text = cells.get(column, "")
    plain = text.lower()
    if plain in NO or plain in {"no", "never", "-", "–", "none"} or re.fullmatch(r"0+(\.0+)?", plain):
        return None
    if plain in YES or re.fullmatch(r"\d{1,4}(\.0+)?", plain):
        if not cells.get("occurred_at"):
            raise BadRowError(f"{column} says “{text}”, and occurred_at, when the mail went out, is empty.")
        return reader.moment("occurred_at", cells["occurred_at"])
    if not dates.ISO.fullmatch(dates.as_iso(text, reader.settings.dates)):
        raise BadRowError(f"{column} “{text[:40]}” is neither yes, no, a number nor a time.")
    return reader.moment(column, text)
