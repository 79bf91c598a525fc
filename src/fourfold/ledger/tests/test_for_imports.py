"""What imports ask of the ledger before they post: first touches, first deals, spend that is there already."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from fourfold.ledger import actions, queries
from fourfold.ledger.tests.factories import NOON, identity, outcome, party, post, spend, touch

pytestmark = pytest.mark.django_db


def test_the_first_touch_of_each_person_under_whichever_key() -> None:
    one, other, none = uuid4(), uuid4(), uuid4()
    batch = uuid4()
    post(touch(one), touch(other, occurred_at=NOON - timedelta(days=3)))
    post(touch(one, occurred_at=NOON - timedelta(days=9)), batch=batch)
    assert queries.first_touches([one, other, none]) == {
        one: NOON - timedelta(days=9), other: NOON - timedelta(days=3),
    }  # fmt: skip
    actions.void_batch(batch=batch, at=NOON)
    post(identity(one, other))
    assert queries.first_touches([one, none]) == {one: NOON - timedelta(days=3)}


def test_who_was_submitted_and_who_only_placed() -> None:
    submitted, placed, into = uuid4(), uuid4(), uuid4()
    sign, cash = outcome(outcome_kind="candidate", basis=None, value_minor=None, currency=None), outcome()
    batch = uuid4()
    first, second = post(sign, cash, batch=batch).fact_ids
    assert first is not None
    assert second is not None
    post(party(first, submitted), party(second, placed), identity(submitted, into))
    assert queries.people_with_outcome([submitted, placed, into], kind="candidate") == {submitted, into}
    assert queries.people_with_outcome([placed], kind="cash") == {placed}
    actions.void_batch(batch=batch, at=NOON)
    assert queries.people_with_outcome([submitted, placed, into], kind="candidate") == set()


def test_the_days_of_an_organisation() -> None:
    key, other = uuid4(), uuid4()
    bare = {"basis": None, "value_minor": None, "currency": None}
    post(
        outcome(organisation=key, placement="P"),
        outcome(organisation=key, placement="P"),
        outcome(organisation=key, outcome_kind="client", occurred_at=NOON - timedelta(days=1), **bare),
        outcome(organisation=key, outcome_kind="candidate", **bare),
        outcome(organisation=other),
    )
    assert queries.organisation_days([key]) == {key: {"client": [NOON - timedelta(days=1)], "cash": [NOON]}}
    assert queries.organisation_days([]) == {}


def test_spend_that_stands_with_the_hash_it_is_known_by() -> None:
    held = spend(campaign="Spring", budget_line="Indeed")
    post(held, spend(channel="email"), spend(from_date=date(2026, 4, 1), to_date=date(2026, 4, 30)))
    (row,) = queries.spend_standing(first=date(2026, 3, 31), last=date(2026, 3, 31), channels=["job_board"])
    assert (row.source, row.ref_hash) == ("test", actions.hash_ref("test", held.source_ref))
    assert (row.from_date, row.to_date) == (date(2026, 3, 1), date(2026, 3, 31))
    assert (row.values["campaign"], row.values["budget_line"], row.values["amount_minor"]) == (
        "Spring",
        "Indeed",
        50_000,
    )
    assert queries.spend_standing(first=date(2026, 5, 1), last=date(2026, 5, 2), channels=["job_board"]) == ()
