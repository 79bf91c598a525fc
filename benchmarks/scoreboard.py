"""How long does the 4Cs scoreboard take in a house with millions of touches, and how much memory?

    python -m benchmarks.scoreboard [--touches N] [--rounds N]

The house: a person for every 20 touches, one in twelve of them at a client, two years, 24 placements for every 10,000
touches with their candidate outcomes, jobs and submissions, and spend by month and channel. Touches lie in three sealed
segments, as the sealer leaves them; outcomes, parties and spend lie in segments and in the database (SQLite), for the
pages read them there. Working out runs in a process of its own, as the worker runs it; pages are asked for with a saved
answer, signed in, through Django's whole stack.
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
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.attribution_data import BEGINNING_US, DAY_US, MOMENT, binary, facts, keys

CHANNELS = pa.array(["email", "phone", "web", "linkedin", "event", "job_board", "referral", "sms"])
DAYS = 730
PERIOD = (date(2026, 1, 1), date(2027, 1, 1))
START_US = BEGINNING_US - (DAYS - 365) * DAY_US
Columns = dict[str, Any]


def house(touches: int, random: np.random.Generator) -> dict[str, pa.Table]:
    """The facts by kind."""
    people = max(touches // 20, 100)
    contacts = people // 12
    placements = max(touches * 24 // 10_000, 20)
    person = np.frombuffer(random.bytes(16 * people), dtype=">u8").reshape(-1, 2)
    organisation = np.frombuffer(random.bytes(16 * (contacts // 4)), dtype=">u8").reshape(-1, 2)
    employer = random.integers(0, len(organisation), people)

    who = random.integers(0, people, touches)
    who[: touches // 4] %= contacts  # contacts are the first; they are met more often
    opened = START_US + random.integers(0, (DAYS - 60) * DAY_US, placements)
    sent = opened + random.integers(DAY_US, 20 * DAY_US, placements)
    won = sent + random.integers(DAY_US, 30 * DAY_US, placements)
    candidate, client = random.integers(contacts, people, placements), random.integers(0, contacts, placements)
    jobs = pa.array([f"job {number}" for number in range(placements)])
    plain = pa.nulls(touches, pa.string())
    all_who = np.concatenate((who, client, candidate))
    at = np.concatenate((START_US + random.integers(0, DAYS * DAY_US, touches), opened, sent))
    channel = CHANNELS.take(pa.array(random.integers(0, len(CHANNELS), len(all_who))))
    campaign = pa.array([f"campaign {number}" for number in range(40)]).take(
        pa.array(random.integers(0, 40, len(all_who)))
    )
    actions = [pa.repeat(name, placements) for name in ("job_opened", "submitted")]
    ids = keys(random, placements)
    presented = keys(random, placements)
    return {
        "touch": facts(
            random,
            "touch",
            person_key=binary(person[all_who]),
            occurred_at=pa.array(at, MOMENT),
            organisation=pa.array(
                [None if w >= contacts else organisation[employer[w]].tobytes() for w in all_who.tolist()],
                pa.binary(16),
            ),
            channel=channel,
            campaign=campaign,
            direction=pa.repeat("out", len(all_who)),
            action=pa.concat_arrays([plain, *actions]),
            job=pa.concat_arrays([plain, jobs, jobs]),
        ),
        "outcome": facts(
            random,
            "outcome",
            fact_id=pa.concat_arrays([ids, presented]),
            occurred_at=pa.array(np.concatenate((won, sent)), MOMENT),
            outcome_kind=pa.concat_arrays([pa.repeat("cash", placements), pa.repeat("candidate", placements)]),
            basis=pa.concat_arrays([pa.repeat("accepted", placements), pa.nulls(placements, pa.string())]),
            engagement=pa.concat_arrays([pa.repeat("permanent", placements), pa.nulls(placements, pa.string())]),
            value_minor=pa.concat_arrays(
                [pa.array(random.lognormal(13.8, 0.5, placements).astype(np.int64)), pa.nulls(placements, pa.int64())]
            ),
            currency=pa.concat_arrays([pa.repeat("GBP", placements), pa.nulls(placements, pa.string())]),
            organisation=binary(np.concatenate([organisation[employer[client]]] * 2)),
            placement=pa.concat_arrays(
                [pa.array([f"P{number}" for number in range(placements)]), pa.nulls(placements, pa.string())]
            ),
            job=pa.concat_arrays([jobs, jobs]),
        ),
        "party": facts(
            random,
            "party",
            outcome=pa.concat_arrays([ids, ids, presented]),
            occurred_at=pa.array(np.concatenate((won, won, sent)), MOMENT),
            person_key=binary(np.concatenate((person[candidate], person[client], person[candidate]))),
            side=pa.concat_arrays([pa.repeat(side, placements) for side in ("candidate", "client", "candidate")]),
        ),
        "spend": spend(random),
    }


def spend(random: np.random.Generator) -> pa.Table:
    """A row a month and channel."""
    months = [(2025 + number // 12, number % 12 + 1) for number in range(24)]
    first = [date(year, month, 1) for year, month in months for _ in CHANNELS]
    return facts(
        random,
        "spend",
        occurred_at=pa.array([datetime(day.year, day.month, 1, tzinfo=UTC) for day in first], MOMENT),
        from_date=pa.array(first),
        to_date=pa.array([day.replace(day=28) for day in first]),
        channel=pa.concat_arrays([CHANNELS] * 24),
        amount_minor=pa.array(random.integers(10_000, 900_000, len(first))),
        currency=pa.repeat("GBP", len(first)),
    )


def build(folder: Path, touches: int) -> None:
    """Write segments and manifest, and post what the pages read into the database."""
    from fourfold.ledger import models, snapshot
    from fourfold.project import house as fourfold_house

    fourfold_house.migrate_tables()
    fourfold_house.collect_static()
    segments, cut, top = [], 0, None
    (folder / "ledger").mkdir(parents=True, exist_ok=True)
    for kind, table in house(touches, np.random.default_rng(1)).items():
        table = table.set_column(table.schema.get_field_index("seq"), "seq", pa.array(np.arange(len(table)) + cut + 1))
        if kind != "touch":
            rows = [plain(row) for row in table.to_pylist()]
            models.Fact.objects.append([*rows[0], "content_hash"], [(*row.values(), "0" * 32) for row in rows])
            top = rows[-1]["fact_id"].hex
        parts = [len(table) * 2 // 5, len(table) * 2 // 5, len(table)] if kind == "touch" else [len(table)]
        names = [(name, "ascending") for name in snapshot.SORT if name in table.column_names]
        at = 0
        for number, size in enumerate(parts):
            part = table.slice(at, size).sort_by(names)
            path = folder / f"ledger/{kind}-{number}.parquet"
            pq.write_table(part, path, compression="zstd", row_group_size=128_000)
            digest = snapshot.file_hash(path)
            segments.append(snapshot.Segment(kind, path.name, len(part), digest, cut + at, cut + at + len(part)))
            at += size
        cut += len(table)
    manifest = snapshot.Manifest(snapshot.SCHEMA_VERSION, cut, top, tuple(segments))
    (folder / "ledger/manifest.json").write_text(json.dumps(asdict(manifest)))


def plain(row: Columns) -> Columns:
    """A fact as the database takes it; keys as UUID, columns that are empty left out by their value."""
    return {
        name: UUID(bytes=value) if isinstance(value, bytes) else value
        for name, value in row.items()
        if name != "recorded_at"
    }


def work_out() -> None:
    """Answer the year's question as the worker does, and say how long it took."""
    from fourfold.base import clock
    from fourfold.ledger import snapshot
    from fourfold.reports import actions, compute

    folder = Path(os.environ["FOURFOLD_HOME"]) / "ledger"
    actions.ask(question=question(), at=clock.now())
    started = time.perf_counter(), time.process_time()
    assert snapshot.read_manifest(folder).segments
    answered = compute.answer_waiting(folder=folder, only=question().key, at=clock.now())
    assert answered == 1
    told(time.perf_counter() - started[0], time.process_time() - started[1])


def ask_pages() -> None:
    """The first byte of the scoreboard and of a channel's page, with the saved answer."""
    from django.conf import settings
    from django.test import Client

    from fourfold.accounts import actions as accounts
    from fourfold.accounts import models
    from fourfold.accounts.types import NewUser, Role
    from fourfold.base import clock
    from fourfold.base.actor import COMMAND_LINE

    settings.ALLOWED_HOSTS = ["*"]
    who = NewUser(email="lee@fourfold.example", name="Lee", roles=frozenset({Role.LEADER}), password=None)
    if not models.User.objects.filter(email=who.email).exists():
        accounts.add_users(users=[who], by=COMMAND_LINE, at=clock.now())
    client = Client()
    client.force_login(models.User.objects.get(email=who.email), backend=settings.AUTHENTICATION_BACKENDS[-1])
    period = f"?from_date={PERIOD[0]}&to_date={date(2026, 12, 31)}&basis=accepted"
    for path, key in (("/4cs/", ""), ("/4cs/credit/", "&key=email")):
        for _ in range(2):  # the first request of a process compiles its templates
            started = time.perf_counter(), time.process_time()
            response = client.get(path + period + key)
            assert response.status_code == 200, (path, response.status_code, response.get("Location"))
            took = time.perf_counter() - started[0], time.process_time() - started[1]
        told(*took)


def question() -> Any:
    from fourfold.reports import rules
    from fourfold.reports.types import Period, Question

    period = Period(*PERIOD)
    return Question(period=period, before=rules.compared_with(period))


def told(seconds: float, cpu: float) -> None:
    peak = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    print("measured", json.dumps([seconds, cpu, int(peak) / 1024]))


def in_process(home: Path, *arguments: str) -> list[list[float]]:
    """Run one step of this file in a process of its own, in that house."""
    environment = {**os.environ, "FOURFOLD_HOME": str(home), "DJANGO_SETTINGS_MODULE": "fourfold.project.settings"}
    command = [sys.executable, "-m", "benchmarks.scoreboard", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    lines = [line for line in done.stdout.splitlines() if line.startswith("measured ")]
    return [json.loads(line.removeprefix("measured ")) for line in lines]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--touches", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--step", choices=["build", "work_out", "ask_pages"], help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.step:
        import django

        django.setup()
        home = Path(os.environ["FOURFOLD_HOME"])
        {"build": lambda: build(home, args.touches), "work_out": work_out, "ask_pages": ask_pages}[args.step]()
        return
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        in_process(home, "--step", "build", "--touches", str(args.touches))
        answers = [in_process(home, "--step", "work_out")[0] for _ in range(args.rounds)]
        pages = [in_process(home, "--step", "ask_pages") for _ in range(args.rounds)]
    print(f"{args.touches:,} touches, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; median of {args.rounds}")
    print(f"{'':<44}{'seconds':>9}{'cpu s':>9}{'peak MB':>9}")
    rows = {"the 4Cs answer worked out and saved": answers}
    rows |= {
        "first byte of the scoreboard": [two[0] for two in pages],
        "of a channel’s page": [two[1] for two in pages],
    }
    for name, ran in rows.items():
        seconds, cpu, peak = (statistics.median(values) for values in zip(*ran, strict=True))
        print(f"{name:<44}{seconds:>9.2f}{cpu:>9.2f}{peak:>9,.0f}")


if __name__ == "__main__":
    main()
