"""What the demo house asked candidates and clients, and what they answered. Its mails wait in a paused mailbox."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.actor import COMMAND_LINE, THEMSELVES
from fourfold.people import queries as people
from fourfold.people.types import ListOrder, PersonRole
from fourfold.surveys import actions
from fourfold.surveys.types import Asked, Invited, Moment, Outcome

_SPACE = UUID("5f0c2e7e-6a55-5d1c-9b80-64656d6f0002")
DAYS_AGO = (330, 240, 150, 60, 12)
"""The last round is too young to count; in it an unhappy one may be answered, which is a task of this week."""
CANDIDATES = (
    # how many were asked each time, and how happy they were: what the numbers are drawn from
    (Moment.APPLICATION, Outcome.REJECTED, 15, (0, 2, 3, 4, 5, 6, 7, 7, 8, 8, 9)),
    (Moment.SUBMISSION, Outcome.REJECTED, 9, (1, 4, 5, 6, 7, 8, 8, 9, 9, 10)),
    (Moment.SUBMISSION, Outcome.WITHDREW, 2, (5, 7, 8, 8, 9)),
    (Moment.OFFER, Outcome.ACCEPTED, 5, (7, 8, 9, 9, 10, 10)),
    (Moment.OFFER, Outcome.WITHDREW, 2, (6, 7, 8, 9)),
    (Moment.START, Outcome.STARTED, 4, (6, 8, 9, 9, 10, 10)),
    (Moment.STAY, Outcome.STAYED, 4, (7, 8, 9, 10, 10)),
    (Moment.STAY, Outcome.LEFT, 1, (2, 4, 6)),
)
CLIENTS = (
    (Moment.JOB, Outcome.FILLED, 6, (6, 8, 9, 9, 10, 10)),
    (Moment.JOB, Outcome.UNFILLED, 5, (0, 3, 5, 6, 7, 8)),
    (Moment.AFTER_START, Outcome.STAYED, 4, (7, 8, 9, 10)),
)
ANSWER = 0.62
ABOUT = "a role at one of our clients"
"""The same for all: whoever is asked the same gets one message."""
WORDS = {
    "happy": (
        "Told me each week where it stood, also when nothing had moved.",
        "Prepared me well. I knew who I would meet and what they would ask.",
        "The no came with a reason I could use.",
        "Three people to see, all three worth seeing.",
        "Rang on my first day and again on the Friday. Nobody else ever did.",
    ),
    "between": (
        "Good call at the start, then a long silence before the answer.",
        "Friendly. The pay range could have been said in the first call.",
        "Profiles were fine; two of them we had seen already.",
    ),
    "unhappy": (
        "I heard nothing for three weeks and then got a mail that could have been to anybody.",
        "You asked me for the same CV twice.",
        "The job had been filled when you put me forward, and you must have known.",
        "We said permanent and got contractors.",
        "Nobody told us that the search had stopped.",
    ),
}


def add_surveys(*, recruiter: Viewer, at: datetime) -> None:
    """Ask people over a year as each room would, answer for some of them, and count what is old enough."""
    chance = random.Random(11)  # noqa: S311 (which of invented people answer what)
    rows = people.people(recruiter, order=ListOrder.SIGNAL, at=at, size=1_000).rows
    known = {
        Moment.APPLICATION: [row.key for row in rows if PersonRole.CANDIDATE in row.roles],
        Moment.JOB: [row.key for row in rows if PersonRole.CLIENT_CONTACT in row.roles],
    }
    own = sorted(recruiter.desks)
    desks = sorted((row.slug for row in accounts.desks()), key=lambda slug: slug not in own)[:2]
    number = 0
    for days in DAYS_AGO:
        ended, young = at - timedelta(days=days), days == DAYS_AGO[-1]
        asked: list[tuple[Invited, tuple[int, ...]]] = []
        for of, plan in ((Moment.APPLICATION, CANDIDATES), (Moment.JOB, CLIENTS)):
            for moment, outcome, size, happy in plan:
                for _ in range(min(size // 4 if young else size, len(known[of]))):
                    number += 1
                    slug = desks[number % 3 // 2 % len(desks)]
                    invited = Invited(
                        person_key=known[of].pop(), moment=moment, outcome=outcome,
                        about=ABOUT,
                        about_kind="demo", about_key=uuid5(_SPACE, str(number)), ended_at=ended,
                        owner=recruiter.user_key, desk=slug,
                    )  # fmt: skip
                    asked.append((invited, happy))
        _ask(asked, chance, ended, leave=young)
    actions.count_answers(at=at)


def _ask(asked: list[tuple[Invited, tuple[int, ...]]], chance: random.Random, ended: datetime, *, leave: bool) -> None:
    found = actions.invite_many(invited=[one for one, _ in asked], by=COMMAND_LINE, at=ended)
    actions.send_due(at=ended + timedelta(days=10))
    for (_, happy), answer in zip(asked, found, strict=True):
        if not isinstance(answer, Asked) or chance.random() > ANSWER:
            continue
        score = chance.choice(happy)
        moment = ended + timedelta(days=10, hours=chance.randint(1, 40))
        actions.give_number(key=answer.key, score=score, by=THEMSELVES, at=moment)
        band = "happy" if score > 8 else "between" if score > 6 else "unhappy"
        if chance.random() < 0.4:
            words, may = chance.choice(WORDS[band]), leave and band == "unhappy"
            actions.say_more(key=answer.key, verbatim=words, may_answer=may, by=THEMSELVES, at=moment)
