"""The rows behind figures."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from fourfold.accounts.types import Role
from fourfold.base.errors import NotFound
from fourfold.ledger import actions as ledger
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.reports import actions, panels, queries
from fourfold.reports.tests.factories import NOW, at, cash, colleague, counted, party, person, post, question, touch
from fourfold.reports.types import CODE_VERSION

pytestmark = pytest.mark.django_db
ASKED = question()


def save(*rows: dict[str, Any]) -> int:
    actions.save_answer(question=ASKED, values={}, credited=rows, cut=0, code_version=CODE_VERSION, at=NOW, seconds=1)
    found = queries.answer(ASKED)
    assert found is not None
    return found.key


def credit(outcome: UUID, value: float, **changes: Any) -> dict[str, Any]:
    given = {"key": "email", "side": "candidate", "outcomes": 0.5, "occurred_at": at(5, 1), "ended_at": at(4, 30)}
    given["touches"] = []
    return {**given, "outcome": outcome, "value_minor": value, **changes}


def test_credit_is_paged_the_largest_first_with_its_sums() -> None:
    values = [float(n % 7) for n in range(23)]
    key = save(*(credit(uuid4(), value) for value in values), credit(uuid4(), 99.0, key="phone"))
    seen: list[float] = []
    after: int | None = 0
    while after is not None:
        page = queries.credit_rows(key, "email", after=after, size=10)
        assert (page.count, page.value_minor, page.credited) == (23, sum(values), 11.5)
        seen += [row.value_minor for row in page.rows]
        after = page.next_after
    assert seen == sorted(values, reverse=True)
    nobody = queries.credit_rows(key, "event")
    assert (nobody.rows, nobody.count, nobody.value_minor, nobody.credited, nobody.next_after) == (
        (),
        0,
        0.0,
        0.0,
        None,
    )


def test_a_page_ends_exactly_at_its_size() -> None:
    key = save(*(credit(uuid4(), 1.0) for _ in range(10)))
    assert queries.credit_rows(key, "email", size=10).next_after is None
    assert queries.credit_rows(key, "email", size=9).next_after == 9


def test_credit_names_the_outcomes_that_still_count() -> None:
    fee, gone = cash("A", 100, at(5, 10)), cash("B", 200, at(5, 11))
    batch = [post(fee), post(gone)][1]
    ids = [ledger.first_fact_id(one.source, one.source_ref) for one in (fee, gone)]
    key = save(*(credit(one, 1.0) for one in ids))
    ledger.void_batch(batch=batch, at=NOW)
    page = queries.credit_rows(key, "email")
    assert set(page.outcomes) == {ids[0]}
    assert page.outcomes[ids[0]].value_minor == 10_000


def test_a_journey_tells_both_sides_and_its_touches() -> None:
    who = person("Cara")
    fee, mail = cash("A", 100, at(5, 10)), touch(who, "email", at(4, 1))
    post(fee, mail)
    outcome, mail_id = (ledger.first_fact_id(one.source, one.source_ref) for one in (fee, mail))
    key = save(
        credit(outcome, 50.0, touches=[[str(mail_id), mail.occurred_at.isoformat(), "email"]]),
        credit(outcome, 50.0, side="client", key="(none)"),
        credit(uuid4(), 7.0),
    )
    found, rows, touches = queries.journeys_of(key, outcome)
    assert found.fact_id == outcome
    assert [(row.side, row.key, row.value_minor) for row in rows] == [
        ("candidate", "email", 50.0), ("client", "(none)", 50.0),
    ]  # fmt: skip
    assert rows[0].touches == ((mail_id, mail.occurred_at, "email"),)
    assert {one: row.channel for one, row in touches.items()} == {mail_id: "email"}
    for unknown in (uuid4(), mail_id):
        with pytest.raises(NotFound):
            queries.journeys_of(key, unknown)


def test_an_export_tells_each_fact_of_merged_records_once() -> None:
    viewer = colleague(Role.LEADER)
    stays, joins = person("Cara"), person("Cara again")
    fee = cash("A", 100, at(5, 10))
    post(fee, touch(stays, "email", at(4, 1)), touch(joins, "phone", at(4, 2), campaign="Spring"))
    post(party(fee, joins, "candidate"))
    people.merge_people(person_key=joins, into_key=stays, viewer=viewer, at=NOW)
    told = queries.credits_of_people([stays, joins])
    assert [(row["kind"], row["channel"], row["side"], row["campaign"]) for row in told] == [
        ("cash", None, "candidate", None), ("touch", "phone", None, "Spring"), ("touch", "email", None, None),
    ]  # fmt: skip
    assert people_queries.export(viewer, joins)["reports"] == {"timeline": told}


def test_an_export_tells_all_however_many() -> None:
    who = person("Cara")
    post(*(touch(who, "email", at(4, 1 + n % 20)) for n in range(1100)))
    assert len(queries.credits_of_people([who])) == 1100


# What reports adds elsewhere


def test_a_persons_page_shows_what_they_brought() -> None:
    viewer, who = colleague(Role.RECRUITER), person("Cara")
    assert panels.brought_panel(who, viewer, NOW) is None
    first = counted("candidate", at(5, 10))
    post(first, touch(who, "email", at(4, 1)), touch(who, "web", at(4, 2), machine=True))
    assert panels.brought_panel(who, viewer, NOW) is None
    post(party(first, who, "candidate"))
    found = panels.brought_panel(who, viewer, NOW)
    assert found is not None
    assert [row.title for row in found.values["outcomes"]] == ["candidate"]
    assert found.values["touches"] == 1


def test_today_names_who_gave_a_signal_by_its_time() -> None:
    viewer = colleague(Role.RECRUITER)
    assert panels.warm_people(viewer, NOW) is None
    late, early, old, ours = (person(name) for name in ("Late", "Early", "Old", "Ours"))
    post(
        touch(early, "email", at(7, 30), direction="in", action="click", campaign="Salary guide"),
        touch(late, "phone", at(7, 31), direction="in"),
        touch(old, "email", at(7, 20), direction="in"),
        touch(ours, "email", at(7, 31)),
    )
    group = panels.warm_people(viewer, NOW)
    assert group is not None
    assert [entry.title for entry in group.entries] == ["Late", "Early"]
    assert group.entries[1].why == "Click, email (Salary guide)"
    assert (group.count, group.heading) == (2, "2 people gave a signal this week")
    assert panels.warm_people(colleague(Role.ADMINISTRATOR), NOW) is None
    assert panels.warm_people(colleague(), NOW) is None


def test_a_merge_makes_the_answers_that_rest_on_the_person_anew() -> None:
    viewer = colleague(Role.LEADER)
    stays, joins = person("Cara"), person("Cara again")
    fee = cash("A", 100, at(5, 10))
    post(fee)
    post(party(fee, joins, "candidate"))
    outcome = ledger.first_fact_id(fee.source, fee.source_ref)
    actions.save_answer(
        question=ASKED,
        values={},
        credited=[credit(outcome, 1.0)],
        cut=10**9,
        code_version=CODE_VERSION,
        at=NOW,
        seconds=1,
    )
    people.merge_people(person_key=joins, into_key=stays, viewer=viewer, at=NOW)
    found = queries.answer(ASKED)
    assert found is not None
    assert not found.is_current
