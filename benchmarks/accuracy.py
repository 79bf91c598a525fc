"""How right is each method in worlds where the truth is known? Over all shipped worlds, easy and confounded.

    python -m benchmarks.accuracy [--full] [--houses N] [--world NAME] [--ranges] [--jobs 2] [--write]

For each world some houses (seeds) are simulated for two years. The truth of a channel is the mean over the houses of
the world as it is less the world without it, on common random numbers. Every method credits each house's net fees.
Besides, each house keeps half of its people and organisations from one channel, for the channels that cost most, one at
a time: these holdouts calibrate the house method ("calibrated"). ``--write`` keeps the answer in the package, where the
page of accuracy reads it. Quick mode: two houses of the small world; full: three houses of every world. ``--ranges``
measures the calibrated house method alone against the truth that is shipped, so that many houses can tell whether its
ranges hold; with ``--write`` only what changed of the shipped answer is written.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from scipy import stats

from benchmarks.attribution_coverage import HIGH, LOW, TWO_ERRORS
from fourfold.evidence.attribution import attribute
from fourfold.evidence.calibration import Calibrated, Reading, calibrate, error_of_credit, factors
from fourfold.evidence.facts import Tables, connect, live, registered, segment_schema
from fourfold.evidence.intervals import NOT_PROVEN
from fourfold.evidence.paths import Floats
from fourfold.evidence.types import (
    HOUSE_METHOD,
    NONE,
    AttributionResult,
    AttributionRow,
    FactKind,
    IntervalSettings,
    Method,
    Question,
)
from fourfold.evidence.world import Holdout, Simulation, World, as_columns, shipped_worlds, simulate, truth
from fourfold.evidence.world.columns import person_keys
from fourfold.evidence.world.tables import NONE as NOBODY

SHIPPED = Path(__file__).resolve().parent.parent / "src/fourfold/evidence/world/accuracy.json"
START, END = date(2024, 11, 1), date(2026, 11, 1)
TESTED = 6
"""Channels that each house tests: those that cost most."""
HELD_OUT = 0.5
LEAST_SPEND = 0.02
"""Part of all spend below which a channel is left out of signs and budgets."""
METHODS = tuple(method for method in Method if method != Method.SHAPLEY_ORDERED)
CALIBRATED = "calibrated"
CONFOUNDED = {
    "retargeting": "Adverts follow people who had visited by themselves, so what touches last did not bring them.",
    "latent_intent": "Channels meet above all people who had decided already.",
    "slow_events": "The best work shows months later, when people come through somebody else's door.",
}
"""Worlds in which what touches last is seldom what caused; the other worlds have the usual amount of it."""


@dataclass(frozen=True)
class House:
    """One simulated house: money by channel as each method has it, and the spend. Whole units of currency."""

    money: dict[str, dict[str, float]]
    bounds: dict[str, dict[str, tuple[float, float]]]
    refused: dict[str, int]
    spend: dict[str, float]


def tables_of(simulation: Simulation) -> Tables:
    connection = connect(threads=1)
    raw = {
        FactKind(kind): registered(connection, f"raw_{kind}", pa.table(columns, schema=_schema(kind, columns)))
        for kind, columns in as_columns(simulation).items()
    }
    return live(raw)


def _schema(kind: str, columns: Mapping[str, Any]) -> pa.Schema:
    return pa.schema([field for field in segment_schema(FactKind(kind)) if field.name in columns])


def question(method: Method, *, replicates: int) -> Question:
    settings = IntervalSettings(replicates=replicates)
    return Question(method=method, kind="cash", start=START, end=END, intervals=settings)


def house(world: World, people: int, seed: int) -> House:
    """All methods on one house, and the house method calibrated by its own holdouts."""
    simulation = simulate(world, seed=seed, people=people, start=START, end=END)
    tables = tables_of(simulation)
    money, bounds, refused = {}, {}, {}
    spend: dict[str, float] = {}
    for method in METHODS:
        found = attribute(tables, question(method, replicates=200 if not method.is_per_journey else 1000))
        rows = [row for row in found.rows if row.key != NONE]
        money[method.value] = {row.key: (row.value or 0.0) / 100 for row in rows}
        bounds[method.value] = {
            row.key: (row.value_lower / 100, row.value_upper / 100)
            for row in rows
            if row.value_lower is not None and row.value_upper is not None
        }
        refused[method.value] = sum(row.lower is None for row in rows)
        spend = {row.key: (row.spend or 0.0) / 100 for row in rows}
        if method == HOUSE_METHOD:
            calibrated = calibrated_rows(world, people, seed, rows, total_error(simulation))
    add_calibrated(calibrated, money, bounds, refused)
    return House(money, bounds, refused, spend)


def tested_house(world: World, people: int, seed: int) -> House:
    """As ``house``, with the calibrated house method alone."""
    simulation = simulate(world, seed=seed, people=people, start=START, end=END)
    found = attribute(tables_of(simulation), question(HOUSE_METHOD, replicates=1000))
    rows = [row for row in found.rows if row.key != NONE]
    one = House({}, {}, {}, {row.key: (row.spend or 0.0) / 100 for row in rows})
    add_calibrated(
        calibrated_rows(world, people, seed, rows, total_error(simulation)), one.money, one.bounds, one.refused
    )
    return one


def add_calibrated(
    calibrated: Sequence[Calibrated],
    money: dict[str, dict[str, float]],
    bounds: dict[str, dict[str, tuple[float, float]]],
    refused: dict[str, int],
) -> None:
    money[CALIBRATED] = {row.channel: row.value for row in calibrated}
    bounds[CALIBRATED] = {
        row.channel: (row.lower, row.upper) for row in calibrated if row.lower is not None and row.upper is not None
    }
    refused[CALIBRATED] = len(calibrated) - len(bounds[CALIBRATED])


def calibrated_rows(
    world: World, people: int, seed: int, rows: Sequence[AttributionRow], fees_error: float
) -> list[Calibrated]:
    """The house's credit, corrected by a holdout on each of its dearest channels. Whole units of currency."""
    spend = {row.key: (row.spend or 0.0) / 100 for row in rows}
    dearest = sorted(spend, key=lambda name: -spend[name])[:TESTED]
    readings = [reading(world, people, seed, channel) for channel in dearest]
    credited = {row.key: (row.value or 0.0) / 100 for row in rows}
    errors = {row.key: error_of_credit(row, fees_error) / 100 for row in rows}
    found, _ = factors(credited, "cash", readings)
    return calibrate(credited, spend, found, credited_errors=errors)


def total_error(simulation: Simulation) -> float:
    """Relative standard error of a house's fees: organisations come by chance, each worth what it brought."""
    outcomes = simulation.outcomes
    paid = np.flatnonzero(outcomes.kind == simulation.words.kinds.index("cash"))
    since, until = (np.datetime64(day, "s") for day in (START, END))
    paid = paid[(outcomes.at[paid] >= since) & (outcomes.at[paid] < until)]
    worth = np.bincount(outcomes.organisation[paid], weights=outcomes.value_minor[paid])
    return float(np.sqrt((worth**2).sum()) / worth.sum())


def reading(world: World, people: int, seed: int, channel: str) -> Reading:
    """A holdout of half the house on one channel: placements caused on the treated arm, and credited there.

    A placement counts a half on each side, as credit does. The error sums over the units that were drawn.
    """
    holdout = Holdout(channel=channel, share=HELD_OUT)
    simulation = simulate(world, seed=seed, people=people, start=START, end=END, holdout=holdout)
    held = _held(simulation, holdout, seed)
    caused = variance = 0.0
    for units, placements in _placements(simulation, held):
        treated, control = placements[~units], placements[units]
        scale = len(treated) / max(len(control), 1)
        caused += 0.5 * (treated.sum() - scale * control.sum())
        variance += 0.25 * ((treated**2).sum() + scale**2 * (control**2).sum())
    return Reading(
        channel=channel,
        kind="cash",
        caused=float(caused),
        caused_error=float(np.sqrt(variance)) or 1.0,
        credited=_credited(simulation, held, channel),
    )


def _held(simulation: Simulation, holdout: Holdout, seed: int) -> Any:
    """(people,) who is kept out: by person, client contacts by organisation. Duplicates follow their person."""
    persons = simulation.persons
    index = np.where(persons.same_as == NOBODY, np.arange(len(persons.side)), persons.same_as)
    contact = persons.side[index] == simulation.words.sides.index("client")
    by_person = holdout.held(seed, "candidate", index)
    return np.where(contact, holdout.held(seed, "client", persons.organisation[index]), by_person)


def _placements(simulation: Simulation, held: Any) -> list[tuple[Any, Floats]]:
    """For candidates and for clients: (units,) whether held out, and how many placements each had in the period."""
    outcomes, parties, persons = simulation.outcomes, simulation.parties, simulation.persons
    cash = simulation.words.kinds.index("cash")
    paid = np.flatnonzero(outcomes.kind == cash)
    _, first = np.unique(outcomes.placement[paid], return_index=True)
    since, until = (np.datetime64(day, "s") for day in (START, END))
    heads = paid[first][(outcomes.at[paid[first]] >= since) & (outcomes.at[paid[first]] < until)]
    placements = set(outcomes.placement[heads].tolist())
    found = []
    for side in ("candidate", "client"):
        code = simulation.words.sides.index(side)
        rows = np.flatnonzero((parties.side == code) & (outcomes.kind[parties.outcome] == cash))
        pairs = {
            (int(placement), int(person))
            for placement, person in zip(outcomes.placement[parties.outcome[rows]], parties.person[rows], strict=True)
            if int(placement) in placements
        }
        person = np.array([each for _, each in sorted(pairs)], dtype=np.int64)
        if side == "client":
            count = np.bincount(persons.organisation[person], minlength=len(simulation.organisations.desk))
            flags = np.zeros(len(count), dtype=np.bool_)
            contacts = np.flatnonzero(persons.side == code)
            flags[persons.organisation[contacts]] = held[contacts]
            found.append((flags, count.astype(np.float64)))
        else:
            everyone = np.flatnonzero(persons.side == code)
            count = np.bincount(person, minlength=len(persons.side))[everyone]
            found.append((held[everyone], count.astype(np.float64)))
    return found


def _credited(simulation: Simulation, held: Any, channel: str) -> float:
    """Outcomes credited to the channel on the treated arm: the journeys of its people only."""
    tables = dict(tables_of(simulation))
    treated = pa.array(person_keys(np.flatnonzero(~held)), tables[FactKind.PARTY].person_key.type().to_pyarrow())
    tables[FactKind.PARTY] = tables[FactKind.PARTY].filter(tables[FactKind.PARTY].person_key.isin(treated.to_pylist()))
    result: AttributionResult = attribute(tables, question(HOUSE_METHOD, replicates=0))
    return sum(row.outcomes for row in result.rows if row.key == channel)


def score(houses: Sequence[House], caused: Mapping[str, float], method: str) -> dict[str, Any]:
    """What a method gets right, mean over the houses. ``caused``: net fees by channel."""
    names = list(caused)
    true = np.array([caused[name] for name in names])
    shares = np.maximum(true, 0) / np.maximum(true, 0).sum()
    table: dict[str, list[float]] = {name: [] for name in ("error", "share", "signs", "covered", "refused", "won")}
    for one in houses:
        credited = np.array([one.money[method].get(name, 0.0) for name in names])
        spend = np.array([one.spend.get(name, 0.0) for name in names])
        counted = spend >= LEAST_SPEND * spend.sum()
        table["error"].append(float(np.abs(credited - true).sum() / np.abs(true).sum()))
        table["share"].append(float(np.abs(np.maximum(credited, 0) / np.maximum(credited, 0).sum() - shares).sum() / 2))
        wrong = ((credited > spend) != (true > spend)) & counted
        table["signs"].append(float(wrong.sum() / counted.sum()))
        bounds = one.bounds[method]
        inside = [bounds[name][0] <= caused[name] <= bounds[name][1] for name in names if name in bounds]
        if inside:
            table["covered"].append(float(np.mean(inside)))
        table["refused"].append(one.refused[method] / len(names))
        roi, believed = true[counted] / spend[counted], credited[counted] / spend[counted]
        best = roi.max() - roi.min()
        table["won"].append(float((roi[believed.argmax()] - roi[believed.argmin()]) / best))
    means = {name: round(float(np.mean(values)), 4) if values else None for name, values in table.items()}
    return means | {"error_low": round(min(table["error"]), 4), "error_high": round(max(table["error"]), 4)}


def measure(name: str, houses: int, seed: int) -> dict[str, Any]:
    """One world: its truth, every method's scores, and what each method credits each channel (mean of the houses)."""
    world = shipped_worlds()[name]
    people = world.usual_people
    told = truth(world, seed=seed, people=people, start=START, end=END, replications=houses)
    caused = {row.channel: row.net_fees_minor / 100 for row in told.channels if row.spend_minor > 0}
    errors = {row.channel: (row.net_fees_error or 0) / 100 for row in told.channels}
    found = [house(world, people, seed + number) for number in range(houses)]
    names = [*(method.value for method in METHODS), CALIBRATED]
    return {
        "world": name,
        "name": world.name,
        "people": people,
        "placements": round(told.placements),
        "net_fees": round(told.net_fees_minor / 100),
        "confounded": name in CONFOUNDED,
        "why": CONFOUNDED.get(name, ""),
        "truth": [
            {"channel": channel, "caused": round(value), "error": round(errors[channel])}
            for channel, value in sorted(caused.items(), key=lambda pair: -pair[1])
        ],
        "methods": [{"method": method} | score(found, caused, method) for method in names],
        "credited": {
            method: {
                channel: round(float(np.mean([one.money[method].get(channel, 0.0) for one in found])))
                for channel in caused
            }
            for method in names
        },
        "calibrated_bounds": mean_bounds(found, caused),
    }


def mean_bounds(houses: Sequence[House], channels: Iterable[str]) -> dict[str, list[int]]:
    """The calibrated range of each channel that has one, mean over the houses that tested it."""
    found = {}
    for channel in channels:
        ranges = [one.bounds[CALIBRATED][channel] for one in houses if channel in one.bounds[CALIBRATED]]
        if ranges:
            found[channel] = [round(float(side)) for side in np.mean(ranges, axis=0)]
    return found


def measure_ranges(name: str, houses: int, seed: int) -> dict[str, Any]:
    """One shipped world with the calibrated method's scores measured anew, and unproven methods without ranges.

    ``inside`` and ``ranges``: over all houses, the ranges that hold the truth, and how many there are.
    """
    before = next(one for one in json.loads(SHIPPED.read_text("utf-8"))["worlds"] if one["world"] == name)
    caused = {row["channel"]: float(row["caused"]) for row in before["truth"]}
    world = shipped_worlds()[name]
    found = [tested_house(world, world.usual_people, seed + number) for number in range(houses)]
    scores = []
    for row in before["methods"]:
        if row["method"] == CALIBRATED:
            scores.append({"method": CALIBRATED} | score(found, caused, CALIBRATED))
        else:
            scores.append(row | ({"covered": None, "refused": 1.0} if row["method"] in NOT_PROVEN else {}))
    ranges = [(one.bounds[CALIBRATED][key], caused[key]) for one in found for key in one.bounds[CALIBRATED]]
    inside = sum(low <= true <= high for (low, high), true in ranges)
    bounds = mean_bounds(found, caused)
    return before | {"methods": scores, "calibrated_bounds": bounds, "inside": inside, "ranges": len(ranges)}


def told_ranges(every: Sequence[Mapping[str, Any]]) -> str:
    """All ranges of calibrated ROI together, against the bar."""
    inside, ranges = (sum(one[name] for one in every) for name in ("inside", "ranges"))
    off = min(stats.binom.cdf(inside, ranges, LOW), stats.binom.sf(inside - 1, ranges, HIGH)) < TWO_ERRORS
    lines = [f"{one['world']}: {one['inside']} of {one['ranges']} calibrated ranges hold the truth" for one in every]
    error = 2 * np.sqrt(0.95 * 0.05 / ranges)
    return "\n".join([*lines, f"all: {inside / ranges:.1%} ± {error:.1%} of {ranges} ranges: {'OFF' if off else 'ok'}"])


def told(found: Mapping[str, Any]) -> str:
    kind = "confounded" if found["confounded"] else "not confounded"
    lines = [
        f"\n{found['world']} ({kind}): {found['name']}; {found['people']:,} people, {found['placements']:,} placements",
        "method           money error  share error  wrong signs  truth inside  refused  budget gain won",
    ]
    for row in found["methods"]:
        inside = "–" if row["covered"] is None else f"{row['covered']:.0%}"
        lines.append(
            f"{row['method']:<16} {row['error']:>11.0%} {row['share']:>12.0%} {row['signs']:>12.0%} {inside:>13} "
            f"{row['refused']:>8.0%} {row['won']:>16.0%}"
        )
    ratio = _error(found, CALIBRATED) / _error(found, Method.LAST.value)
    lines.append(f"calibrated / last touch, money error: {ratio:.2f}")
    return "\n".join(lines)


def _error(found: Mapping[str, Any], method: str) -> float:
    return float(next(row["error"] for row in found["methods"] if row["method"] == method))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    worlds = list(shipped_worlds())
    parser.add_argument("--full", action="store_true", help="three houses of every world")
    parser.add_argument("--houses", type=int, help="houses a world")
    parser.add_argument("--world", action="append", choices=worlds, help="may be given twice")
    parser.add_argument("--ranges", action="store_true", help="the ranges of the calibrated method alone")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="keep the answer in the package")
    args = parser.parse_args(arguments)
    houses = args.houses or (3 if args.full else 2)
    chosen = args.world or (worlds if args.full else ["small_house"])
    started = time.perf_counter()
    print(f"{houses} houses a world, two years each, seed {args.seed}", flush=True)
    every = []
    chosen = sorted(chosen, key=lambda name: -shipped_worlds()[name].usual_people)  # the longest first
    with ProcessPoolExecutor(args.jobs) as pool:
        for found in pool.map(
            measure_ranges if args.ranges else measure, chosen, [houses] * len(chosen), [args.seed] * len(chosen)
        ):
            every.append(found)
            print(told(found), flush=True)
    every.sort(key=lambda one: worlds.index(one["world"]))
    failed = [one["world"] for one in every if one["confounded"] and _error(one, CALIBRATED) > _error(one, "last") / 2]
    verdict = f"not in {', '.join(failed)}" if failed else "yes"
    print(f"\nDoes calibration at least halve the error of last touch in confounded worlds? {verdict}")
    if args.ranges:
        print(told_ranges(every))
    print(f"{time.perf_counter() - started:,.0f} s")
    if args.write:
        SHIPPED.write_text(json.dumps(shipped(every, houses, args.seed), indent=1) + "\n", "utf-8")
    return int(bool(failed))


def shipped(every: Sequence[Mapping[str, Any]], houses: int, seed: int) -> dict[str, Any]:
    today = datetime.now(UTC).date()
    worlds = [{key: value for key, value in one.items() if key not in {"inside", "ranges"}} for one in every]
    return {"version": 1, "date": today.isoformat(), "houses": houses, "seed": seed, "worlds": worlds}


if __name__ == "__main__":
    sys.exit(main())
