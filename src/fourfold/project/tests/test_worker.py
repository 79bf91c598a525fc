"""The worker as a process of its own: it takes nudges, and sweeps for those that were lost."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from fourfold.base import nudge
from fourfold.base.actor import COMMAND_LINE
from fourfold.integrations import actions, queries
from fourfold.integrations.types import FileKind, Settings, State
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import Kind
from fourfold.project import jobs
from fourfold.reports import actions as reports
from fourfold.reports import queries as reports_queries
from fourfold.reports import rules
from fourfold.reports.types import Answer, Question, Waiting

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PERIOD = rules.own_period("2026-01-01", "2026-03-31")
ASKED = Question(period=PERIOD, before=rules.compared_with(PERIOD))
ROWS = b"email,date,channel\njane@x.example,2026-02-01,email\n"


def until(true: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def environment(committed_db: object, house: Path) -> dict[str, str]:
    """That of a process of this house: its folder, its keys, this run's database."""
    from django.conf import settings

    keys = house / "keys"
    keys.mkdir()
    (keys / "ledger").write_text(settings.LEDGER_KEY.hex())
    kept = {key: value for key, value in os.environ.items() if not key.startswith("FOURFOLD_")}
    url = committed_db.url()  # type: ignore[attr-defined]
    return {**kept, "FOURFOLD_HOME": str(house), "FOURFOLD_DATABASE_URL": url}


@pytest.fixture
def unsent() -> Iterator[None]:
    """Nudges are lost: nobody sends them."""
    before = nudge._senders[:]
    nudge._senders.clear()
    yield
    nudge._senders[:] = before


@pytest.fixture
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "fourfold.project.cli", "worker"], env=environment)
    yield process
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    finally:
        process.kill()


def take_in() -> UUID:
    given = {"kind": FileKind.TOUCHES, "name": "own.csv", "settings": Settings(), "by": COMMAND_LINE, "at": NOON}
    return actions.take_in(content=io.BytesIO(ROWS), **given)  # type: ignore[arg-type]


def state(key: UUID) -> State:
    connection.close()
    return queries.worker_import(key).state


def send(environment: dict[str, str], job: str, key: object) -> None:
    """A nudge as the web server sends it."""
    code = f"import django; django.setup(); from fourfold.base.nudge import nudge; nudge({job!r}, {str(key)!r})"
    settings = {"DJANGO_SETTINGS_MODULE": "fourfold.project.settings"}
    subprocess.run([sys.executable, "-c", code], env={**environment, **settings}, check=True)


def test_a_nudge_moves_an_import_on_step_by_step(
    environment: dict[str, str], unsent: None, worker: subprocess.Popen[bytes]
) -> None:
    key = take_in()
    send(environment, "import", key)
    assert until(lambda: state(key) is State.MAPPING, 30)
    found = queries.worker_import(key)
    actions.confirm_columns(
        key=key, mapping=found.mapping, settings=found.settings, viewer=None, by=COMMAND_LINE, at=NOON
    )
    send(environment, "import", key)
    assert until(lambda: state(key) is State.CHECKED, 30)
    assert ledger.is_empty()
    actions.apply(key=key, viewer=None, by=COMMAND_LINE, at=NOON)
    assert isinstance(reports.ask(question=ASKED, at=NOON), Waiting)
    send(environment, "import", key)
    assert until(lambda: state(key) is State.APPLIED, 30)
    assert ledger.counts() == {Kind.TOUCH: 1}

    def answered() -> bool:  # applying nudges the reports
        connection.close()
        found = reports_queries.answer(ASKED)
        return isinstance(found, Answer) and found.is_current

    assert until(answered, 40)


def test_what_waits_is_what_the_rows_ask_for(committed_db: object, house: Path, unsent: None) -> None:
    assert jobs.waiting() == []
    key = take_in()
    assert jobs.waiting() == [("import", str(key))]
    reports.ask(question=ASKED, at=NOON)
    assert jobs.waiting() == [("import", str(key)), ("reports", "all")]
    jobs.run_import(str(key))
    assert jobs.waiting() == [("reports", "all")]
    jobs.run_reports("all")
    assert jobs.waiting() == []
    found = reports_queries.answer(ASKED)
    assert found is not None
    assert found.is_current


def test_a_lost_nudge_is_found_by_the_sweep(
    environment: dict[str, str], unsent: None, worker: subprocess.Popen[bytes]
) -> None:
    key = take_in()
    assert until(lambda: state(key) is State.MAPPING, 100)  # the sweep comes each minute


def test_a_job_that_fails_says_so_by_its_status(environment: dict[str, str]) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"
    done = subprocess.run(
        [sys.executable, "-m", "fourfold.project.cli", "job", "import", unknown],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 3


def test_a_nudge_that_waits_is_kept_once_and_upkeep_stands_before_nobody(environment: dict[str, str]) -> None:
    key = "00000000-0000-4000-8000-000000000000"
    for job in ("search", "pairs", "search", "import", "search"):
        send(environment, job, key)
    code = (
        "import django; django.setup(); from fourfold.project import worker;"
        "print([[task.args[0] for task in lane.pending()] for lane in (worker.queue, worker.upkeep)])"
    )
    settings = {"DJANGO_SETTINGS_MODULE": "fourfold.project.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**environment, **settings}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[['import', 'search'], ['pairs']]"
