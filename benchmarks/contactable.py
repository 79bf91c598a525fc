"""Of people who were imported, is everyone touched in the last year contactable, or one step from it?

    python -m benchmarks.contactable [--people N] [--postgres]

A house of imported people: some objected, some bounced, some said not now; half were added too long ago to be told in
time. The gate is asked about everyone touched in the last twelve months, before and after a leader declares what the
source's people were told. Printed: verdicts, the step that would free each, and how many are asked a second. It fails
where one of them is neither contactable, nor held until a moment, nor one named step from it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.import_speed import postgres

HOUSE = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "fourfold.project.settings"
import django; django.setup()
from collections import Counter
from datetime import timedelta
from uuid import uuid4
from fourfold.accounts import actions as accounts, queries as who
from fourfold.accounts.types import NewUser, Role
from fourfold.base import clock
from fourfold.base.actor import COMMAND_LINE
from fourfold.contact import actions, queries
from fourfold.contact.types import Aim, Channel, Intent, Step, Verdict
from fourfold.ledger import actions as ledger
from fourfold.ledger.types import Touch
from fourfold.people import actions as people
from fourfold.people.types import (ConsentEvent, Identifier, NewConsent, NewDeclaration, NewPerson, Origin, PersonRole,
                                   Purpose, Scheme, SuppressionKind)
many = int(sys.argv[1])
at = clock.now().replace(hour=11)
while at.weekday() > 2:
    at -= timedelta(days=1)
roles = frozenset({Role.LEADER, Role.RECRUITER})
new = NewUser(email="lena@northgate.example", name="Lena", roles=roles, password=None)
lena = who.viewer_of(accounts.add_users(users=[new], by=COMMAND_LINE, at=at)[0])
actions.store_assessment(text="We weigh our interest against theirs. " * 10, by=COMMAND_LINE, at=at)
COUNTRIES = ("GB", "GB", "GB", "DE", "FR", "US", "CA", "")
touched = []
for start in range(0, many, 500):
    numbers = range(start, min(start + 500, many))
    rows = [NewPerson(
        name=f"Person {n}", country=COUNTRIES[n % len(COUNTRIES)], origin=Origin.IMPORTED, origin_detail="old system",
        identifiers=(Identifier(Scheme.EMAIL, f"p{n}@{'gmail.com' if n % 3 else f'works{n % 500}.example'}"),)
        if n % 40 else (), roles=(PersonRole.CANDIDATE,), added_at=at - timedelta(days=20 if n % 2 else 400),
    ) for n in numbers]
    keys = people.add_people(people=rows, by=COMMAND_LINE, at=at)
    entries = [NewConsent(person_key=key, event=ConsentEvent.OBJECTED, purpose=Purpose.ALL, at=at, source="old system",
                          source_ref=str(n)) for n, key in zip(numbers, keys) if n % 50 == 7]
    entries += [NewConsent(person_key=key, event=ConsentEvent.CONSENTED, purpose=Purpose.MARKETING, at=at, wording="v1",
                           source="old system", source_ref=str(n)) for n, key in zip(numbers, keys) if n % 10 == 3]
    people.record_consents(entries=entries, by=COMMAND_LINE, at=at)
    for n, key in zip(numbers, keys):
        if n % 97 == 5 and n % 40:
            people.close_address(person_key=key, address=rows[n - start].identifiers[0], kind=SuppressionKind.BOUNCED,
                                 source="old system", by=COMMAND_LINE, at=at)
    facts = []
    for n, key in zip(numbers, keys):
        for i in range(1 + n % 5 if n % 2 else 0):
            moment = at - timedelta(days=(n * 7 + i * 3) % 300 + 1)
            facts.append(Touch(source="old system", source_ref=f"t{n}.{i}", person_key=key, channel="email",
                               occurred_at=moment))
    ledger.post(facts=facts, batch=uuid4(), at=at)
    touched += [key for n, key in zip(numbers, keys) if n % 2]

def ask(aim, label):
    verdicts, steps, stuck, started = Counter(), Counter(), [], time.perf_counter()
    for start in range(0, len(touched), 2000):
        some = touched[start:start + 2000]
        intents = [Intent(person_key=key, aim=aim, channel=Channel.EMAIL, by=lena.user_key) for key in some]
        for one in queries.may_contact(intents, at=at):
            found = one.decision.decisive
            verdicts[one.decision.verdict.value] += 1
            if found is not None:
                step = found.step.value
                step = "wait" if step == "none" and one.decision.retry_at else step
                steps[f"{found.rule.value}: {step}"] += 1
                if step == "none":
                    stuck.append((found.rule.value, found.code))
    seconds = time.perf_counter() - started
    print(f"{label}: {len(touched):,} touched in 12 months, {len(touched) / seconds:,.0f} asked a second")
    for name, n in verdicts.most_common():
        print(f"    {name:<34}{n:>9,}")
    for name, n in steps.most_common():
        print(f"      {name:<32}{n:>9,}")
    if stuck:
        sys.exit(f"{len(stuck)} have no step: {Counter(stuck).most_common(3)}")

at += timedelta(days=42)  # six weeks after they came in: whoever was not told by now is held
ask(Aim.WRITE, "an approach, before anything is declared")
ask(Aim.NEWS, "a newsletter, before anything is declared")
people.declare(new=NewDeclaration(
    origin=Origin.IMPORTED, source="old system", from_day=(at - timedelta(days=500)).date(),
    to_day=at.date(), told="Told on our site when they registered with the old system.", basis="legitimate interests",
    told_on=(at - timedelta(days=300)).date()), viewer=lena, today=at.date(), at=at)
ask(Aim.WRITE, "an approach, once the source is declared")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--people", type=int, default=100_000)
    args = parser.parse_args()
    with postgres(wanted=args.postgres) as database, tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "FOURFOLD_HOME": str(Path(folder) / "house")}
        if address := database(0):
            environment["FOURFOLD_DATABASE_URL"] = address
        run = [sys.executable, "-m", "fourfold.project.cli", "migrate", "--quiet"]
        subprocess.run(run, env=environment, check=True)
        print(f"{args.people:,} imported people, {'PostgreSQL' if address else 'SQLite'}")
        done = subprocess.run([sys.executable, "-c", HOUSE, str(args.people)], env=environment, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
