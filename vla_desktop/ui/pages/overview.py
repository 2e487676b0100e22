"""The first page: what waits to be done, and the branch in numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from sync.indicators.figure import Figure
from sync.progress import Progress
from sync.records import KINDS, name_of
from sync.texts import N_, _
from vla_desktop.office import Office, ToDo
from vla_desktop.store.store import Query
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.pages.first_steps import FirstSteps
from vla_desktop.ui.pages.scrolled import CardGrid, ScrolledPage, emptied
from vla_desktop.ui.tasks import Task
from vla_desktop.ui.widgets.cards import ActionCard, Card, FigureCard
from vla_desktop.ui.widgets.labels import label
from vla_desktop.ui.widgets.page_header import PageHeader
from vla_desktop.ui.widgets.rows import ActionRow
from vla_desktop.ui.words import grouped, wording
from vla_desktop.ui.workplace import Workplace

GATHER_MS = 400

# The counts that stand on cards, in this order: figure, kind whose list they open, icon.
COUNTS = (("M0", "member"), ("L0", "library"), ("A0", "activity"))

# What the numerator of a ratio counts, for "so many more".
NOUNS = {"I1a": N_("hội viên"), "I1b": N_("hội viên"), "I2": N_("đơn vị")}


@dataclass(frozen=True)
class Glance:
    """What the page shows, read in one go."""

    figures: list[Figure]
    to_do: list[ToDo]
    is_empty: bool


def glance(office: Office, today: dt.date) -> Glance:
    """Read it. Takes some tenths of a second in a large office."""
    if not any(office.store.count(kind, Query()) for kind in KINDS):
        return Glance([], [], is_empty=True)
    return Glance(office.figures(today), office.to_do(today), is_empty=False)


def needed_words(figure: Figure) -> str:
    """How many more reach the target; "" when it is met or nobody can say."""
    if not figure.needed:
        return ""
    noun = _(NOUNS[figure.code]) if figure.code in NOUNS else ""
    words = _("cần thêm {count} {noun}").format(count=grouped(figure.needed), noun=noun)
    return words.strip()


def caveat_words(figure: Figure) -> str:
    """What the figure lacks."""
    parts = [_("chưa đủ số liệu")] if figure.value is None else []
    if figure.provisional:
        parts.append(_("số tạm tính"))
    if figure.missing and not figure.note:
        sentence = _("{count} thư viện chưa có số nhân sự")
        parts.append(sentence.format(count=grouped(figure.missing)))
    return " · ".join([*parts, figure.note] if figure.note else parts)


class OverviewPage(ScrolledPage):
    """Reads its numbers in the worker whenever it comes into view or the records change."""

    navigated = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(1680)
        self._office = workplace.office
        self._workplace = workplace
        self._task: Task[Glance] | None = None
        self._stale = True
        self.header = PageHeader("")
        self.first_steps = FirstSteps()
        self.first_steps.asked.connect(self.navigated)
        self.to_do = Card(_("Việc cần làm"))
        self.counts = CardGrid(240)
        self.figures = CardGrid(300, most_columns=3)
        self._heading = label(_("Chỉ tiêu của nhiệm kỳ"), "heading")
        self.add(self.header)
        self.add(self.first_steps)
        self.add(self.counts)
        self.add(self.to_do)
        self.add(self._heading)
        self.add(self.figures)
        for part in self._numbers():
            part.hide()
        self.first_steps.hide()
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gather.timeout.connect(self._read)
        workplace.bridge.changed.connect(self._on_news)
        workplace.syncing.changed.connect(self._greet)
        self._greet()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._greet()
        if self._stale:
            self._read()

    def _numbers(self) -> tuple[QWidget, ...]:
        return (self.counts, self.to_do, self._heading, self.figures)

    def _greet(self) -> None:
        standing = self._office.standing()
        author = self._office.settings.author
        self.header.title.setText(
            _("Chào {name}").format(name=author) if author else _("Chào anh/chị")
        )
        told = wording(standing, dt.datetime.now(dt.UTC)).sentence
        branch = standing.branch_name or _("Văn phòng trên máy này")
        self.header.set_subtitle(f"{branch} · {told}")

    def _on_news(self, _touched: object) -> None:
        self._stale = True
        if self.isVisible():
            self._gather.start()

    def _read(self) -> None:
        if self._task is not None:
            return
        today = dt.datetime.now().astimezone().date()

        def work(_progress: Progress) -> Glance:
            return glance(self._office, today)

        self._stale = False
        self._task = Task(work, self._workplace.pool, self)
        self._task.succeeded.connect(self._show)
        self._task.failed.connect(self._workplace.errors.show)
        self._task.finished.connect(self._on_read)
        self._task.start()

    def _on_read(self) -> None:
        if self._task is not None:
            self._task.deleteLater()
        self._task = None
        if self._stale and self.isVisible():
            self._gather.start()

    def _show(self, seen: Glance) -> None:
        self.first_steps.setVisible(seen.is_empty)
        for part in self._numbers():
            part.setVisible(not seen.is_empty)
        if not seen.is_empty:
            self._show_to_do(seen.to_do)
            self._show_counts(seen.figures)
            self._show_ratios([figure for figure in seen.figures if figure.is_ratio])

    def _show_to_do(self, to_do: list[ToDo]) -> None:
        emptied(self.to_do.body)
        for item in to_do:
            row = ActionRow(item.icon, item.sentence, grouped(item.count))
            destination = Destination(name_of(item.kind), query=item.query)
            row.pressed.connect(lambda there=destination: self.navigated.emit(there))
            self.to_do.body.addWidget(row)
        if not to_do:
            self.to_do.body.addWidget(label(_("Không có việc gì đang chờ. Tốt lắm!"), "muted"))

    def _show_counts(self, figures: list[Figure]) -> None:
        found = {figure.code: figure for figure in figures}
        cards: list[QWidget] = []
        for code, kind in COUNTS:
            figure = found.get(code)
            if figure is not None:
                card = ActionCard(kind, figure.shown, figure.name)
                there = Destination(kind)
                card.pressed.connect(lambda there=there: self.navigated.emit(there))
                cards.append(card)
        self.counts.set_cards(cards)

    def _show_ratios(self, ratios: list[Figure]) -> None:
        cards: list[QWidget] = []
        for figure in ratios:
            card = FigureCard(figure.name)
            card.show_figure(
                figure.value,
                figure.numerator,
                figure.denominator,
                figure.target,
                caveat_words(figure),
                needed_words(figure),
            )
            cards.append(card)
        self._heading.setVisible(bool(cards))
        self.figures.set_cards(cards)
