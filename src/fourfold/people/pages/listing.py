"""What lists of people show: rows, what is asked, and what can be done to those ticked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.cells import formula_safe
from fourfold.people import access, queries
from fourfold.people.pages import asking
from fourfold.people.pages.asking import ORDER_WORDS, Asked
from fourfold.people.pages.persons import role_badges
from fourfold.people.queries.words import LIST_WORDS, OPENNESS_WORDS, SHARING_WORDS
from fourfold.people.types import ListKind, ListRow, PeopleList, PersonCard, Sharing

OPENNESS_TONES = {"open": "success", "not_now": "warning", "happy": "quiet"}


def list_context(viewer: Viewer, asked: Asked, found: PeopleList) -> dict[str, Any]:
    """The list, what it asks, and where we are in it."""
    count = f"{found.count:,}" + ("" if found.counted_all else "+")
    built = asked.built
    fields = queries.filter_fields(viewer, {one.field for one in built.conditions()})
    tags, hot_lists = queries.tags_and_hot_lists(viewer)
    return {
        "rows": [row_of(card) for card in found.rows],
        "heading": heading(asked, count, found.count),
        "asked": asked,
        "hidden": [(name, value) for name, value in asked.pairs(q="", sort="")],
        "tabs": asking.tabs(asked),
        "conditions": asking.in_words(built, fields),
        "text": asked.text,
        "orders": [(order.value, words) for order, words in ORDER_WORDS.items()],
        "order": found.order.value,
        "older": asked.address(after=found.older) if found.older else "",
        "newer": asked.address() if asked.after else "",
        "count": count,
        "total": found.count,
        "all_counted": found.counted_all,
        "is_filtered": bool(asked.tree.parts or asked.text),
        "search_query": asked.text,
        "filter_url": asked.address("filter_people"),
        "save_url": asked.address("new_list"),
        "csv_url": asked.address("people_csv") if access.may_export_lists(viewer) else "",
        "plain_url": reverse("people"),
        "query": asked.pairs(),
        "hot_lists": hot_lists,
        "on_hot_list": asked.listed if asked.listed and asked.listed.kind is ListKind.HOT else None,
        "tag_names": tags,
        "colleagues": [("me", _("me")), ("nobody", _("nobody")), *accounts.active_names().items()],
        "openness": [(value.value, words) for value, words in OPENNESS_WORDS.items()],
    }


def row_of(card: PersonCard) -> dict[str, Any]:
    """One person as a row of a list."""
    return {
        "card": card,
        "badges": role_badges(card.roles),
        "openness": OPENNESS_WORDS[card.openness] if card.openness else "",
        "tone": OPENNESS_TONES.get(card.openness or "", "quiet"),
    }


def heading(asked: Asked, count: str, number: int) -> str:
    people = _("1 person") if number == 1 else _("%(count)s people") % {"count": count}
    if asked.listed:
        people = _("%(people)s on “%(name)s”") % {"people": people, "name": asked.listed.name}
    return _("%(people)s for “%(text)s”") % {"people": people, "text": asked.text} if asked.text else people


def lists_context(viewer: Viewer, rows: Sequence[ListRow]) -> dict[str, Any]:
    """All lists a viewer may use, with what each asks."""
    fields = queries.filter_fields(viewer)
    shown = [
        {
            "row": row,
            "kind": LIST_WORDS[row.kind],
            "sharing": SHARING_WORDS[row.sharing],
            "asks": "; ".join(asking.in_words(row.tree, fields)) if row.kind is ListKind.SAVED else "",
            "url": f"{reverse('people')}?list={row.key}",
        }
        for row in rows
    ]
    title = _("1 list") if len(rows) == 1 else _("%(n)s lists") % {"n": len(rows)}
    return {"lists": shown, "heading": title if rows else _("No list yet")}


def sharing_choices(viewer: Viewer) -> list[tuple[str, str]]:
    return [(one.value, str(words)) for one, words in SHARING_WORDS.items() if viewer.team or one is not Sharing.TEAM]


CSV_HEAD = ("name", "headline", "organisation", "city", "roles", "open_to_move", "owner", "last_contact", "address")


def csv_rows(pages: Iterator[PeopleList]) -> Iterator[Sequence[object]]:
    """People as a file, in cells that a spreadsheet can't run."""
    owners = accounts.active_names()
    yield CSV_HEAD
    for page in pages:
        for card in page.rows:
            cells = [
                card.name, card.headline, card.organisation, card.city, ", ".join(card.roles), card.openness or "",
                owners.get(card.owner_key, "") if card.owner_key else "",
            ]  # fmt: skip
            last = card.last_touch_at.date().isoformat() if card.last_touch_at else ""
            yield [*map(formula_safe, cells), last, reverse("person", args=[card.key])]
