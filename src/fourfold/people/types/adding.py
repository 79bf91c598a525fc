"""Adding a person: what was read of a CV, a card or a page, each value beside where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from fourfold.people.types.people import Identifier, PersonCard


class DraftState(StrEnum):
    """``READING`` while a file's text is taken, ``READY`` to be looked at, ``FAILED`` where it can't be read."""

    READING = "reading"
    READY = "ready"
    FAILED = "failed"


class ReadFrom(StrEnum):
    """What a text was recognised as."""

    CV = "cv"
    LINKEDIN = "linkedin"
    RESUME = "json_resume"
    CARD = "vcard"
    PAGE = "page"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Seen:
    """A value, and the line it was read from."""

    value: str
    line: str


@dataclass(frozen=True, slots=True)
class SeenAddress:
    identifier: Identifier
    line: str


@dataclass(frozen=True, slots=True)
class SeenJob:
    """A job as it was read: either name may be missing; days are the first of their month."""

    title: str
    organisation: str
    started_on: date | None
    ended_on: date | None
    present: bool
    line: str


@dataclass(frozen=True, slots=True)
class SeenSkill:
    """``known``: people in the house have it already."""

    name: str
    line: str
    known: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was read. ``more`` counts further people in the same file, who were left out."""

    read_from: ReadFrom = ReadFrom.NOTHING
    name: Seen | None = None
    headline: Seen | None = None
    city: Seen | None = None
    country: str = ""
    addresses: tuple[SeenAddress, ...] = ()
    jobs: tuple[SeenJob, ...] = ()
    skills: tuple[SeenSkill, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A person about to be added: what was read, and who of the house it is, by exact addresses.

    ``known`` has those the viewer may see; ``hidden`` says that somebody else has one of the addresses.
    """

    key: UUID
    state: DraftState
    reading: Reading
    file_key: UUID | None
    file_name: str
    why_not: str
    text: str
    known: tuple[PersonCard, ...]
    hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What a colleague confirmed of a draft: edited texts, and which of the values read, by position."""

    name: str
    headline: str
    city: str
    roles: tuple[str, ...]
    addresses: frozenset[int]
    jobs: frozenset[int]
    skills: frozenset[int]
    more_addresses: tuple[Identifier, ...] = ()
    organisation: str = ""
