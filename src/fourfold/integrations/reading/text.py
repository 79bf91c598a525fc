"""CSV and TSV, in whatever encoding and with whatever delimiter."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Generator
from pathlib import Path
from typing import IO

from fourfold.integrations.types import FileRefused

CELL_LIMIT = 2_000_000
"""Characters: systems keep whole CVs as HTML in one cell."""
DELIMITERS = ",;\t|"


def records(path: Path) -> Generator[list[str]]:
    """Every line's cells."""
    encoding, delimiter = detect(path)
    csv.field_size_limit(CELL_LIMIT)
    with path.open(encoding=encoding, newline="") as file:
        for number, cells in enumerate(csv.reader(file, delimiter=delimiter)):
            if number == 0 and cells and cells[0].startswith("\ufeff"):
                cells[0] = cells[0].removeprefix("\ufeff").strip('"')  # UTF-16 of a named byte order keeps its mark
            yield cells


def detect(path: Path) -> tuple[str, str]:
    """Encoding and delimiter of a text file. Raises FileRefused for an empty file or one that is not text."""
    with path.open("rb") as file:
        head = file.read(1_000_000)
        if not head.strip():
            raise FileRefused("The file was not read.", "It is empty.", "Choose the file that holds your rows.")
        encoding = _encoding(file, head)
    lines = re.sub(r'"[^"]*"', "", head.decode(encoding, errors="replace")).splitlines()
    return encoding, _delimiter([line for line in lines if line.strip()][:30])


def _delimiter(lines: list[str]) -> str:
    """What separates cells: the first line decides, unless it is a title without any; then most lines do."""
    first = lines[0] if lines else ""
    if any(one in first for one in DELIMITERS):
        best = max(DELIMITERS, key=first.count)
        counts = [line.count(best) for line in lines[1:]]
        if not counts or sum(count > 0 for count in counts) * 2 >= len(counts):
            return best
    found = max(DELIMITERS, key=lambda one: sum(line.count(one) for line in lines))
    return found if any(found in line for line in lines) else ","


def _encoding(file: IO[bytes], head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\x00" in head:
        wide = _utf_16_without_mark(head)
        if wide:
            return wide
        raise FileRefused(
            "The file was not read.",
            "It is not text.",
            "Save it as an Excel workbook, CSV UTF-8 or Parquet, and choose that file.",
        )
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while block := file.read(1_000_000):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _utf_16_without_mark(head: bytes) -> str | None:
    """UTF-16 whose byte order mark is missing: of plain letters every second byte is zero."""
    part = head[: len(head) // 2 * 2][:2000]
    for encoding, zeros, letters in (("utf-16-le", part[1::2], part[::2]), ("utf-16-be", part[::2], part[1::2])):
        if len(part) >= 8 and zeros.count(0) > 0.7 * len(zeros) and letters.count(0) < 0.1 * len(letters):
            return encoding
    return None
