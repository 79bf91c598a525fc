"""A tiny house in memory: raw facts written by hand, as tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid5

import pyarrow as pa

from fourfold.evidence.facts import Tables, columns, connect, registered, segment_schema
from fourfold.evidence.types import FactKind

SPACE = UUID("00000000-0000-0000-0000-00000000f0f0")


def key(name: str) -> bytes:
    """The 16-byte key of a named thing."""
    return uuid5(SPACE, name).bytes


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class House:
    """Post facts in order; ``tables`` gives them raw."""

    def __init__(self) -> None:
        self.rows: dict[FactKind, list[dict[str, Any]]] = {kind: [] for kind in FactKind}
        self._seq = count(1)

    def post(self, kind: FactKind, ref: str, when: str, **own: Any) -> bytes:
        """One revision of the fact ``ref``. Names of people and things become keys. Returns its fact id."""
        revision = own.pop("revision", 0)
        fact_id = key(f"{kind}/{ref}/{revision}")
        known = {column.name for column in columns(kind)}
        row = {
            "fact_id": fact_id,
            "seq": next(self._seq),
            "kind": kind.value,
            "occurred_at": at(when),
            "recorded_at": at(when),
            "batch": key(own.pop("batch", "batch")),
            "void": own.pop("void", False),
            "source": "test",
            "source_ref": f"{kind}/{ref}",
            "revision": revision,
        }
        for name, value in own.items():
            assert name in known, name
            row[name] = key(value) if name in {"person_key", "into_key", "organisation"} else value
        self.rows[kind].append(row)
        return fact_id

    def touch(self, person: str, when: str, channel: str = "email", **own: Any) -> bytes:
        ref = own.pop("ref", f"{person}{when}{channel}{own.get('action', '')}")
        return self.post(FactKind.TOUCH, ref, when, person_key=person, channel=channel, **own)

    def outcome(self, ref: str, when: str, value: int | None = None, **own: Any) -> bytes:
        money = {} if value is None else {"value_minor": value, "currency": own.pop("currency", "GBP")}
        return self.post(FactKind.OUTCOME, ref, when, **{"outcome_kind": "cash"} | money | own)

    def party(self, outcome: bytes, person: str, side: str, when: str = "2026-01-01") -> bytes:
        ref = f"{outcome.hex()}{person}{side}"
        return self.post(FactKind.PARTY, ref, when, outcome=outcome, person_key=person, side=side)

    def placement(self, ref: str, when: str, value: int, candidate: str, client: str | None, **own: Any) -> bytes:
        outcome = self.outcome(ref, when, value, **own)
        self.party(outcome, candidate, "candidate")
        if client is not None:
            self.party(outcome, client, "client")
        return outcome

    def spend(self, first: date, last: date, channel: str, amount: int, currency: str = "GBP", **own: Any) -> bytes:
        own |= {"from_date": first, "to_date": last, "channel": channel, "amount_minor": amount, "currency": currency}
        names = (own.get(name) for name in ("campaign", "desk", "decided_by"))
        return self.post(FactKind.SPEND, f"{first}{last}{channel}{amount}{[*names]}", "2026-01-01", **own)

    def void_batch(self, batch: str) -> None:
        self.post(FactKind.VOID, f"void {batch}", "2026-01-01", batch=batch, void=True)

    def tables(self) -> Tables:
        connection = connect(threads=1)
        return {
            kind: registered(connection, f"raw_{kind}", pa.Table.from_pylist(rows, schema=segment_schema(kind)))
            for kind, rows in self.rows.items()
        }
