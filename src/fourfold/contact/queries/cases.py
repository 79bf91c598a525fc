"""Everything a verdict rests on, for many intents at once: a fixed number of statements, however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from fourfold.accounts import queries as accounts
from fourfold.contact import models, rules
from fourfold.contact.queries import places
from fourfold.contact.queries.policies import assessment
from fourfold.contact.rules.classes import TO_MANY
from fourfold.contact.types import (
    STANDINGS,
    Aim,
    Asked,
    Case,
    Channel,
    Consent,
    Counted,
    Exempt,
    Intent,
    MessageClass,
    OffLimits,
    PersonSide,
    Policy,
    Rule,
    Subscriber,
    Ties,
)
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import TalkRow
from fourfold.people import queries as people
from fourfold.people.types import (
    AddressFacts,
    AddressUse,
    ConsentEvent,
    ContactFacts,
    Identifier,
    Origin,
    PersonRole,
    Purpose,
    Scheme,
    SuppressionKind,
)

LOOKED_BACK = timedelta(days=130)  # the longest rest, and some
SCHEMES: Mapping[Channel, Scheme] = {
    Channel.EMAIL: Scheme.EMAIL,
    Channel.SMS: Scheme.PHONE,
    Channel.WHATSAPP: Scheme.PHONE,
    Channel.PHONE: Scheme.PHONE,
    Channel.LINKEDIN: Scheme.PROFILE,
}
TALKED = ("email", "phone", "sms", "linkedin", "in_person", "other")
OURS = "contact"
"""The ledger's source of what left through here: counted from its delivery, not again."""


@dataclass(frozen=True, slots=True)
class Ready:
    """One intent as the gate sees it: its case, and the address it would go to."""

    intent: Intent
    case: Case
    address: AddressFacts | None
    person: ContactFacts


def cases(intents: Sequence[Intent], *, policy: Policy, at: datetime) -> list[Ready]:
    """The case of each intent, in order."""
    keys = {one.person_key for one in intents}
    found = _Gathered(people.contact_facts(keys, at=at), policy, at)
    found.read_threads([one.thread for one in intents if one.thread])
    return [found.ready(one) for one in intents]


def canonical(keys: Collection[UUID]) -> list[UUID]:
    """The key under which each of these humans stands now, in order."""
    ends = ledger.canonical_keys(keys)
    return [ends[key] for key in keys]


class _Gathered:
    """What several rooms know of some people at a moment."""

    def __init__(self, facts: Mapping[UUID, ContactFacts], policy: Policy, at: datetime) -> None:
        self.facts, self.policy, self.at = facts, policy, at
        self.ends = {one.key: one for one in facts.values()}
        self.talk = ledger.talk(list(self.ends), since=at - LOOKED_BACK, channels=TALKED)
        self.assessed = assessment() is not None
        self.sender_zone = accounts.house_zone()
        self.home = accounts.house_country()
        self.colleagues = accounts.active_names()
        self.sent, self.sent_to = self._read_sent()
        self.ties = self._read_ties()
        self.screened = self._read_screenings()
        self.exempt = self._read_exemptions()
        self.asks = self._read_asks()
        self.threads: dict[tuple[UUID, UUID], str] = {}

    def _read_sent(self) -> tuple[dict[UUID, list[models.Delivery]], dict[str, list[models.Delivery]]]:
        """What went out, by human and by address: two unmerged records of one human share a cap."""
        owner = {key: one.key for one in self.ends.values() for key in one.family}
        hashes = {address.value_hash for one in self.ends.values() for address in one.addresses}
        rows = models.Delivery.objects.filter(state__in=models.sending.COUNTED, at__gte=self.at - LOOKED_BACK * 2)
        rows = rows.filter(
            Q(person_key__in=ledger.among(list(owner))) | Q(address_hash__in=ledger.among(sorted(hashes)))
        )
        by_person: dict[UUID, list[Any]] = defaultdict(list)
        by_hash: dict[str, list[Any]] = defaultdict(list)
        for row in rows.order_by("at"):
            if row.person_key in owner:
                by_person[owner[row.person_key]].append(row)
            if row.address_hash:
                by_hash[row.address_hash].append(row)
        return by_person, by_hash

    def _read_ties(self) -> dict[UUID, Ties]:
        found = {key: _ties_of(one) for key, one in self.ends.items()}
        years = self.at - timedelta(days=31 * self.policy.placed_months)
        for key, (when, _) in ledger.placed(list(self.ends), since=years).items():
            until = (when + timedelta(days=31 * self.policy.placed_months)).date()
            found[key] = found[key].add(Ties(off_limits=(OffLimits("placed", "", until),), outcome="placed"))
        for standing in STANDINGS.values():
            for key, ties in standing(person_keys=list(self.ends), at=self.at).items():
                if key in found:
                    found[key] = ties.add(found[key])
        return found

    def _read_screenings(self) -> dict[str, Any]:
        hashes = {one.value_hash for person in self.ends.values() for one in person.addresses}
        rows = models.Screening.objects.filter(value_hash__in=ledger.among(sorted(hashes))).order_by("screened_on")
        return dict(rows.values_list("value_hash", "screened_on"))

    def _read_exemptions(self) -> dict[UUID, Exempt]:
        owner = {key: one.key for one in self.ends.values() for key in one.family}
        rows = models.Exemption.objects.filter(person_key__in=ledger.among(list(owner)), until__gt=self.at)
        return {
            owner[row.person_key]: Exempt(frozenset(Rule(one) for one in row.rules), row.by, row.why, row.until)
            for row in rows.order_by("at")
        }

    def _read_asks(self) -> dict[tuple[UUID, UUID], Asked]:
        owner = {key: one.key for one in self.ends.values() for key in one.family}
        rows = models.Ask.objects.filter(person_key__in=ledger.among(list(owner)), at__gte=self.at - LOOKED_BACK)
        return {(owner[row.person_key], row.asked_by): Asked(row.free_at, row.granted) for row in rows.order_by("at")}

    def read_threads(self, keys: Iterable[UUID]) -> None:
        """The subjects of those threads in which the person wrote last and lately."""
        since = self.at - timedelta(days=self.policy.thread_days)
        rows = models.InboundMail.objects.filter(thread__in=list(keys), outgoing=False, at__gte=since, kind="reply")
        for thread, person, subject in rows.order_by("at").values_list("thread", "person_key", "subject"):
            if thread and person:
                self.threads[thread, person] = subject or "a reply"

    def ready(self, intent: Intent) -> Ready:
        person = self.facts[intent.person_key]
        side = intent.side or _side_of(person)
        intent = intent if intent.side else replace(intent, side=side)
        ties = self.ties[person.key]
        kept_up = [words for key in person.family if (words := self.threads.get((intent.thread or key, key)))]
        if intent.thread and kept_up:  # their own thread: anybody else's key would be a way around the rules
            ties = ties.add(Ties(thread=kept_up[0]))
        message_class, why = rules.class_of(intent, ties)
        address = _address_for(intent, person, message_class, side)
        return Ready(intent, self._case(intent, person, ties, address, (message_class, why[:160])), address, person)

    def _case(
        self,
        intent: Intent,
        person: ContactFacts,
        ties: Ties,
        address: AddressFacts | None,
        classed: tuple[MessageClass, str],
    ) -> Case:
        message_class, why = classed
        standing, side = person.standing, intent.side or PersonSide.CANDIDATE
        purpose = rules.purpose_of(message_class, intent)
        zone = places.zone_of(person.country, person.place)
        heard, speaks = self._heard(person)
        against = address.against if address else frozenset()
        return Case(
            person_key=person.key, message_class=message_class, why=why, purpose=purpose, channel=intent.channel,
            at=self.at, by=intent.by, address_hash=address.value_hash if address else "",
            at_work=bool(address and address.use is AddressUse.WORK), side=side, bulk=intent.aim in TO_MANY,
            about_job=bool(intent.job) or intent.aim is Aim.JOBS, flags=intent.flags,
            law=rules.law_of(person.country, self.policy), country=person.country or self.home,
            subscriber=_subscriber(address), no_address=address is None and intent.channel in SCHEMES,
            erased=person.erased,
            stop_all=bool(standing and people.objects_to(standing, Purpose.ALL, intent.channel.value)),
            complained=SuppressionKind.COMPLAINED in against,
            bounced=SuppressionKind.BOUNCED in against or bool(address and address.bouncing),
            objected=bool(
                standing and purpose is not Purpose.ALL and people.objects_to(standing, purpose, intent.channel.value)
            ),
            no_calls=bool(standing and standing.no_calls), off_limits=self._off_limits(person, ties, side),
            consents=_consents(person), assessed=self.assessed or person.assessed,
            screened_on=self.screened.get(address.value_hash) if address else None,
            said_not_at_work=bool(standing and standing.not_at_work), notice=person.notice,
            notice_due_at=person.notice_due_at, imported=person.origin is Origin.IMPORTED,
            not_before=standing.paused_until if standing else None, counted=self._counted(person, address),
            heard_at=heard, speaks_with=speaks, asked=self.asks.get((person.key, intent.by)) if intent.by else None,
            rival_process=bool(ties.in_process), exempt=self.exempt.get(person.key), zone=zone,
            sender_zone=self.sender_zone, holidays=places.holidays_around(person.country or self.home, self.at.date()),
        )  # fmt: skip

    def _off_limits(self, person: ContactFacts, ties: Ties, side: PersonSide) -> tuple[OffLimits, ...]:
        clauses = tuple(
            OffLimits(one.off_limits, one.name, one.until)
            for one in person.employers
            if one.off_limits and side is PersonSide.CANDIDATE
        )
        return (*clauses, *ties.off_limits)

    def _counted(self, person: ContactFacts, address: AddressFacts | None) -> tuple[Counted, ...]:
        to_address = self.sent_to.get(address.value_hash, ()) if address else ()
        rows = {row.pk: row for row in (*self.sent.get(person.key, ()), *to_address)}
        ours = [
            Counted(
                row.sent_at or row.handing_at or row.at,
                MessageClass(row.message_class),
                Channel(row.channel),
                row.by_key,
                row.by,
                row.unanswered,
            )
            for row in rows.values()
            if row.message_class
        ]
        elsewhere = [
            Counted(one.occurred_at, _guessed(one), _channel(one.channel), *self._who(one))
            for one in self.talk.get(person.key, ())
            if one.direction == "out" and one.source != OURS
        ]
        return tuple(sorted([*ours, *elsewhere], key=lambda one: one.at))

    def _who(self, one: TalkRow) -> tuple[UUID | None, str]:
        try:
            key = UUID(one.actor or "")
        except ValueError:
            return None, one.actor or ""
        return key, self.colleagues.get(key, "")

    def _heard(self, person: ContactFacts) -> tuple[datetime | None, tuple[tuple[UUID, str, datetime], ...]]:
        """Their last word to us, and with whom of us they speak."""
        words = [one for one in self.talk.get(person.key, ()) if one.direction == "in" and one.action != "click"]
        speaks: dict[UUID, tuple[UUID, str, datetime]] = {}
        for one in words:
            key, name = self._who(one)
            if key in self.colleagues and key is not None:
                speaks[key] = (key, name, one.occurred_at)
        return max((one.occurred_at for one in words), default=None), tuple(speaks.values())


def _side_of(person: ContactFacts) -> PersonSide:
    """Whom they are to us where the sender doesn't say: a client's contact who is no candidate is on that side."""
    client = PersonRole.CLIENT_CONTACT in person.roles and PersonRole.CANDIDATE not in person.roles
    return PersonSide.CLIENT if client else PersonSide.CANDIDATE


def _ties_of(person: ContactFacts) -> Ties:
    """What people itself knows: that they came to us, what they agreed to, and a client's terms."""
    registered = "came_to_us" if person.origin is Origin.THEMSELVES else ""
    agreed = (Purpose.WORKING, Purpose.APPROACH)
    if not registered and person.standing and any(one.purpose in agreed for one in person.standing.consents):
        registered = "agreed"
    contact = PersonRole.CLIENT_CONTACT in person.roles
    terms = next((one.name for one in person.employers if one.accepted_on and contact), "")
    return Ties(registered=registered, terms=terms, subscriptions=person.subscriptions)


def _consents(person: ContactFacts) -> tuple[Consent, ...]:
    held = person.standing.consents if person.standing else ()
    return tuple(Consent(one.purpose, one.channel, one.event is ConsentEvent.SOFT_OPT_IN) for one in held)


def _address_for(
    intent: Intent, person: ContactFacts, message_class: MessageClass, side: PersonSide
) -> AddressFacts | None:
    """The address named, or the best one of the channel: not a dead one, the main one first, then by side.

    An address that is named but isn't theirs is none: nothing goes to an address that no record knows.
    """
    scheme = SCHEMES.get(intent.channel)
    held = [one for one in person.addresses if one.identifier.scheme is scheme]
    if intent.address is not None:
        return next((one for one in held if one.identifier == intent.address), None)
    preferred = AddressUse.WORK if side is PersonSide.CLIENT else AddressUse.PERSONAL
    shuns_work = bool(person.standing and person.standing.not_at_work) and side is PersonSide.CANDIDATE
    held.sort(
        key=lambda one: (
            one.bouncing or bool(one.against),
            shuns_work and one.use is AddressUse.WORK,
            not one.main,
            one.use is not preferred,
            one.identifier.value,
        )
    )
    return held[0] if held else None


def _subscriber(address: AddressFacts | None) -> Subscriber:
    """Free mail and what is marked personal are individuals'; so is a number that is not marked as of work."""
    if address is None or address.use is AddressUse.PERSONAL:
        return Subscriber.INDIVIDUAL
    identifier: Identifier = address.identifier
    if identifier.scheme is Scheme.EMAIL:
        return Subscriber.INDIVIDUAL if places.is_free_mail(identifier.value) else Subscriber.CORPORATE
    return Subscriber.CORPORATE if address.use is AddressUse.WORK else Subscriber.INDIVIDUAL


def _guessed(one: TalkRow) -> MessageClass:
    """What a touch from elsewhere counts as: one of a campaign as marketing, any other as an approach."""
    return MessageClass.MARKETING if one.campaign else MessageClass.APPROACH


def _channel(name: str) -> Channel:
    try:
        return Channel(name)
    except ValueError:
        return Channel.SOCIAL
