"""How fast and how small is attribution, beside its peers and beside the mere reading of the columns?

    python -m benchmarks.attribution_speed [--journeys N] [--rounds N] [--full] [--no-peers]

Every figure comes from a process of its own, so that its peak memory is its own too; the same journeys for all, reading
included, the rounds of all of them in turn, medians. Each has run on 2,000 journeys before: what is loaded at first use
is not counted, for nobody.

- peers: ChannelAttribution and marketing-attribution-models from a file of paths, in a virtual environment of their own
  that is made on demand from benchmarks/peers.txt. They give no intervals.
- ours from the same file of paths, and from sealed segments through ``attribute``: all with 1,000 replicates.
- the limit: DuckDB decoding and summing three columns of the same segments.

``--full``: 1 million journeys with the peers, 10 and 25 million from segments alone (one of the peers needs more than
15 GB at 10 million).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import attribution_data

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "benchmarks/peers.txt"
MEASURED = """
import json, time
{prepare}
{few}
{work}
{given}
started = time.perf_counter(), time.process_time()
{work}
told = [time.perf_counter() - started[0], time.process_time() - started[1]]
# Not getrusage: a new process takes over its parent's highest mark.
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print("measured", json.dumps([*told, int(peak) / 1024]))
"""

OURS = """
import warnings; warnings.simplefilter("ignore")
from pathlib import Path
from fourfold.evidence import attribution, facts, files
from fourfold.evidence.types import Method, Question
import duckdb, numpy, pyarrow.compute, pyarrow.csv, scipy.stats
facts.connect()
"""
FROM_PATHS = """
paths = files.read_paths(Path(PATHS))
for method in METHODS:
    attribution.attribute_paths(paths, method=Method(method))
"""
FROM_SEGMENTS = """
tables = facts.live(facts.read_segments(SEGMENTS))
attribution.attribute_many(tables, [Question(method=Method(method)) for method in METHODS])
"""
LIMIT = """
import duckdb
duckdb.sql("SELECT 1").fetchall()
"""
SCAN = """
duckdb.read_parquet(SEGMENTS["touch"]).aggregate("sum(seq), sum(epoch_us(occurred_at)), count(channel)").fetchall()
"""
CHANNEL_ATTRIBUTION = """
import contextlib, io
import pandas
with contextlib.redirect_stdout(io.StringIO()):
    import ChannelAttribution
"""
MAM = """
import polars
from mam.core import MAM
"""
READ_MAM = """
table = polars.read_csv(PATHS).rename({"path": "channels"})
table = table.with_columns(
    (polars.col("conversions") > 0).alias("has_conversion"),
    (polars.col("conversions") + polars.col("nulls")).alias("n"),
)
mam = MAM(
    table, "grouped_journey", "channels", "has_conversion", occurrences_colname="n", conversion_value_colname="value"
)
"""
READ_CA = 'table = pandas.read_csv(PATHS)\nvar = dict(var_value="value", flg_pro=False)\n'
HEURISTICS = 'ChannelAttribution.heuristic_models(table, "path", "conversions", **var)'
MARKOV = 'ChannelAttribution.markov_model(table, "path", "conversions", var_null="nulls", verbose=False, **var)'

ALL = ["first", "last", "last_non_direct", "linear", "time_decay", "position", "markov", "shapley", "shapley_rate"]
ALL = [*ALL, "shapley_ordered"]
ON_PATHS = [method for method in ALL if method != "time_decay"]
"""A path file has no times."""
FEW = 2_000
SMALL = 1_000_000
"""Journeys up to which files of paths are read too."""


LIMIT_NAME = "limit: three columns decoded and summed"


def ours(work: str, methods: list[str]) -> tuple[str, str, str]:
    return sys.executable, f"{OURS}\nMETHODS = {methods!r}", work


def cases(peer: str, journeys: int) -> dict[str, tuple[str, str, str]]:
    """Name → (python, preparation, work that is timed)."""
    found = {
        LIMIT_NAME: (sys.executable, LIMIT, SCAN),
        "ours, segments: all ten methods": ours(FROM_SEGMENTS, ALL),
        "ours, segments: first, last, linear": ours(FROM_SEGMENTS, ["first", "last", "linear"]),
        "ours, segments: Markov": ours(FROM_SEGMENTS, ["markov"]),
        "ours, segments: Shapley, both games": ours(FROM_SEGMENTS, ["shapley", "shapley_rate"]),
    }
    if journeys <= SMALL:
        found |= {
            "ours, paths: all nine methods": ours(FROM_PATHS, ON_PATHS),
            "ours, paths: first, last, linear": ours(FROM_PATHS, ["first", "last", "linear"]),
            "ours, paths: Markov": ours(FROM_PATHS, ["markov"]),
            "ours, paths: Shapley, both games": ours(FROM_PATHS, ["shapley", "shapley_rate"]),
        }
    if peer:
        mam = {"first, last, linear": ["first_click", "last_click", "linear"], "Markov": ["markov"]}
        mam["Shapley, both games"] = ["shapley"]  # its one game, over sets of 4
        found["ChannelAttribution: first, last, linear"] = (peer, CHANNEL_ATTRIBUTION, READ_CA + HEURISTICS)
        found["ChannelAttribution: Markov"] = (peer, CHANNEL_ATTRIBUTION, READ_CA + MARKOV)
        for name, runs in mam.items():
            calls = "\n".join(f"mam.run_{run}()" for run in runs)
            found[f"marketing-attribution-models: {name}"] = (peer, MAM, READ_MAM + calls)
    return found


BOTH = ("ChannelAttribution", "marketing-attribution-models")
AGAINST = {"first, last, linear": BOTH, "Markov": BOTH, "Shapley, both games": BOTH[1:]}


def peers(folder: Path) -> str:
    """A python that has the peers, made on demand. Empty where they can't be had; says why."""
    python = folder / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        done = subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", "-r", str(PEERS)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            print(f"The peers could not be installed, so only our own figures follow:\n{done.stderr[-2000:]}")
            return ""
    return str(python)


@dataclass(frozen=True)
class Run:
    """One run in a process of its own. ``cpu``: seconds of all its threads, which other work slows less."""

    seconds: float
    cpu: float
    megabytes: float


def given(data: attribution_data.Files) -> str:
    """Where the files lie, as the code that is measured reads it."""
    segments = {kind: [str(path) for path in paths] for kind, paths in data.segments.items()}
    return f"PATHS = {str(data.paths)!r}\nSEGMENTS = {segments!r}\n"


def measure(case: tuple[str, str, str], data: attribution_data.Files, few: attribution_data.Files) -> Run | None:
    """One run of a case, once it has run on a ``few`` journeys; None where it failed, and says how."""
    python, prepare, work = case
    code = MEASURED.format(prepare=prepare, few=given(few), given=given(data), work=work)
    # What evidence sets for itself when it is loaded, here too, is not for the peers.
    own = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run([python, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, env=own)
    told = [line for line in done.stdout.splitlines() if line.startswith("measured ")]
    if not told:
        print(f"    failed ({done.returncode}): {done.stderr.strip().splitlines()[-1:]}", flush=True)
        return None
    return Run(*json.loads(told[0].removeprefix("measured ")))


def run(journeys: int, rounds: int, peer: str) -> None:
    """Measure all cases on so many journeys and print the table."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("FOURFOLD_BENCH_FOLDER")) as folder:
        data, few = (
            attribution_data.write(Path(folder), number, name=name)
            for number, name in ((journeys, "all"), (FEW, "few"))
        )
        print(f"\n{journeys:,} journeys, {data.touches:,} touches, {data.outcomes:,} outcomes; median of {rounds}")
        print(f"{'':<54}{'seconds':>9}{'cpu s':>8}{'peak MB':>9}{'× limit':>9}", flush=True)
        found: dict[str, list[Run]] = {name: [] for name in cases(peer, journeys)}
        for _ in range(rounds):
            for name, case in cases(peer, journeys).items():
                one = measure(case, data, few)
                found[name] += [one] if one else []
    medians = {name: statistics.median(one.seconds for one in ran) for name, ran in found.items() if ran}
    for name, seconds in medians.items():
        cpu = statistics.median(one.cpu for one in found[name])
        peak = max(one.megabytes for one in found[name])
        print(f"{name:<54}{seconds:>9.2f}{cpu:>8.2f}{peak:>9,.0f}{seconds / medians[LIMIT_NAME]:>9.1f}")
    for methods, others in AGAINST.items():
        for other in others:
            theirs = medians.get(f"{other}: {methods}")
            for form in ("segments", "paths"):
                mine = medians.get(f"ours, {form}: {methods}")
                if mine and theirs:
                    print(f"{methods}: ours from {form} takes {mine / theirs:.2f} × {other}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--full", action="store_true", help="1, 10 and 25 million journeys")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--peers", type=Path, default=ROOT / "var/peers", help="folder of the peers' environment")
    args = parser.parse_args()
    peer = "" if args.no_peers else peers(args.peers)
    load = os.getloadavg()
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, load {load[0]:.1f} before the run")
    sizes = [(SMALL, 3, peer), (10_000_000, 1, ""), (25_000_000, 1, "")]
    for journeys, rounds, python in sizes if args.full else [(args.journeys, args.rounds, peer)]:
        run(journeys, rounds, python)
    print(f"load {os.getloadavg()[0]:.1f} after the run")


if __name__ == "__main__":
    main()
