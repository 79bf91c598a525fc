"""Days and moments as files write them."""

from __future__ import annotations

import re
from datetime import date, datetime

ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?")
MONTH = re.compile(r"\d{4}-\d{2}")
EPOCH_DAY = date(1970, 1, 1)
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ],
        start=1,
    )
    for name in names.split()
}
_TIME = (
    r"(?:[T ,]+(?:at )?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?(?P<zone>Z|\s?(?:UTC|GMT)|\s?[+-]\d{2}:?\d{2})?)?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?"
_YEAR = r"(?P<year>\d{4}|\d{2})"


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern + _TIME, re.IGNORECASE)


_FORMS = {
    "named": (
        _form(rf"{_WEEKDAY}{_DAY}[ -](?P<name>[a-z]{{3,9}})\.?,?[ -]{_YEAR}"),
        _form(rf"{_WEEKDAY}(?P<name>[a-z]{{3,9}})\.? {_DAY},? (?P<year>\d{{4}})"),
        _form(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"),
        _form(r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})"),
    ),
    "dmy": (_form(rf"(?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}})[/.-]{_YEAR}"),),
    "mdy": (_form(rf"(?P<month>\d{{1,2}})[/.-](?P<day>\d{{1,2}})[/.-]{_YEAR}"),),
}
_MONTH_FORMS = (
    re.compile(r"(?P<name>[a-z]{3,9})\.?[ '’/-]*(?P<year>\d{4}|\d{2})", re.IGNORECASE),
    re.compile(r"(?P<year>\d{4})[-/ ](?P<month>\d{1,2})"),
    re.compile(r"(?P<month>\d{1,2})[-/](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-01(?:T00:00:00)?"),
)


def as_iso(text: str, order: str = "") -> str:
    """A day or moment in the form 2026-03-31 or 2026-03-31T14:05:00, or the text itself where it is none.

    Months in words are understood in whatever order; days in numbers only in the ``order`` that was chosen.
    """
    if ISO.fullmatch(text):
        return text
    for pattern in (*_FORMS["named"], *_FORMS.get(order, ())):
        found = pattern.fullmatch(text)
        if found:
            return _written(found.groupdict()) or text
    return text


def _written(parts: dict[str, str | None]) -> str | None:
    month = _month_number(parts)
    if not month:
        return None
    year, day = str(parts["year"]), int(parts["day"] or 1)
    year = f"20{year}" if len(year) == 2 else year
    answer = f"{year}-{month:02d}-{day:02d}"
    if parts.get("hour") is None:
        return answer
    hour, half = int(parts["hour"] or 0), (parts["half"] or "").lower()[:1]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    zone = (parts["zone"] or "").strip().upper().replace("UTC", "Z").replace("GMT", "Z")
    return f"{answer}T{hour:02d}:{parts['minute']}:{parts['second'] or '00'}{zone}"


def _month_number(parts: dict[str, str | None]) -> int | None:
    if parts.get("name"):
        return _MONTHS.get(str(parts["name"]).lower())
    number = int(parts.get("month") or 0)
    return number if 1 <= number <= 12 else None


def month_of(text: str) -> date | None:
    """The first day of a month that a header or cell names: Jan 26, January 2026, 2026-01, 01/2026."""
    for pattern in _MONTH_FORMS:
        found = pattern.fullmatch(text.strip())
        if found:
            month, year = _month_number(found.groupdict()), found["year"]
            number = int(f"20{year}" if len(year) == 2 else year)
            return date(number, month, 1) if month and 1990 <= number <= 2100 else None
    return None


def moment_of(text: str) -> datetime | None:
    """The moment that an ISO text says, or None for one that the calendar lacks."""
    try:
        return datetime.fromisoformat(re.sub(r"\s(?=Z|[+-]\d{2}:?\d{2}$)", "", text))
    except ValueError:
        return None
