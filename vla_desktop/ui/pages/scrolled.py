"""A page of cards in one column that scrolls when the window is low."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from vla_desktop.ui.theme import theme

WIDEST = 1240


class ScrolledPage(QScrollArea):
    """Put things in with `add`. Lines of text stay short enough to read on wide screens."""

    def __init__(self, widest: int = WIDEST) -> None:
        super().__init__()
        self._widest = widest
        self.setProperty("role", "page")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # So that arrows and Page Down move it.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        body = QWidget()
        body.setProperty("role", "scrolled")
        self.column = QVBoxLayout(body)
        self.column.setSpacing(16)
        # Whatever height is left over goes below the cards, not into them.
        self.column.addStretch(1)
        self.setWidget(body)
        self._set_margins(24)

    def add(self, part: QWidget | QLayout) -> None:
        """One more thing at the foot of the column."""
        if isinstance(part, QLayout):
            self.column.insertLayout(self.column.count() - 1, part)
        else:
            self.column.insertWidget(self.column.count() - 1, part)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_margins(max(24, self.viewport().width() - self._widest))

    def _set_margins(self, spare: int) -> None:
        # The page stays at the left, where the lists of the other pages begin.
        self.column.setContentsMargins(24, 20, max(24, spare), 24)


class CardGrid(QWidget):
    """Cards in as many columns of at least `least_width` as there is room for."""

    def __init__(self, least_width: int, most_columns: int = 4) -> None:
        super().__init__()
        self._least_width = least_width
        self._most_columns = most_columns
        self._columns = 0
        self._cards: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)

    def set_cards(self, cards: list[QWidget]) -> None:
        """Show these instead of what was shown before."""
        for old in self._cards:
            self._grid.removeWidget(old)
            if old not in cards:
                old.deleteLater()
        self._cards = cards
        self._columns = 0
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        room = max(1, (self.width() + 12) // (self._least_width + 12))
        columns = min(room, self._most_columns, max(1, len(self._cards)))
        if columns == self._columns:
            return
        for at in range(self._columns):
            self._grid.setColumnStretch(at, 0)
        self._columns = columns
        for at, card in enumerate(self._cards):
            self._grid.addWidget(card, at // columns, at % columns)
        for at in range(columns):
            self._grid.setColumnStretch(at, 1)


class Board(QWidget):
    """Parts in one column, or shared out over two where both get `least_width` (it grows with the
    letters); each column is as high as what stands in it.
    """

    def __init__(self, least_width: int, *parts: QWidget) -> None:
        super().__init__()
        self._least_width = least_width
        self._parts = parts
        self._number = 0
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        # Widgets, not bare layouts: those remember a height that their parts have outgrown.
        self._sides = (QWidget(self), QWidget(self))
        for side in self._sides:
            column = QVBoxLayout(side)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(16)
            row.addWidget(side, 1, Qt.AlignmentFlag.AlignTop)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        number = 2 if self.width() >= 2 * theme().tokens.px(self._least_width) + 16 else 1
        if number == self._number:
            return
        self._number = number
        self._sides[1].setVisible(number == 2)
        for at, part in enumerate(self._parts):
            column = self._sides[at % number].layout()
            assert column is not None  # noqa: S101 - told to the type checker
            column.addWidget(part)


def emptied(layout: QVBoxLayout) -> None:
    """Take everything out of a layout and let it go."""
    while item := layout.takeAt(0):
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
