"""What else of the office points at a record, by kind and link."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QComboBox, QStackedWidget, QVBoxLayout, QWidget

from sync.records import KINDS, name_of
from sync.records.base import Record
from sync.records.fields import fields
from sync.records.types import Link
from sync.texts import _
from vla_desktop.store.store import Row, Store
from vla_desktop.ui.bridge import Touched
from vla_desktop.ui.panels.deeds import Deeds
from vla_desktop.ui.panels.linked_list import LinkedList, seen_from
from vla_desktop.ui.panels.record_tab import RecordTab

LinkName = tuple[type[Record], str]


def links_to(kind: type[Record]) -> list[LinkName]:
    """Every (kind, link field name) that can point at records of this kind."""
    target = name_of(kind)
    return [
        (each, field.name)
        for each in KINDS
        for field in fields(each)
        if isinstance(field.type, Link) and field.type.target == target
    ]


def link_label(link: LinkName, links: Collection[LinkName]) -> str:
    """What the kind is seen from here, with the link's label where the kind has several."""
    kind, name = link
    label = seen_from(kind, name)
    if sum(each is kind for each, _name in links) > 1:
        field = next(field for field in fields(kind) if field.name == name)
        label = f"{label} · {_(field.label)}"
    return label


class LinkedTab(RecordTab):
    """One link that matters enough for a tab of its own."""

    def __init__(
        self, store: Store, link: LinkName, deeds: Deeds, parent: QWidget | None = None
    ) -> None:
        kind, name = link
        super().__init__(_(kind.label), parent)
        self.list = LinkedList(store, kind, name, deeds, self)
        self.list.open_asked.connect(self.open_asked)
        self.list.counted.connect(self._count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list)

    def fill(self, record: Row) -> None:
        self.list.show_owner(record.id)

    def hear(self, touched: Touched) -> None:
        if self.isVisible():
            self.list.hear(touched)
        else:
            super().hear(touched)

    def _count(self, count: int) -> None:
        self.renamed.emit(f"{self.label} ({count})" if count else self.label)


class RelatedTab(RecordTab):
    """Every other link, one at a time; those that hold something come first."""

    def __init__(
        self,
        store: Store,
        kind: type[Record],
        deeds: Deeds,
        *,
        without: Collection[LinkName] = (),
        parent: QWidget | None = None,
    ) -> None:
        self.links = [link for link in links_to(kind) if link not in without]
        is_one = len(self.links) == 1
        super().__init__(seen_from(*self.links[0]) if is_one else _("Liên quan"), parent)
        self._store = store
        self._kind = kind
        self._deeds = deeds
        self.chooser = QComboBox(self)
        self.chooser.setAccessibleName(_("Loại bản ghi liên quan"))
        self._lists = QStackedWidget(self)
        self._made: dict[LinkName, LinkedList] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.addWidget(self.chooser)
        layout.addWidget(self._lists, 1)
        self.chooser.currentIndexChanged.connect(self._show_chosen)
        self.chooser.setVisible(len(self.links) > 1)

    def fill(self, record: Row) -> None:
        counts = {
            (kind, name): count for kind, name, count in self._store.linked(self._kind, record.id)
        }
        ordered = sorted(self.links, key=lambda link: not counts.get(link, 0))
        self.chooser.blockSignals(True)
        self.chooser.clear()
        for link in ordered:
            label = link_label(link, self.links)
            self.chooser.addItem(f"{label} ({counts.get(link, 0)})", self.links.index(link))
        self.chooser.setCurrentIndex(0)
        self.chooser.blockSignals(False)
        total = sum(counts.get(link, 0) for link in self.links)
        self.renamed.emit(f"{self.label} ({total})" if total else self.label)
        self._show_chosen()

    def hear(self, touched: Touched) -> None:
        if self.isVisible():
            for shown in self._made.values():
                if shown is self._lists.currentWidget():
                    shown.hear(touched)
        else:
            super().hear(touched)

    def _show_chosen(self) -> None:
        place = self.chooser.currentData()
        if self.record is None or place is None:
            return
        link = self.links[place]
        if link not in self._made:
            kind, name = link
            made = LinkedList(self._store, kind, name, self._deeds, self)
            made.open_asked.connect(self.open_asked)
            self._made[link] = made
            self._lists.addWidget(made)
        self._lists.setCurrentWidget(self._made[link])
        self._made[link].show_owner(self.record.id)
