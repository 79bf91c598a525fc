"""What the pages of mailboxes show, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fourfold.accounts.types import Viewer
from fourfold.contact import access, queries
from fourfold.contact.types import MailboxRow, Transport
from fourfold.contact.types.mailboxes import SIGN_INS, MailboxPage, TrialRow
from fourfold.contact.types.transport import CheckState, OAuthProvider

LOST = timedelta(minutes=5)
"""After so long a trial that was begun and not done was cut short."""
WAY_WORDS = {
    Transport.MICROSOFT: gettext_lazy("Microsoft 365"),
    Transport.GOOGLE: gettext_lazy("Google"),
    Transport.SMTP: gettext_lazy("Mail server"),
    Transport.SES: gettext_lazy("Amazon SES"),
    Transport.MAILGUN: "Mailgun",
    Transport.POSTMARK: "Postmark",
    Transport.SENDGRID: "SendGrid",
    Transport.BREVO: "Brevo",
    Transport.TWILIO: gettext_lazy("Text messages"),
}
ABOUT = {
    Transport.MICROSOFT: gettext_lazy("A mailbox in Outlook. You sign in at Microsoft; no password is kept here."),
    Transport.GOOGLE: gettext_lazy("A mailbox in Gmail or Workspace. You sign in at Google; no password is kept here."),
    Transport.SMTP: gettext_lazy("Any other mailbox: host, user name and password, with its inbox by IMAP."),
    Transport.SES: gettext_lazy("For many messages. Needs SMTP credentials from Amazon."),
    Transport.MAILGUN: gettext_lazy("For many messages. Needs an API key and your sending domain."),
    Transport.POSTMARK: gettext_lazy("For many messages. Needs a server token."),
    Transport.SENDGRID: gettext_lazy("For many messages. Needs an API key."),
    Transport.BREVO: gettext_lazy("For many messages. Needs an API key."),
    Transport.TWILIO: gettext_lazy("By Twilio. Needs an account, its token, and a number."),
}
ICONS = {Transport.SMTP: "mail", Transport.TWILIO: "message", Transport.MICROSOFT: "login", Transport.GOOGLE: "login"}
GROUPS = (
    (gettext_lazy("A mailbox that people answer to"), (Transport.MICROSOFT, Transport.GOOGLE, Transport.SMTP)),
    (
        gettext_lazy("A service for many messages"),
        (Transport.SES, Transport.MAILGUN, Transport.POSTMARK, Transport.SENDGRID, Transport.BREVO),
    ),
    (gettext_lazy("Not mail"), (Transport.TWILIO,)),
)
NOTICES = frozenset(one for _title, ways in GROUPS[1:2] for one in ways)
PROVIDER_WORDS = {OAuthProvider.MICROSOFT: "Microsoft", OAuthProvider.GOOGLE: "Google"}
STATE_WORDS = {
    CheckState.GOOD: (gettext_lazy("good"), "success"),
    CheckState.WARN: (gettext_lazy("look at it"), "warning"),
    CheckState.BAD: (gettext_lazy("mend it"), "danger"),
    CheckState.UNKNOWN: (gettext_lazy("not known"), "quiet"),
}
CHECK_WORDS = {
    "sign-in": gettext_lazy("Signing in"),
    "reverse name": gettext_lazy("Reverse name"),
    "news": gettext_lazy("What becomes of messages"),
    "domain": gettext_lazy("Domain"),
}


def way_groups() -> list[dict[str, Any]]:
    """The ways to connect, as cards in groups."""
    return [
        {
            "title": title,
            "cards": [
                {"way": one.value, "title": WAY_WORDS[one], "about": ABOUT[one], "icon": ICONS.get(one, "send")}
                for one in ways
            ],
        }
        for title, ways in GROUPS
    ]


def mailboxes_values(viewer: Viewer, *, at: datetime) -> dict[str, Any]:
    """The accounts that mail leaves through, and the keys that sign it."""
    rows = queries.mailboxes(viewer, at=at)
    return {
        "lines": [mailbox_line(row) for row in rows],
        "sending": sum(not row.paused_at and not row.signed_out for row in rows),
        "keys": queries.domain_keys(),
        "may_keep": access.may_keep_mailboxes(viewer),
    }


def mailbox_line(row: MailboxRow) -> Mapping[str, Any]:
    """A mailbox as the list shows it."""
    way = Transport(row.transport)
    words, tone = _("sends"), "success"
    if row.paused_at:
        words, tone = _("paused"), "warning"
    elif row.signed_out:
        words, tone = _("not signed in"), "warning"
    elif row.trouble:
        words, tone = _("trouble"), "danger"
    whose = row.number if way is Transport.TWILIO else row.from_address
    return {"row": row, "way": WAY_WORDS[way], "state": words, "tone": tone, "whose": whose}


def mailbox_values(viewer: Viewer, key: UUID, *, at: datetime) -> dict[str, Any]:
    """One mailbox: how it is, what was tried, what to publish. Raises NotFound, NotAllowed."""
    page = queries.mailbox_page(key, viewer, at=at)
    way = Transport(page.row.transport)
    running = [one for one in (page.check, page.message) if one and not one.done_at and not _cut_short(one, at)]
    return {
        "page": page,
        "line": mailbox_line(page.row),
        "signs_in": PROVIDER_WORDS[SIGN_INS[way]] if way in SIGN_INS else "",
        "is_text": way is Transport.TWILIO,
        "takes_notices": way in NOTICES,
        "checks": check_lines(page),
        "check": trial_line(page.check, at),
        "message": trial_line(page.message, at),
        "running": bool(running),
        "trouble": "" if _said(page) else page.row.trouble,
    }


def _said(page: MailboxPage) -> bool:
    """Whether the page says already what the trouble is: nobody signed it in, or what the check found."""
    if page.row.signed_out:
        return True
    return bool(page.check and page.check.words and page.row.trouble.endswith(page.check.words))


def check_lines(page: MailboxPage) -> list[dict[str, Any]]:
    """What a check found, each with what to do about it and the record to publish."""
    return [
        {
            "about": CHECK_WORDS.get(one.about, one.about),
            "words": STATE_WORDS[one.state][0],
            "tone": STATE_WORDS[one.state][1],
            "finding": one.finding,
            "advice": one.advice,
            "publish": one.publish,
        }
        for one in page.checks
    ]


def trial_line(row: TrialRow | None, at: datetime) -> dict[str, Any] | None:
    """What became of a trial, in words."""
    if row is None:
        return None
    cut = not row.done_at and _cut_short(row, at)
    words = _("It was cut short, and nobody knows how far it came. Try again.") if cut else row.words
    return {
        "row": row,
        "running": not row.done_at and not cut,
        "words": words,
        "tone": "danger" if row.good is False else "success" if row.good else "warning",
    }


def _cut_short(row: TrialRow, at: datetime) -> bool:
    return row.begun_at is not None and at - row.begun_at > LOST
