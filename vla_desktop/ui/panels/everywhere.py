"""One box that finds a record of any kind."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListView, QVBoxLayout, QWidget

from sync.records import BY_NAME
from sync.texts import _
from vla_desktop.store.everywhere import Match, find_everywhere
from vla_desktop.store.store import Query, Store
from vla_desktop.ui.editors.suggestions import Offer, OfferDelegate, OfferModel
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.tasks import Task, database_pool
from vla_desktop.ui.widgets.labels import label

WAIT_MS = 80
SIZE = (620, 480)


class EverywhereDialog(QDialog):
    """Finds while one types; Enter or a click goes there. Kept by its window, closed by Esc.

    `asked` is the text whose matches are on show.
    """

    chosen = Signal(Destination)
    failed = Signal(object)

    def __init__(self, store: Store, kinds: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Tìm mọi nơi"))
        self._store = store
        self._kinds = kinds
        # Its own thread: a search never waits for an exchange that is under way.
        self._pool = database_pool(self)
        self._task: Task[list[Match]] | None = None
        self._matches: list[Match] = []
        self.asked = ""
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self._search)
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Tên, số điện thoại, số thẻ, nơi làm việc…"))
        self.line.setAccessibleName(_("Tìm mọi nơi"))
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self._on_text)
        self.line.installEventFilter(self)
        self.list = QListView()
        self.offers = OfferModel()
        self.list.setModel(self.offers)
        self.list.setItemDelegate(OfferDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName(_("Kết quả tìm"))
        self.list.clicked.connect(lambda index: self._choose(index.row()))
        self.note = label("", "muted")
        self._lay_out()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(self.line)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.note)
        self.resize(*SIZE)
        self._say()

    def ask(self) -> None:
        """Show the box, the words of last time selected."""
        self.line.selectAll()
        self.line.setFocus()
        self.show()
        self.raise_()
        self.activateWindow()
        self._wait.start()

    def stop(self) -> None:
        """Search no more; returns once nothing runs."""
        self._wait.stop()
        self.hide()
        self._pool.waitForDone()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The line keeps the focus; up, down and Enter move in the list.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            row = self.list.currentIndex().row()
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self._matches:
                self._mark(max(0, min(row + step, len(self._matches) - 1)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self.asked == self.line.text() and not self._wait.isActive():
                    self._choose(row)
                return True
        return super().eventFilter(watched, event)

    def _on_text(self) -> None:
        self._wait.start()
        self._say()

    def _search(self) -> None:
        if self._task is not None and self._task.running:
            self._wait.start()
            return
        text = self.line.text()
        self._task = Task(
            lambda _progress: find_everywhere(self._store, text, self._kinds), self._pool, self
        )
        self._task.succeeded.connect(lambda matches: self._show(text, matches))
        self._task.failed.connect(self.failed)
        self._task.finished.connect(self._task.deleteLater)
        self._task.finished.connect(self._forget)
        self._task.start()

    def _forget(self) -> None:
        self._task = None

    def _show(self, text: str, matches: list[Match]) -> None:
        self.asked, self._matches = text, matches
        self.offers.replace([_offer(match) for match in matches])
        if matches:
            self._mark(0)
        self._say()

    def _say(self) -> None:
        text = self.line.text().strip()
        if not text:
            words = _("Gõ có dấu hay không dấu đều được. Enter: mở; Esc: đóng.")
        elif self.asked == self.line.text() and not self._matches:
            words = _("Không tìm thấy “{text}”. Anh/chị thử gõ ít chữ hơn.").format(text=text)
        else:
            words = _("Mũi tên lên, xuống: chọn; Enter: mở; Esc: đóng.")
        self.note.setText(words)

    def _mark(self, row: int) -> None:
        index = self.offers.index(row)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)

    def _choose(self, row: int) -> None:
        if not 0 <= row < len(self._matches):
            return
        match = self._matches[row]
        self.hide()
        query = Query(search=self.asked) if match.id is None else None
        self.chosen.emit(Destination(match.kind, query, match.id))


def _offer(match: Match) -> Offer:
    kind = _(BY_NAME[match.kind].label)
    if match.id is None:
        return Offer("", _("Xem tất cả trong danh sách {kind}…").format(kind=kind))
    return Offer(match.id, match.title, f"{kind} · {match.detail}" if match.detail else kind)
