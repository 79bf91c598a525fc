"""What people wish: entries of the consent ledger, and the addresses they suppress."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from fourfold.accounts import actions as accounts
from fourfold.base.actor import Actor
from fourfold.base.clock import require_aware
from fourfold.ledger import actions as ledger
from fourfold.ledger import queries as ledger_queries
from fourfold.people import guards, models, queries, rules
from fourfold.people.types import (
    ConsentEvent,
    Identifier,
    NewConsent,
    NoticeState,
    Purpose,
    SuppressionKind,
    WishRefused,
)

ENTRY_COLUMNS = (
    "person_id", "event", "purpose", "channel", "brand", "basis", "wording", "source", "source_ref", "evidence", "at",
    "expires_at", "by",
)  # fmt: skip
SUPPRESSION_COLUMNS = (
    "scheme", "value_hash", "kind", "purpose", "person_key", "source", "at", "by", "lifted_by", "lifted_why",
)  # fmt: skip


@transaction.atomic
def record_consents(*, entries: Sequence[NewConsent], by: Actor, at: datetime) -> int:
    """Add to the consent ledger what people wished, agreed to or were told. Returns how many entries were new.

    An entry with a ``source_ref`` that stands already (same source, person, purpose and event) is passed over. An
    objection suppresses the person's addresses too, so that it outlives their record; lifting it lifts those. What
    somebody was told settles the notice owed to them. One audit entry for the whole call; some thousands a call.

    Raises WishRefused for a person who is not there.
    """
    require_aware(at)
    wanted = list({_identity(one, index): one for index, one in enumerate(entries)}.values())
    known = _known(wanted)
    new = [one for one in wanted if not (one.source_ref and _identity(one, 0) in known)]
    _require_people({one.person_key for one in new})
    ledger.append(models.ConsentEntry, ENTRY_COLUMNS, [_row(one, by) for one in new])
    for one in sorted(new, key=lambda entry: entry.at):
        if one.event is ConsentEvent.LIFTED:
            _lift(one, by=by, at=at)
    _suppress_objections([one for one in new if one.event is ConsentEvent.OBJECTED], by=by)
    told = {one.person_key: one.at for one in new if one.event is ConsentEvent.TOLD}
    _settle_notices(told)
    if new:
        accounts.audit(by=by, deed="record_consents", at=at, summary=_summary(new), subject=_subject(new))
    return len(new)


def _identity(one: NewConsent, index: int) -> tuple[object, ...]:
    """By what an entry is known again; one without a reference only by its place in the call."""
    place = one.source_ref[:120] or index
    return (one.source[:80], place, one.person_key, one.purpose.value, one.event.value)


def _known(entries: Sequence[NewConsent]) -> set[tuple[object, ...]]:
    refs = {one.source_ref[:120] for one in entries if one.source_ref}
    if not refs:
        return set()
    people = {one.person_key for one in entries}
    held = models.ConsentEntry.objects.filter(
        person_id__in=ledger_queries.among(people), source_ref__in=ledger_queries.among(refs)
    )
    return set(held.values_list("source", "source_ref", "person_id", "purpose", "event"))


def _require_people(keys: Collection[UUID]) -> None:
    found = models.Person.objects.filter(pk__in=ledger_queries.among(keys)).count()
    if found != len(keys):
        raise WishRefused(
            "No wish was recorded.",
            f"{len(keys) - found} of the people it is about are not here, or were erased.",
            "Look for them again.",
        )


def _row(one: NewConsent, by: Actor) -> tuple[object, ...]:
    head = (one.person_key, one.event.value, one.purpose.value, one.channel[:20], one.brand[:50])
    origin = (one.basis[:40], one.wording[:80], one.source[:80], one.source_ref[:120], one.evidence)
    return (*head, *origin, one.at, one.expires_at, by.name[:80])


def _summary(new: Sequence[NewConsent]) -> str:
    events = sorted({one.event.value for one in new})
    return f"{len(new)} entries ({', '.join(events)}) of {len({one.person_key for one in new})} people"


def _subject(new: Sequence[NewConsent]) -> tuple[str, object]:
    people = {one.person_key for one in new}
    return ("person", people.pop()) if len(people) == 1 else ("", "")


def _suppress_objections(objections: Sequence[NewConsent], *, by: Actor) -> None:
    """Suppress the addresses of all records of whoever objected, unless the objection was lifted since."""
    families = queries.families_of({one.person_key for one in objections})
    everyone = {key for family in families.values() for key in family}
    held = queries.identifiers_by_person(everyone)
    standing = rules.unlifted(queries.wishes_of({one.person_key for one in objections}))
    suppress(
        rows=[
            (key, identifier, SuppressionKind.OBJECTED, one.purpose, one.source, one.at)
            for one in objections
            if (one.person_key, one.purpose, one.channel[:20]) in standing
            for key in families[one.person_key]
            for identifier in rules.reached_by(one.channel, held[key])
        ],
        by=by,
    )


@transaction.atomic
def suppress(*, rows: Iterable[tuple[UUID, Identifier, SuppressionKind, Purpose, str, datetime]], by: Actor) -> None:
    """Suppress addresses, each given as (person, address, kind, purpose, source, since); those that stand stay."""
    values = [
        (one.scheme.value, queries.hash_of(one), kind.value, purpose.value, key, source[:80], at, by.name[:80], "", "")
        for key, one, kind, purpose, source, at in rows
    ]
    if values:
        models.KeyProof.objects.get_or_create(name=guards.PROOF, defaults={"proof": guards.proof()})
        ledger.append(models.Suppression, SUPPRESSION_COLUMNS, values)


def _lift(one: NewConsent, *, by: Actor, at: datetime) -> None:
    """Lift the suppressions that an objection of this person's records brought."""
    family = queries.families_of([one.person_key])[one.person_key]
    addresses = [address for several in queries.identifiers_by_person(family).values() for address in several]
    hashes = [queries.hash_of(identifier) for identifier in rules.reached_by(one.channel, addresses)]
    schemes = [scheme.value for scheme in rules.CHANNEL_SCHEMES.get(one.channel, ())]
    rows = models.Suppression.objects.filter(
        Q(person_key__in=family, scheme__in=schemes) | Q(value_hash__in=hashes),
        kind=SuppressionKind.OBJECTED,
        lifted_at=None,
    )
    if one.purpose is not Purpose.ALL:
        rows = rows.filter(purpose=one.purpose)
    rows.update(lifted_at=at, lifted_by=by.name[:80], lifted_why=one.evidence[:160] or "at their wish")


def _settle_notices(told: dict[UUID, datetime]) -> None:
    """Whoever was told is owed no notice any more, in any of their records."""
    families = queries.families_of(set(told))
    moments: dict[datetime, set[UUID]] = defaultdict(set)
    for key, at in told.items():
        moments[at] |= set(families[key])
    for at, keys in moments.items():
        models.NoticeDue.objects.filter(
            person_id__in=ledger_queries.among(keys), state__in=(NoticeState.OWED, NoticeState.PLANNED)
        ).update(state=NoticeState.TOLD, done_at=at)
