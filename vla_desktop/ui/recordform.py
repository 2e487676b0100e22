"""The form for one record of any kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sync.problems import Finding, InvalidRecord, Level, Problem, blocking
from sync.records.base import Record
from sync.records.types import Value
from sync.texts import _
from vla_desktop.ui.fieldrow import FieldRow
from vla_desktop.ui.formbody import FormBody
from vla_desktop.ui.formfooter import FormFooter
from vla_desktop.ui.widgets.message_bar import MessageBar
from vla_desktop.ui.widgets.question import ask

if TYPE_CHECKING:
    from vla_desktop.store.store import Store


class RecordForm(QWidget):
    """Fills in a new record or changes one. Nothing typed is lost: it is kept as a draft.

    A field shows its mistake once it was typed in or a save was tried, so that an empty form
    does not begin in red. The widgets are made at the first `load`.
    """

    saved = Signal(str)  # the record's id
    cancelled = Signal()
    dirty_changed = Signal(bool)

    CHECK_MS = 250
    PATIENCE_MS = 900
    DRAFT_MS = 1000

    def __init__(self, store: Store, kind: type[Record], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self.kind = kind
        self.record_id: str | None = None
        self.bar = MessageBar(self)
        self.footer = FormFooter()
        self._body: FormBody | None = None
        self._base: dict[str, Value] = {}
        self._shown: set[str] = set()
        self._is_dirty = False
        self._is_locked = False
        self._check_timer = self._single_shot(self.CHECK_MS, self._check)
        self._patience = self._single_shot(self.PATIENCE_MS, self._judge_text)
        self._draft_timer = self._single_shot(self.DRAFT_MS, self.keep_draft)
        self.footer.save.clicked.connect(self.save)
        self.footer.cancel.clicked.connect(self.cancel)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.save)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.bar)
        self._column.addWidget(self.footer)

    @property
    def body(self) -> FormBody:
        """The fields; made when first asked for."""
        if self._body is None:
            self._body = FormBody(self.store, self.kind)
            self._column.insertWidget(1, self._body, 1)
            for row in self._body:
                row.editor.changed.connect(lambda row=row: self._on_changed(row))
                row.editor.left.connect(lambda row=row: self._on_left(row))
            self._body.ended.connect(self.footer.save.setFocus)
            self._body.order_tabs()
            last = list(self._body)[-1].editor.main()
            QWidget.setTabOrder(last, self.footer.save)
            QWidget.setTabOrder(self.footer.save, self.footer.cancel)
        return self._body

    def load(self, record_id: str | None, prefilled: Mapping[str, Value] | None = None) -> None:
        """Show a record, or a new one for None, with what was left unsaved in it.

        `prefilled` is put into a new record on top of what it starts with. An id that does not
        exist (any more) raises LookupError.
        """
        if self._is_dirty:
            self.keep_draft()
        row = None if record_id is None else self.store.get(self.kind, record_id)
        if record_id is not None and row is None:
            raise LookupError(record_id)
        values = dict(self.store.initial(self.kind) if row is None else row.values)
        self._forget()
        self.record_id = record_id
        self._fill(values)
        self._base = self._kept()
        if row is None and prefilled:
            self._fill(prefilled)
        self._lock(is_locked=row is not None and row.deleted)
        self._offer_draft()
        self._tell()

    def values(self) -> dict[str, Value]:
        """Every field as it stands; what cannot be read is the empty value."""
        return {row.field.name: row.editor.value() for row in self.body}

    def changes(self) -> dict[str, Value]:
        """Only what differs from what was loaded; text that cannot be read is given as it is."""
        return {name: kept for name, kept in self._kept().items() if kept != self._base[name]}

    def is_dirty(self) -> bool:
        """Whether there is something that was not saved."""
        return self._is_dirty

    def focus_field(self, name: str) -> None:
        """Go to a field and say what is wrong with it."""
        self._shown.add(name)
        self._check()
        self.body.focus(name)

    def focus_first(self) -> None:
        """Begin at the top."""
        self.body.focus(next(iter(self.body.rows)))

    def save(self) -> bool:
        """Write it down. False when a mistake or a problem stands in the way; it is on screen."""
        for row in self.body:
            row.editor.settle()
        self._shown.update(self.body.rows)
        faults = self._text_faults()
        if faults:
            self._refuse([*faults, *self._findings()])
            return False
        is_new = self.record_id is None
        entered = self.values()
        changed = {name: entered[name] for name in self.changes()}
        try:
            saved = self.store.save(self.kind, entered if is_new else changed, self.record_id)
        except InvalidRecord as invalid:
            self._refuse(invalid.findings)
            return False
        except Problem as problem:
            self.bar.show_problem(problem)
            return False
        self._on_saved(saved.id, saved.findings)
        return True

    def cancel(self) -> None:
        """Take back what was not saved, after asking."""
        if self._is_dirty:
            title, text = _("Bỏ phần chưa lưu?"), _("Những gì vừa ghi trong mẫu này sẽ mất.")
            if not ask(self, title, text, _("Bỏ"), _("Ghi tiếp"), is_dangerous=True):
                return
            self.discard()
        self.cancelled.emit()

    def discard(self) -> None:
        """Take back what was not saved, without asking."""
        self._draft_timer.stop()
        self._set_dirty(False)
        self.store.drop_draft(self.kind, self.record_id)
        self.load(self.record_id)

    def keep_draft(self) -> None:
        """Put what was typed in safety now."""
        self._draft_timer.stop()
        if self._body is None:
            return
        changes = self.changes()
        if changes:
            self.store.keep_draft(self.kind, self.record_id, changes)
        else:
            self.store.drop_draft(self.kind, self.record_id)

    def refresh(self) -> None:
        """The record was changed elsewhere: show it, except where the clerk is typing."""
        if self.record_id is None:
            return
        row = self.store.get(self.kind, self.record_id)
        if row is None:
            return
        mine = self.changes()
        self._fill({name: row.values[name] for name in self.body.rows if name not in mine})
        self._base |= {name: kept for name, kept in self._kept().items() if name not in mine}
        self._lock(is_locked=row.deleted)
        self._check()

    def hideEvent(self, event: QHideEvent) -> None:
        if self._is_dirty:
            self.keep_draft()
        super().hideEvent(event)

    def _on_changed(self, row: FieldRow) -> None:
        self._shown.add(row.field.name)
        self._set_dirty(bool(self.changes()))
        self._check_timer.start()
        self._patience.start()
        if not self._draft_timer.isActive():
            self._draft_timer.start()

    def _on_left(self, row: FieldRow) -> None:
        if row.field.name in self._shown:
            self._check(patient=False)

    def _on_saved(self, record_id: str, findings: Iterable[Finding]) -> None:
        self._draft_timer.stop()
        self.store.drop_draft(self.kind, self.record_id)
        self._set_dirty(False)
        self.bar.dismiss()
        self.load(record_id)
        self._show(findings)
        self.footer.show_saved(sum(1 for row in self.body if row.level is Level.WARN))
        self.saved.emit(record_id)

    def _refuse(self, findings: Iterable[Finding]) -> None:
        """Say what stands in the way and go there."""
        found = list(findings)
        self._show(found)
        first = self.body.first_faulty()
        of_all = " ".join(f.sentence for f in blocking(found) if f.field not in self.body.rows)
        count = sum(1 for row in self.body if row.level is Level.BLOCK)
        what = _("Chưa lưu: còn {count} chỗ cần sửa.").format(count=count)
        names = ", ".join(_(r.field.label) for r in self.body if r.level is Level.BLOCK)
        self.bar.show_error(what if count else _("Chưa lưu được."), of_all or names)
        if first:
            self.body.focus(first)

    def _check(self, *, patient: bool = True) -> None:
        """Say beside the fields what the rules have to say of those that were typed in."""
        self._check_timer.stop()
        focused = self._focused() if patient else ""
        faults = [f for f in self._text_faults() if f.field != focused or self._has_fault(f.field)]
        self._show([*faults, *self._findings()])

    def _judge_text(self) -> None:
        self._check(patient=False)

    def _findings(self) -> list[Finding]:
        unreadable = {fault.field for fault in self._text_faults()}
        found = self.store.check(self.kind, self.values(), self.record_id)
        return [finding for finding in found if finding.field not in unreadable]

    def _text_faults(self) -> list[Finding]:
        told = ((row.field.name, row.editor.text_fault()) for row in self.body)
        return [Finding(name, fault, Level.BLOCK, "text") for name, fault in told if fault]

    def _show(self, findings: Iterable[Finding]) -> None:
        heaviest: dict[str, Finding] = {}
        for finding in sorted(findings, key=lambda one: one.level is Level.WARN):
            heaviest.setdefault(finding.field, finding)
        for row in self.body:
            found = heaviest.get(row.field.name) if row.field.name in self._shown else None
            row.show_finding(found.sentence if found else "", found.level if found else None)
        self._tell()

    def _has_fault(self, name: str) -> bool:
        return self.body.rows[name].level is Level.BLOCK

    def _focused(self) -> str:
        return next((row.field.name for row in self.body if row.editor.main().hasFocus()), "")

    def _kept(self) -> dict[str, Value]:
        return {row.field.name: row.editor.kept() for row in self.body}

    def _fill(self, values: Mapping[str, Value]) -> None:
        for name, value in values.items():
            if name in self.body.rows:
                self.body.rows[name].editor.set_value(value)

    def _forget(self) -> None:
        for timer in (self._check_timer, self._patience, self._draft_timer):
            timer.stop()
        self._shown.clear()
        self.bar.dismiss()

    def _offer_draft(self) -> None:
        """Bring back what was left unsaved, and say so."""
        draft = self.store.draft(self.kind, self.record_id)
        if draft:
            self._fill(draft)
            self._shown.update(name for name in draft if name in self.body.rows)
            self.bar.show_note(
                _("Đây là phần anh/chị ghi dở lần trước."),
                _("Bấm Lưu để giữ, hoặc bỏ để trở về bản đã lưu."),
                _("Bỏ phần ghi dở"),
                self.discard,
            )
        self._set_dirty(bool(self.changes()))
        if draft:
            self._check(patient=False)
        else:
            self._show([])

    def _lock(self, *, is_locked: bool) -> None:
        self._is_locked = is_locked
        for row in self.body:
            row.editor.set_read_only(is_locked)
        self.footer.save.setEnabled(not is_locked)

    def _set_dirty(self, is_dirty: bool) -> None:
        if is_dirty != self._is_dirty:
            self._is_dirty = is_dirty
            self.dirty_changed.emit(is_dirty)
            self._tell()

    def _tell(self) -> None:
        if self._is_locked:
            self.footer.show_locked()
        elif self._is_dirty:
            self.footer.show_dirty(sum(1 for row in self.body if row.level is Level.BLOCK))
        else:
            self.footer.show_clean(is_new=self.record_id is None)

    def _single_shot(self, after_ms: int, work: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(after_ms)
        timer.timeout.connect(work)
        return timer
