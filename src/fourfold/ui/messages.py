"""Say that something was done and offer to undo it: undo over confirm."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest


def say_done(request: HttpRequest, sentence: str, *, undo: str = "") -> None:
    """Show ``sentence`` on the next page; with ``undo``, a button that posts to that address."""
    messages.success(request, sentence, extra_tags=f"undo:{undo}" if undo else "")
