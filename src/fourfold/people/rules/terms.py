"""Terms of business on plain values: what a fee is, what comes back, how they are written and read, where we stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from fourfold.base.money import BadMoney, Money, parse_minor
from fourfold.people.types import (
    Band,
    ClientRefused,
    ClientStage,
    FeeBasis,
    Rebate,
    TermsDraft,
    TermsRow,
    TermsStanding,
    TermsState,
)

TODO = "Write a line a band, such as “up to 40000: 20%”, “40000 to 80000: 25%”, “above 80000: 30%” or “fixed: 5000”."
REBATE_TODO = "Write a line a step, such as “4 weeks: 100%” and “8 weeks: 50%”."
_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?\s*%")
_SPAN = re.compile(
    r"(?:(?:up to|below|under)\s+(?P<top>[\d,.]+)|(?P<low>[\d,.]+)\s*(?:to|-|–)\s*(?P<high>[\d,.]+)"
    r"|(?:above|over|from)\s+(?P<bottom>[\d,.]+)|(?P<any>any|all|fixed))",
    re.IGNORECASE,
)


def read_bands(text: str, *, basis: FeeBasis, currency: str) -> tuple[Band, ...]:
    """The fee bands that people write a line each. Raises ClientRefused, naming the line.

    Bands may not overlap, and none may lie within another.
    """
    bands = [_band(line.strip(), basis, currency) for line in text.splitlines() if line.strip()]
    bands.sort(key=lambda band: band.from_minor)
    for lower, upper in pairwise(bands):
        if lower.to_minor is None or lower.to_minor > upper.from_minor:
            raise ClientRefused("The fees were not read.", "Two bands overlap.", TODO)
    return tuple(bands)


def _band(line: str, basis: FeeBasis, currency: str) -> Band:
    left, _colon, right = line.partition(":")
    span = _SPAN.fullmatch(left.strip())
    if span is None or not right.strip():
        raise ClientRefused("The fees were not read.", f"“{line}” is no band.", TODO)
    try:
        low = parse_minor(span["low"] or span["bottom"] or "0", currency)
        top = span["top"] or span["high"]
        high = parse_minor(top, currency) if top else None
        share = _percent(right.strip())
        amount = None if share is not None else parse_minor(right.strip(), currency)
    except BadMoney as error:
        raise ClientRefused("The fees were not read.", f"“{line}”: {error.why}", TODO) from None
    if high is not None and high <= low:
        raise ClientRefused("The fees were not read.", f"“{line}” ends before it begins.", TODO)
    return Band(basis, low, high, share, amount)


def _percent(text: str) -> int | None:
    """Hundredths of a percent: “22.5%” is 2,250."""
    found = _PERCENT.fullmatch(text)
    if found is None:
        return None
    hundredths = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0") or 0)
    if hundredths > 10_000:
        raise ClientRefused("The terms were not read.", f"{text} is more than all of it.", "Check the percentage.")
    return hundredths


def read_rebates(text: str) -> tuple[Rebate, ...]:
    """The rebate scale that people write a line a step, by weeks. Raises ClientRefused.

    A later step may not give back more than an earlier one.
    """
    steps = []
    for line in (line.strip() for line in text.splitlines() if line.strip()):
        found = re.fullmatch(r"(?:within\s+)?(\d{1,3})\s*weeks?\s*:\s*(.+)", line, re.IGNORECASE)
        share = _percent(found[2].strip()) if found else None
        if found is None or share is None:
            raise ClientRefused("The rebates were not read.", f"“{line}” is no step.", REBATE_TODO)
        steps.append(Rebate(int(found[1]), share))
    steps.sort(key=lambda step: step.within_weeks)
    for earlier, later in pairwise(steps):
        if earlier.within_weeks == later.within_weeks or later.percent_hundredths > earlier.percent_hundredths:
            raise ClientRefused(
                "The rebates were not read.", "A later step gives back more, or one twice.", REBATE_TODO
            )
    return tuple(steps)


def percent_words(hundredths: int) -> str:
    """2,250 → “22.5%”."""
    return f"{hundredths / 100:g}%"


def band_words(band: Band, currency: str) -> str:
    """A band as people write it; reading it again gives the same band."""
    low, high = _amount(band.from_minor, currency), band.to_minor
    top = _amount(high, currency) if high is not None else None
    span = (
        ("any" if band.percent_hundredths is not None else "fixed")
        if not band.from_minor and top is None
        else f"up to {top}"
        if not band.from_minor
        else f"above {low}"
        if top is None
        else f"{low} to {top}"
    )
    charged = (
        percent_words(band.percent_hundredths)
        if band.percent_hundredths is not None
        else _amount(band.amount_minor or 0, currency)
    )
    return f"{span}: {charged}"


def _amount(minor: int, currency: str) -> str:
    """4,000,000 → “40,000”, 4,000,050 → “40,000.50”."""
    major = Money(minor, currency).major
    return f"{major:,.0f}" if major == major.to_integral_value() else f"{major:,f}"


def rebate_words(step: Rebate) -> str:
    return f"{step.within_weeks} weeks: {percent_words(step.percent_hundredths)}"


def fee_minor(bands: Iterable[Band], *, basis: FeeBasis, pay_minor: int) -> int | None:
    """The fee on a pay (or a contract's charge), in minor units, rounded half up; None where no band covers it.

    A band takes in its lower end and not its upper one; the highest takes in all above.
    """
    for band in bands:
        inside = band.from_minor <= pay_minor and (band.to_minor is None or pay_minor < band.to_minor)
        if band.basis is basis and inside:
            if band.amount_minor is not None:
                return band.amount_minor
            return (pay_minor * (band.percent_hundredths or 0) + 5_000) // 10_000
    return None


def rebate_minor(steps: Sequence[Rebate], *, fee: int, started: date, left: date) -> int:
    """What comes back of a fee when somebody leaves, in minor units. The last day of a week still counts to it."""
    days = (left - started).days
    for step in sorted(steps, key=lambda step: step.within_weeks):
        if days <= step.within_weeks * 7:
            return (fee * step.percent_hundredths + 5_000) // 10_000
    return 0


def standing(terms: Iterable[TermsRow], *, on: date) -> TermsStanding:
    """Where we stand with an organisation on a day: the best of its versions counts."""
    found = {row.state for row in terms if row.draft.ends_on is None or row.draft.ends_on >= on}
    if TermsState.ACCEPTED in found:
        return TermsStanding.ACCEPTED
    if any(row.state is TermsState.ACCEPTED for row in terms):
        return TermsStanding.ENDED
    if TermsState.SENT in found:
        return TermsStanding.SENT
    return TermsStanding.DRAFTED if TermsState.DRAFT in found else TermsStanding.NONE


def check_draft(draft: TermsDraft) -> None:
    """Raises ClientRefused for terms that say nothing, or an off-limits clause without its length."""
    if not draft.bands:
        raise ClientRefused("The terms were not kept.", "They name no fee.", TODO)
    if draft.off_limits and not draft.off_limits_months:
        raise ClientRefused(
            "The terms were not kept.", "The off-limits clause has no length.", "Say for how many months it holds."
        )


LATER_ON = tuple(ClientStage)


def settled_stage(
    stage: ClientStage | None, *, is_client: bool, deals: Sequence[datetime], at: datetime, months: int
) -> ClientStage | None:
    """The stage an organisation's work shows: first job, repeat, dormant after ``months`` (of 30.44 days) without.

    ``deals`` are the moments of its outcomes. One without any stays where people put it; a dormant one that gives work
    again is a client again.
    """
    if not deals:
        return stage or (ClientStage.FIRST_JOB if is_client else None)
    if max(deals) < at - timedelta(days=months * 30.44):
        return ClientStage.DORMANT
    days = {moment.date() for moment in deals}
    shown = ClientStage.REPEAT if len(days) > 1 else ClientStage.FIRST_JOB
    if stage is None or stage is ClientStage.DORMANT:
        return shown
    return max(stage, shown, key=LATER_ON.index)
