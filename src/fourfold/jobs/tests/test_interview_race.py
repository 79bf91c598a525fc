"""Two who pick the same time at the same moment, each in a connection of its own."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID

from django.db import connections

from fourfold.jobs import models
from fourfold.jobs.tests.test_interviews import World
from fourfold.jobs.types import SlotTaken


def test_of_two_who_pick_the_same_time_at_once_one_gets_it(committed_db: Any) -> None:
    world = World()
    slots = world.offers(world.first, world.second)
    one, _ = models.Slot.objects.filter(slot_set=slots)
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def pick(application: UUID, person: UUID) -> None:
        ready.wait(10)
        try:
            world.picks(application, one.pk, person)
            outcomes.append("got it")
        except SlotTaken:
            outcomes.append("taken")
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=pick, args=pair) for pair in ((world.first, world.jane), (world.second, world.omar))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["got it", "taken"]
    assert models.Interview.objects.count() == 1
    one.refresh_from_db()
    assert one.interview_id == models.Interview.objects.get().pk
