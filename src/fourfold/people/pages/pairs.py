"""The queue of likely duplicates: one pair at a time, what agrees and what differs in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.template.defaultfilters import date as day_words
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fourfold.accounts.types import Viewer
from fourfold.people import queries
from fourfold.people.pages.persons import role_badges
from fourfold.people.types import MatchRunRow, PairPage, PairSide

REASON_WORDS = {
    ("email", 3): gettext_lazy("same e-mail address"),
    ("email", 2): gettext_lazy("e-mail the same before the @, or a letter apart"),
    ("email", 1): gettext_lazy("e-mail alike before the @"),
    ("email", 0): gettext_lazy("other e-mail addresses"),
    ("phone", 2): gettext_lazy("same phone"),
    ("phone", 1): gettext_lazy("phone one digit apart"),
    ("phone", 0): gettext_lazy("other phones"),
    ("city", 3): gettext_lazy("same city"),
    ("city", 2): gettext_lazy("city a letter apart"),
    ("city", 1): gettext_lazy("city alike"),
    ("city", 0): gettext_lazy("other cities"),
    ("organisation", 3): gettext_lazy("same employer"),
    ("organisation", 2): gettext_lazy("employer's name a letter apart"),
    ("organisation", 1): gettext_lazy("employers' names alike"),
    ("organisation", 0): gettext_lazy("other employers"),
    ("headline", 3): gettext_lazy("same title"),
    ("headline", 2): gettext_lazy("title a letter apart"),
    ("headline", 1): gettext_lazy("titles alike"),
    ("headline", 0): gettext_lazy("other titles"),
}
GIVEN_WORDS = {
    2: gettext_lazy("first name a letter apart"),
    1: gettext_lazy("first names alike, or a short form"),
    0: gettext_lazy("other first names"),
}
FAMILY_WORDS = {
    2: gettext_lazy("last name a letter apart"),
    1: gettext_lazy("last names alike"),
    0: gettext_lazy("other last names"),
}
ORDER = "order of the names"


def reason_words(reasons: Sequence[tuple[str, int]]) -> tuple[list[str], list[str]]:
    """What agrees and what differs, in words: the names first."""
    held = dict(reasons)
    agree: list[str] = []
    differ: list[str] = []
    given, family = held.get("given"), held.get("family")
    if held.get(ORDER) == 0:
        agree.append(_("first and last name swapped"))
    elif given == family == 3:
        agree.append(_("same name"))
    else:
        firsts, lasts = (given, GIVEN_WORDS, _("same first name")), (family, FAMILY_WORDS, _("same last name"))
        for level, words, same in (firsts, lasts):
            if level is not None:
                (agree if level else differ).append(same if level == 3 else str(words[level]))
    for column in ("phone", "email", "organisation", "headline", "city"):
        if column in held:
            (agree if held[column] else differ).append(str(REASON_WORDS[column, held[column]]))
    return agree, differ


def pairs_context(viewer: Viewer, at: datetime, key: int | None) -> dict[str, Any]:
    """The queue. Raises NotFound for a pair that does not wait."""
    pair = queries.pair_page(viewer, key)
    count = queries.count_pairs(viewer)
    run = queries.last_run(finished=False)
    return {
        "pair": pair,
        "heading": _heading(count),
        "run": run,
        "looking": bool(run and run.finished_at is None and not run.failed),
        "about_run": _about_run(run, at),
        **(_compared(pair) if pair else {}),
    }


def _heading(count: int) -> str:
    if not count:
        return _("No two records look like one human")
    shown = f"{count:,}" + ("+" if count >= queries.MOST_COUNTED else "")
    return ngettext("%(n)s pair looks like one human", "%(n)s pairs look like one human", count) % {"n": shown}


def _about_run(run: MatchRunRow | None, at: datetime) -> str:
    if run is None:
        return _("Nobody has looked yet; the first look is at everybody.")
    if run.failed:
        return _("The last look failed: %(why)s") % {"why": run.failed}
    if run.finished_at is None:
        return _("A look is under way; this page can be left.")
    words = _("Last look %(day)s: %(people)s people, %(pairs)s pairs compared, %(found)s alike.")
    return words % {
        "day": day_words(run.finished_at, "j M Y, H:i"),
        "people": f"{run.people:,}",
        "pairs": f"{run.compared:,}",
        "found": f"{run.suggested:,}",
    }


def _compared(pair: PairPage) -> dict[str, Any]:
    agree, differ = reason_words(pair.reasons)
    left, right = pair.left, pair.right
    rows = [
        (_("What they do"), left.headline, right.headline),
        (_("Where"), left.organisation, right.organisation),
        (_("Place"), left.city, right.city),
        (_("Addresses"), "\n".join(left.addresses), "\n".join(right.addresses)),
        (_("With us since"), day_words(left.added_at, "j M Y"), day_words(right.added_at, "j M Y")),
        (_("Touches"), str(left.touches), str(right.touches)),
        (_("Last touch"), _day(left), _day(right)),
    ]
    return {
        "agree": agree,
        "differ": differ,
        "rows": [
            {"label": label, "left": one or "–", "right": other or "–", "same": bool(one) and one == other}
            for label, one, other in rows
        ],
        "left_badges": role_badges(left.roles),
        "right_badges": role_badges(right.roles),
    }


def _day(side: PairSide) -> str:
    return day_words(side.last_touch_at, "j M Y") if side.last_touch_at else ""
