"""Who sees whom: the house is open to every role, and closed to those without one."""

from __future__ import annotations

from uuid import uuid4

import pytest

from fourfold.accounts.types import Role
from fourfold.base.errors import NotAllowed
from fourfold.people import access, actions
from fourfold.people.tests.factories import NOON, colleague, leader, person
from fourfold.people.types import PersonNotFound

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", list(Role))
def test_every_role_sees_everybody(role: Role) -> None:
    key = person("Jane Doe")
    assert access.get_person_for(colleague(role), key).name == "Jane Doe"


def test_missing_and_forbidden_look_the_same() -> None:
    key = person("Jane Doe")
    refusals = []
    for viewer, wanted in ((colleague(), key), (leader(), uuid4())):
        with pytest.raises(PersonNotFound) as caught:
            access.get_person_for(viewer, wanted)
        refusals.append(str(caught.value))
    assert refusals[0] == refusals[1]


def test_a_merged_record_leads_to_the_one_that_stays() -> None:
    viewer, first, second = leader(), person("Jane Doe"), person("Jane D")
    actions.merge_people(person_key=second, into_key=first, viewer=viewer, at=NOON)
    assert access.get_person_for(viewer, second).key == first
    with pytest.raises(PersonNotFound):
        access.get_person_for(colleague(), second)


@pytest.mark.parametrize("role", list(Role))
def test_who_may_erase(role: Role) -> None:
    may = role in {Role.LEADER, Role.ADMINISTRATOR}
    viewer = colleague(role)
    assert access.may_erase(viewer) is may
    if may:
        access.require_eraser(viewer)
    else:
        with pytest.raises(NotAllowed):
            access.require_eraser(viewer)
