"""The page of one kind of record: find, look at, write down."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from sync.records import name_of
from sync.records.base import Keeper, Record
from sync.texts import _
from vla_desktop.store.store import Query, Store
from vla_desktop.ui.bridge import StoreBridge, Touched
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.panels.deeds import Deeds
from vla_desktop.ui.panels.finder import Finder
from vla_desktop.ui.panels.list_files import ListFiles
from vla_desktop.ui.panels.listing import Listing
from vla_desktop.ui.panels.record_panel import RecordPanel
from vla_desktop.ui.panels.teaching import add_words
from vla_desktop.ui.theme import theme
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import label
from vla_desktop.ui.widgets.message_bar import MessageBar
from vla_desktop.ui.widgets.page_header import PageHeader

# A window of 1,200 less the sidebar: from here on there is room for the form beside the list.
BESIDE_FROM = 960
# A page lower than this gives its head away, so that the list keeps some rows.
LOW_BELOW = 460
FOLLOW_MS = 120


class RecordsPage(QWidget):
    """A list of one kind, with the form beside it or, where there is no room, in its place.

    `navigated` carries a `Destination` outside this page.
    """

    navigated = Signal(object)

    def __init__(
        self,
        store: Store,
        kind: type[Record],
        bridge: StoreBridge,
        messages: MessageBar,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.kind = kind
        self._store = store
        self._messages = messages
        self._deeds = Deeds(store, messages)
        self._stale = True
        self._build()
        self._connect(bridge)
        self._add_shortcuts()

    # --- what it is made of --------------------------------------------------------------

    def _build(self) -> None:
        self.header = PageHeader(_(self.kind.label))
        words = add_words(self.kind)
        self.add_button = buttons.primary(words, "add", self.new_record)
        self.add_button.setToolTip(_("{words} (Ctrl+N)").format(words=words))
        self.finder = Finder(self._store, self.kind)
        self.listing = Listing(self._store, self.kind)
        self.files = ListFiles(self._store, self.listing, self._messages, self)
        self.header.add(*self.finder.places, *self.files.buttons, self.add_button)
        self.add_button.setHidden(self.kind.keeper is Keeper.CENTRE)
        self.table = self.listing.table
        self.panel = RecordPanel(self._store, self.kind, self._deeds)
        self.panel.hide()
        self.draft_line = label("", "muted")
        self.draft_line.hide()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(12)
        self.splitter.setProperty("role", "gap")
        self.splitter.addWidget(self.listing)
        self.splitter.addWidget(self.panel)
        self.splitter.setSizes([1000, 1000])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.header)
        layout.addWidget(self.finder)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self.draft_line)

    def _connect(self, bridge: StoreBridge) -> None:
        self._follow_timer = QTimer(self)
        self._follow_timer.setSingleShot(True)
        self._follow_timer.setInterval(FOLLOW_MS)
        self._follow_timer.timeout.connect(self._show_current)
        self.finder.asked.connect(self._ask)
        self.finder.search.entered_list.connect(self.listing.focus_list)
        self.listing.counted.connect(self.header.set_subtitle)
        self.listing.add_asked.connect(self.new_record)
        self.listing.all_asked.connect(self.finder.ask_for_all)
        self.table.typed.connect(self._search_for)
        self.table.followed.connect(self._follow)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(self.open_record)
        self.table.delete_asked.connect(self._delete_or_restore)
        self.panel.saved.connect(self._on_saved)
        self.panel.closed.connect(self.close_record)
        self.panel.open_asked.connect(self._go_to)
        self.panel.review_asked.connect(self._go_to_review)
        bridge.changed.connect(self._hear)

    def _add_shortcuts(self) -> None:
        for keys, act in (
            (QKeySequence.StandardKey.New, self.new_record),
            (QKeySequence.StandardKey.Find, self.focus_search),
            (QKeySequence.StandardKey.Undo, self._deeds.undo),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # --- the list ------------------------------------------------------------------------

    def _ask(self) -> None:
        """Ask the store for what search, filters and header say now."""
        self._stale = False
        self.listing.ask(self.finder.apply(self.listing.model.query))

    def show_query(self, query: Query) -> None:
        """List what the query finds."""
        self.finder.show_query(query)
        self.close_record()

    def _hear(self, touched: Touched) -> None:
        if not self.isVisible():
            self._stale = True
            return
        self.listing.hear(touched)
        if not self.panel.isHidden():
            self.panel.hear(touched)

    def _search_for(self, text: str) -> None:
        """Letters typed in the list go on in the search box."""
        self.finder.search.setFocus()
        self.finder.search.setText(text)

    def focus_search(self) -> None:
        """Go and find."""
        if self._alone:
            self.close_record()
        self.finder.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.finder.search.selectAll()

    # --- one record ----------------------------------------------------------------------

    def new_record(self) -> None:
        """Begin a new one, unless only the centre may."""
        if self.kind.keeper is not Keeper.CENTRE:
            self.open_record("")

    def open_record(self, record_id: str, field: str = "") -> None:
        """Open the form of a record, "" for a new one, with the cursor in a field."""
        self._follow_timer.stop()
        if record_id:
            self.table.go_to(record_id)
        self._show(record_id, field)
        if not field:
            self.panel.form.focus_first()

    def _show(self, record_id: str, field: str = "") -> None:
        if record_id and self._store.get(self.kind, record_id) is None:
            self._messages.show_warning(_("Bản ghi này không còn ở đây nữa."))
            return
        self._say_draft(self.panel.show_record(record_id or None, field))
        self.panel.show()
        self._arrange()

    def close_record(self) -> None:
        """Back to the list alone; what was half typed stays as a draft."""
        if self.panel.isHidden():
            return
        self._say_draft(self.panel.put_away())
        self.panel.hide()
        self._arrange()
        self.listing.focus_list()

    def _follow(self, record_id: str) -> None:
        if record_id and not self.panel.isHidden() and record_id != self.panel.record_id:
            self._follow_timer.start()

    def _choose(self, record_id: str) -> None:
        if self._wide and record_id != self.panel.record_id:
            self._follow_timer.stop()
            self._show(record_id)

    def _show_current(self) -> None:
        record_id = self.table.current_id()
        if record_id and not self.panel.isHidden() and record_id != self.panel.record_id:
            self._show(record_id)

    def _on_saved(self, record_id: str) -> None:
        self.listing.refresh()
        told = _("Đã lưu “{title}”.")
        if not self.table.go_to(record_id):
            told = _("Đã lưu “{title}”. Danh sách đang lọc nên không hiện bản ghi này.")
        self.draft_line.hide()
        title = self._store.title(name_of(self.kind), record_id)
        self._messages.show_done(told.format(title=title), _("Hoàn tác"), self._deeds.undo)

    def _delete_or_restore(self, record_id: str) -> None:
        if self.listing.model.query.moved:
            return  # another branch's by now
        if self.listing.model.query.bin:
            self._deeds.restore(self.kind, record_id)
        else:
            self._deeds.delete(self.kind, record_id)

    def _say_draft(self, sentence: str) -> None:
        self.draft_line.setText(sentence)
        self.draft_line.setVisible(bool(sentence))

    # --- room ----------------------------------------------------------------------------

    @property
    def _wide(self) -> bool:
        return self.width() >= theme().tokens.px(BESIDE_FROM)

    @property
    def _alone(self) -> bool:
        """Whether the form has taken the place of the list."""
        return not self.panel.isHidden() and not self._wide

    def _arrange(self) -> None:
        is_low = self.height() < theme().tokens.px(LOW_BELOW)
        self.setContentsMargins(24, *((8, 24, 8) if is_low else (20, 24, 16)))
        self.finder.save_height(is_low, self.header, self.add_button)
        self.header.setVisible(not self._alone and not is_low)
        self.finder.setVisible(not self._alone)
        self.listing.setVisible(not self._alone)
        self.panel.set_alone(self._alone)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.finder.filters.look_for_moved()
        if self._stale:
            self._ask()
        if self.focusWidget() is None:
            self.listing.focus_list()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.leave()

    def leave(self) -> None:
        """Put what is half typed away as a draft; the form stays as it is."""
        self.panel.form.keep_draft()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._step_back()
        else:
            super().keyPressEvent(event)

    def _step_back(self) -> None:
        """Esc: from the form to the list, then to the list alone."""
        if self._alone or self.table.hasFocus():
            self.close_record()
        else:
            self.listing.focus_list()

    # --- elsewhere -----------------------------------------------------------------------

    def _go_to(self, kind_name: str, record_id: str) -> None:
        self.navigated.emit(Destination(kind_name, id=record_id))

    def _go_to_review(self) -> None:
        self.navigated.emit(Destination("review"))
