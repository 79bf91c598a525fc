"""Verdicts in plain words: what happened, why, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.template.defaultfilters import date as day_words
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fourfold.contact.types import Channel, Decision, DeliveryState, Effect, Finding, MessageClass, Rule, Step, Verdict

CLASS_WORDS = {
    MessageClass.MARKETING: gettext_lazy("Marketing"),
    MessageClass.ASKED_FOR: gettext_lazy("Asked for"),
    MessageClass.APPROACH: gettext_lazy("Approach"),
    MessageClass.WORKING: gettext_lazy("Work"),
    MessageClass.CONVERSATION: gettext_lazy("Conversation"),
    MessageClass.SERVICE: gettext_lazy("Service"),
    MessageClass.LEGAL: gettext_lazy("Legal"),
}
WHY_WORDS = {
    "matter": gettext_lazy("it answers a matter of law (%(value)s)"),
    "owed": gettext_lazy("it is owed to somebody we work with"),
    "thread": gettext_lazy("they keep up this conversation (%(value)s)"),
    "subscribed": gettext_lazy("they subscribed to %(value)s"),
    "registered": gettext_lazy("they are registered with us"),
    "nobody_asked": gettext_lazy("nobody asked for it"),
    "open_job": gettext_lazy("they have an open job with us (%(value)s)"),
    "terms": gettext_lazy("our terms with %(value)s are accepted"),
    "assignment": gettext_lazy("they are on assignment with us"),
    "in_process": gettext_lazy("they are in a process with us"),
    "did_not_ask": gettext_lazy("they did not ask to hear from us"),
}
CHANNEL_WORDS = {
    Channel.EMAIL: gettext_lazy("E-mail"),
    Channel.SMS: gettext_lazy("Text message"),
    Channel.WHATSAPP: gettext_lazy("WhatsApp"),
    Channel.PHONE: gettext_lazy("Call"),
    Channel.LINKEDIN: gettext_lazy("LinkedIn"),
    Channel.SOCIAL: gettext_lazy("Social message"),
    Channel.POST: gettext_lazy("Letter"),
}
RULE_WORDS = {
    Rule.DO_NOT_CONTACT: gettext_lazy("Do not contact"),
    Rule.DEAD_ADDRESS: gettext_lazy("Address"),
    Rule.OBJECTED: gettext_lazy("Objection"),
    Rule.OFF_LIMITS: gettext_lazy("Off limits"),
    Rule.NO_BASIS: gettext_lazy("Lawful basis"),
    Rule.NOT_AT_WORK: gettext_lazy("Not at work"),
    Rule.NOTICE: gettext_lazy("Privacy notice"),
    Rule.CONVERSATION: gettext_lazy("Someone else’s conversation"),
    Rule.NOT_NOW: gettext_lazy("Not now"),
    Rule.CAPS: gettext_lazy("How often"),
    Rule.QUIET_HOURS: gettext_lazy("Quiet hours"),
}
VERDICT_WORDS = {
    Verdict.ALLOWED: gettext_lazy("May go"),
    Verdict.EXCEPTION: gettext_lazy("May go, by exception"),
    Verdict.HELD: gettext_lazy("Held"),
    Verdict.REFUSED: gettext_lazy("Does not go"),
}
VERDICT_TONES = {
    Verdict.ALLOWED: "success",
    Verdict.EXCEPTION: "warning",
    Verdict.HELD: "warning",
    Verdict.REFUSED: "danger",
}
VERDICT_ICONS = {
    Verdict.ALLOWED: "circle-check",
    Verdict.EXCEPTION: "alert-triangle",
    Verdict.HELD: "clock",
    Verdict.REFUSED: "hand-stop",
}
STATE_WORDS = {
    DeliveryState.PENDING: gettext_lazy("Waiting"),
    DeliveryState.CLAIMED: gettext_lazy("On its way"),
    DeliveryState.SENT: gettext_lazy("Sent"),
    DeliveryState.HELD: gettext_lazy("Held"),
    DeliveryState.SKIPPED: gettext_lazy("Not sent"),
    DeliveryState.FAILED: gettext_lazy("Failed"),
    DeliveryState.AMBIGUOUS: gettext_lazy("Unclear"),
}
STATE_TONES = {
    DeliveryState.SENT: "success",
    DeliveryState.HELD: "warning",
    DeliveryState.AMBIGUOUS: "warning",
    DeliveryState.SKIPPED: "neutral",
    DeliveryState.FAILED: "danger",
}
FINDINGS = {
    "erased": gettext_lazy("They were erased, or their address belongs to somebody who was."),
    "stop_all": gettext_lazy("They asked us not to contact them."),
    "no_address": gettext_lazy("No address of theirs is on file for this."),
    "bounced": gettext_lazy("The address does not exist: mail to it came back."),
    "complained": gettext_lazy("They complained about a message to this address."),
    "objected": gettext_lazy("They objected to this kind of message."),
    "no_calls": gettext_lazy("They asked not to be called."),
    "off_limits": gettext_lazy("Off limits by “%(clause)s” of %(organisation)s%(until_words)s."),
    "placed": gettext_lazy("We placed them%(until_words)s: the house leaves them alone so long."),
    "no_assessment": gettext_lazy("The house has not written down why it may approach people (GDPR Art. 6(1)(f))."),
    "no_consent": gettext_lazy("The law there (%(law)s) asks for consent, and none stands."),
    "not_screened": gettext_lazy("The number was not screened against %(register)s in the last %(days)s days."),
    "not_at_work": gettext_lazy("They asked not to be reached at work."),
    "good_moment": gettext_lazy("You reach them at work: ask first whether now is a good moment."),
    "names_job": gettext_lazy("It names the new job where colleagues of theirs may see or hear it."),
    "notice_overdue": gettext_lazy("They should have been told by %(due)s where we have their details from."),
    "carry_notice": gettext_lazy("This is the first message: it tells where their details came from."),
    "in_process": gettext_lazy("They are in a process with us and hear of no rival job."),
    "someone_elses": gettext_lazy("%(who)s speaks with them, until %(until)s."),
    "asked": gettext_lazy("%(who)s was asked; without an answer it is yours from %(free_at)s."),
    "refused_by_colleague": gettext_lazy("%(who)s asked you to wait, until %(until)s."),
    "not_now": gettext_lazy("They said not now, ask me from %(until)s."),
    "cap_none": gettext_lazy("The house sends none of these."),
    "cap_approach": gettext_lazy("%(cap)s approaches in %(days)s days is the most, then %(rest)s days’ rest. %(went)s"),
    "cap_marketing": gettext_lazy("%(cap)s messages in %(days)s days is the most we send to one person. %(went)s"),
    "quiet": gettext_lazy("It is quiet there now: night, weekend or a public holiday%(zone_words)s."),
}
STEPS = {
    Step.OTHER_ADDRESS: gettext_lazy("Use another address of theirs."),
    Step.THEIR_WORD: gettext_lazy("Only their own word lifts it: log it under what they wish."),
    Step.RECORD_CONSENT: gettext_lazy("Record their consent, with the words they agreed to."),
    Step.STORE_ASSESSMENT: gettext_lazy("A leader writes the assessment, on the page of the contact policy."),
    Step.SCREEN_NUMBER: gettext_lazy("Screen the number and log the day."),
    Step.REWORD: gettext_lazy("Leave the job out of the subject."),
    Step.GIVE_NOTICE: gettext_lazy("Send them the notice."),
    Step.DECLARE: gettext_lazy("Declare what people of this source were told, or send the notice."),
    Step.ASK_COLLEAGUE: gettext_lazy("Ask them: no answer by the end of the next working day is a yes."),
    Step.ASK_LEADER: gettext_lazy("A leader may make an exception, with a reason."),
}


def class_words(message_class: MessageClass, why: str) -> str:
    """The class with its reason: “Work: our terms with Harbour Systems are accepted”."""
    code, _colon, value = why.partition(":")
    reason = WHY_WORDS.get(code)
    words = str(reason) % {"value": value} if reason else value
    return f"{CLASS_WORDS[message_class]}: {words}" if words else str(CLASS_WORDS[message_class])


def _moment(text: str, zone: str) -> str:
    try:
        return moment_words(datetime.fromisoformat(text), zone)
    except ValueError:
        return text


def moment_words(at: datetime, zone: str) -> str:
    """A moment where the reader is: “Wed 4 Mar 2026, 08:00”."""
    return str(day_words(at.astimezone(ZoneInfo(zone)), "D j M Y, H:i"))


def _day(text: str) -> str:
    return str(day_words(date.fromisoformat(text), "j M Y")) if text else ""


def _went(text: str, zone: str) -> str:
    """What went out: “Went out: Tue 3 Mar by Ana (e-mail); …”."""
    parts = []
    for one in text.split("; ") if text else []:
        at, who, channel = one.split("|")
        day = day_words(datetime.fromisoformat(at).astimezone(ZoneInfo(zone)), "j M")
        way = CHANNEL_WORDS.get(Channel(channel), channel) if channel in set(Channel) else channel
        by = _("%(day)s by %(who)s (%(way)s)") if who else _("%(day)s (%(way)s)")
        parts.append(by % {"day": day, "who": who, "way": str(way).lower()})
    return _("Went out: %(list)s.") % {"list": "; ".join(parts)} if parts else ""


def finding_words(found: Finding, zone: str) -> str:
    """One rule that fired, as a sentence."""
    held: dict[str, str] = dict(found.values)
    code = "placed" if found.code == "off_limits" and held.get("clause") == "placed" else found.code
    until = held.get("until", "")
    if code in ("off_limits", "placed"):
        held["until_words"] = _(", until %(day)s") % {"day": _day(until)} if until else ""
    elif code in ("not_now",):
        held["until"] = _day(until)
    elif until:
        held["until"] = _moment(until, zone)
    if held.get("due"):
        held["due"] = _day(held["due"])
    if held.get("free_at"):
        held["free_at"] = _moment(held["free_at"], zone)
    if "went" in held:
        held["went"] = _went(held["went"], zone)
    if code == "quiet":
        where = held.get("zone") or held.get("sender_zone", "")
        held["zone_words"] = f" ({where.split('/')[-1].replace('_', ' ')})" if where else ""
    held["who"] = held.get("who") or _("A colleague")
    words = str(FINDINGS[code]) % held
    if found.effect is Effect.EXCEPTED:
        words += " " + _("Excepted by %(by)s: %(why)s.") % {"by": held.get("by", ""), "why": held.get("why", "")}
    return words.strip()


def step_words(decision: Decision, zone: str) -> str:
    """What the sender can do: when it may go, or the one step that frees it."""
    found = decision.decisive
    if found is None:
        return ""
    parts = []
    if decision.retry_at is not None:
        parts.append(_("It may go from %(moment)s.") % {"moment": moment_words(decision.retry_at, zone)})
    if found.step in STEPS:
        parts.append(str(STEPS[found.step]))
    elif not parts and found.rule is Rule.DO_NOT_CONTACT:
        parts.append(_("Nothing leaves for them, from anybody here."))
    return " ".join(parts)


def verdict_values(message_class: MessageClass, why: str, decision: Decision, zone: str) -> Mapping[str, object]:
    """A verdict as templates show it."""
    return {
        "verdict": str(VERDICT_WORDS[decision.verdict]),
        "tone": VERDICT_TONES[decision.verdict],
        "icon": VERDICT_ICONS[decision.verdict],
        "message_class": class_words(message_class, why),
        "findings": [
            {"rule": str(RULE_WORDS[one.rule]), "text": finding_words(one, zone), "blocks": one == decision.decisive}
            for one in decision.findings
        ],
        "step": step_words(decision, zone),
        "may_go": decision.may_go,
        "waits": decision.verdict is Verdict.HELD and decision.retry_at is not None,
        "decision": decision,
    }
