"""The window: the door before an office, the office behind it, and how both are left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from sync.texts import _
from vla_desktop.ui.dialogs.shortcuts import ShortcutsDialog
from vla_desktop.ui.errors import Errors
from vla_desktop.ui.theme import icon
from vla_desktop.ui.widgets.message_bar import MessageBar

if TYPE_CHECKING:
    from vla_desktop.office import Office
    from vla_desktop.ui.officeview import OfficeView

FIRST_SIZE = QSize(1280, 800)
SMALLEST = QSize(640, 360)


class MainWindow(QMainWindow):
    """Shows first a door, then an office. Knows nothing of databases before there is one."""

    def __init__(self, home: Path) -> None:
        """`home` keeps the window's place on the screen, and crash reports."""
        super().__init__()
        self.setWindowTitle(_("Hội Thư viện Việt Nam"))
        self.setWindowIcon(icon("app"))
        self.setMinimumSize(SMALLEST)
        self._place = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)
        self.messages = MessageBar(self)
        self.errors = Errors(self.messages, home / "reports", self)
        self.view: OfficeView | None = None
        help_key = QShortcut(QKeySequence(Qt.Key.Key_F1), self)
        help_key.activated.connect(self._on_help)
        self._restore_place()

    def show_door(self, door: QWidget) -> None:
        """Fill the window with what stands before the office."""
        ground = QWidget()
        layout = QVBoxLayout(ground)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.messages)
        layout.addWidget(door, 1)
        self.setCentralWidget(ground)

    def open_office(self, office: Office) -> OfficeView:
        """Fill the window with an open office; it is closed with the window."""
        # The database layer comes along with this import, after the first paint.
        from vla_desktop.ui.officeview import OfficeView

        self.view = OfficeView(office, self.messages, self.errors, self)
        # Queued: the window goes only after everybody has heard how the exchange ended.
        self.view.stopped.connect(self.close, Qt.ConnectionType.QueuedConnection)
        name = office.standing().branch_name
        association = _("Hội Thư viện Việt Nam")
        self.setWindowTitle(f"{name} · {association}" if name else self.windowTitle())
        self.setCentralWidget(self.view)
        return self.view

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.view is None:
            self._keep_place()
            event.accept()
            return
        self.view.stop()
        if not self.view.syncing.is_idle:
            # It closes by itself as soon as the exchange has heard that it should stop.
            self.messages.show_note(_("Đang dừng đồng bộ rồi đóng phần mềm…"))
            event.ignore()
            return
        self._keep_place()
        self.view.stopped.disconnect(self.close)
        self.view.close_office()
        self.view = None
        event.accept()

    def _restore_place(self) -> None:
        kept = self._place.value("geometry")
        if not isinstance(kept, QByteArray) or not self.restoreGeometry(kept):
            screen = QGuiApplication.primaryScreen().availableGeometry()
            self.resize(FIRST_SIZE.boundedTo(screen.size()))
            self.move(screen.center() - self.rect().center())

    def _keep_place(self) -> None:
        self._place.setValue("geometry", self.saveGeometry())
        self._place.sync()

    def _on_help(self) -> None:
        dialog = ShortcutsDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
