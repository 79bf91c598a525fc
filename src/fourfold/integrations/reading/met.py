"""What was met so far of files that may not fit into memory: texts with a count, in a file of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path


class Met:
    """Texts and how often each was met. On disk, so that memory does not grow with a file; rebuilt by every check."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.execute("CREATE TABLE IF NOT EXISTS met (text TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID")

    def add(self, texts: Iterable[str]) -> None:
        """Count these once more."""
        self._file.execute("BEGIN")
        self._file.executemany(
            "INSERT INTO met VALUES (?, 1) ON CONFLICT (text) DO UPDATE SET n = n + 1", ((one,) for one in texts)
        )
        self._file.execute("COMMIT")

    def counts(self, texts: Iterable[str]) -> dict[str, int]:
        """How often each of these was met; those that were not are left out."""
        wanted = list(set(texts))
        found: dict[str, int] = {}
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ", ".join("?" * len(part))
            found.update(self._file.execute(f"SELECT text, n FROM met WHERE text IN ({marks})", part).fetchall())  # noqa: S608
        return found

    def clear(self) -> None:
        """Forget everything."""
        self._file.execute("DELETE FROM met")

    def close(self) -> None:
        self._file.close()


class SeenOnDisk:
    """What ids and contents the rows of one file had, as rules.Seen, on disk: memory does not grow with the file."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.execute("CREATE TABLE own (id TEXT PRIMARY KEY, row INTEGER, content TEXT) WITHOUT ROWID")
        self._file.execute("CREATE TABLE same (content TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID")
        self._file.execute("BEGIN")

    def first(self, own: str, number: int, content: str) -> tuple[int, str]:
        """The row that had this id first, and what it said; this one where none had."""
        self._file.execute("INSERT OR IGNORE INTO own VALUES (?, ?, ?)", (own, number, content))
        row: tuple[int, str] = self._file.execute("SELECT row, content FROM own WHERE id = ?", (own,)).fetchone()
        return row

    def again(self, content: str) -> int:
        """Which row with this content this is, from 1."""
        self._file.execute("INSERT INTO same VALUES (?, 1) ON CONFLICT (content) DO UPDATE SET n = n + 1", (content,))
        n: int = self._file.execute("SELECT n FROM same WHERE content = ?", (content,)).fetchone()[0]
        return n
