"""Where people are on the clock and in the year: zones, public holidays, and whose mail is free mail."""

from __future__ import annotations

import importlib.resources
import re
from datetime import date, timedelta
from functools import lru_cache
from importlib import import_module
from math import cos, radians

AROUND = (timedelta(days=2), timedelta(days=140))
"""How long before and after a moment public holidays are kept in a case."""

FREE_MAIL = frozenset(
    {
        "aol.com", "bluewin.ch", "bt.com", "btinternet.com", "free.fr", "freenet.de", "gmail.com", "gmx.at",
        "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hey.com", "hotmail.co.uk", "hotmail.com",
        "hotmail.fr", "icloud.com", "laposte.net", "libero.it", "live.co.uk", "live.com", "mac.com", "mail.com",
        "mail.ru", "me.com", "msn.com", "orange.fr", "outlook.com", "outlook.de", "pm.me", "posteo.de", "proton.me",
        "protonmail.com", "rocketmail.com", "sky.com", "t-online.de", "talktalk.net", "tiscali.it",
        "virginmedia.com", "wanadoo.fr", "web.de", "yahoo.co.uk", "yahoo.com", "yahoo.de", "yahoo.fr", "yandex.com",
        "ymail.com", "ziggo.nl", "zoho.com",
    }
)  # fmt: skip
"""Domains whose addresses are individuals', whatever they are used for. Not all there are: “personal” counts too."""


@lru_cache(maxsize=1)
def _zones() -> dict[str, tuple[tuple[float, float, str], ...]]:
    """By country, its zones and where each one's town lies, from the time zone database itself."""
    table = importlib.resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    found: dict[str, list[tuple[float, float, str]]] = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, place, zone, *_ = line.split("\t")
            found.setdefault(country, []).append((*_degrees(place), zone))
    return {country: tuple(zones) for country, zones in found.items()}


def _degrees(place: str) -> tuple[float, float]:
    """ISO 6709, such as +513030-0000731, in degrees."""
    parts = re.findall(r"[+-]\d+", place)
    return _angle(parts[0], 2), _angle(parts[1], 3)


def _angle(text: str, digits: int) -> float:
    whole, rest = text[1 : 1 + digits], text[1 + digits :]
    value = int(whole) + int(rest[:2] or 0) / 60 + int(rest[2:] or 0) / 3600
    return -value if text[0] == "-" else value


@lru_cache(maxsize=4096)
def zone_of(country: str, place: tuple[float, float] | None) -> str:
    """The zone of a country with one, or of the town of the country's zones that lies nearest; "" if unknown."""
    zones = _zones().get(country.upper(), ())
    if len(zones) <= 1:
        return zones[0][2] if zones else ""
    if place is None:
        return ""
    north, east = place
    shrink = cos(radians(north))
    return min(zones, key=lambda one: (one[0] - north) ** 2 + ((one[1] - east) * shrink) ** 2)[2]


@lru_cache(maxsize=512)
def _holidays_of(country: str, year: int) -> tuple[date, ...]:
    holidays = import_module("holidays")  # a fifth of a second that most processes never need
    try:
        return tuple(sorted(holidays.country_holidays(country.upper(), years=year)))
    except NotImplementedError:
        return ()


def holidays_around(country: str, day: date) -> tuple[date, ...]:
    """The public holidays of a country from two days before a day to twenty weeks after; none for unknown ones."""
    if not country:
        return ()
    first, last = day - AROUND[0], day + AROUND[1]
    years = range(first.year, last.year + 1)
    return tuple(one for year in years for one in _holidays_of(country, year) if first <= one <= last)


def is_free_mail(address: str) -> bool:
    """Whether an address is at a provider of free mail."""
    return address.rpartition("@")[2].lower() in FREE_MAIL
