"""The top of a page: what it is, a line about it, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vla_desktop.ui.widgets.labels import label


class PageHeader(QWidget):
    """Title and subtitle on the left; `add` puts buttons on the right."""

    def __init__(self, title: str, subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = label(title, "title", self)
        # With its parent at once: a label without one would flash up as a window of its own.
        self.subtitle = label(subtitle, "muted", self)
        self.subtitle.setVisible(bool(subtitle))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addLayout(words, 1)

    def set_subtitle(self, text: str) -> None:
        """Another line under the title; "" takes it away."""
        self.subtitle.setText(text)
        self.subtitle.setVisible(bool(text))

    def add(self, *widgets: QWidget) -> None:
        """More on the right."""
        for widget in widgets:
            self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
