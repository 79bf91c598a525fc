"""Reads of files: frozen rows, texts, and where the bytes lie."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.files import access, models
from fourfold.files.types import FilePage, FilePurpose, FileRow, FilesAbout, Media, Stored, TextState
from fourfold.ledger.queries import among

SHOWN = 100


def bytes_of(sha256: str) -> Path:
    """Where the bytes with this hash lie."""
    return Path(settings.HOME) / "files" / sha256[:2] / sha256


def pictures_of(sha256: str) -> Path:
    """The folder of the pictures of a file's pages. They can be drawn anew."""
    return Path(settings.HOME) / "previews" / sha256[:2] / sha256


def about(viewer: Viewer, things: Sequence[tuple[str, UUID]]) -> FilesAbout:
    """Files about a thing's sides, the latest first. Raises NotFound."""
    subjects = accounts.sides(viewer, things)
    where = Q(pk__in=[])
    for subject in subjects:
        where |= Q(subject_kind=subject.kind, subject_key__in=subject.family or (subject.key,))
    found = models.StoredFile.objects.filter(where, removed_at=None).defer("text").order_by("-at", "key")[:SHOWN]
    return FilesAbout(subjects, tuple(_row(viewer, one) for one in found))


def _row(viewer: Viewer | None, one: models.StoredFile) -> FileRow:
    return FileRow(
        key=one.key,
        subject_kind=one.subject_kind,
        subject_key=one.subject_key,
        name=one.name,
        purpose=FilePurpose(one.purpose),
        media=Media(one.media),
        size=one.size,
        state=TextState(one.state),
        pages=one.pages,
        by=one.by,
        at=one.at,
        may_remove=viewer is not None and access.may_remove(viewer, one),
    )


def file(viewer: Viewer, key: UUID) -> FilePage:
    """A file with its text. Raises NotFound."""
    found, subject = access.get_file_for(viewer, key)
    return FilePage(_row(viewer, found), subject, found.text, found.why_not)


def download(viewer: Viewer, key: UUID) -> Stored:
    """Where a file's bytes lie. Raises NotFound, also where they are lost."""
    found, _ = access.get_file_for(viewer, key)
    return _stored(found.name, Media(found.media), bytes_of(found.sha256), found.size)


def picture(viewer: Viewer, key: UUID, page: int) -> Stored:
    """The picture of one page, counted from 1. Raises NotFound."""
    found, _ = access.get_file_for(viewer, key)
    return _stored(f"{page}.png", Media.PNG, pictures_of(found.sha256) / f"{page}.png", 0)


def _stored(name: str, media: Media, path: Path, size: int) -> Stored:
    if not path.is_file():
        raise NotFound("This was not found.", "Its bytes are not in the house.", "Bring the file again.")
    return Stored(name, media, str(path), size)


def reading_of(kind: str, key: UUID) -> tuple[FileRow, str, str] | None:
    """The latest file about a thing, its text, and why that can't be read; None where there is none. No gate."""
    found = (
        models.StoredFile.objects.filter(subject_kind=kind, subject_key=key, removed_at=None).order_by("-at").first()
    )
    return (_row(None, found), found.text, found.why_not) if found else None


def texts_about(kind: str, keys: Collection[UUID]) -> dict[UUID, list[str]]:
    """The texts of all files about these keys, the latest first, for a search index."""
    found: dict[UUID, list[str]] = {}
    rows = models.StoredFile.objects.filter(
        subject_kind=kind, subject_key__in=among(keys), removed_at=None, state=TextState.READ
    )
    for key, text in rows.order_by("-at").values_list("subject_key", "text"):
        found.setdefault(key, []).append(text)
    return found


def newest_cv(keys: Collection[UUID]) -> tuple[UUID, str] | None:
    """The key and the text of the newest CV about these records of one person, None where none was read. No gate."""
    rows = models.StoredFile.objects.filter(
        subject_kind="candidate", subject_key__in=list(keys), removed_at=None, state=TextState.READ,
        purpose=FilePurpose.CV,
    )  # fmt: skip
    return rows.order_by("-at", "key").values_list("key", "text").first()


def waiting() -> int:
    """How many files wait for their text to be read."""
    return models.StoredFile.objects.filter(state=TextState.WAITING, removed_at=None).count()


def held_about(kinds: Collection[str], keys: Collection[UUID]) -> dict[str, list[dict[str, Any]]]:
    """Every file about these keys, as JSON can hold it, its text included."""
    found = models.StoredFile.objects.filter(subject_kind__in=list(kinds), subject_key__in=list(keys)).order_by("at")
    return {
        "files": [
            {
                "name": one.name, "purpose": one.purpose, "media": one.media, "size": one.size, "sha256": one.sha256,
                "at": one.at.isoformat(), "by": one.by, "text": one.text,
                "removed_at": one.removed_at.isoformat() if one.removed_at else None,
            }
            for one in found
        ]
    }  # fmt: skip


def paths_about(kinds: Collection[str], keys: Collection[UUID]) -> tuple[tuple[str, Path], ...]:
    """Names and paths of the files about these keys, for an export that takes them along."""
    found = models.StoredFile.objects.filter(
        subject_kind__in=list(kinds), subject_key__in=list(keys), removed_at=None
    ).order_by("at", "key")
    return tuple((name, bytes_of(sha256)) for name, sha256 in found.values_list("name", "sha256"))
