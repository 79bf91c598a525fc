"""How allauth meets our accounts: nobody signs up uninvited, and single sign-on needs an address that is proven."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect

from fourfold.accounts import access, actions, queries
from fourfold.base import clock


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail address; accounts come from invitations only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        actions.note_sign_in(user_key=user.pk, name=user.name, at=clock.now())
        return super().post_login(request, user, **kwargs)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Says nothing about a sign-in that simply worked."""
        if kwargs.get("message_template") != "account/messages/logged_in.txt":
            super().add_message(request, level, *args, **kwargs)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Microsoft, Google or the house's own OpenID provider signs in colleagues we know or have invited.

    An address counts as proven when the provider says so. Microsoft doesn't say; there the house's own tenant is
    the proof, so a shared tenant ("common", "organizations") proves nothing and only linked accounts sign in.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def get_provider_verified(self, sociallogin: Any) -> bool:
        app = sociallogin.provider.app
        return bool(app.settings.get("verified_by_tenant"))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join a first sign-in to its invitation, or turn it away in words."""
        if sociallogin.is_existing:
            return
        proven = [
            address.email
            for address in sociallogin.email_addresses
            if address.verified or self.get_provider_verified(sociallogin)
        ]
        for email in proven:
            viewer = queries.viewer_by_email(email)
            invited = queries.open_invitation_for(email, at=clock.now())
            if viewer is None and invited is not None:
                name = sociallogin.user.get_full_name() or sociallogin.account.extra_data.get("name") or email
                actions.accept_by_provider(email=email, name=str(name), at=clock.now())
                viewer = queries.viewer_by_email(email)
            if viewer is not None:
                sociallogin.connect(request, access.get_signing_in(viewer.user_key))
                return
        messages.error(
            request,
            "You were not signed in. Nobody here has the address your provider gave, and no invitation is open for it. "
            "Ask an administrator of your house for an invitation.",
        )
        raise ImmediateHttpResponse(redirect("account_login"))
