"""The queue of likely duplicates: found by a job, decided by people, undone; nobody sees what they may not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from fourfold.accounts.types import Role
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import NotFound
from fourfold.people import actions, models, queries
from fourfold.people.compute import pairs
from fourfold.people.tests.factories import NOON, colleague, leader, person
from fourfold.people.types import NewOrganisation, PairState, PersonRole

pytestmark = pytest.mark.django_db
FIRST = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper")
LAST = ("Brookfield", "Castellan", "Dunmore", "Everard", "Fairweather", "Goldsworthy", "Hathersage", "Inglewood")


def crowd() -> None:
    for number in range(60):
        first, last = FIRST[number % 10], LAST[(number + number // 10) % 8]  # 60 names
        person(f"{first} {last}", f"{first}.{last}.{number}@x{number}.example".lower(), city=f"Town {number % 7}")


def look(*, whole: bool = True, at: datetime = NOON) -> int:
    key = actions.look_for_pairs(whole=whole, by=COMMAND_LINE, at=at)
    return pairs.look(key=key, at=at)


def two(at: datetime = NOON, **values: Any) -> tuple[UUID, UUID]:
    one = person("Marguerite Vandersloot", "marguerite.vandersloot@home.example", city="Leeds", **values)
    other = person("Marguerite Vandersloot", "marguerite.vandersloot@work.example", city="Leeds", **values)
    return one, other


def waiting() -> list[set[UUID]]:
    rows = models.DuplicatePair.objects.filter(state=PairState.WAITING)
    return [{row.one_id, row.other_id} for row in rows]


def test_a_look_finds_a_pair_says_why_and_a_merge_is_undone(sign_in: Any) -> None:
    crowd()
    one, other = two()
    assert look() == 1
    assert waiting() == [{one, other}]
    viewer = leader()
    client = sign_in(viewer)
    pair = models.DuplicatePair.objects.get()
    shown = client.get(reverse("pairs")).content.decode()
    for words in ("1 pair looks like one human", "Same name", "Same city"):
        assert words in shown, words
    answer = client.post(reverse("decide_pair", args=[pair.pk]), {"answer": str(one)})
    assert answer.status_code == 302
    assert models.Person.objects.get(pk=other).merged_into_id == one
    record = models.MergeRecord.objects.get()
    assert (record.person_id, record.into_id, record.by) == (other, one, viewer.name)
    assert record.why == "from the queue of likely duplicates"
    assert "No two records look like one human" in client.get(reverse("pairs")).content.decode()
    assert client.post(reverse("undo_pair", args=[pair.pk])).status_code == 302
    assert models.Person.objects.get(pk=other).merged_into_id is None
    record.refresh_from_db()
    assert record.undone_by == viewer.name
    assert waiting() == [{one, other}]
    assert client.post(reverse("undo_pair", args=[pair.pk])).status_code == 404


def test_different_people_stay_so_and_later_comes_back_when_a_record_changes(sign_in: Any) -> None:
    crowd()
    one, other = two()
    look()
    client, pair = sign_in(leader()), models.DuplicatePair.objects.get()
    assert client.post(reverse("decide_pair", args=[pair.pk]), {"answer": "later"}).status_code == 302
    look(at=NOON + timedelta(days=1))
    assert waiting() == []
    models.Person.objects.filter(pk=one).update(headline="Welder", changed_at=NOON + timedelta(days=1, hours=1))
    look(whole=False, at=NOON + timedelta(days=2))
    assert waiting() == [{one, other}]
    assert client.post(reverse("decide_pair", args=[pair.pk]), {"answer": "different"}).status_code == 302
    models.Person.objects.filter(pk=one).update(headline="", changed_at=NOON + timedelta(days=3))
    look(at=NOON + timedelta(days=4))
    assert waiting() == []
    assert client.post(reverse("undo_pair", args=[pair.pk])).status_code == 302
    assert waiting() == [{one, other}]


def test_an_incremental_look_compares_only_what_changed_with_the_weights_of_the_last_whole_one() -> None:
    crowd()
    two()
    look(at=NOON + timedelta(hours=1))
    whole = queries.last_run()
    assert whole is not None
    assert (whole.whole, whole.people, whole.suggested) == (True, 62, 1)
    look(whole=False, at=NOON + timedelta(days=1))
    quiet = queries.last_run()
    assert quiet is not None
    assert (quiet.whole, quiet.compared) == (False, 0)
    assert len(waiting()) == 1  # what waited still waits
    later = NOON + timedelta(days=2)
    from fourfold.people.tests.factories import email
    from fourfold.people.types import NewPerson

    new = NewPerson(name="Hazel Goldsworthi", identifiers=(email("hazel.goldsworthy@post.example"),), city="Town 0")
    actions.add_people(people=[new], by=COMMAND_LINE, at=later)
    look(whole=False, at=later + timedelta(hours=1))
    last = queries.last_run()
    assert last is not None
    assert 0 < last.compared < whole.compared
    assert last.people == 63


def test_the_first_look_is_at_everybody_and_one_that_waits_serves_all_who_ask(nudges: list[Any], client: Any) -> None:
    one = actions.look_for_pairs(whole=False, by=COMMAND_LINE, at=NOON)
    assert actions.look_for_pairs(whole=True, by=COMMAND_LINE, at=NOON) == one
    assert queries.match_run(one).whole
    assert queries.unfinished_runs() == (one,)
    assert pairs.look(key=one, at=NOON) == 0  # nobody is there
    assert queries.unfinished_runs() == ()
    assert pairs.look(key=one, at=NOON) == 0  # a job that comes twice does its work once


def test_nobody_sees_a_pair_with_a_record_they_may_not_see(sign_in: Any) -> None:
    crowd()
    house = actions.add_organisations(
        organisations=[NewOrganisation(name="Northgate Energy", is_client=True)], by=COMMAND_LINE, at=NOON
    )[0]
    two(organisation=house, roles=(PersonRole.CANDIDATE,))
    person("Konstantin Abelard-Rosewood", "k.abelard@home.example", city="Leeds", confidential=True)
    person("Konstantin Abelard-Rosewood", "k.abelard@work.example", city="Leeds")
    look()
    assert len(waiting()) == 2
    recruiter, boss = colleague(Role.RECRUITER), leader()
    assert (queries.count_pairs(recruiter), queries.count_pairs(boss)) == (0, 2)
    client = sign_in(recruiter)
    shown = client.get(reverse("pairs")).content.decode()
    assert "Vandersloot" not in shown
    assert "Abelard" not in shown
    for pair in models.DuplicatePair.objects.all():
        assert client.get(reverse("pairs"), {"pair": pair.pk}).status_code == 404
        for answer in (str(pair.one_id), "different", "later"):
            assert client.post(reverse("decide_pair", args=[pair.pk]), {"answer": answer}).status_code == 404
        models.DuplicatePair.objects.filter(pk=pair.pk).update(state=PairState.LATER)
        with pytest.raises(NotFound):
            actions.undo_pair(pair=pair.pk, viewer=recruiter, at=NOON)
    assert models.Person.objects.exclude(merged_into=None).count() == 0


def test_answers_that_are_none_and_pairs_that_are_gone_change_nothing(sign_in: Any) -> None:
    crowd()
    one, _ = two()
    stranger = person("Somebody Else")
    look()
    client, pair = sign_in(leader()), models.DuplicatePair.objects.get()
    for answer in ("", "maybe", str(stranger)):
        assert client.post(reverse("decide_pair", args=[pair.pk]), {"answer": answer}).status_code == 404
    assert len(waiting()) == 1
    actions.erase_person(person_key=one, viewer=leader(), at=NOON)
    assert models.DuplicatePair.objects.count() == 0
    assert client.get(reverse("pairs")).status_code == 200


def test_the_page_begins_a_look(sign_in: Any, nudges: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    client = sign_in(colleague(Role.MARKETER))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("look_for_pairs"), {"whole": "yes"}).status_code == 302
    (key,) = queries.unfinished_runs()
    assert nudges == [("pairs", str(key))]
    assert "A look is under way" in client.get(reverse("pairs")).content.decode()
    assert timezone.now() - queries.match_run(key).asked_at < timedelta(minutes=1)
