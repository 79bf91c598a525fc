"""The door of careers: what a link opens, and what people ask through it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from fourfold.base.errors import FourfoldError
from fourfold.contact.types import MessageClass
from fourfold.people.types import Purpose


class LinkKind(StrEnum):
    """What a link opens. A link of one kind never opens another."""

    WHY = "why"
    STOP = "stop"
    PREFERENCES = "preferences"
    HOUR = "hour"  # somebody's own data; the only kind that expires
    CLICK = "click"
    SCORE = "score"  # the page of a survey, with a number chosen
    SLOT = "slot"  # times for an interview, of which they pick one
    OPEN = "open"  # a picture of one pixel, for houses that switched it on


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a signed link says. Only ``hour`` has an end; ``text`` is a stop link's topic, a click's target or the
    number that a score link chooses.

    ``person_key`` may be of a record that was merged or erased since. ``message_class`` and ``purpose`` are of the
    message that carried the link, ``delivery`` is its key.
    """

    kind: LinkKind
    person_key: UUID
    delivery: UUID | None = None
    message_class: MessageClass | None = None
    purpose: Purpose | None = None
    until: datetime | None = None
    text: str = ""


class OwnDeed(StrEnum):
    """What a button of the page “Why am I hearing from you?” does."""

    MORE = "more"
    NOT_NOW = "not-now"
    NOT_AT_WORK = "not-at-work"
    STOP = "stop"
    STOP_ALL = "stop-all"
    BACK_NOT_NOW = "take-back-not-now"
    BACK_NOT_AT_WORK = "take-back-not-at-work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What somebody says is right: name and town act at once, an address and a remark go to a colleague."""

    name: str
    city: str
    address: str = ""
    remark: str = ""


class LinkRefused(FourfoldError):
    """A link that opens nothing: cut, changed, of another kind. From outside all look the same."""


class LinkExpired(FourfoldError):
    """A link of one hour whose hour has passed."""


class TooOften(FourfoldError):
    """The same thing asked too often from one link or one place."""


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Who acts, from where and when: a link that was read, the visitor's network address, today in the house's zone."""

    link: Link
    place: str
    today: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a visitor without a link stands: their network address, today in the house's zone, a moment."""

    place: str
    today: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a form of application says. ``cv`` is a file's name and bytes, ``upload`` one of an earlier try."""

    name: str
    email: str
    phone: str
    words: str
    job_words: str
    notice: str
    keep_wording: str = ""
    cv: tuple[str, bytes] | None = None
    upload: UUID | None = None


class FormTooFast(FourfoldError):
    """A form that came back sooner than anybody can fill it in, or after days."""


class PrintOwn(Protocol):
    """Everything kept about somebody as a PDF, for themselves. Raises PersonNotFound."""

    def __call__(self, person_key: UUID, at: datetime) -> bytes: ...


PRINTERS: list[PrintOwn] = []
"""Who prints it: one, filled in project/wiring.py."""
