"""One mail found in a mailbox, taken in once: whose it is, what it says, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fourfold.base.clock import require_aware
from fourfold.base.ids import new_key
from fourfold.contact import models
from fourfold.contact.actions import bounced, elsewhere, hearing
from fourfold.contact.actions.matching import Match, delivery_of, id_of, match, persons_of
from fourfold.contact.types.inbound import INBOUND_HANDLERS, Arrived, MailKind, Opened, ReadMail, ReplyReading
from fourfold.people import queries as people

COPY = "copy"
"""The kind of a mail that lies in its folder twice: kept by its place only."""
HANDED_ON = "handed_on"
"""The kind of a mail that another room took over, such as a job board's about an applicant: kept by its place only."""
LONGEST_TEXT = 50_000
SUMMARY = 20_000  # of a machine's report
WORDS = frozenset({MailKind.REPLY, MailKind.OTHER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a mail lies on its server, since when by the server's clock; ``outgoing`` in the folder of sent mail."""

    mailbox: UUID
    folder: str
    uid_validity: int
    uid: int
    arrived_at: datetime
    outgoing: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """The mail as it is kept; ``new`` is False for one that was taken in before."""

    key: UUID
    new: bool


@transaction.atomic
def take_in(
    *, place: Place, read: ReadMail, reading: ReplyReading | None, at: datetime,
    opened: Callable[[], Opened] = Opened,
) -> Taken:  # fmt: skip
    """Take one mail in, with all that follows from it, in one transaction; a second time does nothing.

    It is known again by its place, and by its Message-ID where the server numbered its folder anew. ``reading`` is how
    its words read, None where a machine wrote it or nothing was read; ``opened`` reads what lies behind its words.
    """
    require_aware(at)
    box = models.Mailbox.objects.get(pk=place.mailbox)
    _hold(place)
    held = _held(place, read)
    if held is not None:
        return Taken(held.key, new=False)
    row = _row(place, read, at)
    if place.outgoing:
        _outgoing(row, box, read, at)
    elif read.kind in (MailKind.BOUNCE, MailKind.COMPLAINT_REPORT):
        _reported(row, box, read, at)
    elif read.kind is MailKind.LOOP:
        _came_back(row, read, at)
    elif not _handed_on(row, box, read, opened, at):
        _word(row, box, read, reading, at)
    row.save(force_insert=True)
    return Taken(row.key, new=True)


def _hold(place: Place) -> None:
    """Take this folder's mails one after another, whoever reads it."""
    state, _ = models.FolderState.objects.get_or_create(
        mailbox_id=place.mailbox, folder=place.folder,
        defaults={"uid_validity": place.uid_validity, "outgoing": place.outgoing},
    )  # fmt: skip
    models.FolderState.objects.select_for_update().get(pk=state.pk)


def _held(place: Place, read: ReadMail) -> models.InboundMail | None:
    """The row of this mail if it was taken in before; it is put in its new place where the folder was renumbered."""
    rows = models.InboundMail.objects.filter(mailbox=place.mailbox, folder=place.folder)
    there = rows.filter(uid_validity=place.uid_validity, uid=place.uid).first()
    if there is not None or not read.message_id:
        return there
    older = rows.filter(message_id=id_of(read.message_id)).exclude(uid_validity=place.uid_validity)
    for row in older.order_by("uid"):
        if row.address in ("", _address(read)):
            row.uid, row.uid_validity = place.uid, place.uid_validity
            row.save(update_fields=["uid", "uid_validity"])
            return row
    return None


def _address(read: ReadMail) -> str:
    return read.sender.address[:254] if read.sender else ""


def _row(place: Place, read: ReadMail, at: datetime) -> models.InboundMail:
    text = read.unquoted.strip() or read.text
    trouble = read.refused or (
        f"Nothing could be read in it ({', '.join(read.broken) or 'it is empty'})." if not text else ""
    )
    return models.InboundMail(
        key=new_key(), mailbox_id=place.mailbox, folder=place.folder, uid_validity=place.uid_validity, uid=place.uid,
        outgoing=place.outgoing, message_id=id_of(read.message_id), address=_address(read), did=[],
        subject=read.subject.replace("\0", "")[:250], text=text.replace("\0", "")[:LONGEST_TEXT], kind=read.kind.value,
        trouble=trouble[:250], at=min(place.arrived_at, at), found_at=at,
    )  # fmt: skip


def _belongs(row: models.InboundMail, matched: Match) -> None:
    row.person_key, row.thread, row.for_key = matched.person, matched.thread, matched.for_key
    row.delivery_key = matched.delivery.key if matched.delivery else None
    row.other_address = matched.other_address and matched.person is not None
    row.address_hash = people.address_hash(matched.address) if matched.address else ""


def _word(
    row: models.InboundMail, box: models.Mailbox, read: ReadMail, reading: ReplyReading | None, at: datetime
) -> None:
    """What a person wrote, or their machine: only the first is their word."""
    matched = match(read, box=box)
    if matched.from_us or matched.erased:
        _forget_words(row)
        return
    _belongs(row, matched)
    if _copy(row, box):
        return
    if reading is not None:
        row.label, row.sure, row.until, row.why = reading.label, reading.sure, reading.until, reading.why[:250]
    meant = read.kind in WORDS and read.answerable
    if matched.person is None and not (reading and meant and reading.label in hearing.BAD):
        if box.owner_key is not None or not meant:
            _forget_words(row)  # a colleague's own letters, and machines', are no business of the house
        return
    if not meant:
        row.sure = True
        return
    hearing.post_word(row=row, at=at)
    if reading is None:
        row.sure, row.why = False, "Nobody has read its words yet."
    else:
        hearing.hear(row=row, reading=reading, matched=matched, at=at)


def _copy(row: models.InboundMail, box: models.Mailbox) -> bool:
    """Whether the same mail lies in the folder already; only its place is kept then."""
    if not row.message_id:
        return False
    same = models.InboundMail.objects.filter(
        mailbox=box, folder=row.folder, message_id=row.message_id, address=row.address, text=row.text
    )
    if not same.exists():
        return False
    _forget_words(row)
    row.kind, row.person_key, row.delivery_key = COPY, None, None
    return True


def _handed_on(
    row: models.InboundMail, box: models.Mailbox, read: ReadMail, opened: Callable[[], Opened], at: datetime
) -> bool:
    """Whether a room above took the mail over; what it says is that room's to keep then."""
    if read.kind not in (MailKind.OTHER, MailKind.AUTO_REPLY):
        return False
    mail = Arrived(key=row.key, read=read, at=row.at, own_mailbox=box.owner_key is not None, opened=opened)
    if not any(handler(mail=mail, at=at) for handler in INBOUND_HANDLERS):
        return False
    _forget_words(row)
    row.kind, row.trouble = HANDED_ON, ""
    return True


def _forget_words(row: models.InboundMail) -> None:
    """Keep the place of a mail, and nothing it says. It is still on its server."""
    row.address = row.address_hash = row.subject = row.text = row.label = row.why = ""
    row.thread = row.for_key = row.until = None
    row.sure = True


def _came_back(row: models.InboundMail, read: ReadMail, at: datetime) -> None:
    """A mail of ours, come back: it has left, and says nothing new."""
    found = delivery_of([read.message_id])
    if found is not None:
        row.delivery_key = found.key
        bounced.proved_left(delivery=found, words="it came back to us", at=at)
    _forget_words(row)


def _reported(row: models.InboundMail, box: models.Mailbox, read: ReadMail, at: datetime) -> None:
    reference = row.message_id or str(row.key)
    noted = bounced.note_reports(read=read, mailbox=box.key, at=at, told_at=row.at, message_id=reference)
    row.did = list(noted.did)
    row.person_key = noted.person
    row.text = row.text[:SUMMARY]
    if noted.delivery is not None:
        row.delivery_key, row.address_hash = noted.delivery.key, noted.delivery.address_hash
        row.for_key = noted.delivery.by_key
        row.thread = noted.delivery.message.thread if noted.delivery.message else None


def _outgoing(row: models.InboundMail, box: models.Mailbox, read: ReadMail, at: datetime) -> None:
    """Sent from here: no second touch. Written elsewhere: a touch with its verdict, to each person we know."""
    ours = delivery_of([read.message_id])
    if ours is not None:
        _forget_words(row)
        row.delivery_key, row.person_key = ours.key, ours.person_key
        bounced.proved_left(delivery=ours, words="it lies in Sent Items", at=at)
        return
    to, row.strangers = persons_of(read.to)
    matched = match(read, box=box, parties=read.to)
    if _copy(row, box):
        return
    row.thread, row.for_key, row.address = matched.thread, box.owner_key, ""
    row.did = [f"sent:{len(to)}"] if to else []
    elsewhere.note_sent(row=row, box=box, to=to, matched=matched, at=at)
    if len(to) != 1:
        row.subject = row.text = ""  # of several people's mail each delivery keeps its subject
