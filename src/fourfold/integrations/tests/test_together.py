"""The worker and the command line at one file in the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from fourfold.base.actor import COMMAND_LINE
from fourfold.integrations import actions, models, queries
from fourfold.integrations.tests.factories import NOON, confirm, take_in
from fourfold.integrations.types import RowState, State
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import Kind

pytestmark = pytest.mark.usefixtures("committed_db")
ROWS = "email,date,channel\n" + "".join(f"p{n}@example.com,2026-02-01,email\n" for n in range(300))


def at_once(step: Any, **given: Any) -> list[Any]:
    """What two of them get who take the same step at once."""

    def alone(_: int) -> Any:
        try:
            return step(**given)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        return list(both.map(alone, range(2)))


def test_each_step_is_taken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.checking, "STAGE_ROWS", 50)
    monkeypatch.setattr(actions.applying, "APPLY_ROWS", 50)
    key = take_in(ROWS)
    assert [one.state for one in at_once(actions.read_columns, key=key)] == [State.MAPPING] * 2
    confirm(key)
    checked = at_once(actions.check_rows, key=key, at=NOON)
    assert [(one.state, one.rows_read, one.rows_ready) for one in checked] == [(State.CHECKED, 300, 300)] * 2
    assert models.ImportRow.objects.filter(state=RowState.READY).count() == 300
    actions.apply(key=key, viewer=None, by=COMMAND_LINE, at=NOON)
    applied = at_once(actions.apply_rows, key=key, at=NOON)
    assert [(one.state, one.rows_posted, one.people_added) for one in applied] == [(State.APPLIED, 300, 300)] * 2
    assert ledger.counts() == {Kind.TOUCH: 300}
    posted = ledger.top_seq()
    actions.take_back(key=key, viewer=None, by=COMMAND_LINE, at=NOON)
    assert [one.state for one in at_once(actions.void_rows, key=key, at=NOON)] == [State.TAKEN_BACK] * 2
    assert ledger.counts() == {}
    assert ledger.top_seq() == posted + 1
    assert queries.unfinished() == ()
