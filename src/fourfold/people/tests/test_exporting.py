"""Everything about a person: nothing forgotten, nobody else's, readable, and noted who took it."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pypdf
import pytest
from django.urls import reverse

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role
from fourfold.base.actor import COMMAND_LINE
from fourfold.people import actions, models, pages, queries
from fourfold.people.queries.exporting import ABOUT_ANOTHER_TOO, tables_about_people
from fourfold.people.tests.factories import NOON, colleague, leader, person, post, touch
from fourfold.people.types import ConsentEvent, NewConsent, NewEmployment, NewOrganisation, Origin, PersonRole, Purpose

pytestmark = pytest.mark.django_db


def test_every_table_that_points_at_a_person_is_in_it() -> None:
    pointing = {
        model
        for model in models.__dict__.values()
        if isinstance(model, type) and hasattr(model, "_meta")
        for field in model._meta.concrete_fields
        if field.related_model is models.Person
    }
    assert {model for model, _ in tables_about_people()} == pointing - {models.Person, *ABOUT_ANOTHER_TOO}
    assert ("person_key" in {field.name for field in models.Suppression._meta.fields}) is True


def told() -> Any:
    viewer = leader()
    ana = person(
        "Ana *Kovac* #x", "ana@fjord.example", origin=Origin.SOURCED, origin_detail="LinkedIn",
        roles=(PersonRole.CANDIDATE,), skills=("Welding",), tags=("keen",),
        employments=(NewEmployment(organisation_name="Fjord Yards", title="Welder", present=True),),
    )  # fmt: skip
    anna = person("Anna Kovac", "anna@halden.example")
    ben = person("Ben Marlow", "ben@fjord.example")
    for key in (anna, ben):
        new = NewConsent(
            person_key=key, event=ConsentEvent.OBJECTED, purpose=Purpose.APPROACH, at=NOON, source="a call",
            evidence=f"said by {key}",
        )  # fmt: skip
        actions.record_consents(entries=[new], by=COMMAND_LINE, at=NOON)
    post(touch(ana, campaign="Spring guide", direction="out"))
    actions.merge_people(person_key=anna, into_key=ana, viewer=viewer, at=NOON)
    return viewer, ana, anna, ben


def test_the_file_holds_all_tables_of_all_records_and_nothing_of_others(sign_in: Any) -> None:
    viewer, ana, anna, ben = told()
    response = sign_in(viewer).get(reverse("export_person", args=[ana]))
    found = response.json()["people"]
    assert {"records", "consent entrys", "notice dues", "person skills", "employments"} <= set(found)
    assert found["consent entrys"][0]["evidence"] == f"said by {anna}"
    assert found["person skills"][0]["skill"] == "Welding"
    assert len(found["records"]) == 2
    assert found["suppressed addresses"][0]["purpose"] == "approach"
    text = response.content.decode()
    assert str(ben) not in text
    assert not any(row in text for row in models.Suppression.objects.values_list("value_hash", flat=True))


def test_the_pdf_is_tagged_and_reads_like_a_letter(sign_in: Any) -> None:
    viewer, ana, _anna, _ben = told()
    response = sign_in(viewer).get(reverse("export_person_pdf", args=[ana]))
    assert response["Content-Type"] == "application/pdf"
    pdf = pypdf.PdfReader(io.BytesIO(response.content))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "en-GB"
    for part in (
        "Ana *Kovac* #x",
        "No approaches about a job",
        "Fjord Yards",
        "Welding",
        "Spring guide",
        "anna@halden",
    ):
        assert part in text, part
    assert "Ben" not in text


def test_both_forms_take_someone_who_sees_both_sides_and_are_audited(sign_in: Any) -> None:
    client_house = actions.add_organisations(
        organisations=[NewOrganisation(name="Northgate Energy", is_client=True)], by=COMMAND_LINE, at=NOON
    )[0]
    key = person("Ana Kovac", organisation=client_house, roles=(PersonRole.CANDIDATE,))
    viewer = leader()
    boss = sign_in(viewer)
    for name in ("export_person", "export_person_pdf"):
        address = reverse(name, args=[key])
        assert sign_in(colleague(Role.RECRUITER)).get(address).status_code == 404
        assert boss.get(address).status_code == 200
        assert boss.get(reverse(name, args=[uuid4()])).status_code == 404
    deeds = [row for row in accounts.audit_trail(viewer) if row.deed == "export_person"]
    assert [row.summary for row in deeds] == ["as PDF", "as JSON"]


def test_a_room_of_any_form_is_put_into_words(registry: Any) -> None:
    viewer = leader()
    key = person("Ana Kovac")
    registry.export_steps.clear()
    registry.export_steps["notes"] = lambda *, person_keys: {
        "notes": [{"text": "Likes boats", "at": "2026-03-02T12:00:00+00:00", "note_key": "x", "mine": True}],
        "count": 1,
        "last": {"by": "Tom"},
        "none": None,
    }
    sheet = pages.person_sheet(viewer, key, NOON)
    section = next(one for one in sheet["sections"] if one["title"] == "Notes")
    assert section["entries"] == [
        {"head": "Notes", "lines": [("Likes boats", "at: 2 Mar 2026, 12:00 · mine: yes")]},
        {"head": "", "lines": [("Count", "1")]},
        {"head": "Last", "lines": [("By", "Tom")]},
    ]
    assert queries.export(viewer, key)["notes"]["count"] == 1
