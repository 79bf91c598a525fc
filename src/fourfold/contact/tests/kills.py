"""Senders killed at random points against a real mail server: what its log says, and what our rows say."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connections

from fourfold.base.actor import COMMAND_LINE
from fourfold.contact import actions, models
from fourfold.contact.compute import sender
from fourfold.contact.tests.factories import DRAFT, NOON
from fourfold.contact.types import Aim, Channel, DeliveryState, Intent

MESSAGE_ID = re.compile(rb"^Message-ID: <([0-9a-f-]{36})@", re.MULTILINE)
AFTER_A_LEASE = timedelta(minutes=11)


@dataclass(frozen=True, slots=True)
class Told:
    """What kills left behind: how often the server got each delivery, and the most that one kill left unclear."""

    kills: int
    died_sending: int
    got: Counter[UUID]
    states: Counter[str]
    most_unclear: int
    wrong: int


def fork_sender(box: UUID, now: datetime) -> int:
    """A sender in a process of its own, forked: it starts at once. Returns its process id."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            sender.send_waiting(box, now=lambda: now)
        finally:
            os._exit(0)
    return pid


def kill_senders(
    box: UUID, *, kills: int, seed: int, mails: Callable[[], list[bytes]], queue: Callable[[int], None], many: int
) -> Told:
    """Kill that many senders at random moments, the last run ends by itself; compare the server's log with our rows.

    ``queue`` puts more deliveries in the queue of the mailbox, ``mails`` is what the server accepted.
    """
    chance = random.Random(seed)
    now, most, died = NOON, 0, 0
    for number in range(kills):
        waiting = models.Delivery.objects.filter(state=DeliveryState.PENDING).count()
        if waiting < many:
            queue(many)
        unclear = models.Delivery.objects.filter(state=DeliveryState.AMBIGUOUS).count()
        before = len(mails())
        pid = fork_sender(box, now)
        if number % 4:  # three of four while it hands over, one whenever it is
            _wait_until(lambda: len(mails()) > before)  # noqa: B023
            time.sleep(chance.uniform(0, 0.15))
        else:
            time.sleep(chance.uniform(0.02, 0.6))
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        died += os.WIFSIGNALED(status) and len(mails()) > before
        now += AFTER_A_LEASE
        models_after = _reclaimed(now)
        most = max(most, models_after - unclear)
    pid = fork_sender(box, now)
    os.waitpid(pid, 0)
    got = Counter(UUID(MESSAGE_ID.search(one)[1].decode()) for one in mails())  # type: ignore[index]
    states = Counter(models.Delivery.objects.values_list("state", flat=True))
    sent = set(models.Delivery.objects.filter(state=DeliveryState.SENT).values_list("key", flat=True))
    unclear_keys = set(models.Delivery.objects.filter(state=DeliveryState.AMBIGUOUS).values_list("key", flat=True))
    wrong = len(sent - set(got)) + len(set(got) - sent - unclear_keys)
    return Told(kills, died, got, states, most, wrong)


def _wait_until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.001)


def _reclaimed(now: datetime) -> int:
    actions.reclaim(at=now)
    return models.Delivery.objects.filter(state=DeliveryState.AMBIGUOUS).count()


def queue_for(box: UUID, who: list[UUID]) -> Callable[[int], None]:
    """Queues that many working messages, each a message of its own, to people who are registered."""

    def queue(many: int) -> None:
        intent = Intent(person_key=who[0], aim=Aim.JOBS, channel=Channel.EMAIL, by=None, job="j1")
        for start in range(0, many, len(who)):
            actions.queue_to_many(
                intent=intent, draft=DRAFT, mailbox=box, person_keys=who[: many - start], campaign="",
                by=COMMAND_LINE, at=NOON,
            )  # fmt: skip

    return queue
