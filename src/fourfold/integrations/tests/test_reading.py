"""Files as people have them: encodings, delimiters, quotes, Parquet, and those that can't be read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fourfold.integrations import reading
from fourfold.integrations.types import FileRefused

PLAIN = "name,city\nZoë,Köln\nJosé,Łódź\n"


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def made(content: str | bytes, encoding: str = "utf-8", name: str = "own.csv") -> Path:
        path = tmp_path / "in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return made


def cells(path: Path) -> list[tuple[int, dict[str, str] | None]]:
    return [(number, row) for number, row, _ in reading.rows(path)]


def refusal(path: Path) -> str:
    """Why a file is refused, which must be the same whether its head or all of it is read."""
    with pytest.raises(FileRefused) as caught:
        list(reading.rows(path))
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom"])
def test_encodings_of_unicode(file: Any, encoding: str) -> None:
    if encoding.endswith("-bom"):
        plain = encoding.removesuffix("-bom")
        path = file("﻿".encode(plain) + PLAIN.encode(plain))
    else:
        path = file(PLAIN, encoding)
    assert cells(path) == [(2, {"name": "Zoë", "city": "Köln"}), (3, {"name": "José", "city": "Łódź"})]
    assert reading.sample(path).headers == ("name", "city")


def test_a_file_of_an_old_windows_program(file: Any) -> None:
    path = file("name,fee\nZoë,£5 – “net”\n", "cp1252")
    assert cells(path) == [(2, {"name": "Zoë", "fee": "£5 – “net”"})]
    assert reading.sample(path).encoding == "cp1252"


def test_utf_8_is_seen_also_where_the_first_umlaut_comes_late(file: Any) -> None:
    path = file("name\n" + "x" * 70 + "\n" + "plain\n" * 300_000 + "Zoë\n")
    assert reading.sample(path).encoding == "utf-8-sig"
    assert cells(path)[-1] == (300_003, {"name": "Zoë"})


@pytest.mark.parametrize(("delimiter", "other"), [(",", ";"), (";", ","), ("\t", ","), ("|", ",")])
def test_delimiters(file: Any, delimiter: str, other: str) -> None:
    head = f'"name{other}full{other}first"'
    path = file(f'{head}{delimiter}city\n"Doe{other} Jane"{delimiter}Leeds\n')
    assert reading.sample(path).delimiter == delimiter
    assert cells(path) == [(2, {head.strip('"'): f"Doe{other} Jane", "city": "Leeds"})]


def test_one_column_needs_no_delimiter(file: Any) -> None:
    assert cells(file("email\na@x.example\n")) == [(2, {"email": "a@x.example"})]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_quoted_new_lines(file: Any, end: str) -> None:
    path = file(f'name,note{end}Jane,"two{end}lines, ""quoted"""{end}John,{end}')
    assert cells(path) == [(2, {"name": "Jane", "note": f'two{end}lines, "quoted"'}), (3, {"name": "John", "note": ""})]


def test_empty_rows_are_passed_over_and_counted(file: Any) -> None:
    path = file("name,city\n\nJane,Leeds\n , \n,\nJohn,York\n\n")
    assert cells(path) == [(3, {"name": "Jane", "city": "Leeds"}), (6, {"name": "John", "city": "York"})]


def test_rows_with_other_numbers_of_cells_are_told_apart(file: Any) -> None:
    path = file("name,city\nJane\nJohn,York,extra\nZed,Hull\n")
    assert list(reading.rows(path)) == [
        (2, None, ["Jane"]),
        (3, None, ["John", "York", "extra"]),
        (4, {"name": "Zed", "city": "Hull"}, ["Zed", "Hull"]),
    ]


def test_headers_are_stripped_and_those_without_a_name_get_one(file: Any) -> None:
    assert reading.sample(file(" name ,,city\nJane,x,Leeds\n")).headers == ("name", "column 2", "city")


def test_a_sample_is_short(file: Any) -> None:
    path = file("name\n" + "".join(f"{'x' * 200}{n}\n" for n in range(50)))
    sample = reading.sample(path)
    assert len(sample.rows) == 5
    assert {len(row[0]) for row in sample.rows} == {80}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "It is empty."),
        (b" \n\r\n ", "It is empty."),
        (b"\xef\xbb\xbf", "is empty."),
        (b"\xff\xfe", "is empty."),
        (b"\n\nname,city\n", "Its first row is empty."),
        (b",,\nJane,x,y\n", "Its first row is empty."),
        (b"name,city,name\n", "Two columns are named name."),
        (b"name, name \n", "Two columns are named name."),
        (",".join(f"c{n}" for n in range(301)).encode(), "It has 301 columns."),
        (b"name,city\nJa\x00ne,Leeds\n", "It is not text."),
        (b"\xff\xfeN\x00a\x00m", "is cut or damaged"),
        (b"\x81\x8d\x8f,name\n", "is cut or damaged"),
        (b"name\nZo\xeb\n\x81\n", "is cut or damaged"),
        (b"name\n" + b"x" * 2_000_001 + b"\n", "After row 1 it is not rows of cells (field larger than field limit"),
        (b"PAR1 but no more", "is cut or damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(file: Any, content: bytes, why: str) -> None:
    path = file(content)
    assert why in refusal(path)


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    assert "not kept any more" in refusal(tmp_path / "gone.csv")
    with pytest.raises(FileRefused):
        reading.sample(tmp_path / "gone.csv")


def test_rows_before_the_damage_are_read(file: Any) -> None:
    found = reading.rows(file(b"name\nJane\nJohn\n" + b"x" * 2_000_001 + b"\n"))
    assert [next(found)[0], next(found)[0]] == [2, 3]
    with pytest.raises(FileRefused, match="After row 3"):
        next(found)


def test_a_header_without_rows_is_no_rows(file: Any) -> None:
    path = file("name,city\n")
    assert reading.sample(path).rows == ()
    assert cells(path) == []


def parquet(path: Path, **columns: pa.Array) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_parquet(tmp_path: Path) -> None:
    moment = datetime(2026, 2, 1, 9, 30, tzinfo=UTC)
    path = parquet(
        tmp_path / "own.parquet",
        who=pa.array(["jane", None]),
        at=pa.array([moment, None], pa.timestamp("ns", "UTC")),
        local=pa.array([moment.replace(microsecond=5), None], pa.timestamp("us")),
        day=pa.array([date(2026, 2, 1), None]),
        fee=pa.array([Decimal("12400.50"), None]),
        whole=pa.array([7, None]),
        ratio=pa.array([12400.0, None]),
        machine=pa.array([True, None]),
        raw=pa.array([b"\x01\xff", None]),
    )
    sample = reading.sample(path)
    assert (sample.encoding, sample.delimiter) == ("parquet", "")
    assert sample.headers == ("who", "at", "local", "day", "fee", "whole", "ratio", "machine", "raw")
    assert cells(path) == [
        (
            2,
            {
                "who": "jane", "at": "2026-02-01T09:30:00+00:00", "local": "2026-02-01T09:30:00.000005",
                "day": "2026-02-01", "fee": "12400.50", "whole": "7", "ratio": "12400.0", "machine": "True",
                "raw": "01ff",
            },
        )
    ]  # fmt: skip


def test_parquet_with_one_column_twice_or_cut(tmp_path: Path) -> None:
    twice = tmp_path / "twice.parquet"
    pq.write_table(pa.table([["a"], ["b"]], names=["name", "name"]), twice)
    assert "Two columns are named name." in refusal(twice)
    cut = parquet(tmp_path / "cut.parquet", name=pa.array(["x" * 100] * 1000))
    cut.write_bytes(cut.read_bytes()[:-40])
    assert "is cut or damaged" in refusal(cut)


def test_parquet_in_many_batches(tmp_path: Path) -> None:
    path = parquet(tmp_path / "own.parquet", number=pa.array(range(25_001)))
    assert [int(row["number"]) for _, row in cells(path) if row] == list(range(25_001))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_rows_can_be_taken_out_of_a_file(file: Any, encoding: str) -> None:
    path = file('name;note\nJané;"a;b"\nZoë;two\nJané;x\n', encoding)
    before = reading.sample(path)
    assert reading.rewrite(path, lambda row: row[0] != "Jané") == 2
    assert cells(path) == [(2, {"name": "Zoë", "note": "two"})]
    after = reading.sample(path)
    assert (after.headers, after.delimiter) == (before.headers, before.delimiter)
    assert "Jan" not in path.read_bytes().decode(encoding)
    assert list(path.parent.iterdir()) == [path]


def test_a_file_from_which_nothing_goes_stays_as_it_was(file: Any) -> None:
    path = file("name\r\nJane\r\n\r\n")
    before = path.read_bytes()
    assert reading.rewrite(path, lambda row: True) == 0
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_rows_can_be_taken_out_of_parquet(tmp_path: Path) -> None:
    path = parquet(tmp_path / "own.parquet", name=pa.array(["Jane", "Zoë"]), n=pa.array([1, 2]))
    assert reading.rewrite(path, lambda row: row[0] != "Jane") == 1
    assert cells(path) == [(2, {"name": "Zoë", "n": "2"})]
    assert reading.rewrite(path, lambda row: False) == 1
    assert cells(path) == []
    assert reading.sample(path).headers == ("name", "n")
