"""Links that lead on, while their server is killed: every redirect that a visitor saw has its event."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from fourfold.careers import links, tracking
from fourfold.careers.types import Link, LinkKind
from fourfold.contact import actions as contact
from fourfold.contact.types.events import LinkEvent
from fourfold.project import supervisor

AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36"


def address(target: str) -> str:
    return links.path(Link(kind=LinkKind.CLICK, person_key=uuid4(), delivery=UUID(int=9), text=target))


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[LinkEvent]:
    """The events that were taken up, in place of the database."""
    found: list[LinkEvent] = []

    def take(*, events: list[LinkEvent], at: datetime) -> int:
        found.extend(events)
        return len(events)

    monkeypatch.setattr(contact, "take_link_events", take)
    return found


def take_up() -> int:
    tracking.own_journal().rotate()
    return tracking.take_up(at=datetime.now(UTC) + timedelta(seconds=1))


def test_every_redirect_that_was_seen_has_its_event_after_a_kill(house: Path, taken: list[LinkEvent]) -> None:
    """The server as the product starts it, many visitors at once, and SIGKILL in the midst of it: three times."""
    from django.conf import settings

    (house / "keys").mkdir()
    (house / "keys" / "links").write_text("\n".join(key.hex() for key in settings.LINK_KEYS))
    seen: set[str] = set()
    asked: set[str] = set()
    for number in range(3):
        server, port = start(house)
        visitors = [
            threading.Thread(target=visit, args=(port, f"https://northgate.example/{number}/{n}", seen, asked))
            for n in range(12)
        ]
        before = len(seen)
        for one in visitors:
            one.start()
        deadline = time.monotonic() + 30
        while len(seen) < before + 150 and time.monotonic() < deadline:
            time.sleep(0.01)
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        for one in visitors:
            one.join()
    take_up()
    urls = [one.url for one in taken]
    assert len(seen) >= 450
    assert seen <= set(urls) <= asked
    assert len(urls) == len(set(urls))


def visit(port: int, base: str, seen: set[str], asked: set[str]) -> None:
    """Follow one link after the other until the server is gone."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for n in range(100_000):
        target = f"{base}/{n}"
        asked.add(target)
        try:
            connection.request("GET", address(target), headers={"User-Agent": AGENT})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return
        assert (answer.status, answer.headers["Location"]) == (302, target)
        seen.add(target)


def start(house: Path) -> tuple[subprocess.Popen[bytes], int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("FOURFOLD_")}
    environment = kept | {"FOURFOLD_HOME": str(house), "PYTHONWARNINGS": "ignore"}
    command = supervisor.web_command("127.0.0.1", port)
    assert command[0] == sys.executable
    server = subprocess.Popen(command, env=environment, start_new_session=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return server, port
    raise AssertionError("the server did not answer")
