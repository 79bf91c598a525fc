"""What people itself adds to a person's page and to Today."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.template.defaultfilters import date as day_words
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fourfold.accounts.types import Viewer
from fourfold.people import access, pages, queries
from fourfold.people.types import PanelContent, TodayEntry, TodayGroup


def wishes_panel(person_key: UUID, viewer: Viewer, at: datetime) -> PanelContent | None:
    """On a person's page: what stands of what they wish."""
    values = pages.wishes_values(viewer, person_key, at)
    return PanelContent(_("What they wish"), "people/panel_wishes.html", values)


def notices_overdue(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On a keeper's Today: people who should have been told by now where the house has their data from."""
    if not access.may_keep(viewer):
        return None
    count, rows = queries.overdue_notices(viewer, at=at)
    if not count:
        return None
    entries = [
        TodayEntry(
            title=row.name,
            why=_("Should have been told by %(day)s") % {"day": day_words(row.due_at, "j M Y")},
            action_label=_("Note that they were told"),
            url=reverse("tell_person", args=[row.key]),
            icon="mail",
            at=row.due_at,
        )
        for row in rows
    ]
    heading = ngettext("%(n)s person should have been told by now", "%(n)s people should have been told by now", count)
    about = _("Where we have their data from, what we keep and how to object: within a month, by law")
    return TodayGroup(heading % {"n": f"{count:,}"}, about, count, entries, reverse("notices"))
