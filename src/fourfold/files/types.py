"""The door of files: what kinds there are, rows, and why a file is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from fourfold.accounts.types import Subject
from fourfold.base.errors import FourfoldError

KEPT_DAYS = 30
"""How long the bytes of a removed file stay, so that a removal can be undone."""
PAGES_SHOWN = 12
"""How many pages of a file are drawn as pictures."""


class FilePurpose(StrEnum):
    CV = "cv"
    TERMS = "terms"
    DOCUMENT = "document"
    PICTURE = "picture"


class Media(StrEnum):
    """What a file is, by its content. Nothing else is taken in."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ODT = "application/vnd.oasis.opendocument.text"
    RTF = "application/rtf"
    TEXT = "text/plain"
    PNG = "image/png"
    JPEG = "image/jpeg"

    @property
    def suffix(self) -> str:
        return {"pdf": ".pdf", "rtf": ".rtf", "plain": ".txt", "png": ".png", "jpeg": ".jpg"}.get(
            self.value.rpartition("/")[2], ".docx" if self is Media.DOCX else ".odt"
        )

    @property
    def words(self) -> str:
        return {Media.TEXT: "text", Media.JPEG: "JPEG"}.get(self, self.suffix[1:].upper())


class TextState(StrEnum):
    """Whether a file's text and the pictures of its pages were taken: ``EMPTY`` has none (a scan, a photograph)."""

    WAITING = "waiting"
    READ = "read"
    EMPTY = "empty"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileRow:
    key: UUID
    subject_kind: str
    subject_key: UUID
    name: str
    purpose: FilePurpose
    media: Media
    size: int
    state: TextState
    pages: int
    by: str
    at: datetime
    may_remove: bool = True


@dataclass(frozen=True, slots=True)
class FilePage:
    """A file's own page: what it is about, its text, and why that could not be read."""

    file: FileRow
    subject: Subject
    text: str
    why_not: str


@dataclass(frozen=True, slots=True)
class FilesAbout:
    """Files about one thing, all its sides that the viewer may see, the latest first."""

    subjects: tuple[Subject, ...]
    files: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a file's bytes lie, for a download."""

    name: str
    media: Media
    path: str
    size: int


class FileRefused(FourfoldError):
    """A file that is not taken in."""
