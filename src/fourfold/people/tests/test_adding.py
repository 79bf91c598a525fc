"""Adding a person, from page to record: nothing is kept before it was confirmed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fourfold.accounts.types import Role, Viewer
from fourfold.base import clock
from fourfold.files import actions as files
from fourfold.files import queries as kept
from fourfold.people import actions as people
from fourfold.people import models, queries
from fourfold.people.actions import drafts
from fourfold.people.tests.factories import colleague, email, leader, person
from fourfold.people.tests.test_reading import CV
from fourfold.people.types import NewOrganisation

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]
TICKED = {"address": ["0", "1", "2"], "job": ["0", "1"], "skill": ["0"]}
TYPED = {"name": "Jane Doe", "headline": "Engineer", "city": "Leeds", "role": "candidate", "origin": "themselves"}


def bring(client: Client, **given: Any) -> str:
    answer = client.post(reverse("add_person"), given)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return str(answer["Location"])


def key_of(answer: Any) -> UUID:
    return UUID(answer["Location"].strip("/").rpartition("/")[2])


def test_from_a_cv_to_a_record(sign_in: SignIn) -> None:
    viewer = colleague(Role.RECRUITER)
    client = sign_in(viewer)
    models.Skill.objects.create(name="Python", sort_name="python", used=True)
    person("Somebody", city="Leeds")
    here = bring(client, file=SimpleUploadedFile("Jane.txt", CV.encode()))
    assert "Reading Jane.txt" in client.get(here).content.decode()
    waiting = client.get(here, {"part": "1"}, headers={"HX-Request": "true"})
    assert (waiting.status_code, "HX-Refresh" in waiting.headers) == (204, False)
    files.read_waiting()
    assert client.get(here, {"part": "1"}, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    page = client.get(here).content.decode()
    assert "Add Jane Van Der Doe?" in page
    assert "Staff Engineer, Halden Software" in page
    assert "14 Mill Lane, Leeds LS1 4AB" in page  # the line an address stands on
    assert models.Person.objects.count() == 1
    done = client.post(here, {**TYPED, **TICKED})
    key = key_of(done)
    found = queries.person(viewer, key)
    assert (found.card.name, found.card.headline, found.card.city) == ("Jane Doe", "Engineer", "Leeds")
    assert set(queries.identifiers_of([key])) == {
        email("jane.doe@example.com"), *(one for one in queries.identifiers_of([key]) if one.scheme != "email"),
    }  # fmt: skip
    assert len(queries.identifiers_of([key])) == 3
    row = models.Person.objects.get(pk=key)
    assert (row.origin, row.owner_key, row.organisation and row.organisation.name) == (
        "themselves", viewer.user_key, "Halden Software",
    )  # fmt: skip
    assert list(row.employments.order_by("-started_on").values_list("title", "started_on", "present", "source")) == [
        ("Staff Engineer", date(2021, 3, 1), True, "cv"),
        ("Data Engineer", date(2018, 6, 1), False, "cv"),
    ]
    assert [one.skill.name for one in row.skills.all()] == ["Python"]
    assert [one.purpose for one in kept.about(leader(), [("candidate", key)]).files] == ["cv"]
    assert models.Draft.objects.count() == 0
    assert client.get(here).status_code == 404


def test_unticked_values_are_not_kept(sign_in: SignIn) -> None:
    client = sign_in(leader())
    here = bring(client, text=CV)
    key = key_of(client.post(here, {**TYPED, "address": ["1"]}))
    assert [one.value for one in queries.identifiers_of([key])] == ["linkedin.com/in/jane-doe"]
    row = models.Person.objects.get(pk=key)
    assert (row.employments.count(), row.skills.count()) == (0, 0)


def test_who_has_the_address_is_shown_before_and_learns_only_what_is_new(sign_in: SignIn) -> None:
    client = sign_in(leader())
    known = person("Jane D.", "jane.doe@example.com", headline="Boss")
    here = bring(client, text=CV)
    page = client.get(here).content.decode()
    assert "This is Jane D.: add to them?" in page
    assert reverse("person", args=[known]) in page
    assert key_of(client.post(here, {**TYPED, **TICKED})) == known
    row = models.Person.objects.get(pk=known)
    assert (row.name, row.headline, row.city) == ("Jane D.", "Boss", "Leeds")
    assert models.Person.objects.count() == 1


def test_two_people_are_never_made_one_by_the_way(sign_in: SignIn) -> None:
    client = sign_in(leader())
    person("One", "jane.doe@example.com")
    person("Two", "two@example.com")
    here = bring(client, text=CV)
    refused = client.post(here, {**TYPED, **TICKED, "email": "two@example.com"})
    assert refused.status_code == 422
    assert "These addresses are of two people of the house." in refused.content.decode()
    assert models.Person.objects.count() == 2
    assert client.post(here, {**TYPED, "address": [], "email": "two@example.com"}).status_code == 302


def test_a_record_that_is_not_open_is_not_named(sign_in: SignIn) -> None:
    viewer = colleague(Role.RECRUITER)
    person("Secret Person", "jane.doe@example.com", confidential=True)
    page = sign_in(viewer).get(bring(sign_in(viewer), text=CV)).content.decode()
    assert "Secret Person" not in page
    assert "Somebody whose record is not open to you has one of these addresses." in page


def test_by_hand_and_with_mistakes(sign_in: SignIn) -> None:
    client = sign_in(leader())
    here = bring(client)
    assert "Whom do you add?" in client.get(here).content.decode()
    for wrong in ({"name": ""}, {"email": "nobody"}, {"phone": "1"}, {"role": "boss"}):
        assert client.post(here, {**TYPED, **wrong}).status_code == 422
    assert models.Person.objects.count() == 0
    key = key_of(client.post(here, {**TYPED, "organisation": "Oldco", "phone": "020 7946 0000"}))
    row = models.Person.objects.get(pk=key)
    assert (row.organisation and row.organisation.name, row.identifiers.get().value) == ("Oldco", "+442079460000")


def test_from_a_clients_page_somebody_is_added_who_works_there(sign_in: SignIn) -> None:
    lena = leader()
    [key] = people.add_organisations(
        organisations=[NewOrganisation(name="Quillfeather Optics")], by=lena.actor(), at=clock.now()
    )
    client = sign_in(lena)
    begins = f"{reverse('add_person')}?of={key}"
    assert begins in client.get(reverse("organisation_people", args=[key])).content.decode()
    here = client.post(begins, {})["Location"]
    page = client.get(here).content.decode()
    assert 'value="Quillfeather Optics"' in page
    assert re.search(r'value="client_contact"\s+selected', page)
    given = {**TYPED, "organisation": "Quillfeather Optics", "role": "client_contact", "email": "jane@quill.example"}
    assert client.post(here, given)["Location"] == reverse("organisation", args=[key])
    there = client.get(reverse("organisation_people", args=[key])).content.decode()
    assert "Jane Doe" in there
    assert models.Person.objects.get().organisation_id == key
    for bad in ("nothing", str(uuid4())):
        assert client.get(client.post(f"{reverse('add_person')}?of={bad}", {})["Location"]).status_code == 200
    watcher = sign_in(colleague(Role.ADMINISTRATOR, name="Priya Nair"))
    assert begins not in watcher.get(reverse("organisation_people", args=[key])).content.decode()


def test_a_bookmark_only_fills_the_form_in(sign_in: SignIn) -> None:
    client = sign_in(leader())
    query = {"url": "https://www.linkedin.com/in/jane-doe/", "text": "Jane <b>Doe\nHead of Talent"}
    page = client.get(reverse("add_person"), query).content.decode()
    assert "Jane &lt;b&gt;Doe" in page
    assert models.Draft.objects.count() == 0
    key = key_of(client.post(bring(client, **query), {**TYPED, "address": ["0"]}))
    assert queries.identifiers_of([key])[0].value == "linkedin.com/in/jane-doe"
    assert models.Person.objects.get(pk=key).origin_detail == "https://www.linkedin.com/in/jane-doe/"
    for bad in ("javascript:alert(1)", "//evil.example"):
        assert bad not in client.get(reverse("add_person"), {"url": bad}).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "person_name"),
    [
        ("jane.vcf", "BEGIN:VCARD\nFN:Jane Card\nEMAIL:jane@card.example\nEND:VCARD", "Jane Card"),
        ("jane.json", json.dumps({"basics": {"name": "Jane Json", "email": "jane@json.example"}}), "Jane Json"),
    ],
)
def test_cards_and_resumes(sign_in: SignIn, name: str, content: str, person_name: str) -> None:
    client = sign_in(leader())
    here = bring(client, file=SimpleUploadedFile(name, content.encode()))
    files.read_waiting()
    assert f"Add {person_name}?" in client.get(here).content.decode()


def test_a_file_that_is_refused_or_has_no_words(sign_in: SignIn) -> None:
    client = sign_in(leader())
    refused = client.post(reverse("add_person"), {"file": SimpleUploadedFile("x.pdf", b"MZ\x00\x01")})
    assert refused.status_code == 422
    assert models.Draft.objects.count() == 0
    here = bring(client, file=SimpleUploadedFile("x.pdf", b"%PDF-1.7 broken"))
    files.read_waiting()
    page = client.get(here).content.decode()
    assert "The file’s text was not read." in page
    assert client.post(here, TYPED).status_code == 302


def test_a_draft_is_its_makers_own_and_goes_when_left(sign_in: SignIn) -> None:
    client, other = sign_in(leader()), sign_in(colleague(Role.LEADER))
    here = bring(client, file=SimpleUploadedFile("cv.txt", CV.encode()))
    key = UUID(here.strip("/").rpartition("/")[2])
    for address in (here, reverse("draft", args=[uuid4()])):
        assert other.get(address).status_code == 404
    assert other.post(reverse("drop_draft", args=[key])).status_code == 404
    assert kept.reading_of("adding", key)
    client.post(reverse("drop_draft", args=[key]))
    assert (models.Draft.objects.count(), kept.reading_of("adding", key)) == (0, None)


def test_drafts_are_cleared_after_a_week(sign_in: SignIn) -> None:
    client, now = sign_in(leader()), clock.now()
    bring(client, file=SimpleUploadedFile("cv.txt", CV.encode()))
    assert drafts.clear_drafts(at=now + timedelta(days=6)) == 0
    assert drafts.clear_drafts(at=now + timedelta(days=7, minutes=1)) == 1
    assert models.Draft.objects.count() == 0
    assert kept.waiting() == 0


def test_who_does_not_work_with_people_adds_nobody(sign_in: SignIn) -> None:
    for roles in ((), (Role.ADMINISTRATOR,)):
        assert sign_in(colleague(*roles)).get(reverse("add_person")).status_code == 403
    assert Client().get(reverse("add_person")).status_code == 302
