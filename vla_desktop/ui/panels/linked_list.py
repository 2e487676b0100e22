"""The records of one kind that point at a record through one of their links."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from sync.records import name_of
from sync.records.base import Keeper, Record
from sync.records.fields import fields, fields_by_name
from sync.records.types import Link
from sync.texts import _
from vla_desktop.store.store import Store
from vla_desktop.ui.bridge import Touched
from vla_desktop.ui.itemmodels import RecordTableModel
from vla_desktop.ui.panels.deeds import Deeds
from vla_desktop.ui.panels.record_table import RecordTable
from vla_desktop.ui.panels.teaching import add_words
from vla_desktop.ui.recordform import RecordForm
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import label


def seen_from(kind: type[Record], link: str) -> str:
    """What the records of a kind are to whom they point at by `link`.

    A kind that is named by another link is called by that: from a member, a participation is an
    activity.
    """
    for field in fields(kind):
        is_naming = field.titled and field.required and isinstance(field.type, Link)
        if is_naming and field.name != link:
            return _(field.label)
    return _(kind.label)


def add_words_from(kind: type[Record], link: str) -> str:
    """The button that adds one: "Thêm nhân sự", from a member "Ghi vào hoạt động"."""
    seen = seen_from(kind, link)
    if seen == _(kind.label):
        return add_words(kind)
    return _("Ghi vào {kind}").format(kind=seen[:1].lower() + seen[1:])


class LinkedList(QWidget):
    """Lists them, adds one with the link already filled in, edits those that live here.

    A kind whose required link names it (an event of a member) is edited in place; any other has
    a page of its own, and `open_asked` carries (kind name, id) there.
    """

    open_asked = Signal(str, str)
    counted = Signal(int)

    def __init__(
        self,
        store: Store,
        kind: type[Record],
        link: str,
        deeds: Deeds,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._kind = kind
        self._link = link
        self._deeds = deeds
        self._owner = ""
        field = fields_by_name(kind)[link]
        assert isinstance(field.type, Link)  # noqa: S101 - told to the type checker
        self._target = field.type.target
        self.lives_here = field.required and field.titled
        self.model = RecordTableModel(store, kind, self, without=(link,))
        self.table = RecordTable(self.model, self)
        self.table.setAccessibleName(_(kind.label))
        self.form = RecordForm(store, kind, self)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self._build_list())
        self.stack.addWidget(self._build_form())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        self.table.opened.connect(self._open)
        self.table.delete_asked.connect(self._delete)
        self.form.saved.connect(self._back)
        self.form.cancelled.connect(self._back)

    def _build_list(self) -> QWidget:
        page = QWidget(self)
        words = add_words_from(self._kind, self._link)
        self.add_button = buttons.secondary(words, "add", self.add)
        if self._kind.keeper is Keeper.CENTRE:
            self.add_button.hide()
        teach = _("Chưa có gì ở đây. Bấm “{button}” để ghi mục đầu tiên.").format(button=words)
        self._none = label(teach, "muted")
        self._none.setAlignment(Qt.AlignmentFlag.AlignTop)
        head = QHBoxLayout()
        head.addWidget(self.add_button)
        head.addStretch(1)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self._none)
        layout.addWidget(self.table, 1)
        layout.addStretch(0)
        return page

    def _build_form(self) -> QWidget:
        page = QWidget(self)
        back = buttons.quiet(_("Trở lại danh sách"), "chevron-left", self._back)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.form, 1)
        return page

    def show_owner(self, record_id: str) -> None:
        """List what points at this record."""
        if record_id != self._owner:
            self.stack.setCurrentIndex(0)
        self._owner = record_id
        self.model.show(replace(self.model.query, filters={self._link: record_id}))
        self._count()

    def hear(self, touched: Touched) -> None:
        """News from the store."""
        if self._owner and self.model.hear(touched):
            self._count()

    def _count(self) -> None:
        count = self.model.rowCount()
        self._none.setVisible(not count)
        self.table.setVisible(bool(count))
        self.counted.emit(count)

    def add(self) -> None:
        """Begin a record that points at the one shown."""
        half_typed = self._store.draft(self._kind, None) or {}
        self.form.load(None, {self._link: self._owner})
        self.stack.setCurrentIndex(1)
        meant_for = str(half_typed.get(self._link, self._owner))
        if meant_for not in ("", self._owner):
            title = self._store.title(self._target, meant_for)
            self.form.bar.show_warning(
                _("Đây là phần ghi dở của “{title}”.").format(title=title),
                _("Lưu hoặc bỏ nó rồi hãy thêm cho bản ghi đang mở."),
                _("Bỏ phần ghi dở"),
                self._start_over,
            )
        self.form.body.focus(next(name for name in self.form.body.rows if name != self._link))

    def _start_over(self) -> None:
        self.form.discard()
        self.form.load(None, {self._link: self._owner})

    def _open(self, record_id: str) -> None:
        if not self.lives_here:
            self.open_asked.emit(name_of(self._kind), record_id)
            return
        self.form.load(record_id)
        self.stack.setCurrentIndex(1)
        self.form.focus_first()

    def _delete(self, record_id: str) -> None:
        self._deeds.delete(self._kind, record_id)
        self.model.refresh()
        self._count()

    def _back(self) -> None:
        self.stack.setCurrentIndex(0)
        self.model.refresh()
        self._count()
        self.table.setFocus()
