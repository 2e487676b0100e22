"""Icons drawn from the SVG files in the colour asked for, at whatever size the screen needs."""

from __future__ import annotations

import functools
from collections.abc import Callable

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from vla_desktop import paths

# Shown for a name without a file, so that a missing drawing never leaves a hole.
_NAMELESS = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" '
    'stroke="currentColor" stroke-width="2"><circle cx="12" cy="12" r="8"/></svg>'
)


class RoleIconEngine(QIconEngine):
    """Draws one SVG in the colour of a role, looked up anew each time it is painted."""

    def __init__(self, name: str, role: str, colour_of: Callable[[str], str]) -> None:
        super().__init__()
        self._name, self._role, self._colour_of = name, role, colour_of

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(rect).center())
        QSvgRenderer(QByteArray(self._drawing(mode))).render(painter, square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        key = f"{self._name}|{self._colour(mode)}|{size.width()}x{size.height()}"
        pixmap = QPixmap()
        if not QPixmapCache.find(key, pixmap):
            pixmap = QPixmap(size)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
            painter.end()
            QPixmapCache.insert(key, pixmap)
        return pixmap

    def clone(self) -> QIconEngine:
        return RoleIconEngine(self._name, self._role, self._colour_of)

    def _colour(self, mode: QIcon.Mode) -> str:
        return self._colour_of("disabled" if mode is QIcon.Mode.Disabled else self._role)

    def _drawing(self, mode: QIcon.Mode) -> bytes:
        return _source(self._name).replace("currentColor", self._colour(mode)).encode()


@functools.cache
def _source(name: str) -> str:
    try:
        return (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    except OSError:
        return _NAMELESS
