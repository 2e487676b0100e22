"""Editors for days: typed as one writes them, or picked from a calendar."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QVBoxLayout

from sync.records.fields import Field
from sync.texts import _
from vla_desktop.ui import theme
from vla_desktop.ui.editors.base import LineEditor, add_end_button

if TYPE_CHECKING:
    from vla_desktop.store.store import Store

_RUN_TOGETHER = re.compile(r"\s*(\d{2})(\d{2})(\d{4})\s*")


class DayEditor(LineEditor):
    """A day as dd/MM/yyyy; 21042026 and 21-4-2026 are read too. F4 or Alt+Down: calendar."""

    def __init__(self, field: Field, store: Store) -> None:
        super().__init__(field, store)
        self.line.setPlaceholderText(_("ngày/tháng/năm"))
        self.line.setMaxLength(40)
        self._button = add_end_button(self.line, "calendar", _("Mở lịch (F4)"), self.open_calendar)
        self._popup: _CalendarPopup | None = None

    def set_read_only(self, is_read_only: bool) -> None:
        super().set_read_only(is_read_only)
        self._button.setEnabled(not is_read_only)

    def open_calendar(self) -> None:
        """Show the month of the day that stands here, or this month."""
        if self._popup is None:
            self._popup = _CalendarPopup(self)
        day = self._day()
        self._popup.open_at(QDate(day.year, day.month, day.day))

    def pick(self, day: dt.date) -> None:
        """What the calendar calls."""
        self.line.setText(day.strftime("%d/%m/%Y"))
        self.line.setFocus()
        self.changed.emit()

    def _day(self) -> dt.date:
        value = self.value()
        return value if isinstance(value, dt.date) else dt.datetime.now().astimezone().date()

    def _normal(self, text: str) -> str:
        together = _RUN_TOGETHER.fullmatch(text)
        return "/".join(together.groups()) if together else text

    def _on_key(self, event: QKeyEvent) -> bool:
        is_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() == Qt.Key.Key_F4 or (is_alt and event.key() == Qt.Key.Key_Down):
            self.open_calendar()
            return True
        return super()._on_key(event)


class PartialDayEditor(DayEditor):
    """A day of which only the month or the year may be known."""

    def __init__(self, field: Field, store: Store) -> None:
        super().__init__(field, store)
        self.line.setPlaceholderText("" if field.help else _("năm, tháng/năm hoặc ngày/tháng/năm"))

    def _day(self) -> dt.date:
        value = str(self.value() or "")
        if not value:
            return super()._day()
        return dt.date.fromisoformat((value + "-01-01")[:10])


class _CalendarPopup(QFrame):
    """A calendar that goes away when a day was picked."""

    def __init__(self, editor: DayEditor) -> None:
        super().__init__(editor, Qt.WindowType.Popup)
        self._editor = editor
        self.setProperty("role", "popup")
        self.calendar = QCalendarWidget()
        self.calendar.setLocale(QLocale(QLocale.Language.Vietnamese, QLocale.Country.Vietnam))
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.calendar.setGridVisible(False)
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setAccessibleName(_("Lịch"))
        self.calendar.clicked.connect(self._on_picked)
        self.calendar.activated.connect(self._on_picked)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.calendar)

    def open_at(self, day: QDate) -> None:
        """Open under the editor with that day chosen."""
        self._colour()
        self.calendar.setSelectedDate(day)
        self.adjustSize()
        self.move(self._editor.mapToGlobal(QPoint(0, self._editor.height() + 4)))
        self.show()
        self.calendar.setFocus()

    def _colour(self) -> None:
        """Qt writes weekends in a red that is ours for mistakes."""
        ink = QTextCharFormat()
        ink.setForeground(theme.colour("muted"))
        self.calendar.setHeaderTextFormat(ink)
        for weekday in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.calendar.setWeekdayTextFormat(weekday, ink)

    def _on_picked(self, day: QDate) -> None:
        self.hide()
        self._editor.pick(dt.date(day.year(), day.month(), day.day()))
