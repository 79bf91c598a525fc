"""The page of accuracy: one sentence, a plot a world, a table behind, a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from fourfold.accounts.types import Viewer
from fourfold.evidence.published import CALIBRATED, accuracy
from fourfold.evidence.types import Method
from fourfold.reports.pages import accuracy as page
from fourfold.reports.tests.factories import leader

pytestmark = pytest.mark.django_db


def test_the_page_begins_with_one_sentence_and_shows_every_world(sign_in: Callable[[Viewer], Client]) -> None:
    response = sign_in(leader()).get(reverse("accuracy"))
    assert response.status_code == 200
    text = response.content.decode()
    confounded = [world for world in accuracy().worlds if world.confounded]
    last = sum(world.score("last").error for world in confounded) / len(confounded)
    assert f"last touch misplaces £{last:.2f}" in text
    for world in accuracy().worlds:
        assert world.name in text
        assert f"fourfold demo --world {world.world}" in text
    assert text.count("Confounded") == len(confounded)
    assert text.count("<svg") > 10


def test_the_file_holds_every_world_and_method_once(sign_in: Callable[[Viewer], Client]) -> None:
    response = sign_in(leader()).get(reverse("accuracy_csv"))
    head, *rows = csv.reader(io.StringIO(response.content.decode()))
    assert head[:5] == ["world", "confounded", "people", "placements", "method"]
    pairs = [(row[0], row[4]) for row in rows]
    assert len(set(pairs)) == len(pairs) == sum(len(world.methods) for world in accuracy().worlds)
    assert all(len(row) == len(head) for row in rows)


def test_who_is_not_signed_in_is_asked_to() -> None:
    leader()
    for name in ("accuracy", "accuracy_csv"):
        assert Client().get(reverse(name))["Location"].startswith(reverse("account_login"))


def test_every_method_that_is_measured_has_its_words() -> None:
    measured = {score.method for world in accuracy().worlds for score in world.methods}
    assert measured == set(page.SHOWN) == ({method.value for method in Method} - {"shapley_ordered"}) | {CALIBRATED}
    assert measured <= set(page.LABELS)


@pytest.mark.parametrize(("value", "text"), [(0.0, "0 %"), (0.126, "13 %"), (-0.2, "−20 %")])
def test_percent_as_read(value: float, text: str) -> None:
    assert page.percent(value) == text
