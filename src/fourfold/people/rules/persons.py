"""Pure decisions about people: how addresses are normalised, how names sort."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

import phonenumbers
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from fourfold.people.types import Identifier, Scheme


def normalise(scheme: Scheme, text: str, *, country: str = "GB") -> Identifier | None:
    """One identifier as it is kept and compared, or None where the text is none of its scheme.

    E-mail: lower case, checked for syntax, not for existence. Phone: E.164, numbers without a country code read as of
    ``country`` (ISO 3166 alpha-2). Profile: host and path without scheme, ``www`` and trailing slash; LinkedIn's
    country addresses are one. Id: as given.
    """
    value = text.strip()
    if not value or len(value) > 250 or "\0" in value:
        return None
    found: str | None = value
    if scheme is Scheme.EMAIL:
        found = _email(value)
    elif scheme is Scheme.PHONE:
        found = _phone(value, country)
    elif scheme is Scheme.PROFILE:
        found = _profile(value)
    return Identifier(scheme, found) if found else None


_PLAIN_LABEL = r"[a-z0-9]{1,30}(?:-[a-z0-9]{1,30})?"
_PLAIN_EMAIL = re.compile(
    rf"[a-z0-9]{{1,30}}(?:[._+-][a-z0-9]{{1,30}})?@(?:{_PLAIN_LABEL}\.){{1,3}}([a-z]{{2,30}})", re.ASCII
)
"""Addresses that need no closer look; whatever else may be one is left to the library."""
_SPECIAL = frozenset(name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES)


def _email(value: str) -> str | None:
    plain = _PLAIN_EMAIL.fullmatch(lower := value.lower()) if value.isascii() else None
    return lower if plain and plain[1] not in _SPECIAL else _checked_email(value)


def _checked_email(value: str) -> str | None:
    try:
        checked = validate_email(value, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return checked.normalized.lower()


def _phone(value: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(value, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _profile(value: str) -> str | None:
    try:
        parts = urlsplit(value if "//" in value else f"//{value}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:  # brackets that hold no address
        return None
    if host.endswith(".linkedin.com"):
        host = "linkedin.com"  # a country's own address shows the same profile
    if "." not in host or not parts.path.strip("/"):
        return None
    return f"{host}{parts.path.rstrip('/')}".lower()


def guess(text: str, *, source: str, country: str = "GB") -> Identifier | None:
    """What a file's person column holds: an e-mail or profile address, a phone number, else an id of its own."""
    value = text.strip()
    if "@" in value:
        return normalise(Scheme.EMAIL, value) or normalise(Scheme.ID, f"{source}:{value}")
    if value.startswith(("http://", "https://")) or "linkedin.com/" in value:
        return normalise(Scheme.PROFILE, value) or normalise(Scheme.ID, f"{source}:{value}")
    if re.fullmatch(r"\+?[\d ()./-]{9,20}", value) and value[0] in "+0":
        return normalise(Scheme.PHONE, value, country=country) or normalise(Scheme.ID, f"{source}:{value}")
    return normalise(Scheme.ID, f"{source}:{value}") if value else None


_FOLDED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "\0": " "})
"""Letters that Unicode does not take apart into a base and an accent."""


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Text as it is compared: without accents, lower case, one space between words; in whatever script."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_FOLDED)
    return " ".join(unicodedata.normalize("NFC", bare).split())


def sort_name(name: str) -> str:
    """How a name sorts and is looked for: plain, last word first."""
    words = plain(name).split()
    return " ".join(words[-1:] + words[:-1])[:120]


def name_from(identifier: Identifier) -> str:
    """What to call a person who came with an address only."""
    if identifier.scheme is Scheme.EMAIL:
        return identifier.value.split("@")[0].replace(".", " ").replace("_", " ").title()
    return identifier.value.split(":", 1)[-1]
