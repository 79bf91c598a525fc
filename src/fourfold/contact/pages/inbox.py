"""What the inbox shows: mails with how each was read, what was done because of it, and what a colleague can say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.template.defaultfilters import date as day_words
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fourfold.accounts.types import Viewer
from fourfold.contact import access, queries, words
from fourfold.contact.queries import ElsewhereRow, FolderRow, MailRow
from fourfold.contact.rules.answers import apology, explanation
from fourfold.contact.types import Rule
from fourfold.contact.types.inbound import Anger, MailKind, ReplyClass

LABEL_WORDS = {
    ReplyClass.INTERESTED: gettext_lazy("Wants to hear more"),
    ReplyClass.NOT_NOW: gettext_lazy("Not now"),
    ReplyClass.REFERRAL: gettext_lazy("Names somebody else"),
    ReplyClass.NOT_INTERESTED: gettext_lazy("Not interested"),
    ReplyClass.STOP: gettext_lazy("Stop"),
    ReplyClass.WRONG_PERSON: gettext_lazy("Wrong person"),
    ReplyClass.OUT_OF_OFFICE: gettext_lazy("Away"),
    ReplyClass.COMPLAINT: gettext_lazy("Complaint"),
}
LABEL_TONES = {
    ReplyClass.INTERESTED: "success",
    ReplyClass.REFERRAL: "success",
    ReplyClass.STOP: "danger",
    ReplyClass.COMPLAINT: "danger",
    ReplyClass.WRONG_PERSON: "warning",
}
KIND_WORDS = {
    MailKind.BOUNCE: gettext_lazy("Came back"),
    MailKind.COMPLAINT_REPORT: gettext_lazy("Called spam"),
    MailKind.AUTO_REPLY: gettext_lazy("Away"),
    MailKind.LOOP: gettext_lazy("Our own"),
    MailKind.OTHER: gettext_lazy("A letter"),
    MailKind.REPLY: gettext_lazy("An answer"),
}
DONE = {
    "closed": gettext_lazy("The address does not exist: nothing is sent to it any more."),
    "bounced": gettext_lazy("The address does not exist; their record has another one by now."),
    "complained": gettext_lazy("They called a mail of ours spam: nothing is sent to that address any more."),
    "paused": gettext_lazy("A server refuses our mail: the mailbox is paused until somebody looked."),
    "soft": gettext_lazy("It could not be delivered this time; the address stays."),
    "delayed": gettext_lazy("Their server still tries."),
    "unknown": gettext_lazy("It is about no mail that we know."),
    "known": gettext_lazy("The same had been reported before."),
}
WHICH = {
    "look": gettext_lazy("Need somebody"),
    "all": gettext_lazy("All words of people"),
    "machines": gettext_lazy("Bounces and machines"),
    "elsewhere": gettext_lazy("Sent from elsewhere"),
}


def badge(row: MailRow) -> tuple[str, str]:
    """(words, tone) of how a mail was read; unsure ones say so."""
    if row.label:
        label = ReplyClass(row.label)
        said = str(LABEL_WORDS[label])
        if label is ReplyClass.NOT_NOW and row.until:
            said = _("Not before %(day)s") % {"day": day_words(row.until, "j M Y")}
        if not row.sure:
            return _("%(what)s?") % {"what": said}, "warning"
        return said, LABEL_TONES.get(label, "neutral")
    if row.kind in set(MailKind):
        kind = MailKind(row.kind)
        return str(KIND_WORDS[kind]), "warning" if kind in (MailKind.BOUNCE, MailKind.COMPLAINT_REPORT) else "neutral"
    return _("A mail"), "neutral"


def mail_line(row: MailRow) -> Mapping[str, Any]:
    """A mail in one line."""
    said, tone = badge(row)
    about = [row.words or row.subject]
    if row.trouble:
        about.append(row.trouble)
    return {
        "row": row,
        "who": row.person or row.address or _("nobody we know"),
        "read_as": said,
        "tone": tone,
        "about": " · ".join(one for one in about if one),
        "other_address": row.other_address,
    }


def inbox_values(viewer: Viewer, *, which: str, before: str, at: datetime) -> dict[str, Any]:
    """The inbox. Raises NotFound for a page that isn't there."""
    which = which if which in WHICH else "look"
    values: dict[str, Any] = {"which": which, "views": [(code, str(said)) for code, said in WHICH.items()]}
    if which == "elsewhere":
        found = queries.sent_elsewhere(viewer, at=at)
        return {**values, "elsewhere": [elsewhere_line(one) for one in found], "count": len(found), "older": ""}
    page = queries.mails(viewer, which=which, before=before)
    values["lines"] = [mail_line(row) for row in page.rows]
    return {
        **values,
        "older": page.older,
        "count": len(page.rows),
        "heading": _heading(which, len(page.rows), more=bool(page.older)),
        "folders": [folder_line(row) for row in queries.folders(viewer)] if not before else [],
    }


def _heading(which: str, count: int, *, more: bool) -> str:
    if which != "look":
        return str(WHICH[which])
    if not count:
        return _("Nobody waits for an answer")
    if more:
        return _("Many mails need somebody")
    return ngettext("%(n)s mail needs somebody", "%(n)s mails need somebody", count) % {"n": count}


def elsewhere_line(row: ElsewhereRow) -> Mapping[str, Any]:
    """A mail sent from elsewhere, with its verdict."""
    return {
        "row": row,
        "verdict": str(words.VERDICT_WORDS[row.verdict]),
        "tone": words.VERDICT_TONES[row.verdict],
        "kind": str(words.CLASS_WORDS[row.message_class]),
        "rule": str(words.RULE_WORDS[Rule(row.rule)]) if row.rule else "",
    }


def folder_line(row: FolderRow) -> Mapping[str, Any]:
    """How far a folder was read, in a sentence."""
    if row.checked_at is None:
        said = _("not compared with the server yet")
    elif row.unread > 0:
        said = _("%(n)s of the server’s %(all)s mails are missing here; they are tried again") % {
            "n": f"{row.unread:,}", "all": f"{row.on_server:,}",
        }  # fmt: skip
    else:
        said = _("all %(all)s mails since it was connected are here") % {"all": f"{row.on_server:,}"}
    return {"row": row, "said": said, "amiss": row.unread > 0, "trouble": row.trouble}


def mail_values(viewer: Viewer, key: UUID) -> dict[str, Any]:
    """One mail: its words, what it was read as and why, what followed, and what can be said about it."""
    page = queries.mail(viewer, key)
    row = page.row
    first = (row.person or "").split(" ")[0]
    draft = ""
    if row.label == ReplyClass.COMPLAINT:
        draft = apology(first)
    elif row.anger == Anger.CRANKY:
        draft = explanation(first)
    return {
        "page": page,
        "line": mail_line(row),
        "said": said_done(row),
        "draft": draft,
        "labels": [(one.value, str(said), one == row.label) for one, said in LABEL_WORDS.items()],
        "may_correct": row.person_key is not None and row.kind in (MailKind.REPLY, MailKind.OTHER),
        "may_write": access.may_write(viewer) and row.person_key is not None,
    }


def _day(text: str) -> str:
    return day_words(date.fromisoformat(text), "j M Y")


def said_done(row: MailRow) -> list[str]:
    """What was done because of a mail, in sentences."""
    found = []
    for code in row.did:
        kind, _colon, value = code.partition(":")
        if kind in ("objected", "said"):
            everything = value == "all"
            found.append(
                _("Nothing is sent to them any more.") if everything
                else _("What this mail answers (%(purpose)s) is not sent to them any more.") % {"purpose": value}
            )  # fmt: skip
        elif kind == "not_now":
            found.append(_("Nobody approaches them before %(day)s.") % {"day": _day(value)})
        elif kind == "case":
            found.append(_("It is a case: the leaders have a task to answer by %(day)s.") % {"day": _day(value)})
        elif kind in DONE:
            found.append(str(DONE[kind]))
    return found
