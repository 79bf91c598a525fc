"""PostgreSQL's own way to name a server, for the tools that connect beside Django."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_PARTS = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}


def conninfo(database: Mapping[str, Any], *, password: bool) -> str:
    """``host='…' dbname='…' sslmode='…'`` from one of Django's database settings, its text options included.

    Without ``password`` for a command line, which others on the machine can read (pass it as PGPASSWORD).
    """
    values = {word: database.get(key) for key, word in _PARTS.items() if password or word != "password"}
    options = database.get("OPTIONS") or {}
    values.update({key: value for key, value in options.items() if isinstance(value, str)})
    return " ".join(f"{word}='{_quoted(str(value))}'" for word, value in values.items() if value not in {None, ""})


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")
