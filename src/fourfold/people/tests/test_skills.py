"""Skills of a classification: learnt from its own file, suggested where skills are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from fourfold.accounts.types import Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.people import actions, models, queries
from fourfold.people.tests.factories import NOON, colleague, leader, person
from fourfold.people.types import FieldKind, NewField

pytestmark = pytest.mark.django_db
URI = "http://data.europa.eu/esco/skill/1"


def learn(*skills: tuple[str, str]) -> int:
    return actions.learn_skills(skills=skills, by=COMMAND_LINE, at=NOON)


def test_skills_are_learnt_once_and_keep_the_houses_spelling() -> None:
    person("Ann Lee", skills=("Python",))
    assert learn(("python", URI), ("use Python libraries", "u2"), (" ", "u3")) == 1
    assert learn(("python", URI), ("use Python libraries", "u2")) == 0
    rows = dict(models.Skill.objects.values_list("name", "esco"))
    assert rows == {"Python": URI, "use Python libraries": "u2"}
    assert queries.skills_like("pyth") == ("Python", "use Python libraries")  # what somebody has comes first
    assert queries.skills_like("libraries use") == ("use Python libraries",)
    assert queries.skills_like(" ") == ()


def test_skills_are_suggested_and_added(sign_in: Callable[[Viewer], Client]) -> None:
    client, ann = sign_in(leader()), person("Ann Lee", skills=("Go",))
    learn(("<b>weld</b> metal", URI))
    text = client.get(reverse("suggest_skills"), {"add_skill": "weld"}).content.decode()
    assert "&lt;b&gt;weld&lt;/b&gt; metal" in text
    nobody = sign_in(colleague(name="Ned G"))
    assert "weld" not in nobody.get(reverse("suggest_skills"), {"add_skill": "weld"}).content.decode()
    client.post(reverse("change_person", args=[ann]), {"name": "Ann Lee", "skills": "Go", "add_skill": "Rust"})
    assert sorted(models.PersonSkill.objects.values_list("skill__name", flat=True)) == ["Go", "Rust"]


def test_fields_of_the_houses_own_are_kept_of_organisations_too(sign_in: Callable[[Viewer], Client]) -> None:
    viewer = leader()
    client = sign_in(viewer)
    field = NewField(label="Head count", kind=FieldKind.NUMBER, side="organisation")
    actions.add_field(field=field, viewer=viewer, at=NOON)
    client.post(reverse("new_organisation"), {"name": "Halden", "field-head-count": "120"})
    key = models.Organisation.objects.get().key
    assert [(one.label, one.text) for one in queries.organisation(viewer, key, at=NOON).fields] == [
        ("Head count", "120")
    ]
    address = reverse("change_organisation", args=[key])
    assert client.post(address, {"name": "Halden", "field-head-count": "many"}).status_code == 422
    client.post(address, {"name": "Halden", "field-head-count": ""})
    assert queries.organisation(viewer, key, at=NOON).fields == ()


@pytest.mark.datasets
def test_the_published_file_is_learnt(datasets: Path) -> None:
    from csv import DictReader

    with (datasets / "taxonomies/esco_skills.csv").open(encoding="utf-8") as file:
        new = learn(*((row["preferredLabel"], row["conceptUri"]) for row in DictReader(file)))
    assert new > 4_000
    assert queries.skills_like("toxicological")
