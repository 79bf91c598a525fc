"""Errors that a person can act on: what happened, why, and what to do."""

from __future__ import annotations


class FourfoldError(Exception):
    """An error shown to people as written. All other exceptions are bugs and are logged.

    ``what`` happened, ``why``, and what ``todo`` about it: one whole sentence each.
    """

    def __init__(self, what: str, why: str, todo: str) -> None:
        super().__init__(what, why, todo)
        self.what = what
        self.why = why
        self.todo = todo

    def __str__(self) -> str:
        return f"{self.what} {self.why} {self.todo}"

    def as_dict(self) -> dict[str, str]:
        """The three parts by name, for JSON answers."""
        return {"what": self.what, "why": self.why, "todo": self.todo}


class NotFound(FourfoldError):
    """Missing, or not yours: from outside the two look the same."""


class NotAllowed(FourfoldError):
    """The viewer may see the thing but may not do this to it."""
