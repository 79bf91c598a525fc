"""What the pages of files of other systems show: what was recognised, what becomes of it, what waits."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fourfold.integrations.forms import crossings as forms
from fourfold.integrations.pages.imports import STATE_WORDS
from fourfold.integrations.rules import coming
from fourfold.integrations.types import (
    ENTITIES,
    MOVING,
    SYSTEM_NAMES,
    CrossingRow,
    Entity,
    ExportRow,
    ExportState,
    MovedTable,
    StagedCount,
    State,
    System,
    Table,
    Target,
)

_PLACE = {
    State.READING: 0, State.MAPPING: 1, State.FAILED: 1, State.CHECKING: 2, State.CHECKED: 2, State.APPLYING: 3,
    State.MOVING: 3, State.APPLIED: 4, State.TAKING_BACK: 4, State.TAKEN_BACK: 4,
}  # fmt: skip
HEADED_TABLES = 6
BECOMES = {
    Target.ORGANISATIONS: gettext_lazy("become organisations"),
    Target.PEOPLE: gettext_lazy("become people, with their wishes, skills, tags and notes"),
    Target.WORK_HISTORY: gettext_lazy("become jobs in people’s working lives"),
    Target.NOTES: gettext_lazy("become notes on the people they name"),
    Target.LISTS: gettext_lazy("become hot lists"),
    Target.CVS: gettext_lazy("become people, each with their CV"),
    Target.STAGED: gettext_lazy("are kept as they came, with whom they are about"),
}
ICONS = {
    Target.ORGANISATIONS: "building", Target.PEOPLE: "users", Target.WORK_HISTORY: "briefcase", Target.NOTES: "notes",
    Target.LISTS: "list-check", Target.CVS: "file-text", Target.STAGED: "archive",
}  # fmt: skip


def becomes(entity: Entity) -> Any:
    """What the rows of a table become."""
    return BECOMES_HERE.get(entity.layout) or BECOMES[entity.target]


BECOMES_HERE = {
    "bullhorn.JobOrder": gettext_lazy("become jobs"),
    "bullhorn.JobSubmission": gettext_lazy("become people’s progress on jobs"),
    "bullhorn.Sendout": gettext_lazy("become submissions, each with its introduction"),
    "bullhorn.Placement": gettext_lazy("become placements; no cash is posted"),
    "bullhorn.Opportunity": gettext_lazy("become job leads"),
    "bullhorn.Lead": gettext_lazy("become people, each with a job lead"),
}


def system_name(found: CrossingRow) -> str:
    return SYSTEM_NAMES[found.system] if found.system else ""


def crossing_heading(found: CrossingRow) -> str:
    """The answer to “what about these files?”."""
    name = system_name(found)
    article = _("an") if name == "Outlook" else _("a")
    values = {"name": name, "a": article, "rows": f"{found.rows_left:,}", "done": f"{found.rows_done:,}"}
    counts = {
        "left": f"{found.rows_rejected:,}",
        "tables": " · ".join(
            f"{table.entity.words} {table.counts.get('rows', 0):,}" for table in found.tables[:HEADED_TABLES]
        )
        + (" …" if len(found.tables) > HEADED_TABLES else ""),
    }
    return {
        State.READING: _("Recognising your files"),
        State.MAPPING: _("We recognised %(a)s %(name)s export: %(tables)s") % {**values, **counts},
        State.CHECKING: _("Checking every row of the %(name)s export") % values,
        State.CHECKED: _checked(found, {**values, **counts}),
        State.APPLYING: _("Bringing the %(name)s export in") % values,
        State.MOVING: _("Moving the jobs and applications in"),
        State.APPLIED: _("%(done)s records came over from %(name)s") % values,
        State.TAKING_BACK: _("Taking the %(name)s export out again") % values,
        State.TAKEN_BACK: _("The %(name)s export was taken out again") % values,
        State.FAILED: _("These files were not recognised"),
    }[found.state]


def _checked(found: CrossingRow, values: dict[str, str]) -> str:
    if not found.rows_left:
        return _("None of the rows can come over")
    if found.rows_rejected:
        return _("%(rows)s rows are ready to come over, %(left)s can’t") % values
    return _("All %(rows)s rows are ready to come over") % values


def crossing_steps(found: CrossingRow | None) -> list[dict[str, Any]]:
    """Where the files are: files, what they are, check, bring in."""
    place = _PLACE[found.state] if found else 0
    labels = [_("Files"), _("What they are"), _("Check"), _("Bring in")]
    return [
        {"label": label, "state": "done" if number < place else "current" if number == place else "next", "url": ""}
        for number, label in enumerate(labels)
    ]


def crossing_progress(found: CrossingRow) -> dict[str, Any]:
    """How far the work is, in rows where they are known."""
    if found.state is State.APPLYING:
        done, total = found.rows_done, found.rows_done + found.rows_left
        at = next((table for table in found.tables if table.one.state is State.APPLYING), None)
        words = f"{at.entity.words}: " if at else ""
        return {
            "label": _("Bringing in"),
            "done": str(done),
            "total": str(total),
            "note": f"{words}{done:,} / {total:,}",
        }
    if found.state is State.MOVING:
        done, total = found.moving_done, found.moving_total
        return {"label": _("Moving in"), "done": str(done), "total": str(total), "note": f"{done:,} / {total:,}"}
    if found.state is State.CHECKING:
        rows = sum(table.one.rows_read for table in found.tables)
        return {"label": _("Checking rows"), "done": "", "total": "", "note": _("%(n)s rows read") % {"n": f"{rows:,}"}}
    label = {State.READING: _("Unpacking and recognising"), State.TAKING_BACK: _("Taking it out again")}
    return {"label": label.get(found.state, ""), "done": "", "total": "", "note": ""}


def table_cards(found: CrossingRow) -> list[dict[str, Any]]:
    """Each table: what it is, what becomes of it, its columns with first values, what is dropped and left out."""
    return [
        {
            "table": table,
            "number": number,
            "title": table.entity.words,
            "system": SYSTEM_NAMES[table.entity.system],
            "icon": MOVED_ICONS.get(table.entity.name, ICONS[table.entity.target])
            if table.entity.layout in MOVING
            else ICONS[table.entity.target],
            "becomes": becomes(table.entity),
            "heading": f"{table.entity.words} {becomes(table.entity)}",
            "about": f"{SYSTEM_NAMES[table.entity.system]} · {table.one.file_name}",
            "state": STATE_WORDS[table.one.state],
            "columns": _columns(table),
            "counts": _count_words(table),
            "edit": reverse("crossing_table", args=[table.one.key]),
            "rejected": reverse("rejected_rows", args=[table.one.key]),
        }
        for number, table in enumerate(found.tables, start=1)
    ]


def _columns(table: Table) -> list[dict[str, Any]]:
    """Our field, their column, and the first values under it."""
    sample = table.one.sample
    if not sample:
        return []
    place = {header: number for number, header in enumerate(sample.headers)}
    labels = {column.name: forms.label_of(column.name) for column in table.entity.columns}
    order = list(labels)
    held = sorted((name for name in table.one.mapping if name in labels), key=order.index)
    return [
        {
            "label": labels[name],
            "header": header,
            "values": [row[place[header]].strip() for row in sample.rows[:2] if place[header] < len(row)],
        }
        for name, header in ((name, table.one.mapping[name]) for name in held)
        if header in place
    ]


def _count_words(table: Table) -> list[dict[str, str]]:
    """What the check of a table found, in words, the good first."""
    counts, one = table.counts, table.one
    words = [
        ("success", _("new"), counts.get("new", 0)),
        ("accent", _("known here: only what they lack is filled in"), counts.get("known", 0)),
        ("success", _("kept as they came"), one.rows_ready if not counts.get("new") and
         table.entity.target is Target.STAGED and table.entity.layout not in MOVING else 0),
        ("success", _("move in with what they need"), one.rows_ready if table.entity.target is Target.STAGED
         and table.entity.layout in MOVING else 0),
        ("warning", _("don’t want to hear from you: carried over"), counts.get("wishes", 0)),
        ("quiet", _("addresses can’t be read: kept as they came"), counts.get("unread", 0)),
        ("quiet", _("addresses are somebody else’s: kept as they came"), counts.get("shared", 0)),
        ("quiet", _("deleted there: left out"), counts.get("left_out", 0)),
        ("danger", _("rejected"), one.rows_rejected),
    ]  # fmt: skip
    return [{"tone": tone, "words": text, "n": f"{n:,}"} for tone, text, n in words if n]


def findings(found: CrossingRow) -> dict[str, Any]:
    """What a person should know at one look: sensitive columns, wishes, rejected rows, files left out."""
    sensitive = list(dict.fromkeys(header for table in found.tables for header in table.dropped))
    authors = [word for table in found.tables for word in table.one.warnings]
    dropped, unknown, kept = len(sensitive), len(found.unknown), found.kept
    stays = ngettext(
        "%(n)s record stays, because somebody has worked with it since.",
        "%(n)s records stay, because somebody has worked with them since.",
        kept,
    )
    waits = found.state is State.MAPPING
    return {
        "sensitive": f"{', '.join(sensitive)}." if sensitive else "",
        "sensitive_words": ngettext(
            "%(n)s sensitive column is dropped.", "%(n)s sensitive columns are dropped.", dropped
        )
        % {"n": dropped},
        "warnings": list(dict.fromkeys(authors))[:6],
        "unknown": found.unknown,
        "unknown_words": ngettext("%(n)s file is left out", "%(n)s files are left out", unknown) % {"n": unknown},
        "kept_words": stays % {"n": kept} if kept else _("Every “no” that came with them stays."),
        "tables_words": _("What is in your files, in the order it comes in") if waits else _("Table by table"),
    }


def moved_card(tables: tuple[MovedTable, ...], waiting: int, state: State) -> dict[str, Any] | None:
    """What became of jobs and applications: how many moved in, how many wait and why, and the button that moves them.

    ``waiting`` counts those of every crossing. None before anything was brought in, or where there is nothing to say.
    """
    if state is not State.APPLIED or not (tables or waiting):
        return None
    own = sum(one.waiting for one in tables)
    moved = sum(one.moved for one in tables)
    n = f"{waiting:,}"
    button = ngettext("Move %(n)s job or application in", "Move %(n)s jobs and applications in", waiting)
    return {
        "title": _("Jobs and applications"),
        "lead": ngettext("%(n)s record has moved in.", "%(n)s records have moved in.", moved) % {"n": f"{moved:,}"},
        "waiting": own,
        "tables": [
            {
                "title": one.entity.words,
                "icon": MOVED_ICONS.get(one.entity.name, "archive"),
                "moved": one.moved,
                "waiting": one.waiting,
                "url": reverse("staged", args=[one.entity.layout]) if one.waiting else "",
                "reasons": [{"n": f"{count:,}", "words": WAITS.get(why, why)} for why, count in one.reasons],
                "unknown": ", ".join(f"“{status}” ({count:,})" for status, count in one.unknown[:6]),
            }
            for one in tables
        ],
        "button": button % {"n": n} if waiting else "",
        "button_note": _("Those of earlier files too. What can’t move says why, and moves once what it needs is here."),
    }  # fmt: skip


MOVED_ICONS = {
    "Opportunity": "target-arrow", "Lead": "target-arrow", "JobOrder": "briefcase", "JobSubmission": "user-check",
    "Sendout": "send", "Placement": "circle-check",
}  # fmt: skip
WAITS = {
    coming.NO_CLIENT: gettext_lazy("the client is not here yet"),
    coming.NO_CANDIDATE: gettext_lazy("the candidate is not here yet"),
    coming.NO_JOB: gettext_lazy("the job is not here yet"),
    coming.NO_CONTACT: gettext_lazy("the client’s contact it went to is not here yet"),
    coming.NO_TITLE: gettext_lazy("it has no title"),
    coming.NO_DAY: gettext_lazy("no day is told, or none that can be read"),
}


def crossing_rows(found: tuple[CrossingRow, ...]) -> list[dict[str, Any]]:
    """Crossings as the list of imports shows them."""
    return [
        {
            "one": one,
            "title": _("%(name)s export") % {"name": system_name(one)} if one.system else _("Files of another system"),
            "holds": " · ".join(dict.fromkeys(table.entity.words for table in one.tables)),
            "rows": sum(table.one.rows_read for table in one.tables),
            "words": STATE_WORDS[one.state][0],
            "tone": STATE_WORDS[one.state][1],
            "url": reverse("crossing", args=[one.key]),
        }
        for one in found
    ]


def known_tables() -> list[dict[str, Any]]:
    """The systems and tables that are recognised, for the page that asks for files."""
    hints = {
        System.BULLHORN: _("Data Loader CSVs, list views or the tables of a backup"),
        System.LINKEDIN: _("Connections.csv from “Get a copy of your data”"),
        System.HUBSPOT: _("Contacts and companies, exported as CSV"),
        System.GOOGLE: _("Google CSV, in the old form or the new"),
        System.OUTLOOK: _("The CSV of “Import and export”"),
        System.GREENHOUSE: _("Harvest JSON of candidates and applications"),
        System.CVS: _("A zip of CVs with an index.csv that says whose each is"),
    }
    return [
        {
            "name": SYSTEM_NAMES[system],
            "hint": hints[system],
            "tables": ", ".join(entity.words for entity in ENTITIES.values() if entity.system is system),
        }
        for system in System
    ]


def staged_cards(counts: tuple[StagedCount, ...]) -> list[dict[str, Any]]:
    return [
        {
            "title": one.entity.words,
            "system": SYSTEM_NAMES[one.system],
            "count": one.count,
            "url": reverse("staged", args=[one.entity.layout]),
        }
        for one in counts
    ]


def export_rows(found: tuple[ExportRow, ...]) -> list[dict[str, Any]]:
    """Exports as their page shows them: what each holds, and its one next step."""
    words = {
        ExportState.WRITING: (_("Being written"), "accent"),
        ExportState.READY: (_("Ready"), "success"),
        ExportState.FAILED: (_("Could not be written"), "danger"),
    }
    return [
        {
            "at": one.at,
            "writing": one.state is ExportState.WRITING,
            "ready": one.state is ExportState.READY,
            "words": words[one.state][0],
            "tone": words[one.state][1],
            "holds": " · ".join(
                f"{name.split('/')[1]} {count:,}" for name, count in one.counts.items() if name.startswith("plain/")
            ),
            "size": f"{one.size / 1_000_000:,.1f} MB" if one.size else "–",
            "url": reverse("download_export", args=[one.key]),
        }
        for one in found
    ]
