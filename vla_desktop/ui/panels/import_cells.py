"""The rows of a file, and one of them cell by cell: what stands here, what would stand here."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableView, QTableWidget, QTableWidgetItem

from sync.texts import _
from vla_desktop.exchange.plan import Mark
from vla_desktop.ui.panels.import_rows import ImportRowsModel
from vla_desktop.ui.theme import theme


class ImportTable(QTableView):
    """The rows of the file; Space ticks the current one."""

    _WIDTHS = (80, 130, 280)

    def __init__(self, rows: ImportRowsModel) -> None:
        super().__init__()
        self.setModel(rows)
        self.setAccessibleName(_("Các dòng của tệp"))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setStretchLastSection(True)
        for column, width in enumerate(self._WIDTHS):
            self.setColumnWidth(column, theme().tokens.px(width))


class ImportCells(QTableWidget):
    """The cells of the row shown last; those of an edit can be left out one by one."""

    changed = Signal()

    def __init__(self, rows: ImportRowsModel) -> None:
        super().__init__(0, 3)
        self._model, self._place = rows, -1
        self.setHorizontalHeaderLabels([_("Ô"), _("Đang có"), _("Trong tệp")])
        self.setAccessibleName(_("Những ô của dòng đang chọn"))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.itemChanged.connect(self._on_ticked)

    def show_row(self, place: int) -> None:
        """The cells of the row in this place of the list; none beyond its ends."""
        self.blockSignals(True)
        self._place = place
        row = self._model.row_at(place)
        differences = row.differences if row else ()
        self.setRowCount(len(differences))
        for at, each in enumerate(differences):
            name = QTableWidgetItem(_(each.field.label))
            name.setData(Qt.ItemDataRole.UserRole, each.field.name)
            if row is not None and row.mark is Mark.UPDATE:
                taken = self._model.takes(place, each.field.name)
                name.setCheckState(Qt.CheckState.Checked if taken else Qt.CheckState.Unchecked)
            after = each.after or (_("(để trống)") if each.empties else "")
            for column, item in enumerate((name, _item(each.before), _item(after))):
                self.setItem(at, column, item)
        self.blockSignals(False)

    def _on_ticked(self, item: QTableWidgetItem) -> None:
        name = str(item.data(Qt.ItemDataRole.UserRole))
        taken = item.checkState() == Qt.CheckState.Checked
        self._model.take(self._place, name, taken=taken)
        self.changed.emit()


def _item(text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setToolTip(text)
    return item
