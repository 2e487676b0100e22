"""Cần xem lại: what a person should look at, grouped by what is the matter."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from sync.changes import DELETED
from sync.meetings import PRESS_WORDS, Press
from sync.problems import InvalidRecord, Problem
from sync.records import BY_NAME
from sync.texts import N_, _
from sync.vietnamese import grouped
from vla_desktop.store.conflicts import Choice
from vla_desktop.store.review import ReviewItem
from vla_desktop.ui.dialogs.meetings import MeetingsDialog
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.pages.conflict_row import ConflictRow
from vla_desktop.ui.pages.deletions import DeletionsPanel
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
        "binned", N_("Vừa sửa, vừa xóa"), "bin", "warning",
        N_("Chỗ sửa còn nguyên. Khôi phục bản ghi, hoặc để yên trong thùng rác."),
    ),
    (
        "link", N_("Gắn với bản ghi trong thùng rác"), "unlink", "warning",
        N_("Khôi phục bản ghi trong thùng rác, mở ra để gắn với bản ghi khác, hoặc để nguyên."),
    ),
    (
        "transfer", N_("Chi hội khác đề nghị chuyển hội viên đến"), "import", "warning",
        N_("Đồng ý thì hồ sơ sẽ đến trong lần đồng bộ sau của chi hội kia."),
    ),
    (
        "transfer_due", N_("Đề nghị chuyển đi đã quá hạn trả lời"), "external", "warning",
        N_("Chi hội kia chưa trả lời. Anh/chị hoàn tất được, hoặc chờ thêm."),
    ),
    (
        "transfer_refused", N_("Đề nghị chuyển đi không được nhận"), "external", "info",
        N_("Hội viên vẫn ở chi hội này. “Đã biết” là xong."),
    ),
    (
        "was_binned", N_("Chi hội cũ đã xóa"), "bin", "warning",
        N_("Bản ghi chuyển đến đây trong lúc chi hội cũ xóa nó. Để nguyên, hoặc xóa."),
    ),
    (
        "left", N_("Vừa chuyển đến, còn thiếu"), "unlink", "warning",
        N_("Những gì ở lại chi hội cũ không đi theo bản ghi. Mở ra để chọn lại."),
    ),
    (
        "link_moved", N_("Gắn với bản ghi đã chuyển đi"), "unlink", "info",
        N_("Mục vẫn ở đây. Để nguyên, hoặc mở ra để gắn với bản ghi khác."),
    ),
    (
        "moved", N_("Vừa chuyển đi, vừa xóa"), "external", "info",
        N_("Bản ghi đã đến chi hội mới; chi hội ấy được báo và quyết định."),
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
        "alike", N_("Có thể là một"), "merge", "info",
        N_("Hai máy cùng ghi khi chưa thấy nhau. Nếu trùng thì mở ra và xóa bớt một."),
    ),
    (
        "waiting", N_("Đang chờ"), "waiting", "info",
        N_("Không cần làm gì: chúng được nhận khi những gì chúng cần đến nơi."),
    ),
)  # fmt: skip


class ReviewRow(QFrame):
    """One thing to look at. `opened` asks for its form, `pressed` carries a `Press`."""

    opened = Signal()
    pressed = Signal(object)

    def __init__(self, item: ReviewItem, icon: str, role: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        kind = BY_NAME.get(item.kind)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(item.title, "strong"))
        noun = _(kind.label) if kind else _("Loại của phiên bản mới hơn")
        words.addWidget(label(f"{noun} · {item.sentence}", "muted"))
        make = buttons.quiet if item.presses else buttons.secondary
        words_of_open = _("Sửa") if item.sort in {"refused", "rule"} else _("Mở")
        self.open_button = make(words_of_open, "edit", self.opened.emit)
        if kind is None:  # no page shows it
            self.open_button.hide()
        self.presses = {press: self._button(press) for press in item.presses}
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(IconLabel(icon, role, 20))
        row.addLayout(words, 1)
        for button in (self.open_button, *self.presses.values()):
            row.addWidget(button)

    def _button(self, press: Press) -> QAbstractButton:
        return buttons.secondary(_(PRESS_WORDS[press]), "", lambda: self.pressed.emit(press))


class ReviewPage(FoundPage[list[ReviewItem]]):
    """One card for each sort of thing, the gravest first."""

    navigated = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace)
        self._store = workplace.office.store
        self._messages = workplace.messages
        self.header = PageHeader(_("Cần xem lại"))
        self.header.add(buttons.quiet(_("Khi hai máy cùng làm"), "help", self._explain))
        self.deletions = DeletionsPanel(workplace)
        self.deletions.opened.connect(self.navigated)
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
        self.add(self.deletions)
        self.add(self.empty)
        self.add(self.groups)
        self.empty.hide()

    def look_up(self) -> list[ReviewItem]:
        return self._store.review()

    def show_found(self, found: list[ReviewItem]) -> None:
        emptied(self.groups)
        self.deletions.read()
        self.empty.setVisible(not found and not self.deletions.questions)
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
            field = item.field if item.field != DELETED else ""
            there = Destination(item.kind, id=item.id, field=field)
            row.opened.connect(lambda there=there: self.navigated.emit(there))
            card.body.addWidget(row)
        left = len(items) - MOST_ROWS
        if left > 0:
            rest = _("… và {count} việc nữa, hiện ra khi các việc trên xong.")
            card.body.addWidget(label(rest.format(count=grouped(left)), "muted"))
        return card

    def _row(self, item: ReviewItem, icon: str, role: str) -> ReviewRow | ConflictRow:
        if item.conflict is None:
            plain = ReviewRow(item, icon, role)
            plain.pressed.connect(lambda press, item=item: self._press(item, press))
            return plain
        row = ConflictRow(item, item.conflict)
        row.chosen.connect(lambda choice, item=item: self._choose(item, choice))
        return row

    def _explain(self) -> None:
        dialog = MeetingsDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _press(self, item: ReviewItem, press: Press) -> None:
        try:
            self._store.press(item, press)
        except Problem as problem:
            self._messages.show_problem(problem)
            return
        self._messages.show_done(_("Đã xong: {words}.").format(words=_(PRESS_WORDS[press])))
        self.renew()

    def _choose(self, item: ReviewItem, choice: Choice) -> None:
        try:
            self._store.choose(item.change_id, item.field, choice)
        except InvalidRecord as fault:
            self._messages.show_warning(" ".join(fault.by_field.values()))
            return
        self._messages.show_done(_("Đã chọn. Giá trị kia vẫn còn trong lịch sử."))
        self.renew()
