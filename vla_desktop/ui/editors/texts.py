"""Editors for lines, paragraphs and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from sync.records.fields import Field
from sync.records.types import Number, Value
from vla_desktop.ui import theme
from vla_desktop.ui.editors.base import FieldEditor, LineEditor

if TYPE_CHECKING:
    from vla_desktop.store.store import Store


class TextEditor(LineEditor):
    """A line of text."""


class NumberEditor(LineEditor):
    """A whole number; dots come by themselves when one leaves. Amounts are echoed below."""

    def __init__(self, field: Field, store: Store) -> None:
        super().__init__(field, store)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)

    def note(self) -> str:
        unit = self.field.type.unit if isinstance(self.field.type, Number) else ""
        value = self.value()
        # Noughts are hard to count without dots while one still types.
        return f"{self.field.type.show(value)} {unit}" if unit and value is not None else ""


class LongTextEditor(FieldEditor):
    """Several lines. Enter begins a new line, Ctrl+Enter and Tab go on to the next field."""

    wide = True
    LINES = 3

    def __init__(self, field: Field, store: Store) -> None:
        super().__init__(field, store)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self._add_main(self.text)
        self.text.textChanged.connect(self._on_changed)
        self._is_set_by_us = False
        self._fit()
        theme.theme().changed.connect(self._fit)

    def value(self) -> Value:
        return self.field.type.read(self.text.toPlainText())

    def set_value(self, value: Value) -> None:
        self._is_set_by_us = True
        self.text.setPlainText(str(value or ""))
        self._is_set_by_us = False

    def set_read_only(self, is_read_only: bool) -> None:
        self.text.setReadOnly(is_read_only)

    def _on_changed(self) -> None:
        if not self._is_set_by_us:
            self.changed.emit()

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return super()._on_key(event)
        return False

    def _fit(self) -> None:
        self.text.setFixedHeight(theme.theme().tokens.px(20) * self.LINES + 20)
