"""The one mail that the public pages send: a fresh link to somebody's own data."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.core.mail import send_mail
from django.template.loader import render_to_string

from fourfold.base.actor import THEMSELVES
from fourfold.careers import actions, links
from fourfold.careers.types import Standpoint
from fourfold.contact import actions as contact
from fourfold.people import queries as people
from fourfold.people.types import Identifier, Scheme
from fourfold.studio import queries as studio

logger = logging.getLogger("fourfold.careers")


def send_link(*, by: Standpoint, base: str) -> None:
    """Mail a link of one hour to the best address on file of whoever the link is about, or do nothing.

    Nothing tells the asker whether there is an address: it returns the same, and a mail server's refusal is logged.
    ``base`` is where the visitor is, for a house without a public address. Raises TooOften.
    """
    actions.count("letter", by)
    found = people.letter_addresses(by.link.person_key)
    if not found:
        return
    to = Identifier(Scheme.EMAIL, found[0])
    if not contact.may_answer_themselves(person_key=by.link.person_key, address=to, by=THEMSELVES, at=by.at):
        return
    kit = studio.kit_of()
    told = {"house": kit.name, "kit": kit, "url": links.hour_url(person_key=by.link.person_key, base=base, at=by.at)}
    subject = " ".join(render_to_string("careers/email/your_data_subject.txt", told).split())
    try:
        send_mail(subject, render_to_string("careers/email/your_data_message.txt", told), None, [found[0]])
    except (SMTPException, OSError):
        logger.exception("A link to somebody's own data was not sent.")
