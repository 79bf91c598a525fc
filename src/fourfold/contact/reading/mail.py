"""One mail from its bytes: ids, addresses, words, and whether it is an answer, a bounce, a report, a machine or a loop.

Nothing that a stranger sends may raise: what can't be read is named in ``broken`` or ``refused``.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message

from fourfold.contact.reading import bounces, headers
from fourfold.contact.reading.bodies import QUOTE_BEGINS, parts_of, text_of
from fourfold.contact.reading.replies import author_text, without_signature
from fourfold.contact.types.inbound import (
    Attachment,
    BouncedRecipient,
    ComplaintReport,
    MailKind,
    Opened,
    Party,
    ReadMail,
)

MOST_BYTES = 36_000_000  # what the large mail providers accept with attachments encoded
MOST_BOUNDARIES = 150  # multiparts declared; a mail program nests a handful
MOST_DELIMITERS = 20_000  # lines that may begin a part
MOST_HEADER_BYTES = 500_000
MOST_ATTACHMENTS = 10
MOST_HOPS = 50  # Received fields; RFC 5321 6.3 lets a server call 100 a loop

_REPLY_SUBJECT = re.compile(r"^\s*(?:\[[^\]]{0,40}\]\s*)?(?:re|aw|sv|vs|antw|res|rif|réf|odp|ynt|tr"
                            r"|r)\s*(?:\[\d+\])?\s?:",
                            re.IGNORECASE)  # fmt: skip
_AUTO_SUBJECT = re.compile(
    r"^\W*(?:(?:re|aw|sv)\s?:\s*)?(?:auto(?:matic(?:ally generated)?|mated)?[ -]?(?:reply|response)|autoreply"
    r"|auto\s?:"
    r"|out of (?:the )?office|ooo\b|away from|abwesenheit|automatische antwort|réponse automatique|absence du bureau"
    r"|respuesta automática|fuera de la oficina|automatisch antwoord|afwezig|resposta automática|ausência"
    r"|autosvar|automatiskt svar|frånvaro|risposta automatica|vacation|on (?:annual |parental )?leave)",
    re.IGNORECASE,
)


def read(raw: bytes, *, ours: frozenset[str] = frozenset()) -> ReadMail:
    """Read one mail. Never raises for what the mail holds.

    ``ours`` are domains in which this house makes message ids: a mail that came in with such an id of its own is ours,
    come back. Don't pass it for copies in Sent Items, where each id is ours.
    Limits: a mail of more than 36 MB, or nested past all use, is read by its header fields alone, with the reason in
    ``refused``. Sources: RFC 5322, 2045-2047, 3464 (bounces), 5965 (complaint reports), 3834 (automatic answers).
    """
    raw = bytes(raw)
    refused = _refusal(raw)
    message, broken = _parsed(_head(raw) if refused else raw)
    if message is None:
        refused = refused or "The body wasn't read: its parts are nested so deeply that it can't be a letter."
        message, more = _parsed(_head(raw))
        broken += more
    if message is None:
        return ReadMail(kind=MailKind.OTHER, refused=refused, broken=broken)
    try:
        return _told(message, ours=ours, refused=refused, broken=broken)
    except Exception as error:  # the parser below is not ours, and one mail must not stop a mailbox
        reason = f"It could not be read whole ({type(error).__name__})."
        refused = refused or "The body wasn't read: the mail is built in a way that no reader takes."
        return ReadMail(kind=MailKind.OTHER, refused=refused, broken=(*broken, reason))


def opened(raw: bytes) -> Opened:
    """The header fields of a mail, and its files, at most ten. Never raises; what can't be read is missing."""
    message, _ = _parsed(_head(raw) if _refusal(raw) else raw)
    if message is None:
        return Opened()
    names = {name.lower() for name in message}
    found: list[Attachment] = []
    for part in parts_of(message):
        try:
            name = part.get_filename()
            data = part.get_payload(decode=True) if name else None
        except (LookupError, UnicodeError, ValueError, AttributeError, TypeError, AssertionError):
            continue
        if isinstance(data, bytes) and data and name and len(found) < MOST_ATTACHMENTS:
            found.append(Attachment(headers.clean(headers.words(name))[:180], data))
    return Opened({name: headers.field(message, name) for name in names}, tuple(found))


def _refusal(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        size = f"{len(raw) / 1_000_000:.0f} MB"
        return f"The body wasn't read: the mail has {size}, and {MOST_BYTES // 1_000_000} MB is the most we read."
    if raw[:4_000_000].lower().count(b"boundary") > MOST_BOUNDARIES or raw.count(b"\n--") > MOST_DELIMITERS:
        return "The body wasn't read: it has so many parts within parts that it can't be a letter."
    return ""


def _head(raw: bytes) -> bytes:
    start = raw[:MOST_HEADER_BYTES]
    ends = [at for at in (start.find(b"\r\n\r\n"), start.find(b"\n\n")) if at >= 0]
    return start[: min(ends)] if ends else start


def _parsed(raw: bytes) -> tuple[Message | None, tuple[str, ...]]:
    try:
        message = message_from_bytes(raw)
    except (RecursionError, MessageError, ValueError, LookupError, TypeError, AttributeError, IndexError):
        return None, ("It isn't built as a mail.",)
    found = sorted({type(defect).__name__ for defect in message.defects})
    return message, tuple(found)


def _told(message: Message, *, ours: frozenset[str], refused: str, broken: tuple[str, ...]) -> ReadMail:
    text = "" if refused else text_of(message)
    unquoted = author_text(text)
    plain = text.replace(QUOTE_BEGINS, "")
    ids = headers.message_ids(message, "Message-ID")
    subject = headers.field(message, "Subject")[:1000]
    answers = headers.message_ids(message, "In-Reply-To")
    references = headers.message_ids(message, "References")
    complaint, bounced, about = _reports(message, plain)
    looping = _loops(message, ids, ours)
    automatic = _automatic(message, subject) or complaint is not None or bool(bounced)
    if complaint is not None:
        kind = MailKind.COMPLAINT_REPORT
    elif bounced:
        kind = MailKind.BOUNCE
    elif looping:
        kind = MailKind.LOOP
    elif automatic:
        kind = MailKind.AUTO_REPLY
    else:
        answering = answers or references or _REPLY_SUBJECT.match(subject)
        kind = MailKind.REPLY if answering and not _from_list(message) else MailKind.OTHER
    senders = [*headers.parties(message, "From"), *headers.parties(message, "Sender"),
               *headers.parties(message, "Reply-To")]  # fmt: skip
    return ReadMail(
        kind=kind, message_id=ids[0] if ids else "", in_reply_to=answers, references=references,
        sender=senders[0] if senders else None, to=headers.parties(message, "To") + headers.parties(message, "Cc"),
        sent_at=headers.sent_at(message), subject=subject, text=plain.strip(), unquoted=unquoted,
        reply=without_signature(unquoted), automatic=automatic or looping, bounced=bounced, complaint=complaint,
        about=about, refused=refused, broken=broken,
        answerable=kind in (MailKind.REPLY, MailKind.OTHER) and not _unanswerable(message, senders),
    )  # fmt: skip


def _reports(
    message: Message, text: str
) -> tuple[ComplaintReport | None, tuple[BouncedRecipient, ...], tuple[str, ...]]:
    """What a machine reports: a complaint, or addresses that bounced; and the message ids it returns."""
    complaint = bounces.complaint_of(message)
    if complaint is not None:
        return complaint, (), bounces.returned_ids(message, text)
    bounced = bounces.bounced_of(message, text)
    return None, bounced, bounces.returned_ids(message, text) if bounced else ()


def _lower(message: Message, name: str) -> str:
    return headers.field(message, name).lower()


def _automatic(message: Message, subject: str) -> bool:
    """Whether a machine wrote this: RFC 3834's field, what older programs set instead, or the subject they use."""
    submitted = _lower(message, "Auto-Submitted").split(";")[0].strip()
    if submitted and submitted != "no":
        return True
    if any(_lower(message, name) not in ("", "no", "false") for name in
           ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "X-Autogenerated")):  # fmt: skip
        return True
    if _lower(message, "Precedence") in {"auto_reply", "auto-reply"} or "vacation" in _lower(
        message, "X-Mail-Generator"
    ):
        return True
    return bool(_AUTO_SUBJECT.match(subject))


def _from_list(message: Message) -> bool:
    listed = any(message.get_all(name) for name in ("List-Id", "List-Post", "List-Unsubscribe"))
    return listed or _lower(message, "Precedence") in {"bulk", "list", "junk"}


def _unanswerable(message: Message, senders: list[Party]) -> bool:
    """Where no machine may answer (RFC 3834 2): lists, bulk, empty senders, addresses that aren't people."""
    if _automatic(message, "") or _from_list(message) or not senders:
        return True
    if any(value.strip() == "<>" for value in headers.raw_fields(message, "Return-Path")):
        return True
    if _lower(message, "X-Auto-Response-Suppress") not in ("", "none"):
        return True
    local = senders[0].address.partition("@")[0].lower()
    return bool(re.match(r"^(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?|owner-)", local))


def _loops(message: Message, ids: tuple[str, ...], ours: frozenset[str]) -> bool:
    """Whether this is a mail of ours come back, or one that has gone round in circles."""
    domains = {one.lower() for one in ours}
    if any(one.rpartition("@")[2].lower() in domains for one in ids):
        return True
    marks = " ".join(headers.raw_fields(message, "X-Loop")).lower()
    if any(domain in marks for domain in domains):
        return True
    delivered = [value.strip().lower() for value in headers.raw_fields(message, "Delivered-To")]
    return len(message.get_all("Received", [])) > MOST_HOPS or max(map(delivered.count, delivered), default=0) > 2
