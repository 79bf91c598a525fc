"""What people wish: the consent ledger, what stands of it, and the addresses that are not written to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from fourfold.base.actor import COMMAND_LINE
from fourfold.ledger.types import Touch
from fourfold.people import actions, guards, models, queries, rules
from fourfold.people.tests.factories import NOON, email, leader, person
from fourfold.people.types import (
    ConsentEvent,
    Identifier,
    NewConsent,
    NoticeState,
    Purpose,
    Reach,
    Scheme,
    SuppressionKind,
    Wish,
    WishRefused,
)

DAY = timedelta(days=1)
A, B = UUID(int=1), UUID(int=2)


def wish(event: ConsentEvent, purpose: Purpose = Purpose.MARKETING, days: int = 0, **values: Any) -> Wish:
    return Wish(**{"key": 1, "person_key": A, "event": event, "purpose": purpose, "at": NOON + days * DAY, **values})


def entry(key: UUID, event: ConsentEvent = ConsentEvent.OBJECTED, **values: Any) -> NewConsent:
    given = {"person_key": key, "event": event, "purpose": Purpose.MARKETING, "at": NOON, "source": "test", **values}
    return NewConsent(**given)


def record(*entries: NewConsent) -> int:
    return actions.record_consents(entries=entries, by=COMMAND_LINE, at=NOON)


OBJECTED, LIFTED, CONSENTED, WITHDREW = (
    ConsentEvent.OBJECTED,
    ConsentEvent.LIFTED,
    ConsentEvent.CONSENTED,
    ConsentEvent.WITHDREW,
)


@pytest.mark.parametrize(
    ("wishes", "objected"),
    [
        ([wish(OBJECTED)], {(Purpose.MARKETING, "")}),
        ([wish(OBJECTED), wish(LIFTED, days=1)], set()),
        ([wish(LIFTED), wish(OBJECTED, days=1)], {(Purpose.MARKETING, "")}),
        ([wish(LIFTED), wish(OBJECTED)], {(Purpose.MARKETING, "")}),  # in the same moment: the stricter
        ([wish(OBJECTED), wish(CONSENTED, days=1)], {(Purpose.MARKETING, "")}),  # a tick in a form lifts nothing
        ([wish(OBJECTED), wish(LIFTED, Purpose.ALL, days=1)], set()),
        ([wish(OBJECTED, Purpose.ALL), wish(LIFTED, days=1)], {(Purpose.ALL, "")}),
        ([wish(OBJECTED, channel="phone"), wish(LIFTED, channel="email", days=1)], {(Purpose.MARKETING, "phone")}),
        ([wish(OBJECTED, channel="phone"), wish(LIFTED, days=1)], set()),
        # Two records of one human: lifted in one, it stands in the other.
        ([wish(OBJECTED), wish(LIFTED, days=1, person_key=B)], {(Purpose.MARKETING, "")}),
    ],
)
def test_an_objection_stands_until_it_is_lifted(wishes: list[Wish], objected: set[Any]) -> None:
    assert rules.standing(wishes, [], at=NOON).objected == objected


@pytest.mark.parametrize(
    ("wishes", "stands"),
    [
        ([wish(CONSENTED)], True),
        ([wish(CONSENTED), wish(WITHDREW, days=1)], False),
        ([wish(WITHDREW), wish(CONSENTED, days=1)], True),
        ([wish(CONSENTED, expires_at=NOON)], False),
        ([wish(CONSENTED, expires_at=NOON + DAY)], True),
        ([wish(CONSENTED), wish(WITHDREW, days=1, person_key=B)], False),
        ([wish(CONSENTED), wish(WITHDREW, Purpose.ALL, days=1)], False),
        ([wish(CONSENTED, channel="email"), wish(WITHDREW, channel="phone", days=1)], True),
        ([wish(CONSENTED, brand="north"), wish(WITHDREW, brand="south", days=1)], True),
        ([wish(CONSENTED, brand="north"), wish(WITHDREW, days=1)], False),
    ],
)
def test_a_consent_stands_until_it_is_withdrawn_or_expires(wishes: list[Wish], stands: bool) -> None:
    assert bool(rules.standing(wishes, [], at=NOON).consents) is stands


def test_how_to_be_reached_is_the_stricter_of_all_records() -> None:
    found = rules.standing(
        [],
        [Reach(not_at_work=True, paused_until=NOON.date()), Reach(no_calls=True, not_before=(NOON + DAY).date())],
        at=NOON,
    )
    assert (found.not_at_work, found.no_calls, found.paused_until) == (True, True, (NOON + DAY).date())


def test_a_suppressed_address_counts_as_an_objection_and_stop_all_as_every_one() -> None:
    found = rules.standing([], [], suppressed=[Purpose.ALL], at=NOON)
    assert rules.objects_to(found, Purpose.SURVEY, "email")
    narrow = rules.standing([wish(OBJECTED, channel="phone")], [], at=NOON)
    assert rules.objects_to(narrow, Purpose.MARKETING, "phone")
    assert not rules.objects_to(narrow, Purpose.MARKETING, "email")
    assert not rules.objects_to(narrow, Purpose.APPROACH, "phone")


@pytest.mark.django_db
def test_an_objection_is_recorded_once_and_suppresses_all_addresses() -> None:
    phone = Identifier(Scheme.PHONE, "+442079460000")
    key = actions.add_people(
        people=[new_person("Ana Kovac", email("ana@fjord.example"), phone)], by=COMMAND_LINE, at=NOON
    )[0]
    other = person("Ben Marlow", "ben@fjord.example")
    asked = entry(key, source="bullhorn", source_ref="4711")
    assert record(asked, asked) == 1
    assert record(asked) == 0
    found = queries.suppressed([email("ana@fjord.example"), phone, email("ben@fjord.example"), email("x@y.example")])
    assert set(found) == {email("ana@fjord.example"), phone}
    assert found[phone].purposes == {Purpose.MARKETING}
    assert found[phone].kinds == {SuppressionKind.OBJECTED}
    assert not found[phone].erased
    assert queries.standing(other, at=NOON).objected == frozenset()
    assert "ana" not in " ".join(models.Suppression.objects.values_list("value_hash", flat=True))


def new_person(name: str, *identifiers: Identifier) -> Any:
    from fourfold.people.types import NewPerson

    return NewPerson(name=name, identifiers=identifiers)


@pytest.mark.django_db
def test_entries_without_a_reference_are_all_kept() -> None:
    key = person("Ana Kovac")
    assert record(entry(key), entry(key)) == 2
    assert record(entry(key)) == 1


@pytest.mark.django_db
def test_an_objection_by_phone_leaves_the_mail() -> None:
    key = person("Ana Kovac", "ana@fjord.example")
    record(entry(key, channel="phone"))
    assert queries.suppressed([email("ana@fjord.example")]) == {}
    assert rules.objects_to(queries.standing(key, at=NOON), Purpose.MARKETING, "phone")


@pytest.mark.django_db
def test_lifting_frees_the_addresses_and_an_older_objection_does_not_take_them_again() -> None:
    key = person("Ana Kovac", "ana@fjord.example")
    record(entry(key))
    record(entry(key, LIFTED, at=NOON + DAY, evidence="Rang us and asked for the newsletter"))
    assert queries.suppressed([email("ana@fjord.example")]) == {}
    assert models.Suppression.objects.get().lifted_why == "Rang us and asked for the newsletter"
    record(entry(key, source="old file", source_ref="7", at=NOON - DAY))
    assert queries.suppressed([email("ana@fjord.example")]) == {}
    assert queries.standing(key, at=NOON + DAY).objected == frozenset()


@pytest.mark.django_db
def test_an_objection_stands_after_merge_unmerge_and_under_a_new_address() -> None:
    viewer = leader()
    ana, anna = person("Ana Kovac", "ana@fjord.example"), person("Anna Kovac", "anna@halden.example")
    record(entry(anna))
    actions.merge_people(person_key=anna, into_key=ana, viewer=viewer, at=NOON)
    assert set(queries.suppressed([email("ana@fjord.example")])) == {email("ana@fjord.example")}
    assert rules.objects_to(queries.standing(ana, at=NOON), Purpose.MARKETING)
    actions.unmerge_person(person_key=anna, viewer=viewer, at=NOON)
    assert queries.suppressed([email("ana@fjord.example")]) == {}
    assert not queries.standing(ana, at=NOON).objected
    models.PersonIdentifier.objects.create(person_id=anna, scheme="email", value="new@halden.example")
    assert set(queries.suppressed([email("new@halden.example")])) == {email("new@halden.example")}
    models.PersonIdentifier.objects.filter(value="anna@halden.example").update(person_id=ana)
    assert rules.objects_to(queries.standing(ana, at=NOON), Purpose.MARKETING)  # the address they objected under


@pytest.mark.django_db
def test_what_somebody_was_told_settles_the_notice() -> None:
    key, other = person("Ana Kovac"), person("Ben Marlow")
    for one in (key, other):
        models.NoticeDue.objects.create(person_id=one, due_at=NOON + 30 * DAY)
    record(entry(key, ConsentEvent.TOLD, purpose=Purpose.ALL, at=NOON - DAY))
    assert models.NoticeDue.objects.get(pk=key).state == NoticeState.TOLD
    assert models.NoticeDue.objects.get(pk=key).done_at == NOON - DAY
    assert models.NoticeDue.objects.get(pk=other).state == NoticeState.OWED


@pytest.mark.django_db
def test_a_wish_of_somebody_who_is_not_here_is_refused_whole() -> None:
    key = person("Ana Kovac")
    with pytest.raises(WishRefused):
        record(entry(key), entry(uuid4()))
    assert models.ConsentEntry.objects.count() == 0


@pytest.mark.django_db
def test_the_consent_ledger_is_append_only_in_the_database() -> None:
    key = person("Ana Kovac")
    record(entry(key, source_ref="1"))
    guards.CONSENTS.require()
    rows = models.ConsentEntry.objects.all()
    for deed in (lambda: rows.update(event="lifted"), rows.delete, lambda: models.Person.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
    assert rows.get().event == OBJECTED
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT OR REPLACE INTO people_consententry (id, event, purpose, channel, brand, basis, wording, "
                "source, source_ref, evidence, at, by, person_id) SELECT id, 'lifted', purpose, channel, brand, basis, "
                "wording, source, source_ref, evidence, at, by, person_id FROM people_consententry"
            )
        assert rows.get().event == OBJECTED
    else:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE people_consententry CASCADE")
    models.Tombstone.objects.create(person_key=key, at=NOON, by="Lena", ground="request")
    assert rows.delete()[0] == 1


@pytest.mark.django_db
def test_another_key_stops_the_start(settings: Any) -> None:
    guards.require_key()  # nothing is suppressed yet
    record(entry(person("Ana Kovac", "ana@fjord.example")))
    guards.require_key()
    settings.SUPPRESSION_KEY = b"another"
    with pytest.raises(guards.WrongKey):
        guards.require_key()


def test_touches_know_no_wishes() -> None:
    """The ledger holds keys only: nothing of a wish is a fact."""
    assert not {"purpose", "wording", "evidence"} & set(Touch.__dataclass_fields__)
