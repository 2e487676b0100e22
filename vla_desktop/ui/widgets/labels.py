"""Words on a page, by their part in it."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from vla_desktop.ui import theme

# Qt breaks lines after a slash; "anh/chị" is one word.
_ADDRESS, _UNBROKEN = re.compile("(?<=[Aa]nh/)(?=chị)"), "\N{WORD JOINER}"


class Words(QLabel):
    """A label that keeps "anh/chị" on one line."""

    def setText(self, text: str) -> None:
        super().setText(_ADDRESS.sub(_UNBROKEN, text))

    def text(self) -> str:
        return super().text().replace(_UNBROKEN, "")


def label(text: str = "", role: str = "", parent: QWidget | None = None) -> Words:
    """Plain text that wraps. Roles: display, title, heading, strong, label, muted, help, error,
    warning, success; "" is body text.
    """
    made = Words(parent)
    made.setText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    if role:
        theme.set_role(made, role)
    return made


def line() -> QFrame:
    """A hairline between two things."""
    made = QFrame()
    theme.set_role(made, "line")
    return made


class IconLabel(QLabel):
    """An icon that stands beside a word and says nothing by itself."""

    def __init__(self, name: str, role: str = "muted", side: int = 20) -> None:
        super().__init__()
        self._name, self._role, self._side = name, role, side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.theme().changed.connect(self._draw)
        self._draw()

    def show_icon(self, name: str, role: str) -> None:
        """Another drawing, another colour."""
        if (name, role) != (self._name, self._role):
            self._name, self._role = name, role
            self._draw()

    def _draw(self) -> None:
        side = theme.theme().tokens.px(self._side)
        drawing = theme.icon(self._name, self._role)
        self.setPixmap(drawing.pixmap(QSize(side, side), self.devicePixelRatioF()))
        self.setFixedSize(side, side)
