"""The item model behind every list of records."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Collection
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from sync.records import name_of
from sync.records.base import Record
from sync.records.fields import Field, fields
from sync.records.types import Link, Number, Year
from sync.texts import _
from vla_desktop.store.store import Query, RecordState, Row, Store
from vla_desktop.ui.bridge import Touched

Index = QModelIndex | QPersistentModelIndex

ROWS_PER_PAGE = 64
PAGES_KEPT = 40

ID_ROLE = int(Qt.ItemDataRole.UserRole) + 1
STATE_ROLE = int(Qt.ItemDataRole.UserRole) + 2
_ALIGNMENT_ROLE = int(Qt.ItemDataRole.TextAlignmentRole)
_TEXT_ROLES = frozenset(
    int(role)
    for role in (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
    )
)

_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class RecordTableModel(QAbstractTableModel):
    """The records of one kind that a query finds, one column per listed field, then the state.

    Only the ids are held whole; rows come from the store by pages as they are looked at.
    `without` names listed fields that the surroundings already say.
    """

    def __init__(
        self,
        store: Store,
        kind: type[Record],
        parent: QObject | None = None,
        *,
        without: Collection[str] = (),
    ) -> None:
        super().__init__(parent)
        self._store = store
        self.kind = kind
        self.columns: tuple[Field, ...] = tuple(
            field for field in fields(kind) if field.listed and field.name not in without
        )
        self._alignments = [*map(_alignment, self.columns), _LEFT]
        self._follows = {name_of(kind)} | {
            field.type.target for field in fields(kind) if isinstance(field.type, Link)
        }
        newest = next((field.name for field in self.columns if field.newest_first), "")
        self.query = Query(order=newest, descending=bool(newest))
        self._ids: list[str] = []
        self._places: dict[str, int] | None = None
        self._pages: OrderedDict[int, dict[str, Row]] = OrderedDict()

    @property
    def state_column(self) -> int:
        """The last column: what the centre knows of the record."""
        return len(self.columns)

    # --- what is shown -------------------------------------------------------------------

    def show(self, query: Query) -> None:
        """Ask the store anew and show what it finds."""
        self.query = query
        found = self._store.ids(self.kind, query)
        if found == self._ids:
            self._repaint()
            return
        self.beginResetModel()
        self._ids, self._places = found, None
        self._pages.clear()
        self.endResetModel()

    def refresh(self) -> None:
        """Show the same query as it stands now."""
        self.show(self.query)

    def hear(self, touched: Touched) -> bool:
        """Refresh when the news concerns this list; says whether it did."""
        concerned = not touched or any(kind in self._follows for kind, _id in touched)
        if concerned:
            self.refresh()
        return concerned

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column. The state has no order of its own and changes nothing."""
        if 0 <= column < len(self.columns):
            self.show(
                dataclasses.replace(
                    self.query,
                    order=self._order_of(self.columns[column]),
                    descending=order == Qt.SortOrder.DescendingOrder,
                )
            )

    @property
    def sorted_by(self) -> tuple[int, Qt.SortOrder]:
        """The column that orders the list, and which way."""
        orders = [self._order_of(field) for field in self.columns]
        column = orders.index(self.query.order) if self.query.order in orders else 0
        down = self.query.descending
        return column, Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder

    def _order_of(self, field: Field) -> str:
        # A record is ordered by its title as people read it, given name first.
        first_titled = next((each for each in fields(self.kind) if each.titled), None)
        return "" if first_titled and field.name == first_titled.name else field.name

    def _repaint(self) -> None:
        self._pages.clear()
        if self._ids:
            last = self.index(len(self._ids) - 1, self.state_column)
            self.dataChanged.emit(self.index(0, 0), last)

    # --- records -------------------------------------------------------------------------

    @property
    def ids(self) -> list[str]:
        """The ids of what the query found, in the order of the list."""
        return list(self._ids)

    def id_at(self, row: int) -> str | None:
        """The record's id in this row, None beyond the ends."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def place_of(self, record_id: str) -> int | None:
        """The row in which a record stands, None when the query does not find it."""
        if self._places is None:
            self._places = {each: place for place, each in enumerate(self._ids)}
        return self._places.get(record_id)

    def record_at(self, row: int) -> Row | None:
        """The record in this row; None beyond the ends, or when it has just gone."""
        record_id = self.id_at(row)
        if record_id is None:
            return None
        number = row // ROWS_PER_PAGE
        page = self._pages.get(number)
        if page is None:
            start = number * ROWS_PER_PAGE
            wanted = self._ids[start : start + ROWS_PER_PAGE]
            page = {each.id: each for each in self._store.rows(self.kind, wanted)}
            self._pages[number] = page
            if len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page.get(record_id)

    # --- Qt's questions ------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        # Asked many thousand times while somebody types: plain numbers, the commonest first.
        if role in _TEXT_ROLES:
            record = self.record_at(index.row())
            return None if record is None else self.text_of(record, index.column())
        if role == _ALIGNMENT_ROLE:
            return self._alignments[index.column()]
        if role == STATE_ROLE:
            record = self.record_at(index.row())
            return None if record is None else record.state
        return self.id_at(index.row()) if role == ID_ROLE else None

    def text_of(self, record: Row, column: int) -> str:
        """What a cell says."""
        if column == self.state_column:
            return state_word(record.state)
        return record.shown.get(self.columns[column].name, "")

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            field = self.columns[section] if section < len(self.columns) else None
            return _(field.label) if field else _("Tình trạng gửi")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignments[section]
        return None


def _alignment(field: Field) -> int:
    is_counted = isinstance(field.type, Number) and not isinstance(field.type, Year)
    return _RIGHT if is_counted else _LEFT


def state_word(state: RecordState) -> str:
    """The state's word as a label of its own: "Chưa gửi"."""
    word = _(state.word)
    return word[:1].upper() + word[1:]
