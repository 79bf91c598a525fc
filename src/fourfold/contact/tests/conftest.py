"""The servers on this machine that mailboxes connect to, one set for a file of tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # read before Django is set up
    from fourfold.contact.tests.services import Letterbox, Services


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Letterbox, Services]]:
    from fourfold.contact.tests.services import mail_server, services

    with mail_server() as mail, services() as web:
        web.mail = mail
        yield mail, web


@pytest.fixture
def mail(servers: tuple[Letterbox, Services]) -> Letterbox:
    box = servers[0]
    box.mails.clear()
    box.tokens.clear()
    box.begun, box.answer = 0, "250 OK"
    return box


@pytest.fixture
def web(servers: tuple[Letterbox, Services], mail: Letterbox, monkeypatch: pytest.MonkeyPatch) -> Services:
    from fourfold.contact.transports import oauth2
    from fourfold.contact.types.transport import OAuthProvider

    made = servers[1]
    made.asked.clear()
    made.codes.clear()
    made.broken, made.count, made.refresh = 0, 0, ""
    made.text, made.text_status = {"sid": "SM1", "status": "queued"}, 201
    for provider in OAuthProvider:
        monkeypatch.setitem(oauth2.TOKEN, provider, f"{made.url}/token")
    return made
