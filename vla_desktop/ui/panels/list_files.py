"""The ways out of a list and into it: their buttons, their keys, the dialogs that they open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from sync.records.base import Keeper
from sync.texts import _
from vla_desktop.store.store import Store
from vla_desktop.ui.panels.export_dialog import ExportDialog
from vla_desktop.ui.panels.listing import Listing
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.message_bar import MessageBar


class ListFiles(QObject):
    """Writes a list as it stands on the page, its rows, its order, its columns; and reads one.

    `dialog` is the one on show, None when there is none.
    """

    def __init__(self, store: Store, listing: Listing, messages: MessageBar, page: QWidget) -> None:
        super().__init__(page)
        self._store, self._listing, self._messages, self._page = store, listing, messages, page
        self.dialog: QDialog | None = None
        self.out = buttons.secondary(_("Xuất…"), "export", self.ask_out)
        self.out.setToolTip(_("Xuất danh sách đang hiện ra tệp (Ctrl+E)"))
        self.into = buttons.secondary(_("Nhập…"), "import", self.ask_in)
        self.into.setToolTip(_("Nhập danh sách từ tệp Excel, CSV hay JSON (Ctrl+I)"))
        if listing.model.kind.keeper is Keeper.CENTRE:
            self.into.hide()
        for keys, act in (("Ctrl+E", self.ask_out), ("Ctrl+I", self.ask_in)):
            shortcut = QShortcut(QKeySequence(keys), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    @property
    def buttons(self) -> tuple[QWidget, ...]:
        """For the head of the page."""
        return self.into, self.out

    def ask_out(self) -> None:
        """Ask how and where to, unless there is nothing to write."""
        model = self._listing.model
        if not model.rowCount():
            self._messages.show_note(_("Danh sách đang trống, chưa có gì để xuất."))
            return
        shown = self._listing.table.shown_fields
        self._open(ExportDialog(self._store, model.kind, model.ids, shown, self._page))

    def ask_in(self) -> None:
        """Ask for a file, then show what it would do."""
        if self._listing.model.kind.keeper is Keeper.CENTRE:
            return
        chosen, _filter = QFileDialog.getOpenFileName(
            self._page, _("Nhập danh sách"), "", _("Danh sách (*.xlsx *.csv *.json)") + ";;*"
        )
        if chosen:
            self.take_in(Path(chosen))

    def take_in(self, path: Path) -> None:
        """Show what the file would do."""
        # Brings in all that reads workbooks: for whoever imports, not for everybody's start.
        from vla_desktop.ui.panels.import_dialog import ImportDialog

        dialog = ImportDialog(self._store, self._listing.model.kind, path, self._page)
        self._open(dialog)
        dialog.look()

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None
