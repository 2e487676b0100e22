"""Search and filters in one row: the question that a list answers."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sync.records.base import Record
from sync.texts import _
from vla_desktop.store.store import Query, Store
from vla_desktop.ui.panels.filter_bar import FilterBar
from vla_desktop.ui.panels.teaching import noun
from vla_desktop.ui.theme import theme
from vla_desktop.ui.widgets.page_header import PageHeader
from vla_desktop.ui.widgets.search_box import SearchBox

_SEARCH_WIDTH = 320
_FOLDED_WIDTH = 200
_WIDEST_SEARCH = 460


class Finder(QWidget):
    """`asked` whenever the list is to answer anew."""

    asked = Signal()

    def __init__(self, store: Store, kind: type[Record], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        hint = _("Tìm {kind}, không cần dấu").format(kind=noun(kind))
        self.search = SearchBox(hint)
        self.search.setToolTip(_("{hint} (Ctrl+F)").format(hint=hint))
        self._is_low = False
        self._fit()
        theme().changed.connect(self._fit)
        self.filters = FilterBar(store, kind, self.search)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.filters)
        self.search.searched.connect(lambda _text: self.asked.emit())
        self.filters.changed.connect(self.asked)

    @property
    def places(self) -> tuple[QWidget, ...]:
        """The buttons for what is kept elsewhere than in the list."""
        return self.filters.moved, self.filters.bin

    def save_height(self, is_low: bool, header: PageHeader, add: QWidget) -> None:
        """Where the page is low, one row does for all: the acts of its head come down here."""
        if is_low == self._is_low:
            return
        self._is_low = is_low
        bin_button = self.filters.bin
        bin_button.setText("" if is_low else bin_button.accessibleName())
        for act in (bin_button, add):
            if is_low:
                self.filters.take_in(act)
            else:
                header.add(act)
        self.filters.set_folded(is_low)
        self._fit()

    def _fit(self) -> None:
        width = _FOLDED_WIDTH if self._is_low else _SEARCH_WIDTH
        self.search.setFixedWidth(min(theme().tokens.px(width), _WIDEST_SEARCH))

    def apply(self, query: Query) -> Query:
        """The query with what is asked here; its order stays."""
        searched = dataclasses.replace(query, search=self.search.text().strip())
        return self.filters.apply(searched)

    def show_query(self, query: Query) -> None:
        """Ask what a query asks."""
        self.search.setText(query.search)
        self.filters.show_query(query)

    def ask_for_all(self) -> None:
        """Leave nothing out any more."""
        self.show_query(Query())
