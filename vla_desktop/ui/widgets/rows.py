"""A line that is one wide button: drawing, words, a count, an arrow."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from vla_desktop.ui.widgets.labels import IconLabel, label


class ActionRow(QFrame):
    """Enter, Space and a click press it. `detail` stands small under the words."""

    pressed = Signal()

    def __init__(
        self,
        icon: str,
        text: str,
        count: str = "",
        detail: str = "",
        role: str = "primary",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setProperty("hot", "true")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(" ".join(part for part in (count, text, detail) if part))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(text))
        if detail:
            words.addWidget(label(detail, "help"))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 9, 12, 9)
        row.setSpacing(12)
        row.addWidget(IconLabel(icon, role, 20))
        row.addLayout(words, 1)
        if count:
            number = label(count, "strong")
            number.setWordWrap(False)
            row.addWidget(number)
        row.addWidget(IconLabel("chevron-right", "muted", 16))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and inside:
            self.pressed.emit()
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.pressed.emit()
        else:
            super().keyPressEvent(event)
