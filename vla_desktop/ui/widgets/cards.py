"""Cards: grounds that hold what belongs together, and figures with a painted bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from sync.indicators import figure
from sync.texts import _
from sync.vietnamese import grouped
from vla_desktop.ui import theme
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.flow import FlowLayout
from vla_desktop.ui.widgets.labels import IconLabel, label
from vla_desktop.ui.widgets.pressable import Pressable


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


class ActionCard(Pressable):
    """A card that is one big button: icon, number, what it counts."""

    def __init__(
        self, icon: str, number: str, text: str, callback: Callable[[], object] | None = None
    ) -> None:
        super().__init__()
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


class FigureView(QWidget):
    """One figure of the branch: its value, the bar, the target, and what it was counted from.

    `value` and `target` are shares from 0 to 1, or plain counts when `denominator` is None.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = label(name, "muted")
        self._value = label("", "display")
        self._bar = ShareBar()
        self._goal = label("", "strong")
        self._note = label("", "help")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self._name, self._value, self._bar, self._goal, self._note):
            column.addWidget(part)
        self._ways = FlowLayout(gap=4)
        column.addLayout(self._ways)

    def add_way(self, words: str, callback: Callable[[], object]) -> None:
        """Offer a list that the figure speaks of."""
        self._ways.addWidget(buttons.secondary(f"{words}  ›", callback=callback))

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
        if denominator:  # of nothing, nothing is said
            counted = f"{grouped(numerator or 0)} / {grouped(denominator)}"
        self._note.setText(" · ".join(part for part in (counted, note) if part))
        self._note.setVisible(bool(self._note.text()))
        self.setAccessibleName(f"{self._name.text()}: {shown}. {goal} {self._note.text()}".strip())


class SharesCard(Card):
    """How a whole is made up: a line with a painted bar for each part."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._lines: list[QWidget] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 4)
        self._grid.setColumnStretch(1, 5)
        self.body.addLayout(self._grid)

    def show_parts(self, parts: Sequence[tuple[str, int]]) -> None:
        """Each part's name and number, in the order of the lines."""
        for old in self._lines:
            old.deleteLater()
        self._lines = []
        whole = max(1, sum(number for _name, number in parts))
        for line, (name, number) in enumerate(parts):
            bar = ShareBar()
            bar.show_share(number / whole, None)
            count = label(grouped(number), "strong")
            count.setWordWrap(False)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            called = label(name, "muted")
            self._grid.addWidget(called, line, 0)
            self._grid.addWidget(bar, line, 1)
            self._grid.addWidget(count, line, 2, right)
            self._lines += [called, bar, count]


def _goal_in_words(value: Fraction | None, target: Fraction | None, *, is_share: bool) -> str:
    if target is None:
        return ""
    aim = percent(target) if is_share else grouped(round(target))
    if value is None:
        return _("Mục tiêu {aim}").format(aim=aim)
    if value >= target:
        return _("Đã đạt mục tiêu {aim}").format(aim=aim)
    return _("Chưa đạt mục tiêu {aim}").format(aim=aim)
