"""What links and providers report of a message after it has left: raw events, and whether a machine made them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class LinkAct(StrEnum):
    """What somebody, or something, did with a link of ours."""

    CLICKED = "clicked"
    OPENED = "opened"  # the picture of one pixel was fetched; only where the house switched it on


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEvent:
    """One request for a signed link, as it came. ``event_id`` is its own for ever; ``at`` is when it came, aware.

    ``person_key`` may be of a record merged or erased since; ``url`` is where the link led, "" for an opened one.
    """

    event_id: str
    act: LinkAct
    at: datetime
    person_key: UUID
    delivery: UUID | None = None
    url: str = ""
    method: str = "GET"
    user_agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One click or opening of a message as the question “was it a machine?” sees it.

    ``left_at`` is the last moment from which the message could have been read, None where nobody knows. ``others``
    are the clicks on links of the same delivery, this one's included, as (moment, address). ``told`` is what the
    provider says of it, None where it says nothing.
    """

    at: datetime
    method: str = "GET"
    user_agent: str = ""
    left_at: datetime | None = None
    others: tuple[tuple[datetime, str], ...] = ()
    told: bool | None = None
    opened: bool = False


@dataclass(frozen=True, slots=True)
class MachineVerdict:
    """Whether a machine made it, and the reason in words. It stands beside the raw event, never instead of it."""

    machine: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event of a message, newest first where several are listed."""

    kind: str
    at: datetime
    source: str
    url: str
    machine: bool
    why: str


@dataclass(frozen=True, slots=True)
class Response:
    """What came back on one message: people, never robots. Opens are no measure and aren't here.

    ``clicked`` and ``bounced`` and ``complained`` count deliveries; ``machine_clicks`` counts events.
    """

    clicked: int = 0
    bounced: int = 0
    complained: int = 0
    unsubscribed: int = 0
    machine_clicks: int = 0
