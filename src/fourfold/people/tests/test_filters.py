"""The filter tree: read, checked, answered; and nobody learns by a “not” what an “is” would hide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from fourfold.accounts.types import Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.people import actions, models, queries, rules
from fourfold.people.tests.factories import NOON, colleague, leader, person, post, touch
from fourfold.people.types import (
    BadFilter,
    ClientStage,
    Condition,
    FieldKind,
    Group,
    ListKind,
    ListOrder,
    Match,
    NewEmployment,
    NewOrganisation,
    Op,
    Openness,
    Origin,
    PersonRole,
    Sharing,
)

ANN, BEN = "Ann Ash", "Ben Birch"


def tree(*parts: Condition | Group, match: Match = Match.ALL) -> Group:
    return Group(match, parts)


def fit(viewer: Viewer, *parts: Condition | Group, match: Match = Match.ALL, **asked: Any) -> list[str]:
    found = queries.people(viewer, tree=tree(*parts, match=match), at=NOON, **asked)
    return [card.name for card in found.rows]


def organisation(name: str, **values: Any) -> UUID:
    return actions.add_organisations(organisations=[NewOrganisation(name=name, **values)], by=COMMAND_LINE, at=NOON)[0]


@pytest.fixture
def found_house(db: None) -> dict[str, Any]:
    """Ann, an engineer open to move; Ben, who hires."""
    viewer = leader()
    models.CustomField.objects.create(slug="rate", label="Day rate", kind=FieldKind.NUMBER, side="candidate")
    models.CustomField.objects.create(slug="visa", label="Visa until", kind=FieldKind.DATE, side="candidate")
    models.CustomField.objects.create(slug="shift", label="Shift", kind="choice", side="candidate", options=["Day"])
    job = NewEmployment(organisation_name="Brightwell", title="Data engineer", present=True)
    ann = person(
        ANN, "ann@example.org", roles=(PersonRole.CANDIDATE,), city="Leeds", country="GB", skills=("Python",),
        tags=("Speaker",), openness=Openness.OPEN, available_from=date(2026, 5, 1), origin=Origin.SOURCED,
        employments=(job,), owner_key=viewer.user_key, custom={"rate": "550", "visa": "2027-01-31", "shift": "day"},
    )  # fmt: skip
    halden = organisation("Halden Software", stage=ClientStage.MET, owner_key=viewer.user_key)
    ben = person(BEN, roles=(PersonRole.CLIENT_CONTACT,), organisation=halden, city="York")
    post(
        touch(ann, occurred_at=NOON - timedelta(days=3)),
        *(touch(ann, occurred_at=NOON - timedelta(days=n), action="click", direction="in") for n in (5, 20)),
        touch(ben, occurred_at=NOON - timedelta(days=60)),
    )
    hot = actions.save_list(
        name="Hot", kind=ListKind.HOT, tree=Group(), sharing=Sharing.PRIVATE, viewer=viewer, at=NOON
    )
    actions.add_to_list(key=hot, people=[ann], viewer=viewer, at=NOON)
    return {"viewer": viewer, "ann": ann, "ben": ben, "hot": hot}


@pytest.mark.parametrize(
    ("name", "op", "value", "found"),
    [
        ("name", Op.HAS, "ash", [ANN]), ("name", Op.HAS_NOT, "ash", [BEN]), ("name", Op.HAS, "ÀSH ann", [ANN]),
        ("role", Op.IS, "candidate", [ANN]), ("role", Op.IS_NOT, "candidate", [BEN]),
        ("place", Op.HAS, "leed", [ANN]), ("country", Op.IS, "gb", [ANN]), ("country", Op.IS_NOT, "gb", [BEN]),
        ("tag", Op.IS, "speaker", [ANN]), ("tag", Op.IS_NOT, "Speaker", [BEN]), ("tag", Op.IS, "nothing", []),
        ("owner", Op.IS, "me", [ANN]), ("owner", Op.IS, "nobody", [BEN]), ("email", Op.KNOWN, "", [ANN]),
        ("email", Op.UNKNOWN, "", [BEN]), ("phone", Op.KNOWN, "", []), ("origin", Op.IS, "sourced", [ANN]),
        ("added", Op.WITHIN, "1", [ANN, BEN]), ("added", Op.NOT_WITHIN, "1", []),
        ("skill", Op.IS, "PYTHON", [ANN]), ("skill", Op.IS_NOT, "Python", [BEN]),
        ("title", Op.HAS, "engineer", [ANN]), ("worked_at", Op.HAS, "brightwell", [ANN]),
        ("openness", Op.IS, "open", [ANN]), ("openness", Op.IS_NOT, "open", [BEN]),
        ("available", Op.BY, "2026-05-01", [ANN]), ("available", Op.AFTER, "2026-05-01", []),
        ("organisation", Op.HAS, "halden", [BEN]), ("stage", Op.IS, "met", [BEN]),
        ("organisation_owner", Op.IS, "me", [BEN]),
        ("contacted", Op.WITHIN, "30", [ANN]), ("contacted", Op.NOT_WITHIN, "30", [BEN]),
        ("signal", Op.WITHIN, "7", [ANN]), ("clicks_1", Op.WITHIN, "7", [ANN]), ("clicks_2", Op.WITHIN, "7", []),
        ("clicks_2", Op.WITHIN, "20", [ANN]), ("clicks_3", Op.WITHIN, "90", []),
        ("field:rate", Op.AT_LEAST, "550", [ANN]), ("field:rate", Op.AT_LEAST, "551", []),
        ("field:rate", Op.AT_MOST, "550", [ANN]), ("field:rate", Op.UNKNOWN, "", [BEN]),
        ("field:visa", Op.BY, "2027-01-31", [ANN]), ("field:visa", Op.AFTER, "2027-01-31", []),
        ("field:shift", Op.IS, "Day", [ANN]),
    ],
)  # fmt: skip
def test_one_condition(found_house: dict[str, Any], name: str, op: Op, value: str, found: list[str]) -> None:
    assert fit(found_house["viewer"], Condition(name, op, value)) == found


def test_conditions_combine(found_house: dict[str, Any]) -> None:
    viewer = found_house["viewer"]
    leeds, york = Condition("place", Op.HAS, "Leeds"), Condition("place", Op.HAS, "York")
    python = Condition("skill", Op.IS, "python")
    assert fit(viewer) == [ANN, BEN]
    assert fit(viewer, leeds, york) == []
    assert fit(viewer, leeds, york, match=Match.ANY) == [ANN, BEN]
    assert fit(viewer, leeds, york, match=Match.NONE) == []
    assert fit(viewer, tree(leeds, york, match=Match.ANY), tree(python, match=Match.NONE)) == [BEN]


def test_lists_are_conditions_too(found_house: dict[str, Any]) -> None:
    viewer = found_house["viewer"]
    saved = actions.save_list(
        name="Northern", kind=ListKind.SAVED, tree=tree(Condition("place", Op.HAS, "york")), sharing=Sharing.HOUSE,
        viewer=viewer, at=NOON,
    )  # fmt: skip
    assert fit(viewer, Condition("list", Op.IS, str(found_house["hot"]))) == [ANN]
    assert fit(viewer, Condition("list", Op.IS, str(saved))) == [BEN]
    assert fit(viewer, Condition("list", Op.IS_NOT, str(saved))) == [ANN]
    stranger = colleague(Role.LEADER, name="Sue Other")
    with pytest.raises(BadFilter):
        fit(stranger, Condition("list", Op.IS, str(found_house["hot"])))  # a private list of somebody else's


def test_merged_records_count_for_the_one_that_stays(found_house: dict[str, Any]) -> None:
    viewer = found_house["viewer"]
    actions.merge_people(person_key=found_house["ann"], into_key=found_house["ben"], viewer=viewer, at=NOON)
    for one in (
        Condition("skill", Op.IS, "python"),
        Condition("role", Op.IS, "candidate"),
        Condition("email", Op.KNOWN),
    ):
        assert fit(viewer, one) == [BEN]


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (Condition("nothing", Op.IS, "x"), "There is nothing called “nothing”"),
        (Condition("name", Op.BY, "x"), "can't be compared that way"),
        (Condition("name", Op.HAS), "a value is missing"),
        (Condition("contacted", Op.WITHIN, "soon"), "days are a whole number"),
        (Condition("contacted", Op.WITHIN, "99999"), "days are a whole number"),
        (Condition("field:rate", Op.AT_LEAST, "much"), "is no number"),
        (Condition("available", Op.BY, "tomorrow"), "is no date"),
        (Condition("stage", Op.IS, "rich"), "none of the choices"),
    ],
)
def test_what_cant_be_answered_is_said(found_house: dict[str, Any], one: Condition, words: str) -> None:
    with pytest.raises(BadFilter, match=words):
        fit(found_house["viewer"], one)


@pytest.mark.parametrize("op", [Op.IS, Op.IS_NOT])
def test_a_not_tells_nothing_that_an_is_would_hide(found_house: dict[str, Any], op: Op) -> None:
    recruiter = colleague(Role.RECRUITER, name="Rex Hall")
    client = organisation("Client plc", is_client=True)
    person("Hedda Roth", roles=(PersonRole.CANDIDATE,), organisation=client, skills=("Python",), openness=Openness.OPEN)
    for one in (
        Condition("skill", op, "python"),
        Condition("role", op, "candidate"),
        Condition("openness", op, "open"),
    ):
        assert "Hedda Roth" not in fit(recruiter, one)
        assert "Hedda Roth" not in fit(recruiter, tree(one, match=Match.NONE))
        assert ("Hedda Roth" in fit(found_house["viewer"], one)) is (op is Op.IS)
    assert "Hedda Roth" in fit(recruiter, Condition("name", Op.HAS, "hedda"))


def test_orders_have_names(found_house: dict[str, Any]) -> None:
    viewer = found_house["viewer"]
    person("Cy Cole", added_at=NOON - timedelta(days=9))
    assert fit(viewer, order=ListOrder.NAME) == [ANN, BEN, "Cy Cole"]
    assert fit(viewer, order=ListOrder.ADDED)[-1] == "Cy Cole"
    assert fit(viewer, order=ListOrder.CONTACTED) == ["Cy Cole", BEN, ANN]
    assert fit(viewer, order=ListOrder.SIGNAL) == [ANN, BEN, "Cy Cole"]
    first = queries.people(viewer, order=ListOrder.CONTACTED, at=NOON, size=2)
    rest = queries.people(viewer, order=ListOrder.CONTACTED, at=NOON, size=2, cursor=first.older)
    assert [card.name for card in rest.rows] == [ANN]
    assert rest.older is None


def test_a_long_list_is_given_by_name(found_house: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries.listing, "COUNT_LIMIT", 1)
    assert queries.people(found_house["viewer"], order=ListOrder.CONTACTED, at=NOON).order is ListOrder.NAME


def test_a_tree_survives_json_and_a_form() -> None:
    held = tree(Condition("name", Op.HAS, "a"), tree(Condition("email", Op.KNOWN), match=Match.ANY))
    assert rules.filter_from_data(rules.filter_as_data(held)) == held
    rows = [("0", "name", "has", " a "), ("1", "email", "known", ""), ("1", "", "is", "x")]
    assert rules.filter_from_rows(rows, {"1": "any"}, "all") == tree(
        tree(Condition("name", Op.HAS, "a")), tree(Condition("email", Op.KNOWN), match=Match.ANY)
    )
    assert rules.filter_from_rows(rows[:1], {}, "all") == tree(Condition("name", Op.HAS, "a"))
    assert rules.filter_from_rows([], {}, "all") == Group()


@pytest.mark.parametrize(
    "data", [{"parts": 3}, {"match": "some", "parts": []}, [1], {"match": "all", "parts": [{"op": "is"}]}, "x"]
)
def test_data_that_is_no_tree(data: Any) -> None:
    with pytest.raises(BadFilter):
        rules.filter_from_data(data)


def test_trees_are_neither_too_deep_nor_too_wide() -> None:
    deep: Any = {"match": "all", "parts": []}
    for _ in range(7):
        deep = {"match": "all", "parts": [deep]}
    wide = {"match": "all", "parts": [{"field": "name", "op": "has", "value": "a"}] * 41}
    for data in (deep, wide):
        with pytest.raises(BadFilter):
            rules.filter_from_data(data)
