"""Unpacks a zip that people hand in: its names are never used as paths, and it can't fill the disk."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from fourfold.integrations.types import FileRefused

MOST_FILES = 20_000
MOST_TIMES = 100
"""How many times its own size a zip may unpack to; text as such systems export it packs ten to twenty times."""
SMALL = 50 * 1024 * 1024
"""A zip may always unpack to this many bytes."""
_BLOCK = 1024 * 1024


def is_zip(path: Path) -> bool:
    """Whether a file is a zip of files; a workbook is one too, and is none here."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    return not names & {"[Content_Types].xml", "mimetype"}


def unpack(path: Path, folder: Path) -> list[tuple[str, Path]]:
    """Unpack the files of a zip into ``folder``, under numbers. Returns (the name inside, where it lies).

    Folders, links, hidden files and what macOS adds are passed over. Raises FileRefused for a zip that is locked,
    damaged, holds too many files, or would unpack to more than it may: counted as it is written, whatever it says of
    itself.
    """
    limit = max(SMALL, MOST_TIMES * path.stat().st_size)
    folder.mkdir(parents=True, exist_ok=True)
    found: list[tuple[str, Path]] = []
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if _is_wanted(one)]
            if len(members) > MOST_FILES:
                raise _refused(f"It holds {len(members):,} files, and at most {MOST_FILES:,} are taken.")
            for number, member in enumerate(members):
                if member.flag_bits & 1:
                    raise _refused("It is locked with a password.")
                target = folder / f"{number:05d}"
                limit -= _write(archive, member, target, limit)
                found.append((member.filename.replace("\\", "/"), target))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise _refused(f"It is damaged ({error}).") from error
    return found


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    name = member.filename.replace("\\", "/")
    is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
    parts = name.split("/")
    return not (member.is_dir() or is_link or "__MACOSX" in parts or parts[-1].startswith(".") or not parts[-1])


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, limit: int) -> int:
    size = 0
    with archive.open(member) as source, target.open("wb") as file:
        while block := source.read(_BLOCK):
            size += len(block)
            if size > limit:
                raise _refused("It would unpack to far more than it says: such a zip is made to fill a disk.")
            file.write(block)
    return size


def _refused(why: str) -> FileRefused:
    return FileRefused("The zip was not read.", why, "Zip the exported files anew, without a password, and try again.")
