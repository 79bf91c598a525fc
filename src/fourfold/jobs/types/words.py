"""The words of jobs and of everybody's progress on them."""

from __future__ import annotations

from enum import StrEnum


class JobKind(StrEnum):
    """What somebody is hired into. A temporary job is by the hour or day, and starts only with its papers complete."""

    PERMANENT = "permanent"
    CONTRACT = "contract"
    TEMPORARY = "temporary"


class Engaged(StrEnum):
    """How a client has engaged us for a job."""

    CONTINGENT = "contingent"
    EXCLUSIVE = "exclusive"
    RETAINED = "retained"
    PSL = "psl"
    MSP = "msp"


class JobStatus(StrEnum):
    """Where a job is. Only an open one is worked on; a filled or closed one has no one waiting."""

    DRAFT = "draft"
    OPEN = "open"
    ON_HOLD = "on_hold"
    FILLED = "filled"
    CLOSED = "closed"


LIVE_STATUSES = (JobStatus.OPEN, JobStatus.ON_HOLD)


class CloseReason(StrEnum):
    """Why a job ended without us."""

    FILLED_ELSEWHERE = "filled_elsewhere"
    FILLED_BY_CLIENT = "filled_by_client"
    CANCELLED = "cancelled"
    BUDGET = "budget"
    NOT_WORKABLE = "not_workable"


class Grade(StrEnum):
    A = "A"
    B = "B"
    C = "C"


class Calibre(StrEnum):
    """What share of those who do this work would be good enough: what a client asks for."""

    ANY = "any"
    UPPER_HALF = "upper_half"
    TOP_QUARTER = "top_quarter"
    TOP_TENTH = "top_tenth"


class PayPer(StrEnum):
    YEAR = "year"
    DAY = "day"
    HOUR = "hour"


class Workplace(StrEnum):
    ON_SITE = "on_site"
    HYBRID = "hybrid"
    REMOTE = "remote"


class Need(StrEnum):
    """What somebody must bring, apart from what would be nice."""

    MUST = "must"
    WISH = "wish"


class HiringRole(StrEnum):
    """Who hires, on their side and on ours."""

    HIRING_MANAGER = "hiring_manager"
    HR = "hr"
    PANEL = "panel"
    APPROVER = "approver"
    CONSULTANT = "consultant"
    RESOURCER = "resourcer"
    ACCOUNT_MANAGER = "account_manager"


THEIR_ROLES = (HiringRole.HIRING_MANAGER, HiringRole.HR, HiringRole.PANEL, HiringRole.APPROVER)


class Stage(StrEnum):
    """What a stage of the pipeline means, whatever the house calls it."""

    SOURCED = "sourced"
    APPROACHED = "approached"
    INTERESTED = "interested"
    APPLIED = "applied"
    SUBMITTED = "submitted"
    INTERVIEW = "interview"
    OFFER = "offer"
    PLACED = "placed"
    STARTED = "started"
    STAYED = "stayed"


SEEN_BY_CLIENT = (Stage.SUBMITTED, Stage.INTERVIEW, Stage.OFFER, Stage.PLACED, Stage.STARTED, Stage.STAYED)
"""From here on the client has seen them: an answer is written one by one."""

HIRED = (Stage.PLACED, Stage.STARTED, Stage.STAYED)


class Origin(StrEnum):
    """How an application began."""

    APPLIED = "applied"
    BOARD = "board"
    REFERRED = "referred"
    SOURCED = "sourced"
    APPROACHED = "approached"
    IMPORTED = "imported"


CAME_THEMSELVES = (Origin.APPLIED, Origin.BOARD, Origin.REFERRED)
"""Whoever came themselves is owed an answer from their first minute."""


class Ended(StrEnum):
    """Why an application ended without a start."""

    NOT_SUBMITTED = "not_submitted"
    CLIENT_SAID_NO = "client_said_no"
    WITHDREW = "withdrew"
    DECLINED_OFFER = "declined_offer"
    JOB_CLOSED = "job_closed"
    NOT_NOW = "not_now"
    FELL_THROUGH = "fell_through"
    IN_ERROR = "in_error"


class MeetingKind(StrEnum):
    PHONE = "phone"
    VIDEO = "video"
    IN_PERSON = "in_person"


class MeetingState(StrEnum):
    """What became of an interview that was arranged."""

    BOOKED = "booked"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class OfferState(StrEnum):
    MADE = "made"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class SubmissionState(StrEnum):
    """Where a CV that goes to a client is."""

    DRAFT = "draft"
    SENT = "sent"
    FAILED = "failed"


class Feedback(StrEnum):
    """What the client said to a CV."""

    INTERVIEW = "interview"
    NO = "no"
    LATER = "later"
    QUESTION = "question"


class PlacementState(StrEnum):
    ACCEPTED = "accepted"
    STARTED = "started"
    LEFT = "left"
    FELL_THROUGH = "fell_through"


class SplitRole(StrEnum):
    """Who earned which part of a fee: a contract between colleagues, not an estimate."""

    WON_CLIENT = "won_client"
    TOOK_JOB = "took_job"
    FOUND = "found"
    DELIVERED = "delivered"


class PaidVia(StrEnum):
    PAYE = "paye"
    UMBRELLA = "umbrella"
    OWN_COMPANY = "own_company"


class Ir35(StrEnum):
    """Whether off-payroll rules apply to an assignment (ITEPA 2003, part 2, chapter 10)."""

    NOT_ASKED = "not_asked"
    INSIDE = "inside"
    OUTSIDE = "outside"
    EXEMPT = "exempt"


class CheckState(StrEnum):
    MISSING = "missing"
    SEEN = "seen"
    EXPIRED = "expired"
    WAIVED = "waived"


class IntakeState(StrEnum):
    """Where a mail from a job board is."""

    TAKEN = "taken"
    NO_JOB = "no_job"
    NO_RULE = "no_rule"
    NOBODY = "nobody"
    IGNORED = "ignored"
