"""Lists, added fields and pairs: the words of their records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class FieldKind(StrEnum):
    """What an added field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One value of an added field: its text, and the number or day it stands for."""

    text: str
    number: float | None = None
    day: date | None = None


class ListKind(StrEnum):
    """``SAVED`` filters are answered anew each time; a ``HOT`` list holds those whom someone put there."""

    SAVED = "saved"
    HOT = "hot"


class Sharing(StrEnum):
    PRIVATE = "private"
    TEAM = "team"
    HOUSE = "house"


class PairState(StrEnum):
    """``LATER`` comes back when either record changes; ``DIFFERENT`` never."""

    WAITING = "waiting"
    MERGED = "merged"
    DIFFERENT = "different"
    LATER = "later"
