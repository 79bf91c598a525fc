"""Header lines of a message: folded, encoded, and closed to anything that could begin another header.

Plain ASCII comes out byte for byte as ``email.message.EmailMessage`` writes it. What isn't plain is encoded whole by
``email.header.Header``: EmailMessage takes "=?utf-8?q?…?=" in a name for an encoded word and writes what it decodes to,
and breaks long web addresses in List-Unsubscribe into encoded words that no mail program can follow.
"""

from __future__ import annotations

import re
from email.header import Header
from functools import lru_cache

import idna

from fourfold.contact.types.transport import CannotSend

WIDTH = 76
LONGEST_LINE = 998
LONGEST_WORD = 60
FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
QUOTED = re.compile(r'[()<>@,:;."\[\]\\]')
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+"
LOCAL = re.compile(rf'{ATOM}(?:\.{ATOM})*|"[!#-;=?A-\[\]-~]+"')
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
URL = re.compile(r"https?://[!#-;=?-\[\]_a-z~]+")
MESSAGE_ID = re.compile(r"[!-;=?-~]{3,250}")


def checked(where: str, value: str) -> str:
    """A header's value with runs of spaces made one. Raises CannotSend where it holds a control character."""
    if FORBIDDEN.search(value):
        raise CannotSend(
            "This message was not made.",
            f"{where} holds a line break or another control character, which could forge a part of the message.",
            f"Correct {where[0].lower()}{where[1:]}; it can't be sent as it is.",
        )
    return " ".join(value.split()) if "  " in value else value


def text_header(name: str, where: str, value: str) -> bytes:
    """``name: value`` with CRLF, for a text people read."""
    value = checked(where, value).strip()
    if _is_plain(value):
        if len(name) + 2 + len(value) <= WIDTH:
            return f"{name}: {value}\r\n".encode()
        words = value.split(" ")
        if max(map(len, words)) <= LONGEST_WORD:
            return _folded(name, words)
    return f"{name}: {_encoded(name, value)}\r\n".encode()


def address_header(name: str, where: str, shown: str, address: str) -> bytes:
    """``name: shown <address>`` with CRLF. ``address`` has come from ``envelope_address``."""
    shown = checked(where, shown).strip()
    if not shown:
        return f"{name}: {address}\r\n".encode()
    if _is_plain(shown):
        phrase = '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"' if QUOTED.search(shown) else shown
        if len(name) + len(phrase) + len(address) + 5 <= WIDTH:
            return f"{name}: {phrase} <{address}>\r\n".encode()
    phrase = _encoded(name, shown)
    last = len(name) + 2 + len(phrase) if "\r\n" not in phrase else len(phrase) - phrase.rindex("\r\n") - 2
    gap = " " if last + len(address) + 3 <= WIDTH else "\r\n "
    return f"{name}: {phrase}{gap}<{address}>\r\n".encode()


def plain_header(name: str, value: str) -> bytes:
    """``name: value`` on one line, for what machines read. Raises CannotSend past 998 bytes or beyond ASCII."""
    line = f"{name}: {checked(name, value)}"
    if len(line) > LONGEST_LINE or not line.isascii():
        raise CannotSend(
            "This message was not made.",
            f"Its header {name} has more than {LONGEST_LINE} bytes, or letters beyond ASCII.",
            "Shorten the web address or the name it is made from.",
        )
    return f"{line}\r\n".encode()


@lru_cache(maxsize=65_536)
def envelope_address(address: str) -> str:
    """An address as mail servers take it: its domain in ASCII (IDNA 2008) and small letters.

    A local part beyond ASCII stays as it is, and needs a server with SMTPUTF8. Raises CannotSend for what is none.
    """
    local, at, domain = address.strip().rpartition("@")
    ascii_domain = domain.lower()
    if not domain.isascii():
        try:
            ascii_domain = idna.encode(domain, uts46=True).decode()
        except UnicodeError:
            ascii_domain = ""
    if (
        not at
        or FORBIDDEN.search(address)
        or any(map(str.isspace, local))
        or not LOCAL.fullmatch(local)
        or not DOMAIN.fullmatch(ascii_domain)
        or len(local.encode()) > 64
        or len(local.encode()) + len(ascii_domain) > 253
    ):
        raise CannotSend(
            "This message was not made.",
            f"“{FORBIDDEN.sub('�', address)[:100]}” isn't an address that mail servers take.",
            "Correct the address on the person's page.",
        )
    return f"{local}@{ascii_domain}"


def _is_plain(value: str) -> bool:
    """Printable ASCII that nobody takes for an encoded word."""
    return value.isascii() and value.isprintable() and "=?" not in value


def _folded(name: str, words: list[str]) -> bytes:
    lines, line = [], f"{name}:"
    for word in words:
        if len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = ""
        line += f" {word}"
    return ("\r\n".join([*lines, line]) + "\r\n").encode()


@lru_cache(maxsize=4_096)
def _encoded(name: str, value: str) -> str:
    return Header(value, "utf-8", header_name=name, maxlinelen=WIDTH).encode(linesep="\r\n")
