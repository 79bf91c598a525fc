"""Clients: how far we are with an organisation, and what it agreed to."""

from __future__ import annotations

from enum import StrEnum


class ClientStage(StrEnum):
    """How far we are with an organisation. A dormant one that gives a job again counts as a client again."""

    TARGET = "target"
    MET = "met"
    TERMS_SENT = "terms_sent"
    ACCEPTED = "accepted"
    FIRST_JOB = "first_job"
    REPEAT = "repeat"
    DORMANT = "dormant"


GUARDING_STAGES = (ClientStage.ACCEPTED, ClientStage.FIRST_JOB, ClientStage.REPEAT, ClientStage.DORMANT)
"""From here on the candidate side of an organisation's people is guarded."""

DORMANT_MONTHS = 24


class TermsState(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"


class FeeBasis(StrEnum):
    """What a fee is taken of: a permanent hire's first-year pay, a retained search, or a contractor's charge."""

    PERMANENT = "permanent"
    RETAINED = "retained"
    CONTRACT = "contract"


class JobLeadState(StrEnum):
    OPEN = "open"
    PURSUED = "pursued"
    DROPPED = "dropped"
    BECAME_JOB = "became_job"
