"""What is found, by whom, and in which order; the same on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.search import actions, index, models, queries, rules
from fourfold.search.tests.factories import NOON, Cast, Shelf
from fourfold.search.types import Answer, Asked, Order

pytestmark = pytest.mark.django_db


def ask(viewer: Viewer, text: str = "", order: Order = Order.WORDS, near: str = "", **narrowed: str) -> Answer:
    return queries.search(viewer, Asked(text, tuple(narrowed.items()), order, near))


def found(viewer: Viewer, text: str = "", **more: Any) -> list[str]:
    return [hit.label for hit in ask(viewer, text, **more).hits]


@pytest.fixture
def people(shelf: Shelf, cast: Cast) -> None:
    day = timedelta(days=1)
    shelf.put("John Smith", titles=("Senior Python developer, Halden",), skills=("Python", "C++"), places=("Leeds",),
              body=("Rang him about Zürich",), facets=(("tag", "VIP"), ("role", "candidate")),
              last_contact=NOON)  # fmt: skip
    shelf.put("Zoë O’Brien", titles=("Junior developer",), skills=("Django",), places=("York",),
              body=("writes python for fun",), last_contact=NOON - day)  # fmt: skip
    shelf.put("Ann Python", titles=("Chef",), last_contact=NOON - 9 * day, available_from=date(2026, 5, 1))
    shelf.put("Leeds Lane", body=("jane.smith@halden.example",), available_from=date(2026, 4, 1))
    assert actions.refresh() == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("smith", {"John Smith", "Leeds Lane"}),
        ("name:smith", {"John Smith"}),
        ("john smith", {"John Smith"}),
        ('"smith john"', set()),
        ("python", {"John Smith", "Zoë O’Brien", "Ann Python"}),
        ("PYTH*", {"John Smith", "Zoë O’Brien", "Ann Python"}),
        ("skill:python", {"John Smith"}),
        ("skill:pyth*", {"John Smith"}),
        ("title:python", {"John Smith"}),
        ('title:"python developer"', {"John Smith"}),
        ('"developer python"', set()),
        ("c++", {"John Smith"}),
        ("leeds", {"John Smith", "Leeds Lane"}),
        ("place:leeds", {"John Smith"}),
        ("zoe", {"Zoë O’Brien"}),
        ("obrien", {"Zoë O’Brien"}),
        ("zurich", {"John Smith"}),
        ("(python OR django) AND NOT junior", {"John Smith", "Ann Python"}),
        ("developer -senior", {"Zoë O’Brien"}),
        ("python OR lane", {"John Smith", "Zoë O’Brien", "Ann Python", "Leeds Lane"}),
        ("python NOT (junior OR chef)", {"John Smith"}),
        ("jane.smith@halden.example", {"Leeds Lane"}),
        ("n", set()),
        ("vip", set()),
        ("f*", {"Zoë O’Brien"}),
        ("t*", set()),
    ],
)
def test_what_is_found(people: None, cast: Cast, text: str, expected: set[str]) -> None:
    assert set(found(cast.rhea, text)) == expected


def test_narrowing(people: None, cast: Cast) -> None:
    assert found(cast.rhea, tag="vip") == ["John Smith"]
    assert found(cast.rhea, "python", tag="VIP", role="candidate") == ["John Smith"]
    assert found(cast.rhea, "junior", tag="VIP") == []
    assert found(cast.rhea, "python", place="York") == ["Zoë O’Brien"]
    assert found(cast.rhea, tag="?!") == []
    assert ask(cast.rhea).counts == {}


def test_orders(people: None, cast: Cast) -> None:
    assert found(cast.rhea, "python") == ["Ann Python", "John Smith", "Zoë O’Brien"]  # the name first, then contact
    assert found(cast.rhea, "python", order=Order.CONTACT) == ["John Smith", "Zoë O’Brien", "Ann Python"]
    assert found(cast.rhea, "python", order=Order.NAME) == ["Zoë O’Brien", "Ann Python", "John Smith"]
    assert found(cast.rhea, "python OR lane", order=Order.AVAILABLE)[:2] == ["Leeds Lane", "Ann Python"]
    assert found(cast.rhea, "developer OR django OR junior") == ["Zoë O’Brien", "John Smith"]  # more words found
    assert ask(cast.rhea, tag="vip").order is Order.CONTACT


def test_distance(shelf: Shelf, cast: Cast) -> None:
    actions.learn_places(rows=[("Leeds", "GB", 53.8, -1.55, 700_000), ("Leeds", "US", 33.5, -86.5, 12_000)])
    shelf.put("Near", body=("x",), latitude=53.9, longitude=-1.5)
    shelf.put("Far", body=("x",), latitude=51.5, longitude=-0.1)
    shelf.put("Nowhere", body=("x",))
    actions.refresh()
    answer = ask(cast.rhea, "x", order=Order.DISTANCE, near="leeds")
    assert [(hit.label, hit.kilometres and round(hit.kilometres)) for hit in answer.hits] == [
        ("Near", 12), ("Far", 274), ("Nowhere", None),
    ]  # fmt: skip
    lost = ask(cast.rhea, "x", order=Order.DISTANCE, near="Atlantis")
    assert (lost.missing_place, lost.order) == (True, Order.CONTACT)
    assert queries.place_of("Leeds", "US") == (33.5, -86.5)
    assert queries.places_of([("Leeds", ""), ("Nowhere", "")]) == {("Leeds", ""): (53.8, -1.55)}


@pytest.mark.parametrize(
    ("text", "expected", "close"),
    [
        ("Jonh Smiht", ["John Smith"], {"jonh": ("john",), "smiht": ("smith",)}),
        ("pyhton developr", ["John Smith", "Zoë O’Brien"], {"pyhton": ("python",), "developr": ("developer",)}),
        ("skill:djagno", ["Zoë O’Brien"], {"djagno": ("django",)}),
        ("zzzzz", [], {}),
        ("jonh zzzzz", [], {}),
    ],
)
def test_slips_find_what_is_close_and_say_so(
    people: None, cast: Cast, text: str, expected: list[str], close: dict[str, tuple[str, ...]]
) -> None:
    answer = ask(cast.rhea, text)
    assert [hit.label for hit in answer.hits] == expected
    assert answer.close == close
    assert ask(cast.rhea, "john smith").close == {}


def test_pages_follow_each_other_without_a_gap(shelf: Shelf, cast: Cast) -> None:
    for n in range(55):
        shelf.put(f"Person {n:02}", body=("same",), last_contact=NOON - timedelta(days=n % 7) if n % 3 else None)
    actions.refresh()
    for order in (Order.WORDS, Order.CONTACT, Order.NAME, Order.AVAILABLE):
        seen: list[str] = []
        cursor = None
        while True:
            answer = queries.search(cast.rhea, Asked("same", order=order), cursor=cursor)
            seen += [hit.label for hit in answer.hits]
            cursor = answer.older
            assert answer.counts == {"book": 55}
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 55
    for broken in ("x", "W10", "WyJhIl0"):
        with pytest.raises(NotFound):
            queries.search(cast.rhea, Asked("same", order=Order.WORDS), cursor=broken)


def test_only_readers_and_leaders_find_what_is_restricted(shelf: Shelf, cast: Cast) -> None:
    mine = frozenset({cast.rhea.user_key})
    key = shelf.put("Jane Doe", body=("open words",), fuller_for=mine)
    shelf.put("Jane Doe", kind="diary", key=key, body=("open words", "secret words"), readers=mine)
    actions.refresh()
    assert [(hit.kind, hit.label) for hit in ask(cast.rhea, "words").hits] == [("diary", "Jane Doe")]
    assert [(hit.kind, hit.label) for hit in ask(cast.lena, "words").hits] == [("diary", "Jane Doe")]
    assert [(hit.kind, hit.label) for hit in ask(cast.milo, "words").hits] == [("book", "Jane Doe")]
    assert ask(cast.milo, "secret").counts == {}
    assert ask(cast.rhea, "secret").counts == {"diary": 1}
    assert ask(cast.milo, "sceret").close == {}
    assert ask(cast.nico, "words").counts == {}


def test_a_right_that_was_lost_shows_nothing_even_before_the_index_knows(shelf: Shelf, cast: Cast) -> None:
    key = shelf.put("Jane Doe", body=("words",))
    actions.refresh()
    shelf.held[key] = [replace(shelf.held[key][0], readers=frozenset({cast.rhea.user_key}))]
    assert found(cast.milo, "words") == []
    assert found(cast.rhea, "words") == ["Jane Doe"]


def test_snippets_say_where(people: None, cast: Cast) -> None:
    hits = {hit.label: hit for hit in ask(cast.rhea, "python").hits}
    assert (hits["Zoë O’Brien"].where, hits["Zoë O’Brien"].snippet) == (
        "body", (("writes ", False), ("python", True), (" for fun", False)),
    )  # fmt: skip
    assert hits["John Smith"].where == "title"
    assert (hits["Ann Python"].where, hits["Ann Python"].snippet) == ("name", ())
    assert hits["John Smith"].note == "Senior Python developer, Halden · Leeds"


def test_more_than_are_counted_says_so(shelf: Shelf, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "COUNTED", 5)
    for n in range(7):
        shelf.put(f"Person {n}", body=("same",))
    actions.refresh()
    answer = ask(cast.rhea, "same")
    assert (answer.cut, answer.counts, answer.order) == (True, {"book": 5}, Order.CONTACT)


def words_of(key: UUID) -> int:
    ids = models.IndexedDocument.objects.filter(key=key).values_list("pk", flat=True)
    tree = rules.parse("jane")
    return len(set(ids) & index.documents_of(index.expression(tree, ()), limit=10))


def test_documents_follow_what_changes(shelf: Shelf, cast: Cast) -> None:
    key = shelf.put("Jane Doe", body=("first",))
    actions.mark_stale(kind="book", keys=[key])
    actions.mark_stale(kind="nothing", keys=[key])
    assert models.StaleDocument.objects.count() == 1
    assert queries.anything_stale()
    assert actions.refresh() == 1
    assert not queries.anything_stale()
    held = models.IndexedDocument.objects.get()
    actions.mark_stale(kind="diary", keys=[key])
    actions.refresh()
    assert models.IndexedDocument.objects.get().pk == held.pk  # nothing changed: not written again
    shelf.held[key] = [replace(shelf.held[key][0], body=("second",))]
    actions.mark_stale(kind="book", keys=[key])
    actions.refresh()
    assert (found(cast.rhea, "first"), found(cast.rhea, "second")) == ([], ["Jane Doe"])
    del shelf.held[key]
    actions.mark_stale(kind="book", keys=[key])
    actions.refresh()
    assert queries.is_empty()
    assert found(cast.rhea, "second") == []


def test_forgetting_is_at_once_and_takes_words_only_they_had(shelf: Shelf, cast: Cast) -> None:
    key = shelf.put("Jane Featherstonehaugh", skills=("Python",))
    shelf.put("Jane Doe")
    actions.refresh()
    assert words_of(key) == 1
    actions.mark_stale(kind="book", keys=[key])
    assert actions.forget(kinds=["book", "diary"], keys=[key]) == 1
    assert not queries.anything_stale()
    assert words_of(key) == 0
    known = set(models.KnownWord.objects.values_list("word", flat=True))
    assert known == {"jane", "doe", "python"}
    assert not models.WordForm.objects.filter(form__startswith="feathers").exists()
    assert found(cast.rhea, "jane") == ["Jane Doe"]
    assert queries.held_about(["book"], [key]) == {"documents": 0}


def test_the_check_of_everything_mends_what_marks_missed(shelf: Shelf, cast: Cast) -> None:
    keys = [shelf.put(f"Person {n}", body=("same",)) for n in range(9)]
    actions.refresh()
    assert actions.check_everything() == 0
    shelf.held[keys[0]] = [replace(shelf.held[keys[0]][0], name="Other")]
    del shelf.held[keys[1]]
    new = shelf.put("New one", body=("same",))
    models.StaleDocument.objects.all().delete()
    assert actions.check_everything() == 2
    names = {hit.label for hit in ask(cast.rhea, "same").hits}
    assert {"Other", "New one"} < names
    assert len(names) == 9
    assert new in set(models.IndexedDocument.objects.values_list("key", flat=True))
