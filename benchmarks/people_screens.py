"""How long do the lists, the search and the records take in a house of a million people?

    python -m benchmarks.people_screens [--people N] [--touches N] [--indexed N] [--rounds N] [--postgres]

A house is filled in the database directly (nobody waits for that): people with an address, a phone number, a role, an
employer (one in 50 is a client), three skills; what the ledger keeps of everybody's last touches; and touches.
``--indexed`` of them are indexed for search as the worker does it. Then a recruiter, signed in, asks for pages through
Django's whole stack, permissions and audit on: a page is asked for ``--rounds`` times with other words and cursors each
time, and the median and the 95th percentile of the times are printed, with the statements and the size of a page.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.import_speed import postgres

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
SOME = 20_000
FIRST = (
    "Ada", "Ben", "Chidi", "Dara", "Ewan", "Fay", "Gita", "Hal", "Ines", "Jo", "Kofi", "Lena", "Mia", "Nils", "Omar",
    "Pia", "Quinn", "Rosa", "Sam", "Tara", "Uma", "Wen", "Yara",
)  # fmt: skip
ROOTS = ("Ash", "Bell", "Carr", "Dun", "East", "Field", "Grim", "Hart", "Iver", "Jar", "Kerr", "Lang", "Marsh", "North")
ENDS = ("", "by", "croft", "ford", "gate", "ley", "man", "son", "ton", "well", "wick", "worth")
LAST = tuple(root + end for root in ROOTS for end in ENDS)
TOWNS = ("London", "Leeds", "York", "Bristol", "Cardiff", "Glasgow", "Manchester", "Bath", "Derby", "Oxford")
TITLES = ("Data engineer", "Java developer", "Payroll manager", "Site manager", "Nurse", "Analyst", "Head of data")
SKILLS = (*(f"Skill {n}" for n in range(195)), "Python", "Kubernetes", "Excel", "Negotiation", "SQL")
Ask = Callable[[random.Random], str]


def key(number: int, kind: int = 0) -> UUID:
    """Spread as random keys are, and the same each time."""
    return UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835 + kind * 0xD1B54A32D192ED03) % 2**128)


def fill(people: int, touches: int) -> None:
    """Fill an empty, migrated house."""
    from django.db import transaction

    from fourfold.ledger import actions as ledger
    from fourfold.ledger.models import Fact
    from fourfold.people import models
    from fourfold.people.rules import plain, sort_name

    employers = max(people // 40, 1)
    names = [f"Employer {n} plc" for n in range(employers)]
    rows = [(key(n, 1), name, sort_name(name), "London", n % 50 == 0, AT) for n, name in enumerate(names)]
    columns = ("key", "name", "sort_name", "city", "is_client", "added_at")
    ledger.insert(models.Organisation, columns, rows)
    ledger.insert(models.Skill, ("name", "sort_name", "used"), [(name, plain(name), True) for name in SKILLS])
    skill_keys = list(models.Skill.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, people, SOME):
        with transaction.atomic():
            _people(range(start, min(start + SOME, people)), employers, skill_keys)
    touched = (
        "fact_id", "kind", "occurred_at", "batch", "source", "source_ref", "content_hash", "person_key", "channel",
        "action", "direction", "machine", "void", "revision",
    )  # fmt: skip
    batch = key(1, 9)
    for start in range(0, touches, SOME):
        facts = [
            (key(n, 5), "touch", AT - timedelta(minutes=n % 1_000_000), batch, "bench", f"{n:032x}", f"{n:032x}",
             key(n % people), "email", "send", "out", False, False, 0)
            for n in range(start, min(start + SOME, touches))
        ]  # fmt: skip
        with transaction.atomic():
            ledger.insert(Fact, touched, facts)


def _people(some: range, employers: int, skill_keys: Sequence[int]) -> None:
    from fourfold.ledger import actions as ledger
    from fourfold.ledger.models import Activity
    from fourfold.people import models
    from fourfold.people.rules import sort_name

    persons, addresses, roles, skills, jobs, active = [], [], [], [], [], []
    for n in some:
        draw = random.Random(n)
        name = f"{draw.choice(FIRST)} {draw.choice(LAST)}"
        role = "client_contact" if n % 10 == 0 else "candidate"
        employer, who = key(draw.randrange(employers), 1), key(n)
        title, seen = draw.choice(TITLES), AT - timedelta(days=draw.randint(0, 900))
        openness = ("open", "not_now", "happy", "")[draw.randrange(4)] if role == "candidate" else ""
        persons.append((who, name, sort_name(name), title, draw.choice(TOWNS), "GB", employer, AT, openness))
        addresses.append((who, "email", f"p{n}@people.example"))
        addresses.append((who, "phone", f"+4477{n:08d}"))
        roles.append((who, role, AT))
        jobs.append((who, employer, "", title, True))
        skills += [(who, one, "") for one in draw.sample(skill_keys, 3)]
        active.append((who, 20, seen, seen, seen, seen))
    columns = ("key", "name", "sort_name", "headline", "city", "country", "organisation_id", "added_at", "openness")
    ledger.insert(models.Person, columns, persons)
    ledger.insert(models.PersonIdentifier, ("person_id", "scheme", "value"), addresses)
    ledger.insert(models.PersonInRole, ("person_id", "role", "since"), roles)
    columns = ("person_id", "organisation_id", "organisation_name", "title", "present")
    ledger.insert(models.Employment, columns, jobs)
    ledger.insert(models.PersonSkill, ("person_id", "skill_id", "source"), skills)
    columns = ("person_key", "touches", "last_touch_at", "last_contacted_at", "last_inbound_at", "click_1_at")
    ledger.insert(Activity, columns, active)


def index(people: int) -> float:
    """Index these for search; returns seconds."""
    from fourfold.search import actions as search

    started = time.perf_counter()
    for start in range(0, people, 2_000):
        search.mark_stale(kind="person", keys=[key(n) for n in range(start, min(start + 2_000, people))])
        while search.refresh():
            pass
    return time.perf_counter() - started


def pages(people: int) -> Iterator[tuple[str, Ask]]:
    """What is asked for: a name, and an address with other words each time."""
    condition = "g=0&f={f}&o={o}&v={v}"

    def skill(draw: random.Random) -> str:
        return condition.format(f="skill", o="is", v=draw.choice(SKILLS).replace(" ", "+"))

    open_to_move = condition.format(f="openness", o="is", v="open")
    rested = condition.format(f="contacted", o="not_within", v="30")
    clicked = condition.format(f="clicks_1", o="within", v="90")
    yield "list, by name", lambda draw: f"/people/?q={draw.choice(LAST)[:5]}"
    yield "list, everybody", lambda draw: "/people/"
    yield "list, candidates", lambda draw: "/people/?role=candidate"
    yield "list, one address", lambda draw: f"/people/?q=p{draw.randrange(people)}@people.example"
    yield (
        "filter, skill and town (narrow)",
        lambda draw: f"/people/?{skill(draw)}&{condition.format(f='place', o='has', v=draw.choice(TOWNS))}",
    )
    yield "filter, open, rested, clicked (broad)", lambda draw: f"/people/?{open_to_move}&{rested}&{clicked}"
    yield "search, a name", lambda draw: f"/search/?q={draw.choice(FIRST)}+{draw.choice(LAST)}"
    yield "search, a misspelt name", lambda draw: f"/search/?q={draw.choice(FIRST)}+{draw.choice(LAST)[:-1]}x"
    yield "search, boolean", lambda draw: "/search/?q=(python+OR+kubernetes)+AND+NOT+nurse"
    yield "record of a person", lambda draw: f"/people/{key(draw.randrange(people))}/"
    yield "organisations", lambda draw: "/organisations/"
    yield "record of an organisation", lambda draw: f"/organisations/{key(draw.randrange(max(people // 40, 1)), 1)}/"


def measure(client: Any, ask: Ask, rounds: int) -> tuple[list[float], int, int]:
    """Seconds a page, the most statements of one, and the most kilobytes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    draw, seconds, statements, size = random.Random(5), [], 0, 0
    for n in range(rounds + 2):
        address = ask(draw)
        started = time.perf_counter()
        answer = client.get(address)
        took = time.perf_counter() - started
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        size = max(size, len(answer.content))
        if n >= 2:  # the first ones read templates
            seconds.append(took)
    with CaptureQueriesContext(connection) as told:
        client.get(ask(draw))
    return seconds, max(statements, len(told)), size // 1024


def signed_in() -> Any:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from fourfold.accounts import actions as accounts
    from fourfold.accounts.types import NewUser, Role
    from fourfold.base.actor import COMMAND_LINE

    new = NewUser(email="rex@bench.example", name="Rex Hall", roles=frozenset({Role.RECRUITER}))
    user = accounts.add_users(users=[new], by=COMMAND_LINE, at=AT)[0]
    client = Client()
    client.force_login(get_user_model().objects.get(pk=user), "allauth.account.auth_backends.AuthenticationBackend")
    return client


def prepare(address: str, home: Path) -> None:
    os.environ.update(FOURFOLD_HOME=str(home), DJANGO_SETTINGS_MODULE="fourfold.project.settings")
    if address:
        os.environ["FOURFOLD_DATABASE_URL"] = address
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    call_command("migrate", verbosity=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--touches", type=int, default=2_000_000)
    parser.add_argument("--indexed", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    args = parser.parse_args()
    with postgres(wanted=args.postgres) as database, tempfile.TemporaryDirectory() as folder:
        address = database(0)
        prepare(address, Path(folder))
        from django.db import connection

        started = time.perf_counter()
        fill(args.people, args.touches)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        filled = time.perf_counter() - started
        took = index(min(args.indexed, args.people))
        where = "PostgreSQL" if address else "SQLite"
        print(f"{where}: {args.people:,} people, {args.touches:,} touches, filled in {filled:.0f} s", flush=True)
        print(
            f"{args.indexed:,} people indexed in {took:.0f} s ({args.indexed / max(took, 0.001):,.0f}/s)\n", flush=True
        )
        print(f"{'page':<40}{'median ms':>10}{'p95 ms':>8}{'statements':>12}{'kB':>6}")
        client = signed_in()
        for name, ask in pages(args.people):
            seconds, statements, size = measure(client, ask, args.rounds)
            ordered = sorted(seconds)
            high = ordered[max(int(len(ordered) * 0.95) - 1, 0)]
            print(
                f"{re.sub(' +', ' ', name):<40}{statistics.median(seconds) * 1000:>10.1f}{high * 1000:>8.1f}"
                f"{statements:>12}{size:>6}",
                flush=True,
            )


if __name__ == "__main__":
    main()
