"""Allauth's forms in our words: labels above, no placeholders that vanish while typing."""

# Allauth brings no types.
# mypy: allow-subclassing-any

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as app
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.utils.translation import gettext_lazy as _

PASSWORD_RULES = _("At least 10 letters, digits or signs; nothing common, not only digits, not your name or address.")


class InOurWords:
    """Labels and hints of ours in place of allauth's; mixed into one of its forms."""

    words: dict[str, tuple[Any, Any]] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label, field.help_text = self.words.get(name, (field.label, ""))


class SignInForm(InOurWords, account.LoginForm):
    words = {"login": (_("E-mail"), ""), "password": (_("Password"), "")}


class ConfirmPasswordForm(InOurWords, account.ReauthenticateForm):
    words = {"password": (_("Your password"), "")}


class ForgotPasswordForm(InOurWords, account.ResetPasswordForm):
    words = {"email": (_("E-mail"), _("The address you sign in with."))}


_NEW = {"password1": (_("New password"), PASSWORD_RULES), "password2": (_("New password once more"), "")}


class ChooseNewPasswordForm(InOurWords, account.ResetPasswordKeyForm):
    words = _NEW


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    words = {"oldpassword": (_("Your password now"), ""), **_NEW}


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    words = _NEW


_CODE = (_("Code"), _("Six digits from your authenticator app, or one of your recovery codes."))


class CodeForm(InOurWords, second_step.AuthenticateForm):
    words = {"code": _CODE}


class ConfirmCodeForm(InOurWords, second_step.ReauthenticateForm):
    words = {"code": _CODE}


class AppForm(InOurWords, app.ActivateTOTPForm):
    words = {"code": (_("Code"), _("The six digits that the app shows now."))}


class AddPasskeyForm(InOurWords, passkeys.AddWebAuthnForm):
    words = {
        "name": (_("Name"), _("So that you can tell it from others, such as “Work laptop”.")),
        "passwordless": (
            _("Sign in with it alone"),
            _("Without your password. The device will ask for a finger, a face or a PIN."),
        ),
    }


class RenamePasskeyForm(InOurWords, passkeys.EditWebAuthnForm):
    words = {"name": (_("Name"), "")}
