"""How good a job is to work on, in four reasons that can be named."""

from __future__ import annotations

from datetime import date

from fourfold.jobs.types.rows import Graded, GradeReason
from fourfold.jobs.types.words import Grade

TERMS, SLOTS, PAY, MANAGER = "terms", "slots", "pay", "manager"


def grade(*, terms_accepted: bool, slots_booked: bool, pay_is_real: bool | None, manager_met_on: date | None) -> Graded:
    """The grade of a job: A with all four reasons, B with two or three, C with fewer.

    Accepted terms, interview slots already in the manager's diary, pay that fits who they ask for, and a hiring manager
    we have met. What nobody has judged yet counts as not so.
    """
    reasons = (
        GradeReason(TERMS, terms_accepted),
        GradeReason(SLOTS, slots_booked),
        GradeReason(PAY, pay_is_real is True),
        GradeReason(MANAGER, manager_met_on is not None, manager_met_on.isoformat() if manager_met_on else ""),
    )
    held = sum(one.holds for one in reasons)
    return Graded(Grade.A if held == 4 else Grade.B if held >= 2 else Grade.C, reasons)
