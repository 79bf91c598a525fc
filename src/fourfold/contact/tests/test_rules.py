"""The gate's decisions: the table of rules and classes, each rule at its edge, and what must hold of every case."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourfold.contact import rules
from fourfold.contact.types import (
    Aim,
    Asked,
    Case,
    Channel,
    Consent,
    Counted,
    DraftFlag,
    Effect,
    Exempt,
    Intent,
    MessageClass,
    OffLimits,
    PersonSide,
    Policy,
    Rule,
    Step,
    Subscriber,
    Ties,
    Verdict,
)
from fourfold.people.types import NoticeState, Purpose

PACKS = rules.packs_from(json.loads((Path(rules.__file__).parent.parent / "law/packs.json").read_text()))
POLICY = Policy(packs=PACKS)
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)  # a Tuesday
TICK = timedelta(microseconds=1)
ANA, BEN, JANE = (UUID(int=n) for n in (1, 2, 3))
DAY = timedelta(days=1)


def case(message_class: MessageClass = MessageClass.APPROACH, **changes: Any) -> Case:
    """One that may go, but for the changes."""
    held: dict[str, Any] = {
        "person_key": JANE,
        "message_class": message_class,
        "why": "did_not_ask:",
        "purpose": {"marketing": Purpose.MARKETING, "approach": Purpose.APPROACH}.get(message_class, Purpose.ALL),
        "channel": Channel.EMAIL,
        "at": NOON,
        "by": ANA,
        "zone": "Europe/London",
        "subscriber": Subscriber.CORPORATE,
        "assessed": True,
        **changes,
    }
    return Case(**held)


def went(days: float, message_class: MessageClass = MessageClass.APPROACH, by: UUID = ANA, **more: Any) -> Counted:
    return Counted(NOON - timedelta(days=days), message_class, Channel.EMAIL, by, "Ana", **more)


M, A, P, W, C, S, L = (
    MessageClass.MARKETING,
    MessageClass.ASKED_FOR,
    MessageClass.APPROACH,
    MessageClass.WORKING,
    MessageClass.CONVERSATION,
    MessageClass.SERVICE,
    MessageClass.LEGAL,
)
SATURDAY_NIGHT = NOON + timedelta(days=4, hours=11)
BLOCKS: list[tuple[str, dict[str, Any], set[MessageClass]]] = [
    ("erased", {"erased": True}, {M, A, P, W, C, S, L}),
    ("stop all", {"stop_all": True}, {M, A, P, W, C, S}),
    ("hard bounce", {"bounced": True}, {M, A, P, W, C, S, L}),
    ("complaint", {"complained": True}, {M, A, P, W, C, S}),
    ("objection to its purpose", {"objected": True}, {M, A, P, W, S}),
    ("off limits", {"off_limits": (OffLimits("off-limits clause", "Harbour"),)}, {P}),
    ("no assessment", {"assessed": False}, {P}),
    ("no consent", {"subscriber": Subscriber.INDIVIDUAL}, {M}),
    ("not at work", {"said_not_at_work": True, "at_work": True}, {M, A, P, W, S}),
    ("notice overdue", {"notice": NoticeState.OWED, "notice_due_at": NOON - DAY}, {M, P}),
    ("a colleague's approach", {"counted": (went(3, by=BEN),)}, {P}),
    ("a colleague's thread", {"speaks_with": ((BEN, "Ben", NOON - DAY),)}, {P}),
    ("not now", {"not_before": date(2026, 4, 1)}, {M, P}),
    ("approaches sent", {"counted": tuple(went(n) for n in (1, 2, 3, 4))}, {P}),
    ("marketing sent", {"counted": (went(1, M), went(2, M))}, {M}),
    ("quiet", {"at": SATURDAY_NIGHT}, {M, A, P}),
]


@pytest.mark.parametrize("message_class", list(MessageClass))
@pytest.mark.parametrize(("changes", "blocked"), [row[1:] for row in BLOCKS], ids=[row[0] for row in BLOCKS])
def test_the_table_of_rules_and_classes(
    changes: dict[str, Any], blocked: set[MessageClass], message_class: MessageClass
) -> None:
    assert rules.decide(case(message_class), POLICY).verdict is Verdict.ALLOWED
    assert rules.decide(case(message_class, **changes), POLICY).may_go is (message_class not in blocked)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"stop_all": True, "objected": True, "at": SATURDAY_NIGHT}, Rule.DO_NOT_CONTACT),
        ({"bounced": True, "objected": True}, Rule.DEAD_ADDRESS),
        ({"objected": True, "off_limits": (OffLimits("a", "b"),)}, Rule.OBJECTED),
        ({"off_limits": (OffLimits("a", "b"),), "assessed": False}, Rule.OFF_LIMITS),
        ({"assessed": False, "said_not_at_work": True, "at_work": True}, Rule.NO_BASIS),
        ({"counted": (went(1, by=BEN), *(went(n) for n in (1, 2, 3, 4))), "not_before": date(2027, 1, 1)},
         Rule.CONVERSATION),
        ({"not_before": date(2026, 3, 9), "at": SATURDAY_NIGHT}, Rule.NOT_NOW),
        ({"counted": tuple(went(n) for n in (1, 2, 3, 4)), "at": SATURDAY_NIGHT}, Rule.CAPS),
    ],
)  # fmt: skip
def test_the_strongest_decides_and_all_are_named(changes: dict[str, Any], rule: Rule) -> None:
    found = rules.decide(case(**changes), POLICY)
    assert found.decisive is not None
    assert found.decisive.rule is rule
    assert len(found.findings) > 1
    order = list(Rule)
    assert [order.index(one.rule) for one in found.findings] == sorted(order.index(one.rule) for one in found.findings)


MONTH = timedelta(days=30)


@pytest.mark.parametrize(
    ("moments", "cap", "until"),
    [
        ((NOON - MONTH, NOON), 2, NOON + TICK),  # the old end still counts
        ((NOON - MONTH - TICK, NOON), 2, None),
        ((NOON - DAY, NOON - 2 * DAY), 2, NOON - 2 * DAY + MONTH + TICK),
        ((NOON - DAY,), 2, None),
        ((), None, None),
        ((NOON,) * 50, None, None),  # empty means no cap
    ],
)
def test_marketing_at_most_so_often(moments: tuple[datetime, ...], cap: int | None, until: datetime | None) -> None:
    counted = tuple(Counted(one, M, Channel.EMAIL) for one in moments)
    found = rules.decide(case(M, counted=counted), replace(POLICY, marketing_cap=cap))
    assert found.may_go is (until is None)
    if until:
        assert found.decisive is not None
        assert found.decisive.retry_at == until


def test_a_cap_of_nothing_lets_nothing_out_and_no_moment_frees_it() -> None:
    for message_class, policy in ((M, replace(POLICY, marketing_cap=0)), (P, replace(POLICY, approach_cap=0))):
        found = rules.decide(case(message_class), policy)
        assert (found.verdict, found.retry_at) == (Verdict.REFUSED, None)


def test_after_four_approaches_in_a_month_they_rest_for_ninety_days_from_the_last() -> None:
    four = tuple(went(n) for n in (40, 35, 30, 20))
    found = rules.decide(case(counted=four), POLICY)
    assert found.decisive is not None
    assert found.decisive.retry_at == NOON - timedelta(days=20) + timedelta(days=90) + TICK
    spread = tuple(went(n) for n in (80, 51, 40, 20))
    assert rules.decide(case(counted=spread), POLICY).may_go
    assert rules.decide(case(M, counted=four), POLICY).may_go  # a rest from approaches, not from news


def test_dials_nobody_took_count_once_a_day() -> None:
    dials = tuple(went(1 + n / 100, unanswered=True) for n in range(9))
    assert rules.decide(case(counted=dials), POLICY).may_go
    assert not rules.decide(case(counted=tuple(went(1 + n / 100) for n in range(4))), POLICY).may_go


@pytest.mark.parametrize(("unanswered", "days"), [(1, 30), (2, 60), (3, 90), (4, 90)])
def test_a_colleagues_silence_lasts_longer_the_more_they_wrote(unanswered: int, days: int) -> None:
    last = NOON - timedelta(days=days)
    counted = tuple(Counted(last - n * DAY * 40, P, Channel.EMAIL, BEN, "Ben") for n in range(unanswered))
    held = rules.decide(case(counted=counted), POLICY)
    assert held.decisive is not None
    assert (held.decisive.rule, held.decisive.values[0]) == (Rule.CONVERSATION, ("who", "Ben"))
    assert rules.decide(case(counted=counted, at=NOON + TICK), POLICY).may_go
    assert rules.decide(case(counted=counted, by=BEN), POLICY).may_go
    assert rules.decide(case(counted=counted, heard_at=NOON - TICK), POLICY).may_go  # they answered: free again


def test_a_colleague_who_was_asked_and_is_silent_lets_it_go_at_the_end_of_the_next_working_day() -> None:
    waits = {"counted": (went(3, by=BEN),), "asked": Asked(NOON + 2 * DAY)}
    found = rules.decide(case(**waits), POLICY)
    assert (found.verdict, found.retry_at) == (Verdict.HELD, NOON + 2 * DAY)
    assert rules.decide(case(**waits, at=NOON + 2 * DAY), POLICY).may_go
    assert rules.decide(case(counted=waits["counted"], asked=Asked(NOON + DAY, granted=True)), POLICY).may_go
    refused = rules.decide(case(counted=waits["counted"], asked=Asked(NOON - DAY, granted=False)), POLICY)
    assert refused.verdict is Verdict.HELD


@pytest.mark.parametrize(
    ("law", "subscriber", "consents", "may"),
    [
        ("UK", Subscriber.INDIVIDUAL, (), False),
        ("UK", Subscriber.CORPORATE, (), True),
        ("UK", Subscriber.INDIVIDUAL, (Consent(Purpose.MARKETING, "email"),), True),
        ("UK", Subscriber.INDIVIDUAL, (Consent(Purpose.MARKETING, "", soft=True),), True),
        ("UK", Subscriber.INDIVIDUAL, (Consent(Purpose.MARKETING, "sms"),), False),
        ("UK", Subscriber.INDIVIDUAL, (Consent(Purpose.SURVEY, ""),), False),
        ("EU", Subscriber.CORPORATE, (), False),
        ("US", Subscriber.INDIVIDUAL, (), True),
        ("CA", Subscriber.CORPORATE, (), False),
        ("CA", Subscriber.CORPORATE, (Consent(Purpose.MARKETING, "", soft=True),), True),
    ],
)
def test_a_basis_for_marketing_by_mail(
    law: str, subscriber: Subscriber, consents: tuple[Consent, ...], may: bool
) -> None:
    found = rules.decide(case(M, law=law, subscriber=subscriber, consents=consents), POLICY)
    assert found.may_go is may
    if not may:
        assert found.decisive is not None
        assert found.decisive.step is Step.RECORD_CONSENT


@pytest.mark.parametrize(("screened", "may"), [(None, False), (date(2026, 2, 3), True), (date(2026, 2, 2), False)])
def test_marketing_calls_need_a_number_screened_within_28_days(screened: date | None, may: bool) -> None:
    found = rules.decide(case(M, channel=Channel.PHONE, screened_on=screened), POLICY)
    assert found.may_go is may
    agreed = (Consent(Purpose.MARKETING, "phone"),)
    assert rules.decide(case(M, channel=Channel.PHONE, screened_on=screened, consents=agreed), POLICY).may_go


def test_whether_a_message_about_one_job_is_marketing_is_the_houses_word() -> None:
    one = case(subscriber=Subscriber.INDIVIDUAL)
    assert rules.decide(one, POLICY).may_go
    assert not rules.decide(one, replace(POLICY, job_is_marketing=True)).may_go


def test_the_work_line_is_normal_on_the_client_side_and_first_calls_are_prompted() -> None:
    at_work = {"at_work": True, "channel": Channel.PHONE}
    first = rules.decide(case(**at_work), POLICY)
    assert first.may_go
    assert [one.code for one in first.warnings] == ["good_moment"]
    names = rules.decide(case(**at_work, flags=frozenset({DraftFlag.NAMES_JOB})), POLICY)
    assert names.decisive is not None
    assert (names.verdict, names.decisive.step) == (Verdict.HELD, Step.REWORD)
    client = case(W, **at_work, side=PersonSide.CLIENT, said_not_at_work=True)
    assert rules.decide(client, POLICY).findings == ()


@pytest.mark.parametrize("message_class", [W, C, S])
def test_live_work_is_never_held_for_a_notice_but_its_next_message_carries_it(message_class: MessageClass) -> None:
    owed = case(message_class, notice=NoticeState.OWED, notice_due_at=NOON - 90 * DAY)
    found = rules.decide(owed, POLICY)
    assert found.may_go
    assert found.carry_notice
    carried = rules.decide(replace(owed, flags=frozenset({DraftFlag.CARRIES_NOTICE})), POLICY)
    assert carried.findings == ()


def test_not_now_ends_in_the_morning_of_the_day_where_they_are() -> None:
    there = case(not_before=date(2026, 4, 1), zone="America/New_York")
    found = rules.decide(there, POLICY)
    assert found.retry_at == datetime(2026, 4, 1, 8, tzinfo=ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("local", "quiet"),
    [("2026-03-03T20:00", True), ("2026-03-03T19:59:59", False), ("2026-03-04T07:59:59", True),
     ("2026-03-04T08:00", False), ("2026-03-07T12:00", True), ("2026-04-03T12:00", True)],
)  # fmt: skip
def test_quiet_hours_start_included_end_excluded_weekends_and_holidays(local: str, quiet: bool) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    where: dict[str, Any] = {"zone": "Europe/Berlin", "holidays": (date(2026, 4, 3),)}
    assert rules.decide(case(at=at, **where), POLICY).may_go is not quiet


def test_where_the_zone_is_unknown_only_the_middle_of_the_senders_day_is_open() -> None:
    for hour, may in ((9, False), (10, True), (15, True), (16, False)):
        found = rules.decide(case(zone="", sender_zone="Europe/London", at=NOON.replace(hour=hour)), POLICY)
        assert found.may_go is may


def test_an_hour_that_a_clock_change_skips_or_repeats_is_still_one_decision() -> None:
    for night in (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)):
        found = rules.decide(case(at=night), POLICY)
        assert found.retry_at is not None
        assert found.retry_at.astimezone(ZoneInfo("Europe/London")).hour == POLICY.quiet_to


EXEMPT = Exempt(frozenset(Rule), "Lena", "a friend of the house", NOON + DAY)


@pytest.mark.parametrize(("changes", "blocked"), [row[1:] for row in BLOCKS], ids=[row[0] for row in BLOCKS])
def test_a_leader_lifts_manners_but_no_wish(changes: dict[str, Any], blocked: set[MessageClass]) -> None:
    plain = rules.decide(case(**changes), POLICY)
    if plain.may_go:
        return
    assert plain.decisive is not None
    until = Exempt(frozenset(Rule), "Lena", "why", max(NOON, changes.get("at", NOON)) + DAY)
    found = rules.decide(case(**changes, exempt=until), POLICY)
    liftable = plain.decisive.rule in rules.EXCEPTABLE
    assert found.verdict is (Verdict.EXCEPTION if liftable else plain.verdict)
    ended = replace(until, until=changes.get("at", NOON))
    assert not rules.decide(case(**changes, exempt=ended), POLICY).may_go


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        rules.decide(case(at=datetime(2026, 3, 3, 12)), POLICY)  # noqa: DTZ001


MINUTES = 24 * 60
MOMENTS = st.integers(-120 * MINUTES, 0).map(lambda minutes: NOON + timedelta(minutes=minutes))
CASES = st.builds(
    Case,
    person_key=st.just(JANE),
    message_class=st.sampled_from(MessageClass),
    why=st.just("why:"),
    purpose=st.sampled_from(Purpose),
    channel=st.sampled_from(Channel),
    at=st.integers(-60 * MINUTES, 300 * MINUTES).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    by=st.sampled_from([None, ANA, BEN]),
    at_work=st.booleans(),
    side=st.sampled_from(PersonSide),
    bulk=st.booleans(),
    about_job=st.booleans(),
    flags=st.frozensets(st.sampled_from(DraftFlag)),
    law=st.sampled_from([pack.code for pack in PACKS]),
    subscriber=st.sampled_from(Subscriber),
    erased=st.booleans(),
    stop_all=st.booleans(),
    complained=st.booleans(),
    bounced=st.booleans(),
    objected=st.booleans(),
    off_limits=st.lists(
        st.builds(OffLimits, st.text(max_size=5), st.text(max_size=5), st.none() | st.dates(date(2026, 1, 1))),
        max_size=2,
    ).map(tuple),
    consents=st.lists(
        st.builds(Consent, st.sampled_from(Purpose), st.sampled_from(["", "email"]), st.booleans()), max_size=2
    ).map(tuple),
    assessed=st.booleans(),
    screened_on=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    said_not_at_work=st.booleans(),
    notice=st.none() | st.sampled_from(NoticeState),
    notice_due_at=st.none() | MOMENTS,
    not_before=st.none() | st.dates(date(2026, 1, 1), date(2027, 6, 1)),
    counted=st.lists(
        st.builds(
            Counted, MOMENTS, st.sampled_from(MessageClass), st.sampled_from(Channel),
            st.sampled_from([None, ANA, BEN]), st.just("Ana"), st.booleans(),
        ),
        max_size=6,
    ).map(tuple),
    heard_at=st.none() | MOMENTS,
    asked=st.none() | st.builds(Asked, MOMENTS, st.sampled_from([None, True, False])),
    exempt=st.none() | st.builds(
        Exempt, st.frozensets(st.sampled_from(Rule)), st.just("Lena"), st.just("why"), MOMENTS
    ),
    zone=st.sampled_from(["", "Europe/London", "Asia/Kolkata", "America/New_York", "Pacific/Apia"]),
    holidays=st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=3).map(tuple),
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(CASES)
def test_a_case_kept_as_json_is_the_same_case_with_the_same_verdict(one: Case) -> None:
    again = rules.case_from(json.loads(json.dumps(rules.case_to(one))))
    assert again == one
    assert rules.decide(again, POLICY) == rules.decide(one, POLICY)
    for found in rules.decide(one, POLICY).findings:
        assert rules.finding_from(json.loads(json.dumps(rules.finding_to(found)))) == found


@settings(max_examples=250, deadline=None)
@given(CASES, st.sampled_from(["erased", "stop_all", "bounced", "complained", "objected"]))
def test_another_wish_never_frees_a_message(one: Case, wish: str) -> None:
    before, after = rules.decide(one, POLICY), rules.decide(replace(one, **{wish: True}), POLICY)
    assert before.may_go or not after.may_go


@settings(max_examples=250, deadline=None)
@given(CASES, st.floats(0, 0.999))
def test_what_is_held_goes_at_its_moment_and_not_before(one: Case, part: float) -> None:
    found = rules.decide(one, POLICY)
    if found.retry_at is None:
        return
    assert found.verdict is Verdict.HELD
    assert rules.decide(replace(one, at=found.retry_at), POLICY).may_go
    between = one.at + (found.retry_at - one.at) * part
    assert not rules.decide(replace(one, at=between), POLICY).may_go


@settings(max_examples=150, deadline=None)
@given(CASES)
def test_no_exception_reaches_a_wish(one: Case) -> None:
    lifted = replace(one, exempt=Exempt(frozenset(Rule), "Lena", "why", one.at + DAY))
    strong = [found for found in rules.decide(one, POLICY).findings if found.rule not in rules.EXCEPTABLE]
    kept = [found for found in rules.decide(lifted, POLICY).findings if found.rule not in rules.EXCEPTABLE]
    assert kept == strong
    if any(found.effect is not Effect.WARNS for found in strong):
        assert not rules.decide(lifted, POLICY).may_go


def test_a_policy_kept_as_json_is_the_same_policy() -> None:
    assert rules.policy_from(json.loads(json.dumps(rules.policy_to(POLICY)))) == POLICY
    with pytest.raises(ValueError, match="nonsense"):
        rules.policy_from({"nonsense": 1})


@pytest.mark.parametrize(
    ("aim", "more", "ties", "expected"),
    [
        (Aim.WRITE, {}, {}, P),
        (Aim.WRITE, {}, {"registered": "applied"}, W),
        (Aim.WRITE, {}, {"terms": "Harbour"}, P),  # a client's employee is approached about their own career
        (Aim.WRITE, {"side": PersonSide.CLIENT}, {"terms": "Harbour"}, W),
        (Aim.WRITE, {"side": PersonSide.CLIENT}, {"registered": "applied"}, P),
        (Aim.WRITE, {}, {"thread": "re: hello"}, C),
        (Aim.NEWS, {}, {"registered": "applied", "in_process": "yes", "thread": "t"}, M),
        (Aim.SUBSCRIPTION, {"topic": "digest"}, {"subscriptions": frozenset({"digest"})}, A),
        (Aim.SUBSCRIPTION, {"topic": "digest"}, {"subscriptions": frozenset({"other"})}, M),
        (Aim.JOBS, {"job": "7"}, {"subscriptions": frozenset({"job_alerts"})}, A),
        (Aim.JOBS, {"job": "7"}, {"registered": "applied"}, W),
        (Aim.JOBS, {"job": "7"}, {}, M),
        (Aim.SERVICE, {}, {"in_process": "interview"}, S),
        (Aim.SERVICE, {}, {}, P),  # the word alone dodges nothing
        (Aim.SURVEY, {}, {"outcome": "placed"}, S),
        (Aim.LEGAL, {"matter": "case 7"}, {}, L),
        (Aim.LEGAL, {}, {}, P),
    ],
)
def test_the_class_follows_from_the_records(
    aim: Aim, more: dict[str, Any], ties: dict[str, Any], expected: MessageClass
) -> None:
    intent = Intent(person_key=JANE, aim=aim, channel=Channel.EMAIL, by=ANA, **more)
    assert rules.class_of(intent, Ties(**ties))[0] is expected


def test_the_house_itself_can_send_no_legal_message() -> None:
    intent = Intent(person_key=JANE, aim=Aim.LEGAL, channel=Channel.EMAIL, by=None, matter="case 7")
    assert rules.class_of(intent, Ties())[0] is P
