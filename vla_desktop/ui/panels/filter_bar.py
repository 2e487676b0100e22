"""The bar that narrows a list: one button per filtered field, the state, the bin."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton, QWidget

from sync.records.base import Record
from sync.records.fields import Field, fields, fields_by_name
from sync.records.types import Choice, Link, Number, Text, Value, Year, YesNo
from sync.texts import _
from sync.vietnamese import fold
from vla_desktop.store.store import Query, RecordState, Store
from vla_desktop.ui.itemmodels import state_word
from vla_desktop.ui.panels.filter_button import FilterButton
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.buttons import Button
from vla_desktop.ui.widgets.flow import FlowLayout

_LOOKED_THROUGH_AT_A_GLANCE = 14
_YEARS_OFFERED = 8


class FilterBar(QWidget):
    """`changed` is told whenever the list is to be asked anew.

    `bin` stands wherever the page has room for it.
    """

    changed = Signal()

    def __init__(self, store: Store, kind: type[Record], first: QWidget) -> None:
        """`first` stands before the buttons, in the same rows."""
        super().__init__()
        self._kind = kind
        self._store = store
        self._beyond = Query()
        self.buttons: dict[str, FilterButton[Value]] = {}
        self._flow = flow = FlowLayout(self)
        flow.addWidget(first)
        self.fold = buttons.secondary(_("Lọc"), "filter")
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._show_buttons)
        flow.addWidget(self.fold)
        for field in fields(kind):
            if field.filtered:
                options = options_of(field, store)
                button = FilterButton(_(field.label), options, typed=_is_typed(field), parent=self)
                self.buttons[field.name] = button
                button.changed.connect(self._tell)
                flow.addWidget(button)
        self.state = FilterButton(_("Tình trạng gửi"), _states, parent=self)
        self.state.changed.connect(self._tell)
        self.bin = self._place(_("Thùng rác"), "bin")
        self.moved = self._place(_("Đã chuyển đi"), "external")
        self.moved.hide()
        self.beyond = QToolButton(self)
        self.beyond.setCheckable(True)
        self.beyond.setToolTip(_("Bấm để bỏ điều kiện này"))
        self.beyond.clicked.connect(self._forget_beyond)
        self.clear = buttons.quiet(_("Bỏ lọc"), "close", self.clear_all)
        for last in (self.state, self.beyond, self.clear):
            flow.addWidget(last)
        self._quiet = False
        self.fold.hide()
        self.clear.hide()
        self._show_beyond()

    def _place(self, words: str, drawing: str) -> Button:
        """A button for what is kept elsewhere than in the list."""
        made = buttons.secondary(words, drawing)
        made.setToolTip(words)
        made.setCheckable(True)
        made.toggled.connect(self._tell)
        return made

    def set_folded(self, folded: bool) -> None:
        """Whether one button stands for all, and shows them only when pressed."""
        if folded == self.fold.isHidden():
            self.fold.setVisible(folded)
            self.fold.setChecked(False)
            self._show_buttons()

    def look_for_moved(self) -> None:
        """Offer what went to other branches where there is any."""
        some = self._store.count(self._kind, Query(moved=True))
        self.moved.setVisible(bool(some) or self.moved.isChecked())

    def take_in(self, widget: QWidget) -> None:
        """Let this stand at the end of the row."""
        self._flow.addWidget(widget)

    def _show_buttons(self) -> None:
        shown = self.fold.isHidden() or self.fold.isChecked()
        buttons: list[QWidget] = [*self.buttons.values(), self.state]
        for button in buttons:
            button.setVisible(shown)

    @property
    def _chosen(self) -> int:
        """How many buttons narrow the list down."""
        values = [button.value for button in self.buttons.values()]
        return sum(value is not None for value in (*values, self.state.value))

    @property
    def active(self) -> bool:
        """Whether the list is narrowed down; looking into the bin is no narrowing."""
        return bool(self._chosen) or self._is_beyond

    @property
    def _is_beyond(self) -> bool:
        """Whether a question was put to the list that no button here can show."""
        return bool(self._beyond.filters) or self._beyond.ids is not None

    def apply(self, query: Query) -> Query:
        """The query, narrowed down by this bar."""
        filters = {
            name: button.value for name, button in self.buttons.items() if button.value is not None
        }
        return dataclasses.replace(
            query,
            filters={**self._beyond.filters, **filters},
            state=self.state.value,
            bin=self.bin.isChecked(),
            moved=self.moved.isChecked(),
            ids=self._beyond.ids,
        )

    def show_query(self, query: Query) -> None:
        """Set the buttons to what a query asks for, and tell of it once."""
        self._quiet = True
        beyond = {
            name: value
            for name, value in query.filters.items()
            if value is None or name not in self.buttons
        }
        self._beyond = Query(filters=beyond, ids=query.ids)
        self._show_beyond()
        for name, button in self.buttons.items():
            value = query.filters.get(name)
            button.choose(value, "" if value is None else self._word_of(name, value))
        self.state.choose(query.state, state_word(query.state) if query.state else "")
        self.bin.setChecked(query.bin)
        self.moved.setChecked(query.moved)
        self._quiet = False
        self._tell()

    def _show_beyond(self) -> None:
        known = fields_by_name(self._kind)
        empty = _("để trống")
        parts = [
            f"{_(known[name].label)}: {self._word_of(name, value) or empty}"
            for name, value in self._beyond.filters.items()
        ]
        if self._beyond.ids is not None:
            parts.append(_("Các bản ghi được chọn sẵn"))
        self.beyond.setText("; ".join(parts) + "  ✕")
        self.beyond.setChecked(True)
        self.beyond.setVisible(self._is_beyond)

    def _forget_beyond(self) -> None:
        self._beyond = Query()
        self._show_beyond()
        self._tell()

    def clear_all(self) -> None:
        """Narrow nothing down any more."""
        self.show_query(Query())

    def _word_of(self, name: str, value: Value) -> str:
        field = fields_by_name(self._kind)[name]
        if field.type.is_empty(value):
            return ""
        if isinstance(field.type, Link):
            return self._store.title(field.type.target, str(value))
        return field.type.show(value)

    def _tell(self) -> None:
        self.clear.setVisible(self.active)
        words = _("Lọc")
        self.fold.setText(f"{words} ({self._chosen})" if self._chosen else words)
        self.fold.setAccessibleName(self.fold.text())
        if not self._quiet:
            self.changed.emit()


def options_of(field: Field, store: Store) -> Callable[[str], Sequence[tuple[Value, str]]]:
    """The values that a field can be narrowed down to, for what was typed."""
    field_type = field.type
    if isinstance(field_type, Link):
        target = field_type.target
        return lambda text: [(each.id, each.title) for each in store.suggest(target, text)]
    if isinstance(field_type, Choice):
        words = field_type.words
        return lambda text: [
            (code, _(word)) for code, word in words.items() if fold(text) in fold(_(word))
        ]
    if isinstance(field_type, YesNo):
        return lambda text: [
            (value, field_type.show(value))
            for value in (True, False)
            if fold(text) in fold(field_type.show(value))
        ]
    if isinstance(field_type, Year):
        return _years
    if isinstance(field_type, Number):
        return lambda text: _numbers(field_type, text)
    if isinstance(field_type, Text):
        return lambda text: [(field_type.read(text), text.strip())] if text.strip() else []
    raise TypeError(f"no list of values to filter {field.name} by")


def _is_typed(field: Field) -> bool:
    if isinstance(field.type, Choice):
        return len(field.type.words) > _LOOKED_THROUGH_AT_A_GLANCE
    return not isinstance(field.type, YesNo)


def _numbers(field_type: Number, text: str) -> list[tuple[Value, str]]:
    """The number that was typed, when it is one that the field can hold."""
    try:
        value = field_type.read(text)
    except ValueError:
        return []
    fits = value is not None and field_type.fits(value)
    return [(value, field_type.show(value))] if fits else []


def _years(text: str) -> list[tuple[Value, str]]:
    typed = text.strip()
    if len(typed) == 4 and typed.isdigit():
        return [(int(typed), typed)]
    this_year = dt.datetime.now(tz=dt.UTC).year
    years = range(this_year + 1, this_year + 1 - _YEARS_OFFERED, -1)
    return [(year, str(year)) for year in years if str(year).startswith(typed)]


def _states(_text: str) -> list[tuple[RecordState, str]]:
    return [(state, state_word(state)) for state in RecordState]
