"""A ratio over the years as bars, the target as a line across them; every number is written too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sync.texts import _
from vla_desktop.ui import theme
from vla_desktop.ui.theme import colour

BAR, GAP, HIGH, LINE = 34, 18, 64, 18


@dataclass(frozen=True)
class Bar:
    """One year: `share` from 0 to 1 and as people read it; None where nobody can say."""

    label: str
    share: float | None
    words: str
    provisional: bool = False


class TrendChart(QWidget):
    """Bars from the oldest to the newest. A provisional one is hatched, an unknown one a dash."""

    def __init__(self, name: str, bars: Sequence[Bar], target: float | None) -> None:
        super().__init__()
        self._bars, self._target = bars, target
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        said = "; ".join(f"{bar.label}: {_words(bar)}" for bar in bars)
        self.setAccessibleName(_("{name} qua các năm").format(name=name))
        self.setAccessibleDescription(said)
        self.setToolTip(said.replace("; ", "\n"))
        theme.theme().changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = theme.theme().tokens.px
        return QSize(px(len(self._bars) * (BAR + GAP)), px(HIGH + 2 * LINE + 4))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.theme().font("caption"))
        px = theme.theme().tokens.px
        ground = QRectF(0, px(LINE), px(len(self._bars) * (BAR + GAP)), px(HIGH))
        top = max([bar.share or 0 for bar in self._bars] + [self._target or 0, 0.01])
        if self._target is not None:
            y = ground.bottom() - ground.height() * self._target / top
            painter.setPen(QPen(colour("edge"), 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(int(ground.left()), int(y), int(ground.right()), int(y))
        for at, bar in enumerate(self._bars):
            left = px(at * (BAR + GAP) + GAP / 2)
            self._paint_bar(painter, QRectF(left, ground.top(), px(BAR), ground.height()), bar, top)
        painter.setPen(QPen(colour("edge"), 1))
        painter.drawLine(ground.bottomLeft(), ground.bottomRight())

    def _paint_bar(self, painter: QPainter, column: QRectF, bar: Bar, top: float) -> None:
        px = theme.theme().tokens.px
        wide = column.adjusted(-px(GAP / 2), 0, px(GAP / 2), 0)
        bottom, middle = column.bottom(), Qt.AlignmentFlag.AlignHCenter
        height = column.height() * (bar.share or 0) / top
        filled = QRectF(column.left(), bottom - height, column.width(), height)
        if bar.share is not None:
            reached = self._target is None or bar.share >= self._target
            ink = colour("primary" if reached else "accent")
            pattern = Qt.BrushStyle.BDiagPattern if bar.provisional else Qt.BrushStyle.SolidPattern
            painter.setPen(QPen(ink, 1))
            painter.setBrush(QBrush(ink, pattern))
            painter.drawRect(filled)
        over = QRectF(wide.left(), filled.top() - px(LINE), wide.width(), px(LINE - 2))
        # The line of the target stops where a number stands.
        painter.fillRect(over.adjusted(px(6), px(2), -px(6), 0), colour("surface"))
        painter.setPen(colour("text"))
        painter.drawText(over, middle | Qt.AlignmentFlag.AlignBottom, _short(bar))
        painter.setPen(colour("muted"))
        under = QRectF(wide.left(), bottom + px(3), wide.width(), px(LINE))
        painter.drawText(under, middle | Qt.AlignmentFlag.AlignTop, bar.label)


def _words(bar: Bar) -> str:
    if bar.share is None:
        return _("chưa đủ số liệu")
    provisional = _("tạm tính")
    return f"{bar.words} ({provisional})" if bar.provisional else bar.words


def _short(bar: Bar) -> str:
    return "–" if bar.share is None else bar.words.removesuffix(" %")
