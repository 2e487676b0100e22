"""Prints how many seconds passed from the given time to the first paint of the window."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

HOME, LAUNCHED_AT = Path(sys.argv[1]), float(sys.argv[2])
sys.path.insert(0, str(Path(__file__).parents[2]))

from vla_desktop.ui.run import Opening  # noqa: E402 - the path comes first


class FirstPaint(QObject):
    """Waits for the first paint of anything, then ends the program."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and watched.isWidgetType():
            print(time.time() - LAUNCHED_AT, flush=True)
            QApplication.quit()
        return False


app = QApplication(["vla"])
watcher = FirstPaint()
app.installEventFilter(watcher)
opening = Opening(HOME, app)
app.exec()
opening.close()
