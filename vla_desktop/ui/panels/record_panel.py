"""One record, whole: its form, and in further tabs what else is known of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from sync.records import name_of
from sync.records.base import Record
from sync.texts import _
from vla_desktop.reports.papers import PAPERS, paper_of
from vla_desktop.store.store import RecordState, Row, Store
from vla_desktop.ui.bridge import Touched
from vla_desktop.ui.panels.alike_list import AlikeList
from vla_desktop.ui.panels.deeds import Deeds
from vla_desktop.ui.panels.history import HistoryTab
from vla_desktop.ui.panels.own_tabs import OWN_TABS
from vla_desktop.ui.panels.record_tab import RecordTab
from vla_desktop.ui.panels.related import RelatedTab
from vla_desktop.ui.panels.teaching import noun
from vla_desktop.ui.printing import PaperDialog
from vla_desktop.ui.recordform import RecordForm
from vla_desktop.ui.theme import theme
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.chips import StateChip
from vla_desktop.ui.widgets.labels import label
from vla_desktop.ui.widgets.message_bar import MessageBar

_WIDEST_BESIDE = 760
_NO_LIMIT = 16_777_215
_TO_REVIEW = frozenset({RecordState.REFUSED, RecordState.CONFLICT})


class RecordPanel(QFrame):
    """The form with its tabs. `closed` asks for the list back, `review_asked` for the desk."""

    saved = Signal(str)
    closed = Signal()
    review_asked = Signal()
    open_asked = Signal(str, str)

    def __init__(
        self, store: Store, kind: type[Record], deeds: Deeds, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._store = store
        self._kind = kind
        self._deeds = deeds
        self.record_id: str | None = None
        self.form = RecordForm(store, kind)
        self.note = MessageBar(self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(_("Các phần của bản ghi"))
        self.tabs.tabBar().setAccessibleName(self.tabs.accessibleName())
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.form, _("Thông tin"))
        self.side_tabs = self._make_tabs()
        for tab in self.side_tabs:
            self._place(tab)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 0)
        layout.setSpacing(8)
        layout.addLayout(self._build_head())
        layout.addWidget(self.note)
        if AlikeList.fits(kind):
            self.alike = AlikeList(store, self.form)
            self.alike.open_asked.connect(self.open_asked)
            layout.addWidget(self.alike)
        layout.addWidget(self.tabs, 1)
        self.form.saved.connect(self._on_saved)
        self.form.cancelled.connect(self.closed)

    def _make_tabs(self) -> list[RecordTab]:
        own = OWN_TABS.get(self._kind, ())
        tabs = [each.make(self._store, self._deeds) for each in own if each.link]
        related = RelatedTab(
            self._store, self._kind, self._deeds, without=[each.link for each in own if each.link]
        )
        if related.links:
            tabs.append(related)
        tabs += [each.make(self._store, self._deeds) for each in own if not each.link]
        return [*tabs, HistoryTab(self._store, self._kind)]

    def _place(self, tab: RecordTab) -> None:
        place = self.tabs.addTab(tab, tab.label)
        tab.renamed.connect(lambda text: self.tabs.setTabText(place, text))
        tab.open_asked.connect(self.open_asked)

    def _build_head(self) -> QHBoxLayout:
        self.back = buttons.icon_only(
            "chevron-left", _("Trở lại danh sách (Esc)"), self.closed.emit
        )
        self.title = label("", "heading")
        self.chip = StateChip(RecordState.UNSENT)
        named = PAPERS.get(name_of(self._kind))
        self.printing = buttons.icon_only("printer", _(named[0]) if named else "", self.show_paper)
        self.delete = buttons.icon_only("bin", _("Chuyển vào thùng rác"), self._delete)
        self.close_button = buttons.icon_only("close", _("Đóng (Esc)"), self.closed.emit)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        for widget in (self.chip, self.printing, self.delete, self.close_button):
            head.addWidget(widget)
        return head

    def set_alone(self, alone: bool) -> None:
        """Whether the panel has the page for itself, and so needs a way back."""
        self.back.setVisible(alone)
        self.setMaximumWidth(_NO_LIMIT if alone else theme().tokens.px(_WIDEST_BESIDE))
        self.close_button.setVisible(not alone)

    # --- what is shown -------------------------------------------------------------------

    def show_record(self, record_id: str | None, field: str = "") -> str:
        """Open a record, None for a new one.

        What was half typed in the last one stays a draft; then a sentence says so, else "".
        """
        if record_id == self.record_id and self.isVisible() and self.form.is_dirty():
            return ""
        put_away = self.put_away()
        self.record_id = record_id
        self.form.load(record_id)
        if record_id is None or field:
            self.tabs.setCurrentIndex(0)
        self._describe()
        if field:
            self.form.focus_field(field)
        return put_away

    def hear(self, touched: Touched) -> None:
        """News from the store: show what changed, but never over what is being typed."""
        if self.record_id is None:
            return
        if not touched or any(each == self.record_id for _kind, each in touched):
            self.form.refresh()
            self._describe()
        for tab in self.side_tabs:
            tab.hear(touched)

    def _describe(self) -> None:
        record = self._store.get(self._kind, self.record_id) if self.record_id else None
        new = _("{kind} mới").format(kind=noun(self._kind))
        new = new[:1].upper() + new[1:]
        named = [part for part in (record.title, record.mark) if part] if record else [new]
        self.title.setText(" · ".join(named))
        self.chip.setVisible(record is not None)
        is_ours = record is not None and not record.is_read_only
        self.delete.setVisible(is_ours)
        self.printing.setVisible(record is not None and name_of(self._kind) in PAPERS)
        for place in range(1, self.tabs.count()):
            self.tabs.setTabVisible(place, record is not None)
        self.note.dismiss()
        if record is not None:
            self.chip.set_state(record.state)
            self._explain(record)
            for tab in self.side_tabs:
                tab.show_record(record)

    def _explain(self, record: Row) -> None:
        if record.is_issued:
            self.note.show_note(_("Do Trung ương ban hành; ở chi hội chỉ để xem."))
        elif record.moved_to:
            sentence = _("Bản ghi này đã chuyển đến {branch}; ở đây chỉ còn để xem.")
            where = self._store.branch_name(record.moved_to)
            self.note.show_note(sentence.format(branch=where))
        elif record.deleted:
            sentence = _("Bản ghi này đang ở trong thùng rác.")
            self.note.show_note(sentence, "", _("Khôi phục"), self._restore)
        elif record.state in _TO_REVIEW:
            reasons = [item.sentence for item in self._store.review() if item.id == record.id]
            sentence = reasons[0] if reasons else _("Bản ghi này cần anh/chị xem lại.")
            self.note.show_warning(sentence, "", _("Cần xem lại"), self.review_asked.emit)

    # --- what is done --------------------------------------------------------------------

    def _on_saved(self, record_id: str) -> None:
        self.record_id = record_id
        self._describe()
        self.saved.emit(record_id)

    def _delete(self) -> None:
        if self.record_id:
            self._deeds.delete(self._kind, self.record_id)
            self.closed.emit()

    def show_paper(self) -> None:
        """Show what was saved as the paper it is printed on."""
        paper = paper_of(self._store, self._kind, self.record_id) if self.record_id else None
        if paper is not None:
            dialog = PaperDialog(paper, self._store.today(), self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def _restore(self) -> None:
        if self.record_id:
            self._deeds.restore(self._kind, self.record_id)
            self.form.refresh()
            self._describe()

    def put_away(self) -> str:
        """Keep what is half typed as a draft, and say so; "" when nothing is."""
        if not self.form.is_dirty():
            return ""
        self.form.keep_draft()
        name = self.title.text()
        return _("Đã giữ bản nháp của “{name}”. Mở lại bản ghi để làm tiếp.").format(name=name)
