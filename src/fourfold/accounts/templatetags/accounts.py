"""``{% load accounts %}``: a deed of the audit in words."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()

DEEDS: dict[str, Any] = {
    "sign_in": _("signed in"),
    "sign_out": _("signed out"),
    "locked_out": _("was locked out"),
    "add_user": _("added a colleague"),
    "change_user": _("changed a colleague"),
    "change_own_details": _("changed their own details"),
    "invite": _("invited"),
    "withdraw_invitation": _("withdrew an invitation"),
    "add_office": _("added an office"),
    "add_brand": _("added a brand"),
    "add_team": _("added a team"),
    "add_desk": _("added a desk"),
    "change_password": _("changed their password"),
    "set_password": _("chose a password"),
    "reset_password": _("reset their password by mail"),
    "add_second_step": _("added a second step"),
    "remove_second_step": _("removed a second step"),
    "renew_recovery_codes": _("made new recovery codes"),
    "link_sign_in": _("linked a sign-in"),
    "unlink_sign_in": _("unlinked a sign-in"),
}


@register.filter
def deed(name: str) -> str:
    """The deed in words; one of another room by its name: ``import_file`` → ``import file``."""
    return str(DEEDS.get(name, name.replace("_", " ")))
