"""Quoted-printable (RFC 2045), line by line: what is fixed is encoded once, only lines with merge values again.

Each line comes out as the standard library's ``email.quoprimime.body_encode`` writes it. Pure.
"""

from __future__ import annotations

import re

WIDTH = 76
SAFE = re.compile(r"[ -<>-~]*")
TABLE = {number: f"={number:02X}" for number in range(256) if not 32 <= number < 127 or chr(number) == "="}
for kept in "\t\r\n":
    del TABLE[ord(kept)]


def quoted(text: str) -> str:
    """Text with each byte of its UTF-8 quoted where it must be; line breaks stay, and lines aren't folded yet."""
    return text if SAFE.fullmatch(text) else text.encode().decode("latin-1").translate(TABLE)


def lines(quoted_text: str) -> str:
    """Quoted text as the lines of a body: folded at 76, each with CRLF. An empty text is one empty line."""
    if len(quoted_text) <= WIDTH and "\n" not in quoted_text and "\r" not in quoted_text:
        return f"{_fold(quoted_text)}\r\n" if quoted_text[-1:] in (" ", "\t") else f"{quoted_text}\r\n"
    rows = quoted_text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "".join([f"{_fold(row)}\r\n" for row in rows])


def _fold(line: str) -> str:
    """One quoted line, folded with soft breaks that never cut an escape in two; white space never ends it."""
    if len(line) <= WIDTH and line[-1:] not in (" ", "\t"):
        return line
    done, start, last = [], 0, len(line) - 1 - WIDTH
    while start <= last:
        stop = start + WIDTH - 1
        if line[stop - 2] == "=":  # the escape's own sign serves as the soft break, and stands again on the next line
            done.append(line[start : stop - 1])
            start = stop - 2
        elif line[stop - 1] == "=":
            done.append(line[start:stop])
            start = stop - 1
        else:
            done.append(line[start:stop] + "=")
            start = stop
    rest = line[start:]
    if rest[-1:] in (" ", "\t"):
        end = f"={ord(rest[-1]):02X}"
        room = start - last
        rest = rest[:-1] + (end if room >= 3 else f"{rest[-1]}=\r\n" if room == 2 else f"=\r\n{end}")
    return "\r\n".join([*done, rest])
