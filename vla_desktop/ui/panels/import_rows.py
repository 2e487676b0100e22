"""The rows of a file that is to be imported: what each would do, and which the clerk chose."""

from __future__ import annotations

from collections import Counter
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from sync.texts import N_, _
from vla_desktop.exchange.plan import Chosen, Mark, Planned

Index = QModelIndex | QPersistentModelIndex

_HEADINGS = (N_("Dòng"), N_("Sẽ là"), N_("Tên"), N_("Vì sao, những ô nào"))
_SHOWN_FIELDS = 6


class ImportRowsModel(QAbstractTableModel):
    """One line for each row of the file, ticked when it is to be written.

    New rows and edits are ticked from the start, save for fields that the file would empty; a row
    that may be a double is not.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Planned] = []
        self._at: list[int] = []
        self._only: Mark | None = None
        self._ticked: set[int] = set()
        self._left_out: dict[int, set[str]] = {}

    def show_rows(self, rows: list[Planned]) -> None:
        """Another file."""
        self.beginResetModel()
        self._rows = rows
        self._ticked, self._left_out = set(), {}
        for number, row in enumerate(rows):
            emptied = {each.field.name for each in row.differences if each.empties}
            if emptied:
                self._left_out[number] = emptied
            if row.mark in (Mark.NEW, Mark.UPDATE) and len(emptied) < len(row.differences):
                self._ticked.add(number)
        self._at = self._wanted()
        self.endResetModel()

    def show_only(self, mark: Mark | None) -> None:
        """The rows of one mark; None for all."""
        self.beginResetModel()
        self._only = mark
        self._at = self._wanted()
        self.endResetModel()

    def _wanted(self) -> list[int]:
        rows = enumerate(self._rows)
        return [number for number, row in rows if self._only in (None, row.mark)]

    @property
    def counts(self) -> Counter[Mark]:
        """How many rows there are of each mark."""
        return Counter(row.mark for row in self._rows)

    def chosen(self) -> list[Chosen]:
        """What is to be written, in the order of the file."""
        return [
            Chosen(self._rows[number], frozenset(self._left_out.get(number, ())))
            for number in sorted(self._ticked)
        ]

    def refused(self) -> dict[int, str]:
        """Why rows cannot be written, by their line in the file."""
        return {
            row.entry.line: " ".join(row.reasons) for row in self._rows if row.mark is Mark.ERROR
        }

    def refuse(self, line: int) -> None:
        """Untick a row that could not be written after all."""
        for number, row in enumerate(self._rows):
            if row.entry.line == line:
                self._ticked.discard(number)
        self.layoutChanged.emit()

    # --- one row -------------------------------------------------------------------------

    def row_at(self, place: int) -> Planned | None:
        """The row shown in this place, None beyond the ends."""
        return self._rows[self._at[place]] if 0 <= place < len(self._at) else None

    def takes(self, place: int, name: str) -> bool:
        """Whether this field of the row is to be written."""
        return name not in self._left_out.get(self._at[place], ())

    def take(self, place: int, name: str, *, taken: bool) -> None:
        """Let a field of the row be written, or leave it as it stands."""
        left_out = self._left_out.setdefault(self._at[place], set())
        if taken:
            left_out.discard(name)
        else:
            left_out.add(name)

    # --- Qt's questions ------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._at)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(_HEADINGS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = super().flags(index)
        row = self.row_at(index.row())
        if index.column() == 0 and row is not None and row.mark.may_be_written:
            return found | Qt.ItemFlag.ItemIsUserCheckable
        return found

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row())
        if row is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(row, index.column())
        is_tick = role == Qt.ItemDataRole.CheckStateRole and index.column() == 0
        if is_tick and row.mark.may_be_written:
            ticked = self._at[index.row()] in self._ticked
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != 0:
            return False
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self._ticked.add(self._at[index.row()])
        else:
            self._ticked.discard(self._at[index.row()])
        self.dataChanged.emit(index, index)
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(_HEADINGS[section])
        return None

    @staticmethod
    def _text(row: Planned, column: int) -> str:
        if column == 0:
            return str(row.entry.line)
        if column == 1:
            return _(row.mark.value)
        if column == 2:
            return row.title
        if row.reasons:
            return " ".join(row.reasons)
        names = [_(each.field.label) for each in row.differences]
        more = "…" if len(names) > _SHOWN_FIELDS else ""
        return ", ".join(names[:_SHOWN_FIELDS]) + more
