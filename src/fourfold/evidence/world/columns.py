"""A simulation as the input tables of evidence: columns by the names of docs/evidence.md, ready for Arrow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from fourfold.evidence.world.draws import Ints, Times
from fourfold.evidence.world.tables import NONE, Simulation

Columns = dict[str, list[Any]]
_PERSON, _ORGANISATION, _BATCH = 1, 2, 3
_KINDS = {"touch": 4, "outcome": 5, "party": 6, "spend": 7, "allocation": 8, "identity": 9}


def as_columns(simulation: Simulation) -> dict[str, Columns]:
    """The six kinds of fact as columns; keys are 16 bytes, moments aware datetimes, what is unknown is None.

    Every fact is live, of one batch and of revision 0; ``seq`` runs through all kinds in turn. Pay and prices are left
    out: they are no facts.
    """
    found = {
        "touch": _touch(simulation),
        "outcome": _outcome(simulation),
        "party": _party(simulation),
        "spend": _spend(simulation),
        "allocation": _allocation(simulation),
        "identity": _identity(simulation),
    }
    seq = 0
    for kind, columns in found.items():
        count = len(columns["occurred_at"])
        columns |= {
            "fact_id": _keys(_KINDS[kind], np.arange(count)),
            "seq": list(range(seq + 1, seq + count + 1)),
            "kind": [kind] * count,
            "recorded_at": columns["occurred_at"],
            "batch": _keys(_BATCH, np.zeros(count, dtype=np.int64)),
            "supersedes": [None] * count,
            "void": [False] * count,
            "source": ["world"] * count,
            "source_ref": [f"{_KINDS[kind]:02x}{place:030x}" for place in range(count)],
            "revision": [0] * count,
            "office": [None] * count,
            "brand": [None] * count,
        }
        found[kind] = columns
        seq += count
    return found


def person_keys(people: Ints) -> list[Any]:
    """The 16-byte key of each person index; None for none."""
    return _keys(_PERSON, people)


def _touch(simulation: Simulation) -> Columns:
    touches, words = simulation.touches, simulation.words
    return {
        "occurred_at": _moments(touches.at),
        "person_key": person_keys(touches.person),
        "organisation": _keys(_ORGANISATION, touches.organisation),
        "channel": _words(words.channels, touches.channel),
        "action": _words(words.actions, touches.action),
        "direction": _words(words.directions, touches.direction),
        "team": _words(words.teams, touches.team),
        "actor": _names("colleague", touches.actor),
        "campaign": _words(words.campaigns, touches.campaign),
        "theme": _words(words.themes, touches.theme),
        "stream": _words(words.streams, touches.stream),
        "desk": _words(words.desks, touches.desk),
        "job": _names("job", touches.job),
        "asset": _words(words.assets, touches.asset),
        "machine": touches.machine.tolist(),
    }


def _outcome(simulation: Simulation) -> Columns:
    outcomes, words = simulation.outcomes, simulation.words
    money = outcomes.placement != NONE
    return {
        "occurred_at": _moments(outcomes.at),
        "outcome_kind": _words(words.kinds, outcomes.kind),
        "basis": [simulation.basis if paid else None for paid in money.tolist()],
        "value_minor": [
            value if paid else None for value, paid in zip(outcomes.value_minor.tolist(), money.tolist(), strict=True)
        ],
        "currency": [simulation.currency if paid else None for paid in money.tolist()],
        "engagement": _words(words.engagements, outcomes.engagement),
        "organisation": _keys(_ORGANISATION, outcomes.organisation),
        "desk": _words(words.desks, outcomes.desk),
        "team": _words(words.teams, np.where(outcomes.actor == NONE, NONE, words.teams.index("recruiting"))),
        "actor": _names("colleague", outcomes.actor),
        "job": _names("job", outcomes.job),
        "placement": _names("placement", outcomes.placement),
    }


def _party(simulation: Simulation) -> Columns:
    parties = simulation.parties
    return {
        "occurred_at": _moments(simulation.outcomes.at[parties.outcome]),
        "outcome": _keys(_KINDS["outcome"], parties.outcome),
        "person_key": person_keys(parties.person),
        "side": _words(simulation.words.sides, parties.side),
    }


def _spend(simulation: Simulation) -> Columns:
    bills, words = simulation.spend, simulation.words
    blank: list[Any] = [None] * len(bills)
    return {
        "occurred_at": [datetime(b.last.year, b.last.month, b.last.day, tzinfo=UTC) for b in bills],
        "from_date": [bill.first for bill in bills],
        "to_date": [bill.last for bill in bills],
        "channel": [words.channels[bill.channel] for bill in bills],
        "campaign": blank,
        "theme": blank,
        "stream": blank,
        "desk": [words.desks[bill.desk] if bill.desk != NONE else None for bill in bills],
        "team": blank,
        "amount_minor": [bill.amount_minor for bill in bills],
        "currency": [simulation.currency] * len(bills),
        "budget_line": blank,
        "decided_by": [simulation.decided_by[bill.channel] for bill in bills],
    }


def _allocation(simulation: Simulation) -> Columns:
    drawn = simulation.allocations
    return {
        "occurred_at": _moments(drawn.at),
        "person_key": person_keys(drawn.person),
        "unit": ["person"] * len(drawn.person),
        "experiment": _words(drawn.names, drawn.experiment),
        "arm": ["treatment" if treated else "control" for treated in drawn.treated.tolist()],
    }


def _identity(simulation: Simulation) -> Columns:
    merged = simulation.identities
    return {
        "occurred_at": _moments(merged.at),
        "person_key": person_keys(merged.person),
        "into_key": person_keys(merged.into),
    }


def _moments(times: Times) -> list[datetime]:
    return [moment.replace(tzinfo=UTC) for moment in times.astype("datetime64[us]").tolist()]


def _words(words: Sequence[str], places: Ints) -> list[str | None]:
    known: list[str | None] = [*words, None]
    return [known[place] for place in places.tolist()]


def _names(thing: str, places: Ints) -> list[str | None]:
    return [None if place == NONE else f"{thing} {place}" for place in places.tolist()]


def _keys(tag: int, places: Ints) -> list[Any]:
    start = tag << 120
    return [None if place == NONE else (start + place).to_bytes(16, "big") for place in places.tolist()]
