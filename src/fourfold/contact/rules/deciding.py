"""May it go now? The rules of the gate in their order; a table rule × class stands in the README beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fourfold.contact.rules.hours import next_open
from fourfold.contact.types import (
    Case,
    Channel,
    Counted,
    Decision,
    DraftFlag,
    Effect,
    Finding,
    LawPack,
    MessageClass,
    PersonSide,
    Policy,
    Rule,
    Step,
    Verdict,
)
from fourfold.people.types import NoticeState, Purpose

EXCEPTABLE = frozenset({Rule.OFF_LIMITS, Rule.CONVERSATION, Rule.NOT_NOW, Rule.CAPS, Rule.QUIET_HOURS})
"""What a named leader may lift with a reason: what protects the house's manners, never what somebody wished."""

TICK = timedelta(microseconds=1)
ROUNDS = 60  # moments tried in search of the first that is allowed
WRITTEN = frozenset({Channel.EMAIL, Channel.SMS, Channel.WHATSAPP, Channel.SOCIAL, Channel.LINKEDIN})
UNASKED = frozenset({MessageClass.MARKETING, MessageClass.APPROACH})
NO_HURRY = UNASKED | {MessageClass.ASKED_FOR}
ABOUT_CAREERS = NO_HURRY | {MessageClass.WORKING, MessageClass.SERVICE}
OWED = frozenset({NoticeState.OWED, NoticeState.PLANNED})


def decide(case: Case, policy: Policy) -> Decision:
    """Decide whether one message may go to one person at ``case.at``.

    Every rule that fired is named, the strongest decides: a wish beats a missing basis, which beats the caps, which
    beat quiet hours. ``retry_at`` is the first moment at which it would be allowed, None where
    time alone frees nothing.

    Units: days are elapsed time and include their old end; quiet hours are the person's wall clock.
    Errors: ValueError if ``case.at`` has no time zone; KeyError if the policy lacks the pack ``case.law``.
    Source: GDPR Art. 14, 21(2)-(3); PECR reg. 22; contact/README.md for the caps.
    """
    if case.at.tzinfo is None:
        raise ValueError(f"at needs a time zone: {case.at!r}")
    decision = _now(case, policy)
    if decision.verdict is not Verdict.HELD:
        return decision
    return replace(decision, retry_at=_first_allowed(case, policy, decision))


def kept(verdict: Verdict, findings: tuple[Finding, ...], retry_at: datetime | None) -> Decision:
    """A decision again, from what its receipt kept."""
    return Decision(verdict, findings, retry_at)


def _now(case: Case, policy: Policy) -> Decision:
    pack = policy.pack(case.law)
    findings = tuple(_excepted(one, case) for rule in RULES for one in rule(case, policy, pack))
    effects = [one.effect for one in findings]
    verdict = Verdict.ALLOWED
    blocking = next((one for one in findings if one.effect in (Effect.REFUSES, Effect.HOLDS)), None)
    if blocking is not None:
        verdict = Verdict.REFUSED if Effect.REFUSES in effects else Verdict.HELD
    elif Effect.EXCEPTED in effects:
        verdict = Verdict.EXCEPTION
    return Decision(verdict, findings, carry_notice=_carries(case, pack))


def _first_allowed(case: Case, policy: Policy, decision: Decision) -> datetime | None:
    """Go from one moment at which a hold ends to the next, until nothing holds."""
    at = case.at
    for _ in range(ROUNDS):
        ends = [one.retry_at for one in decision.findings if one.effect is Effect.HOLDS]
        later = [end for end in ends if end is not None]
        if len(later) < len(ends) or not later or max(later) <= at:
            return None
        at = max(later)
        decision = _now(replace(case, at=at), policy)
        if decision.may_go:
            return at
        if decision.verdict is Verdict.REFUSED:
            return None
    return None


def _excepted(found: Finding, case: Case) -> Finding:
    if found.effect is Effect.WARNS or found.rule not in EXCEPTABLE or case.exempt is None:
        return found
    if found.rule in case.exempt.rules and case.at < case.exempt.until:
        values = (*found.values, ("by", case.exempt.by), ("why", case.exempt.why))
        return replace(found, effect=Effect.EXCEPTED, values=values)
    return found


def _carries(case: Case, pack: LawPack) -> bool:
    """Whether the message must carry the notice: the first one to a sourced person, of whatever class."""
    return pack.notice and case.notice in OWED and case.message_class is not MessageClass.LEGAL


def _do_not_contact(case: Case, policy: Policy, pack: LawPack) -> Iterator[Finding]:
    if case.erased:
        yield Finding(Rule.DO_NOT_CONTACT, Effect.REFUSES, "erased")
    elif case.stop_all and case.message_class is not MessageClass.LEGAL:
        yield Finding(Rule.DO_NOT_CONTACT, Effect.REFUSES, "stop_all", step=Step.THEIR_WORD)


def _dead_address(case: Case, policy: Policy, pack: LawPack) -> Iterator[Finding]:
    if case.no_address:
        yield Finding(Rule.DEAD_ADDRESS, Effect.REFUSES, "no_address", step=Step.OTHER_ADDRESS)
    if case.bounced:
        yield Finding(Rule.DEAD_ADDRESS, Effect.REFUSES, "bounced", step=Step.OTHER_ADDRESS)
    if case.complained and case.message_class is not MessageClass.LEGAL:
        yield Finding(Rule.DEAD_ADDRESS, Effect.REFUSES, "complained", step=Step.OTHER_ADDRESS)


def _objected(case: Case, policy: Policy, pack: LawPack) -> Iterator[Finding]:
    if case.message_class is MessageClass.LEGAL or case.message_class is MessageClass.CONVERSATION:
        return
    if case.objected:
        values = (("purpose", case.purpose.value),)
        yield Finding(Rule.OBJECTED, Effect.REFUSES, "objected", values, step=Step.THEIR_WORD)
    if case.no_calls and case.channel is Channel.PHONE:
        yield Finding(Rule.OBJECTED, Effect.REFUSES, "no_calls", step=Step.OTHER_ADDRESS)


def _off_limits(case: Case, policy: Policy, pack: LawPack) -> Iterator[Finding]:
    if case.message_class is not MessageClass.APPROACH:
        return
    for one in case.off_limits:
        if one.until is None or _local_day(case) <= one.until:
            until = one.until.isoformat() if one.until else ""
            values = (("clause", one.clause), ("organisation", one.organisation), ("until", until))
            yield Finding(Rule.OFF_LIMITS, Effect.REFUSES, "off_limits", values, step=Step.ASK_LEADER)


def _no_basis(case: Case, policy: Policy, pack: LawPack) -> Iterator[Finding]:
    """Source: PECR reg. 22 (mail to individuals), reg. 21 (calls, registers); GDPR Art. 6(1)(f), the assessment."""
    if case.message_class not in UNASKED:
        return
    approach = case.message_class is MessageClass.APPROACH
    if approach and pack.assessment and not case.assessed:
        yield Finding(Rule.NO_BASIS, Effect.REFUSES, "no_assessment", step=Step.STORE_ASSESSMENT)
    if approach and not policy.job_is_marketing:
        return
    agreed = any(_serves(one.purpose, approach) and _covers(one.channel, one.soft, case, pack) for one in case.consents)
    values = (("law", pack.code), ("subscriber", case.subscriber.value))
    if case.channel in WRITTEN and case.subscriber in pack.consent and not agreed:
        yield Finding(Rule.NO_BASIS, Effect.REFUSES, "no_consent", values, step=Step.RECORD_CONSENT)
    if case.channel is Channel.PHONE and pack.screening and not agreed and not _screened(case, policy):
        values = (("register", pack.screening), ("days", str(policy.screening_days)))
        yield Finding(Rule.NO_BASIS, Effect.REFUSES, "not_screened", values, step=Step.SCREEN_NUMBER)


def _serves(purpose: Purpose, approach: bool) -> bool:
    return purpose is Purpose.MARKETING or (approach and purpose in (Purpose.APPROACH, Purpose.JOB_ALERTS))


def _covers(channel: str, soft: bool, case: Case, pack: LawPack) -> bool:
    if soft and not (pack.soft_opt_in and case.channel in (Channel.EMAIL, Channel.SMS)):
        return False
    return channel in ("", case.channel.value)


def _screened(case: Case, policy: Policy) -> bool:
    day = _local_day(case)
    return case.screened_on is not None and day - case.screened_on <= timedelta(days=policy.screening_days)


def _not_at_work(case: Case, policy: Policy, pack: LawPack) -> Iterator[Finding]:
    if not case.at_work or case.side is not PersonSide.CANDIDATE or case.message_class not in ABOUT_CAREERS:
        return
    if case.said_not_at_work:
        yield Finding(Rule.NOT_AT_WORK, Effect.REFUSES, "not_at_work", step=Step.OTHER_ADDRESS)
    elif case.channel is Channel.PHONE and case.message_class is MessageClass.APPROACH:
        yield Finding(Rule.NOT_AT_WORK, Effect.WARNS, "good_moment")
    if DraftFlag.NAMES_JOB in case.flags:
        yield Finding(Rule.NOT_AT_WORK, Effect.HOLDS, "names_job", step=Step.REWORD)


def _notice(case: Case, policy: Policy, pack: LawPack) -> Iterator[Finding]:
    """Source: GDPR Art. 14(3)(a)-(b): within a month, or with the first message."""
    if not _carries(case, pack):
        return
    overdue = case.notice_due_at is not None and case.notice_due_at < case.at
    if overdue and case.message_class in UNASKED:
        step = Step.DECLARE if case.imported else Step.GIVE_NOTICE
        due = case.notice_due_at.date().isoformat() if case.notice_due_at else ""
        yield Finding(Rule.NOTICE, Effect.HOLDS, "notice_overdue", (("due", due),), step=step)
    elif DraftFlag.CARRIES_NOTICE not in case.flags:
        yield Finding(Rule.NOTICE, Effect.WARNS, "carry_notice")


def _conversation(case: Case, policy: Policy, pack: LawPack) -> Iterator[Finding]:
    unasked_job = case.about_job and case.message_class in (MessageClass.MARKETING, MessageClass.ASKED_FOR)
    if case.rival_process and unasked_job:
        yield Finding(Rule.CONVERSATION, Effect.HOLDS, "in_process")
    if case.message_class is not MessageClass.APPROACH and not (unasked_job and case.bulk):
        return
    if case.message_class is MessageClass.ASKED_FOR:
        return
    held = [one for one in (_approached_by_others(case, policy), _speaks_with_others(case, policy)) if one]
    if not held:
        return
    until, who = max(held, key=lambda one: one[0])
    asked = case.asked
    if asked and (asked.granted or (asked.granted is None and asked.free_at <= case.at)):
        return
    if asked and asked.granted is None:
        values = (("who", who), ("free_at", asked.free_at.isoformat()))
        yield Finding(Rule.CONVERSATION, Effect.HOLDS, "asked", values, min(until, asked.free_at), Step.WAIT)
        return
    code, step = ("refused_by_colleague", Step.WAIT) if asked else ("someone_elses", Step.ASK_COLLEAGUE)
    yield Finding(Rule.CONVERSATION, Effect.HOLDS, code, (("who", who), ("until", until.isoformat())), until, step)


def _approached_by_others(case: Case, policy: Policy) -> tuple[datetime, str] | None:
    """Until when a colleague's unanswered approaches stand before ours, and whose they are."""
    since = [
        one
        for one in case.counted
        if one.message_class is MessageClass.APPROACH
        and one.by is not None
        and one.by != case.by
        and (case.heard_at is None or one.at > case.heard_at)
    ]
    found: tuple[datetime, str] | None = None
    for colleague in {one.by for one in since}:
        theirs = sorted((one for one in since if one.by == colleague), key=lambda one: one.at)
        days = policy.silence_days[min(len(theirs), len(policy.silence_days)) - 1] if policy.silence_days else 0
        until = theirs[-1].at + timedelta(days=days) + TICK
        if until > case.at and (found is None or until > found[0]):
            found = (until, theirs[-1].who)
    return found


def _speaks_with_others(case: Case, policy: Policy) -> tuple[datetime, str] | None:
    """Until when a colleague's live thread stands before ours, and whose it is."""
    live = [
        (at + timedelta(days=policy.thread_days) + TICK, who)
        for colleague, who, at in case.speaks_with
        if colleague != case.by and at + timedelta(days=policy.thread_days) >= case.at
    ]
    return max(live, default=None)


def _not_now(case: Case, policy: Policy, pack: LawPack) -> Iterator[Finding]:
    if case.not_before is None or case.message_class not in UNASKED or _local_day(case) >= case.not_before:
        return
    until = datetime.combine(case.not_before, time(0), _zone(case)).astimezone(UTC)
    values = (("until", case.not_before.isoformat()),)
    yield Finding(Rule.NOT_NOW, Effect.HOLDS, "not_now", values, until, Step.WAIT)


def _caps(case: Case, policy: Policy, pack: LawPack) -> Iterator[Finding]:
    if case.message_class is MessageClass.APPROACH:
        cap, days, rest = policy.approach_cap, policy.approach_days, policy.rest_days
    elif case.message_class is MessageClass.MARKETING:
        cap, days, rest = policy.marketing_cap, policy.marketing_days, 0
    else:
        return
    if cap is None:
        return
    values = (("cap", str(cap)), ("days", str(days)), ("rest", str(rest)))
    if cap == 0:
        yield Finding(Rule.CAPS, Effect.REFUSES, "cap_none", values, step=Step.ASK_LEADER)
        return
    moments = _counting(case)
    until = _rest_until(moments, cap, days, rest) if rest else _window_until(moments, cap, days, case.at)
    if until is not None and until > case.at:
        who = "; ".join(f"{one.at.isoformat()}|{one.who}|{one.channel.value}" for one in _latest(case, cap))
        code = "cap_approach" if rest else "cap_marketing"
        yield Finding(Rule.CAPS, Effect.HOLDS, code, (*values, ("went", who)), until, Step.WAIT)


def _same_class(case: Case) -> list[Counted]:
    return sorted((one for one in case.counted if one.message_class is case.message_class), key=lambda one: one.at)


def _counting(case: Case) -> list[datetime]:
    """The moments that count to the cap, oldest first: of the dials of a day that nobody took, the first."""
    seen: set[date] = set()
    moments: list[datetime] = []
    for one in _same_class(case):
        day = one.at.astimezone(_zone(case)).date()
        if one.unanswered and day in seen:
            continue
        if one.unanswered:
            seen.add(day)
        moments.append(one.at)
    return moments


def _latest(case: Case, several: int) -> list[Counted]:
    return _same_class(case)[-several:]


def _window_until(moments: list[datetime], cap: int, days: int, at: datetime) -> datetime | None:
    """Until when ``cap`` of the moments lie within the last ``days``; the old end still counts."""
    inside = [one for one in moments if one >= at - timedelta(days=days)]
    return inside[-cap] + timedelta(days=days) + TICK if len(inside) >= cap else None


def _rest_until(moments: list[datetime], cap: int, days: int, rest: int) -> datetime | None:
    """The end of the rest after the last time that ``cap`` of the moments lay within ``days``."""
    for last in range(len(moments) - 1, cap - 2, -1):
        if moments[last] - moments[last - cap + 1] <= timedelta(days=days):
            return moments[last] + timedelta(days=rest) + TICK
    return None


def _quiet(case: Case, policy: Policy, pack: LawPack) -> Iterator[Finding]:
    warned = case.message_class in (MessageClass.WORKING, MessageClass.SERVICE)
    if case.message_class not in NO_HURRY and not warned:
        return
    opens = next_open(case.at, zone=case.zone, sender_zone=case.sender_zone, holidays=case.holidays, policy=policy)
    if opens == case.at:
        return
    values = (("zone", case.zone), ("sender_zone", case.sender_zone))
    if warned:
        yield Finding(Rule.QUIET_HOURS, Effect.WARNS, "quiet", values)
        return
    yield Finding(Rule.QUIET_HOURS, Effect.HOLDS, "quiet", values, opens, Step.WAIT)


def _zone(case: Case) -> ZoneInfo:
    return ZoneInfo(case.zone or case.sender_zone)


def _local_day(case: Case) -> date:
    return case.at.astimezone(_zone(case)).date()


RuleOf = Callable[[Case, Policy, LawPack], Iterator[Finding]]
RULES: tuple[RuleOf, ...] = (
    _do_not_contact,
    _dead_address,
    _objected,
    _off_limits,
    _no_basis,
    _not_at_work,
    _notice,
    _conversation,
    _not_now,
    _caps,
    _quiet,
)
