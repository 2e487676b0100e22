"""The card for places without a network: what waits goes out as a file, a receipt comes in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from sync import files
from sync.progress import Progress
from sync.texts import _
from sync.vietnamese import grouped
from vla_desktop.files import write_whole
from vla_desktop.office import Taken, Written
from vla_desktop.store.faults import explained
from vla_desktop.ui.tasks import Task
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.cards import Card
from vla_desktop.ui.widgets.labels import label
from vla_desktop.ui.workplace import Workplace


class ByFileCard(Card):
    """Two quiet buttons. What comes of them is said in the message bar."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(_("Nơi không có mạng"))
        self._workplace = workplace
        self._task: Task[Written] | Task[Taken] | None = None
        lead = _(
            "Ghi những gì chưa gửi ra một tệp niêm phong, mang tới Trung ương bằng USB, thư điện "
            "tử hay Zalo; khi Trung ương trả lại tệp biên nhận thì nhận vào đây."
        )
        self.write = buttons.quiet(_("Ghi tệp gửi…"), "export", self._on_write)
        self.take = buttons.quiet(_("Nhận tệp biên nhận…"), "import", self._on_take)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.write)
        row.addWidget(self.take)
        row.addStretch(1)
        self.body.addWidget(label(lead, "muted"))
        self.body.addLayout(row)

    def _on_write(self) -> None:
        name = f"VLA-gui-{dt.datetime.now(dt.UTC).astimezone():%Y%m%d}.vlab"
        chosen, _filter = QFileDialog.getSaveFileName(self, _("Ghi tệp gửi"), name, "*.vlab")
        if not chosen:
            return
        office, path = self._workplace.office, Path(chosen)

        def work(_progress: Progress) -> Written:
            written = office.export_batch()
            with explained(path.parent):
                write_whole(path, written.content)
            return written

        self._run(Task(work, self._workplace.pool, self), self._on_written)

    def _on_take(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(
            self, _("Nhận tệp biên nhận"), "", "*.vlar;;*"
        )
        if not chosen:
            return
        office, path = self._workplace.office, Path(chosen)

        def work(_progress: Progress) -> Taken:
            return office.import_acknowledgement(files.read(path))

        self._run(Task(work, self._workplace.pool, self), self._on_taken)

    def _run(self, task: Task[Written] | Task[Taken], succeeded: Callable[[Any], object]) -> None:
        self._task = task
        self._set_busy(True)
        task.succeeded.connect(succeeded)
        task.failed.connect(self._workplace.errors.show)
        task.finished.connect(self._on_finished)
        task.start()

    def _on_written(self, written: Written) -> None:
        said = _("Đã niêm phong {count} thay đổi vào tệp gửi.")
        if written.left:
            said = _("Đã niêm phong {count} thay đổi; phần còn lại ghi vào tệp sau.")
        said = said.format(count=grouped(written.changes))
        if written.held:
            more = _("Giữ lại {count} việc xóa, xem ở đầu trang.")
            self._workplace.messages.show_warning(said, more.format(count=grouped(written.held)))
            return
        self._workplace.messages.show_done(said)

    def _on_taken(self, taken: Taken) -> None:
        said = _("Biên nhận này đã biết từ trước; không có gì thay đổi.")
        if taken.is_news:
            said = _("Đã nhận biên nhận: Trung ương lưu {count} thay đổi.")
            said = said.format(count=grouped(taken.outcome.accepted))
        self._workplace.messages.show_done(said)

    def _on_finished(self) -> None:
        if self._task is not None:
            self._task.deleteLater()
        self._task = None
        self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        for button in (self.write, self.take):
            button.setEnabled(not busy)
