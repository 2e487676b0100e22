"""The way between the pages: icon and word, or icons alone where the window is narrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from sync.texts import N_, _
from vla_desktop.ui.theme import colour, icon, theme
from vla_desktop.ui.widgets.buttons import on_press

WIDE = 212
NARROW = 60
ROW = 42
LEAST_ROW = 30
LOW = 560
MOST_DIGIT = 9
BRAND = 60
ICON = 20
BADGE_MOST = 999


@dataclass(frozen=True)
class Entry:
    """A line of the sidebar. `label` is marked for translation, not translated."""

    name: str
    label: str
    icon: str


FIND = Entry("everywhere", N_("Tìm mọi nơi"), "search")


class NavigationButton(QAbstractButton):
    """One page. The current one bears a bar at its edge and heavier letters, not only a colour."""

    def __init__(self, entry: Entry, keys: str) -> None:
        """`keys` do the same, wherever the focus is."""
        super().__init__()
        self.entry = entry
        self._keys = keys
        self._badge = 0
        self._narrow = False
        self._icons = {
            True: icon(entry.icon, "sidebar_text"),
            False: icon(entry.icon, "sidebar_muted"),
        }
        self.setText(_(entry.label))
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        # Rows give way on a low screen before any of them is cut off.
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._describe()

    def set_badge(self, count: int) -> None:
        """How many things wait behind this page; 0 shows nothing."""
        if count != self._badge:
            self._badge = count
            self._describe()
            self.update()

    def set_narrow(self, narrow: bool) -> None:
        """Show the icon alone; the word moves to the tool tip."""
        self._narrow = narrow
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        tokens = theme().tokens
        return QSize(NARROW if self._narrow else tokens.px(WIDE), tokens.px(ROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROW, theme().tokens.px(LEAST_ROW))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = QRectF(self.rect()).adjusted(8, 2, -8, -2)
        self._paint_ground(painter, row)
        side = theme().tokens.px(ICON)
        left = (self.width() - side) / 2 if self._narrow else row.left() + 14
        place = QRectF(left, (self.height() - side) / 2, side, side)
        self._icons[self.isChecked()].paint(painter, place.toRect())
        if not self._narrow:
            self._paint_word(painter, row, place.right() + 12)
        self._paint_badge(painter, row)
        painter.end()

    def _paint_ground(self, painter: QPainter, row: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            ground = "sidebar_selected" if self.isChecked() else "sidebar_hover"
            painter.setBrush(colour(ground))
            painter.drawRoundedRect(row, 8, 8)
        if self.isChecked():
            painter.setBrush(colour("sidebar_text"))
            painter.drawRoundedRect(QRectF(row.left(), row.top() + 8, 4, row.height() - 16), 2, 2)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("sidebar_text"), 2))
            painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), 7, 7)

    def _paint_word(self, painter: QPainter, row: QRectF, left: float) -> None:
        painter.setFont(theme().font("body", strong=self.isChecked()))
        painter.setPen(colour("sidebar_text"))
        place = QRectF(left, row.top(), row.right() - left - 8, row.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self.text())

    def _paint_badge(self, painter: QPainter, row: QRectF) -> None:
        if not self._badge:
            return
        words = f"{BADGE_MOST}+" if self._badge > BADGE_MOST else str(self._badge)
        if self._narrow and self._badge > 99:
            words = "99+"
        painter.setFont(theme().font("caption", strong=True))
        height = painter.fontMetrics().height() + 2
        width = max(height, painter.fontMetrics().horizontalAdvance(words) + 12)
        top = row.top() if self._narrow else (self.height() - height) / 2
        right = row.right() + 4 if self._narrow else row.right() - 8
        pill = QRectF(right - width, top, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("sidebar_text"))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(QColor(colour("sidebar")))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)

    def _describe(self) -> None:
        word = _(self.entry.label)
        waiting = f" ({self._badge})" if self._badge else ""
        self.setAccessibleName(word + waiting)
        shortcut = QKeySequence(self._keys).toString()
        self.setToolTip(f"{word}{waiting}\n{shortcut}".strip())


class Brand(QWidget):
    """Whose window this is: the mark, the program, the branch."""

    def __init__(self) -> None:
        super().__init__()
        self.branch = ""
        self._mark = icon("app", "sidebar_text")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        return QSize(NARROW, theme().tokens.px(BRAND))

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROW, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme().tokens
        if self.height() < tokens.px(LEAST_ROW):
            return
        painter = QPainter(self)
        side = min(tokens.px(28), NARROW - 20)
        narrow = self.width() <= NARROW
        left = (self.width() - side) / 2 if narrow else 16.0
        top = (self.height() - side) / 2
        self._mark.paint(painter, QRectF(left, top, side, side).toRect())
        if not narrow:
            self._paint_words(painter, left + side + 10)
        painter.end()

    def _paint_words(self, painter: QPainter, left: float) -> None:
        room = self.width() - left - 8
        centre = self.height() / 2
        painter.setFont(theme().font("body", strong=True))
        painter.setPen(colour("sidebar_text"))
        line = painter.fontMetrics().height()
        top = centre - line if self.branch else centre - line / 2
        painter.drawText(QRectF(left, top, room, line), _("Hội Thư viện"))
        painter.setFont(theme().font("caption"))
        painter.setPen(colour("sidebar_muted"))
        words = painter.fontMetrics().elidedText(
            self.branch, Qt.TextElideMode.ElideRight, int(room)
        )
        painter.drawText(QRectF(left, centre, room, line), words)


class Sidebar(QWidget):
    """The pages, in a column. `chosen` tells the name of the one asked for.

    `find_asked` is the line above them: it opens no page, and gives way first on a low screen.
    """

    chosen = Signal(str)
    find_asked = Signal()

    def __init__(self, entries: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Các trang"))
        self._group = QButtonGroup(self)
        self._buttons: dict[str, NavigationButton] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 4, 0, 8)
        self._layout.setSpacing(2)
        self._brand = Brand()
        self._layout.addWidget(self._brand)
        self.finder = NavigationButton(FIND, "Ctrl+K")
        self.finder.setCheckable(False)
        self.finder.hide()
        on_press(self.finder, self.find_asked.emit)
        self._layout.addWidget(self.finder)
        for digit, entry in enumerate(entries, start=1):
            self._add(entry, digit)
        self._layout.addStretch(1)
        self.set_narrow(False)
        theme().changed.connect(self._on_theme_changed)

    def _add(self, entry: Entry, digit: int) -> None:
        keys = f"Alt+{digit}" if digit <= MOST_DIGIT else ""
        button = NavigationButton(entry, keys)
        self._buttons[entry.name] = button
        self._group.addButton(button)
        self._layout.addWidget(button)
        button.clicked.connect(lambda: self.chosen.emit(entry.name))
        if keys:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(button.click)

    def button(self, name: str) -> NavigationButton:
        """The line of a page."""
        return self._buttons[name]

    def set_current(self, name: str) -> None:
        """Mark the page that is shown."""
        self._buttons[name].setChecked(True)

    def set_badge(self, name: str, count: int) -> None:
        """How many things wait behind a page."""
        self._buttons[name].set_badge(count)

    def set_branch(self, name: str) -> None:
        """Whose office this is; "" before it was enrolled."""
        self._brand.branch = name
        self._brand.setToolTip(name)
        self._brand.update()

    def set_narrow(self, narrow: bool) -> None:
        """Icons alone, or with their words."""
        self._narrow = narrow
        self.setFixedWidth(NARROW if narrow else theme().tokens.px(WIDE))
        for button in (self.finder, *self._buttons.values()):
            button.set_narrow(narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.finder.setVisible(event.size().height() >= theme().tokens.px(LOW))

    @property
    def is_narrow(self) -> bool:
        """Whether icons stand alone."""
        return self._narrow

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("sidebar"))
        painter.end()

    def _on_theme_changed(self) -> None:
        self.set_narrow(self._narrow)
        for button in (self.finder, *self._buttons.values()):
            button.updateGeometry()
        self.update()
