"""Editors for fixed lists, and for yes and no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
)

from sync.records.fields import Field
from sync.records.types import Choice, Value
from sync.texts import _
from sync.vietnamese import fold
from vla_desktop.ui import theme
from vla_desktop.ui.editors.base import FieldEditor
from vla_desktop.ui.editors.picking import PickEditor
from vla_desktop.ui.editors.suggestions import Offer

if TYPE_CHECKING:
    from vla_desktop.store.store import Store


def _words(field: Field) -> dict[str, str]:
    assert isinstance(field.type, Choice)  # noqa: S101 - told to the type checker
    return {code: _(word) for code, word in field.type.words.items()}


class ChoiceEditor(PickEditor):
    """One of a fixed list; typing a part of a word, without marks, finds it."""

    DELAY_MS = 0

    def offers(self, text: str) -> Sequence[Offer]:
        asked = fold(text)
        found = [Offer(code, word) for code, word in _words(self.field).items()]
        found = [offer for offer in found if asked in fold(offer.title)]
        return sorted(found, key=lambda offer: not fold(offer.title).startswith(asked))

    def offer_of(self, value: str) -> Offer:
        return Offer(value, self.field.type.show(value))

    def _refresh(self) -> None:
        super()._refresh()
        if self.field.required:
            self._clear.setVisible(False)


class Switch(QAbstractButton):
    """On or off, with the word beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.theme().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(120, theme.theme().tokens.px(32) + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = theme.theme().tokens.px(20)
        track = QRectF(5, (self.height() - unit) / 2, unit * 1.9, unit)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(track.adjusted(-3.5, -3.5, 3.5, 3.5), unit, unit)
        is_on = self.isChecked()
        ground = "primary" if is_on else "surface"
        painter.setPen(QPen(theme.colour("primary" if is_on else "edge"), 1.5))
        painter.setBrush(theme.colour(ground if self.isEnabled() else "sunken"))
        painter.drawRoundedRect(track, unit / 2, unit / 2)
        knob = QRectF(0, 0, unit - 7, unit - 7)
        knob.moveCenter(track.center())
        knob.moveLeft(track.right() - unit + 3.5 if is_on else track.left() + 3.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("on_primary" if is_on else "edge"))
        painter.drawEllipse(knob)
        painter.setPen(theme.colour("text" if self.isEnabled() else "disabled"))
        painter.setFont(theme.theme().font("body"))
        rest = self.rect().adjusted(round(track.right()) + 12, 0, 0, 0)
        painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter), self.word())

    def word(self) -> str:
        """What stands beside it."""
        return _("Có") if self.isChecked() else _("Không")


class YesNoEditor(FieldEditor):
    """A switch; Space turns it."""

    def __init__(self, field: Field, store: Store) -> None:
        super().__init__(field, store)
        self.switch = Switch()
        self._add_main(self.switch)
        self.switch.clicked.connect(self._on_clicked)

    def value(self) -> Value:
        return self.switch.isChecked()

    def set_value(self, value: Value) -> None:
        self.switch.setChecked(bool(value))

    def _on_clicked(self, _checked: bool) -> None:
        self.changed.emit()


class _FieldButton(QPushButton):
    """A button that looks like a field: words on the left, the drop-down mark on the right."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        mark = QRect(self.width() - 27, (self.height() - 18) // 2, 18, 18)
        theme.icon("chevron-down", "muted").paint(QPainter(self), mark)


class ChoicesEditor(FieldEditor):
    """Several of a fixed list: a line that tells them, and a list to tick when it is opened."""

    wide = True

    def __init__(self, field: Field, store: Store) -> None:
        super().__init__(field, store)
        self._codes: tuple[str, ...] = ()
        self.button = _FieldButton()
        self.button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.set_role(self.button, "field")
        self._add_main(self.button)
        self.button.clicked.connect(self.open_list)
        self._list: _TickList | None = None

    def value(self) -> Value:
        order = list(_words(self.field))
        known = sorted((c for c in self._codes if c in order), key=order.index)
        return ",".join([*known, *(c for c in self._codes if c not in order)])

    def set_value(self, value: Value) -> None:
        self._codes = tuple(code for code in str(value or "").split(",") if code)
        self._tell()

    def open_list(self) -> None:
        """Show everything there is, with ticks at what was chosen."""
        if self._list is None:
            self._list = _TickList(self)
        self._list.open_with(_words(self.field), self._codes)

    def tick(self, code: str, *, is_on: bool) -> None:
        """What the list calls."""
        others = tuple(one for one in self._codes if one != code)
        self._codes = (*others, code) if is_on else others
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        shown = self.field.type.show(self.value())
        self.button.setText(shown or _("Chưa chọn"))
        self.button.setToolTip(shown.replace(", ", "\n"))
        self.describe(shown or _("Chưa chọn"))

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_F4):
            self.open_list()
            return True
        return super()._on_key(event)


class _TickList(QFrame):
    """Space ticks; Enter and Esc close."""

    ROWS = 9

    def __init__(self, editor: ChoicesEditor) -> None:
        super().__init__(editor, Qt.WindowType.Popup)
        self._editor = editor
        self.setProperty("role", "popup")
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        theme.set_role(self.list, "suggestions")
        self.list.setAccessibleName(_(editor.field.label))
        self.list.itemChanged.connect(self._on_ticked)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.list)

    def open_with(self, words: dict[str, str], codes: Sequence[str]) -> None:
        """Open under the editor."""
        self.list.blockSignals(True)
        self.list.clear()
        for code, word in words.items():
            item = QListWidgetItem(word)
            item.setData(Qt.ItemDataRole.UserRole, code)
            is_on = code in codes
            item.setCheckState(Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.list.setCurrentRow(0)
        rows = min(len(words), self.ROWS)
        height = self.list.sizeHintForRow(0) * rows + 20
        self.resize(max(self._editor.width(), 280), height)
        self.move(self._editor.mapToGlobal(QPoint(0, self._editor.height() + 3)))
        self.show()
        self.list.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.hide()
        else:
            super().keyPressEvent(event)

    def _on_ticked(self, item: QListWidgetItem) -> None:
        code = str(item.data(Qt.ItemDataRole.UserRole))
        self._editor.tick(code, is_on=item.checkState() is Qt.CheckState.Checked)
