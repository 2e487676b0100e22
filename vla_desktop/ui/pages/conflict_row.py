"""A conflict on the desk: before, mine, theirs; one press chooses."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from sync.records import BY_NAME
from sync.texts import N_, _
from vla_desktop.store.conflicts import Choice, Conflict, Side
from vla_desktop.store.review import ReviewItem
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import IconLabel, label

HEADINGS = {
    Choice.BEFORE: N_("Trước khi sửa"),
    Choice.MINE: N_("Máy này ghi"),
    Choice.THEIRS: N_("Nơi khác ghi"),
}


class ConflictRow(QFrame):
    """The three values side by side. `chosen` carries a `Choice`, `opened` asks for the form."""

    chosen = Signal(object)
    opened = Signal()

    def __init__(self, item: ReviewItem, conflict: Conflict) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.choices: dict[Choice, QWidget] = {}
        kind = BY_NAME.get(item.kind)
        noun = _(kind.label) if kind else item.kind
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconLabel("conflict", "warning", 20))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(item.title, "strong"))
        words.addWidget(label(f"{noun} · {conflict.label}", "muted"))
        head.addLayout(words, 1)
        head.addWidget(buttons.quiet(_("Mở phiếu"), "edit", self.opened.emit))
        sides = QGridLayout()
        sides.setHorizontalSpacing(12)
        for column, (choice, side) in enumerate(
            zip(Choice, (conflict.before, conflict.mine, conflict.theirs), strict=True)
        ):
            sides.setColumnStretch(column, 1)
            sides.addWidget(self._side(choice, side), 0, column)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 14)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addLayout(sides)

    def _side(self, choice: Choice, side: Side) -> QWidget:
        box = QFrame()
        box.setProperty("role", "card")
        column = QVBoxLayout(box)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(4)
        column.addWidget(label(_(HEADINGS[choice]), "label"))
        column.addWidget(label(side.value or _("(để trống)"), "strong"))
        column.addWidget(label(side.by, "help"))
        column.addStretch(1)
        text = _("Giữ (đang dùng)") if side.stands else _("Chọn giá trị này")
        make = buttons.primary if side.stands else buttons.secondary
        press = make(text, "check" if side.stands else "", lambda: self.chosen.emit(choice))
        press.setAccessibleName(f"{text}: {_(HEADINGS[choice])}, {side.value}")
        column.addWidget(press, 0, Qt.AlignmentFlag.AlignLeft)
        self.choices[choice] = press
        return box
