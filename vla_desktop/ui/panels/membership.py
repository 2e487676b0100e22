"""A member's life in the association: the card, any past day, and going to another branch."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sync.problems import InvalidRecord, Problem
from sync.texts import _
from vla_desktop.store.cards import is_provisional
from vla_desktop.store.membership import MembershipDesk
from vla_desktop.store.store import Row, Store
from vla_desktop.ui.dialogs.transfer import TransferDialog
from vla_desktop.ui.panels.deeds import Deeds
from vla_desktop.ui.panels.record_tab import RecordTab
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.cards import Card
from vla_desktop.ui.widgets.labels import label
from vla_desktop.ui.widgets.message_bar import MessageBar


class MembershipTab(RecordTab):
    """Three cards, each with one sentence and one thing to do."""

    def __init__(self, store: Store, _deeds: Deeds, parent: QWidget | None = None) -> None:
        super().__init__(_("Sinh hoạt"), parent)
        self._store, self._desk = store, MembershipDesk(store)
        self.bar = MessageBar(self)
        self.card_words, self.day_words, self.transfer_words = label(), label("", "strong"), label()
        self.issue = buttons.primary(_("Cấp số thẻ"), "certificate", self._issue)
        self.transfer = buttons.secondary(_("Chuyển hội viên đi…"), "external", self._ask)
        self.day = QDateEdit()
        self.day.setDisplayFormat("dd/MM/yyyy")
        self.day.setCalendarPopup(True)
        self.day.setAccessibleName(_("Tình trạng ngày"))
        self._set_day(self._desk.today())
        self.day.dateChanged.connect(self._tell_day)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 12)
        layout.setSpacing(12)
        layout.addWidget(self.bar)
        for card in self._cards():
            layout.addWidget(card)
        layout.addStretch(1)

    def _cards(self) -> tuple[Card, Card, Card]:
        day, number, away = Card(_("Tình trạng")), Card(_("Thẻ hội viên")), Card(_("Chuyển đi"))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(label(_("Tình trạng ngày"), "label"))
        row.addWidget(self.day)
        row.addStretch(1)
        day.body.addLayout(row)
        day.body.addWidget(self.day_words)
        for card, words, button in (
            (number, self.card_words, self.issue), (away, self.transfer_words, self.transfer)
        ):  # fmt: skip
            card.body.addWidget(words)
            row = QHBoxLayout()
            row.addWidget(button)
            row.addStretch(1)
            card.body.addLayout(row)
        return day, number, away

    def fill(self, record: Row) -> None:
        card_no = str(record.values["card_no"] or "")
        is_ours = not record.moved_to and not record.deleted
        self.issue.setVisible(is_ours and (not card_no or is_provisional(card_no)))
        self.card_words.setText(self._told_card(card_no))
        self.transfer.setVisible(is_ours and self._desk.transfer_of(record.id) is None)
        self.transfer_words.setText(self._told_transfer(record))
        self._tell_day()

    def _told_card(self, card_no: str) -> str:
        left = _("Máy này còn {count} số để cấp khi không có mạng.")
        left = left.format(count=self._desk.cards.left())
        if is_provisional(card_no):
            words = _("{number} là số tạm, được thay bằng số thật khi có mạng. {left}")
        elif card_no:
            words = _("Số thẻ {number}.")
        else:
            words = _("Chưa có số thẻ. {left}")
        return words.format(number=card_no, left=left)

    def _told_transfer(self, record: Row) -> str:
        if record.moved_to:
            where = self._store.branch_name(record.moved_to)
            return _("Đã chuyển đến {branch}; ở đây chỉ còn để xem.").format(branch=where)
        asked = self._desk.transfer_of(record.id)
        if asked is None:
            return _("Hội viên đang sinh hoạt ở chi hội này.")
        if asked.is_agreed:
            return _("{branch} đã đồng ý; hồ sơ đi trong lần đồng bộ tới.").format(
                branch=asked.to_name
            )
        words = _("Đã đề nghị chuyển đến {branch} ngày {day}, hạn trả lời {deadline}.")
        return words.format(
            branch=asked.to_name, day=_shown(asked.requested_on), deadline=_shown(asked.deadline)
        )

    def _set_day(self, day: dt.date) -> None:
        self.day.setDate(QDate(day.year, day.month, day.day))

    def _tell_day(self) -> None:
        if self.record is not None:
            day = self.day.date()
            asked = dt.date(day.year(), day.month(), day.day())
            self.day_words.setText(self._desk.told_on(self.record.id, asked))

    def _issue(self) -> None:
        if self.record is None:
            return
        try:
            number = self._desk.cards.issue(self.record.id)
        except InvalidRecord as fault:
            self.bar.show_warning(" ".join(fault.by_field.values()))
        except Problem as problem:
            self.bar.show_problem(problem)
        else:
            self.bar.show_done(_("Đã cấp số thẻ {number}.").format(number=number))

    def _ask(self) -> None:
        if self.record is None:
            return
        dialog = TransferDialog(self._desk, self.record.title, self)
        if dialog.exec() == int(QDialog.DialogCode.Accepted):
            self.send(*dialog.chosen())
        dialog.deleteLater()

    def send(self, branch: str, reason: str, deadline: dt.date) -> None:
        """Ask the branch, and say how it went."""
        if self.record is None:
            return
        try:
            self._desk.ask_transfer(self.record.id, branch, reason, deadline)
        except InvalidRecord as fault:
            self.bar.show_warning(" ".join(fault.by_field.values()))
        except Problem as problem:
            self.bar.show_problem(problem)
        else:
            self.bar.show_done(_("Đã ghi đề nghị; gửi trong lần đồng bộ tới."))
            self.show_record(self.record)


def _shown(day: dt.date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else "–"
