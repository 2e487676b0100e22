"""What a page shows while it has nothing to show: why, and what to do next."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import IconLabel, label


class EmptyState(QWidget):
    """An icon, a sentence, an explanation and at most one button."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str = "",
        action_text: str = "",
        callback: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self._icon = IconLabel(icon, "primary", 40)
        self._title = label(title, "heading")
        self._text = label(text, "muted")
        self._callback = callback
        self.button = buttons.primary(action_text, callback=self._act)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.setContentsMargins(24, 24, 24, 24)
        column.addStretch(2)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(self._icon, 0, centre)
        column.addSpacing(4)
        for words in (self._title, self._text):
            words.setAlignment(centre)
            words.setMinimumWidth(260)
            words.setMaximumWidth(460)
            # Not aligned in the column: Qt would then reckon its height at the column's width.
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(words, 100)
            row.addStretch(1)
            column.addLayout(row)
        column.addSpacing(8)
        column.addWidget(self.button, 0, centre)
        column.addStretch(3)
        self.say(icon, title, text, action_text, callback)

    def say(
        self,
        icon: str,
        title: str,
        text: str = "",
        action_text: str = "",
        callback: Callable[[], object] | None = None,
    ) -> None:
        """Another reason for being empty."""
        self._icon.show_icon(icon, "primary")
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.button.setText(action_text)
        self.button.setAccessibleName(action_text or title)
        self.button.setVisible(bool(action_text))
        self._callback = callback

    def _act(self) -> None:
        if self._callback is not None:
            self._callback()
