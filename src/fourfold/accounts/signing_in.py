"""Sign someone in who has just proven who they are by a link: the first administrator, an invited colleague."""

from __future__ import annotations

from uuid import UUID

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from fourfold.accounts import access


def sign_in(request: HttpRequest, user_key: UUID) -> HttpResponse:
    """Sign in and go to the start page. Whoever was signed in here before is signed out. Raises NotFound."""
    if request.user.is_authenticated:
        logout(request)
    user = access.get_signing_in(user_key)
    answer: HttpResponse = perform_login(
        request, user, email_verification="none", redirect_url=settings.LOGIN_REDIRECT_URL
    )
    return answer
