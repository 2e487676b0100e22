"""One target on a card: where it stands, how it came there, what it rests on, what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from sync.indicators.figure import percent
from sync.indicators.freshness import Age
from sync.indicators.trend import Point
from sync.texts import _
from sync.vietnamese import grouped
from vla_desktop.store.aims import Aim, Named, Verdict
from vla_desktop.store.store import Query
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.cards import Card, ShareBar
from vla_desktop.ui.widgets.chips import Chip
from vla_desktop.ui.widgets.flow import FlowLayout
from vla_desktop.ui.widgets.labels import label, line
from vla_desktop.ui.widgets.rows import ActionRow
from vla_desktop.ui.widgets.trend_chart import Bar, TrendChart

MOST_ROWS = 5
_TONES = {
    Verdict.MET: ("check", "success"),
    Verdict.SHORT: ("target", "info"),
    Verdict.LACKING: ("help", "neutral"),
    Verdict.UNSET: ("info", "neutral"),
    Verdict.COUNTED: ("info", "neutral"),
}
_AGES = {
    Age.THIS_YEAR: ("check", "success"),
    Age.LAST_YEAR: ("history", "warning"),
    Age.TOO_OLD: ("warning", "danger"),
    Age.NONE: ("help", "danger"),
}


class AimCard(Card):
    """`navigated` carries the `Destination` of what was pressed."""

    navigated = Signal(object)

    def __init__(self, aim: Aim) -> None:
        super().__init__(aim.figure.name)
        self.aim = aim
        for chip in _chips(aim):
            self.head.addWidget(chip)
        self._show_value()
        self._show_ground()
        self._show_gains()
        self._show_faults()

    def _show_value(self) -> None:
        figure = self.aim.figure
        value = "–" if figure.value is None else figure.shown
        counted = _counted(self.aim)
        row = QHBoxLayout()
        row.setSpacing(12)
        for words, role in ((value, "display"), (counted, "muted")):
            part = label(words, role)
            part.setWordWrap(False)
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        self.body.addLayout(row)
        if figure.is_ratio:
            bar = ShareBar()
            share = None if figure.value is None else float(figure.value)
            bar.show_share(share, None if figure.target is None else float(figure.target))
            self.body.addWidget(bar)
        if figure.note and not self.aim.missing:
            self.body.addWidget(label(figure.note, "help"))
        name = f"{figure.name}: {value}. {counted}. {_(self.aim.verdict.word)}"
        self.setAccessibleName(name)

    def _show_ground(self) -> None:
        """What the ratio rests on, beside how it went over the years."""
        row = QHBoxLayout()
        row.setSpacing(20)
        target = self.aim.figure.target
        if self.aim.figure.is_ratio:
            chart = TrendChart(
                self.aim.figure.name,
                [_bar(point) for point in self.aim.points],
                None if target is None else float(target),
            )
            row.addWidget(chart, 0, Qt.AlignmentFlag.AlignTop)
        facts = QVBoxLayout()
        facts.setSpacing(6)
        covered = _coverage_words(self.aim)
        if covered:
            facts.addWidget(label(covered, "muted"))
        ages = FlowLayout(gap=6)
        for age, number in (self.aim.ages or {}).items():
            if number:
                icon, tone = _AGES[age]
                ages.addWidget(Chip(icon, f"{grouped(number)} {_(age.word)}", tone))
        facts.addLayout(ages)
        facts.addStretch(1)
        row.addLayout(facts, 1)
        self.body.addLayout(row)

    def _show_gains(self) -> None:
        if self.aim.missing:
            self._offer(
                "people", _("Thư viện chưa có số nhân sự"), grouped(len(self.aim.missing)),
                _("Ghi số nhân sự trước, vì nó đổi cả mẫu số lẫn số cần thêm."),
                Destination("library", query=Query(ids=self.aim.missing)), "warning",
            )  # fmt: skip
        gains = self.aim.gains
        if not gains:
            return
        self.body.addWidget(line())
        self.body.addWidget(label(needed_words(self.aim), "strong"))
        for gain in gains[:MOST_ROWS]:
            self._offer_gain(gain)
        everything = frozenset(gain.gain.library for gain in gains)
        if len(everything) > MOST_ROWS:
            words = _("Mở danh sách {count} thư viện").format(count=grouped(len(everything)))
            there = Destination("library", query=Query(ids=everything))
            button = buttons.secondary(words, callback=lambda: self.navigated.emit(there))
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _offer_gain(self, named: Named) -> None:
        gain = named.gain
        there = Destination("library", id=gain.library)
        if gain.reason is not None:
            self._offer("library", named.title, "", _(gain.reason.word), there)
            return
        detail = _("{have}/{of} người đã là hội viên").format(
            have=grouped(gain.have), of=grouped(gain.of)
        )
        self._offer("library", named.title, f"+{grouped(gain.count)}", detail, there)

    def _show_faults(self) -> None:
        if not self.aim.faults:
            return
        self.body.addWidget(line())
        words = _("Số liệu sai: hội viên nhiều hơn số nhân sự đã ghi")
        self.body.addWidget(label(words, "error"))
        for named in self.aim.faults[:MOST_ROWS]:
            gain = named.gain
            detail = _("{have} hội viên, mà nhân sự ghi là {of}").format(
                have=grouped(gain.have), of=grouped(gain.of)
            )
            there = Destination("library", id=gain.library)
            self._offer("warning", named.title, "", detail, there, "danger")
        over = frozenset(named.gain.library for named in self.aim.faults)
        if len(over) > MOST_ROWS:
            there = Destination("library", query=Query(ids=over))
            self._offer("warning", _("Tất cả thư viện như vậy"), grouped(len(over)), "", there)

    def _offer(
        self, icon: str, words: str, count: str, detail: str, there: Destination,
        role: str = "primary",
    ) -> None:  # fmt: skip
        row = ActionRow(icon, words, count, detail, role)
        row.pressed.connect(lambda: self.navigated.emit(there))
        self.body.addWidget(row)


def needed_words(aim: Aim) -> str:
    """ "Cần thêm 37 hội viên ở 12 thư viện"; "" when nothing is needed or nobody can say."""
    if not aim.figure.needed or not aim.gains:
        return ""
    if aim.gains[0].gain.reason is not None:
        words = _("Cần thêm {needed} thư viện đạt; gần đạt nhất là:")
        return words.format(needed=grouped(aim.figure.needed))
    return _("Cần thêm {needed} hội viên ở {libraries} thư viện").format(
        needed=grouped(aim.figure.needed), libraries=grouped(len(aim.gains))
    )


def _chips(aim: Aim) -> Iterator[Chip]:
    if aim.figure.provisional and aim.figure.value is not None:
        yield Chip("warning", _("Tạm tính"), "warning")
    if aim.faults:
        yield Chip("error", _("Có số liệu sai"), "danger")
    icon, tone = _TONES[aim.verdict]
    yield Chip(icon, _(aim.verdict.word), tone)


def _counted(aim: Aim) -> str:
    figure = aim.figure
    parts = []
    if figure.denominator:  # of nothing, nothing is said
        parts.append(f"{grouped(figure.numerator or 0)} / {grouped(figure.denominator)}")
    if figure.target is not None:
        parts.append(_("mục tiêu {aim}").format(aim=percent(figure.target)))
    return " · ".join(parts)


def _coverage_words(aim: Aim) -> str:
    if not aim.asked:
        return ""
    words = (
        _("Đã đánh giá {covered}/{asked} thư viện")
        if aim.ages is None
        else _("Có số nhân sự của {covered}/{asked} thư viện")
    )
    return words.format(covered=grouped(aim.covered), asked=grouped(aim.asked))


def _bar(point: Point) -> Bar:
    figure = point.figure
    share = None if figure.value is None else float(figure.value)
    return Bar(str(point.year), share, figure.shown, figure.provisional)


def cards(aims: Sequence[Aim]) -> list[AimCard]:
    """A card for each, in order."""
    return [AimCard(aim) for aim in aims]
