"""Who acts. Every deed takes ``by=`` and the audit keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A user, or the house itself (a schedule, a command without sign-in).

    ``user_key`` is None for the house; ``name`` is what the audit shows; ``via`` says through which
    door the deed came: ``page``, ``api``, ``cli`` or ``schedule``.
    """

    user_key: UUID | None
    name: str
    via: str = "page"


HOUSE = Actor(user_key=None, name="Fourfold", via="schedule")
COMMAND_LINE = Actor(user_key=None, name="command line", via="cli")
