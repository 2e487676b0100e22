"""The sealed text of a record: readable after the branch's key was opened, and only in the form.

What the editor gives and takes is the sealed text. What was written in the clear lives in this
widget alone: drafts, lists, history and files get the ciphertext.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout

from sync.problems import Problem
from sync.records.fields import Field
from sync.records.types import LongText, Value
from sync.texts import N_, _
from vla_desktop.store.branch_keys import Condition
from vla_desktop.ui import theme
from vla_desktop.ui.editors.base import FieldEditor
from vla_desktop.ui.widgets import buttons

if TYPE_CHECKING:
    from vla_desktop.store.store import Store

MOST_LETTERS = 4000
_SENTENCES = {
    Condition.NONE: N_("Chi hội chưa có khóa; tạo khóa một lần là ghi được."),
    Condition.ABSENT: N_("Máy này chưa có khóa của chi hội."),
    Condition.ASKED: N_("Chưa có khóa của chi hội: đang chờ máy đã có khóa trao cho."),
    Condition.LOCKED: N_("Gõ mật khẩu xem hồ sơ bảo trợ để đọc và ghi."),
}


class SealedEditor(FieldEditor):
    """Several lines while the key is open; else one sentence and the way to the key."""

    wide = True
    LINES = 5

    def __init__(self, field: Field, store: Store) -> None:
        super().__init__(field, store)
        self._value = ""
        self._plain: str | None = ""  # None while it cannot be read
        self._is_set_by_us = False
        self._is_read_only = False
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
        self.button = buttons.quiet("", "key", self._open_keys)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._add_main(self.text)
        self.row.removeWidget(self.text)
        column.addWidget(self.text)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.row.addLayout(column, 1)
        self.text.textChanged.connect(self._on_changed)
        theme.theme().changed.connect(self._fit)
        self._fit()
        self.show_text()

    def value(self) -> Value:
        return self._value

    def set_value(self, value: Value) -> None:
        self._value = str(value or "")
        self.show_text()

    def text_fault(self) -> str:
        if self._plain is not None and len(self._plain) > MOST_LETTERS:
            return _("Dài quá {most} ký tự, hiện có {length}.").format(
                most=MOST_LETTERS, length=len(self._plain)
            )
        return ""

    def set_read_only(self, is_read_only: bool) -> None:
        self._is_read_only = is_read_only
        self.show_text()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if (self._plain is None) == (self.store.keys.condition() is Condition.OPEN):
            self.show_text()

    def show_text(self) -> None:
        """Read what can be read, and say why when it cannot."""
        keys, condition, sentence = self.store.keys, self.store.keys.condition(), ""
        self._plain = None
        if condition is Condition.OPEN:
            try:
                self._plain = keys.read(self._name(), self._value)
            except Problem as problem:
                sentence = str(problem)
        else:
            sentence = _(_SENTENCES[condition])
        self._is_set_by_us = True
        self.text.setPlainText(self._plain or "")
        self._is_set_by_us = False
        covered = _("Đã niêm phong.") if self._value and self._plain is None else ""
        self.text.setPlaceholderText(f"{covered} {sentence}".strip())
        self.text.setReadOnly(self._is_read_only or self._plain is None)
        is_open = condition is Condition.OPEN
        self.button.setText(_("Khóa của chi hội…") if is_open else _("Mở bằng khóa chi hội…"))
        self.button.setAccessibleName(f"{self.button.text()} {_(self.field.label)}")

    def _on_changed(self) -> None:
        if self._is_set_by_us or self._plain is None:
            return
        typed = str(LongText().read(self.text.toPlainText()))
        if typed != self._plain:
            self._plain = typed
            self._value = self.store.keys.seal(self._name(), typed)
            self.changed.emit()

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return super()._on_key(event)
        return False

    def _name(self) -> str:
        return self.field.name

    def _open_keys(self) -> None:
        from vla_desktop.ui.dialogs.branch_keys import BranchKeysDialog

        dialog = BranchKeysDialog(self.store.keys, self.window())
        dialog.finished.connect(self.show_text)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _fit(self) -> None:
        self.text.setFixedHeight(theme.theme().tokens.px(20) * self.LINES + 20)
