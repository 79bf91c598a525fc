"""Signed links that lead on: what was followed is on the disk before anybody is answered.

``Tracker`` answers ``/go/…`` and ``/seen/…`` before Django sees them: it checks the signature, puts a line into a
journal together with all who wait at that moment (one wait for the disk), then answers. All else, and every link that
isn't good, goes to Django, whose view does the same with a wait of its own. The worker takes the journal up.
"""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.encoding import iri_to_uri

from fourfold.careers import journal, links
from fourfold.careers.types import Link, LinkKind, LinkRefused
from fourfold.contact import actions as contact
from fourfold.contact.types.events import LinkAct, LinkEvent

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

FOLDER = "followed"
AT_ONCE = 400
"""Events that are taken into the database in one transaction."""
LONGEST_AGENT = 300
PREFIXES = {"/go/": LinkKind.CLICK, "/seen/": LinkKind.OPEN}
ACTS = {LinkKind.CLICK: LinkAct.CLICKED, LinkKind.OPEN: LinkAct.OPENED}
PIXEL = base64.b64decode("R0lGODlhAQABAPAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
"""A picture of one transparent pixel, 43 bytes."""
SAFE = [(b"cache-control", b"no-store"), (b"referrer-policy", b"no-referrer"), (b"x-robots-tag", b"noindex, nofollow")]
NO_BODY = {"type": "http.response.body", "body": b""}


def folder() -> Path:
    """Where the journals lie."""
    return Path(settings.HOME) / FOLDER


@lru_cache(maxsize=4)
def _journal(where: Path, process: int) -> journal.Journal:
    return journal.Journal(where)


def own_journal() -> journal.Journal:
    """This process's journal: a process that was forked begins one of its own."""
    return _journal(folder(), os.getpid())


def line(kind: LinkKind, token: str, method: str, user_agent: str) -> bytes:
    """One request, as the journal keeps it; its first word is the event's id for ever, and says when."""
    agent = "".join(c for c in user_agent[:LONGEST_AGENT] if c.isprintable()).encode()
    return b"%x-%s %s %s %s %s" % (
        time.time_ns() // 1_000_000, secrets.token_hex(8).encode(), kind.encode(), method.encode(), token.encode(),
        agent,
    )  # fmt: skip


def note(kind: LinkKind, token: str, method: str, user_agent: str) -> None:
    """Make one request durable. Raises OSError."""
    own_journal().write([line(kind, token, method, user_agent)])


def take_up(*, at: datetime) -> int:
    """Move what the journals hold into the database, each request once. Returns how many were new."""
    taken = 0
    for lines in journal.take_up(folder()):
        events = list(_events(lines, at))
        for start in range(0, len(events), AT_ONCE):
            taken += contact.take_link_events(events=events[start : start + AT_ONCE], at=at)
    return taken


def waiting() -> bool:
    """Whether a journal may be taken up."""
    return journal.waiting(folder())


def _events(lines: Sequence[bytes], at: datetime) -> Iterator[LinkEvent]:
    """What lines say. A link whose key is gone meanwhile can't be read any more and is left out."""
    for one in lines:
        event_id, kind, method, token, agent = one.decode("utf-8", "replace").split(" ", 4)
        try:
            link = links.read(token, kind=LinkKind(kind), at=at)
        except (LinkRefused, ValueError):
            continue
        yield LinkEvent(
            event_id=event_id,
            act=ACTS[link.kind],
            at=min(at, datetime.fromtimestamp(int(event_id.partition("-")[0], 16) / 1000, UTC)),
            person_key=link.person_key,
            delivery=link.delivery,
            url=link.text,
            method=method,
            user_agent=agent,
        )


class Tracker:
    """An ASGI application that answers signed links that lead on, and passes all else to ``rest``."""

    def __init__(self, rest: App) -> None:
        self._rest = rest
        self._lines: list[bytes] = []
        self._waiting: list[asyncio.Future[bool]] = []
        self._busy = False
        self._disk = ThreadPoolExecutor(1, "journal")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._link(scope)
        if found is None:
            if scope["type"] == "lifespan":
                await self._live(receive, send)
            else:
                await self._rest(scope, receive, send)
            return
        link, token = found
        agent = next((value for name, value in scope["headers"] if name == b"user-agent"), b"")
        noted = True
        if link.kind is LinkKind.CLICK or settings.TRACK_OPENS:
            noted = await self._note(line(link.kind, token, scope["method"], agent.decode("latin-1")))
        await _answer(link, noted, send)

    def _link(self, scope: Scope) -> tuple[Link, str] | None:
        """The good link that is asked for, with its text; None for anything else, which Django answers."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return None
        path = scope["path"]
        for prefix, kind in PREFIXES.items():
            if path.startswith(prefix) and path.endswith("/"):
                token = path[len(prefix) : -1]
                try:
                    return links.read(token, kind=kind, at=datetime.now(UTC)), token
                except LinkRefused:
                    return None
        return None

    async def _note(self, one: bytes) -> bool:
        """Wait until the line is on the disk; False where the disk refused it."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[bool] = loop.create_future()
        self._lines.append(one)
        self._waiting.append(done)
        if not self._busy:
            self._busy = True
            self._committing = loop.create_task(self._commit(loop))
        return await done

    async def _commit(self, loop: asyncio.AbstractEventLoop) -> None:
        """One wait for the disk for all who came meanwhile, again and again until nobody waits."""
        await asyncio.sleep(0)  # let those in who are already at the door
        while self._lines:
            lines, waiting = self._lines, self._waiting
            self._lines, self._waiting = [], []
            try:
                await loop.run_in_executor(self._disk, own_journal().write, lines)
                noted = True
            except OSError:
                journal.log.exception("What was followed can't be written to %s.", folder())
                noted = False
            for one in waiting:
                if not one.done():  # its visitor may have gone
                    one.set_result(noted)
        self._busy = False

    async def _live(self, receive: Receive, send: Send) -> None:
        """The server tells when it starts and when it stops."""
        while True:
            told = (await receive())["type"]
            if told == "lifespan.shutdown":
                await asyncio.get_running_loop().run_in_executor(self._disk, own_journal().rotate)
            await send({"type": f"{told}.complete"})
            if told == "lifespan.shutdown":
                return


def apology(link: Link) -> bytes:
    """What stands there where the disk takes nothing: nobody is led on unnoted, and everybody finds the way."""
    return f"We can't lead you there just now. The address is: {link.text}\n".encode()


async def _answer(link: Link, noted: bool, send: Send) -> None:
    if not noted:
        body = apology(link)
        headers = [*SAFE, (b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", b"60")]
        status = 503
    elif link.kind is LinkKind.OPEN:
        status, body, headers = 200, PIXEL, [*SAFE, (b"content-type", b"image/gif")]
    else:
        status, body, headers = 302, b"", [*SAFE, (b"location", iri_to_uri(link.text).encode("ascii"))]
    headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body} if body else NO_BODY)
