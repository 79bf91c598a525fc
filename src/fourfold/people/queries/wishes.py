"""What people wish, and which addresses are not written to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings

from fourfold.accounts.types import Viewer
from fourfold.base.ids import keyed_hash
from fourfold.ledger import queries as ledger
from fourfold.people import access, models, rules
from fourfold.people.types import (
    ConsentEvent,
    Identifier,
    NoticeFacts,
    NoticeState,
    Purpose,
    Reach,
    Scheme,
    Standing,
    SubscriptionRow,
    Suppressed,
    SuppressionKind,
    Wish,
    WishesPage,
    WordingRow,
)


def hash_of(identifier: Identifier) -> str:
    """The keyed hash under which an address is suppressed; the key lies apart from the database."""
    return keyed_hash(settings.SUPPRESSION_KEY, f"{identifier.scheme}\n{identifier.value}")


def suppressed(identifiers: Collection[Identifier]) -> dict[Identifier, Suppressed]:
    """Which of these addresses are not written to, and why; the others are left out.

    An address is suppressed by its own hash, or because whoever has it objected under another address or in a record
    that was merged with theirs. Thousands a call.
    """
    hashes = {hash_of(one): one for one in identifiers}
    found: dict[Identifier, list[models.Suppression]] = defaultdict(list)
    standing = models.Suppression.objects.filter(lifted_at=None)
    for row in standing.filter(value_hash__in=ledger.among(list(hashes))):
        found[hashes[row.value_hash]].append(row)
    owners = _owners(identifiers)
    families = families_of(set(owners.values()))
    everyone = {key for family in families.values() for key in family}
    by_person: dict[UUID, list[models.Suppression]] = defaultdict(list)
    # Not what a mail server said of one address: that is no wish.
    for row in standing.filter(person_key__in=ledger.among(everyone), kind=SuppressionKind.OBJECTED):
        if row.person_key:
            by_person[row.person_key].append(row)
    for identifier, owner in owners.items():
        for key in families[owner]:
            found[identifier] += [row for row in by_person[key] if row.scheme == identifier.scheme]
    return {identifier: _suppressed(rows) for identifier, rows in found.items() if rows}


def erased(identifiers: Collection[Identifier]) -> frozenset[Identifier]:
    """Those of these addresses and ids whose owner was erased and must not be added again by itself."""
    hashes = {hash_of(one): one for one in identifiers}
    rows = models.Suppression.objects.filter(
        value_hash__in=ledger.among(list(hashes)), kind=SuppressionKind.ERASED, lifted_at=None
    )
    return frozenset(hashes[value] for value in rows.values_list("value_hash", flat=True))


def _owners(identifiers: Collection[Identifier]) -> dict[Identifier, UUID]:
    found: dict[Identifier, UUID] = {}
    values: dict[Scheme, list[str]] = defaultdict(list)
    for one in identifiers:
        values[one.scheme].append(one.value)
    for scheme, texts in values.items():
        rows = models.PersonIdentifier.objects.filter(scheme=scheme, value__in=ledger.among(texts))
        found.update({Identifier(scheme, value): key for value, key in rows.values_list("value", "person_id")})
    return found


def _suppressed(rows: Iterable[models.Suppression]) -> Suppressed:
    held = list(rows)
    return Suppressed(
        kinds=frozenset(SuppressionKind(row.kind) for row in held),
        purposes=frozenset(Purpose(row.purpose) for row in held),
        since=min(row.at for row in held),
    )


def families_of(keys: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """All records that are one human with each of these: the one that stays first. Unknown keys are left out."""
    rows = models.Person.objects.filter(pk__in=ledger.among(keys)).values_list("key", "merged_into_id")
    head = {key: into or key for key, into in rows}
    members: dict[UUID, list[UUID]] = {end: [end] for end in head.values()}
    joined = models.Person.objects.filter(merged_into_id__in=ledger.among(set(head.values())))
    # Sorted here: asked for in the keys' order, SQLite would walk through all people instead of the few that joined.
    for key, into in sorted(joined.values_list("key", "merged_into_id")):
        if into:
            members[into].append(key)
    return {key: tuple(members[end]) for key, end in head.items()}


def identifiers_by_person(keys: Collection[UUID]) -> dict[UUID, list[Identifier]]:
    """All addresses and ids of these records, by record."""
    held: dict[UUID, list[Identifier]] = defaultdict(list)
    rows = models.PersonIdentifier.objects.filter(person_id__in=ledger.among(keys)).order_by("scheme", "value")
    for key, scheme, value in rows.values_list("person_id", "scheme", "value"):
        held[key].append(Identifier(Scheme(scheme), value))
    return held


def wishes_of(keys: Collection[UUID]) -> tuple[Wish, ...]:
    """The consent ledger of these records, newest first."""
    rows = models.ConsentEntry.objects.filter(person_id__in=list(keys)).order_by("-at", "-id")
    return tuple(
        Wish(
            key=row.pk,
            person_key=row.person_id,
            event=ConsentEvent(row.event),
            purpose=Purpose(row.purpose),
            at=row.at,
            channel=row.channel,
            brand=row.brand,
            basis=row.basis,
            wording=row.wording,
            source=row.source,
            evidence=row.evidence,
            expires_at=row.expires_at,
            by=row.by,
        )
        for row in rows
    )


def standing(person_key: UUID, *, at: datetime) -> Standing:
    """What stands of somebody's wishes, over all records that are one human with theirs."""
    family = families_of([person_key]).get(person_key, (person_key,))
    return rules.standing(wishes_of(family), reaches_of(family), suppressed=suppressed_for(family), at=at)


def suppressed_for(family: Collection[UUID]) -> frozenset[Purpose]:
    """Purposes for which an address of these records is suppressed by somebody's objection, theirs or another's."""
    hashes = [hash_of(one) for several in identifiers_by_person(family).values() for one in several]
    rows = models.Suppression.objects.filter(value_hash__in=hashes, lifted_at=None, kind=SuppressionKind.OBJECTED)
    others = rows.exclude(person_key__in=list(family))  # their own are read from the consent ledger, with channels
    return frozenset(Purpose(purpose) for purpose in others.values_list("purpose", flat=True))


def wordings(*, used: bool = False) -> tuple[WordingRow, ...]:
    """The house's texts, newest first; with ``used`` those still in use only."""
    rows = models.Wording.objects.order_by("-since", "version")
    if used:
        rows = rows.filter(retired_at=None)
    return tuple(
        WordingRow(row.version, ConsentEvent(row.event), Purpose(row.purpose), row.text, row.since, row.retired_at)
        for row in rows
    )


def wishes_page(viewer: Viewer, key: UUID, *, at: datetime) -> WishesPage:
    """What this viewer may see of somebody's wishes. Raises PersonNotFound."""
    person = access.get_person_for(viewer, key)
    joined = models.Person.objects.filter(merged_into=person).values_list("key", flat=True)
    family = (person.key, *joined)
    wishes = wishes_of(family)
    reaches, notice = reaches_and_notice(family)
    found = rules.standing(wishes, reaches, suppressed=suppressed_for(family), at=at)
    guarded = not access.sees_candidate_side(viewer, person.key)
    if guarded:
        wishes = tuple(one for one in wishes if not rules.is_guarded(one))
        found = rules.without_candidate_side(found)
    asked = () if guarded else subscriptions_of(family)
    return WishesPage(person.key, person.name, found, wishes, notice, guarded, asked)


def subscriptions_of(keys: Collection[UUID]) -> tuple[SubscriptionRow, ...]:
    """What whoever these records are asked to be sent and did not end."""
    rows = models.Subscription.objects.filter(person_id__in=list(keys), ended_at=None).order_by("topic", "pk")
    return tuple(SubscriptionRow(row.topic, row.rhythm, row.since, row.source) for row in rows)


def reaches_of(keys: Collection[UUID]) -> tuple[Reach, ...]:
    """How each of these records says its person wants to be reached."""
    return reaches_and_notice(keys)[0]


def reaches_and_notice(keys: Collection[UUID]) -> tuple[tuple[Reach, ...], NoticeFacts | None]:
    """How to reach whoever these records are, and whether a notice is owed: of several the most pressing."""
    reach = ("preference__not_at_work", "preference__no_calls", "preference__paused_until", "not_before")
    notice = ("notice__state", "notice__due_at", "notice__done_at", "notice__declaration__told")
    rows = list(models.Person.objects.filter(pk__in=list(keys)).values_list(*reach, *notice))
    reaches = tuple(Reach(bool(work), bool(calls), until, before) for work, calls, until, before, *_ in rows)
    held = [NoticeFacts(NoticeState(row[4]), row[5], row[6], row[7] or "") for row in rows if row[4]]
    settled = (NoticeState.TOLD, NoticeState.OWED, NoticeState.PLANNED)
    rank = {state: place for place, state in enumerate(settled)}
    held.sort(key=lambda one: (rank.get(one.state, len(settled)), one.due_at))
    return reaches, held[0] if held else None
