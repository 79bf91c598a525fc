"""Who may not: each page and each deed, for each of the cast and for a visitor."""

from __future__ import annotations

from uuid import uuid4

import pytest

from fourfold.accounts import actions, nav, queries
from fourfold.accounts.models import AuditEntry, Invitation
from fourfold.accounts.tests.factories import NOON
from fourfold.accounts.types import Position, Role
from fourfold.base.errors import NotAllowed, NotFound

MANAGERS, READERS, EVERYONE = {"ada"}, {"ada", "lena"}, {"ada", "lena", "milo", "rhea", "nico"}
PAGES = {
    "/colleagues/": MANAGERS,
    "/colleagues/invite/": MANAGERS,
    "/colleagues/{milo}/": MANAGERS,
    "/house/": MANAGERS,
    "/house/office/add/": MANAGERS,
    "/house/brand/add/": MANAGERS,
    "/house/team/add/": MANAGERS,
    "/house/desk/add/": MANAGERS,
    "/audit/": READERS,
    "/my-account/": EVERYONE,
    "/accounts/2fa/": EVERYONE,
    "/accounts/password/change/": EVERYONE,
    "/accounts/3rdparty/": EVERYONE,
    "/accounts/logout/": EVERYONE,
}
POSTS = ["/colleagues/invite/", "/colleagues/{milo}/", "/colleagues/invitations/1/withdraw/", "/house/team/add/"]


@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_for_its_roles_only(cast, signed_in, page):
    shown = set()
    for name, viewer in cast.everyone().items():
        status = signed_in(viewer).get(page.format(milo=cast.milo.user_key)).status_code
        assert status in {200, 403, 404}, (name, status)
        if status == 200:
            shown.add(name)
    assert shown == PAGES[page]


@pytest.mark.parametrize("page", [page for page in PAGES if page != "/accounts/logout/"])
def test_a_visitor_is_led_to_sign_in_and_back(cast, visitor, page):
    address = page.format(milo=cast.milo.user_key)
    answer = visitor.get(address)
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={address}"


@pytest.mark.parametrize("page", POSTS)
def test_nobody_else_changes_anything(cast, signed_in, page):
    given = {"email": "x@y.example", "roles": ["administrator"], "name": "X", "kind": "sales", "active": "on"}
    before = AuditEntry.objects.count()
    for name in EVERYONE - MANAGERS:
        viewer = cast.everyone()[name]
        status = signed_in(viewer).post(page.format(milo=cast.milo.user_key), given).status_code
        assert status in {403, 404}, name
    assert AuditEntry.objects.count() == before
    assert Invitation.objects.count() == 0
    assert queries.viewer_of(cast.milo.user_key).roles == {Role.MARKETER}


@pytest.mark.parametrize("page", ["/colleagues/invitations/1/withdraw/"])
def test_a_deed_is_not_done_by_looking(cast, signed_in, page):
    assert signed_in(cast.ada).get(page).status_code == 405


def test_deeds_are_gated_without_a_page_too(cast):
    marketer = frozenset({Role.MARKETER})
    for viewer in (cast.lena, cast.milo, cast.rhea, cast.nico):
        with pytest.raises(NotAllowed):
            actions.invite(email="x@y.example", roles=marketer, viewer=viewer, at=NOON)
        with pytest.raises(NotAllowed):
            actions.withdraw_invitation(key=1, viewer=viewer, at=NOON)
        with pytest.raises(NotAllowed):
            actions.change_user(user_key=viewer.user_key, to=Position(roles=marketer), viewer=viewer, at=NOON)
        for read in (queries.users, queries.choices, queries.places):
            with pytest.raises(NotAllowed):
                read(viewer)
        with pytest.raises(NotAllowed):
            queries.invitations(viewer, at=NOON)
        with pytest.raises(NotFound):
            queries.user(viewer, cast.milo.user_key)
    for viewer in (cast.milo, cast.rhea, cast.nico):
        with pytest.raises(NotAllowed):
            queries.audit_trail(viewer)


def test_missing_and_not_yours_look_the_same(cast, signed_in):
    recruiter = signed_in(cast.rhea)
    there = recruiter.get(f"/colleagues/{cast.milo.user_key}/")
    missing = recruiter.get(f"/colleagues/{uuid4()}/")
    assert there.status_code == missing.status_code == 404
    assert there.content == missing.content


def test_what_a_role_can_not_use_is_not_shown(cast):
    shown = {name: [entry["url_name"] for entry in nav.entries(viewer)] for name, viewer in cast.everyone().items()}
    assert shown == {
        "ada": ["colleagues", "house", "audit"],
        "lena": ["audit"],
        "milo": [],
        "rhea": [],
        "nico": [],
    }


@pytest.mark.parametrize(
    "page", ["/accounts/signup/", "/accounts/email/", "/accounts/confirm-email/", "/accounts/3rdparty/signup/"]
)
def test_nobody_signs_up_or_changes_their_address_by_themselves(cast, visitor, signed_in, page):
    for client in (visitor, signed_in(cast.milo)):
        assert client.get(page).status_code == 404
        assert client.post(page, {"email": "x@y.example", "action_add": "1", "password1": "x" * 12}).status_code == 404
