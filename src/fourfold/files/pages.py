"""What files' pages show: rows in words, put together for templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fourfold.accounts.types import Subject, Viewer
from fourfold.base.errors import NotFound
from fourfold.files import queries
from fourfold.files.forms import PURPOSES, FileForm
from fourfold.files.types import FilePage, FilePurpose, FileRow, FilesAbout, Media, TextState

CANDIDATE = "candidate"
"""The side of a person on which CVs are kept."""
ICONS = {
    FilePurpose.CV: "file-description",
    FilePurpose.TERMS: "file-text",
    FilePurpose.DOCUMENT: "file",
    FilePurpose.PICTURE: "photo",
}


def parse_things(text: str) -> list[tuple[str, UUID]]:
    """The sides of a thing as addresses carry them: ``person:…,candidate:…``. Raises NotFound."""
    try:
        pairs = [one.split(":", 1) for one in text.split(",") if one]
        things = [(kind, UUID(key)) for kind, key in pairs]
    except ValueError:
        things = []
    if not things or len(things) > 4:
        raise NotFound("This was not found.", "The address was cut or changed.", "Go back and look again.")
    return things


def purposes(subjects: Sequence[Subject]) -> tuple[FilePurpose, ...]:
    """What a file about these may be: CVs only where the candidate side may be seen, terms of organisations."""
    kinds = {one.kind for one in subjects}
    if kinds & {"person", CANDIDATE}:
        rest = (FilePurpose.DOCUMENT, FilePurpose.PICTURE)
        return (FilePurpose.CV, *rest) if CANDIDATE in kinds else rest
    return (FilePurpose.TERMS, FilePurpose.DOCUMENT, FilePurpose.PICTURE)


def side_of(purpose: FilePurpose, subjects: Sequence[Subject]) -> tuple[str, UUID]:
    """Where a file is kept: a CV on the candidate side, all else on the first."""
    wanted = CANDIDATE if purpose is FilePurpose.CV else subjects[0].kind
    chosen = next((one for one in subjects if one.kind == wanted), subjects[0])
    return chosen.kind, chosen.key


def most_bytes() -> int:
    """The largest file that is taken in."""
    return int(settings.FILE_MEGABYTES) * 1024 * 1024


def size_words(size: int) -> str:
    return f"{size / 1024**2:.1f} MB" if size >= 1024**2 else f"{max(1, round(size / 1024))} kB"


def line(row: FileRow) -> dict[str, Any]:
    state = {TextState.WAITING: _("being read"), TextState.FAILED: _("text not readable")}.get(row.state, "")
    parts = [str(PURPOSES[row.purpose]), row.media.words, size_words(row.size), state]
    return {"file": row, "icon": ICONS[row.purpose], "note": " · ".join(part for part in parts if part)}


def about_context(found: FilesAbout, *, form: FileForm | None = None, error: Any = None) -> dict[str, Any]:
    """Files about a thing and the form to bring one: the partial that other rooms' pages include."""
    return {
        "about": ",".join(f"{one.kind}:{one.key}" for one in found.subjects),
        "files": [line(row) for row in found.files],
        "form": form or FileForm(purposes=purposes(found.subjects), auto_id="file_%s"),
        "error": error,
        "hint": _("PDF, DOCX, ODT, RTF, text, PNG or JPEG, up to %(n)s MB") % {"n": settings.FILE_MEGABYTES},
        "candidate_side": CANDIDATE,
    }


def part(viewer: Viewer, things: Sequence[tuple[str, UUID]]) -> dict[str, Any]:
    """The partial's values for a thing's sides. Raises NotFound."""
    return about_context(queries.about(viewer, things))


def file_context(page: FilePage) -> dict[str, Any]:
    file = page.file
    why = ""
    if file.state is TextState.FAILED:
        why = page.why_not or _("It can’t be read.")
    pages = range(1, file.pages + 1)
    return {
        "page": page,
        "line": line(file),
        "pictures": list(pages),
        "why_not": why,
        "waiting": file.state is TextState.WAITING,
        "counted": ngettext("%(n)s page shown", "%(n)s pages shown", file.pages) % {"n": file.pages}
        if file.pages and file.media is Media.PDF
        else "",
    }
