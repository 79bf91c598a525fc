"""What people do to their own record: their wishes, corrections and exports, through a link that was sent to them.

No viewer is asked: who calls has shown by a signed link that it is this person. Merged records are one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.base.actor import Actor
from fourfold.people import models, queries, rules
from fourfold.people.actions import hearing
from fourfold.people.actions.wishes import record_consents
from fourfold.people.types import (
    Changes,
    ConsentEvent,
    LoggedWish,
    NewConsent,
    OwnChange,
    OwnRecord,
    OwnWishes,
    Proof,
    Purpose,
    WishKind,
    WishRefused,
)

Change = tuple[OwnChange, str]


def _own(key: UUID, *, at: datetime) -> OwnRecord:
    """Their record as it stands, locked: two posts at once don't say the same twice. Raises PersonNotFound."""
    family = queries.families_of([key]).get(key, (key,))
    list(models.Person.objects.select_for_update().filter(pk=family[0]).values_list("pk"))
    return queries.own_record(family[0], at=at)


@transaction.atomic
def say_own_wish(*, person_key: UUID, wish: LoggedWish, by: Actor, today: date, at: datetime) -> bool:
    """Keep what somebody said themselves. Returns whether it is new: what stands already is not kept again.

    Raises WishRefused, PersonNotFound.
    """
    own = _own(person_key, at=at)
    if _stands(own, wish):
        return False
    if wish.kind is WishKind.NOT_NOW:
        _set(own, by=by, at=at, paused_until=None)
        models.Person.objects.filter(pk__in=own.family).update(not_before=None)
    hearing.keep_wish(person_key=own.key, wish=wish, by=by, today=today, at=at)
    return True


def _stands(own: OwnRecord, wish: LoggedWish) -> bool:
    standing = own.standing
    held = {
        WishKind.OBJECTED: rules.objects_to(standing, wish.purpose, wish.channel),
        WishKind.NOT_NOW: standing.paused_until == wish.until,
        WishKind.NOT_AT_WORK: standing.not_at_work,
        WishKind.NO_CALLS: standing.no_calls,
        WishKind.CONSENTED: any(one.wording == wish.wording for one in standing.consents),
        WishKind.WITHDREW: all(one.purpose is not wish.purpose for one in standing.consents),
    }
    return held.get(wish.kind, False)


def _set(own: OwnRecord, *, by: Actor, at: datetime, **values: object) -> None:
    """Set columns of how they want to be reached, in all of their records that have such a row."""
    models.Preference.objects.filter(person_id__in=own.family).update(changed_at=at, changed_by=by.name[:80], **values)


@transaction.atomic
def take_own_wish_back(*, person_key: UUID, kind: WishKind, proof: Proof, by: Actor, at: datetime) -> bool:
    """They may be reached at work, called, or written to now after all. Returns whether anything stood.

    Raises WishRefused for another kind of wish, PersonNotFound.
    """
    own = _own(person_key, at=at)
    if kind not in hearing.CLEARED:
        raise WishRefused("Nothing was changed.", "This is not taken back so.", "Use the form that lifts an objection.")
    standing = own.standing
    stood = {
        WishKind.NOT_NOW: standing.paused_until is not None,
        WishKind.NOT_AT_WORK: standing.not_at_work,
        WishKind.NO_CALLS: standing.no_calls,
    }
    if stood[kind]:
        hearing.clear(person_key=own.key, kind=kind, proof=proof, by=by, at=at)
    return stood[kind]


@transaction.atomic
def lift_own_objection(
    *, person_key: UUID, purpose: Purpose, channel: str, proof: Proof, by: Actor, at: datetime
) -> None:
    """They want to hear again of what they had objected to. Raises WishRefused where none stands; PersonNotFound."""
    own = _own(person_key, at=at)
    hearing.lift(person_key=own.key, purpose=purpose, channel=channel, proof=proof, by=by, at=at)


@transaction.atomic
def subscribe_themselves(*, person_key: UUID, topic: str, rhythm: str, proof: Proof, by: Actor, at: datetime) -> None:
    """Begin to be sent something, at a rhythm; one that was ended begins anew. Raises PersonNotFound."""
    own = _own(person_key, at=at)
    if topic not in {one.topic for one in own.subscriptions}:
        values = {"rhythm": rhythm[:10], "since": at, "ended_at": None, "source": proof.source[:80]}
        models.Subscription.objects.update_or_create(person_id=own.key, topic=topic[:60], defaults=values)
        _note(own, f"subscription:{topic}: {rhythm}", proof, by, at)


@transaction.atomic
def set_own_rhythm(*, person_key: UUID, topic: str, rhythm: str, proof: Proof, by: Actor, at: datetime) -> bool:
    """Set how often they are sent something they asked for, or with "" end it. Returns whether anything changed.

    Raises PersonNotFound.
    """
    return bool(_rhythm(_own(person_key, at=at), topic, rhythm, proof, by, at))


def _rhythm(own: OwnRecord, topic: str, rhythm: str, proof: Proof, by: Actor, at: datetime) -> list[Change]:
    held = {one.topic: one.rhythm for one in own.subscriptions}
    if topic not in held or held[topic] == rhythm:
        return []
    rows = models.Subscription.objects.filter(person_id__in=own.family, topic=topic, ended_at=None)
    if rhythm:
        rows.update(rhythm=rhythm[:10])
    else:
        rows.update(ended_at=at)
    said = f"{topic}: {rhythm or 'ended'}"
    _note(own, f"subscription:{said}", proof, by, at)
    return [(OwnChange.RHYTHM if rhythm else OwnChange.ENDED, topic)]


def _note(own: OwnRecord, wording: str, proof: Proof, by: Actor, at: datetime) -> None:
    """Keep in the consent ledger how they want to be reached, where no other row says it."""
    entry = NewConsent(
        person_key=own.key, event=ConsentEvent.ASKED, purpose=Purpose.ALL, at=at, source=proof.source,
        wording=wording[:80], evidence=f"{wording}. {proof.evidence}",
    )  # fmt: skip
    record_consents(entries=[entry], by=by, at=at)


@transaction.atomic
def keep_own_wishes(*, person_key: UUID, to: OwnWishes, proof: Proof, by: Actor, today: date, at: datetime) -> Changes:
    """Set everything the preference centre says at once. Returns what changed; the rest is left as it is.

    Raises WishRefused for a day that has passed, PersonNotFound.
    """
    own = _own(person_key, at=at)
    done: list[Change] = []

    def say(kind: WishKind, **values: object) -> None:
        wish = LoggedWish(kind=kind, said_at=at, how=proof.source, evidence=proof.evidence, **values)  # type: ignore[arg-type]
        hearing.keep_wish(person_key=own.key, wish=wish, by=by, today=today, at=at)

    done += _purposes(own, to, say, proof, by, at)
    done += _ways(own, to, say, proof, by, at)
    done += _pause(own, to, say, proof, by, at)
    for topic, rhythm in to.rhythms.items():
        done += _rhythm(own, topic, rhythm, proof, by, at)
    done += _reach(own, to, proof, by, at)
    return tuple(done)


Say = Callable[..., None]


def _purposes(own: OwnRecord, to: OwnWishes, say: Say, proof: Proof, by: Actor, at: datetime) -> list[Change]:
    done: list[Change] = []
    objected = own.standing.objected
    for purpose in sorted(to.unwanted):
        if not rules.objects_to(own.standing, purpose):
            say(WishKind.OBJECTED, purpose=purpose)
            done.append((OwnChange.STOPPED, purpose.value))
    for purpose in sorted(to.wanted):
        if (purpose, "") in objected:
            hearing.lift(person_key=own.key, purpose=purpose, channel="", proof=proof, by=by, at=at)
            done.append((OwnChange.ALLOWED, purpose.value))
    return done


def _ways(own: OwnRecord, to: OwnWishes, say: Say, proof: Proof, by: Actor, at: datetime) -> list[Change]:
    done: list[Change] = []
    for way in sorted(to.closed):
        if not rules.objects_to(own.standing, Purpose.ALL, way):
            say(WishKind.OBJECTED, purpose=Purpose.ALL, channel=way)
            done.append((OwnChange.CLOSED, way))
    for way in sorted(to.ways):
        if (Purpose.ALL, way) in own.standing.objected:
            hearing.lift(person_key=own.key, purpose=Purpose.ALL, channel=way, proof=proof, by=by, at=at)
            done.append((OwnChange.OPENED, way))
    for wanted, stands, kind, words in (
        (not to.calls, own.standing.no_calls, WishKind.NO_CALLS, (OwnChange.NO_CALLS, OwnChange.CALLS)),
        (to.not_at_work, own.standing.not_at_work, WishKind.NOT_AT_WORK, (OwnChange.NOT_AT_WORK, OwnChange.AT_WORK)),
    ):
        if wanted and not stands:
            say(kind)
            done.append((words[0], ""))
        elif stands and not wanted:
            hearing.clear(person_key=own.key, kind=kind, proof=proof, by=by, at=at)
            done.append((words[1], ""))
    return done


def _pause(own: OwnRecord, to: OwnWishes, say: Say, proof: Proof, by: Actor, at: datetime) -> list[Change]:
    if to.paused_until == own.standing.paused_until:
        return []
    if to.paused_until is None:
        hearing.clear(person_key=own.key, kind=WishKind.NOT_NOW, proof=proof, by=by, at=at)
        return [(OwnChange.UNPAUSED, "")]
    _set(own, by=by, at=at, paused_until=None)
    models.Person.objects.filter(pk__in=own.family).update(not_before=None)
    say(WishKind.NOT_NOW, until=to.paused_until)
    return [(OwnChange.PAUSED, to.paused_until.isoformat())]


def _reach(own: OwnRecord, to: OwnWishes, proof: Proof, by: Actor, at: datetime) -> list[Change]:
    said = {"best_time": to.best_time.strip()[:80], "language": to.language.strip()[:8]}
    changed = {name: value for name, value in said.items() if value != getattr(own, name)}
    if not changed:
        return []
    for name, value in changed.items():
        _note(own, f"{name.replace('_', ' ')}: {value or 'any'}", proof, by, at)
    _set(own, by=by, at=at, **changed)
    values = {**changed, "changed_at": at, "changed_by": by.name[:80]}
    models.Preference.objects.update_or_create(person_id=own.key, defaults=values)
    return [(OwnChange(name), value) for name, value in changed.items()]


@transaction.atomic
def correct_own_record(
    *, person_key: UUID, name: str, city: str, by: Actor, at: datetime
) -> tuple[tuple[str, str, str], ...]:
    """Set the name and the town that somebody gives of themselves; an empty name changes nothing.

    Returns what changed: (column, before, after). Raises PersonNotFound.
    """
    own = _own(person_key, at=at)
    given = {"name": " ".join(name.split())[:120] or own.name, "city": " ".join(city.split())[:80]}
    changed = [(column, getattr(own, column), text) for column, text in given.items() if getattr(own, column) != text]
    if changed:
        values = {**given, "sort_name": rules.sort_name(given["name"]), "changed_at": at}
        models.Person.objects.filter(pk=own.key).update(**values)
        columns = ", ".join(column for column, _before, _after in changed)
        accounts.audit(by=by, deed="correct_own_record", at=at, subject=("person", own.key), summary=columns)
        accounts.tell_watchers(kind="person", keys=[own.key])
    return tuple(changed)


@transaction.atomic
def note_own_export(*, person_key: UUID, form: str, by: Actor, at: datetime) -> None:
    """Keep that somebody took out everything kept about themselves. Raises PersonNotFound."""
    own = queries.own_record(person_key, at=at)
    accounts.audit(by=by, deed="export_person", at=at, subject=("person", own.key), summary=f"as {form}")
