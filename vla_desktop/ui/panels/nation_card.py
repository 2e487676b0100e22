"""The country as a map of tiles: a number, a word and a colour for each province."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QVBoxLayout, QWidget

from sync.indicators.figure import Figure
from sync.texts import _
from sync.vietnamese import grouped
from vla_desktop.store.nation import Nation, Spot, total
from vla_desktop.ui import theme
from vla_desktop.ui.widgets.cards import Card
from vla_desktop.ui.widgets.labels import label

_STEPS = {
    Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
}  # fmt: skip


class Tile(QFrame):
    """One province. Arrow keys go to its neighbours."""

    def __init__(self, spot: Spot, figure: Figure | None, *, is_own: bool, board: QWidget) -> None:
        super().__init__(board)
        self.spot = spot
        theme.set_role(self, "tile")
        self.setProperty("tone", tone(figure))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        name = f"{spot.name} · {spot.islands}" if spot.islands else spot.name
        number = "–" if figure is None or figure.value is None else figure.shown
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(0)
        for words, role in ((name, "label"), (f"{number}  {word(figure)}".strip(), "help")):
            line = label(words, "strong" if is_own and role == "label" else role)
            line.setWordWrap(False)
            column.addWidget(line)
        counted = ""
        if figure is not None and figure.denominator:
            counted = f" ({grouped(figure.numerator or 0)} / {grouped(figure.denominator)})"
        said = f"{name}: {number}{counted}, {word(figure)}"
        self.setAccessibleName(said)
        self.setToolTip(said)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        near = _neighbour(self, step) if step else None
        if near is None:
            super().keyPressEvent(event)
        else:
            near.setFocus(Qt.FocusReason.OtherFocusReason)


class NationCard(Card):
    """The map for one chosen target, and the sum of the country."""

    def __init__(self) -> None:
        super().__init__(_("Cả nước"))
        self._found: Nation | None = None
        self.choice = QComboBox()
        self.choice.setAccessibleName(_("Chỉ tiêu trên bản đồ"))
        self.choice.currentIndexChanged.connect(self._draw)
        self.head.addWidget(self.choice)
        self.told = label("", "muted")
        self.body.addWidget(self.told)
        self._board = QWidget()
        self.body.addWidget(self._board, 0, Qt.AlignmentFlag.AlignLeft)

    def show_nation(self, found: Nation, ratios: list[tuple[str, str]]) -> None:
        """`ratios`: the code and the name of each target that can be chosen."""
        self._found = found
        if [self.choice.itemData(at) for at in range(self.choice.count())] != [
            c for c, _n in ratios
        ]:
            self.choice.blockSignals(True)
            self.choice.clear()
            for code, name in ratios:
                self.choice.addItem(name, code)
            self.choice.blockSignals(False)
        self._draw()

    def tiles(self) -> list[Tile]:
        """All of them, from north to south."""
        return self._board.findChildren(Tile)

    def _draw(self, _at: int = 0) -> None:
        if self._found is None:
            return
        code = str(self.choice.currentData())
        self.told.setText(_told(self._found, code))
        self.body.removeWidget(self._board)
        self._board.hide()
        self._board.deleteLater()
        self._board = QWidget()
        grid = QGridLayout(self._board)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        for spot in self._found.spots:
            figure = self._found.figures.get((spot.province, code))
            is_own = spot.province == self._found.own
            tile = Tile(spot, figure, is_own=is_own, board=self._board)
            grid.addWidget(tile, spot.row, spot.column)
        self.body.addWidget(self._board, 0, Qt.AlignmentFlag.AlignLeft)


def tone(figure: Figure | None) -> str:
    """Teal where it is met, orange where not yet: told apart by whoever is colour-blind too."""
    if figure is None or figure.value is None:
        return "none"
    return {True: "met", False: "short", None: "plain"}[figure.is_met]


def word(figure: Figure | None) -> str:
    """What the colour says."""
    if figure is None:
        return _("chưa công bố")
    if figure.value is None:
        return _("chưa đủ số liệu")
    if figure.provisional:
        return _("tạm tính")
    return {True: _("đạt"), False: _("chưa đạt"), None: ""}[figure.is_met]


def _told(found: Nation, code: str) -> str:
    if found.stood_on is None:
        return _("Chưa có số liệu toàn quốc. Ở đây chỉ có số của chi hội trên máy này.")
    whole = total(found, code)
    words = _("Trung ương công bố, tính đến ngày {day}.").format(day=f"{found.stood_on:%d/%m/%Y}")
    if whole is None:
        return words
    nation = _("Cả nước")
    if not whole.denominator:
        return f"{words} {nation}: {word(whole)}."
    counted = f"{grouped(whole.numerator or 0)} / {grouped(whole.denominator)}"
    return f"{words} {nation}: {whole.shown} ({counted})."


def _neighbour(tile: Tile, step: tuple[int, int]) -> Tile | None:
    """The nearest tile that way."""
    down, across = step

    def way(other: Tile) -> tuple[int, int]:
        rows, columns = other.spot.row - tile.spot.row, other.spot.column - tile.spot.column
        return (rows * down + columns * across, abs(rows * across) + abs(columns * down))

    parent = tile.parentWidget()
    others = parent.findChildren(Tile) if parent is not None else []
    ahead = [other for other in others if way(other)[0] > 0]
    return min(ahead, key=lambda other: (sum(way(other)) + way(other)[1], way(other)), default=None)
