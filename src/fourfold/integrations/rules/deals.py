"""Deal sheets: one row a deal, with its fee or weekly margin and who shares it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from fourfold.integrations.rules.cells import BadRowError, Cells
from fourfold.integrations.types import CONSULTANTS
from fourfold.people.types import Scheme

CONTRACT, PERMANENT, RETAINED = "contract", "permanent", "retained"
CONTACT_COLUMNS = {"contact_email": Scheme.EMAIL, "contact_phone": Scheme.PHONE}
WHOLE = Decimal(100)
LONGEST_WEEKS = 52 * 30
_ONE_CELL = re.compile(r"\s*[/;&+\n|,]\s*|\s+and\s+")
_NAME_AND_SHARE = re.compile(r"(?P<name>.*?)[\s:(–-]*(?P<share>\d{1,3}(?:\.\d+)?)?\s*%?\s*\)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CashRow:
    """One row of cash of a deal: what tells it apart within the deal, when, whose, how much in minor units."""

    part: str
    occurred_at: datetime
    actor: str | None
    value_minor: int


def read(reader: Cells, cells: dict[str, str]) -> dict[str, Any]:
    """What one row of a deal sheet says. Raises BadRowError."""
    person = reader.who(cells)
    if not person["person"]:
        raise BadRowError(
            "nothing says who the candidate is: a deal needs their e-mail address, phone number, profile or id."
        )
    money = _money(reader, cells)
    when = _when(reader, cells, money["engagement"])
    shares = consultants(cells)
    parts = split(money.get("fee_minor", money.get("margin_minor", 0)), [share for _, share in shares])
    people = [reader.colleague(name) for name, _ in shares]
    return {
        **reader.texts(cells, "desk team office brand job"),
        **person,
        **money,
        **when,
        "shares": [[who, part] for who, part in zip(people or [None], parts, strict=True)],
        "contact": _contact(reader, cells),
        "source": _source(reader, cells, when["day"]),
        "identity": {
            "person": person["person"], "organisation": person["organisation"], "job": cells.get("job"),
            "engagement": money["engagement"], "day": when.get("from") or when["day"],
        },
    }  # fmt: skip


def _money(reader: Cells, cells: Mapping[str, str]) -> dict[str, Any]:
    fee, currency = reader.money(cells, "fee")
    margin, _ = reader.money(cells, "margin")
    for name, amount in (("fee", fee), ("margin", margin)):
        if amount is not None and amount < 0:
            raise BadRowError(f"{name} is below zero: bring a rebate as a row of cash in a file of outcomes.")
    engagement = reader.engagement(cells.get("engagement", ""))
    if fee is None and margin is None:
        raise BadRowError("fee and margin are both empty: a deal needs one of them.")
    if engagement is None:
        if fee is not None and margin is not None:
            raise BadRowError(
                "it has a fee and a weekly margin: say in engagement whether it is permanent or contract."
            )
        engagement = PERMANENT if margin is None else CONTRACT
    if engagement == CONTRACT:
        if margin is None:
            raise BadRowError("margin is empty: contract work needs the net margin of a week.")
        return {"engagement": engagement, "margin_minor": margin, "currency": currency}
    if fee is None:
        raise BadRowError(f"fee is empty: a {engagement} deal needs its fee.")
    return {"engagement": engagement, "fee_minor": fee, "currency": currency}


def _when(reader: Cells, cells: Mapping[str, str], engagement: str) -> dict[str, Any]:
    """The day of the deal, and for contract work its first day and the last that counts today."""
    placed = reader.day("placed_at", cells["placed_at"]) if cells.get("placed_at") else None
    start = reader.day("start_date", cells["start_date"]) if cells.get("start_date") else None
    end = reader.day("end_date", cells["end_date"]) if cells.get("end_date") else None
    if start and end and end < start:
        raise BadRowError(f"end_date {end} is before start_date {start}.")
    if placed and placed > reader.today:
        raise BadRowError(f"placed_at “{cells['placed_at']}” is in the future.")
    if engagement == CONTRACT:
        if start is None:
            raise BadRowError("start_date is empty: contract work needs its first day.")
        if end and (end - start).days > 7 * LONGEST_WEEKS:
            raise BadRowError(f"end_date {end} is more than 30 years after start_date {start}.")
        until = min(end or reader.today, reader.today)
        if placed is None and start > reader.today:
            raise BadRowError(f"placed_at is empty and start_date {start} is in the future: when was it accepted?")
        return {"day": (placed or start).isoformat(), "from": start.isoformat(), "until": until.isoformat()}
    day = placed or start
    if day is None:
        raise BadRowError("placed_at and start_date are both empty: when was the deal made?")
    if day > reader.today:
        raise BadRowError(f"placed_at is empty and start_date {day} is in the future: when was it accepted?")
    return {"day": day.isoformat()}


def _contact(reader: Cells, cells: dict[str, str]) -> dict[str, Any] | None:
    """The client's contact, if an address says who it is; a name alone is nobody."""
    ids = reader.addresses(cells, CONTACT_COLUMNS)
    name = reader.texts(cells, "contact_name")["contact_name"]
    return {"name": name, "ids": ids} if ids else None


def _source(reader: Cells, cells: Mapping[str, str], day: str) -> dict[str, Any] | None:
    if not cells.get("source"):
        return None
    channel, other = reader.channel(cells["source"], supplier=True)
    at = reader.moment("sourced_at", cells.get("sourced_at") or day)
    return {"channel": channel, "asset": other, "occurred_at": at}


def consultants(cells: Mapping[str, str]) -> list[tuple[str, Decimal]]:
    """Who made the deal and their shares in per cent, which add up to 100. Raises BadRowError."""
    named = [
        (cells[f"consultant_{n}"], cells.get(f"split_{n}", ""), n)
        for n in range(1, CONSULTANTS + 1)
        if cells.get(f"consultant_{n}")
    ]
    stray = [n for n in range(1, CONSULTANTS + 1) if cells.get(f"split_{n}") and not cells.get(f"consultant_{n}")]
    if [n for n in stray if _share(cells[f"split_{n}"], n)]:
        raise BadRowError(f"split_{stray[0]} has a share, but consultant_{stray[0]} is empty.")
    if not named:
        return []
    if len(named) == 1 and not named[0][1]:
        return _in_one_cell(named[0][0])
    shares = []
    for name, text, n in named:
        if len(name) > 80:
            raise BadRowError(f"consultant_{n} has {len(name)} characters; at most 80 are kept.")
        if not text:
            raise BadRowError(f"split_{n} is empty: {len(named)} consultants need a share each.")
        shares.append((name, _share(text, n)))
    return _whole(shares)


def _share(text: str, n: int) -> Decimal:
    try:
        found = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        raise BadRowError(f"split_{n} “{text[:40]}” is not a share in per cent.") from None
    if not found.is_finite() or found < 0:
        raise BadRowError(f"split_{n} “{text[:40]}” is not a share in per cent.")
    return found


def _in_one_cell(text: str) -> list[tuple[str, Decimal]]:
    """“Anna Lee 60 / Ben Ode 40”; “Anna Lee” alone has it all."""
    found = []
    for part in filter(None, (one.strip() for one in _ONE_CELL.split(text))):
        match = _NAME_AND_SHARE.fullmatch(part)
        name, share = (match["name"].strip(), match["share"]) if match else (part, None)
        found.append((name[:80], Decimal(share) if share else None))
    if len(found) == 1:
        return _whole([(found[0][0], WHOLE if found[0][1] is None else found[0][1])])
    missing = [name for name, share in found if share is None]
    if missing:
        raise BadRowError(f"consultant_1 “{text[:80]}” names {len(found)} consultants; {missing[0]} has no share.")
    return _whole([(name, share) for name, share in found if share is not None])


def _whole(shares: Sequence[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    """The same shares if they are all of it. A spreadsheet's percentages come as parts of 1."""
    total = sum((share for _, share in shares), Decimal(0))
    if abs(total - 1) <= Decimal("0.0001"):
        return [(name, share * 100) for name, share in shares]
    if abs(total - WHOLE) > Decimal("0.01"):
        parts = all(share <= 1 for _, share in shares)
        shown = total * 100 if parts else total
        raise BadRowError(f"its splits add up to {shown.normalize():f} %, not 100 %.")
    return list(shares)


def split(amount: int, shares: Sequence[Decimal]) -> list[int]:
    """Parts of an amount in minor units: each rounded down, the last takes what remains, so that they add up."""
    if not shares:
        return [amount]
    parts = [int(amount * share / WHOLE) for share in shares[:-1]]
    return [*parts, amount - sum(parts)]


def cash_rows(deal: Mapping[str, Any], zone: str) -> list[CashRow]:
    """The rows of cash of a checked deal: a fee once at the deal's day, a margin for each week that has begun.

    A week begins on the weekday of the first day and counts in full on that day; so a later file with a later end, or
    of a later day, adds weeks and changes none.
    """
    if "from" not in deal:
        at = end_of(date.fromisoformat(deal["day"]), zone)
        return [CashRow(f"fee:{n}", at, who, part) for n, (who, part) in enumerate(deal["shares"], start=1)]
    start, until = date.fromisoformat(deal["from"]), date.fromisoformat(deal["until"])
    weeks = [start + timedelta(days=7 * n) for n in range(max((until - start).days // 7 + 1, 0))]
    return [
        CashRow(f"week:{week}:{n}", end_of(week, zone), who, part)
        for week in weeks
        for n, (who, part) in enumerate(deal["shares"], start=1)
    ]


def end_of(day: date, zone: str) -> datetime:
    """The last second of a day in a zone: a touch of the same day counts as before it."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC)


DORMANT_DAYS = 730
"""24 months: an organisation that gave no job for so long counts as a client again."""


def is_first_job(day: datetime, jobs: Sequence[datetime], cash: Sequence[datetime]) -> bool:
    """Whether a deal on this day makes its organisation a client.

    ``jobs`` are the times it became one, ``cash`` the times it paid. Not if it became one within 24 months of the day,
    before or after, nor if it paid within the 24 months before.
    """
    dormant = timedelta(days=DORMANT_DAYS)
    return not any(abs(day - at) <= dormant for at in jobs) and not any(day - dormant <= at < day for at in cash)
