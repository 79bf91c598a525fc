"""Files, imports and colleagues for the tests of this room."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role, Viewer
from fourfold.base.actor import COMMAND_LINE, Actor
from fourfold.integrations import actions, queries
from fourfold.integrations.types import CrossingRow, FileKind, ImportRow, Settings, State
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import Channel, Kind
from fourfold.people import queries as people
from fourfold.people.types import Identifier, Scheme

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
_numbers = count(1)

TOUCHES = """Email,Date,Channel,Campaign,Direction
jane@example.com,2026-02-01,email,Spring guide,out
jane@example.com,2026-02-03T09:30,email,Spring guide,in
john@example.com,2026-02-04,phone,,out
"""
OUTCOMES = """id,date,kind,value,email,side,engagement
P1,2026-02-20,cash,12000,jane@example.com,candidate,permanent
P1,2026-02-20,cash,12000,carl@client.example,client,permanent
C1,2026-02-10,client,,carl@client.example,client,
"""
SPEND = """month,channel,amount,decided_by
2026-01,job_board,1500.50,Milo
2026-02,linkedin,"2,000",Milo
"""


def colleague(*roles: Role, name: str = "Milo Brandt") -> Viewer:
    """Somebody who can sign in, with these roles or none."""
    email = f"user{next(_numbers)}@northgate.example"
    new = NewUser(email=email, name=name, roles=frozenset(roles), password=None)
    viewer = accounts_queries.viewer_of(accounts.add_users(users=[new], by=COMMAND_LINE, at=NOON)[0])
    assert viewer is not None
    return viewer


def marketer() -> Viewer:
    return colleague(Role.MARKETER)


def take_in(
    content: str | bytes, kind: FileKind = FileKind.TOUCHES, *, by: Actor = COMMAND_LINE, name: str = "own.csv"
) -> UUID:
    """A file that has been handed in; nothing of it has been read."""
    raw = content.encode() if isinstance(content, str) else content
    return actions.take_in(kind=kind, name=name, content=io.BytesIO(raw), settings=Settings(), by=by, at=NOON)


def confirm(key: UUID, *, viewer: Viewer | None = None, settings: Settings | None = None, **mapping: str) -> None:
    """Confirm the guessed columns, some of them changed."""
    found = queries.worker_import(key)
    actions.confirm_columns(
        key=key,
        mapping={**found.mapping, **mapping},
        settings=settings or found.settings,
        viewer=viewer,
        by=viewer.actor() if viewer else COMMAND_LINE,
        at=NOON,
    )


def checked(
    content: str | bytes, kind: FileKind = FileKind.TOUCHES, *, by: Actor = COMMAND_LINE, **settings: Any
) -> ImportRow:
    """An import whose rows were checked."""
    key = take_in(content, kind, by=by)
    read = actions.read_columns(key=key)
    assert read.state is State.MAPPING, read.error
    confirm(key, settings=Settings(**settings))
    return actions.check_rows(key=key, at=NOON)


def applied(
    content: str | bytes, kind: FileKind = FileKind.TOUCHES, *, by: Actor = COMMAND_LINE, **settings: Any
) -> ImportRow:
    """An import whose rows are in the ledger."""
    key = checked(content, kind, by=by, **settings).key
    actions.apply(key=key, viewer=None, by=by, at=NOON)
    return actions.apply_rows(key=key, at=NOON)


def taken_back(key: UUID) -> ImportRow:
    actions.take_back(key=key, viewer=None, by=COMMAND_LINE, at=NOON)
    return actions.void_rows(key=key, at=NOON)


def spent() -> list[tuple[date, date, str, int, str]]:
    """All spend in the ledger."""
    rows = ledger.spend_rows(start=date(2000, 1, 1), end=date(2100, 1, 1)).rows
    return sorted((row.from_date, row.to_date, row.channel, row.amount_minor, row.currency) for row in rows)


EVER = {"start": datetime(1990, 1, 1, tzinfo=UTC), "end": datetime(2100, 1, 1, tzinfo=UTC), "size": 1000}


def cash() -> list[tuple[str, int, str | None, str | None]]:
    """All live cash in the order of its days: day, minor units, whose, placement."""
    rows = ledger.outcome_rows(kind="cash", **EVER).rows[::-1]  # type: ignore[arg-type]
    return [(f"{row.occurred_at:%Y-%m-%d}", row.value_minor or 0, row.actor, row.placement) for row in rows]


def signs() -> list[tuple[str, str]]:
    """All live outcomes but cash: kind and day."""
    found = [
        row for kind in ("candidate", "client", "colleague") for row in ledger.outcome_rows(kind=kind, **EVER).rows
    ]  # type: ignore[arg-type]
    return sorted((row.kind, f"{row.occurred_at:%Y-%m-%d}") for row in found)


def lines() -> list[str | None]:
    """The budget lines of all live spend."""
    channels = [channel.value for channel in Channel]
    rows = ledger.spend_standing(first=date(2000, 1, 1), last=date(2100, 1, 1), channels=channels)
    return [row.values["budget_line"] for row in rows]


def touched(*addresses: str) -> list[tuple[str, str, str, bool]]:
    """The live touches of people by their e-mail addresses: when, action, direction, whether by a machine."""
    known = people.resolve([Identifier(Scheme.EMAIL, address) for address in addresses])
    rows = [row for key in known.values() for row in ledger.timeline(key).rows if row.kind is Kind.TOUCH]
    found = [(f"{one.occurred_at:%m-%d %H:%M}", one.action or "", one.direction or "", one.machine) for one in rows]
    return sorted(found)


def handed_in(files: dict[str, str | bytes], *, by: Actor = COMMAND_LINE) -> UUID:
    """Files of another system that have been handed in and recognised."""
    streams = [(name, io.BytesIO(text.encode() if isinstance(text, str) else text)) for name, text in files.items()]
    key = actions.begin_crossing(files=streams, settings=Settings(), by=by, at=NOON)
    actions.go_on_crossing(key=key, at=NOON)
    return key


def looked_at(files: dict[str, str | bytes], *, by: Actor = COMMAND_LINE) -> CrossingRow:
    """The same with every row checked."""
    key = handed_in(files, by=by)
    actions.check_crossing(key=key, viewer=None, by=by, at=NOON)
    return actions.go_on_crossing(key=key, at=NOON)


def brought_over(files: dict[str, str | bytes], *, by: Actor = COMMAND_LINE) -> CrossingRow:
    """The same, brought in."""
    found = looked_at(files, by=by)
    assert found.state is State.CHECKED, found.error
    actions.apply_crossing(key=found.key, viewer=None, by=by, at=NOON)
    return actions.go_on_crossing(key=found.key, at=NOON)


def taken_out(key: UUID) -> CrossingRow:
    actions.take_back_crossing(key=key, viewer=None, by=COMMAND_LINE, at=NOON)
    return actions.go_on_crossing(key=key, at=NOON)


def table(*rows: str) -> str:
    return "\n".join(rows) + "\n"


def zipped(files: dict[str, str | bytes]) -> bytes:
    """A zip of these files."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return held.getvalue()
