"""A house on the command line: own files in, one number out, everything back; then the house itself, from a backup."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import houses

PERIOD = ("--from", "2026-01-01", "--to", "2026-03-31")


@pytest.fixture
def empty_house(tmp_path: Path) -> Iterator[houses.House]:
    with houses.house(tmp_path / "house", "journey") as found:
        yield found


def write(path: Path, header: str, *rows: str) -> str:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Two placements: Ana came by an event and a call, Bo by a job board; Cleo and Dan are their hiring managers."""
    return {
        "touches": write(
            tmp_path / "touches.csv",
            "person,date,channel,campaign",
            "ana@post.example,2026-01-10,event,Open evening",
            "ana@post.example,2026-01-20,phone,",
            "bo@post.example,2026-02-01,job board,",
            "cleo@client.example,2026-01-05,email,Salary guide",
            "nobody,not a day,email,",
        ),
        "outcomes": write(
            tmp_path / "outcomes.csv",
            "outcome,person,side,date,kind,fee,engagement,company",
            'P1,ana@post.example,candidate,2026-02-10,cash,"12,000.00",permanent,Acme',
            'P1,cleo@client.example,client,2026-02-10,cash,"12,000.00",permanent,Acme',
            "P2,bo@post.example,candidate,2026-03-01,cash,8000,permanent,Borealis",
            "P2,dan@client.example,client,2026-03-01,cash,8000,permanent,Borealis",
            "C1,ana@post.example,candidate,2026-01-25,candidate,,,",
        ),
        "spend": write(tmp_path / "spend.csv", "month;channel;cost", "2026-01;event;900", "2026-02;job board;1,500"),
    }


def report(house: houses.House) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(house.run("report", "fourcs", *PERIOD, "--json"))
    return answer


def credited(answer: dict[str, Any]) -> dict[str, float]:
    return {row["key"]: row["value"] for row in answer["channels"]}


def test_own_files_make_a_number_and_taking_them_back_unmakes_it(
    empty_house: houses.House, files: dict[str, str], tmp_path: Path
) -> None:
    before = report(empty_house)
    assert before["figures"]["cash"]["value"] == 0

    done = {kind: json.loads(empty_house.run("import", kind, path, "--json"))[0] for kind, path in files.items()}
    assert {kind: (one["posted"], one["rejected"]) for kind, one in done.items()} == {
        "touches": (4, 1),
        "outcomes": (5, 0),
        "spend": (2, 0),
    }
    with (tmp_path / "touches.rejected.csv").open(encoding="utf-8") as rejected:
        (row,) = csv.DictReader(rejected)
    assert (row["row"], row["person"]) == ("6", "nobody")
    assert "not a date" in row["reason"]

    answer = report(empty_house)
    assert {name: figure["value"] for name, figure in answer["figures"].items()} == {
        "candidates": 1, "clients": 0, "colleagues": 0, "cash": 2_000_000, "spend": 240_000,
    }  # fmt: skip
    # P1: £6,000 for Ana's side (event and phone, half each), £6,000 for Cleo's (e-mail).
    # P2: £4,000 for Bo's side (job board), £4,000 for Dan's, whom nobody had touched.
    assert credited(answer) == pytest.approx(
        {"email": 600_000, "event": 300_000, "phone": 300_000, "job_board": 400_000, "(none)": 400_000}
    )

    again = json.loads(empty_house.run("import", "outcomes", files["outcomes"], "--json"))[0]
    assert (again["posted"], again["unchanged"]) == (0, 5)
    assert credited(report(empty_house)) == pytest.approx(credited(answer))

    for kind, path in files.items():
        empty_house.run("import", kind, path, "--take-back")
    after = report(empty_house)
    assert after["figures"] == before["figures"]
    assert after["channels"] == before["channels"]


def test_bad_files_are_refused_in_three_parts_and_leave_nothing(empty_house: houses.House, tmp_path: Path) -> None:
    for content, why in (
        (b"", "empty"),
        (b"PK\x03\x04 a workbook", "The workbook is cut or damaged"),
        (b"who,when\na,b\n", "No column was chosen"),
    ):
        path = tmp_path / "bad.csv"
        path.write_bytes(content)
        said = empty_house.run("import", "touches", str(path), status=2).strip().splitlines()
        assert len(said) == 3, said
        assert why in " ".join(said)
    assert json.loads(empty_house.run("seal", "--json"))["rows"] == 0


def test_a_house_comes_back_from_its_backup(empty_house: houses.House, files: dict[str, str], tmp_path: Path) -> None:
    for kind, path in files.items():
        empty_house.run("import", kind, path)
    answer = report(empty_house)
    if "FOURFOLD_DATABASE_URL" in empty_house.environment:
        pytest.skip("PostgreSQL's backup is tested in project/tests, where its tools are found")
    empty_house.run("backup", "--to", str(tmp_path / "house.tar.gz"))
    with houses.house(tmp_path / "other", "restored") as other:
        other.run("restore", str(tmp_path / "house.tar.gz"))
        assert credited(report(other)) == pytest.approx(credited(answer))
        done = json.loads(other.run("import", "outcomes", files["outcomes"], "--json"))[0]
        assert (done["posted"], done["unchanged"]) == (0, 5)  # the ledger's key came along: its references are known
