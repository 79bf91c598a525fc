"""Call logs of telephone systems: one row a call."""

from __future__ import annotations

import re
from typing import Any

from fourfold.integrations.rules.cells import NO, YES, BadRowError, Cells, LeftOutError
from fourfold.integrations.rules.names import direction_of, plain_name
from fourfold.people.types import Scheme

_ANSWERED = frozenset(["answered", "completed", "connected", "accepted", "ok", "success", "received", "call_connected"])
_UNANSWERED = frozenset(
    [
        "missed",
        "unanswered",
        "no_answer",
        "noanswer",
        "busy",
        "failed",
        "voicemail",
        "rejected",
        "cancelled",
        "canceled",
        "abandoned",
        "declined",
        "missed_call",
        "not_answered",
        "hang_up",
    ]
)


def read(reader: Cells, cells: dict[str, str]) -> dict[str, Any]:
    """A touch on the phone with whoever is not us. Raises BadRowError, and LeftOutError for calls within the house."""
    said = plain_name(cells["direction"])
    if said in {"internal", "intern", "local"}:
        raise LeftOutError("internal")
    direction = direction_of(cells["direction"])
    if direction is None:
        raise BadRowError(f"direction “{cells['direction'][:40]}” is neither in nor out.")
    column = "from" if direction == "in" else "to"
    ids = _number(reader, cells, column)
    when = cells["occurred_at"] if not cells.get("time") else f"{cells['occurred_at'][:10]} {cells['time']}"
    answered = _answered(cells, missed="missed" in said)
    return {
        **reader.texts(cells, "name desk team office"),
        "person": cells[column][:200],
        "ids": ids,
        "actor": reader.colleague(reader.texts(cells, "actor")["actor"]),
        "occurred_at": reader.moment("occurred_at", when),
        "channel": "phone",
        "direction": direction,
        "action": "call" if answered else "call_unanswered",
        "machine": False,
    }


def _number(reader: Cells, cells: dict[str, str], column: str) -> list[list[str]] | None:
    digits = re.sub(r"\D", "", cells[column])
    if len(digits) < 6:
        raise BadRowError(f"{column} “{cells[column][:40]}” is no outside number, so nobody can be found by it.")
    return reader.addresses(cells, {column: Scheme.PHONE}) or None


def _answered(cells: dict[str, str], *, missed: bool) -> bool:
    text = cells.get("answered", "").lower()
    name = plain_name(text)
    if missed or name in _UNANSWERED or (text and text in NO):
        return False
    if name in _ANSWERED or text in YES:
        return True
    if text:
        raise BadRowError(f"answered “{text[:40]}” is neither yes nor no.")
    return seconds(cells.get("duration", "")) > 0


def seconds(text: str) -> int:
    """How long: 133, 2:13, 0:02:13, 2m 13s. Raises BadRowError for anything else; nothing is 0."""
    plain = text.strip().lower()
    if not plain:
        return 0
    if re.fullmatch(r"\d{1,6}(\.\d+)?", plain):
        return int(float(plain))
    if re.fullmatch(r"\d{1,3}(:\d{2}){1,2}", plain):
        total = 0
        for part in plain.split(":"):
            total = total * 60 + int(part)
        return total
    found = re.fullmatch(r"(?:(\d+)\s*h\w*)?\s*(?:(\d+)\s*m\w*)?\s*(?:(\d+)\s*s\w*)?", plain)
    if found and any(found.groups()):
        hours, minutes, rest = (int(part or 0) for part in found.groups())
        return hours * 3600 + minutes * 60 + rest
    raise BadRowError(f"duration “{text[:40]}” is not how long: 133, 2:13 or 0:02:13.")
