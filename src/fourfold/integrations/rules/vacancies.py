"""What rows of another system say about jobs, submissions, CVs sent and placements: states, kinds, pay, days.

Its houses name states as they like: these are the usual ones. One that is unknown is told to whoever brings it in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar
from uuid import UUID

from fourfold.base.money import minor_digits
from fourfold.integrations.rules.cells import Cells
from fourfold.integrations.rules.names import plain_name
from fourfold.integrations.rules.records import day, flag, moment
from fourfold.jobs.types import (
    AssignmentChange,
    CloseReason,
    Ended,
    JobKind,
    JobStatus,
    PaidVia,
    PayPer,
    PlacementState,
    SplitPart,
    SplitRole,
    Stage,
    Workplace,
)
from fourfold.people.types import JobLeadState

MOST_MINOR = 10**13
BELIEVED_SHARE = 50
"""A fee above this many per cent of pay is taken for something else."""


T = TypeVar("T")


def _table(words: Mapping[T, str]) -> dict[str, T]:
    return {word: meaning for meaning, held in words.items() for word in held.split()}


KINDS = _table({
    JobKind.PERMANENT: "permanent perm direct_hire full_time part_time fulltime parttime fixed_term "
    "fixed_term_contract ftc retained employee direct_placement",
    JobKind.CONTRACT: "contract contract_to_hire contract_to_perm corp_to_corp freelance contractor c2h interim "
    "statement_of_work",
    JobKind.TEMPORARY: "temporary temp temp_to_perm temp_to_hire temporary_to_permanent shift seasonal day_rate",
})  # fmt: skip
JOB_STATES = _table({
    JobStatus.OPEN: "open accepting_candidates active new currently_interviewing interviewing interview offer_out "
    "live accepting in_progress submitted covered shortlisting",
    JobStatus.ON_HOLD: "hold on_hold pending paused hold_client_hold client_hold",
    JobStatus.FILLED: "filled placed filled_by_us hired complete completed",
    JobStatus.CLOSED: "closed cancelled canceled lost archive archived lost_to_competitor filled_by_client "
    "filled_internally filled_by_competitor filled_elsewhere dead no_longer_accepting withdrawn",
    JobStatus.DRAFT: "draft lead unapproved awaiting_approval pending_approval",
})  # fmt: skip
CLOSE_REASONS = (
    (CloseReason.FILLED_BY_CLIENT, ("client", "internal", "in_house", "direct")),
    (CloseReason.FILLED_ELSEWHERE, ("competitor", "elsewhere", "agency", "lost")),
    (CloseReason.BUDGET, ("budget", "freeze", "funding")),
    (CloseReason.NOT_WORKABLE, ("workable", "unrealistic", "no_response", "unresponsive")),
)
SOURCED, APPLIED, SENT, MET, OFFERED = Stage.SOURCED, Stage.APPLIED, Stage.SUBMITTED, Stage.INTERVIEW, Stage.OFFER
PROGRESS: dict[str, tuple[Stage, Ended | None]] = _table({
    (SOURCED, None): "sourced added potential longlist longlisted identified prospect",
    (Stage.APPROACHED, None): "approached contacted left_message messaged emailed called attempted_contact",
    (Stage.INTERESTED, None): "interested internal_submission internally_submitted shortlist shortlisted prescreened "
    "screened qualified phone_screen sales_submission sales_review",
    (APPLIED, None): "applied new_lead new web_response online_applicant response applicant reviewed",
    (SENT, None): "submitted client_submission cv_sent cv_submitted sendout sent submitted_to_client client_review "
    "sent_to_client client_submitted resume_submitted",
    (MET, None): "interview interviewing interview_scheduled interview_requested client_interview first_interview "
    "second_interview third_interview final_interview 1st_interview 2nd_interview 3rd_interview interviewed",
    (OFFERED, None): "offer offered offer_extended offer_made offer_out offer_accepted accepted verbal_offer",
    (Stage.PLACED, None): "placed complete completed hired placement started filled confirmed",
    (APPLIED, Ended.NOT_SUBMITTED): "rejected internally_rejected not_suitable unqualified unsuitable declined "
    "sales_rep_rejected sales_rejected recruiter_rejected not_qualified screened_out cv_rejected",
    (SENT, Ended.CLIENT_SAID_NO): "client_rejected rejected_by_client client_declined not_selected "
    "client_not_interested rejected_after_submission",
    (MET, Ended.CLIENT_SAID_NO): "rejected_after_interview interview_rejected rejected_at_interview",
    (APPLIED, Ended.WITHDREW): "withdrawn withdrew candidate_withdrew candidate_withdrawn candidate_not_interested "
    "not_interested candidate_rejected candidate_declined",
    (OFFERED, Ended.DECLINED_OFFER): "offer_rejected offer_declined declined_offer rejected_offer offer_refused",
    (OFFERED, Ended.CLIENT_SAID_NO): "offer_withdrawn",
    (APPLIED, Ended.JOB_CLOSED): "job_closed position_closed job_filled position_filled cancelled canceled",
})  # fmt: skip
PLACED, OVER, FELL = "placed", "over", "fell"
PLACINGS = _table({
    PLACED: "approved active placed submitted pending requested_approval started confirmed new accepted current "
    "pending_approval on_assignment working",
    OVER: "completed complete terminated ended finished left archive archived closed inactive resigned expired",
    FELL: "cancelled canceled fell_through rejected declined did_not_start backed_out no_show withdrawn not_started "
    "fall_off falloff",
})  # fmt: skip
LEADS = _table({
    JobLeadState.OPEN: "open new new_lead prospective active qualifying",
    JobLeadState.PURSUED: "contacted working negotiating pursued qualified in_progress proposal committed negotiation",
    JobLeadState.BECAME_JOB: "won converted closed_won job became_job converted_to_job",
    JobLeadState.DROPPED: "lost closed closed_lost dropped dead unqualified lost_to_competition not_interested "
    "archive disqualified",
})  # fmt: skip
_PLACES = (
    (Workplace.REMOTE, ("remote", "home", "off_site", "offsite")),
    (Workplace.HYBRID, ("hybrid", "both", "flexible", "no_preference")),
)
_PART = re.compile(
    r"\s*(?P<name>[^:;|(%\d]+?)\s*(?:\((?P<role>[^)]*)\))?\s*[:=-]?\s*(?P<share>\d{1,3}(?:\.\d{1,2})?)\s*%"
)


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """What a cell was taken for; ``known`` is False where its words have no place of their own here."""

    value: T
    known: bool = True


def job_kind(text: str) -> Read[JobKind]:
    """Permanent where nothing is said; unknown words are taken for that too."""
    plain = plain_name(text)
    return Read(KINDS.get(plain, JobKind.PERMANENT), not plain or plain in KINDS)


def job_status(text: str, *, is_open: str, closed: bool) -> Read[JobStatus]:
    """Where a job is. A flag that it isn't open weighs more than a state that says it is."""
    plain, is_live = plain_name(text), flag(is_open)
    found = JOB_STATES.get(plain)
    over = is_live is False or (is_live is None and closed)
    if found is None:
        return Read(JobStatus.CLOSED if over else JobStatus.OPEN, known=not plain)
    if found in (JobStatus.OPEN, JobStatus.ON_HOLD, JobStatus.DRAFT) and is_live is False:
        return Read(JobStatus.CLOSED)
    return Read(found)


def close_reason(*texts: str) -> CloseReason:
    """Why a job ended: by the words for it, else that it was cancelled."""
    plain = plain_name(" ".join(texts))
    return next(
        (reason for reason, words in CLOSE_REASONS if any(word in plain for word in words)), CloseReason.CANCELLED
    )


def progress(text: str, *, came_themselves: bool) -> Read[tuple[Stage, Ended | None]]:
    """How far somebody is, and whether it ended. Unknown words land where they began: applied, or sourced."""
    plain = plain_name(text)
    found = PROGRESS.get(plain)
    return Read(found) if found else Read((APPLIED if came_themselves else SOURCED, None), known=not plain)


def lead_state(text: str, *, is_open: str = "") -> Read[JobLeadState]:
    """Where a lead stands; one that isn't open any more and says nothing else is dropped."""
    plain = plain_name(text)
    found = LEADS.get(plain)
    if flag(is_open) is False and found in {None, JobLeadState.OPEN, JobLeadState.PURSUED}:
        return Read(JobLeadState.DROPPED, known=found is not None or not plain)
    return Read(found or JobLeadState.OPEN, known=found is not None or not plain)


def workplace(text: str) -> Workplace:
    plain = plain_name(text)
    return next((place for place, words in _PLACES if any(word in plain for word in words)), Workplace.ON_SITE)


def minor(text: str, currency: str) -> int | None:
    """An amount in minor units, rounded half even; None for nothing, less than nothing and what is no amount."""
    number = _number(text)
    if number is None or number <= 0:
        return None
    found = int((number.scaleb(minor_digits(currency))).to_integral_value())
    return found if 0 < found < MOST_MINOR else None


def _number(text: str) -> Decimal | None:
    plain = re.sub(r"[\s,£$€]|[A-Z]{3}", "", text).removesuffix("%")
    try:
        found = Decimal(plain) if plain else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() and found.adjusted() < 15 else None


def whole(text: str) -> int:
    """A count; 0 where the cell holds none."""
    number = _number(text)
    return int(number) if number is not None and 0 < number < 10**6 else 0


def share_hundredths(text: str) -> int | None:
    """A fee's share in hundredths of a per cent: 20, 20% and 0.2 are the same. None above what is believed."""
    number = _number(text)
    if number is None or number <= 0 or number > BELIEVED_SHARE:
        return None
    return int((number * (10_000 if number <= 1 else 100)).to_integral_value())


def per(text: str, kind: JobKind) -> PayPer:
    """By the year for permanent work, whatever the cell says; else by day where it says so, by the hour otherwise."""
    if kind is JobKind.PERMANENT:
        return PayPer.YEAR
    return PayPer.DAY if "da" in plain_name(text) else PayPer.HOUR


def pay(cells: Mapping[str, str], kind: JobKind, currency: str) -> int | None:
    """What is paid: a year's salary for permanent work, a rate for other; one stands in where the other is missing."""
    names = ("salary",) if kind is JobKind.PERMANENT else ("pay_rate", "salary")
    found = (minor(cells.get(name, ""), currency) for name in names)
    return next((amount for amount in found if amount), None)


def pay_range(cells: Mapping[str, str], kind: JobKind, currency: str) -> tuple[int | None, int | None]:
    """From and to, in order."""
    one = pay(cells, kind, currency)
    low, high = (minor(cells.get(name, ""), currency) for name in ("pay_from", "pay_to"))
    found = sorted(amount for amount in (low, one if not (low and high) else None, high) if amount)
    return (found[0], found[-1]) if found else (None, None)


def moment_of(reader: Cells, text: str) -> datetime | None:
    """A moment, with its time where the cell has one; None where it can't be told, and for one to come."""
    written = moment(reader, text)
    found = datetime.fromisoformat(written) if written else None
    return found if found and found <= reader.at else None


def day_of(reader: Cells, text: str) -> date | None:
    written = day(reader, text)
    return date.fromisoformat(written) if written else None


@dataclass(frozen=True, slots=True)
class Placing:
    """What a row says of a placement's course."""

    state: PlacementState
    accepted_on: date
    start_on: date | None
    left_on: date | None
    known: bool = True


def placing(reader: Cells, cells: Mapping[str, str], kind: JobKind, *, today: date) -> Placing | None:
    """The course of a placement by its state and its days; None where no day is told at all.

    One whose last day has passed is over. A permanent one that is “completed” without a last day goes on: there, that
    word says that the paperwork is done.
    """
    names = ("started_on", "ended_on", "effective_on", "added_at", "changed_at")
    days = {name: day_of(reader, cells.get(name, "")) for name in names}
    begin, end = days["started_on"], days["ended_on"]
    told = [one for one in (days["added_at"], days["effective_on"], begin) if one]
    if not told:
        return None
    accepted = days["effective_on"] or days["added_at"] or begin
    assert accepted is not None
    accepted = min(accepted, begin) if begin else accepted
    if end and end < accepted:
        end = None
    word = PLACINGS.get(plain_name(cells.get("status", "")))
    known = word is not None or not cells.get("status")
    if word == FELL:
        return Placing(PlacementState.FELL_THROUGH, accepted, begin, end or begin or accepted, known)
    if begin is None or begin > today:
        return Placing(PlacementState.ACCEPTED, accepted, begin, None, known)
    gone = end is not None and end <= today
    if gone or (word == OVER and (kind is not JobKind.PERMANENT or plain_name(cells["status"]) not in _DONE)):
        return Placing(
            PlacementState.LEFT, accepted, begin, end if gone else max(begin, min(today, end or begin)), known
        )
    return Placing(PlacementState.STARTED, accepted, begin, None, known)


_DONE = frozenset(["completed", "complete", "archive", "archived", "closed"])


def assignment(
    reader: Cells, cells: Mapping[str, str], kind: JobKind, currency: str, start: date | None
) -> AssignmentChange | None:
    """The working life of a contract or temporary placement; None for permanent ones, and without days and rates."""
    paid = pay(cells, kind, currency)
    charged = minor(cells.get("charge_rate", ""), currency)
    end = day_of(reader, cells.get("ended_on", ""))
    if end is None and start and whole(cells.get("weeks", "")):
        end = start + timedelta(weeks=min(whole(cells["weeks"]), 520))
    if kind is JobKind.PERMANENT or start is None or end is None or end < start:
        return None
    if paid is None or charged is None or charged < paid:
        return None
    unit = per(cells.get("pay_unit", ""), kind)
    hours = _number(cells.get("hours", "")) or Decimal("7.5")
    week = 500 if unit is PayPer.DAY else int(hours * 500) if 0 < hours <= 24 else 3_750
    how = plain_name(cells.get("paid_how", ""))
    own = any(word in how for word in ("1099", "ltd", "limited", "psc", "own_company", "corp"))
    via = PaidVia.UMBRELLA if "umbrella" in how else PaidVia.OWN_COMPANY if own else PaidVia.PAYE
    return AssignmentChange(
        starts_on=start, ends_on=end, unit=unit, units_a_week_hundredths=max(1, week), pay_minor=paid,
        charge_minor=charged, paid_via=via,
    )  # fmt: skip


def fee(cells: Mapping[str, str], *, pay_minor: int | None, currency: str) -> tuple[int | None, int | None]:
    """A permanent placement's fee: the sum in minor units, and its share where it is one."""
    flat = minor(cells.get("flat_fee", ""), currency)
    share = share_hundredths(cells.get("fee", ""))
    if flat is not None:
        return flat, None
    if share is None or pay_minor is None:
        return None, None
    return (pay_minor * share + 5_000) // 10_000, share


def split(text: str, colleagues: Mapping[str, str]) -> tuple[SplitPart, ...]:
    """Who has which share, where every name is a colleague's and the shares are 100 together; else nothing."""
    parts: dict[tuple[UUID, SplitRole], int] = {}
    for one in filter(str.strip, re.split(r"[;|\n]", text)):
        found = _PART.fullmatch(one.strip())
        key = colleagues.get(" ".join(found["name"].lower().split())) if found else None
        if found is None or key is None:
            return ()
        role = plain_name(found["role"] or "")
        meant = (
            SplitRole.WON_CLIENT if "sale" in role else SplitRole.FOUND if "recruit" in role else SplitRole.DELIVERED
        )
        place = (UUID(key), meant)
        parts[place] = parts.get(place, 0) + int(Decimal(found["share"]) * 100)
    if sum(parts.values()) != 10_000 or any(share < 1 for share in parts.values()):
        return ()
    return tuple(SplitPart(key, role, share) for (key, role), share in parts.items())
