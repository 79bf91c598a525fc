"""Many rows in one statement: what goes in comes out, on both databases."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from fourfold.ledger import models, rows
from fourfold.ledger.tests.factories import NOON

pytestmark = pytest.mark.django_db
REFS = ("fact_id", "person_key", "raw")


def refs() -> list[tuple[UUID, UUID | None, str]]:
    return list(models.SourceRef.objects.order_by("raw").values_list(*REFS))


@pytest.mark.parametrize("text", ["plain", 'O\'Neil "x"', "a\\b", "€ 🙂", "{1,2}", "%s", "null", "tab\tline\n"])
def test_texts_come_out_as_they_went_in(text: str) -> None:
    given = [(uuid4(), None, text)]
    rows.insert(models.SourceRef, REFS, given)
    assert refs() == given
    assert list(models.SourceRef.objects.filter(raw__in=rows.among([text])).values_list(*REFS)) == given


def test_a_row_that_exists_is_refused_or_passed_over(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    known, other = uuid4(), uuid4()
    rows.insert(models.SourceRef, REFS, [(known, known, "a")])
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(models.SourceRef, REFS, [(known, None, "b")])
    with django_assert_num_queries(1):
        rows.append(models.SourceRef, REFS, [(known, None, "b"), (other, None, "c")])
    assert refs() == [(known, known, "a"), (other, None, "c")]


def test_what_is_put_takes_the_place_of_what_was_there() -> None:
    key, later = uuid4(), NOON + timedelta(days=1)
    columns = ("person_key", "touches", "last_touch_at", "click_1_at")
    rows.put(models.Activity, "person_key", columns, [(key, 1, NOON, NOON)])
    rows.put(models.Activity, "person_key", columns, [(key, 2, later, None)])  # nobody clicked: that is said too
    assert list(models.Activity.objects.values_list(*columns)) == [(key, 2, later, None)]


def test_any_number_of_keys_is_one_question(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    keys = [uuid4() for _ in range(3000)]
    rows.insert(models.SourceRef, REFS, [(key, None, "x") for key in keys])
    with django_assert_num_queries(1):
        assert models.SourceRef.objects.filter(fact_id__in=rows.among(keys[500:])).count() == 2500
    assert not models.SourceRef.objects.filter(fact_id__in=rows.among(set())).exists()


def test_nothing_is_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        rows.append(models.SourceRef, REFS, [])
