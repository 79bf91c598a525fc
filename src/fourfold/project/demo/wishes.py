"""Wishes of the demo house: what people said, whom it owes a notice, what it declared, and a few records too many."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from fourfold.accounts.types import Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.people import actions, queries
from fourfold.people.types import (
    ConsentEvent,
    Identifier,
    LoggedWish,
    NewConsent,
    NewDeclaration,
    NewPerson,
    NewRetentionRule,
    Origin,
    PersonCard,
    PersonRole,
    Purpose,
    Scheme,
    WishKind,
    WordingRow,
)
from fourfold.project.demo import names

DAY = timedelta(days=1)
NEWS, ALERTS, NOTICE = "newsletter 2025-03", "job alerts 2025-09", "notice 2026-01"
OLD_SYSTEM, SEARCH = "the old system", "LinkedIn search"
RULES = (
    NewRetentionRule(
        name="Moved from the old system, silent", months=12, origin=Origin.IMPORTED,
        why="They came with the old system; a year without a word here is enough.",
    ),
    NewRetentionRule(name="Candidates", months=36, role=PersonRole.CANDIDATE, why="A career moves every three years."),
)  # fmt: skip
HEADLINES = ("Data Engineer", "Java Developer", "Cost Accountant", "Site Manager", "Payroll Lead", "QA Engineer")


def add_wishes(*, leader: Viewer, today: date, at: datetime) -> int:
    """Fill in what a house in use would hold. Returns how many people were added."""
    made = random.Random(7)  # noqa: S311  (an invented house, the same each time)
    actions.seed_wordings(wordings=_texts(today), by=leader.name)
    people = queries.people(leader, at=at, size=240).rows
    _say(people, leader, made, today, at)
    added = _elsewhere(leader, made, today, at) + _twice(people, at)
    actions.look_for_pairs(whole=True, by=COMMAND_LINE, at=at)
    actions.keep_rules(new=RULES, viewer=leader, at=at)
    actions.fill_reviews(at=at)
    return added


def _texts(today: date) -> list[WordingRow]:
    since = date(today.year - 1, 3, 1)
    return [
        WordingRow(
            NEWS, ConsentEvent.CONSENTED, Purpose.MARKETING,
            "Yes, send me the monthly letter with salaries, events and stories. I can stop it with one click.",
            since, None,
        ),
        WordingRow(
            ALERTS, ConsentEvent.CONSENTED, Purpose.JOB_ALERTS,
            "Tell me of new jobs that fit what I look for, as often as I chose, until I say stop.", since, None,
        ),
        WordingRow(
            NOTICE, ConsentEvent.TOLD, Purpose.ALL,
            "We are Fourfold & Partners, recruiters. We keep your name, your work and how to reach you, because we "
            "think one of our clients' jobs may interest you. We have it from the source named below. You can see it, "
            "correct it, and have it erased; and if you object, we stop.", since, None,
        ),
    ]  # fmt: skip


def _say(people: Sequence[PersonCard], leader: Viewer, made: random.Random, today: date, at: datetime) -> None:
    """Some agreed to news, some objected, some said not now or not at work."""
    entries = []
    for card in people:
        ago = at - made.randint(20, 500) * DAY
        draw = made.random()
        if draw < 0.35:
            entries.append(
                NewConsent(
                    person_key=card.key,
                    event=ConsentEvent.CONSENTED,
                    purpose=Purpose.MARKETING,
                    at=ago,
                    source="the form on our site",
                    channel="email",
                    basis="consent",
                    wording=NEWS,
                    evidence="Ticked the box and confirmed by mail.",
                )
            )
        elif draw < 0.4:
            entries.append(
                NewConsent(
                    person_key=card.key,
                    event=ConsentEvent.OBJECTED,
                    purpose=Purpose.MARKETING,
                    at=ago,
                    source="one click in the newsletter",
                    channel="email",
                )
            )
    actions.record_consents(entries=entries, by=COMMAND_LINE, at=at)
    candidates = [card for card in people if PersonRole.CANDIDATE in card.roles][:4]
    said = (
        LoggedWish(
            kind=WishKind.NOT_NOW, said_at=at - 12 * DAY, how="on the phone", until=today + 120 * DAY,
            evidence="Baby due in spring, likes to hear from us after that.",
        ),
        LoggedWish(
            kind=WishKind.NOT_AT_WORK, said_at=at - 30 * DAY, how="by e-mail",
            evidence="“Open-plan office, please use my own number.”",
        ),
        LoggedWish(
            kind=WishKind.OBJECTED, said_at=at - 5 * DAY, how="on the phone", purpose=Purpose.APPROACH,
            evidence="Third call this year; wants no more approaches, news is fine.",
        ),
        LoggedWish(
            kind=WishKind.CONSENTED, said_at=at - 3 * DAY, how="in a form", purpose=Purpose.JOB_ALERTS, wording=ALERTS,
            channel="email", evidence="Asked for alerts at the Leeds meet-up.",
        ),
    )  # fmt: skip
    for card, wish in zip(candidates, said, strict=False):
        actions.log_wish(person_key=card.key, wish=wish, viewer=leader, today=today, at=at)


def _elsewhere(leader: Viewer, made: random.Random, today: date, at: datetime) -> int:
    """People from an older system, of whom half are declared, and people found lately, some of them overdue."""
    moved = _people(made, 140, "moved", Origin.IMPORTED, OLD_SYSTEM, at, (300, 480))
    found = _people(made, 46, "found", Origin.SOURCED, SEARCH, at, (2, 44))
    actions.add_people(people=[*moved, *found], by=COMMAND_LINE, at=at)
    new = NewDeclaration(
        origin=Origin.IMPORTED,
        source=OLD_SYSTEM,
        from_day=today - 480 * DAY,
        to_day=today - 390 * DAY,
        told="Our privacy notice of 2024, in the footer of the first mail each of them had from us.",
        told_on=today - 380 * DAY,
        basis="legitimate interest",
        evidence="Campaign “Welcome 2024” in the old system, sent to all of them.",
    )
    actions.declare(new=new, viewer=leader, today=today, at=at)
    _told_at_first(leader, today, at)
    actions.plan_notices(size=40, every_days=7, first=today + 3 * DAY, viewer=leader, at=at)
    return len(moved) + len(found)


def _told_at_first(leader: Viewer, today: date, at: datetime) -> None:
    """People whom the house found or was referred to over the years had the notice in its first message to them."""
    for one in queries.notices(leader, at=at).sources:
        if one.source in (OLD_SYSTEM, SEARCH) or not one.overdue:
            continue
        new = NewDeclaration(
            origin=one.origin,
            source=one.source,
            from_day=one.first_day,
            to_day=today - 32 * DAY,
            told="Our privacy notice, linked under the first message of a consultant.",
            basis="legitimate interest",
            evidence="The template of first messages since 2023.",
        )
        actions.declare(new=new, viewer=leader, today=today, at=at)


def _people(
    made: random.Random, many: int, tag: str, origin: Origin, source: str, at: datetime, days: tuple[int, int]
) -> list[NewPerson]:
    return [
        NewPerson(
            name=name,
            identifiers=(Identifier(Scheme.EMAIL, f"{tag}.{number}@letters.example"),),
            roles=(PersonRole.CANDIDATE,),
            headline=made.choice(HEADLINES),
            city=made.choice(("Leeds", "Manchester", "Bristol", "Glasgow")),
            country="GB",
            origin=origin,
            origin_detail=source,
            added_at=at - made.randint(*days) * DAY,
        )
        for number, name in zip(range(many), _names(made), strict=False)
    ]


def _names(made: random.Random) -> Iterator[str]:
    while True:
        origin = made.choice(list(names.ORIGINS.values()))
        yield f"{made.choice(origin.first)} {made.choice(origin.last)}"


def _twice(people: Sequence[PersonCard], at: datetime) -> int:
    """Second records of a few people: a letter lost, a short name, another address."""
    rows = []
    for number, card in enumerate([one for one in people if PersonRole.CANDIDATE in one.roles][10:90:10]):
        first, _, last = card.name.partition(" ")
        name = f"{first} {last[:3]}{last[4:]}" if number % 2 and len(last) > 5 else f"{first[:1]}. {last}"
        if number % 3 == 0:
            name = card.name
        rows.append(
            NewPerson(
                name=name,
                identifiers=(
                    Identifier(Scheme.EMAIL, f"{first.lower()}.{last.lower().replace(' ', '')}@post.example"),
                ),
                roles=(PersonRole.CANDIDATE,),
                headline=card.headline,
                city=card.city,
                country="GB",
                origin=Origin.THEMSELVES,
            )
        )
    return len(set(actions.add_people(people=rows, by=COMMAND_LINE, at=at - DAY)))
