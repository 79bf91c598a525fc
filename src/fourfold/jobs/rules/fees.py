"""What a placement earns: the fee that its job's terms give, what departs from it, and a contract's margin."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fourfold.jobs.types.placing import WHOLE, Fee
from fourfold.jobs.types.words import PayPer


def fee(
    *, pay_minor: int | None, per: PayPer, fee_minor: int | None, fee_hundredths: int | None,
    retained: Sequence[int], from_bands: Callable[[int], int | None],
) -> Fee:  # fmt: skip
    """The fee on a placement in minor units, and where it comes from; ``minor`` is None where nothing says.

    The job's own fixed fee comes first, then the stages of a retained search (their sum), the job's own share, and the
    bands of the terms, which ``from_bands`` reads. Shares are of first-year pay: pay by the day or hour has none.
    """
    if fee_minor is not None:
        return Fee(fee_minor, None, "a fixed fee, agreed for this job")
    if retained:
        return Fee(sum(retained), None, "the stages of the retained search")
    if pay_minor is None or per is not PayPer.YEAR:
        return Fee(None, None, "")
    if fee_hundredths is not None:
        minor = (pay_minor * fee_hundredths + WHOLE // 2) // WHOLE
        return Fee(minor, fee_hundredths, "a share agreed for this job")
    found = from_bands(pay_minor)
    if found is None:
        return Fee(None, None, "")
    share = round(found * WHOLE / pay_minor) if pay_minor else None
    return Fee(found, share, "the terms of the client")


def week_margin(*, pay_minor: int, charge_minor: int, units_hundredths: int) -> int:
    """What a week brings at these rates a unit, in minor units, rounded half up."""
    return ((charge_minor - pay_minor) * units_hundredths + 50) // 100
