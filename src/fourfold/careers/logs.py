"""Keeps signed links out of the logs: the address of a public page is a key to it."""

from __future__ import annotations

import logging
import re

LINK = re.compile(r"/(why|stop|preferences|your-data|go|seen|survey|slots)/[^/\s]+")


class HideLinks(logging.Filter):
    """Puts “…” for the signed part of every address that a record names. Lets every record pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_hidden(one) for one in record.args)
        record.msg = _hidden(record.msg)
        return True


def _hidden(value: object) -> object:
    return LINK.sub(r"/\1/…", value) if isinstance(value, str) else value
