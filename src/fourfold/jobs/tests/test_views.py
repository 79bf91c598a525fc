"""Pages of jobs and applications: what they show, refuse and say; who may not; forms that keep what was typed."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Role
from fourfold.base import clock
from fourfold.contact import queries as contact_queries
from fourfold.jobs import models, panels, queries
from fourfold.jobs.tests import factories as make
from fourfold.jobs.types import Ended, Origin, Stage
from fourfold.people import actions as people
from fourfold.people.types import REGISTRY, NewJobLead, PersonRole


@dataclass
class Desk:
    """A recruiter signed in, a job with its manager, somebody who applied, a mailbox."""

    client: Client
    viewer: Any
    organisation: UUID
    manager: UUID
    person: UUID
    job: UUID
    application: UUID
    box: UUID


@pytest.fixture
def desk(sign_in: Any) -> Desk:
    tom = make.colleague()
    organisation = make.a_client()
    make.accepted_terms(tom, organisation)
    manager = make.a_person("Ada Reed", roles=(PersonRole.CLIENT_CONTACT,))
    make.employ(manager, organisation)
    person = make.a_person("Jane Moor")
    job = make.a_job(tom, organisation=organisation, hiring_manager=manager, city="Leeds", country="GB")
    return Desk(
        sign_in(tom), tom, organisation, manager, person, job, make.an_application(job, person), make.mailbox(tom)
    )


def text(response: Any) -> str:
    return str(response.content.decode())


JOB = {
    "title": "Data engineer", "kind": "permanent", "openings": "1", "engaged": "contingent", "currency": "GBP",
    "pay_from": "60,000", "pay_to": "70000.00", "pay_per": "year", "calibre": "top_quarter", "workplace": "hybrid",
    "gains": "Own the platform | “I ship weekly” |", "musts": "Python\nSQL", "wishes": "dbt",
}  # fmt: skip


def test_a_lead_becomes_a_job_on_one_form(desk: Desk) -> None:
    lead = people.note_job_lead(
        lead=NewJobLead(title="Two data engineers", organisation=desk.organisation), viewer=desk.viewer, at=make.NOON
    )
    address = f"{reverse('new_job')}?lead={lead}"
    page = text(desk.client.get(address))
    assert 'value="Two data engineers"' in page
    assert "Ada Reed" in page
    done = desk.client.post(address, {**JOB, "hiring_manager": str(desk.manager)})
    job = models.Job.objects.get(title="Data engineer")
    assert done["Location"] == reverse("job", args=[job.key])
    change = queries.job(desk.viewer, job.key, at=clock.now()).change
    assert (change.pay_from_minor, change.pay_to_minor) == (60_000_00, 70_000_00)
    assert [one.text for one in change.wanted] == ["Python", "SQL", "dbt"]
    assert (change.gains[0].gain, change.gains[0].their_words) == ("Own the platform", "I ship weekly")
    assert job.lead_key == lead
    shown = text(desk.client.get(done["Location"]))
    assert "£60,000 to £70,000 a year" in shown
    assert "Too little is known" in shown


def test_a_form_that_failed_keeps_what_was_typed(desk: Desk) -> None:
    done = desk.client.post(
        reverse("new_job"), {**JOB, "organisation": "Quay", "pay_from": "sixty", "engaged": "exclusive"}
    )
    assert done.status_code == 422
    assert "was not read as an amount" in text(done) or "An amount is digits" in text(done)
    assert 'value="sixty"' in text(done)
    done = desk.client.post(reverse("new_job"), {**JOB, "organisation": "Quay", "engaged": "exclusive"})
    assert (done.status_code, "until when it is exclusive" in text(done)) == (422, True)
    assert not models.Job.objects.filter(title="Data engineer").exists()


def test_a_job_leads_to_those_who_have_what_it_asks_for(desk: Desk) -> None:
    make.a_person("Ida Lund", skills=("Python",))
    desk.client.post(reverse("new_job"), {**JOB, "organisation": "Quay", "musts": "python\nTen years of COBOL"})
    job = models.Job.objects.get(title="Data engineer")
    page = text(desk.client.get(reverse("job", args=[job.key])))
    found = re.search(r'href="(/people/\?[^"]+)"[^>]*>(?:(?!</a>).)*Find people for it', page, re.DOTALL)
    assert found
    names = text(desk.client.get(html.unescape(found[1])))
    assert ("Ida Lund" in names, "Jane Moor" in names) == (True, False)
    assert reverse("job_board", args=[job.key]) in page


def test_a_change_begins_with_what_the_job_says(desk: Desk) -> None:
    address = reverse("change_job", args=[desk.job])
    desk.client.post(address, {**JOB, "title": "Platform lead"})
    page = text(desk.client.get(address))
    assert 'value="60000.00"' in page
    assert "Own the platform | I ship weekly |" in page
    again = desk.client.post(address, {**JOB, "title": "Platform lead", "gains": "Nothing behind it"})
    assert (again.status_code, "Nothing stands behind" in text(again)) == (422, True)


def test_a_board_shows_who_waits_and_moves_by_form_and_by_htmx(desk: Desk) -> None:
    board = reverse("job_board", args=[desk.job])
    page = text(desk.client.get(board))
    assert "1 person is on it" in page
    assert "waits too long" in page  # since March
    move = reverse("move_application", args=[desk.application])
    done = desk.client.post(move, {"to": "interested", "board": "yes"})
    assert done["Location"] == board
    part = desk.client.post(move, {"to": "applied", "board": "yes"}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in text(part)
    assert 'data-step="applied"' in text(part)
    back = desk.client.post(reverse("move_back", args=[desk.application, "interested"]))
    assert back.status_code == 302
    assert queries.application(desk.viewer, desk.application).row.stage is Stage.INTERESTED


def test_dragging_to_a_stage_that_needs_its_deed_says_so(desk: Desk) -> None:
    done = desk.client.post(reverse("move_application", args=[desk.application]), {"to": "placed"})
    assert done.status_code == 422
    assert "reached by its own deed" in text(done)


def test_whoever_was_found_is_written_to_before_they_are_submitted(desk: Desk) -> None:
    other = make.a_person("Sam Stone")
    key = make.an_application(desk.job, other, origin=Origin.SOURCED)
    page = text(desk.client.get(reverse("application", args=[key])))
    assert reverse("write_to", args=[other]) in page
    assert reverse("write_to", args=[desk.person]) not in text(
        desk.client.get(reverse("application", args=[desk.application]))
    )


def test_somebody_is_put_on_a_job_from_both_ends(desk: Desk) -> None:
    other = make.a_person("Sam Stone")
    [address] = [one.value for one in make.people_queries.identifiers_of([other])]
    done = desk.client.post(reverse("add_to_board", args=[desk.job]), {"who": address})
    assert done.status_code == 302
    assert queries.applications_of_person(desk.viewer, other)[0].origin is Origin.SOURCED
    unknown = desk.client.post(reverse("add_to_board", args=[desk.job]), {"who": "nobody@x.example"})
    assert (unknown.status_code, "Nobody open to you" in text(unknown)) == (422, True)
    third = make.a_person("Kim Lee")
    form = reverse("put_on_job", args=[third])
    assert "Which job for Kim Lee?" in text(desk.client.get(form))
    desk.client.post(form, {"job": str(desk.job), "origin": "referred"})
    assert queries.applications_of_person(desk.viewer, third)[0].origin is Origin.REFERRED


def test_from_their_yes_to_the_clients_no_to_the_answer(desk: Desk) -> None:
    submit = reverse("submit_one", args=[desk.application])
    page = text(desk.client.get(submit))
    assert "First their yes" in page
    assert 'name="profile"' not in page
    desk.client.post(
        reverse("note_agreement", args=[desk.application]), {"how": "on the phone", "agreed_on": "2026-03-04"}
    )
    page = text(desk.client.get(submit))
    assert "What they will read" in page
    back = desk.client.post(reverse("withdraw_agreement", args=[desk.application, models.Agreement.objects.get().pk]))
    assert back["Location"] == submit
    page = text(desk.client.get(submit))
    assert ("First their yes" in page, "Their yes is taken back" in page) == (True, True)
    desk.client.post(reverse("note_agreement", args=[desk.application]), {"how": "by mail", "agreed_on": "2026-03-04"})
    given = {
        "contact": str(desk.manager), "headline": "Engineer", "words": "Calm.", "profile": "Eight years.",
        "subject": "Somebody", "mailbox": "", "by_hand": "",
    }  # fmt: skip
    none = desk.client.post(submit, given)
    assert (none.status_code, "say how you sent it" in text(none)) == (422, True)
    assert "Eight years." in text(none)
    sent = desk.client.post(submit, {**given, "by_hand": "portal", "mailbox": str(desk.box)})
    assert not contact_queries.messages(desk.viewer)  # who sent it themselves has nothing mailed
    assert sent["Location"] == reverse("application", args=[desk.application])
    part = text(desk.client.get(reverse("submissions_part", args=[desk.application])))
    assert "Proof of introduction" in part
    key = queries.submissions(desk.viewer, application=desk.application)[0].key
    feedback = reverse("note_feedback", args=[key])
    refused = desk.client.post(feedback, {"feedback": "no", "words": "", "said_on": "2026-03-05"})
    assert (refused.status_code, "A no has a reason" in text(refused)) == (422, True)
    done = desk.client.post(feedback, {"feedback": "no", "words": "Too senior", "said_on": "2026-03-05"})
    answer = reverse("answer_one", args=[desk.application])
    assert done["Location"] == answer
    page = text(desk.client.get(answer))
    assert "What they said: Too senior" in page
    told = desk.client.post(answer, {"told": "yes", "text": str(queries.answer_texts(for_seen=True)[0].key)})
    assert told.status_code == 302
    assert queries.application(desk.viewer, desk.application).row.owed_since is None


def test_on_spec_their_yes_comes_first_and_their_name_stays_out(desk: Desk) -> None:
    address = reverse("submit_on_spec", args=[desk.person])
    assert "Who should meet Jane Moor?" in text(desk.client.get(address))
    address += f"?organisation={desk.organisation}"
    assert "First their yes" in text(desk.client.get(address))
    for how in ("on the phone", "by mail"):
        desk.client.post(address, {"how": how, "agreed_on": "2026-03-04"})
        assert "What they will read" in text(desk.client.get(address))
        if how == "on the phone":
            assert desk.client.post(address, {"withdraw": "yes"})["Location"] == address
            assert "First their yes" in text(desk.client.get(address))
    given = {
        "contact": str(desk.manager), "headline": "Engineer", "words": "Calm.", "profile": "Eight years.",
        "subject": "Somebody", "mailbox": "", "by_hand": "call", "anonymous": "True",
    }  # fmt: skip
    done = desk.client.post(address, given)
    assert done["Location"] == reverse("person", args=[desk.person])
    [row] = queries.submissions(desk.viewer, organisation=desk.organisation)
    assert (row.job, row.anonymous) == ("", True)
    [proof] = queries.introductions(desk.viewer, desk.person)
    assert (proof.job, proof.how) == ("", "call")


def test_two_hundred_are_answered_with_one_unticked(desk: Desk) -> None:
    keys = [make.an_application(desk.job) for _ in range(4)]
    address = reverse("job_answers", args=[desk.job])
    page = text(desk.client.get(address))
    assert "5 people wait for an answer" in page
    assert page.count('name="who"') == 5
    chosen = queries.answer_texts(for_seen=False)[1]
    none = desk.client.post(address, {"text": str(chosen.key), "mailbox": str(desk.box)})
    assert (none.status_code, "Nobody is ticked" in text(none)) == (422, True)
    done = desk.client.post(
        address, {"text": str(chosen.key), "mailbox": str(desk.box), "who": [str(key) for key in keys]}
    )
    assert done.status_code == 302
    page = text(desk.client.get(address))
    assert "4 answers are on their way." in page
    assert "1 person waits for an answer" in page
    assert "Jane Moor" in page
    closing = text(desk.client.get(reverse("close_job", args=[desk.job])))
    assert "1 person waits for an answer." in closing
    refused = desk.client.post(reverse("close_job", args=[desk.job]), {"reason": "budget", "why": "x"})
    assert (refused.status_code, "waits for an answer" in text(refused)) == (422, True)


def test_not_now_is_a_promise_with_a_day(desk: Desk) -> None:
    address = reverse("promise_later", args=[desk.application])
    past = desk.client.post(address, {"on": "2020-01-01", "words": "x"})
    assert (past.status_code, "has passed" in text(past)) == (422, True)
    desk.client.post(address, {"on": "2099-09-01", "words": "after the baby"})
    assert queries.application(desk.viewer, desk.application).row.ended is Ended.NOT_NOW


def part_of(client: Client, page: str, key: UUID, panels: Sequence[Any], ours: Any) -> str:
    """What a part of a person's or an organisation's page says."""
    return text(client.get(reverse(page, args=[key, list(panels).index(ours)])))


def test_people_and_clients_show_their_jobs(desk: Desk, sign_in: Any) -> None:
    person = ("person_panel", desk.person, REGISTRY.panels, panels.jobs_of_person)
    theirs = ("organisation_panel", desk.organisation, REGISTRY.organisation_panels, panels.jobs_of_organisation)
    page = part_of(desk.client, *person)
    assert reverse("application", args=[desk.application]) in page
    assert reverse("put_on_job", args=[desk.person]) in page
    page = part_of(desk.client, *theirs)
    assert reverse("job", args=[desk.job]) in page
    assert f"{reverse('new_job')}?organisation={desk.organisation}" in page
    marketer = sign_in(make.colleague(Role.MARKETER, name="Maya Osei"))
    page = part_of(marketer, *theirs)
    assert reverse("job", args=[desk.job]) in page
    assert reverse("new_job") not in page


def test_a_vacancy_heard_of_becomes_a_job_from_where_it_stands(desk: Desk, sign_in: Any) -> None:
    desk.client.post(reverse("new_lead", args=[desk.organisation]), {"title": "A site manager in spring"})
    [lead] = make.people_queries.job_leads(desk.viewer)
    opens = f"{reverse('new_job')}?lead={lead.key}"
    assert opens in text(desk.client.get(reverse("leads")))
    assert opens in part_of(
        desk.client, "organisation_panel", desk.organisation, REGISTRY.organisation_panels, panels.jobs_of_organisation
    )
    assert 'value="A site manager in spring"' in text(desk.client.get(opens))
    page = text(sign_in(make.colleague(Role.MARKETER, name="Maya Osei")).get(reverse("leads")))
    assert (opens in page, "It became a job" in page) == (False, True)


def test_a_table_of_pay_says_what_it_left_out(desk: Desk, sign_in: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    lena = sign_in(make.leader())
    rows = (
        "title,kind,country,city,currency,per,lower_quartile,median,upper_quartile,n,as_of,source\n"
        "Platform engineer,permanent,GB,,GBP,year,50000,60000,70000,40,2026-01-31,Survey\n"
        "=cmd(),permanent,GB,,GBP,year,70000,60000,50000,40,2026-01-31,Survey\n"
    )
    for _ in range(2):  # the same table again replaces what it said
        done = lena.post(reverse("pay_tables"), {"file": SimpleUploadedFile("pay.csv", rows.encode())})
        page = text(lena.get(done["Location"]))
        assert "1 row was taken" in page
        assert "not in order" in page
    assert models.PayPoint.objects.count() == 1
    left = text(lena.get(done["Location"] + "left-out/"))
    assert "'=cmd()" in left
    desk.client.post(reverse("change_job", args=[desk.job]), {**JOB, "title": "Platform engineer", "country": "GB"})
    page = text(desk.client.get(reverse("job", args=[desk.job])))
    assert "You ask for the top quarter at 1.17 × median" in page
    bad = lena.post(reverse("pay_tables"), {"file": SimpleUploadedFile("pay.csv", b"a,b\n1,2\n")})
    assert (bad.status_code, "It has no column title" in text(bad)) == (422, True)


def test_stages_are_the_houses_own(desk: Desk, sign_in: Any) -> None:
    lena = sign_in(make.leader())
    page = reverse("job_stages")
    lena.post(page, {"name": "Trial day", "means": "interview"})
    lena.post(reverse("keep_stage", args=["interested"]), {"name": "Warm", "place": "2", "used": "on"})
    lena.post(reverse("keep_stage", args=["approached"]), {"name": "Approached", "place": "1"})
    names = [one.name for one in queries.pipeline()]
    assert "Trial day" in names
    assert "Warm" in names
    assert "Approached" not in names
    last = lena.post(reverse("keep_stage", args=["offer"]), {"name": "Offer", "place": "7"})
    assert (last.status_code, "where a deed leads to" in text(last)) == (422, True)


@pytest.mark.parametrize("name", ["job_stages", "pay_tables", "answer_texts", "new_answer_text"])
def test_what_the_house_decides_is_not_a_recruiters(desk: Desk, name: str) -> None:
    assert desk.client.get(reverse(name)).status_code == 403


def test_who_may_not_by_address(desk: Desk, sign_in: Any) -> None:
    maya = sign_in(make.colleague(Role.MARKETER, name="Maya Osei"))
    key = desk.application
    for name, args in (
        ("new_job", []), ("change_job", [desk.job]), ("close_job", [desk.job]), ("submit_one", [key]),
        ("answer_one", [key]), ("promise_later", [key]), ("end_application", [key]), ("put_on_job", [desk.person]),
    ):  # fmt: skip
        assert maya.get(reverse(name, args=args)).status_code == 403, name
    for name, args, data in (
        ("move_application", [key], {"to": "interested"}), ("reopen_application", [key], {}),
        ("job_status", [desk.job], {"status": "on_hold"}),
        ("note_agreement", [key], {"how": "x", "agreed_on": "2026-03-01"}),
    ):  # fmt: skip
        assert maya.post(reverse(name, args=args), data).status_code in {403, 422}, name
    assert queries.application(desk.viewer, key).row.stage is Stage.APPLIED
    assert not models.Agreement.objects.exists()
    desk.client.post(reverse("note_agreement", args=[key]), {"how": "x", "agreed_on": "2026-03-01"})
    yes = models.Agreement.objects.get()
    assert maya.post(reverse("withdraw_agreement", args=[key, yes.pk])).status_code == 403
    yes.refresh_from_db()
    assert yes.withdrawn_at is None
    hidden = make.a_person("Guarded One")
    make.employ(hidden, desk.organisation)
    guarded = make.an_application(desk.job, hidden)
    for name in ("application", "submit_one", "submissions_part", "answer_one", "end_application"):
        assert desk.client.get(reverse(name, args=[guarded])).status_code == 404, name
    assert "Guarded One" not in text(desk.client.get(reverse("job_board", args=[desk.job])))
    assert "Guarded One" not in text(desk.client.get(reverse("job_answers", args=[desk.job])))
    assert desk.client.get(reverse("application", args=[uuid4()])).status_code == 404


def test_a_sent_profile_is_a_pdf_in_the_brands_kit(desk: Desk, sign_in: Any) -> None:
    submit = reverse("submit_one", args=[desk.application])
    desk.client.post(reverse("note_agreement", args=[desk.application]), {"how": "by mail", "agreed_on": "2026-03-04"})
    given = {
        "contact": str(desk.manager), "headline": "Engineer #1 [x] $y$", "words": "Calm.", "subject": "Somebody",
        "profile": "Eight years.\n\n- Python\n- #emph[Linux]", "by_hand": "portal", "mailbox": "",
    }  # fmt: skip
    desk.client.post(submit, given)
    [row] = queries.submissions(desk.viewer, application=desk.application)
    address = reverse("print_profile", args=[row.key])
    assert address in text(desk.client.get(reverse("submissions_part", args=[desk.application])))
    sheet = desk.client.get(address)
    assert (sheet.status_code, sheet["Content-Type"]) == (200, "application/pdf")
    assert 'filename="jane-moor-' in sheet["Content-Disposition"]
    said = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(sheet.content)).pages)
    for words in ("Jane Moor", "Engineer #1 [x] $y$", "Eight years.", "#emph[Linux]", "Version 1"):
        assert words in said
    audited = [one.deed for one in accounts_queries.audit_trail(make.leader())]
    assert "print_profile" in audited
    assert sign_in(make.colleague(Role.MARKETER, name="Maya Osei")).get(address).status_code == 403
    assert sign_in(make.colleague(Role.RECRUITER, name="Rory Maher")).get(address).status_code == 200
    make.employ(desk.person, desk.organisation)
    models.Job.objects.update(owner_key=make.leader().user_key)
    assert sign_in(make.colleague(Role.RECRUITER, name="Nia Vale")).get(address).status_code == 404
