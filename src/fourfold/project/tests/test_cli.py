"""The command line: what it prints, what it changes, and errors in three lines with status 2."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings as house_settings
from django.db import connection

from fourfold.integrations import queries as imports
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import Kind
from fourfold.project import cli

pytestmark = pytest.mark.usefixtures("committed_db", "house")
TOUCHES = """email,date,channel
jane@x.example,2026-02-01,email
jane@x.example,never,email
jo@x.example,2026-02-02,phone
"""
SPEND = "month,channel,amount\n2026-01,email,310\n"
OUTCOMES = """id,date,value,email,side
P1,2026-02-20,1000,jane@x.example,candidate
P1,2026-02-20,1000,carl@x.example,client
"""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command; returns its status, what it said, and what it said on stderr."""

    def ran(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = cli.main([str(one) for one in arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return ran


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    made = {"touches": TOUCHES, "spend": SPEND, "outcomes": OUTCOMES}
    folder = tmp_path / "files"
    folder.mkdir()
    for kind, content in made.items():
        (folder / f"{kind}.csv").write_text(content)
    return {kind: folder / f"{kind}.csv" for kind in made}


def test_import_tells_what_it_did_as_json(run: Any, files: dict[str, Path]) -> None:
    status, out, err = run("import", "touches", files["touches"], "--json")
    assert status == 0
    (done,) = json.loads(out)
    assert done.pop("import")
    assert done == {
        "file": str(files["touches"]),
        "state": "applied",
        "columns": {"person_key": "email", "occurred_at": "date", "channel": "channel"},
        "rows": 3,
        "ready": 0,
        "posted": 2,
        "unchanged": 0,
        "rejected": 1,
        "people_added": 2,
        "sheet": "",
        "summary": ["2 touches", "1 row rejected"],
        "warnings": [],
    }
    rejected = files["touches"].with_name("touches.rejected.csv")
    assert str(rejected) in err
    with rejected.open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["row"], row["date"], row["email"]) == ("3", "never", "jane@x.example")
    assert "is not a date" in row["reason"]
    assert ledger.counts() == {Kind.TOUCH: 2}


def test_import_tells_what_it_did_in_words(run: Any, files: dict[str, Path]) -> None:
    _, out, _ = run("import", "touches", files["touches"])
    assert "2 rows posted, 0 already there, 1 rejected, 2 people added." in out
    _, out, _ = run("import", "touches", files["touches"])
    assert "0 rows posted, 2 already there, 1 rejected, 0 people added." in out


def test_a_dry_run_posts_nothing_and_hands_rejected_rows_back(run: Any, files: dict[str, Path]) -> None:
    status, out, _ = run("import", "touches", files["touches"], "--dry-run")
    assert status == 0
    assert "2 rows are ready, 1 rejected. Nothing was posted." in out
    assert files["touches"].with_name("touches.rejected.csv").exists()
    assert ledger.is_empty()


def test_an_import_is_taken_back_by_its_file(run: Any, files: dict[str, Path]) -> None:
    run("import", "spend", files["spend"])
    assert ledger.counts() == {Kind.SPEND: 1}
    copy = files["spend"].with_name("copy.csv")
    copy.write_bytes(files["spend"].read_bytes())
    status, out, _ = run("import", "spend", copy, "--take-back", "--json")
    assert (status, json.loads(out)[0]["state"]) == (0, "taken_back")
    assert ledger.counts() == {}
    assert three_lines(run("import", "spend", copy, "--take-back"))[0] == "Nothing was taken back."
    run("import", "spend", files["spend"])
    assert ledger.counts() == {Kind.SPEND: 1}


def test_a_changed_file_is_rejected_without_correct(run: Any, files: dict[str, Path]) -> None:
    path = files["outcomes"]
    run("import", "outcomes", path)
    path.write_text(OUTCOMES.replace("1000", "1100"))
    assert json.loads(run("import", "outcomes", path, "--json")[1])[0]["rejected"] == 2
    assert json.loads(run("import", "outcomes", path, "--json", "--correct")[1])[0]["posted"] == 1
    assert ledger.counts() == {Kind.OUTCOME: 1, Kind.PARTY: 2}


def test_columns_source_and_zone_can_be_said(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("Wer,Wann,Kanal\n4711,2025-07-01 12:00,email\n")
    named = [part for pair in ("person_key=Wer", "occurred_at=Wann", "channel=Kanal") for part in ("--column", pair)]
    status, out, _ = run("import", "touches", path, *named, "--source", "crm", "--zone", "Europe/Berlin", "--json")
    assert status == 0
    found = imports.worker_import(json.loads(out)[0]["import"])
    assert (found.settings.source, found.settings.zone) == ("crm", "Europe/Berlin")


def workbook(path: Path) -> Path:
    """A deal sheet below a title, the second of two sheets."""
    book = openpyxl.Workbook()
    book.active.append(["How we book deals"])
    sheet = book.create_sheet("Deals 2026")
    for row in (
        ["Deals 2026"],
        ["Ref", "Candidate", "Candidate email", "Client", "Fee", "Ccy", "Date placed", "Consultant", "House No"],
        ["D-1", "Jane Doe", "jane@x.example", "Acme", 12000, "GBP", date(2026, 2, 10), "Anna 60 / Ben 40", "H1"],
        ["D-2", "Jo Roe", "jo@x.example", "Acme", 1000, "EUR", "11/02/2026", "Anna", "H2"],
        ["D-3", "Jo Roe", "jo@x.example", "Acme", 1000, "GBP", date(2026, 2, 11), "Anna 60 / Ben 30", "H2"],
    ):
        sheet.append(row)
    book.save(path)
    return path


def test_a_deal_sheet_with_every_option(run: Any, tmp_path: Path) -> None:
    path = workbook(tmp_path / "deals.xlsx")
    options = ["--rates", "EUR=0.86", "--dates", "dmy", "--no-first-deals", "--sheet", "Deals 2026"]
    options += ["--id-column", "House No", "--currency", "gbp"]
    status, out, err = run("import", "deals", path, *options)
    assert status == 0
    assert "1 rejected rows, with their reasons" in err
    said = out.splitlines()
    assert said[0] == f"{path}: 2 rows posted, 0 already there, 1 rejected, 2 people added."
    assert said[2:5] == [
        "  sheet: Deals 2026, header in row 2",
        "  in numbers: 2 deals, £12,860 of fees, 3 rows of cash, 1 row rejected",
        "  note: Converted into GBP: EUR at 0.86 (1 rows).",
    ]
    assert ledger.counts() == {Kind.OUTCOME: 3, Kind.PARTY: 2}
    rejected = list(csv.reader((tmp_path / "deals.rejected.csv").open()))
    assert rejected[1][:2] == ["5", "its splits add up to 90 %, not 100 %."]
    again = json.loads(run("import", "deals", path, "--rates", "EUR=0.86", "--json")[1])[0]
    assert (again["posted"], again["unchanged"], again["sheet"]) == (0, 2, "Deals 2026")  # the rest as last time


def test_options_that_cannot_be_are_refused_in_three_lines(run: Any, tmp_path: Path) -> None:
    path = workbook(tmp_path / "deals.xlsx")
    assert "is not a currency and what" in three_lines(run("import", "deals", path, "--rates", "EUR"))[1]
    assert "no channel “post”" in three_lines(run("import", "adverts", path, "--channel", "post"))[1]
    assert "no header “Nope”" in three_lines(run("import", "deals", path, "--id-column", "Nope"))[1]
    assert ledger.is_empty()


def test_people_cannot_be_taken_back(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Name,Email\nJane,jane@x.example\n")
    assert "1 rows posted, 0 already there, 0 rejected, 1 people added." in run("import", "people", path)[1]
    assert "who was added stays" in three_lines(run("import", "people", path, "--take-back"))[1]


def three_lines(ran: tuple[int, str, str]) -> list[str]:
    status, out, err = ran
    assert (status, out) == (2, ""), ran
    lines = err.strip().splitlines()
    assert len(lines) == 3, lines
    assert all(line.strip() for line in lines)
    return lines


def test_what_cannot_be_imported_is_said_in_three_lines(run: Any, files: dict[str, Path], tmp_path: Path) -> None:
    path = files["touches"]
    assert "no such file" in three_lines(run("import", "touches", tmp_path / "gone.csv"))[1]
    assert "no such file" in three_lines(run("import", "touches", tmp_path))[1]
    assert "no header “Nope”" in three_lines(run("import", "touches", path, "--column", "channel=Nope"))[1]
    assert "has no such column" in three_lines(run("import", "touches", path, "--column", "colour=email"))[1]
    assert "no time zone “Mars”" in three_lines(run("import", "touches", path, "--zone", "Mars"))[1]
    assert "No column was chosen for amount" in three_lines(run("import", "spend", path))[1]
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    assert three_lines(run("import", "touches", empty))[0] == "empty.csv: The file was not read."
    header = tmp_path / "header.csv"
    header.write_text("email,date,channel\n")
    assert "has a header and no rows" in three_lines(run("import", "touches", header))[1]
    assert ledger.is_empty()


def test_report_prints_the_figures_of_days_both_included(run: Any, files: dict[str, Path]) -> None:
    for kind, path in files.items():
        run("import", kind, path)
    status, out, _ = run("report", "fourcs", "--from", "2026-01-01", "--to", "2026-02-20", "--json")
    assert status == 0
    answer = json.loads(out)
    assert answer["question"]["period"] == {"start": "2026-01-01", "end": "2026-02-21"}
    assert answer["cut"] == ledger.top_seq()
    figures = {name: one["value"] for name, one in answer["figures"].items()}
    assert figures == {"candidates": 0, "clients": 0, "colleagues": 0, "cash": 100_000, "spend": 31_000}
    assert {row["key"]: row["value"] for row in answer["channels"]} == {"email": 50_000.0, "(none)": 50_000.0}
    before = json.loads(run("report", "fourcs", "--from", "2026-01-01", "--to", "2026-02-19", "--json")[1])
    assert before["figures"]["cash"]["value"] == 0


def test_report_in_words_and_bad_days_in_three_lines(run: Any, files: dict[str, Path]) -> None:
    run("import", "spend", files["spend"])
    status, out, _ = run("report", "fourcs", "--from", "2026-01-01", "--to", "2026-01-31")
    assert status == 0
    assert "1 Jan – 31 Jan 2026" in out
    assert "£310" in out
    assert "are not two dates" in three_lines(run("report", "fourcs", "--from", "soon"))[1]
    assert "before it begins" in three_lines(run("report", "fourcs", "--from", "2026-02-01", "--to", "2026-01-01"))[1]


def test_seal_and_its_check(run: Any, files: dict[str, Path]) -> None:
    run("import", "touches", files["touches"])
    assert json.loads(run("seal", "--json")[1]) == {"cut": ledger.top_seq(), "segments": 1, "rows": 2}
    status, out, _ = run("seal", "--verify")
    assert (status, "2 facts up to number" in out) == (0, True)
    (segment,) = (Path(house_settings.HOME) / "ledger").glob("*.parquet")
    segment.write_bytes(segment.read_bytes()[:-1] + b"x")
    assert segment.name in three_lines(run("seal", "--verify"))[1]
    (Path(house_settings.HOME) / "ledger/manifest.json").unlink()
    run("seal")
    assert run("seal", "--verify")[0] == 0


def test_backup_to_a_file(run: Any, tmp_path: Path) -> None:
    status, out, _ = run("backup", "--to", tmp_path / "deep/house.tar.gz")
    if connection.vendor == "sqlite":  # PostgreSQL's is tested where its tools are found
        assert (status, str(tmp_path / "deep/house.tar.gz") in out) == (0, True)
        assert "was not restored" in three_lines(run("restore", tmp_path / "gone.tar.gz"))[0]


def test_migrate_twice_does_nothing_the_second_time(run: Any) -> None:
    run("migrate")
    assert run("migrate") == (0, "Everything was up to date.\n", "")
    assert run("migrate", "--quiet") == (0, "", "")


def test_help_and_wrong_words(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["import", "--help"], ["report", "--help"], ["up", "--help"], ["--version"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 0
        assert capsys.readouterr().out
    for arguments in ([], ["nonsense"], ["import", "poems", "x.csv"], ["report", "fivecs"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 2


def test_a_path_that_may_not_be_written_is_said_in_three_lines(run: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in three_lines(run("backup", "--to", tmp_path / "file/house.tar.gz"))[1]


def test_a_port_that_is_none(run: Any) -> None:
    for port in ("0", "65536", "http", "²", ""):
        assert "is no port" in three_lines(run("up", "--port", port))[1]
