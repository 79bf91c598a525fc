"""The command: files in, JSON or a table out, errors in three parts with status 2."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from fourfold.evidence.__main__ import main
from fourfold.evidence.headers import guess

TOUCHES = """person_key,occurred_at,channel,campaign
ana,2026-05-01 09:00,email,spring
ana,2026-05-10 09:00,phone,
cleo,2026-05-03T10:00:00Z,event,spring
dan,2026-05-04 10:00,email,
"""
OUTCOMES = """outcome,person_key,side,occurred_at,kind,value,currency
P1,ana,candidate,2026-06-01 12:00,cash,10000.50,GBP
P1,cleo,client,2026-06-01 12:00,cash,10000.50,GBP
"""
SPEND = """from_date,to_date,channel,amount,currency
2026-05-01,2026-05-31,email,500,GBP
2026-05-01,2026-05-31,event,"1,250.25",GBP
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, text in (("touches", TOUCHES), ("outcomes", OUTCOMES), ("spend", SPEND)):
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


def attribute(folder: Path, *more: object, spend: bool = True) -> list[str]:
    wanted = ["touches", "outcomes", *(["spend"] if spend else [])]
    named = [part for name in wanted for part in (f"--{name}", str(folder / f"{name}.csv"))]
    return ["attribute", *named, *map(str, more)]


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    status = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    assert (status, err) == (0, "")
    return json.loads(out)


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main([str(argument) for argument in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.strip().splitlines()) == 3
    return err


def test_touches_outcomes_and_spend_give_credit_and_roi(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, *attribute(files, "--method", "linear", "--json"))
    assert set(found) == {"method", "options", "n", "rows", "assumptions", "refusals"}
    assert (found["method"], found["n"]) == ("linear", 1)
    rows = {row["key"]: row for row in found["rows"]}
    assert {key: row["outcomes"] for key, row in rows.items()} == {"event": 0.5, "email": 0.25, "phone": 0.25}
    assert rows["event"]["value"] == 5000.25
    assert rows["email"]["spend"] == 500
    assert rows["email"]["roi"] == pytest.approx((2500.125 - 500) / 500)
    assert rows["event"]["spend"] == 1250.25
    assert (rows["phone"]["spend"], rows["phone"]["roi"]) == (0, None)
    assert {"key", "outcomes", "value", "share", "lower", "upper", "spend", "roi"} <= set(rows["email"])
    assert found["options"]["value_unit"] == "as in the file"
    assert found["options"]["columns"]["touches"]["person_key"] == "person_key"
    assert {refusal["about"] for refusal in found["refusals"]} == {"event", "email", "phone"}  # one placement


@pytest.mark.parametrize("shape", ["tsv", "parquet", "typed parquet", "semicolons"])
def test_other_file_formats_give_the_same(shape: str, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = answer(capsys, *attribute(files, "--method", "linear", "--json"))
    arguments = attribute(files, "--method", "linear", "--json")
    for name in ("touches", "outcomes", "spend"):
        table = pacsv.read_csv(files / f"{name}.csv", convert_options=pacsv.ConvertOptions(strings_can_be_null=True))
        path = files / f"{name}.{'parquet' if 'parquet' in shape else 'tsv' if shape == 'tsv' else 'csv'}"
        if shape == "typed parquet":
            pq.write_table(table, path)
        elif shape == "parquet":
            pq.write_table(table.cast(pa.schema([(n, pa.string()) for n in table.column_names])), path)
        else:
            delimiter = "\t" if shape == "tsv" else ";"
            path.write_text(
                (files / f"{name}.csv").read_text().replace('"1,250.25"', "1250.25").replace(",", delimiter)
            )
        arguments[arguments.index(f"--{name}") + 1] = str(path)
    assert answer(capsys, *arguments) == expected


def test_a_table_is_printed_without_json(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(attribute(files, "--method", "last")) == 0
    out = capsys.readouterr().out
    assert out.startswith("last: 1 outcomes, money as in the file")
    assert "phone" in out
    assert "Refused:" in out
    assert "bookkeeping" in out


def test_minor_units_and_whole_units_are_told_apart(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = OUTCOMES.replace("value,", "value_minor,").replace("10000.50", "1000050")
    (files / "outcomes.csv").write_text(text)
    found = answer(capsys, *attribute(files, "--method", "last", "--json"))
    rows = {row["key"]: row for row in found["rows"]}
    assert found["options"]["value_unit"] == "minor units"
    assert rows["event"]["value"] == 500_025
    assert rows["event"]["spend"] == 125_025
    (files / "outcomes.csv").write_text(text.replace(",currency", "").replace(",GBP", ""))
    (files / "spend.csv").write_text(SPEND.replace(",currency", "").replace(",GBP", ""))
    assert "currency" in refused(capsys, *attribute(files, "--json"))


def test_headers_are_guessed_and_can_be_named(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "touches.csv").write_text(TOUCHES.replace("person_key,occurred_at,channel", "Person ID,Date,Kanal"))
    assert "--rename channel=HEADER" in refused(capsys, *attribute(files, "--json"))
    found = answer(capsys, *attribute(files, "--rename", "channel=Kanal", "--method", "last", "--json"))
    assert found["options"]["columns"]["touches"] == {
        "person_key": "Person ID",
        "occurred_at": "Date",
        "channel": "Kanal",
        "campaign": "campaign",
    }
    named = ["--rename", "channel=Kanal", "--rename", "campaign=Chan"]
    assert "“Chan” was not found" in refused(capsys, *attribute(files, *named))
    assert "--rename chan" in refused(capsys, *attribute(files, "--rename", "chan"))


def test_exact_names_win_over_guesses_and_no_header_serves_twice() -> None:
    assert guess("outcomes", ["id", "outcome_id", "value", "fee"]) == {"outcome": "outcome_id", "value": "value"}
    assert guess("paths", ["Path", "total_conversions", "total_null"]) == {
        "path": "Path",
        "conversions": "total_conversions",
        "nulls": "total_null",
    }


def test_a_date_only_file_counts_the_day_itself(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "touches.csv").write_text("person_key,occurred_at,channel\nana,2026-06-01,email\n")
    (files / "outcomes.csv").write_text("person_key,occurred_at\nana,2026-06-01\n")
    found = answer(capsys, *attribute(files, "--json", spend=False))
    assert [(row["key"], row["outcomes"], row["value"]) for row in found["rows"]] == [("email", 1, None)]
    assert found["options"]["date_only"] is True


@pytest.mark.parametrize(("ids", "last"), [(None, "phone"), (("b", "a"), "email")])
def test_touches_of_one_moment_are_ordered_by_fact_id_else_by_row(
    ids: tuple[str, str] | None, last: str, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [["ana", "2026-05-01 09:00", "email"], ["ana", "2026-05-01 09:00", "phone"]]
    header = ["person_key", "occurred_at", "channel", *(["fact_id"] if ids else [])]
    lines = [",".join([*row, *([ids[i]] if ids else [])]) for i, row in enumerate(rows)]
    (files / "touches.csv").write_text("\n".join([",".join(header), *lines]))
    found = answer(capsys, *attribute(files, "--method", "last", "--side", "candidate", "--json", spend=False))
    assert [row["key"] for row in found["rows"] if row["outcomes"]] == [last]


def test_ends_of_sides_may_stand_in_the_file(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = OUTCOMES.splitlines()
    lines[0] += ",job_opened_at,submitted_at"
    lines[1] += ",,2026-05-05"
    lines[2] += ",2026-05-02,"
    (files / "outcomes.csv").write_text("\n".join(lines) + "\n")
    found = answer(capsys, *attribute(files, "--method", "last", "--json", spend=False))
    credit = {row["key"]: row["outcomes"] for row in found["rows"] if row["outcomes"]}
    assert credit == {"email": 0.5, "(none)": 0.5}


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("touches", "2026-05-10 09:00", "10/05/2026", "touches.csv, row 3: occurred_at “10/05/2026”"),
        ("touches", "2026-05-10 09:00", "2026-02-30", "row 3"),
        ("touches", "2026-05-10 09:00", "", "row 3: occurred_at is empty"),
        ("touches", "cleo,", ",", "row 4: person_key is empty"),
        ("outcomes", "10000.50", "£10000", "outcomes.csv, row 2: value “£10000”"),
        ("outcomes", "10000.50", "1,00", "outcomes.csv"),
        (
            "outcomes",
            "P1,cleo,client,2026-06-01 12:00,cash,10000.50",
            "P1,cleo,client,2026-06-01 12:00,cash,99",
            "row 3",
        ),
        ("outcomes", "candidate", "applicant", "row 2: side “applicant”"),
        ("outcomes", "GBP", "pounds", "row 2: currency “pounds”"),
        ("spend", "2026-05-31", "2026-04-30", "spend.csv, row 2"),
        ("spend", "500", "5oo", "spend.csv, row 2: amount “5oo”"),
        ("touches", "person_key", "wer", "no column for person_key"),
        ("spend", "amount", "betrag", "no column for amount"),
        ("touches", ",spring", ",spring,extra", "was not read"),
    ],
)
def test_bad_cells_are_named_by_row(
    file: str, old: str, new: str, says: str, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = files / f"{file}.csv"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    assert says in refused(capsys, *attribute(files, "--json"))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--from", "soon"], "--from “soon”"),
        (["--from", "2026-06-01", "--to", "2026-06-01"], "holds no day"),
        (["--lookback-days", "0"], "--lookback-days"),
        (["--level", "1"], "--level"),
        (["--method", "time_decay", "--half-life-days", "0"], "half-life"),
        (["--paths", "x.csv"], "Either"),
        (["--by", "asset"], "no column asset"),
    ],
)
def test_bad_options_are_explained(more: list[str], says: str, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert says in refused(capsys, *attribute(files, *more))


def test_files_that_can_not_be_read(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no such file" in refused(capsys, "attribute", "--paths", files / "nowhere.csv")
    (files / "empty.csv").write_text("")
    assert "empty" in refused(capsys, "attribute", "--paths", files / "empty.csv")
    (files / "latin.csv").write_bytes("path,conversions\ncafé,1\n".encode("latin-1"))
    assert "UTF-8" in refused(capsys, "attribute", "--paths", files / "latin.csv")
    assert "belong together" in refused(capsys, "attribute", "--touches", files / "touches.csv")


def test_roi_by_a_dimension_spend_lacks_keeps_status_0(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, *attribute(files, "--by", "campaign", "--json"))
    assert "roi" in {refusal["about"] for refusal in found["refusals"]}
    assert all(row["roi"] is None for row in found["rows"])


def test_scarcity_weighs_the_halves(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line + (",desk" if i == 0 else ",York") for i, line in enumerate(OUTCOMES.splitlines())]
    (files / "outcomes.csv").write_text("\n".join(lines))
    (files / "scarce.csv").write_text("desk,quarter,unfilled,ready\nYork,2026Q2,30,10\n")
    found = answer(capsys, *attribute(files, "--scarcity", files / "scarce.csv", "--method", "last", "--json"))
    assert found["options"]["sides"] == {"candidate": 0.75, "client": 0.25}


def test_paths_with_other_names_and_without_nulls(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "paths.tsv"
    path.write_text("weg\tzahl\na > b\t3\nb\t1\n")
    found = answer(capsys, "attribute", "--paths", path, "--columns", "weg,zahl", "--method", "markov", "--json")
    assert found["n"] == 4
    assert sum(row["outcomes"] for row in found["rows"]) == pytest.approx(4)
    assert all(row["value"] is None for row in found["rows"])
    assert any("counts as converting" in words for words in found["assumptions"])
    assert "“wege” was not found" in refused(capsys, "attribute", "--paths", path, "--columns", "wege,zahl")
    assert "two to four" in refused(capsys, "attribute", "--paths", path, "--columns", "weg")
    assert "carry no times" in refused(
        capsys, "attribute", "--paths", path, "--columns", "weg,zahl", "--method", "time_decay"
    )
    path.write_text("path\tconversions\na > > b\t3\n")
    assert "paths.tsv, row 2" in refused(capsys, "attribute", "--paths", path)
    path.write_text("path\tconversions\na\t-3\n")
    assert "row 2: conversions is negative" in refused(capsys, "attribute", "--paths", path)


def test_paths_with_fractions_have_no_interval(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "paths.csv"
    path.write_text("path,conversions\na,2.5\nb,1\n")
    found = answer(capsys, "attribute", "--paths", path, "--method", "last", "--json")
    assert [refusal["about"] for refusal in found["refusals"]] == ["interval"]
    assert found["rows"][0]["outcomes"] == 2.5


def test_an_experiment_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "experiment.csv"
    rows = [f"{arm},{int(i % k == 0)},{i}.5" for arm, k in (("none", 5), ("mail", 4)) for i in range(1, 201)]
    path.write_text("\n".join(["arm,replied,minutes", *rows]))
    arguments = ["experiment", path, "--arm", "arm", "--control", "none", "--rate", "replied", "--mean", "minutes"]
    found = answer(capsys, *arguments, "--shares", "none=0.5,mail=0.5", "--json")
    assert {"arms", "comparisons", "sample_ratio", "refusals"} <= set(found)
    assert [(arm["arm"], arm["n"]) for arm in found["arms"]] == [("none", 200), ("mail", 200)]
    row = found["comparisons"][0]
    assert (row["control"], row["treatment"], row["relative"]) == pytest.approx((0.2, 0.25, 0.25))
    assert {"arm", "metric", "kind", "control", "difference", "lower", "upper", "p_value", "relative"} <= set(row)
    assert found["sample_ratio"] == {"p_value": 1.0, "alarm": False, "expected": {"none": 200, "mail": 200}}
    assert main([str(argument) for argument in arguments]) == 0
    assert "noise" in capsys.readouterr().out
    for old, new, says in (
        ("none,0,1.5", "none,2,1.5", "row 2: replied is 2"),
        ("none,0,1.5", "none,,1.5", "row 2: replied is empty"),
        ("none,0,1.5", ",0,1.5", "row 2: arm is empty"),
        ("none,0,1.5", "none,0,long", "row 2: minutes “long”"),
    ):
        path.write_text("\n".join(["arm,replied,minutes", *rows]).replace(old, new, 1))
        assert says in refused(capsys, *arguments)
    assert "no column “opened”" in refused(capsys, *arguments, "--rate", "opened")
    assert "named twice" in refused(capsys, *arguments, "--mean", "replied")
    assert "--shares" in refused(capsys, *arguments, "--shares", "none=half")


def test_power_as_json_and_as_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["power", "--base", "0.05", "--lift", "0.2", "--share", "0.5", "--power", "0.8"]
    assert answer(capsys, *arguments, "--json")["n"] == 16_316
    assert main([*arguments, "--have", "1200"]) == 0
    assert "You need 16,316 people (8,158 of them held out)" in capsys.readouterr().out
    assert "not sized" in refused(capsys, "power", "--base", "5", "--lift", "0.2")


def test_the_command_imports_nothing_heavy_until_it_works() -> None:
    code = (
        "import sys, argparse, fourfold.evidence.cli as cli, fourfold.evidence.types;"
        "p = argparse.ArgumentParser(); cli.add_parser(p.add_subparsers());"
        "print(sorted({'numpy', 'scipy', 'pyarrow', 'duckdb', 'ibis', 'django'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
