"""A line that is one wide button: drawing, words, a count, an arrow."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vla_desktop.ui.widgets.labels import IconLabel, label
from vla_desktop.ui.widgets.pressable import Pressable


class ActionRow(Pressable):
    """`detail` stands small under the words."""

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
