"""The worker: takes nudges from a queue on disk, runs jobs apart, sweeps for what was lost, and keeps the schedule.

What somebody waits for has a queue of its own, so that a long look for duplicates never stands before an import.
"""

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
FIRST = frozenset({"mail", "mailbox", "inbox", "import", "crossing", "export", "experiment"})
"""What goes before searches, texts and read-outs."""
UPKEEP = frozenset({"pairs", "retention", "clients", "placements", "submissions", "surveys", "backup", "sizes"})
UPKEEP_OF = frozenset({("reports", "all"), ("files", "removed"), ("search", "all")})
MOST_LOOKED_AT = 200  # nudges that wait; past them, one that comes twice is kept twice


def _queue(name: str) -> SqliteHuey:
    return SqliteHuey(name, filename=str(Path(settings.HOME) / "tasks.sqlite3"), results=False, fsync=False, timeout=20)


queue = _queue("fourfold")
upkeep = _queue("fourfold-upkeep")


@queue.task()  # type: ignore[untyped-decorator]
def run(job: str, key: str) -> None:
    """Do what somebody waits for."""
    if not _alone(queue, job, key):
        run.schedule((job, key), delay=1)


@upkeep.task()  # type: ignore[untyped-decorator]
def keep_up(job: str, key: str) -> None:
    """Do what nobody waits for."""
    if not _alone(upkeep, job, key):
        keep_up.schedule((job, key), delay=1)


def _alone(lane: SqliteHuey, job: str, key: str) -> bool:
    """Run a job apart, one at a time for the same key. False where it is running already: pass the nudge on behind."""
    try:
        with lane.lock_task(f"{job}:{key}"):
            status = jobs.run_apart(job, key)
            if status:
                log.error("The job %s %s ended with status %s; the next sweep tries it again.", job, key, status)
    except TaskLockedException:
        return False
    return True


def send(job: str, key: str) -> None:
    """The sender that project/wiring.py puts behind every nudge. One that waits already is not queued again."""
    late = job in UPKEEP or (job, key) in UPKEEP_OF
    lane, task = (upkeep, keep_up) if late else (queue, run)
    waiting = [*lane.pending(MOST_LOOKED_AT), *lane.scheduled(MOST_LOOKED_AT)]
    if not any(one.args == (job, key) for one in waiting):
        lane.enqueue(task.s(job, key, priority=1 if job in FIRST else 0))


@queue.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]
def sweep() -> None:
    for job, key in jobs.waiting():
        send(job, key)


@queue.periodic_task(crontab(minute="10", hour="2"))  # type: ignore[untyped-decorator]
def nightly() -> None:
    send("backup", "nightly")
    send("sizes", "nightly")
    send("pairs", "nightly")
    send("retention", "nightly")
    send("clients", "nightly")
    send("placements", "nightly")
    send("reports", "all")
    send("files", "removed")
    send("search", "all")


def work(on_ready: Callable[[], Any] = lambda: None) -> None:
    """Take nudges until told to stop (SIGINT, SIGTERM)."""
    for lane in (queue, upkeep):
        lane.flush_locks()  # of a worker that was killed
    pace = {"initial_delay": 0.1, "max_delay": 0.5, "backoff": 1.3, "scheduler_interval": 1}
    behind = Consumer(upkeep, workers=1, **pace)
    consumer = Consumer(queue, workers=2, **pace)
    behind.start()
    on_ready()
    try:
        consumer.run()
    finally:
        behind.stop()
