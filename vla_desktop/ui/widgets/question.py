"""A question before something that takes away, in Vietnamese words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import IconLabel, label


class Question(QDialog):
    """Accepted when the clerk says yes. The safe answer holds the focus."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        text: str,
        yes: object = buttons.Word.OK,
        no: object = buttons.Word.CANCEL,
        *,
        is_dangerous: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(420)
        make = buttons.danger if is_dangerous else buttons.primary
        self.yes = make(yes, callback=self.accept)
        self.no = buttons.secondary(no, callback=self.reject)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(label(title, "heading"))
        words.addWidget(label(text))
        top = QHBoxLayout()
        top.setSpacing(16)
        look = ("warning", "warning") if is_dangerous else ("help", "info")
        top.addWidget(IconLabel(*look, 28), 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.no)
        foot.addWidget(self.yes)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(24)
        column.addLayout(top)
        column.addLayout(foot)
        (self.no if is_dangerous else self.yes).setFocus()


def ask(
    parent: QWidget | None,
    title: str,
    text: str,
    yes: object = buttons.Word.OK,
    no: object = buttons.Word.CANCEL,
    *,
    is_dangerous: bool = False,
) -> bool:
    """Ask and wait. True when the clerk said yes; Esc and closing mean no."""
    question = Question(parent, title, text, yes, no, is_dangerous=is_dangerous)
    answer = question.exec() == int(QDialog.DialogCode.Accepted)
    question.deleteLater()
    return answer
