"""What goes upward: which room fills which protocol of a lower one. Read here what happens on a merge or an erasure."""

from __future__ import annotations


def wire() -> None:
    """Fill the registries. Called once, when the applications are ready."""
