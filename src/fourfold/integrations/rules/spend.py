"""Money that went out: rows of spend, tables of suppliers and months, and what advertising systems export."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from fourfold.integrations.rules import dates
from fourfold.integrations.rules.cells import BadRowError, Cells, LeftOutError, month_end
from fourfold.integrations.rules.names import channel_of_supplier, is_total, plain_name
from fourfold.integrations.types import Layout, Sample

NOTHING = {"", "-", "–", "—", "--", "n/a", "nil", "n.a."}
ASIDES = frozenset(["notes", "note", "comment", "comments", "year", "quarter", "budget", "average"])
_CODE_IN_HEADER = re.compile(r"[(\[ _]([A-Z]{3})[)\]]?$")


def read(reader: Cells, cells: dict[str, str]) -> dict[str, Any]:
    first, last = reader.days(cells["from_date"], cells.get("to_date", ""))
    minor, currency = reader.money(cells, "amount", "amount_minor")
    if minor is None:
        raise BadRowError("amount is empty: spend needs an amount.")
    channel, other = reader.channel(cells.get("channel") or reader.settings.channel)
    return {
        **reader.texts(cells, "campaign theme stream desk team budget_line decided_by office brand"),
        **({"budget_line": cells.get("budget_line") or other} if other else {}),
        "from_date": first.isoformat(),
        "to_date": last.isoformat(),
        "channel": channel,
        "amount_minor": minor,
        "currency": currency,
    }


def read_advert(reader: Cells, cells: dict[str, str]) -> dict[str, Any]:
    """One row of an advertising system's export. Its cost may change in a later export; what it is of may not."""
    if cells["amount"].lower() in NOTHING or cells["from_date"].lower() in NOTHING:
        raise LeftOutError("nothing spent")
    header = _CODE_IN_HEADER.search(reader.mapping.get("amount", ""))
    cells = {**cells, "currency": cells.get("currency") or (header[1] if header else "")}
    begin, until = cells["from_date"], cells.get("to_date", "")
    found = re.fullmatch(r"(.+?) (?:-|–|to) (.+)", begin)
    begin, until = (found[1], until or found[2]) if found else (begin, until)
    whole_month = dates.month_of(begin) is not None and not re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", begin)
    first, last = reader.days(begin, until or ("" if whole_month else begin))
    minor, currency = reader.money(cells, "amount")
    channel, other = reader.channel(cells.get("channel") or reader.settings.channel, supplier=True)
    texts = reader.texts(cells, "campaign asset desk team office brand")
    asset = texts.pop("asset")
    about = {**texts, "from_date": first.isoformat(), "to_date": last.isoformat(), "channel": channel}
    return {
        **about,
        **({"budget_line": other} if other else {}),
        "amount_minor": minor,
        "currency": currency,
        "identity": {**about, "asset": asset, "other": other},
    }


def read_wide(reader: Cells, cells: dict[str, str], row: Mapping[str, str]) -> dict[str, Any]:
    """One row of a table of suppliers and months: an amount for each cell that holds one."""
    across = reader.settings.layout == Layout.MONTHS_ACROSS
    used = set(reader.mapping.values())
    if across:
        places = [(header, month, cells["supplier"]) for header in row if (month := dates.month_of(header))]
    else:
        month = dates.month_of(cells["month"]) or _month_of_day(reader, cells["month"])
        places = [(header, month, header) for header in row if header not in used and not is_aside(header)]
    found = []
    for header, first, supplier in places:
        text = (row.get(header) or "").strip()
        if text.lower() in NOTHING:
            continue
        try:
            minor, currency = reader.money({**cells, "amount": text}, "amount")
        except BadRowError as error:
            raise BadRowError(f"{header}: {error}") from None
        if minor:
            found.append(_cell(reader, cells, supplier, first, (minor, currency)))
    if not found:
        raise LeftOutError("nothing spent")
    return {"cells": found, "identity": {"cells": [one["about"] for one in found[:1]], "supplier": places[0][2]}}


def _month_of_day(reader: Cells, text: str) -> date:
    return reader.day("month", text).replace(day=1)


def _cell(reader: Cells, cells: dict[str, str], supplier: str, first: date, money: tuple[int, str]) -> dict[str, Any]:
    channel, _ = reader.channel(cells.get("channel") or supplier, supplier=True)
    if len(supplier) > 80:
        raise BadRowError(f"supplier has {len(supplier)} characters; at most 80 are kept.")
    texts = reader.texts(cells, "campaign desk team office brand decided_by")
    about = {
        **{name: text for name, text in texts.items() if text},
        "budget_line": supplier, "channel": channel, "from_date": first.isoformat(),
        "to_date": month_end(first).isoformat(),
    }  # fmt: skip
    return {"about": about, "amount_minor": money[0], "currency": money[1]}


def is_total_row(cells: Iterable[str]) -> bool:
    """Whether a row is a sum of the others: the first of its cells that holds anything says so."""
    first = next((text.strip() for text in cells if text.strip()), "")
    return is_total(first)


def is_aside(header: str) -> bool:
    """Whether a column of a table of suppliers is none: a total, a note, a column without a name."""
    name = plain_name(header)
    return is_total(header) or name in ASIDES or re.fullmatch(r"column_\d+", name) is not None


def layout_of(sample: Sample, has_columns: bool) -> Layout:
    """How a file of spend lies. ``has_columns``: its header has those of a list."""
    months = [header for header in sample.headers if dates.month_of(header)]
    if len(months) >= 2:
        return Layout.MONTHS_ACROSS
    if has_columns or len(sample.headers) < 3:
        return Layout.LONG
    firsts = [row[0] for row in sample.rows if row and row[0].strip() and not is_total(row[0])]
    rest = [cell.strip() for row in sample.rows for cell in row[1:]]
    numbers = sum(bool(re.fullmatch(r"[£€$]?-?[\d,]+(\.\d+)?", cell)) for cell in rest if cell)
    is_month = firsts and all(dates.month_of(text) for text in firsts)
    return Layout.SUPPLIERS_ACROSS if is_month and numbers * 2 >= len([cell for cell in rest if cell]) else Layout.LONG


def amounts_of(parsed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The amounts of a checked row: of a list one, of a table one a cell."""
    if "cells" in parsed:
        return [
            {**one["about"], "amount_minor": one["amount_minor"], "currency": one["currency"]}
            for one in parsed["cells"]
        ]
    return [{name: value for name, value in parsed.items() if name not in {"ref", "about"}}]


def advert_channel(*texts: str) -> str:
    """The channel that a file's name or headers point to, or an empty text."""
    for text in texts:
        for word in re.split(r"[^A-Za-z]+", text):
            found = channel_of_supplier(word) if len(word) > 3 else None
            if found:
                return found.value
    return ""


def rows_left_out(numbers: Sequence[int]) -> str:
    """Which rows were left out, in words."""
    some = ", ".join(str(one) for one in numbers[:8])
    return f"{some} and {len(numbers) - 8} more" if len(numbers) > 8 else some
