"""The sender: claims, hands over and puts down, until nothing of a mailbox may leave now. Runs in its own process."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from uuid import UUID

from fourfold.base import clock
from fourfold.contact import actions, queries
from fourfold.contact.compute.letters import LetterPress
from fourfold.contact.compute.ways import DEPTH, open_way
from fourfold.contact.types import (
    CannotConnect,
    CannotSend,
    Claimed,
    Handed,
    HandedState,
    MailboxAccount,
    Outgoing,
    Refusal,
    Way,
)

log = logging.getLogger("fourfold.sender")
CLAIMED_AT_ONCE = 160

Now = Callable[[], datetime]


def send_waiting(mailbox: UUID, *, now: Now = clock.now) -> int:
    """Send what may leave through a mailbox now. Returns how many messages left.

    Any number of these may run at once, in any number of processes: each delivery is claimed by one of them.
    """
    actions.reclaim(at=now())
    account = queries.mailbox_account(mailbox)
    if account is None or account.paused:
        return 0
    worker = f"{socket.gethostname()[:30]}:{os.getpid()}"
    sender = _Sender(account, worker, now)
    try:
        return sender.run()
    finally:
        sender.close()


class _Sender:
    """One run: its connections, and the letters it has begun to print."""

    def __init__(self, account: MailboxAccount, worker: str, now: Now) -> None:
        self.account, self.worker, self.now = account, worker, now
        self.press = LetterPress.of(account)
        self.ways: list[Way] = []
        self.pool = ThreadPoolExecutor(max(2, account.connections))

    def run(self) -> int:
        left, go_on = 0, True
        while go_on:
            claimed = actions.claim(mailbox=self.account.key, worker=self.worker, most=CLAIMED_AT_ONCE, at=self.now())
            sent, go_on = self._send(claimed) if claimed else (0, False)
            left += sent
        return left

    def close(self) -> None:
        self.pool.shutdown()
        for way in self.ways:
            way.close()

    def _send(self, claimed: Sequence[Claimed]) -> tuple[int, bool]:
        """Hand over what was claimed, a group a connection at a time; (how many left, whether to go on)."""
        ready = self._printed(claimed)
        groups = iter([ready[start : start + DEPTH] for start in range(0, len(ready), DEPTH)])
        left, go_on = 0, True
        while round_ := list(islice(groups, max(1, self.account.connections))):
            if not go_on or not self._open(len(round_)):
                rest = [one for group in (*round_, *groups) for one in group]
                self._put_down([Handed(one.key, HandedState.NOT_BEGUN, words="no connection") for one in rest])
                return left, False
            results = self._hand_over(round_)
            self._put_down(results)
            left += sum(one.state is HandedState.DELIVERED for one in results)
            stopped = any(one.about in (Refusal.POLICY, Refusal.SENDER) for one in results)
            go_on = not stopped and any(one.state is not HandedState.NOT_BEGUN for one in results)
        return left, go_on

    def _printed(self, claimed: Sequence[Claimed]) -> list[Outgoing]:
        """The messages; what can't be made is refused with the reason, and nothing else is lost."""
        at = self.now()
        printed = list(self.pool.map(lambda one: self._print(one, at), claimed))  # signing leaves the interpreter free
        self._put_down([one for one in printed if isinstance(one, Handed)])
        return [one for one in printed if isinstance(one, Outgoing)]

    def _print(self, one: Claimed, at: datetime) -> Outgoing | Handed:
        try:
            return self.press.outgoing(one, at)
        except CannotSend as error:
            return Handed(one.key, HandedState.REFUSED, words=str(error), about=Refusal.CONTENT)

    def _hand_over(self, groups: Sequence[Sequence[Outgoing]]) -> list[Handed]:
        """Write down that these are about to leave, then let them, one group on each connection."""
        keys = [one.key for group in groups for one in group]
        try:
            actions.handing_over(keys=keys, worker=self.worker, at=self.now())
        except actions.LeaseLost:
            log.warning("%s lost its lease on some of %s deliveries; they are left to others.", self.worker, len(keys))
            return []
        spread = self.pool.map if len(groups) > 1 else map
        return [one for several in spread(_send_group, self.ways, groups) for one in several]

    def _put_down(self, results: Sequence[Handed]) -> None:
        if results:
            actions.finish(results=results, worker=self.worker, at=self.now())

    def _open(self, count: int) -> bool:
        """Have that many connections open, as far as the server lets us; False where there is none."""
        self.ways = [way for way in self.ways if way.is_open]
        first = not self.ways
        try:
            while len(self.ways) < count:
                self.ways.append(open_way(self.account, now=self.now))
        except CannotConnect as error:
            log.warning("%s", error)
            actions.note_unreachable(mailbox=self.account.key, words=str(error), at=self.now())
            return False
        if first:
            actions.note_reached(mailbox=self.account.key)
        return len(self.ways) >= count


def _send_group(way: Way, group: Sequence[Outgoing]) -> Sequence[Handed]:
    return way.send_group(group, lambda keys: None)  # written down before, for all connections at once
