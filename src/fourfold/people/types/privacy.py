"""Wishes, notices and retention: the words of their records."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """What a message is for, as wishes name it; the classes of the contact policy read these. ``ALL`` is “stop all”."""

    MARKETING = "marketing"
    APPROACH = "approach"
    JOB_ALERTS = "job_alerts"
    WORKING = "working"
    SURVEY = "survey"
    ALL = "all"


class ConsentEvent(StrEnum):
    CONSENTED = "consented"
    WITHDREW = "withdrew"
    SOFT_OPT_IN = "soft_opt_in"
    OBJECTED = "objected"
    LIFTED = "lifted"  # an objection, at the person's own wish
    TOLD = "told"  # the notice of Art. 14 was given
    ASSESSED = "assessed"  # a legitimate-interest assessment was stored


class NoticeState(StrEnum):
    OWED = "owed"
    PLANNED = "planned"
    TOLD = "told"
    DECLARED = "declared"
    NOT_OWED = "not_owed"


class SuppressionKind(StrEnum):
    OBJECTED = "objected"
    ERASED = "erased"
    COMPLAINED = "complained"
    BOUNCED = "bounced"


class ReviewState(StrEnum):
    WAITING = "waiting"
    KEPT = "kept"
    ERASED = "erased"
