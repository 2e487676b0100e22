"""The store's news, carried into the thread of the windows."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from vla_desktop.store.store import Store

Touched = frozenset[tuple[str, str]]

GATHER_MS = 25


class StoreBridge(QObject):
    """Repeats what the store announces, in the thread this object lives in.

    While an exchange applies many records the news come in bursts: whatever arrives within
    `GATHER_MS` milliseconds is told once. `changed` carries a frozenset of (kind name, id); an
    empty one says that something changed which has no record of its own.
    """

    changed = Signal(object)
    _arrived = Signal()

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._gathered: set[tuple[str, str]] = set()
        self._due = False
        self._timer = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._timer.timeout.connect(self._announce)
        self._arrived.connect(self._timer.start, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = store.listen(self._hear)

    def close(self) -> None:
        """Stop listening; what was gathered and not yet told is forgotten."""
        self._unsubscribe()
        self._timer.stop()

    def _hear(self, touched: Touched) -> None:
        """Runs in whichever thread wrote."""
        with self._lock:
            first = not self._due
            self._due = True
            self._gathered |= touched
        if first:
            try:
                self._arrived.emit()
            except RuntimeError:  # the window closed while another thread was writing
                return

    def _announce(self) -> None:
        with self._lock:
            touched = frozenset(self._gathered)
            self._gathered.clear()
            self._due = False
        self.changed.emit(touched)
