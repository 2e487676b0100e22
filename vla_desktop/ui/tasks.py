"""Long work off the window's thread: a plain function `work(progress)` and one class to run it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot

from sync.problems import Problem
from sync.progress import Cancelled, Progress

Result = TypeVar("Result")
THROTTLE_S = 0.05


def database_pool(parent: QObject) -> QThreadPool:
    """A pool of one thread: work on the database queues up instead of waiting for locks."""
    pool = QThreadPool(parent)
    pool.setMaxThreadCount(1)
    return pool


class _Reports:
    """The progress that the work sees: throttled on the way out, the bearer of a cancel."""

    def __init__(self, tell: Callable[[int, int, str], None]) -> None:
        self._tell = tell
        self._cancelled = threading.Event()
        self._told_at = -THROTTLE_S

    def cancel(self) -> None:
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def report(self, done: int, total: int, what: str) -> None:
        if self._cancelled.is_set():
            raise Cancelled
        now = time.monotonic()
        if now - self._told_at >= THROTTLE_S or (total and done >= total):
            self._told_at = now
            self._tell(done, total, what)


class Task(QObject, Generic[Result]):
    """One run of `work`. Its signals always arrive in the thread that made it.

    Exactly one of `succeeded`, `failed` and `cancelled` is emitted, then `finished`. A cancel is
    heard at the work's next report; a thread is never ended from outside.
    """

    progressed = Signal(int, int, str)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    finished = Signal()
    _reported = Signal(int, int, str)
    _ended = Signal(object, object)

    def __init__(
        self,
        work: Callable[[Progress], Result],
        pool: QThreadPool,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._pool = pool
        self._reports = _Reports(self._reported.emit)
        self._running = False
        # A slot of this object is what carries the news over to its own thread: a plain
        # function, connected straight to the worker's emit, would be called over there.
        self._reported.connect(self._on_reported)
        self._ended.connect(self._on_ended)

    @property
    def running(self) -> bool:
        """From `start` until one of the endings was announced."""
        return self._running

    def start(self) -> None:
        """Queue the work behind whatever the pool is doing."""
        self._running = True
        self._pool.start(self._run)

    def cancel(self) -> None:
        """Ask the work to stop. Harmless at any time, any number of times."""
        self._reports.cancel()

    def _run(self) -> None:
        try:
            self._reports.report(0, 0, "")
            result = self._work(self._reports)
        except BaseException as fault:  # noqa: BLE001 - whatever it is, `failed` must carry it
            self._ended.emit(None, fault)
        else:
            self._ended.emit(result, None)

    @Slot(int, int, str)
    def _on_reported(self, done: int, total: int, what: str) -> None:
        if self._running and not self._reports.cancelled:
            self.progressed.emit(done, total, what)

    @Slot(object, object)
    def _on_ended(self, result: object, fault: BaseException | None) -> None:
        self._running = False
        if fault is None:
            self.succeeded.emit(result)
        elif isinstance(fault, Cancelled) or self._is_moot(fault):
            self.cancelled.emit()
        else:
            self.failed.emit(fault)
        self.finished.emit()

    def _is_moot(self, fault: BaseException) -> bool:
        """Whether the world stood in the way of what nobody wanted any more."""
        return self._reports.cancelled and isinstance(fault, Problem)
