"""Mails about applications and interviews: that one came in, an invitation with its calendar part, times to pick from.

All leave through the gate: what it refuses is said, and nothing else changes by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.defaultfilters import date as day_words
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.actor import HOUSE, Actor
from fourfold.contact import actions as contact
from fourfold.contact import queries as contact_queries
from fourfold.contact.types import (
    PUBLIC_LINKS,
    Aim,
    Channel,
    Draft,
    Intent,
    MailboxAccount,
    PersonSide,
    Queued,
    SendRefused,
)
from fourfold.jobs import models
from fourfold.jobs.queries.interviews import INTERVIEWERS
from fourfold.jobs.rules import calendar
from fourfold.jobs.types import MeetingKind, SubmissionState, Told
from fourfold.people import queries as people
from fourfold.people.types import Identifier, Scheme

KIND_WORDS = {
    MeetingKind.PHONE: gettext_lazy("by phone"),
    MeetingKind.VIDEO: gettext_lazy("by video"),
    MeetingKind.IN_PERSON: gettext_lazy("in person"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mail:
    """One mail of this room to one person."""

    person: UUID
    name: str
    job: models.Job
    aim: Aim
    draft: Draft
    side: PersonSide | None = None
    address: Identifier | None = None


def _sender(job: models.Job, viewer: Viewer | None, at: datetime) -> UUID | None:
    """The mailbox that writes: the colleague's own, else the house's for the job's brand; None where there is none."""
    if viewer is not None:
        own = [row for row in contact_queries.mailboxes(viewer, at=at, to_send=True) if row.own and not row.paused_at]
        if own:
            return own[0].key
    return contact_queries.house_mailbox(job.brand)


def _send(mail: _Mail, *, mailbox: UUID | None, by: Actor, at: datetime) -> Told:
    if mailbox is None:
        return Told(mail.name, _("the house has no mailbox that sends"))
    intent = Intent(
        person_key=mail.person, aim=mail.aim, channel=Channel.EMAIL, by=by.user_key, job=str(mail.job.key),
        side=mail.side, address=mail.address,
    )  # fmt: skip
    try:
        done = contact.queue_message(intent=intent, draft=mail.draft, mailbox=mailbox, by=by, at=at)
    except SendRefused as error:
        return Told(mail.name, f"{error.why} {error.todo}")
    if isinstance(done, Queued):
        return Told(mail.name)
    decisive = done.decision.decisive
    return Told(mail.name, _("the contact policy says no (%(rule)s)") % {
        "rule": decisive.rule.value.replace("_", " ") if decisive else "-",
    })  # fmt: skip


def _safe(text: str) -> str:
    """Words of ours and theirs in a draft, where double braces would be a place to fill."""
    return text.replace("{{", "{ {").replace("}}", "} }").replace("{%", "{ %")


def _one_line(text: str) -> str:
    return " ".join(_safe(text).split())[:180]


def confirm_application(*, key: UUID, at: datetime) -> Told | None:
    """Tell somebody that their application came, and until when they hear. None where they gave no e-mail address."""
    row = models.Application.objects.select_related("job").get(pk=key)
    if not people.letter_addresses(row.person_key):
        return None
    title, house = row.job.title, accounts.house_name()
    until = answer_by(at)
    text = _(
        "Hello {{ first_name }},\n\nthank you for applying for “%(job)s”. It has arrived, and one of us reads it.\n\n"
        "You hear from us by %(day)s, whichever way it goes. If something changes on your side, just answer "
        "this mail.\n\n%(house)s\n"
    ) % {"job": _safe(title), "day": day_words(until, "l j F"), "house": _safe(house)}
    draft = Draft(subject=_one_line(_("Your application has arrived: %(job)s") % {"job": title}), text=text)
    mail = _Mail(person=row.person_key, name="", job=row.job, aim=Aim.SERVICE, draft=draft)
    return _send(mail, mailbox=_sender(row.job, None, at), by=HOUSE, at=at)


def answer_by(at: datetime) -> date:
    """The day until which the house answers, so many working days from now."""
    today = at.astimezone(ZoneInfo(accounts.house_zone())).date()
    return calendar.working_days_after(today, settings.ANSWER_DAYS)


def send_invitations(
    interview: models.Interview, *, viewer: Viewer | None, by: Actor, at: datetime, cancelled: bool = False
) -> tuple[Told, ...]:
    """Send everybody concerned their copy of the invitation, or its cancellation; returns who is told and who isn't."""
    application, job = interview.application, interview.application.job
    mailbox = _sender(job, viewer, at)
    account = contact_queries.mailbox_account(mailbox) if mailbox else None
    to: list[tuple[UUID, PersonSide | None]] = [(application.person_key, None)]
    if interview.client_told:
        to += [(key, PersonSide.CLIENT) for key in _interviewers(job)]
    shown = people.names([key for key, side in to if side], viewer=viewer) if viewer else {}
    told = []
    for person, side in to:
        addresses, own = people.letter_addresses(person), people.own_record(person, at=at, subscribed=False).name
        name = shown.get(person, own)
        if not addresses:
            told.append(Told(name, _("there is no e-mail address on file")))
            continue
        mail = _invitation(interview, _To(person, name, own, side, addresses[0]), account, at, cancelled=cancelled)
        told.append(_send(mail, mailbox=mailbox, by=by, at=at))
    return tuple(told)


def _interviewers(job: models.Job) -> Sequence[UUID]:
    rows = models.HiringTeam.objects.filter(job=job, role__in=INTERVIEWERS, person_key__isnull=False)
    return list(dict.fromkeys(key for key in rows.values_list("person_key", flat=True) if key is not None))


@dataclass(frozen=True, slots=True)
class _To:
    """Somebody who is invited: their name as the viewer knows it, and as their own mail says it."""

    person: UUID
    name: str
    own_name: str
    side: PersonSide | None
    address: str


def _named_to_client(application: models.Application, at: datetime) -> str:
    """The candidate's name, where the client was sent it; else "": a profile without a name stays one."""
    sent = models.Submission.objects.filter(application=application, state=SubmissionState.SENT).order_by("-sent_at")
    if sent.values_list("profile__anonymous", flat=True).first() is not False:
        return ""
    return people.own_record(application.person_key, at=at, subscribed=False).name


def _invitation(
    interview: models.Interview, to: _To, account: MailboxAccount | None, at: datetime, *, cancelled: bool
) -> _Mail:
    job = interview.application.job
    is_client = to.side is PersonSide.CLIENT
    candidate = _named_to_client(interview.application, at) if is_client else ""
    about = f"{job.title}: {candidate}" if candidate else job.title
    summary = _one_line(_("Interview: %(about)s") % {"about": about})
    when = when_words(interview.starts_at, interview.zone)
    invitation = calendar.Invitation(
        interview=interview.key, sequence=interview.sequence, starts_at=interview.starts_at,
        ends_at=interview.ends_at, summary=summary, place=interview.place, about=_about(interview),
        organiser=account.from_address if account else "", organiser_name=account.from_name if account else "",
        attendee=to.address, attendee_name=to.own_name, made_at=at, cancelled=cancelled,
    )  # fmt: skip
    draft = Draft(
        subject=_one_line(_subject(interview, summary, when, cancelled=cancelled)),
        text=_text(interview, when, about, cancelled=cancelled),
        calendar=calendar.invitation(invitation),
    )
    aim = Aim.WRITE if is_client else Aim.SERVICE
    return _Mail(
        person=to.person, name=to.name, job=job, aim=aim, draft=draft, side=to.side,
        address=Identifier(Scheme.EMAIL, to.address),
    )  # fmt: skip


def when_words(at: datetime, zone: str) -> str:
    """A moment on the wall clock of a zone, with the zone's name: “Mon 23 Nov 2026, 10:30 (Europe/London, GMT)”."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{day_words(there, 'D j M Y, H:i')} ({zone.replace('_', ' ')}, {there.tzname()})"


def _subject(interview: models.Interview, summary: str, when: str, *, cancelled: bool) -> str:
    if cancelled:
        return _("Cancelled: %(summary)s") % {"summary": summary}
    if interview.sequence:
        return _("New time: %(summary)s, %(when)s") % {"summary": summary, "when": when}
    return _("%(summary)s, %(when)s") % {"summary": summary, "when": when}


def _about(interview: models.Interview) -> str:
    lines = [_("Interview %(round)s, %(kind)s") % {
        "round": interview.round, "kind": KIND_WORDS[MeetingKind(interview.kind)],
    }]  # fmt: skip
    lines += [_("With: %(who)s") % {"who": interview.with_people}] if interview.with_people else []
    return "\n".join(lines)


def _text(interview: models.Interview, when: str, about: str, *, cancelled: bool) -> str:
    if cancelled:
        said = _("the interview for “%(job)s” on %(when)s will not take place. We are sorry for the trouble.")
        why = [_safe(interview.settled_why)] if interview.settled_why else []
        tail = _("If you have a question, just answer this mail.")
    else:
        said = _("here is the invitation to the interview for “%(job)s”: %(when)s.")
        why = []
        tail = _("The invitation is in this mail for your calendar. If the time doesn't suit you, just answer.")
    minutes = round((interview.ends_at - interview.starts_at).total_seconds() / 60)
    facts = [] if cancelled else [
        _("How: %(kind)s, %(minutes)s minutes") % {
            "kind": KIND_WORDS[MeetingKind(interview.kind)], "minutes": minutes,
        },
        *([_("Where: %(place)s") % {"place": _safe(interview.place)}] if interview.place else []),
        *([_("With: %(who)s") % {"who": _safe(interview.with_people)}] if interview.with_people else []),
    ]  # fmt: skip
    opening = said % {"job": _safe(about), "when": when}
    blocks = ["Hello {{ first_name }},", opening, *why, "\n".join(facts), tail, "{{ sender_name }}"]
    return "\n\n".join(block for block in blocks if block) + "\n"


def invite_to_pick(invite: models.SlotInvite, *, viewer: Viewer, by: Actor, at: datetime) -> Told:
    """Ask somebody to pick one of the times, by a signed link of their own."""
    application, times = invite.application, invite.slot_set
    job = times.job
    name = people.own_record(application.person_key, at=at, subscribed=False).name
    if not people.letter_addresses(application.person_key):
        return Told(name, _("there is no e-mail address on file"))
    url = PUBLIC_LINKS[0].slot_url(person_key=application.person_key, invite=invite.key)
    text = _(
        "Hello {{ first_name }},\n\nwe would like to talk with you about “%(job)s”: %(minutes)s minutes, %(kind)s.\n\n"
        "Please pick the time that suits you best, by %(until)s:\n%(url)s\n\n"
        "Somebody else may pick the same time a moment before you; then the page shows what is left. If none of "
        "them fits, say so there.\n\n{{ sender_name }}\n"
    ) % {
        "job": _safe(job.title), "minutes": times.minutes, "kind": KIND_WORDS[MeetingKind(times.kind)],
        "until": when_words(times.closes_at, times.zone), "url": url,
    }  # fmt: skip
    draft = Draft(subject=_one_line(_("Pick a time: %(job)s") % {"job": job.title}), text=text)
    mail = _Mail(person=application.person_key, name=name, job=job, aim=Aim.SERVICE, draft=draft)
    return _send(mail, mailbox=_sender(job, viewer, at), by=by, at=at)
