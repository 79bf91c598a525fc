"""Django behind the server's loop: what comes in and goes out is streamed, and is what WSGI says it should be."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from typing import Any

import pytest

from fourfold.project.threads import Threads

Messages = list[MutableMapping[str, Any]]


def ask(
    application: Callable[..., Iterable[bytes]], *bodies: bytes, gone: bool = False, **scope: Any
) -> tuple[int, list[tuple[bytes, bytes]], list[bytes]]:
    """Status, headers and pieces of what an application answers; ``bodies`` come one after the other."""
    said: Messages = []
    left = [{"type": "http.request", "body": one, "more_body": True} for one in bodies]
    left.append({"type": "http.disconnect"} if gone else {"type": "http.request", "body": b"", "more_body": False})
    given = {
        "type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [], "http_version": "1.1",
        "server": ("127.0.0.1", 8000), "client": ("127.0.0.9", 5), "scheme": "http", **scope,
    }  # fmt: skip

    async def receive() -> MutableMapping[str, Any]:
        return left.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    asyncio.run(Threads(application, 2)(given, receive, send))
    assert [one["type"] for one in said] == ["http.response.start", *["http.response.body"] * (len(said) - 1)]
    assert [one["more_body"] for one in said[1:]] == [*[True] * (len(said) - 2), False]
    return said[0]["status"], said[0]["headers"], [one["body"] for one in said[1:]]


def test_what_was_asked_reaches_django_as_wsgi_says() -> None:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        seen.update(environ, thread=threading.current_thread().name)
        start("404 Not Found", [("X-One", "é"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return [b"gone"]

    headers = [
        (b"host", b"house.example"), (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"x-forwarded-for", b"1.1.1.1"),
        (b"x-forwarded-for", b"2.2.2.2"), (b"x_forwarded_for", b"6.6.6.6"), (b"content-type", b"text/plain"),
    ]  # fmt: skip
    asked = {"path": "/pé/a b", "raw_path": b"/p%C3%A9/a%20b", "query_string": b"q=%C3%A9", "scheme": "https"}
    status, sent, pieces = ask(application, headers=headers, **asked)
    assert (status, pieces) == (404, [b"gone"])
    assert sent == [(b"x-one", "é".encode("latin-1")), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/pé/a b"
    assert (seen["QUERY_STRING"], seen["wsgi.url_scheme"], seen["REMOTE_ADDR"]) == ("q=%C3%A9", "https", "127.0.0.9")
    assert (seen["HTTP_COOKIE"], seen["CONTENT_TYPE"], seen["HTTP_HOST"]) == ("a=1; b=2", "text/plain", "house.example")
    assert seen["HTTP_X_FORWARDED_FOR"] == "1.1.1.1,2.2.2.2"
    assert seen["wsgi.input"].read() == b""
    assert seen["thread"].startswith("page")


def test_a_body_is_read_as_it_comes() -> None:
    pieces = [b"line 1\nli", b"", b"ne 2\n", b"x" * 200_000]
    read: list[bytes] = []

    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        held = environ["wsgi.input"]
        read.extend([held.readline(), held.readline(), held.read(100_000), held.read(100_001), held.read(10)])
        start("200 OK", [])
        return []

    headers = [(b"content-length", str(sum(map(len, pieces))).encode())]
    assert ask(application, *pieces, headers=headers)[2] == [b""]
    assert read == [b"line 1\n", b"line 2\n", b"x" * 100_000, b"x" * 100_000, b""]


def test_a_visitor_who_goes_while_sending_is_an_error_and_not_a_short_body() -> None:
    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        with pytest.raises(OSError, match="went away"):
            environ["wsgi.input"].read()
        start("400 Bad Request", [])
        return [b""]

    assert ask(application, b"half", gone=True, headers=[(b"content-length", b"900")])[0] == 400


def test_an_answer_in_pieces_is_streamed_and_closed() -> None:
    closed: list[bool] = []

    class Pieces:
        def __iter__(self) -> Iterator[bytes]:
            yield from (b"one", b"two", b"three")

        def close(self) -> None:
            closed.append(True)

    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [("Content-Length", "11")])
        return Pieces()

    assert ask(application)[2] == [b"one", b"two", b"three"]
    assert closed == [True]
