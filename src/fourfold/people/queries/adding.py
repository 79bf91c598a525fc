"""Reads of people about to be added: what was read, and who of the house it is."""

from __future__ import annotations

from uuid import UUID

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.files import queries as files
from fourfold.files.types import FileRow, TextState
from fourfold.ledger.queries import among
from fourfold.people import models
from fourfold.people.queries.persons import cards, resolve
from fourfold.people.rules import cards as reading_rules
from fourfold.people.rules import cvs
from fourfold.people.types.adding import DraftPage, DraftState, Reading
from fourfold.search import queries as search

ADDING = "adding"
"""The kind under which a draft's file is kept: no gate shows it to anybody."""
MOST_SKILLS = 5_000
EMPTY = "It has no words: a scan, or a picture. Type what it says."


def get_draft(viewer: Viewer, key: UUID) -> models.Draft:
    """The viewer's own draft. Raises NotFound."""
    found = models.Draft.objects.filter(pk=key, user_key=viewer.user_key).first() if viewer.roles else None
    if found is None:
        raise NotFound(
            "This was not found.", "The person was added already, or a week went by.", "Begin anew with “Add a person”."
        )
    return found


def draft(viewer: Viewer, key: UUID) -> DraftPage:
    """What was read of a draft, and who of the house has one of its addresses. Raises NotFound."""
    row = get_draft(viewer, key)
    held = files.reading_of(ADDING, key)
    state, why, text = _state(held)
    words = row.text or text
    reading = read(row.url, words) if state is DraftState.READY else Reading()
    owners = set(resolve([one.identifier for one in reading.addresses]).values())
    known = cards(viewer, sorted(owners))
    return DraftPage(
        key=key,
        state=state,
        reading=reading,
        file_key=held[0].key if held else None,
        file_name=held[0].name if held else "",
        why_not=why,
        text=words,
        known=known,
        hidden=len(known) < len(owners) and not _are_one(owners, len(known)),
    )


def _state(held: tuple[FileRow, str, str] | None) -> tuple[DraftState, str, str]:
    if held is None:
        return DraftState.READY, "", ""
    row, text, why = held
    if row.state is TextState.WAITING:
        return DraftState.READING, "", ""
    if row.state is TextState.READ:
        return DraftState.READY, "", text
    return DraftState.FAILED, why or EMPTY, ""


def _are_one(keys: set[UUID], seen: int) -> bool:
    """Whether the keys are of as many people as are seen: merged records share one."""
    rows = models.Person.objects.filter(pk__in=among(keys)).values_list("pk", "merged_into_id")
    return len({into or key for key, into in rows}) <= seen


def read(url: str, text: str) -> Reading:
    """What the words say, with the skills and towns that the house knows."""
    country = accounts.house_country()
    if url:
        return reading_rules.read_page(url, text, country=country)
    skills = list(models.Skill.objects.filter(used=True).order_by("pk").values_list("name", flat=True)[:MOST_SKILLS])
    pieces = cvs.town_candidates(text)
    towns = {name for name, _ in search.places_of([(piece, "") for piece in pieces])}
    towns |= set(models.Person.objects.filter(city__in=pieces).order_by().values_list("city", flat=True).distinct())
    return reading_rules.read_text(text, country=country, skills=skills, towns=towns)
