"""Cần xem lại: what a person should look at, grouped by what is the matter."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from sync.progress import Progress
from sync.records import BY_NAME
from sync.texts import N_, _
from vla_desktop.store.review import ReviewItem
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.pages.scrolled import ScrolledPage, emptied
from vla_desktop.ui.tasks import Task
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.cards import Card
from vla_desktop.ui.widgets.empty_state import EmptyState
from vla_desktop.ui.widgets.labels import IconLabel, label
from vla_desktop.ui.widgets.page_header import PageHeader
from vla_desktop.ui.words import grouped
from vla_desktop.ui.workplace import Workplace

GATHER_MS = 300
MOST_ROWS = 50

# Sort, heading, what it means and what to do, icon, colour role; the gravest first.
GROUPS = (
    (
        "refused", N_("Bị Trung ương từ chối"), "refused", "danger",
        N_("Sửa lại rồi lưu: lần đồng bộ sau sẽ tự gửi. Các thay đổi khác không bị giữ lại."),
    ),
    (
        "conflict", N_("Hai nơi cùng sửa"), "conflict", "warning",
        N_("Không giá trị nào bị mất. Mở ra để chọn lại, hoặc giữ như đang có."),
    ),
    (
        "rule", N_("Chưa đúng quy tắc"), "warning", "warning",
        N_("Từng chỗ sửa thì đúng, ghép lại thì không. Mở ra để sửa."),
    ),
    (
        "once", N_("Có thể ghi trùng"), "merge", "warning",
        N_("Hai bản ghi nói về cùng một điều. Xem rồi xóa bớt một."),
    ),
    (
        "waiting", N_("Trung ương đang giữ chờ"), "waiting", "info",
        N_("Không cần làm gì: chúng được nhận khi những gì chúng cần đến nơi."),
    ),
)  # fmt: skip


class ReviewRow(QFrame):
    """One thing to look at. `opened` asks for its form, `kept` to leave a conflict as it is."""

    opened = Signal()
    kept = Signal()

    def __init__(self, item: ReviewItem, icon: str, role: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        kind = BY_NAME.get(item.kind)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(item.title, "strong"))
        noun = _(kind.label) if kind else item.kind
        words.addWidget(label(f"{noun} · {item.sentence}", "muted"))
        if item.mine or item.theirs:
            both = _("Máy này: “{mine}” · Nơi khác: “{theirs}”")
            words.addWidget(label(both.format(mine=item.mine, theirs=item.theirs)))
        self.open_button = buttons.secondary(
            _("Sửa") if item.sort in {"refused", "rule"} else _("Mở"), "edit", self.opened.emit
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(IconLabel(icon, role, 20))
        row.addLayout(words, 1)
        if item.sort == "conflict":
            row.addWidget(buttons.quiet(_("Giữ như đang có"), callback=self.kept.emit))
        row.addWidget(self.open_button)


class ReviewPage(ScrolledPage):
    """Reads its list in the worker whenever it comes into view or the records change."""

    navigated = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._store = workplace.office.store
        self._task: Task[list[ReviewItem]] | None = None
        self._stale = True
        self.header = PageHeader(_("Cần xem lại"))
        self.empty = EmptyState(
            "confirmed",
            _("Không có gì cần xem lại"),
            _(
                "Nơi đây hiện những thay đổi bị Trung ương từ chối, những chỗ hai nơi cùng sửa và "
                "những bản ghi có thể trùng, mỗi việc một câu và một nút."
            ),
        )
        self.groups = QVBoxLayout()
        self.groups.setSpacing(16)
        self.add(self.header)
        self.add(self.empty)
        self.add(self.groups)
        self.empty.hide()
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gather.timeout.connect(self.read)
        workplace.bridge.changed.connect(self._on_news)
        workplace.syncing.succeeded.connect(self._on_news)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.read()

    def read(self) -> None:
        """Read the list anew."""
        if self._task is not None:
            self._stale = True
            return

        def work(_progress: Progress) -> list[ReviewItem]:
            return self._store.review()

        self._stale = False
        self._task = Task(work, self._workplace.pool, self)
        self._task.succeeded.connect(self._show)
        self._task.failed.connect(self._workplace.errors.show)
        self._task.finished.connect(self._on_read)
        self._task.start()

    def _on_read(self) -> None:
        if self._task is not None:
            self._task.deleteLater()
        self._task = None
        if self._stale and self.isVisible():
            self._gather.start()

    def _on_news(self, _news: object) -> None:
        self._stale = True
        if self.isVisible():
            self._gather.start()

    def _show(self, items: list[ReviewItem]) -> None:
        emptied(self.groups)
        self.empty.setVisible(not items)
        count = _("{count} việc, việc nặng trước").format(count=grouped(len(items)))
        self.header.set_subtitle(count if items else "")
        for sort, heading, icon, role, advice in GROUPS:
            found = [item for item in items if item.sort == sort]
            if found:
                self.groups.addWidget(self._group(_(heading), icon, role, _(advice), found))

    def _group(
        self, heading: str, icon: str, role: str, advice: str, items: list[ReviewItem]
    ) -> QWidget:
        card = Card(f"{heading} ({grouped(len(items))})")
        card.body.addWidget(label(advice, "muted"))
        for item in items[:MOST_ROWS]:
            row = ReviewRow(item, icon, role)
            there = Destination(item.kind, id=item.id, field=item.field)
            row.opened.connect(lambda there=there: self.navigated.emit(there))
            row.kept.connect(lambda change=item.change_id: self._keep(change))
            card.body.addWidget(row)
        left = len(items) - MOST_ROWS
        if left > 0:
            rest = _("… và {count} việc nữa, hiện ra khi các việc trên xong.")
            card.body.addWidget(label(rest.format(count=grouped(left)), "muted"))
        return card

    def _keep(self, change_id: str) -> None:
        self._store.settle(change_id)
        self.read()
