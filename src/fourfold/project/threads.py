"""Django, which answers in threads, behind a server whose loop never waits."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote_to_bytes

from fourfold.careers.tracking import Receive, Scope, Send

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Threads:
    """A WSGI application as an ASGI one, in so many threads. Bodies are streamed both ways, never held whole."""

    def __init__(self, application: Wsgi, threads: int) -> None:
        self._application = application
        self._pool = ThreadPoolExecutor(threads, "page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        loop = asyncio.get_running_loop()
        asked = _Asked(self._application, scope, receive, send, loop)
        await loop.run_in_executor(self._pool, asked.answer)


class _Asked:
    """One request on its way through Django, in a thread; what it awaits runs in the server's loop."""

    def __init__(
        self, application: Wsgi, scope: Scope, receive: Receive, send: Send, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._application, self._scope, self._loop = application, scope, loop
        self._receive, self._send = receive, send
        self._head: MutableMapping[str, Any] = {}

    def answer(self) -> None:
        body = self._application(self._environ(), self._start)
        try:
            chunks = iter(body)
            # Nearly every page is one piece: it is sent with its head in one go.
            chunk = next(chunks, b"")
            for after in chunks:
                self._out(chunk, more=True)
                chunk = after
            self._out(chunk, more=False)
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()

    def _start(self, status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
        lines = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self._head = {"type": "http.response.start", "status": int(status[:3]), "headers": lines}

    def _out(self, chunk: bytes, *, more: bool) -> None:
        head, self._head = self._head, {}
        self.wait(self._sent(head, {"type": "http.response.body", "body": chunk, "more_body": more}))

    async def _sent(self, head: MutableMapping[str, Any], body: MutableMapping[str, Any]) -> None:
        if head:
            await self._send(head)
        await self._send(body)

    def wait(self, awaited: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(awaited, self._loop).result()

    async def received(self) -> MutableMapping[str, Any]:
        return await self._receive()

    def _environ(self) -> Environ:
        scope = self._scope
        raw = scope.get("raw_path") or scope["path"].encode()
        server = scope.get("server") or ("localhost", 80)
        environ: Environ = {
            "REQUEST_METHOD": scope["method"],
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(raw.partition(b"?")[0]).decode("latin-1"),
            "QUERY_STRING": scope["query_string"].decode("latin-1"),
            "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
            "SERVER_NAME": server[0],
            "SERVER_PORT": str(server[1] or 80),
            "REMOTE_ADDR": scope["client"][0] if scope.get("client") else "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": scope.get("scheme", "http"),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in scope["headers"]:
            _put(environ, name.decode("latin-1"), value.decode("latin-1"))
        expected = environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ
        environ["wsgi.input"] = io.BufferedReader(_Body(self), 65_536) if expected else io.BytesIO()
        return environ


def _put(environ: Environ, name: str, value: str) -> None:
    """A header as CGI names it. One with an underscore would pass for another with a dash, so it is left out."""
    if "_" in name:
        return
    plain = name.upper().replace("-", "_")
    key = plain if plain in ("CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{plain}"
    joined = "; " if key == "HTTP_COOKIE" else ","
    environ[key] = f"{environ[key]}{joined}{value}" if key in environ else value


class _Body(io.RawIOBase):
    """What comes with a request, fetched from the server as it is read."""

    def __init__(self, asked: _Asked) -> None:
        self._asked, self._held, self._more = asked, memoryview(b""), True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._held and self._more:
            told = self._asked.wait(self._asked.received())
            if told["type"] == "http.disconnect":
                raise OSError("the visitor went away while sending")
            self._held, self._more = memoryview(told.get("body", b"")), told.get("more_body", False)
        taken = min(len(buffer), len(self._held))
        buffer[:taken] = self._held[:taken]
        self._held = self._held[taken:]
        return taken
