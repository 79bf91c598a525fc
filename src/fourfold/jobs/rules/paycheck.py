"""The pay check: calibre asked for against pay offered against market, said plainly."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from fourfold.jobs.types.paying import Market, MarketRefused, PayCheck, PayVerdict
from fourfold.jobs.types.words import Calibre

FEWEST = 5
"""A cell of our own figures needs so many."""

_CLOSE = 0.03


def market_from(pays: Sequence[int], *, cell: str) -> Market | MarketRefused:
    """What is paid, from our own jobs, offers and placements: quartiles by the inclusive method (Hyndman and Fan 7).

    ``pays`` in minor units. Fewer than five say nothing.
    """
    if len(pays) < FEWEST:
        return MarketRefused(have=len(pays), need=FEWEST, cell=cell)
    quarter, median, top = (round(one) for one in statistics.quantiles(pays, n=4, method="inclusive"))
    return Market(quarter, median, top, n=len(pays), source=cell)


def check_pay(calibre: Calibre, *, offered_minor: int, market: Market) -> PayCheck:
    """Whether the pay offered finds the people asked for.

    ``offered_minor`` is the most the client pays. What such people are paid: any of them from the lower quartile on,
    the upper half from the median on, the top quarter from the upper quartile on; the top tenth more than that, which
    quartiles can't say, so the upper quartile is the least. Within 3 % counts as fitting.
    """
    needed = {
        Calibre.ANY: market.quarter_minor,
        Calibre.UPPER_HALF: market.median_minor,
        Calibre.TOP_QUARTER: market.top_quarter_minor,
        Calibre.TOP_TENTH: market.top_quarter_minor,
    }[calibre]
    if offered_minor < needed * (1 - _CLOSE):
        verdict = PayVerdict.LOW
    elif offered_minor > needed * (1 + _CLOSE):
        verdict = PayVerdict.ABOVE
    else:
        verdict = PayVerdict.FITS
    return PayCheck(
        verdict=verdict,
        offered_minor=offered_minor,
        needed_minor=needed,
        of_median=round(offered_minor / market.median_minor, 2),
        market=market,
    )
