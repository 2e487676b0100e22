"""Cards: grounds that hold what belongs together, and figures with a painted bar."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from sync.indicators import figure
from sync.texts import _
from vla_desktop.ui import theme
from vla_desktop.ui.widgets.labels import IconLabel, label


def grouped(number: int) -> str:
    """A whole number as Vietnamese write it: 1.234.567."""
    return f"{number:,}".replace(",", ".")


def percent(share: Fraction | float) -> str:
    """A share as Vietnamese write it: 0.1234 is "12,3 %", rounded as the centre rounds it."""
    return figure.percent(Fraction(share))


class Card(QFrame):
    """A raised ground with an optional heading; put things into `body`."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 14, 16, 16)
        outer.setSpacing(12)
        self.head = QHBoxLayout()
        self.title = label(title, "heading")
        if title:
            self.head.addWidget(self.title, 1)
            outer.addLayout(self.head)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        outer.addLayout(self.body, 1)


class ActionCard(QFrame):
    """A card that is one big button: icon, number, what it counts. Enter and Space press it."""

    pressed = Signal()

    def __init__(
        self, icon: str, number: str, text: str, callback: Callable[[], object] | None = None
    ) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setProperty("hot", "true")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._number = label(number, "title")
        self._text = label(text, "muted")
        self._icon = IconLabel(icon, "primary", 24)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 14, 16, 14)
        row.setSpacing(14)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._number)
        words.addWidget(self._text)
        words.addStretch(1)
        row.addLayout(words, 1)
        self.say(icon, number, text)
        if callback is not None:
            self.pressed.connect(callback)

    def say(self, icon: str, number: str, text: str) -> None:
        """Another number."""
        self._icon.show_icon(icon, "primary")
        self._number.setText(number)
        self._text.setText(text)
        self.setAccessibleName(f"{number} {text}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.pressed.emit()
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


class ShareBar(QWidget):
    """A share as a bar, with a mark where the target stands. Say it in words beside it too."""

    def __init__(self) -> None:
        super().__init__()
        self._share: float | None = None
        self._target: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.theme().changed.connect(self.update)

    def show_share(self, share: float | None, target: float | None) -> None:
        """Both from 0 to 1; None when unknown."""
        self._share, self._target = share, target
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(0.5, 5, self.width() - 1, 8)
        painter.setBrush(QColor(theme.colour("sunken")))
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawRoundedRect(track, 4, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._share is not None and self._share > 0:
            reached = self._target is None or self._share >= self._target
            painter.setBrush(theme.colour("primary" if reached else "accent"))
            filled = QRectF(track)
            filled.setWidth(max(8.0, track.width() * min(self._share, 1.0)))
            painter.drawRoundedRect(filled, 4, 4)
        if self._target is not None:
            x = track.left() + track.width() * min(self._target, 1.0) - 1
            painter.setBrush(theme.colour("text"))
            painter.drawRoundedRect(QRectF(x - 0.5, 1, 3, 16), 1.5, 1.5)


class FigureCard(Card):
    """One figure of the branch: its value, the bar, the target, and what it was counted from.

    `value` and `target` are shares from 0 to 1, or plain counts when `denominator` is None.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._name = label(name, "muted")
        self._value = label("", "display")
        self._bar = ShareBar()
        self._goal = label("", "strong")
        self._note = label("", "help")
        self.body.setSpacing(6)
        for part in (self._name, self._value, self._bar, self._goal, self._note):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_figure(
        self,
        value: Fraction | None,
        numerator: int | None = None,
        denominator: int | None = None,
        target: Fraction | None = None,
        note: str = "",
        needed: str = "",
    ) -> None:
        """Show a figure; None where it cannot be known yet. `needed`: what reaches the target."""
        is_share = denominator is not None
        shown = "–" if value is None else percent(value) if is_share else grouped(round(value))
        self._value.setText(shown)
        self._bar.setVisible(is_share)
        self._bar.show_share(
            None if value is None else float(value), None if target is None else float(target)
        )
        words = (_goal_in_words(value, target, is_share=is_share), needed)
        goal = ": ".join(part for part in words if part)
        self._goal.setText(goal)
        self._goal.setVisible(bool(goal))
        counted = ""
        if denominator is not None:
            counted = f"{grouped(numerator or 0)} / {grouped(denominator)}"
        self._note.setText(" · ".join(part for part in (counted, note) if part))
        self._note.setVisible(bool(self._note.text()))
        self.setAccessibleName(f"{self._name.text()}: {shown}. {goal} {self._note.text()}".strip())


def _goal_in_words(value: Fraction | None, target: Fraction | None, *, is_share: bool) -> str:
    if target is None:
        return ""
    aim = percent(target) if is_share else grouped(round(target))
    if value is None:
        return _("Mục tiêu {aim}").format(aim=aim)
    if value >= target:
        return _("Đã đạt mục tiêu {aim}").format(aim=aim)
    return _("Chưa đạt mục tiêu {aim}").format(aim=aim)
