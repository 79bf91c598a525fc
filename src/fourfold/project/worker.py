"""The worker: takes nudges from a queue on disk, runs jobs apart, sweeps for what was lost, and keeps the schedule."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from huey import SqliteHuey, crontab
from huey.consumer import Consumer
from huey.exceptions import TaskLockedException

from fourfold.project import jobs

log = logging.getLogger("fourfold.worker")
Path(settings.HOME).mkdir(parents=True, exist_ok=True)
queue = SqliteHuey(
    "fourfold", filename=str(Path(settings.HOME) / "tasks.sqlite3"), results=False, fsync=False, timeout=20
)


@queue.task()  # type: ignore[untyped-decorator]
def run(job: str, key: str) -> None:
    """Run a job apart, one at a time for the same key. A nudge that meets its own job is passed on behind it."""
    try:
        with queue.lock_task(f"{job}:{key}"):
            status = jobs.run_apart(job, key)
            if status:
                log.error("The job %s %s ended with status %s; the next sweep tries it again.", job, key, status)
    except TaskLockedException:
        run.schedule((job, key), delay=1)


def send(job: str, key: str) -> None:
    """The sender that project/wiring.py puts behind every nudge."""
    run(job, key)


@queue.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
def sweep() -> None:
    for job, key in jobs.waiting():
        run(job, key)


@queue.periodic_task(crontab(minute="10", hour="2"))  # type: ignore[untyped-decorator]
def nightly() -> None:
    run("backup", "nightly")
    run("pairs", "nightly")
    run("retention", "nightly")
    run("clients", "nightly")
    run("reports", "all")
    run("files", "removed")
    run("search", "all")


def work(on_ready: Callable[[], Any] = lambda: None) -> None:
    """Take nudges until told to stop (SIGINT, SIGTERM)."""
    queue.flush_locks()  # of a worker that was killed
    consumer = Consumer(queue, workers=3, initial_delay=0.1, max_delay=0.5, backoff=1.3, scheduler_interval=1)
    on_ready()
    consumer.run()
