"""What every editor can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from sync.problems import Level
from sync.records.fields import Field
from sync.records.types import Value
from sync.texts import _
from vla_desktop.ui import theme

if TYPE_CHECKING:
    from vla_desktop.store.store import Store

_STILL_HERE = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
_TONES = {None: "", Level.BLOCK: "danger", Level.WARN: "warning"}


class FieldEditor(QWidget):
    """A widget in which one field of a record is filled in.

    What cannot be read is never thrown away: it stays as typed, `text_fault` says why, and
    `kept` gives it for the draft. `wide` editors want the whole width of the form.
    """

    changed = Signal()  # by the clerk, never by `set_value`
    left = Signal()  # the focus has gone elsewhere
    advanced = Signal()  # Enter: the next field, please
    retreated = Signal()  # Shift+Enter: the one before

    wide = False

    def __init__(self, field: Field, store: Store) -> None:
        super().__init__()
        self.field = field
        self.store = store
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(4)

    def value(self) -> Value:
        """What was filled in; the empty value while it cannot be read."""
        raise NotImplementedError

    def set_value(self, value: Value) -> None:
        """Show a value, or text that could not be read when it was kept. Says nothing."""
        raise NotImplementedError

    def text_fault(self) -> str:
        """Why what stands here cannot be read; "" when it can."""
        return ""

    def kept(self) -> Value:
        """The value, or the text itself while it cannot be read."""
        return self.value()

    def settle(self) -> None:
        """Write what can be read as people write it; called on leaving and before saving."""

    def note(self) -> str:
        """A quiet line about what was filled in, such as where a place lies."""
        return ""

    def show_level(self, level: Level | None) -> None:
        """Mark the edge: a mistake, a doubt, or neither."""
        target = self.main()
        if target.property("tone") != _TONES[level]:
            target.setProperty("tone", _TONES[level])
            theme.repolish(target)

    def describe(self, text: str) -> None:
        """What a screen reader adds to the name: the help or the mistake."""
        self.main().setAccessibleDescription(text)

    def set_read_only(self, is_read_only: bool) -> None:
        """Show without letting it be changed."""
        self.main().setEnabled(not is_read_only)

    def main(self) -> QWidget:
        """The part that takes the focus."""
        proxy = self.focusProxy()
        return proxy if isinstance(proxy, QWidget) else self

    def _add_main(self, widget: QWidget) -> None:
        name = _(self.field.label)
        widget.setAccessibleName(
            _("{name}, bắt buộc").format(name=name) if self.field.required else name
        )
        widget.setObjectName(self.field.name)
        self.row.addWidget(widget, 1)
        self.setFocusProxy(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.main():
            if isinstance(event, QFocusEvent) and event.type() is QEvent.Type.FocusOut:
                # Its own drop-down, or another program in front, is not leaving the field.
                if event.reason() not in _STILL_HERE:
                    self._on_left()
            elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
                return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_left(self) -> None:
        self.settle()
        self.left.emit()

    def _on_key(self, event: QKeyEvent) -> bool:
        """True when the key was used up."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        self.settle()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.retreated.emit()
        else:
            self.advanced.emit()
        return True


def add_end_button(
    line: QLineEdit, icon_name: str, name: str, callback: Callable[[], object]
) -> QAction:
    """A small button at the end of a line, for the mouse; the keyboard has keys for it."""
    line.setStyle(theme.theme().line_style)
    action = line.addAction(
        theme.icon(icon_name, "muted"), QLineEdit.ActionPosition.TrailingPosition
    )
    action.setText(name)
    action.setToolTip(name)

    def pressed(_checked: bool = False) -> None:
        callback()

    action.triggered.connect(pressed)
    return action


class LineEditor(FieldEditor):
    """An editor whose text is read by the field's type."""

    def __init__(self, field: Field, store: Store) -> None:
        super().__init__(field, store)
        self.line = QLineEdit()
        if field.max_length is not None:
            self.line.setMaxLength(field.max_length)
        self._add_main(self.line)
        self.line.textEdited.connect(self._on_edited)

    def value(self) -> Value:
        try:
            return self.field.type.read(self._normal(self.line.text()))
        except ValueError:
            return self.field.type.empty

    def set_value(self, value: Value) -> None:
        self.line.setText(self._shown(value))
        self.line.setCursorPosition(0)

    def text_fault(self) -> str:
        try:
            self.field.type.read(self._normal(self.line.text()))
        except ValueError as fault:
            return str(fault)
        return ""

    def kept(self) -> Value:
        return self.line.text() if self.text_fault() else self.value()

    def _normal(self, text: str) -> str:
        """What the type is given to read."""
        return text

    def _shown(self, value: Value) -> str:
        fits = self.field.type.fits(value)
        return self.field.type.show(value) if fits else str(value or "")

    def _on_edited(self, _text: str) -> None:
        self.changed.emit()

    def settle(self) -> None:
        if not self.text_fault():
            shown = self._shown(self.value())
            if shown != self.line.text():
                self.line.setText(shown)
