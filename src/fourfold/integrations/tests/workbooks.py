"""Workbooks for the tests of this room, written as Excel writes them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl

DEAL_HEADER = (
    "Deal Ref", "Candidate", "Candidate Email", "Candidate Phone", "Client", "Client Contact", "Client Email", "Type",
    "Fee", "Weekly Margin", "Placed", "Start Date", "End Date", "Consultant 1", "Split 1", "Consultant 2", "Split 2",
    "Desk", "Source",
)  # fmt: skip


def workbook(**sheets: Sequence[Sequence[Any]]) -> bytes:
    """The bytes of a workbook with these sheets; underscores in their names are spaces. “#REF!” is an error cell."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                cell = sheet.cell(number, column, value)
                if isinstance(value, str) and value.startswith("#"):
                    cell.data_type = "e"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def deal(**values: Any) -> list[Any]:
    """A row of a deal sheet: a permanent one by Milo Brandt of Jane, some of it changed."""
    known = {
        "ref": "D-1", "candidate": "Jane Doe", "email": "jane@example.com", "phone": None, "client": "Acme Ltd",
        "contact": None, "contact_email": None, "type": "Perm", "fee": 12000, "margin": None, "placed": "2026-02-10",
        "start": None, "end": None, "who": "Milo Brandt", "split": None, "who2": None, "split2": None, "desk": "tech",
        "source": None,
    }  # fmt: skip
    assert values.keys() <= known.keys()
    return list({**known, **values}.values())


def deals(*rows: Sequence[Any]) -> bytes:
    """A deal sheet as houses keep it: a title above, notes on another sheet."""
    return workbook(Notes=[["How we book deals"], ["Ask Ana"]], Deals=[["Deals 2026"], [], DEAL_HEADER, *rows])
