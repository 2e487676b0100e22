"""How often the office meets its centre by itself, and the switch that stops it."""

from __future__ import annotations

import dataclasses
import datetime as dt

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout

from sync.texts import _
from vla_desktop.ui.widgets.cards import Card
from vla_desktop.ui.widgets.labels import label
from vla_desktop.ui.words import clock
from vla_desktop.ui.workplace import Workplace

MINUTES = (5, 15, 30, 60, 120, 240)


def minutes_words(minutes: int) -> str:
    """An interval as people say it."""
    if minutes % 60 == 0:
        return _("{count} giờ").format(count=minutes // 60)
    return _("{count} phút").format(count=minutes)


class IntervalCard(Card):
    """Each choice takes effect at once."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(_("Đồng bộ tự động"))
        self._office = workplace.office
        self._syncing = workplace.syncing
        chosen = self._office.settings.sync
        self.automatic = QCheckBox(_("Tự đồng bộ khi có mạng, khoảng mỗi"))
        self.automatic.setChecked(not chosen.paused)
        self.every = QComboBox()
        self.every.setAccessibleName(_("Khoảng cách giữa hai lần đồng bộ"))
        for minutes in sorted({*MINUTES, chosen.every_minutes}):
            self.every.addItem(minutes_words(minutes), minutes)
        self.every.setCurrentIndex(self.every.findData(chosen.every_minutes))
        self.next = label("", "muted")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.automatic)
        row.addWidget(self.every)
        row.addWidget(self.next, 1)
        self.body.addLayout(row)
        self.automatic.clicked.connect(self._on_changed)
        self.every.activated.connect(self._on_changed)
        self.read()

    def read(self) -> None:
        """Show what holds now: this card stands on two pages."""
        chosen = self._office.settings.sync
        self.automatic.setChecked(not chosen.paused)
        self.every.setCurrentIndex(self.every.findData(chosen.every_minutes))
        self.show_next(self._syncing.next_at, dt.datetime.now(dt.UTC))

    def show_next(self, next_at: dt.datetime | None, now: dt.datetime) -> None:
        """When the clock will start the next exchange; None when it will not."""
        words = _("Đang tạm dừng: chỉ đồng bộ khi anh/chị bấm nút.")
        if next_at is not None:
            words = _("Lần tới khoảng {time}.").format(time=clock(next_at, now))
        self.next.setText(words)

    def _on_changed(self) -> None:
        settings = self._office.settings
        chosen = dataclasses.replace(
            settings.sync,
            paused=not self.automatic.isChecked(),
            every_minutes=int(self.every.currentData()),
        )
        self._office.change_settings(dataclasses.replace(settings, sync=chosen))
        self._syncing.settings_changed()
        self.show_next(self._syncing.next_at, dt.datetime.now(dt.UTC))
