"""Read a CV's text: name, addresses, jobs, skills. Pure: nothing is guessed that stands on no line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import phonenumbers

from fourfold.people.rules.persons import normalise, plain
from fourfold.people.types import Identifier, Scheme
from fourfold.people.types.adding import ReadFrom, Reading, Seen, SeenAddress, SeenJob, SeenSkill

HEADINGS = {
    "experience": "jobs", "work experience": "jobs", "professional experience": "jobs", "employment": "jobs",
    "employment history": "jobs", "work history": "jobs", "career history": "jobs", "career": "jobs",
    "relevant experience": "jobs", "professional background": "jobs", "positions": "jobs", "berufserfahrung": "jobs",
    "expérience professionnelle": "jobs", "experiencia": "jobs", "experiencia profesional": "jobs",
    "skills": "skills", "key skills": "skills", "technical skills": "skills", "core skills": "skills",
    "top skills": "skills", "technologies": "skills", "core competencies": "skills", "expertise": "skills",
    "skills & tools": "skills", "kenntnisse": "skills", "compétences": "skills", "habilidades": "skills",
    "education": "other", "education and training": "other", "qualifications": "other", "certifications": "other",
    "certificates": "other", "languages": "other", "projects": "other", "publications": "other", "awards": "other",
    "honors": "other", "honours": "other", "selected honors": "other", "patents": "other", "references": "other",
    "interests": "other", "hobbies": "other", "summary": "other", "profile": "other", "about": "other",
    "about me": "other", "contact": "other", "volunteering": "other", "volunteer experience": "other",
    "invited talks": "other", "training": "other", "achievements": "other", "personal details": "other",
    "objective": "other", "personal statement": "other", "honors-awards": "other", "ausbildung": "other",
    "formation": "other", "educación": "other", "any section title": "other", "organizations": "other",
}  # fmt: skip
TITLE_WORDS = frozenset(
    """
    accountant adviser advisor administrator advocate agent analyst architect artist assistant associate auditor
    baker banker barista broker buyer carer cashier ceo cfo chair chairman chef chief clerk cleaner cmo coach co-
    founder cofounder consultant controller coo coordinator copywriter counsel cpo cto dentist designer developer
    director doctor driver economist editor electrician engineer estimator executive fellow founder freelancer
    generalist head hr intern interpreter inspector investigator journalist lawyer lead leader lecturer librarian
    machinist manager marketer mechanic mentor midwife nurse officer operator owner paralegal partner pharmacist
    photographer physician pilot planner plumber president principal producer professor programmer psychologist
    receptionist recruiter representative researcher scientist scrum secretary sales seo solicitor specialist
    statistician steward strategist student supervisor support surveyor surgeon teacher teamlead technician
    technologist tester therapist trainee trainer translator tutor underwriter vet vice volunteer vp waiter welder
    worker writer
    """.split()  # noqa: SIM905 (a list of words is read better so)
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAY = r"(?:(?P<m{n}>[A-Za-z]{{3,9}})\.?,?\s+|(?P<d{n}>\d{{1,2}})[/.])?(?P<y{n}>(?:19|20)\d\d)"
_NOW = r"present|now|current|currently|today|ongoing|to date|heute|actualidad|aujourd’hui"
_SPAN = re.compile(
    _DAY.format(n=1) + r"\s*(?:[-–—−]+|\bto\b|\buntil\b)\s*(?:(?P<now>" + _NOW + r")\b|" + _DAY.format(n=2) + ")",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\bsince\s+" + _DAY.format(n=1), re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[•◆◦▪▫●○■□➢➤‣⁃∙*·\uf0b7\uf0a7]|[-–—]\s)\s*")
_LENGTH = re.compile(r"^\(?\s*(?:\d+\s+(?:years?|months?|yrs?|mos?)\s*)+\)?$", re.IGNORECASE)
_FOOT = re.compile(r"\d+\s*/\s*\d+$|^Page \d+|^https?://|^mailto:", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*(?:linkedin\.com/in|github\.com|gitlab\.com|xing\.com/profile|stackoverflow\.com/users)"
    r"/[\w%./-]*[\w%]",
    re.IGNORECASE,
)
_PLACE_AFTER = re.compile(r"^(?P<what>.+?)\s+[–—-]\s+(?P<where>[^–—]*)$")
_NOT_A_NAME = re.compile(
    r"curriculum|vitae|r[eé]sum[eé]|\bcv\b|updated|page|profile|confidential|contact|summary|engineer\b|manager\b|lebenslauf",
    re.IGNORECASE,
)
HEAD_LINES = 12
"""How far from the top a name and a town are looked for."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    part: str


def read_cv(text: str, *, country: str, skills: Collection[str] = (), towns: Collection[str] = ()) -> Reading:
    """What a CV says. ``skills`` are those the house knows, ``towns`` those of ``town_candidates`` that are towns."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    linkedin = _is_linkedin(lines)
    parts = list(_sections(lines))
    addresses = tuple(read_addresses(text, country=country))
    name, top = _name(lines, addresses, linkedin)
    jobs = tuple(_jobs([one.text for one in parts if one.part == "jobs"], linkedin=linkedin))
    headline = _headline(lines, top, jobs) if linkedin else None
    if headline is None:
        job = next((one for one in jobs if one.present and one.title), None)
        headline = Seen(job.title, job.line) if job else None
    return Reading(
        read_from=ReadFrom.LINKEDIN if linkedin else ReadFrom.CV,
        name=name,
        headline=headline,
        city=_city(lines[:HEAD_LINES] if not linkedin else lines[top : top + 5], towns),
        addresses=addresses,
        jobs=jobs,
        skills=tuple(read_skills(text, [one.text for one in parts if one.part == "skills"], known=skills)),
    )


def _is_linkedin(lines: Sequence[str]) -> bool:
    """What LinkedIn's “Save to PDF” writes: the profile's address marked (LinkedIn), and pages counted in words."""
    top = " ".join(lines[:40])
    return "(LinkedIn)" in top or bool(re.search(r"\bPage 1 of \d", " ".join(lines)) and "linkedin.com/in/" in top)


def _sections(lines: Sequence[str]) -> Iterator[_Line]:
    part = "top"
    for line in lines:
        heading = plain(line.strip(" :•|-–—_=")).casefold()
        if heading in HEADINGS and len(line) < 40:
            part = HEADINGS[heading]
            continue
        before, colon, rest = line.partition(":")
        if colon and rest.strip() and HEADINGS.get(before.strip().casefold()) == "skills":
            yield _Line(rest.strip(), "skills")
            continue
        yield _Line(line, part)


def read_addresses(text: str, *, country: str) -> Iterator[SeenAddress]:
    """E-mail addresses, phone numbers and profiles, each once, with their line."""
    seen: set[Identifier] = set()
    for line in text.split("\n"):
        found = [normalise(Scheme.EMAIL, one) for one in _EMAIL.findall(line)]
        found += [normalise(Scheme.PROFILE, one) for one in _LINK.findall(line)]
        if not _SPAN.search(line):
            rest = _LINK.sub(" ", _EMAIL.sub(" ", line))
            found += [normalise(Scheme.PHONE, number, country=country) for number in _numbers(rest, country)]
        for one in found:
            if one and one not in seen:
                seen.add(one)
                yield SeenAddress(one, line.strip())


def _numbers(line: str, country: str) -> Iterator[str]:
    """Phone numbers in a line: valid ones, and possible ones written as such (+…, 0…) of nine digits or more."""
    lenient = phonenumbers.Leniency.POSSIBLE
    for match in phonenumbers.PhoneNumberMatcher(line, country, leniency=lenient):
        written = match.raw_string[0] in "+0(" and sum(letter.isdigit() for letter in match.raw_string) >= 9
        if written or phonenumbers.is_valid_number(match.number):
            yield match.raw_string


def _name(lines: Sequence[str], addresses: Sequence[SeenAddress], linkedin: bool) -> tuple[Seen | None, int]:
    """The name, and the number of its line."""
    if linkedin:
        slug = next((one.identifier.value for one in addresses if "linkedin.com/in/" in one.identifier.value), "")
        wanted = set(re.split(r"[-_./\d]+", slug.rpartition("/in/")[2])) - {""}
        for at, line in enumerate(lines[:80]):
            words = plain(line).casefold().split()
            if _looks_like_name(line) and wanted and {words[0], words[-1]} <= wanted:
                return Seen(_tidy_name(line), line), at
    for at, line in enumerate(lines[:HEAD_LINES]):
        if _looks_like_name(line):
            return Seen(_tidy_name(line), line), at
        first = re.split(r"\s*[|•·\t]\s*|\s{2,}|,\s", line)[0]
        if first != line and _looks_like_name(first):
            return Seen(_tidy_name(first), line), at
    return None, 0


def _looks_like_name(line: str) -> bool:
    words = line.replace(",", " ").split()
    if not 2 <= len(words) <= 5 or len(line) > 60 or _NOT_A_NAME.search(line) or plain(line).casefold() in HEADINGS:
        return False
    if TITLE_WORDS & {word.casefold().strip(",.") for word in words}:
        return False
    small = {"de", "da", "di", "van", "von", "der", "den", "la", "le", "bin", "al", "el", "y", "e", "dos", "du", "ter"}
    return all(
        word in small or (re.fullmatch(r"[^\W\d_](?:[^\W\d_]|['’.-])*", word) and word[0].isupper()) for word in words
    )


def _tidy_name(line: str) -> str:
    name = " ".join(line.split())
    return name.title() if name.isupper() else name


def _headline(lines: Sequence[str], top: int, jobs: Sequence[SeenJob]) -> Seen | None:
    """On LinkedIn's PDF the line under the name."""
    following = lines[top + 1 : top + 2]
    return Seen(following[0][:160], following[0]) if following and following[0].casefold() not in HEADINGS else None


def town_candidates(text: str) -> list[str]:
    """What may be a town among the first lines: pieces between commas and bars that begin with a capital."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    head = lines[:60] if _is_linkedin(lines) else lines[:HEAD_LINES]
    return list(dict.fromkeys(piece for line in head for piece in _pieces(line)))


def _pieces(line: str) -> list[str]:
    pieces = re.split(r"\s*[,|•·;/()\t\uf000-\uf8ff]\s*|\s+[–—-]\s+|\s{2,}", line)
    pieces = [re.sub(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b|\b\d{4,5}\b", "", piece).strip(" .") for piece in pieces]
    return [one for one in pieces if 2 < len(one) <= 40 and one[0].isupper() and not re.search(r"[\d@]", one)]


def _city(lines: Sequence[str], towns: Collection[str]) -> Seen | None:
    for line in lines:
        for piece in _pieces(line):
            if piece in towns and not (_looks_like_name(line) and line == lines[0]):
                return Seen(piece, line)
    return None


def read_skills(text: str, listed: Sequence[str], *, known: Collection[str]) -> Iterator[SeenSkill]:
    """Skills the house knows, wherever they stand, and what stands in the CV's own list of skills."""
    seen: set[str] = set()
    lower = text.casefold()
    for name in sorted(known, key=len, reverse=True):
        match = re.search(rf"(?<![\w+#.]){re.escape(name.casefold())}(?![\w+#])", lower) if len(name) > 1 else None
        if match and plain(name) not in seen:
            seen.add(plain(name))
            yield SeenSkill(name, _line_at(text, match.start()), known=True)
    for line in listed:
        if _FOOT.search(line):
            continue
        words = _BULLET.sub("", line)
        before, colon, rest = words.partition(":")
        for item in re.split(r"\s*[,;|•·/\t]\s*(?![^()]*\))|\s{2,}", rest if colon and len(before) < 40 else words):
            name = item.strip(" .–-")
            if 1 < len(name) <= 40 and len(name.split()) <= 4 and plain(name) not in seen and not _SPAN.search(name):
                seen.add(plain(name))
                yield SeenSkill(name, line, known=False)


def _line_at(text: str, at: int) -> str:
    """The line around a place; case-folding may have moved it a little."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return text[start : end if end >= 0 else None].strip()[:200]


def _jobs(lines: Sequence[str], *, linkedin: bool) -> Iterator[SeenJob]:
    """One job for each span of dates: its names stand on that line, next to it, or at the top of its block."""
    start = 0
    for at, line in enumerate(lines):
        match = _SPAN.search(line) or _SINCE.search(line)
        if match is None or (_BULLET.match(line) and len(line) > match.end() + 3):
            continue  # a bullet that tells of years in passing
        rest = (line[: match.start()] + " " + line[match.end() :]).strip(" |·•,–—-()\t:")
        rest = re.sub(r"\(\s*\)|\(?\d+ (?:years?|months?|yrs?|mos?).*$", "", rest).strip(" |·•,–—-(\t:")
        block = [one for one in lines[start:at] if not _BULLET.match(one) and not _LENGTH.match(one)]
        after = lines[at + 1] if at + 1 < len(lines) else ""
        title, organisation = _named(rest, block, after, linkedin=linkedin)
        start = at + 1
        if title or organisation:
            started, ended, present = _days(match)
            above = block[-2:] if linkedin else block[:1]
            shown = " / ".join((*above, line)) if not rest else line
            yield SeenJob(title[:160], organisation[:120], started, ended, present, shown[:300])


def _named(rest: str, block: Sequence[str], after: str, *, linkedin: bool) -> tuple[str, str]:
    """Title and organisation, from what stands beside the dates, above them, or on the next line."""
    if linkedin and not rest and len(block) >= 2:
        return block[-1], block[-2]
    if rest:
        parts = _parts(rest)
        if len(parts) >= 2:
            return _which(parts[0], parts[1])
        follows = after if after and not _BULLET.match(after) and not _SPAN.search(after) and len(after) < 80 else ""
        if _is_title(parts[0] if parts else rest):
            above = block[-1] if block and len(block[-1]) < 80 else ""
            beside = follows or above
            return rest, _parts(beside)[0] if beside and not _is_title(beside) else ""
        return _parts(follows)[0] if follows and _is_title(follows) else "", parts[0] if parts else rest
    if not block:
        return "", ""
    first = _parts(block[0])
    if len(first) >= 2:
        return _which(first[0], first[1])
    second = _parts(block[1])[0] if len(block) > 1 and _parts(block[1]) else ""
    return _which(first[0], second) if first else ("", "")


def _parts(text: str) -> list[str]:
    """The pieces of a line that names a job: “Engineer, Acme – Leeds” → Engineer, Acme. The place is left out."""
    match = _PLACE_AFTER.match(text)
    if match and not _is_title(match["where"]) and (re.search(r",", match["where"]) or "," in match["what"]):
        text = match["what"]
    pieces = re.split(r"\s+[–—|@·]\s+|\s+-\s+|\s+at\s+|,\s+|\s{2,}|\t", text)
    return [piece.strip(" ,–—-|") for piece in pieces if piece.strip(" ,–—-|")]


def _which(one: str, other: str) -> tuple[str, str]:
    """Of two names, which is the title: the one that has a word of titles; else the first."""
    return (other, one) if _is_title(other) and not _is_title(one) else (one, other)


def _is_title(text: str) -> bool:
    return bool(TITLE_WORDS & set(re.findall(r"[\w-]+", text.casefold())))


def _days(match: re.Match[str]) -> tuple[date | None, date | None, bool]:
    found = match.groupdict()
    start = _day(found.get("m1"), found.get("d1"), found.get("y1"))
    end = _day(found.get("m2"), found.get("d2"), found.get("y2"))
    present = bool(found.get("now")) or "y2" not in found
    return (start, None, True) if present else (start, end if not (start and end and end < start) else None, False)


def _day(month: str | None, number: str | None, year: str | None) -> date | None:
    """The first day of the month, or of the year where no month stands."""
    if year is None:
        return None
    at = _MONTHS.get((month or "").casefold(), int(number) if number else 1)
    return date(int(year), at if 1 <= at <= 12 else 1, 1)
