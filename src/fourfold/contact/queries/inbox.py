"""What came in: mails that need somebody, one mail, what was sent elsewhere, and how far each mailbox was read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.contact import access, models
from fourfold.contact.queries.cases import canonical
from fourfold.contact.reading import without_signature
from fourfold.contact.types import Channel, DeliveryState, MessageClass, Verdict
from fourfold.contact.types.inbound import Correction, MailKind, ReplyClass
from fourfold.people import queries as people

PAGE = 50
LOOKED_THROUGH = 400  # rows read for a page, of which the viewer sees some
MOST_LESSONS = 2_000
WEEK = timedelta(days=7)
TO_LOOK_AT = (
    ReplyClass.STOP,
    ReplyClass.COMPLAINT,
    ReplyClass.INTERESTED,
    ReplyClass.REFERRAL,
    ReplyClass.WRONG_PERSON,
)
WORDS = (MailKind.REPLY, MailKind.OTHER)


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail in one line. ``person`` is "" where nobody fits; ``words`` are their first ones."""

    key: UUID
    at: datetime
    person_key: UUID | None
    person: str
    address: str
    subject: str
    words: str
    kind: str
    label: str
    sure: bool
    anger: str
    until: date | None
    other_address: bool
    trouble: str
    handled_by: str
    did: tuple[str, ...]

    @property
    def needs_somebody(self) -> bool:
        return not self.handled_by and _needs(self.kind, self.label, self.sure, self.until, self.other_address)


@dataclass(frozen=True, slots=True)
class MailPage:
    """One mail with its words. ``asked``: what it answers."""

    row: MailRow
    text: str
    why: str
    corrected_by: str
    thread: UUID | None
    asked: str
    mailbox: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Mails, and where the next page begins, "" at the end."""

    rows: tuple[MailRow, ...]
    older: str


@dataclass(frozen=True, slots=True)
class ElsewhereRow:
    """A mail that a colleague sent from elsewhere to one person, with its verdict after the fact."""

    key: UUID
    receipt: UUID | None
    at: datetime
    person_key: UUID
    person: str
    subject: str
    message_class: MessageClass
    verdict: Verdict
    rule: str


@dataclass(frozen=True, slots=True)
class FolderRow:
    """How far a folder was read: mails on the server since it was connected, how many of them are kept here."""

    mailbox: str
    folder: str
    outgoing: bool
    on_server: int
    kept: int
    unread: int
    checked_at: datetime | None
    trouble: str


def _needs(kind: str, label: str, sure: bool, until: date | None, other_address: bool) -> bool:
    if kind not in WORDS:
        return False
    return not sure or label in TO_LOOK_AT or other_address or (label == ReplyClass.NOT_NOW and until is None)


def _needing() -> Q:
    found = Q(sure=False) | Q(label__in=TO_LOOK_AT) | Q(other_address=True)
    return (found | Q(label=ReplyClass.NOT_NOW, until=None)) & Q(kind__in=WORDS, handled_at=None, outgoing=False)


def _own_boxes(viewer: Viewer) -> list[UUID]:
    """Mailboxes whose mails the viewer sees whoever wrote: their own, and with a role the house's."""
    own = Q(owner_key=viewer.user_key)
    if access.may_write(viewer):
        own |= Q(owner_key=None)
    return list(models.Mailbox.objects.filter(own).values_list("key", flat=True))


def _seen(viewer: Viewer, rows: Sequence[models.InboundMail]) -> list[models.InboundMail]:
    """Those of these mails that the viewer may read: of people whose candidate side is open, and of their mailbox."""
    owned = set(_own_boxes(viewer)) if rows else set()
    keys = list({row.person_key for row in rows if row.person_key})
    ends = dict(zip(keys, canonical(keys), strict=True)) if keys else {}
    open_to = set(people.visible(viewer, set(ends.values()), candidates=True)) if keys else set()
    mine = models.Mailbox.objects.filter(owner_key=viewer.user_key)
    own = set(mine.values_list("key", flat=True)) if rows else set()
    return [
        row
        for row in rows
        if row.mailbox_id in own
        or (row.person_key is not None and ends[row.person_key] in open_to)
        or (row.person_key is None and row.mailbox_id in owned)
    ]


def require_mail(viewer: Viewer, key: UUID) -> None:
    """Raises NotFound unless the viewer may read this mail: missing and not yours look the same."""
    _mail_for(viewer, key)


def _mail_for(viewer: Viewer, key: UUID) -> models.InboundMail:
    row = models.InboundMail.objects.select_related("mailbox").filter(pk=key).first()
    if row is None or not (access.may_write(viewer) and _seen(viewer, [row])):
        raise NotFound("This mail was not found.", "It is gone, or it is not open to you.", "Go back to the inbox.")
    return row


def mails(viewer: Viewer, *, which: str = "look", person: UUID | None = None, before: str = "") -> InboxPage:
    """Mails that the viewer may read: ``look`` those that need somebody, gravest first; ``all`` the words of people;
    ``machines`` bounces, absences and what could not be read; newest first.
    """
    rows = models.InboundMail.objects.filter(outgoing=False).exclude(kind="copy").order_by("-at", "key")
    if which == "look":
        rows = rows.filter(_needing())
    elif which == "machines":
        rows = rows.filter(~Q(kind__in=WORDS) | ~Q(trouble="")).filter(~Q(subject="") | ~Q(trouble=""))
    else:
        rows = rows.filter(kind__in=WORDS).exclude(Q(person_key=None) & Q(label=""))
    if person is not None:
        rows = rows.filter(person_key__in=people.family_of(people.person_key_for(viewer, person)))
    held = list(_after(rows, before)[: LOOKED_THROUGH + 1])
    seen = _seen(viewer, held[:LOOKED_THROUGH])
    shown = seen[:PAGE]
    last = shown[-1] if len(seen) > PAGE else (held[LOOKED_THROUGH - 1] if len(held) > LOOKED_THROUGH else None)
    found = _lines(viewer, sorted(shown, key=_grave) if which == "look" else shown)
    return InboxPage(found, f"{last.at.isoformat()}_{last.key}" if last else "")


def _after(rows: QuerySet[models.InboundMail], before: str) -> QuerySet[models.InboundMail]:
    if not before:
        return rows
    at, _, key = before.partition("_")
    try:
        moment, last = datetime.fromisoformat(at), UUID(key)
    except ValueError:
        raise NotFound("This page was not found.", "Its address is wrong.", "Go back to the inbox.") from None
    return rows.filter(Q(at__lt=moment) | Q(at=moment, key__gt=last))


GRAVITY = {ReplyClass.COMPLAINT: 0, ReplyClass.STOP: 2, ReplyClass.INTERESTED: 3}


def _grave(row: models.InboundMail) -> int:
    """The gravest first: complaints, what nobody is sure of, stops, then who wants to hear more."""
    rank = GRAVITY.get(ReplyClass(row.label), 4) if row.label else 4
    return min(rank, 1) if not row.sure else rank


def _lines(viewer: Viewer, rows: Iterable[models.InboundMail]) -> tuple[MailRow, ...]:
    held = list(rows)
    names = people.names([row.person_key for row in held if row.person_key], viewer=viewer, candidates=True)
    return tuple(_line(row, names.get(row.person_key, "") if row.person_key else "") for row in held)


def _line(row: models.InboundMail, name: str) -> MailRow:
    said = " ".join((without_signature(row.text) or row.text).split())
    return MailRow(
        row.key, row.at, row.person_key, name, row.address, row.subject, said[:160], row.kind, row.label, row.sure,
        row.anger, row.until, row.other_address, row.trouble, row.handled_by, tuple(row.did),
    )  # fmt: skip


def last_mails(threads: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The Message-IDs of these conversations' last three mails, oldest first: what an answer names."""
    rows = models.InboundMail.objects.filter(thread__in=list(threads), outgoing=False).exclude(message_id="")
    found: dict[UUID, tuple[str, ...]] = {}
    for thread, message_id in rows.order_by("at").values_list("thread", "message_id"):
        if thread:
            found[thread] = (*found.get(thread, ()), message_id.strip("<>"))[-3:]
    return found


def mail(viewer: Viewer, key: UUID) -> MailPage:
    """One mail with its words. Raises NotFound."""
    row = _mail_for(viewer, key)
    held = models.Delivery.objects.filter(pk=row.delivery_key) if row.delivery_key else models.Delivery.objects.none()
    sent = held.select_related("message").first()
    asked = (sent.message.subject if sent.message else sent.words) if sent else ""
    [line] = _lines(viewer, [row])
    return MailPage(line, row.text, row.why, row.corrected_by, row.thread, asked, row.mailbox.name)


def waiting(viewer: Viewer, *, limit: int) -> tuple[int, tuple[MailRow, ...]]:
    """How many mails need this viewer, and the gravest: those for them, and for leaders what is for nobody."""
    mine = Q(for_key=viewer.user_key)
    if access.may_set_policy(viewer):
        mine |= Q(for_key=None) | Q(label=ReplyClass.COMPLAINT)
    rows = models.InboundMail.objects.filter(_needing(), mine).order_by("-at", "key")
    seen = _seen(viewer, list(rows[:LOOKED_THROUGH])) if access.may_write(viewer) else []
    return len(seen), _lines(viewer, sorted(seen, key=_grave)[:limit])


def sent_elsewhere(viewer: Viewer, *, at: datetime, blocked: bool = False) -> tuple[ElsewhereRow, ...]:
    """Mails of the last seven days that the viewer sent from elsewhere, with the verdict each would have had."""
    rows = models.Delivery.objects.filter(
        by_key=viewer.user_key, message=None, channel=Channel.EMAIL, mailbox__isnull=False, state=DeliveryState.SENT
    )
    held = list(rows.filter(sent_at__gt=at - WEEK).order_by("-sent_at", "key")[:200])
    receipts = {
        row.delivery_key: row
        for row in models.Receipt.objects.filter(delivery_key__in=[one.key for one in held]).defer("case", "findings")
    }
    found = [(row, receipts[row.key]) for row in held if row.key in receipts]
    if blocked:
        found = [one for one in found if one[1].verdict in (Verdict.HELD, Verdict.REFUSED)]
    names = people.names([row.person_key for row, _ in found], viewer=viewer)
    return tuple(
        ElsewhereRow(
            row.key, receipt.key, row.sent_at or row.at, row.person_key, names[row.person_key], row.words,
            MessageClass(receipt.message_class), Verdict(receipt.verdict), receipt.rule,
        )
        for row, receipt in found
    )  # fmt: skip


def folders(viewer: Viewer) -> tuple[FolderRow, ...]:
    """How far the mailboxes were read: the viewer's own, for those who keep mailboxes all."""
    rows = models.FolderState.objects.select_related("mailbox").order_by("mailbox__name", "folder")
    if not access.may_keep_mailboxes(viewer):
        rows = rows.filter(Q(mailbox__owner_key=viewer.user_key) | Q(mailbox__owner_key=None))
    return tuple(
        FolderRow(
            row.mailbox.name, row.folder, row.outgoing, row.on_server, row.kept, row.on_server - row.kept,
            row.checked_at, row.mailbox.trouble,
        )
        for row in rows
    )  # fmt: skip


def corrections() -> tuple[Correction, ...]:
    """What colleagues taught, oldest first, the last two thousand: the reader learns from it."""
    rows = models.Lesson.objects.order_by("-at", "mail")[:MOST_LESSONS]
    return tuple(Correction(text, ReplyClass(label)) for text, label in reversed(rows.values_list("text", "label")))


def mailboxes_to_read(*, at: datetime) -> tuple[UUID, ...]:
    """Mailboxes with an inbox whose time has come to be read again."""
    rows = models.Mailbox.objects.exclude(imap_host="").filter(Q(read_next_at=None) | Q(read_next_at__lte=at))
    return tuple(rows.order_by("name").values_list("key", flat=True))


def house_domains() -> frozenset[str]:
    """The domains in which the house makes message ids: those of its mailboxes."""
    addresses = models.Mailbox.objects.values_list("from_address", flat=True)
    return frozenset(one.rpartition("@")[2].lower() for one in addresses)


@dataclass(frozen=True, slots=True)
class FolderPlace:
    """Where reading a folder goes on: above ``last_uid``, of the numbering ``uid_validity``."""

    uid_validity: int
    first_uid: int
    last_uid: int
    checked_at: datetime | None


def folder_place(mailbox: UUID, folder: str) -> FolderPlace | None:
    """How far a folder was read, None where it never was."""
    row = models.FolderState.objects.filter(mailbox=mailbox, folder=folder).first()
    return FolderPlace(row.uid_validity, row.first_uid, row.last_uid, row.checked_at) if row else None


def connected_at(mailbox: UUID) -> datetime:
    """When a mailbox was connected: what arrived before that day isn't read."""
    return models.Mailbox.objects.values_list("made_at", flat=True).get(pk=mailbox)


def kept_uids(mailbox: UUID, folder: str, uid_validity: int, among: Collection[int]) -> frozenset[int]:
    """Which of these mails of a folder are kept here."""
    rows = models.InboundMail.objects.filter(mailbox=mailbox, folder=folder, uid_validity=uid_validity)
    rows = rows.filter(uid__gte=min(among, default=0))
    return frozenset(rows.values_list("uid", flat=True)) & frozenset(among)
