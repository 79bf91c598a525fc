"""Changing a person's record, by those who may and no others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from fourfold.accounts.types import Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import NotAllowed
from fourfold.people import actions, models, queries
from fourfold.people.tests.factories import NOON, colleague, leader, person
from fourfold.people.types import (
    AddressTaken,
    AddressUse,
    ChangeRefused,
    FieldKind,
    NewEmployment,
    NewField,
    NewOrganisation,
    NewPerson,
    Openness,
    PersonChange,
    PersonNotFound,
    PersonRole,
    Scheme,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]
BOTH = (PersonRole.CANDIDATE, PersonRole.CLIENT_CONTACT)


def client_organisation() -> UUID:
    new = NewOrganisation(name="Halden Software", is_client=True)
    return actions.add_organisations(organisations=[new], by=COMMAND_LINE, at=NOON)[0]


def change(viewer: Viewer, key: UUID, **to: Any) -> None:
    actions.change_person(person_key=key, to=PersonChange(**{"name": "Ann Lee", **to}), viewer=viewer, at=NOON)


def test_a_record_becomes_what_the_form_says() -> None:
    viewer = leader()
    actions.add_field(field=NewField(label="Day rate", kind=FieldKind.NUMBER, side="candidate"), viewer=viewer, at=NOON)
    key = person("An Lee", skills=("Go", "Python"), tags=("Old",), openness=Openness.OPEN)
    change(
        viewer, key, headline="Engineer", organisation="Brightwell", city="Leeds", country="gb",
        skills=("python", "Rust"),
        tags=("New",), openness=Openness.NOT_NOW, not_before=date(2026, 9, 1), owner_key=viewer.user_key,
        custom=(("day-rate", "550"), ("unknown", "x")),
    )  # fmt: skip
    page = queries.person(viewer, key)
    assert (page.card.name, page.card.headline, page.card.organisation, page.country) == (
        "Ann Lee", "Engineer", "Brightwell", "GB",
    )  # fmt: skip
    assert (page.profile.skills, page.profile.tags) == (("Python", "Rust"), ("New",))
    assert (page.card.openness, page.not_before, page.card.owner_key) == (
        Openness.NOT_NOW, date(2026, 9, 1), viewer.user_key,
    )  # fmt: skip
    assert [(one.label, one.text) for one in page.profile.fields] == [("Day rate", "550")]
    change(viewer, key, custom=(("day-rate", ""),))
    page = queries.person(viewer, key)
    assert (page.profile.fields, page.profile.skills, page.card.organisation) == ((), (), "")
    for bad in ({"name": " "}, {"custom": (("day-rate", "much"),)}):
        with pytest.raises(ChangeRefused):
            change(viewer, key, **bad)


def test_who_does_not_see_the_candidate_side_leaves_it_as_it_is() -> None:
    recruiter = colleague(Role.RECRUITER, name="Rex Hall")
    key = person(
        "Hedda Roth", roles=BOTH, organisation=client_organisation(), skills=("Go",), openness=Openness.OPEN,
        origin_detail="a friend",
    )  # fmt: skip
    change(recruiter, key, headline="Director", organisation="Halden Software", skills=("Python",), openness=None)
    row = models.Person.objects.get(pk=key)
    assert (row.headline, row.openness, row.origin_detail) == ("Director", "open", "a friend")
    assert list(row.skills.values_list("skill__name", flat=True)) == ["Go"]
    actions.set_roles(person_key=key, owners={PersonRole.CLIENT_CONTACT: None}, viewer=recruiter, at=NOON)
    assert models.PersonInRole.objects.filter(person=key, role="candidate", ended_at=None).exists()
    for deed in (
        lambda: actions.put_job(person_key=key, job=actions.Job(organisation="X"), viewer=recruiter, at=NOON),
        lambda: actions.keep_cv_from(person_key=key, organisation="X", reason="", viewer=recruiter, at=NOON),
    ):
        with pytest.raises(PersonNotFound):
            deed()


def put(viewer: Viewer, key: UUID, text: str, scheme: Scheme = Scheme.EMAIL, use: AddressUse | None = None) -> None:
    actions.put_address(person_key=key, scheme=scheme, text=text, use=use, viewer=viewer, at=NOON)


def test_an_address_is_one_persons() -> None:
    viewer, ann, bob = leader(), person("Ann Lee"), person("Bob Ray", "bob@example.org")
    put(viewer, ann, "Ann@Example.org", use=AddressUse.PERSONAL)
    put(viewer, ann, "ann@example.org")  # once more changes nothing
    rows = queries.person(viewer, ann).profile.addresses
    assert [(one.value, one.use) for one in rows] == [("ann@example.org", AddressUse.PERSONAL)]
    with pytest.raises(AddressTaken, match="Bob Ray has it"):
        put(viewer, ann, "bob@example.org")
    with pytest.raises(ChangeRefused):
        put(viewer, ann, "not an address")
    secret = person("Ceo Leaving", "ceo@example.org", confidential=True)
    with pytest.raises(AddressTaken, match="someone confidential has it"):
        put(colleague(Role.RECRUITER, name="Rex Hall"), bob, "ceo@example.org")
    assert queries.resolve(queries.identifiers_of([secret]))


def test_what_is_known_of_an_address() -> None:
    viewer, ann = leader(), person("Ann Lee", "a@example.org", "b@example.org")
    first, second = queries.person(viewer, ann).profile.addresses
    for one in (first, second):
        to = actions.AddressChange(AddressUse.WORK, main=True, verified=True, bouncing=one is second)
        actions.change_address(person_key=ann, address=one.key, to=to, viewer=viewer, at=NOON)
    rows = {one.value: one for one in queries.person(viewer, ann).profile.addresses}
    assert [(value, one.main, one.verified_on, one.bouncing_since) for value, one in sorted(rows.items())] == [
        ("a@example.org", False, NOON.date(), None), ("b@example.org", True, NOON.date(), NOON.date()),
    ]  # fmt: skip
    other = person("Bob Ray")
    with pytest.raises(ChangeRefused):
        actions.take_address(person_key=other, address=first.key, viewer=viewer, at=NOON)
    actions.take_address(person_key=ann, address=first.key, viewer=viewer, at=NOON)
    assert [one.value for one in queries.person(viewer, ann).profile.addresses] == ["b@example.org"]


def test_a_present_job_makes_the_employer_the_organisation() -> None:
    viewer, ann = leader(), person("Ann Lee")
    job = actions.Job(organisation="Brightwell", title="Engineer", started_on=date(2024, 1, 1), present=True)
    actions.put_job(person_key=ann, job=job, viewer=viewer, at=NOON)
    page = queries.person(viewer, ann)
    assert (page.card.organisation, page.profile.jobs[0].title) == ("Brightwell", "Engineer")
    assert [(one.organisation, one.key) for one in page.profile.not_to] == [("Brightwell", None)]
    ended = actions.Job(organisation="Brightwell", title="Engineer", ended_on=date(2025, 1, 1))
    actions.put_job(person_key=ann, job=ended, viewer=viewer, at=NOON, key=page.profile.jobs[0].key)
    assert [one.present for one in queries.person(viewer, ann).profile.jobs] == [False]
    for bad in (
        actions.Job(organisation=""), actions.Job(organisation="X", ended_on=date(2025, 1, 1), present=True),
        actions.Job(organisation="X", started_on=date(2025, 1, 1), ended_on=date(2024, 1, 1)),
    ):  # fmt: skip
        with pytest.raises(ChangeRefused):
            actions.put_job(person_key=ann, job=bad, viewer=viewer, at=NOON)
    actions.take_job(person_key=ann, key=page.profile.jobs[0].key, viewer=viewer, at=NOON)
    assert queries.person(viewer, ann).profile.jobs == ()


def test_a_cv_never_goes_to_the_own_employer_or_to_whom_they_named() -> None:
    viewer, halden = leader(), client_organisation()
    other, second, free = actions.add_organisations(
        organisations=[NewOrganisation(name=name) for name in ("Other", "Second", "Free")], by=COMMAND_LINE, at=NOON
    )
    job = NewEmployment(organisation=second, present=True)
    ann = person("Ann Lee", organisation=halden, employments=(job,))
    actions.keep_cv_from(person_key=ann, organisation="Other", reason="ex-boss", viewer=viewer, at=NOON)
    may = [queries.may_send_cv_to(person_key=ann, organisation=one) for one in (halden, second, other, free)]
    assert may == [False, False, False, True]
    listed = queries.person(viewer, ann).profile.not_to
    row = next(one for one in listed if one.key)
    actions.allow_cv_to(person_key=ann, key=row.key or 0, viewer=viewer, at=NOON)
    assert queries.may_send_cv_to(person_key=ann, organisation=other)
    twin = person("Ann L", organisation=free)
    actions.merge_people(person_key=twin, into_key=ann, viewer=viewer, at=NOON)
    assert not queries.may_send_cv_to(person_key=ann, organisation=free)


def test_roles_begin_and_end_and_keep_their_history() -> None:
    viewer, ann = leader(), person("Ann Lee", roles=(PersonRole.CANDIDATE,))
    owners = {PersonRole.CLIENT_CONTACT: viewer.user_key}
    actions.set_roles(person_key=ann, owners=owners, viewer=viewer, at=NOON)
    page = queries.person(viewer, ann)
    assert page.card.roles == (PersonRole.CLIENT_CONTACT,)
    assert [(one.role, one.ended_on is None) for one in page.profile.roles] == [
        (PersonRole.CANDIDATE, False), (PersonRole.CLIENT_CONTACT, True),
    ]  # fmt: skip
    actions.set_roles(person_key=ann, owners={**owners, PersonRole.CANDIDATE: None}, viewer=viewer, at=NOON)
    assert len(queries.person(viewer, ann).card.roles) == 2


def test_a_record_is_made_confidential_by_its_owner_or_a_leader() -> None:
    boss, owner, other = leader(), colleague(Role.RECRUITER, name="Owen P"), colleague(Role.RECRUITER, name="Rex H")
    ann = person("Ann Lee", owner_key=owner.user_key)

    def hide(viewer: Viewer, confidential: bool, *let_in: UUID) -> None:
        actions.set_confidential(person_key=ann, confidential=confidential, let_in=let_in, viewer=viewer, at=NOON)

    with pytest.raises(NotAllowed):
        hide(other, True)
    hide(owner, True)
    with pytest.raises(PersonNotFound):
        queries.person(other, ann)
    hide(boss, True, other.user_key, uuid4())
    assert queries.person(other, ann).profile.let_in == (other.user_key,)
    with pytest.raises(NotAllowed):
        hide(other, False)
    hide(owner, False)
    assert queries.person(colleague(Role.MARKETER, name="Mia S"), ann).card.confidential is False
    assert not models.PersonAccess.objects.exists()


def test_fields_are_added_by_leaders_and_administrators() -> None:
    field = NewField(label="Licence", kind=FieldKind.YES_NO, side="candidate")
    with pytest.raises(NotAllowed):
        actions.add_field(field=field, viewer=colleague(Role.RECRUITER, name="Rex H"), at=NOON)
    admin = colleague(Role.ADMINISTRATOR, name="Ada B")
    assert actions.add_field(field=field, viewer=admin, at=NOON) == "licence"
    with pytest.raises(ChangeRefused):
        actions.add_field(field=field, viewer=admin, at=NOON)
    actions.retire_field(slug="licence", retired=True, viewer=admin, at=NOON)
    assert (queries.custom_fields(), len(queries.custom_fields(retired=True))) == ((), 1)


def test_the_pages_of_a_record(sign_in: SignIn) -> None:
    viewer = leader()
    client = sign_in(viewer)
    ann = person("Ann Lee", "ann@example.org", roles=(PersonRole.CANDIDATE,))
    actions.add_field(field=NewField(label="Day rate", kind=FieldKind.NUMBER, side="candidate"), viewer=viewer, at=NOON)
    form = {"name": "Ann Leigh", "skills": "Go, Rust", "tags": "Speaker", "field-day-rate": "550", "openness": "open"}
    assert client.post(reverse("change_person", args=[ann]), {**form, "field-day-rate": "x"}).status_code == 422
    assert client.post(reverse("change_person", args=[ann]), form).status_code == 302
    text = client.get(reverse("person", args=[ann])).content.decode()
    for words in ("Ann Leigh", "Go", "Rust", "Speaker", "550", "Open to move"):
        assert words in text
    bad = client.post(reverse("addresses", args=[ann]), {"scheme": "phone", "text": "twelve"})
    assert bad.status_code == 422
    client.post(reverse("addresses", args=[ann]), {"scheme": "phone", "text": "020 7946 0000", "use": "work"})
    rows = queries.person(viewer, ann).profile.addresses
    assert [one.value for one in rows] == ["ann@example.org", "+442079460000"]
    client.post(reverse("change_address", args=[ann, rows[0].key]), {"use": "personal", "main": "on"})
    client.post(reverse("change_address", args=[ann, rows[1].key]), {"deed": "take"})
    assert [(one.use, one.main) for one in queries.person(viewer, ann).profile.addresses] == [
        (AddressUse.PERSONAL, True)
    ]
    client.post(reverse("jobs_of_person", args=[ann]), {"organisation": "Brightwell", "title": "Dev", "present": "on"})
    job = queries.person(viewer, ann).profile.jobs[0]
    changed = {"organisation": "Brightwell", "title": "Lead", "present": "on"}
    client.post(reverse("job_of_person", args=[ann, job.key]), changed)
    assert queries.person(viewer, ann).profile.jobs[0].title == "Lead"
    client.post(reverse("roles_of_person", args=[ann]), {"is-referrer": "on"})
    assert queries.person(viewer, ann).card.roles == (PersonRole.REFERRER,)
    client.post(reverse("not_to", args=[ann]), {"organisation": "Rival"})
    row = next(one for one in queries.person(viewer, ann).profile.not_to if one.key)
    client.post(reverse("allow_cv_to", args=[ann, row.key]))
    client.post(reverse("who_sees", args=[ann]), {"confidential": "on"})
    assert queries.person(viewer, ann).card.confidential
    client.post(reverse("take_job", args=[ann, job.key]))
    assert (
        client.post(reverse("custom_fields"), {"label": "Shift", "kind": "choice", "side": "person"}).status_code == 422
    )
    added = {"label": "Shift", "kind": "choice", "side": "person", "options": "Day, Night"}
    assert client.post(reverse("custom_fields"), added).status_code == 302
    client.post(reverse("retire_field", args=["shift"]), {"retired": "yes"})
    for number in range(3):
        assert client.get(reverse("person_panel", args=[ann, number])).status_code == 200
    assert client.get(reverse("person_panel", args=[ann, 99])).status_code == 404


OPEN_SIDE = ("person", "change_person", "addresses", "roles_of_person", "who_sees")
CANDIDATE_SIDE = ("jobs_of_person", "not_to", "export_person")


@pytest.mark.parametrize(
    ("role", "named", "of_client", "of_secret"),
    [
        (Role.LEADER, "Lea M", (200, 200), (200, 200)),
        (Role.RECRUITER, "Owen P", (200, 200), (200, 200)),
        (Role.RECRUITER, "Rex H", (200, 404), (404, 404)),
        (Role.MARKETER, "Mia S", (200, 404), (404, 404)),
        (Role.ADMINISTRATOR, "Ada B", (200, 404), (404, 404)),
        (None, "Ned G", (404, 404), (404, 404)),
    ],
)  # fmt: skip
def test_every_page_of_a_record_role_by_role(
    sign_in: SignIn, role: Role | None, named: str, of_client: tuple[int, int], of_secret: tuple[int, int]
) -> None:
    """``named`` “Owen P” owns both records: Hedda's candidate side, who works for a client, and the secret one."""
    viewer = colleague(*([role] if role else []), name=named)
    owner = viewer.user_key if named == "Owen P" else None
    hedda = person("Hedda Roth", roles=BOTH, organisation=client_organisation())
    models.PersonInRole.objects.filter(person=hedda, role="candidate").update(owner_key=owner)
    secret = person("Ceo Leaving", confidential=True, owner_key=owner, roles=(PersonRole.CANDIDATE,))
    client = sign_in(viewer)
    for key, (open_side, candidate_side) in ((hedda, of_client), (secret, of_secret)):
        found = {name: client.get(reverse(name, args=[key])).status_code for name in (*OPEN_SIDE, *CANDIDATE_SIDE)}
        assert found == dict.fromkeys(OPEN_SIDE, open_side) | dict.fromkeys(CANDIDATE_SIDE, candidate_side)
    text = client.get(reverse("people"), {"q": "hedda"}).content.decode()
    assert ("Hedda Roth" in text) is (role is not None)
    listed = client.get(reverse("people"), {"role": "candidate"}).content.decode()
    assert ("Hedda Roth" in listed) is (of_client[1] == 200)
    assert ("Ceo Leaving" in listed) is (of_secret[0] == 200)


def test_people_added_twice_keep_one_skill_each() -> None:
    key = actions.add_people(people=[NewPerson(name="Ann Lee", skills=("Go", "go", " GO "))], by=COMMAND_LINE, at=NOON)[
        0
    ]
    assert models.PersonSkill.objects.filter(person=key).count() == 1
