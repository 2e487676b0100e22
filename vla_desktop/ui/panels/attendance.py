"""Who took part in an activity, written down as fast as names can be typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from sync.problems import InvalidRecord
from sync.records import name_of
from sync.records.member import Member
from sync.records.participation import Participation
from sync.records.types import Value
from sync.texts import _
from vla_desktop.store.store import Query, Row, Store
from vla_desktop.ui.bridge import Touched
from vla_desktop.ui.itemmodels import RecordTableModel
from vla_desktop.ui.panels.deeds import Deeds
from vla_desktop.ui.panels.record_tab import RecordTab
from vla_desktop.ui.panels.record_table import RecordTable
from vla_desktop.ui.theme import set_role
from vla_desktop.ui.widgets.labels import label

_OFFERED = 6
_MEMBER_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_ACTIVITY = Participation.activity.key
_MEMBER = Participation.member.key
_GUEST = Participation.guest_name.key


class AttendanceTab(RecordTab):
    """Type part of a name, Enter writes the person down and the line is ready for the next."""

    def __init__(self, store: Store, deeds: Deeds, parent: QWidget | None = None) -> None:
        super().__init__(_(Participation.label), parent)
        self._store = store
        self._deeds = deeds
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(_("Gõ một phần tên hội viên rồi bấm Enter, không cần dấu"))
        self.line.setAccessibleName(_("Thêm người tham dự"))
        self.offers = QListWidget(self)
        self.offers.setAccessibleName(_("Người có tên gần giống"))
        self.offers.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.said = label("", "muted")
        self.model = RecordTableModel(store, Participation, self, without=(_ACTIVITY,))
        self.table = RecordTable(self.model, self)
        self.table.setAccessibleName(_("Danh sách người tham dự"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(8)
        for widget in (self.line, self.offers, self.said):
            layout.addWidget(widget)
        layout.addWidget(self.table, 1)
        layout.addStretch(0)
        self.offers.hide()
        self.line.textEdited.connect(self._offer)
        self.line.installEventFilter(self)
        self.offers.itemClicked.connect(self._add)
        self.table.opened.connect(self._open_person)
        self.table.delete_asked.connect(self._remove)

    def fill(self, record: Row) -> None:
        self._show_list(record)
        self.line.clear()
        self.offers.hide()

    def hear(self, touched: Touched) -> None:
        if self.isVisible():
            if self.model.hear(touched):
                self._count()
        else:
            super().hear(touched)

    def _show_list(self, record: Row) -> None:
        self.model.show(Query(filters={_ACTIVITY: record.id}))
        self._count()

    def _count(self) -> None:
        count = self.model.rowCount()
        self.table.setVisible(bool(count))
        self.renamed.emit(f"{self.label} ({count})" if count else self.label)
        if not count:
            self._say(_("Chưa ghi ai tham dự. Khách không phải hội viên cũng ghi được."), "muted")

    def _say(self, sentence: str, role: str) -> None:
        self.said.setText(sentence)
        set_role(self.said, role)

    # --- adding --------------------------------------------------------------------------

    def _offer(self, text: str) -> None:
        self.offers.clear()
        typed = text.strip()
        if typed:
            for person in self._store.suggest(name_of(Member), typed, _OFFERED):
                words = f"{person.title}   {person.detail}".strip()
                QListWidgetItem(words, self.offers).setData(_MEMBER_ROLE, person.id)
            guest = _("Ghi khách: {name}").format(name=typed)
            QListWidgetItem(guest, self.offers).setData(_MEMBER_ROLE, "")
            self.offers.setCurrentRow(0)
            height = self.offers.sizeHintForRow(0) * self.offers.count()
            self.offers.setFixedHeight(height + 2 * self.offers.frameWidth() + 8)
        self.offers.setVisible(bool(typed))

    def _add(self, item: QListWidgetItem) -> None:
        if self.record is None:
            return
        member = str(item.data(_MEMBER_ROLE))
        guest = "" if member else self.line.text().strip()
        values: dict[str, Value] = {
            **self._store.initial(Participation),
            _ACTIVITY: self.record.id,
            _MEMBER: member,
            _GUEST: guest,
        }
        try:
            saved = self._store.save(Participation, values)
        except InvalidRecord as fault:
            self._say(" ".join(fault.by_field.values()), "error")
            self.line.selectAll()
            return
        self._show_list(self.record)
        self.table.go_to(saved.id)
        name = guest or self._store.title(name_of(Member), member)
        count = self.model.rowCount()
        self._say(
            _("Đã ghi {name}. Cả thảy {count} người.").format(name=name, count=count), "success"
        )
        self.line.clear()
        self.offers.hide()
        self.line.setFocus()

    def _remove(self, record_id: str) -> None:
        self._deeds.delete(Participation, record_id)
        if self.record is not None:
            self._show_list(self.record)

    def _open_person(self, record_id: str) -> None:
        row = self._store.get(Participation, record_id)
        if row is not None and row.values.get(_MEMBER):
            self.open_asked.emit(name_of(Member), str(row.values[_MEMBER]))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event.key())
        return super().eventFilter(watched, event)

    def _on_key(self, key: int) -> bool:
        shown = self.offers.isVisible()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self.offers.currentItem() if shown else None
            if item is not None:
                self._add(item)
            return True
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and shown:
            step = 1 if key == Qt.Key.Key_Down else -1
            self.offers.setCurrentRow((self.offers.currentRow() + step) % self.offers.count())
            return True
        if key == Qt.Key.Key_Down:
            self.table.setFocus()
            return True
        if key == Qt.Key.Key_Escape and shown:
            self.line.clear()
            self.offers.hide()
            return True
        return False
