"""A list in from a file: what it would do, row by row and cell by cell, then Ghi."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from sync.problems import Problem
from sync.progress import Progress
from sync.records.base import Record
from sync.texts import _
from sync.vietnamese import fold, grouped
from vla_desktop.exchange import directory_of, read_file, safety
from vla_desktop.exchange.plan import Chosen, Mark, Planned, RowRefused, plan, write
from vla_desktop.exchange.remainder import REASON, remainder
from vla_desktop.exchange.sheet import Sheet
from vla_desktop.store.store import Store
from vla_desktop.ui import theme
from vla_desktop.ui.panels.import_cells import ImportCells, ImportTable
from vla_desktop.ui.panels.import_rows import ImportRowsModel
from vla_desktop.ui.panels.teaching import noun
from vla_desktop.ui.tasks import Task, database_pool
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import label
from vla_desktop.ui.widgets.progress_panel import ProgressPanel

Read = tuple[Sheet, list[Planned]]


class ImportDialog(QDialog):
    """Nothing is written before Ghi, and then all that is ticked or nothing."""

    def __init__(self, store: Store, kind: type[Record], path: Path, parent: QWidget) -> None:
        """`kind` is what the file is taken for when it does not say itself."""
        super().__init__(parent)
        self._store, self._kind, self._path = store, kind, path
        # Its own thread: reading a file never waits for an exchange that is under way.
        self._pool = database_pool(self)
        self._task: Task[Any] | None = None
        self.setWindowTitle(_("Nhập danh sách"))
        self.model = ImportRowsModel(self)
        self._build()
        self._lay_out()
        self._connect()
        self.setMinimumWidth(640)
        self.resize(1000, 640)

    def _build(self) -> None:
        self.title = label(self._path.name, "title")
        self.lead = label("", "muted")
        self.said = label("", "error")
        self.said.hide()
        self.only = QComboBox()
        self.only.setAccessibleName(_("Chỉ hiện các dòng"))
        self.table = ImportTable(self.model)
        self.cells = ImportCells(self.model)
        self.progress = ProgressPanel()
        self.rest = buttons.secondary(_("Ghi riêng các dòng chưa đúng…"), "export", self._ask_rest)
        self.rest.hide()
        self.undo = buttons.secondary(buttons.Word.UNDO, "undo", self._on_undo)
        self.undo.hide()
        self.cancel = buttons.secondary(buttons.Word.CANCEL, callback=self.reject)
        self.save = buttons.primary(_("Ghi"), "save", self._on_save)
        self.save.setEnabled(False)

    def _lay_out(self) -> None:
        panes = self.panes = QSplitter(Qt.Orientation.Vertical)
        panes.setChildrenCollapsible(False)
        panes.addWidget(self.table)
        panes.addWidget(self.cells)
        panes.setSizes([340, 160])
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.rest)
        foot.addStretch(1)
        for button in (self.cancel, self.undo, self.save):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        for part in (self.title, self.lead, self.only):
            column.addWidget(part)
        column.addWidget(panes, 1)
        column.addWidget(self.said)
        column.addWidget(self.progress)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.only.currentIndexChanged.connect(self._on_only)
        self.table.selectionModel().currentRowChanged.connect(
            lambda now, _before: self.cells.show_row(now.row())
        )
        self.model.modelReset.connect(self._on_reset)
        self.model.dataChanged.connect(self._count)
        self.cells.changed.connect(self._count)
        self.progress.cancelled.connect(self._stop)

    # --- reading -------------------------------------------------------------------------

    def look(self) -> None:
        """Read the file and say what it would do."""
        store, kind, path = self._store, self._kind, self._path

        def work(progress: Progress) -> Read:
            sheet = _read(path, store, kind)
            return sheet, plan(sheet, store, directory_of(store), progress)

        self._run(work, _("Đang đọc tệp"), self._on_read)

    def _on_read(self, read: Read) -> None:
        sheet, rows = read
        self._kind = sheet.kind
        self.model.show_rows(rows)
        counts = self.model.counts
        self.only.addItem(_("Tất cả {count} dòng").format(count=grouped(len(rows))), None)
        for mark in Mark:
            if counts[mark]:
                words = f"{_(mark.value)}: {grouped(counts[mark])}"
                self.only.addItem(words, mark)
        self.title.setText(
            _("Nhập {kind} từ “{name}”").format(kind=noun(self._kind), name=self._path.name)
        )
        unknown = [name for name in sheet.unknown if fold(name) != fold(_(REASON))]
        lead = _("Chưa ghi gì cả. Anh/chị xem từng dòng, bỏ tích dòng hay ô nào không muốn lấy.")
        if unknown:
            lead += " " + _("Cột không dùng đến: {names}.").format(names=", ".join(unknown))
        self.lead.setText(lead)
        self.rest.setVisible(bool(counts[Mark.ERROR]) and self._path.suffix.lower() != ".json")
        self._count()
        self.table.setFocus()

    def _on_reset(self) -> None:
        self.table.setCurrentIndex(self.model.index(0, 0))
        self.cells.show_row(0 if self.model.rowCount() else -1)

    def _on_only(self) -> None:
        self.model.show_only(self.only.currentData())

    def _count(self) -> None:
        count = len(self._chosen())
        self.save.setText(_("Ghi {count} dòng").format(count=grouped(count)))
        self.save.setAccessibleName(self.save.text())
        self.save.setEnabled(bool(count) and self._task is None)

    def _chosen(self) -> list[Chosen]:
        """Ticked rows of which something is left to write."""
        return [
            each
            for each in self.model.chosen()
            if not each.left_out
            or any(one.field.name not in each.left_out for one in each.row.differences)
        ]

    # --- writing -------------------------------------------------------------------------

    def _on_save(self) -> None:
        store, kind, chosen = self._store, self._kind, self._chosen()

        def work(progress: Progress) -> int:
            write(store, kind, chosen, progress)
            return len(chosen)

        self._run(work, _("Đang ghi"), self._on_written)

    def _on_written(self, count: int) -> None:
        told = _("Đã ghi {count} dòng, một lần. Bấm Hoàn tác thì mọi dòng trở lại như trước.")
        self._say(told.format(count=grouped(count)), "strong")
        for part in (self.lead, self.only, self.panes, self.save):
            part.hide()
        self.undo.show()
        # As high as what is in view, once the lists have gone.
        QTimer.singleShot(0, self, self.adjustSize)
        self.cancel.setText(str(buttons.Word.CLOSE))
        self.cancel.setFocus()

    def _on_undo(self) -> None:
        store = self._store

        def work(progress: Progress) -> str | None:
            return store.undo(progress)

        self._run(work, _("Đang hoàn tác"), self._on_undone)

    def _on_undone(self, sentence: str | None) -> None:
        self._say(sentence or _("Không còn việc nào để hoàn tác."), "strong")
        self.undo.hide()

    def _ask_rest(self) -> None:
        name = f"{self._path.stem}-chua-dung.xlsx"
        chosen, _filter = QFileDialog.getSaveFileName(
            self, _("Ghi riêng các dòng chưa đúng"), name, "Excel (*.xlsx)"
        )
        if chosen:
            self.write_rest(Path(chosen).with_suffix(".xlsx"))

    def write_rest(self, target: Path) -> None:
        """Write the rows that cannot be taken in to a workbook, each with its reason."""
        path, kind, reasons = self._path, self._kind, self.model.refused()

        def work(_progress: Progress) -> Path:
            safety.write(target, remainder(path, kind, reasons))
            return target

        self._run(work, _("Đang ghi"), self._on_rest)

    def _on_rest(self, target: Path) -> None:
        told = _("Đã ghi các dòng chưa đúng ra “{name}”; sửa xong thì nhập lại tệp ấy.")
        self._say(told.format(name=target.name), "muted")

    # --- work in the background ----------------------------------------------------------

    def _run(
        self, work: Callable[[Progress], Any], title: str, succeeded: Callable[[Any], object]
    ) -> None:
        self._task = Task(work, self._pool, self)
        self.said.hide()
        for button in (self.save, self.undo, self.rest):
            button.setEnabled(False)
        self.progress.start(title)
        self._task.progressed.connect(self.progress.show_progress)
        self._task.succeeded.connect(succeeded)
        self._task.failed.connect(self._on_failed)
        self._task.finished.connect(self._on_finished)
        self._task.start()

    def _on_failed(self, fault: BaseException) -> None:
        if not isinstance(fault, Problem):
            super().reject()
            raise fault  # our own mistake: the window's crash report hears of it
        if isinstance(fault, RowRefused):
            self.model.refuse(fault.line)
        self._say(f"{fault.what} {fault.advice}", "error")

    def _on_finished(self) -> None:
        if self._task is not None:
            self._task.deleteLater()
        self._task = None
        self.progress.finish()
        self.undo.setEnabled(True)
        self.rest.setEnabled(True)
        self._count()

    def _say(self, words: str, role: str) -> None:
        self.said.setText(words)
        theme.set_role(self.said, role)
        self.said.show()

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def reject(self) -> None:
        """While something runs, the first press only stops it."""
        if self._task is not None:
            self._stop()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        self._pool.waitForDone()
        super().closeEvent(event)


def _read(path: Path, store: Store, kind: type[Record]) -> Sheet:
    """The file as what it says it is, else as a list of the kind."""
    directory = directory_of(store)
    try:
        return read_file(path, directory, store.catalogue)
    except Problem as problem:
        if problem.code != "exchange.kind":
            raise
        return read_file(path, directory, store.catalogue, kind)
