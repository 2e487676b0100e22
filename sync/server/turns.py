"""Who comes when the centre is busy waits for his turn: first come, first served, within bounds.

So many requests are at work at once in each process, one to a connection of the database; more
would only stand in each other's way. The others wait in the order in which they came. Only where
the queue is full, by heads or by the bytes they brought, is anybody asked to come again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import anyio
from anyio.to_thread import run_sync

from sync.server.refusals import refusal

MOST_WAITING: Final = 2000
MOST_WAITING_BYTES: Final = 256 * 1024 * 1024


class Turns:
    """The queue of one process. For one event loop."""

    def __init__(
        self, at_once: int, most: int = MOST_WAITING, most_bytes: int = MOST_WAITING_BYTES
    ) -> None:
        self._limiter = anyio.CapacityLimiter(at_once)
        self._most, self._most_bytes = most, most_bytes
        self._bytes_here = 0

    @property
    def waiting(self) -> int:
        """How many have not had their turn yet."""
        return self._limiter.statistics().tasks_waiting

    async def take(self, answer: Callable[[bytes], bytes], body: bytes) -> bytes:
        """What a thread of ours answers to the body. Raises `Refusal` "busy" when all is full."""
        if self.waiting >= self._most or self._bytes_here + len(body) > self._most_bytes:
            raise refusal("busy", "the queue is full")
        self._bytes_here += len(body)
        try:
            return await run_sync(answer, body, limiter=self._limiter)
        finally:
            self._bytes_here -= len(body)
