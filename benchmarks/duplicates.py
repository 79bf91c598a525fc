"""How well records of one human are found, without labels: pair precision, recall and F1 on public labelled sets.

``python -m benchmarks.duplicates`` with FOURFOLD_DATASETS naming the folder that has ``contacts/dedupe`` in it;
``--people N`` measures time and memory on N made-up people instead. The settings are the house's own and the same for
every set: only which column holds what is said for each.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import os
import random
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from fourfold.people.compute import matching
from fourfold.people.compute.matching import Column, Kind, Settings

FEBRL = {
    "given_name": Kind.GIVEN, "surname": Kind.FAMILY, "street_number": Kind.CODE, "address_1": Kind.TEXT,
    "address_2": Kind.TEXT, "suburb": Kind.TEXT, "postcode": Kind.CODE, "state": Kind.TEXT,
    "date_of_birth": Kind.DATE, "soc_sec_id": Kind.CODE,
}  # fmt: skip
SPLINK = {
    "first_name": Kind.GIVEN, "surname": Kind.FAMILY, "dob": Kind.DATE, "city": Kind.TEXT, "email": Kind.EMAIL,
}  # fmt: skip
RL = {"fname_c1": Kind.GIVEN, "lname_c1": Kind.FAMILY, "birth": Kind.DATE}
SETS = {
    "FEBRL 1": ("febrl_dataset1.csv", FEBRL, "rec_id", 0.97),
    "FEBRL 2": ("febrl_dataset2.csv", FEBRL, "rec_id", 0.95),
    "RLdata500": ("RLdata500.csv", RL, "identity", 0.97),
    "splink 1000": ("splink_fake_1000.csv", SPLINK, "cluster", 0.95),
}
WIDTHS = {
    "records": 9, "compared": 10, "precision": 11, "recall": 8, "F1": 8, "aim": 7, "shown: P": 10, "seconds": 9,
}  # fmt: skip
Pair = tuple[int, int]


def read(path: Path, kinds: Mapping[str, Kind], label: str) -> tuple[list[Column], list[str]]:
    """The columns of a set, and whom each record is about."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{k.strip(): (v or "").strip().lower() for k, v in row.items()} for row in csv.DictReader(file)]
    for row in rows:
        if "by" in row:
            row["birth"] = "".join(f"{int(float(row[part])):0{2 + 2 * (part == 'by')}d}" for part in ("by", "bm", "bd"))
        row["dob"] = row.get("dob", "").replace("-", "")
    columns = [Column(name, kind, [(row[name],) if row[name] else () for row in rows]) for name, kind in kinds.items()]
    return columns, [row[label].split("-")[1] if label == "rec_id" else row[label] for row in rows]


def find(columns: Sequence[Column], settings: Settings) -> tuple[set[Pair], set[Pair], int]:
    """Pairs joined into one human, pairs likely by themselves from 0.95 on, and how many were compared."""
    prepared = matching.prepared(columns)
    pairs = matching.candidate_pairs(prepared, settings)
    levels = matching.compare(prepared, pairs, settings.chunk)
    weights = matching.learn(prepared, levels, pairs, settings)
    odds = matching.log_odds(prepared, pairs, weights, levels)
    joined = {pair for group in matching.groups(prepared, pairs, odds, weights) for pair in of_group(group)}
    alone = {(int(a), int(b)) for a, b in pairs[matching.as_probability(odds) >= 0.95].tolist()}
    return joined, alone, len(pairs)


def of_group(group: Sequence[int]) -> list[Pair]:
    return list(itertools.combinations(sorted(group), 2))


def score(found: set[Pair], truth: set[Pair]) -> tuple[float, float, float]:
    """Precision, recall and F1 of pairs."""
    right = len(found & truth)
    precision, recall = right / max(len(found), 1), right / len(truth)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def measure(folder: Path) -> bool:
    """Print the table; whether every set reaches its aim."""
    heads = "".join(f"{word:>{width}}" for word, width in WIDTHS.items())
    print(f"{'set':<12}{heads}")
    reached = True
    for name, (file, kinds, label, aim) in SETS.items():
        columns, about = read(folder / file, kinds, label)
        groups: dict[str, list[int]] = {}
        for row, one in enumerate(about):
            groups.setdefault(one, []).append(row)
        truth = {pair for group in groups.values() for pair in of_group(group)}
        started = time.perf_counter()
        joined, alone, compared = find(columns, Settings())
        seconds = time.perf_counter() - started
        precision, recall, f1 = score(joined, truth)
        shown = score(alone, truth)[0]
        reached = reached and f1 >= aim and shown >= 0.98
        values = (
            f"{len(about):,}", f"{compared:,}", f"{precision:.4f}", f"{recall:.4f}", f"{f1:.4f}", f"{aim}",
            f"{shown:.4f}", f"{seconds:.1f}",
        )  # fmt: skip
        print(f"{name:<12}" + "".join(f"{text:>{width}}" for text, width in zip(values, WIDTHS.values(), strict=True)))
    return reached


def scale(people: int) -> None:
    """Time and memory on made-up people, one in a hundred twice."""
    draw = random.Random(1)
    given = ["".join(draw.choices("aeioulmnrst", k=draw.randint(3, 7))) for _ in range(3000)]
    family = ["".join(draw.choices("aeioubdgklmnrstv", k=draw.randint(4, 9))) for _ in range(40_000)]
    cities, work = [f"city {n}" for n in range(400)], [f"company {n}" for n in range(max(people // 30, 10))]
    rows = []
    for number in range(people):
        if number % 100 == 99:
            old = rows[number - 50]
            rows.append((old[0], old[1][:2] + old[1][3:], f"p{number}@mail.example", old[3], old[4]))
        else:
            rows.append(
                (
                    draw.choice(given),
                    draw.choice(family),
                    f"p{number}@mail.example",
                    draw.choice(cities),
                    draw.choice(work),
                )
            )
    kinds = (Kind.GIVEN, Kind.FAMILY, Kind.EMAIL, Kind.TEXT, Kind.TEXT)
    columns = [Column(f"c{place}", kind, [(row[place],) for row in rows]) for place, kind in enumerate(kinds)]
    started = time.perf_counter()
    _, alone, compared = find(columns, Settings())
    truth = {(number - 50, number) for number in range(99, people, 100)}
    precision, recall, _ = score(alone, truth)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = time.perf_counter() - started
    print(f"{people:,} people: {compared:,} pairs compared in {seconds:.0f} s, {peak:,.0f} MB at most;")
    print(f"shown with precision {precision:.4f}, recall {recall:.4f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, help="time and memory on so many made-up people")
    parser.add_argument("--check", action="store_true", help="fail where an aim is missed")
    args = parser.parse_args()
    if args.people:
        scale(args.people)
        return 0
    if not os.environ.get("FOURFOLD_DATASETS"):
        print("FOURFOLD_DATASETS is not set: nothing to measure on.")
        return 0
    reached = measure(Path(os.environ["FOURFOLD_DATASETS"]) / "contacts" / "dedupe")
    return int(args.check and not reached)


if __name__ == "__main__":
    sys.exit(main())
