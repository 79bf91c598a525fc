"""A journal on disk: lines that are durable when ``write`` returns, taken up later by another process, none lost.

A file belongs to the process that writes it, which holds a lock on it; the kernel lets go of the lock however that
process ends. A file without a lock is complete and may be taken up. Each line carries a checksum, so that half a line,
left by a machine that lost its power, is told from a whole one: nobody was answered before the line was whole.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import secrets
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

log = logging.getLogger("fourfold.journal")
ROTATED_AFTER = 15.0
"""Seconds after its first line until a file may be taken up while its writer lives on."""
LARGEST = 8_000_000
"""Bytes after which a new file is begun."""


class Journal:
    """Writes one journal of this process. Safe for threads; ``write`` returns when its lines are on the disk."""

    def __init__(self, folder: Path, *, rotated_after: float = ROTATED_AFTER) -> None:
        self._folder, self._rotated_after = folder, rotated_after
        self._lock = threading.Lock()
        self._file: int | None = None
        self._path = folder
        self._size = 0

    def write(self, lines: Sequence[bytes]) -> None:
        """Make these lines durable: all of them, one wait for the disk. Raises OSError; then none was promised."""
        data = b"".join([b"%08x %s\n" % (zlib.crc32(line), line) for line in lines])
        with self._lock:
            if self._file is None:
                self._begin()
            assert self._file is not None
            try:
                _write_all(self._file, data)
                os.fdatasync(self._file)
            except OSError:
                self._end()  # half a line may stand at its end: nothing may follow it
                raise
            self._size += len(data)
            if self._size >= LARGEST:
                self._end()

    def rotate(self) -> None:
        """Let go of the file, so that it may be taken up now."""
        with self._lock:
            self._end()

    def _begin(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{time.time_ns()}-{os.getpid()}-{secrets.token_hex(4)}"
        made = self._folder / f"{name}.new"  # nobody takes up a “.new”: between making and locking it would be free
        self._file = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._path = made.rename(self._folder / f"{name}.log")
        _sync_folder(self._folder)
        self._size = 0
        timer = threading.Timer(self._rotated_after, self._rotate_if, [self._path])
        timer.daemon = True
        timer.start()

    def _rotate_if(self, path: Path) -> None:
        with self._lock:
            if self._path == path:
                self._end()

    def _end(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _write_all(file: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(file, left) :]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _taken(path: Path) -> Iterator[int | None]:
    """The file, locked for us; None where its writer lives, another takes it up, or it is gone."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        yield None
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file if path.exists() else None
    except BlockingIOError:
        yield None
    finally:
        os.close(file)


def waiting(folder: Path) -> bool:
    """Whether there is a file that may be taken up."""
    for path in folder.glob("*.log"):
        with _taken(path) as file:
            if file is not None:
                return True
    return False


def take_up(folder: Path) -> Iterator[list[bytes]]:
    """The lines of each file that may be taken up, oldest file first. A file goes once its lines were dealt with.

    What the caller raises keeps the file, and all of it is given again next time. A file with a line that was damaged
    is kept under another name after its good lines were given.
    """
    for path in sorted(folder.glob("*.log")):
        with _taken(path) as file:
            if file is None:
                continue
            lines, damaged = _read(file)
            yield lines
            if damaged:
                log.error("%d lines of %s are damaged; it is kept as %s.damaged.", damaged, path.name, path.stem)
                path.rename(path.with_suffix(".damaged"))
            else:
                path.unlink()


def _read(file: int) -> tuple[list[bytes], int]:
    """The good lines, and how many were damaged. Half a line at the end isn't counted: nobody was answered for it."""
    with os.fdopen(os.dup(file), "rb") as held:
        *whole, _half = held.read().split(b"\n")
    good = [line[9:] for line in whole if line[:9] == b"%08x " % zlib.crc32(line[9:])]
    return good, len(whole) - len(good)
