"""The tables of jobs."""

from fourfold.jobs.models.applications import (
    Application,
    Interview,
    Offer,
    PipelineStage,
    Scorecard,
    ScorecardLine,
    Slot,
    SlotInvite,
    SlotSet,
    StageMove,
)
from fourfold.jobs.models.cash import BillingTarget, CashLine, MarginFile, PlanTask
from fourfold.jobs.models.closing import Answer, AnswerText, BoardMail, BoardRule
from fourfold.jobs.models.jobs import (
    Advert,
    HiringTeam,
    Job,
    JobGain,
    JobStatusChange,
    PayPoint,
    Requirement,
    RetainedStage,
)
from fourfold.jobs.models.paying import PayFile
from fourfold.jobs.models.placements import (
    Assignment,
    Check,
    CheckKind,
    Extension,
    Placement,
    RateChange,
    Split,
    WeeklyMargin,
)
from fourfold.jobs.models.submissions import Agreement, Introduction, Profile, Submission

__all__ = [
    "Advert", "Agreement", "Answer", "AnswerText", "Application", "Assignment", "BillingTarget", "BoardMail",
    "BoardRule", "CashLine", "Check", "CheckKind", "Extension", "HiringTeam", "Interview", "Introduction", "Job",
    "JobGain", "JobStatusChange", "MarginFile", "Offer", "PayFile", "PayPoint", "PipelineStage", "Placement",
    "PlanTask",
    "Profile", "RateChange", "Requirement", "RetainedStage", "Scorecard", "ScorecardLine", "Slot", "SlotInvite",
    "SlotSet", "Split", "StageMove", "Submission", "WeeklyMargin",
]  # fmt: skip
