"""The job that looks for records of one human: reads, matches, and hands over what it found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from fourfold.people import actions, queries, rules
from fourfold.people.compute import matching
from fourfold.people.compute.matching import Column, Kind, Levels, Pairs, Settings, Weights
from fourfold.people.types import FoundPair, MatchRow

SUGGEST = 0.95
"""From here on a pair is shown. On the sets of benchmarks/duplicates.py precision is 0.98 well below it."""
FEWEST = 2  # records


def look(*, key: UUID, at: datetime) -> int:
    """Do one look that was asked for. Returns how many pairs it suggests; one that ended already is left alone."""
    if not actions.begin_look(key=key, at=at):
        return 0
    run = queries.match_run(key)
    before = queries.last_run()
    since = None if run.whole or before is None else before.upto
    rows = list(queries.match_rows(since=since))
    whole = queries.last_run(whole=True)
    known = None if run.whole or whole is None else read_weights(whole.weights)
    found, compared, weights = find(rows, known, Settings())
    actions.end_look(
        key=key,
        found=found,
        people=len(rows),
        compared=compared,
        weights=write_weights(weights) if weights else {},
        at=at,
    )
    return len(found)


def columns_of(rows: Sequence[MatchRow]) -> list[Column]:
    """The columns that the matcher compares."""
    none: tuple[str, ...] = ()
    held = {text: (text,) for row in rows for text in (row.given, row.family, row.city, row.organisation, row.headline)}
    held[""] = none  # type: ignore[assignment]
    return [
        Column("given", Kind.GIVEN, [held[row.given] for row in rows]),
        Column("family", Kind.FAMILY, [held[row.family] for row in rows]),
        Column("email", Kind.EMAIL, [row.emails for row in rows]),
        Column("phone", Kind.PHONE, [row.phones for row in rows]),
        Column("city", Kind.TEXT, [held[row.city] for row in rows]),
        Column("organisation", Kind.TEXT, [held[row.organisation] for row in rows]),
        Column("headline", Kind.TEXT, [held[row.headline] for row in rows]),
    ]


def find(
    rows: Sequence[MatchRow], known: Weights | None, settings: Settings
) -> tuple[list[FoundPair], int, Weights | None]:
    """Pairs likely enough to be shown, how many were compared, and the weights used.

    With ``known`` weights only pairs with a changed record are compared; without, all, and the weights are learnt.
    """
    if len(rows) < FEWEST:
        return [], 0, known
    columns = matching.prepared(columns_of(rows))
    pairs = matching.candidate_pairs(columns, settings)
    if known is not None:
        changed = np.fromiter((row.changed for row in rows), bool, len(rows))
        pairs = pairs[changed[pairs[:, 0]] | changed[pairs[:, 1]]]
    if not len(pairs):
        return [], 0, known
    levels = matching.compare(columns, pairs, settings.chunk)
    weights = known or matching.learn(columns, levels, pairs, settings)
    weights.common = weights.common or matching.frequencies(columns, settings)
    odds = matching.log_odds(columns, pairs, weights, levels)
    together = {
        row: number for number, group in enumerate(matching.groups(columns, pairs, odds, weights)) for row in group
    }
    return _suggested(rows, pairs, odds, levels, together), len(pairs), weights


def _suggested(
    rows: Sequence[MatchRow],
    pairs: Pairs,
    odds: NDArray[np.float64],
    levels: Mapping[str, Levels],
    together: Mapping[int, int],
) -> list[FoundPair]:
    """Pairs of one group that are likely by themselves; a third record's word is heard once the first two are one."""
    likely = matching.as_probability(odds)
    found = []
    for place in np.flatnonzero(likely >= SUGGEST).tolist():
        one, other = (int(row) for row in pairs[place])
        if together.get(one, -1) != together.get(other, -2):
            continue
        agreed = {name: int(held[place]) for name, held in levels.items()}
        if not _may_be_shown(rows[one], rows[other], agreed):
            continue
        left, right = sorted((rows[one], rows[other]), key=lambda row: row.key)
        reasons = tuple((name, level) for name, level in agreed.items() if level >= 0)
        chance = round(float(likely[place]), 6)
        found.append(FoundPair(left.key, right.key, chance, reasons, rules.fingerprint(left, right)))
    return found


SUPPORT = {"email": 1, "phone": 1, "city": 2, "organisation": 2, "headline": 2}


def _may_be_shown(one: MatchRow, other: MatchRow, agreed: Mapping[str, int]) -> bool:
    """Whether people would see why: the names agree, or an address does, and something beside the name speaks for it.

    A house without duplicates has nothing to learn weights from: this keeps namesakes and families out of the queue.
    """
    if not any(agreed[name] >= least for name, least in SUPPORT.items()):
        return False
    if agreed["email"] >= 2 or agreed["phone"] >= 1:
        return agreed["family"] != 0 or agreed["given"] != 0
    if agreed["family"] < 2:
        return False
    short = sorted((one.given, other.given), key=len)
    return agreed["given"] >= 2 or (agreed["family"] == 3 and bool(short[0]) and short[1].startswith(short[0]))


def write_weights(weights: Weights) -> dict[str, Any]:
    """As JSON; the shares of values, which are names, are not kept."""
    lists = {part: {name: held.tolist() for name, held in getattr(weights, part).items()} for part in ("m", "u")}
    return {**lists, "share": weights.share}


def read_weights(kept: Mapping[str, Any]) -> Weights | None:
    if not kept:
        return None
    m, u = ({name: np.array(held) for name, held in kept[part].items()} for part in ("m", "u"))
    return Weights(m=m, u=u, share=float(kept["share"]))
