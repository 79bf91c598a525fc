"""Links that lead on: durable before the answer, nothing lost by a kill, nothing led to that wasn't signed."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from fourfold.careers import journal, links, tracking
from fourfold.careers.types import Link, LinkKind
from fourfold.contact import actions as contact
from fourfold.contact.types.events import LinkAct, LinkEvent
from fourfold.contact.types.links import PUBLIC_LINKS

TARGET = "https://northgate.example/jobs?id=7&x=%20"
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36"


def address(target: str = TARGET, kind: LinkKind = LinkKind.CLICK) -> str:
    text = target if kind is LinkKind.CLICK else ""
    return links.path(Link(kind=kind, person_key=uuid4(), delivery=UUID(int=9), text=text))


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[LinkEvent]:
    """The events that were taken up, in place of the database."""
    found: list[LinkEvent] = []

    def take(*, events: list[LinkEvent], at: datetime) -> int:
        assert at.tzinfo
        found.extend(events)
        return len(events)

    monkeypatch.setattr(contact, "take_link_events", take)
    return found


def take_up() -> int:
    tracking.own_journal().rotate()
    return tracking.take_up(at=datetime.now(UTC) + timedelta(seconds=1))


# ------------------------------------------------------------------------------------------ the journal


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    """A folder for journals and nothing else."""
    return tmp_path / "journals"


def lines_of(folder: Path) -> list[bytes]:
    return [line for lines in journal.take_up(folder) for line in lines]


def test_a_file_is_taken_up_once_and_only_when_its_writer_has_let_go(spool: Path) -> None:
    writer = journal.Journal(spool)
    writer.write([b"one", b"two"])
    assert not journal.waiting(spool)
    assert lines_of(spool) == []
    writer.rotate()
    writer.write([b"three"])
    assert journal.waiting(spool)
    assert lines_of(spool) == [b"one", b"two"]
    writer.rotate()
    assert lines_of(spool) == [b"three"]
    assert list(spool.iterdir()) == []


def test_a_file_is_let_go_by_itself_after_its_time_and_its_size(spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = journal.Journal(spool, rotated_after=0.05)
    writer.write([b"one"])
    deadline = time.monotonic() + 10
    while not journal.waiting(spool) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert lines_of(spool) == [b"one"]
    monkeypatch.setattr(journal, "LARGEST", 10)
    writer.write([b"two"])
    assert lines_of(spool) == [b"two"]


def test_a_file_whose_lines_could_not_be_dealt_with_is_given_again(spool: Path) -> None:
    writer = journal.Journal(spool)
    writer.write([b"one"])
    writer.rotate()
    for _ in range(2):
        given = journal.take_up(spool)
        assert next(given) == [b"one"]
        with pytest.raises(ConnectionError):
            given.throw(ConnectionError)  # type: ignore[attr-defined]
    assert lines_of(spool) == [b"one"]


def test_half_a_line_is_dropped_and_a_damaged_one_is_kept_aside(spool: Path) -> None:
    writer = journal.Journal(spool)
    writer.write([b"one", b"two", b"three"])
    writer.rotate()
    [path] = spool.glob("*.log")
    whole = path.read_bytes()
    path.write_bytes(whole[:-3])  # the power went while the third was written
    assert lines_of(spool) == [b"one", b"two"]
    assert list(spool.iterdir()) == []
    path.write_bytes(whole.replace(b"two", b"tw0"))
    assert lines_of(spool) == [b"one", b"three"]
    assert [one.suffix for one in spool.iterdir()] == [".damaged"]
    assert lines_of(spool) == []


def test_after_a_full_disk_nothing_is_written_behind_half_a_line(spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = journal.Journal(spool)
    writer.write([b"one"])
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        writer.write([b"two"])
    monkeypatch.setattr(os, "write", write)
    writer.write([b"three"])
    writer.rotate()
    assert lines_of(spool) == [b"one", b"three"]


def test_two_who_take_up_at_once_never_get_the_same_file(spool: Path) -> None:
    writer = journal.Journal(spool)
    writer.write([b"one"])
    writer.rotate()
    first = journal.take_up(spool)
    assert next(first) == [b"one"]
    assert lines_of(spool) == []
    assert list(first) == []
    assert lines_of(spool) == []


# ------------------------------------------------------------------------------------------ the answer


def ask(path: str, method: str = "GET", agent: str = AGENT) -> tuple[int, dict[str, str], bytes]:
    """What the tracker answers; 299 for what it passes on."""

    async def rest(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def run() -> list[MutableMapping[str, Any]]:
        said: list[MutableMapping[str, Any]] = []

        async def send(message: MutableMapping[str, Any]) -> None:
            said.append(message)

        async def receive() -> MutableMapping[str, Any]:
            raise AssertionError("no body is read")

        headers = [(b"user-agent", agent.encode("latin-1"))]
        await tracking.Tracker(rest)(
            {"type": "http", "method": method, "path": path, "headers": headers}, receive, send
        )
        return said

    start, body = asyncio.run(run())
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, body["body"]


def test_a_link_leads_on_once_it_is_on_the_disk(house: Path, taken: list[LinkEvent]) -> None:
    at = datetime.now(UTC)
    status, headers, body = ask(address(), agent=f"{AGENT}\r\n\x00 Ü")
    assert (status, headers["location"], body) == (302, TARGET, b"")
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert ask(address(), "HEAD")[0] == 302
    assert take_up() == 2
    assert [one.method for one in taken] == ["GET", "HEAD"]
    first = taken[0]
    assert (first.act, first.url, first.user_agent, first.delivery) == (
        LinkAct.CLICKED, TARGET, f"{AGENT} Ü", UUID(int=9),
    )  # fmt: skip
    assert abs(first.at - at) < timedelta(seconds=5)
    assert len({one.event_id for one in taken}) == 2
    assert take_up() == 0


def test_what_is_no_good_link_is_passed_on_and_leaves_nothing(house: Path, taken: list[LinkEvent]) -> None:
    good = address()
    forged = good[:-2] + ("A" if good[-2] != "A" else "B") + "/"
    why = links.path(Link(kind=LinkKind.PREFERENCES, person_key=uuid4())).replace("/preferences/", "/go/")
    for path in (forged, why, "/go/https://evil.example/", "/go//", "/go/", good[:-1], "/", "/people/", "/go/\udcff/"):
        assert ask(path)[0] == 299, path
    assert ask(good, "POST")[0] == 299
    assert take_up() == 0


def test_openings_are_off_unless_the_house_wants_them(house: Path, settings: Any, taken: list[LinkEvent]) -> None:
    url = address(kind=LinkKind.OPEN)
    made = PUBLIC_LINKS[0]
    assert made.open_url(person_key=uuid4()) == ""
    status, headers, body = ask(url)
    assert (status, headers["content-type"], len(body)) == (200, "image/gif", 43)
    assert Client().get(url).content == body
    assert take_up() == 0
    settings.TRACK_OPENS = True
    assert "/seen/" in made.open_url(person_key=uuid4())
    assert ask(url)[2] == Client().get(url).content == body
    assert take_up() == 2
    assert {one.act for one in taken} == {LinkAct.OPENED}
    assert ask(url.replace("/seen/", "/go/"))[0] == 299


def test_django_itself_notes_before_it_leads_on(house: Path, taken: list[LinkEvent]) -> None:
    url = address()
    assert Client().get(url, headers={"user-agent": AGENT})["Location"] == TARGET
    assert Client().post(url).status_code == 405
    assert take_up() == 1
    assert [(one.url, one.user_agent) for one in taken] == [(TARGET, AGENT)]


def test_where_the_disk_takes_nothing_nobody_is_led_on_and_everybody_finds_the_way(house: Path) -> None:
    (house / tracking.FOLDER).write_text("a file where the folder should be")
    status, headers, body = ask(address())
    assert (status, "location" in headers) == (503, False)
    answer = Client().get(address())
    assert answer.status_code == 503
    assert TARGET in answer.content.decode()
    assert answer.content == body
