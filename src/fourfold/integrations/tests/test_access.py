"""Who may bring files in, and whose imports one sees."""

from __future__ import annotations

from uuid import uuid4

import pytest

from fourfold.accounts.types import Role
from fourfold.base.errors import NotAllowed
from fourfold.integrations import access, actions, queries
from fourfold.integrations.tests.factories import NOON, TOUCHES, applied, checked, colleague, confirm, take_in
from fourfold.integrations.types import ImportNotFound, State
from fourfold.ledger import queries as ledger

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [*Role, None])
def test_who_may_import(role: Role | None) -> None:
    viewer = colleague(*([role] if role else []))
    may = role in {Role.LEADER, Role.MARKETER, Role.ADMINISTRATOR}
    assert access.may_import(viewer) is may
    if may:
        access.require_importer(viewer)
    else:
        with pytest.raises(NotAllowed):
            access.require_importer(viewer)


@pytest.mark.parametrize("role", [Role.LEADER, Role.MARKETER, Role.ADMINISTRATOR])
def test_those_who_import_see_all_imports(role: Role) -> None:
    keys = {take_in(TOUCHES), take_in(TOUCHES, by=colleague(Role.MARKETER).actor())}
    assert {row.key for row in queries.imports(colleague(role))} == keys


def test_a_recruiter_sees_their_own_only() -> None:
    rhea = colleague(Role.RECRUITER)
    take_in(TOUCHES)
    own, other = take_in(TOUCHES, by=rhea.actor()), take_in(TOUCHES, by=colleague(Role.MARKETER).actor())
    assert [row.key for row in queries.imports(rhea)] == [own]
    assert queries.one_import(rhea, own).key == own
    for key in (other, uuid4()):
        with pytest.raises(ImportNotFound):
            queries.one_import(rhea, key)
        with pytest.raises(ImportNotFound):
            queries.rejected(rhea, key)
    assert queries.imports(colleague()) == ()


def test_a_recruiter_changes_not_even_their_own() -> None:
    rhea = colleague(Role.RECRUITER)
    own, done = checked(TOUCHES, by=rhea.actor()).key, applied(TOUCHES, by=rhea.actor()).key
    before = ledger.top_seq()
    with pytest.raises(NotAllowed):
        confirm(own, viewer=rhea)
    with pytest.raises(NotAllowed):
        actions.apply(key=own, viewer=rhea, by=rhea.actor(), at=NOON)
    with pytest.raises(NotAllowed):
        actions.take_back(key=done, viewer=rhea, by=rhea.actor(), at=NOON)
    with pytest.raises(NotAllowed):
        actions.put_back(key=done, viewer=rhea, by=rhea.actor(), at=NOON)
    assert ledger.top_seq() == before
    assert [queries.worker_import(key).state for key in (own, done)] == [State.CHECKED, State.APPLIED]
