"""The list that drops down under a field while one types, and the editors that use it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from sync.texts import _
from vla_desktop.ui import theme

if TYPE_CHECKING:
    Index = QModelIndex | QPersistentModelIndex

DETAIL = int(Qt.ItemDataRole.UserRole)
_PAD = 8


class Offer(NamedTuple):
    """One thing to choose: what is kept, what is read, and a quiet line that tells it apart."""

    id: str
    title: str
    detail: str = ""


class OfferModel(QAbstractListModel):
    """What is on offer right now."""

    def __init__(self) -> None:
        super().__init__()
        self.offers: Sequence[Offer] = ()

    def replace(self, offers: Sequence[Offer]) -> None:
        """Offer something else."""
        self.beginResetModel()
        self.offers = offers
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.offers)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        offer = self.offers[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return offer.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{offer.title}, {offer.detail}" if offer.detail else offer.title
        return offer.detail if role == DETAIL else None


class OfferDelegate(QStyledItemDelegate):
    """A title, and under it the detail in small letters."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        title, detail = self._metrics()
        height = title.height() + (detail.height() if index.data(DETAIL) else 0)
        width = title.horizontalAdvance(str(index.data())) + 4 * _PAD
        return QSize(width, height + 2 * _PAD - 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state: QStyle.StateFlag = option.state
        box: QRect = option.rect
        hot = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver
        if state & hot:
            is_chosen = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("primary_soft" if is_chosen else "hover"))
            painter.drawRoundedRect(box.adjusted(2, 1, -2, -1), 6, 6)
        self._write(painter, box.adjusted(_PAD + 4, _PAD - 1, -_PAD, -_PAD + 1), index)
        painter.restore()

    def _write(self, painter: QPainter, box: QRect, index: Index) -> None:
        title, detail = self._metrics()
        look = theme.theme()
        right = Qt.TextElideMode.ElideRight
        painter.setFont(look.font("body"))
        painter.setPen(theme.colour("text"))
        painter.drawText(
            box.left(), box.top() + title.ascent(),
            title.elidedText(str(index.data()), right, box.width()),
        )  # fmt: skip
        words = str(index.data(DETAIL) or "")
        if words:
            painter.setFont(look.font("caption"))
            painter.setPen(theme.colour("muted"))
            painter.drawText(
                box.left(), box.top() + title.height() + detail.ascent(),
                detail.elidedText(words, right, box.width()),
            )  # fmt: skip

    @staticmethod
    def _metrics() -> tuple[QFontMetrics, QFontMetrics]:
        look = theme.theme()
        return QFontMetrics(look.font("body")), QFontMetrics(look.font("caption"))


class SuggestionList(QListView):
    """Drops down under a line; the line keeps the focus and gets every key that is not ours."""

    picked = Signal(int)
    ROWS = 9

    def __init__(self, line: QLineEdit) -> None:
        super().__init__()
        self._line = line
        self.offers = OfferModel()
        self.setModel(self.offers)
        self.setItemDelegate(OfferDelegate(self))
        self.setWindowFlags(Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(line)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(_("Gợi ý"))
        theme.set_role(self, "suggestions")
        self.clicked.connect(self._on_clicked)

    def offer(self, offers: Sequence[Offer], current: int = -1) -> None:
        """Show these, one of them marked; nothing is shown when there are none."""
        self.offers.replace(offers)
        if not offers:
            self.hide()
            return
        if current >= 0:
            self.setCurrentIndex(self.offers.index(current))
        self._place()
        if not self.isVisible():
            self.show()

    def _place(self) -> None:
        rows = min(len(self.offers.offers), self.ROWS)
        height = sum(self.sizeHintForRow(row) for row in range(rows)) + 12
        anchor: QWidget = self._line
        below = anchor.mapToGlobal(QPoint(0, anchor.height() + 3))
        screen = anchor.screen().availableGeometry()
        width = min(max(anchor.width(), 260), screen.width())
        if below.y() + height > screen.bottom():
            below.setY(max(screen.top(), below.y() - anchor.height() - height - 6))
        below.setX(max(screen.left(), min(below.x(), screen.right() - width)))
        self.setGeometry(below.x(), below.y(), width, height)

    def focusNextPrevChild(self, _next: bool) -> bool:
        return False  # so that Tab reaches `keyPressEvent`

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        navigation = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        if key in navigation:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Escape:
            self.hide()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            self.hide()
            if self.currentIndex().isValid():
                self.picked.emit(self.currentIndex().row())
            QCoreApplication.sendEvent(self._line, event)
        else:
            QCoreApplication.sendEvent(self._line, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.rect().contains(event.position().toPoint()):
            self.hide()
        else:
            super().mousePressEvent(event)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.hide()
        self.picked.emit(index.row())
