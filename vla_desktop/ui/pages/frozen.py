"""The page Số đã chốt: snapshots of figures, to print again, compare and correct."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout

from sync.problems import InvalidRecord, Problem
from sync.records.fields import Field
from sync.records.types import Day
from sync.texts import N_, _
from vla_desktop.reports.frozen_sheet import workbook
from vla_desktop.reports.paper import Paper
from vla_desktop.store.freezing import Difference, Frozen
from vla_desktop.ui.editors.days import DayEditor
from vla_desktop.ui.pages.found import FoundPage
from vla_desktop.ui.pages.scrolled import emptied
from vla_desktop.ui.printing import PaperDialog, pdf, write_file
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.cards import Card
from vla_desktop.ui.widgets.chips import Chip
from vla_desktop.ui.widgets.labels import label
from vla_desktop.ui.widgets.page_header import PageHeader
from vla_desktop.ui.workplace import Workplace

STOOD_ON = Field(Day(), N_("Tính đến ngày"), name="stood_on")
MOST_NAMED = 20


class FreezeForm(Card):
    """Name, day, and the reason when an earlier snapshot is corrected. Enter saves."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(_("Chốt số liệu"))
        self._office = workplace.office
        self._revises = ""
        self.name, self.reason = _line(_("Tên")), _line(_("Lý do sửa"))
        self.name.setPlaceholderText(_("Tên, ví dụ: Báo cáo năm 2026"))
        self.reason.setPlaceholderText(_("Lý do sửa, bắt buộc"))
        self.day = DayEditor(STOOD_ON, self._office.store)
        self.day.setFixedWidth(170)
        self.save = buttons.primary(_("Chốt số liệu"), "lock", self.freeze)
        self.stop = buttons.quiet(_("Thôi sửa"), callback=self.clear)
        row = QHBoxLayout()
        row.addWidget(self.name, 1)
        row.addWidget(label(_("Tính đến ngày"), "label"))
        row.addWidget(self.day)
        row.addWidget(self.stop)
        row.addWidget(self.save)
        self.fault = label("", "error")
        self.body.addLayout(row)
        self.body.addWidget(self.reason)
        self.body.addWidget(self.fault)
        for entry in (self.name, self.reason):
            entry.returnPressed.connect(self.freeze)
        self.clear()

    def clear(self) -> None:
        """Ready for a new snapshot, of today."""
        self._revises = ""
        self.name.clear()
        self.reason.clear()
        self.fault.clear()
        self.day.set_value(_today())
        self._show_revising(revising=False)

    def revise(self, frozen: Frozen) -> None:
        """Correct this one: the same name and day, and why."""
        self._revises = frozen.id
        self.name.setText(frozen.name)
        self.day.set_value(frozen.stood_on)
        self._show_revising(revising=True)
        self.reason.setFocus()

    def freeze(self) -> None:
        """Keep the figures, or say beside the fields why not."""
        self.fault.hide()
        day = self.day.value()
        if not isinstance(day, dt.date):
            self._say(self.day.text_fault() or _("Ghi ngày tính đến."))
            return
        try:
            self._office.freezer.freeze(
                self.name.text(), day, _today(), self._office.settings.author, self._revises,
                self.reason.text(),
            )  # fmt: skip
        except InvalidRecord as fault:
            self._say(" ".join(finding.sentence for finding in fault.findings))
        else:
            self.clear()

    def _show_revising(self, *, revising: bool) -> None:
        self.reason.setVisible(revising)
        self.stop.setVisible(revising)
        self.fault.setVisible(False)

    def _say(self, words: str) -> None:
        self.fault.setText(words)
        self.fault.show()


class FrozenCard(Card):
    """One snapshot and what can be done with it."""

    revising = Signal()

    def __init__(self, workplace: Workplace, frozen: Frozen) -> None:
        super().__init__(frozen.name)
        self._workplace, self.frozen = workplace, frozen
        chip = ("confirmed", _("Nguyên vẹn"), "success")
        if not frozen.sound:
            chip = ("warning", _("Niêm phong không khớp hoặc thiếu danh sách"), "danger")
        self.head.addWidget(Chip(*chip))
        told = _("Tính đến {day}, chốt ngày {frozen}, lần {revision}").format(
            day=f"{frozen.stood_on:%d/%m/%Y}", frozen=f"{frozen.frozen_on:%d/%m/%Y}",
            revision=frozen.revision,
        )  # fmt: skip
        self.body.addWidget(label(" · ".join(p for p in (told, frozen.author) if p), "muted"))
        if frozen.reason:
            self.body.addWidget(label(_("Lý do sửa: {reason}").format(reason=frozen.reason)))
        for each in frozen.figures:
            if each["denominator"] is not None:
                parts = f"{each['numerator']} / {each['denominator']}"
                self.body.addWidget(label(f"{each['name']}: {each['shown']} ({parts})"))
        self.found = QVBoxLayout()
        self.body.addLayout(self.found)
        row = QHBoxLayout()
        row.addWidget(buttons.secondary(_("In ra PDF"), "printer", self._show_paper))
        row.addWidget(buttons.secondary(_("Xuất Excel"), "export", self._ask_where))
        row.addWidget(buttons.secondary(_("So với hôm nay"), "search", self.compare))
        row.addWidget(buttons.quiet(_("Lập bản sửa"), "edit", self.revising.emit))
        row.addStretch(1)
        self.body.addLayout(row)

    def compare(self) -> None:
        """Name the records that the figures count otherwise today."""
        emptied(self.found)
        try:
            differences = self._workplace.office.freezer.differences(self.frozen)
        except Problem as problem:
            self._workplace.messages.show_problem(problem)
            return
        if not differences:
            self.found.addWidget(label(_("Số hôm nay vẫn đúng như lúc chốt."), "success"))
        for each in differences:
            change = _("{name}: khi chốt {then}, nay {now}")
            words = change.format(name=each.name, then=each.then, now=each.now)
            self.found.addWidget(label(words, "strong"))
            for line in _named(each):
                self.found.addWidget(label(line, "help"))

    def paper(self) -> Paper:
        """The page as it was kept."""
        return Paper(self._file_name(), self.frozen.name, self.frozen.printed)

    def write_pdf(self, file: Path) -> None:
        """The page as it was kept; the same bytes each time. Raises `Problem`."""
        write_file(file, pdf(self.paper(), self.frozen.frozen_on))

    def write_workbook(self, file: Path) -> None:
        """The figures as they were kept; the same bytes each time. Raises `Problem`."""
        write_file(file, workbook(self.frozen))

    def _show_paper(self) -> None:
        dialog = PaperDialog(self.paper(), self.frozen.frozen_on, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _ask_where(self) -> None:
        name = f"{self._file_name()}.xlsx"
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Xuất Excel"), name, "Excel (*.xlsx)")
        if not chosen:
            return
        try:
            self.write_workbook(Path(chosen))
        except Problem as problem:
            self._workplace.messages.show_problem(problem)
        else:
            self._workplace.messages.show_done(_("Đã ghi tệp Excel."))

    def _file_name(self) -> str:
        return f"so-lieu-{self.frozen.stood_on:%Y-%m-%d}-{self.frozen.revision}"


class FrozenPage(FoundPage[list[Frozen]]):
    """The form first, then the snapshots, the newest on top."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self._office = workplace.office
        self.form = FreezeForm(workplace)
        told = _("In lại lúc nào cũng giống hệt; muốn sửa thì lập bản sửa có lý do.")
        self.add(PageHeader(_("Số liệu đã chốt"), told))
        self.add(self.form)
        self.cards = QVBoxLayout()
        self.cards.setSpacing(16)
        self.add(self.cards)

    def look_up(self) -> list[Frozen]:
        return self._office.freezer.all()

    def show_found(self, found: list[Frozen]) -> None:
        emptied(self.cards)
        for frozen in found:
            card = FrozenCard(self._workplace, frozen)
            card.revising.connect(partial(self.form.revise, frozen))
            self.cards.addWidget(card)

    def shown(self) -> list[FrozenCard]:
        """The cards on the page, from the top."""
        items = (self.cards.itemAt(at) for at in range(self.cards.count()))
        widgets = [item.widget() for item in items if item is not None]
        return [widget for widget in widgets if isinstance(widget, FrozenCard)]


def _named(difference: Difference) -> list[str]:
    said = (
        (_("Thêm: {names}"), difference.came),
        (_("Bớt: {names}"), difference.went),
        (_("Đổi số nhân sự: {names}"), difference.changed),
    )
    lines = []
    for words, names in said:
        if names:
            more = [_("và {count} mục nữa").format(count=len(names) - MOST_NAMED)]
            shown = [*names[:MOST_NAMED], *(more if len(names) > MOST_NAMED else [])]
            lines.append(words.format(names=", ".join(shown)))
    return lines


def _line(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setMaxLength(200)
    return made


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()
