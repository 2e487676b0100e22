"""The exchange with the centre as the window sees it: one at a time, by hand or by the clock."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal, Slot

from sync.client.obstacles import Busy
from sync.problems import Problem
from sync.progress import Progress
from vla_desktop.office import Office, Outcome
from vla_desktop.ui.schedule import Schedule, Step
from vla_desktop.ui.tasks import Task

TICK_MS = 1000

# Nobody answered, or only the sign-in page of a network: both may pass at any moment.
OUT_OF_REACH = frozenset({"sync.offline", "sync.timeout", "sync.alien"})


class Syncing(QObject):
    """Runs exchanges in the worker and says how they go.

    `succeeded` carries an `Outcome`; `failed` the exception and whether the clerk had asked: an
    exchange that the clock started and the line did not carry is everyday life, not news.
    `changed` whenever anything this object tells may be different; `idle` once nothing is under
    way after `stop`.
    """

    started = Signal()
    progressed = Signal(int, int, str)
    succeeded = Signal(object)
    failed = Signal(object, bool)
    cancelled = Signal()
    changed = Signal()
    idle = Signal()

    def __init__(
        self,
        office: Office,
        pool: QThreadPool,
        parent: QObject,
        *,
        chance: random.Random | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` counts seconds and only goes forward."""
        super().__init__(parent)
        self._office = office
        self._pool = pool
        self._clock = clock
        self._task: Task[Outcome] | None = None
        self._probe: Task[bool] | None = None
        self._by_hand = False
        self._stopping = False
        self._schedule = Schedule(self._every_s, clock(), chance or random.Random())
        self.settings_changed()
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    @property
    def running(self) -> bool:
        """Whether an exchange is under way."""
        return self._task is not None

    @property
    def is_idle(self) -> bool:
        """Whether nothing at all is under way, not even asking whether the centre is there."""
        return self._task is None and self._probe is None

    @property
    def next_at(self) -> dt.datetime | None:
        """When the clock will start the next exchange; None when it will not."""
        if self._schedule.next_at is None:
            return None
        wait_s = max(0.0, self._schedule.next_at - self._clock())
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=wait_s)

    def start(self, *, by_hand: bool = True) -> None:
        """Begin an exchange, or join the one under way."""
        self._by_hand = self._by_hand or by_hand
        if self._task is not None:
            return
        self._task = Task(self._office.synchronise, self._pool, self)
        self._task.progressed.connect(self.progressed)
        self._task.succeeded.connect(self._on_succeeded)
        self._task.failed.connect(self._on_failed)
        self._task.cancelled.connect(self._on_cancelled)
        self._task.start()
        self.started.emit()
        self.changed.emit()

    def cancel(self) -> None:
        """Stop the exchange under way at its next step. What was exchanged stays exchanged."""
        if self._task is not None:
            self._task.cancel()

    def stop(self) -> None:
        """Start nothing any more, and end what is under way."""
        self._stopping = True
        self._timer.stop()
        self.cancel()

    def settings_changed(self) -> None:
        """Take the interval and the pause from the office's settings."""
        paused = self._office.settings.sync.paused
        self._schedule.change(self._every_s, paused, self._clock())
        self.changed.emit()

    @Slot()
    def tick(self) -> None:
        """Look at the clock."""
        if not self.is_idle:
            return
        step = self._schedule.step(self._clock())
        if step is Step.REST or not self._office.standing().enrolled:
            return
        if step is Step.EXCHANGE:
            self.start(by_hand=False)
        else:
            self._start_probe()

    @property
    def _every_s(self) -> float:
        return self._office.settings.sync.every_minutes * 60.0

    def _start_probe(self) -> None:
        def ask(_progress: Progress) -> bool:
            return self._office.reachable()

        self._probe = Task(ask, self._pool, self)
        self._probe.succeeded.connect(self._on_probed)
        self._probe.failed.connect(self._on_probe_failed)
        self._probe.start()

    @Slot(object)
    def _on_probed(self, answered: bool) -> None:
        self._forget_probe()
        self._schedule.probed(self._clock(), answered)

    @Slot(object)
    def _on_probe_failed(self, fault: BaseException) -> None:
        self._on_probed(answered=False)
        if not isinstance(fault, Problem):
            self.failed.emit(fault, False)

    @Slot(object)
    def _on_succeeded(self, outcome: Outcome) -> None:
        self._schedule.succeeded(self._clock())
        self._end()
        self.succeeded.emit(outcome)

    @Slot(object)
    def _on_failed(self, fault: BaseException) -> None:
        out_of_reach = isinstance(fault, Problem) and fault.code in OUT_OF_REACH
        at_least_s = (fault.retry_after_s or 0.0) if isinstance(fault, Busy) else 0.0
        self._schedule.failed(self._clock(), out_of_reach, at_least_s)
        asked = self._by_hand
        self._end()
        self.failed.emit(fault, asked)

    @Slot()
    def _on_cancelled(self) -> None:
        self._schedule.put_off(self._clock())
        self._end()
        self.cancelled.emit()

    def _end(self) -> None:
        if self._task is not None:
            self._task.deleteLater()
        self._task = None
        self._by_hand = False
        self.changed.emit()
        self._tell_idle()

    def _forget_probe(self) -> None:
        if self._probe is not None:
            self._probe.deleteLater()
        self._probe = None
        self._tell_idle()

    def _tell_idle(self) -> None:
        if self._stopping and self.is_idle:
            self.idle.emit()
