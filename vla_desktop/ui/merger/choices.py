"""Which unit of today a divided commune became: for all its records, or record by record."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from sync.records import name_of
from sync.texts import _
from sync.vietnamese import grouped
from vla_desktop.store.rehoming import Choices, Line
from vla_desktop.store.store import Store
from vla_desktop.ui.widgets.labels import label

ONE_BY_ONE = "*"
MOST_SHOWN = 100


def counts_words(lines: Sequence[Line]) -> str:
    """ "42 thư viện, 310 hội viên"."""
    return ", ".join(f"{grouped(len(line.records))} {_(line.kind.label).lower()}" for line in lines)


class DividedUnit(QWidget):
    """One former unit with its candidates. Until somebody chooses, it is left for later."""

    def __init__(self, store: Store, lines: Sequence[Line]) -> None:
        super().__init__()
        self._store, self._lines = store, lines
        self.old = lines[0].old
        name = store.catalogue.label(self.old)
        self.choice = self._box(name)
        self.choice.addItem(_("Chọn từng bản ghi"), ONE_BY_ONE)
        self.choice.currentIndexChanged.connect(self._on_chosen)
        self.records: dict[str, QComboBox] = {}
        self._each = QWidget()
        self._each.hide()
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(name, "strong"))
        words.addWidget(label(counts_words(lines), "help"))
        grid.addLayout(words, 0, 0)
        grid.addWidget(self.choice, 0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 12, 4)
        layout.addLayout(grid)
        layout.addWidget(self._each)

    def _box(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.addItem(_("Để sau"), "")
        for heir in self._lines[0].heirs:
            box.addItem(self._store.catalogue.label(heir), heir)
        return box

    def _on_chosen(self) -> None:
        is_each = self.choice.currentData() == ONE_BY_ONE
        if is_each and not self.records:
            self._list_records()
        self._each.setVisible(is_each)

    def _list_records(self) -> None:
        grid = QGridLayout(self._each)
        grid.setContentsMargins(24, 0, 0, 0)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        for line in self._lines:
            for row in self._store.rows(line.kind, line.records[:MOST_SHOWN]):
                box = self._box(row.title)
                self.records[row.id] = box
                at = grid.rowCount()
                grid.addWidget(label(f"{row.title} · {row.shown.get('address', '')}".rstrip(" ·")),
                               at, 0)  # fmt: skip
                grid.addWidget(box, at, 1)
            more = len(line.records) - MOST_SHOWN
            if more > 0:
                words = _("Còn {count} {noun} nữa, để lần sau.")
                noun = _(line.kind.label).lower()
                grid.addWidget(label(words.format(count=grouped(more), noun=noun), "help"))


class DividedUnits(QWidget):
    """All of them, one under the other."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "scrolled")
        self.units: list[DividedUnit] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addStretch(1)

    def show_lines(self, store: Store, lines: Sequence[Line]) -> None:
        """The units that were divided, among all the lines."""
        by_old: dict[str, list[Line]] = {}
        for line in sorted(lines, key=lambda line: name_of(line.kind)):
            if line.is_divided:
                by_old.setdefault(line.old, []).append(line)
        self.units = [DividedUnit(store, some) for _old, some in sorted(by_old.items())]
        for unit in self.units:
            self._column.insertWidget(self._column.count() - 1, unit)

    def choices(self) -> Choices:
        """What was chosen; nothing of what is left for later."""
        by_unit: dict[str, str] = {}
        by_record: dict[str, str] = {}
        for unit in self.units:
            chosen = unit.choice.currentData()
            if chosen == ONE_BY_ONE:
                by_record |= {
                    record: box.currentData()
                    for record, box in unit.records.items()
                    if box.currentData()
                }
            elif chosen:
                by_unit[unit.old] = chosen
        return Choices(by_unit, by_record)
