"""The card on which a PC is enrolled at its centre: an address and a one-time code."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit

from sync.problems import Problem
from sync.progress import Progress
from sync.texts import _
from vla_desktop.ui.tasks import Task
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.cards import Card
from vla_desktop.ui.widgets.labels import label
from vla_desktop.ui.workplace import Workplace


class EnrolmentCard(Card):
    """Shown until the PC is enrolled. `enrolled` when it is."""

    enrolled = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(_("Ghi danh máy này với Trung ương"))
        self._workplace = workplace
        self._task: Task[None] | None = None
        self.server = QLineEdit(workplace.office.settings.sync.server)
        self.server.setPlaceholderText("https://…")
        self.server.setAccessibleName(_("Địa chỉ máy chủ"))
        self.code = QLineEdit()
        self.code.setAccessibleName(_("Mã ghi danh dùng một lần"))
        self.fault = label("", "error")
        self.fault.hide()
        self.button = buttons.primary(_("Ghi danh"), "link", self.submit)
        lead = _(
            "Trung ương gửi cho chi hội một địa chỉ và một mã dùng một lần. Chỉ làm một lần cho "
            "mỗi máy; chưa có mã thì cứ làm việc bình thường."
        )
        self.body.addWidget(label(lead, "muted"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for column, (words, field) in enumerate(
            ((_("Địa chỉ máy chủ"), self.server), (_("Mã ghi danh"), self.code))
        ):
            name = label(words, "label")
            name.setBuddy(field)
            grid.addWidget(name, 0, column)
            grid.addWidget(field, 1, column)
        grid.addWidget(self.button, 1, 2)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        self.body.addLayout(grid)
        self.body.addWidget(self.fault)
        self.server.returnPressed.connect(self.code.setFocus)
        self.code.returnPressed.connect(self.submit)
        self.server.textEdited.connect(self.fault.hide)
        self.code.textEdited.connect(self.fault.hide)

    def submit(self) -> None:
        """Ask the centre."""
        server, code = self.server.text().strip(), self.code.text().strip()
        if self._task is not None:
            return
        if not server or not code:
            self._show(_("Ghi cả địa chỉ máy chủ và mã ghi danh."))
            (self.code if server else self.server).setFocus()
            return
        office = self._workplace.office

        def work(_progress: Progress) -> None:
            office.enrol(server, code)

        self._set_busy(True)
        self._task = Task(work, self._workplace.pool, self)
        self._task.succeeded.connect(self._on_enrolled)
        self._task.failed.connect(self._on_failed)
        self._task.start()

    def _on_enrolled(self, _result: object) -> None:
        self._end()
        self.code.clear()
        self.enrolled.emit()

    def _on_failed(self, fault: BaseException) -> None:
        self._end()
        if isinstance(fault, Problem):
            self._show(str(fault))
            at_fault = self.server if fault.code == "sync.address" else self.code
            at_fault.setFocus()
            at_fault.selectAll()
        else:
            self._workplace.errors.show(fault)

    def _end(self) -> None:
        if self._task is not None:
            self._task.deleteLater()
        self._task = None
        self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        for part in (self.server, self.code, self.button):
            part.setEnabled(not busy)
        self.button.setText(_("Đang hỏi Trung ương…") if busy else _("Ghi danh"))

    def _show(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.show()
