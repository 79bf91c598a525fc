"""Where a request comes from: what failed sign-ins are counted by."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """The visitor's network address. Behind our one proxy it is the last that ``X-Forwarded-For`` names.

    What stands before it was sent by the visitor, who could write there what they like.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.BEHIND_PROXY:
        return direct
    return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or direct


def link(request: HttpRequest, path: str) -> str:
    """The whole address of a page, for a mail: under the house's public address if it has one."""
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
