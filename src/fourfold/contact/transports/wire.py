"""One connection to a mail server: lines out, replies in, each with an end to the waiting."""

from __future__ import annotations

import re
import socket
import ssl
import time
from dataclasses import dataclass

LONGEST_LINE = 4096  # RFC 5321 asks for 512; servers in the field write more
MOST_LINES = 200
LONGEST_WORDS = 500
SLOWEST = 50_000  # bytes a second that a long message may take beyond the timeout
RECEIVE = 16_384
LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)
STATUS = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:\s|$)")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class WireBroken(Exception):
    """The connection is of no more use: lost, too slow, or the server talks nonsense. ``code`` is 421 if it said so."""

    def __init__(self, words: str, code: int = 0) -> None:
        super().__init__(words)
        self.words = words
        self.code = code


@dataclass(frozen=True, slots=True)
class Reply:
    code: int
    lines: tuple[str, ...]

    @property
    def words(self) -> str:
        return " ".join(self.lines)[:LONGEST_WORDS]

    @property
    def status(self) -> str:
        """The extended code of RFC 3463 at the start of the words, "" where there is none or it contradicts."""
        found = STATUS.match(self.lines[0]) if self.lines else None
        return found.group(1) if found and found.group(1)[0] == str(self.code)[0] else ""


class Wire:
    """Sends bytes and reads replies. Whatever goes wrong is a WireBroken, and its words hold no secret."""

    def __init__(self, sock: socket.socket, timeout: float) -> None:
        self._socket = sock
        self._buffer = b""
        self._timeout = timeout
        self.secrets: tuple[str, ...] = ()

    @property
    def own_address(self) -> str:
        """Our end as an address literal of RFC 5321, for a greeting that no name server has to be asked for."""
        name = self._socket.getsockname()[0]
        return f"[IPv6:{name}]" if ":" in name else f"[{name}]"

    @property
    def has_more(self) -> bool:
        return bool(self._buffer)

    def protect(self, context: ssl.SSLContext, host: str) -> None:
        """Turn TLS on. Raises ssl.SSLError and OSError as they come: the caller says what they mean."""
        self._socket.settimeout(self._timeout)
        self._socket = context.wrap_socket(self._socket, server_hostname=host)

    def send(self, data: bytes) -> None:
        try:
            self._socket.settimeout(self._timeout + len(data) / SLOWEST)
            self._socket.sendall(data)
        except TimeoutError:
            raise WireBroken("The server stopped reading.") from None
        except (OSError, ValueError) as error:
            raise WireBroken(f"The connection was lost ({_reason(error)}).") from None

    def reply(self, timeout: float | None = None) -> Reply:
        """The next reply, all its lines. The time allowed is for the whole of it, however it drips in."""
        allowed = self._timeout if timeout is None else timeout
        until = time.monotonic() + allowed
        code, lines = 0, []
        while True:
            found = LINE.fullmatch(self._line(until, allowed))
            if found is None or (code and int(found.group(1)) != code):
                raise WireBroken("The server gave an answer that isn't SMTP.")
            code = int(found.group(1))
            lines.append(self._clean(found.group(3) or b""))
            if found.group(2) != b"-":
                return Reply(code, tuple(lines))
            if len(lines) > MOST_LINES:
                raise WireBroken(f"The server gave an answer of more than {MOST_LINES} lines.")

    def close(self) -> None:
        try:
            self._socket.close()
        except OSError:  # it was gone before
            return

    def _line(self, until: float, allowed: float) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > LONGEST_LINE:
                raise WireBroken("The server gave an answer with an endless line.")
            self._receive(until, allowed)
        line, self._buffer = self._buffer[:end], self._buffer[end + 1 :]
        if len(line) > LONGEST_LINE:
            raise WireBroken("The server gave an answer with an endless line.")
        return line.removesuffix(b"\r")

    def _receive(self, until: float, allowed: float) -> None:
        left = until - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            got = self._socket.recv(RECEIVE)
        except TimeoutError:
            raise WireBroken(f"The server gave no answer within {allowed:g} seconds.") from None
        except (OSError, ValueError) as error:
            raise WireBroken(f"The connection was lost ({_reason(error)}).") from None
        if not got:
            raise WireBroken("The server hung up.")
        self._buffer += got

    def _clean(self, text: bytes) -> str:
        words = UNPRINTABLE.sub(" ", text.decode("utf-8", "replace")).strip()
        for secret in self.secrets:
            words = words.replace(secret, "…")
        return words


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or type(error).__name__)
