"""Workbooks (XLSX, XLS, ODS): their sheets, row by row, as text; those that would fill the memory are refused."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine as calamine

from fourfold.integrations.types import FileRefused

UNPACKED_MEGABYTES = 1000
MOST_ROWS = 500_000
MOST_CELLS = 10_000_000
"""Cells of a sheet from A1 to its last one, empty ones included: about 400 MB in memory."""

BLOCK = 4 * 1024 * 1024
_FILLED = re.compile(rb'<(?:x:)?c (?:[^>/]*? )?r="([A-Z]{1,3})(\d{1,9})"[^>/]*>')
_ERROR = re.compile(rb'<(?:x:)?c (?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})(\d{1,9})"[^>]*>(.*?)</(?:x:)?c>', re.DOTALL)
_VALUE = re.compile(rb"<(?:x:)?v>([^<]*)</")
_SHEET = re.compile(rb"<(?:x:)?sheet ([^>]*)/?>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship ([^>]*)/?>")
_ODS_ROW = re.compile(rb"<table:table-row([^>]*)>|<table:(?:covered-)?table-cell([^>]*)>")
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,9})"')


def is_workbook(path: Path) -> bool:
    """Whether the file begins as a workbook or an archive does."""
    with path.open("rb") as file:
        return file.read(8).startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"))


def require_readable(path: Path) -> None:
    """Raises FileRefused for an archive that is no workbook, is cut, or would unpack to more than we hold."""
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return  # the old format is not packed: it is as large as it looks
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.bin" in names:
                raise _refused("It is a binary workbook (XLSB).", "Save it as XLSX or CSV UTF-8 and choose that.")
            if "xl/workbook.xml" not in names and "content.xml" not in names:
                raise _refused("It is an archive, not a workbook.", "Unpack it and choose the file inside.")
            _require_size(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _damaged(error) from error


def _require_size(archive: zipfile.ZipFile) -> None:
    """Unpack it once, in blocks that are thrown away: what an archive says of its own size may be wrong."""
    total = 0
    for member in archive.infolist():
        is_sheet = re.fullmatch(r"xl/worksheets/[^/]+\.xml", member.filename) is not None
        extent = _Extent()
        ods = _OdsExtent() if member.filename == "content.xml" else None
        for block in _blocks(archive, member.filename, cut_at=b"<"):
            total += len(block)
            if total > UNPACKED_MEGABYTES * 1024 * 1024:
                raise _refused(
                    f"Unpacked it is larger than {UNPACKED_MEGABYTES:,} MB.", "Save its sheet as CSV and choose that."
                )
            if is_sheet:
                extent.add(block)
            elif ods:
                ods.add(block)


class _Extent:
    """How far the filled cells of a sheet reach: two far corners would have all between them held in memory."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = b""

    def add(self, block: bytes) -> None:
        for letters, digits in _FILLED.findall(block):
            self.rows = max(self.rows, int(digits))
            self.columns = max(self.columns, letters, key=lambda one: (len(one), one))
        _require_extent(self.rows, _column_number(self.columns))


class _OdsExtent:
    """The same of an OpenDocument table, where one cell may say that it is there a million times."""

    def __init__(self) -> None:
        self.rows = self.columns = self.most = self.repeated = 0

    def add(self, block: bytes) -> None:
        for row, cell in _ODS_ROW.findall(block):
            times = int(found[1]) if (found := _REPEATED.search(row or cell)) else 1
            if b"value-type" in cell:
                self.columns += times
                if self.columns == times:  # the row's first filled cell
                    self.rows += self.repeated
                self.most = max(self.most, self.columns)
            elif not cell:
                self.repeated, self.columns = times, 0
        _require_extent(self.rows, self.most)


def _require_extent(rows: int, columns: int) -> None:
    if rows > MOST_ROWS or rows * columns > MOST_CELLS:
        raise _refused(
            f"A sheet reaches to row {rows:,} and column {columns:,}; "
            f"{MOST_ROWS:,} rows and {MOST_CELLS:,} cells are read of a workbook.",
            "Delete what stands far below or right, or save the sheet as CSV, which may be longer.",
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _blocks(archive: zipfile.ZipFile, name: str, *, cut_at: bytes) -> Iterator[bytes]:
    """A member's content in blocks, each cut before ``cut_at`` so that no element is torn."""
    rest = b""
    with archive.open(name) as file:
        while block := file.read(BLOCK):
            block = rest + block
            cut = block.rfind(cut_at)
            cut = cut if cut > 0 else len(block)
            yield block[:cut]
            rest = block[cut:]
    yield rest


def sheets(path: Path) -> tuple[str, ...]:
    """The names of the sheets that can be seen, in order. Raises FileRefused."""
    with _opened(path) as book:
        seen = [
            one.name
            for one in book.sheets_metadata
            if one.typ == calamine.SheetTypeEnum.WorkSheet and one.visible == calamine.SheetVisibleEnum.Visible
        ]
    if not seen:
        raise _refused("It has no sheet that can be seen.", "Show the sheet with your rows and save it.")
    return tuple(seen)


def records(path: Path, sheet: str = "") -> Generator[list[str]]:
    """Every row of a sheet, from its first; error cells are what a spreadsheet shows: #REF!. Raises FileRefused."""
    name = sheet or sheets(path)[0]
    with _opened(path) as book:
        if name not in book.sheet_names:
            raise _refused(f"It has no sheet “{name}”.", f"It has {', '.join(sheets(path))}.")
        with _told_in_words():
            found = book.get_sheet_by_name(name)
        errors = _errors(path, name)
        width = max([found.total_width, *(max(row) for row in errors.values())])
        for number, row in enumerate(found.to_python(skip_empty_area=False) if found.height else (), start=1):
            cells = [_text(value) for value in row]
            cells += [""] * (width - len(cells))
            for column, text in errors.get(number, {}).items():
                cells[column - 1] = text
            yield cells


def _opened(path: Path) -> Any:
    with _told_in_words():
        return calamine.CalamineWorkbook.from_path(str(path))


@contextmanager
def _told_in_words() -> Iterator[None]:
    """What the library raises about a workbook, as FileRefused; its panics are no ordinary exceptions."""
    try:
        yield
    except calamine.PasswordError as error:
        raise _refused("It is protected by a password.", "Save it without one and choose that.") from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise _damaged(error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(RuntimeError("its content makes no sense")) from error


def _errors(path: Path, sheet: str) -> dict[int, dict[int, str]]:
    """By row and column, both from 1, the cells of a sheet that hold an error: the reader leaves them empty."""
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return {}
    found: dict[int, dict[int, str]] = {}
    with zipfile.ZipFile(path) as archive:
        member = _member(archive, sheet)
        for block in _blocks(archive, member, cut_at=b"<c ") if member else ():
            if b't="e"' in block:
                for letters, digits, inside in _ERROR.findall(block):
                    value = _VALUE.search(inside)
                    text = value[1].decode("utf-8", "replace") if value else "#REF!"
                    found.setdefault(int(digits), {})[_column_number(letters)] = text
    return found


def _member(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The part of an XLSX that holds a sheet."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    targets = {}
    for text in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        values = _attributes(text)
        targets[values.get("Id", "")] = values.get("Target", "")
    for text in _SHEET.findall(archive.read("xl/workbook.xml")):
        values = _attributes(text)
        if values.get("name") == sheet:
            target = targets.get(values.get("r:id", ""), "")
            member = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            return member if member in names else None
    return None


def _attributes(text: bytes) -> dict[str, str]:
    pairs = re.findall(r"""([\w:]+)\s*=\s*"([^"]*)\"""", text.decode("utf-8", "replace"))
    return {name: html.unescape(value) for name, value in pairs}


def _text(value: Any) -> str:
    """A cell as a file of text would hold it: days as 2026-03-31, whole numbers without a point."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.8f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.replace(microsecond=0).isoformat()
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def _refused(why: str, todo: str) -> FileRefused:
    return FileRefused("The file was not read.", why, todo)


def _damaged(error: Exception) -> FileRefused:
    return _refused(
        f"The workbook is cut or damaged ({str(error)[:120]}).", "Open it, save it again, or save its sheet as CSV."
    )
