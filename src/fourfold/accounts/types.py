"""The door of accounts: who looks, with which roles, and the rows other rooms may show."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from fourfold.base.actor import Actor
from fourfold.base.errors import FourfoldError


class Role(StrEnum):
    LEADER = "leader"
    MARKETER = "marketer"
    RECRUITER = "recruiter"
    ADMINISTRATOR = "administrator"


class TeamKind(StrEnum):
    BUSINESS = "business"
    SALES = "sales"
    MARKETING = "marketing"
    HR = "hr"


class Engagement(StrEnum):
    PERMANENT = "permanent"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at a page: set by middleware, taken by every read that a person asks for.

    ``teams`` are the own one and those the viewer answers to by a dotted line; ``house`` is the house's name.
    """

    user_key: UUID
    name: str
    email: str
    roles: frozenset[Role]
    team: str | None = None
    office: str | None = None
    desks: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    zone: str = "Europe/London"
    house: str = ""

    def has(self, *roles: Role) -> bool:
        """Whether the viewer has any of these roles. An administrator is no leader: roles don't imply others."""
        return bool(self.roles & set(roles))

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words))[:2].upper()

    def actor(self, via: str = "page") -> Actor:
        return Actor(user_key=self.user_key, name=self.name, via=via)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """A colleague to add. ``desks``, ``team`` and ``office`` are slugs; without a password one is set by mail."""

    email: str
    name: str
    roles: frozenset[Role]
    password: str | None = None
    team: str | None = None
    office: str | None = None
    desks: tuple[str, ...] = ()
    job_title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What a colleague may do and where they belong: slugs of team, office, desks and the teams at the end of dotted
    lines. None leaves the desks or the lines as they are.
    """

    roles: frozenset[Role]
    active: bool = True
    team: str = ""
    office: str = ""
    desks: tuple[str, ...] | None = None
    dotted_teams: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class UserRow:
    user_key: UUID
    name: str
    email: str
    roles: tuple[Role, ...]
    job_title: str
    team: str
    office: str
    desks: tuple[str, ...]
    active: bool
    last_sign_in: datetime | None
    team_slug: str = ""
    office_slug: str = ""
    desk_slugs: tuple[str, ...] = ()
    dotted_teams: tuple[str, ...] = ()
    dotted_slugs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works here now, as every colleague may know them. ``team`` is a slug, ``zone`` their office's."""

    key: UUID
    name: str
    team: str
    zone: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """An office, a brand, a team or a desk: its slug, its name, and a line that describes it."""

    slug: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class InvitationRow:
    key: int
    email: str
    roles: tuple[Role, ...]
    invited_by: str
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AuditRow:
    at: datetime
    who: str
    via: str
    deed: str
    subject: str
    summary: str
    key: int = 0


@dataclass(frozen=True, slots=True)
class Colleagues:
    """Who works here and who is asked to."""

    users: tuple[UserRow, ...]
    invitations: tuple[InvitationRow, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a colleague may be given, as (slug, name): for forms."""

    teams: tuple[tuple[str, str], ...]
    offices: tuple[tuple[str, str], ...]
    desks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Everything the house is divided into."""

    offices: tuple[PlaceRow, ...]
    brands: tuple[PlaceRow, ...]
    teams: tuple[PlaceRow, ...]
    desks: tuple[PlaceRow, ...]


@dataclass(frozen=True, slots=True)
class MyAccount:
    """What a colleague sees of their own account."""

    user: UserRow
    has_password: bool
    has_app: bool
    passkeys: int
    recovery_codes: int
    linked: tuple[str, ...]
    can_link: bool


@dataclass(frozen=True, slots=True)
class FirstRun:
    """Whether the house still needs its first administrator, and whether the visitor brought the right code."""

    needed: bool
    code_is_right: bool


class InvitationRefused(FourfoldError):
    """An invitation that can't be used or sent."""


class MailNotSent(FourfoldError):
    """The mail server did not take a mail that somebody waits for."""


class AlreadyThere(FourfoldError):
    """Something with this name, address or slug exists."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a note, a task, a file or a search hit is about: a person, their candidate side, an organisation …

    ``kind`` and ``key`` are how rooms below name it; ``label`` and ``url`` are for people. ``family`` has all keys that
    are this one thing, merged records included: what stands under any of them belongs here.
    """

    kind: str
    key: UUID
    label: str
    url: str
    family: tuple[UUID, ...] = ()


class SubjectGate(Protocol):
    """Which of these keys this viewer may see, and how they are called. One call a page; the rest is left out.

    A merged record's key leads to the one that stays.
    """

    def __call__(self, viewer: Viewer, keys: Collection[UUID]) -> Mapping[UUID, Subject]: ...


SUBJECTS: dict[str, SubjectGate] = {}
"""The gate of each kind of subject. The rooms that own the things fill it in project/wiring.py."""


class SubjectWatcher(Protocol):
    """Told, within the transaction, that something about these subjects changed: a note, a file, the thing itself."""

    def __call__(self, *, kind: str, keys: Collection[UUID]) -> None: ...


SUBJECT_WATCHERS: list[SubjectWatcher] = []
"""Who wants to know. Filled in project/wiring.py."""
