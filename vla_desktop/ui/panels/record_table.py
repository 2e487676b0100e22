"""The table of records: its columns, its keys and a selection that news cannot lose."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from sync.records.fields import Field
from sync.records.types import Choice, Day, Link, Number, PartialDay, PlaceCode, Year, YesNo
from sync.texts import _
from vla_desktop.ui.delegates import CellDelegate, StateDelegate
from vla_desktop.ui.itemmodels import RecordTableModel
from vla_desktop.ui.theme import theme

_CHARACTERS = (
    (YesNo, 8),
    (Year, 4),
    (Day, 10),
    (PartialDay, 10),
    (Number, 7),
    (Link, 24),
    (PlaceCode, 20),
)
_TITLE_CHARACTERS = 22
_CHOICE_CHARACTERS = 22
_TEXT_CHARACTERS = 22
_SHORT_TEXT_CHARACTERS = 17
_HEADER_CHARACTERS = 14
_SHORT_TEXT = 60
_GROWING = (Link, PlaceCode)
_DIGITS = (Day, PartialDay, Year, Number)
_HEADER_PADDING = 40
_CELL_PADDING = 28
_NAME_PADDING = 44
_WIDEST_NAME = 60
_MEASURED_ROWS = 32


class RecordTable(QTableView):
    """Shows a `RecordTableModel`. Columns that do not fit give way from the right, save the state.

    `followed` tells the id of the current record ("" when there is none), `chosen` the one that a
    click of the mouse went to, `opened` the one that Enter or a double click asked for, `typed`
    letters that were meant for a search.
    """

    followed = Signal(str)
    chosen = Signal(str)
    opened = Signal(str)
    delete_asked = Signal(str)
    typed = Signal(str)

    def __init__(self, model: RecordTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.records = model
        self._own_widths: dict[int, int] = {}
        self._fitting = False
        self._is_measured = False
        self._kept: tuple[str, int] = ("", 0)
        self._row_after: int | None = None
        self._set_up()
        self.setModel(model)
        self._set_up_header()
        self.setItemDelegate(CellDelegate(self))
        self.setItemDelegateForColumn(model.state_column, StateDelegate(self))
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._return_to_place)
        model.modelReset.connect(self._fit_first_rows)
        self.selectionModel().currentRowChanged.connect(self._follow)
        self.doubleClicked.connect(self._open)

    def _set_up(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._set_row_height()

    def _set_row_height(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 18)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "records"):
            self._set_row_height()
            self.fit_columns()

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(48)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(*self.records.sorted_by)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.sortIndicatorChanged.connect(self._sort)
        header.sectionResized.connect(self._remember_width)

    # --- order ---------------------------------------------------------------------------

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        if column >= self.records.state_column:
            self.horizontalHeader().setSortIndicator(*self.records.sorted_by)
        else:
            self.records.sort(column, order)

    # --- selection -----------------------------------------------------------------------

    def current_id(self) -> str:
        """The current record's id, "" when there is none."""
        return self.records.id_at(self.currentIndex().row()) or ""

    def go_to(self, record_id: str) -> bool:
        """Make a record the current one; False when it is not in the list."""
        place = self.records.place_of(record_id)
        if place is None:
            return False
        self.setCurrentIndex(self.records.index(place, 0))
        return True

    def _keep_place(self) -> None:
        row = self.currentIndex().row()
        offset = self.rowViewportPosition(row) if row >= 0 else 0
        self._kept = (self.current_id(), offset)

    def _return_to_place(self) -> None:
        record_id, offset = self._kept
        place = self.records.place_of(record_id) if record_id else None
        after, self._row_after = self._row_after, None
        if place is None and after is not None:
            place = min(after, self.records.rowCount() - 1)
        if place is None or place < 0:
            self.scrollToTop()
            return
        self.setCurrentIndex(self.records.index(place, 0))
        if 0 <= offset < self.viewport().height():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.rowViewportPosition(place) - offset)
            self.scrollTo(self.currentIndex())

    def _follow(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.followed.emit(self.records.id_at(current.row()) or "")

    def _open(self, index: QModelIndex) -> None:
        record_id = self.records.id_at(index.row())
        if record_id:
            self.opened.emit(record_id)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        record_id = self.records.id_at(self.indexAt(event.position().toPoint()).row())
        if record_id and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(record_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_id():
            self.opened.emit(self.current_id())
        elif key == Qt.Key.Key_Delete and self.current_id():
            # The next record takes the place of the one that leaves by our own hand; when another
            # PC deletes it, jumping to a stranger would only confuse.
            self._row_after = self.currentIndex().row()
            self.delete_asked.emit(self.current_id())
        elif key == Qt.Key.Key_Home:
            self._step_to(0)
        elif key == Qt.Key.Key_End:
            self._step_to(self.records.rowCount() - 1)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        self.typed.emit(search)

    def _step_to(self, row: int) -> None:
        self.setCurrentIndex(self.records.index(row, 0))

    # --- columns -------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        place = self.rowViewportPosition(self.currentIndex().row())
        super().resizeEvent(event)
        self.fit_columns()
        # A message above the list takes its room from below, where the current record may stand.
        if 0 <= place < event.oldSize().height():
            self.scrollTo(self.currentIndex())

    @property
    def shown_fields(self) -> list[Field]:
        """The fields whose columns are in view."""
        columns = enumerate(self.records.columns)
        return [field for column, field in columns if not self.isColumnHidden(column)]

    def fit_columns(self) -> None:
        """Share the width out: what was set by hand stays, names and places take what is left."""
        widths = [self._width_of(column) for column in range(self.records.columnCount())]
        last = self.records.state_column
        room = self.viewport().width()
        shown: list[int] = [0, last]
        taken = sum(widths[column] for column in shown)
        for column in range(1, last):
            taken += widths[column]
            if taken > room:
                break
            shown.append(column)
        spare = max(0, room - sum(widths[column] for column in shown))
        growing = [column for column in shown if self._grows(column)] or shown[:1]
        # What names the record takes twice its share: it is read first.
        shares = {column: 1 + (column == 0) for column in growing}
        self._fitting = True
        for column in range(last + 1):
            self.setColumnHidden(column, column not in shown)
            extra = spare * shares.get(column, 0) // sum(shares.values())
            if column in shown:
                self.setColumnWidth(column, widths[column] + extra)
        self._fitting = False

    def _width_of(self, column: int) -> int:
        if column in self._own_widths:
            return self._own_widths[column]
        label = str(self.records.headerData(column, Qt.Orientation.Horizontal))
        # A long label is cut short rather than pushing a column out; its tool tip has it whole.
        metrics = self.horizontalHeader().fontMetrics()
        header = metrics.horizontalAdvance(label[:_HEADER_CHARACTERS]) + _HEADER_PADDING
        if column == self.records.state_column:
            return max(header, StateDelegate.width_for(self))
        return max(header, self._content_width(column))

    def _content_width(self, column: int) -> int:
        field, metrics = self.records.columns[column], self.fontMetrics()
        characters = _characters(field, first=column == 0)
        if isinstance(field.type, _DIGITS):
            # Digits are wider than the average letter, and half a date is worth nothing.
            return metrics.horizontalAdvance("0" * characters) + _CELL_PADDING
        if isinstance(field.type, Choice) and column:
            words = (metrics.horizontalAdvance(_(word)) for word in field.type.words.values())
            return min(max(words), metrics.averageCharWidth() * characters) + _CELL_PADDING
        usual = metrics.averageCharWidth() * characters
        if not (column == 0 or isinstance(field.type, _GROWING)):
            return usual
        # A name that is cut says little: columns further right give way to the first names.
        written = QFontMetrics(theme().font("body", strong=True)) if column == 0 else metrics
        longest = max((written.horizontalAdvance(text) for text in self._first(column)), default=0)
        widest = metrics.averageCharWidth() * _WIDEST_NAME
        return max(usual, min(longest + _NAME_PADDING, widest))

    def _first(self, column: int) -> list[str]:
        """What the first rows say in a column."""
        rows = range(min(self.records.rowCount(), _MEASURED_ROWS))
        return [str(self.records.index(row, column).data() or "") for row in rows]

    def _fit_first_rows(self) -> None:
        # Once only: columns that move while somebody types would be worse than a name cut short.
        if self._is_measured or not self.records.rowCount():
            return
        self._is_measured = True
        self.fit_columns()

    def _grows(self, column: int) -> bool:
        if column in self._own_widths or column == self.records.state_column:
            return False
        field = self.records.columns[column]
        return column == 0 or isinstance(field.type, _GROWING) or _is_long(field)

    def _remember_width(self, column: int, _old: int, new: int) -> None:
        if not self._fitting and new:
            self._own_widths[column] = new


def _is_long(field: Field) -> bool:
    return field.type.name == "text" and (field.max_length or _SHORT_TEXT + 1) > _SHORT_TEXT


def _characters(field: Field, *, first: bool) -> int:
    if first:
        return _TITLE_CHARACTERS
    for field_type, characters in _CHARACTERS:
        if isinstance(field.type, field_type):
            return characters
    if isinstance(field.type, Choice):
        return _CHOICE_CHARACTERS
    return _TEXT_CHARACTERS if _is_long(field) else _SHORT_TEXT_CHARACTERS
