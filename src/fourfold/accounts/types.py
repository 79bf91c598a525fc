"""The door of accounts: who looks, with which roles, and the rows other rooms may show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
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
    """Who looks at a page: set by middleware, taken by every read that a person asks for."""

    user_key: UUID
    name: str
    email: str
    roles: frozenset[Role]
    team: str | None = None
    office: str | None = None
    desks: frozenset[str] = frozenset()
    zone: str = "Europe/London"

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


class InvitationRefused(FourfoldError):
    """An invitation that can't be used or sent."""


class AlreadyThere(FourfoldError):
    """Something with this name, address or slug exists."""
