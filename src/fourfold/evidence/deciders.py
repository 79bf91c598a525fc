"""Who decided the spend behind a touch: money by person, so that whoever spends can be shown what it brought."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fourfold.evidence.facts import conform
from fourfold.evidence.types import FactKind

RULE = (
    "A touch belongs to whoever decided the spend that was paying for its channel on its day (UTC): spend that names "
    "the touch's campaign before spend that names its desk, that before the channel's; among equals the larger a day."
)


def with_deciders(touches: ir.Table, spend: ir.Table) -> ir.Table:
    """``touches`` with the column ``decided_by``: by ``RULE``; null where nobody's spend paid for the channel then."""
    touches = conform(touches, FactKind.TOUCH)
    paid = conform(spend, FactKind.SPEND)
    first = paid.from_date.cast("date")
    last = paid.to_date.cast("date").coalesce(first)
    days = last.delta(first, unit="day").cast("float64") + 1.0
    paid = paid.filter(paid.decided_by.nullif("").notnull()).select(
        paid_channel="channel",
        paid_campaign=paid.campaign.nullif(""),
        paid_desk=paid.desk.nullif(""),
        first=first,
        last=last,
        decided_by="decided_by",
        daily=paid.amount_minor.cast("float64") / days,
    )
    day = touches.occurred_at.cast("date")
    known = touches.select("fact_id", "channel", "campaign", "desk", day=day)
    pairs = known.join(
        paid,
        [
            known.channel == paid.paid_channel,
            known.day >= paid.first,
            known.day <= paid.last,
            paid.paid_campaign.isnull() | (paid.paid_campaign == known.campaign),
            paid.paid_desk.isnull() | (paid.paid_desk == known.desk),
        ],
    )
    nearest = ibis.row_number().over(
        ibis.window(
            group_by="fact_id",
            order_by=[
                pairs.paid_campaign.isnull(),
                pairs.paid_desk.isnull(),
                ibis.desc(pairs.daily),
                pairs.decided_by,
            ],
        )
    )
    ranked = pairs.mutate(nearest=nearest)
    found = ranked.filter(ranked.nearest == 0).select("fact_id", "decided_by")
    return touches.drop(*({"decided_by"} & set(touches.columns))).left_join(found, "fact_id").drop("fact_id_right")
