"""Asking another branch to take a member over."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QDate
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from sync.texts import _
from vla_desktop.store.membership import MembershipDesk
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import label


class TransferDialog(QDialog):
    """Where to, why, and until when the other branch should answer."""

    def __init__(self, desk: MembershipDesk, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Chuyển hội viên đi"))
        self.setMinimumWidth(520)
        self.branch = QComboBox()
        self.branch.setAccessibleName(_("Chi hội nhận"))
        for code, called in desk.branches().items():
            self.branch.addItem(called, code)
        # The names come with an exchange; before it, whoever knows the code may write it.
        self.branch.setEditable(self.branch.count() == 0)
        self.reason = QLineEdit()
        self.reason.setMaxLength(200)
        self.reason.setAccessibleName(_("Lý do"))
        self.deadline = QDateEdit()
        self.deadline.setDisplayFormat("dd/MM/yyyy")
        self.deadline.setCalendarPopup(True)
        day = desk.deadline()
        self.deadline.setDate(QDate(day.year, day.month, day.day))
        today = desk.today()
        self.deadline.setMinimumDate(QDate(today.year, today.month, today.day))
        self.deadline.setAccessibleName(_("Hạn trả lời"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(label(_("Chuyển “{name}” đi").format(name=name), "title"))
        column.addWidget(label(_(
            "Đề nghị được gửi trong lần đồng bộ sau. Chi hội kia đồng ý thì hồ sơ và biến động "
            "của hội viên đến đó; phiếu thu và việc tham dự ở lại đây. Quá hạn mà chưa có trả "
            "lời, anh/chị hoàn tất được ở trang Cần xem lại."
        ), "muted"))  # fmt: skip
        form = QFormLayout()
        form.setSpacing(12)
        form.addRow(_("Chi hội nhận"), self.branch)
        form.addRow(_("Lý do"), self.reason)
        form.addRow(_("Hạn trả lời"), self.deadline)
        column.addLayout(form)
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        self.send = buttons.primary(_("Gửi đề nghị"), "external", self.accept)
        self.cancel = buttons.secondary(buttons.Word.CANCEL, callback=self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.send)
        return foot

    def chosen(self) -> tuple[str, str, dt.date]:
        """The branch's code, the reason, the deadline."""
        code = self.branch.currentData() or self.branch.currentText().strip()
        day = self.deadline.date()
        return str(code), self.reason.text().strip(), dt.date(day.year(), day.month(), day.day())
