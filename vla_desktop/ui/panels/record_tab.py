"""What every tab beside the form of a record can do."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from vla_desktop.store.store import Row
from vla_desktop.ui.bridge import Touched


class RecordTab(QWidget):
    """One tab about one record. It asks the store only while somebody looks at it."""

    renamed = Signal(str)
    open_asked = Signal(str, str)

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = label
        self.record: Row | None = None
        self._stale = False

    def show_record(self, record: Row) -> None:
        """Speak of this record from now on."""
        self.record = record
        self._stale = True
        if self.isVisible():
            self._catch_up()

    def hear(self, touched: Touched) -> None:
        """News from the store."""
        if self.record is not None and self.concerned_by(touched):
            self.show_record(self.record)

    def concerned_by(self, _touched: Touched) -> bool:
        """Whether the news may change what is shown here."""
        return True

    def fill(self, record: Row) -> None:
        """Ask the store and show what it says."""
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()

    def _catch_up(self) -> None:
        if self._stale and self.record is not None:
            self._stale = False
            self.fill(self.record)
