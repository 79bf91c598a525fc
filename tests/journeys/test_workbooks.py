"""From two workbooks as houses keep them to what each channel brought back, and the board's sheet."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pypdf
import pytest
from openpyxl import Workbook

from tests import houses

FIRST = date(2025, 11, 3)
SOURCES = ("LinkedIn", "Referral", "Indeed", "Referral")
HEAD = [
    "Ref", "Candidate", "Candidate email", "Client", "Client contact", "Contact email", "Consultant 1", "Split 1",
    "Consultant 2", "Split 2", "Type", "Fee", "Date placed", "Start date", "Source",
]  # fmt: skip
DEALS, FEE = 160, 10_000


@pytest.fixture
def house(tmp_path: Path) -> Iterator[houses.House]:
    with houses.house(tmp_path / "house", "workbooks") as found:
        yield found


def deal_sheet(path: Path) -> Path:
    """A title above the header, real dates, shares in per cent, one bad row and a total below."""
    book = Workbook()
    sheet = book.active
    sheet.append(["Deals 2026"])
    sheet.append([])
    sheet.append(HEAD)
    for n in range(DEALS):
        placed = FIRST + timedelta(days=2 * n)
        who, client = [f"D{n}", f"Ada King{n}", f"ada{n}@post.example"], n % 80
        contact = [f"Client {client}", f"Pat {client}", f"pat{client}@client.example"]
        split = ["Sam Hill", 0.6, "Jo Price", 0.4]
        sheet.append([*who, *contact, *split, "Perm", FEE, placed, placed + timedelta(days=20), SOURCES[n % 4]])
    torn = ["Sam Hill", 0.6, "Jo Price", 0.6]
    sheet.append(
        ["D999", "Eve Low", "eve@post.example", "Client 1", None, None, *torn, "Perm", FEE, FIRST, FIRST, "Reed"]
    )
    sheet.append(["Total", *[None] * 10, "=SUM(L4:L163)"])
    book.save(path)
    return path


def spend_sheet(path: Path) -> Path:
    """Suppliers down, months across, totals on both edges."""
    book = Workbook()
    sheet = book.active
    months = [date(2025, 11, 1), date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 11))]
    sheet.append(["Supplier", *months, "Total"])
    for supplier, amount in (("LinkedIn", 1000), ("Referral scheme", 250), ("Indeed", 500)):
        sheet.append([supplier, *[amount] * 12, 12 * amount])
    sheet.append(["Total", *[1750] * 12, 12 * 1750])
    book.save(path)
    return path


def test_two_workbooks_say_what_to_fund_and_print_the_board(house: houses.House, tmp_path: Path) -> None:
    deals, spend = deal_sheet(tmp_path / "Deals.xlsx"), spend_sheet(tmp_path / "Spend.xlsx")
    (brought,) = json.loads(house.run("import", "deals", str(deals), "--json"))
    assert (brought["posted"], brought["rejected"]) == (DEALS, 1)
    (money,) = json.loads(house.run("import", "spend", str(spend), "--json"))
    assert (money["posted"], money["rejected"]) == (3, 0)
    assert "its splits add up to 120 %, not 100 %" in (tmp_path / "Deals.rejected.csv").read_text("utf-8")
    period = ["--from", "2025-11-01", "--to", "2026-10-31"]
    answer = json.loads(house.run("report", "roi", *period, "--json"))
    rows = {row["key"]: row for row in answer["rows"]}
    # Each fee of £10,000 is half the candidate's side, which the sheet's source is credited with, half the client's.
    assert {key: (row["value"], row["spend"]) for key, row in rows.items()} == {
        "(none)": (DEALS * FEE * 100 / 2, None),
        "referral": (80 * FEE * 100 / 2, 3_000_00.0),
        "linkedin": (40 * FEE * 100 / 2, 12_000_00.0),
        "job_board": (40 * FEE * 100 / 2, 6_000_00.0),
    }
    assert rows["referral"]["roi_lower"] > rows["linkedin"]["roi_upper"]
    assert answer["placements"] == DEALS
    again = json.loads(house.run("import", "deals", str(deals), "--json"))
    assert (again[0]["posted"], again[0]["unchanged"]) == (0, DEALS)
    sheet = tmp_path / "board.pdf"
    house.run("report", "fourcs", *period, "--pdf", str(sheet))
    pdf = pypdf.PdfReader(io.BytesIO(sheet.read_bytes()))
    text = " ".join(pdf.pages[0].extract_text().split())
    assert len(pdf.pages) == 1
    assert "Referral pays best" in text
    assert "£1,600,000" in text
