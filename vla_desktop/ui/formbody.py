"""The fields of a kind, in headed groups, one or two columns wide, always in paper order."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from sync.problems import Level
from sync.records.base import Record
from sync.records.fields import fields
from sync.texts import _
from vla_desktop.ui import theme
from vla_desktop.ui.editors import editor_for
from vla_desktop.ui.fieldrow import FieldRow
from vla_desktop.ui.widgets.cards import Card

if TYPE_CHECKING:
    from vla_desktop.store.store import Store


class FormSection(Card):
    """A heading and the fields under it."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.rows: list[FieldRow] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(12)
        self.body.addLayout(self._grid)

    def arrange(self, columns: int) -> None:
        """Put the fields side by side; those that want the whole width get it."""
        for row in self.rows:
            self._grid.removeWidget(row)
        line = column = 0
        for row in self.rows:
            is_wide = row.editor.wide
            if is_wide and column:
                line, column = line + 1, 0
            self._grid.addWidget(row, line, column, 1, columns if is_wide else 1)
            column = columns if is_wide else column + 1
            if column >= columns:
                line, column = line + 1, 0
        for index in range(2):
            self._grid.setColumnStretch(index, 1 if index < columns else 0)


class FormBody(QScrollArea):
    """All rows of one kind. Enter goes to the next field, Shift+Enter to the one before."""

    ended = Signal()  # Enter in the last field
    TWO_COLUMNS_FROM = 680
    WIDEST = 1120

    def __init__(self, store: Store, kind: type[Record]) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows: dict[str, FieldRow] = {}
        self._sections: list[FormSection] = []
        self._columns = 0
        page = QWidget()
        page.setProperty("role", "scrolled")
        centred = QHBoxLayout(page)
        centred.setContentsMargins(16, 0, 16, 16)
        self._sheet = QWidget()
        self._sheet.setMaximumWidth(self.WIDEST)
        self._column = QVBoxLayout(self._sheet)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        centred.addWidget(self._sheet)
        self._build(store, kind)
        self._column.addStretch(1)
        self.setWidget(page)
        self._arrange()

    def __iter__(self) -> Iterator[FieldRow]:
        return iter(self.rows.values())

    def _build(self, store: Store, kind: type[Record]) -> None:
        for field in fields(kind):
            if field.section or not self._sections:
                section = FormSection(_(field.section) if field.section else _(kind.label))
                self._sections.append(section)
            row = FieldRow(editor_for(field, store))
            self._sections[-1].rows.append(row)
            self.rows[field.name] = row
        for section in self._sections:
            self._column.addWidget(section)
        self._connect()

    def _connect(self) -> None:
        ordered = list(self.rows.values())
        for before, after in itertools.pairwise(ordered):
            before.editor.advanced.connect(lambda name=after.field.name: self.focus(name))
            after.editor.retreated.connect(lambda name=before.field.name: self.focus(name))
        ordered[-1].editor.advanced.connect(self.ended)

    def order_tabs(self) -> None:
        """Let Tab walk in paper order; to be called once everything stands in its window."""
        mains = [row.editor.main() for row in self]
        for before, after in itertools.pairwise(mains):
            QWidget.setTabOrder(before, after)

    def focus(self, name: str) -> None:
        """Go to a field and bring all of it into sight."""
        row = self.rows[name]
        row.editor.main().setFocus(Qt.FocusReason.TabFocusReason)
        if row is next(iter(self)):
            self.verticalScrollBar().setValue(0)  # with the heading above it
        else:
            self.ensureWidgetVisible(row, 0, 24)

    def focused(self) -> str:
        """The name of the field that has the focus; "" if none has."""
        return next((name for name, row in self.rows.items() if row.editor.main().hasFocus()), "")

    def first_faulty(self) -> str:
        """The name of the first field, in paper order, that holds a mistake; "" if none does."""
        return next((name for name, row in self.rows.items() if row.level is Level.BLOCK), "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wide = theme.theme().tokens.px(self.TWO_COLUMNS_FROM)
        columns = 2 if self.width() >= wide else 1
        if columns != self._columns:
            self._columns = columns
            for section in self._sections:
                section.arrange(columns)
