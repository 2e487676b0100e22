"""What happens when two computers work on one record: the table of meetings, in words."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from sync.meetings import DEED_WORDS, MEETINGS, Deed, Outcome
from sync.texts import _
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.cards import Card
from vla_desktop.ui.widgets.labels import label, line


def told(first: Deed) -> Iterator[tuple[str, Outcome]]:
    """What the later deed may be, and what comes out; deeds of one outcome stand together."""
    by_outcome: dict[Outcome, list[str]] = {}
    for second in Deed:
        words = _(DEED_WORDS[second])
        by_outcome.setdefault(MEETINGS[first, second], []).append(words)
    for outcome, seconds in by_outcome.items():
        text = "; ".join(seconds)
        yield text[:1].upper() + text[1:], outcome


class MeetingsDialog(QDialog):
    """Opened from Cần xem lại and from the settings."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Khi hai máy cùng làm"))
        body = QWidget()
        body.setProperty("role", "scrolled")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(16)
        for first in Deed:
            column.addWidget(_card(first))
        column.addStretch(1)
        scrolled = QScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        scrolled.setAccessibleName(self.windowTitle())
        scrolled.setWidget(body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(label(self.windowTitle(), "title"))
        words = _(
            "Hai máy của chi hội ghi vào cùng một bản ghi khi chưa thấy việc của nhau thì kết quả "
            "như dưới đây, máy nào cũng giống nhau. Không điều gì mất: mọi việc còn trong lịch sử, "
            "và mọi nút đều bấm được khi không có mạng."
        )
        layout.addWidget(label(words, "muted"))
        layout.addWidget(scrolled, 1)
        layout.addLayout(buttons.closing_row(self))
        self.resize(920, 620)


def _card(first: Deed) -> QWidget:
    card = Card(_("Máy gửi trước {deed}").format(deed=_(DEED_WORDS[first])))
    grid = QGridLayout()
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(8)
    for column, (heading, stretch) in enumerate(
        ((_("Máy gửi sau"), 3), (_("Kết quả"), 4), (_("Ở Cần xem lại của cả hai máy"), 5))
    ):
        grid.addWidget(label(heading, "label"), 0, column)
        grid.setColumnStretch(column, stretch)
    for number, (seconds, outcome) in enumerate(told(first)):
        row = 2 * number + 1
        grid.addWidget(line(), row, 0, 1, 3)
        words = (
            seconds,
            _(outcome.stands),
            _(outcome.press) if outcome.press else _("Không có gì."),
        )
        for column, text in enumerate(words):
            role = "muted" if column == 2 and not outcome.press else ""
            grid.addWidget(label(text, role), row + 1, column, Qt.AlignmentFlag.AlignTop)
    card.body.addLayout(grid)
    return card
