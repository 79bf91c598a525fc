"""Reads a mailbox by IMAP: what is new in the inbox and among sent mail, once, and whether anything was missed.

Runs in a process of its own. Folders are opened for reading only: nothing on the server changes, no mail is marked.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import OperationalError
from imap_tools import MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox

from fourfold.base import clock
from fourfold.contact import actions, queries
from fourfold.contact.compute.ways import signed_in
from fourfold.contact.reading import MOST_BYTES, classify, opened, read
from fourfold.contact.reading.model import corrected
from fourfold.contact.types import CannotConnect, Encryption, MailboxAccount
from fourfold.contact.types.inbound import Correction, MailKind, ReadMail, ReplyReading
from fourfold.contact.types.mailboxes import SIGN_INS

log = logging.getLogger("fourfold.inbox")
TIMEOUT = 30.0  # seconds without a word from the server
MOST_AT_ONCE, BYTES_AT_ONCE = 50, 8_000_000
CHECK_EACH = timedelta(hours=1)
PORTS = {Encryption.TLS: 993, Encryption.STARTTLS: 143, Encryption.NONE: 143}
SENT_NAMES = (
    "Sent Items", "Sent", "Sent Messages", "Sent Mail", "[Gmail]/Sent Mail", "INBOX.Sent", "INBOX.Sent Items",
    "Gesendet", "Gesendete Elemente", "Gesendete Objekte", "Éléments envoyés", "Envoyés", "Elementos enviados",
    "Verzonden items", "Itens enviados", "Skickat",
)  # fmt: skip
LOST = (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError, KeyError)
"""What a server can do to us: go away, refuse, or answer in a way that no standard knows."""
BUDGET = 50.0  # seconds of one reading; what is left is read in the next

Now = Callable[[], datetime]
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_ARRIVED = re.compile(rb'INTERNALDATE "([^"]+)"')


@dataclass(frozen=True, slots=True)
class Fetched:
    """One reading of a mailbox: mails taken in, those that could not be kept, and those missing here.

    ``read`` is False where the server let us not in, or broke off.
    """

    taken: int = 0
    failed: int = 0
    missing: int = 0
    trouble: str = ""
    read: bool = True


@dataclass(frozen=True, slots=True)
class _Listed:
    uid: int
    size: int
    arrived_at: datetime


def read_mailbox(mailbox: UUID, *, since: date | None = None, now: Now = clock.now) -> Fetched:
    """Take in what is new in a mailbox. Never raises for what the server or a mail does.

    The first time it begins with the day on which the mailbox was connected, or with ``since``.
    """
    account = queries.mailbox_account(mailbox)
    if account is None or not account.imap_host:
        return Fetched()
    try:
        done = _read(account, since, now)
    except CannotConnect as error:
        done = Fetched(trouble=f"{error.why} {error.todo}", read=False)
    except LOST as error:
        done = Fetched(trouble=_in_words(account, error), read=False)
    note = actions.note_read if done.read else actions.note_unread
    note(mailbox=mailbox, trouble=done.trouble, at=now())
    return done


def _read(account: MailboxAccount, since: date | None, now: Now) -> Fetched:
    ready = signed_in(account, now=now)
    try:
        box = _opened(ready)
    except (imaplib.IMAP4.error, ImapToolsError):
        if ready.transport in SIGN_INS:
            actions.forget_access(mailbox=account.key, used=ready.secret)
        raise
    try:
        return _Reader(ready, box, since, now).run()
    finally:
        with suppress(*LOST):
            box.logout()


def _in_words(account: MailboxAccount, error: BaseException) -> str:
    """What went wrong, without secrets: servers repeat what was said to them, so only their kind of answer is kept."""
    where = f"{account.imap_host}:{account.imap_port or PORTS[Encryption(account.imap_security)]}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of {where} doesn't prove that it is this server ({error.verify_message})."
    if isinstance(error, TimeoutError):
        return f"{where} did not answer within {TIMEOUT:.0f} seconds."
    if isinstance(error, OSError):
        return f"{where} can't be reached: {error.strerror or type(error).__name__}."
    words = re.sub(r"\s+", " ", str(error))
    if "LOGIN" in type(error).__name__.upper() or "AUTHENTICATIONFAILED" in words:
        return f"{where} doesn't let us in: check user name and password of this mailbox."
    return f"{where} broke off ({type(error).__name__})."


def _opened(account: MailboxAccount) -> BaseMailBox:
    """A connection that is signed in."""
    security = Encryption(account.imap_security)
    port = account.imap_port or PORTS[security]
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    box: BaseMailBox
    if security is Encryption.TLS:
        box = MailBox(account.imap_host, port, timeout=TIMEOUT, ssl_context=context)
    elif security is Encryption.STARTTLS:
        box = MailBoxStartTls(account.imap_host, port, timeout=TIMEOUT, ssl_context=context)
    else:
        box = MailBoxUnencrypted(account.imap_host, port, timeout=TIMEOUT)
    try:
        user = account.username or account.from_address
        if account.transport in SIGN_INS:
            box.xoauth2(user, account.secret, initial_folder=None)
        else:
            box.login(user, account.secret, initial_folder=None)
    except BaseException:
        with suppress(*LOST):
            box.client.shutdown()
        raise
    return box


class _Reader:
    """One reading of one mailbox."""

    def __init__(self, account: MailboxAccount, box: BaseMailBox, since: date | None, now: Now) -> None:
        self.account, self.box, self.since, self.now = account, box, since, now
        self.ours = queries.house_domains()
        self.lessons: tuple[Correction, ...] = queries.corrections()
        self.model = corrected(self.lessons) if self.lessons else None
        self.taken = self.failed = self.missing = 0
        self.until = time.monotonic() + BUDGET

    def run(self) -> Fetched:
        sent = _sent_folder(self.box, self.account.sent_folder)
        self._folder("INBOX", outgoing=False)
        if sent:
            self._folder(sent, outgoing=True)
        trouble = []
        if self.account.sent_folder and sent != self.account.sent_folder:
            trouble.append(f"There is no folder “{self.account.sent_folder}” on the server.")
        if not sent:
            trouble.append("No folder of sent mail was found: name it in the settings of this mailbox.")
        if self.missing:
            trouble.append(f"{self.missing} mails lie on the server that are not kept here; they are tried again.")
        return Fetched(self.taken, self.failed, self.missing, " ".join(trouble))

    def _folder(self, folder: str, *, outgoing: bool) -> None:
        self.box.folder.set(folder, readonly=True)
        status = self.box.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
        validity, following = status["UIDVALIDITY"], status["UIDNEXT"]
        place = queries.folder_place(self.account.key, folder)
        if place is None or place.uid_validity != validity:
            actions.begin_folder(
                mailbox=self.account.key, folder=folder, uid_validity=validity,
                first_uid=self._first_uid(following), outgoing=outgoing,
            )  # fmt: skip
            place = queries.folder_place(self.account.key, folder)
            assert place is not None
        where = actions.Place(
            mailbox=self.account.key, folder=folder, uid_validity=validity, uid=0, arrived_at=self.now(),
            outgoing=outgoing,
        )  # fmt: skip
        new = self._above(place.last_uid)
        if not self._take(new, where):
            return
        at = self.now()
        if new or place.checked_at is None or at - place.checked_at > CHECK_EACH:
            self._check(place.first_uid, where)

    def _first_uid(self, following: int) -> int:
        """The mail before the first that arrived since the mailbox was connected, or since the day asked for."""
        start = queries.connected_at(self.account.key)
        if self.since is not None:
            start = clock.day_start(self.since)
        start = start.replace(hour=0, minute=0, second=0, microsecond=0)
        before = start - timedelta(days=1)  # the server counts days on its own clock
        found = [one for one in self._list(self._search(f"SINCE {before:%d-%b-%Y}")) if one.arrived_at >= start]
        return min((one.uid for one in found), default=following) - 1

    def _ask(self, *words: str) -> Sequence[Any]:
        status, data = self.box.client.uid(*words)
        if status != "OK":
            raise imaplib.IMAP4.error(f"the server answered {words[0]} with {status}")
        return data

    def _search(self, words: str) -> list[int]:
        data = self._ask("SEARCH", words)
        return sorted(int(one) for part in data if part for one in part.split())

    def _above(self, uid: int) -> list[int]:
        """Mails above this one; asked for a range without any, servers answer with the last."""
        return [one for one in self._search(f"UID {uid + 1}:*") if one > uid]

    def _list(self, uids: Sequence[int]) -> list[_Listed]:
        found = []
        for start in range(0, len(uids), 500):
            data = self._ask("FETCH", _set_of(uids[start : start + 500]), "(UID RFC822.SIZE INTERNALDATE)")
            for head, _ in _answers(data):
                uid, size = _UID.search(head), _SIZE.search(head)
                if uid:
                    found.append(_Listed(int(uid[1]), int(size[1]) if size else 0, _arrived(head) or self.now()))
        return sorted(found, key=lambda one: one.uid)

    def _take(self, uids: Sequence[int], where: actions.Place) -> bool:
        """Take these in, batch by batch, so that one that is cut off goes on where it was. False: time is up."""
        for batch in _batches(self._list(uids)):
            if time.monotonic() > self.until:
                return False
            whole = {one.uid for one in batch if one.size <= MOST_BYTES}
            contents = {**self._fetch(sorted(whole), "BODY.PEEK[]")}
            contents |= self._fetch([one.uid for one in batch if one.uid not in whole], "BODY.PEEK[HEADER]")
            for one in batch:
                if one.uid in contents:
                    place = replace(where, uid=one.uid, arrived_at=one.arrived_at)
                    self._take_one(contents[one.uid], place, "" if one.uid in whole else _too_large(one.size))
            actions.note_progress(mailbox=where.mailbox, folder=where.folder, last_uid=batch[-1].uid)
        return True

    def _fetch(self, uids: Sequence[int], part: str) -> dict[int, bytes]:
        if not uids:
            return {}
        data = self._ask("FETCH", _set_of(uids), f"(UID {part})")
        found = {}
        for head, content in _answers(data):
            uid = _UID.search(head)
            if uid and content is not None:
                found[int(uid[1])] = content
        return found

    def _take_one(self, raw: bytes, place: actions.Place, refused: str) -> None:
        mail = read(raw, ours=frozenset() if place.outgoing else self.ours)
        mail = replace(mail, refused=refused or mail.refused, message_id=mail.message_id or _name_of(raw))
        try:
            taken = actions.take_in(
                place=place, read=mail, reading=self._reading(mail, place), at=self.now(),
                opened=partial(opened, raw),
            )  # fmt: skip
        except OperationalError:
            raise
        except Exception as error:  # one mail must not stop a mailbox; it stays missing, is said, and tried again
            log.error("Mail %s in %s could not be kept (%s).", place.uid, place.folder, type(error).__name__)
            self.failed += 1
        else:
            self.taken += taken.new

    def _reading(self, mail: ReadMail, place: actions.Place) -> ReplyReading | None:
        """How its words read; None for sent mail, machines' reports, and what holds no words we may read."""
        spoken = mail.kind in (MailKind.REPLY, MailKind.OTHER, MailKind.AUTO_REPLY)
        if place.outgoing or not spoken or mail.refused:
            return None
        today = min(place.arrived_at, self.now()).date()
        return classify(
            mail.unquoted, mail.subject, today=today, automatic=mail.automatic, model=self.model,
            corrections=self.lessons,
        )  # fmt: skip

    def _check(self, first_uid: int, where: actions.Place) -> None:
        """Compare the server's mails with ours, try those that are missing once more, and keep both counts."""
        there = frozenset(self._above(first_uid))
        kept = queries.kept_uids(where.mailbox, where.folder, where.uid_validity, there)
        if missing := sorted(there - kept):
            self._take(missing[:MOST_AT_ONCE], where)
            kept = queries.kept_uids(where.mailbox, where.folder, where.uid_validity, there)
        self.missing += len(there) - len(kept)
        actions.check_folder(
            mailbox=where.mailbox, folder=where.folder, on_server=len(there), kept=len(kept), at=self.now()
        )


def _sent_folder(box: BaseMailBox, named: str) -> str:
    """The folder of sent mail: the one named in the settings, the one the server marks so, or one that is called so."""
    folders = box.folder.list()
    names = [one.name for one in folders if "\\Noselect" not in one.flags]
    if named in names:
        return named
    marked = [one.name for one in folders if "\\Sent" in one.flags]
    return next(iter([*marked, *(one for one in SENT_NAMES if one in names)]), "")


def _set_of(uids: Sequence[int]) -> str:
    return ",".join(str(one) for one in uids)


def _batches(listed: Sequence[_Listed]) -> Iterator[list[_Listed]]:
    batch: list[_Listed] = []
    size = 0
    for one in listed:
        counted = min(one.size, MOST_BYTES)
        if batch and (len(batch) >= MOST_AT_ONCE or size + counted > BYTES_AT_ONCE):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += counted
    if batch:
        yield batch


def _answers(data: Sequence[object]) -> Iterator[tuple[bytes, bytes | None]]:
    """(fields, content) of each mail of a FETCH. What stands behind the content belongs to its fields."""
    for at, one in enumerate(data):
        if isinstance(one, tuple):
            after = data[at + 1] if at + 1 < len(data) else b""
            yield one[0] + b" " + (after if isinstance(after, bytes) else b""), one[1]
        elif isinstance(one, bytes) and not (at and isinstance(data[at - 1], tuple)):
            yield one, None


def _arrived(head: bytes) -> datetime | None:
    found = _ARRIVED.search(head)
    if not found:
        return None
    try:
        return datetime.strptime(found[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z").astimezone(UTC)
    except ValueError:
        return None


def _name_of(raw: bytes) -> str:
    """What a mail without a Message-ID is known by: its content."""
    return f"{sha256(raw).hexdigest()[:40]}@without-message-id"


def _too_large(size: int) -> str:
    return f"Only its head was fetched: the mail has {size / 1_000_000:.0f} MB."
