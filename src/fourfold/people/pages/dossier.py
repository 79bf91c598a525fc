"""Everything kept about a person, in words that they can read: the sheet of the PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.defaultfilters import date as day_words
from django.utils.translation import gettext as _

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.ledger import queries as ledger
from fourfold.people import queries
from fourfold.people.pages.persons import tell
from fourfold.people.pages.wishes import wishes_context

FOR_MACHINES = frozenset(
    {"key", "sort_name", "merge_fact", "person", "batch", "source_ref", "recorded_at", "fingerprint"}
)
MOST_FACTS = 2000
Lines = list[tuple[str, str]]


def person_sheet(viewer: Viewer, key: UUID, at: datetime) -> dict[str, Any]:
    """The sheet's values, in the words of a letter to the person. Raises PersonNotFound."""
    found = queries.export(viewer, key)
    own = found["people"]
    house = accounts.house_name()
    sections = [
        _section(_("Who you are to us"), [("", _about(own))]),
        _wishes(viewer, key, at),
        _section(
            _("What happened"),
            _history(viewer, UUID(own["key"])),
            _("What you and we did, as our records have it, newest first."),
        ),
    ]
    sections += [
        _section(_words(table), [("", [_in_a_line(row) for row in rows])])
        for table, rows in own.items()
        if table not in ("records", "consent entrys", "identifiers") and isinstance(rows, list) and _is_table(rows)
    ]
    others = {room: held for room, held in found.items() if room not in ("people", "ledger")}
    sections += [_section(_words(room), _entries(held)) for room, held in others.items()]
    return {
        "title": _("What %(house)s keeps about %(name)s") % {"house": house, "name": own["name"]},
        "lead": _("On %(day)s, from every part of our system. The same as a file for machines (JSON) comes on request.")
        % {"day": day_words(at, "j F Y")},
        "house": house,
        "made": _("%(house)s, %(day)s") % {"house": house, "day": day_words(at, "j M Y")},
        "sections": [one for one in sections if one["entries"]],
        "rights-title": _("What you can ask of us"),
        "rights": [
            _("To correct what is wrong, to add what is missing, to restrict what we do with it, to take it with you."),
            _("To object to messages and approaches at any time; then we stop. To take back what you agreed to."),
            _("To be erased. What we keep then is a hash of your addresses that nobody can read back."),
        ],
    }


def _section(title: str, entries: Sequence[tuple[str, Lines]], about: str = "") -> dict[str, Any]:
    held = [{"head": head, "lines": lines} for head, lines in entries if head or lines]
    return {"title": title, "about": about, "entries": held}


def _about(own: Mapping[str, Any]) -> Lines:
    lines = [
        (_("Name"), own["name"]),
        (_("Known as"), ", ".join(own["merged_records"])),
        (_("To us you are"), ", ".join(role.replace("_", " ") for role in own["roles"])),
        (_("What you do"), own["headline"]),
        (_("Where you work"), own["organisation"]),
        (_("Place"), own["city"]),
        (_("With us since"), day_words(datetime.fromisoformat(own["added_at"]), "j F Y")),
    ]
    lines += [(one["scheme"].capitalize(), one["value"]) for one in own["identifiers"]]
    record = own["records"][0]
    shown = {"headline", "city", "name", "added_at", "organisation", "changed_at"}
    lines += [(label, text) for label, text in _lines({k: v for k, v in record.items() if k not in shown})]
    return [(label, text) for label, text in lines if text]


def _wishes(viewer: Viewer, key: UUID, at: datetime) -> dict[str, Any]:
    page = wishes_context(viewer, key, at)
    stands: Lines = [(_("Stands now"), one["text"]) for one in page["entries"]]
    if page["notice"]:
        stands.append((_("Notice"), page["notice"]["text"]))
    said = [
        (row["title"], [(day_words(row["at"], "j M Y"), " · ".join([*row["more"], row["by"]]))]) for row in page["rows"]
    ]
    return _section(_("What you wished, agreed to and were told"), [("", stands), *said])


def _history(viewer: Viewer, key: UUID) -> list[tuple[str, Lines]]:
    rows: list[dict[str, Any]] = []
    cursor: str | None = None
    while len(rows) < MOST_FACTS:
        page = ledger.timeline(key, cursor=cursor, size=200)
        rows += tell(page.rows)
        cursor = page.older
        if not cursor:
            break
    lines = [(day_words(row["at"], "j M Y"), " · ".join([str(row["title"]), *map(str, row["more"])])) for row in rows]
    return [("", lines)] if lines else []


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _is_table(rows: Sequence[Any]) -> bool:
    return bool(rows) and all(isinstance(row, Mapping) for row in rows)


def _lines(row: Mapping[str, Any]) -> Lines:
    """A row's columns that a person can read: keys for machines stay in the file."""
    return [
        (_words(name), _text(value))
        for name, value in row.items()
        if name not in FOR_MACHINES and not name.endswith(("_id", "_key")) and value not in (None, "", [], {}, False)
    ]


def _in_a_line(row: Mapping[str, Any]) -> tuple[str, str]:
    """A row in one line: its first value, then the others with what they are."""
    lines = _lines(row)
    if not lines:
        return ("", "")
    return (lines[0][1], " · ".join(f"{label.lower()}: {text}" for label, text in lines[1:]))


def _entries(held: Any) -> list[tuple[str, Lines]]:
    """What a room keeps, whatever its form: mappings become lines, lists of them entries."""
    if not isinstance(held, Mapping):
        return [("", [("", _text(held))])] if held else []
    entries: list[tuple[str, Lines]] = []
    for name, value in held.items():
        if isinstance(value, Sequence) and not isinstance(value, str) and _is_table(value):
            entries.append((_words(str(name)), [_in_a_line(row) for row in value]))
        elif isinstance(value, Mapping):
            entries.append((_words(str(name)), _lines(value)))
        elif value not in (None, "", [], {}):
            entries.append(("", [(_words(str(name)), _text(value))]))
    return entries


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return ", ".join(f"{_words(str(name))}: {_text(one)}" for name, one in value.items() if one not in (None, ""))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_text(one) for one in value)
    text = str(value)
    if len(text) > 18 and text[4:5] == "-" and text[10:11] == "T":
        try:
            return day_words(datetime.fromisoformat(text), "j M Y, H:i")
        except ValueError:
            return text
    return text
