"""Adding, merging, un-merging and erasing people: what changes, and what stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import Kind
from fourfold.people import actions, models, queries
from fourfold.people.tests.factories import (
    NOON,
    colleague,
    email,
    leader,
    outcome,
    party,
    person,
    post,
    touch,
)
from fourfold.people.types import (
    Identifier,
    MergeRefused,
    NewOrganisation,
    NewPerson,
    PersonNotFound,
    PersonRole,
    Scheme,
)

pytestmark = pytest.mark.django_db


def add(*people: NewPerson) -> list[UUID]:
    return actions.add_people(people=people, by=COMMAND_LINE, at=NOON)


def listed(viewer: Any) -> list[str]:
    return [card.name for card in queries.people(viewer, at=NOON).rows]


def deeds(viewer: Any) -> list[str]:
    return [row.deed for row in accounts.audit_trail(viewer)]


# Adding


def test_add_people_keeps_what_is_given() -> None:
    viewer = leader()
    organisation = actions.add_organisations(
        organisations=[NewOrganisation(name="Acme Ltd")], by=COMMAND_LINE, at=NOON
    )[0]
    own = uuid4()
    new = NewPerson(
        name="Zoë Adams",
        identifiers=(email("zoe@example.com"), Identifier(Scheme.PHONE, "+447700900123")),
        roles=(PersonRole.CLIENT_CONTACT, PersonRole.CANDIDATE),
        headline="Engineer",
        city="Leeds",
        country="GB",
        organisation=organisation,
        key=own,
    )
    assert add(new) == [own]
    page = queries.person(viewer, own)
    assert (page.card.name, page.card.headline, page.card.city) == ("Zoë Adams", "Engineer", "Leeds")
    assert page.card.organisation == "Acme Ltd"
    assert page.card.roles == (PersonRole.CANDIDATE, PersonRole.CLIENT_CONTACT)
    assert page.identifiers == (email("zoe@example.com"), Identifier(Scheme.PHONE, "+447700900123"))
    assert page.added_at == NOON
    assert page.merged == ()


def test_somebody_known_by_an_address_is_not_added_again() -> None:
    viewer = leader()
    first = add(NewPerson(name="Jane Doe", identifiers=(email("jane@example.com"),)))
    again = add(
        NewPerson(name="J. Doe", identifiers=(email("new@example.com"), email("jane@example.com"))),
        NewPerson(name="Someone Else", identifiers=(email("new@example.com"),)),
        NewPerson(name="Third", identifiers=(email("third@example.com"),)),
        NewPerson(name="Third again", identifiers=(email("third@example.com"),)),
    )
    assert again[:2] == [first[0], first[0]]
    assert again[2] == again[3] != first[0]
    assert listed(viewer) == ["Jane Doe", "Third"]
    assert queries.identifiers_of(first) == (email("jane@example.com"), email("new@example.com"))
    assert deeds(viewer).count("add_people") == 2


def test_nobody_new_leaves_no_audit_entry() -> None:
    viewer = leader()
    person("Jane Doe", "jane@example.com")
    before = deeds(viewer)
    person("Jane Doe", "jane@example.com")
    assert deeds(viewer) == before


def test_people_without_an_address_are_each_added() -> None:
    viewer = leader()
    assert len(set(add(NewPerson(name="Sam Lee"), NewPerson(name="Sam Lee")))) == 2
    assert listed(viewer) == ["Sam Lee", "Sam Lee"]


def test_organisations_are_known_by_name_in_any_case_and_script() -> None:
    new = [NewOrganisation(name=name) for name in ("Acme Ltd", "ACME  ltd", "Газпром Нефть", "Лукойл Нефть")]
    keys = actions.add_organisations(organisations=new, by=COMMAND_LINE, at=NOON)
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    again = actions.add_organisations(organisations=new, by=COMMAND_LINE, at=NOON)
    assert again == keys
    assert models.Organisation.objects.count() == 3


def test_find_or_add_names_only_those_who_are_new() -> None:
    known = person("Jane Doe", "jane@example.com")
    found = actions.find_or_add(
        identifiers=[
            email("jane@example.com"),
            email("new@example.com"),
            email("x.y@example.com"),
            email("new@example.com"),
        ],
        names={email("jane@example.com"): "Other", email("new@example.com"): "Newcomer"},
        by=COMMAND_LINE,
        at=NOON,
    )
    assert found.added == 2
    assert found.keys[email("jane@example.com")] == known
    assert queries.names(found.keys.values()) == {
        known: "Jane Doe",
        found.keys[email("new@example.com")]: "Newcomer",
        found.keys[email("x.y@example.com")]: "X Y",
    }
    again = actions.find_or_add(identifiers=list(found.keys), names={}, by=COMMAND_LINE, at=NOON)
    assert (again.keys, again.added) == (found.keys, 0)


# Merging


PHONE = Identifier(Scheme.PHONE, "+447700900111")


def test_whoever_any_address_shows_to_be_known_is_found_and_gets_the_others() -> None:
    jane = person("Jane Doe", "jane@x.example")
    seeker = (PersonRole.CANDIDATE,)
    found = actions.find_or_add_people(
        people=[
            NewPerson(name="J.", identifiers=(email("jane@x.example"), PHONE), roles=seeker),
            NewPerson(name="", identifiers=(PHONE,)),
            NewPerson(name="", identifiers=(email("jo.roe@x.example"),)),
            NewPerson(name="Jo Roe", identifiers=(email("jo.roe@x.example"),)),
            NewPerson(name="Nobody"),
        ],
        by=COMMAND_LINE,
        at=NOON,
    )
    jo = found.keys[2]
    assert found.keys == (jane, jane, jo, jo, None)
    assert (found.added, found.conflicts, found.changed) == (1, {}, {0, 2})
    assert set(queries.identifiers_of([jane])) == {email("jane@x.example"), PHONE}
    assert [(card.name, card.roles) for card in queries.cards(leader(), [jane, jo])] == [
        ("Jane Doe", seeker),
        ("Jo Roe", ()),
    ]  # type: ignore[list-item]
    again = actions.find_or_add_people(
        people=[NewPerson(name="J.", identifiers=(PHONE,), roles=seeker)], by=COMMAND_LINE, at=NOON
    )
    assert (again.keys, again.added, again.changed) == ((jane,), 0, frozenset())


def test_addresses_of_two_people_change_neither_until_they_are_merged() -> None:
    jane, joe = person("Jane Doe", "jane@x.example"), person("Joe", "joe@x.example")
    both = NewPerson(name="", identifiers=(email("jane@x.example"), email("joe@x.example"), PHONE))
    refused = actions.find_or_add_people(people=[both], by=COMMAND_LINE, at=NOON)
    assert (refused.keys, refused.added, refused.conflicts) == ((None,), 0, {0: (jane, joe)})
    assert queries.resolve([PHONE]) == {}
    actions.merge_people(person_key=joe, into_key=jane, viewer=leader(), at=NOON)
    merged = actions.find_or_add_people(people=[both], by=COMMAND_LINE, at=NOON)
    assert (merged.keys, merged.conflicts) == ((jane,), {})
    assert queries.resolve([PHONE]) == {PHONE: jane}


def test_an_organisation_that_gives_a_job_becomes_a_client() -> None:
    (key,) = actions.add_organisations(organisations=[NewOrganisation(name="Acme")], by=COMMAND_LINE, at=NOON)
    assert not models.Organisation.objects.get(pk=key).is_client
    client = NewOrganisation(name="ACME", is_client=True)
    assert actions.add_organisations(organisations=[client], by=COMMAND_LINE, at=NOON) == [key]
    assert models.Organisation.objects.get(pk=key).is_client
    actions.add_organisations(organisations=[NewOrganisation(name="Acme")], by=COMMAND_LINE, at=NOON)
    assert models.Organisation.objects.get(pk=key).is_client


@pytest.mark.parametrize(
    ("scheme", "text", "value"),
    [
        (Scheme.EMAIL, " Jane@X.example", "jane@x.example"),
        (Scheme.EMAIL, "jane", None),
        (Scheme.PHONE, "7700900111", "+447700900111"),  # as a spreadsheet leaves it
        (Scheme.PHONE, "447700900111", "+447700900111"),
        (Scheme.ID, " 17 ", "crm:17"),
    ],
)
def test_a_column_whose_scheme_is_known_is_read_as_such(scheme: Scheme, text: str, value: str | None) -> None:
    found = queries.recognise_as(scheme, text, source="crm", country="GB")
    assert (found.value if found else None) == value


def test_a_merge_joins_facts_and_identifiers_and_leaves_one_record() -> None:
    viewer = leader()
    stays, joins, other = person("Jane Doe", "jane@work.example"), person("Jane D", "jane@home.example"), person("Zed")
    deal = outcome()
    post(touch(stays, channel="phone"), touch(joins, occurred_at=NOON + timedelta(hours=1)), touch(other), deal)
    post(party(deal, joins))
    actions.merge_people(person_key=joins, into_key=stays, viewer=viewer, at=NOON)

    assert listed(viewer) == ["Jane Doe", "Zed"]
    page = queries.person(viewer, joins)
    assert page == queries.person(viewer, stays)
    assert page.card.key == stays
    assert [card.name for card in page.merged] == ["Jane D"]
    assert page.identifiers == (email("jane@home.example"), email("jane@work.example"))
    rows = ledger.timeline(stays).rows
    assert [row.person_key for row in rows] == [joins, joins, stays]
    assert ledger.timeline(joins).rows == rows
    assert page.card.touches == 2
    assert ledger.counts()[Kind.IDENTITY] == 1
    assert len(ledger.timeline(other).rows) == 1
    assert deeds(viewer)[0] == "merge_people"


def test_an_unmerge_parts_them_again() -> None:
    viewer = leader()
    stays, joins = person("Jane Doe", "jane@work.example"), person("Jane D", "jane@home.example")
    post(touch(stays), touch(joins), touch(joins))
    before = [queries.person(viewer, key) for key in (stays, joins)]
    actions.merge_people(person_key=joins, into_key=stays, viewer=viewer, at=NOON)
    actions.unmerge_person(person_key=joins, viewer=viewer, at=NOON)

    assert [queries.person(viewer, key) for key in (stays, joins)] == before
    assert [len(ledger.timeline(key).rows) for key in (stays, joins)] == [1, 2]
    assert listed(viewer) == ["Jane D", "Jane Doe"]
    assert Kind.IDENTITY not in ledger.counts()
    assert deeds(viewer)[0] == "unmerge_person"
    with pytest.raises(NotFound):
        actions.unmerge_person(person_key=joins, viewer=viewer, at=NOON)


def test_two_can_be_merged_again_and_the_other_way_round() -> None:
    viewer = leader()
    first, second = person("Jane Doe"), person("Jane D")
    for joins, stays in ((first, second), (second, first), (second, first)):
        actions.merge_people(person_key=joins, into_key=stays, viewer=viewer, at=NOON)
        assert queries.person(viewer, joins).card.key == stays
        actions.unmerge_person(person_key=joins, viewer=viewer, at=NOON)
    assert ledger.canonical_keys([first, second]) == {first: first, second: second}


@pytest.fixture
def chain() -> dict[str, Any]:
    """a was merged into b, then b into c; each has one touch."""
    viewer = leader()
    a, b, c = (person(name, f"{name}@example.com") for name in ("a", "b", "c"))
    post(touch(a), touch(b), touch(c))
    actions.merge_people(person_key=a, into_key=b, viewer=viewer, at=NOON)
    actions.merge_people(person_key=b, into_key=c, viewer=viewer, at=NOON)
    return {"viewer": viewer, "a": a, "b": b, "c": c}


def ends(chain: dict[str, Any]) -> dict[str, str]:
    """By record, the one whose page it shows; the ledger must say the same."""
    names = {chain[name]: name for name in "abc"}
    pages = {name: names[queries.person(chain["viewer"], chain[name]).card.key] for name in "abc"}
    canonical = ledger.canonical_keys([chain[name] for name in "abc"])
    assert {name: names[canonical[chain[name]]] for name in "abc"} == pages
    return pages


def touches(chain: dict[str, Any]) -> list[int]:
    return [len(ledger.timeline(chain[name]).rows) for name in "abc"]


def test_a_chain_ends_at_its_last_record(chain: dict[str, Any]) -> None:
    assert ends(chain) == {"a": "c", "b": "c", "c": "c"}
    assert touches(chain) == [3, 3, 3]
    page = queries.person(chain["viewer"], chain["a"])
    assert page.card.touches == 3
    assert {card.name for card in page.merged} == {"a", "b"}
    assert len(page.identifiers) == 3


def test_undoing_the_later_merge_leaves_the_earlier(chain: dict[str, Any]) -> None:
    actions.unmerge_person(person_key=chain["b"], viewer=chain["viewer"], at=NOON)
    assert ends(chain) == {"a": "b", "b": "b", "c": "c"}
    assert touches(chain) == [2, 2, 1]
    actions.unmerge_person(person_key=chain["a"], viewer=chain["viewer"], at=NOON)
    assert ends(chain) == {"a": "a", "b": "b", "c": "c"}
    assert touches(chain) == [1, 1, 1]


def test_undoing_the_earlier_merge_leaves_the_later(chain: dict[str, Any]) -> None:
    actions.unmerge_person(person_key=chain["a"], viewer=chain["viewer"], at=NOON)
    assert ends(chain) == {"a": "a", "b": "c", "c": "c"}
    assert touches(chain) == [1, 2, 2]
    actions.unmerge_person(person_key=chain["b"], viewer=chain["viewer"], at=NOON)
    assert ends(chain) == {"a": "a", "b": "b", "c": "c"}
    assert touches(chain) == [1, 1, 1]


def test_merging_into_a_merged_record_reaches_the_one_that_stays(chain: dict[str, Any]) -> None:
    late = person("late")
    actions.merge_people(person_key=late, into_key=chain["a"], viewer=chain["viewer"], at=NOON)
    assert queries.person(chain["viewer"], late).card.key == chain["c"]
    actions.unmerge_person(person_key=chain["b"], viewer=chain["viewer"], at=NOON)
    assert queries.person(chain["viewer"], late).card.key == chain["c"]  # it was merged with the one that stayed
    assert ends(chain) == {"a": "b", "b": "b", "c": "c"}


def test_a_record_is_not_merged_with_itself_however_it_is_named(chain: dict[str, Any]) -> None:
    before = ledger.top_seq()
    for joins, stays in (("c", "c"), ("a", "b"), ("c", "a")):
        with pytest.raises(MergeRefused):
            actions.merge_people(person_key=chain[joins], into_key=chain[stays], viewer=chain["viewer"], at=NOON)
    assert ledger.top_seq() == before


def test_who_has_no_role_merges_nothing() -> None:
    first, second = person("Jane Doe"), person("Jane D")
    with pytest.raises(PersonNotFound):
        actions.merge_people(person_key=first, into_key=second, viewer=colleague(), at=NOON)
    with pytest.raises(PersonNotFound):
        actions.merge_people(person_key=first, into_key=uuid4(), viewer=leader(), at=NOON)
    assert ledger.is_empty()


def test_higher_rooms_take_part_in_a_merge_and_its_undoing(registry: Any) -> None:
    seen = []
    registry.merge_steps["notes"] = lambda **given: seen.append(given)
    viewer, first, second = leader(), person("Jane Doe"), person("Jane D")
    actions.merge_people(person_key=second, into_key=first, viewer=viewer, at=NOON)
    actions.unmerge_person(person_key=second, viewer=viewer, at=NOON)
    assert seen == [
        {"person_key": second, "into_key": first, "undo": False},
        {"person_key": second, "into_key": first, "undo": True},
    ]


def test_a_step_that_fails_leaves_nothing_merged(registry: Any) -> None:
    def broken(**given: Any) -> None:
        raise RuntimeError

    registry.merge_steps["notes"] = broken
    viewer, first, second = leader(), person("Jane Doe"), person("Jane D")
    with pytest.raises(RuntimeError):
        actions.merge_people(person_key=second, into_key=first, viewer=viewer, at=NOON)
    assert queries.person(viewer, second).card.key == second
    assert ledger.is_empty()


# Erasing


def test_an_erasure_removes_the_person_and_leaves_the_facts(registry: Any) -> None:
    viewer = leader()
    gone, merged, stays = person("Jane Doe", "jane@x.example"), person("J", "j@x.example"), person("Zed", "z@x.example")
    deal = outcome()
    post(touch(gone, source_ref="mail to jane@x.example"), touch(merged), touch(stays, source_ref="zed"), deal)
    post(party(deal, gone))
    actions.merge_people(person_key=merged, into_key=gone, viewer=viewer, at=NOON)
    registry.erase_steps["notes"] = lambda *, person_keys: len(person_keys)
    counts = ledger.counts()
    actions.erase_person(person_key=gone, viewer=viewer, at=NOON)

    assert ledger.counts() == counts
    for key in (gone, merged):
        with pytest.raises(PersonNotFound):
            queries.person(viewer, key)
    assert queries.names([gone, merged, stays]) == {gone: "erased person", merged: "erased person", stays: "Zed"}
    assert queries.identifiers_of([gone, merged, stays]) == (email("z@x.example"),)
    assert queries.resolve([email("jane@x.example"), email("z@x.example")]) == {email("z@x.example"): stays}
    assert ledger.references([gone, merged]) == ()
    assert ledger.references([stays]) == ("zed",)
    assert listed(viewer) == ["Zed"]
    entry = accounts.audit_trail(viewer)[0]
    assert (entry.deed, entry.subject) == ("erase_person", f"person {gone}")
    assert "Jane" not in str(accounts.audit_trail(viewer))


def test_an_erased_person_may_come_again_as_somebody_new() -> None:
    viewer, gone = leader(), person("Jane Doe", "jane@x.example")
    actions.erase_person(person_key=gone, viewer=viewer, at=NOON, may_return=True)
    again = person("Jane Doe", "jane@x.example")
    assert again != gone
    with pytest.raises(PersonNotFound):
        actions.erase_person(person_key=gone, viewer=viewer, at=NOON)


def test_erasing_a_merged_record_erases_the_person_it_is_one_with(chain: dict[str, Any]) -> None:
    actions.erase_person(person_key=chain["b"], viewer=chain["viewer"], at=NOON)
    assert listed(chain["viewer"]) == []
    assert models.Person.objects.count() == models.PersonIdentifier.objects.count() == 0
    assert ledger.counts()[Kind.TOUCH] == 3


@pytest.mark.parametrize("role", [Role.RECRUITER, Role.MARKETER])
def test_recruiters_and_marketers_erase_nobody(role: Role) -> None:
    key = person("Jane Doe", "jane@x.example")
    with pytest.raises(NotAllowed):
        actions.erase_person(person_key=key, viewer=colleague(role), at=NOON)
    assert queries.names([key]) == {key: "Jane Doe"}


@pytest.mark.parametrize("role", [Role.LEADER, Role.ADMINISTRATOR])
def test_leaders_and_administrators_erase(role: Role) -> None:
    key = person("Jane Doe", "jane@x.example")
    actions.erase_person(person_key=key, viewer=colleague(role), at=NOON)
    assert queries.names([key]) == {key: queries.ERASED}
