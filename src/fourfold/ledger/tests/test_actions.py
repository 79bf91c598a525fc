from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from fourfold.base.errors import NotFound
from fourfold.ledger import actions, models, queries
from fourfold.ledger.tests.factories import NOON, identity, outcome, party, post, touch
from fourfold.ledger.types import FactRefused, Kind

pytestmark = pytest.mark.django_db


def test_posting_the_same_fact_again_does_nothing() -> None:
    fact = touch(uuid4())
    first, again = post(fact), post(fact)
    assert (first.new, first.unchanged) == (1, 0)
    assert (again.new, again.unchanged, again.fact_ids) == (0, 1, first.fact_ids)
    assert models.Fact.objects.count() == 1


def test_the_same_reference_with_other_content_is_rejected_unless_corrected() -> None:
    fact = touch(uuid4())
    original = post(fact).fact_ids[0]
    other = replace(fact, channel="phone")

    refused = post(other)
    assert (refused.new, refused.corrected, refused.fact_ids) == (0, 0, (None,))
    assert [changed.source_ref for changed in refused.changed] == [fact.source_ref]
    assert list(models.Fact.objects.live().values_list("channel", flat=True)) == ["email"]

    corrected = post(other, correct=True)
    assert corrected.corrected == 1
    live = models.Fact.objects.live().get()
    assert (live.channel, live.revision, live.supersedes) == ("phone", 1, original)
    assert models.Fact.objects.count() == 2


def test_one_reference_twice_in_one_posting_with_two_contents_is_rejected_even_when_correcting() -> None:
    fact = touch(uuid4())
    posted = post(fact, replace(fact, channel="phone"), correct=True)
    assert (posted.new, len(posted.changed)) == (1, 1)
    assert models.Fact.objects.live().get().channel == "email"


def test_taking_a_batch_back_takes_its_facts_out_and_its_corrections_too() -> None:
    fact, kept = touch(uuid4()), touch(uuid4())
    post(fact, kept)
    batch = uuid4()
    post(replace(fact, channel="phone"), touch(uuid4()), batch=batch, correct=True)
    assert queries.counts() == {Kind.TOUCH: 3}

    assert actions.void_batch(batch=batch, at=NOON) == 2
    assert queries.counts() == {Kind.TOUCH: 2}
    assert set(models.Fact.objects.live().values_list("channel", flat=True)) == {"email"}
    with pytest.raises(NotFound):
        actions.void_batch(batch=batch, at=NOON)


def test_what_was_taken_back_can_come_again_under_another_batch_only() -> None:
    fact, batch = touch(uuid4()), uuid4()
    post(fact, batch=batch)
    actions.void_batch(batch=batch, at=NOON)
    with pytest.raises(FactRefused):
        post(fact, batch=batch)
    assert post(fact).new == 1
    assert models.Fact.objects.live().get().revision == 1


def test_a_voided_fact_counts_no_more_until_it_comes_again() -> None:
    fact = touch(uuid4())
    posted = post(fact).fact_ids[0]
    assert posted is not None
    void_batch = uuid4()
    actions.void_fact(fact=posted, batch=void_batch, at=NOON)
    assert queries.counts() == {}
    with pytest.raises(NotFound):
        actions.void_fact(fact=posted, batch=uuid4(), at=NOON)
    post(fact)
    assert queries.counts() == {Kind.TOUCH: 1}


def test_taking_back_the_batch_of_a_correction_of_a_correction_brings_the_middle_one_back() -> None:
    fact, second, third = touch(uuid4()), uuid4(), uuid4()
    post(fact)
    post(replace(fact, channel="phone"), batch=second, correct=True)
    post(replace(fact, channel="web"), batch=third, correct=True)
    actions.void_batch(batch=second, at=NOON)
    assert models.Fact.objects.live().get().channel == "web"
    actions.void_batch(batch=third, at=NOON)
    assert models.Fact.objects.live().get().channel == "email"


def test_the_raw_reference_can_be_erased_and_is_nowhere_in_the_fact() -> None:
    person = uuid4()
    post(touch(person, source_ref="ana@client.example"))
    assert queries.references([person]) == ("ana@client.example",)
    assert actions.forget_references(person_keys=[person]) == 1
    assert queries.references([person]) == ()
    row = models.Fact.objects.values().get()
    assert "ana@client.example" not in str(row)


def test_activity_follows_touches_voids_and_merges() -> None:
    person, twin, batch = uuid4(), uuid4(), uuid4()
    post(touch(person), touch(person, direction="in", action="click", occurred_at=NOON + timedelta(hours=1)))
    post(touch(twin, occurred_at=NOON + timedelta(days=2)), batch=batch)
    post(touch(person, machine=True, action="click", direction="in", occurred_at=NOON + timedelta(days=9)))
    assert queries.activity([person])[person].clicks_at == (NOON + timedelta(hours=1),)

    merge = post(identity(twin, person)).fact_ids[0]
    joined = queries.activity([person, twin])
    assert set(joined) == {person}
    assert (joined[person].touches, joined[person].last_contacted_at) == (3, NOON + timedelta(days=2))

    actions.void_batch(batch=batch, at=NOON)
    assert queries.activity([person])[person].last_contacted_at == NOON

    assert merge is not None
    actions.void_fact(fact=merge, batch=uuid4(), at=NOON)
    assert queries.canonical_keys([twin]) == {twin: twin}


def test_a_timeline_shows_touches_and_outcomes_of_merged_records_newest_first() -> None:
    person, twin = uuid4(), uuid4()
    posted = post(outcome(occurred_at=NOON + timedelta(days=3)))
    assert posted.fact_ids[0] is not None
    post(
        touch(person, occurred_at=NOON - timedelta(days=1)),
        touch(twin, occurred_at=NOON),
        touch(uuid4()),
        party(posted.fact_ids[0], person, occurred_at=NOON + timedelta(days=3)),
        identity(twin, person),
    )
    rows = queries.timeline(twin).rows
    assert [(row.kind, row.title) for row in rows] == [("outcome", "cash"), ("touch", "touch"), ("touch", "touch")]
    assert rows[0].value_minor == 1_200_000


def test_a_timeline_is_paged_by_key_and_loses_no_row_among_equal_times() -> None:
    person = uuid4()
    post(*[touch(person, occurred_at=NOON - timedelta(hours=n // 3)) for n in range(10)])
    seen, cursor = [], None
    while True:
        page = queries.timeline(person, cursor=cursor, size=4)
        seen += [row.fact_id for row in page.rows]
        cursor = page.older
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 10
    naive, huge = queries.cursor_of("2026-03-02T12:00:00", 3), queries.cursor_of(NOON.isoformat(), 2**70)
    for made_up in ("broken", naive, huge):
        with pytest.raises(NotFound):
            queries.timeline(person, cursor=made_up)
