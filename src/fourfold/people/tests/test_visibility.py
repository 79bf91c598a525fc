"""Who sees what: confidential records, and the candidate side of people who work for a client."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from fourfold.accounts.types import Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.people import actions, models, queries
from fourfold.people.tests.factories import NOON, colleague, outcome, party, person, post, touch
from fourfold.people.types import (
    ClientStage,
    Condition,
    Group,
    NewEmployment,
    NewOrganisation,
    Op,
    Openness,
    PersonNotFound,
    PersonRole,
)

pytestmark = pytest.mark.django_db
BOTH = (PersonRole.CANDIDATE, PersonRole.CLIENT_CONTACT)


def organisation(name: str = "Halden Software", **values: object) -> UUID:
    new = NewOrganisation(name=name, **values)  # type: ignore[arg-type]
    return actions.add_organisations(organisations=[new], by=COMMAND_LINE, at=NOON)[0]


def cast() -> dict[str, Viewer]:
    return {
        "leader": colleague(Role.LEADER, name="Lea Marsh"),
        "owner": colleague(Role.RECRUITER, name="Owen Price"),
        "recruiter": colleague(Role.RECRUITER, name="Rex Hall"),
        "marketer": colleague(Role.MARKETER, name="Mia Stone"),
        "administrator": colleague(Role.ADMINISTRATOR, name="Ada Byrne"),
        "nobody": colleague(name="Ned Gray"),
    }


def listed(viewer: Viewer, **asked: str) -> set[str]:
    role = asked.pop("role", "")
    tree = Group(parts=(Condition("role", Op.IS, role),)) if role else Group()
    return {card.name for card in queries.people(viewer, at=NOON, tree=tree, **asked).rows}  # type: ignore[arg-type]


def looking(owner: Viewer, where: UUID, name: str = "Hedda Roth") -> UUID:
    """A client's human-resources director who is looking herself."""
    key = person(name, f"{uuid4().hex[:8]}@halden.example", roles=BOTH, organisation=where, openness=Openness.OPEN)
    models.PersonInRole.objects.filter(person=key, role=PersonRole.CANDIDATE).update(owner_key=owner.user_key)
    return key


@pytest.mark.parametrize(
    ("who", "sees"),
    [("leader", True), ("owner", True), ("recruiter", False), ("marketer", False), ("administrator", False)],
)
def test_the_candidate_side_of_a_clients_employee_is_for_its_owner_and_leaders(who: str, sees: bool) -> None:
    people = cast()
    viewer, client = people[who], organisation(is_client=True)
    hedda = looking(people["owner"], client)
    person("Ola Free", "ola@example.org", roles=BOTH, openness=Openness.OPEN)
    sold = outcome(organisation=client)
    post(
        touch(hedda, channel="job_board", action="click", direction="in"),
        touch(hedda, channel="phone", organisation=client),
        sold,
        party(sold, hedda, side="client"),
    )
    card = queries.person(viewer, hedda).card
    assert card.name == "Hedda Roth"
    assert (PersonRole.CANDIDATE in card.roles) is sees
    assert (card.openness is Openness.OPEN) is sees
    assert (card.touches, card.last_inbound_at) == ((2, NOON) if sees else (None, None))
    assert ("Hedda Roth" in listed(viewer, role="candidate")) is sees
    assert "Ola Free" in listed(viewer, role="candidate")
    assert "Hedda Roth" in listed(viewer, role="client_contact")
    assert bool(queries.cards(viewer, [hedda], candidates=True)) is sees
    assert queries.sees_candidate_side(viewer, hedda) is sees
    assert bool(queries.candidate_subjects(viewer, [hedda])) is sees
    assert set(queries.person_subjects(viewer, [hedda])) == {hedda}
    if sees:
        assert queries.export(viewer, hedda)["people"]["name"] == "Hedda Roth"
    else:
        with pytest.raises(PersonNotFound):
            queries.export(viewer, hedda)
    parties = queries.party_names(viewer, [("candidate", hedda), ("client", hedda)])
    assert parties["client", hedda].name == "Hedda Roth"
    assert parties["candidate", hedda].name == ("Hedda Roth" if sees else "someone confidential")
    assert (parties["candidate", hedda].key is None) is not sees


@pytest.mark.parametrize(
    ("stage", "is_client", "guarded"),
    [
        (None, False, False), (ClientStage.TARGET, False, False), (ClientStage.TERMS_SENT, False, False),
        (ClientStage.ACCEPTED, False, True), (ClientStage.REPEAT, True, True), (ClientStage.DORMANT, True, True),
        (None, True, True),
    ],
)  # fmt: skip
def test_people_are_guarded_from_accepted_terms_on(stage: ClientStage | None, is_client: bool, guarded: bool) -> None:
    people = cast()
    hedda = looking(people["owner"], organisation(stage=stage, is_client=is_client))
    assert queries.sees_candidate_side(people["recruiter"], hedda) is not guarded
    assert queries.sees_candidate_side(people["owner"], hedda)


def test_a_second_job_and_a_merged_record_guard_too_and_an_unmerge_opens_again() -> None:
    people, client = cast(), organisation(is_client=True)
    job = NewEmployment(organisation=client, organisation_name="Halden Software", present=True)
    second = person("Sol Hart", "sol@example.org", roles=BOTH, organisation=organisation("Own Ltd"), employments=(job,))
    former = person("Una Past", "una@example.org", roles=BOTH, employments=(NewEmployment(organisation=client),))
    assert not queries.sees_candidate_side(people["recruiter"], second)
    assert queries.sees_candidate_side(people["recruiter"], former)
    free, tied = person("Tia Nord", "t@example.org", roles=BOTH), looking(people["owner"], client, "Tia Nord")
    actions.merge_people(person_key=tied, into_key=free, viewer=people["leader"], at=NOON)
    assert not queries.sees_candidate_side(people["recruiter"], free)
    assert queries.sees_candidate_side(people["owner"], free)
    actions.unmerge_person(person_key=tied, viewer=people["leader"], at=NOON)
    assert queries.sees_candidate_side(people["recruiter"], free)
    assert not queries.sees_candidate_side(people["recruiter"], tied)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("leader", True), ("owner", True), ("let in", True), ("recruiter", False), ("marketer", False),
        ("administrator", False), ("nobody", False),
    ],
)  # fmt: skip
def test_a_confidential_record_is_for_its_owner_those_let_in_and_leaders(who: str, sees: bool) -> None:
    people = cast()
    people["let in"] = colleague(Role.MARKETER, name="Ina Let")
    viewer = people[who]
    key = person("Ceo Leaving", "ceo@example.org", confidential=True, owner_key=people["owner"].user_key)
    models.PersonAccess.objects.create(person_id=key, user_key=people["let in"].user_key, by="x", at=NOON)
    assert ("Ceo Leaving" in listed(viewer)) is sees
    assert ("Ceo Leaving" in listed(viewer, text="ceo@example.org")) is sees
    assert bool(queries.cards(viewer, [key])) is sees
    assert bool(queries.person_subjects(viewer, [key])) is sees
    assert queries.names([key], viewer=viewer)[key] == ("Ceo Leaving" if sees else "someone confidential")
    if sees:
        assert queries.person(viewer, key).card.confidential
    else:
        with pytest.raises(PersonNotFound):
            queries.person(viewer, key)


def test_words_that_are_kept_name_only_whom_everybody_may_see() -> None:
    people = cast()
    secret, hedda = person("Ceo Leaving", confidential=True), looking(people["owner"], organisation(is_client=True))
    ola, gone = person("Ola Free"), uuid4()
    assert queries.names([secret, hedda, ola, gone]) == {
        secret: "someone confidential",
        hedda: "someone confidential",
        ola: "Ola Free",
        gone: "erased person",
    }


def test_the_timeline_of_a_guarded_person_tells_others_only_what_concerns_the_organisation() -> None:
    from fourfold.people import pages

    people, client = cast(), organisation(is_client=True)
    hedda = looking(people["owner"], client)
    placed, sold = outcome(), outcome(organisation=client)
    post(
        touch(hedda, channel="job_board", direction="in"), touch(hedda, channel="phone", organisation=client), placed,
        sold, party(placed, hedda, side="candidate"), party(sold, hedda, side="client"),
    )  # fmt: skip
    channels = {
        name: sorted(row["title"] for row in pages.person_context(people[name], hedda, NOON, None)["rows"])
        for name in ("leader", "recruiter")
    }
    assert channels == {
        "leader": [
            "Brought net fee income",
            "Brought net fee income",
            "Job board from them: touch",
            "Phone from us: touch",
        ],
        "recruiter": ["Brought net fee income", "Phone from us: touch"],
    }
