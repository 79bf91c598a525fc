"""The mail that invites a colleague. Plain words, no pictures, one link."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from fourfold.accounts import rules

logger = logging.getLogger("fourfold.accounts")


def has_server() -> bool:
    """Whether mail leaves the house. Without a mail server it is written to files beside the data."""
    return "filebased" not in settings.EMAIL_BACKEND


def send_invitation(*, email: str, link: str, house: str, invited_by: str) -> bool:
    """Send the invitation; returns whether it left the house, so that the link can be passed on by hand if not."""
    told = {"email": email, "link": link, "house_name": house, "invited_by": invited_by, "days": rules.INVITATION_DAYS}
    subject = " ".join(render_to_string("accounts/email/invitation_subject.txt", told).split())
    try:
        send_mail(subject, render_to_string("accounts/email/invitation_message.txt", told), None, [email])
    except (SMTPException, OSError):
        logger.exception("The invitation of %s was not sent.", email)
        return False
    return has_server()
