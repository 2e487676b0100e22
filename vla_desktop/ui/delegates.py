"""How the cells of a list are painted."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from vla_desktop.store.store import RecordState
from vla_desktop.ui import theme
from vla_desktop.ui.itemmodels import STATE_ROLE, Index, state_word
from vla_desktop.ui.widgets.chips import look_of

_PADDING = 13
_ICON = 16


class CellDelegate(QStyledItemDelegate):
    """Text in one line; what the record is called by stands out."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus  # the whole row shows it
        if index.column() == 0:
            option.font = theme.theme().font("body", strong=True)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width() + 2 * _PADDING, size.height())


class StateDelegate(CellDelegate):
    """The state's drawing and its word beside it, in the state's colour."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.text = ""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        state = index.data(STATE_ROLE)
        if not isinstance(state, RecordState):
            return
        look = look_of(state)
        side = theme.theme().tokens.px(_ICON)
        cell = option.rect.adjusted(_PADDING, 0, -_PADDING, 0)
        square = QRect(cell.left(), cell.center().y() - side // 2, side, side)
        drawing = theme.icon(look.icon, look.tone)
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(square, drawing.pixmap(square.size(), ratio))
        painter.save()
        font = theme.theme().font("small")
        painter.setFont(font)
        painter.setPen(QColor(theme.colour(look.tone)))
        words = cell.adjusted(side + 6, 0, 0, 0)
        shown = QFontMetrics(font).elidedText(
            state_word(state), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()

    @staticmethod
    def width_for(widget: QWidget) -> int:
        """The width at which the longest state is whole, in logical pixels."""
        metrics = QFontMetrics(theme.theme().font("small"), widget)
        longest = max(metrics.horizontalAdvance(state_word(state)) for state in RecordState)
        return longest + theme.theme().tokens.px(_ICON) + 6 + 2 * _PADDING + 4
