"""Pure decisions about files: what one is by its content, what is refused, and what it is called."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib

from fourfold.files.types import FileRefused, Media

MOST_PARTS = 4_000
"""A document has some dozen parts; an archive made to explode has many."""
LARGEST_UNPACKED = 300 * 1024 * 1024
LARGEST_PART = 60 * 1024 * 1024
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError, KeyError)
KINDS = "PDF, DOCX, ODT, RTF, plain text, PNG and JPEG are taken in."


def media_of(data: bytes) -> Media:
    """What a file is, by its bytes; its name says nothing. Raises FileRefused for all that isn't safe or not known."""
    if not data:
        raise FileRefused("The file was not taken in.", "It is empty.", "Choose it again; the copy may have failed.")
    if b"%PDF-" in data[:1024]:
        return Media.PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Media.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return Media.JPEG
    if data.startswith(b"{\\rtf"):
        return _rtf(data)
    if data.startswith(b"PK"):
        return _packed(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _compound(data)
    if text_of(data) is not None:
        return Media.TEXT
    raise FileRefused("The file was not taken in.", f"Its content is of no kind we know. {KINDS}", "Save it as PDF.")


def _rtf(data: bytes) -> Media:
    if re.search(rb"\\obj(data|emb|ocx|link|update)", data):
        raise FileRefused(
            "The file was not taken in.", "It has other files or programs embedded in it.", "Save it as PDF."
        )
    return Media.RTF


def _compound(data: bytes) -> FileRefused:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _locked()
    return FileRefused(
        "The file was not taken in.",
        "It is in Word’s old format (DOC), which may hold programs.",
        "Open it in Word, and save it as DOCX or PDF.",
    )


def _locked() -> FileRefused:
    return FileRefused(
        "The file was not taken in.", "It is protected by a password.", "Save a copy without the password."
    )


def _packed(data: bytes) -> Media:
    """A DOCX or ODT, looked at without unpacking more than its list of parts. Raises FileRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            check_parts(parts)
            names = {part.filename for part in parts}
            if "[Content_Types].xml" in names:
                return _docx(names, part_of(archive, "[Content_Types].xml"))
            if "mimetype" in names:
                return _odt(archive, names)
    except _BROKEN:
        raise FileRefused(
            "The file was not taken in.", "It is damaged: its parts can’t be read.", "Save it again, or as PDF."
        ) from None
    raise FileRefused("The file was not taken in.", f"It is an archive. {KINDS}", "Unpack it, and choose a document.")


def check_parts(parts: list[zipfile.ZipInfo]) -> None:
    """Raises FileRefused for an archive made to fill the memory, or one that needs a password."""
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise FileRefused(
            "The file was not taken in.", "Unpacked it would be larger than any document.", "Save it as PDF."
        )
    if any(part.flag_bits & 1 for part in parts):
        raise _locked()


def part_of(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part, never more than it may hold, whatever its header says. Raises FileRefused."""
    with archive.open(name) as part:
        data = part.read(LARGEST_PART + 1)
    if len(data) > LARGEST_PART:
        raise FileRefused(
            "The file was not taken in.", "One of its parts is larger than any document.", "Save it as PDF."
        )
    return data


def _docx(names: set[str], types: bytes) -> Media:
    if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused(
            "The file was not taken in.",
            "It holds macros, which are programs.",
            "Save it as a plain DOCX or PDF.",
        )
    if _WORD.encode() not in types or "word/document.xml" not in names:
        raise FileRefused("The file was not taken in.", f"It is no text document. {KINDS}", "Save it as PDF.")
    return Media.DOCX


def _odt(archive: zipfile.ZipFile, names: set[str]) -> Media:
    kind = part_of(archive, "mimetype").strip()
    if kind != Media.ODT.value.encode() or "content.xml" not in names:
        raise FileRefused("The file was not taken in.", f"It is no text document. {KINDS}", "Save it as PDF.")
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        raise FileRefused(
            "The file was not taken in.", "It holds macros, which are programs.", "Save it without them, or as PDF."
        )
    if "META-INF/manifest.xml" in names and b"encryption-data" in part_of(archive, "META-INF/manifest.xml"):
        raise _locked()
    return Media.ODT


_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def text_of(data: bytes) -> str | None:
    """Plain text in UTF-8, UTF-16 with its mark, or Windows-1252; None for what is no text."""
    codings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "cp1252")
    for coding in codings:
        try:
            text = data.decode(coding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROLS.search(text) else text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    return None


def file_name(name: str, media: Media) -> str:
    """A name that is safe on every system and has the suffix of what the file is: ``../CV?.exe`` → ``CV.pdf``."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(letter for letter in plain if unicodedata.category(letter)[0] != "C")
    plain = re.sub(r'[<>:"|?*]+', " ", plain).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    known = {media.suffix, ".jpeg"} if media is Media.JPEG else {media.suffix}
    if not dot or len(suffix) > 5 or not suffix.isalnum():
        stem = plain
    elif f".{suffix.lower()}" in known or (media is Media.TEXT and suffix.lower() in {"md", "csv", "text"}):
        return f"{stem[:180].strip() or 'file'}.{suffix}"
    return f"{stem[:180].strip() or 'file'}{media.suffix}"


def tidy(text: str) -> str:
    """Text as it is kept: no control letters, no long runs of blanks or empty lines."""
    plain = _CONTROLS.sub(" ", unicodedata.normalize("NFC", text).replace("\u00ad", "").replace("\r\n", "\n"))
    plain = re.sub("[\ue000-\uf8ff]+", " • ", plain)  # icons of a font of the file's own
    plain = plain.replace("\r", "\n").replace("\x0c", "\n").replace("\u00a0", " ")
    plain = re.sub(r"[ \t]+", " ", plain)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in plain.split("\n"))).strip()
