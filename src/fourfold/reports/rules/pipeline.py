"""What the numbers of the pipeline and of a week mean."""

from __future__ import annotations

from fourfold.reports.types import Definition

_CLOCK = "the house’s wall clock"
_COHORT = "cohort: everybody whose CV first went to a client within the days, and how far they have come by now"
_YOUNG = "Those submitted lately are still on their way: young months look worse than they will be."
_COUNTED = "Everybody counts; rows of people whose candidate side is not open to you are counted, not shown."
_SCORE = "95 % range: score interval of a share (Wilson)"
_ORDER = "95 % range: between order statistics, whatever the distribution"


def _step(key: str, name: str, sentence: str, formula: str) -> Definition:
    return Definition(key, name, sentence, f"{formula}; {_SCORE}", _COHORT, _CLOCK, f"{_YOUNG} {_COUNTED}", "counted")


def _share(key: str, name: str, sentence: str, formula: str, basis: str, mind: str = "") -> Definition:
    return Definition(
        key, name, sentence, f"{formula}; {_SCORE}", basis, _CLOCK, f"{mind} {_COUNTED}".strip(), "counted"
    )


def _stayed(days: int) -> Definition:
    return _share(
        f"stayed_{days}",
        f"Stayed {days} days",
        f"Of permanent starts, the share still there after {days} days.",
        "those who had not left by that day ÷ those who had started",
        f"cohort: starts whose {days}th day fell into the days",
        "Contracts end as agreed, so they are no part of it.",
    )


def _work(key: str, name: str, sentence: str, basis: str, mind: str = "") -> Definition:
    return Definition(key, name, sentence, "count of rows", basis, _CLOCK, f"{mind} {_COUNTED}".strip(), "counted")


PIPELINE_DEFINITIONS = {
    one.key: one
    for one in (
        _step(
            "interviewed",
            "Submitted → interviewed",
            "Of those submitted, the share whom the client met.",
            "those who came to an interview or further ÷ those submitted",
        ),
        _step(
            "offered",
            "Interviewed → offered",
            "Of those whom a client met, the share who got an offer.",
            "those with an offer ÷ those interviewed",
        ),
        _step(
            "placed",
            "Offered → placed",
            "Of those with an offer, the share whose offer was accepted and held.",
            "those placed, those that fell through left out ÷ those with an offer",
        ),
        _step(
            "started",
            "Placed → started",
            "Of those placed, the share who have started.",
            "those who started ÷ those placed",
        ),
        _step(
            "hit_rate", "Hit rate", "Of all submitted, the share who started.", "those who started ÷ those submitted"
        ),
        _share(
            "turn_up",
            "Turn-up",
            "Of interviews that were due, the share to which the candidate came.",
            "attended ÷ (attended + not turned up)",
            "interviews whose day fell into the days",
            "Interviews that nobody has settled yet, and those called off, are no part of it.",
        ),
        _share(
            "offers_accepted",
            "Offers accepted",
            "Of offers that were answered, the share accepted.",
            "accepted ÷ (accepted + declined)",
            "offers answered within the days",
        ),
        _share(
            "on_time",
            "Started on time",
            "Of starts that were agreed, the share on the first day agreed or before.",
            "started by the first day agreed ÷ starts agreed",
            "placements whose first agreed start fell into the days and has come",
            "A start that was put off counts as late, whoever put it off.",
        ),
        _stayed(90),
        _stayed(180),
        _stayed(365),
        _share(
            "closure",
            "Closure",
            "Of those who came to us themselves, the share who have a final answer.",
            "a final answer, their own withdrawal, or a start ÷ applicants",
            "cohort: who came themselves within the days, and longer ago than the answer we promise",
        ),
        _share(
            "filled",
            "Places filled",
            "Of the places of jobs that ended, the share that we filled.",
            "placements that did not fall through ÷ openings",
            "closed cohort: jobs that were filled or closed within the days",
            "The rows are jobs, the number counts their places.",
        ),
        Definition(
            "time_to_fill",
            "Time to fill",
            "From a job’s opening to an accepted offer, in days.",
            f"median and ninth tenth, never the mean; {_ORDER}",
            "placements accepted within the days, those that fell through left out",
            _CLOCK,
            _COUNTED,
            "counted",
        ),
        Definition(
            "stage_days",
            "Days in a stage",
            "How long an application stayed in a stage before its next step or its end.",
            f"median and ninth tenth of whole days; {_ORDER}",
            "steps that began within the days and are over",
            _CLOCK,
            "Those who are still in the stage are counted beside it by age, not within it.",
            "",
        ),
        Definition(
            "source",
            "Source of hire",
            "How the applications began that ended in a placement.",
            f"placements of one origin ÷ placements; {_SCORE}",
            "placements accepted within the days",
            _CLOCK,
            "The method is first touch of the application: its origin, and the board that it came by. What was "
            "there before, and what brought the client, stands under return on spend.",
            "",
        ),
        Definition(
            "coverage",
            "Coverage",
            "Whether what is open is enough for what is still missing.",
            "open value weighted by our own conversion ÷ (targets of the quarter − billed in it); the range is "
            "that of the forecast",
            "permanent applications that are submitted or further on live jobs, within twelve weeks",
            _CLOCK,
            "A job that doesn’t say its fee counts with the mean fee of our placements of two years.",
            "",
        ),
        Definition(
            "forecast",
            "Cash ahead",
            "What open work is expected to bring, on the accepted basis.",
            "permanent: Σ open applications of a stage × the part of earlier ones that was placed within as "
            "many weeks × fee. Contract: agreed weekly margin × weeks until the agreed end × what past weeks brought "
            "of theirs. Retained: parts not yet due, as agreed, without a day",
            "the past: two years of the whole house, old enough for twelve weeks; the open work: what you chose",
            _CLOCK,
            "The range holds 95 of 100 draws from our own past jobs (seeded). Jobs that are not yet open bring "
            "nothing here.",
            "",
        ),
        _work(
            "calls",
            "Calls",
            "Talks on the phone, whoever rang.",
            "touches of the channel phone within the week",
            "A number that nobody answered is no call.",
        ),
        _work("meetings", "Meetings", "Talks face to face.", "touches of the channel in_person within the week"),
        _work("jobs", "Jobs opened", "Jobs that were opened, by their owner.", "jobs whose opening fell into the week"),
        _work("cvs", "CVs sent", "CVs that went to a client, by who sent them.", "submissions that left in the week"),
        _work(
            "first_interviews",
            "First interviews",
            "First interviews that took place, by the application’s owner.",
            "interviews of the first round within the week, attended",
            "It counts once somebody noted who came.",
        ),
        _work("offers", "Offers", "Offers that clients made, by the application’s owner.", "offers made in the week"),
        _work(
            "placements",
            "Placements",
            "Offers accepted, by the placement’s owner.",
            "placements accepted in the week, those that fell through left out",
        ),
    )
}
