"""Typing Vietnamese, which Qt's own test keyboard cannot."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget


def type_in(widget: QWidget, text: str) -> None:
    """Send the letters one by one, as an input method does."""
    for letter in text:
        for moment in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(moment, 0, Qt.KeyboardModifier.NoModifier, letter)
            QApplication.sendEvent(widget, event)
