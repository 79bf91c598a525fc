"""How long records are kept: the rules, the queue, what people decide; no machine erases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from fourfold.accounts.types import Role
from fourfold.base.actor import COMMAND_LINE
from fourfold.people import actions, models, queries, rules
from fourfold.people.tests.factories import colleague, email, leader, person, post, touch
from fourfold.people.types import ClientStage, NewOrganisation, NewRetentionRule, Origin, PersonRole, RetentionRefused

NOW = timezone.now()
DAY = timedelta(days=1)
CANDIDATES = NewRetentionRule(name="Candidates", months=24, role=PersonRole.CANDIDATE, why="two years")


@pytest.mark.parametrize(
    ("at", "months", "expected"),
    [
        ((2026, 3, 31), 1, (2026, 2, 28)),
        ((2024, 3, 31), 1, (2024, 2, 29)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2026, 12, 1), 24, (2024, 12, 1)),
    ],
)
def test_months_go_by_the_calendar(at: Any, months: int, expected: Any) -> None:
    assert rules.months_before(datetime(*at, 8, tzinfo=UTC), months) == datetime(*expected, 8, tzinfo=UTC)


def test_the_last_two_way_touch_is_theirs_or_the_day_they_came() -> None:
    added, wrote = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)
    assert (rules.last_of(added, None), rules.last_of(added, wrote), rules.last_of(wrote, added)) == (
        added,
        wrote,
        wrote,
    )
    assert rules.is_due(added, 24, at=datetime(2026, 1, 1, tzinfo=UTC))
    assert not rules.is_due(added, 24, at=datetime(2025, 12, 31, tzinfo=UTC))


@pytest.mark.parametrize("new", [NewRetentionRule(name=" ", months=2), NewRetentionRule(name="x", months=0)])
def test_a_rule_has_a_name_and_months(new: NewRetentionRule) -> None:
    with pytest.raises(RetentionRefused):
        rules.check_rule(new)


def old(name: str, years: float = 3, **values: Any) -> UUID:
    given = {"roles": (PersonRole.CANDIDATE,), "added_at": NOW - timedelta(days=365 * years), **values}
    return person(name, f"{name.split(maxsplit=1)[0].lower()}@fjord.example", **given)


def waiting() -> set[UUID]:
    return set(models.RetentionReview.objects.filter(state="waiting").values_list("person_id", flat=True))


@pytest.mark.django_db
def test_the_queue_fills_by_the_rules_and_erases_nobody(registry: Any) -> None:
    boss = leader()
    silent, wrote, rung = old("Ana Kovac"), old("Ben Marlow"), old("Cleo Ward")
    new, contact = old("Dora Lind", years=1), old("Eve Stone", roles=(PersonRole.CLIENT_CONTACT,))
    busy = old("Finn Boyle")
    post(touch(wrote, direction="in", occurred_at=NOW - 30 * DAY), touch(rung, direction="out", occurred_at=NOW - DAY))
    client = actions.add_organisations(
        organisations=[NewOrganisation(name="Northgate", stage=ClientStage.ACCEPTED)], by=COMMAND_LINE, at=NOW
    )[0]
    at_client = old("Gwen Parry", organisation=client)
    merged = old("Anna Kovac")
    actions.merge_people(person_key=merged, into_key=silent, viewer=boss, at=NOW)
    registry.obligations["jobs"] = lambda *, person_keys: [busy]
    actions.keep_rules(new=[CANDIDATES], viewer=boss, at=NOW)
    assert actions.fill_reviews(at=NOW) == 2
    assert waiting() == {silent, rung}
    assert actions.fill_reviews(at=NOW) == 0  # a second sweep adds nobody twice
    assert models.Person.objects.count() == 8
    assert {new, contact, at_client, busy} & waiting() == set()
    post(touch(silent, direction="in", occurred_at=NOW - DAY))
    actions.fill_reviews(at=NOW)
    assert waiting() == {rung}  # who gave a signal since waits no more


@pytest.mark.django_db
def test_people_decide_to_keep_or_to_erase(sign_in: Any) -> None:
    boss = leader()
    client = sign_in(boss)
    ana, ben, cleo = old("Ana Kovac"), old("Ben Marlow"), old("Cleo Ward")
    assert client.post(reverse("keep_retention_rule"), {"begin": "yes"}).status_code == 302
    assert {row.name for row in queries.retention_rules()} == {one.name for one in rules.OFFERED}
    actions.fill_reviews(at=NOW)
    shown = client.get(reverse("retention")).content.decode()
    assert "3 records&#x27; time is up" in shown or "3 records' time is up" in shown
    ids = {row.person_id: row.pk for row in models.RetentionReview.objects.all()}
    decide = reverse("decide_retention")
    assert client.post(decide, {"deed": "keep"}).status_code == 422
    assert client.post(decide, {"deed": "keep", "review": [ids[ana]], "why": "x"}).status_code == 422
    assert client.post(decide, {"deed": "erase", "review": [ids[ana]]}).status_code == 422
    assert waiting() == {ana, ben, cleo}
    until = NOW.date() + timedelta(days=200)
    asked = {
        "deed": "keep",
        "all": "yes",
        "shown": [ids[ana], ids[ben]],
        "review": [ids[cleo]],
        "until": until,
        "why": "Placed; may come back",
    }
    assert client.post(decide, asked).status_code == 302
    assert waiting() == {cleo}
    row = models.RetentionReview.objects.get(person_id=ana)
    assert (row.state, row.keep_until, row.why, row.decided_by) == ("kept", until, "Placed; may come back", boss.name)
    assert client.post(decide, {"deed": "erase", "review": [ids[cleo], ids[ana]], "sure": "on"}).status_code == 302
    assert set(models.Person.objects.values_list("key", flat=True)) == {ana, ben}  # Ana waited no more
    assert models.Tombstone.objects.get(pk=cleo).ground == "retention"
    assert queries.erased([email("cleo@fjord.example")])
    actions.fill_reviews(at=NOW)
    assert waiting() == set()
    actions.fill_reviews(at=NOW + timedelta(days=202))
    assert waiting() == {ana, ben}  # the day has come


@pytest.mark.django_db
def test_changing_or_stopping_a_rule_takes_its_people_out(sign_in: Any) -> None:
    client = sign_in(leader())
    old("Ana Kovac")
    rule = {"name": "Candidates", "months": 24, "role": "candidate", "why": "two years"}
    assert client.post(reverse("keep_retention_rule"), rule).status_code == 302
    actions.fill_reviews(at=NOW)
    assert len(waiting()) == 1
    assert client.post(reverse("keep_retention_rule"), {**rule, "months": 60}).status_code == 302
    assert (waiting(), [row.months for row in queries.retention_rules()]) == (set(), [60])
    assert client.post(reverse("keep_retention_rule"), {**rule, "months": 0}).status_code == 422
    client.post(reverse("keep_retention_rule"), rule)
    actions.fill_reviews(at=NOW)
    key = queries.retention_rules()[0].key
    assert client.post(reverse("stop_retention_rule", args=[key])).status_code == 302
    assert waiting() == set()
    assert actions.fill_reviews(at=NOW) == 0


@pytest.mark.django_db
def test_only_keepers_decide_and_nobody_is_shown_whom_they_may_not_see(sign_in: Any, registry: Any) -> None:
    old("Ana Kovac")
    old("Secret Person", confidential=True)
    actions.keep_rules(new=[CANDIDATES], viewer=leader(), at=NOW)
    actions.fill_reviews(at=NOW)
    viewer = colleague(Role.ADMINISTRATOR)
    client, recruiter = sign_in(viewer), sign_in(colleague(Role.RECRUITER))
    assert "Secret" not in client.get(reverse("retention")).content.decode()
    ids = list(models.RetentionReview.objects.values_list("pk", flat=True))
    asked = {"review": ids, "until": NOW.date() + timedelta(days=9), "why": "x", "sure": "on"}
    for deed in ("keep", "erase"):
        assert recruiter.post(reverse("decide_retention"), {**asked, "deed": deed}).status_code in (403, 422)
    assert recruiter.post(reverse("keep_retention_rule"), {"begin": "yes"}).status_code in (403, 422)
    assert len(waiting()) == 2
    registry.obligations["jobs"] = lambda *, person_keys: list(person_keys)
    assert client.post(reverse("decide_retention"), {**asked, "deed": "erase"}).status_code == 422
    registry.obligations.clear()
    assert client.post(reverse("decide_retention"), {**asked, "deed": "erase"}).status_code == 302
    assert models.Person.objects.get().name == "Secret Person"


@pytest.mark.django_db
def test_sourced_people_have_a_rule_of_their_own() -> None:
    key = old("Ana Kovac", years=1.5, origin=Origin.SOURCED)
    old("Ben Marlow", years=1.5)
    actions.keep_rules(new=rules.OFFERED, viewer=leader(), at=NOW)
    actions.fill_reviews(at=NOW)
    assert waiting() == {key}
