"""One question to a web service: an end to the waiting, a limit to the answer, and no secret in an error."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError

MOST = 200_000  # bytes of an answer
WORDS = 300
PIECE = 8_192


class Lost(Exception):
    """No answer that can be used. ``begun`` is whether the question may have arrived."""

    def __init__(self, words: str, *, begun: bool) -> None:
        super().__init__(words)
        self.words = words
        self.begun = begun


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]


def ask(
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    login: tuple[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = 20.0,
) -> Answer:
    """POST a form, or GET where there is none. ``timeout`` in seconds, for the whole.

    Follows no redirect. Raises Lost.
    """
    until = time.monotonic() + timeout
    try:
        answer = requests.request(
            "GET" if form is None else "POST",
            url,
            data=form,
            auth=login or _no_login,
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
            stream=True,
        )
        with answer:
            body = b""
            while piece := answer.raw.read1(PIECE, decode_content=True):
                body += piece
                if len(body) > MOST:
                    raise Lost(f"The answer has more than {MOST:,} bytes.", begun=True)
                if time.monotonic() > until:
                    raise Lost(f"The answer was not complete within {timeout:g} seconds.", begun=True)
            return Answer(answer.status_code, body, answer.headers)
    except HTTPError:  # while the answer was read
        raise Lost("The connection was lost within the answer.", begun=True) from None
    except requests.RequestException as error:
        words, begun = described(error, timeout)
        raise Lost(words, begun=begun) from None


def never_left(error: BaseException) -> bool:
    """Whether a failed request never reached the other side: no name, no connection, no trust."""
    if isinstance(error, (requests.ConnectTimeout, requests.exceptions.InvalidURL, requests.exceptions.MissingSchema)):
        return True
    if isinstance(error, requests.exceptions.SSLError):
        return "CERTIFICATE_VERIFY_FAILED" in str(error)
    inner = error.args[0] if error.args else None
    reason = getattr(inner, "reason", None)
    return isinstance(error, requests.ConnectionError) and isinstance(reason, (NewConnectionError, NameResolutionError))


def described(error: requests.RequestException, timeout: float) -> tuple[str, bool]:
    """What went wrong in words without the request's contents, and whether it may have arrived."""
    if never_left(error):
        return "The service could not be reached.", False
    if isinstance(error, requests.Timeout):
        return f"The service gave no answer within {timeout:g} seconds.", True
    return f"The connection was lost ({type(error).__name__}).", True


def _no_login(request: Any) -> Any:
    """Keeps a password that lies in some .netrc from being sent."""
    return request
