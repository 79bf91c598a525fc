from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from fourfold.accounts import actions, queries
from fourfold.accounts.models import AuditEntry, Desk, Invitation, Office, RoleGrant, User
from fourfold.accounts.tests.factories import ADA, NOON, PASSWORD, make_cast
from fourfold.accounts.types import AlreadyThere, Engagement, InvitationRefused, NewUser, Position, Role
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import NotAllowed, NotFound

MARKETER = frozenset({Role.MARKETER})


def last_entry() -> tuple[str, str, str]:
    entry = AuditEntry.objects.order_by("-pk").first()
    assert entry is not None
    return entry.who, entry.deed, entry.summary


def first_administrator(**changes):
    given = {"name": "Ada", "email": "Ada@House.example", "password": PASSWORD, "house": "東京 Talent", "at": NOON}
    return actions.make_first_administrator(**{**given, **changes})


def test_the_first_administrator_gets_a_house(db):
    viewer = queries.viewer_of(first_administrator())
    assert viewer.roles == {Role.ADMINISTRATOR, Role.LEADER}
    assert viewer.email == "ada@house.example"
    assert viewer.office == "talent"
    assert queries.house_name() == "東京 Talent"
    assert queries.house_currency() == "GBP"
    assert last_entry() == ("Ada", "add_user", "Ada: administrator, leader")


def test_there_is_one_first_administrator(cast):
    before = User.objects.count()
    with pytest.raises(NotAllowed):
        first_administrator()
    assert User.objects.count() == before


def test_an_address_signs_in_one_colleague_in_whatever_case(cast):
    with pytest.raises(AlreadyThere):
        actions.add_users(users=[NewUser(email=ADA.email.upper(), name="X", roles=MARKETER)], by=COMMAND_LINE, at=NOON)
    assert User.objects.filter(email__iexact=ADA.email).count() == 1


def test_passwords_are_hashed_slowly(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user = User.objects.get(pk=first_administrator())
    assert user.password.startswith("argon2")
    assert user.check_password(PASSWORD)


def test_a_place_is_added_once(cast):
    with pytest.raises(AlreadyThere):
        actions.add_office(
            name="leeds!", zone="Europe/London", currency="GBP", country="GB", law_pack="uk", by=COMMAND_LINE, at=NOON
        )
    assert Office.objects.filter(slug="leeds").count() == 1


def test_a_long_desk_fits_its_columns(cast):
    slug = actions.add_desk(
        discipline="d" * 40, place="p" * 40, engagement=Engagement.CONTRACT, by=COMMAND_LINE, at=NOON
    )
    assert Desk.objects.get(slug=slug).name == f"{'d' * 40} · {'p' * 40} · contract"


def test_an_invitation_brings_its_roles_team_and_office(cast):
    token = actions.invite(
        email="New@Northgate.example", roles=MARKETER, viewer=cast.ada, at=NOON, team="marketing", office="berlin"
    )
    assert last_entry() == ("Ada Lindqvist", "invite", "New@Northgate.example: marketer")
    assert token not in str(list(Invitation.objects.values()))
    key = actions.accept_invitation(token=token, name="Nell", password=PASSWORD, at=NOON + timedelta(days=6))
    viewer = queries.viewer_of(key)
    assert (viewer.name, viewer.email, viewer.roles) == ("Nell", "new@northgate.example", MARKETER)
    assert (viewer.team, viewer.office, viewer.zone) == ("marketing", "berlin", "Europe/Berlin")
    assert queries.invitations(cast.ada, at=NOON) == ()


def refused(token, at=NOON):
    users = User.objects.count()
    with pytest.raises(InvitationRefused) as error:
        actions.accept_invitation(token=token, name="Nell", password=PASSWORD, at=at)
    assert User.objects.count() == users
    return error.value.why


def test_a_token_is_used_once(cast):
    token = actions.invite(email="new@northgate.example", roles=MARKETER, viewer=cast.ada, at=NOON)
    actions.accept_invitation(token=token, name="Nell", password=PASSWORD, at=NOON)
    assert refused(token) == "It was used before."


def test_a_token_can_be_withdrawn(cast):
    token = actions.invite(email="new@northgate.example", roles=MARKETER, viewer=cast.ada, at=NOON)
    (row,) = queries.invitations(cast.ada, at=NOON)
    actions.withdraw_invitation(key=row.key, viewer=cast.ada, at=NOON)
    assert refused(token) == "It was withdrawn."
    assert last_entry() == ("Ada Lindqvist", "withdraw_invitation", "new@northgate.example")
    with pytest.raises(NotFound):
        actions.withdraw_invitation(key=row.key, viewer=cast.ada, at=NOON)


def test_a_token_runs_out_and_another_is_unknown(cast):
    token = actions.invite(email="new@northgate.example", roles=MARKETER, viewer=cast.ada, at=NOON)
    assert refused(token, NOON + timedelta(days=7)) == "It was open for 7 days and has run out."
    assert refused("nonsense") == "Its link was cut or changed."


def test_a_second_invitation_replaces_the_first(cast):
    first = actions.invite(email="new@northgate.example", roles=MARKETER, viewer=cast.ada, at=NOON)
    second = actions.invite(email="NEW@northgate.example", roles=MARKETER, viewer=cast.ada, at=NOON)
    assert refused(first) == "It was withdrawn."
    assert queries.invitation(second, at=NOON).email == "new@northgate.example"


def test_who_works_here_is_not_invited_and_nobody_without_a_role(cast):
    with pytest.raises(AlreadyThere):
        actions.invite(email=ADA.email.title(), roles=MARKETER, viewer=cast.ada, at=NOON)
    with pytest.raises(InvitationRefused):
        actions.invite(email="new@northgate.example", roles=frozenset(), viewer=cast.ada, at=NOON)
    assert Invitation.objects.count() == 0


def test_a_colleague_is_changed_and_nothing_else(cast):
    actions.change_user(
        user_key=cast.milo.user_key,
        to=Position(roles=frozenset({Role.MARKETER, Role.LEADER}), team="sales", desks=("software-berlin-permanent",)),
        viewer=cast.ada,
        at=NOON,
    )
    row = queries.user(cast.ada, cast.milo.user_key)
    assert (row.roles, row.team, row.office) == ((Role.LEADER, Role.MARKETER), "Sales", "")
    assert row.desk_slugs == ("software-berlin-permanent",)
    assert row.active
    assert queries.user(cast.ada, cast.rhea.user_key).roles == (Role.RECRUITER,)
    assert last_entry() == ("Ada Lindqvist", "change_user", "Milo Brandt: leader, marketer")


def test_desks_stay_when_they_are_not_named(cast):
    actions.change_user(user_key=cast.rhea.user_key, to=Position(roles=MARKETER), viewer=cast.ada, at=NOON)
    assert queries.user(cast.ada, cast.rhea.user_key).desk_slugs == ("software-berlin-permanent",)


def test_a_closed_account_has_no_viewer(cast):
    actions.change_user(
        user_key=cast.milo.user_key, to=Position(roles=MARKETER, active=False), viewer=cast.ada, at=NOON
    )
    assert queries.viewer_of(cast.milo.user_key) is None
    assert last_entry()[2] == "Milo Brandt: marketer, may not sign in"


@pytest.mark.parametrize(("roles", "active"), [(MARKETER, True), (frozenset({Role.ADMINISTRATOR}), False)])
def test_the_last_administrator_can_not_be_lost(cast, roles, active):
    with pytest.raises(NotAllowed) as error:
        actions.change_user(
            user_key=cast.ada.user_key, to=Position(roles=roles, active=active), viewer=cast.ada, at=NOON
        )
    assert error.value.why == "Ada Lindqvist is the only administrator, and the house needs one."
    assert queries.viewer_of(cast.ada.user_key).roles == {Role.ADMINISTRATOR}


def test_an_administrator_whose_account_is_closed_does_not_count(cast):
    both = frozenset({Role.ADMINISTRATOR})
    actions.change_user(user_key=cast.milo.user_key, to=Position(roles=both, active=False), viewer=cast.ada, at=NOON)
    with pytest.raises(NotAllowed):
        actions.change_user(user_key=cast.ada.user_key, to=Position(roles=MARKETER), viewer=cast.ada, at=NOON)
    actions.change_user(user_key=cast.milo.user_key, to=Position(roles=both), viewer=cast.ada, at=NOON)
    actions.change_user(user_key=cast.ada.user_key, to=Position(roles=MARKETER), viewer=cast.ada, at=NOON)
    held = RoleGrant.objects.filter(role=Role.ADMINISTRATOR)
    assert [grant.user_id for grant in held] == [cast.milo.user_key]


def test_one_changes_ones_own_name_only(cast):
    actions.change_own_details(name="Milo B.", job_title="Brand", viewer=cast.milo, at=NOON)
    assert queries.my_account(cast.milo).user.name == "Milo B."
    assert queries.viewer_of(cast.lena.user_key).name == "Lena Marsh"
    assert last_entry() == ("Milo Brandt", "change_own_details", "Milo B.")


def test_a_lock_is_told_once_while_it_lasts(db):
    for minutes in (0, 3, 14, 15):
        actions.note_lock(email="x@y.example", at=NOON + timedelta(minutes=minutes))
    actions.note_lock(email="other@y.example", at=NOON)
    assert AuditEntry.objects.filter(deed="locked_out", summary="x@y.example").count() == 2
    assert AuditEntry.objects.filter(summary="other@y.example").count() == 1


def test_an_unknown_colleague_is_not_found(cast):
    with pytest.raises(NotFound):
        actions.change_user(user_key=uuid4(), to=Position(roles=MARKETER), viewer=cast.ada, at=NOON)


def test_the_audit_is_paged_by_key(cast):
    for n in range(5):
        actions.note_lock(email=f"{n}@y.example", at=NOON)
    first = queries.audit_trail(cast.ada, size=3)
    assert [row.summary for row in first] == ["4@y.example", "3@y.example", "2@y.example"]
    second = queries.audit_trail(cast.lena, before=first[-1].key, size=2)
    assert [row.summary for row in second] == ["1@y.example", "0@y.example"]


def test_two_administrators_who_remove_each_other_at_once_leave_one(committed_db):
    cast = make_cast()
    both = Position(roles=frozenset({Role.ADMINISTRATOR}))
    actions.change_user(user_key=cast.milo.user_key, to=both, viewer=cast.ada, at=NOON)
    milo = queries.viewer_of(cast.milo.user_key)
    start = threading.Barrier(2)
    refused = []

    def remove(viewer, other):
        start.wait()
        try:
            actions.change_user(user_key=other.user_key, to=Position(roles=MARKETER), viewer=viewer, at=NOON)
        except NotAllowed as error:
            refused.append(error.why)
        finally:
            connection.close()

    pairs = ((cast.ada, milo), (milo, cast.ada))
    threads = [threading.Thread(target=remove, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert RoleGrant.objects.filter(role=Role.ADMINISTRATOR).count() == 1


def test_one_link_used_twice_at_once_makes_one_colleague(committed_db):
    cast = make_cast()
    token = actions.invite(email="new@northgate.example", roles=MARKETER, viewer=cast.ada, at=NOON)
    start = threading.Barrier(2)
    refused = []

    def accept():
        start.wait()
        try:
            actions.accept_invitation(token=token, name="Nell", password=PASSWORD, at=NOON)
        except InvitationRefused as error:
            refused.append(error.why)
        finally:
            connection.close()

    threads = [threading.Thread(target=accept) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["It was used before."]
    assert User.objects.filter(name="Nell").count() == 1


def test_colleagues_are_known_by_name_and_address_and_namesakes_by_address_only(db):
    new = [
        NewUser(email=address, name=name, roles=frozenset(), password=None)
        for address, name in [("Ann@x.example", "Ann  Lee"), ("b1@x.example", "Bo Ode"), ("b2@x.example", "bo ode")]
    ]
    ann, first, second = map(str, actions.add_users(users=new, by=COMMAND_LINE, at=NOON))
    assert queries.colleague_keys() == {
        "ann lee": ann, "ann@x.example": ann, "b1@x.example": first, "b2@x.example": second,
    }  # fmt: skip
