"""Before a CV goes to a client: what is looked at, and what of it is shown."""

from __future__ import annotations

import hashlib
import re

from fourfold.jobs.types.submitting import Item, Looked, Stripped, SubmissionFacts, Weight

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"(?:https?://|www\.)\S+|\b(?:linkedin|github|xing|twitter|x|facebook|instagram)\.com/\S+", re.I)
_PHONE = re.compile(r"(?<![\w£$€])(?:\+|00|0|\()\d[\d ()./-]{6,18}\d(?!\w)")
_UK_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_STREET = re.compile(
    r"^\s*\d{1,4}[a-z]?,? +[A-Z][\w' -]+ "
    r"(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Close|Drive|Way|Court|Place|Terrace)\b.*$",
    re.M,
)
_LABEL = re.compile(
    r"^\s*(?:e-?mail|phone|mobile|tel(?:ephone)?|address|linkedin|website|home)\s*[:.]?\s*$", re.I | re.M
)
_YEARS = re.compile(r"^\(?(?:19|20)\d\d\s*[-–/]\s*(?:(?:19|20)\d\d|\d\d)\)?$")


def check_list(facts: SubmissionFacts) -> tuple[Looked, ...]:
    """What stands between a person and a client, each with its weight. A missing yes and a no-go client stop it;
    an earlier introduction and missing terms warn: the work can go on, the fee may be hard to prove.
    """
    agreed = facts.agreed_at is not None
    return (
        Looked(
            Item.AGREED, Weight.GOOD if agreed else Weight.STOPS,
            f"{facts.agreed_how}, {facts.agreed_at:%Y-%m-%d}" if facts.agreed_at else "",
        ),
        Looked(Item.NOT_EMPLOYER, Weight.STOPS if facts.is_employer else Weight.GOOD),
        Looked(Item.ALLOWED, Weight.STOPS if facts.on_their_list else Weight.GOOD),
        Looked(
            Item.NOT_INTRODUCED, Weight.WARNS if facts.introduced_at else Weight.GOOD,
            f"{facts.introduced_at:%Y-%m-%d}, {facts.introduced_by}" if facts.introduced_at else "",
        ),
        Looked(Item.TERMS, Weight.GOOD if facts.terms == "accepted" else Weight.WARNS, facts.terms),
    )  # fmt: skip


def may_submit(looked: tuple[Looked, ...]) -> bool:
    return all(one.weight is not Weight.STOPS for one in looked)


def strip_contacts(text: str, *, name: str, anonymous: bool) -> Stripped:
    """A CV's text without e-mail addresses, phone numbers, web addresses, streets and postcodes; without the name too
    where it is ``anonymous``.

    Years of a job (2016-2019) stay. What is taken out leaves nothing behind; empty labels and lines go with it.
    """
    taken = 0
    patterns = [_EMAIL, _URL, _STREET, _UK_POSTCODE]
    for pattern in patterns:
        text, n = pattern.subn("", text)
        taken += n

    def number(match: re.Match[str]) -> str:
        nonlocal taken
        digits = sum(one.isdigit() for one in match[0])
        if _YEARS.match(match[0].strip()) or not 8 <= digits <= 15:
            return match[0]
        taken += 1
        return ""

    text = _PHONE.sub(number, text)
    if anonymous:
        words = [re.escape(one) for one in re.findall(r"[\w'-]{2,}", name)]
        for pattern in [re.compile(rf"\b(?:{'|'.join(words)})\b", re.I)] if words else []:
            text, n = pattern.subn("", text)
            taken += n
    text = _LABEL.sub("", text)
    text = re.sub(r"[ \t]*[|·•,;:–-][ \t]*$", "", text, flags=re.M)
    text = re.sub(r"^[ \t]*[|·•,;:–-]+[ \t]*(?=$|[|·•])", "", text, flags=re.M)
    lines = [one.rstrip() for one in text.splitlines()]
    return Stripped(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), taken)


def profile_hash(*, headline: str, text: str) -> str:
    """SHA-256 of what a client was shown: kept with the introduction, it proves a version without holding it."""
    return hashlib.sha256(f"{headline}\n{text}".encode()).hexdigest()
