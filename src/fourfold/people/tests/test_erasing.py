"""Erasing: what goes, what stays, and that nobody comes back by a file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fourfold.base.actor import COMMAND_LINE
from fourfold.people import actions, models, queries
from fourfold.people.tests.factories import NOON, email, leader, person
from fourfold.people.types import (
    ConsentEvent,
    ErasedBefore,
    Ground,
    Identifier,
    NewConsent,
    NewPerson,
    Purpose,
    Scheme,
    SuppressionKind,
)

pytestmark = pytest.mark.django_db
BULLHORN = Identifier(Scheme.ID, "bullhorn:4711")


def found(*people: NewPerson) -> object:
    return actions.find_or_add_people(people=people, by=COMMAND_LINE, at=NOON)


def objected(key: object) -> None:
    new = NewConsent(
        person_key=key,  # type: ignore[arg-type]
        event=ConsentEvent.OBJECTED,
        purpose=Purpose.APPROACH,
        at=NOON,
        source="a call",
        evidence="said so to Tom",
    )
    actions.record_consents(entries=[new], by=COMMAND_LINE, at=NOON)


def test_erasing_leaves_tombstones_and_hashes_and_nothing_of_what_they_said() -> None:
    viewer = leader()
    ana = person("Ana Kovac", "ana@fjord.example")
    anna = person("Anna Kovac", "anna@halden.example")
    ben = person("Ben Marlow", "ben@fjord.example")
    for key in (ana, anna, ben):
        objected(key)
    actions.merge_people(person_key=anna, into_key=ana, viewer=viewer, at=NOON)
    actions.erase_person(person_key=anna, viewer=viewer, at=NOON + timedelta(days=1), ground=Ground.RETENTION)

    stones = {row.person_key: row.into_key for row in models.Tombstone.objects.all()}
    assert stones == {ana: None, anna: ana}
    assert set(models.Tombstone.objects.values_list("ground", flat=True)) == {"retention"}
    assert list(models.ConsentEntry.objects.values_list("person_id", flat=True)) == [ben]
    held = queries.suppressed([email("ana@fjord.example"), email("anna@halden.example"), email("ben@fjord.example")])
    assert {one.value: why.erased for one, why in held.items()} == {
        "ana@fjord.example": True, "anna@halden.example": True, "ben@fjord.example": False
    }  # fmt: skip
    assert held[email("ana@fjord.example")].kinds == {SuppressionKind.ERASED, SuppressionKind.OBJECTED}
    assert held[email("ana@fjord.example")].purposes == {Purpose.ALL, Purpose.APPROACH}
    assert list(models.Person.objects.values_list("key", flat=True)) == [ben]


def test_a_file_does_not_bring_an_erased_person_back_under_any_of_their_addresses() -> None:
    viewer = leader()
    first = NewPerson(name="Ana Kovac", identifiers=(email("ana@fjord.example"), BULLHORN))
    key = found(first).keys[0]  # type: ignore[attr-defined]
    ben = person("Ben Marlow", "ben@fjord.example")
    actions.erase_person(person_key=key, viewer=viewer, at=NOON)

    again = found(
        NewPerson(name="Ana Kovac", identifiers=(email("new@fjord.example"), BULLHORN)),
        NewPerson(name="Ben Marlow", identifiers=(email("ben@fjord.example"), email("ana@fjord.example"))),
        NewPerson(name="Cleo Ward", identifiers=(email("cleo@fjord.example"),)),
    )
    assert again.erased == {0}  # type: ignore[attr-defined]
    assert again.keys[:2] == (None, ben)  # type: ignore[attr-defined]
    assert again.added == 1  # type: ignore[attr-defined]
    assert queries.resolve([email("ana@fjord.example"), email("new@fjord.example"), BULLHORN]) == {}
    both = actions.find_or_add(
        identifiers=[email("ana@fjord.example"), email("d@fjord.example")], names={}, by=COMMAND_LINE, at=NOON
    )
    assert list(both.keys) == [email("d@fjord.example")]
    with pytest.raises(ErasedBefore):
        actions.add_people(people=[first], by=COMMAND_LINE, at=NOON)
    assert models.Person.objects.filter(name="Ana Kovac").count() == 0


def test_who_may_return_leaves_no_hash_but_what_they_objected_to_stands() -> None:
    key = person("Ana Kovac", "ana@fjord.example")
    objected(key)
    actions.erase_person(person_key=key, viewer=leader(), at=NOON, may_return=True)
    held = queries.suppressed([email("ana@fjord.example")])[email("ana@fjord.example")]
    assert held.kinds == {SuppressionKind.OBJECTED}
    back = person("Ana Kovac", "ana@fjord.example")
    assert queries.standing(back, at=NOON).objected == {(Purpose.APPROACH, "")}
