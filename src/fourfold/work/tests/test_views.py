"""Pages of work, as a browser gets them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fourfold.accounts.types import Viewer
from fourfold.base import clock
from fourfold.work import models, queries
from fourfold.work.tests.factories import CLOSED, NOON, THING, Cast, note, task

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]
ABOUT = f"thing:{THING}"


def test_who_is_not_signed_in_is_asked_to(cast: Cast) -> None:
    for name in ("tasks", "new_task", "notifications", "work_about"):
        assert Client().get(reverse(name)).status_code == 302


def test_my_tasks_say_what_is_due(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.rhea)
    assert "Nothing is due today" in client.get(reverse("tasks")).content.decode()
    today = clock.now().date()
    for days, title in ((-2, "Late one"), (30, "Far one")):
        task(cast.rhea, due_on=today + timedelta(days=days), title=title)
    page = client.get(reverse("tasks")).content.decode()
    assert "1 task is overdue" in page
    assert page.index("Late one") < page.index("Far one")
    assert "Late one" not in sign_in(cast.lena).get(reverse("tasks")).content.decode()


@pytest.mark.parametrize("number", [3, 120])
def test_the_list_takes_few_statements_and_pages(sign_in: SignIn, cast: Cast, number: int) -> None:
    client, day = sign_in(cast.rhea), clock.now().date() + timedelta(days=9)
    for n in range(number):
        task(cast.rhea, due_on=day, title=f"Task {n}", subject=("thing", THING))
    with CaptureQueriesContext(connection) as statements:
        page = client.get(reverse("tasks"))
    assert len(statements) <= 14
    if number > 50:
        seen = page.content.decode().count(">Done</button>") + client.get(page.context["older"]).content.decode().count(
            ">Done</button>"
        )
        assert seen == 100
    assert client.get(reverse("tasks"), {"after": "broken"}).status_code == 404


def test_a_task_from_the_page(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.rhea)
    address = f"{reverse('new_task')}?about={ABOUT}"
    given = {"title": "Ring back", "kind": "call_back", "owner": str(cast.milo.user_key), "due_on": "2026-03-05"}
    failed = client.post(address, {**given, "title": ""})
    assert failed.status_code == 422
    assert client.post(address, {**given, "due_on": "", "due_time": "10:00"}).status_code == 422
    assert models.Task.objects.count() == 0
    done = client.post(address, given)
    assert (done.status_code, done["Location"]) == (302, "/people/")
    kept = models.Task.objects.get()
    assert (kept.owner_key, kept.subject_key, kept.kind) == (cast.milo.user_key, THING, "call_back")
    assert client.get(f"{reverse('new_task')}?about=thing:{CLOSED}").status_code == 404
    assert client.get(f"{reverse('new_task')}?about=rubbish").status_code == 404


def test_done_goes_back_where_one_was_and_nowhere_else(sign_in: SignIn, cast: Cast) -> None:
    client, key = sign_in(cast.rhea), task(cast.rhea)
    for asked, led in (("/work/?of=team", "/work/?of=team"), ("https://evil.example/", "/work/")):
        assert client.post(reverse("do_task", args=[key]), {"next": asked})["Location"] == led
    assert models.Task.objects.get().done_at is not None
    client.post(reverse("reopen_task", args=[key]))
    assert models.Task.objects.get().done_at is None
    client.post(reverse("snooze_task", args=[key]), {"to": "week"})
    assert models.Task.objects.get().due_on is not None
    assert client.get(reverse("do_task", args=[key])).status_code == 405
    assert sign_in(cast.ada).post(reverse("do_task", args=[key])).status_code == 404


def test_a_note_with_and_without_htmx(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.rhea)
    plain = client.post(reverse("write_note"), {"about": ABOUT, "text": "<b>Hello</b> @Milo"})
    assert (plain.status_code, plain["Location"]) == (302, "/people/#work")
    part = client.post(reverse("write_note"), {"about": ABOUT, "text": "Two"}, headers={"HX-Request": "true"})
    text = part.content.decode()
    assert part.status_code == 200
    assert "<html" not in text
    assert "&lt;b&gt;Hello&lt;/b&gt;" in text
    assert '<span class="ff-mention">@Milo</span>' in text
    for headers in ({}, {"HX-Request": "true"}):
        failed = client.post(reverse("write_note"), {"about": ABOUT, "text": "  "}, headers=headers)
        assert failed.status_code == 422
    assert client.post(reverse("write_note"), {"about": f"thing:{CLOSED}", "text": "x"}).status_code == 404
    assert sign_in(cast.nico).post(reverse("write_note"), {"about": ABOUT, "text": "x"}).status_code == 404
    assert models.Note.objects.count() == 2


def test_edit_pin_remove_and_bring_back(sign_in: SignIn, cast: Cast) -> None:
    client, key = sign_in(cast.rhea), note(cast.rhea, "First words")
    assert client.post(reverse("note", args=[key]), {"text": ""}).status_code == 422
    client.post(reverse("note", args=[key]), {"text": "Second words"})
    page = client.get(reverse("note", args=[key])).content.decode()
    assert "Second words" in page
    assert "First words" in page
    client.post(reverse("pin_note", args=[key]), {"pinned": "yes"})
    assert models.Note.objects.get().pinned
    client.post(reverse("remove_note", args=[key]))
    assert reverse("bring_note_back", args=[key]) in client.get(reverse("tasks")).content.decode()
    assert client.get(reverse("note", args=[key])).status_code == 404
    client.post(reverse("bring_note_back", args=[key]))
    assert client.get(reverse("note", args=[key])).status_code == 200
    assert sign_in(cast.milo).post(reverse("remove_note", args=[key])).status_code == 403


def test_older_notes_have_a_page(sign_in: SignIn, cast: Cast) -> None:
    for n in range(25):
        note(cast.rhea, f"Note number {n:02}", at=NOON + timedelta(minutes=n))
    client = sign_in(cast.milo)
    part = client.post(reverse("write_note"), {"about": ABOUT, "text": "x"}, headers={"HX-Request": "true"})
    assert "6 older notes" in part.content.decode()
    assert "Note number 00" in client.get(f"{reverse('work_about')}?about={ABOUT}").content.decode()


def test_the_bell_counts_and_opening_clears(sign_in: SignIn, cast: Cast) -> None:
    note(cast.lena, "@Rhea Okafor look")
    client = sign_in(cast.rhea)
    page = client.get(reverse("notifications")).content.decode()
    assert "1 thing is new" in page
    assert "Lena Marsh mentioned you" in page
    row = queries.notifications(cast.rhea)[0]
    assert client.post(reverse("open_notification", args=[row.key]))["Location"] == "/people/#work"
    assert "Nothing is new" in client.get(reverse("notifications")).content.decode()
    assert sign_in(cast.milo).post(reverse("open_notification", args=[row.key])).status_code == 404
    client.post(reverse("see_notifications"))
    assert "Nobody needed you yet" in sign_in(cast.milo).get(reverse("notifications")).content.decode()
