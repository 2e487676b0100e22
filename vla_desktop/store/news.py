"""Telling whoever listens which records were touched."""

from __future__ import annotations

import threading
from collections.abc import Callable

Touched = frozenset[tuple[str, str]]


class News:
    """Listeners are told after the commit, in the thread that wrote."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Touched], None]] = []
        self._lock = threading.Lock()

    def listen(self, callback: Callable[[Touched], None]) -> Callable[[], None]:
        """Calls back with the (kind, id) touched; returns the way out."""
        with self._lock:
            self._listeners.append(callback)

        def leave() -> None:
            with self._lock:
                if callback in self._listeners:
                    self._listeners.remove(callback)

        return leave

    def tell(self, touched: Touched) -> None:
        """Tells everybody."""
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener(touched)
