"""What a person wrote, without what they quote and without their signature. Line by line, so in linear time.

A library does this with patterns that backtrack over the whole text (mail-parser-reply); on mail that strangers
write, time must be bounded. ``benchmarks.inbound_mail`` prints both.
"""

from __future__ import annotations

import re

from fourfold.contact.reading.bodies import QUOTE_BEGINS

ATTRIBUTION_LINES = 4  # an attribution wraps over this many lines at the most
LONGEST_LINE = 2_000  # characters of a line that patterns look at

_QUOTED = re.compile(r"^\s{0,3}(?:>|\|\s|[A-Z]{0,3}>)")
_VERB = re.compile(
    r"\b(?:wrote|writes|schrieb|a écrit|escribió|schreef|escreveu|skrev|ha scritto|napisał|написал(?:а|\(а\))?|пишет"
    r"|geschreven|ha escrit|kirjoitti|napsal)\b[^!?]{0,160}$|\w>wrote:\s*$",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"^\W{0,3}(?:On|Am|Le|El|Op|Em|Den|Il|W dniu|Dne|Em|A|Dia|\d{1,4}[./-]\d|\d{1,2}[. ]|mån|tis|ons|tor|fre|lör|sön"
    r"|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b",
    re.IGNORECASE,
)
_DATED = re.compile(r"\d{1,2}[:.h]\d\d|\b(?:19|20)\d\d\b|@")
_ORIGINAL = re.compile(
    r"^\W*[-_=]{2,}\s*(?:original message|original appointment|forwarded message|ursprüngliche nachricht"
    r"|urspr\.? nachricht|message d['’]origine|message original|mensaje original|oorspronkelijk bericht"
    r"|mensagem original|ursprungligt meddelande|originalmeddelande|messaggio originale|weitergeleitete nachricht"
    r"|message transféré|исходное сообщение|reply above this line|antworten sie oberhalb)\s*[-_=]{2,}\W*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^[>*\s]*(?:from|von|de|van|från|fra|da|от|od|expéditeur|expeditor|remitente)\s?:[*\s]", re.I)
_FIELD = re.compile(
    r"^[>*\s]*(?:from|sent|date|to|cc|bcc|subject|reply-to|importance|von|gesendet|datum|an|betreff|de|envoyé|à|objet"
    r"|enviado(?: el| em)?|fecha|para|asunto|assunto|data|van|verzonden|aan|onderwerp|från|skickat|till|ämne"
    r"|kopia|kopie"
    r"|da|inviato|a|oggetto|fra|til|emne|от|отправлено"
    r"|кому|тема|дата|копия)\s?:",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*[_=-]{10,}\s*$")
_DASHES = re.compile(r"^\s?(?:--|—|__)\s*$")
_MOBILE = re.compile(
    r"^\W*(?:sent (?:from|via|with|on the move)|get outlook for|von meinem|gesendet (?:von|mit)"
    r"|diese nachricht wurde von"
    r"|envoyé (?:de |à partir de |depuis )|télécharg\w+ outlook|enviado (?:desde|do|de|a partir)|obter o outlook"
    r"|verzonden (?:vanaf|met|vanuit)|verstuurd vanaf|skickat från|inviato da"
    r"|отправлено)\b[^.,;!?]{0,60}(?:\([^()]*\)|"
    r"<[^<>]*>)?[.!]?(?:\s(?:apologies|excuse|please excuse|sorry|pardon)\b.{0,100})?$",
    re.IGNORECASE,
)
_MOBILE_ON = re.compile(r"^\W*sent from my (?:i?phone|ipad|mobile|android|galaxy|samsung|pixel|blackberry)\b", re.I)
_DASH_NAME = re.compile(r"^\s{0,3}[-–—~]\s{0,2}[A-ZÀ-Þ][\w.'’-]*(?:\s[A-ZÀ-Þ][\w.'’-]*){0,3}\s*$")
_NOTICE = re.compile(
    r"^\W*(?:this (?:e-?mail|message|communication|transmission)(?:\s\w+){0,5}\s(?:is|are|may|contains?|and any)\b"
    r"|the (?:information|contents?) (?:contained )?(?:in|of) this|confidential(?:ity)?(?: notice)?:|disclaimer\b"
    r"|important notice|privileged|please consider the environment|think before you print|if you (?:are not"
    r"|have received"
    r" this)|registered (?:office|in england|company)|scanned by|our privacy (?:notice|policy)|(?:see|read"
    r"|view) our privacy|this email is sent (?:for|on) |virus-free|caution:|external (?:e-?mail|sender)"
    r"|diese (?:e-?mail|nachricht) (?:enthält|ist|kann)|ce (?:message|courriel)(?: électronique)? (?:est|et|peut"
    r"|contient)"
    r"|este (?:mensaje|correo|e-?mail)(?: electrónico)? (?:es|y|puede|contiene|va)|dit (?:bericht"
    r"|e-?mail)(?:bericht)? "
    r"(?:is|kan|en|bevat)|esta mensagem (?:é|e|pode|contém)|detta (?:meddelande|mejl|e-?post\w*) (?:är|kan|och)"
    r"|vertraulich|confidentialité|aviso (?:legal|de confidencialidad))",
    re.IGNORECASE,
)
_NOTICE_WORDS = re.compile(
    r"confidential|privileged|intended (?:solely|only|recipient)|addressee|unauthori[sz]ed|disclos|received (?:it"
    r"|this) in"
    r" error|vertraulich|empfänger|destinat|confidenci|confidentiel|vertrouwelijk|geadresseerde|konfidentiell"
    r"|mottagare"
    r"|personal data|on behalf of|environment|print|registered|virus|viruses|outside (?:of )?(?:the|your"
    r"|our) organi[sz]ation|do not click",
    re.IGNORECASE,
)


def author_text(text: str) -> str:
    """The text without quoted mail: headers of older mails, attributions and lines that begin with ">".

    Answers written between or below quoted lines stay. A mail that is all quote gives "".
    """
    lines = [line[:LONGEST_LINE].rstrip() for line in text.split("\n")]
    end = _quote_begins(lines)
    kept: list[str] = []
    for at, line in enumerate(lines[:end]):
        if _quoted(line):
            if not (at and _quoted(lines[at - 1])):
                _drop_attribution(kept)
            continue
        kept.append(line)
    return _closed(kept)


def _quoted(line: str) -> bool:
    return bool(_QUOTED.match(line))


def _quote_begins(lines: list[str]) -> int:
    """The line from which all is an older mail; the number of lines if there is none."""
    for at, line in enumerate(lines):
        if line == QUOTE_BEGINS or _ORIGINAL.match(line):
            return at
        if _is_header_block(lines, at):
            before = at - 1
            while before >= 0 and not lines[before].strip():
                before -= 1
            return before if before >= 0 and _RULE.match(lines[before]) else at
        if _OPENS.match(line) and line.strip():
            length = _attribution_length(lines, at)
            if length and not _answers_below(lines, at + length):
                return at
    return len(lines)


def _is_header_block(lines: list[str], at: int) -> bool:
    """Whether a block of header fields of an older mail begins here: From and two more of them in the next lines."""
    line = lines[at]
    if _quoted(line) or not _FIELD.match(line):
        return False
    block = [one for one in lines[at : at + 12] if one.strip()][:6]
    if not any(_FROM.match(one) for one in block[:4]):
        return False
    fields = sum(bool(_FIELD.match(one)) for one in block)
    return fields >= 3 or (fields >= 2 and any("@" in one for one in block[:2]))


def _attribution_length(lines: list[str], at: int) -> int:
    """How many lines "On …, somebody wrote:" takes from here; 0 if it isn't one. Sentences merely begin alike."""
    joined = ""
    for length in range(1, ATTRIBUTION_LINES + 1):
        if at + length > len(lines) or not lines[at + length - 1].strip():
            return 0
        if length > 1 and _quoted(lines[at + length - 1]):
            return 0
        joined = f"{joined} {lines[at + length - 1].strip()}".strip()[:400]
        if _VERB.search(joined) and _DATED.search(joined) and joined.rstrip().endswith((":", "wrote")):
            return length
    return 0


def _answers_below(lines: list[str], at: int) -> bool:
    """Whether quoted lines follow and, after them, words that aren't quoted: an answer between or below."""
    below = [line for line in lines[at:] if line.strip()]
    return bool(below) and _quoted(below[0])


def _drop_attribution(kept: list[str]) -> None:
    """Take back the attribution that stands right above a quoted block."""
    at = len(kept)
    while at and not kept[at - 1].strip():
        at -= 1
    for length in range(1, ATTRIBUTION_LINES + 1):
        first = at - length
        if first < 0 or not kept[first].strip():
            return
        joined = " ".join(line.strip() for line in kept[first:at])
        named = _VERB.search(joined) and _DATED.search(joined)
        dated = joined.endswith(":") and _DATED.search(joined) and re.match(r"^\W{0,3}(?:\d|\w{2,4}[,.]? \d)", joined)
        if (named and _OPENS.match(kept[first])) or dated:
            del kept[first:]
            return


def _closed(lines: list[str]) -> str:
    text = "\n".join(lines)
    while "\n\n\n\n" in text:
        text = text.replace("\n\n\n\n", "\n\n\n")
    return text.strip("\n").rstrip() if text.strip() else ""


def without_signature(text: str) -> str:
    """The author's words without signature, mobile footer, list footer and legal notice.

    Sign-offs ("Thanks, Alex") are words and stay. If nothing would be left, the text stays as it is: somebody may
    write below the dashes.
    """
    lines = text.split("\n")
    end = len(lines)
    for at, line in enumerate(lines):
        if _ends_here(lines, at, line):
            end = at
            break
    kept = lines[:end]
    while kept and not kept[-1].strip():
        kept.pop()
    if len(kept) > 1 and _DASH_NAME.match(kept[-1]) and not kept[-2].lstrip().startswith("-"):
        kept.pop()
    return _closed(kept) or text.strip()


def _ends_here(lines: list[str], at: int, line: str) -> bool:
    if not line.strip():
        return False
    if _DASHES.match(line) or _RULE.match(line):
        return not _RULE.match(line) or at > 0
    if _MOBILE.match(line) or _MOBILE_ON.match(line):
        return True
    if _NOTICE.match(line):
        return bool(_NOTICE_WORDS.search(" ".join(lines[at : at + 4])))
    return False
