"""What integrations adds to other rooms' pages, and its part in erasures and exports (project/wiring.py)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from fourfold.accounts.types import Viewer
from fourfold.integrations import actions, queries
from fourfold.integrations.types import State
from fourfold.ledger.types import TimelineRow
from fourfold.people import queries as people
from fourfold.people.types import Description, TodayEntry, TodayGroup

NEXT_STEP = {
    State.MAPPING: ("Its columns wait for you to confirm them.", "Confirm columns"),
    State.CHECKED: ("Its rows are checked and wait to be applied.", "Look and apply"),
    State.FAILED: ("It could not be read.", "See why"),
}


def describe_facts(rows: Sequence[TimelineRow]) -> Mapping[UUID, Description]:
    """Facts that came with a file lead back to the import."""
    found = queries.batch_names({row.batch for row in rows})
    words = {
        batch: Description(f"from the file {name}", "file-import", reverse("import", args=[key]))
        for batch, (key, name) in found.items()
    }
    return {row.fact_id: words[row.batch] for row in rows if row.batch in words}


def imports_waiting(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On Today: the viewer's own imports whose next step is theirs."""
    entries = [
        TodayEntry(
            title=one.file_name,
            why=NEXT_STEP[one.state][0],
            action_label=NEXT_STEP[one.state][1],
            url=reverse("import", args=[one.key]),
            icon="file-import",
            at=one.at,
        )
        for one in queries.waiting_for_a_person(viewer)
    ]
    if not entries:
        return None
    n = len(entries)
    heading = _("1 file waits for you") if n == 1 else _("%(n)s files wait for you") % {"n": n}
    return TodayGroup(heading, _("Nothing in them counts before you say so"), n, entries)


def erase_step(*, person_keys: Collection[UUID]) -> int:
    """Rows that hold one of the person's addresses: those not imported at once, those of kept files by the worker."""
    return actions.forget_person(identifiers=people.identifiers_of(person_keys))


def export_step(*, person_keys: Collection[UUID]) -> Mapping[str, Any]:
    """The same rows, as they stand in the files."""
    rows = queries.held_about(people.identifiers_of(person_keys))
    return {"rows_not_imported": [{"row": row["row"], "content": row["content"]} for row in rows]}
