"""The way to the provinces and communes of today, in three steps and one that can be undone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sync.progress import Progress
from sync.records import BY_NAME
from sync.texts import _
from sync.vietnamese import grouped
from vla_desktop.store.rehoming import Line, Outcome, counted
from vla_desktop.ui.merger.choices import DividedUnits, counts_words
from vla_desktop.ui.tasks import Task
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import Words, label
from vla_desktop.ui.widgets.progress_panel import ProgressPanel
from vla_desktop.ui.workplace import Workplace

WHAT, DIVIDED, RECAP, DONE = range(4)


def show_merger(workplace: Workplace, parent: QWidget) -> MergerDialog:
    """Open the dialog over a page."""
    dialog = MergerDialog(workplace, parent)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    dialog.look()
    return dialog


def nouns(counts: Mapping[str, int]) -> str:
    """ "42 thư viện, 310 hội viên", from counts by the name of the kind."""
    return ", ".join(
        f"{grouped(number)} {_(BY_NAME[kind].label).lower()}" for kind, number in counts.items()
    )


class MergerDialog(QDialog):
    """What will change, where divided communes go, the recap; then it is written in one step."""

    def __init__(self, workplace: Workplace, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Chuyển sang địa danh mới"))
        self._workplace = workplace
        self._merger, self._store = workplace.office.merger, workplace.office.store
        self._today = dt.datetime.now().astimezone().date()
        self._task: Task[Any] | None = None
        self.lines: list[Line] = []
        self.steps = QStackedWidget()
        self.table = _table(_("Đơn vị cũ"), _("Nay là"), _("Bản ghi"))
        self.by_province = _table(_("Tỉnh, thành phố hiện nay"), _("Trước"), _("Sau"))
        self.divided = DividedUnits()
        self.lead, self.recap, self.told = label(), label(), label()
        self.progress = ProgressPanel()
        self.back = buttons.secondary(buttons.Word.BACK, callback=self._on_back)
        self.cancel = buttons.secondary(buttons.Word.CANCEL, callback=self.reject)
        self.undo = buttons.secondary(buttons.Word.UNDO, "undo", self._on_undo)
        self.next = buttons.primary(buttons.Word.NEXT, callback=self._on_next)
        self.next.setDefault(True)
        self._lay_out()
        self.progress.cancelled.connect(self._on_cancel)
        self._turn(WHAT)
        self.resize(900, 620)

    def _lay_out(self) -> None:
        scrolled = QScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setWidget(self.divided)
        hint = _("Xã, phường này đã chia cho nhiều nơi; chỉ anh/chị biết bản ghi thuộc nơi nào. "
                 "Chưa chắc thì để sau: bản ghi giữ nguyên địa danh cũ.")  # fmt: skip
        caveat = _("Bảng chuyển đổi có thể chưa ghi đủ mọi xã bị chia; thấy sai thì hoàn tác, "
                   "hoặc sửa ở từng bản ghi.")  # fmt: skip
        for parts in (
            (self.lead, self.table, label(caveat, "help")),
            (label(hint), scrolled),
            (self.recap, None),
            (self.told, self.by_province),
        ):
            self.steps.addWidget(_step(*parts))
        foot = QHBoxLayout()
        foot.addWidget(self.undo)
        foot.addStretch(1)
        for button in (self.cancel, self.back, self.next):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(label(self.windowTitle(), "title"))
        layout.addWidget(self.steps, 1)
        layout.addWidget(self.progress)
        layout.addLayout(foot)

    def look(self) -> None:
        """Find what stands under former units."""

        def work(_progress: Progress) -> list[Line]:
            return self._merger.lines(self._today)

        self._run(Task(work, self._workplace.pool, self), _("Đang tìm địa danh cũ"), self._on_found)

    def reject(self) -> None:
        """While something is written, the first press only stops it."""
        if self._task is not None:
            self._task.cancel()
        else:
            super().reject()

    def _on_found(self, lines: list[Line]) -> None:
        self.lines = lines
        by_old: dict[str, list[Line]] = {}
        for line in lines:
            by_old.setdefault(line.old, []).append(line)
        _fill(self.table, [self._row(some) for some in by_old.values()])
        words = _("Không còn bản ghi nào mang địa danh cũ.")
        if lines:
            words = _("{count} đơn vị cũ còn trong bản ghi của chi hội:")
            words = words.format(count=grouped(len(by_old)))
        self.lead.setText(words)
        self.divided.show_lines(self._store, lines)
        self._turn(WHAT)

    def _row(self, lines: Sequence[Line]) -> tuple[str, str, str]:
        label_of, heirs = self._store.catalogue.label, lines[0].heirs
        now = " / ".join(map(label_of, heirs)) or _("chưa rõ")
        now = _("Chia cho: {heirs}").format(heirs=now) if len(heirs) > 1 else now
        return label_of(lines[0].old), now, counts_words(lines)

    def _turn(self, step: int) -> None:
        self.steps.setCurrentIndex(step)
        self.back.setVisible(step in (DIVIDED, RECAP))
        self.cancel.setVisible(step != DONE)
        self.undo.setVisible(step == DONE)
        last = {RECAP: _("Ghi"), DONE: str(buttons.Word.CLOSE)}
        self.next.setText(last.get(step, str(buttons.Word.NEXT)))
        self.next.setAccessibleName(self.next.text())
        if step == RECAP:
            self._show_recap()
        else:
            self.next.setEnabled(bool(self.lines))

    def _show_recap(self) -> None:
        changed, left = counted(self.lines, self.divided.choices())
        words = [_("Không có bản ghi nào đổi.")]
        if changed:
            words = [_("Sẽ đổi {what}.").format(what=nouns(changed))]
            words.append(_("Ghi một lần; bấm Hoàn tác thì mọi bản ghi trở lại như trước."))
        if left:
            words.append(_("Để sau: {what}.").format(what=nouns(left)))
        self.recap.setText("\n\n".join(words))
        self.next.setEnabled(bool(changed))

    def _on_next(self) -> None:
        step = self.steps.currentIndex()
        if step == DONE:
            self.accept()
        elif step == RECAP:
            self._write()
        else:
            self._turn(DIVIDED if step == WHAT and self.divided.units else RECAP)

    def _on_back(self) -> None:
        is_recap = self.steps.currentIndex() == RECAP
        self._turn(DIVIDED if is_recap and self.divided.units else WHAT)

    def _write(self) -> None:
        merger, today, choices = self._merger, self._today, self.divided.choices()

        def work(progress: Progress) -> Outcome:
            return merger.write(today, choices, progress)

        self._run(Task(work, self._workplace.pool, self), _("Đang đổi địa danh"), self._on_written)

    def _on_written(self, outcome: Outcome) -> None:
        self.told.setText(
            _("Đã đổi {what}. Tổng số trước và sau bằng nhau ở từng tỉnh.").format(
                what=nouns(outcome.changed)
            )
        )
        before, after = _by_province(outcome.before), _by_province(outcome.after)
        label_of = self._store.catalogue.label
        rows = [
            (label_of(code) if code else _("Chưa ghi"), grouped(number), grouped(after[code]))
            for code, number in sorted(before.items())
        ]
        _fill(self.by_province, rows)
        self._turn(DONE)

    def _on_undo(self) -> None:
        store = self._store

        def work(progress: Progress) -> str | None:
            return store.undo(progress)

        self._run(Task(work, self._workplace.pool, self), _("Đang hoàn tác"), self._on_undone)

    def _on_undone(self, sentence: str | None) -> None:
        self._workplace.messages.show_done(sentence or "")
        self.accept()

    def _run(self, task: Task[Any], title: str, succeeded: Any) -> None:
        self._task = task
        for button in (self.back, self.next, self.undo):
            button.setEnabled(False)
        self.progress.start(title)
        task.progressed.connect(self.progress.show_progress)
        task.succeeded.connect(succeeded)
        task.failed.connect(self._workplace.errors.show)
        task.finished.connect(self._on_finished)
        task.start()

    def _on_cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _on_finished(self) -> None:
        if self._task is not None:
            self._task.deleteLater()
        self._task = None
        self.progress.finish()
        for button in (self.back, self.undo):
            button.setEnabled(True)
        self._turn(self.steps.currentIndex())


def _step(lead: Words, body: QWidget | None, foot: QWidget | None = None) -> QWidget:
    step = QWidget()
    layout = QVBoxLayout(step)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(lead)
    if body is not None:
        layout.addWidget(body, 1)
    if foot is not None:
        layout.addWidget(foot)
    if body is None:
        layout.addStretch(1)
    return step


def _table(*headings: str) -> QTableWidget:
    table = QTableWidget(0, len(headings))
    table.setHorizontalHeaderLabels(list(headings))
    table.verticalHeader().hide()
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    header.setSectionResizeMode(len(headings) - 1, QHeaderView.ResizeMode.ResizeToContents)
    table.setAccessibleName(headings[0])
    return table


def _fill(table: QTableWidget, rows: Sequence[Sequence[str]]) -> None:
    table.setRowCount(len(rows))
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            cell = QTableWidgetItem(text)
            cell.setToolTip(text)
            table.setItem(at, column, cell)


def _by_province(totals: Mapping[tuple[str, str], int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (_kind, province), number in totals.items():
        found[province] += number
    return found
