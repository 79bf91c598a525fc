"""Deeds on files: take in, read, remove, bring back, erase."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Subject, Viewer
from fourfold.base.actor import Actor
from fourfold.base.nudge import nudge
from fourfold.files import access, models, queries, rules
from fourfold.files.types import KEPT_DAYS, FilePurpose, FileRefused, TextState
from fourfold.ledger.queries import among

READER = (sys.executable, "-m", "fourfold.files.reading")
MOST_TRIES = 2
READING_SECONDS = 90


@transaction.atomic
def store_file(
    *, subject: tuple[str, UUID], name: str, data: bytes, purpose: FilePurpose, by: Actor, at: datetime
) -> UUID:
    """Keep a file about something; its text is read in the background. Returns its key.

    The same bytes about the same thing are one file: its key comes back, and a removed one is brought back. Raises
    FileRefused for a file that is too large, no document, or not safe.
    """
    limit = settings.FILE_MEGABYTES
    if len(data) > limit * 1024 * 1024:
        raise FileRefused(
            "The file was not taken in.",
            f"It is larger than {limit} MB.",
            "Make it smaller (scans at 150 dpi are), or set FOURFOLD_FILE_MEGABYTES higher.",
        )
    media = rules.media_of(data)
    digest = hashlib.sha256(data).hexdigest()
    kind, key = subject
    held = models.StoredFile.objects.filter(subject_kind=kind, subject_key=key, sha256=digest).first()
    if held:
        if held.removed_at:
            models.StoredFile.objects.filter(pk=held.pk).update(removed_at=None)
            _changed(held, "bring_file_back", by, at)
        _keep_bytes(digest, data)
        return held.key
    _keep_bytes(digest, data)
    made = models.StoredFile.objects.create(
        subject_kind=kind,
        subject_key=key,
        name=rules.file_name(name, media),
        purpose=purpose,
        media=media,
        size=len(data),
        sha256=digest,
        by_key=by.user_key,
        by=by.name[:80],
        at=at,
    )
    _changed(made, "store_file", by, at)
    transaction.on_commit(partial(_keep_bytes, digest, data))  # an erasure may have taken them meanwhile
    if by.via == "page":  # who waits for it; imports of thousands are found by the next sweep
        transaction.on_commit(partial(nudge, "files", "all"))
    return made.key


def _changed(file: models.StoredFile, deed: str, by: Actor, at: datetime) -> None:
    accounts.audit(by=by, deed=deed, at=at, subject=(file.subject_kind, file.subject_key), summary=file.purpose)
    accounts.tell_watchers(kind=file.subject_kind, keys=[file.subject_key])


def _keep_bytes(digest: str, data: bytes) -> None:
    """Write the bytes under their hash, whole or not at all."""
    path = queries.bytes_of(digest)
    if path.is_file() and path.stat().st_size == len(data):
        os.utime(path)
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


@transaction.atomic
def bring_file(
    *, subject: tuple[str, UUID], name: str, data: bytes, purpose: FilePurpose, viewer: Viewer, at: datetime
) -> Subject:
    """Keep a file from a page, about what the viewer may see. Raises NotFound, FileRefused."""
    found = accounts_queries.subject(viewer, *subject)
    store_file(subject=(found.kind, found.key), name=name, data=data, purpose=purpose, by=viewer.actor(), at=at)
    return found


@transaction.atomic
def hand_over(*, subject: tuple[str, UUID], to: tuple[str, UUID], by: Actor, at: datetime) -> int:
    """Files about one thing become files about another: a CV that was read becomes the person's. Returns how many.

    One that is there already, byte for byte, is not kept twice.
    """
    found = models.StoredFile.objects.filter(subject_kind=subject[0], subject_key=subject[1])
    there = models.StoredFile.objects.filter(subject_kind=to[0], subject_key=to[1])
    found.filter(sha256__in=there.values("sha256")).delete()
    count = found.update(subject_kind=to[0], subject_key=to[1])
    if count:
        accounts.audit(by=by, deed="hand_over_file", at=at, subject=to)
        accounts.tell_watchers(kind=to[0], keys=[to[1]])
    return count


@transaction.atomic
def remove_file(*, key: UUID, viewer: Viewer, at: datetime) -> Subject:
    """Take a file away; it can be brought back for 30 days. Raises NotFound, NotAllowed."""
    found, subject = access.get_file_for(viewer, key)
    access.require_remover(viewer, found)
    models.StoredFile.objects.filter(pk=key).update(removed_at=at)
    _changed(found, "remove_file", viewer.actor(), at)
    return subject


@transaction.atomic
def bring_file_back(*, key: UUID, viewer: Viewer, at: datetime) -> Subject:
    """Undo a removal. Raises NotFound, NotAllowed."""
    found, subject = access.get_file_for(viewer, key, removed=True)
    access.require_remover(viewer, found)
    models.StoredFile.objects.filter(pk=key).update(removed_at=None)
    _changed(found, "bring_file_back", viewer.actor(), at)
    return subject


def read_waiting(*, limit: int = 500) -> int:
    """Read the text and draw the pages of files that wait, each in a process of its own. Returns how many.

    A file that ends its reader twice is given up, and says so.
    """
    done = 0
    while done < limit:
        found = models.StoredFile.objects.filter(state=TextState.WAITING, removed_at=None).order_by("at").first()
        if found is None:
            break
        read_file(key=found.key)
        done += 1
    return done


def read_file(*, key: UUID) -> TextState:
    """Read one file's text and draw its pages, in a process with limits of time and memory."""
    models.StoredFile.objects.filter(pk=key).update(tries=F("tries") + 1)
    found = models.StoredFile.objects.get(pk=key)
    path, home = queries.bytes_of(found.sha256), Path(settings.HOME) / "previews"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=home) as scratch:
        folder = Path(scratch) / "pages"
        folder.mkdir()
        answer = _read_apart(path, found.media, folder) if path.is_file() else _failed("Its bytes are not there.")
        if answer is None and found.tries < MOST_TRIES:
            return TextState.WAITING
        answer = answer or _failed("Reading it took too long, or too much memory.")
        text = (folder / "text.txt").read_text("utf-8") if (folder / "text.txt").is_file() else ""
        if answer["pages"]:
            _keep_pictures(folder, queries.pictures_of(found.sha256))
    _keep_text(found, text, answer)
    return TextState(answer["state"])


def _failed(why: str) -> dict[str, Any]:
    return {"state": TextState.FAILED.value, "pages": 0, "why": why}


def _read_apart(path: Path, media: str, folder: Path) -> dict[str, Any] | None:
    """What the reader says; None where it did not come back."""
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "PYTHONPATH") if name in os.environ}
    try:
        done = subprocess.run(
            [*READER, str(path), media, str(folder)],
            capture_output=True,
            check=False,
            timeout=READING_SECONDS,
            env=environment,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return answer if done.returncode == 0 else None


def _keep_pictures(folder: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "text.txt").unlink(missing_ok=True)
    shutil.rmtree(path, ignore_errors=True)
    folder.rename(path)


@transaction.atomic
def _keep_text(found: models.StoredFile, text: str, answer: dict[str, Any]) -> None:
    rows = models.StoredFile.objects.filter(sha256=found.sha256, state=TextState.WAITING)
    subjects = list(rows.values_list("subject_kind", "subject_key"))
    rows.update(text=text, state=answer["state"], pages=answer["pages"], why_not=answer["why"][:160])
    for kind, key in subjects:
        accounts.tell_watchers(kind=kind, keys=[key])


def clear_removed(*, at: datetime) -> int:
    """Erase files that were removed more than 30 days ago, their bytes with them. Returns how many."""
    old = models.StoredFile.objects.filter(removed_at__lt=at - timedelta(days=KEPT_DAYS))
    return _erase(old)


def draw_lost() -> int:
    """Have files read again whose pictures are gone, as after a restore: backups leave them out. Returns how many."""
    rows = models.StoredFile.objects.filter(pages__gt=0, removed_at=None).values_list("pk", "sha256")
    lost = [key for key, digest in rows if not (queries.pictures_of(digest) / "1.png").is_file()]
    return models.StoredFile.objects.filter(pk__in=among(lost)).update(state=TextState.WAITING, tries=0)


def forget(*, kinds: Collection[str], keys: Collection[UUID]) -> int:
    """Erase every file about these keys, bytes, text and pictures, on commit of the caller's transaction.

    Bytes that another row names stay for it. Returns how many files there were.
    """
    return _erase(models.StoredFile.objects.filter(subject_kind__in=list(kinds), subject_key__in=list(keys)))


def forget_older(*, kind: str, before: datetime) -> int:
    """Erase files about things of one kind that came before a moment, such as those of forms nobody finished.

    Returns how many.
    """
    return _erase(models.StoredFile.objects.filter(subject_kind=kind, at__lt=before))


@transaction.atomic
def _erase(rows: Any) -> int:
    hashes = set(rows.values_list("sha256", flat=True))
    count: int = rows.count()
    rows.delete()
    kept = set(models.StoredFile.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    transaction.on_commit(partial(_erase_bytes, hashes - kept))
    return count


def _erase_bytes(hashes: Collection[str]) -> None:
    for digest in hashes:
        queries.bytes_of(digest).unlink(missing_ok=True)
        shutil.rmtree(queries.pictures_of(digest), ignore_errors=True)
