"""Published data with answers that others computed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from fourfold.evidence.__main__ import main
from fourfold.evidence.attribution import attribute_paths
from fourfold.evidence.files import read_paths, read_table
from fourfold.evidence.types import IntervalSettings, Method

pytestmark = pytest.mark.datasets
PATHS = "marketing/channelattribution_pathdata.csv"
HILLSTROM = "marketing/hillstrom_dev_quarter.csv"


@pytest.fixture(scope="module")
def expected(datasets: Path) -> dict[str, Any]:
    return json.loads((datasets / "EXPECTED.json").read_text())


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert main([str(argument) for argument in arguments]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("method", "column", "near"), [("first", "first", 1e-9), ("last", "last", 1e-9), ("linear", "linear", 1e-4)]
)
def test_heuristics_equal_channelattribution(
    method: str, column: str, near: float, datasets: Path, expected: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = run(capsys, "attribute", "--paths", datasets / PATHS, "--method", method, "--json")
    wanted = expected["channelattribution_pathdata"]
    assert answer["n"] == wanted["conversions"]
    assert {row["key"] for row in answer["rows"]} == set(wanted["table"])
    for row in answer["rows"]:
        assert row["outcomes"] == pytest.approx(wanted["table"][row["key"]][column], abs=near)
    assert sum(row["value"] for row in answer["rows"]) == pytest.approx(wanted["value"], abs=0.005)
    assert sum(row["share"] for row in answer["rows"]) == pytest.approx(1)


def test_markov_equals_the_exact_solution(datasets: Path, expected: Any, capsys: pytest.CaptureFixture[str]) -> None:
    columns = "path,total_conversions,total_conversion_value,total_null"
    answer = run(capsys, "attribute", "--paths", datasets / PATHS, "--method", "markov", "--columns", columns, "--json")
    wanted = expected["channelattribution_pathdata"]
    table = wanted["table"]
    for row in answer["rows"]:
        assert row["outcomes"] == pytest.approx(table[row["key"]]["markov1"], abs=1e-4)
        assert answer["details"]["removal_effects"][row["key"]] == pytest.approx(table[row["key"]]["removal"], abs=5e-5)
    base = wanted["conversions"] / (wanted["conversions"] + wanted["null"])
    assert answer["details"]["base_rate"] == pytest.approx(base)
    assert answer["options"]["order"] == 1
    assert answer["options"]["collapse_repeats"] is True


def test_intervals_of_the_paths_bound_the_share_or_are_refused(datasets: Path) -> None:
    paths = read_paths(datasets / PATHS)
    for method in (Method.LAST, Method.SHAPLEY, Method.MARKOV):
        answer = attribute_paths(paths, method=method, interval_settings=IntervalSettings(replicates=200))
        refused = {refusal.about for refusal in answer.refusals}
        assert {"mi"} <= refused <= {"delta", "mi"}  # 1 and 5 conversions; Markov needs more than 5
        for row in answer.rows:
            assert (row.lower is None) == (row.key in refused)
            if row.lower is not None:
                assert row.lower < row.share < row.upper


def test_hillstrom_arms_equal_an_independent_calculation(
    datasets: Path, expected: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--arm", "segment", "--control", "No E-Mail", "--rate", "visit", "conversion", "--mean", "spend"]
    answer = run(capsys, "experiment", datasets / HILLSTROM, *arguments, "--json")
    table = read_table(datasets / HILLSTROM)
    arm = np.array(table["segment"].to_pylist())
    for row in answer["arms"]:
        wanted = expected["hillstrom_dev_quarter"][row["arm"]]
        assert row["n"] == wanted["n"]
        for metric in ("visit", "conversion", "spend"):
            found = row["metrics"][metric]
            assert found["value"] == pytest.approx(wanted[metric], abs=1e-6)
            values = np.array(table[metric].to_pylist(), dtype=float)[arm == row["arm"]]
            if found["kind"] == "rate":
                bounds = stats.binomtest(int(values.sum()), len(values)).proportion_ci(method="wilson")
            else:
                error = values.std(ddof=1) / len(values) ** 0.5
                bounds = stats.t.interval(0.95, len(values) - 1, values.mean(), error)
            assert (found["lower"], found["upper"]) == pytest.approx(tuple(bounds))
    assert answer["sample_ratio"]["p_value"] == pytest.approx(stats.chisquare([5277, 5367, 5356]).pvalue)
    assert answer["sample_ratio"]["alarm"] is False
    visit = next(r for r in answer["comparisons"] if r["metric"] == "visit" and r["arm"] == "Mens E-Mail")
    assert visit["lower"] > 0
    assert visit["relative"] == pytest.approx(0.179989 / 0.101383 - 1, abs=1e-4)


def test_hillstrom_spend_between_the_two_mails_is_noise(datasets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--arm", "segment", "--control", "No E-Mail", "--rate", "visit", "--mean", "spend"]
    answer = run(capsys, "experiment", datasets / HILLSTROM, *arguments, "--compare", "all", "--json")
    row = next(
        r
        for r in answer["comparisons"]
        if r["metric"] == "spend" and {r["arm"], r["against"]} == {"Mens E-Mail", "Womens E-Mail"}
    )
    assert abs(row["difference"]) == pytest.approx(1.41918 - 1.08632, abs=1e-5)
    assert row["p_value"] > 0.25
    assert row["verdict"].startswith("noise")
    assert row["lower"] is None  # 111 people with a spend in both arms are too few for Welch
    assert "The difference in spend between Womens E-Mail and Mens E-Mail is noise." in answer["assumptions"]
    refusal = next(r for r in answer["refusals"] if r["about"] == "spend: Womens E-Mail − Mens E-Mail")
    assert (refusal["have"], refusal["need"]) == (55.9, 100)
