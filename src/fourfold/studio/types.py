"""The door of studio: a brand's kit, as mails and documents use it, and mail templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from fourfold.accounts.types import Viewer
from fourfold.base.errors import FourfoldError


class Typeface(StrEnum):
    """Typefaces that any mail program has, by the first of their stack."""

    INTER = "Inter"
    ARIAL = "Arial"
    GEORGIA = "Georgia"
    VERDANA = "Verdana"
    TREBUCHET = "Trebuchet MS"


STACKS = {
    Typeface.INTER: "Inter, Helvetica, Arial, sans-serif",
    Typeface.ARIAL: "Arial, Helvetica, sans-serif",
    Typeface.GEORGIA: "Georgia, 'Times New Roman', serif",
    Typeface.VERDANA: "Verdana, Geneva, sans-serif",
    Typeface.TREBUCHET: "'Trebuchet MS', Helvetica, sans-serif",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A logo: its bytes, its media type, its size in pixels."""

    media: str
    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Kit:
    """How a brand looks and what it must say. Colours are ``#rrggbb``.

    ``on_colour`` is the text colour that is readable on ``colour`` (WCAG 2.2, 4.5:1): fixed by the kit, not chosen.
    """

    brand: str
    name: str
    colour: str
    accent: str
    on_colour: str
    on_accent: str
    heading_face: Typeface
    text_face: Typeface
    legal_name: str
    legal_lines: tuple[str, ...]
    website: str
    logo: Picture | None
    changed_by: str = ""
    changed_at: datetime | None = None
    fixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KitChange:
    """What the form of a kit says. ``logo`` None leaves the logo as it is."""

    colour: str
    accent: str
    heading_face: Typeface
    text_face: Typeface
    legal_name: str
    legal_lines: str = ""
    website: str = ""
    logo: bytes | None = None
    drop_logo: bool = False


class KitRefused(FourfoldError):
    """A kit that can't be kept so."""


class MailKind(StrEnum):
    """What a template is for. Whether a message is marketing is the gate's to say; these two nearly always are."""

    NEWSLETTER = "newsletter"
    INVITATION = "invitation"
    LETTER = "letter"


MARKETING = frozenset({MailKind.NEWSLETTER, MailKind.INVITATION})

VALUES = ("name", "first_name", "sender_name", "why_url", "stop_url", "preferences_url")
"""What every message may ask for. A template names the others, which whoever sends it fills in."""


class MailRefused(FourfoldError):
    """A template, or a mail made from it, that can't be as given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDraft:
    """What somebody wrote as a template. ``body`` is MJML: sections with mj-text, mj-button, mj-image in columns.

    ``preview`` is the line that inboxes show after the subject; ``extra`` names the values that the sender fills in.
    """

    subject: str
    body: str
    preview: str = ""
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledMail:
    """A template in a brand's kit, ready for anybody. Its texts hold Liquid where values stand.

    ``plain``: there are only places, each written ``{{ name }}``, so the texts may be filled by joining; else
    ``queries.fill_mail`` makes each person's. ``names`` are the values it asks for. ``followed`` are the addresses
    behind ``{{ link_1 }}`` and on, where it was compiled so that clicks can be followed.
    """

    subject: str
    text: str
    html: str
    plain: bool
    names: tuple[str, ...]
    followed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilledMail:
    """One person's mail."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A value that would be blank in the mails of so many people."""

    name: str
    people: int


@dataclass(frozen=True, slots=True)
class MailRow:
    """A template as lists show it."""

    key: UUID
    name: str
    kind: MailKind
    brand: str
    version: int
    subject: str
    archived: bool
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class MailVersion:
    """One version of a template; versions are never changed."""

    key: UUID
    name: str
    kind: MailKind
    brand: str
    version: int
    draft: MailDraft
    by: str
    at: datetime
    archived: bool = False


class MailPeople(Protocol):
    """People whom a template can be tried with. The room of people fills it: only those whom the viewer may see."""

    def find(self, viewer: Viewer, text: str) -> Sequence[tuple[UUID, str]]:
        """Up to 10 people by name or address."""
        ...

    def values(self, viewer: Viewer, key: UUID) -> Mapping[str, str]:
        """What a mail to one of them would say: name, first_name. Raises NotFound."""
        ...


MAIL_PEOPLE: list[MailPeople] = []
"""Who knows them: one, filled in project/wiring.py."""
