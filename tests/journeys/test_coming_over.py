"""From the old system into the house: somebody is erased, her file comes again, her objection stands."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import NewUser, Role
from fourfold.base import clock
from fourfold.base.actor import COMMAND_LINE
from fourfold.people import queries as people
from fourfold.people.types import Identifier, Scheme
from fourfold.project import cli, jobs

LINKEDIN = (
    'Notes:\n"When exporting your connection data, you may notice that some are missing."\n\n'
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    "Carys,Coleman,https://www.linkedin.com/in/carys-coleman,carys.coleman@post.example,Acme,Lead Nurse,12 Mar 2025\n"
    "Wanda,Ito,https://www.linkedin.com/in/wanda-ito,,Acme,Buyer,13 Mar 2025\n"
)
CARYS = Identifier(Scheme.EMAIL, "carys.coleman@post.example")  # she had opted out in the old system


@pytest.fixture
def leader(committed_db: Any, plain_house: Path, nudges: list[Any]) -> Client:
    new = NewUser(email="lena@house.example", name="Lena", roles=frozenset({Role.LEADER}), password=None)
    (user,) = accounts.add_users(users=[new], by=COMMAND_LINE, at=clock.now())
    browser = Client()
    found = get_user_model()._default_manager.get(pk=user)
    browser.force_login(found, "allauth.account.auth_backends.AuthenticationBackend")
    return browser


def work() -> None:
    """Do what the worker finds to do of imports and exports."""
    for job, key in jobs.waiting():
        if job in {"crossing", "import", "export", "search"}:
            jobs.JOBS[job](key)


def bring(browser: Client, name: str, content: bytes) -> str:
    """Drop a file, check it, bring it in. Returns its page's address."""
    page = browser.post(reverse("new_crossing"), {"exported": SimpleUploadedFile(name, content)})["Location"]
    for step in ("check/", "apply/", ""):
        work()
        assert not step or browser.post(f"{page}{step}").status_code == 302
    return page


def test_an_export_comes_over_and_an_objection_outlives_its_person(leader: Client) -> None:
    sample = leader.get(reverse("sample_export")).content
    page = bring(leader, "bullhorn.zip", sample)
    assert "36 records came over from Bullhorn" in leader.get(page).content.decode()
    other = bring(leader, "Connections.csv", LINKEDIN.encode())
    assert "2 records came over from LinkedIn" in leader.get(other).content.decode()
    (carys,) = people.resolve([CARYS]).values()
    assert people.resolve([Identifier(Scheme.PROFILE, "linkedin.com/in/carys-coleman")]) == {
        Identifier(Scheme.PROFILE, "linkedin.com/in/carys-coleman"): carys  # one human, both files
    }
    assert people.suppressed([CARYS])
    exported = json.loads(leader.get(reverse("export_person", args=[carys])).content)
    assert "massMailOptOut" in json.dumps(exported)

    work()
    assert reverse("person", args=[carys]) in leader.get(reverse("search"), {"q": "Carys"}).content.decode()

    leader.post(reverse("leaving"))
    work()
    (row,) = [line for line in leader.get(reverse("leaving")).content.decode().split('"') if line.endswith(".zip")]
    with zipfile.ZipFile(io.BytesIO(b"".join(leader.post(row).streaming_content))) as archive:  # type: ignore[attr-defined]
        (line,) = [one for one in archive.read("bullhorn/Candidate.csv").decode().splitlines() if "Carys" in one]
    assert line.startswith(",P-3,Carys,Coleman,")
    assert ",TRUE," in line

    wanda = Identifier(Scheme.PROFILE, "linkedin.com/in/wanda-ito")
    (key,) = people.resolve([wanda]).values()
    assert leader.post(f"{other}take-back/").status_code == 302
    work()
    work()
    assert people.resolve([wanda]) == {}
    assert reverse("person", args=[key]) not in leader.get(reverse("search"), {"q": "Wanda"}).content.decode()

    assert leader.post(reverse("erase_person", args=[carys]), {"confirm": "on"}).status_code == 302
    work()
    again = bring(leader, "bullhorn.zip", sample)
    text = leader.get(again).content.decode()
    assert "all, with reasons" in text
    assert people.resolve([CARYS]) == {}
    assert people.suppressed([CARYS])


def test_the_same_on_the_command_line(
    committed_db: Any, plain_house: Path, nudges: list[Any], tmp_path: Path, capsys: Any
) -> None:
    path = tmp_path / "Connections.csv"
    path.write_text(LINKEDIN)
    assert cli.main(["import", "records", str(path), "--dry-run", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["system"], answer["state"], answer["tables"][0]["ready"]) == ("linkedin", "checked", 2)
    assert people.count() == 0
    assert cli.main(["import", "records", str(path)]) == 0
    assert "Connections (Connections.csv): 2 rows, 0 ready, 2 came in" in capsys.readouterr().out
    assert people.count() == 2
    assert cli.main(["import", "records", str(path), "--take-back"]) == 0
    assert people.count() == 0
    assert cli.main(["import", "records", str(path), "--take-back"]) == 2
    assert "Nothing was taken out." in capsys.readouterr().err
