"""Long work in the open: what is being done, how far it is, and a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from sync.texts import _
from sync.vietnamese import grouped
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import label


class ProgressPanel(QFrame):
    """Hidden until `start`. The bar never moves backwards within one step of the work."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._title = label("", "strong")
        self._what = label("", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Tiến độ"))
        self._button = buttons.secondary(buttons.Word.CANCEL, callback=self._on_cancel)
        words = QVBoxLayout()
        words.setSpacing(6)
        for part in (self._title, self.bar, self._what):
            words.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self._button)
        self.hide()

    def start(self, title: str, *, may_cancel: bool = True) -> None:
        """Show that work has begun; how much there is of it is not known yet."""
        self._title.setText(title)
        self._what.setText(_("Đang chuẩn bị"))
        self.bar.setRange(0, 0)
        self._button.setVisible(may_cancel)
        self._button.setEnabled(True)
        self.show()

    def show_progress(self, done: int, total: int, what: str) -> None:
        """So many of so many; a total of 0 means that nobody knows."""
        if total != self.bar.maximum() or what != self._what.property("step"):
            self.bar.setRange(0, max(total, 0))
            self._what.setProperty("step", what)
            self.bar.setValue(done)
        else:
            self.bar.setValue(max(done, self.bar.value()))
        count = f"{grouped(done)} / {grouped(total)}"
        self._what.setText(f"{what} ({count})" if total > 0 else what)

    def finish(self) -> None:
        """The work is over, one way or another."""
        self.hide()

    def _on_cancel(self) -> None:
        self._button.setEnabled(False)
        self._what.setText(_("Đang dừng lại"))
        self.cancelled.emit()
