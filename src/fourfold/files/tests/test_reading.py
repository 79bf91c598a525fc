"""The reader of files, in its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from fourfold.files import reading
from fourfold.files.tests.factories import WORD, archive, docx, odt, pdf, picture
from fourfold.files.types import Media, TextState


def read(tmp_path: Path, data: bytes, media: Media) -> tuple[dict[str, object], str, Path]:
    path, folder = tmp_path / "file", tmp_path / "out"
    path.write_bytes(data)
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "fourfold.files.reading", str(path), media.value, str(folder)],
        capture_output=True, check=True, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    text = folder / "text.txt"
    return json.loads(done.stdout), text.read_text("utf-8") if text.exists() else "", folder


def test_a_pdf_gives_its_text_and_its_first_pages(tmp_path: Path) -> None:
    answer, text, folder = read(tmp_path, pdf("Jane Doe", pages=14), Media.PDF)
    assert answer == {"state": "read", "pages": 12, "why": ""}
    assert text.count("Jane Doe") == 14
    assert sorted(int(path.stem) for path in folder.glob("*.png")) == list(range(1, 13))
    with Image.open(folder / "1.png") as page:
        assert (page.format, page.width) == ("PNG", 851)


@pytest.mark.parametrize(
    ("data", "media", "expected"),
    [
        (docx("<w:p><w:r><w:t>Jane</w:t><w:tab/><w:t>Doe</w:t></w:r></w:p><w:p><w:r><w:t>Leeds</w:t></w:r></w:p>"),
         Media.DOCX, "Jane Doe\nLeeds"),
        (docx("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>2020</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Engineer</w:t></w:r></w:p>"
              "</w:tc></w:tr></w:tbl>"), Media.DOCX, "2020 Engineer"),
        (docx(**{"word/header1.xml": f'<w:hdr xmlns:w="{WORD}"><w:p><w:r><w:t>j@x.example</w:t></w:r></w:p></w:hdr>'}),
         Media.DOCX, "j@x.example\n\nJane Doe"),
        (odt(), Media.ODT, "Jane Doe"),
        (rb"{\rtf1\ansi Jane \b Doe\b0\par Z\'fcrich}", Media.RTF, "Jane Doe\nZürich"),
        ("Zoë\r\nMüller".encode("cp1252"), Media.TEXT, "Zoë\nMüller"),
    ],
)  # fmt: skip
def test_texts(tmp_path: Path, data: bytes, media: Media, expected: str) -> None:
    answer, text, _ = read(tmp_path, data, media)
    assert (answer["state"], answer["pages"], text) == ("read", 0, expected)


def test_a_picture_is_drawn_anew_and_has_no_words(tmp_path: Path) -> None:
    answer, text, folder = read(tmp_path, picture("JPEG", (4_000, 100)), Media.JPEG)
    assert (answer["state"], answer["pages"], text) == ("empty", 1, "")
    with Image.open(folder / "1.png") as page:
        assert (page.format, page.size) == ("PNG", (1_000, 25))


BOMB = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
THIEF = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("head", [BOMB, THIEF])
def test_entities_are_not_resolved(tmp_path: Path, head: str) -> None:
    body = f'{head}<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>'
    data = archive({"[Content_Types].xml": "x", "word/document.xml": body})
    answer, text, _ = read(tmp_path, data, Media.DOCX)
    assert (answer["state"], text) == ("failed", "")
    assert answer["why"] == reading.BROKEN


@pytest.mark.parametrize(
    ("data", "media"),
    [(b"%PDF-1.7 nothing more", Media.PDF), (b"\x89PNG\r\n\x1a\n cut", Media.PNG), (pdf()[:700], Media.PDF)],
)
def test_a_broken_file_says_so(tmp_path: Path, data: bytes, media: Media) -> None:
    answer, _, _ = read(tmp_path, data, media)
    assert (answer["state"], answer["why"]) == (TextState.FAILED.value, reading.BROKEN)


def test_a_picture_that_would_fill_the_memory_is_not_unpacked(tmp_path: Path) -> None:
    data = bytearray(picture("PNG"))
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    assert read(tmp_path, bytes(data), Media.PNG)[0]["state"] == "failed"
