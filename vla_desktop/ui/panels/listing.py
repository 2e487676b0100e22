"""The list itself, or a lesson where there is nothing to list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from sync.records.base import Keeper, Record
from sync.texts import _
from sync.vietnamese import grouped
from vla_desktop.store.store import Query, Store
from vla_desktop.ui.bridge import Touched
from vla_desktop.ui.itemmodels import RecordTableModel
from vla_desktop.ui.panels.record_table import RecordTable
from vla_desktop.ui.panels.teaching import add_words, noun, teaching
from vla_desktop.ui.widgets.empty_state import EmptyState


class Listing(QStackedWidget):
    """`counted` tells in words how many there are, `all_asked` asks to leave nothing out."""

    counted = Signal(str)
    add_asked = Signal()
    all_asked = Signal()

    def __init__(self, store: Store, kind: type[Record], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._kind = kind
        self._total: int | None = None
        self.model = RecordTableModel(store, kind, self)
        self.table = RecordTable(self.model)
        self.table.setAccessibleName(_("Danh sách {kind}").format(kind=noun(kind)))
        self.empty = EmptyState(kind.icon, "")
        self.addWidget(self.table)
        self.addWidget(self.empty)
        self.model.modelReset.connect(self._describe)

    def ask(self, query: Query) -> None:
        """List what the query finds."""
        self.model.show(query)
        self._describe()

    def refresh(self) -> None:
        """List it as it stands now."""
        self._total = None
        self.ask(self.model.query)

    def hear(self, touched: Touched) -> None:
        """News from the store."""
        self._total = None
        if self.model.hear(touched):
            self._describe()

    def focus_list(self) -> None:
        """Into the list, on its current record or on the first; into the lesson when empty."""
        if self.currentWidget() is self.empty:
            self.empty.button.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if not self.table.current_id():
            self.table.setCurrentIndex(self.model.index(0, 0))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _describe(self) -> None:
        found = self.model.rowCount()
        self.counted.emit(self._count_words(found))
        if not found:
            self._teach()
        self.setCurrentWidget(self.table if found else self.empty)

    @property
    def _narrowed(self) -> bool:
        query = self.model.query
        return bool(query.search or query.filters or query.state or query.ids is not None)

    def _count_words(self, found: int) -> str:
        kind = noun(self._kind)
        if self.model.query.moved:
            return _("{count} {kind} đã chuyển đi").format(count=grouped(found), kind=kind)
        if self.model.query.bin:
            return _("{count} {kind} trong thùng rác").format(count=grouped(found), kind=kind)
        if not self._narrowed:
            self._total = found
            return _("{count} {kind}").format(count=grouped(found), kind=kind)
        if self._total is None:
            self._total = self._store.count(self._kind, Query())
        return _("{found} trong {total} {kind}").format(
            found=grouped(found), total=grouped(self._total), kind=kind
        )

    def _teach(self) -> None:
        kind = noun(self._kind)
        if self._narrowed:
            self.empty.say(
                "search",
                _("Không tìm thấy {kind} nào").format(kind=kind),
                _(
                    "Thử gõ ít chữ hơn, chỉ gõ tên, hoặc gõ không dấu. Những gì đã xóa nằm trong "
                    "thùng rác."
                ),
                _("Bỏ tìm và bỏ lọc"),
                self.all_asked.emit,
            )
        elif self.model.query.bin:
            self.empty.say(
                "bin",
                _("Thùng rác trống"),
                _("Những gì anh/chị xóa nằm lại đây và lấy ra được bất cứ lúc nào."),
                _("Trở lại danh sách"),
                self.all_asked.emit,
            )
        elif self._kind.keeper is Keeper.CENTRE:
            words = _("Mục này do Trung ương ban hành, tự về máy khi đồng bộ.")
            title = _("Chưa có {kind} nào").format(kind=kind)
            self.empty.say(self._kind.icon, title, words)
        else:
            title = _("Chưa có {kind} nào").format(kind=kind)
            words = add_words(self._kind)
            self.empty.say(self._kind.icon, title, teaching(self._kind), words, self.add_asked.emit)
