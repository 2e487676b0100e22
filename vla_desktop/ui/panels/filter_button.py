"""A button that narrows a list down to one value, chosen from what drops down below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sync.texts import _

Choice = TypeVar("Choice")
Options = Callable[[str], Sequence[tuple[Choice, str]]]

_ROWS_SHOWN = 12
_VALUE_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class FilterButton(QToolButton, Generic[Choice]):
    """Says what it narrows by, and to what. `options(text)` gives (value, word) for what was typed.

    `typed` puts a line above the list, for lists too long to look through.
    """

    changed = Signal()

    def __init__(
        self,
        label: str,
        options: Options[Choice],
        *,
        typed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._label = label
        self._options = options
        self._typed = typed
        self._chosen: tuple[Choice, str] | None = None
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self.drop_down)
        self._say()

    @property
    def value(self) -> Choice | None:
        """What the list is narrowed down to; None when it is not."""
        return self._chosen[0] if self._chosen else None

    def choose(self, value: Choice | None, word: str = "") -> None:
        """Narrow down to a value, or with None to nothing; tells of it when that is new."""
        chosen = None if value is None else (value, word)
        if chosen == self._chosen:
            return
        self._chosen = chosen
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        word = self._chosen[1] if self._chosen else ""
        text = f"{self._label}: {word}" if word else self._label
        self.setText(f"{text}  ▾")
        self.setAccessibleName(text if word else _("Lọc theo {label}").format(label=self._label))
        self.setChecked(bool(word))

    def drop_down(self) -> None:
        """Show the values to choose from."""
        self._say()
        below = self.mapToGlobal(QPoint(0, self.height() + 2))
        popup = _Popup(self._options, self.value, typed=self._typed, parent=self)
        popup.picked.connect(self._pick)
        popup.move(below)
        popup.show()

    def _pick(self, value: Choice | None, word: str) -> None:
        self.choose(value, word)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.drop_down()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.choose(None)
        else:
            super().keyPressEvent(event)


class _Popup(QFrame):
    """The list that drops down; gone as soon as something was picked."""

    picked = Signal(object, str)

    def __init__(
        self, options: Options[Choice], current: object, *, typed: bool, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "popup")
        self._options = options
        self._current = current
        self.line = QLineEdit(self)
        self.line.setVisible(typed)
        self.line.setPlaceholderText(_("Gõ để tìm, không cần dấu"))
        self.line.setAccessibleName(_("Tìm trong danh sách lọc"))
        self.list = QListWidget(self)
        self.list.setAccessibleName(_("Các giá trị để lọc"))
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(6)
        layout.addWidget(self.line)
        layout.addWidget(self.list)
        self.line.textEdited.connect(self._fill)
        self.line.installEventFilter(self)
        self.list.itemActivated.connect(self._pick)
        self.list.itemClicked.connect(self._pick)
        self._fill("")
        (self.line if typed else self.list).setFocus()

    def _fill(self, text: str) -> None:
        self.list.clear()
        found = list(self._options(text))
        if not text:
            self._add(None, _("Tất cả"))
        for value, word in found:
            self._add(value, word)
        if text and not found:
            self._add(None, _("Không tìm thấy")).setFlags(Qt.ItemFlag.NoItemFlags)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        row_height = max(self.list.sizeHintForRow(0), self.fontMetrics().height() + 8)
        self.list.setFixedHeight(min(self.list.count(), _ROWS_SHOWN) * row_height + 4)
        self.list.setMinimumWidth(min(420, max(200, self.list.sizeHintForColumn(0) + 32)))
        self.adjustSize()

    def _add(self, value: object, word: str) -> QListWidgetItem:
        item = QListWidgetItem(word, self.list)
        item.setData(_VALUE_ROLE, value)
        if value == self._current:
            self.list.setCurrentItem(item)
        return item

    def _pick(self, item: QListWidgetItem) -> None:
        if item.flags() & Qt.ItemFlag.ItemIsEnabled:
            value = item.data(_VALUE_ROLE)
            self.picked.emit(value, item.text() if value is not None else "")
            self.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            current = self.list.currentItem()
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and current is not None:
                self._pick(current)
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.setFocus()
                self.list.keyPressEvent(event)
                return True
        return super().eventFilter(watched, event)
