"""Rows of touches and of outcomes."""

from __future__ import annotations

from typing import Any

from fourfold.integrations.rules.cells import BadRowError, Cells, one_of
from fourfold.ledger.types import Basis, OutcomeKind, Side


def read_touch(reader: Cells, cells: dict[str, str]) -> dict[str, Any]:
    direction = cells.get("direction", "").lower() or "out"
    if direction not in {"in", "out"}:
        raise BadRowError(f"direction “{direction}” is neither in nor out.")
    channel, other = reader.channel(cells["channel"])
    return {
        **reader.texts(cells, "action actor team campaign theme stream desk job asset office brand"),
        **({"asset": cells.get("asset") or other} if other else {}),
        **reader.who(cells),
        "occurred_at": reader.moment("occurred_at", cells["occurred_at"]),
        "channel": channel,
        "direction": direction,
        "machine": reader.flag("machine", cells.get("machine", "")),
    }


def read_outcome(reader: Cells, cells: dict[str, str]) -> dict[str, Any]:
    kind = one_of(OutcomeKind, "outcome_kind", cells.get("outcome_kind") or OutcomeKind.CASH)
    minor, currency = reader.money(cells, "value", "value_minor")
    if kind == OutcomeKind.CASH and minor is None:
        raise BadRowError("value is empty: cash needs an amount.")
    default = Side.CANDIDATE if kind == OutcomeKind.CASH else Side(kind)
    return {
        **reader.texts(cells, "desk team actor job placement office brand"),
        **reader.who(cells),
        "engagement": reader.engagement(cells.get("engagement", "")),
        "side": one_of(Side, "side", cells.get("side") or default.value),
        "occurred_at": reader.moment("occurred_at", cells["occurred_at"], end_of_day=True),
        "outcome_kind": kind,
        "basis": one_of(Basis, "basis", cells.get("basis") or Basis.ACCEPTED) if minor is not None else None,
        "value_minor": minor,
        "currency": currency if minor is not None else None,
    }
