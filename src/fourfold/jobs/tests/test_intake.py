"""How applicants get in: a job goes public, somebody applies, a job board's mail becomes an application."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from fourfold.accounts.types import Role, Viewer
from fourfold.base.actor import COMMAND_LINE, HOUSE, THEMSELVES
from fourfold.base.errors import NotAllowed
from fourfold.contact import actions as contact
from fourfold.contact.types import Claimed, MessageClass, Transport
from fourfold.contact.types.inbound import Arrived, Attachment, MailKind, Opened, Party, ReadMail
from fourfold.files import queries as files
from fourfold.jobs import actions, models, queries
from fourfold.jobs.tests import factories as make
from fourfold.jobs.tests.factories import NOON
from fourfold.jobs.types import (
    Applicant,
    IntakeRefused,
    IntakeState,
    JobRefused,
    JobStatus,
    NewApplication,
    Origin,
)
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import ConsentEvent, Ground, Purpose, WordingRow

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
numbers = count(1)


@pytest.fixture(autouse=True)
def own_house(plain_house: Any) -> None:
    """A home of the test's own, for the files."""


@pytest.fixture
def tom() -> Viewer:
    return make.colleague()


@pytest.fixture
def job(tom: Viewer) -> UUID:
    return make.a_job(tom, in_short="Run what others build on.")


def mailbox(**values: Any) -> UUID:
    given = {
        "name": f"Box {next(numbers)}", "transport": Transport.SMTP, "from_name": "Northgate",
        "from_address": "jobs@northgate.example", "host": "127.0.0.1", "port": 25, "security": "none",
        "per_minute": 100_000, "per_domain_minute": 100_000, **values,
    }  # fmt: skip
    return contact.put_mailbox(settings=contact.MailboxSettings(**given), by=COMMAND_LINE, at=NOON)


def claimed(box: UUID) -> list[Claimed]:
    """What would leave through a mailbox now."""
    return list(contact.claim(mailbox=box, worker="test", most=99, at=NOON))


def may_advertise(job: UUID) -> None:
    models.Job.objects.filter(pk=job).update(authority_at=NOON, authority_how="Cleo said so by phone")


def applies(job: UUID, **values: Any) -> Any:
    given = {"name": "Jo Bloggs", "email": "jo@home.example", **values}
    return actions.receive_application(
        job=job, applicant=Applicant(**given), by=THEMSELVES, at=NOON, today=TODAY
    )  # fmt: skip


# Publishing


def test_a_job_goes_public_only_on_the_hirers_word_and_while_it_is_open(tom: Viewer, job: UUID) -> None:
    with pytest.raises(JobRefused, match="Nobody who hires"):
        actions.publish_job(key=job, apply_until=None, viewer=tom, at=NOON)
    may_advertise(job)
    with pytest.raises(JobRefused, match="last day has passed"):
        actions.publish_job(key=job, apply_until=TODAY - timedelta(days=1), viewer=tom, at=NOON)
    with pytest.raises(NotAllowed):
        actions.publish_job(key=job, apply_until=None, viewer=make.colleague(Role.MARKETER), at=NOON)
    assert queries.public_jobs(today=TODAY).rows == ()

    actions.publish_job(key=job, apply_until=TODAY, viewer=tom, at=NOON)
    [shown] = queries.public_jobs(today=TODAY).rows
    assert (shown.key, shown.client, shown.open) == (job, "", True)
    tomorrow = queries.public_job(shown.slug, today=TODAY + timedelta(days=1))
    assert tomorrow is not None
    assert not tomorrow.open
    assert queries.public_jobs(today=TODAY + timedelta(days=1)).rows == ()

    actions.publish_job(key=job, apply_until=None, client_named=True, viewer=tom, at=NOON)
    [shown] = queries.public_jobs(today=TODAY).rows
    assert shown.client.startswith("Harbour Systems")
    actions.unpublish_job(key=job, viewer=tom, at=NOON)
    over = queries.public_job(shown.slug, today=TODAY)
    assert over is not None
    assert not over.open
    models.Job.objects.filter(pk=job).update(status=JobStatus.ON_HOLD)
    with pytest.raises(JobRefused, match="isn't open"):
        actions.publish_job(key=job, apply_until=None, viewer=tom, at=NOON)


def test_a_job_that_never_was_public_has_no_page(job: UUID) -> None:
    assert queries.public_job(models.Job.objects.get(pk=job).slug, today=TODAY) is None


# Somebody applies


def test_whoever_applies_is_added_with_cv_notice_and_consent_and_told_that_it_came(tom: Viewer, job: UUID) -> None:
    box = mailbox()
    text = WordingRow("keep 1", ConsentEvent.CONSENTED, Purpose.APPROACH, "Keep me.", date(2026, 1, 1), None)
    people.seed_wordings(wordings=[text], by="Lena")
    began = applies(
        job, phone="07700 900123", words="I run such things.", cv=("cv.exe", PDF), keep_wording="keep 1",
        notice="apply 1", proof="the apply page",
    )  # fmt: skip
    row = models.Application.objects.get(pk=began.key)
    assert (row.origin, row.channel, row.words, row.owed_since) == ("applied", "web", "I run such things.", NOON)
    [(name, _)] = files.paths_about(["candidate"], [row.person_key])
    assert (name, row.cv_file is not None) == ("cv.pdf", True)
    wishes = {(one.event, one.purpose, one.wording) for one in people_queries.wishes_of([row.person_key])}
    assert wishes == {
        (ConsentEvent.TOLD, Purpose.WORKING, "apply 1"), (ConsentEvent.CONSENTED, Purpose.APPROACH, "keep 1"),
    }  # fmt: skip
    [sent] = claimed(box)
    assert (sent.person_key, sent.message_class, sent.calendar) == (row.person_key, MessageClass.SERVICE, "")
    assert "Tuesday 17 March" in sent.text


def test_the_same_person_twice_is_one_application_and_nothing_of_theirs_is_overwritten(job: UUID) -> None:
    box = mailbox()
    first = applies(job)
    again = applies(job, name="J. Bloggs", email="JO@home.example", phone="+44 7700 900999", cv=("cv.pdf", PDF))
    assert (again.key, first.new, again.new) == (first.key, True, False)
    row = models.Application.objects.get(pk=first.key)
    assert row.cv_file is not None
    held = people_queries.identifiers_of([row.person_key])
    assert [one.value for one in held] == ["jo@home.example"]  # a number nobody proved is not put on a record
    assert people_queries.names([row.person_key])[row.person_key] == "Jo Bloggs"
    assert "+447700900999" in row.words
    assert len(claimed(box)) == 1


def test_an_application_needs_an_address_a_safe_file_and_a_job_that_takes_any(job: UUID) -> None:
    with pytest.raises(IntakeRefused, match="Without an address"):
        applies(job, email="jo at home")
    with pytest.raises(IntakeRefused, match="of no kind we know"):
        applies(job, cv=("cv.pdf", b"MZ\x00\x01\x02"))
    with pytest.raises(IntakeRefused, match="takes no applications"):
        actions.receive_application(
            job=job, applicant=Applicant(name="Jo", email="jo@home.example"), by=THEMSELVES, at=NOON, today=TODAY,
            only_published=True,
        )  # fmt: skip
    assert models.Application.objects.count() == 0


def test_whoever_was_erased_is_not_added_again_by_a_form(job: UUID) -> None:
    person = make.a_person()
    [address] = people_queries.identifiers_of([person])
    people.erase_person(person_key=person, ground=Ground.REQUEST, viewer=make.leader(), at=NOON)
    assert applies(job, email=address.value, cv=("cv.pdf", PDF)) is None
    assert models.Application.objects.count() == 0


# Job boards' mails


def raw(sender: str, subject: str, text: str, *, cv: bytes = b"", name: str = "CV.pdf") -> tuple[ReadMail, Opened]:
    """A mail of a board, as contact reads it."""
    read = ReadMail(
        kind=MailKind.OTHER, message_id=f"{next(numbers)}@b.example", sender=Party(sender), subject=subject, text=text
    )
    return read, Opened({}, (Attachment(name, cv),) if cv else ())


def comes(content: tuple[ReadMail, Opened], *, own_mailbox: bool = False) -> bool:
    read, opened = content
    mail = Arrived(key=UUID(int=next(numbers)), read=read, at=NOON, own_mailbox=own_mailbox, opened=lambda: opened)
    return actions.take_board_mail(mail=mail, at=NOON)


def labelled(reference: str, email: str = "jo@home.example") -> str:
    said = f"Name: Jo Bloggs\nEmail: {email}\nMobile: 07700 900123\nJob reference: {reference}\n"
    return f"You have a new application.\n\n{said}"


def test_a_known_boards_mail_becomes_an_application_with_cv_source_and_job(job: UUID) -> None:
    reference = models.Job.objects.get(pk=job).reference
    assert comes(raw("apply@reed.co.uk", "Application for Platform engineer", labelled(reference), cv=PDF))
    [row] = models.BoardMail.objects.all()
    [made] = models.Application.objects.all()
    assert (row.state, row.board, row.application_id, row.text) == (IntakeState.TAKEN, "Reed", made.key, "")
    assert (made.job_id, made.origin, made.board, made.channel) == (job, "board", "Reed", "job_board")
    assert made.owed_since == NOON
    [(name, path)] = files.paths_about(["candidate"], [made.person_key])
    assert (name, path.read_bytes(), made.cv_file is not None) == ("CV.pdf", PDF, True)
    assert files.paths_about(["board_mail"], [row.key]) == ()


def test_the_same_mail_in_two_mailboxes_is_one_and_a_second_application_is_none(job: UUID) -> None:
    reference = models.Job.objects.get(pk=job).reference
    content = raw("apply@reed.co.uk", "Application for Platform engineer", labelled(reference))
    assert comes(content)
    assert comes(content, own_mailbox=True)
    assert comes(raw("apply@cv-library.co.uk", "Application for Platform engineer", labelled(reference)))
    assert models.BoardMail.objects.count() == 2
    assert models.Application.objects.get().board == "Reed"


def test_a_mail_without_a_job_waits_and_one_click_picks_it(tom: Viewer, job: UUID) -> None:
    assert comes(raw("apply@reed.co.uk", "Application for Tester (Ref: ZZ9)", labelled("ZZ9"), cv=PDF))
    listed = queries.board_mails(tom)
    [row] = listed.rows
    assert (row.state, row.read.name, row.has_cv, listed.waiting) == (IntakeState.NO_JOB, "Jo Bloggs", True, 1)
    assert "ZZ9" in row.why
    with pytest.raises(NotAllowed):
        actions.choose_job_of_mail(key=row.key, job=job, viewer=make.colleague(Role.MARKETER), at=NOON)
    actions.choose_job_of_mail(key=row.key, job=job, viewer=tom, at=NOON)
    assert models.Application.objects.get().job_id == job
    assert queries.board_mails(tom).waiting == 0
    with pytest.raises(IntakeRefused, match="settled before"):
        actions.choose_job_of_mail(key=row.key, job=job, viewer=tom, at=NOON)


def test_an_adverts_reference_finds_its_job(tom: Viewer, job: UUID) -> None:
    row = models.Job.objects.get(pk=job)
    advert = models.Advert.objects.create(
        job=row, board="Totaljobs", reference="tw398", posted_on=TODAY, currency="GBP", by="Tom", at=NOON
    )
    subject = "jo@home.example - Totaljobs - Suitable application for Platform engineer tw398"
    file = "Jo Bloggs (0168c899-bf00-4fc7-8259-bfac0312bdb7 - Totaljobs).pdf"
    assert comes(raw("totaljobs@totaljobsmail.com", subject, "See the CV.", cv=PDF, name=file))
    made = models.Application.objects.get()
    assert (made.advert_id, made.board) == (advert.key, "Totaljobs")
    assert people_queries.names([made.person_key])[made.person_key] == "Jo Bloggs"


def test_an_unknown_board_is_learnt_from_one_mail_and_those_that_wait_follow(tom: Viewer, job: UUID) -> None:
    reference = models.Job.objects.get(pk=job).reference

    def mail(name: str, email: str) -> tuple[ReadMail, Opened]:
        text = f"New candidate for you ({reference})\n\nWho\n{name}\nWrite to\n{email}\n"
        return raw("no-reply@nichejobs.example", "A candidate applied", text)

    assert comes(mail("Jo Bloggs", "jo@home.example"))
    assert comes(mail("Ida Lund", "ida@home.example"))
    assert not comes(mail("Eve Own", "eve@home.example"), own_mailbox=True)  # a colleague's own letters stay theirs
    first = queries.board_mails(tom).rows[-1]
    page = queries.board_mail(tom, first.key)
    assert (first.state, page.lines[page.guess["email"]]) == (IntakeState.NO_RULE, page.lines[4])
    name = page.lines[2]
    chosen = {"name": 2, "email": 4}
    with pytest.raises(IntakeRefused, match="neither an e-mail"):
        actions.map_board_mail(key=first.key, board="Niche", chosen={"name": 2}, remember=True, viewer=tom, at=NOON)
    state = actions.map_board_mail(key=first.key, board="Niche", chosen=chosen, remember=True, viewer=tom, at=NOON)
    assert state == IntakeState.TAKEN
    assert comes(mail("Max Holt", "max@home.example"))
    made = models.Application.objects.all()
    assert {one.board for one in made} == {"Niche"}
    names = set(people_queries.names({one.person_key for one in made}).values())
    assert name in names
    assert names == {"Jo Bloggs", "Ida Lund", "Max Holt"}
    assert models.BoardRule.objects.get().by == tom.name


def test_what_is_learnt_of_a_free_mail_address_holds_for_that_address_alone(tom: Viewer, job: UUID) -> None:
    reference = models.Job.objects.get(pk=job).reference

    def mail(sender: str, name: str, email: str) -> tuple[ReadMail, Opened]:
        text = f"New candidate for you ({reference})\n\nWho\n{name}\nWrite to\n{email}\n"
        return raw(sender, "A candidate applied", text)

    assert comes(mail("niche.board@gmail.com", "Jo Bloggs", "jo@home.example"))
    assert comes(mail("niche.board@gmail.com", "Ida Lund", "ida@home.example"))
    assert comes(mail("somebody.else@gmail.com", "Max Holt", "max@home.example"))
    first = next(one for one in queries.board_mails(tom).rows if one.from_address.startswith("niche"))
    actions.map_board_mail(
        key=first.key, board="Niche", chosen={"name": 2, "email": 4}, remember=True, viewer=tom, at=NOON
    )
    assert models.BoardRule.objects.get().from_domain == "niche.board@gmail.com"
    assert comes(mail("somebody.else@gmail.com", "Eve Moss", "eve@home.example"))
    assert comes(mail("niche.board@gmail.com", "Ann Reid", "ann@home.example"))
    states = sorted(models.BoardMail.objects.values_list("from_address", "state"))
    assert (
        states
        == [("niche.board@gmail.com", IntakeState.TAKEN)] * 3 + [("somebody.else@gmail.com", IntakeState.NO_RULE)] * 2
    )


def test_a_letter_of_somebody_we_know_and_what_is_no_application_are_left_alone(job: UUID) -> None:
    person = make.a_person("Jane Moor")
    [address] = people_queries.identifiers_of([person])
    assert not comes(raw(address.value, "My application", "I applied; my CV is attached", cv=PDF))
    assert not comes(raw("news@paper.example", "This week", "Subscribe at news@paper.example"))
    assert models.BoardMail.objects.count() == 0


def test_a_refused_file_is_said_and_the_application_comes_in_without_it(job: UUID) -> None:
    reference = models.Job.objects.get(pk=job).reference
    assert comes(raw("apply@reed.co.uk", "Application for X", labelled(reference), cv=b"MZ\x00\x01", name="CV.doc"))
    row = models.BoardMail.objects.get()
    assert (row.state, row.application.cv_file) == (IntakeState.TAKEN, None)
    assert "CV.doc" in row.why


def test_whoever_is_kept_out_waits_and_what_is_no_application_can_be_thrown_away(tom: Viewer, job: UUID) -> None:
    reference = models.Job.objects.get(pk=job).reference
    person = make.a_person()
    [address] = people_queries.identifiers_of([person])
    people.erase_person(person_key=person, ground=Ground.REQUEST, viewer=make.leader(), at=NOON)
    assert comes(raw("apply@reed.co.uk", "Application for X", labelled(reference, address.value), cv=PDF))
    row = models.BoardMail.objects.get()
    assert (row.state, models.Application.objects.count()) == (IntakeState.NOBODY, 0)
    assert actions.try_board_mail(key=row.key, viewer=tom, at=NOON) is IntakeState.NOBODY
    actions.ignore_board_mail(key=row.key, viewer=tom, at=NOON)
    row.refresh_from_db()
    assert (row.state, row.text, row.read, row.settled_by) == (IntakeState.IGNORED, "", {}, tom.name)
    assert files.paths_about(["board_mail"], [row.key]) == ()


def test_a_mail_of_somebody_confidential_shows_no_words(tom: Viewer, job: UUID) -> None:
    reference = models.Job.objects.get(pk=job).reference
    secret = make.a_person("Ada Secret", confidential=True, owner_key=make.leader().user_key)
    [address] = people_queries.identifiers_of([secret])
    assert comes(raw("apply@reed.co.uk", "Application of Ada", labelled(reference, address.value)))
    [row] = queries.board_mails(tom, waiting=False).rows
    assert (row.subject, row.read.name, row.application_key) == ("", "", None)
    assert row.person != "Ada Secret"
    assert queries.board_mail(tom, row.key).lines == ()


# The contact policy


def test_who_applied_is_in_process_who_was_found_is_not(tom: Viewer, job: UUID) -> None:
    applied, found = make.a_person(), make.a_person()
    make.an_application(job, applied)
    new = NewApplication(job=job, person_key=found, origin=Origin.SOURCED)
    actions.begin_application(application=new, by=HOUSE, at=NOON)
    ties = queries.ties(person_keys=[applied, found], at=NOON)
    assert {key: one.in_process for key, one in ties.items()} == {applied: "Platform engineer"}


def test_uploads_that_nobody_finished_go_after_a_day() -> None:
    key = actions.keep_upload(name="cv.pdf", data=PDF, by=THEMSELVES, at=NOON)
    assert actions.clear_uploads(at=NOON + timedelta(hours=23)) == 0
    assert actions.clear_uploads(at=NOON + timedelta(days=1, minutes=1)) == 1
    assert files.paths_about(["apply_upload"], [key]) == ()
