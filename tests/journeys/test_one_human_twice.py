"""A human on record twice: sealed numbers before a merge, after it, and after it was undone; then erased for good."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role
from fourfold.base.actor import COMMAND_LINE
from fourfold.people import queries as people
from fourfold.people.types import Identifier, Scheme
from fourfold.project import cli

PERIOD = ("--from", "2026-01-01", "--to", "2026-03-31")
TOUCHES = """person,date,channel
ana.kovac@home.example,2026-01-10,event
ana.kovac@work.example,2026-01-20,phone
"""
OUTCOMES = """outcome,person,side,date,kind,fee,engagement,company
P1,ana.kovac@work.example,candidate,2026-02-10,cash,12000,permanent,Acme
P1,cleo@client.example,client,2026-02-10,cash,12000,permanent,Acme
"""


@pytest.fixture
def house(committed_db: Any, plain_house: Path, nudges: list[Any], tmp_path: Path) -> Path:
    for name, text in (("touches", TOUCHES), ("outcomes", OUTCOMES)):
        (tmp_path / f"{name}.csv").write_text(text)
        assert cli.main(["import", name, str(tmp_path / f"{name}.csv"), "--json"]) == 0
    return tmp_path


def credited(capsys: Any) -> dict[str, float]:
    """What each channel is credited with, of the ledger sealed just now."""
    capsys.readouterr()
    assert cli.main(["report", "fourcs", *PERIOD, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["figures"]["cash"]["value"] == 1_200_000
    return {row["key"]: row["value"] for row in answer["channels"] if row["value"]}


def key_of(address: str) -> Any:
    return people.resolve([Identifier(Scheme.EMAIL, address)]).get(Identifier(Scheme.EMAIL, address))


def leader() -> Client:
    new = NewUser(email="lena@house.example", name="Lena", roles=frozenset({Role.LEADER}), password=None)
    user = accounts.add_users(users=[new], by=COMMAND_LINE, at=accounts_now())[0]
    browser = Client()
    viewer = accounts_queries.viewer_of(user)
    assert viewer is not None
    from django.contrib.auth import get_user_model

    held = get_user_model()._default_manager.get(pk=viewer.user_key)
    browser.force_login(held, "allauth.account.auth_backends.AuthenticationBackend")
    return browser


def accounts_now() -> Any:
    from fourfold.base import clock

    return clock.now()


def test_merged_and_unmerged_people_keep_right_numbers_and_an_erased_one_stays_out(house: Path, capsys: Any) -> None:
    apart = {"phone": 600_000, "(none)": 600_000}  # the client's half has no touch
    together = {"event": 300_000, "phone": 300_000, "(none)": 600_000}
    assert credited(capsys) == pytest.approx(apart)
    lena, home, work = leader(), key_of("ana.kovac@home.example"), key_of("ana.kovac@work.example")

    assert lena.post(reverse("merge_person", args=[work]), {"other": str(home)}).status_code == 302
    assert credited(capsys) == pytest.approx(together)
    assert lena.post(reverse("unmerge_person", args=[home])).status_code == 302
    assert credited(capsys) == pytest.approx(apart)
    assert lena.post(reverse("merge_person", args=[home]), {"other": str(work)}).status_code == 302
    assert credited(capsys) == pytest.approx(together)

    said = {"kind": "objected", "purpose": "all", "said_on": "2026-03-01", "how": "on the phone"}
    assert lena.post(reverse("wishes", args=[home]), said).status_code == 302
    assert lena.post(reverse("erase_person", args=[home]), {"confirm": "on"}).status_code == 302
    assert key_of("ana.kovac@home.example") is None
    assert cli.main(["import", "touches", str(house / "touches.csv"), "--json"]) == 0
    again = house / "more.csv"
    again.write_text("person,date,channel\nana.kovac@home.example,2026-03-01,event\n")
    cli.main(["import", "touches", str(again), "--json"])
    assert key_of("ana.kovac@home.example") is None
    addresses = [Identifier(Scheme.EMAIL, f"ana.kovac@{where}.example") for where in ("home", "work")]
    assert {one for one, why in people.suppressed(addresses).items() if why.erased} == set(addresses)
    assert credited(capsys) == pytest.approx(together)  # what she brought still counts
