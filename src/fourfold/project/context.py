"""What every page's shell shows: navigation, who looks, the house's name."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from fourfold.accounts import nav as accounts_nav
from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.contact import nav as contact_nav
from fourfold.integrations import nav as integrations_nav
from fourfold.jobs import nav as jobs_nav
from fourfold.people import nav as people_nav
from fourfold.reports import nav as reports_nav
from fourfold.studio import nav as studio_nav
from fourfold.surveys import nav as surveys_nav
from fourfold.work import nav as work_nav
from fourfold.work import queries as work

TODAY = {"label": "Today", "url_name": "today", "icon": "sun", "key": "t"}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor. What a viewer's roles can't use isn't in the navigation."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    name = (viewer.house or "Fourfold") if viewer else accounts.house_name()
    found: dict[str, Any] = {"house_name": name, "home_url": reverse("today"), "viewer": viewer}
    if viewer is None:
        return found
    rooms = (work_nav, people_nav, jobs_nav, contact_nav, reports_nav, integrations_nav)
    daily = [TODAY, *(one for room in rooms for one in room.entries(viewer))]
    groups = [
        ("", daily),
        (
            "Settings",
            [
                *contact_nav.settings_entries(viewer),
                *jobs_nav.settings_entries(viewer),
                *surveys_nav.settings_entries(viewer),
                *studio_nav.entries(viewer),
                *accounts_nav.entries(viewer),
            ],
        ),
    ]
    return found | {
        "navigation": [
            {"label": label, "entries": [entry(one, request.path) for one in entries]}
            for label, entries in groups
            if entries
        ],
        "notifications_url": reverse("notifications"),
        "notifications_new": work.unseen(viewer),
        "search_url": reverse("search"),
        "search_label": _("Search everything"),
        "account_url": reverse("my_account"),
        "sign_out_url": reverse("account_logout"),
    }


def entry(one: dict[str, str], path: str) -> dict[str, Any]:
    """A navigation entry with its address, and whether the page is within it."""
    url = reverse(one["url_name"])
    active = path == url or (url != "/" and path.startswith(url))
    return {**one, "url": url, "active": active}
