"""What is known of people beside their names: written for new ones, filled in where others lack it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from fourfold.base.actor import COMMAND_LINE
from fourfold.people import actions, models, rules
from fourfold.people.tests.factories import NOON, email
from fourfold.people.types import (
    AddressUse,
    ClientStage,
    FieldKind,
    FieldValue,
    NewEmployment,
    NewOrganisation,
    NewPerson,
    Openness,
    Origin,
    PersonRole,
)

pytestmark = pytest.mark.django_db
ADA = email("ada@example.org")
NOW_AT = NewEmployment(organisation_name="Halden Software", title="Engineer", started_on=date(2022, 3, 1), present=True)
BEFORE = NewEmployment(
    organisation_name="Brightwell", title="Intern", started_on=date(2020, 1, 1), ended_on=date(2022, 2, 1)
)


def told(**changes: Any) -> NewPerson:
    values: dict[str, Any] = {
        "name": "Ada Lovett", "identifiers": (ADA,), "roles": (PersonRole.CANDIDATE,), "employments": (NOW_AT, BEFORE),
        "skills": ("Python", "python ", "Kubernetes"), "tags": ("Relocating",), "openness": Openness.OPEN,
        "origin": Origin.SOURCED, "origin_detail": "a talk at a meetup", "uses": {ADA: AddressUse.PERSONAL},
        "added_at": NOON - timedelta(days=400), "source": "cv",
    }  # fmt: skip
    return NewPerson(**{**values, **changes})


def say(new: NewPerson) -> UUID:
    key = actions.find_or_add_people(people=[new], by=COMMAND_LINE, at=NOON).keys[0]
    assert key
    return key


def held(key: UUID) -> dict[str, Any]:
    row = models.Person.objects.get(pk=key)
    return {
        "jobs": sorted(row.employments.values_list("organisation_name", "title", "present")),
        "skills": sorted(row.skills.values_list("skill__name", flat=True)),
        "tags": sorted(row.tags.values_list("tag__name", flat=True)),
        "custom": sorted(row.custom_values.values_list("field__slug", "text")),
        "columns": (row.openness, row.origin, row.origin_detail, row.headline),
    }


def test_a_new_person_gets_all_of_it() -> None:
    key = say(told())
    assert held(key) == {
        "jobs": [("Brightwell", "Intern", False), ("Halden Software", "Engineer", True)],
        "skills": ["Kubernetes", "Python"],
        "tags": ["Relocating"],
        "custom": [],
        "columns": ("open", "sourced", "a talk at a meetup", ""),
    }
    row = models.Person.objects.get(pk=key)
    assert row.organisation
    assert row.organisation.name == "Halden Software"
    assert row.added_at == NOON - timedelta(days=400)
    assert row.identifiers.get().use == "personal"
    assert row.roles.get().since == NOON - timedelta(days=400)
    assert not models.Organisation.objects.filter(name="Brightwell").exists()  # a past employer we don't know


def test_a_known_person_learns_what_is_lacking_and_nothing_is_overwritten() -> None:
    key = say(told(employments=(NOW_AT,), skills=("Python",), openness=None))
    later = told(
        skills=("Go",), openness=Openness.NOT_NOW, origin=Origin.REFERRED, origin_detail="a friend",
        headline="Engineer", employments=(NOW_AT, BEFORE), tags=(),
    )  # fmt: skip
    assert actions.find_or_add_people(people=[later], by=COMMAND_LINE, at=NOON).changed == {0}
    assert held(key) == {
        "jobs": [("Brightwell", "Intern", False), ("Halden Software", "Engineer", True)],
        "skills": ["Go", "Python"],
        "tags": ["Relocating"],
        "custom": [],
        "columns": ("not_now", "sourced", "a talk at a meetup", "Engineer"),
    }
    before = held(key)
    again = actions.find_or_add_people(people=[later], by=COMMAND_LINE, at=NOON)
    assert (again.added, again.changed, held(key)) == (0, frozenset(), before)


def test_added_fields_keep_what_they_can_hold() -> None:
    for slug, kind in (("rate", FieldKind.NUMBER), ("shift", FieldKind.CHOICE)):
        models.CustomField.objects.create(slug=slug, label=slug, kind=kind, side="candidate", options=["Day", "Night"])
    key = say(told(custom={"rate": "1,250.50", "shift": "evening", "nothing": "here"}))
    assert held(key)["custom"] == [("rate", "1,250.50")]
    say(told(custom={"rate": "9", "shift": "night"}))
    assert held(key)["custom"] == [("rate", "1,250.50"), ("shift", "Night")]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (FieldKind.NUMBER, "-3.5", FieldValue("-3.5", number=-3.5)),
        (FieldKind.NUMBER, "12,3", None),
        (FieldKind.NUMBER, "nan", None),
        (FieldKind.DATE, "2026-11-22", FieldValue("2026-11-22", day=date(2026, 11, 22))),
        (FieldKind.DATE, "22/11/2026", None),
        (FieldKind.YES_NO, "TRUE", FieldValue("yes")),
        (FieldKind.YES_NO, "maybe", None),
        (FieldKind.LINK, "https://example.org/a", FieldValue("https://example.org/a")),
        (FieldKind.LINK, "javascript:alert(1)", None),
        (FieldKind.LINK, "http://[", None),
        (FieldKind.TEXT, "  ", None),
    ],
)
def test_a_text_becomes_the_value_of_its_field(kind: FieldKind, text: str, value: FieldValue | None) -> None:
    assert rules.field_value(kind, text) == value


def test_a_known_organisation_learns_what_is_lacking_and_is_found_by_its_id() -> None:
    first = NewOrganisation(name="Halden Software", city="Leeds", identifiers=(("id", "bullhorn:7"),))
    key = actions.add_organisations(organisations=[first], by=COMMAND_LINE, at=NOON)[0]
    renamed = NewOrganisation(
        name="Halden", city="York", website="halden.example", stage=ClientStage.MET,
        identifiers=(("id", "bullhorn:7"), ("domain", "halden.example")),
    )  # fmt: skip
    by_domain = NewOrganisation(name="Halden Group", identifiers=(("domain", "halden.example"),))
    found = actions.add_organisations(organisations=[renamed, by_domain], by=COMMAND_LINE, at=NOON)
    row = models.Organisation.objects.get()
    assert found == [key, key]
    assert (row.name, row.city, row.website, row.stage) == ("Halden Software", "Leeds", "halden.example", "met")
