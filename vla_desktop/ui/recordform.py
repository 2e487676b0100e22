"""The form for one record of any kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sync.problems import Finding, InvalidRecord, Level, Problem
from sync.records.base import Keeper, Record
from sync.records.types import Value
from sync.texts import N_, _
from vla_desktop.ui.fieldrow import FieldRow
from vla_desktop.ui.formbody import FormBody
from vla_desktop.ui.formfooter import FormFooter
from vla_desktop.ui.formjudge import FormJudge
from vla_desktop.ui.widgets.labels import label
from vla_desktop.ui.widgets.message_bar import MessageBar
from vla_desktop.ui.widgets.question import ask

if TYPE_CHECKING:
    from vla_desktop.store.store import Store


_NEWER_PARTS = N_(
    "Bản ghi này có phần của phiên bản mới hơn, chưa hiện được ở đây; phần ấy vẫn được giữ. "
    "Anh/chị cài bản mới để xem."
)


class RecordForm(QWidget):
    """Fills in a new record or changes one. Nothing typed is lost: it is kept as a draft.

    A field shows its mistake once it was typed in or a save was tried, so that an empty form
    does not begin in red. One form serves many records, one after the other.
    """

    saved = Signal(str)  # the record's id
    cancelled = Signal()
    dirty_changed = Signal(bool)

    DRAFT_MS = 1000

    def __init__(self, store: Store, kind: type[Record], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store, self.kind = store, kind
        self.record_id: str | None = None
        self.bar = MessageBar(self)
        self.newer = label(_(_NEWER_PARTS), "help", self)
        self.body = FormBody(store, kind)
        self.footer = FormFooter()
        self.judge = FormJudge(store, kind, self.body)
        self._base: dict[str, Value] = {}
        self._prefilled: frozenset[str] = frozenset()
        self._is_dirty = self._is_locked = self._is_issued = self._is_saved = False
        self._draft_timer = QTimer(self)
        self._draft_timer.setSingleShot(True)
        self._draft_timer.setInterval(self.DRAFT_MS)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.bar.setMaximumWidth(FormBody.WIDEST)
        above = QVBoxLayout()
        # Twelve more on the right for the scroll bar, so that it stands above the sheet.
        above.setContentsMargins(16, 0, 28, 0)
        above.addWidget(self.bar)
        above.addWidget(self.newer)
        upper = QVBoxLayout()
        upper.setContentsMargins(0, 12, 0, 0)
        upper.setSpacing(12)
        upper.addLayout(above)
        upper.addWidget(self.body, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper, 1)
        column.addWidget(self.footer)
        self.body.order_tabs()
        QWidget.setTabOrder(list(self.body)[-1].editor.main(), self.footer.save)
        QWidget.setTabOrder(self.footer.save, self.footer.cancel)

    def _connect(self) -> None:
        for row in self.body:
            row.editor.changed.connect(lambda row=row: self._on_changed(row))
            row.editor.left.connect(lambda row=row: self._on_left(row))
        self.body.ended.connect(self.footer.save.setFocus)
        self.judge.judged.connect(self._tell)
        self.footer.save.clicked.connect(self.save)
        self.footer.cancel.clicked.connect(self.cancel)
        self._draft_timer.timeout.connect(self.keep_draft)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.save)

    def load(self, record_id: str | None, prefilled: Mapping[str, Value] | None = None) -> None:
        """Show a record, or a new one for None, with what was left unsaved in it.

        `prefilled` is put into a new record on top of what it starts with; by itself it is nothing
        to save. An id that does not exist (any more) raises LookupError.
        """
        if self._is_dirty:
            self.keep_draft()
        row = None if record_id is None else self.store.get(self.kind, record_id)
        if record_id is not None and row is None:
            raise LookupError(record_id)
        self._draft_timer.stop()
        self.bar.dismiss()
        self.record_id = record_id
        self._is_saved = False
        self._prefilled = frozenset(prefilled or ())
        self._fill(self.store.initial(self.kind) if row is None else row.values)
        self._fill(prefilled or {})
        self._base = self._kept()
        self._bring_back_draft()
        self.newer.setVisible(row is not None and self.store.has_newer_parts(self.kind, row.id))
        self._is_issued = row.is_issued if row else self.kind.keeper is Keeper.CENTRE
        self._lock(row.is_read_only if row else self._is_issued)
        self.body.verticalScrollBar().setValue(0)

    def values(self) -> dict[str, Value]:
        """Every field as it stands; what cannot be read is the empty value."""
        return {row.field.name: row.editor.value() for row in self.body}

    def changes(self) -> dict[str, Value]:
        """Only what differs from what was loaded; text that cannot be read is given as it is."""
        return {name: kept for name, kept in self._kept().items() if kept != self._base.get(name)}

    def is_dirty(self) -> bool:
        """Whether there is something that was not saved."""
        return self._is_dirty

    def focus_field(self, name: str) -> None:
        """Go to a field and say what is wrong with it."""
        self.judge.ask(name)
        self.judge.judge()
        self.body.focus(name)

    def focus_first(self) -> None:
        """Begin at the top."""
        self.body.focus(next(iter(self.body.rows)))

    def save(self) -> bool:
        """Write it down. False when a mistake or a problem stands in the way; it is on screen."""
        if self._is_locked:
            return False
        for row in self.body:
            row.editor.settle()
        faults = self.judge.text_faults()
        if faults:
            return self._refuse([*faults, *self.judge.findings()])
        entered = self.values()
        if self.record_id is not None:
            entered = {name: entered[name] for name in self.changes()}
        try:
            saved = self.store.save(self.kind, entered, self.record_id)
        except InvalidRecord as invalid:
            return self._refuse(invalid.findings)
        except Problem as problem:
            self.bar.show_problem(problem)
            return False
        self._on_saved(saved.id, saved.findings)
        return True

    def cancel(self) -> None:
        """Take back what was not saved, after asking."""
        if self._is_dirty:
            title, text = _("Bỏ phần chưa lưu?"), _("Những gì vừa ghi trong phiếu này sẽ mất.")
            if not ask(self, title, text, _("Bỏ"), _("Ghi tiếp"), is_dangerous=True):
                return
            self.discard()
        self.cancelled.emit()

    def discard(self) -> None:
        """Take back what was not saved, without asking."""
        self._set_dirty(False)
        self.store.drop_draft(self.kind, self.record_id)
        self.load(self.record_id)

    def keep_draft(self) -> None:
        """Put what was typed in safety now; a form that shows no record has nothing to keep."""
        self._draft_timer.stop()
        if not self._base:
            return
        changes = self.changes()
        if changes:
            # What came with the form belongs to what was typed: whose it is must not get lost.
            given = {name: self._base[name] for name in self._prefilled}
            self.store.keep_draft(self.kind, self.record_id, {**given, **changes})
        else:
            self.store.drop_draft(self.kind, self.record_id)

    def refresh(self) -> None:
        """The record was changed elsewhere: show it, except where the clerk is typing."""
        row = None if self.record_id is None else self.store.get(self.kind, self.record_id)
        if row is None:
            return
        mine = self.changes()
        self._fill({name: value for name, value in row.values.items() if name not in mine})
        self._base |= {name: kept for name, kept in self._kept().items() if name not in mine}
        self._lock(row.is_read_only)
        self.judge.judge()

    def hideEvent(self, event: QHideEvent) -> None:
        if self._is_dirty:
            self.keep_draft()
        super().hideEvent(event)

    def _on_changed(self, row: FieldRow) -> None:
        self.judge.ask(row.field.name)
        self._set_dirty(bool(self.changes()))
        self.judge.soon()
        # Not begun anew by each key: a fast typist's work must reach the disk too.
        if not self._draft_timer.isActive():
            self._draft_timer.start()

    def _on_left(self, row: FieldRow) -> None:
        if self.judge.has_asked(row.field.name):
            self.judge.judge()

    def _on_saved(self, record_id: str, doubts: Iterable[Finding]) -> None:
        self.store.drop_draft(self.kind, self.record_id)
        self._set_dirty(False)
        self.load(record_id)
        self._is_saved = True
        self.judge.ask()
        self.judge.show(doubts)
        self.saved.emit(record_id)

    def _refuse(self, findings: Iterable[Finding]) -> bool:
        self.bar.show_error(*self.judge.refuse(findings))
        first = self.body.first_faulty()
        if first:
            self.body.focus(first)
        return False

    def _kept(self) -> dict[str, Value]:
        return {row.field.name: row.editor.kept() for row in self.body}

    def _fill(self, values: Mapping[str, Value]) -> None:
        for name, value in values.items():
            if name in self.body.rows:
                self.body.rows[name].editor.set_value(value)

    def _bring_back_draft(self) -> None:
        draft = self.store.draft(self.kind, self.record_id) or {}
        self._fill(draft)
        self._set_dirty(bool(self.changes()))
        self.judge.begin(self.record_id, draft)
        if draft:
            self.judge.judge()
            self.bar.show_note(
                _("Đây là phần anh/chị ghi dở lần trước."),
                _("Bấm Lưu để giữ, hoặc bỏ để trở về bản đã lưu."),
                _("Bỏ phần ghi dở"),
                self.discard,
            )

    def _lock(self, is_locked: bool) -> None:
        if is_locked != self._is_locked:
            self._is_locked = is_locked
            for row in self.body:
                row.editor.set_read_only(is_locked)
            self.footer.save.setEnabled(not is_locked)
        self._tell()

    def _set_dirty(self, is_dirty: bool) -> None:
        if is_dirty != self._is_dirty:
            self._is_dirty = is_dirty
            self.dirty_changed.emit(is_dirty)

    def _tell(self) -> None:
        if self._is_locked:
            self.footer.show_locked(is_issued=self._is_issued)
        elif self._is_dirty or self.judge.count(Level.BLOCK):
            self.footer.show_dirty(self.judge.count(Level.BLOCK))
        elif self._is_saved:
            self.footer.show_saved(self.judge.count(Level.WARN))
        else:
            self.footer.show_clean(is_new=self.record_id is None)
