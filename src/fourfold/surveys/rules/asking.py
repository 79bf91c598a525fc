"""When somebody is asked, with which words, and what an answer must be."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fourfold.surveys.types import (
    FEWEST_EVER,
    HIGHEST_UNHAPPY,
    LONGEST_ABOUT,
    LONGEST_VERBATIM,
    LOWEST_HAPPY,
    SCORES,
    AnswerRefused,
    Band,
    HouseRules,
    InvitationRefused,
    Invited,
    Moment,
    MomentRule,
    Outcome,
    Side,
    TextRefused,
    Wording,
)

OUTCOMES: dict[Moment, tuple[Outcome, ...]] = {
    Moment.APPLICATION: (Outcome.REJECTED, Outcome.WITHDREW),
    Moment.SUBMISSION: (Outcome.REJECTED, Outcome.WITHDREW),
    Moment.OFFER: (Outcome.ACCEPTED, Outcome.REJECTED, Outcome.WITHDREW),
    Moment.START: (Outcome.STARTED,),
    Moment.STAY: (Outcome.STAYED, Outcome.LEFT),
    Moment.JOB: (Outcome.FILLED, Outcome.UNFILLED),
    Moment.AFTER_START: (Outcome.STAYED, Outcome.LEFT),
}
"""What can come of each moment, in the order in which pages show it."""
CLIENTS = frozenset({Moment.JOB, Moment.AFTER_START})
ANSWER_FOR = timedelta(days=60)
"""How long the links of a mail open."""
CHANGE_FOR = timedelta(days=7)
"""How long an answer can be changed."""
SENT_UNTIL = timedelta(days=30)
"""Past this, nobody is asked any more: it is too long ago."""
HOUR = time(10)
"""When mails leave, on the wall clock of the house."""
_DELAYS = {
    Moment.APPLICATION: 2,
    Moment.SUBMISSION: 2,
    Moment.OFFER: 3,
    Moment.START: 5,
    Moment.STAY: 0,
    Moment.JOB: 2,
    Moment.AFTER_START: 0,
}
DEFAULT_RULES = HouseRules(moments=tuple(MomentRule(one, True, days) for one, days in _DELAYS.items()))
LONGEST_REST, LONGEST_DELAY, MOST_NEEDED = 365, 60, 50
LONGEST = {"subject": 120, "intro": 600, "question": 200, "follow_up": 200}

_FRIEND = "How likely are you to recommend us to a friend who is looking for work?"
_PARTNER = "How likely are you to recommend us to somebody else who is hiring?"
_BETTER = "What would have made it better?"
_NEXT = "What was good, and what should we do better next time?"
SHIPPED: dict[Moment, Wording] = {
    Moment.APPLICATION: Wording(
        subject="How did we treat you?",
        intro="You and we were in touch about {{ about }}, and it came to nothing. All the same we would like to know "
        "how we treated you.",
        question=_FRIEND,
        follow_up=_BETTER,
    ),
    Moment.SUBMISSION: Wording(
        subject="How did we treat you?",
        intro="We put you forward for {{ about }}, and it ended without an offer. Whatever was decided there, how was "
        "it with us?",
        question=_FRIEND,
        follow_up=_BETTER,
    ),
    Moment.OFFER: Wording(
        subject="How was it with us?",
        intro="There was an offer for {{ about }}, and you have decided. How was it with us on the way there?",
        question=_FRIEND,
        follow_up=_NEXT,
    ),
    Moment.START: Wording(
        subject="How was your first week?",
        intro="You have just begun: {{ about }}. Was it as we had told you, and were we there when you needed us?",
        question=_FRIEND,
        follow_up=_NEXT,
    ),
    Moment.STAY: Wording(
        subject="Three months on: how do you find it?",
        intro="It is three months since you began: {{ about }}. Looking back, how was it with us?",
        question=_FRIEND,
        follow_up=_NEXT,
    ),
    Moment.JOB: Wording(
        subject="How did we do?",
        intro="Your vacancy {{ about }} is closed. Before the next one, tell us how we did.",
        question=_PARTNER,
        follow_up=_NEXT,
    ),
    Moment.AFTER_START: Wording(
        subject="Three months on: how did we do?",
        intro="It is three months since somebody from us began with you: {{ about }}. Looking back, how did we do?",
        question=_PARTNER,
        follow_up=_NEXT,
    ),
}
"""The words that a house begins with."""
_PIECE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\{|\}\}|\{%|%\}", re.DOTALL)
_PLACE = re.compile(r"\{\{ ?(first_name|about) ?\}\}")


def side_of(moment: Moment) -> Side:
    return Side.CLIENT if moment in CLIENTS else Side.CANDIDATE


def band_of(score: int) -> Band:
    """What a number says. Source: Reichheld (2003), The one number you need to grow."""
    if score >= LOWEST_HAPPY:
        return Band.HAPPY
    return Band.UNHAPPY if score <= HIGHEST_UNHAPPY else Band.BETWEEN


def send_at(ended_at: datetime, delay_days: int, *, zone: str, now: datetime) -> datetime:
    """When the mail leaves: so many days on the wall clock after it ended, at ten in the morning, Monday to Friday.

    Never before ``now``; what is late leaves at the next such hour.
    """
    wall = ZoneInfo(zone)
    day = ended_at.astimezone(wall).date() + timedelta(days=delay_days)
    moment = _hour_of(day, wall)
    if moment < now:
        day = now.astimezone(wall).date()
        moment = _hour_of(day, wall)
        if moment < now:
            moment = _hour_of(day + timedelta(days=1), wall)
    return moment


def _hour_of(day: date, wall: ZoneInfo) -> datetime:
    """Ten o'clock of the day, of the Monday after it on a weekend."""
    if day.weekday() >= 5:
        day += timedelta(days=7 - day.weekday())
    return datetime.combine(day, HOUR, tzinfo=wall).astimezone(UTC)


def check_invited(invited: Invited) -> None:
    """Raises InvitationRefused for what can't have happened, or says nothing of what it was about."""
    what = "Nobody was asked."
    if invited.outcome not in OUTCOMES[invited.moment]:
        raise InvitationRefused(
            what,
            f"“{invited.outcome}” can't come of “{invited.moment}”.",
            f"Name one of {', '.join(OUTCOMES[invited.moment])}.",
        )
    if not invited.about.strip() or len(invited.about) > LONGEST_ABOUT:
        raise InvitationRefused(
            what, f"What it was about takes 1 to {LONGEST_ABOUT} letters.", "Name the job and the client."
        )
    if not invited.about_kind or len(invited.about_kind) > 40:
        raise InvitationRefused(what, "It doesn't say what kind of thing it was about.", "Name it, such as job.")
    if invited.ended_at.tzinfo is None:
        raise ValueError("ended_at needs a time zone")


def check_wording(wording: Wording) -> None:
    """Raises TextRefused for a text that is empty, too long, or asks for a value that nobody has."""
    for name, most in LONGEST.items():
        words = str(getattr(wording, name))
        label = name.replace("_", " ")
        if not words.strip() or len(words) > most:
            raise TextRefused("The text was not kept.", f"The {label} takes 1 to {most} letters.", "Change its length.")
        if name == "subject" and any(mark in words for mark in "\r\n"):
            raise TextRefused("The text was not kept.", "The subject holds a line break.", "Write it on one line.")
        odd = [one for one in _PIECE.findall(words) if not _allowed(one, name)]
        if odd or "\0" in words:
            raise TextRefused(
                "The text was not kept.",
                f"The {label} holds “{odd[0] if odd else 'a character'}”, which can't stand there.",
                "Use {{ first_name }} and {{ about }} in the introduction only, or plain words.",
            )


def _allowed(piece: str, name: str) -> bool:
    return name == "intro" and _PLACE.fullmatch(piece) is not None


def check_rules(to: HouseRules) -> None:
    """Raises TextRefused for numbers that a house can't have."""
    what = "The rules were not kept."
    if not FEWEST_EVER <= to.fewest <= MOST_NEEDED:
        raise TextRefused(
            what,
            f"With fewer than {FEWEST_EVER} answers in a group people could tell who said what.",
            f"Choose {FEWEST_EVER} to {MOST_NEEDED}.",
        )
    if not 1 <= to.rest_days <= LONGEST_REST:
        raise TextRefused(what, f"Between two surveys lie 1 to {LONGEST_REST} days.", "Choose such a number.")
    if sorted(one.moment for one in to.moments) != sorted(Moment):
        raise TextRefused(what, "Each moment needs its rule, once.", "Reload the page.")
    if not all(0 <= one.delay_days <= LONGEST_DELAY for one in to.moments):
        raise TextRefused(what, f"A survey leaves 0 to {LONGEST_DELAY} days after its moment.", "Change the days.")


def check_answer(score: int, verbatim: str) -> None:
    """Raises AnswerRefused for a number that is none of 0 to 10, or for very many words."""
    if score not in SCORES:
        raise AnswerRefused("Your answer was not kept.", "A number from 0 to 10 is needed.", "Choose one of them.")
    if len(verbatim) > LONGEST_VERBATIM:
        raise AnswerRefused(
            "Your answer was not kept.",
            f"It has {len(verbatim):,} letters; {LONGEST_VERBATIM:,} are the most.",
            "Shorten it a little.",
        )


def task_title(score: int, verbatim: str, *, most: int = 160) -> str:
    """What the colleague is asked to do, with what was said as far as it fits."""
    head = f"Answer them: {score} of 10 in a survey, and we may write back."
    said = " ".join(verbatim.split())
    if not said:
        return head
    room = most - len(head) - 3
    return f"{head} “{said if len(said) <= room else said[: room - 1].rstrip() + '…'}”"
