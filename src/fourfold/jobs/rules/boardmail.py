"""How mails of job boards are read: pure, from a mail's text and head to what it says of an applicant.

Each board's rule says what it was written from. Broadbean documents its form: the applicant stands in From or
Reply-To, the CV is attached; its headers name board and reference. Indeed's and Totaljobs' were written from mails that
recruiters published. Reed's and CV-Library's are assumed: labelled lines, as boards write them. What isn't found is
left empty, never guessed: the mail then waits for a colleague.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from fourfold.jobs.types.intake import BoardRead, LearntRule, MailText

EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
PHONE = re.compile(r"(?<![\w/.-])(?:\+|00|0)[\d ()./-]{8,19}\d(?![\w/-])")
LABEL = re.compile(r"^\s*[*•-]?\s*([A-Za-z][A-Za-z0-9 '/()-]{0,40}?)\s*[:：]\s*(.*)$")
VALUES = ("name", "email", "phone", "reference")
MOST_LINES = 400
LONGEST_VALUE = 160
_NAMES = ("name", "full name", "candidate name", "candidate", "applicant", "applicant name", "jobseeker")
_EMAILS = ("email", "e-mail", "email address", "e-mail address", "candidate email", "applicant email")
_PHONES = (
    "phone", "telephone", "mobile", "tel", "phone number", "telephone number", "mobile number", "contact number",
    "mobile phone", "home telephone", "mobile telephone",
)  # fmt: skip
_REFERENCES = (
    "reference", "job reference", "job ref", "ref", "your reference", "vacancy reference", "your ref", "vacancy ref",
    "advert reference", "job reference number",
)  # fmt: skip
_TITLES = ("job title", "job", "vacancy", "position", "role", "vacancy title", "applied for")
LABELS = {"name": _NAMES, "email": _EMAILS, "phone": _PHONES, "reference": _REFERENCES, "title": _TITLES}
_KNOWN_LABELS = {label for several in LABELS.values() for label in several}
_APPLICATION = re.compile(
    r"\b(appl(?:y|ied|ication|icant)s?|candidate|cv attached|curriculum vitae|r[ée]sum[ée])\b", re.IGNORECASE
)
_CV = re.compile(r"\.(pdf|docx?|odt|rtf)$", re.IGNORECASE)
_CV_NAME = re.compile(r"\b(cv|resume|curriculum|lebenslauf)\b|cv[._ -]|resume", re.IGNORECASE)


def lines_of(text: str) -> tuple[str, ...]:
    """The lines that say something, in their order."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())[:MOST_LINES]


def labelled(text: str) -> dict[str, str]:
    """Values by their label in lower case: ``Label: value``, or the value on the line below an empty label."""
    found: dict[str, str] = {}
    lines = lines_of(text)
    for at, line in enumerate(lines):
        match = LABEL.match(line)
        if not match:
            continue
        label, value = " ".join(match[1].lower().split()), match[2].strip()
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if not value and following and not LABEL.match(following):
            value = following
        if value:
            found.setdefault(label, value[:LONGEST_VALUE])
    return found


def _by_labels(text: str) -> dict[str, str]:
    held = labelled(text)
    found = {}
    for what, labels in LABELS.items():
        value = next((held[label] for label in labels if label in held), "")
        if value:
            found[what] = _clean(what, value)
    return {what: value for what, value in found.items() if value}


def _clean(what: str, value: str) -> str:
    """A value without what stands around it: an address in brackets, a number with its words."""
    if what == "email":
        match = EMAIL.search(value)
        return match[0].lower() if match else ""
    if what == "phone":
        match = PHONE.search(value)
        return match[0].strip() if match else ""
    if what == "reference":
        return value.split(maxsplit=1)[0].strip("[]()#.,;") if value.split() else ""
    return " ".join(value.split())[:LONGEST_VALUE]


def _answers(text: str) -> tuple[tuple[str, str], ...]:
    """Questions that a board asked, with the answers: a line that ends with a question mark, and the one below."""
    lines = lines_of(text)
    pairs = pairwise(lines)
    return tuple((one[:200], two[:500]) for one, two in pairs if one.endswith("?") and not two.endswith("?"))[:20]


def _read(board: str, mail: MailText, **known: str) -> BoardRead:
    """Labelled lines, under what the board's own form says for certain."""
    found = {**_by_labels(mail.text), **{what: value for what, value in known.items() if value}}
    words = {what: found.get(what, "") for what in ("name", "email", "phone", "reference", "title")}
    return BoardRead(board=board, answers=_answers(mail.text), **words)


_INDEED_SUBJECT = re.compile(r"^(?P<title>.+?) candidate\s*[-–]\s*(?P<name>.+?) applied on indeed", re.IGNORECASE)
_INDEED_BODY = re.compile(r"^(?P<name>.{2,80}?) applied to the (?P<title>.+?) position posted on indeed", re.I | re.M)


def _indeed(mail: MailText) -> BoardRead:
    """Sampled. From is the applicant behind Indeed's relay: “Jo Bloggs (Indeed)”; the subject names the job."""
    subject, body = _INDEED_SUBJECT.search(mail.subject), _INDEED_BODY.search(mail.text)
    relayed = mail.sender if mail.sender.endswith("@indeedemail.com") else ""
    name = (subject and subject["name"]) or (body and body["name"]) or _without_board(mail.sender_name, "Indeed")
    title = (subject and subject["title"]) or (body and body["title"]) or ""
    read = _read("Indeed", mail, name=name or "", title=title)
    return read if read.email else replace(read, email=relayed.lower())


def _without_board(name: str, board: str) -> str:
    """“Jo Bloggs (Indeed)” → “Jo Bloggs”; "" where the name is the board's own."""
    if f"({board.lower()})" not in name.lower():
        return ""
    return re.sub(rf"\s*\({board}\)\s*", " ", name, flags=re.IGNORECASE).strip()


_TOTALJOBS_SUBJECT = re.compile(
    rf"^(?P<email>{EMAIL.pattern})\s*[-–]\s*Totaljobs\s*[-–]\s*(?:\w+ )?application for (?P<title>.+?)"
    r"(?:\s+(?P<reference>[A-Za-z]*\d[\w/-]*))?$",
    re.IGNORECASE,
)
_TOTALJOBS_FILE = re.compile(r"^(?P<name>.+?)\s*\((?:[0-9a-f-]{20,}|[^)]*Totaljobs)[^)]*\)", re.IGNORECASE)


def _totaljobs(mail: MailText) -> BoardRead:
    """Sampled. “jo@example.org - Totaljobs - Suitable application for Developer tw398”; the CV's file has the name."""
    subject = _TOTALJOBS_SUBJECT.search(mail.subject.strip())
    given = {what: value or "" for what, value in subject.groupdict().items()} if subject else {}
    read = _read("Totaljobs", mail, **given)
    names = [match for one in mail.files if (match := _TOTALJOBS_FILE.match(one))]
    if not read.name and names:
        read = replace(read, name=re.sub(r"\s*\([^)]*\)", "", names[0]["name"]).strip())
    return read


_REED_SUBJECT = re.compile(
    r"application (?:from (?P<name>.+?) )?for (?:your (?:job|vacancy)[:]? )?(?P<title>.+?)"
    r"(?:\s*\(ref[.:]? ?(?P<reference>[\w/-]+)\))?$",
    re.IGNORECASE,
)


def _reed(mail: MailText) -> BoardRead:
    """Assumed. Labelled lines, and a subject “Application from Jo Bloggs for Tester (Ref: J00012)”."""
    return _from_subject("Reed", mail, _REED_SUBJECT)


def _cv_library(mail: MailText) -> BoardRead:
    """Assumed. Labelled lines, and a subject “CV-Library: application for Tester (Ref: J00012)”."""
    return _from_subject("CV-Library", mail, _REED_SUBJECT)


def _from_subject(board: str, mail: MailText, form: re.Pattern[str]) -> BoardRead:
    match = form.search(mail.subject.strip())
    given = {what: value or "" for what, value in match.groupdict().items()} if match else {}
    said = _by_labels(mail.text)
    return _read(board, mail, **{what: value for what, value in given.items() if what not in said})


def _broadbean(mail: MailText) -> BoardRead:
    """Documented. The applicant is in Reply-To or From; headers X-Aplitrak-… have board, reference, title."""
    fields = mail.fields
    board = fields.get("x-aplitrak-responding-board-name", "").strip()
    reply = fields.get("reply-to", "")
    address = next(
        (match[0].lower() for text in (fields.get("x-aplitrak-original-from-address", ""), reply, mail.sender)
         if (match := EMAIL.search(text)) and "aplitrak" not in match[0].lower()), "",
    )  # fmt: skip
    shown = re.sub(rf"<?{EMAIL.pattern}>?", "", reply).strip(' "') or mail.sender_name
    return _read(
        f"Broadbean: {board}" if board else "Broadbean", mail, email=address, name="" if "@" in shown else shown,
        reference=fields.get("x-aplitrak-original-ref", "").strip(),
        title=fields.get("x-aplitrak-original-jobtitle", "").strip(),
    )  # fmt: skip


Reader = Callable[[MailText], BoardRead]
DOMAINS: Mapping[str, Reader] = {
    "indeedemail.com": _indeed,
    "indeed.com": _indeed,
    "totaljobsmail.com": _totaljobs,
    "totaljobs.com": _totaljobs,
    "reed.co.uk": _reed,
    "cv-library.co.uk": _cv_library,
    "aplitrak.com": _broadbean,
    "broadbean.com": _broadbean,
}


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _reader(mail: MailText) -> Reader | None:
    if any(name.startswith("x-aplitrak-") for name in mail.fields):
        return _broadbean
    domain = domain_of(mail.sender)
    return next((DOMAINS[one] for one in DOMAINS if domain == one or domain.endswith(f".{one}")), None)


def read_mail(mail: MailText, learnt: Sequence[LearntRule] = ()) -> BoardRead | None:
    """What a board's mail says, by what the house has learnt of its sender, else by the board's rule; None without one.

    A mail of a known board that is about no applicant (an invoice, an alert) gives None too.
    """
    rule = next((one for one in learnt if one.domain in (domain_of(mail.sender), mail.sender)), None)
    if rule is not None:
        return _learnt(mail, rule)
    reader = _reader(mail)
    if reader is None:
        return None
    read = reader(mail)
    return read if read.name or read.reference or is_about_an_applicant(mail) else None


def _learnt(mail: MailText, rule: LearntRule) -> BoardRead:
    held, lines = labelled(mail.text), lines_of(mail.text)
    found = {}
    for what, (how, text) in rule.places.items():
        value = ""
        if how == "label":
            value = held.get(text.lower(), "")
        elif how == "below":
            value = next((below for above, below in pairwise(lines) if above == text), "")
        elif how == "sender":
            value = mail.sender_name if what == "name" else mail.sender
        if value and what in VALUES:
            found[what] = _clean(what, value)
    said = {what: value for what, value in _by_labels(mail.text).items() if what not in rule.places}
    words = {what: found.get(what) or said.get(what, "") for what in (*VALUES, "title")}
    return BoardRead(board=rule.board, answers=_answers(mail.text), **words)


def is_about_an_applicant(mail: MailText) -> bool:
    """Whether a mail looks like an application: it says so, and carries a CV or somebody's address."""
    if not _APPLICATION.search(f"{mail.subject}\n{mail.text[:2_000]}"):
        return False
    return bool(cv_of(mail.files)) or bool(EMAIL.search(mail.text))


def cv_of(files: Sequence[str]) -> str:
    """Which of these files is the CV: one that is called so, else the first document; "" where there is none."""
    documents = [one for one in files if _CV.search(one)]
    return next((one for one in documents if _CV_NAME.search(one)), documents[0] if documents else "")


def guess(lines: Sequence[str], sender_name: str = "") -> dict[str, int]:
    """Which line a first look takes each value from, by its number; -1 stands for the sender's name."""
    found: dict[str, int] = {}
    for at, line in enumerate(lines):
        match = LABEL.match(line)
        label = " ".join(match[1].lower().split()) if match else ""
        for what, labels in LABELS.items():
            if what in VALUES and label in labels and what not in found:
                found[what] = at if match and match[2].strip() else min(at + 1, len(lines) - 1)
        if "email" not in found and EMAIL.search(line):
            found["email"] = at
        if "phone" not in found and PHONE.search(line):
            found["phone"] = at
    if "name" not in found and sender_name:
        found["name"] = -1
    return found


def value_at(what: str, line: str) -> str:
    """A value from the line that a colleague chose: what stands behind its label, or the whole line."""
    match = LABEL.match(line)
    return _clean(what, match[2] if match and match[2].strip() else line)


def place_of(lines: Sequence[str], at: int) -> tuple[str, str]:
    """How the next mail of this sender is read at that place: by the label on the line, else by the line above."""
    if at < 0:
        return ("sender", "")
    match = LABEL.match(lines[at])
    if match and match[2].strip():
        return ("label", " ".join(match[1].lower().split()))
    above = lines[at - 1] if at else ""
    over = LABEL.match(above)
    if over and not over[2].strip():
        return ("label", " ".join(over[1].lower().split()))
    return ("below", above)


def references_in(text: str) -> tuple[str, ...]:
    """Words that may be a job's reference: letters and digits together, or digits alone; each once."""
    words = re.findall(r"(?<![\w@.])[A-Za-z]{0,6}[-/]?\d[\w/-]{1,22}(?![\w@])", text)
    return tuple(dict.fromkeys(one.strip("-/") for one in words))[:60]
