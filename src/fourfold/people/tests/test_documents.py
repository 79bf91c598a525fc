"""What search finds of people: both sides for who may see them, the open side for the others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fourfold.accounts.types import Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.files import actions as files
from fourfold.files.types import FilePurpose
from fourfold.people import actions
from fourfold.people.actions.bulk import Edit
from fourfold.people.tests.factories import NOON, colleague, email, person
from fourfold.people.types import (
    BulkDeed,
    ClientStage,
    NewEmployment,
    NewOrganisation,
    NewPerson,
    Openness,
    PersonRole,
)
from fourfold.search import actions as search
from fourfold.search import queries
from fourfold.search.types import Asked
from fourfold.work import actions as work

pytestmark = pytest.mark.django_db


def found(viewer: Viewer, text: str, **narrowed: str) -> list[tuple[str, str]]:
    while search.refresh():
        pass
    return [(hit.kind, hit.label) for hit in queries.search(viewer, Asked(text, tuple(narrowed.items()))).hits]


def add(**values: Any) -> Any:
    client = actions.add_organisations(
        organisations=[NewOrganisation(name="Halden", is_client=True, city="Leeds")], by=COMMAND_LINE, at=NOON
    )[0]
    new = NewPerson(
        name="Jane Doe", headline="HR director", city="York", roles=(PersonRole.CANDIDATE, PersonRole.CLIENT_CONTACT),
        identifiers=(email("jane@halden.example"),), skills=("Negotiation",), tags=("VIP",), openness=Openness.OPEN,
        employments=(NewEmployment(organisation_name="Oldco", title="Recruiter"),),
    )  # fmt: skip
    new = replace(new, **({"organisation": client} | values))
    return actions.add_people(people=[new], by=COMMAND_LINE, at=NOON)[0]


def test_that_a_clients_director_is_looking_shows_to_her_owner_and_leaders_only() -> None:
    leader, owner, other = colleague(Role.LEADER), colleague(Role.RECRUITER), colleague(Role.RECRUITER)
    key = add(owner_key=owner.user_key)
    work.write_note(about=("candidate", key), text="Wants to leave by spring", viewer=leader, at=NOON)
    work.write_note(about=("person", key), text="Likes tea", viewer=other, at=NOON)
    files.store_file(
        subject=("candidate", key), name="cv.txt", data=b"Led mergers", purpose=FilePurpose.CV, by=COMMAND_LINE, at=NOON
    )
    files.read_waiting()
    for words in ("jane", "director", "halden doe", "york jane", "tea", "jane@halden.example", "vip jane"):
        assert found(other, words) == [("person", "Jane Doe")], words
        for viewer in (leader, owner):
            assert found(viewer, words) == [("candidate", "Jane Doe")], words
    for words in ("negotiation", "oldco", "spring", "mergers"):
        assert found(other, words) == [], words
        for viewer in (leader, owner):
            assert found(viewer, words) == [("candidate", "Jane Doe")], words
    assert found(other, "halden", place="Leeds") == [("organisation", "Halden")]


def test_a_confidential_record_is_found_by_those_let_in() -> None:
    leader, owner, other = colleague(Role.LEADER), colleague(Role.RECRUITER), colleague(Role.RECRUITER)
    add(owner_key=owner.user_key, confidential=True, organisation=None)
    assert found(other, "jane") == []
    assert found(owner, "negotiation jane") == found(leader, "negotiation jane") == [("candidate", "Jane Doe")]


def test_merged_records_are_found_as_one_and_apart_again() -> None:
    leader = colleague(Role.LEADER)
    key, other = add(organisation=None), person("Janet Dow", "janet@x.example", skills=("Welding",))
    assert len(found(leader, "jane OR janet")) == 2
    actions.merge_people(person_key=other, into_key=key, viewer=leader, at=NOON)
    assert found(leader, "janet") == found(leader, "welding negotiation") == [("candidate", "Jane Doe")]
    actions.unmerge_person(person_key=other, viewer=leader, at=NOON)
    assert found(leader, "welding negotiation") == []
    assert found(leader, "welding") == [("candidate", "Janet Dow")]


def test_an_erased_person_is_gone_from_search_at_once() -> None:
    leader = colleague(Role.LEADER)
    key = add()
    work.write_note(about=("person", key), text="Likes tea", viewer=leader, at=NOON)
    assert found(leader, "jane")
    actions.erase_person(person_key=key, viewer=leader, at=NOON)
    assert [hit.label for hit in queries.search(leader, Asked("jane")).hits] == []
    assert found(leader, "tea") == []


def test_the_check_of_everything_finds_all_in_step() -> None:
    leader = colleague(Role.LEADER)
    add()
    assert found(leader, "jane doe open OR jane", role="candidate", open="yes", organisation="halden")
    assert search.check_everything() == 0


def test_what_becomes_a_clients_is_guarded_with_it() -> None:
    leader, other = colleague(Role.LEADER), colleague(Role.RECRUITER)
    prospect = actions.add_organisations(organisations=[NewOrganisation(name="Oldco")], by=COMMAND_LINE, at=NOON)[0]
    add(organisation=prospect, employments=())
    assert found(other, "negotiation") == [("candidate", "Jane Doe")]
    actions.move_stage(organisation=prospect, stage=ClientStage.ACCEPTED, why="", viewer=leader, at=NOON)
    assert found(other, "negotiation") == []
    assert found(other, "jane") == [("person", "Jane Doe")]


def test_edits_reach_the_index() -> None:
    leader = colleague(Role.LEADER)
    key = add(organisation=None)
    assert found(leader, "keynote") == []
    edit = actions.edit_people(people=[key], edit=Edit(BulkDeed.ADD_TAG, "Keynote"), viewer=leader, at=NOON)
    assert found(leader, "keynote") == [("candidate", "Jane Doe")]
    actions.undo_edit(key=edit, viewer=leader, at=NOON)
    assert found(leader, "keynote") == []
