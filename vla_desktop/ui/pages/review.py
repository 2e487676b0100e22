"""Cần xem lại: what a person should look at, grouped by what is the matter."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from sync.problems import InvalidRecord
from sync.records import BY_NAME
from sync.texts import N_, _
from sync.vietnamese import grouped
from vla_desktop.store.conflicts import Choice
from vla_desktop.store.review import ReviewItem
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.pages.conflict_row import ConflictRow
from vla_desktop.ui.pages.found import FoundPage
from vla_desktop.ui.pages.scrolled import emptied
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.cards import Card
from vla_desktop.ui.widgets.empty_state import EmptyState
from vla_desktop.ui.widgets.labels import IconLabel, label
from vla_desktop.ui.widgets.page_header import PageHeader
from vla_desktop.ui.workplace import Workplace

MOST_ROWS = 50

# Sort, heading, what it means and what to do, icon, colour role; the gravest first.
GROUPS = (
    (
        "refused", N_("Bị Trung ương từ chối"), "refused", "danger",
        N_("Sửa lại rồi lưu: lần đồng bộ sau sẽ tự gửi. Các thay đổi khác không bị giữ lại."),
    ),
    (
        "conflict", N_("Hai nơi cùng sửa"), "conflict", "warning",
        N_("Không giá trị nào bị mất: cả hai vẫn nằm trong lịch sử. Chọn giá trị đúng."),
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
        "waiting", N_("Đang chờ"), "waiting", "info",
        N_("Không cần làm gì: chúng được nhận khi những gì chúng cần đến nơi."),
    ),
)  # fmt: skip


class ReviewRow(QFrame):
    """One thing to look at. `opened` asks for its form."""

    opened = Signal()

    def __init__(self, item: ReviewItem, icon: str, role: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        kind = BY_NAME.get(item.kind)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(item.title, "strong"))
        noun = _(kind.label) if kind else item.kind
        words.addWidget(label(f"{noun} · {item.sentence}", "muted"))
        self.open_button = buttons.secondary(
            _("Sửa") if item.sort in {"refused", "rule"} else _("Mở"), "edit", self.opened.emit
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(IconLabel(icon, role, 20))
        row.addLayout(words, 1)
        row.addWidget(self.open_button)


class ReviewPage(FoundPage[list[ReviewItem]]):
    """One card for each sort of thing, the gravest first."""

    navigated = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self._store = workplace.office.store
        self._messages = workplace.messages
        self.header = PageHeader(_("Cần xem lại"))
        self.empty = EmptyState(
            "confirmed",
            _("Không có gì cần xem lại"),
            _(
                "Trang này hiện những thay đổi bị Trung ương từ chối, những chỗ hai nơi cùng sửa "
                "và những bản ghi có thể trùng, mỗi việc một câu và một nút."
            ),
        )
        self.groups = QVBoxLayout()
        self.groups.setSpacing(16)
        self.add(self.header)
        self.add(self.empty)
        self.add(self.groups)
        self.empty.hide()

    def look_up(self) -> list[ReviewItem]:
        return self._store.review()

    def show_found(self, found: list[ReviewItem]) -> None:
        emptied(self.groups)
        self.empty.setVisible(not found)
        count = _("{count} việc, việc nặng trước").format(count=grouped(len(found)))
        self.header.set_subtitle(count if found else "")
        for sort, heading, icon, role, advice in GROUPS:
            items = [item for item in found if item.sort == sort]
            if items:
                self.groups.addWidget(self._group(_(heading), icon, role, _(advice), items))

    def _group(
        self, heading: str, icon: str, role: str, advice: str, items: list[ReviewItem]
    ) -> QWidget:
        card = Card(f"{heading} ({grouped(len(items))})")
        card.body.addWidget(label(advice, "muted"))
        for item in items[:MOST_ROWS]:
            row = self._row(item, icon, role)
            there = Destination(item.kind, id=item.id, field=item.field)
            row.opened.connect(lambda there=there: self.navigated.emit(there))
            card.body.addWidget(row)
        left = len(items) - MOST_ROWS
        if left > 0:
            rest = _("… và {count} việc nữa, hiện ra khi các việc trên xong.")
            card.body.addWidget(label(rest.format(count=grouped(left)), "muted"))
        return card

    def _row(self, item: ReviewItem, icon: str, role: str) -> ReviewRow | ConflictRow:
        if item.conflict is None:
            return ReviewRow(item, icon, role)
        row = ConflictRow(item, item.conflict)
        row.chosen.connect(lambda choice, item=item: self._choose(item, choice))
        return row

    def _choose(self, item: ReviewItem, choice: Choice) -> None:
        try:
            self._store.choose(item.change_id, item.field, choice)
        except InvalidRecord as fault:
            self._messages.show_warning(" ".join(fault.by_field.values()))
            return
        self._messages.show_done(_("Đã chọn. Giá trị kia vẫn còn trong lịch sử."))
        self.renew()
