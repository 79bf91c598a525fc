"""Messages a second from the queue to a mail server that takes everything (Postfix's ``smtp-sink`` on loopback).

    python -m benchmarks.sending [--people N] [--rounds N] [--senders N] [--postgres] [--no-peers]

Ours: claimed with the contact policy asked of each, receipts kept, places filled, links signed, RSA-2048 signed, the
hand-over written down before and what became of it after, the touch posted. Beside it in the same run: the same letters
through Django's mail on one kept connection, and through django-post_office (queue in the database, no policy, no
signature), in a virtual environment of its own. Medians of the rounds, and ratios.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.import_speed import postgres

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv-mail-peers"
TEXT = "Hello {{ first_name }},\n\n" + "what moved in our market this month, told in three minutes and no more. " * 30

OURS = """
import os, sys, time, json
os.environ["DJANGO_SETTINGS_MODULE"] = "fourfold.project.settings"
import django; django.setup()
from datetime import timedelta
from fourfold.base import clock
from fourfold.base.actor import COMMAND_LINE
from fourfold.contact import actions
from fourfold.contact.actions import MailboxSettings
from fourfold.contact.types import Aim, Channel, Draft, Intent, KeyKind, Transport
from fourfold.people import actions as people
from fourfold.people.types import Identifier, NewPerson, Origin, Scheme
many, port, text = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
at = clock.now()
keys = []
for start in range(0, many, 500):
    new = [NewPerson(name=f"Person {n}", identifiers=(Identifier(Scheme.EMAIL, f"p{n}@works{n % 500}.example"),),
                     country="GB", origin=Origin.THEMSELVES) for n in range(start, min(start + 500, many))]
    keys += people.add_people(people=new, by=COMMAND_LINE, at=at)
box = actions.put_mailbox(settings=MailboxSettings(
    name="Bench", transport=Transport.SMTP, from_name="Northgate", from_address="hello@northgate.example",
    host="127.0.0.1", port=port, security="none", per_minute=10**6, per_domain_minute=10**6, connections=4,
), by=COMMAND_LINE, at=at)
if sys.argv[4] == "signed":
    actions.make_domain_key(domain="northgate.example", selector="b1", kind=KeyKind.RSA, by=COMMAND_LINE, at=at)
intent = Intent(person_key=keys[0], aim=Aim.JOBS, channel=Channel.EMAIL, by=None, job="j1")
for start in range(0, many, 5000):
    actions.queue_to_many(intent=intent, draft=Draft(subject="This month", text=text), mailbox=box,
                          person_keys=keys[start:start + 5000], campaign="Market letter", by=COMMAND_LINE, at=at)
print(box)
"""
SEND = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "fourfold.project.settings"
import django; django.setup()
from uuid import UUID
from fourfold.contact.compute import sender
sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
print(sender.send_waiting(UUID(sys.argv[1])))
"""
DJANGO = """
import sys, time
from django.conf import settings
smtp = "django.core.mail.backends.smtp.EmailBackend"
settings.configure(EMAIL_HOST="127.0.0.1", EMAIL_PORT=int(sys.argv[2]), EMAIL_BACKEND=smtp)
from django.core.mail import EmailMultiAlternatives, get_connection
many, text = int(sys.argv[1]), sys.argv[3]
with get_connection() as connection:
    started = time.perf_counter()
    for n in range(many):
        EmailMultiAlternatives("This month", text.replace("{{ first_name }}", f"Person {n}"), "hello@northgate.example",
                               [f"p{n}@works.example"], connection=connection).send()
    print(many / (time.perf_counter() - started))
"""
POST_OFFICE = """
import sys, time, tempfile
from django.conf import settings
smtp = "django.core.mail.backends.smtp.EmailBackend"
settings.configure(
    SECRET_KEY="x", INSTALLED_APPS=["django.contrib.contenttypes", "post_office"], USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": tempfile.mkdtemp() + "/db.sqlite3"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField", EMAIL_HOST="127.0.0.1", EMAIL_PORT=int(sys.argv[2]),
    EMAIL_BACKEND="post_office.EmailBackend",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"},
               {"BACKEND": "post_office.template.backends.post_office.PostOfficeTemplates", "APP_DIRS": True,
                "NAME": "post_office", "OPTIONS": {}}],
    POST_OFFICE={"BATCH_SIZE": 1000, "BATCH_DELIVERY_TIMEOUT": 600, "BACKENDS": {"default": smtp},
                 "THREADS_PER_PROCESS": 5},
)
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from post_office import mail
from post_office.mail import send_queued, get_queued
many, text = int(sys.argv[1]), sys.argv[3]
rows = [{"sender": "hello@northgate.example", "recipients": [f"p{n}@works.example"], "subject": "This month",
         "message": text.replace("{{ first_name }}", f"Person {n}")} for n in range(many)]
mail.send_many(rows)
started = time.perf_counter()
while get_queued():
    send_queued(processes=1, log_level=1)
print(many / (time.perf_counter() - started))
"""


@contextmanager
def sink() -> Iterator[int]:
    """A mail server that takes everything, as fast as one can be."""
    program = shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        sys.exit("smtp-sink is missing; it comes with Postfix: apt-get install postfix")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen([program, "-u", "nobody", f"127.0.0.1:{port}", "256"])
    try:
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def ours(home: Path, address: str, *, many: int, port: int, senders: int, signed: bool) -> float:
    """Messages a second of one house with ``senders`` sender processes."""
    environment = {**os.environ, "FOURFOLD_HOME": str(home)}
    if address:
        environment["FOURFOLD_DATABASE_URL"] = address
    run = [sys.executable, "-m", "fourfold.project.cli", "migrate", "--quiet"]
    subprocess.run(run, env=environment, check=True)
    given = [str(many), str(port), TEXT, "signed" if signed else "plain"]
    box = subprocess.run(
        [sys.executable, "-c", OURS, *given], env=environment, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SEND, box], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(senders)
    ]
    for process in running:
        assert process.stdout is not None
        process.stdout.readline()
    started = time.perf_counter()
    left = 0
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        assert process.stdout is not None
        left += int(process.stdout.readline() or 0)
        process.wait()
    seconds = time.perf_counter() - started
    assert left == many, f"{left} of {many} left"
    return many / seconds


def peer(code: str, *, many: int, port: int, python: str = sys.executable) -> float:
    given = [python, "-c", code, str(many), str(port), TEXT]
    return float(subprocess.run(given, check=True, capture_output=True, text=True).stdout.split()[-1])


def peers_python() -> str:
    """A virtual environment with django-post_office, made on demand."""
    python = PEER / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEER)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", "django-post_office==3.10.1"], check=True)
    return str(python)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--people", type=int, default=6_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--senders", type=int, default=1)
    parser.add_argument("--no-peers", action="store_true")
    args = parser.parse_args()
    found: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        found.setdefault(name, []).append(value)

    with sink() as port, postgres(wanted=args.postgres) as database:
        for number in range(args.rounds):
            for place, signed in enumerate((True, False)):
                with tempfile.TemporaryDirectory() as folder:
                    address = database(number * 2 + place)
                    name = "ours, signed here (RSA-2048)" if signed else "ours, the server signs"
                    speed = ours(
                        Path(folder), address, many=args.people, port=port, senders=args.senders, signed=signed
                    )
                    note(name, speed)
            note("Django, one kept connection", peer(DJANGO, many=min(args.people, 3_000), port=port))
            if not args.no_peers:
                python = peers_python()
                note("django-post_office", peer(POST_OFFICE, many=min(args.people, 3_000), port=port, python=python))
    base = statistics.median(found.get("django-post_office") or found["Django, one kept connection"])
    kind = "PostgreSQL" if address else "SQLite"
    print(f"{args.people:,} messages, {args.senders} sender(s), {kind}, median of {args.rounds}")
    print(f"{'':<34}{'messages/s':>12}{'ratio':>8}")
    for name, values in found.items():
        middle = statistics.median(values)
        print(f"{name:<34}{middle:>12,.0f}{middle / base:>8.2f}")


if __name__ == "__main__":
    main()
