"""The border where every failure ends: the world's in the message bar, ours in a crash report."""

from __future__ import annotations

import datetime as dt
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from sync.problems import InvalidRecord, Problem
from sync.progress import Cancelled
from vla_desktop.ui.crash_report import describe, keep
from vla_desktop.ui.dialogs.crash import CrashDialog


class Messages(Protocol):
    """Where two sentences can be shown."""

    def show_problem(self, problem: Problem) -> None:
        """Show what happened and what to do."""


class Errors(QObject):
    """Shows any exception to the clerk in the way that fits its sort."""

    _caught = Signal(object)

    def __init__(self, messages: Messages, folder: Path, window: QWidget) -> None:
        """`folder` is where crash reports are kept; it may not exist yet."""
        super().__init__(window)
        self._messages = messages
        self._folder = folder
        self._window = window
        self._dialog: CrashDialog | None = None
        # Queued: a fault inside a paint event, or in another thread, must not open a dialog there.
        self._caught.connect(self.show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """From now on receive what nobody caught: in slots, in overrides of Qt, in threads."""
        sys.excepthook = self._on_uncaught
        threading.excepthook = self._on_uncaught_in_thread

    def uninstall(self) -> None:
        """Give the hooks back to Python."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    @Slot(object)
    def show(self, fault: BaseException) -> None:
        """Tell the clerk. Call it in the window's thread."""
        if isinstance(fault, Cancelled):
            return
        if isinstance(fault, Problem):
            self._messages.show_problem(fault)
        elif isinstance(fault, InvalidRecord):
            sentences = " ".join(finding.sentence for finding in fault.findings)
            self._messages.show_problem(Problem(sentences, code="invalid_record"))
        else:
            self._report(fault)

    def _report(self, fault: BaseException) -> None:
        now = dt.datetime.now(dt.UTC)
        report = describe(fault, now)
        path = keep(report, self._folder, now)
        if self._dialog is not None:
            return  # one calm dialog; the file tells the rest
        self._dialog = CrashDialog(report, path, self._window)
        self._dialog.finished.connect(self._on_dialog_closed)
        self._dialog.open()

    @Slot(int)
    def _on_dialog_closed(self, _result: int) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _on_uncaught(
        self,
        kind: type[BaseException],
        fault: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault, trace)
        else:
            self._caught.emit(fault)

    def _on_uncaught_in_thread(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None and caught.exc_type is not SystemExit:
            self._caught.emit(caught.exc_value)
