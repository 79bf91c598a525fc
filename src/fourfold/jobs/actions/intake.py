"""Deeds by which applicants get in: a job goes public, somebody applies, a job board's mail becomes an application."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Viewer
from fourfold.base.actor import HOUSE, Actor
from fourfold.base.clock import require_aware
from fourfold.base.ids import FACTS, new_key
from fourfold.contact import queries as contact_queries
from fourfold.contact.types.inbound import Arrived, Attachment
from fourfold.files import actions as files
from fourfold.files import queries as file_queries
from fourfold.files.types import FilePurpose, FileRefused
from fourfold.jobs import access, models, queries
from fourfold.jobs.actions.applications import begin_application
from fourfold.jobs.actions.inviting import confirm_application
from fourfold.jobs.queries.intake import job_of_reference, learnt_rules, published, read_of
from fourfold.jobs.rules import boardmail
from fourfold.jobs.types import (
    Applicant,
    Began,
    BoardRead,
    IntakeRefused,
    IntakeState,
    JobRefused,
    JobStatus,
    LearntRule,
    MailText,
    NewApplication,
    Origin,
)
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import (
    ConsentEvent,
    Identifier,
    LoggedWish,
    NewConsent,
    NewPerson,
    PersonRole,
    Purpose,
    Scheme,
    WishKind,
    WishRefused,
)
from fourfold.people.types import Origin as PersonOrigin

SOURCE = "careers"
UPLOADS = "apply_upload"
"""Whose a file is that came with a form which was not right yet."""
MAILS = "board_mail"
LONGEST_WORDS = 3_000
KEEPING = (Purpose.APPROACH, Purpose.JOB_ALERTS)
"""What somebody agrees to who wants to be told of other jobs."""
NOTHING = "Nothing was changed."


@transaction.atomic
def publish_job(
    *, key: UUID, apply_until: date | None, client_named: bool = False, viewer: Viewer, at: datetime
) -> None:
    """Put a job on the public pages until a day, that day included; published again it gets the new one.

    Raises JobRefused (not open, no word of the hirer's that it may be advertised, a day that has passed), NotFound,
    NotAllowed.
    """
    job = access.get_job_to_work(viewer, key)
    what = "The job was not published."
    if job.status != JobStatus.OPEN:
        raise JobRefused(what, "It isn't open.", "Open it first.")
    if job.authority_at is None:
        raise JobRefused(
            what, "Nobody who hires has said that it may be advertised.", "Ask them, and note who said so and how."
        )
    if apply_until is not None and apply_until < at.date():
        raise JobRefused(what, "Its last day has passed.", "Choose a day to come.")
    if not (job.in_short.strip() or job.description.strip()):
        raise JobRefused(what, "It says nothing yet of what one would do and gain.", "Write it in the job's form.")
    job.published_at = job.published_at or at
    job.first_published_at = job.first_published_at or at
    job.apply_until, job.client_named = apply_until, client_named
    job.save(update_fields=["published_at", "first_published_at", "apply_until", "client_named"])
    accounts.audit(by=viewer.actor(), deed="publish_job", at=at, subject=("job", job.key), summary=job.reference)


@transaction.atomic
def unpublish_job(*, key: UUID, viewer: Viewer, at: datetime) -> None:
    """Take a job off the public pages: its address says that it is over. Raises NotFound, NotAllowed."""
    job = access.get_job_to_work(viewer, key)
    if job.published_at is not None:
        job.apply_until = min(job.apply_until, at.date()) if job.apply_until else at.date()
        job.published_at = None
        job.save(update_fields=["published_at", "apply_until"])
        accounts.audit(by=viewer.actor(), deed="unpublish_job", at=at, subject=("job", job.key), summary=job.reference)


@transaction.atomic
def keep_upload(*, name: str, data: bytes, by: Actor, at: datetime) -> UUID:
    """Keep a file that came with a form which isn't right yet, so that nobody has to choose it twice.

    Raises FileRefused.
    """
    key = new_key()
    files.store_file(subject=(UPLOADS, key), name=name, data=data, purpose=FilePurpose.CV, by=by, at=at)
    return key


def clear_uploads(*, at: datetime) -> int:
    """Erase files that came with forms which nobody finished within a day. Returns how many."""
    return files.forget_older(kind=UPLOADS, before=at - timedelta(days=1))


@transaction.atomic
def receive_application(
    *, job: UUID, applicant: Applicant, by: Actor, at: datetime, today: date, only_published: bool = False
) -> Began | None:
    """Take in somebody who applies: find or add them, keep their CV, begin their application, tell them it came.

    The same person twice is one application. None where they were erased and are kept out: nothing is written then.
    What is known of somebody is never overwritten, and no address is added to a known record, for nobody proved that
    it is theirs: what they gave stands with the application. ``only_published``: the job must take applications today.
    Raises IntakeRefused (no address, over, a file that is refused), ApplicationRefused.
    """
    require_aware(at)
    if only_published and not published(today=today).filter(pk=job).exists():
        raise IntakeRefused("Nothing was sent.", "This job takes no applications any more.", "Look at the other jobs.")
    identifiers = _addresses(applicant)
    if not identifiers:
        raise IntakeRefused("Nothing was sent.", "Without an address nobody can answer.", "Give an e-mail or a phone.")
    found = _person(applicant, identifiers, by=by, at=at)
    if found is None:
        return None
    person, more = people_queries.family_of(found[0])[0], found[1]
    cv = _keep_cv(person, applicant, by=by, at=at)
    began = begin_application(
        application=NewApplication(
            job=job, person_key=person, origin=applicant.origin, channel=applicant.channel, board=applicant.board,
            advert=applicant.advert, cv_file=cv, words="\n".join(one for one in (applicant.words, *more) if one),
            began_at=applicant.began_at,
        ),
        by=by, at=at,
    )  # fmt: skip
    _note_wishes(person, applicant, by=by, at=at, today=today)
    if began.new:
        confirm_application(key=began.key, at=at)
    return began


def _addresses(applicant: Applicant) -> tuple[Identifier, ...]:
    country = accounts_queries.house_country()
    given = ((Scheme.EMAIL, applicant.email), (Scheme.PHONE, applicant.phone))
    found = [
        people_queries.recognise_as(scheme, text, source=SOURCE, country=country) for scheme, text in given if text
    ]
    return tuple(one for one in found if one is not None)


def _person(
    applicant: Applicant, identifiers: tuple[Identifier, ...], *, by: Actor, at: datetime
) -> tuple[UUID, tuple[str, ...]] | None:
    """Whose application this is, and what they gave that their record doesn't have; None for who is kept out."""
    known = people_queries.resolve(identifiers)
    first = next((one for one in identifiers if one in known), None)
    if first is not None:
        other = [one for one in identifiers if known.get(one) != known[first]]
        more = [f"Gave this {'number' if one.scheme is Scheme.PHONE else 'address'}: {one.value}" for one in other]
        held = people_queries.names([known[first]])[known[first]]
        if applicant.name and held.casefold() != applicant.name.casefold():
            more.append(f"Gave this name: {applicant.name}")
        return known[first], tuple(more)
    if people_queries.erased(identifiers):
        return None
    new = NewPerson(
        name=applicant.name[:120], identifiers=identifiers, roles=(PersonRole.CANDIDATE,),
        country=accounts_queries.house_country(), origin=PersonOrigin.THEMSELVES,
        origin_detail=f"Applied{f' on {applicant.board}' if applicant.board else ''}", source=SOURCE,
    )  # fmt: skip
    added = people.find_or_add_people(people=[new], by=by, at=at).keys[0]
    return (added, ()) if added is not None else None


def _keep_cv(person: UUID, applicant: Applicant, *, by: Actor, at: datetime) -> UUID | None:
    to = ("candidate", person)
    if applicant.cv is not None:
        name, data = applicant.cv
        try:
            return files.store_file(subject=to, name=name, data=data, purpose=FilePurpose.CV, by=by, at=at)
        except FileRefused as error:
            raise IntakeRefused(error.what, error.why, error.todo) from error
    if applicant.upload is not None:
        return _handed_over(applicant.upload, to, by=by, at=at)
    return None


def _handed_over(subject: tuple[str, UUID], to: tuple[str, UUID], *, by: Actor, at: datetime) -> UUID | None:
    """A file that waited becomes the person's; the one they have already where it is the same."""
    held = file_queries.paths_about([subject[0]], [subject[1]])
    if not held:
        return None
    name, path = held[0]
    key = files.store_file(subject=to, name=name, data=path.read_bytes(), purpose=FilePurpose.CV, by=by, at=at)
    files.forget(kinds=[subject[0]], keys=[subject[1]])
    return key


def _note_wishes(person: UUID, applicant: Applicant, *, by: Actor, at: datetime, today: date) -> None:
    """What they were told, and what they agreed to, each with the version of its words."""
    if applicant.notice:
        told = NewConsent(
            person_key=person, event=ConsentEvent.TOLD, purpose=Purpose.WORKING, at=at, source=SOURCE,
            wording=applicant.notice[:80], evidence=applicant.proof,
        )  # fmt: skip
        people.record_consents(entries=[told], by=by, at=at)
    text = next((one for one in people_queries.wordings(used=True) if one.version == applicant.keep_wording), None)
    if text is not None and text.purpose in KEEPING:
        wish = LoggedWish(
            kind=WishKind.CONSENTED, said_at=at, how="apply page", purpose=text.purpose, wording=text.version,
            evidence=applicant.proof,
        )  # fmt: skip
        try:
            people.say_own_wish(person_key=person, wish=wish, by=by, today=today, at=at)
        except WishRefused:
            return  # the text was changed while they wrote: they may agree to the new one later


# Job boards' mails


def take_board_mail(*, mail: Arrived, at: datetime) -> bool:
    """Take over a mail of a job board: an application at once, or one that waits. False for a mail that is none.

    Fills ``contact.types.inbound.InboundHandler``; runs in the transaction that takes the mail in. The same mail in two
    mailboxes is one.
    """
    sender = mail.read.sender
    if sender is None:
        return False
    opened = mail.opened()
    text = MailText(
        sender=sender.address.lower(), sender_name=sender.name, subject=mail.read.subject, text=mail.read.text,
        fields=opened.fields, files=tuple(one.name for one in opened.attachments),
    )  # fmt: skip
    read = boardmail.read_mail(text, learnt_rules(text.sender))
    if read is None and (mail.own_mailbox or not _may_be_one(text)):
        return False
    known_by = mail.read.message_id or str(mail.key)
    key = uuid5(FACTS, f"board mail\n{text.sender}\n{known_by}")
    if models.BoardMail.objects.filter(mail_key=key).exists():
        return True
    row = _kept(key, text, read, mail, at)
    _keep_attachment(row, opened.attachments, at)
    if read is not None:
        _become_application(row, read, by=HOUSE, at=at)
    return True


def _may_be_one(text: MailText) -> bool:
    """Whether an unknown sender's mail looks like an application, and is no letter of somebody we know."""
    if not boardmail.is_about_an_applicant(text):
        return False
    address = people_queries.recognise_as(Scheme.EMAIL, text.sender, source=SOURCE, country="")
    return address is None or not people_queries.resolve([address])


def _kept(key: UUID, text: MailText, read: BoardRead | None, mail: Arrived, at: datetime) -> models.BoardMail:
    held = {name: value for name, value in asdict(read).items() if name != "board"} if read else {}
    return models.BoardMail.objects.create(
        mail_key=key, board=read.board[:60] if read else "", state=IntakeState.NO_RULE,
        subject=text.subject[:250], from_address=text.sender[:254], text=text.text[:50_000].replace("\0", ""),
        read={**held, "sender_name": text.sender_name[:120], "files": list(text.files)}, arrived_at=mail.at,
        why="" if read else "The house doesn't know yet how this sender's mails are read.",
    )  # fmt: skip


def _keep_attachment(row: models.BoardMail, attachments: tuple[Attachment, ...], at: datetime) -> None:
    """Keep the CV; one that is refused is said, and the application comes in without it."""
    wanted = boardmail.cv_of([one.name for one in attachments])
    found = next((one for one in attachments if one.name == wanted), None)
    if found is None:
        return
    try:
        with transaction.atomic():
            row.cv_file = files.store_file(
                subject=(MAILS, row.key), name=found.name, data=found.data, purpose=FilePurpose.CV, by=HOUSE, at=at
            )
    except FileRefused as error:
        row.why = f"Its file “{found.name[:60]}” was left out: {error.why}"[:250]
    row.save(update_fields=["cv_file", "why"])


def _become_application(
    row: models.BoardMail, read: BoardRead, *, by: Actor, at: datetime, job: UUID | None = None
) -> None:
    """Make an application of a mail, or say what it waits for. ``job`` is what a colleague chose."""
    found = (job, None) if job else _job_of(row, read)
    applicant = Applicant(
        name=read.name or read.email.partition("@")[0], email=read.email, phone=read.phone, words=_words(read),
        upload=(MAILS, row.key) if row.cv_file else None, origin=Origin.BOARD, channel="job_board", board=read.board,
        advert=found[1] if found else None, began_at=row.arrived_at,
    )  # fmt: skip
    if not _addresses(applicant):
        _wait(row, IntakeState.NO_RULE, "It has no address that can be read: show where the values stand.")
    elif found is None:
        about = read.reference or read.title
        _wait(
            row, IntakeState.NO_JOB, f"No open job has the reference “{about[:60]}”." if about else "It names no job."
        )
    else:
        began = receive_application(job=found[0], applicant=applicant, by=by, at=at, today=row.arrived_at.date())
        if began is None:
            _wait(row, IntakeState.NOBODY, "Whoever has this address was erased and is kept out: a leader may lift it.")
            return
        made = models.Application.objects.get(pk=began.key)
        row.state, row.application, row.person_key = IntakeState.TAKEN, made, made.person_key
        row.settled_at, row.settled_by = at, by.name[:80]
        row.text = ""  # what it said is with the application now
        row.save(update_fields=["state", "application", "person_key", "settled_at", "settled_by", "text"])


def _words(read: BoardRead) -> str:
    answers = [f"{question} {answer}" for question, answer in read.answers]
    return "\n".join([read.words, *answers]).strip()[:LONGEST_WORDS]


def _wait(row: models.BoardMail, state: IntakeState, why: str) -> None:
    row.state, row.why = state, f"{row.why} {why}".strip()[:250] if row.cv_file is None and row.why else why
    row.save(update_fields=["state", "why"])


def _job_of(row: models.BoardMail, read: BoardRead) -> tuple[UUID, UUID | None] | None:
    """The job by the reference that was read, else by one that stands anywhere in the mail and is one of ours."""
    found = job_of_reference(read.reference)
    if found is not None or read.reference:
        return found
    several = {held for one in boardmail.references_in(f"{row.subject}\n{row.text}") if (held := job_of_reference(one))}
    return several.pop() if len(several) == 1 else None


@transaction.atomic
def map_board_mail(
    *, key: UUID, board: str, chosen: Mapping[str, int], remember: bool, viewer: Viewer, at: datetime
) -> IntakeState:
    """Say on which lines of a mail the values stand (-1: the sender's name); returns where the mail is then.

    ``remember``: the next mails of this sender are read so, and those that wait are now. Raises IntakeRefused for a
    mail that is settled or lines that hold no address, NotFound, NotAllowed.
    """
    row = _waiting_row(viewer, key)
    lines = boardmail.lines_of(row.text)
    held = {what: at_ for what, at_ in chosen.items() if what in boardmail.VALUES and -1 <= at_ < len(lines)}
    sender_name = str(row.read.get("sender_name", ""))
    values = {what: sender_name if at_ < 0 else boardmail.value_at(what, lines[at_]) for what, at_ in held.items()}
    if not (values.get("email") or values.get("phone")):
        raise IntakeRefused(
            NOTHING, "The lines you chose hold neither an e-mail address nor a phone number.", "Choose the line of one."
        )
    row.board = re.sub(r"\s+", " ", board).strip()[:60] or boardmail.domain_of(row.from_address)
    row.read = {**row.read, **values}
    row.save(update_fields=["board", "read"])
    _become_application(row, read_of(row), by=viewer.actor(), at=at)
    if remember:
        places = {what: boardmail.place_of(lines, at_) for what, at_ in held.items()}
        _learn(row, places, viewer=viewer, at=at)
    accounts.audit(by=viewer.actor(), deed="map_board_mail", at=at, summary=row.board)
    return IntakeState(row.state)


def _learn(row: models.BoardMail, places: Mapping[str, tuple[str, str]], *, viewer: Viewer, at: datetime) -> None:
    """Keep how this sender is read: all of their domain, but for free mail, where each address is somebody else's."""
    alone = contact_queries.is_free_mail(row.from_address)
    domain = row.from_address if alone else boardmail.domain_of(row.from_address)
    models.BoardRule.objects.update_or_create(
        from_domain=domain, subject_has="",
        defaults={
            "board": row.board, "places": {what: list(place) for what, place in places.items()}, "learnt": True,
            "by": viewer.name[:80], "at": at,
        },
    )  # fmt: skip
    rule = LearntRule(board=row.board, domain=domain, places=places)
    same = models.BoardMail.objects.select_for_update().filter(state=IntakeState.NO_RULE).exclude(pk=row.pk)
    senders = {"from_address": domain} if alone else {"from_address__endswith": f"@{domain}"}
    for other in same.filter(**senders).order_by("arrived_at")[:200]:
        text = MailText(
            sender=other.from_address, sender_name=str(other.read.get("sender_name", "")), subject=other.subject,
            text=other.text,
        )  # fmt: skip
        read = boardmail.read_mail(text, [rule])
        if read is not None and (read.email or read.phone):
            other.board = read.board
            other.read = {**other.read, **{name: value for name, value in asdict(read).items() if name != "board"}}
            other.save(update_fields=["board", "read"])
            _become_application(other, read, by=viewer.actor(), at=at)


@transaction.atomic
def choose_job_of_mail(*, key: UUID, job: UUID, viewer: Viewer, at: datetime) -> None:
    """Say for which job a mail's applicant applied. Raises IntakeRefused, NotFound, NotAllowed."""
    row = _waiting_row(viewer, key)
    access.get_job_to_work(viewer, job)
    read = read_of(row)
    if not (read.email or read.phone):
        raise IntakeRefused(NOTHING, "Nothing says yet how to reach them.", "Show first where the address stands.")
    _become_application(row, read, by=viewer.actor(), at=at, job=job)
    if row.state != IntakeState.TAKEN:
        raise IntakeRefused(NOTHING, row.why, "Ask a leader, under Privacy, Kept out.")
    accounts.audit(by=viewer.actor(), deed="choose_job_of_mail", at=at, subject=("job", job))


@transaction.atomic
def try_board_mail(*, key: UUID, viewer: Viewer, at: datetime) -> IntakeState:
    """Try a mail again, after a job was opened or somebody let in again; returns where it is then.

    Raises IntakeRefused, NotFound, NotAllowed.
    """
    row = _waiting_row(viewer, key)
    row.why = ""
    _become_application(row, read_of(row), by=viewer.actor(), at=at)
    return IntakeState(row.state)


@transaction.atomic
def ignore_board_mail(*, key: UUID, viewer: Viewer, at: datetime) -> None:
    """It is no application: its words and its file go, that it came stays. Raises NotFound, NotAllowed."""
    row = _waiting_row(viewer, key)
    files.forget(kinds=[MAILS], keys=[row.key])
    row.state, row.text, row.read, row.cv_file = IntakeState.IGNORED, "", {}, None
    row.settled_at, row.settled_by = at, viewer.name[:80]
    row.save(update_fields=["state", "text", "read", "cv_file", "settled_at", "settled_by"])
    accounts.audit(by=viewer.actor(), deed="ignore_board_mail", at=at)


def _waiting_row(viewer: Viewer, key: UUID) -> models.BoardMail:
    access.require_job_worker(viewer)
    queries.board_mail(viewer, key)
    row = models.BoardMail.objects.select_for_update().get(pk=key)
    if row.state in (IntakeState.TAKEN, IntakeState.IGNORED):
        raise IntakeRefused(NOTHING, "It was settled before.", "Look at the list of all.")
    return row
