"""What a file is by its content, what is refused, and what it is called."""

from __future__ import annotations

import io
import zipfile

import pytest

from fourfold.files import rules
from fourfold.files.tests.factories import MACROS, archive, docx, odt, pdf, picture
from fourfold.files.types import FileRefused, Media


@pytest.mark.parametrize(
    ("data", "media"),
    [
        (pdf(), Media.PDF),
        (b"\n\n%PDF-1.4 late", Media.PDF),
        (docx(), Media.DOCX),
        (odt(), Media.ODT),
        (rb"{\rtf1 Jane}", Media.RTF),
        (picture("PNG"), Media.PNG),
        (picture("JPEG"), Media.JPEG),
        ("Zoë Müller".encode(), Media.TEXT),
        ("Zoë Müller".encode("cp1252"), Media.TEXT),
        ("Zoë Müller".encode("utf-16"), Media.TEXT),
        (b"<html><script>alert(1)</script>", Media.TEXT),  # kept as text, sent as an attachment
    ],
)
def test_media_is_what_the_bytes_say(data: bytes, media: Media) -> None:
    assert rules.media_of(data) is media


def encrypted() -> bytes:
    data = bytearray(docx())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as packed:
        for part in packed.infolist():
            data[part.header_offset + 6] |= 1
    at = data.index(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00\x03 program", "no kind"),
        (b"\x00\x01\x02", "no kind"),
        (docx(kind=MACROS), "macros"),
        (docx(**{"word/vbaProject.bin": b"x"}), "macros"),
        (odt(**{"Basic/Standard/Module1.xml": "x"}), "macros"),
        (odt(**{"META-INF/manifest.xml": "<manifest:encryption-data/>"}), "password"),
        (encrypted(), "password"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0 old word", "DOC"),
        (archive({"a.txt": "x"}), "archive"),
        (archive({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "x"}), "no text document"),
        (archive({"mimetype": "application/epub+zip", "content.xml": "x"}), "no text document"),
        (docx()[:-40], "damaged"),
        (archive({f"part{n}": b"" for n in range(4_001)}), "larger"),
        (archive({f"part{n}": b"\0" * 80_000_000 for n in range(4)}), "larger"),
        (archive({"[Content_Types].xml": b" " * 64_000_000}), "larger"),
        (rb"{\rtf1{\object\objdata 0105}}", "embedded"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_safe_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(FileRefused) as refused:
        rules.media_of(data)
    assert why in refused.value.why
    assert refused.value.todo


@pytest.mark.parametrize(
    ("name", "media", "expected"),
    [
        ("CV.pdf", Media.PDF, "CV.pdf"),
        ("CV Jane.DOCX", Media.DOCX, "CV Jane.DOCX"),
        ("../../etc/passwd", Media.TEXT, "passwd.txt"),
        ("C:\\Users\\jane\\CV.pdf", Media.PDF, "CV.pdf"),
        ("CV.exe", Media.PDF, "CV.pdf"),
        ("CV.pdf.exe", Media.PDF, "CV.pdf.pdf"),
        ("photo.JPEG", Media.JPEG, "photo.JPEG"),
        ("CV\u202efdp.exe", Media.PDF, "CVfdp.pdf"),
        ('a<b>:"|?*\n.txt', Media.TEXT, "a b.txt"),
        ("", Media.PDF, "file.pdf"),
        ("x" * 400 + ".pdf", Media.PDF, "x" * 180 + ".pdf"),
        ("Jane v1.2 final", Media.PDF, "Jane v1.2 final.pdf"),
    ],
)
def test_names_are_safe(name: str, media: Media, expected: str) -> None:
    assert rules.file_name(name, media) == expected


def test_text_is_tidied() -> None:
    assert rules.tidy("\uf3c5 Leeds") == "• Leeds"
    assert rules.tidy("  a\t\tb \r\n\r\n\r\n\r\nc\u00ad\x07d\u00a0e\x0cf") == "a b\n\nc d e\nf"
