"""The way out of a list: its button, its key, and the dialog that they open."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from sync.texts import _
from vla_desktop.store.store import Store
from vla_desktop.ui.panels.export_dialog import ExportDialog
from vla_desktop.ui.panels.listing import Listing
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.message_bar import MessageBar


class Exporting(QObject):
    """Writes a list as it stands on the page: its rows, its order, its columns.

    `dialog` is the one on show, None when there is none.
    """

    def __init__(self, store: Store, listing: Listing, messages: MessageBar, page: QWidget) -> None:
        super().__init__(page)
        self._store, self._listing, self._messages, self._page = store, listing, messages, page
        self.dialog: ExportDialog | None = None
        self.button = buttons.secondary(_("Xuất…"), "export", self.ask)
        self.button.setToolTip(_("Xuất danh sách đang hiện ra tệp (Ctrl+E)"))
        shortcut = QShortcut(QKeySequence("Ctrl+E"), page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.ask)

    def ask(self) -> None:
        """Ask how and where to, unless there is nothing to write."""
        model = self._listing.model
        if not model.rowCount():
            self._messages.show_note(_("Danh sách đang trống, chưa có gì để xuất."))
            return
        shown = self._listing.table.shown_fields
        self.dialog = ExportDialog(self._store, model.kind, model.ids, shown, self._page)
        self.dialog.finished.connect(self._forget)
        self.dialog.open()

    def _forget(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None
