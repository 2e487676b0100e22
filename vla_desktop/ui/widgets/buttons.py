"""Buttons by rank, and the standard words: Qt brings no Vietnamese ones along."""

from __future__ import annotations

import enum
from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QDialog, QHBoxLayout, QPushButton, QToolButton

from sync.texts import N_, _
from vla_desktop.ui import theme

Action = Callable[[], object]


class Word(enum.Enum):
    """What standard buttons say."""

    SAVE = N_("Lưu")
    CANCEL = N_("Hủy")
    CLOSE = N_("Đóng")
    OK = N_("Đồng ý")
    YES = N_("Có")
    NO = N_("Không")
    ADD = N_("Thêm")
    EDIT = N_("Sửa")
    DELETE = N_("Xóa")
    RESTORE = N_("Khôi phục")
    UNDO = N_("Hoàn tác")
    RETRY = N_("Thử lại")
    BACK = N_("Quay lại")
    NEXT = N_("Tiếp tục")
    OPEN = N_("Mở")
    COPY = N_("Sao chép")
    CLEAR = N_("Bỏ chọn")

    def __str__(self) -> str:
        return _(self.value)


class Button(QPushButton):
    """A button of one of four ranks; the strong ones show focus as a ring inside."""

    _INK = {"primary": "on_primary", "danger": "on_danger", "quiet": "primary_text"}  # noqa: RUF012

    def __init__(self, text: str, rank: str, icon_name: str = "") -> None:
        super().__init__(text)
        self._rank = rank
        self.setAutoDefault(False)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.set_role(self, rank)
        if icon_name:
            self.setIcon(theme.icon(icon_name, self._INK.get(rank, "text")))
            # Wider than high: Qt leaves only four pixels between drawing and word.
            GrowingIcon(self, 24, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and self._rank in ("primary", "danger"):
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.colour(self._INK[self._rank])), 2))
            painter.drawRoundedRect(self.rect().adjusted(3, 3, -3, -3), 5, 5)


class GrowingIcon(QObject):
    """Lets the drawing of a button grow with the letters; both sizes in pixels at 100 %."""

    def __init__(self, button: QAbstractButton, width: int, height: int) -> None:
        super().__init__(button)
        self._button, self._width, self._height = button, width, height
        theme.theme().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        px = theme.theme().tokens.px
        self._button.setIconSize(QSize(px(self._width), px(self._height)))


def primary(text: object, icon_name: str = "", callback: Action | None = None) -> Button:
    """The one thing that the page is for."""
    return _button(text, "primary", icon_name, callback)


def secondary(text: object, icon_name: str = "", callback: Action | None = None) -> Button:
    """Anything else that may be done."""
    return _button(text, "secondary", icon_name, callback)


def quiet(text: object, icon_name: str = "", callback: Action | None = None) -> Button:
    """Something beside the way, shown as coloured words."""
    return _button(text, "quiet", icon_name, callback)


def danger(text: object, icon_name: str = "", callback: Action | None = None) -> Button:
    """What takes something away."""
    return _button(text, "danger", icon_name, callback)


def icon_only(
    icon_name: str, name: str, callback: Action | None = None, role: str = "muted"
) -> QToolButton:
    """A small button that is only a drawing; `name` is its tool tip and its accessible name."""
    button = QToolButton()
    button.setIcon(theme.icon(icon_name, role))
    GrowingIcon(button, 18, 18)
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    theme.set_role(button, "icon")
    if callback is not None:
        on_press(button, callback)
    return button


def closing_row(dialog: QDialog) -> QHBoxLayout:
    """The foot of a dialog that only tells: its one button closes it and has the focus."""
    close = primary(Word.CLOSE, callback=dialog.accept)
    close.setDefault(True)
    close.setFocus()
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(close)
    return row


def _button(text: object, rank: str, icon_name: str, callback: Action | None) -> Button:
    button = Button(str(text), rank, icon_name)
    if callback is not None:
        on_press(button, callback)
    return button


def on_press(button: QAbstractButton, callback: Action) -> None:
    """Call back when pressed, without the state that Qt would hand over."""

    def pressed(_checked: bool = False) -> None:
        callback()

    button.clicked.connect(pressed)
