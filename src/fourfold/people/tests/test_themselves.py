"""What people do to their own record: read whole, changed in all records of one human, never said twice."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from fourfold.base.actor import COMMAND_LINE, THEMSELVES
from fourfold.people import actions, models, queries, rules
from fourfold.people.actions.wishes import suppress
from fourfold.people.tests.factories import NOON, email, leader, person
from fourfold.people.types import (
    AddressUse,
    ClientStage,
    ConsentEvent,
    LoggedWish,
    NewOrganisation,
    Origin,
    OwnChange,
    OwnWishes,
    PersonNotFound,
    PersonRole,
    Proof,
    Purpose,
    SuppressionKind,
    WishKind,
    WishRefused,
)

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
SPRING = date(2026, 4, 1)
PROOF = Proof("why page", "a signed link")
AS_IT_IS = OwnWishes(
    wanted=frozenset(), unwanted=frozenset(), ways=frozenset(), closed=frozenset(), calls=True, not_at_work=False
)


def say(key: UUID, kind: WishKind, **values: object) -> bool:
    wish = LoggedWish(kind=kind, said_at=NOON, how=PROOF.source, evidence=PROOF.evidence, **values)  # type: ignore[arg-type]
    return actions.say_own_wish(person_key=key, wish=wish, by=THEMSELVES, today=TODAY, at=NOON)


def merged() -> tuple[UUID, UUID]:
    """A record that stays, and one merged into it."""
    ana, anna = person("Ana Kovac", "ana@fjord.example"), person("Anna Kovac", "anna@halden.example")
    actions.merge_people(person_key=anna, into_key=ana, viewer=leader(), at=NOON)
    return ana, anna


def test_they_see_all_of_their_own_whoever_they_work_for() -> None:
    client = NewOrganisation(name="Fjord Energy", is_client=True, stage=ClientStage.ACCEPTED)
    fjord = actions.add_organisations(organisations=[client], by=COMMAND_LINE, at=NOON)[0]
    key = person("Ana Kovac", organisation=fjord, roles=(PersonRole.CANDIDATE,), origin=Origin.SOURCED, city="Leeds")
    say(key, WishKind.NOT_AT_WORK)
    own = queries.own_record(key, at=NOON)
    assert (own.organisation, own.origin, own.city) == ("Fjord Energy", Origin.SOURCED, "Leeds")
    assert own.standing.not_at_work
    assert queries.own_export(key)["people"]["roles"] == ["candidate"]
    for unknown in (queries.own_record, lambda one, at: queries.own_export(one)):
        with pytest.raises(PersonNotFound):
            unknown(uuid4(), at=NOON)


def test_the_shortest_rule_that_is_about_them_says_how_long() -> None:
    for name, months, role, origin, active in (
        ("all", 36, "", "", True), ("sourced", 18, "", "sourced", True), ("clients", 6, "client_contact", "", True),
        ("off", 3, "", "", False),
    ):  # fmt: skip
        models.RetentionRule.objects.create(name=name, months=months, role=role, origin=origin, active=active)
    sourced, came = person("Ana Kovac", origin=Origin.SOURCED), person("Ben Marlow")
    records = [queries.own_record(key, at=NOON) for key in (sourced, came)]
    assert [queries.own_kept_months(own) for own in records] == [18, 36]


def test_whose_they_are_begins_with_the_candidate_side() -> None:
    record, side, client = uuid4(), uuid4(), uuid4()
    key = person("Ana Kovac", owner_key=record, roles=(PersonRole.CANDIDATE, PersonRole.CLIENT_CONTACT))
    models.PersonInRole.objects.filter(role=PersonRole.CANDIDATE).update(owner_key=side)
    models.PersonInRole.objects.filter(role=PersonRole.CLIENT_CONTACT).update(owner_key=client)
    assert queries.own_owners(queries.own_record(key, at=NOON)) == (side, record, client)


def test_what_is_said_under_one_record_holds_for_all_and_is_kept_once() -> None:
    ana, anna = merged()
    models.Preference.objects.create(
        person_id=anna, paused_until=date(2027, 1, 1), changed_at=NOON - timedelta(days=1), changed_by="Lena"
    )
    models.Person.objects.filter(pk=ana).update(not_before=date(2027, 6, 1))
    assert say(anna, WishKind.NOT_NOW, until=SPRING)
    assert queries.standing(ana, at=NOON).paused_until == SPRING  # their latest word, not the longest pause on file
    assert not say(ana, WishKind.NOT_NOW, until=SPRING)
    assert say(ana, WishKind.OBJECTED, purpose=Purpose.APPROACH)
    assert not say(anna, WishKind.OBJECTED, purpose=Purpose.APPROACH)
    assert {(row.event, row.by, row.source) for row in models.ConsentEntry.objects.all()} == {
        ("asked", "the person themselves", "why page"), ("objected", "the person themselves", "why page"),
    }  # fmt: skip
    assert set(queries.suppressed([email("anna@halden.example")])) == {email("anna@halden.example")}

    assert actions.take_own_wish_back(person_key=anna, kind=WishKind.NOT_NOW, proof=PROOF, by=THEMSELVES, at=NOON)
    assert not actions.take_own_wish_back(person_key=ana, kind=WishKind.NOT_NOW, proof=PROOF, by=THEMSELVES, at=NOON)
    with pytest.raises(WishRefused):
        actions.take_own_wish_back(person_key=ana, kind=WishKind.OBJECTED, proof=PROOF, by=THEMSELVES, at=NOON)
    later = NOON + timedelta(hours=1)
    actions.lift_own_objection(
        person_key=anna, purpose=Purpose.APPROACH, channel="", proof=PROOF, by=THEMSELVES, at=later
    )
    assert queries.standing(ana, at=later).objected == frozenset()
    assert queries.suppressed([email("anna@halden.example")]) == {}


def test_a_consent_is_taken_back_and_given_again() -> None:
    models.Wording.objects.create(
        version="news 1", event="consented", purpose="marketing", text="News.", since=TODAY, made_by="Lena"
    )
    key = person("Ana Kovac")
    agreed = {"purpose": Purpose.MARKETING, "wording": "news 1"}
    assert say(key, WishKind.CONSENTED, **agreed)
    assert not say(key, WishKind.CONSENTED, **agreed)
    assert say(key, WishKind.WITHDREW, purpose=Purpose.MARKETING)
    assert not say(key, WishKind.WITHDREW, purpose=Purpose.MARKETING)
    assert queries.standing(key, at=NOON).consents == ()


def test_wishes_are_kept_whole_or_not_at_all() -> None:
    key = person("Ana Kovac", "ana@fjord.example")
    to = OwnWishes(
        wanted=frozenset(), unwanted=frozenset({Purpose.MARKETING}), ways=frozenset(), closed=frozenset({"sms"}),
        calls=False, not_at_work=True, language="de", paused_until=TODAY - timedelta(days=1),
    )  # fmt: skip
    with pytest.raises(WishRefused):
        actions.keep_own_wishes(person_key=key, to=to, proof=PROOF, by=THEMSELVES, today=TODAY, at=NOON)
    assert models.ConsentEntry.objects.count() == models.Preference.objects.count() == 0
    assert queries.suppressed([email("ana@fjord.example")]) == {}


def test_a_way_that_is_closed_is_no_objection_to_the_others() -> None:
    key = person("Ana Kovac", "ana@fjord.example")
    to = OwnWishes(**{**{name: getattr(AS_IT_IS, name) for name in AS_IT_IS.__slots__}, "closed": frozenset({"sms"})})
    done = actions.keep_own_wishes(person_key=key, to=to, proof=PROOF, by=THEMSELVES, today=TODAY, at=NOON)
    assert done == ((OwnChange.CLOSED, "sms"),)
    found = queries.standing(key, at=NOON)
    objects = {way: rules.objects_to(found, Purpose.MARKETING, way) for way in ("sms", "email", "phone")}
    assert objects == {"sms": True, "email": False, "phone": False}
    assert queries.suppressed([email("ana@fjord.example")]) == {}


def test_a_subscription_ends_in_all_their_records() -> None:
    ana, anna = merged()
    models.Subscription.objects.create(person_id=anna, topic="News", rhythm="weekly", since=NOON, source="form")

    def rhythm(text: str, topic: str = "News") -> bool:
        return actions.set_own_rhythm(person_key=ana, topic=topic, rhythm=text, proof=PROOF, by=THEMSELVES, at=NOON)

    assert [rhythm("monthly"), rhythm("monthly"), rhythm(""), rhythm(""), rhythm("", "Else")] == [
        True, False, True, False, False,
    ]  # fmt: skip
    assert queries.own_record(ana, at=NOON).subscriptions == ()
    for _time in range(2):
        actions.subscribe_themselves(person_key=anna, topic="News", rhythm="daily", proof=PROOF, by=THEMSELVES, at=NOON)
    assert [(one.topic, one.rhythm, one.source) for one in queries.own_record(ana, at=NOON).subscriptions] == [
        ("News", "daily", "why page")
    ]
    kept = models.ConsentEntry.objects.filter(event=ConsentEvent.ASKED).order_by("pk").values_list("wording", flat=True)
    assert list(kept) == [
        "subscription:News: monthly", "subscription:News: ended", "subscription:News: daily",
    ]  # fmt: skip


def test_a_letter_goes_where_they_read_it_and_nowhere_that_it_came_back_from() -> None:
    ana, anna = merged()
    addresses = models.PersonIdentifier.objects
    addresses.filter(value="ana@fjord.example").update(use=AddressUse.WORK, main=True)
    for value, changes in (
        ("home@kovac.example", {"use": AddressUse.PERSONAL}), ("old@kovac.example", {"bouncing_at": NOON}),
        ("gone@kovac.example", {}), ("cross@kovac.example", {}),
    ):  # fmt: skip
        addresses.create(person_id=ana, scheme="email", value=value, **changes)
    suppress(
        rows=[
            (ana, email("gone@kovac.example"), SuppressionKind.BOUNCED, Purpose.ALL, "mail", NOON),
            (ana, email("cross@kovac.example"), SuppressionKind.COMPLAINED, Purpose.ALL, "mail", NOON),
        ],
        by=COMMAND_LINE,
    )
    say(ana, WishKind.OBJECTED)  # a letter they ask for themselves still goes
    expected = ("home@kovac.example", "anna@halden.example", "ana@fjord.example")
    assert queries.letter_addresses(ana) == queries.letter_addresses(anna) == expected
    actions.erase_person(person_key=ana, viewer=leader(), at=NOON)
    assert queries.letter_addresses(anna) == queries.letter_addresses(uuid4()) == ()


def test_a_correction_changes_what_is_given_and_says_what_it_was() -> None:
    key = person("Ana Kovac", city="Leeds")
    correct = lambda name, city: actions.correct_own_record(  # noqa: E731
        person_key=key, name=name, city=city, by=THEMSELVES, at=NOON
    )
    assert correct("", "Leeds") == ()
    assert correct("Ana  Kovač ", "York") == (("name", "Ana Kovac", "Ana Kovač"), ("city", "Leeds", "York"))
    held = models.Person.objects.get(pk=key)
    assert (held.name, held.city, held.sort_name) == ("Ana Kovač", "York", rules.sort_name("Ana Kovač"))
