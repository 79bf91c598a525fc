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
from fourfold.integrations.types import SYSTEM_NAMES, State
from fourfold.ledger.types import TimelineRow
from fourfold.people import queries as people
from fourfold.people.types import Description, TodayEntry, TodayGroup

NEXT_STEP = {
    State.MAPPING: ("Its columns wait for you to confirm them.", "Confirm columns"),
    State.CHECKED: ("Its rows are checked and wait to be applied.", "Look and apply"),
    State.FAILED: ("It could not be read.", "See why"),
}


OVER_STEP = {
    State.MAPPING: ("Its tables are recognised and wait to be checked.", "Look at them"),
    State.CHECKED: ("Its rows are checked and wait to be brought in.", "Look and bring in"),
    State.FAILED: ("It was not recognised.", "See why"),
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
    entries += [
        TodayEntry(
            title=_("%(name)s export") % {"name": SYSTEM_NAMES[one.system] if one.system else "–"},
            why=OVER_STEP[one.state][0],
            action_label=OVER_STEP[one.state][1],
            url=reverse("crossing", args=[one.key]),
            icon="replace",
            at=one.at,
        )
        for one in queries.crossings_waiting(viewer)
    ]
    if not entries:
        return None
    n = len(entries)
    heading = _("1 file waits for you") if n == 1 else _("%(n)s files wait for you") % {"n": n}
    return TodayGroup(heading, _("Nothing in them counts before you say so"), n, entries)


def erase_step(*, person_keys: Collection[UUID]) -> int:
    """What came over about them, and rows that hold one of their addresses: those not imported at once, those of kept
    files by the worker.
    """
    identifiers = people.identifiers_of(person_keys)
    words = {*people.names(person_keys).values(), *(one.value for one in identifiers)}
    records = actions.forget_records(person_keys=person_keys, words=words)
    return records + actions.forget_person(identifiers=identifiers)


def export_step(*, person_keys: Collection[UUID]) -> Mapping[str, Any]:
    """The same rows, as they stand in the files."""
    rows = queries.held_about(people.identifiers_of(person_keys))
    return {
        "rows_not_imported": [{"row": row["row"], "content": row["content"]} for row in rows],
        "records_of_other_systems": queries.records_about(person_keys),
    }


def merge_step(*, person_key: UUID, into_key: UUID, undo: bool) -> None:
    """Records stay under the key they came to, so that an un-merge needs nothing: reads take every key of a person."""
