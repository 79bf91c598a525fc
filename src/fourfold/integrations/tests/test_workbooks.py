"""Workbooks and other people's text files: found headers, sheets, dates, errors, and those that are too much."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from fourfold.integrations import reading, rules
from fourfold.integrations.reading import workbook as workbooks
from fourfold.integrations.tests.workbooks import DEAL_HEADER, deal, deals, workbook
from fourfold.integrations.types import FileKind, FileRefused

MOMENT = datetime.fromisoformat("2026-03-01T14:05")  # a workbook knows no zones


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def made(content: bytes, name: str = "own.xlsx") -> Path:
        path = tmp_path / "in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    return made


def cells(path: Path, like: Any = None) -> list[tuple[int, dict[str, str] | None]]:
    return [(number, row) for number, row, _ in reading.rows(path, like)]


def sample(path: Path, kind: FileKind, sheet: str = "") -> Any:
    return reading.sample(path, sheet=sheet, find=partial(rules.header_row, kind))


def test_days_times_numbers_percentages_and_errors(file: Any) -> None:
    path = file(
        workbook(
            Own=[
                ["day", "moment", "whole", "fee", "share", "sum", "yes", "time", "long", "text", "bad"],
                [
                    date(2026, 3, 1), MOMENT, 12, 12400.5, 0.6, 0.1 + 0.2, True, time(9, 30),
                    timedelta(minutes=95), " Zoë ", "#REF!",
                ],
                [],
                ["x", None, None, None, None, None, None, None, None, None, "#N/A"],
            ]
        )
    )  # fmt: skip
    first, last = cells(path)
    assert first == (
        2,
        {
            "day": "2026-03-01", "moment": "2026-03-01T14:05:00", "whole": "12", "fee": "12400.5", "share": "0.6",
            "sum": "0.3", "yes": "yes", "time": "09:30:00", "long": "1:35:00", "text": " Zoë ", "bad": "#REF!",
        },
    )  # fmt: skip
    assert (last[0], last[1] and last[1]["bad"], last[1] and last[1]["fee"]) == (4, "#N/A", "")


def test_the_header_is_found_below_titles_and_the_sheet_is_as_wide_as_it(file: Any) -> None:
    rows = [["Deals"], ["as of 1 November", None, "Email"], [], DEAL_HEADER, [*deal(), "a note outside"]]
    path = file(workbook(Own=rows))
    found = sample(path, FileKind.DEALS)
    assert (found.header_row, found.sheet, found.headers) == (4, "Own", DEAL_HEADER)
    assert [number for number, _ in cells(path, found)] == [5]
    assert cells(path, found)[0][1]["Desk"] == "tech"  # type: ignore[index]


@pytest.mark.parametrize(
    ("content", "row", "headers"),
    [
        ('Notes:\n"When exporting, some are missing"\n\nFirst Name,Last Name,URL,Email Address\nA,B,,a@x.example\n', 4,
         ("First Name", "Last Name", "URL", "Email Address")),
        ("First Name,Last Name,Email\nA,B,a@x.example\n", 1, ("First Name", "Last Name", "Email")),
        ("One,Two\nx,y\n", 1, ("One", "Two")),
        ("A title\nOne,Two\nx,y\n", 2, ("One", "Two")),
    ],
)  # fmt: skip
def test_the_header_of_a_text_file_is_found(file: Any, content: str, row: int, headers: tuple[str, ...]) -> None:
    found = sample(file(content.encode(), "own.csv"), FileKind.PEOPLE)
    assert (found.header_row, found.headers) == (row, headers)


def test_hidden_sheets_are_not_offered_and_an_unknown_one_is_refused(file: Any) -> None:
    path = file(workbook(One=[["a"], ["1"]], Two=[["b"], ["2"]]))
    assert reading.sheets(path) == ("One", "Two")
    assert reading.sample(path, sheet="Two").headers == ("b",)
    with pytest.raises(FileRefused, match="It has no sheet “Three”"):
        list(reading.records(path, "Three"))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark(file: Any, encoding: str) -> None:
    path = file("name;city\nZoë;Köln\n".encode(encoding), "own.csv")
    assert cells(path) == [(2, {"name": "Zoë", "city": "Köln"})]
    assert reading.sample(path).delimiter == ";"


def test_a_delimiter_is_found_where_the_header_is_quoted_and_a_title_has_others(file: Any) -> None:
    path = file(b'Spend, by month\n"Supplier, name";"Jan 26";"Feb 26"\n"Indeed";100;200\n', "own.csv")
    assert reading.sample(path).delimiter == ";"


def sheet_xml(*cells_: str) -> bytes:
    return f'<worksheet><sheetData><row r="1">{"".join(cells_)}</row></sheetData></worksheet>'.encode()


def packed(**members: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return held.getvalue()


FAR = sheet_xml('<c r="A1"><v>1</v></c>', '<c r="XFD1048576"><v>1</v></c>')
STYLED = sheet_xml('<c r="A1"><v>1</v></c>', '<c r="XFD1048576" s="3"/>')


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04\x14\x00\x00\x00", "is cut or damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", "is cut or damaged"),
        (packed(readme_xml=b"hello"), "It is an archive, not a workbook."),
        (packed(**{"xl__workbook.bin": b"x"}), "binary workbook (XLSB)"),
        (packed(xl__workbook_xml=b"<x/>", xl__worksheets__sheet1_xml=FAR), "reaches to row 1,048,576 and column 16,"),
        (workbook(Own=[["a"]])[:-60], "is cut or damaged"),
    ],
)  # fmt: skip
def test_a_workbook_that_cannot_be_read_is_refused_in_words(file: Any, content: bytes, why: str) -> None:
    with pytest.raises(FileRefused) as caught:
        reading.sample(file(content))
    assert why in str(caught.value)


def test_formatted_empty_cells_far_away_are_no_harm(file: Any) -> None:
    workbooks.require_readable(file(packed(xl__workbook_xml=b"<x/>", xl__worksheets__sheet1_xml=STYLED)))


def test_a_workbook_that_unpacks_to_too_much_is_refused(file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "UNPACKED_MEGABYTES", 5)
    bomb = packed(xl__workbook_xml=b"<x/>", xl__media__big_xml=b"\0" * 6 * 1024 * 1024)
    assert len(bomb) < 20_000
    with pytest.raises(FileRefused, match="Unpacked it is larger than 5 MB"):
        reading.sample(file(bomb))


def test_a_repeated_cell_of_an_open_document_is_refused(file: Any) -> None:
    row = b'<table:table-row table:number-rows-repeated="600000"><table:table-cell office:value-type="float"/>'
    content = b"<table:table>" + row + b"</table:table-row></table:table>"
    with pytest.raises(FileRefused, match="reaches to row 600,000"):
        workbooks.require_readable(file(packed(content_xml=content)))
    empty = content.replace(b' office:value-type="float"', b"")
    workbooks.require_readable(file(packed(content_xml=empty)))


def test_rows_taken_out_of_a_workbook_leave_a_readable_file(file: Any) -> None:
    path = file(deals(deal(), deal(ref="D-2", email="john@example.com")))
    found = sample(path, FileKind.DEALS, "Deals")
    assert reading.rewrite(path, lambda row: True, found) == 0
    assert reading.form_of(path) == "workbook"
    assert reading.rewrite(path, lambda row: "jane@example.com" not in row, found) == 1
    assert reading.form_of(path) == "text"
    assert [(number, row and row["Deal Ref"]) for number, row in cells(path)] == [(2, "D-2")]
    assert list(path.parent.iterdir()) == [path]


def test_a_person_on_another_sheet_goes_with_it(file: Any) -> None:
    path = file(workbook(Deals=[DEAL_HEADER, deal()], Old=[["x"], ["old@example.com"]]))
    found = sample(path, FileKind.DEALS, "Deals")
    assert reading.rewrite(path, lambda row: "old@example.com" not in row, found) == 1
    assert b"old@" not in path.read_bytes()
    assert len(cells(path)) == 1


def test_an_open_document_is_read(file: Any) -> None:
    def cell(text: str, kind: str = "string", value: str = "") -> str:
        return f'<table:table-cell office:value-type="{kind}"{value}><text:p>{text}</text:p></table:table-cell>'

    rows = [
        "".join(cell(name) for name in ("Supplier", "Jan 26", "Feb 26")),
        cell("Indeed") + cell("£1,500.50", "float", ' office:value="1500.5"') + "<table:table-cell/>",
    ]
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    names += 'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    names += 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="Spend">{table}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    held = {"mimetype": kind, "content_xml": content.encode(), "META-INF__manifest_xml": b"<manifest/>"}
    path = file(packed(**held), "own.ods")
    assert reading.sheets(path) == ("Spend",)
    assert cells(path) == [(2, {"Supplier": "Indeed", "Jan 26": "1500.5", "Feb 26": ""})]
