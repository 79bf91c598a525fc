"""Who acts. Every deed takes ``by=`` and the audit keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A user, the house itself (a schedule, a command without sign-in), or the person a record is about.

    ``user_key`` is None but for users; ``name`` is what the audit shows; ``via`` says through which
    door the deed came: ``page``, ``api``, ``cli``, ``schedule`` or ``link``.
    """

    user_key: UUID | None
    name: str
    via: str = "page"


HOUSE = Actor(user_key=None, name="Fourfold", via="schedule")
THEMSELVES = Actor(user_key=None, name="the person themselves", via="link")
"""Somebody about whom the house keeps a record, by a link sent to them. No name: the audit outlives an erasure."""
COMMAND_LINE = Actor(user_key=None, name="command line", via="cli")
