"""Who must still be told: the page's words, its wizard, and what the house keeps out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.people import access, queries
from fourfold.people.forms.notices import BASES, ORIGIN_WORDS
from fourfold.people.types import BatchRow, NoticeRow, Notices, Origin, SourceRow


def privacy_tabs(here: str) -> list[dict[str, Any]]:
    """The pages of what the house owes people."""
    pages = (
        ("notices", _("To be told")),
        ("retention", _("Time is up")),
        ("kept_out", _("Kept out")),
        ("wordings", _("Our texts")),
    )
    return [{"label": label, "url": reverse(name), "active": name == here} for name, label in pages]


def source_words(origin: Origin, source: str) -> str:
    return f"{ORIGIN_WORDS[origin]} · {source}" if source else str(ORIGIN_WORDS[origin])


def notices_context(viewer: Viewer, at: datetime) -> dict[str, Any]:
    found = queries.notices(viewer, at=at)
    return {
        "found": found,
        "heading": heading(found),
        "tabs": privacy_tabs("notices"),
        "may_keep": access.may_keep(viewer),
        "sources": [_source(one) for one in found.sources],
        "batches": [_batch(one, at.date()) for one in found.batches],
        "rows": [_row(one, at) for one in found.rows],
        "more": max(0, found.owed - len(found.rows)),
        "declarations": [
            {
                "row": one,
                "what": source_words(one.origin, one.source),
                "basis": BASES.get(one.basis, one.basis),
            }
            for one in queries.declarations()
        ],
        "open_batches": sum(one.told == 0 for one in found.batches),
    }


def heading(found: Notices) -> str:
    if not found.owed:
        return _("Everybody was told")
    people = ngettext("%(n)s person must still be told", "%(n)s people must still be told", found.owed) % {
        "n": f"{found.owed:,}"
    }
    if not found.overdue:
        return people
    return _("%(people)s, %(n)s of them overdue") % {"people": people, "n": f"{found.overdue:,}"}


def _source(one: SourceRow) -> dict[str, Any]:
    values = {
        "origin": one.origin.value,
        "source": one.source,
        "from_day": one.first_day.isoformat(),
        "to_day": one.last_day.isoformat(),
    }
    return {
        "row": one,
        "what": source_words(one.origin, one.source),
        "url": f"{reverse('declare_told')}?{urlencode(values)}",
    }


def _batch(one: BatchRow, today: date) -> dict[str, Any]:
    done = one.told >= one.people
    late = not done and one.due_on < today
    return {
        "row": one,
        "percent": round(100 * one.told / one.people) if one.people else 100,
        "done": done,
        "note": _("overdue") if late else _("done") if done else "",
        "tone": "danger" if late else "success" if done else "accent",
    }


def _row(one: NoticeRow, at: datetime) -> dict[str, Any]:
    days = (one.due_at - at) // timedelta(days=1)
    late = one.due_at < at
    words = (
        ngettext("%(n)s day overdue", "%(n)s days overdue", max(1, -days)) % {"n": max(1, -days)}
        if late
        else ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}
    )
    tone = "danger" if late else "warning" if days < 7 else "quiet"
    return {"row": one, "what": source_words(one.origin, one.source), "clock": words, "tone": tone}


def told_from(asked: Mapping[str, str]) -> dict[str, str]:
    """What the declaration's form begins with, from the source it was opened for."""
    names = ("origin", "source", "from_day", "to_day")
    return {name: asked[name][:160] for name in names if asked.get(name)}


def declaration_context(form: Any, covered: int | None) -> dict[str, Any]:
    """The wizard's two steps: what they were told, and whom it covers."""
    origin = form["origin"].value() or Origin.IMPORTED.value
    known = Origin(origin) if origin in set(Origin) else Origin.IMPORTED
    first, second = ("done", "current") if covered is not None else ("current", "next")
    return {
        "what": source_words(known, form["source"].value() or ""),
        "steps": [
            {"label": _("What they were told"), "state": first},
            {"label": _("Whom it covers"), "state": second},
        ],
    }


def declared_context(viewer: Viewer, key: UUID) -> dict[str, Any]:
    """One declaration. Raises NotFound."""
    row = next((one for one in queries.declarations() if one.key == key), None)
    if row is None:
        raise NotFound(_("This was not found."), _("There is no such declaration."), _("Look at the list."))
    return {
        "row": row,
        "what": source_words(row.origin, row.source),
        "basis": BASES.get(row.basis, row.basis),
        "may_keep": access.may_keep(viewer),
    }


def batch_context(key: int) -> dict[str, Any]:
    """The batch that was told. Raises NotFound."""
    row = next((one for one in queries.batches() if one.key == key), None)
    if row is None:
        raise NotFound(_("This was not found."), _("There is no such batch."), _("Look at the list."))
    words = ngettext("%(name)s: %(n)s person", "%(name)s: %(n)s people", row.people - row.told)
    return {"who": words % {"name": row.name, "n": row.people - row.told}, "back": "notices"}
