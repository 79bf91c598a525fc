"""The room's words, as people read them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fourfold.jobs.types import (
    Calibre,
    CloseReason,
    Ended,
    Engaged,
    Feedback,
    HiringRole,
    JobKind,
    JobStatus,
    Need,
    Origin,
    PayPer,
    Stage,
    Workplace,
)

KIND_WORDS = {
    JobKind.PERMANENT: _("Permanent"),
    JobKind.CONTRACT: _("Contract"),
    JobKind.TEMPORARY: _("Temporary"),
}
ENGAGED_WORDS = {
    Engaged.CONTINGENT: _("Contingent"),
    Engaged.EXCLUSIVE: _("Exclusive"),
    Engaged.RETAINED: _("Retained"),
    Engaged.PSL: _("Preferred supplier"),
    Engaged.MSP: _("Through an MSP or VMS"),
}
STATUS_WORDS = {
    JobStatus.DRAFT: _("Draft"),
    JobStatus.OPEN: _("Open"),
    JobStatus.ON_HOLD: _("On hold"),
    JobStatus.FILLED: _("Filled"),
    JobStatus.CLOSED: _("Closed"),
}
STATUS_TONES = {
    JobStatus.DRAFT: "quiet",
    JobStatus.OPEN: "success",
    JobStatus.ON_HOLD: "warning",
    JobStatus.FILLED: "clients",
    JobStatus.CLOSED: "quiet",
}
GRADE_TONES = {"A": "success", "B": "accent", "C": "quiet"}
CLOSE_WORDS = {
    CloseReason.FILLED_ELSEWHERE: _("Another agency filled it"),
    CloseReason.FILLED_BY_CLIENT: _("The client filled it themselves"),
    CloseReason.CANCELLED: _("The client stopped looking"),
    CloseReason.BUDGET: _("The money went"),
    CloseReason.NOT_WORKABLE: _("It could not be filled as it stands"),
}
CALIBRE_WORDS = {
    Calibre.ANY: _("anybody who can do it"),
    Calibre.UPPER_HALF: _("the better half"),
    Calibre.TOP_QUARTER: _("the top quarter"),
    Calibre.TOP_TENTH: _("the top tenth"),
}
PER_WORDS = {PayPer.YEAR: _("a year"), PayPer.DAY: _("a day"), PayPer.HOUR: _("an hour")}
WORKPLACE_WORDS = {
    Workplace.ON_SITE: _("On site"),
    Workplace.HYBRID: _("Partly from home"),
    Workplace.REMOTE: _("From home"),
}
NEED_WORDS = {Need.MUST: _("Must have"), Need.WISH: _("Would be nice")}
ROLE_WORDS = {
    HiringRole.HIRING_MANAGER: _("Hiring manager"),
    HiringRole.HR: _("HR"),
    HiringRole.PANEL: _("Interviewer"),
    HiringRole.APPROVER: _("Approves the offer"),
    HiringRole.CONSULTANT: _("Consultant"),
    HiringRole.RESOURCER: _("Resourcer"),
    HiringRole.ACCOUNT_MANAGER: _("Account manager"),
}
STAGE_WORDS = {
    Stage.SOURCED: _("Sourced"),
    Stage.APPROACHED: _("Approached"),
    Stage.INTERESTED: _("Interested"),
    Stage.APPLIED: _("Applied"),
    Stage.SUBMITTED: _("Submitted"),
    Stage.INTERVIEW: _("Interview"),
    Stage.OFFER: _("Offer"),
    Stage.PLACED: _("Placed"),
    Stage.STARTED: _("Started"),
    Stage.STAYED: _("Stayed"),
}
STAGE_TONES = {
    Stage.SOURCED: "quiet",
    Stage.APPROACHED: "quiet",
    Stage.INTERESTED: "accent",
    Stage.APPLIED: "accent",
    Stage.SUBMITTED: "candidates",
    Stage.INTERVIEW: "candidates",
    Stage.OFFER: "warning",
    Stage.PLACED: "success",
    Stage.STARTED: "success",
    Stage.STAYED: "success",
}
ORIGIN_WORDS = {
    Origin.APPLIED: _("applied on our page"),
    Origin.BOARD: _("came by a job board"),
    Origin.REFERRED: _("was referred"),
    Origin.SOURCED: _("was found by us"),
    Origin.APPROACHED: _("was approached"),
    Origin.IMPORTED: _("came over from another system"),
}
ENDED_WORDS = {
    Ended.NOT_SUBMITTED: _("We don’t put them forward"),
    Ended.CLIENT_SAID_NO: _("The client said no"),
    Ended.WITHDREW: _("They withdrew"),
    Ended.DECLINED_OFFER: _("They declined the offer"),
    Ended.JOB_CLOSED: _("The job ended"),
    Ended.NOT_NOW: _("Not now, but later"),
    Ended.FELL_THROUGH: _("It fell through before the start"),
    Ended.IN_ERROR: _("Added in error"),
}
FEEDBACK_WORDS = {
    Feedback.INTERVIEW: _("wants to meet them"),
    Feedback.NO: _("said no"),
    Feedback.LATER: _("will say later"),
    Feedback.QUESTION: _("has a question"),
}
REASON_WORDS = {
    "terms": _("Terms are accepted"),
    "slots": _("Interview times are in the diary"),
    "pay": _("The pay is real for whom they ask for"),
    "manager": _("We met the hiring manager"),
}
