"""What the search page shows: hits by kind, what narrows them, and the order in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fourfold.search import rules
from fourfold.search.forms import SearchForm
from fourfold.search.types import Answer, Asked, Hit, Order, QueryRefused

ORDER_WORDS = {
    Order.WORDS: gettext_lazy(
        "First those with your words in their name, then by how many of your words were found, then by last contact"
    ),
    Order.CONTACT: gettext_lazy("By last contact, the latest first"),
    Order.NAME: gettext_lazy("By name"),
    Order.AVAILABLE: gettext_lazy("By the day they can begin, the earliest first"),
    Order.DISTANCE: gettext_lazy("By distance, the nearest first"),
}
ICONS = {"person": "user", "candidate": "user", "organisation": "building", "job": "briefcase"}
WHERE_WORDS = {
    "title": gettext_lazy("title"),
    "skill": gettext_lazy("skills"),
    "place": gettext_lazy("place"),
    "body": gettext_lazy("notes, files and career"),
}
NARROWED = ("role", "place", "organisation", "tag", "open")


def asked_of(given: Mapping[str, str]) -> Asked:
    """The question that an address asks."""
    order = given.get("order", "")
    near = given.get("near", "").strip()[:80]
    return Asked(
        text=given.get("q", "").replace("\0", " ").strip(),
        narrowed=tuple((name, value) for name in NARROWED if (value := given.get(name, "").strip()[:120])),
        order=Order(order) if order in list(Order) else Order.DISTANCE if near else Order.WORDS,
        near=near,
    )


def context(asked: Asked, answer: Answer) -> dict[str, Any]:
    values = {"q": asked.text, **dict(asked.narrowed), "near": asked.near}
    if asked.order is not Order.WORDS:
        values["order"] = asked.order.value
    here = f"{reverse('search')}?{urlencode({name: value for name, value in values.items() if value})}"
    is_asked = bool(asked.text or asked.narrowed)
    return {
        "heading": heading(asked, answer),
        "hits": [line(hit) for hit in answer.hits],
        "order_words": str(ORDER_WORDS[answer.order]),
        "order_changed": asked.order is not answer.order and is_asked and bool(answer.counts),
        "cut": answer.cut,
        "close": [{"word": word, "others": ", ".join(others)} for word, others in answer.close.items()],
        "older": f"{here}&after={answer.older}" if answer.older else "",
        "form": SearchForm(initial={**values, "order": asked.order.value}),
        "narrowed": bool(asked.narrowed or asked.near or asked.order is not Order.WORDS),
        "is_asked": is_asked,
        "small_operators": rules.without_operators(asked.text),
        "missing_place": asked.near if answer.missing_place else "",
        "search_query": asked.text,
        "everything": f"{reverse('search')}?{urlencode({'q': asked.text})}" if asked.narrowed else "",
    }


def heading(asked: Asked, answer: Answer) -> str:
    """“12 people and 2 organisations match”."""
    if not asked.text and not asked.narrowed:
        return _("What are you looking for?")
    people = sum(count for kind, count in answer.counts.items() if kind not in {"organisation", "job"})
    organisations = answer.counts.get("organisation", 0)
    jobs = answer.counts.get("job", 0)
    more = "+" if answer.cut else ""
    parts = []
    if people:
        parts.append(ngettext("%(n)s person", "%(n)s people", people) % {"n": f"{people:,}{more}"})
    if organisations:
        parts.append(
            ngettext("%(n)s organisation", "%(n)s organisations", organisations) % {"n": f"{organisations:,}{more}"}
        )
    if jobs:
        parts.append(ngettext("%(n)s job", "%(n)s jobs", jobs) % {"n": f"{jobs:,}{more}"})
    if not parts:
        return _("Nothing matches")
    if answer.close:
        return _("No exact match; close: %(found)s") % {"found": _(" and ").join(parts)}
    both = people + organisations + jobs
    return ngettext("%(found)s matches", "%(found)s match", both) % {"found": _(" and ").join(parts)}


def line(hit: Hit) -> dict[str, Any]:
    return {
        "hit": hit,
        "icon": ICONS.get(hit.kind, "search"),
        "where": str(WHERE_WORDS.get(hit.where, "")),
        "away": _("%(km)s km away") % {"km": f"{hit.kilometres:,.0f}"} if hit.kilometres is not None else "",
        "tone": "clients" if hit.kind in {"organisation", "job"} else "accent",
    }


def refused_context(asked: Asked, error: QueryRefused) -> dict[str, Any]:
    """The search as typed, with the place that can't be read marked."""
    at = min(error.at, len(asked.text))
    return {
        "heading": _("This search can’t be read"),
        "error": error,
        "before": asked.text[:at],
        "here": asked.text[at : at + 1] or "␣",
        "after": asked.text[at + 1 :],
        "form": SearchForm(initial={"q": asked.text, **dict(asked.narrowed), "near": asked.near}),
        "search_query": asked.text,
        "is_asked": True,
    }
