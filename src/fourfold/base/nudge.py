"""Wake the worker: a nudge names a job and the key of the row that wants it, and may be lost or come twice.

The truth is in the rows: periodic sweeps pick up what a lost nudge left. ``project/wiring.py`` fills in the sender.
"""

from __future__ import annotations

from typing import Protocol


class Send(Protocol):
    def __call__(self, job: str, key: str) -> None: ...


_senders: list[Send] = []


def wire(send: Send) -> None:
    """Use this sender from now on, and no other."""
    _senders[:] = [send]


def nudge(job: str, key: str) -> None:
    """Ask the worker to do ``job`` for ``key`` soon. Call it on commit, or the worker may look too early."""
    for send in _senders:
        send(job, key)
