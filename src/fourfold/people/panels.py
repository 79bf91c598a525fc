"""What people itself adds to a person's page and to Today."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.template.defaultfilters import date as day_words
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fourfold.accounts.types import Role, Viewer
from fourfold.people import access, pages, printing, queries
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


def pairs_waiting(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On Today of those who look after records: pairs that look like one human."""
    if not viewer.has(Role.LEADER, Role.MARKETER, Role.ADMINISTRATOR):
        return None
    count = queries.count_pairs(viewer)
    pair = queries.pair_page(viewer) if count else None
    if pair is None:
        return None
    agree, _differ = pages.reason_words(pair.reasons)
    entry = TodayEntry(
        title=_("%(one)s and %(other)s") % {"one": pair.left.name, "other": pair.right.name},
        why=", ".join(agree).capitalize(),
        action_label=_("Decide"),
        url=reverse("pairs"),
        icon="users",
        at=pair.found_at,
    )
    heading = ngettext("%(n)s pair looks like one human", "%(n)s pairs of records look like one human", count)
    about = _("The likeliest first; a merge can be undone")
    return TodayGroup(heading % {"n": f"{count:,}"}, about, count, [entry], reverse("pairs") if count > 1 else "")


def reviews_waiting(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On a keeper's Today: people whose time is up, to keep for a reason or to erase."""
    if not access.may_keep(viewer):
        return None
    found = queries.reviews(viewer)
    if not found.count:
        return None
    entries = [
        TodayEntry(
            title=row.name,
            why=_("%(rule)s: no word since %(day)s") % {"rule": row.rule, "day": day_words(row.since, "j M Y")},
            action_label=_("Keep or erase"),
            url=reverse("retention"),
            icon="hourglass",
            at=row.since,
        )
        for row in found.rows[:2]
    ]
    heading = ngettext("%(n)s record's time is up", "%(n)s records' time is up", found.count)
    about = _("By the house's own rules; nothing is erased by itself")
    return TodayGroup(heading % {"n": f"{found.count:,}"}, about, found.count, entries, reverse("retention"))


def own_sheet(person_key: UUID, at: datetime) -> bytes:
    """Everything kept about somebody, for themselves, as a tagged PDF. Raises PersonNotFound."""
    return printing.as_pdf(pages.person_sheet(access.own_eyes(), person_key, at))
