"""What links and providers report: kept once, judged beside the raw event, and followed by what should follow."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import NotFound
from fourfold.contact import actions, models, queries
from fourfold.contact.rules import machines
from fourfold.contact.tests import factories as make
from fourfold.contact.tests.factories import DRAFT, NOON
from fourfold.contact.types import DeliveryState, Handed, HandedState, Intent, Queued, Refusal, Transport
from fourfold.contact.types.events import LinkAct, LinkEvent, Response, Seen
from fourfold.contact.types.transport import EventKind, ProviderEvent, ProviderName
from fourfold.ledger import queries as ledger
from fourfold.people import queries as people_queries
from fourfold.people.types import Purpose

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 13; CUBOT KINGKONG 9) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
READ = NOON + timedelta(minutes=20)
A, B, C = "https://northgate.example/a", "https://northgate.example/b", "https://northgate.example/c"
numbers = count(1)


def after(seconds: float) -> datetime:
    return READ + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        ({}, ""),
        ({"user_agent": PHONE}, ""),
        ({"method": "HEAD"}, "asked for the headers only"),
        ({"user_agent": ""}, "names no browser"),
        ({"user_agent": "Mozilla/5.0 (compatible; BarracudaCentral/1.0)"}, "Barracuda's mail scanner"),
        ({"user_agent": "Microsoft Office Existence Discovery"}, "Outlook's link check"),
        ({"user_agent": "Mozilla/5.0 (compatible; Slackbot-LinkExpanding 1.0)"}, "Slack's link preview"),
        ({"user_agent": "python-requests/2.32"}, "a program"),
        ({"user_agent": "Mozilla/5.0 (compatible; AcmeBot/2.1; +https://acme.example)"}, "calls itself AcmeBot"),
        ({"told": True}, "the provider says so"),
        ({"told": False}, ""),
        ({"left_at": READ - timedelta(seconds=4)}, "within 5 seconds of delivery"),
        ({"left_at": READ + timedelta(seconds=60)}, "within 5 seconds of delivery"),  # two clocks
        ({"left_at": READ - timedelta(seconds=5)}, ""),
        ({"left_at": READ, "opened": True}, ""),  # pictures are fetched at any time
        ({"others": ((READ, A), (after(1), B))}, "2 links of one message within 1 s"),
        ({"others": ((READ, A), (after(1.1), B))}, ""),
        ({"others": ((READ, A), (after(-2), B), (after(2.9), C))}, "3 links of one message within 5 s"),
        ({"others": ((READ, A), (after(-3), B), (after(3), C))}, ""),
        ({"others": tuple((after(n / 10), A) for n in range(50))}, ""),  # one link, again and again
    ],
)
def test_a_machine_is_known_by_its_name_or_its_haste(seen: dict[str, Any], why: str) -> None:
    found = machines.verdict(Seen(**{"at": READ, "user_agent": CHROME, **seen}))
    assert (found.machine, found.why) == (bool(why), why)


class World:
    """A mailbox, and messages that left through it."""

    def __init__(self, **mailbox: Any) -> None:
        make.assessed()
        self.ana = make.colleague()
        self.box = make.mailbox(**mailbox)
        self.jane = make.person("Jane Moor", "jane@works.example")

    def sent(self, who: UUID | None = None, state: HandedState = HandedState.DELIVERED) -> models.Delivery:
        intent: Intent = make.intent(who or self.jane, self.ana)
        found = actions.queue_message(intent=intent, draft=DRAFT, mailbox=self.box, by=self.ana.actor(), at=NOON)
        assert isinstance(found, Queued)
        [one] = actions.claim(mailbox=self.box, worker="w", most=9, at=NOON)
        actions.handing_over(keys=[one.key], worker="w", at=NOON)
        actions.finish(results=[Handed(one.key, state)], worker="w", at=NOON)
        return models.Delivery.objects.get(pk=one.key)


def click(row: models.Delivery | None, at: datetime = READ, **values: Any) -> LinkEvent:
    given = {"act": LinkAct.CLICKED, "url": A, "user_agent": CHROME, "event_id": f"e{next(numbers)}", **values}
    if row is not None:
        given = {"person_key": row.person_key, "delivery": row.key, **given}
    return LinkEvent(at=at, **given)


def told(kind: EventKind, row: models.Delivery | None, **values: Any) -> ProviderEvent:
    given = {"provider": ProviderName.POSTMARK, "event_id": f"p{next(numbers)}", "recipient": "jane@works.example"}
    delivery = row.key if row else None
    return ProviderEvent(**{"kind": kind, "delivery": delivery, "at": READ, **given, **values})


def take(*events: LinkEvent, at: datetime = READ + timedelta(hours=1)) -> int:
    return actions.take_link_events(events=events, at=at)


def take_told(world: World, *events: ProviderEvent) -> int:
    return actions.take_provider_events(mailbox=world.box, events=events, at=READ + timedelta(hours=1))


def clicks_of(who: UUID) -> tuple[datetime, ...]:
    """When they clicked, as the ledger's activity counts it: robots don't."""
    found = ledger.activity([who])
    return found[who].clicks_at if who in found else ()


def kept() -> list[tuple[str, bool, str]]:
    return list(models.MailEvent.objects.order_by("at", "pk").values_list("kind", "machine", "why"))


@pytest.mark.django_db
class TestLinks:
    def test_a_click_is_one_event_and_one_touch_however_often_it_is_given(self) -> None:
        world = World()
        row = world.sent()
        one = click(row)
        assert [take(one, one), *(take(one) for _ in range(9))] == [1, *[0] * 9]
        assert kept() == [("clicked", False, "")]
        assert clicks_of(world.jane) == (READ,)
        assert queries.response_to(row.message_id) == Response(clicked=1)
        assert queries.links_followed(row.message_id) == ((A, 1),)
        [shown] = queries.events_of([row.key])[row.key]
        assert (shown.kind, shown.source, shown.url, shown.at) == ("clicked", "link", A, READ)

    def test_a_scanner_is_kept_as_it_came_and_counts_for_nobody(self) -> None:
        world = World()
        row = world.sent()
        take(click(row, NOON + timedelta(seconds=2)), click(row, READ, user_agent="Mimecast Link Scanner"))
        assert [one[1:] for one in kept()] == [
            (True, "within 5 seconds of delivery"),
            (True, "Mimecast's mail scanner"),
        ]
        assert clicks_of(world.jane) == ()
        raw = models.MailEvent.objects.order_by("-at").first()
        assert raw is not None
        assert raw.raw == {"method": "GET", "user_agent": "Mimecast Link Scanner"}
        assert queries.response_to(row.message_id) == Response(machine_clicks=2)

    def test_a_run_that_comes_in_two_parts_is_judged_as_one(self) -> None:
        world = World()
        row = world.sent()
        take(click(row, url=A), click(row, after(1.5), url=B))
        assert clicks_of(world.jane) == (after(1.5), READ)
        take(click(row, after(3), url=C))
        assert [one[1:] for one in kept()] == [(True, "3 links of one message within 5 s")] * 3
        assert clicks_of(world.jane) == ()
        take(click(row, after(600), url=C))
        assert clicks_of(world.jane) == (after(600),)

    def test_openings_are_no_touch_and_no_response(self) -> None:
        world = World()
        row = world.sent()
        take(click(row, act=LinkAct.OPENED, url=""))
        assert kept() == [("opened", False, "")]
        assert clicks_of(world.jane) == ()
        assert queries.response_to(row.message_id) == Response()

    def test_whoever_was_erased_or_is_unknown_gets_no_touch(self) -> None:
        take(click(None, person_key=(nobody := uuid4())))
        assert kept() == [("clicked", False, "")]
        assert ledger.activity([nobody]) == {}

    def test_a_click_proves_that_an_unclear_message_left(self) -> None:
        world = World()
        row = world.sent(state=HandedState.UNKNOWN)
        assert row.state == DeliveryState.AMBIGUOUS
        take(click(row))
        assert models.Delivery.objects.get(pk=row.pk).state == DeliveryState.SENT


@pytest.mark.django_db
class TestProviders:
    def test_a_hard_bounce_closes_the_address_and_nothing_else(self) -> None:
        world = World()
        row = world.sent()
        bounce = told(
            EventKind.BOUNCED, row, hard=True, about=Refusal.RECIPIENT, words="550 jane@works.example unknown"
        )
        assert [take_told(world, bounce), take_told(world, bounce, bounce)] == [1, 0]
        [event] = models.MailEvent.objects.all()
        assert "jane" not in f"{event.raw}{event.why}{event.event_id}"
        [refused] = queries.may_contact([make.intent(world.jane, world.ana)], at=READ)
        assert not refused.decision.may_go
        assert queries.response_to(row.message_id).bounced == 1
        assert models.Mailbox.objects.get().paused_at is None

    def test_policy_pauses_the_mailbox_and_never_the_address(self) -> None:
        world = World()
        row = world.sent()
        take_told(world, told(EventKind.BOUNCED, row, hard=False, about=Refusal.POLICY, words="554 5.7.1 blocked"))
        assert models.Mailbox.objects.get().paused_at is not None
        assert people_queries.suppressed([make.email("jane@works.example")]) == {}

    def test_two_complaints_close_both_addresses_and_pause_the_mailbox(self) -> None:
        world = World()
        kim = make.person("Kim Dahl", "kim@works.example")
        first, second = world.sent(), world.sent(kim)
        take_told(world, told(EventKind.COMPLAINED, first))
        assert models.Mailbox.objects.get().paused_at is None  # one person never pauses a mailbox
        take_told(world, told(EventKind.COMPLAINED, second, recipient="kim@works.example"))
        assert models.Mailbox.objects.get().paused_at is not None
        addresses = [make.email("jane@works.example"), make.email("kim@works.example")]
        assert set(people_queries.suppressed(addresses)) == set(addresses)

    def test_a_complaint_about_a_message_that_nobody_knows_still_closes_the_address(self) -> None:
        world = World()
        take_told(world, told(EventKind.COMPLAINED, None))
        assert set(people_queries.suppressed([make.email("jane@works.example")]))

    def test_a_bounce_of_an_address_it_never_went_to_closes_none(self) -> None:
        world = World()
        row = world.sent()
        take_told(world, told(EventKind.BOUNCED, row, hard=True, recipient="elsewhere@works.example"))
        addresses = [make.email("jane@works.example"), make.email("elsewhere@works.example")]
        assert people_queries.suppressed(addresses) == {}
        assert len(kept()) == 1

    def test_an_objection_told_to_the_provider_is_one_told_to_us(self) -> None:
        world = World()
        row = world.sent()
        gone = told(EventKind.UNSUBSCRIBED, row, about=Refusal.OBJECTED)
        take_told(world, gone, gone)
        standing = people_queries.standing(world.jane, at=READ + timedelta(hours=2))
        assert standing.objected == {(Purpose.APPROACH, "")}
        assert queries.response_to(row.message_id).unsubscribed == 1

    def test_a_delivery_is_news_of_an_unclear_one_and_the_moment_from_which_it_can_be_read(self) -> None:
        world = World()
        row = world.sent(state=HandedState.UNKNOWN)
        take_told(world, told(EventKind.DELIVERED, row, at=READ))
        assert models.Delivery.objects.get(pk=row.pk).state == DeliveryState.SENT
        take(click(row, after(3)), click(row, after(9)))
        assert [one[1] for one in kept()] == [False, True, False]

    def test_a_click_on_our_own_redirect_is_not_counted_a_second_time(self) -> None:
        world = World()
        row = world.sent()
        take(click(row))
        again = {"url": "https://fourfold.example/go/abc/", "user_agent": CHROME}
        take_told(world, told(EventKind.CLICKED, row, at=after(0), **again))
        assert clicks_of(world.jane) == (READ,)
        take_told(world, told(EventKind.CLICKED, row, at=after(60), url=B, user_agent=CHROME))
        assert clicks_of(world.jane) == (after(60), READ)


@pytest.mark.django_db
@pytest.mark.usefixtures("plain_house")
class TestNotices:
    def post(self, box: UUID, password: str, **values: Any) -> int:
        said = {
            "RecordType": "Bounce", "ID": 7, "Type": "HardBounce", "TypeCode": 1, "MessageID": "m-7",
            "Email": "jane@works.example", "BouncedAt": READ.isoformat(), "Details": "550 5.1.1 no such user", **values,
        }  # fmt: skip
        given = base64.b64encode(f"hook:{password}".encode()).decode()
        client = Client(enforce_csrf_checks=True)
        url = reverse("mail_notices", args=[box])
        answer = client.post(url, json.dumps(said), "application/json", headers={"Authorization": f"Basic {given}"})
        assert not answer.cookies
        return answer.status_code

    def test_the_same_signed_notice_ten_times_is_one_event(self) -> None:
        world = World(transport=Transport.POSTMARK)
        row = world.sent()
        actions.keep_notice_secret(mailbox=world.box, secret="hook:s3cret", by=COMMAND_LINE, at=NOON)
        assert "s3cret" not in models.Mailbox.objects.get().notice_secret
        answers = [self.post(world.box, "s3cret", Metadata={"delivery": str(row.key)}) for _ in range(10)]
        assert answers == [200] * 10
        assert models.MailEvent.objects.count() == 1
        assert queries.response_to(row.message_id).bounced == 1

    def test_what_nothing_proves_is_refused_and_leaves_nothing(self) -> None:
        world = World(transport=Transport.POSTMARK)
        assert self.post(world.box, "s3cret") == 403  # nothing is set up
        actions.keep_notice_secret(mailbox=world.box, secret="hook:s3cret", by=COMMAND_LINE, at=NOON)
        assert self.post(world.box, "guess") == 403
        assert self.post(uuid4(), "s3cret") == 403
        assert Client().get(reverse("mail_notices", args=[world.box])).status_code == 405
        assert models.MailEvent.objects.count() == 0
        assert people_queries.suppressed([make.email("jane@works.example")]) == {}
        with pytest.raises(NotFound):
            actions.keep_notice_secret(mailbox=uuid4(), secret="x", by=COMMAND_LINE, at=NOON)

    def test_a_clock_that_jumps_doesnt_put_an_event_into_the_future(self) -> None:
        world = World()
        late = told(EventKind.CLICKED, world.sent(), at=datetime(2031, 1, 1, tzinfo=UTC), url=B, user_agent=CHROME)
        assert take_told(world, late, replace(late, event_id="other", at=None)) == 2
        assert {row.at for row in models.MailEvent.objects.all()} == {READ + timedelta(hours=1)}
