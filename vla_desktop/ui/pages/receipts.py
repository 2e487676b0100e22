"""The receipts of the centre, newest first."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from sync.texts import _
from sync.vietnamese import grouped
from vla_desktop.office import Office
from vla_desktop.ui.theme import theme
from vla_desktop.ui.widgets.cards import Card
from vla_desktop.ui.widgets.labels import label
from vla_desktop.ui.words import clock

MOST = 10


class ReceiptsCard(Card):
    """What each exchange came to, as the centre signed it."""

    def __init__(self, office: Office) -> None:
        super().__init__(_("Biên nhận của Trung ương"))
        self._office = office
        self._none = label(_("Chưa có biên nhận nào. Lần đồng bộ đầu tiên sẽ có một."), "muted")
        names = (
            _("Số biên nhận"), _("Lúc"), _("Đã gửi"), _("Đã nhận"), _("Đang chờ"), _("Từ chối"),
            _("Tải về"), _("Vị trí sổ"),
        )  # fmt: skip
        self.table = QTableWidget(0, len(names))
        self.table.setAccessibleName(_("Biên nhận của Trung ương"))
        self.table.setHorizontalHeaderLabels(names)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        for column in range(len(names)):
            side = Qt.AlignmentFlag.AlignRight if column > 1 else Qt.AlignmentFlag.AlignLeft
            name = self.table.horizontalHeaderItem(column)
            if name is not None:
                name.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self.body.addWidget(self._none)
        self.body.addWidget(self.table)

    def read(self, now: dt.datetime) -> None:
        """Show the newest."""
        receipts = self._office.receipts(MOST)
        self._none.setVisible(not receipts)
        self.table.setVisible(bool(receipts))
        self.table.setRowCount(len(receipts))
        for at, (receipt, received) in enumerate(receipts):
            reached = max((place.seq for place in receipt.positions.values()), default=0)
            numbers = (
                receipt.sent, receipt.accepted, receipt.waiting, receipt.rejected, received,
                reached,
            )  # fmt: skip
            words = [receipt.title, clock(receipt.signed_at, now), *map(grouped, numbers)]
            for column, word in enumerate(words):
                item = QTableWidgetItem(word)
                if column > 1:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self.table.setItem(at, column, item)
        row = theme().tokens.px(36)
        self.table.verticalHeader().setDefaultSectionSize(row)
        height = self.table.horizontalHeader().sizeHint().height() + row * len(receipts) + 4
        self.table.setFixedHeight(height)
