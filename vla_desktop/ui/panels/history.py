"""The history of a record: who changed what, from what to what, when, at which PC."""

from __future__ import annotations

import datetime as dt
import html

from PySide6.QtCore import Qt, QThreadPool
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from sync.problems import Problem
from sync.records.base import Record
from sync.texts import N_, _
from vla_desktop.store.history import Event
from vla_desktop.store.store import Row, Store
from vla_desktop.ui.bridge import Touched
from vla_desktop.ui.panels.record_tab import RecordTab
from vla_desktop.ui.tasks import Task
from vla_desktop.ui.theme import colour, set_role
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.chips import Chip, StateChip
from vla_desktop.ui.widgets.labels import IconLabel, label

_ACTIONS = {
    "create": (N_("Thêm mới"), "add"),
    "edit": (N_("Sửa"), "edit"),
    "delete": (N_("Chuyển vào thùng rác"), "delete"),
    "restore": (N_("Khôi phục từ thùng rác"), "restore"),
    "move": (N_("Chuyển sang chi hội khác"), "external"),
    "arrive": (N_("Từ chi hội khác chuyển đến"), "import"),
}
_SHOWN_AT_FIRST = 30


class HistoryTab(RecordTab):
    """The events of a record, newest first."""

    def __init__(self, store: Store, kind: type[Record], parent: QWidget | None = None) -> None:
        super().__init__(_("Lịch sử"), parent)
        self._store = store
        self._kind = kind
        self._shown = _SHOWN_AT_FIRST
        self._pool = QThreadPool(self)
        self._fetching: Task[None] | None = None
        self._said = ""
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setAccessibleName(_("Lịch sử của bản ghi"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)

    def show_record(self, record: Row) -> None:
        if self.record is None or record.id != self.record.id:
            self._shown, self._said = _SHOWN_AT_FIRST, ""
        super().show_record(record)

    def concerned_by(self, touched: Touched) -> bool:
        ids = {each for _kind, each in touched}
        return self.record is not None and (not ids or self.record.id in ids)

    def fill(self, record: Row) -> None:
        events = self._store.history(self._kind, record.id)
        page = QWidget()
        page.setProperty("role", "scrolled")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(4, 12, 12, 12)
        layout.setSpacing(12)
        for event in events[: self._shown]:
            layout.addWidget(EventCard(event, page))
        hidden = len(events) - self._shown
        if hidden > 0:
            words = _("Xem thêm {count} lần sửa").format(count=hidden)
            more = buttons.quiet(words, "chevron-down", self._show_all)
            layout.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        beyond = self._store.beyond
        if beyond is not None and beyond.has_more(self._kind, record.id):
            words = self._said or _("Những lần sửa cũ hơn còn ở Trung ương.")
            layout.addWidget(label(words, "help"))
            fetch = buttons.quiet(_("Lấy lịch sử cũ về"), "chevron-down", self._fetch)
            fetch.setEnabled(self._fetching is None)
            layout.addWidget(fetch, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        self._scroll.setWidget(page)

    def _fetch(self) -> None:
        """Ask the centre off the window's thread; what comes is kept, and told as news."""
        record, beyond = self.record, self._store.beyond
        if record is None or beyond is None or self._fetching is not None:
            return
        self._said = _("Đang lấy lịch sử cũ từ Trung ương…")
        task: Task[None] = Task(lambda _told: beyond.fetch(self._kind, record.id), self._pool, self)
        self._fetching = task
        task.failed.connect(self._on_failed)
        task.finished.connect(self._on_fetched)
        task.start()
        self.fill(record)

    def _on_failed(self, fault: object) -> None:
        self._said = fault.what if isinstance(fault, Problem) else _("Chưa lấy được lịch sử cũ.")

    def _on_fetched(self) -> None:
        self._fetching = None
        if self.record is not None:
            self.fill(self.record)

    def _show_all(self) -> None:
        if self.record is not None:
            self._shown = 10_000
            self.fill(self.record)


class EventCard(QFrame):
    """One event: its heading, then one line per field that changed."""

    def __init__(self, event: Event, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        action, drawing = _ACTIONS.get(event.action, (N_("Sửa"), "edit"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(IconLabel(drawing, "muted", 18))
        head.addWidget(label(_(action), "strong"), 1)
        withdrawn = event.is_withdrawn
        head.addWidget(Chip("cancel", _("Không gửi nữa")) if withdrawn else StateChip(event.state))
        layout.addLayout(head)
        layout.addWidget(label(byline(event), "help"))
        for line in event.lines:
            layout.addWidget(_changed_line(line.label, line.old, line.new))
        self.setAccessibleName(f"{_(action)}, {byline(event)}")


def byline(event: Event) -> str:
    """When, who and where: "21/04/2026 14:32 · Trần Văn Đức · máy VP-01"."""
    computer = _("máy {name}").format(name=event.computer) if event.computer else ""
    return " · ".join(part for part in (moment(event.at), event.author, computer) if part)


def moment(at: dt.datetime) -> str:
    """An instant as clerks write it, in the time zone of this PC."""
    return at.astimezone().strftime("%d/%m/%Y %H:%M")


def _sentence(label: str, old: str, new: str) -> str:
    muted = colour("muted").name()
    before = html.escape(old) if old else _("(trống)")
    after = html.escape(new) if new else _("(trống)")
    name = f'<span style="color:{muted}">{html.escape(_(label))}:</span>'
    if not old:
        return f"{name} <b>{after}</b>"
    return f'{name} <span style="color:{muted}"><s>{before}</s></span> → <b>{after}</b>'


def _changed_line(name: str, old: str, new: str) -> QLabel:
    line = label()
    line.setTextFormat(Qt.TextFormat.RichText)
    line.setText(_sentence(name, old, new))
    line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return line
