"""The search page, as a browser gets it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fourfold.accounts.types import Viewer
from fourfold.search import actions
from fourfold.search.tests.factories import NOON, Cast, Shelf

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]


def test_who_is_not_signed_in_is_asked_to(cast: Cast) -> None:
    assert Client().get(reverse("search"), {"q": "x"}).status_code == 302


def test_the_title_answers(sign_in: SignIn, cast: Cast, shelf: Shelf) -> None:
    client = sign_in(cast.rhea)
    shelf.put("Jane <b>Doe</b>", body=("writes <script>python</script>",), last_contact=NOON)
    shelf.put("John Roe", body=("python",))
    actions.refresh()
    page = client.get(reverse("search"), {"q": "python"}).content.decode()
    assert "2 people match" in page
    assert "&lt;script&gt;<mark>python</mark>&lt;/script&gt;" in page
    assert "Jane &lt;b&gt;Doe" in page
    assert "First those with your words in their name" in page
    close = client.get(reverse("search"), {"q": "jonh roe"}).content.decode()
    assert "No exact match; close: 1 person" in close
    assert "for “jonh”: john" in close
    assert "Nothing matches" in client.get(reverse("search"), {"q": "zzzz", "tag": "x"}).content.decode()
    assert "What are you looking for?" in client.get(reverse("search")).content.decode()
    assert "were read as words" in client.get(reverse("search"), {"q": "jane and john"}).content.decode()


def test_what_cant_be_read_shows_the_place(sign_in: SignIn, cast: Cast) -> None:
    page = sign_in(cast.rhea).get(reverse("search"), {"q": '<b> "open'})
    assert page.status_code == 422
    assert "&lt;b&gt; <mark>&quot;</mark>open" in page.content.decode()
    assert "This quotation mark is not closed." in page.content.decode()


@pytest.mark.parametrize("order", ["words", "contact", "name", "available", "distance", "rubbish"])
def test_any_address_is_answered(sign_in: SignIn, cast: Cast, shelf: Shelf, order: str) -> None:
    shelf.put("Jane", body=("x",))
    actions.refresh()
    query = {"q": "x", "order": order, "near": "Leeds", "role": "nobody", "open": "yes", "place": "%00'\""}
    assert sign_in(cast.rhea).get(reverse("search"), query).status_code == 200
    assert sign_in(cast.nico).get(reverse("search"), query).status_code == 200


@pytest.mark.parametrize("number", [3, 60])
def test_few_statements_whatever_the_rows(sign_in: SignIn, cast: Cast, shelf: Shelf, number: int) -> None:
    for n in range(number):
        shelf.put(f"Person {n}", body=("same",), skills=("python",))
    actions.refresh()
    client = sign_in(cast.rhea)
    with CaptureQueriesContext(connection) as statements:
        assert client.get(reverse("search"), {"q": "(same OR python) AND person"}).status_code == 200
    assert len(statements) <= 14
