from __future__ import annotations

from datetime import timedelta

import pytest

from fourfold.accounts import rules
from fourfold.accounts.tests.factories import NOON
from fourfold.accounts.types import InvitationRefused, Role, Viewer

TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Software engineering · London", "software-engineering-london"),
        ("  Zürich ", "zurich"),
        ("---", rules.slug("---")),
        ("", ""),
        ("   ", ""),
        ("a" * 60, "a" * 50),
        ("a" * 49 + " b", "a" * 49),
    ],
)
def test_a_slug_is_plain_and_short(text, slug):
    assert rules.slug(text) == slug


def test_names_without_latin_letters_get_slugs_of_their_own():
    tokyo, kyoto = rules.slug("東京"), rules.slug("京都")
    assert tokyo != kyoto
    assert tokyo.isalnum()
    assert len(tokyo) == 10


def test_a_desk_may_have_a_longer_slug():
    assert rules.slug("a" * 130, size=120) == "a" * 120


@pytest.mark.parametrize(
    ("given", "expected", "same"),
    [("abc", "abc", True), ("abd", "abc", False), ("", "abc", False), ("", "", False), ("é", "abc", False)],
)
def test_the_first_run_code(given, expected, same):
    assert rules.same_code(given, expected) is same


@pytest.mark.parametrize(
    ("claim", "proven"),
    [
        (True, True),
        ("true", True),
        ("True", True),
        (False, False),
        ("false", False),
        (None, False),
        (1, False),
        ("", False),
    ],
)
def test_what_a_provider_calls_proven(claim, proven):
    assert rules.provider_says_proven(claim) is proven


def test_who_may():
    assert [role for role in Role if rules.may_manage_accounts({role})] == [Role.ADMINISTRATOR]
    assert {role for role in Role if rules.may_read_audit({role})} == {Role.LEADER, Role.ADMINISTRATOR}
    assert not rules.may_manage_accounts(frozenset())
    assert not rules.may_read_audit(frozenset())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, None),
        ({"at": NOON - TICK + timedelta(days=7)}, None),
        ({"at": NOON + timedelta(days=7)}, "It was open for 7 days and has run out."),
        ({"withdrawn": True}, "It was withdrawn."),
        ({"accepted": True}, "It was used before."),
        ({"accepted": True, "withdrawn": True, "at": NOON + timedelta(days=9)}, "It was used before."),
    ],
)
def test_an_invitation_is_open_until_used_withdrawn_or_old(change, why):
    given = {"expires_at": NOON + timedelta(days=7), "accepted": False, "withdrawn": False, "at": NOON, **change}
    if why is None:
        rules.check_invitation(**given)
        return
    with pytest.raises(InvitationRefused) as refused:
        rules.check_invitation(**given)
    assert refused.value.why == why


@pytest.mark.parametrize(
    ("losing", "others", "stays"), [(True, 0, False), (True, 1, True), (False, 0, True), (False, 3, True)]
)
def test_the_last_administrator_stays(losing, others, stays):
    assert rules.last_administrator_stays(losing=losing, others=others) is stays


@pytest.mark.parametrize(("name", "initials"), [("Lena Marsh", "LM"), ("Cher", "C"), ("Ana Lucía Pérez", "AP")])
def test_initials(name, initials):
    viewer = Viewer(user_key=None, name=name, email="", roles=frozenset())  # type: ignore[arg-type]
    assert viewer.initials == initials
