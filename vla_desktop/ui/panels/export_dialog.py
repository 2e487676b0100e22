"""A list out to a file: which kind of file, which columns, where to, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from sync.problems import Problem
from sync.progress import Progress
from sync.records.base import Record
from sync.records.fields import Field
from sync.texts import N_, _
from sync.vietnamese import fold, grouped
from vla_desktop.store.store import Row, Store
from vla_desktop.ui import theme
from vla_desktop.ui.panels.teaching import noun
from vla_desktop.ui.tasks import Task, database_pool
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import label

FILES = (
    (".xlsx", N_("Excel (.xlsx)")),
    (".csv", N_("Văn bản CSV, cho phần mềm khác (.csv)")),
    (".json", N_("JSON, cho người lập trình (.json)")),
)
_PIECE = 500


class ExportDialog(QDialog):
    """Stays until the file is written, or until it is put away.

    A file that is open elsewhere is not fought for: another name is offered, one press away.
    """

    def __init__(
        self,
        store: Store,
        kind: type[Record],
        ids: Sequence[str],
        shown: Sequence[Field],
        parent: QWidget,
    ) -> None:
        """`ids` in the order of the list, `shown` the fields in view there."""
        super().__init__(parent)
        self._store, self._kind, self._ids, self._shown = store, kind, ids, shown
        # Its own thread: a long list never waits for an exchange that is under way.
        self._pool = database_pool(self)
        self._task: Task[Path] | None = None
        self._path = Path()
        self.setWindowTitle(_("Xuất danh sách"))
        self.setMinimumWidth(520)
        self._build()
        self._lay_out()

    def _build(self) -> None:
        self.file = QComboBox()
        self.file.setAccessibleName(_("Loại tệp"))
        for ending, words in FILES:
            self.file.addItem(_(words), ending)
        self.file.currentIndexChanged.connect(self._on_file)
        self.whole = QRadioButton(_("Mọi ô của phiếu; sửa trong Excel rồi nhập lại được"))
        self.whole.setChecked(True)
        self.in_view = QRadioButton(_("Chỉ những cột đang hiện trong danh sách"))
        self.bar = QProgressBar()
        self.bar.setAccessibleName(_("Đã ghi được bao nhiêu"))
        self.bar.hide()
        self.said = label("", "muted")
        self.said.hide()
        self.save = buttons.primary(_("Chọn nơi ghi…"), "export", self._ask_where)
        self.elsewhere = buttons.secondary("", "copy", self._write_elsewhere)
        self.elsewhere.hide()
        self.open_file = buttons.primary(_("Mở tệp"), "external", self._open_file)
        self.open_file.hide()
        self.close_button = buttons.secondary(buttons.Word.CANCEL, callback=self.reject)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        count, kind = grouped(len(self._ids)), noun(self._kind)
        column.addWidget(label(_("Xuất {count} {kind}").format(count=count, kind=kind), "title"))
        column.addWidget(label(_(
            "Đúng những dòng và thứ tự đang hiện. Tệp ghi ra không được mã hóa: anh/chị giữ tệp "
            "như giữ sổ của chi hội, dùng xong thì xóa."
        ), "muted"))  # fmt: skip
        column.addWidget(self.file)
        columns = QVBoxLayout()
        columns.setSpacing(4)
        columns.addWidget(self.whole)
        columns.addWidget(self.in_view)
        column.addLayout(columns)
        column.addWidget(self.bar)
        column.addWidget(self.said)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        for button in (self.close_button, self.elsewhere, self.save, self.open_file):
            foot.addWidget(button)
        column.addLayout(foot)
        self.file.setFocus()

    # --- what is asked -------------------------------------------------------------------

    @property
    def proposed_name(self) -> str:
        """A name for the file that every disk and every mail takes: "hoi-vien.xlsx"."""
        words = "".join(letter if letter.isalnum() else " " for letter in fold(noun(self._kind)))
        return "-".join(words.split()) + str(self.file.currentData())

    def _on_file(self) -> None:
        # The document for programmers is whole always.
        has_columns = self.file.currentData() != ".json"
        self.in_view.setEnabled(has_columns)
        if not has_columns:
            self.whole.setChecked(True)

    def _ask_where(self) -> None:
        ending = str(self.file.currentData())
        chosen, _filter = QFileDialog.getSaveFileName(
            self, _("Xuất danh sách"), self.proposed_name, f"{self.file.currentText()} (*{ending})"
        )
        if chosen:
            path = Path(chosen)
            same = path.suffix.lower() == ending
            self.write(path if same else path.with_name(path.name + ending))

    # --- writing -------------------------------------------------------------------------

    def write(self, path: Path) -> None:
        """Write the file, off the window's thread."""
        if self._task is not None:
            return
        self._path = path
        only = self._shown if self.in_view.isChecked() else None
        store, kind, ids = self._store, self._kind, self._ids

        def work(progress: Progress) -> Path:
            from vla_desktop.exchange import export_rows  # brings in all that writes workbooks

            export_rows(path, kind, _rows(store, kind, ids, progress), store.catalogue, only)
            return path

        self._task = Task(work, self._pool, self)
        self._task.progressed.connect(self._on_progress)
        self._task.succeeded.connect(self._on_written)
        self._task.failed.connect(self._on_failed)
        self._task.finished.connect(self._on_finished)
        self._set_busy(True)
        self._task.start()

    def _write_elsewhere(self) -> None:
        from vla_desktop.exchange import free_name

        self.write(free_name(self._path))

    def _on_progress(self, done: int, total: int, _what: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _on_written(self, path: Path) -> None:
        count, kind = grouped(len(self._ids)), noun(self._kind)
        told = _("Đã xuất {count} {kind} ra tệp “{name}”.")
        self._say(told.format(count=count, kind=kind, name=path.name), "strong")
        self.close_button.setText(str(buttons.Word.CLOSE))
        for part in (self.file, self.whole, self.in_view, self.save, self.elsewhere):
            part.hide()
        self.open_file.show()
        self.open_file.setFocus()
        self._hug()

    def _on_failed(self, fault: BaseException) -> None:
        if not isinstance(fault, Problem):
            self.reject()
            raise fault  # our own mistake: the window's crash report hears of it
        self._say(f"{fault.what} {fault.advice}", "error")
        if fault.code == "exchange.locked":
            from vla_desktop.exchange import free_name

            other = free_name(self._path).name
            self.elsewhere.setText(_("Ghi thành “{name}”").format(name=other))
            self.elsewhere.show()
            self.elsewhere.setFocus()
        self._hug()

    def _on_finished(self) -> None:
        if self._task is not None:
            self._task.deleteLater()
        self._task = None
        self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        for part in (self.file, self.whole, self.in_view, self.save, self.elsewhere):
            part.setEnabled(not busy)
        if busy:
            self.said.hide()
            self.bar.setRange(0, 0)
        else:
            self._on_file()
        self.bar.setVisible(busy)

    def _hug(self) -> None:
        """As high as what is in view, once the rest has gone."""
        QTimer.singleShot(0, self, self.adjustSize)

    def _say(self, words: str, role: str) -> None:
        self.said.setText(words)
        theme.set_role(self.said, role)
        self.said.show()

    def _open_file(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path)))
        self.accept()

    # --- leaving -------------------------------------------------------------------------

    def reject(self) -> None:
        """Stop what is being written, then go. A file half written leaves no trace."""
        if self._task is not None:
            self._task.cancel()
            self._pool.waitForDone()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.reject()
        event.accept()


def _rows(
    store: Store, kind: type[Record], ids: Sequence[str], progress: Progress
) -> Iterator[Row]:
    for start in range(0, len(ids), _PIECE):
        progress.report(start, len(ids), "")
        yield from store.rows(kind, ids[start : start + _PIECE])
    progress.report(len(ids), len(ids), "")
