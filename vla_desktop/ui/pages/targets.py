"""The page Chỉ tiêu: each target of the term on a day, and what brings it nearer."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sync.records.fields import Field
from sync.records.types import Day
from sync.texts import N_, _
from vla_desktop import paths
from vla_desktop.store.aims import Aim
from vla_desktop.store.nation import Nation, nation, spots
from vla_desktop.ui.editors.days import DayEditor
from vla_desktop.ui.pages.found import FoundPage
from vla_desktop.ui.pages.scrolled import Board
from vla_desktop.ui.panels.aim_card import cards
from vla_desktop.ui.panels.nation_card import NationCard
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import label
from vla_desktop.ui.widgets.page_header import PageHeader
from vla_desktop.ui.workplace import Workplace

AS_OF = Field(Day(), N_("Tính đến ngày"), name="as_of")


class TargetsPage(FoundPage[tuple[list[Aim], Nation]]):
    """Enter in the day, or picking one, counts for that day; "Hôm nay" comes back to today."""

    navigated = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace, 1680)
        self._office = workplace.office
        self.as_of = today()
        self.day = DayEditor(AS_OF, workplace.office.store)
        self.day.setFixedWidth(170)
        self.day.set_value(self.as_of)
        for signal in (self.day.advanced, self.day.left, self.day.changed):
            signal.connect(self._on_day)
        self.header = PageHeader(_("Chỉ tiêu"), _("Mỗi dòng mở danh sách hoặc phiếu cần làm."))
        self.header.add(label(_("Tính đến ngày"), "label"))
        self.header.add(self.day)
        self.header.add(buttons.secondary(_("Hôm nay"), callback=lambda: self.show_day(today())))
        self.fault = label("", "error")
        self.waiting = label(_("Đang tính các con số…"), "muted")
        self._place = QHBoxLayout()
        self.nation = NationCard()
        self.nation.hide()
        for part in (self.header, self.fault, self.waiting, self._place, self.nation):
            self.add(part)
        self.fault.hide()
        self.board: Board | None = None

    def show_day(self, day: dt.date) -> None:
        """Count for another day."""
        self.day.set_value(day)
        self._count_for(day)

    def look_up(self) -> tuple[list[Aim], Nation]:
        aims = self._office.aims.on(self.as_of)
        catalogue = self._office.store.catalogue
        placed = spots(paths.resources() / "catalogues", catalogue)
        return aims, nation(self._office.aims.engine, catalogue, placed, self.as_of, aims)

    def show_found(self, found: tuple[list[Aim], Nation]) -> None:
        aims, around = found
        self.waiting.hide()
        made: list[QWidget] = []
        for card in cards(aims):
            card.navigated.connect(self.navigated)
            made.append(card)
        if self.board is not None:
            self._place.removeWidget(self.board)
            self.board.hide()
            self.board.deleteLater()
        self.board = Board(460, *made)
        self._place.addWidget(self.board)
        self.nation.show_nation(around, [(aim.figure.code, aim.figure.name) for aim in aims])
        self.nation.show()

    def _on_day(self) -> None:
        value = self.day.value()
        fault = self.day.text_fault()
        self.fault.setText(fault)
        # While it is being typed, half a day is no mistake yet.
        self.fault.setVisible(bool(fault) and not self.day.line.hasFocus())
        if isinstance(value, dt.date) and not fault:
            self._count_for(value)

    def _count_for(self, day: dt.date) -> None:
        if day != self.as_of:
            self.as_of = day
            self.waiting.show()
            self.renew()


def today() -> dt.date:
    """The day on this PC."""
    return dt.datetime.now().astimezone().date()
