"""Drafts of what a person may answer to somebody who is angry: never sent by themselves."""

from __future__ import annotations

import calendar
from datetime import date


def month_later(day: date) -> date:
    """The last day to answer what came in on ``day``. Source: GDPR Art. 12(3), within one month."""
    year, month = divmod(day.year * 12 + day.month, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def apology(first_name: str) -> str:
    """A draft of the answer to a complaint."""
    return (
        f"Dear {first_name},\n\n"
        "I am sorry. You are right to say so, and nobody here will write to you or ring you again.\n\n"
        "I have looked at what we sent you and why. [Say what went wrong, in your own words.] You can see all that we "
        "keep about you, and have it erased, by answering this mail; you may also turn to the data protection "
        "authority of your country.\n"
    )


def explanation(first_name: str) -> str:
    """A draft of the short answer to somebody who is cross with a message, and made no complaint."""
    return (
        f"Dear {first_name},\n\n"
        "Thank you for telling me plainly. I wrote because [one sentence: why you, and where we found you]. I will "
        "leave it there: you won't hear from me about this again.\n"
    )
