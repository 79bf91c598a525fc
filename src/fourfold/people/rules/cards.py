"""Read people as programs write them: JSON Resume, vCard; and what a page's address and selected words say."""

from __future__ import annotations

import json
import quopri
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from fourfold.people.rules.cvs import read_addresses, read_cv
from fourfold.people.rules.persons import normalise
from fourfold.people.types import Scheme
from fourfold.people.types.adding import ReadFrom, Reading, Seen, SeenAddress, SeenJob, SeenSkill

MOST = 200


def read_text(text: str, *, country: str, skills: Collection[str] = (), towns: Collection[str] = ()) -> Reading:
    """What a text says of one person, by what it is: a card, a JSON Resume, else a CV."""
    if re.search(r"^BEGIN:VCARD\s*$", text, re.IGNORECASE | re.MULTILINE):
        return read_card(text, country=country)
    if text.lstrip().startswith("{"):
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            told = None
        if isinstance(told, dict) and isinstance(told.get("basics"), dict):
            return read_resume(told, country=country, skills=skills)
    return read_cv(text, country=country, skills=skills, towns=towns)


def read_page(url: str, text: str, *, country: str) -> Reading:
    """What a page's address and the words selected there say: a profile, a name in the first line, addresses."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    found = list(read_addresses(text, country=country))
    profile = normalise(Scheme.PROFILE, url) if url else None
    if profile and profile not in {one.identifier for one in found}:
        found.insert(0, SeenAddress(profile, url))
    name = Seen(lines[0], lines[0]) if lines and len(lines[0]) <= 60 and not re.search(r"[\d@/]", lines[0]) else None
    headline = Seen(lines[1][:160], lines[1]) if name and len(lines) > 1 and not read_at(lines[1]) else None
    return Reading(ReadFrom.PAGE, name=name, headline=headline, addresses=tuple(found))


def read_at(line: str) -> bool:
    """Whether a line holds an address, and so is no headline."""
    return "@" in line or "http" in line or bool(re.search(r"\d{5}", line))


def read_resume(told: Mapping[str, Any], *, country: str, skills: Collection[str] = ()) -> Reading:
    """A JSON Resume (jsonresume.org, schema 1.0.0). Values of other kinds than the schema's are passed over."""
    basics = _dict(told.get("basics"))
    place = _dict(basics.get("location"))
    here = (_text(place.get("countryCode")) or country).upper()[:2]
    known = {name.casefold() for name in skills}
    profiles = [_dict(one) for one in _list(basics.get("profiles"))]
    addresses = [
        *_identified(Scheme.EMAIL, basics.get("email"), "email", here),
        *_identified(Scheme.PHONE, basics.get("phone"), "phone", here),
        *(one for profile in profiles for one in _identified(Scheme.PROFILE, profile.get("url"), "url", here)),
    ]
    names = [
        _text(name)
        for one in _list(told.get("skills"))
        for name in (_dict(one).get("name"), *_list(_dict(one).get("keywords")))
    ]
    return Reading(
        ReadFrom.RESUME,
        name=_seen(basics.get("name"), "name"),
        headline=_seen(basics.get("label"), "label"),
        city=_seen(place.get("city"), "location"),
        country=_text(place.get("countryCode")).upper()[:2],
        addresses=tuple(dict.fromkeys(addresses)),
        jobs=tuple(job for one in _list(told.get("work")) if (job := _resume_job(_dict(one)))),
        skills=tuple(
            SeenSkill(name, "skills", known=name.casefold() in known) for name in dict.fromkeys(names) if name
        ),
    )


def _resume_job(one: Mapping[str, Any]) -> SeenJob | None:
    name = _text(one.get("name") or one.get("company"))
    title = _text(one.get("position"))
    started, ended = _iso_day(one.get("startDate")), _iso_day(one.get("endDate"))
    if not name and not title:
        return None
    line = " ".join(
        part for part in (title, name, _text(one.get("startDate")), "–", _text(one.get("endDate")) or "now") if part
    )
    end = ended if not (started and ended and ended < started) else None
    return SeenJob(title, name, started, end, present=started is not None and ended is None, line=line)


def _iso_day(value: Any) -> date | None:
    """The first day of what ISO 8601 says: 2014, 2014-06 or 2014-06-29."""
    match = re.fullmatch(r"((?:19|20)\d\d)(?:-(\d\d))?(?:-(\d\d))?", _text(value))
    if not match:
        return None
    month = int(match[2] or 1)
    return date(int(match[1]), month if 1 <= month <= 12 else 1, 1)


def _text(value: Any) -> str:
    return " ".join(value.replace("\0", "").split())[:MOST] if isinstance(value, str) else ""


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value[:MOST] if isinstance(value, list) else []


def _seen(value: Any, where: str) -> Seen | None:
    text = _text(value)
    return Seen(text, f"{where}: {text}") if text else None


def _identified(scheme: Scheme, value: Any, where: str, country: str) -> list[SeenAddress]:
    found = normalise(scheme, _text(value), country=country) if _text(value) else None
    return [SeenAddress(found, f"{where}: {_text(value)}")] if found else []


def read_card(text: str, *, country: str) -> Reading:
    """The first vCard of a text (versions 2.1, 3.0, 4.0; RFC 2426, RFC 6350), and how many follow."""
    cards = re.findall(r"BEGIN:VCARD\s*\n(.*?)END:VCARD", text.replace("\r\n", "\n"), re.DOTALL | re.IGNORECASE)
    if not cards:
        return Reading(ReadFrom.CARD)
    values: dict[str, list[tuple[str, str]]] = {}
    for name, value, line in _properties(cards[0]):
        values.setdefault(name, []).append((value, line))

    def first(name: str) -> Seen | None:
        return next((Seen(value[:MOST], line) for value, line in values.get(name, ()) if value), None)

    address = next((value for value, _ in values.get("ADR", ()) if value), "")
    town = _pieces(address)[3] if address.count(";") >= 3 else ""
    organisation, title = first("ORG"), first("TITLE")
    employer = _pieces(organisation.value)[0] if organisation else ""
    job = SeenJob(
        title.value if title else "", employer, None, None, True, (organisation or title or Seen("", "")).line
    )
    found = [
        SeenAddress(one, line)
        for scheme, name in ((Scheme.EMAIL, "EMAIL"), (Scheme.PHONE, "TEL"), (Scheme.PROFILE, "URL"),
                             (Scheme.PROFILE, "X-SOCIALPROFILE"))
        for value, line in values.get(name, ())
        if (one := normalise(scheme, re.sub(r"^(tel|mailto):", "", value), country=country))
    ]  # fmt: skip
    return Reading(
        ReadFrom.CARD,
        name=_card_name(first("FN"), first("N")),
        headline=title,
        city=Seen(town, address.replace(";", " ").strip()) if town else None,
        addresses=tuple({one.identifier: one for one in reversed(found)}.values())[::-1],
        jobs=(job,) if employer else (),
        more=len(cards) - 1,
    )


def _card_name(whole: Seen | None, parts: Seen | None) -> Seen | None:
    """Given and family names where they stand apart (without Mr. and Sr.), else the name as it is shown."""
    if parts and parts.value.count(";") >= 1:
        family, given = _pieces(parts.value)[:2]
        if family and given:
            return Seen(f"{given} {family}", (whole or parts).line)
    return whole


def _pieces(value: str) -> list[str]:
    """The parts of a structured value, escapes resolved."""
    return [re.sub(r"\\(.)", r"\1", one).strip() for one in re.split(r"(?<!\\);", value)]


def _properties(card: str) -> Iterator[tuple[str, str, str]]:
    """Name, value and line of each property, unfolded and decoded; pictures and the like are passed over."""
    for line in re.sub(r"=\n", "", re.sub(r"\n[ \t]", "", card)).split("\n"):
        head, colon, value = _split(line)
        if not colon:
            continue
        name, *parameters = head.split(";")
        name = name.rpartition(".")[2].upper()
        told = " ".join(parameters).upper()
        if name in {"PHOTO", "LOGO", "KEY", "SOUND"} or ("TEL" in name and "FAX" in told):
            continue
        if "QUOTED-PRINTABLE" in told:
            value = quopri.decodestring(value.encode()).decode("utf-8", "replace")
        if name not in {"N", "ADR", "ORG"}:
            value = re.sub(r"\\([,;:nN\\])", lambda m: "\n" if m[1] in "nN" else m[1], value)
        yield name, value.replace("\0", "").strip(), f"{name}: {value.replace(chr(10), ' ').strip()[:MOST]}"


def _split(line: str) -> tuple[str, str, str]:
    """Head and value: the first colon that stands in no quotation marks."""
    match = re.match(r'((?:[^":]|"[^"]*")*):(.*)', line, re.DOTALL)
    return (match[1], ":", match[2]) if match else (line, "", "")
