"""Text messages: written, sent through Twilio as far as its interface goes, and what it tells of them afterwards."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from fourfold.accounts.types import Role, Viewer
from fourfold.base import clock
from fourfold.contact import models, queries
from fourfold.contact.tests import factories as make
from fourfold.contact.tests.factories import NOON
from fourfold.contact.tests.services import ACCOUNT, KEY, Services, queued, send, text, text_box
from fourfold.contact.types import Channel, DeliveryState, SendRefused, Verdict
from fourfold.people.types import Origin

SignIn = Callable[[Viewer], Client]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def test_a_text_leaves_through_twilio_with_one_link(db: None, plain_house: Any, web: Services, settings: Any) -> None:
    settings.PUBLIC_URL = "https://jobs.northgate.example"
    box = text_box(web)
    delivery = queued(box, channel=Channel.SMS)
    assert send(box) == 1
    [asked] = web.asked
    form = asked.form
    assert asked.path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert form["From"] == "+447700900123"
    assert form["To"].startswith("+44")
    assert form["Body"].startswith("Hello Jane\nWhy me, or stop: http")
    assert form["Body"].count("http") == 1
    news = f"{settings.PUBLIC_URL}{reverse('text_news', args=[box])}"
    assert form["StatusCallback"] == f"{news}?reference={delivery}"
    row = models.Delivery.objects.get()
    assert (row.state, row.channel, row.address) == (DeliveryState.SENT, "sms", "")


def test_mailboxes_send_only_what_they_can(db: None, plain_house: Any, web: Services) -> None:
    with pytest.raises(SendRefused, match="doesn't send such messages"):
        queued(text_box(web))
    with pytest.raises(SendRefused, match="doesn't send such messages"):
        queued(make.mailbox(), channel=Channel.SMS)
    ana = make.colleague()
    assert [row.transport for row in queries.mailboxes(ana, at=NOON, to_send=True)] == ["smtp"]
    found = queries.mailboxes(ana, at=NOON, to_send=True, channel=Channel.SMS)
    assert [row.transport for row in found] == ["twilio"]
    assert models.Delivery.objects.count() == 0


def told(browser: Client, box: UUID, delivery: UUID | str, status: str, code: str = "", key: str = KEY) -> int:
    """Twilio's notice, signed with this key; returns how it was answered."""
    path = f"{reverse('text_news', args=[box])}?reference={delivery}"
    form = {"MessageSid": "SM1", "MessageStatus": status, "To": "+447000000000", "ErrorCode": code}
    signed = "https://jobs.northgate.example" + path + "".join(name + form[name] for name in sorted(form))
    proof = base64.b64encode(hmac.new(key.encode(), signed.encode(), hashlib.sha1).digest())
    return browser.post(path, form, headers={"X-Twilio-Signature": proof.decode()}).status_code


@pytest.mark.parametrize(
    ("code", "texts", "calls"),
    [("30005", Verdict.REFUSED, True), ("30006", Verdict.ALLOWED, False), ("21610", Verdict.REFUSED, False)],
)
def test_news_of_texts_count_once_and_close_what_they_say(
    plain_house: Any, db: None, web: Services, settings: Any, code: str, texts: Verdict, calls: bool
) -> None:
    settings.PUBLIC_URL = "https://jobs.northgate.example"
    settings.ALLOWED_HOSTS = ["*"]
    box, browser = text_box(web), Client()
    delivery = queued(box, channel=Channel.SMS)
    send(box)
    jane = models.Delivery.objects.get().person_key
    models.Delivery.objects.update(state=DeliveryState.AMBIGUOUS, sent_at=None)
    assert told(browser, box, delivery, "delivered", key="forged") == 403
    assert told(browser, uuid4(), delivery, "delivered") == 403
    assert told(browser, make.mailbox(secret=web.key), delivery, "delivered") == 403
    assert models.MailEvent.objects.count() == 0
    for _ in range(10):
        assert told(browser, box, delivery, "sent") == 200
    assert models.MailEvent.objects.count() == 1
    assert models.Delivery.objects.get().state == DeliveryState.SENT
    assert told(browser, box, "nonsense", "sent", "1") == 200
    for _ in range(2):
        assert told(browser, box, delivery, "undelivered", code) == 200
    [sms, phone, mail] = queries.may_contact(
        [make.intent(jane, None, channel=one) for one in (Channel.SMS, Channel.PHONE, Channel.EMAIL)], at=NOON
    )
    assert sms.decision.verdict is texts
    assert (phone.decision.verdict is Verdict.REFUSED) == calls
    assert mail.decision.verdict is Verdict.ALLOWED


def test_a_text_refused_at_once_does_the_same(db: None, plain_house: Any, web: Services) -> None:
    box = text_box(web)
    web.text_status, web.text = 400, {"code": 21610, "message": "unsubscribed recipient", "status": 400}
    queued(box, channel=Channel.SMS)
    assert send(box) == 0
    row = models.Delivery.objects.get()
    assert (row.state, row.reason) == (DeliveryState.SKIPPED, "objected")
    [sms, mail] = queries.may_contact(
        [make.intent(row.person_key, None, channel=one) for one in (Channel.SMS, Channel.EMAIL)], at=NOON
    )
    assert (sms.decision.verdict, mail.decision.verdict) == (Verdict.REFUSED, Verdict.ALLOWED)


def test_a_text_is_written_with_its_verdict_and_what_it_is_billed_as(
    sign_in: SignIn, db: None, plain_house: Any, web: Services, django_assert_max_num_queries: Any
) -> None:
    ana, jane = make.colleague(), make.person("Jane Moor", "jane@works.example", origin=Origin.THEMSELVES)
    browser, url = sign_in(ana), reverse("text_to", args=[jane])
    assert "No number to text from yet" in text(browser.get(url))
    assert url not in text(browser.get(reverse("write_to", args=[jane])))
    box = text_box(web)
    assert url in text(browser.get(reverse("write_to", args=[jane])))
    with django_assert_max_num_queries(46):  # the gate itself takes some 34
        browser.get(url)
    counted = [browser.post(url, {"part": "1", "text": "x" * n}).context["billed"] for n in (1, 400, 600)]
    assert counted[0] < counted[1] < counted[2]
    assert models.Delivery.objects.count() == models.Receipt.objects.count() == 0
    given = {"mailbox": str(box), "text": "Hello {{ first_name }}"}
    assert browser.post(url, given | {"text": "x" * 1_201}).status_code == 422
    assert browser.post(url, given | {"text": "Dear {{ salary }}"}).status_code == 422
    assert browser.post(url, given).status_code == 302
    assert (models.Delivery.objects.get().channel, send(box)) == ("sms", 1)
    assert sign_in(make.colleague(Role.ADMINISTRATOR)).get(url).status_code == 403
    hidden = make.person("Secret Sam", confidential=True)
    assert browser.get(reverse("text_to", args=[hidden])).status_code == 404
