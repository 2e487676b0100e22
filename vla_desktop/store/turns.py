"""Writers of one program take turns, first come first served."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock that is given in the order in which it was asked for.

    SQLite only looks now and then whether the database is free, and Python's own lock may go back
    to whoever has just released it: a thread that saves in a loop would shut the exchange out.
    The thread that has the turn may take it again.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._owner: int | None = None
        self._depth = 0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn, and have it while the block runs."""
        self._take()
        try:
            yield
        finally:
            self._give()

    def _take(self) -> None:
        here = threading.get_ident()
        with self._guard:
            if self._owner == here or (self._owner is None and not self._waiting):
                self._owner = here
                self._depth += 1
                return
            mine = threading.Event()
            self._waiting.append(mine)
        mine.wait()
        with self._guard:
            self._owner = here
            self._depth = 1

    def _give(self) -> None:
        with self._guard:
            self._depth -= 1
            if self._depth:
                return
            if self._waiting:
                # Nobody can slip in between: the owner stays taken until the next one has it.
                self._owner = -1
                self._waiting.popleft().set()
            else:
                self._owner = None
