"""Clients from target to accepted terms, job leads, value propositions; in the actions and in the browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fourfold.accounts.types import Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.people import actions, models, queries
from fourfold.people.tests.factories import NOON, colleague, leader, outcome, person, post
from fourfold.people.types import (
    Band,
    ClientRefused,
    ClientStage,
    FeeBasis,
    Gain,
    JobLeadState,
    NewJobLead,
    NewOrganisation,
    OrganisationChange,
    PersonRole,
    TermsDraft,
    TermsStanding,
    TermsState,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]
DRAFT = TermsDraft(currency="GBP", bands=(Band(FeeBasis.PERMANENT, 0, None, 2_000),))


def organisation(name: str = "Halden Software", **values: Any) -> UUID:
    return actions.add_organisations(organisations=[NewOrganisation(name=name, **values)], by=COMMAND_LINE, at=NOON)[0]


def draft(viewer: Viewer, key: UUID, **changes: Any) -> UUID:
    return actions.draft_terms(organisation=key, draft=DRAFT, viewer=viewer, at=NOON, **changes)


def accept(viewer: Viewer, key: UUID, **changes: Any) -> None:
    values: dict[str, Any] = {"how": "by e-mail", "by_person": None, "accepted_at": NOON, "document": None}
    actions.accept_terms(key=key, viewer=viewer, at=NOON, **{**values, **changes})


def stage(key: UUID) -> str:
    return models.Organisation.objects.get(pk=key).stage


def test_a_client_comes_from_target_to_accepted_terms_and_its_history_is_kept() -> None:
    viewer, key = leader(), organisation()
    assert queries.terms_standing(key, at=NOON) is TermsStanding.NONE
    for to in (ClientStage.TARGET, ClientStage.MET):
        actions.move_stage(organisation=key, stage=to, why="", viewer=viewer, at=NOON)
    first = draft(viewer, key)
    assert (stage(key), queries.terms_standing(key, at=NOON)) == ("met", TermsStanding.DRAFTED)
    who = person("Cleo Client", organisation=key)
    actions.note_terms_sent(key=first, to=who, sent_at=NOON, viewer=viewer, at=NOON)
    assert (stage(key), queries.terms_standing(key, at=NOON)) == ("terms_sent", TermsStanding.SENT)
    assert queries.terms_for(key, at=NOON) is None
    accept(viewer, first, by_person=who)
    assert (stage(key), queries.terms_standing(key, at=NOON)) == ("accepted", TermsStanding.ACCEPTED)
    page = queries.organisation(viewer, key, at=NOON)
    assert [row.stage for row in page.stages] == ["accepted", "terms_sent", "met", "target"]
    assert (page.terms[0].sent_to, page.terms[0].accepted_by, page.terms[0].accepted_how) == (
        "Cleo Client", "Cleo Client", "by e-mail",
    )  # fmt: skip
    second = draft(viewer, key)
    accept(viewer, second)
    states = {row.version: row.state for row in queries.organisation(viewer, key, at=NOON).terms}
    assert states == {1: TermsState.REPLACED, 2: TermsState.ACCEPTED}
    found = queries.terms_for(key, at=NOON)
    assert found
    assert found.key == second
    assert not models.Organisation.objects.get(pk=key).is_client  # a client once it has given a job


def test_terms_have_their_order() -> None:
    viewer, key = leader(), organisation()
    one = draft(viewer, key)
    with pytest.raises(ClientRefused):
        actions.decline_terms(key=one, why="", viewer=viewer, at=NOON)
    with pytest.raises(ClientRefused):
        accept(viewer, one, how=" ")
    accept(viewer, one)
    with pytest.raises(ClientRefused):
        accept(viewer, one)
    with pytest.raises(ClientRefused):
        actions.note_terms_sent(key=one, to=None, sent_at=NOON, viewer=viewer, at=NOON)
    two = draft(viewer, key)
    actions.note_terms_sent(key=two, to=None, sent_at=NOON, viewer=viewer, at=NOON)
    actions.decline_terms(key=two, why="too dear", viewer=viewer, at=NOON)
    assert queries.terms_standing(key, at=NOON) is TermsStanding.ACCEPTED
    assert stage(key) == "accepted"


@pytest.mark.parametrize(
    "bad", [TermsDraft(currency="GBP", bands=()), TermsDraft(currency="GBP", bands=DRAFT.bands, off_limits=True)]
)
def test_terms_that_say_too_little_are_refused(bad: TermsDraft) -> None:
    viewer, key = leader(), organisation()
    with pytest.raises(ClientRefused):
        actions.draft_terms(organisation=key, draft=bad, viewer=viewer, at=NOON)
    assert not models.Terms.objects.exists()


def test_hirer_commercial_client_and_the_one_invoiced_may_be_three() -> None:
    viewer, hirer = leader(), organisation("Hirer Ltd")
    three = TermsDraft(currency="GBP", bands=DRAFT.bands, commercial_client="Group plc", invoice_to="Shared Services")
    key = actions.draft_terms(organisation=hirer, draft=three, viewer=viewer, at=NOON)
    row = queries.terms(viewer, key)
    assert (row.organisation, row.draft.commercial_client, row.draft.invoice_to) == (
        "Hirer Ltd", "Group plc", "Shared Services",
    )  # fmt: skip
    accept(viewer, key)
    actions.hire_under(terms=key, organisation="Site North", viewer=viewer, at=NOON)
    site = queries.organisations_by_name(["Site North"])["Site North"]
    found = queries.terms_for(site, at=NOON)
    assert found
    assert found.key == key
    assert queries.terms_standing(site, at=NOON) is TermsStanding.ACCEPTED
    with pytest.raises(ClientRefused):
        actions.hire_under(terms=key, organisation="Hirer Ltd", viewer=viewer, at=NOON)


def test_terms_that_ended_count_no_more() -> None:
    viewer, key = leader(), organisation()
    ending = TermsDraft(currency="GBP", bands=DRAFT.bands, ends_on=NOON.date())
    accept(viewer, actions.draft_terms(organisation=key, draft=ending, viewer=viewer, at=NOON))
    assert queries.terms_for(key, at=NOON)
    later = NOON + timedelta(days=1)
    assert queries.terms_for(key, at=later) is None
    assert queries.terms_standing(key, at=later) is TermsStanding.ENDED


def test_dormant_after_two_years_and_a_client_again_with_the_next_job() -> None:
    quiet, busy = organisation("Quiet", is_client=True), organisation("Busy", is_client=True)
    post(outcome(organisation=quiet, occurred_at=NOON - timedelta(days=800)))
    post(outcome(organisation=busy, occurred_at=NOON - timedelta(days=10)))
    assert actions.settle_stages(at=NOON) == 2
    assert (stage(quiet), stage(busy)) == ("dormant", "first_job")
    assert actions.settle_stages(at=NOON) == 0
    post(outcome(organisation=quiet, occurred_at=NOON))
    assert actions.settle_stages(at=NOON) == 1
    assert stage(quiet) == "repeat"


def test_a_lead_is_one_tap_and_is_dropped_for_a_reason() -> None:
    viewer, key = leader(), organisation()
    lead = actions.note_job_lead(lead=NewJobLead(title="Two engineers", organisation=key), viewer=viewer, at=NOON)
    assert [row.title for row in queries.job_leads(viewer)] == ["Two engineers"]
    with pytest.raises(ClientRefused):
        actions.settle_job_lead(key=lead, state=JobLeadState.DROPPED, why="", viewer=viewer, at=NOON)
    actions.settle_job_lead(key=lead, state=JobLeadState.DROPPED, why="hired within", viewer=viewer, at=NOON)
    assert queries.job_leads(viewer) == ()
    assert queries.job_leads(viewer, state=JobLeadState.DROPPED)[0].state_why == "hired within"
    with pytest.raises(ClientRefused):
        actions.note_job_lead(lead=NewJobLead(title=" "), viewer=viewer, at=NOON)


def test_whom_a_lead_was_heard_from_shows_to_those_who_may_see_them() -> None:
    viewer, secret = leader(), person("Ceo Leaving", confidential=True)
    actions.note_job_lead(lead=NewJobLead(title="A chief", heard_from=secret), viewer=viewer, at=NOON)
    other = colleague(Role.RECRUITER, name="Rex Hall")
    assert [queries.job_leads(who)[0].heard_from for who in (viewer, other)] == ["Ceo Leaving", ""]


def test_what_is_offered_stands_on_words_or_evidence() -> None:
    viewer, key = leader(), organisation()

    def write(*gains: Gain, in_short: str = "Friday is free") -> int:
        return actions.write_value(
            organisation=key, in_short=in_short, gains=gains, not_to_promise="a bonus", viewer=viewer, at=NOON
        )

    for gains, short in (((), "x"), ((Gain("Free Fridays"),), "x"), ((Gain("Free", "We do"),), " ")):
        with pytest.raises(ClientRefused):
            write(*gains, in_short=short)
    assert write(Gain("Free Fridays", "I was off"), Gain(" ")) == 1
    assert write(Gain("Free Fridays", "", "in the contract")) == 2
    value = queries.value_proposition(key)
    assert value
    assert (value.version, value.gains, value.not_to_promise) == (
        2, (Gain("Free Fridays", "", "in the contract"),), "a bonus",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.LEADER, True), (Role.RECRUITER, True), (Role.MARKETER, True), (Role.ADMINISTRATOR, False)],
)
def test_who_keeps_clients(role: Role, may: bool) -> None:
    viewer, key = colleague(role, name="Rex Hall"), organisation()
    deeds: list[Callable[[], object]] = [
        lambda: actions.move_stage(organisation=key, stage=ClientStage.MET, why="", viewer=viewer, at=NOON),
        lambda: draft(viewer, key),
        lambda: actions.change_organisation(to=OrganisationChange(name="New"), viewer=viewer, at=NOON),
    ]
    for deed in deeds:
        if may:
            deed()
        else:
            with pytest.raises(NotAllowed):
                deed()


def test_an_organisation_is_changed_and_names_stay_one() -> None:
    viewer, key, other = leader(), organisation(), organisation("Other")
    to = OrganisationChange(name="Halden", city="Leeds", country="gb", tags=("Key", "key "), owner_key=viewer.user_key)
    actions.change_organisation(to=to, viewer=viewer, at=NOON, key=key)
    page = queries.organisation(viewer, key, at=NOON)
    assert (page.row.name, page.row.city, page.country, len(page.tags)) == ("Halden", "Leeds", "GB", 1)
    for bad in (OrganisationChange(name="other"), OrganisationChange(name=" ")):
        with pytest.raises(ClientRefused):
            actions.change_organisation(to=bad, viewer=viewer, at=NOON, key=key)
    assert models.Organisation.objects.get(pk=other).name == "Other"
    with pytest.raises(NotFound):
        queries.organisation(viewer, uuid4(), at=NOON)
    assert [row.name for row in queries.organisations(viewer, mine=True, at=NOON).rows] == ["Halden"]
    assert queries.organisations(viewer, text="hald", at=NOON).count == 1


def test_people_of_a_client_show_without_their_candidate_side(sign_in: SignIn) -> None:
    key = organisation(is_client=True)
    person("Hedda Roth", roles=(PersonRole.CANDIDATE, PersonRole.CLIENT_CONTACT), organisation=key)
    pages = {
        role: sign_in(colleague(role, name="Rex Hall")).get(reverse("organisation_people", args=[key]))
        for role in (Role.RECRUITER, Role.LEADER)
    }
    badges = {
        role: {badge["words"] for one in page.context["people"] for badge in one["badges"]}
        for role, page in pages.items()
    }
    assert badges == {Role.RECRUITER: {"Client contact"}, Role.LEADER: {"Client contact", "Candidate"}}


def test_from_target_to_accepted_terms_in_the_browser(sign_in: SignIn) -> None:
    viewer = leader()
    client = sign_in(viewer)
    made = client.post(reverse("new_organisation"), {"name": "Halden Software", "city": "Leeds"})
    key = models.Organisation.objects.get().key
    assert made["Location"] == reverse("organisation", args=[key])
    page = client.get(made["Location"])
    assert "No accepted terms" in page.content.decode()
    for _ in range(2):
        step = client.get(made["Location"]).context["next"]
        client.post(step["url"], {"stage": step["stage"]})
    assert stage(key) == "met"
    terms = {"currency": "GBP", "permanent": "up to 40000: 20%\nabove 40000: 25%", "rebates": "4 weeks: 100%"}
    bad = client.post(reverse("new_terms", args=[key]), {**terms, "permanent": "a lot"})
    assert bad.status_code == 422
    assert "is no band" in bad.content.decode()
    sent_to = client.post(reverse("new_terms", args=[key]), terms)["Location"]
    client.post(sent_to, {"deed": "sent", "sent_on": "2026-03-02"})
    assert stage(key) == "terms_sent"
    refused = client.post(sent_to, {"deed": "accepted", "accepted_on": "2026-03-05", "how": ""})
    assert refused.status_code == 422
    paper = SimpleUploadedFile("terms.txt", b"We accept your terms.\n", "text/plain")
    client.post(sent_to, {"deed": "accepted", "accepted_on": "2026-03-05", "how": "by e-mail", "document": paper})
    assert stage(key) == "accepted"
    row = queries.organisation(viewer, key, at=NOON).terms[0]
    assert row.document
    assert "The document" in client.get(sent_to).content.decode()
    assert "No accepted terms" not in client.get(made["Location"]).content.decode()
    client.post(reverse("new_lead", args=[key]), {"title": "Two engineers"})
    assert "1 open job lead" in client.get(made["Location"]).content.decode()
    lead = models.JobLead.objects.get().key
    client.post(reverse("settle_lead", args=[lead]), {"state": "pursued"})
    assert "Two engineers" in client.get(reverse("leads"), {"state": "pursued"}).content.decode()
    value = {"in_short": "Free Fridays", "gain-0": "Time", "words-0": "I was off"}
    assert client.post(reverse("write_value", args=[key]), {"in_short": "x", "gain-0": "Time"}).status_code == 422
    client.post(reverse("write_value", args=[key]), value)
    assert "I was off" in client.get(made["Location"]).content.decode()
    assert client.get(reverse("organisations"), {"stage": "accepted"}).context["heading"] == "1 organisation"
    assert client.get(reverse("organisations"), {"stage": "rich"}).status_code == 404
    assert client.get(reverse("organisation", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize("number", [3, 40])
def test_pages_take_few_statements_whatever_the_rows(sign_in: SignIn, number: int) -> None:
    viewer = leader()
    client = sign_in(viewer)
    keys = [organisation(f"O{n}", is_client=True, owner_key=viewer.user_key) for n in range(number)]
    for n in range(number):
        person(f"P{n}", organisation=keys[0])
        accept(viewer, draft(viewer, keys[n]))
    pages = [reverse(name, args=[keys[0]]) for name in ("organisation", "organisation_people")]
    for address in (reverse("organisations"), reverse("leads"), *pages):
        with CaptureQueriesContext(connection) as statements:
            assert client.get(address).status_code == 200
        assert len(statements) <= 12, [row["sql"][:80] for row in statements]
