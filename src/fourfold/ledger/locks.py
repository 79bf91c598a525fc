"""The lock between posting and sealing, so that a slow transaction that commits late is sealed all the same.

A poster holds the lock shared until its transaction ends. The sealer takes it exclusively while it reads the highest
``seq``: then no smaller one can still be uncommitted. SQLite has one writer at a time, so there the write transaction
itself is that lock.
"""

from __future__ import annotations

import time

from django.db import connection

from fourfold.base.errors import FourfoldError

KEY = 4_004_004


class SealBusy(FourfoldError):
    """Posting went on for too long for the sealer to get a turn. The next run seals what this one left."""


def hold_shared() -> None:
    """Hold the lock with other posters until the transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [KEY])


def hold_alone(*, wait_seconds: float) -> None:
    """Hold the lock alone until the transaction ends. Raises SealBusy after ``wait_seconds``.

    Asks again and again instead of queueing: a queued exclusive request would stop all new posters behind it.
    """
    if connection.vendor != "postgresql":
        return
    deadline = time.monotonic() + wait_seconds
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [KEY])
            row = cursor.fetchone()
        if row and row[0]:
            return
        if time.monotonic() > deadline:
            raise SealBusy(
                "The ledger was not sealed this time.",
                f"Facts were being posted without a pause for {wait_seconds:g} seconds.",
                "Nothing is lost: the next run seals them.",
            )
        time.sleep(0.02)
