"""The gate's pages: who may open them, what they say, and what they change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from fourfold.accounts.types import Role, Viewer
from fourfold.base import clock
from fourfold.contact import actions, models
from fourfold.contact.tests import factories as make
from fourfold.contact.types import DeliveryState, Handed, HandedState
from fourfold.people import actions as people
from fourfold.people.types import ConsentEvent, LoggedWish, Origin, PersonRole, Purpose, WishKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_house")]
SignIn = Callable[[Viewer], Client]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: make.NOON)


@pytest.fixture
def tom() -> Viewer:
    make.assessed()
    return make.colleague(Role.RECRUITER, name="Tom Ridley")


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def written(to: str, box: UUID, **more: str) -> dict[str, str]:
    return {"to": to, "mailbox": str(box), "subject": "A job near you", "text": "Hello {{ first_name }}", **more}


def test_a_mail_is_written_seen_and_queued(sign_in: SignIn, tom: Viewer) -> None:
    browser, box, jane = sign_in(tom), make.mailbox(), make.person("Jane Moor", "jane@works.example")
    page = text(browser.get(reverse("write_to", args=[jane])))
    assert "Write to Jane Moor" in page
    assert "Approach: they did not ask to hear from us." in page
    done = browser.post(reverse("write_to", args=[jane]), written("jane@works.example", box))
    assert done.url == reverse("person", args=[jane])
    row = models.Delivery.objects.get()
    assert (row.state, row.by, row.message.subject) == (DeliveryState.PENDING, "Tom Ridley", "A job near you")
    assert "A job near you" in text(browser.get(reverse("messages")))
    assert "Jane Moor" in text(browser.get(reverse("message", args=[row.message_id])))
    panel = text(browser.get(reverse("person_panel", args=[jane, 0])))
    assert "May I contact them?" in panel
    assert "A job near you" in panel


@pytest.mark.parametrize(
    ("change", "status"),
    [({"subject": ""}, 422), ({"text": "  "}, 422), ({"text": "Hello {{ salary }}"}, 422), ({"to": "x@y.example"}, 422),
     ({"mailbox": "00000000-0000-4000-8000-000000000000"}, 422)],
)  # fmt: skip
def test_a_bad_draft_is_kept_on_the_page_and_nothing_is_queued(
    sign_in: SignIn, tom: Viewer, change: dict[str, str], status: int
) -> None:
    browser, box, jane = sign_in(tom), make.mailbox(), make.person("Jane Moor", "jane@works.example")
    given = {**written("jane@works.example", box), "text": "Kept words", **change}
    answer = browser.post(reverse("write_to", args=[jane]), given)
    assert answer.status_code == status
    assert given["text"].strip() in text(answer)
    assert not models.Message.objects.exists()


def test_a_refusal_says_what_why_and_what_to_do(sign_in: SignIn, tom: Viewer) -> None:
    browser, box, jane = sign_in(tom), make.mailbox(), make.person("Jane Moor", "jane@works.example")
    make.consented(jane, event=ConsentEvent.OBJECTED, purpose=Purpose.ALL)
    answer = browser.post(reverse("write_to", args=[jane]), written("jane@works.example", box))
    assert answer.status_code == 422
    said = text(answer)
    assert "Does not go" in said
    assert "They asked us not to contact them." in said
    assert "Only their own word lifts it" in said
    receipt = models.Receipt.objects.get()
    assert reverse("receipt", args=[receipt.key]) in said
    page = text(browser.get(reverse("receipt", args=[receipt.key])))
    assert "E-mail to Jane Moor: does not go" in page


def test_a_call_is_asked_for_then_logged(sign_in: SignIn, tom: Viewer) -> None:
    browser, jane = sign_in(tom), make.person("Jane Moor")
    assert "tel:" not in text(browser.get(reverse("ring", args=[jane])))
    assert "tel:+44" in text(browser.post(reverse("ring", args=[jane])))
    assert models.Receipt.objects.get().channel == "phone"
    given = {"channel": "phone", "occurred": "2026-03-03T11:50", "words": "call again in May"}
    assert browser.post(reverse("log_touch", args=[jane]), given).status_code == 302
    assert models.Delivery.objects.get().words == "call again in May"
    later = {**given, "occurred": "2026-03-03T23:50"}
    answer = browser.post(reverse("log_touch", args=[jane]), later)
    assert answer.status_code == 422
    assert "It lies in the future." in text(answer)


def test_a_colleague_is_asked_and_answers(sign_in: SignIn, tom: Viewer) -> None:
    ben, jane, box = make.colleague(name="Ben Okafor"), make.person("Jane Moor", "jane@works.example"), make.mailbox()
    draft: dict[str, Any] = {
        "draft": make.DRAFT,
        "mailbox": box,
        "by": ben.actor(),
        "at": make.NOON - timedelta(hours=1),
    }
    queued = actions.queue_message(intent=make.intent(jane, ben), **draft)
    actions.claim(mailbox=box, worker="w", most=5, at=make.NOON)
    actions.handing_over(keys=[queued.delivery], worker="w", at=make.NOON)  # type: ignore[union-attr]
    done = Handed(queued.delivery, HandedState.DELIVERED)  # type: ignore[union-attr]
    actions.finish(results=[done], worker="w", at=make.NOON)
    browser = sign_in(tom)
    page = text(browser.get(reverse("write_to", args=[jane])))
    assert "Ben Okafor speaks with them" in page
    assert "Ask Ben Okafor" in page
    browser.post(reverse("ask_colleague", args=[jane]), {"who": "Ben Okafor"})
    assert "Ben Okafor was asked" in text(browser.get(reverse("write_to", args=[jane])))
    other = sign_in(ben)
    asked = models.Ask.objects.get()
    assert "Tom Ridley asks" in text(other.get(reverse("contact_asks")))
    assert "Jane Moor" in text(other.get(reverse("today")))
    other.post(reverse("contact_asks"), {"ask": str(asked.key), "answer": "yes"})
    assert "May go" in text(sign_in(tom).get(reverse("write_to", args=[jane])))


def test_what_somebody_looks_for_shows_not_even_as_a_reason(sign_in: SignIn, tom: Viewer) -> None:
    lena = make.leader()
    harbour, _ = make.client_with_terms(lena, off_limits_months=1)
    eve = make.person("Eve Holt", organisation=harbour, origin=Origin.THEMSELVES, roles=(PersonRole.CANDIDATE,))
    wish = LoggedWish(kind=WishKind.NOT_NOW, said_at=make.NOON, how="a call", until=date(2026, 9, 1))
    people.log_wish(person_key=eve, wish=wish, viewer=lena, today=make.NOON.date(), at=make.NOON)
    mine = text(sign_in(lena).get(reverse("person_panel", args=[eve, 0])))
    theirs = text(sign_in(tom).get(reverse("person_panel", args=[eve, 0])))
    assert "1 Sep 2026" not in theirs
    assert mine != theirs


HOUSE = [("contact_policy", []), ("receipts", []), ("messages", []), ("contact_asks", []), ("mailboxes", [])]
KEEPERS = [("new_mailbox", [])]


@pytest.mark.parametrize("name", [row[0] for row in HOUSE])
def test_who_is_not_signed_in_is_sent_to_the_door(client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.url


def test_the_policy_is_tried_and_kept_by_leaders_only(sign_in: SignIn, tom: Viewer) -> None:
    lena, jane, box = make.leader(), make.person("Jane Moor", "jane@works.example"), make.mailbox()
    actions.queue_message(
        intent=make.intent(jane, tom), draft=make.DRAFT, mailbox=box, by=tom.actor(), at=make.NOON - timedelta(hours=1)
    )
    browser = sign_in(lena)
    page = browser.get(reverse("contact_policy"))
    values = {name: field.value() for name, field in ((one.name, one) for one in page.context["form"])}
    given = {name: value for name, value in values.items() if value not in (None, False)} | {
        "approach_cap": 0,
        "why": "x",
    }
    tried = text(browser.post(reverse("contact_policy"), {**given, "deed": "try"}))
    assert "With this, 1 of the last 30 days’ 1 verdicts would have kept its message here." in tried
    assert models.PolicyVersion.objects.count() == 1
    assert browser.post(reverse("contact_policy"), given).status_code == 302
    assert models.PolicyVersion.objects.count() == 2
    assert browser.post(reverse("contact_policy"), {**given, "silence": "soon"}).status_code == 422
    assert sign_in(tom).post(reverse("contact_policy"), given).status_code == 403
    assert models.PolicyVersion.objects.count() == 2
    assert "Keep this policy" not in text(sign_in(tom).get(reverse("contact_policy")))


def test_a_mailbox_is_connected_and_its_password_never_shown(sign_in: SignIn, tom: Viewer) -> None:
    priya = make.colleague(Role.ADMINISTRATOR, name="Priya Nair")
    browser = sign_in(priya)
    given = {
        "name": "Main", "from_name": "Northgate", "from_address": "hello@northgate.example", "host": "smtp.example",
        "port": "587", "security": "starttls", "username": "hello", "secret": "s3cret-word", "imap_security": "tls",
        "per_minute": "60", "per_domain_minute": "20",
    }  # fmt: skip
    assert browser.post(reverse("new_mailbox"), given).status_code == 302
    row = models.Mailbox.objects.get()
    assert "s3cret-word" not in row.secret
    assert "s3cret-word" not in text(browser.get(reverse("mailbox", args=[row.key])))
    browser.post(reverse("mailbox", args=[row.key]), {**given, "secret": "", "name": "First"})
    kept = models.Mailbox.objects.get()
    assert (kept.name, kept.secret) == ("First", row.secret)
    browser.post(reverse("make_domain_key"), {"domain": "northgate.example", "selector": "f1", "kind": "rsa"})
    assert "f1._domainkey.northgate.example" in text(browser.get(reverse("mailboxes")))
    browser.post(reverse("steer_mailbox", args=[row.key]), {"deed": "pause"})
    assert models.Mailbox.objects.get().paused_at is not None
    other = sign_in(tom)
    assert other.get(reverse("new_mailbox")).status_code == 403
    assert other.post(reverse("steer_mailbox", args=[row.key]), {"deed": "resume"}).status_code == 403
    assert other.post(reverse("make_domain_key"), {}).status_code == 403
    assert models.Mailbox.objects.get().paused_at is not None


def test_a_message_is_steered_by_its_sender_and_missing_for_others(sign_in: SignIn, tom: Viewer) -> None:
    ben, jane, box = make.colleague(name="Ben Okafor"), make.person("Jane Moor", "jane@works.example"), make.mailbox()
    actions.queue_message(intent=make.intent(jane, tom), draft=make.DRAFT, mailbox=box, by=tom.actor(), at=make.NOON)
    key = models.Message.objects.get().key
    receipt = models.Receipt.objects.get().key
    for name, args in (("message", [key]), ("receipt", [receipt])):
        assert sign_in(ben).get(reverse(name, args=args)).status_code == 404
    assert sign_in(ben).post(reverse("steer_message", args=[key]), {"deed": "stop"}).status_code == 404
    browser = sign_in(tom)
    for deed, state in (("pause", "paused"), ("resume", "sending"), ("stop", "stopped")):
        browser.post(reverse("steer_message", args=[key]), {"deed": deed})
        assert models.Message.objects.get().state == state
    assert models.Delivery.objects.get().reason == "stopped"


def test_an_exception_is_a_leaders_and_stands_in_receipts(sign_in: SignIn, tom: Viewer) -> None:
    jane = make.person("Jane Moor")
    given = {"rules": ["caps"], "days": "7", "why": "she asked us to"}
    assert sign_in(tom).post(reverse("contact_exception", args=[jane]), given).status_code == 404
    browser = sign_in(make.leader())
    assert browser.post(reverse("contact_exception", args=[jane]), {**given, "rules": ["objected"]}).status_code == 422
    assert browser.post(reverse("contact_exception", args=[jane]), given).status_code == 302
    assert models.Exemption.objects.get().why == "she asked us to"


def test_somebody_who_only_administrates_writes_to_nobody(sign_in: SignIn, tom: Viewer) -> None:
    browser, jane = sign_in(make.colleague(Role.ADMINISTRATOR, name="Priya Nair")), make.person("Jane Moor")
    for name in ("write_to", "ring"):
        assert browser.get(reverse(name, args=[jane])).status_code == 403
    hidden = make.person("Secret Sam", confidential=True)
    assert sign_in(tom).get(reverse("write_to", args=[hidden])).status_code == 404


def test_pages_take_a_fixed_number_of_statements(
    sign_in: SignIn, tom: Viewer, django_assert_max_num_queries: Any
) -> None:
    box, browser = make.mailbox(), sign_in(tom)
    for n in range(15):
        who = make.person(f"P{n}", f"p{n}@works.example")
        actions.queue_message(intent=make.intent(who, tom), draft=make.DRAFT, mailbox=box, by=tom.actor(), at=make.NOON)
    for name in ("messages", "receipts"):
        browser.get(reverse(name))
        with django_assert_max_num_queries(12):
            browser.get(reverse(name))


def test_an_answer_is_a_conversation_and_nobody_elses_thread_opens_a_door(sign_in: SignIn, tom: Viewer) -> None:
    box, jane, eve = make.mailbox(), make.person("Jane Moor", "jane@works.example"), make.person("Eve Holt")
    mail = models.InboundMail.objects.create(
        mailbox_id=box, folder="INBOX", uid_validity=1, uid=1, kind="reply", label="interested", person_key=jane,
        thread=make.new_key(), message_id="<m1@works.example>", subject="Yes, tell me", text="Tell me more.",
        at=make.NOON - timedelta(hours=2), found_at=make.NOON,
    )  # fmt: skip
    browser = sign_in(tom)
    page = text(browser.get(reverse("write_to", args=[jane]), {"mail": mail.key}))
    assert "Conversation: they keep up this conversation (Yes, tell me)" in page
    assert "Tell me more." in page
    assert "Re: Yes, tell me" in page
    address = f"{reverse('write_to', args=[jane])}?mail={mail.key}"
    assert browser.post(address, written("jane@works.example", box)).status_code == 302
    [claimed] = actions.claim(mailbox=box, worker="w", most=5, at=make.NOON)
    assert claimed.answers == ("m1@works.example",)
    other = text(browser.get(reverse("write_to", args=[eve]), {"mail": mail.key}))
    assert "Approach: they did not ask" in other
    mail.label = "complaint"
    mail.save()
    make.consented(jane, event=ConsentEvent.OBJECTED, purpose=Purpose.ALL)
    assert "May go" in text(browser.get(address))  # a complaint is answered, whatever was stopped
    assert "Does not go" in text(browser.get(reverse("write_to", args=[jane])))
