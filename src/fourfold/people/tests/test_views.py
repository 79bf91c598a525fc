"""Pages about people, as a browser gets them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fourfold.accounts.types import Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.ledger import queries as ledger
from fourfold.people import actions, queries
from fourfold.people.tests.factories import NOON, colleague, leader, person, post, touch
from fourfold.people.types import NewPerson, PersonRole

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]


def test_who_is_not_signed_in_is_asked_to() -> None:
    leader()
    key = person("Jane Doe")
    for name, arguments in (("people", []), ("person", [key]), ("erase_person", [key]), ("export_person", [key])):
        response = Client().get(reverse(name, args=arguments))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


def test_the_list_finds_and_pages(sign_in: SignIn) -> None:
    client = sign_in(leader())
    actions.add_people(people=[NewPerson(name=f"Ann Lee{n:03}") for n in range(60)], by=COMMAND_LINE, at=NOON)
    page = client.get(reverse("people"))
    assert page.status_code == 200
    assert page.content.count(b'<th scope="row">') == 50
    assert "60 people" in page.content.decode()
    rest = client.get(page.context["older"])
    assert rest.content.count(b'<th scope="row">') == 10
    assert rest.context["older"] == ""
    found = client.get(reverse("people"), {"q": "lee007"})
    assert [row["card"].name for row in found.context["rows"]] == ["Ann Lee007"]
    nobody = client.get(reverse("people"), {"q": "<script>alert(1)</script>"})
    assert "<script>alert" not in nobody.content.decode()
    assert "Nobody fits" in nobody.content.decode()


@pytest.mark.parametrize("query", [{"after": "x"}, {"that": "nothing"}, {"role": "boss"}])
def test_a_list_that_is_not_there(sign_in: SignIn, query: dict[str, str]) -> None:
    assert sign_in(leader()).get(reverse("people"), query).status_code == 404


def test_an_empty_house_says_how_to_begin(sign_in: SignIn) -> None:
    assert reverse("new_import") in sign_in(leader()).get(reverse("people")).content.decode()


@pytest.mark.parametrize("number", [5, 200])
def test_pages_take_few_statements_whatever_the_rows(sign_in: SignIn, number: int) -> None:
    client = sign_in(leader())
    new = [NewPerson(name=f"P{n} Q{n}", roles=(PersonRole.CANDIDATE,)) for n in range(number)]
    keys = actions.add_people(people=new, by=COMMAND_LINE, at=NOON)
    post(*(touch(key) for key in keys), *(touch(keys[0], actor=str(uuid4()), desk="d") for _ in range(number)))
    for address, most in ((reverse("people"), 12), (reverse("person", args=[keys[0]]), 46)):
        with CaptureQueriesContext(connection) as statements:
            assert client.get(address).status_code == 200
        assert len(statements) <= most


def test_a_persons_page_tells_the_timeline(sign_in: SignIn) -> None:
    client = sign_in(leader())
    jane = person("Jane Doe", "jane@example.com", headline="Engineer")
    post(*(touch(jane, occurred_at=NOON - timedelta(days=n), campaign=f"Campaign {n}") for n in range(40)))
    page = client.get(reverse("person", args=[jane]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "jane@example.com" in text
    assert "Campaign 29" in text
    assert "Campaign 30" not in text
    more = client.get(
        f"{reverse('person', args=[jane])}?before={page.context['older']}", headers={"HX-Request": "true"}
    )
    assert "Campaign 30" in more.content.decode()
    assert "<html" not in more.content.decode()
    assert client.get(f"{reverse('person', args=[jane])}?before=x").status_code == 404


def test_unknown_erased_and_forbidden_people_look_the_same(sign_in: SignIn) -> None:
    viewer, jane, gone = leader(), person("Jane Doe"), person("Gone")
    actions.erase_person(person_key=gone, viewer=viewer, at=NOON)
    nobody = colleague(name="Nico Vance")
    answers = {
        sign_in(who).get(reverse(name, args=[key])).status_code
        for who, key in ((viewer, uuid4()), (viewer, gone), (nobody, jane))
        for name in ("person", "export_person", "erase_person")
    }
    assert answers == {404}


def test_merge_offers_its_undoing(sign_in: SignIn) -> None:
    viewer, stays, joins = leader(), person("Jane Doe"), person("Jane D")
    client = sign_in(viewer)
    address = f"https://house.example{reverse('person', args=[joins])}?x=1"
    page = client.post(reverse("merge_person", args=[stays]), {"other": address}, follow=True)
    assert page.redirect_chain == [(reverse("person", args=[stays]), 302)]
    assert reverse("unmerge_person", args=[joins]) in page.content.decode()
    moved = client.get(reverse("person", args=[joins]))
    assert (moved.status_code, moved["Location"]) == (302, reverse("person", args=[stays]))
    client.post(reverse("unmerge_person", args=[joins]))
    assert client.get(reverse("person", args=[joins])).status_code == 200


@pytest.mark.parametrize(("other", "status"), [("", 404), ("Jane", 404), ("0b7e6a8c-4f1d-4c55-9d0e-3f6f0a1b2c3d", 404)])
def test_a_merge_with_nobody_changes_nothing(sign_in: SignIn, other: str, status: int) -> None:
    viewer, stays = leader(), person("Jane Doe")
    assert sign_in(viewer).post(reverse("merge_person", args=[stays]), {"other": other}).status_code == status
    assert ledger.is_empty()


def test_a_merge_with_itself_is_refused(sign_in: SignIn) -> None:
    viewer, stays = leader(), person("Jane Doe")
    assert sign_in(viewer).post(reverse("merge_person", args=[stays]), {"other": str(stays)}).status_code == 422


def test_deeds_are_posted_not_linked(sign_in: SignIn) -> None:
    client, jane = sign_in(leader()), person("Jane Doe")
    for name in ("merge_person", "unmerge_person"):
        assert client.get(reverse(name, args=[jane])).status_code == 405


def test_an_erasure_asks_first(sign_in: SignIn) -> None:
    viewer, jane = leader(), person("Jane Doe")
    client = sign_in(viewer)
    address = reverse("erase_person", args=[jane])
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 422
    assert queries.names([jane]) == {jane: "Jane Doe"}
    page = client.post(address, {"confirm": "on"}, follow=True)
    assert page.redirect_chain == [(reverse("people"), 302)]
    assert client.get(reverse("person", args=[jane])).status_code == 404


def test_recruiters_are_not_offered_an_erasure_and_get_none(sign_in: SignIn) -> None:
    jane = person("Jane Doe")
    client = sign_in(colleague(Role.RECRUITER, name="Rhea Okafor"))
    address = reverse("erase_person", args=[jane])
    assert address not in client.get(reverse("person", args=[jane])).content.decode()
    assert client.get(address).status_code == 403
    assert client.post(address, {"confirm": "on"}).status_code == 403
    assert queries.names([jane]) == {jane: "Jane Doe"}


def test_an_export_is_a_file_of_json(sign_in: SignIn) -> None:
    jane = person("Zoë Doe", "zoe@example.com")
    response = sign_in(leader()).get(reverse("export_person", args=[jane]))
    assert response["Content-Type"] == "application/json"
    assert f'filename="person-{jane}.json"' in response["Content-Disposition"]
    held: dict[str, Any] = json.loads(response.content)
    assert held["people"]["name"] == "Zoë Doe"
    assert held["people"]["identifiers"] == [{"scheme": "email", "value": "zoe@example.com"}]
