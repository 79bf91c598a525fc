"""How many followed links a second, each on the disk before its visitor is led on?

    python -m benchmarks.tracking [--seconds N] [--people N] [--rounds N] [--postgres]

Needs wrk (Debian package). One after the other, on a machine that is asked by wrk with 32 and with 256 connections for
links that a house signed for its people:

- fourfold, as ``fourfold up`` starts it: signature checked, line in the journal, waited for the disk, redirect;
- plain Django under the same server with as many threads: signature checked, one row inserted, redirect; no middleware,
  no sessions, the same settings of the database. (Its SQLite row isn't even waited for: ``synchronous=NORMAL``.)

Printed are requests a second, the 99th percentile of their times, and the ratio of the two in the same run. Then the
server is killed with SIGKILL while it is under load, the journals are taken up, and every redirect that wrk counted
must have its event. How fast they are taken up is printed too.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.import_speed import postgres

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
TARGET = "https://northgate.example/events/spring?utm_source=mail"
THREADS = 4
CONNECTIONS = (32, 256)
LUA = """
local tokens = {}
for one in io.lines("%s") do tokens[#tokens + 1] = one end
local n = math.random(#tokens)
wrk.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"
request = function()
  n = n %% #tokens + 1
  return wrk.format("GET", "/go/" .. tokens[n] .. "/")
end
"""


def peer() -> Callable[..., Any]:
    """Plain Django, one insert a request. What granian starts with ``--factory``."""
    from django.conf import settings

    from fourfold.project.env import Env, database

    home = Path(os.environ["FOURFOLD_HOME"])
    given = database(Env(), "FOURFOLD_DATABASE_URL", home)
    settings.configure(
        DATABASES={"default": given}, ALLOWED_HOSTS=["*"], ROOT_URLCONF="benchmarks.tracking", MIDDLEWARE=[],
        INSTALLED_APPS=[], SECRET_KEY=os.urandom(8).hex(), USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )  # fmt: skip
    import django
    from django.core.wsgi import get_wsgi_application
    from django.db import connection, models
    from django.http import HttpResponseRedirect
    from django.urls import path

    django.setup()
    key = bytes.fromhex((home / "keys/links").read_text().split()[0])
    click = type(
        "Click",
        (models.Model,),
        {
            "__module__": __name__,
            "Meta": type("Meta", (), {"app_label": "bench", "db_table": "bench_click"}),
            "event_id": models.CharField(max_length=40, unique=True),
            "delivery": models.UUIDField(null=True, db_index=True),
            "url": models.CharField(max_length=1000),
            "agent": models.CharField(max_length=300),
            "at": models.DateTimeField(),
        },
    )
    if "bench_click" not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(click)
    connection.close()

    from fourfold.careers import rules
    from fourfold.careers.types import LinkKind

    def follow(request: Any, token: str) -> Any:
        at = datetime.now(UTC)
        link = rules.read(token, kind=LinkKind.CLICK, keys=[key], at=at)
        agent = request.headers.get("User-Agent", "")
        click.objects.create(event_id=os.urandom(12).hex(), delivery=link.delivery, url=link.text, agent=agent, at=at)
        return HttpResponseRedirect(link.text)

    globals()["urlpatterns"] = [path("go/<str:token>/", follow)]
    return get_wsgi_application()


def prepare(home: Path, address: str, people: int) -> Path:
    """A house with people and a message to each; returns the file with a signed link of each."""
    os.environ.update(FOURFOLD_HOME=str(home), DJANGO_SETTINGS_MODULE="fourfold.project.settings")
    if address:
        os.environ["FOURFOLD_DATABASE_URL"] = address
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from benchmarks.people_screens import fill, key
    from fourfold.careers import links
    from fourfold.careers.types import Link, LinkKind
    from fourfold.contact import models
    from fourfold.contact.types import Channel, DeliveryState

    fill(people, 0)
    sent = {"channel": Channel.EMAIL, "state": DeliveryState.SENT, "not_before": AT, "sent_at": AT, "handing_at": AT}
    rows = [models.Delivery(key=key(n, 7), person_key=key(n), at=AT, **sent) for n in range(people)]
    models.Delivery.objects.bulk_create(rows, batch_size=500)
    path = home / "tokens"
    made = [
        links.path(Link(kind=LinkKind.CLICK, person_key=row.person_key, delivery=row.key, text=TARGET)) for row in rows
    ]
    path.write_text("".join(f"{one.removeprefix('/go/').rstrip('/')}\n" for one in made))
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(command: list[str], port: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, start_new_session=True, env=os.environ | {"FOURFOLD_WEB_THREADS": str(THREADS)})
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return process
    raise SystemExit("the server did not answer")


def stop(process: subprocess.Popen[bytes], number: signal.Signals = signal.SIGTERM) -> None:
    os.killpg(process.pid, number)
    process.wait()


def ours(port: int) -> list[str]:
    from fourfold.project import supervisor

    return supervisor.web_command("127.0.0.1", port)


def plain(port: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1", "--no-ws",
        "--blocking-threads", str(THREADS), "--log-level", "warning", "--factory", "benchmarks.tracking:peer",
    ]  # fmt: skip


class Answer:
    """What wrk says of one run."""

    def __init__(self, text: str) -> None:
        rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
        late = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
        count = re.search(r"(\d+) requests in", text)
        if not (rate and late and count) or "Non-2xx" in text:
            raise SystemExit(text)
        self.rate = float(rate[1])
        self.late = float(late[1]) * {"us": 0.001, "ms": 1, "s": 1000}[late[2]]
        self.count = int(count[1])


def ask(port: int, connections: int, seconds: float, script: Path) -> Answer:
    command = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds:.0f}s", "--latency", "-s", str(script)]
    told = subprocess.run([*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True)
    return Answer(told.stdout)


def measure(command: Callable[[int], list[str]], seconds: float, script: Path) -> list[Answer]:
    port = free_port()
    process = start(command(port), port)
    try:
        ask(port, 8, 1, script)  # the first ones read modules
        return [ask(port, connections, seconds, script) for connections in CONNECTIONS]
    finally:
        stop(process)


def killed(seconds: float, script: Path) -> tuple[int, int, int, float]:
    """(redirects that a visitor saw, events in the journals, events kept, events a second) with a kill under load."""
    from fourfold.careers import tracking
    from fourfold.contact.models import MailEvent

    tracking.take_up(at=datetime.now(UTC))
    before = MailEvent.objects.count()
    port = free_port()
    process = start(ours(port), port)
    command = ["wrk", "-t", "1", "-c", "64", "-d", f"{seconds:.0f}s", "-s", str(script), f"http://127.0.0.1:{port}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as load:
        time.sleep(seconds / 2)
        stop(process, signal.SIGKILL)
        told = load.communicate()[0]
    seen = re.search(r"(\d+) requests in", told)
    if not seen or "Non-2xx" in told:
        raise SystemExit(told)
    lines = sum(one.read_bytes().count(b"\n") for one in tracking.folder().glob("*.log"))
    started = time.perf_counter()
    tracking.take_up(at=datetime.now(UTC))
    took = time.perf_counter() - started
    kept = MailEvent.objects.count() - before
    return int(seen[1]), lines, kept, kept / took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    with postgres(wanted=args.postgres) as database, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        address = database(0)
        tokens = prepare(home, address, args.people)
        script = home / "links.lua"
        script.write_text(LUA % tokens)
        found = []
        for _ in range(args.rounds):
            found.append((measure(ours, args.seconds, script), measure(plain, args.seconds, script)))
            shutil.rmtree(home / "followed")  # those of the kill below are enough to time
        name = "PostgreSQL" if address else "SQLite"
        print(f"{'followed links, ' + name:<44}{'connections':>12}{'requests/s':>12}{'p99 ms':>9}")
        for place, connections in enumerate(CONNECTIONS):
            for label, which in (("fourfold, durable before the answer", 0), ("plain Django, one insert each", 1)):
                runs = [one[which][place] for one in found]
                rate, late = statistics.median(r.rate for r in runs), statistics.median(r.late for r in runs)
                print(f"{label:<44}{connections:>12}{rate:>12,.0f}{late:>9.1f}")
            ratio = statistics.median(one[0][place].rate / one[1][place].rate for one in found)
            print(f"{'ratio in the same run, median of ' + str(args.rounds):<56}{ratio:>12.1f}", flush=True)
        seen, lines, kept, rate = killed(args.seconds / 2, script)
        print(f"killed under load: {seen:,} redirects seen, {lines:,} in the journals, {kept:,} kept as events")
        print(f"taken into {name}: {rate:,.0f} events/s, with their touches")
        if kept < seen or kept != lines:
            raise SystemExit("some were lost")


if __name__ == "__main__":
    main()
