"""What allauth and axes say by signals becomes one action each: an entry in the audit."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as second_step
from allauth.socialaccount import signals as linked
from axes import signals as axes
from django.contrib.auth.signals import user_logged_out
from django.dispatch import Signal

from fourfold.accounts import actions
from fourfold.base import clock

DEEDS: dict[Signal, str] = {
    account.password_changed: "change_password",
    account.password_set: "set_password",
    account.password_reset: "reset_password",
    second_step.authenticator_added: "add_second_step",
    second_step.authenticator_removed: "remove_second_step",
    second_step.authenticator_reset: "renew_recovery_codes",
    user_logged_out: "sign_out",
}


def note(signal: Signal, user: Any = None, authenticator: Any = None, **rest: Any) -> None:
    """One receiver for what a colleague does with their own way in."""
    if user is not None:
        summary = str(authenticator.get_type_display()) if authenticator is not None else ""
        actions.note_deed(user_key=user.pk, name=user.name, deed=DEEDS[signal], at=clock.now(), summary=summary)


def note_linked(request: Any, sociallogin: Any, **rest: Any) -> None:
    user, provider = sociallogin.user, sociallogin.account.provider
    actions.note_deed(user_key=user.pk, name=user.name, deed="link_sign_in", at=clock.now(), summary=provider)


def note_unlinked(request: Any, socialaccount: Any, **rest: Any) -> None:
    user, provider = socialaccount.user, socialaccount.provider
    actions.note_deed(user_key=user.pk, name=user.name, deed="unlink_sign_in", at=clock.now(), summary=provider)


def note_locked_out(username: str | None = None, **rest: Any) -> None:
    actions.note_lock(email=username or "", at=clock.now())


def connect() -> None:
    """Called once, when the applications are ready."""
    for signal, deed in DEEDS.items():
        signal.connect(note, dispatch_uid=f"fourfold.accounts.{deed}")
    linked.social_account_added.connect(note_linked, dispatch_uid="fourfold.accounts.link")
    linked.social_account_removed.connect(note_unlinked, dispatch_uid="fourfold.accounts.unlink")
    axes.user_locked_out.connect(note_locked_out, dispatch_uid="fourfold.accounts.locked_out")
