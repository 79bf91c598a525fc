"""What a person's pages show of the gate: may we write, may we ring, what went out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fourfold.accounts.types import Viewer
from fourfold.contact import access, queries, words
from fourfold.contact.queries import MailPage
from fourfold.contact.types import Aim, Channel, Decision, DeliveryState, DraftFlag, Intent, Preview, Rule, WentRow
from fourfold.contact.types.inbound import ReplyClass
from fourfold.people import queries as people
from fourfold.people.types import Identifier, Scheme

THEIR_SIDE = frozenset({Rule.NOT_NOW, Rule.NOT_AT_WORK, Rule.CONVERSATION, Rule.CAPS})
"""Rules whose reason tells what somebody looks for, or that others approach them."""
ASKED = (Channel.EMAIL, Channel.PHONE)


def intent_for(viewer: Viewer, key: UUID, channel: Channel, *, to: str = "", names_job: bool = False) -> Intent:
    """What a colleague means when they write to or ring one person."""
    address = Identifier(Scheme.EMAIL, to) if to and channel is Channel.EMAIL else None
    flags = frozenset({DraftFlag.NAMES_JOB}) if names_job else frozenset()
    return Intent(person_key=key, aim=Aim.WRITE, channel=channel, by=viewer.user_key, address=address, flags=flags)


def shown(viewer: Viewer, key: UUID, found: Preview) -> Mapping[str, Any]:
    """A verdict as this viewer may read it: reasons of a hidden candidate side are for its owner and leaders."""
    case, decision = found.case, found.decision
    values = dict(words.verdict_values(case.message_class, case.why, decision, viewer.zone))
    if not people.may_see_candidate_side(viewer, key):
        hidden = [one.rule in THEIR_SIDE for one in decision.findings]
        rows = zip(list(values["findings"]), hidden, strict=True)  # type: ignore[call-overload]
        secret = {"rule": _("Their candidate side"), "text": _("The reason is for its owner and leaders.")}
        values["findings"] = [{**row, **secret} if hide else row for row, hide in rows]
        if decision.decisive and decision.decisive.rule in THEIR_SIDE:
            values["step"] = _("Ask the owner of their record, or a leader.")
    values["channel"] = str(words.CHANNEL_WORDS[case.channel])
    values["address"] = found.address
    return values


def panel_values(viewer: Viewer, key: UUID, at: datetime) -> Mapping[str, Any]:
    """May this colleague write to them or ring them now, and what went out lately."""
    found = queries.may_contact([intent_for(viewer, key, channel) for channel in ASKED], at=at)
    return {
        "key": key,
        "verdicts": [shown(viewer, key, one) for one in found],
        "went": [went_line(row, viewer) for row in queries.went_to(viewer, key, limit=5)],
        "may_write": access.may_write(viewer),
    }


def went_line(row: WentRow, viewer: Viewer) -> Mapping[str, Any]:
    """One thing that went out or did not, in words."""
    parts = [row.by]
    if row.state is DeliveryState.HELD:
        parts.append(_("until %(moment)s") % {"moment": words.moment_words(row.not_before, viewer.zone)})
    elif row.reason:
        rule = words.RULE_WORDS.get(Rule(row.reason)) if row.reason in set(Rule) else None
        parts.append(str(rule or REASONS.get(row.reason, row.reason)))
    return {
        "key": row.key,
        "at": row.at,
        "channel": str(words.CHANNEL_WORDS[row.channel]),
        "kind": str(words.CLASS_WORDS[row.message_class]) if row.message_class else "",
        "state": str(words.STATE_WORDS[row.state]),
        "tone": words.STATE_TONES.get(row.state, "neutral"),
        "subject": row.subject,
        "more": " · ".join(part for part in parts if part),
        "unclear": row.state is DeliveryState.AMBIGUOUS,
    }


REASONS = {
    "expired": _("out of date"),
    "stopped": _("stopped"),
    "no_such_mailbox": _("no such mailbox"),
    "bounced": _("it came back"),
    "put_off": _("put off too often"),
    "content": _("the server refused what it says"),
    "mailbox": _("their mailbox takes nothing"),
    "merged": _("another record of theirs got it"),
    "erased": _("they were erased"),
}


def write_values(
    viewer: Viewer, key: UUID, at: datetime, *, to: str = "", names_job: bool = False, mail: UUID | None = None
) -> dict[str, Any]:
    """The page on which one person writes to one person; ``mail`` is the one they answer. Raises PersonNotFound,
    NotFound.
    """
    person = people.person_key_for(viewer, key)
    facts = people.contact_facts([person], at=at)[person]
    addresses = [one.identifier.value for one in facts.addresses if one.identifier.scheme is Scheme.EMAIL]
    intent = intent_for(viewer, person, Channel.EMAIL, to=to if to in addresses else "", names_job=names_job)
    answered = queries.mail(viewer, mail) if mail else None
    if answered is not None and answered.row.person_key == person:
        intent = _answering(intent, answered)
    [found] = queries.may_contact([intent], at=at)
    best = found.address or (addresses[0] if addresses else "")
    return {
        "key": person,
        "name": people.names([person], viewer=viewer)[person],
        "addresses": sorted(addresses, key=lambda one: one != best),
        "mailboxes": queries.mailboxes(viewer, at=at, to_send=True),
        "may_text": queries.may_text(viewer),
        "verdict": shown(viewer, person, found),
        "intent": intent,
        "answered": answered,
        "who": who_to_ask(found.decision),
        "may_except": access.may_set_policy(viewer),
    }


def first_words(mail: MailPage | None) -> dict[str, str]:
    """What an answer begins with: the subject of what it answers."""
    if mail is None:
        return {}
    subject = mail.row.subject
    return {"subject": subject if subject.lower().startswith("re:") else f"Re: {subject}"[:200]}


def _answering(intent: Intent, mail: MailPage) -> Intent:
    """The intent of an answer: within their conversation, or to a complaint of theirs, which a stop doesn't silence."""
    if mail.row.label == ReplyClass.COMPLAINT:
        return replace(intent, aim=Aim.LEGAL, matter=f"complaint of {mail.row.at:%Y-%m-%d}", thread=mail.thread)
    return replace(intent, thread=mail.thread)


def call_values(viewer: Viewer, key: UUID, at: datetime) -> dict[str, Any]:
    """The page on which a call is asked for and logged. Raises PersonNotFound."""
    person = people.person_key_for(viewer, key)
    [found] = queries.may_contact([intent_for(viewer, person, Channel.PHONE)], at=at)
    return {
        "key": person,
        "name": people.names([person], viewer=viewer)[person],
        "verdict": shown(viewer, person, found),
        "number": found.address,
        "who": who_to_ask(found.decision),
        "may_except": access.may_set_policy(viewer),
    }


def who_to_ask(decision: Decision) -> str:
    """The colleague to ask, where one stands before the message and wasn't asked yet."""
    found = decision.decisive
    if found is None or found.rule is not Rule.CONVERSATION or found.code != "someone_elses":
        return ""
    return dict(found.values).get("who", "")
