"""What the pages of imports show: steps, previews and words for where an import stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.forms import BoundField
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fourfold.base.money import Money
from fourfold.integrations.forms import KINDS
from fourfold.integrations.rules import BadRowError, LeftOutError, Reader, amounts_of
from fourfold.integrations.types import ImportRow, Layout, State

STATE_WORDS = {
    State.READING: (gettext_lazy("Reading its columns"), "accent"),
    State.MAPPING: (gettext_lazy("Waits for its columns"), "warning"),
    State.CHECKING: (gettext_lazy("Checking its rows"), "accent"),
    State.CHECKED: (gettext_lazy("Waits to be applied"), "warning"),
    State.APPLYING: (gettext_lazy("Being applied"), "accent"),
    State.MOVING: (gettext_lazy("Jobs and applications move in"), "accent"),
    State.APPLIED: (gettext_lazy("Applied"), "success"),
    State.TAKING_BACK: (gettext_lazy("Being taken back"), "accent"),
    State.TAKEN_BACK: (gettext_lazy("Taken back"), "quiet"),
    State.FAILED: (gettext_lazy("Could not be read"), "danger"),
}
KIND_WORDS = {kind: words[0] for kind, words in KINDS.items()}
_PLACE = {
    State.READING: 0, State.MAPPING: 1, State.FAILED: 1, State.CHECKING: 2, State.CHECKED: 2, State.APPLYING: 3,
    State.MOVING: 3, State.APPLIED: 4, State.TAKING_BACK: 4, State.TAKEN_BACK: 4,
}  # fmt: skip


def steps(found: ImportRow | None) -> list[dict[str, Any]]:
    """Where the import is: file, columns, check, apply."""
    place = _PLACE[found.state] if found else 0
    labels = [_("File"), _("Columns"), _("Check"), _("Apply")]
    return [
        {"label": label, "state": "done" if number < place else "current" if number == place else "next", "url": ""}
        for number, label in enumerate(labels)
    ]


def kind_cards(field: BoundField) -> list[dict[str, Any]]:
    """The kinds of file as cards: what each is, in a line."""
    return [
        {"option": option, "title": words[0], "about": words[1], "icon": words[2]}
        for option, words in zip(field, KINDS.values(), strict=True)
    ]


def becomes(found: ImportRow) -> list[dict[str, Any]]:
    """The first amounts that a table of suppliers and months becomes, one a row."""
    sample, settings = found.sample, found.settings
    if sample is None or settings.layout not in {Layout.MONTHS_ACROSS, Layout.SUPPLIERS_ACROSS}:
        return []
    reader = Reader(found.kind, found.mapping, settings, found.at, computed=sample.is_workbook)
    rows: list[dict[str, Any]] = []
    for number, cells in enumerate(sample.rows, start=sample.header_row + 1):
        try:
            parsed = reader.read(number, dict(zip(sample.headers, cells, strict=False)))
        except (BadRowError, LeftOutError):
            continue
        rows += [
            {
                "supplier": one["budget_line"],
                "channel": one["channel"].replace("_", " "),
                "month": f"{date.fromisoformat(one['from_date']):%B %Y}",
                "amount": Money(one["amount_minor"], one["currency"]),
            }
            for one in amounts_of(parsed)
        ]
    return rows[:8]


def list_rows(found: tuple[ImportRow, ...]) -> list[dict[str, Any]]:
    return [
        {
            "one": one,
            "kind": KIND_WORDS[one.kind],
            "words": STATE_WORDS[one.state][0],
            "tone": STATE_WORDS[one.state][1],
            "url": reverse("import", args=[one.key]),
        }
        for one in found
    ]


def heading(found: ImportRow) -> str:
    """The answer to “what about this file?”."""
    name = {"name": found.file_name}
    return {
        State.READING: _("Reading %(name)s") % name,
        State.MAPPING: _("Which column is which in %(name)s?") % name,
        State.CHECKING: _("Checking %(name)s") % name,
        State.CHECKED: _checked(found),
        State.APPLYING: _("Applying %(name)s") % name,
        State.APPLIED: _("%(n)s rows of %(name)s count now")
        % {**name, "n": f"{found.rows_posted + found.rows_unchanged:,}"},
        State.TAKING_BACK: _("Taking %(name)s back") % name,
        State.TAKEN_BACK: _("%(name)s was taken back") % name,
        State.FAILED: _("%(name)s could not be read") % name,
    }[found.state]


def _checked(found: ImportRow) -> str:
    ready, rejected = f"{found.rows_ready:,}", f"{found.rows_rejected:,}"
    if not found.rows_ready:
        return _("None of the %(rejected)s rows can be imported") % {"rejected": rejected}
    if found.rows_rejected:
        return _("%(ready)s rows are ready, %(rejected)s can’t be imported") % {"ready": ready, "rejected": rejected}
    return _("All %(ready)s rows are ready") % {"ready": ready}


def progress(found: ImportRow) -> dict[str, Any]:
    """How far the work is, in rows where they are known."""
    if found.state is State.APPLYING:
        done = found.rows_posted + found.rows_unchanged
        total = done + found.rows_ready
        return {"label": _("Applying"), "done": str(done), "total": str(total), "note": f"{done:,} / {total:,}"}
    if found.state is State.CHECKING:
        return {
            "label": _("Checking rows"),
            "done": "",
            "total": "",
            "note": _("%(n)s rows read") % {"n": f"{found.rows_read:,}"},
        }
    words = {State.READING: _("Reading the columns"), State.TAKING_BACK: _("Taking it back")}
    return {"label": words.get(found.state, ""), "done": "", "total": "", "note": ""}


def preview(found: ImportRow) -> list[dict[str, Any]]:
    """Each chosen column with its header and the first values under it."""
    if not found.sample:
        return []
    place = {header: number for number, header in enumerate(found.sample.headers)}
    return [
        {
            "column": column,
            "header": header,
            "values": [row[place[header]] for row in found.sample.rows[:3] if place[header] < len(row)],
        }
        for column, header in found.mapping.items()
        if header in place
    ]
