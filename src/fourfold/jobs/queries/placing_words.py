"""The words of what follows an offer, as people read them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fourfold.jobs.types import (
    CashBasis,
    CheckState,
    Ir35,
    OfferState,
    PaidVia,
    PayPer,
    PlacementState,
    PlanStep,
    SplitRole,
)

OFFER_WORDS = {
    OfferState.MADE: _("Made, waits for an answer"),
    OfferState.ACCEPTED: _("Accepted"),
    OfferState.DECLINED: _("Declined"),
    OfferState.WITHDRAWN: _("Withdrawn by the client"),
}
OFFER_TONES = {
    OfferState.MADE: "warning",
    OfferState.ACCEPTED: "success",
    OfferState.DECLINED: "quiet",
    OfferState.WITHDRAWN: "quiet",
}
PLACEMENT_WORDS = {
    PlacementState.ACCEPTED: _("Will start"),
    PlacementState.STARTED: _("Started"),
    PlacementState.LEFT: _("Ended"),
    PlacementState.FELL_THROUGH: _("Fell through"),
}
PLACEMENT_TONES = {
    PlacementState.ACCEPTED: "warning",
    PlacementState.STARTED: "success",
    PlacementState.LEFT: "quiet",
    PlacementState.FELL_THROUGH: "danger",
}
CHECK_WORDS = {
    CheckState.MISSING: _("missing"),
    CheckState.SEEN: _("seen"),
    CheckState.EXPIRED: _("expired"),
    CheckState.WAIVED: _("waived"),
}
CHECK_TONES = {
    CheckState.MISSING: "warning",
    CheckState.SEEN: "success",
    CheckState.EXPIRED: "danger",
    CheckState.WAIVED: "quiet",
}
SPLIT_WORDS = {
    SplitRole.WON_CLIENT: _("Won the client"),
    SplitRole.TOOK_JOB: _("Took the job"),
    SplitRole.FOUND: _("Found them"),
    SplitRole.DELIVERED: _("Delivered"),
}
VIA_WORDS = {
    PaidVia.PAYE: _("our payroll (PAYE)"),
    PaidVia.UMBRELLA: _("an umbrella company"),
    PaidVia.OWN_COMPANY: _("a company of their own"),
}
IR35_WORDS = {
    Ir35.NOT_ASKED: _("not determined yet"),
    Ir35.INSIDE: _("inside IR35"),
    Ir35.OUTSIDE: _("outside IR35"),
    Ir35.EXEMPT: _("a small client: they decide for themselves"),
}
BASIS_WORDS = {
    CashBasis.ACCEPTED: _("Accepted"),
    CashBasis.INVOICED: _("Invoiced"),
    CashBasis.PAID: _("Paid"),
}
UNIT_WORDS = {PayPer.YEAR: _("year"), PayPer.DAY: _("day"), PayPer.HOUR: _("hour")}
UNITS_WORDS = {PayPer.YEAR: _("years a week"), PayPer.DAY: _("days a week"), PayPer.HOUR: _("hours a week")}
STEP_WORDS = {
    PlanStep.COUNTER_OFFER: _("Counter-offer talk"),
    PlanStep.RESIGNED: _("Have they resigned?"),
    PlanStep.KEEP_WARM: _("Keep-warm call"),
    PlanStep.DAY_ONE: _("First day"),
    PlanStep.WEEK_ONE: _("One week in"),
    PlanStep.MONTH_ONE: _("One month in"),
    PlanStep.GUARANTEE: _("Before the guarantee ends"),
}
FILTER_WORDS = {
    "all": _("All"),
    "starting": _("Start this month"),
    "running": _("At work"),
    "finishing": _("Finish in 8 weeks"),
    "guarantee": _("In guarantee"),
    "ended": _("Ended"),
}


def part_words(part: str) -> str:
    """What a row of cash is: a fee, a rebate, a stage, a week."""
    kind = part.partition(":")[0]
    words = {
        "fee": _("Fee"), "rebate": _("Rebate"), "fell-through": _("Fell through"), "stage": _("Stage of the fee"),
        "week": _("Margin of a week"),
    }  # fmt: skip
    return str(words.get(kind, kind))
