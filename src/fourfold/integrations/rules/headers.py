"""Which header of a file is which column, which row is the header, and which sheet holds the rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from fourfold.evidence import headers as evidence_headers
from fourfold.integrations.rules import dates
from fourfold.integrations.types import ID_COLUMNS, Column, FileKind, Layout, Settings, columns_of

_DATA = re.compile(r".*@.*\..*|[£€$]?-?\d[\d,]*(\.\d+)?%?")
"""Cells that no header has: addresses, numbers."""
_CODE = re.compile(r"_(in_)?[a-z]{3}$")


def guess_mapping(kind: FileKind, header: Sequence[str], layout: str = "") -> dict[str, str]:
    """By column, the header that holds it: evidence's guesses first, then names that only files of people use."""
    columns = columns_of(kind, layout)
    wanted = {column.name: column for column in columns}
    plain = {evidence_headers.plain(name): name for name in reversed(header)}
    wide = layout in {Layout.MONTHS_ACROSS, Layout.SUPPLIERS_ACROSS}
    known = kind.value in evidence_headers.SYNONYMS and not wide
    guessed = evidence_headers.guess(kind.value, header) if known else {}
    found = {name: head for name, head in guessed.items() if name in wanted}
    for exact in (True, False):
        for column in columns:
            for alias in (column.name,) if exact and not known else (column.name, *column.aliases):
                if column.name not in found and alias in plain and plain[alias] not in found.values():
                    found[column.name] = plain[alias]
    if kind is FileKind.ADVERTS and "amount" not in found:
        found |= _amount_with_currency(wanted["amount"], plain, found)
    if layout == Layout.MONTHS_ACROSS and "supplier" not in found:
        found |= {"supplier": next(name for name in header if not dates.month_of(name))} if header else {}
    if layout == Layout.SUPPLIERS_ACROSS and "month" not in found and header:
        found["month"] = header[0]
    return found


def _amount_with_currency(column: Column, plain: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    """“Amount spent (GBP)” is the amount."""
    names = {column.name, *column.aliases}
    for name, header in plain.items():
        if header not in found.values() and _CODE.sub("", name) in names:
            return {"amount": header}
    return {}


def missing_columns(kind: FileKind, mapping: Mapping[str, str], settings: Settings | None = None) -> list[str]:
    """What no header was chosen for and is needed."""
    layout = settings.layout if settings else ""
    missing = [column.name for column in columns_of(kind, layout) if column.required and not mapping.get(column.name)]
    whole = bool(settings and settings.channel)
    if whole and "channel" in missing:
        missing.remove("channel")
    if settings and settings.ids and "person_key" in missing:
        missing.remove("person_key")
    is_list = layout not in {Layout.MONTHS_ACROSS, Layout.SUPPLIERS_ACROSS}
    if kind is FileKind.SPEND and is_list and not (mapping.get("amount") or mapping.get("amount_minor")):
        missing.append("amount")
    if kind is FileKind.ADVERTS and not mapping.get("channel") and not whole:
        missing.append("channel")
    if kind is FileKind.DEALS:
        missing += _missing_of_deals(mapping, settings)
    if kind is FileKind.EMAIL_RESULTS and not any(mapping.get(name) for name in ("event", "sent", "opened", "clicked")):
        missing.append("event")
    names = ("email", "phone", "profile_url", "person_id", "email_2", "phone_2")
    if kind is FileKind.PEOPLE and not any(mapping.get(name) for name in names) and not (settings and settings.ids):
        missing.append("email")
    return missing


def _missing_of_deals(mapping: Mapping[str, str], settings: Settings | None) -> list[str]:
    missing = []
    if not any(mapping.get(name) for name in ID_COLUMNS) and not (settings and settings.ids):
        missing.append("email, phone, profile_url or person_id")
    if not (mapping.get("fee") or mapping.get("margin")):
        missing.append("fee or margin")
    if not (mapping.get("placed_at") or mapping.get("start_date")):
        missing.append("placed_at or start_date")
    return missing


def fit(kind: FileKind, header: Sequence[str]) -> int:
    """How well a row would do as the header of a file of this kind."""
    names = [cell.strip() for cell in header if cell.strip()]
    if len(set(names)) < len(names):
        return 0
    months = sum(dates.month_of(name) is not None for name in names) if kind is FileKind.SPEND else 0
    if any(_DATA.fullmatch(name) or dates.ISO.fullmatch(dates.as_iso(name, "dmy")) for name in names) and not months:
        return 0
    columns = guess_mapping(kind, names)
    needed = {column.name for column in columns_of(kind) if column.required}
    return len(columns) + len(needed & columns.keys()) + (months if months >= 2 else 0)


def header_row(kind: FileKind, rows: Sequence[Sequence[str]]) -> int:
    """Which of a file's first rows names its columns, from 0: the one that fits best, the first of equals."""
    scores = [fit(kind, row) for row in rows]
    best = max(scores, default=0)
    if best >= 2:
        return scores.index(best)
    if rows and sum(bool(cell.strip()) for cell in rows[0]) == 1 and len(rows) > 1:
        several = (place for place, row in enumerate(rows) if sum(bool(cell.strip()) for cell in row) > 1)
        return next(several, 0)
    return next((place for place, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)


def remembered(
    mapping: Mapping[str, str], guessed: Mapping[str, str], header: Sequence[str], columns: Sequence[Column]
) -> dict[str, str]:
    """A mapping of an earlier file as far as it fits this header; what it doesn't say is as guessed."""
    names = {column.name for column in columns}
    fits = {column: head for column, head in mapping.items() if head in header and column in names}
    free = {column: head for column, head in guessed.items() if column not in fits and head not in fits.values()}
    return {**free, **fits}
