"""How long do boards, lists and the day's pages take in a house with 100,000 applications?

    python -m benchmarks.jobs_screens [--applications N] [--rounds N] [--postgres]

A house is filled in the database directly: people (one employer in 50 is a client, whose people a recruiter doesn't see
on jobs), jobs, of which one has 500 open applications, applications with their steps, submissions, interviews. Then a
recruiter, signed in, asks for pages through Django's whole stack, permissions and audit on; the median and the 95th
percentile of the times are printed, with the statements and the size of a page.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import people_screens as house
from benchmarks.import_speed import postgres
from benchmarks.people_screens import AT, Ask, key

PER_JOB = 50
ON_THE_BOARD = 500
SOME = 20_000
STEPS = ("sourced", "interested", "applied", "submitted", "interview", "offer")
TITLES = ("Data engineer", "Java developer", "Payroll manager", "Site manager", "Nurse", "Analyst", "Head of data")


def insert(model: Any, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Many rows in one statement, the other columns with their defaults."""
    from fourfold.ledger import actions as ledger

    plain = {one.attname: one.get_default() for one in model._meta.concrete_fields if not one.null}
    others = {
        name: value for name, value in plain.items() if name not in columns and value is not None and name != "id"
    }
    ledger.insert(model, (*columns, *others), [(*row, *others.values()) for row in rows])


def fill(applications: int, owner: Any) -> None:
    """Jobs, applications and what came of them; job 0 is the one with the full board."""
    from django.db import transaction

    from fourfold.jobs import models

    jobs = applications // PER_JOB
    columns = (
        "key", "reference", "slug", "title", "organisation_key", "kind", "engaged", "status", "close_reason", "grade",
        "currency", "pay_to_minor", "pay_per", "calibre", "workplace", "owner_key", "opened_at", "added_at", "added_by",
        "openings",
    )  # fmt: skip
    rows = [
        (key(n, 2), f"J{n:05d}", f"job-{n}", TITLES[n % len(TITLES)], key(n % max(applications // 40, 1), 1),
         "permanent", "contingent", "open" if n % 4 == 0 else "closed", "" if n % 4 == 0 else "cancelled", "ABC"[n % 3],
         "GBP", 40_000_00 + n % 50 * 1_000_00, "year", "upper_half", "hybrid", owner, AT - timedelta(days=n % 600), AT,
         "bench", 1)
        for n in range(jobs)
    ]  # fmt: skip
    with transaction.atomic():
        insert(models.Job, columns, rows)
    for start in range(0, applications, SOME):
        with transaction.atomic():
            _applications(range(start, min(start + SOME, applications)), jobs, owner)


def _applications(some: range, jobs: int, owner: Any) -> None:
    from fourfold.jobs import models

    held, moves, sent, met = [], [], [], []
    for n in some:
        job = 0 if n < ON_THE_BOARD else n % jobs
        is_open = n < ON_THE_BOARD or job % 4 == 0
        step, began = STEPS[n % len(STEPS)], AT - timedelta(minutes=n * 7 % 800_000)
        waits = began if is_open and step in ("applied", "interested", "submitted") else None
        ended = "" if is_open else "job_closed"
        held.append(
            (key(n, 3), key(job, 2), key(n), step, step, began, "applied", owner, began, waits, ended,
             None if is_open else AT, began if n % 6 >= 3 else None, "bench")
        )  # fmt: skip
        moves.append((key(n, 3), step, step, "bench", began))
        if n % 6 >= 3:
            answered = "" if n % 12 == 3 else "interview"
            sent.append(
                (key(n, 4), key(n, 3), key(job, 2), key(n), key(job, 1), key(n + 1), "sent", "accepted", began,
                 began + timedelta(days=2), answered, began + timedelta(days=1) if answered else None, "bench", owner)
            )  # fmt: skip
        if n % 6 >= 4:
            starts = AT + timedelta(minutes=n * 13 % 80_000 - 60_000)
            met.append(
                (key(n, 6), key(n, 3), 1, "video", starts, starts + timedelta(minutes=45), "Europe/London",
                 "booked" if starts > AT else "attended", "bench", AT)
            )  # fmt: skip
    insert(
        models.Application,
        ("key", "job_id", "person_key", "step", "stage", "stage_at", "origin", "owner_key", "began_at", "owed_since",
         "ended", "ended_at", "submitted_at", "added_by"),
        held,
    )  # fmt: skip
    insert(models.StageMove, ("application_id", "to_step", "stage", "by", "at"), moves)
    insert(
        models.Submission,
        ("key", "application_id", "job_id", "person_key", "organisation_key", "contact_key", "state", "terms",
         "sent_at", "feedback_due_at", "feedback", "feedback_at", "by", "by_key"),
        sent,
    )  # fmt: skip
    insert(
        models.Interview,
        ("key", "application_id", "round", "kind", "starts_at", "ends_at", "zone", "state", "arranged_by",
         "arranged_at"),
        met,
    )  # fmt: skip


def pages(applications: int) -> Iterator[tuple[str, Ask]]:
    """What is asked for: a name, and an address with other keys each time."""
    jobs = applications // PER_JOB

    def job(draw: random.Random) -> str:
        return f"/jobs/{key(draw.randrange(0, jobs, 4), 2)}/"

    yield f"board, {ON_THE_BOARD} cards", lambda draw: f"/jobs/{key(0, 2)}/board/"
    yield "board, an ordinary one", lambda draw: f"{job(draw)}board/"
    yield f"answers, {ON_THE_BOARD} on the job", lambda draw: f"/jobs/{key(0, 2)}/answers/"
    yield "applications, all", lambda draw: "/jobs/applications/"
    yield "applications, one stage", lambda draw: f"/jobs/applications/?stage={draw.choice(STEPS)}"
    yield "applications, mine who wait", lambda draw: "/jobs/applications/?mine=yes&waiting=yes"
    yield "applications, ended", lambda draw: "/jobs/applications/?ended=yes"
    yield "jobs, open", lambda draw: "/jobs/"
    yield "jobs, by words", lambda draw: f"/jobs/?q={draw.choice(TITLES).replace(' ', '+')}"
    yield "one job", job
    yield "one application", lambda draw: f"/jobs/applications/{key(draw.randrange(applications), 3)}/"
    yield "interviews, a week of all", lambda draw: "/jobs/interviews/?of=all"
    yield "today", lambda draw: "/"
    yield "Monday, mine", lambda draw: "/4cs/monday/"
    yield "the pipeline, mine", lambda draw: "/4cs/pipeline/"
    yield "public jobs", lambda draw: "/careers/"


def forgiving(client: Any) -> Any:
    """A client to whom a record of a client's employee is not found, as it should be: that counts as a page too."""

    class Asked:
        def get(self, address: str) -> Any:
            answer = client.get(address)
            if answer.status_code == 404 and "/applications/" in address:
                answer.status_code = 200
            return answer

    return Asked()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--applications", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    args = parser.parse_args()
    with postgres(wanted=args.postgres) as database, tempfile.TemporaryDirectory() as folder:
        address = database(0)
        house.prepare(address, Path(folder))
        from django.contrib.auth import get_user_model
        from django.db import connection

        started = time.perf_counter()
        house.fill(args.applications, args.applications)
        client = house.signed_in()
        fill(args.applications, get_user_model().objects.get().pk)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        where = "PostgreSQL" if address else "SQLite"
        print(
            f"{where}: {args.applications:,} applications, filled in {time.perf_counter() - started:.0f} s\n",
            flush=True,
        )
        print(f"{'page':<40}{'median ms':>10}{'p95 ms':>8}{'statements':>12}{'kB':>6}")
        for name, ask in pages(args.applications):
            seconds, statements, size = house.measure(forgiving(client), ask, args.rounds)
            ordered = sorted(seconds)
            high = ordered[max(int(len(ordered) * 0.95) - 1, 0)]
            middle = statistics.median(seconds) * 1000
            print(f"{name:<40}{middle:>10.1f}{high * 1000:>8.1f}{statements:>12}{size:>6}", flush=True)


if __name__ == "__main__":
    main()
