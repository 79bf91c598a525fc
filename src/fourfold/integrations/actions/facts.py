"""Turns checked rows into facts: finds or adds their people and organisations, some hundreds of rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from fourfold.base.actor import Actor
from fourfold.integrations import queries, rules
from fourfold.integrations.types import FileKind, Settings
from fourfold.ledger import actions as ledger
from fourfold.ledger import queries as ledger_queries
from fourfold.ledger.types import Basis, Fact, Outcome, OutcomeKind, Party, Side, Spend, Touch
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import FoundPeople, Identifier, NewOrganisation, NewPerson, PersonRole, Scheme

NOT_COLUMNS = {"ref", "person", "name", "occurred_at", "organisation", "ids"}
PLACEMENT_LENGTH = 80


class Checked(NamedTuple):
    """A staged row that is ready: its key, its number in the file, and what it says."""

    pk: int
    row: int
    parsed: dict[str, Any]


@dataclass
class Rows:
    """Checked rows on their way: their facts, each with the row it came from, and what became of their people."""

    facts: list[tuple[Fact, int]] = field(default_factory=list)
    rejected: dict[int, str] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    erased: dict[int, tuple[Identifier, ...]] = field(default_factory=dict)
    added: int = 0


def facts_of(kind: FileKind, rows: Sequence[Checked], settings: Settings, *, by: Actor, at: datetime) -> Rows:
    """The facts of these rows. Rows whose addresses now lead to two people are rejected."""
    parsed = [(row.pk, row.parsed) for row in rows]
    done = Rows()
    if kind.is_money_out:
        done.facts = [(fact, pk) for pk, values in parsed for fact in _spend(values, settings)]
        return done
    organisations = _organisations(parsed, by, at, are_clients=kind is FileKind.DEALS)
    keys = _people(kind, parsed, organisations, settings, done, by=by, at=at)
    first = _FirstDeals(settings)
    if kind is FileKind.DEALS and settings.first_deals:
        first.learn(keys.values(), organisations.values())
    for pk, values in parsed:
        if pk in done.rejected:
            continue
        person, contact = keys.get((pk, "")), keys.get((pk, "contact"))
        organisation = organisations.get(values.get("organisation", ""))
        if kind is FileKind.DEALS:
            found = _Deal(values, settings, person, contact, organisation).facts(first)
        else:
            found = _facts_of(kind, values, person, organisation, settings)
        done.facts += [(fact, pk) for fact in found]
    return done


def _organisations(
    parsed: Iterable[tuple[int, Mapping[str, Any]]], by: Actor, at: datetime, *, are_clients: bool
) -> dict[str, UUID]:
    wanted = sorted({values["organisation"] for _, values in parsed if values.get("organisation")})
    new = [NewOrganisation(name=name, is_client=are_clients) for name in wanted]
    return dict(zip(wanted, people.add_organisations(organisations=new, by=by, at=at), strict=True))


def _people(
    kind: FileKind,
    parsed: Sequence[tuple[int, Mapping[str, Any]]],
    organisations: Mapping[str, UUID],
    settings: Settings,
    done: Rows,
    *,
    by: Actor,
    at: datetime,
) -> dict[tuple[int, str], UUID]:
    """The keys of the people of these rows, by row and "" or "contact"; those unknown are added."""
    wanted: list[tuple[int, str, NewPerson]] = []
    for pk, values in parsed:
        ids = _identifiers(values, settings)
        organisation = organisations.get(values.get("organisation", ""))
        if ids:
            wanted.append((pk, "", _new_person(kind, values, ids, organisation)))
        contact = values.get("contact") or {}
        if contact.get("ids"):
            roles = (PersonRole.CLIENT_CONTACT,)
            held = NewPerson(
                name=contact.get("name") or "", identifiers=_as_identifiers(contact["ids"]), roles=roles,
                organisation=organisation,
            )  # fmt: skip
            wanted.append((pk, "contact", held))
    if kind is FileKind.CALLS and not settings.add_unknown:
        wanted = _known_only(wanted, dict(parsed), done)
    found = people.find_or_add_people(people=[new for *_, new in wanted], by=by, at=at)
    _note(found, wanted, done)
    return {(pk, part): key for (pk, part, _), key in zip(wanted, found.keys, strict=True) if key}


def _note(found: FoundPeople, wanted: Sequence[tuple[int, str, NewPerson]], done: Rows) -> None:
    done.added = found.added
    done.changed |= {wanted[index][0] for index in found.changed}
    for index, (one, other) in found.conflicts.items():
        done.rejected[wanted[index][0]] = two_people(one, other)
    for index in found.erased:
        pk, _, new = wanted[index]
        done.rejected[pk] = WAS_ERASED
        done.erased[pk] = (*done.erased.get(pk, ()), *new.identifiers)


def _known_only(
    wanted: Sequence[tuple[int, str, NewPerson]], parsed: Mapping[int, Mapping[str, Any]], done: Rows
) -> list[tuple[int, str, NewPerson]]:
    """Those of numbers that somebody still has: between check and apply a person may have been erased."""
    known = people_queries.resolve({one for *_, new in wanted for one in new.identifiers})
    kept = [one for one in wanted if any(ident in known for ident in one[2].identifiers)]
    for pk in {pk for pk, *_ in wanted} - {pk for pk, *_ in kept}:
        done.rejected[pk] = nobody(parsed[pk])
    return kept


def _new_person(
    kind: FileKind, values: Mapping[str, Any], ids: tuple[Identifier, ...], organisation: UUID | None
) -> NewPerson:
    if kind is FileKind.PEOPLE:
        return NewPerson(
            name=values.get("name") or "", identifiers=ids, headline=values.get("headline") or "",
            city=values.get("city") or "", organisation=organisation,
        )  # fmt: skip
    roles = (PersonRole.CANDIDATE,) if kind is FileKind.DEALS else ()
    return NewPerson(name=values.get("name") or "", identifiers=ids, roles=roles)


def _identifiers(values: Mapping[str, Any], settings: Settings) -> tuple[Identifier, ...]:
    if values.get("ids"):
        return _as_identifiers(values["ids"])
    guessed = queries.recogniser(settings)(values.get("person") or "", None, settings.source)
    return (guessed,) if guessed else ()


def _as_identifiers(pairs: Iterable[Sequence[str]]) -> tuple[Identifier, ...]:
    return tuple(Identifier(Scheme(scheme), value) for scheme, value in pairs)


def two_people(one: UUID, other: UUID) -> str:
    """Why a row is rejected whose addresses are two people's."""
    names = people_queries.names([one, other])
    return (
        f"its addresses lead to two different people, {names[one][:80]} and {names[other][:80]}: "
        "merge them, or correct the row."
    )


WAS_ERASED = "this person was erased before, so the row is not imported and what it said is not kept."


def nobody(parsed: Mapping[str, Any]) -> str:
    """Why a call is rejected whose other party is not known."""
    number = next((value for _, value in parsed.get("ids", ())), parsed.get("person", ""))
    return f"nobody has this number, {number}: add the person first, or have unknown numbers added."


def _facts_of(
    kind: FileKind, values: Mapping[str, Any], person: UUID | None, organisation: UUID | None, settings: Settings
) -> list[Fact]:
    if kind is FileKind.PEOPLE:
        return []
    texts = {name: value for name, value in values.items() if name not in NOT_COLUMNS}
    if kind is FileKind.OUTCOMES:
        return _outcome(values, texts, person, organisation, settings.source)
    assert person is not None
    moments = texts.pop("touches", None) or [{"occurred_at": values["occurred_at"]}]
    several = kind is FileKind.EMAIL_RESULTS
    channel: dict[str, Any] = {"channel": "email"} if several else {}
    return [
        Touch(
            source=settings.source,
            source_ref=f"touch:{values['ref']}" + (f":{one['action']}" if several else ""),
            occurred_at=datetime.fromisoformat(one["occurred_at"]),
            person_key=person,
            organisation=organisation,
            **texts,
            **channel,
            **{name: value for name, value in one.items() if name != "occurred_at"},
        )
        for one in moments
    ]


def _outcome(
    values: Mapping[str, Any], texts: dict[str, Any], person: UUID | None, organisation: UUID | None, source: str
) -> list[Fact]:
    occurred, ref = datetime.fromisoformat(values["occurred_at"]), f"outcome:{values['ref']}"
    side = texts.pop("side")
    outcome = Outcome(source=source, source_ref=ref, occurred_at=occurred, organisation=organisation, **texts)
    if person is None:
        return [outcome]
    party_ref = f"party:{values['ref']}:{side}:{values['person']}"[:250]
    return [outcome, _party(outcome, party_ref, person, side)]


def _party(outcome: Outcome, ref: str, person: UUID, side: str) -> Party:
    return Party(
        source=outcome.source,
        source_ref=ref,
        occurred_at=outcome.occurred_at,
        outcome=ledger.first_fact_id(outcome.source, outcome.source_ref),
        person_key=person,
        side=side,
    )


def _spend(values: Mapping[str, Any], settings: Settings) -> list[Fact]:
    found: list[Fact] = []
    for one, ref in zip(rules.amounts_of(values), _spend_refs(values), strict=True):
        first, last = date.fromisoformat(one["from_date"]), date.fromisoformat(one["to_date"])
        occurred = datetime(first.year, first.month, first.day, tzinfo=UTC)
        days = {"from_date": first, "to_date": last}
        found.append(Spend(source=settings.source, source_ref=ref, occurred_at=occurred, **{**one, **days}))
    return found


def _spend_refs(values: Mapping[str, Any]) -> list[str]:
    """What each amount of a row is known by: a list's by its row, a table's by what its cell is of."""
    if "cells" in values:
        return [f"spend:cell:{rules.digest(one['about'])}" for one in values["cells"]]
    return [f"spend:{values['ref']}"]


def amounts(row: int, values: Mapping[str, Any], settings: Settings) -> list[rules.Amount]:
    """A row's amounts, to be compared with others."""
    found = []
    for one, ref in zip(rules.amounts_of(values), _spend_refs(values), strict=True):
        first, last = date.fromisoformat(one["from_date"]), date.fromisoformat(one["to_date"])
        what = " ".join(filter(None, (one.get("budget_line") or one["channel"], one.get("campaign"))))
        where = f"row {row} ({what}, {days_in_words(first, last)})"
        known = ledger.hash_ref(settings.source, ref)
        found.append(rules.Amount(known, where, first, last, one, _family(ref, settings.source)))
    return found


def _family(ref: str, source: str) -> frozenset[str]:
    """References of rows before it that say the same and have no id of their own: those are no doubles."""
    head, _, number = ref.rpartition(":")
    before = range(1, min(int(number), 1000)) if number.isdigit() and len(number) < 6 else ()
    return frozenset(ledger.hash_ref(source, f"{head}:{one}") for one in before)


def days_in_words(first: date, last: date) -> str:
    return f"{first:%-d %b %Y}" if first == last else f"{first:%-d %b} – {last:%-d %b %Y}"


class _FirstDeals:
    """Whose first deal one is: what the ledger knows, and what the rows before it brought."""

    def __init__(self, settings: Settings) -> None:
        self.wanted = settings.first_deals
        self.submitted: set[UUID] = set()
        self.days: dict[UUID, dict[str, list[datetime]]] = {}

    def learn(self, people_: Iterable[UUID], organisations: Iterable[UUID]) -> None:
        self.submitted = ledger_queries.people_with_outcome(set(people_), kind=OutcomeKind.CANDIDATE)
        self.days = ledger_queries.organisation_days(set(organisations))

    def is_first_of(self, person: UUID) -> bool:
        first = self.wanted and person not in self.submitted
        self.submitted.add(person)
        return first

    def is_new_client(self, organisation: UUID, day: datetime) -> bool:
        held = self.days.setdefault(organisation, {})
        jobs, cash = held.setdefault("client", []), held.setdefault("cash", [])
        first = self.wanted and rules.is_first_job(day, jobs, cash)
        if first:
            jobs.append(day)
        cash.append(day)
        return first


@dataclass(frozen=True, slots=True)
class _Deal:
    """One checked row of a deal sheet, with the keys of those it names."""

    values: Mapping[str, Any]
    settings: Settings
    person: UUID | None
    contact: UUID | None
    organisation: UUID | None

    def facts(self, first: _FirstDeals) -> list[Fact]:
        """Its cash, whom it concerns, the source somebody wrote down, and the two outcomes it is the first sign of."""
        cash = [self._outcome(row) for row in rules.cash_rows(self.values, self.settings.zone)]
        found: list[Fact] = [*self._source(), *cash]
        if cash:  # once: the rows of a placement share their parties
            found += self._parties(cash[0], f"deal:{self.values['ref']}")
        day = rules.end_of(date.fromisoformat(self.values["day"]), self.settings.zone)
        if self.person and first.is_first_of(self.person):
            ref = f"deal:candidate:{self.person}"
            outcome = self._sign(OutcomeKind.CANDIDATE, ref, day)
            found += [outcome, _party(outcome, f"{ref}:party", self.person, Side.CANDIDATE)]
        if self.organisation and first.is_new_client(self.organisation, day):
            ref = f"deal:client:{self.organisation}:{self.values['day']}"
            outcome = self._sign(OutcomeKind.CLIENT, ref, day)
            found += [outcome]
            found += [_party(outcome, f"{ref}:party", self.contact, Side.CLIENT)] if self.contact else []
        return found

    def _outcome(self, row: rules.CashRow) -> Outcome:
        values, ref = self.values, self.values["ref"]
        return Outcome(
            source=self.settings.source,
            source_ref=f"deal:{ref}:{row.part}",
            occurred_at=row.occurred_at,
            outcome_kind=OutcomeKind.CASH,
            basis=Basis.ACCEPTED,
            value_minor=row.value_minor,
            currency=values["currency"],
            engagement=values["engagement"],
            organisation=self.organisation,
            actor=row.actor,
            placement=ref if len(ref) <= PLACEMENT_LENGTH else rules.digest({"deal": ref}),
            **self._texts("desk team job office brand"),
        )

    def _sign(self, kind: str, ref: str, day: datetime) -> Outcome:
        return Outcome(
            source=self.settings.source,
            source_ref=ref,
            occurred_at=day,
            outcome_kind=kind,
            organisation=self.organisation,
            engagement=self.values["engagement"],
            **self._texts("desk team office brand"),
        )

    def _parties(self, cash: Outcome, ref: str) -> list[Fact]:
        sides = ((self.person, Side.CANDIDATE), (self.contact, Side.CLIENT))
        return [_party(cash, f"{ref}:{side}:{who}", who, side) for who, side in sides if who]

    def _source(self) -> list[Fact]:
        source = self.values.get("source")
        if not source or not self.person:
            return []
        touch = Touch(
            source=self.settings.source,
            source_ref=f"deal:{self.values['ref']}:source",
            occurred_at=datetime.fromisoformat(source["occurred_at"]),
            person_key=self.person,
            channel=source["channel"],
            asset=source.get("asset"),
            action="source_named",
            direction="in",
            **self._texts("desk team office brand"),
        )
        return [touch]

    def _texts(self, names: str) -> dict[str, Any]:
        return {name: self.values.get(name) for name in names.split()}
