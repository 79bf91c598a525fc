"""What somebody's answer does: a stop stops at once, "not now" sits on its day, a complaint is a case with a clock."""

from __future__ import annotations

import re
from datetime import date, datetime
from uuid import UUID

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role
from fourfold.base.actor import HOUSE
from fourfold.contact import models
from fourfold.contact.actions.matching import Match
from fourfold.contact.reading import signals, without_signature
from fourfold.contact.rules.answers import apology, month_later
from fourfold.contact.types.inbound import Anger, MailKind, ReplyClass, ReplyReading
from fourfold.ledger import actions as ledger
from fourfold.ledger.types import Channel as LedgerChannel
from fourfold.ledger.types import Direction, Touch
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import (
    ConsentEvent,
    LoggedWish,
    NewConsent,
    Purpose,
    WishKind,
    WishRefused,
)
from fourfold.work import actions as work
from fourfold.work.types import NewNote, NewTask

SOURCE = "a mail of theirs"
BAD = frozenset({ReplyClass.STOP, ReplyClass.COMPLAINT})
LONGEST_EVIDENCE = 500
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n\s*\n")


def said(row: models.InboundMail) -> str:
    """What they wrote, without what they quote and without their signature."""
    return without_signature(row.text) or row.text


def evidence(row: models.InboundMail) -> str:
    """Their own words, as what proves a wish."""
    words = " ".join(said(row).split()) or f"an empty mail with the subject “{row.subject}”"
    return words if len(words) <= LONGEST_EVIDENCE else f"{words[:LONGEST_EVIDENCE]} …"


def reference(row: models.InboundMail) -> str:
    """What their word is known by, whichever of our mailboxes it came to; another mail under its id has its own."""
    if not row.message_id:
        return f"mail:{row.key}"
    others = models.InboundMail.objects.filter(message_id=row.message_id, outgoing=False).exclude(pk=row.pk)
    others = others.exclude(text=row.text).exclude(text="")
    return f"mail:{row.key}" if others.exists() else f"mail:{row.message_id}"


def post_word(*, row: models.InboundMail, at: datetime) -> None:
    """The touch that their word is, once, however many of our mailboxes it came to."""
    if row.person_key is None:
        return
    touch = Touch(
        source="contact",
        source_ref=reference(row),
        occurred_at=row.at,
        person_key=row.person_key,
        channel=LedgerChannel.EMAIL,
        action="reply" if row.kind == MailKind.REPLY else "wrote",
        direction=Direction.IN,
        actor=str(row.for_key) if row.for_key else None,
    )
    ledger.post(facts=[touch], batch=row.key, at=at)


def hear(*, row: models.InboundMail, reading: ReplyReading, matched: Match, at: datetime) -> None:
    """Do what the words ask for; what was done stands in ``row.did``. In the caller's transaction.

    On doubt an answer stops what goes out until somebody looked; a mail that answers nothing does so only where it
    reads as a stop or a complaint, or a client's ordinary letter would. From an address that no record has, nothing
    but a stop is taken for the person's own.
    """
    key = row.person_key
    if key is None:
        return
    if reading.label in BAD or (reading.suppress and row.kind == MailKind.REPLY):
        object_to(row=row, person=key, purpose=_meant(row, reading, matched), at=at)
    if reading.label is ReplyClass.COMPLAINT:
        open_case(row=row, person=key, at=at)
    if reading.label is ReplyClass.NOT_NOW and not row.other_address:
        pause(row=row, person=key, until=reading.until, at=at)
    row.anger = "" if reading.anger is Anger.NONE else reading.anger.value


def object_to(*, row: models.InboundMail, person: UUID, purpose: Purpose, at: datetime) -> None:
    """Keep the objection, with their words as evidence.

    Of the moment in which we read it: one that was lifted while this mail lay unread must not undo it.
    """
    entry = NewConsent(
        person_key=person, event=ConsentEvent.OBJECTED, purpose=purpose, at=row.found_at, source=SOURCE,
        source_ref=reference(row)[:120], evidence=evidence(row),
    )  # fmt: skip
    if people.record_consents(entries=[entry], by=HOUSE, at=at):
        _did(row, f"objected:{purpose.value}")


def pause(*, row: models.InboundMail, person: UUID, until: date | None, at: datetime) -> None:
    """Nobody approaches them before the day they named; without a day, or one that is past, a colleague asks."""
    if until is None or until <= at.date():
        return
    wish = LoggedWish(kind=WishKind.NOT_NOW, said_at=row.at, how=SOURCE, until=until, evidence=evidence(row))
    try:
        if people.say_own_wish(person_key=person, wish=wish, by=HOUSE, today=at.date(), at=at):
            _did(row, f"not_now:{until}")
    except WishRefused as refused:
        row.trouble = row.trouble or str(refused)[:250]


def open_case(*, row: models.InboundMail, person: UUID, at: datetime) -> None:
    """A task for each leader with the day by which the law wants an answer, and a draft of one in a note."""
    due = month_later(row.at.date())
    name = people_queries.names([person])[person]
    title = f"Answer the complaint of {name[:80]}: the law gives a month"
    for leader in accounts.names_in_role(Role.LEADER):
        task = NewTask(title=title, owner_key=leader, subject=("person", person), due_on=due)
        work.add_task(task=task, by=HOUSE, at=at)
    note = NewNote(
        subject_kind="person", subject_key=person, at=at, author_name=HOUSE.name, source="contact",
        source_ref=f"complaint:{row.key}",
        text=f"A complaint came in by mail. Answer it yourself, by {due:%d %B %Y}. A draft:\n\n"
        f"{apology(name.split(maxsplit=1)[0])}",
    )  # fmt: skip
    work.add_notes(notes=[note], by=HOUSE, at=at)
    _did(row, f"case:{due}")


def _did(row: models.InboundMail, code: str) -> None:
    if code not in row.did:
        row.did = [*row.did, code]


def _meant(row: models.InboundMail, reading: ReplyReading, matched: Match) -> Purpose:
    """What they want no more of: all, unless every stop in their words is of one matter; then what they answered to."""
    sentences = [
        one for one in _SENTENCE.split(said(row)) if signals.STOP.search(one) or signals.STOP_ABROAD.search(one)
    ]
    narrow = sentences and all(signals.NARROWED.search(one) and not signals.WIDENED.search(one) for one in sentences)
    if not narrow or reading.label is ReplyClass.COMPLAINT or reading.sure:
        return Purpose.ALL
    sent = matched.delivery
    receipt = models.Receipt.objects.filter(delivery_key=sent.key).order_by("-at").first() if sent else None
    purpose = Purpose(receipt.purpose) if receipt else Purpose.APPROACH
    return purpose if purpose is not Purpose.ALL else Purpose.APPROACH
