"""Editors for lines, paragraphs and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from sync.records.fields import Field
from sync.records.types import Number, Value
from vla_desktop.ui import theme
from vla_desktop.ui.editors.base import FieldEditor, LineEditor
from vla_desktop.ui.widgets.labels import label

if TYPE_CHECKING:
    from vla_desktop.store.store import Store


class TextEditor(LineEditor):
    """A line of text."""


class NumberEditor(LineEditor):
    """A whole number; dots come by themselves when one leaves. The unit stands behind."""

    def __init__(self, field: Field, store: Store) -> None:
        super().__init__(field, store)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
        self._unit: QLabel | None = None
        if isinstance(field.type, Number) and field.type.unit:
            self._unit = label(field.type.unit, "muted")
            self._unit.setWordWrap(False)
            self.row.addWidget(self._unit)


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
