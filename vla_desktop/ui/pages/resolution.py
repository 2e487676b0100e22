"""The resolution: each term with its tasks, what is to be reached, and where the work is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sync.records import BY_NAME
from sync.records.target import Target
from sync.records.task import Task, Work
from sync.records.term import Term
from sync.texts import _
from vla_desktop.store.store import Query, Row, Store
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.pages.found import FoundPage
from vla_desktop.ui.pages.scrolled import emptied
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.cards import Card
from vla_desktop.ui.widgets.flow import FlowLayout
from vla_desktop.ui.widgets.labels import label, line
from vla_desktop.ui.widgets.page_header import PageHeader
from vla_desktop.ui.workplace import Workplace


@dataclass(frozen=True)
class TermRead:
    """A term, its tasks in order, and the targets of each task by its id."""

    term: Row
    is_in_force: bool
    tasks: Sequence[Row]
    targets: Mapping[str, Sequence[Row]]


def read_terms(store: Store, today: dt.date) -> list[TermRead]:
    """Every term, the one in force first, then the newest."""

    def listed(kind: type[Term] | type[Task] | type[Target], **filters: str) -> list[Row]:
        return store.rows(kind, store.ids(kind, Query(filters=filters)))

    found = []
    for term in listed(Term):
        tasks = listed(Task, term=term.id)
        targets = {task.id: listed(Target, task=task.id) for task in tasks}
        found.append(TermRead(term, _is_in_force(term, today), tasks, targets))
    found.sort(key=lambda read: str(read.term.values["starts_on"]), reverse=True)
    return sorted(found, key=lambda read: not read.is_in_force)


def _is_in_force(term: Row, today: dt.date) -> bool:
    starts_on, ends_on = term.values["starts_on"], term.values["ends_on"]
    has_begun = isinstance(starts_on, dt.date) and starts_on <= today
    return has_begun and not (isinstance(ends_on, dt.date) and ends_on < today)


class ResolutionPage(FoundPage[list[TermRead]]):
    """Read only: the centre issues it, and it comes with the exchange."""

    navigated = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace, 1100)
        self._store = workplace.office.store
        self.header = PageHeader(
            _("Nghị quyết và chỉ tiêu"), _("Do Trung ương ban hành; ở chi hội chỉ để xem.")
        )
        self.terms = QVBoxLayout()
        self.terms.setSpacing(16)
        ground = QWidget()
        self.terms.setContentsMargins(0, 0, 0, 0)
        ground.setLayout(self.terms)
        self.add(self.header)
        self.add(ground)

    def look_up(self) -> list[TermRead]:
        return read_terms(self._store, dt.datetime.now().astimezone().date())

    def show_found(self, found: list[TermRead]) -> None:
        emptied(self.terms)
        for read in found:
            self.terms.addWidget(self._card(read))
        if not found:
            words = _("Chưa nhận nghị quyết nào. Đồng bộ với Trung ương rồi xem lại.")
            self.terms.addWidget(label(words, "muted"))
        self.terms.addStretch(1)

    def _card(self, read: TermRead) -> Card:
        shown = read.term.shown
        in_force = _("{term} · đang có hiệu lực").format(term=read.term.title)
        card = Card(in_force if read.is_in_force else read.term.title)
        days = " – ".join(part for part in (shown["starts_on"], shown["ends_on"]) if part)
        about = " · ".join(part for part in (days, shown["congress"]) if part)
        card.body.addWidget(label(about, "muted"))
        if not any(read.targets.values()):
            card.body.addWidget(label(_("Chưa có chỉ tiêu cho khóa này."), "strong"))
        for words in (shown["note"], shown["direction"]):
            if words:
                card.body.addWidget(label(words, "help"))
        for task in read.tasks:
            card.body.addWidget(line())
            card.body.addWidget(self._part(task, read.targets[task.id]))
        return card

    def _part(self, task: Row, targets: Sequence[Row]) -> QWidget:
        view = QWidget()
        column = QVBoxLayout(view)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        title = f"{task.shown['number']}. {task.shown['title']}"
        column.addWidget(label(title, "strong"))
        if task.shown["text"]:
            column.addWidget(label(task.shown["text"], "help"))
        for target in targets:
            words = _("Chỉ tiêu: {indicator}, {value}, {period}").format(
                indicator=target.shown["indicator"], value=target.shown["value"],
                period=target.shown["period"].lower(),
            )  # fmt: skip
            column.addWidget(label(words, "label"))
        ways, known = FlowLayout(gap=4), {str(word): word.word for word in Work}
        for code in str(task.values["work"]).split(","):
            if code in BY_NAME and code in known:
                go = partial(self.navigated.emit, Destination(code))
                ways.addWidget(buttons.secondary(f"{_(known[code])}  ›", callback=go))
        column.addLayout(ways)
        view.setAccessibleName(title)
        return view
