"""Lists, search, pages and exports of people."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from fourfold.accounts.types import Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import NotFound
from fourfold.ledger import queries as ledger
from fourfold.people import actions, queries
from fourfold.people.tests.factories import NOON, colleague, email, leader, person, post, touch
from fourfold.people.types import (
    BadFilter,
    Condition,
    Group,
    Identifier,
    NewPerson,
    Op,
    PeopleList,
    PersonNotFound,
    PersonRole,
    Predicate,
    Scheme,
)

pytestmark = pytest.mark.django_db


def people(viewer: Viewer, **asked: Any) -> PeopleList:
    return queries.people(viewer, at=asked.pop("at", NOON), tree=fits(**asked), **only(asked))


def fits(role: str = "", predicate: str = "", **_: Any) -> Group:
    asked = [Condition("role", Op.IS, role)] if role else []
    return Group(parts=(*asked, *([Condition(f"that:{predicate}", Op.KNOWN)] if predicate else [])))


def only(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if name not in {"role", "predicate"}}


def names(viewer: Viewer, **asked: Any) -> list[str]:
    return [card.name for card in people(viewer, **asked).rows]


def all_pages(viewer: Viewer, size: int) -> list[UUID]:
    keys: list[UUID] = []
    cursor = None
    while True:
        page = people(viewer, cursor=cursor, size=size)
        keys += [card.key for card in page.rows]
        cursor = page.older
        if cursor is None:
            return keys


def test_the_list_is_by_last_name_and_shows_what_is_known() -> None:
    viewer = leader()
    zed, jane = person("Anna Zed", city="Leeds", headline="Nurse"), person("Zoë Adams")
    post(touch(jane, direction="in"), touch(jane, occurred_at=NOON + timedelta(hours=1)), touch(jane, machine=True))
    found = people(viewer)
    assert [(card.key, card.touches) for card in found.rows] == [(jane, 2), (zed, 0)]
    assert found.rows[0].last_inbound_at == NOON
    assert found.rows[0].last_touch_at == NOON + timedelta(hours=1)
    assert (found.rows[1].headline, found.rows[1].city, found.rows[1].last_touch_at) == ("Nurse", "Leeds", None)
    assert (found.count, found.counted_all, found.older) == (2, True, None)


@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
def test_pages_show_everybody_once_also_where_names_are_equal(size: int) -> None:
    viewer = leader()
    same = [NewPerson(name="Sam Lee") for _ in range(5)]
    keys = actions.add_people(
        people=[NewPerson(name="Amy Ant"), *same, NewPerson(name="Zed Zoo")], by=COMMAND_LINE, at=NOON
    )
    seen = all_pages(viewer, size)
    assert len(seen) == 7
    assert set(seen) == set(keys)
    assert (seen[0], seen[-1]) == (keys[0], keys[-1])


def test_somebody_added_meanwhile_shifts_no_page() -> None:
    viewer = leader()
    for name in ("B B", "C C", "D D"):
        person(name)
    first = people(viewer, size=2)
    person("A A")
    assert [card.name for card in people(viewer, size=2, cursor=first.older).rows] == ["D D"]


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "é", "!!!!", "bnVsbA", "NQ", "W10", "WyJhIl0", "WyJhIiwgIngiXQ", "WyJhIiwgNV0", "WyJhIiwgbnVsbF0", "/w",
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        base64.urlsafe_b64encode(json.dumps({"a": 1}).encode()).decode(),
    ],
)  # fmt: skip
def test_a_broken_cursor_is_not_found(cursor: str) -> None:
    with pytest.raises(NotFound):
        people(leader(), cursor=cursor)


def test_a_cursor_somebody_made_up_is_harmless() -> None:
    viewer = leader()
    person("Jane Doe")
    made_up = base64.urlsafe_b64encode(json.dumps(["a\0' OR 1=1 --", uuid4().hex]).encode()).decode()
    assert names(viewer, cursor=made_up) == ["Jane Doe"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("doe", ["Jane Doe", "John Doe"]),
        ("DOE", ["Jane Doe", "John Doe"]),
        ("jan do", ["Jane Doe"]),
        ("doe jane", ["Jane Doe"]),
        ("zoe", ["Zoë Łukasz"]),
        ("Łuk", ["Zoë Łukasz"]),
        ("李", ["李 明"]),
        ("петров", ["Иван Петров"]),
        ("Jane@Work.Example", ["Jane Doe"]),
        (" jane@work.example ", ["Jane Doe"]),
        ("07700 900123", ["John Doe"]),
        ("+44 7700 900123", ["John Doe"]),
        ("https://www.linkedin.com/in/john/", ["John Doe"]),
        ("work.example", []),
        ("%", []),
        ("_", []),
        ("'", []),
        ("\0", []),
        ("jane\0doe", ["Jane Doe"]),
        ("́", []),
        ("nobody", []),
        ("   ", ["Jane Doe", "John Doe", "Zoë Łukasz", "Иван Петров", "李 明"]),
    ],
)
def test_search_by_name_or_address(text: str, found: list[str]) -> None:
    viewer = leader()
    others = (Identifier(Scheme.PHONE, "+447700900123"), Identifier(Scheme.PROFILE, "linkedin.com/in/john"))
    new = [
        NewPerson(name="Jane Doe", identifiers=(email("jane@work.example"),)),
        NewPerson(name="John Doe", identifiers=others),
        *(NewPerson(name=name) for name in ("Zoë Łukasz", "Иван Петров", "李 明")),
    ]
    actions.add_people(people=new, by=COMMAND_LINE, at=NOON)
    assert sorted(names(viewer, text=text)) == sorted(found)
    assert people(viewer, text=text).count == len(found)


def test_roles_narrow_the_list() -> None:
    viewer = leader()
    person("Cora Candidate", roles=(PersonRole.CANDIDATE,))
    person("Bo Both", roles=(PersonRole.CANDIDATE, PersonRole.CLIENT_CONTACT))
    person("Nora None")
    assert names(viewer, role="candidate") == ["Bo Both", "Cora Candidate"]
    assert names(viewer, role="client_contact") == ["Bo Both"]
    assert names(viewer, role="colleague") == []
    assert names(viewer, role="candidate", text="cora") == ["Cora Candidate"]
    assert people(viewer, role="candidate").count == 2
    for unknown in ("boss", "\0"):
        with pytest.raises(BadFilter):
            people(viewer, role=unknown)


def test_conditions_of_higher_rooms_narrow_the_list(registry: Any) -> None:
    viewer = leader()
    warm, cold = person("Warm One"), person("Cold One")
    post(touch(warm, direction="in"), touch(cold))

    def keys(*, at: Any) -> Any:
        return queries.key_set(ledger.signalled_since(at - timedelta(days=1)))

    registry.predicates["warm"] = Predicate("warm", "is warm", keys)
    registry.predicates["cold"] = Predicate("cold", "is cold", lambda *, at: ~keys(at=at))
    registry.predicates["any"] = Predicate("any", "any", lambda *, at: keys(at=at) | ~keys(at=at))
    registry.predicates["none"] = Predicate("none", "none", lambda *, at: keys(at=at) & ~keys(at=at))
    assert names(viewer, predicate="warm") == ["Warm One"]
    assert names(viewer, predicate="cold") == ["Cold One"]
    assert names(viewer, predicate="any") == ["Cold One", "Warm One"]
    assert names(viewer, predicate="none") == []
    assert [card.name for card in people(viewer, predicate="warm", at=NOON + timedelta(days=2)).rows] == []
    with pytest.raises(BadFilter):
        people(viewer, predicate="nothing")


def test_a_merged_record_is_found_under_the_one_that_stays_only() -> None:
    viewer, stays, joins = leader(), person("Jane Doe"), person("Jane Dough", "jane@x.example")
    actions.merge_people(person_key=joins, into_key=stays, viewer=viewer, at=NOON)
    assert names(viewer) == ["Jane Doe"]
    assert queries.count() == 1
    assert names(viewer, text="dough") == []


def test_who_has_no_role_sees_nobody() -> None:
    key = person("Jane Doe")
    nico = colleague()
    assert people(nico) == PeopleList((), None, 0, True)
    for read in (queries.person, queries.export):
        with pytest.raises(PersonNotFound):
            read(nico, key)


def test_counting_stops_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    viewer = leader()
    monkeypatch.setattr(queries.listing, "COUNT_LIMIT", 3)
    for number in range(3):
        person(f"P{number}")
    assert (people(viewer).count, people(viewer).counted_all) == (3, True)
    person("P4")
    assert (people(viewer).count, people(viewer).counted_all) == (3, False)


@pytest.mark.parametrize("number", [5, 200])
def test_a_list_takes_as_many_statements_for_200_as_for_5(number: int, django_assert_num_queries: Any) -> None:
    viewer = leader()
    keys = actions.add_people(
        people=[NewPerson(name=f"P{n} Q{n}", roles=(PersonRole.CANDIDATE,)) for n in range(number)],
        by=COMMAND_LINE,
        at=NOON,
    )
    post(*(touch(key) for key in keys))
    with django_assert_num_queries(4):
        people(viewer)
    with django_assert_num_queries(5):
        people(viewer, text="p", role="candidate")


def test_cards_come_in_the_order_asked_without_the_erased() -> None:
    viewer, first, second, gone = leader(), person("A"), person("B"), person("C")
    actions.erase_person(person_key=gone, viewer=viewer, at=NOON)
    assert [card.key for card in queries.cards(viewer, [second, gone, first])] == [second, first]
    assert queries.cards(viewer, []) == ()


def test_names_of_many() -> None:
    keys = actions.add_people(people=[NewPerson(name=f"P{n}") for n in range(1200)], by=COMMAND_LINE, at=NOON)
    unknown = uuid4()
    found = queries.names([*keys, unknown])
    assert len(found) == 1201
    assert (found[keys[0]], found[keys[-1]], found[unknown]) == ("P0", "P1199", "erased person")


def test_resolve_many_of_several_schemes() -> None:
    new = [NewPerson(name=f"P{n}", identifiers=(email(f"p{n}@example.com"),)) for n in range(1200)]
    keys = actions.add_people(people=new, by=COMMAND_LINE, at=NOON)
    wanted = [one for person_ in new for one in person_.identifiers] + [Identifier(Scheme.ID, "p1@example.com")]
    assert queries.resolve(wanted) == {one.identifiers[0]: key for one, key in zip(new, keys, strict=True)}


def test_an_export_holds_what_every_room_keeps_of_all_merged_records(registry: Any) -> None:
    viewer = leader()
    stays = person("Jane Doe", "jane@work.example", roles=(PersonRole.CANDIDATE,), city="Leeds")
    joins = person("J. Doe", "jane@home.example")
    post(touch(stays, source_ref="mail 1"), touch(joins, source_ref="mail 2"))
    actions.merge_people(person_key=joins, into_key=stays, viewer=viewer, at=NOON)
    registry.export_steps.clear()
    registry.export_steps["notes"] = lambda *, person_keys: {"keys": sorted(map(str, person_keys))}
    found = queries.export(viewer, joins)
    assert set(found) == {"people", "ledger", "notes"}
    assert found["people"]["identifiers"] == [
        {"scheme": "email", "value": "jane@home.example", "use": ""},
        {"scheme": "email", "value": "jane@work.example", "use": ""},
    ]
    assert (found["people"]["name"], found["people"]["merged_records"]) == ("Jane Doe", ["J. Doe"])
    assert found["people"]["roles"] == ["candidate"]
    assert [ref for ref in found["ledger"]["references"] if not ref.startswith("merge:")] == ["mail 1", "mail 2"]
    assert found["notes"] == {"keys": sorted(map(str, (stays, joins)))}
    assert json.loads(json.dumps(found)) == found
