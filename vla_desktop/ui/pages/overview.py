"""The first page: what waits to be done, and the branch in numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from sync.indicators.figure import Figure
from sync.records import KINDS, name_of
from sync.records.library import LibraryType
from sync.texts import N_, _
from sync.vietnamese import grouped
from vla_desktop.office import Office, ToDo
from vla_desktop.store.store import Query
from vla_desktop.store.todo import REHOME
from vla_desktop.ui.merger.dialog import show_merger
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.pages.first_steps import FirstSteps
from vla_desktop.ui.pages.found import FoundPage
from vla_desktop.ui.pages.scrolled import Board, CardGrid, emptied
from vla_desktop.ui.widgets.cards import ActionCard, Card, FigureView, SharesCard
from vla_desktop.ui.widgets.labels import label, line
from vla_desktop.ui.widgets.page_header import PageHeader
from vla_desktop.ui.widgets.rows import ActionRow
from vla_desktop.ui.words import wording
from vla_desktop.ui.workplace import Workplace

# The counts that stand on cards, in this order: figure, kind whose list they open, icon.
COUNTS = (
    ("M0", "member", "member"),
    ("L0", "library", "library"),
    ("A0", "activity", "activity"),
    ("P0", "participation", "people"),
)

# What the numerator of a ratio counts, for "so many more".
NOUNS = {"I1a": N_("hội viên"), "I1b": N_("hội viên"), "I2": N_("đơn vị")}


@dataclass(frozen=True)
class Glance:
    """What the page shows, read in one go. `behind` has the lists behind a figure, by its code."""

    figures: list[Figure]
    to_do: list[ToDo]
    behind: Mapping[str, list[ToDo]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written down in this office yet."""
        return not self.figures


def glance(office: Office, today: dt.date) -> Glance:
    """Read it. Takes some tenths of a second in a large office."""
    if not any(office.store.count(kind, Query()) for kind in KINDS):
        return Glance([], [], {})
    return Glance(office.figures(today), office.to_do(today), office.behind(today))


def needed_words(figure: Figure) -> str:
    """How many more reach the target; "" when it is met or nobody can say."""
    if not figure.needed:
        return ""
    noun = _(NOUNS[figure.code]) if figure.code in NOUNS else ""
    words = _("cần thêm {count} {noun}").format(count=grouped(figure.needed), noun=noun)
    return words.strip()


def caveat_words(figure: Figure, behind: Sequence[ToDo] = ()) -> str:
    """What the figure lacks, without what the lists offered beside it say already."""
    parts = [_("chưa đủ số liệu")] if figure.value is None else []
    if behind:
        parts += [_("số tạm tính")] if figure.provisional else []
    elif figure.note:
        parts.append(figure.note)
    return " · ".join(parts)


def parts_of(figures: Sequence[Figure], prefix: str) -> list[tuple[str, int]]:
    """The name and number of the counts under a code, the largest first, none that is 0."""
    found = [
        (figure.name, figure.numerator)
        for figure in figures
        if figure.code.startswith(prefix) and figure.numerator
    ]
    return sorted(found, key=lambda part: -part[1])


class OverviewPage(FoundPage[Glance]):
    """Every number leads to the list that it counts."""

    navigated = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace, 1680)
        self._office = workplace.office
        self.header = PageHeader("")
        self.first_steps = FirstSteps()
        self.first_steps.asked.connect(self.navigated)
        self.counts = CardGrid(230)
        self.to_do = Card(_("Việc cần làm"))
        self.figures = Card(_("Chỉ tiêu của nhiệm kỳ"))
        self.figures.body.setSpacing(16)
        self.at_work = SharesCard(_("Hội viên theo nơi làm việc"))
        self.libraries = SharesCard(_("Thư viện theo loại"))
        self.board = Board(460, self.to_do, self.figures, self.at_work, self.libraries)
        self.waiting = label(_("Đang tính các con số…"), "muted")
        for part in (self.header, self.waiting, self.first_steps, self.counts, self.board):
            self.add(part)
        for part in (self.first_steps, self.counts, self.board):
            part.hide()
        workplace.syncing.changed.connect(self._greet)
        self._greet()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._greet()

    def _greet(self) -> None:
        standing = self._office.standing()
        author = self._office.settings.author
        self.header.title.setText(
            _("Chào {name}").format(name=author) if author else _("Chào anh/chị")
        )
        told = wording(standing, dt.datetime.now(dt.UTC)).sentence
        branch = standing.branch_name or _("Văn phòng trên máy này")
        self.header.set_subtitle(f"{branch} · {told}")

    def look_up(self) -> Glance:
        return glance(self._office, dt.datetime.now().astimezone().date())

    def show_found(self, found: Glance) -> None:
        self.waiting.hide()
        self.first_steps.setVisible(found.is_empty)
        self.counts.setVisible(not found.is_empty)
        self.board.setVisible(not found.is_empty)
        if not found.is_empty:
            self._show_to_do(found.to_do)
            self._show_counts(found.figures)
            self._show_ratios(found)
            self._show_shares(found.figures)

    def _show_to_do(self, to_do: list[ToDo]) -> None:
        emptied(self.to_do.body)
        for item in to_do:
            row = ActionRow(item.icon, item.sentence, grouped(item.count))
            row.pressed.connect(partial(self._open, item))
            self.to_do.body.addWidget(row)
        if not to_do:
            self.to_do.body.addWidget(label(_("Không có việc gì đang chờ. Tốt lắm!"), "muted"))

    def _open(self, item: ToDo) -> None:
        if item.deed == REHOME:
            show_merger(self._workplace, self)
            return
        self.navigated.emit(Destination(name_of(item.kind), query=item.query))

    def _show_counts(self, figures: list[Figure]) -> None:
        known = {figure.code: figure for figure in figures}
        cards: list[QWidget] = []
        for code, kind, icon in COUNTS:
            card = ActionCard(icon, known[code].shown, known[code].name)
            there = Destination(kind)
            card.pressed.connect(lambda there=there: self.navigated.emit(there))
            cards.append(card)
        self.counts.set_cards(cards)

    def _show_ratios(self, found: Glance) -> None:
        emptied(self.figures.body)
        ratios = [figure for figure in found.figures if figure.is_ratio]
        for figure in ratios:
            if figure is not ratios[0]:
                self.figures.body.addWidget(line())
            behind = found.behind.get(figure.code, [])
            view = FigureView(figure.name)
            view.show_figure(
                figure.value,
                figure.numerator,
                figure.denominator,
                figure.target,
                caveat_words(figure, behind),
                needed_words(figure),
            )
            for item in behind:
                view.add_way(_counted(item), partial(self._open, item))
            self.figures.body.addWidget(view)
        self.figures.setVisible(bool(ratios))

    def _show_shares(self, figures: list[Figure]) -> None:
        types = tuple(f"L0.{word}" for word in LibraryType)
        shares = (
            (self.at_work, parts_of(figures, "M0.at.")),
            (self.libraries, parts_of([f for f in figures if f.code in types], "L0.")),
        )
        for card, parts in shares:
            card.show_parts(parts)
            card.setVisible(bool(parts))


def _counted(item: ToDo) -> str:
    """ "27 thư viện chưa có số nhân sự"."""
    return f"{grouped(item.count)} {item.sentence[:1].lower()}{item.sentence[1:]}"
