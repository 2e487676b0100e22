"""The box in which one types to find."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from sync.texts import _
from vla_desktop.ui import theme


class SearchBox(QLineEdit):
    """Says `searched` shortly after the last key, at once on Enter. Esc empties it."""

    searched = Signal(str)
    entered_list = Signal()
    DELAY_MS = 90

    def __init__(self, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setStyle(theme.theme().line_style)
        self.setPlaceholderText(hint or _("Tìm, không cần gõ dấu"))
        self.setAccessibleName(hint or _("Tìm kiếm"))
        self.addAction(theme.icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self._clear = self.addAction(
            theme.icon("close", "muted"), QLineEdit.ActionPosition.TrailingPosition
        )
        self._clear.setToolTip(_("Xóa ô tìm"))
        self._clear.setVisible(False)
        self._clear.triggered.connect(self.clear)
        self._said = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(self.DELAY_MS)
        self._timer.timeout.connect(self._say)
        self.textChanged.connect(self._on_text_changed)
        self.returnPressed.connect(self._say)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self._say()
            self.entered_list.emit()
        else:
            super().keyPressEvent(event)

    def _on_text_changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._timer.start()

    def _say(self) -> None:
        self._timer.stop()
        if self.text() != self._said:
            self._said = self.text()
            self.searched.emit(self._said)
