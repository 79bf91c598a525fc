"""What the demo house wrote to people, and what its gate said. Nothing leaves it: its mailbox is paused."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from fourfold.accounts.types import Viewer
from fourfold.contact import actions, queries
from fourfold.contact.actions import MailboxSettings
from fourfold.contact.types import Aim, Channel, Draft, Intent, Transport
from fourfold.people import queries as people
from fourfold.people.types import ListOrder, PersonCard, PersonRole

ASSESSMENT = (
    "We tell people who are good at their work of jobs that may suit them better than the one they have.\n"
    "For that we need their name, what they do and one address, which they made public for work. We ask nothing that "
    "they would hide, and keep it only as long as our retention rules say.\n"
    "They can expect to hear from recruiters, it costs them a minute, and one word stops it for good. At most four "
    "messages in a month, then three months of rest; nothing at night, on weekends or holidays; where we have their "
    "details from stands in the first message."
)
DRAFTS = (
    (
        "A team that ships weekly",
        "Hello {{ first_name }},\n\nyour talk made me think of a team. May I tell you?",
    ),
    (
        "Platform work, four days a week",
        "Hello {{ first_name }},\n\nyou once said four days would suit you.",
    ),
    ("Two minutes about a role near you", "Hello {{ first_name }},\n\nis now a good time to hear of something new?"),
)
CALLS = (
    (2, False, "Happy where she is; knows somebody who is not."),
    (3, True, ""),
    (5, False, "Will ring back after the review."),
    (8, True, ""),
)
SHOWN = 14


def add_outreach(*, leader: Viewer, recruiter: Viewer, marketer: Viewer, at: datetime) -> None:
    """Fill in what a house in use would hold."""
    actions.store_assessment(text=ASSESSMENT, by=leader.actor(), at=at - timedelta(days=40))
    box = actions.put_mailbox(
        settings=MailboxSettings(
            name="The house’s mailbox", transport=Transport.SMTP, from_name=recruiter.name,
            from_address="hello@fourfold.example", host="smtp.fourfold.example", port=587,
        ),
        by=leader.actor(), at=at - timedelta(days=40),
    )  # fmt: skip
    actions.pause_mailbox(
        key=box, why="This is the demo house: nothing leaves it. Give it a mail server to change that.",
        by=leader.actor(), at=at - timedelta(days=40),
    )  # fmt: skip
    rows = people.people(recruiter, order=ListOrder.SIGNAL, at=at, size=400).rows
    seekers = _of_each_kind([row for row in rows if PersonRole.CANDIDATE in row.roles], recruiter, at)
    for number, row in enumerate(seekers[:SHOWN]):
        subject, text = DRAFTS[number % len(DRAFTS)]
        intent = Intent(person_key=row.key, aim=Aim.WRITE, channel=Channel.EMAIL, by=recruiter.user_key)
        moment = at - timedelta(hours=5 * number)
        draft = Draft(subject=subject, text=text)
        actions.queue_message(intent=intent, draft=draft, mailbox=box, by=recruiter.actor(), at=moment)
    _news(rows, box, marketer, at)
    for (days, unanswered, words), row in zip(CALLS, seekers[SHOWN:], strict=False):
        call = Intent(person_key=row.key, aim=Aim.WRITE, channel=Channel.PHONE, by=recruiter.user_key)
        actions.log_by_hand(
            intent=call, occurred_at=at - timedelta(days=days), unanswered=unanswered, words=words,
            by=recruiter.actor(), at=at,
        )  # fmt: skip
    if len(seekers) > SHOWN + 1:
        person = seekers[SHOWN].key
        actions.ask_colleague(person_key=person, colleague=recruiter.user_key, viewer=marketer, at=at)


def _of_each_kind(rows: list[PersonCard], recruiter: Viewer, at: datetime) -> list[PersonCard]:
    """Those first about whom the gate says different things, so that the house shows what it can say."""
    intents = [Intent(person_key=row.key, aim=Aim.WRITE, channel=Channel.EMAIL, by=recruiter.user_key) for row in rows]
    seen: Counter[tuple[object, ...]] = Counter()
    places = []
    for place, found in enumerate(queries.may_contact(intents, at=at)):
        decisive = found.decision.decisive
        kind = (found.case.message_class, decisive.code if decisive else "")
        places.append((seen[kind], place))
        seen[kind] += 1
    return [rows[place] for _, place in sorted(places)]


def _news(rows: tuple[PersonCard, ...], box: UUID, marketer: Viewer, at: datetime) -> None:
    """A market letter to the last sixty people who gave a sign."""
    first = rows[0].key
    news = Intent(person_key=first, aim=Aim.NEWS, channel=Channel.EMAIL, by=None)
    text = "Hello {{ first_name }},\n\nwhat moved in our market this month, in three minutes.\n\n{{ sender_name }}"
    actions.queue_to_many(
        intent=news, draft=Draft(subject="What moved this month", text=text), mailbox=box,
        person_keys=[row.key for row in rows[:60]], campaign="Market letter", by=marketer.actor(), at=at,
    )  # fmt: skip
