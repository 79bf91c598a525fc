"""The gate with real records: what people wished and did, what went out, and what one verdict leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fourfold.accounts.types import Role
from fourfold.base.actor import COMMAND_LINE
from fourfold.contact import actions, models, queries, rules
from fourfold.contact.tests import factories as make
from fourfold.contact.tests.factories import DRAFT, NOON
from fourfold.contact.types import (
    Aim,
    Channel,
    Decision,
    DeliveryState,
    Handed,
    HandedState,
    Intent,
    MessageClass,
    MessageState,
    PolicyRefused,
    Queued,
    Refusal,
    Refused,
    Rule,
    SendRefused,
    Ties,
    Verdict,
)
from fourfold.contact.types.gate import STANDINGS
from fourfold.ledger import actions as ledger
from fourfold.ledger import queries as ledger_queries
from fourfold.ledger.types import Outcome, Party, Touch
from fourfold.people import actions as people
from fourfold.people.types import (
    AddressUse,
    ConsentEvent,
    Ground,
    LoggedWish,
    NewPerson,
    Origin,
    PersonRole,
    Purpose,
    SuppressionKind,
    WishKind,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ask(intent: Intent, *, at: datetime = NOON) -> tuple[MessageClass, Decision]:
    policy = queries.policy()
    [ready] = queries.cases([intent], policy=policy, at=at)
    return ready.case.message_class, rules.decide(ready.case, policy)


@pytest.fixture(autouse=True)
def _assessed() -> None:
    make.assessed()


def test_a_stranger_is_approached_and_somebody_registered_is_worked_with() -> None:
    ana = make.colleague()
    assert ask(make.intent(make.person(), ana))[0] is MessageClass.APPROACH
    came = make.person("Tom Reed", origin=Origin.THEMSELVES)
    assert ask(make.intent(came, ana))[0] is MessageClass.WORKING


@pytest.mark.parametrize(
    ("purpose", "channel", "approach", "working"),
    [
        (Purpose.ALL, "", False, False),
        (Purpose.APPROACH, "", False, True),
        (Purpose.APPROACH, "sms", True, True),
        (Purpose.WORKING, "", True, False),
        (Purpose.MARKETING, "", True, True),
    ],
)
def test_a_wish_stops_its_purpose(purpose: Purpose, channel: str, approach: bool, working: bool) -> None:
    ana, jane = make.colleague(), make.person()
    tom = make.person("Tom Reed", origin=Origin.THEMSELVES)
    for one, may in ((jane, approach), (tom, working)):
        make.consented(one, event=ConsentEvent.OBJECTED, purpose=purpose, channel=channel)
        assert ask(make.intent(one, ana))[1].may_go is may


def test_an_objection_outlives_merge_erasure_and_a_new_import() -> None:
    ana, lena = make.colleague(), make.leader()
    jane, other = make.person("Jane Moor", "jane@works.example"), make.person("J. Moor", "jm@post.example")
    make.consented(jane, event=ConsentEvent.OBJECTED, purpose=Purpose.ALL)
    people.merge_people(person_key=jane, into_key=other, viewer=lena, at=NOON, why="one human")
    for key in (jane, other):
        assert ask(make.intent(key, ana))[1].decisive.rule is Rule.DO_NOT_CONTACT  # type: ignore[union-attr]
    people.erase_person(person_key=other, ground=Ground.REQUEST, viewer=lena, at=NOON)
    assert ask(make.intent(other, ana))[1].decisive.code == "erased"  # type: ignore[union-attr]
    found = people.find_or_add_people(
        people=[NewPerson(name="Jane Moor", identifiers=(make.email("jane@works.example"),))], by=COMMAND_LINE, at=NOON
    )
    for key in (one for one in found.keys if one):
        assert not ask(make.intent(key, ana))[1].may_go


def test_a_bounced_address_is_left_and_another_taken() -> None:
    ana = make.colleague()
    jane = make.person("Jane Moor", "a@works.example", "b@post.example")
    for name, may in (("a@works.example", True), ("b@post.example", False)):
        people.close_address(
            person_key=jane,
            address=make.email(name),
            kind=SuppressionKind.BOUNCED,
            source="t",
            by=COMMAND_LINE,
            at=NOON,
        )
        assert ask(make.intent(jane, ana))[1].may_go is may


def test_not_at_work_sends_to_the_address_at_home() -> None:
    ana = make.colleague()
    work, home = make.email("jane@works.example"), make.email("jane@post.example")
    uses = {work: AddressUse.WORK, home: AddressUse.PERSONAL}
    jane = make.person("Jane Moor", work.value, home.value, uses=uses)
    people.log_wish(
        person_key=jane, wish=LoggedWish(kind=WishKind.NOT_AT_WORK, said_at=NOON, how="a call"), viewer=ana,
        today=NOON.date(), at=NOON,
    )  # fmt: skip
    policy = queries.policy()
    [ready] = queries.cases([make.intent(jane, ana)], policy=policy, at=NOON)
    assert ready.address is not None
    assert ready.address.identifier == home
    refused = ask(make.intent(jane, ana, address=work))[1]
    assert refused.decisive is not None
    assert refused.decisive.rule is Rule.NOT_AT_WORK


def test_whom_we_placed_is_off_limits_and_a_leader_may_except() -> None:
    ana, lena, jane = make.colleague(), make.leader(), make.person()
    money = {"outcome_kind": "cash", "basis": "accepted", "value_minor": 900_000, "currency": "GBP"}
    placed = Outcome(source="t", source_ref="o", occurred_at=NOON - 90 * DAY, placement="p1", **money)  # type: ignore[arg-type]
    key = ledger.first_fact_id("t", "o")
    party = Party(source="t", source_ref="p", occurred_at=NOON, outcome=key, person_key=jane, side="candidate")
    ledger.post(facts=[placed, party], batch=make.new_key(), at=NOON)
    found = ask(make.intent(jane, ana))[1]
    assert found.decisive is not None
    assert (found.verdict, found.decisive.rule) == (Verdict.REFUSED, Rule.OFF_LIMITS)
    given: dict[str, Any] = {"person_key": jane, "why": "she rang us", "until": NOON + DAY, "at": NOON}
    actions.except_person(lifted=[Rule.OFF_LIMITS], viewer=lena, **given)
    assert ask(make.intent(jane, ana))[1].verdict is Verdict.EXCEPTION
    with pytest.raises(PolicyRefused):
        actions.except_person(lifted=[Rule.OBJECTED], viewer=lena, **given)
    with pytest.raises(Exception, match="leaders"):
        actions.except_person(lifted=[Rule.CAPS], viewer=ana, **given)


def test_what_higher_rooms_know_reaches_the_gate_as_plain_values() -> None:
    ana, jane = make.colleague(), make.person()
    STANDINGS["test"] = lambda person_keys, at: {jane: Ties(in_process="final interview at Harbour")}  # type: ignore[assignment]
    try:
        assert ask(make.intent(jane, ana))[0] is MessageClass.WORKING
        assert ask(make.intent(jane, ana, aim=Aim.SERVICE))[0] is MessageClass.SERVICE
        held = ask(make.intent(jane, None, aim=Aim.JOBS, job="7", topic="none"))[1]
        assert held.may_go
    finally:
        del STANDINGS["test"]


def test_a_colleagues_conversation_is_asked_for_and_silence_is_a_yes() -> None:
    ana, ben, jane = make.colleague(), make.colleague(name="Ben Okafor"), make.person()
    box = make.mailbox()
    sent(actions.queue_message(intent=make.intent(jane, ben), draft=DRAFT, mailbox=box, by=ben.actor(), at=NOON), box)
    held = ask(make.intent(jane, ana), at=NOON + DAY)[1]
    assert held.decisive is not None
    assert (held.verdict, held.decisive.rule) == (Verdict.HELD, Rule.CONVERSATION)
    assert dict(held.decisive.values)["who"] == "Ben Okafor"
    assert ask(make.intent(jane, ben), at=NOON + DAY)[1].may_go
    key = actions.ask_colleague(person_key=jane, colleague=ben.user_key, viewer=ana, at=NOON + DAY)
    free_at = models.Ask.objects.get(pk=key).free_at
    assert free_at == datetime(2026, 3, 5, 18, tzinfo=UTC)  # asked on a Wednesday
    assert ask(make.intent(jane, ana), at=NOON + DAY)[1].retry_at == free_at
    assert ask(make.intent(jane, ana), at=free_at)[1].may_go
    actions.answer_ask(key=key, granted=False, viewer=ben, at=NOON + DAY)
    assert not ask(make.intent(jane, ana), at=free_at)[1].may_go


def sent(
    queued: Queued | Refused, box: Any, *, at: datetime = NOON, state: HandedState = HandedState.DELIVERED
) -> None:
    """Take a delivery through its claim and hand-off."""
    assert isinstance(queued, Queued)
    claimed = actions.claim(mailbox=box, worker="w", most=10, at=at)
    assert [one.key for one in claimed] == [queued.delivery]
    actions.handing_over(keys=[queued.delivery], worker="w", at=at)
    actions.finish(results=[Handed(queued.delivery, HandedState.DELIVERED)], worker="w", at=at)


def test_a_message_leaves_once_and_is_a_touch_once() -> None:
    ana, jane, box = make.colleague(), make.person(), make.mailbox()
    queued = actions.queue_message(intent=make.intent(jane, ana), draft=DRAFT, mailbox=box, by=ana.actor(), at=NOON)
    assert isinstance(queued, Queued)
    assert ledger_queries.activity([jane]) == {}
    sent(queued, box)
    row = models.Delivery.objects.get()
    assert (row.state, row.address, bool(row.address_hash)) == (DeliveryState.SENT, "", True)
    assert ledger_queries.activity([jane])[jane].touches == 1
    actions.finish(results=[Handed(queued.delivery, HandedState.DELIVERED)], worker="w", at=NOON)
    assert ledger_queries.activity([jane])[jane].touches == 1
    assert actions.claim(mailbox=box, worker="x", most=10, at=NOON + DAY) == ()
    assert models.Message.objects.get().state == MessageState.DONE
    receipts = list(models.Receipt.objects.order_by("recorded_at").values_list("verdict", "delivery_key"))
    assert receipts == [("allowed", row.key)] * 2  # when it was queued, and when it left


def test_the_gate_is_asked_again_when_it_leaves() -> None:
    ana, jane, box = make.colleague(), make.person(), make.mailbox()
    actions.queue_message(intent=make.intent(jane, ana), draft=DRAFT, mailbox=box, by=ana.actor(), at=NOON)
    make.consented(jane, event=ConsentEvent.OBJECTED, purpose=Purpose.ALL)
    assert actions.claim(mailbox=box, worker="w", most=10, at=NOON) == ()
    row = models.Delivery.objects.get()
    assert (row.state, row.reason) == (DeliveryState.SKIPPED, Rule.DO_NOT_CONTACT)


def test_what_is_refused_is_never_queued_and_leaves_a_receipt() -> None:
    ana, jane = make.colleague(), make.person()
    make.consented(jane, event=ConsentEvent.OBJECTED, purpose=Purpose.APPROACH)
    given: dict[str, Any] = {"intent": make.intent(jane, ana), "mailbox": make.mailbox(), "by": ana.actor(), "at": NOON}
    found = actions.queue_message(draft=DRAFT, **given)
    assert isinstance(found, Refused)
    assert not models.Message.objects.exists()
    receipt = models.Receipt.objects.get(pk=found.receipt)
    assert (receipt.verdict, receipt.rule, receipt.by) == ("refused", "objected", ana.name)
    for bad in (
        replace(DRAFT, subject="a\r\nBcc: all@post.example"),
        replace(DRAFT, text=" "),
        replace(DRAFT, subject=""),
    ):
        with pytest.raises(SendRefused):
            actions.queue_message(draft=bad, **given)
    assert models.Receipt.objects.count() == 1


def test_what_is_held_waits_for_its_morning_and_news_never_leaves_in_spring() -> None:
    ana, jane, box = make.colleague(), make.person(), make.mailbox()
    night = NOON + timedelta(hours=10)
    queued = actions.queue_message(intent=make.intent(jane, ana), draft=DRAFT, mailbox=box, by=ana.actor(), at=night)
    assert isinstance(queued, Queued)
    assert actions.claim(mailbox=box, worker="w", most=10, at=night) == ()
    morning = models.Delivery.objects.get().not_before
    assert morning == datetime(2026, 3, 4, 8, tzinfo=UTC)
    assert len(actions.claim(mailbox=box, worker="w", most=10, at=morning)) == 1
    news = Intent(person_key=jane, aim=Aim.NEWS, channel=Channel.EMAIL, by=None)
    key = actions.queue_to_many(
        intent=news, draft=DRAFT, mailbox=box, person_keys=[jane, jane], campaign="spring", by=ana.actor(), at=NOON
    )
    assert models.Delivery.objects.filter(message=key).count() == 1
    assert actions.claim(mailbox=box, worker="w", most=10, at=NOON + 4 * DAY) == ()
    row = models.Delivery.objects.get(message=key)
    assert (row.state, row.reason) == (DeliveryState.SKIPPED, "expired")


def test_two_messages_to_one_human_in_one_claim_share_the_cap() -> None:
    lena, box = make.leader(), make.mailbox()
    people_keys = [make.person(f"P {n}") for n in range(3)]
    policy = replace(queries.first_policy(), marketing_cap=1)
    actions.set_policy(policy=policy, why="one a month", viewer=lena, at=NOON)
    for campaign in ("one", "two"):
        actions.queue_to_many(
            intent=Intent(person_key=people_keys[0], aim=Aim.NEWS, channel=Channel.EMAIL, by=None), draft=DRAFT,
            mailbox=box, person_keys=people_keys, campaign=campaign, by=lena.actor(), at=NOON,
        )  # fmt: skip
    claimed = actions.claim(mailbox=box, worker="w", most=100, at=NOON)
    assert sorted(one.person_key for one in claimed) == sorted(people_keys)
    assert models.Delivery.objects.filter(state=DeliveryState.SKIPPED, reason="expired", words="caps").count() == 3


@pytest.mark.parametrize(
    ("state", "about", "expected", "reason"),
    [
        (HandedState.REFUSED, Refusal.RECIPIENT, DeliveryState.SKIPPED, "no_such_mailbox"),
        (HandedState.REFUSED, Refusal.CONTENT, DeliveryState.FAILED, "content"),
        (HandedState.REFUSED, Refusal.POLICY, DeliveryState.PENDING, ""),
        (HandedState.PUT_OFF, Refusal.NONE, DeliveryState.PENDING, ""),
        (HandedState.UNKNOWN, Refusal.NONE, DeliveryState.AMBIGUOUS, ""),
        (HandedState.NOT_BEGUN, Refusal.NONE, DeliveryState.PENDING, ""),
    ],
)
def test_what_the_server_says_decides(state: HandedState, about: Refusal, expected: DeliveryState, reason: str) -> None:
    ana, jane, box = make.colleague(), make.person("Jane Moor", "jane@works.example"), make.mailbox()
    queued = actions.queue_message(intent=make.intent(jane, ana), draft=DRAFT, mailbox=box, by=ana.actor(), at=NOON)
    assert isinstance(queued, Queued)
    actions.claim(mailbox=box, worker="w", most=10, at=NOON)
    actions.handing_over(keys=[queued.delivery], worker="w", at=NOON)
    actions.finish(results=[Handed(queued.delivery, state, 550, "5.1.1", "no", about)], worker="w", at=NOON)
    row = models.Delivery.objects.get()
    assert (row.state, row.reason) == (expected, reason)
    paused = models.Mailbox.objects.get().paused_at
    assert (paused is not None) is (about is Refusal.POLICY)
    later = ask(make.intent(jane, ana))[1]
    assert later.may_go is (about is not Refusal.RECIPIENT)
    if state is HandedState.UNKNOWN:
        assert actions.claim(mailbox=box, worker="w", most=10, at=NOON + DAY) == ()  # no machine tries it again
        actions.resolve_delivery(key=row.key, arrived=True, words="in the server's log", by=ana.actor(), at=NOON)
        assert ledger_queries.activity([jane])[jane].touches == 1


def test_an_expired_lease_is_pending_before_and_unclear_after_the_hand_off_began() -> None:
    ana, box = make.colleague(), make.mailbox()
    for name in ("Jane Moor", "Tom Reed"):
        who = make.person(name)
        actions.queue_message(intent=make.intent(who, ana), draft=DRAFT, mailbox=box, by=ana.actor(), at=NOON)
    first, second = actions.claim(mailbox=box, worker="w", most=10, at=NOON)
    actions.handing_over(keys=[first.key], worker="w", at=NOON)
    assert actions.reclaim(at=NOON) == (0, 0)
    assert actions.reclaim(at=NOON + timedelta(hours=1)) == (1, 1)
    assert models.Delivery.objects.get(pk=first.key).state == DeliveryState.AMBIGUOUS
    with pytest.raises(actions.LeaseLost):  # a worker that slept must not send what was given to another
        actions.handing_over(keys=[second.key], worker="w", at=NOON + timedelta(hours=1))


def test_a_call_is_asked_before_and_counts_after() -> None:
    ana, jane = make.colleague(), make.person()
    call = make.intent(jane, ana, channel=Channel.PHONE)
    for n in range(4):
        at = NOON + n * timedelta(hours=1)
        assert isinstance(actions.ask_before_dialling(intent=call, by=ana.actor(), at=at), Queued)
        actions.log_by_hand(intent=call, occurred_at=at, unanswered=False, words="", by=ana.actor(), at=at)
    held = actions.ask_before_dialling(intent=call, by=ana.actor(), at=NOON + DAY)
    assert isinstance(held, Refused)
    assert held.decision.decisive is not None
    assert held.decision.decisive.rule is Rule.CAPS
    logged = actions.log_by_hand(
        intent=call, occurred_at=NOON + DAY, unanswered=False, words="", by=ana.actor(), at=NOON + DAY
    )
    assert isinstance(logged, Refused)  # it happened, it counts, and the verdict says what it was
    assert ledger_queries.activity([jane])[jane].touches == 5
    assert models.Receipt.objects.filter(after_the_fact=True, verdict="held").count() == 1


def test_touches_from_elsewhere_count() -> None:
    ana, jane = make.colleague(), make.person()
    facts = [
        Touch(source="crm", source_ref=str(n), occurred_at=NOON - n * DAY, person_key=jane, channel="email")
        for n in range(1, 5)
    ]
    ledger.post(facts=facts, batch=make.new_key(), at=NOON)
    found = ask(make.intent(jane, ana))[1]
    assert found.decisive is not None
    assert found.decisive.rule is Rule.CAPS
    answer = Touch(
        source="crm", source_ref="in", occurred_at=NOON, person_key=jane, channel="email", direction="in", actor="x"
    )
    ledger.post(facts=[answer], batch=make.new_key(), at=NOON)
    assert not ask(make.intent(jane, ana))[1].may_go


def test_clients_with_terms_are_worked_with_and_their_people_are_not_drawn_away() -> None:
    ana = make.colleague(Role.RECRUITER, Role.LEADER)
    harbour, contact = make.client_with_terms(ana, off_limits_months=12)
    assert ask(make.intent(contact, ana))[0] is MessageClass.WORKING
    employee = make.person("Eve Holt", organisation=harbour)
    found = ask(make.intent(employee, ana))[1]
    assert found.decisive is not None
    assert (found.decisive.rule, dict(found.decisive.values)["organisation"]) == (Rule.OFF_LIMITS, "Harbour Systems")
    later = NOON + 400 * DAY
    assert ask(make.intent(employee, ana), at=later)[1].may_go


def test_as_many_statements_for_many_as_for_one() -> None:
    ana = make.colleague()
    keys = [make.person(f"Person {n}") for n in range(12)]
    counts = []
    for several in (keys[:1], keys):
        with CaptureQueriesContext(connection) as caught:
            policy = queries.policy()
            queries.cases([make.intent(key, ana) for key in several], policy=policy, at=NOON)
        counts.append(len(caught))
    assert counts[0] == counts[1]
    assert counts[1] <= 34


def test_receipts_decide_the_same_again() -> None:
    ana, lena, jane = make.colleague(), make.leader(), make.person()
    box = make.mailbox()
    given: dict[str, Any] = {"draft": DRAFT, "mailbox": box, "by": ana.actor()}
    actions.queue_message(intent=make.intent(jane, ana), at=NOON, **given)
    actions.set_policy(policy=replace(queries.policy(), approach_cap=0), why="none", viewer=lena, at=NOON)
    actions.queue_message(intent=make.intent(jane, ana), at=NOON, **given)
    replayed = list(queries.replay(size=100))
    assert {(one.verdict, one.again) for one in replayed} == {(Verdict.ALLOWED,) * 2, (Verdict.REFUSED,) * 2}
    assert all(one.same for one in replayed)


def test_a_policy_is_a_leaders_and_must_make_sense() -> None:
    ana, lena = make.colleague(), make.leader()
    policy = queries.first_policy()
    with pytest.raises(Exception, match="leaders"):
        actions.set_policy(policy=policy, why="x", viewer=ana, at=NOON)
    for bad in (
        {"approach_cap": -1},
        {"quiet_from": 7},
        {"silence_days": ()},
        {"home_law": "XX"},
        {"marketing_hours": 0},
    ):
        with pytest.raises(PolicyRefused):
            actions.set_policy(policy=replace(policy, **bad), why="x", viewer=lena, at=NOON)
    with pytest.raises(PolicyRefused):
        actions.set_policy(policy=policy, why=" ", viewer=lena, at=NOON)
    assert actions.set_policy(policy=policy, why="ours", viewer=lena, at=NOON) == 2
    assert queries.policy_of(1) == policy


def test_roles_of_a_client_contact_decide_the_side() -> None:
    ana = make.colleague()
    both = make.person(roles=(PersonRole.CLIENT_CONTACT, PersonRole.CANDIDATE))
    contact = make.person("C", roles=(PersonRole.CLIENT_CONTACT,))
    policy = queries.policy()
    sides = [
        one.case.side
        for one in queries.cases([make.intent(key, ana) for key in (both, contact)], policy=policy, at=NOON)
    ]
    assert sides == ["candidate", "client"]
