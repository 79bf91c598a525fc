"""Bounces and complaint reports: who is meant, what was said, and which of our mails it was.

The standard report (RFC 3464) is read first, then what flufl.bounce finds in reports of older servers, then the
notice's own lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from email.message import Message
from email.parser import HeaderParser

from flufl.bounce import all_failures

from fourfold.contact.reading import headers, phrases
from fourfold.contact.reading.bodies import part_text, parts_of, payload_of, plain_of
from fourfold.contact.types.inbound import BouncedRecipient, BounceKind, ComplaintReport

MOST_RECIPIENTS = 200
LONGEST_DIAGNOSTIC = 1_000
LONGEST_NOTICE = 20_000

_SENDER = re.compile(
    r"mailer-?daemon|post_?master|mail ?delivery|delivery (?:subsystem|system|status)|mail (?:administrator|system)"
    r"|^bounces?@|system administrator|mmdf|postoffice|mail-?daemon|uucp|majordomo",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|(?:un)?delivered mail|not? (?:be )?deliver|delivery (?:status|fail|notif|problem|error|report"
    r"|has)|returned"
    r" (?:mail|to sender|message)|failure (?:notice|notification)|mail (?:failure|delivery|error|system error"
    r"|could)|non-?"
    r"deliver|bounce|failed (?:mail|delivery|message)|message (?:delivery|not|rejected|undeliver|could)"
    r"|warning: (?:could"
    r"|message)|could ?n.t be|unzustellbar|non remis|échec|no se pudo|não entregue|niet bezorgd|kunde inte"
    r"|error sending"
    r"|permanent (?:error|fail)|undeliverable|nondeliverable|rejected|could not send|error mail|unknown user"
    r"|user unknown",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"^.{0,12}(?:below this line is a copy|message headers follow|original (?:message|mail)(?: as)? follows"
    r"|this is a copy"
    r"|-+ ?original (?:message|mail)|-+ ?message (?:text|header|body)|message text follows"
    r"|your (?:original )?message (?:"
    r"reads|text|follows|headers)|-+ ?unsent message|unsent message|the (?:header|text) of (?:the|your) "
    r"|-+ ?returned "
    r"(?:message|mail)|received: from|return-path:|-+ ?the (?:body|header)|begin(?:ning)? of (?:the )?(?:original"
    r"|return)"
    r"|-+ ?forwarded message|mail header|header of|original message headers|message follows|included is a copy).*$",
    re.IGNORECASE | re.MULTILINE,
)
_LINE_ADDRESS = re.compile(
    r"^[\s>*|\"'-]{0,12}(?:[45]\d\d[ -])?(?:(?:rcpt to|recipient|address|failed|unable to deliver to|for"
    r"|could not deliver (?:message )?to"
    r"|e-?mail)\s?:\s*)?(?:rfc822;\s*)?<?([^\s<>\"'(),;:\[\]]+@[^\s<>\"'(),;:\[\]]+)>?",
    re.IGNORECASE,
)
_NAMED_ADDRESS = re.compile(
    r"(?:mail(?:ing)?|message|delivery|deliver(?:ed)?|recipients?|user|mailbox|address(?:es)?|attempts|account|"
    r"rejected|failed|for|rcpt|returned permanent errors|envoyé|an)\b[^@\n]{0,60}?[\s<\"':\[]"
    r"([^\s<>\"'(),;:\[\]]+@[^\s<>\"'(),;:\[\]]+)",
    re.IGNORECASE,
)
_RETURNED_ID = re.compile(r"^[ \t>]{0,4}message-id:[ \t]*<?([^\s<>]{3,300})>?", re.IGNORECASE | re.MULTILINE)
_STAGE = re.compile(
    r"after (?:end of data|data|sending the message|i sent the message)|end of data"
    r"|in reply to (?:the )?(?:end of )?data"
    r"|did not like our (?:data|final dot)|\(data\)|after i sent|after pipelined data",
    re.IGNORECASE,
)
_STILL_TRYING = re.compile(
    r"warning message only|you do not need to resend|will (?:keep trying|be retried|continue)|has been delayed"
    r"|delivery (?:is |has been )?delayed|not yet been delivered|still trying",
    re.IGNORECASE,
)


def complaint_of(message: Message) -> ComplaintReport | None:
    """The complaint that a mail reports (RFC 5965), None if it is no such report. Truncated reports count."""
    reporting = str(message.get_param("report-type", "", header="content-type") or "").lower()
    feedback, recipients, found = "", [], False
    for part in parts_of(message):
        kind = part.get_content_type()
        if kind == "message/feedback-report":
            found = True
            for group in _groups(part):
                feedback = feedback or headers.field(group, "Feedback-Type").lower()
                for name in ("Original-Rcpt-To", "Removal-Recipient", "Redacted-Address"):
                    recipients += [one for value in headers.raw_fields(group, name)
                                   for one in headers.addresses_in(value)]  # fmt: skip
        elif not recipients and kind in {"message/rfc822", "text/rfc822-headers", "text/rfc822-header"}:
            for returned in _returned(part):
                recipients += [one.address for one in headers.parties(returned, "To")]
    if not found and "feedback-report" not in reporting:
        return _unsubscribing(message)
    return ComplaintReport(feedback=feedback or "abuse", recipients=tuple(dict.fromkeys(recipients))[:MOST_RECIPIENTS])


def _unsubscribing(message: Message) -> ComplaintReport | None:
    """What isn't in the standard form: large providers' own reports, and mail programs that unsubscribe a reader."""
    if message.get("X-HmXmrOriginalRecipient"):
        address = headers.addresses_in(headers.field(message, "X-HmXmrOriginalRecipient"))
        return ComplaintReport(feedback="abuse", recipients=tuple(address))
    sender = " ".join(one.address for one in headers.parties(message, "From"))
    if re.search(r"^(?:staff@hotmail|feedbackloop@|fbl[-.\w]*@|complaints?@[\w.]*feedback)", sender, re.IGNORECASE):
        return ComplaintReport(feedback="abuse")
    subject = headers.field(message, "Subject").lower()
    if subject == "unsubscribe" and headers.field(message, "Auto-Submitted").lower().startswith("auto"):
        return ComplaintReport(feedback="opt-out", recipients=tuple(
            one.address for one in headers.parties(message, "From")))  # fmt: skip
    return None


def _groups(part: Message) -> Iterator[Message]:
    """The field groups of a report part, whether the parser made them messages or left them as text."""
    inner = payload_of(part)
    if isinstance(inner, list):
        for one in inner:
            if isinstance(one, Message):
                yield one
                text = one.get_payload()
                if isinstance(text, str) and ":" in text:
                    yield from _text_groups(text)
    else:
        yield from _text_groups(part_text(part))


def _text_groups(text: str) -> Iterator[Message]:
    for group in re.split(r"\n[ \t]*\n", text[:LONGEST_NOTICE].replace("\r\n", "\n").strip()):
        yield HeaderParser().parsestr(group)


def _singles(group: Message) -> Iterator[Message]:
    """A group for each recipient, where a server forgot the empty line between them."""
    if len(group.get_all("Final-Recipient", [])) < 2:
        yield group
        return
    single = Message()
    for name, value in group.items():
        if name.lower() in single and name.lower() in {"final-recipient", "original-recipient"}:
            yield single
            single = Message()
        single[name] = value
    yield single


def _returned(part: Message) -> Iterator[Message]:
    """The mail that a report returns, whole or as its header fields."""
    inner = payload_of(part)
    if isinstance(inner, list):
        for one in inner:
            if isinstance(one, Message):
                yield one
    yield HeaderParser().parsestr(part_text(part)[:LONGEST_NOTICE])


def returned_ids(message: Message, text: str) -> tuple[str, ...]:
    """The message ids of the mails that a report is about: as returned, named in its lines, or answered to."""
    found: list[str] = []
    for part in parts_of(message):
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers", "text/rfc822-header"}:
            for returned in _returned(part):
                found += headers.message_ids(returned, "Message-ID")
    found += [headers.clean(one) for one in _RETURNED_ID.findall(text)]
    found += [*headers.message_ids(message, "In-Reply-To"), *headers.message_ids(message, "References")]
    own = headers.message_ids(message, "Message-ID")
    return tuple(one for one in dict.fromkeys(found) if one not in own)[: headers.MOST_IDS]


def _notice(message: Message) -> str:
    """The words of the machine, up to the mail that it returns."""
    for part in parts_of(message):
        if part.get_content_maintype() == "text" and part.get_content_type() != "text/rfc822-headers":
            text = part_text(part)
            text = plain_of(text) if part.get_content_type() == "text/html" else text
            if text.strip():
                head = _ORIGINAL.split(text[:LONGEST_NOTICE], maxsplit=1)[0]
                return head if len(head.strip()) > 20 else text[:LONGEST_NOTICE]
    return ""


def bounced_of(message: Message, text: str) -> tuple[BouncedRecipient, ...]:
    """The addresses that a mail reports as not reached, with the reason of each. () if it is no bounce."""
    notified = _notified(message, text)
    if notified:
        return notified
    notice = _notice(message)
    found = _reported(message, notice)
    if not found and _looks_bounced(message, text):
        found = _from_notice(message, notice)
    return tuple(found[:MOST_RECIPIENTS])


def _notified(message: Message, text: str) -> tuple[BouncedRecipient, ...]:
    """The bounces of Amazon SES's notifications, where these are sent by mail as JSON rather than to a web hook."""
    if "bouncedRecipients" not in text or not text.lstrip().startswith("{"):
        return ()
    plain = re.sub(r"!?\n ?", "", text[:LONGEST_NOTICE]).replace('\\"', '"')
    found = []
    for block in re.findall(r"\{[^{}]*\"emailAddress\"[^{}]*\}", plain):
        told = dict(re.findall(r"\"(emailAddress|status|action|diagnosticCode)\":\s*\"([^\"]{0,900})\"", block))
        status, said = told.get("status", ""), told.get("diagnosticCode", "")
        kind = phrases.kind_of(_best_status(status, said, ""), said, action=told.get("action", ""))
        address = (headers.addresses_in(told["emailAddress"]) or [""])[0]
        found.append(BouncedRecipient(address=address, kind=kind, status=status, diagnostic=headers.clean(said)))
    return tuple(found[:MOST_RECIPIENTS])


def _looks_bounced(message: Message, text: str) -> bool:
    """Whether the mail's envelope is a bounce's: one strong sign, or two of sender, subject and words."""
    if headers.field(message, "X-Failed-Recipients") or message.get_content_type() == "multipart/report":
        return message.get_param("report-type", "", header="content-type") != "disposition-notification"
    if headers.field(message, "In-Reply-To") and not _SENDER.search(headers.field(message, "From")):
        return False  # people quote bounces when they answer
    signs = [
        _SENDER.search(headers.field(message, "From")),
        _SUBJECT.search(headers.field(message, "Subject")),
        any(value.strip() == "<>" for value in headers.raw_fields(message, "Return-Path")),
        re.search(r"\b[45]\d\d[ -]|[45]\.\d\.\d|(?:not|n't|unable to|could not|failed to) (?:be )?deliver|undeliver"
                  r"|permanent (?:fatal )?error|did not reach|returned to you|unknown (?:user"
                  r"|host)", text[:6000], re.I),
    ]  # fmt: skip
    return sum(bool(one) for one in signs) >= 2


def _reported(message: Message, notice: str) -> list[BouncedRecipient]:
    """What the standard report says of each recipient; its groups may also stand in a part of another type."""
    found: dict[str, BouncedRecipient] = {}
    for part in parts_of(message):
        kind = part.get_content_type()
        if kind != "message/delivery-status" and not (isinstance(payload_of(part), str) and _has_groups(part)):
            continue
        for group in _groups(part):
            for one in (each for single in _singles(group) for each in _of_group(single, notice)):
                found.setdefault(one.address.lower(), one)
    return list(found.values())


def _has_groups(part: Message) -> bool:
    text = part_text(part)[:LONGEST_NOTICE].lower()
    return "final-recipient:" in text and ("action:" in text or "status:" in text)


def _of_group(group: Message, notice: str) -> Iterator[BouncedRecipient]:
    action = headers.field(group, "Action").lower().split(" ")[0].strip(";")
    if action in {"delivered", "relayed", "expanded"}:
        return
    address = ""
    for name in ("Original-Recipient", "Final-Recipient", "X-Actual-Recipient"):
        inside = headers.addresses_in(headers.field(group, name).rpartition(";")[2])
        address = address or (inside[0] if inside else "")
    if not address:
        return
    said = " ".join(headers.clean(one) for one in headers.raw_fields(group, "Diagnostic-Code"))
    field = phrases.status_in(headers.field(group, "Status"))
    lines = _lines_about(address, notice)
    status = _best_status(field, said, lines)
    words = said if len(re.sub(r"^\w+;|[\d.\s-]", "", said)) > 6 else f"{said} {lines}"
    stage = "data" if _STAGE.search(f"{lines} {said}") else ""
    kind = phrases.kind_of(status, words, action=action, stage=stage)
    yield BouncedRecipient(address=address, kind=kind, status=status, diagnostic=(said or lines)[:LONGEST_DIAGNOSTIC])


def _best_status(field: str, said: str, lines: str) -> str:
    """The code that says most: the server's own words carry the real one where the report's field is a mere 5.0.0."""
    vague = not field or field.split(".")[1:] == ["0", "0"]
    inside = phrases.status_in(said)
    if inside and (vague or inside[0] == field[0]):
        return inside
    return (phrases.status_in(lines) or field) if vague and not said else field


def _lines_about(address: str, notice: str) -> str:
    """What the notice says around an address; all of a notice that doesn't name it."""
    at = notice.lower().find(address.lower())
    where = notice if at < 0 else notice[max(0, at - 200) : at + 900]
    return " ".join(where.split())[:LONGEST_DIAGNOSTIC]


def _from_notice(message: Message, notice: str) -> list[BouncedRecipient]:
    """What a notice without a standard report says: its recipients, each with the lines up to the next one's."""
    own = {one.address.lower() for name in ("To", "From") for one in headers.parties(message, name)}
    placed: dict[str, int] = {}
    for address in _candidates(message, notice):
        if address.lower() not in own:
            at = notice.lower().find(address.lower())
            placed.setdefault(address, max(at, 0))
    if not placed:
        placed = dict.fromkeys(_library_finds(message), 0) or {"": 0}
    ordered = sorted(placed.items(), key=lambda one: one[1])
    found = []
    for place, (address, at) in enumerate(ordered):
        following = ordered[place + 1][1] if place + 1 < len(ordered) else len(notice)
        said = _said(notice, at, following) if len(ordered) > 1 and following > at else notice
        lines = " ".join(said.split())[: LONGEST_DIAGNOSTIC * 3]
        action = "delayed" if _STILL_TRYING.search(notice) else ""
        status = phrases.status_in(lines)
        if len(ordered) == 1 and len(said) < 500:
            lines = f"{lines} {headers.field(message, 'Subject')}"
        kind = phrases.kind_of(status, lines, action=action, stage="data" if _STAGE.search(lines) else "")
        found.append(BouncedRecipient(address=address, kind=kind, status=status, diagnostic=lines[:LONGEST_DIAGNOSTIC]))
    return found


def _said(notice: str, at: int, following: int) -> str:
    """The lines about one of several recipients: its own line where that is an answer of a server, else a few."""
    line = notice.rfind("\n", 0, at) + 1
    end = notice.find("\n", at)
    if re.match(r"\s*[45]\d\d[ -]", notice[line:at]) and end > 0:
        return notice[line:end]
    return notice[at : min(following, at + 250)]


def _candidates(message: Message, notice: str) -> list[str]:
    """The addresses that a notice means, the surest source first."""
    failed = headers.addresses_in(headers.field(message, "X-Failed-Recipients"))
    if failed:
        return failed
    lines = [found[1] for line in notice.splitlines() if (found := _LINE_ADDRESS.match(line[:400]))]
    named = lines or _NAMED_ADDRESS.findall(notice)
    return [one for each in named for one in headers.addresses_in(each)][:MOST_RECIPIENTS]


def _library_finds(message: Message) -> list[str]:
    plain = copy(message)
    for name in {name for name, value in message.items() if not isinstance(value, str)}:
        del plain[name]  # bytes outside ASCII stand in objects that the library takes for text
        for value in headers.raw_fields(message, name):
            plain[name] = value.encode("ascii", "replace").decode()
    try:
        temporary, permanent = all_failures(plain)
    except (ValueError, TypeError, AttributeError, IndexError, LookupError, UnicodeError, AssertionError):
        return []
    return sorted(headers.decoded(one, "ascii") for one in {*temporary, *permanent})


__all__ = ["BounceKind", "bounced_of", "complaint_of", "returned_ids"]
