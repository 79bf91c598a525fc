"""How allauth meets our accounts: nobody signs up uninvited, and single sign-on needs an address that is proven."""

from __future__ import annotations

from typing import Any, ClassVar

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from fourfold.accounts import access, actions, client, queries, rules
from fourfold.base import clock


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail address; accounts come from invitations only."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "That address and password don't belong together. Check both, or ask for a new password below."
        ),
        "incorrect_password": _("That is not your password. Try again, or sign out and ask for a new one."),
        "enter_current_password": _("That is not your password now. Type the one you sign in with."),
        "too_many_login_attempts": _("Too many wrong tries. Wait 15 minutes, then try again."),
        "rate_limited": _("Too many tries in a short time. Wait a few minutes, then try again."),
        "invalid_password_reset": _("This link was used before or has run out. Ask for a new one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leaves counting wrong passwords to axes: by address and place, so that nobody can lock a colleague out."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Tells axes whose password is tried, in one spelling: another would start another count."""
        return super().authenticate(request, login=(credentials.get("email") or "").lower(), **credentials)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client.address(request)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        actions.note_sign_in(user_key=user.pk, name=user.name, at=clock.now())
        return super().post_login(request, user, **kwargs)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("my_account")

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return client.link(allauth_context.request, path.replace("UID-KEY", key))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        house = queries.house_name()
        own = client.link(allauth_context.request, reverse("my_account"))
        super().send_mail(template_prefix, email, {"house_name": house, "my_account_url": own, **context})

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Says nothing about a sign-in that simply worked."""
        if kwargs.get("message_template") != "account/messages/logged_in.txt":
            super().add_message(request, level, *args, **kwargs)


class SecondStepAdapter(DefaultMFAAdapter):
    """The authenticator app, passkeys and recovery codes."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code is not right, or its half minute is over. Type the one the app shows now."),
    }

    def build_totp_svg(self, url: str) -> str:
        """The picture to scan, on white: apps can't read it on a dark page."""
        return qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 (allauth's name)
        """“Passkey”, “Passkey 2” …"""
        count = queries.passkey_count(user.pk)
        return f"Passkey {count + 1}" if count else "Passkey"


def name_at(sociallogin: Any) -> str:
    """What the provider calls this person; it need not say."""
    told = sociallogin.account.get_provider_account().get_user_data() or {}
    return str(told.get("name") or f"{told.get('given_name', '')} {told.get('family_name', '')}".strip())[:80]


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

    def proven_addresses(self, sociallogin: Any) -> list[str]:
        """The addresses this sign-in proves, in lower case."""
        by_tenant = self.get_provider_verified(sociallogin)
        return [
            address.email.lower()
            for address in sociallogin.email_addresses
            if by_tenant or rules.provider_says_proven(address.verified)
        ]

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join a first sign-in to its account or invitation, or turn it away in words.

        A colleague who links a provider is left alone: whoever they are there, they are signed in here.
        """
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        proven = self.proven_addresses(sociallogin)
        for email in proven:
            viewer = queries.viewer_by_email(email)
            invited = queries.open_invitation_for(email, at=clock.now())
            if viewer is None and invited is not None:
                actions.accept_by_provider(email=email, name=name_at(sociallogin) or email, at=clock.now())
                viewer = queries.viewer_by_email(email)
            if viewer is not None:
                sociallogin.connect(request, access.get_signing_in(viewer.user_key))
                return
        why = (
            _("Nobody here has the address your provider gave, and no invitation is open for it.")
            if proven
            else _("Your provider did not say that your e-mail address is really yours.")
        )
        todo = (
            _("Ask an administrator of your house for an invitation.")
            if proven
            else _("Confirm the address there and try again, or sign in with your password.")
        )
        messages.error(request, f"{_('You were not signed in.')} {why} {todo}")
        raise ImmediateHttpResponse(redirect("account_login"))
