"""The inside of the window while an office is open."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sync.problems import Problem
from sync.records import BY_NAME
from sync.texts import _
from sync.vietnamese import grouped
from vla_desktop.office import Light, Office, Outcome, Standing
from vla_desktop.ui.bridge import StoreBridge
from vla_desktop.ui.errors import Errors
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.page_stack import PageStack
from vla_desktop.ui.pages import PAGES
from vla_desktop.ui.panels.everywhere import EverywhereDialog
from vla_desktop.ui.sidebar import Sidebar
from vla_desktop.ui.statusbar import StatusBar
from vla_desktop.ui.syncing import OUT_OF_REACH, Syncing
from vla_desktop.ui.tasks import database_pool
from vla_desktop.ui.theme import theme
from vla_desktop.ui.widgets.message_bar import MessageBar
from vla_desktop.ui.words import outcome_words
from vla_desktop.ui.workplace import Workplace

NARROW_BELOW = 1100
GATHER_MS = 100
REFRESH_MS = 20_000


class OfficeView(QWidget):
    """Sidebar, message bar, pages and status bar over one open office.

    `stopped` once nothing runs any more after `stop`.
    """

    stopped = Signal()
    _standing_changed = Signal()

    def __init__(
        self, office: Office, messages: MessageBar, errors: Errors, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.office = office
        self._messages = messages
        self._errors = errors
        self.bridge = StoreBridge(office.store, self)
        self.pool = database_pool(self)
        self.syncing = Syncing(office, self.pool, self)
        self.sidebar = Sidebar([page.entry for page in PAGES])
        self.status = StatusBar()
        self.pages = PageStack(
            PAGES, Workplace(office, self.bridge, self.pool, self.syncing, messages, errors)
        )
        kinds = [tab.name for page in PAGES for tab in page.tabs if tab.name in BY_NAME]
        self.everywhere = EverywhereDialog(office.store, kinds, self)
        self._lay_out()
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._refresh = QTimer(self, interval=REFRESH_MS)
        self._connect()
        self._refresh.start()
        self._unsubscribe = office.listen(self._standing_changed.emit)
        self.show_standing()
        self.pages.show_page("overview")

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        self._strip = QVBoxLayout()
        self._strip.addWidget(self._messages)
        self._messages.installEventFilter(self)
        right.addLayout(self._strip)
        right.addWidget(self.pages, 1)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.sidebar)
        across.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(across, 1)
        layout.addWidget(self.status)

    def _connect(self) -> None:
        self.sidebar.chosen.connect(self.pages.show_page)
        self.pages.turned.connect(self.sidebar.set_current)
        self.status.sync_asked.connect(self.synchronise)
        self.status.cancel_asked.connect(self.syncing.cancel)
        self._standing_changed.connect(self._gather.start)
        self.bridge.changed.connect(self._gather.start)
        self._gather.timeout.connect(self.show_standing)
        self._refresh.timeout.connect(self.show_standing)
        self.syncing.changed.connect(self.show_standing)
        self.syncing.progressed.connect(self.status.show_progress)
        self.syncing.succeeded.connect(self._on_exchanged)
        self.syncing.failed.connect(self._on_failed)
        self.syncing.cancelled.connect(self._on_cancelled)
        self.syncing.idle.connect(self.stopped)
        theme().changed.connect(self._fit)
        key = QShortcut(QKeySequence(Qt.Key.Key_F5), self)
        key.activated.connect(self.synchronise)
        find = QShortcut(QKeySequence("Ctrl+K"), self)
        find.activated.connect(self.everywhere.ask)
        self.sidebar.find_asked.connect(self.everywhere.ask)
        self.everywhere.chosen.connect(self.go)
        self.everywhere.failed.connect(self._errors.show)

    def go(self, destination: Destination) -> None:
        """Turn to a page."""
        self.pages.go(destination)

    def synchronise(self) -> None:
        """What the button and F5 do; a PC that was not enrolled is led to where that is done."""
        if self.office.standing().enrolled:
            self.syncing.start()
        else:
            self.pages.show_page("sync")

    def stop(self) -> None:
        """Begin nothing any more, and put away what is half done."""
        self._refresh.stop()
        self._gather.stop()
        self.everywhere.stop()
        self.pages.leave()
        self.syncing.stop()

    def close_office(self) -> None:
        """Let go of the office; nothing may be running."""
        self.bridge.close()
        self._unsubscribe()
        self.pool.waitForDone()
        self.office.close()

    def show_standing(self) -> None:
        """Tell in the status bar and the sidebar where the office stands."""
        standing = self.office.standing()
        self.sidebar.set_branch(standing.branch_name)
        self.sidebar.set_badge("review", standing.review)
        self.sidebar.set_badge("sync", standing.pending)
        self.status.show_running(self.syncing.running)
        if not self.syncing.running:
            next_at = self.syncing.next_at if standing.enrolled else None
            self.status.show_standing(standing, next_at, dt.datetime.now(dt.UTC))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A hidden message bar leaves no gap above the page.
        if event.type() in {QEvent.Type.ShowToParent, QEvent.Type.HideToParent}:
            shown = event.type() is QEvent.Type.ShowToParent
            self._strip.setContentsMargins(*((24, 12, 24, 0) if shown else (0, 0, 0, 0)))
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        narrow = self.width() < theme().tokens.px(NARROW_BELOW)
        if narrow != self.sidebar.is_narrow:
            self.sidebar.set_narrow(narrow)

    def _on_exchanged(self, outcome: Outcome) -> None:
        standing = self.office.standing()
        words = outcome_words(outcome)
        if outcome.rejected or standing.light is Light.RED:
            left = _("Còn {count} thay đổi bị từ chối cần sửa.")
            advice = left.format(count=grouped(standing.refused)) if standing.refused else ""
            self._messages.show_warning(
                words, advice, _("Xem lại"), lambda: self.pages.show_page("review")
            )
        elif outcome.held or self.office.deletions.arrived():
            asks = _("Có việc xóa hàng loạt cần anh/chị quyết định ở trang Đồng bộ.")
            self._messages.show_warning(words, asks, _("Xem"), lambda: self.pages.show_page("sync"))
        elif outcome.sent or outcome.received or self._is_green(standing):
            self._messages.show_done(words)

    @staticmethod
    def _is_green(standing: Standing) -> bool:
        return standing.light is Light.GREEN

    def _on_failed(self, fault: BaseException, asked: bool) -> None:
        if not isinstance(fault, Problem):
            self._errors.show(fault)
        elif asked and not self.pages.shows("sync"):
            # No line is everyday life here, and the sync page tells more than the bar could.
            if fault.code in OUT_OF_REACH:
                self._messages.show_note(fault.what, fault.advice, _("Thử lại"), self.synchronise)
            else:
                self._messages.show_problem(fault, _("Xem"), lambda: self.pages.show_page("sync"))

    def _on_cancelled(self) -> None:
        self._messages.show_note(
            _("Đã dừng đồng bộ."), _("Những gì đã lưu trên máy này vẫn còn nguyên.")
        )
