"""An invitation reaches each provider of mail as a file beside the words: none takes a third alternative."""

from __future__ import annotations

import base64
from dataclasses import replace
from uuid import uuid4

import pytest

from fourfold.contact.tests.test_transports_web import (
    API,
    AT,
    Api,
    D,
    ProviderName,
    Web,
    outgoing,
    settings,
    taken,
    web,  # noqa: F401 (a fixture)
)
from fourfold.contact.transports.mime import Skeleton
from fourfold.contact.types.transport import Addressed, Letter, SenderIdentity

INVITATION = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n"


@pytest.mark.parametrize("provider", API)
def test_an_invitation_reaches_each_provider_as_a_file(web: Web, provider: ProviderName) -> None:  # noqa: F811
    letter = Letter(
        sender=SenderIdentity(name="Ana", address="ana@house.example"), subject=("An interview",), text=("Hi\n",),
        calendar=INVITATION,
    )  # fmt: skip
    to = Addressed(key=uuid4(), to_address="jo@example.org", at=AT)
    web.will(taken(provider))
    session = Api.open(settings(web, provider))
    [handed] = session.send_group([replace(outgoing(), content=Skeleton(letter).fill(to).content)], lambda _: None)
    session.close()
    assert handed.state is D
    body = web.asked[0].body
    if provider is ProviderName.MAILGUN:
        assert b"invitation.ics" in body
        assert INVITATION.encode() in body
    else:
        assert b"invitation.ics" in body
        assert base64.b64encode(INVITATION.encode()) in body
    if provider is not ProviderName.BREVO:  # which reads the kind from the name
        assert b"method=CANCEL" in body
