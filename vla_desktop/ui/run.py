"""Starts the window: painted first, then the database layer, then the office."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from sync.progress import Progress
from sync.texts import speak
from vla_desktop import logs, paths
from vla_desktop.settings import Settings
from vla_desktop.ui.appearance import wear
from vla_desktop.ui.mainwindow import MainWindow
from vla_desktop.ui.pages.lock import LockPage
from vla_desktop.ui.tasks import Task, database_pool

NAME = "VLA Desktop"


class Opening(QObject):
    """From the first paint to the open office."""

    def __init__(self, home: Path, app: QApplication) -> None:
        super().__init__(app)
        self._home = home
        self._app = app
        settings = Settings.load(home)
        speak(paths.resources() / "i18n", settings.appearance.language)
        self._look = settings.appearance
        wear(app, self._look)
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        self._pool = database_pool(self)
        self.window = MainWindow(home)
        self.window.errors.install()
        self.door: LockPage | None = None
        self.window.show()
        self._loading = Task(self._load, self._pool, self)
        self._loading.succeeded.connect(self._show_door)
        self._loading.failed.connect(self.window.errors.show)
        # Only now: the window is on the screen before the database layer is loaded.
        QTimer.singleShot(0, self._loading.start)

    def close(self) -> None:
        """Wait for what the door still does, and give back Python's hooks."""
        self._pool.waitForDone()
        self.window.errors.uninstall()

    def _load(self, _progress: Progress) -> bool:
        """Bring in the database layer; says whether there is an office already."""
        from vla_desktop.office import Office

        return Office.exists(self._home)

    @Slot(object)
    def _show_door(self, exists: bool) -> None:
        self.door = LockPage(self._home, self._pool, self.window.errors, exists=exists)
        self.door.opened.connect(self._on_opened)
        self.window.show_door(self.door)
        self.door.begin()

    @Slot(object)
    def _on_opened(self, office: object) -> None:
        from vla_desktop.office import Office

        assert isinstance(office, Office)  # noqa: S101 - the door opens nothing else
        self._look = office.settings.appearance
        wear(self._app, self._look)
        self.window.open_office(office)

    @Slot()
    def _on_system_changed(self) -> None:
        """Day and night of the system, when the clerk chose to follow it."""
        view = self.window.view
        look = view.office.settings.appearance if view is not None else self._look
        if look.theme == "system":
            wear(self._app, look)


def run(home: Path) -> int:
    """Open the window on the office in `home` and stay until it is closed. The exit code."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication([NAME])
    app.setApplicationName(NAME)
    app.setApplicationDisplayName(NAME)
    diary = _diary(home)
    opening = Opening(home, app)
    code = app.exec()
    opening.close()
    if diary is not None:
        logs.shut(diary)
    return code


def _diary(home: Path) -> logging.Handler | None:
    try:
        return logs.set_up(paths.log_folder(home))
    except OSError:
        return None  # a read-only folder is told of when the office is opened
