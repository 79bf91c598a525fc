"""How allauth meets our accounts: nobody signs up uninvited, and single sign-on needs an address that is proven."""

# Allauth brings no types.
# mypy: allow-subclassing-any

from __future__ import annotations

import logging
from contextlib import suppress
from smtplib import SMTPException
from typing import Any, ClassVar

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from fourfold.accounts import access, actions, client, queries, rules
from fourfold.accounts.types import MailNotSent
from fourfold.base import clock
from fourfold.base.errors import NotAllowed

logger = logging.getLogger("fourfold.accounts")

SAID_BY_THE_PAGE = {"account/messages/logged_in.txt", "mfa/messages/recovery_codes_generated.txt"}


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
        try:
            super().send_mail(template_prefix, email, {"house_name": house, "my_account_url": own, **context})
        except (SMTPException, OSError) as error:
            logger.exception("The mail %s was not sent.", template_prefix)
            raise MailNotSent(
                gettext("The mail was not sent."),
                gettext("The house’s mail server did not take it."),
                gettext("Try again in a few minutes. If it stays so, tell an administrator."),
            ) from error

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """A notice that can't be sent doesn't undo what it would have told."""
        with suppress(MailNotSent):
            super().send_notification_mail(*args, **kwargs)

    def add_message(
        self, request: HttpRequest, level: int, message_template: Any = None, *args: Any, **rest: Any
    ) -> None:
        """Says nothing where the next page says it itself."""
        if message_template not in SAID_BY_THE_PAGE:
            super().add_message(request, level, message_template, *args, **rest)


class SecondStepAdapter(DefaultMFAAdapter):
    """The authenticator app, passkeys and recovery codes."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code is not right, or its half minute is over. Type the one the app shows now."),
    }

    def build_totp_svg(self, url: str) -> str:
        """The picture to scan, on white: apps can't read it on a dark page."""
        return str(qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode"))

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 (allauth's name)
        """“Passkey”, “Passkey 2” …"""
        count = queries.passkey_count(user.pk)
        return f"Passkey {count + 1}" if count else "Passkey"


def unknown_here() -> NotAllowed:
    return NotAllowed(
        gettext("You were not signed in."),
        gettext("Nobody here has the address your provider gave, and no invitation is open for it."),
        gettext("Ask an administrator of your house for an invitation, or sign in another way."),
    )


def unproven() -> NotAllowed:
    return NotAllowed(
        gettext("You were not signed in."),
        gettext("Your provider did not say that your e-mail address is really yours."),
        gettext("Confirm the address there and try again, or sign in with your password and link the two."),
    )


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
        error = unknown_here() if proven else unproven()
        raise ImmediateHttpResponse(render(request, "accounts/turned_away.html", {"error": error}, status=403))
