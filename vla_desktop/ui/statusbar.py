"""The line at the foot of the window: what is kept here, what the centre has confirmed."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from sync.texts import _
from vla_desktop.office import Standing
from vla_desktop.ui.theme import theme
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import IconLabel, label
from vla_desktop.ui.words import Wording, clock, wording

# Below this width the time of the next exchange makes room for the sentence.
ROOMY = 820
UNBOUNDED = 16_777_215


class StatusBar(QFrame):
    """A light with its sentence, and the button Đồng bộ, visible on every page."""

    sync_asked = Signal()
    cancel_asked = Signal()
    details_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "footer")
        self.shown = Wording("computer", "muted", "")
        self._sentence = ""
        self._row = QHBoxLayout(self)
        self._light = IconLabel("computer", "muted", 18)
        self.sentence = label("")
        self.sentence.setWordWrap(False)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._next = label("", "muted")
        self._next.setWordWrap(False)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(140)
        self._bar.setAccessibleName(_("Tiến độ đồng bộ"))
        self._bar.hide()
        self.cancel_button = buttons.secondary(_("Dừng"), callback=self.cancel_asked.emit)
        self.cancel_button.hide()
        self.sync_button = buttons.primary(_("Đồng bộ"), "sync", self.sync_asked.emit)
        self.sync_button.setToolTip(_("Gửi thay đổi lên Trung ương và nhận thay đổi về (F5)"))
        self._lay_out()

    def _lay_out(self) -> None:
        row = self._row
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self._light)
        row.addWidget(self.sentence, 1)
        row.addWidget(self._next)
        row.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.cancel_button)
        row.addWidget(self.sync_button)

    def show_standing(
        self, standing: Standing, next_at: dt.datetime | None, now: dt.datetime
    ) -> None:
        """Tell where the office stands. `next_at` is the next exchange by the clock, or None."""
        self.shown = wording(standing, now)
        self._light.show_icon(self.shown.icon, self.shown.role)
        self._say(self.shown.sentence)
        self.sentence.setToolTip(f"{self.shown.sentence}\n{self.shown.advice}".strip())
        self._next.setText(
            _("lần tới khoảng {time}").format(time=clock(next_at, now)) if next_at else ""
        )

    def show_running(self, running: bool) -> None:
        """Whether an exchange is under way."""
        self._bar.setVisible(running)
        self.cancel_button.setVisible(running)
        self.cancel_button.setEnabled(True)
        self.sync_button.setVisible(not running)
        self._next.setVisible(not running)
        if running:
            self._bar.setRange(0, 0)
            self._light.show_icon("sync", "info")
            self._say(_("Đang đồng bộ · anh/chị cứ làm việc tiếp"))

    def show_progress(self, done: int, total: int, what: str) -> None:
        """How far the exchange is."""
        self._bar.setRange(0, max(total, 0))
        self._bar.setValue(done)
        if what:
            self._say(_("Đang đồng bộ · {what}").format(what=what))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._next.setMaximumWidth(0 if self.width() < theme().tokens.px(ROOMY) else UNBOUNDED)
        self._elide()

    def _say(self, sentence: str) -> None:
        self._sentence = sentence
        self.sentence.setAccessibleName(sentence)
        self._elide()

    def _elide(self) -> None:
        # Where there is no room for all of it, the tool tip and the sync page have the rest.
        self._row.activate()
        room, end = self.sentence.width(), Qt.TextElideMode.ElideRight
        words = self.sentence.fontMetrics().elidedText(self._sentence, end, room)
        self.sentence.setText(words)
