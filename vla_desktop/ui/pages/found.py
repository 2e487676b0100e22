"""A page of cards about something that takes a while to find."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent

from sync.progress import Progress
from vla_desktop.ui.pages.scrolled import WIDEST, ScrolledPage
from vla_desktop.ui.tasks import Task
from vla_desktop.ui.workplace import Workplace

Found = TypeVar("Found")

GATHER_MS = 300


class FoundPage(ScrolledPage, Generic[Found]):
    """Looks in the worker whenever it comes into view or the records change.

    `look_up` runs in the worker, `show_found` in the thread of the windows.
    """

    def __init__(self, workplace: Workplace, widest: int = WIDEST) -> None:
        super().__init__(widest)
        self._workplace = workplace
        self._task: Task[Found] | None = None
        self._stale = True
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gather.timeout.connect(self.renew)
        workplace.bridge.changed.connect(self._on_news)
        workplace.syncing.succeeded.connect(self._on_news)

    def look_up(self) -> Found:
        """What the page is about, as it stands now."""
        raise NotImplementedError

    def show_found(self, found: Found) -> None:
        """Put it on the page."""
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.renew()

    def renew(self) -> None:
        """Find it anew."""
        if self._task is not None:
            self._stale = True
            return

        def work(_progress: Progress) -> Found:
            return self.look_up()

        self._stale = False
        self._task = Task(work, self._workplace.pool, self)
        self._task.succeeded.connect(self.show_found)
        self._task.failed.connect(self._workplace.errors.show)
        self._task.finished.connect(self._on_found)
        self._task.start()

    def _on_found(self) -> None:
        if self._task is not None:
            self._task.deleteLater()
        self._task = None
        if self._stale and self.isVisible():
            self._gather.start()

    def _on_news(self, _news: object) -> None:
        self._stale = True
        if self.isVisible():
            self._gather.start()
