"""Saved and hot lists, edits of many people, and their undoing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.people import actions, models, queries
from fourfold.people.tests.factories import NOON, colleague, leader, person
from fourfold.people.types import (
    BulkDeed,
    Condition,
    EditRefused,
    Group,
    ListKind,
    ListRefused,
    Op,
    Openness,
    PersonRole,
    Sharing,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]
ANNS = Group(parts=(Condition("name", Op.HAS, "ann"),))


def keep(viewer: Viewer, name: str = "Hot", kind: ListKind = ListKind.HOT, **changes: Any) -> UUID:
    values = {"tree": ANNS, "sharing": Sharing.PRIVATE, "viewer": viewer, "at": NOON}
    return actions.save_list(**{"name": name, "kind": kind, **values, **changes})


def edit(viewer: Viewer, deed: BulkDeed, value: str, *keys: UUID) -> UUID:
    return actions.edit_people(people=keys, edit=actions.Edit(deed, value), viewer=viewer, at=NOON)


def test_lists_show_to_those_they_are_shared_with() -> None:
    owner, other, boss = (colleague(role, name=name) for role, name in (
        (Role.RECRUITER, "Owen P"), (Role.RECRUITER, "Rex H"), (Role.LEADER, "Lea M"),
    ))  # fmt: skip
    mine, house = keep(owner, "Mine"), keep(owner, "House", sharing=Sharing.HOUSE)
    assert [row.name for row in queries.lists(owner)] == ["House", "Mine"]
    assert [row.name for row in queries.lists(other)] == ["House"]
    assert [row.name for row in queries.lists(boss)] == ["House"]  # private is private
    with pytest.raises(NotFound):
        queries.saved_list(other, mine)
    with pytest.raises(NotAllowed):
        keep(other, "Taken", key=house)
    keep(boss, "Renamed", key=house, sharing=Sharing.HOUSE)
    assert [(row.name, row.owner) for row in queries.lists(other)] == [("Renamed", "Owen P")]
    with pytest.raises(ListRefused):
        keep(owner, "Team", sharing=Sharing.TEAM)  # who is in no team
    with pytest.raises(ListRefused):
        keep(owner, "  ")


def test_a_list_of_a_team_shows_at_the_end_of_a_dotted_line() -> None:
    from fourfold.accounts import actions as accounts_actions
    from fourfold.accounts.types import Position, TeamKind
    from fourfold.base.actor import COMMAND_LINE

    team = accounts_actions.add_team(name="Marketing", kind=TeamKind.MARKETING, by=COMMAND_LINE, at=NOON)
    admin = colleague(Role.ADMINISTRATOR, name="Ada B")
    owner, near, far = (colleague(Role.MARKETER, name=name) for name in ("Owen P", "Near N", "Far F"))
    marketer = frozenset({Role.MARKETER})
    for who, to in (
        (owner, Position(roles=marketer, team=team)),
        (near, Position(roles=marketer, dotted_teams=(team,))),
    ):
        accounts_actions.change_user(user_key=who.user_key, to=to, viewer=admin, at=NOON)
    owner, near, far = (accounts.viewer_of(one.user_key) for one in (owner, near, far))
    keep(owner, "Ours", sharing=Sharing.TEAM)
    assert [[row.name for row in queries.lists(one)] for one in (owner, near, far)] == [["Ours"], ["Ours"], []]


def test_people_go_on_a_hot_list_once_and_off_again() -> None:
    viewer, ann = leader(), person("Ann Lee")
    key = keep(viewer)
    assert actions.add_to_list(key=key, people=[ann, uuid4()], viewer=viewer, at=NOON) == {ann}
    assert actions.add_to_list(key=key, people=[ann], viewer=viewer, at=NOON) == set()
    assert queries.saved_list(viewer, key).people == 1
    assert queries.person(viewer, ann).profile.lists == ((key, "Hot"),)
    assert actions.take_from_list(key=key, people=[ann], viewer=viewer, at=NOON) == {ann}
    assert queries.saved_list(viewer, key).people == 0
    saved = keep(viewer, "Saved", ListKind.SAVED)
    with pytest.raises(ListRefused):
        actions.add_to_list(key=saved, people=[ann], viewer=viewer, at=NOON)


def standing(key: UUID) -> tuple[Any, ...]:
    row = models.Person.objects.get(pk=key)
    return (row.owner_key, row.openness, sorted(row.tags.values_list("tag__name", flat=True)))


def test_every_edit_of_many_can_be_undone() -> None:
    viewer, other = leader(), colleague(Role.RECRUITER, name="Rex Hall")
    ann = person("Ann Lee", tags=("Old",), openness=Openness.HAPPY, owner_key=other.user_key)
    bob = person("Bob Ray", tags=("Speaker",))
    hot = keep(viewer)
    actions.add_to_list(key=hot, people=[bob], viewer=viewer, at=NOON)

    def now() -> tuple[Any, ...]:
        return (
            standing(ann),
            standing(bob),
            queries.person(viewer, ann).profile.lists,
            queries.person(viewer, bob).profile.lists,
        )

    before = now()
    cases = [
        (BulkDeed.ADD_TAG, "speaker", 1), (BulkDeed.REMOVE_TAG, "Old", 1), (BulkDeed.ADD_TO_LIST, str(hot), 1),
        (BulkDeed.REMOVE_FROM_LIST, str(hot), 1), (BulkDeed.GIVE_OWNER, "me", 2), (BulkDeed.GIVE_OWNER, "nobody", 1),
        (BulkDeed.SAY_OPENNESS, "open", 2),
    ]  # fmt: skip
    for deed, value, changed in cases:
        key = edit(viewer, deed, value, ann, bob)
        assert queries.bulk_edit(viewer, key).people == changed, deed
        assert now() != before, deed
        assert actions.undo_edit(key=key, viewer=viewer, at=NOON) == changed
        assert now() == before, deed
        with pytest.raises(EditRefused):
            actions.undo_edit(key=key, viewer=viewer, at=NOON)


def test_undoing_leaves_alone_what_was_changed_since() -> None:
    viewer, ann, bob = leader(), person("Ann Lee"), person("Bob Ray")
    first = edit(viewer, BulkDeed.SAY_OPENNESS, "open", ann, bob)
    edit(viewer, BulkDeed.SAY_OPENNESS, "not_now", ann)
    assert actions.undo_edit(key=first, viewer=viewer, at=NOON) == 1
    assert (standing(ann)[1], standing(bob)[1]) == ("not_now", "")


def test_edits_are_undone_by_who_did_them_or_a_leader() -> None:
    mine, other = colleague(Role.RECRUITER, name="Rex Hall"), colleague(Role.RECRUITER, name="Owen P")
    key = edit(mine, BulkDeed.ADD_TAG, "x", person("Ann Lee"))
    with pytest.raises(NotFound):
        actions.undo_edit(key=key, viewer=other, at=NOON)
    assert actions.undo_edit(key=key, viewer=leader(), at=NOON) == 1


def test_an_edit_reaches_only_whom_the_viewer_may_see() -> None:
    from fourfold.people.tests.test_visibility import organisation

    recruiter = colleague(Role.RECRUITER, name="Rex Hall")
    secret = person("Ceo Leaving", confidential=True)
    hedda = person("Hedda Roth", roles=(PersonRole.CANDIDATE,), organisation=organisation(is_client=True))
    key = edit(recruiter, BulkDeed.ADD_TAG, "x", secret, hedda)
    assert queries.bulk_edit(recruiter, key).people == 1
    assert (standing(secret)[2], standing(hedda)[2]) == ([], ["x"])
    key = edit(recruiter, BulkDeed.SAY_OPENNESS, "open", secret, hedda)
    assert queries.bulk_edit(recruiter, key).people == 0
    assert (standing(secret)[1], standing(hedda)[1]) == ("", "")


@pytest.mark.parametrize(
    ("deed", "value"),
    [
        (BulkDeed.ADD_TAG, " "), (BulkDeed.ADD_TO_LIST, "x"), (BulkDeed.GIVE_OWNER, "x"),
        (BulkDeed.GIVE_OWNER, "00000000-0000-4000-8000-000000000000"), (BulkDeed.SAY_OPENNESS, "maybe"),
    ],
)  # fmt: skip
def test_what_cant_be_done_changes_nothing(deed: BulkDeed, value: str) -> None:
    viewer, ann = leader(), person("Ann Lee")
    before = standing(ann)
    with pytest.raises(EditRefused):
        edit(viewer, deed, value, ann)
    assert standing(ann) == before
    assert not models.BulkEdit.objects.exists()
    with pytest.raises(EditRefused):
        edit(viewer, BulkDeed.ADD_TAG, "x")


def test_filtering_keeping_and_editing_in_the_browser(sign_in: SignIn) -> None:
    viewer = leader()
    client = sign_in(viewer)
    ann, bob = person("Ann Lee", skills=("Python",)), person("Bob Ray")
    builder = client.get(
        reverse("filter_people"), {"g": "0", "f": "skill", "o": "is", "v": "Python", "change": "add:0"}
    )
    assert builder.status_code == 200
    assert builder.content.decode().count("<fieldset") == 2
    part = client.get(
        reverse("filter_people"), {"g": "0", "f": "added", "o": "is", "v": ""}, headers={"HX-Request": "true"}
    )
    assert "<html" not in part.content.decode()
    asked = {"g": "0", "f": "skill", "o": "is", "v": "Python"}
    page = client.get(reverse("people"), asked)
    assert [row["card"].name for row in page.context["rows"]] == ["Ann Lee"]
    assert page.context["conditions"] == ["Skill is Python"]
    kept = client.post(page.context["save_url"], {"name": "Pythons", "sharing": "private"})
    assert kept.status_code == 302
    assert [row["card"].name for row in client.get(kept["Location"]).context["rows"]] == ["Ann Lee"]
    assert "Pythons" in client.get(reverse("lists")).content.decode()
    done = client.post(reverse("edit_people"), {"person": [str(ann)], "deed": "add_tag", "tag": "Speaker"}, follow=True)
    assert "Tag “Speaker” added: 1 person." in done.content.decode()
    assert standing(ann)[2] == ["Speaker"]
    everybody = client.post(
        f"{reverse('edit_people')}?q=bob", {"everybody": "yes", "deed": "add_tag", "tag": "Bobs"}, follow=True
    )
    assert (standing(ann)[2], standing(bob)[2]) == (["Speaker"], ["Bobs"])
    assert everybody.redirect_chain == [(f"{reverse('people')}?q=bob", 302)]
    key = models.BulkEdit.objects.latest("at").key
    client.post(reverse("undo_edit", args=[key]))
    assert client.post(reverse("edit_people"), {"deed": "add_tag", "tag": "x"}).status_code == 422
    assert client.post(reverse("edit_people"), {"deed": "rank", "person": [str(ann)]}).status_code == 404
    assert client.post(reverse("edit_people"), {"deed": "add_tag", "tag": "x", "person": ["1"]}).status_code == 404
    listed = reverse("change_list", args=[models.SavedList.objects.get().key])
    assert client.post(listed, {"name": "", "sharing": "private"}).status_code == 422
    client.post(listed, {"name": "Snakes", "sharing": "house"})
    assert models.SavedList.objects.get().name == "Snakes"
    client.post(reverse("remove_list", args=[models.SavedList.objects.get().key]))
    assert not models.SavedList.objects.exists()


@pytest.mark.parametrize("asked", [{"list": "x"}, {"list": "00000000-0000-4000-8000-000000000000"}, {"sort": "score"}])
def test_lists_and_orders_that_are_not_there(sign_in: SignIn, asked: dict[str, str]) -> None:
    assert sign_in(leader()).get(reverse("people"), asked).status_code == 404


def test_a_filter_that_cant_be_answered_says_why(sign_in: SignIn) -> None:
    page = sign_in(leader()).get(reverse("people"), {"g": "0", "f": "stage", "o": "is", "v": "rich"})
    assert page.status_code == 422
    assert "none of the choices" in page.content.decode()


def test_a_list_leaves_the_house_through_leaders_and_runs_nothing(sign_in: SignIn) -> None:
    viewer = leader()
    person("=1+1 Lee", headline="@SUM(A1)")
    assert sign_in(colleague(Role.RECRUITER, name="Rex Hall")).get(reverse("people_csv")).status_code == 403
    answer = sign_in(viewer).get(reverse("people_csv"), {"q": "lee"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert rows[1][:2] == ["'=1+1 Lee", "'@SUM(A1)"]
    assert accounts.audit_trail(viewer)[0].deed == "export_people"
