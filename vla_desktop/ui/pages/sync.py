"""The exchange in the open: how things stand, what waits, what the centre has confirmed."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from sync.problems import Problem
from sync.records import BY_NAME
from sync.texts import N_, _
from sync.vietnamese import grouped
from vla_desktop.office import Standing
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.pages.by_file import ByFileCard
from vla_desktop.ui.pages.deletions import DeletionsPanel
from vla_desktop.ui.pages.enrolment import EnrolmentCard
from vla_desktop.ui.pages.interval import IntervalCard
from vla_desktop.ui.pages.receipts import ReceiptsCard
from vla_desktop.ui.pages.scrolled import ScrolledPage, emptied
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.cards import Card
from vla_desktop.ui.widgets.labels import IconLabel, label
from vla_desktop.ui.widgets.page_header import PageHeader
from vla_desktop.ui.widgets.progress_panel import ProgressPanel
from vla_desktop.ui.widgets.rows import ActionRow
from vla_desktop.ui.words import clock, wording
from vla_desktop.ui.workplace import Workplace

GATHER_MS = 200
MOST_ROWS = 30

# What the clerk cannot mend alone is read out on the telephone; the rest is tried again.
TO_READ_OUT = frozenset(
    f"sync.{code}"
    for code in (
        "too_large", "proxy", "unknown_device", "revoked", "version", "signature", "receipt",
        "unproven", "centre", "epoch", "digest", "refused",
    )
)  # fmt: skip
TO_ENROL = frozenset({"sync.not_enrolled", "sync.code", "sync.address"})

ACTIONS = {
    "create": N_("thêm mới"),
    "edit": N_("sửa"),
    "delete": N_("xóa"),
    "restore": N_("khôi phục"),
    "move": N_("chuyển chi hội"),
}


class StandingCard(Card):
    """The light, large, with its sentence, and at most one problem with one thing to do."""

    asked = Signal()
    enrol_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._icon = IconLabel("computer", "muted", 44)
        self.sentence = label("", "title")
        self.advice = label("", "muted")
        self.problem = label("", "")
        self._code = ""
        self.action = buttons.secondary("", callback=self._act)
        self.button = buttons.primary(_("Đồng bộ"), "sync", self.asked.emit)
        self.button.setToolTip(_("Đồng bộ (F5)"))
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.sentence)
        words.addWidget(self.advice)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        row.addWidget(self.button)
        self.body.addLayout(row)
        trouble = QHBoxLayout()
        trouble.setSpacing(12)
        trouble.setContentsMargins(60, 4, 0, 0)
        trouble.addWidget(self.problem, 1)
        trouble.addWidget(self.action)
        self.body.addLayout(trouble)

    def show_standing(self, standing: Standing, running: bool, now: dt.datetime) -> None:
        """Tell how things stand."""
        told = wording(standing, now)
        self._icon.show_icon(told.icon, told.role)
        self.sentence.setText(told.sentence)
        self.advice.setText(told.advice)
        self.button.setEnabled(not running and standing.enrolled)
        self._show_problem(standing.last_problem, standing.last_try_at, now)

    def _show_problem(
        self, problem: Problem | None, tried_at: dt.datetime | None, now: dt.datetime
    ) -> None:
        self.problem.setVisible(problem is not None)
        self.action.setVisible(False)
        self.button.setText(_("Đồng bộ"))
        if problem is None:
            return
        self._code = problem.code
        when = _("Lần thử lúc {time}: ").format(time=clock(tried_at, now)) if tried_at else ""
        self.problem.setText(f"{when}{problem}")
        again = problem.code not in TO_READ_OUT | TO_ENROL
        words = _("Ghi danh") if problem.code in TO_ENROL else _("Sao chép câu này")
        self.action.setText(words)
        self.action.setAccessibleName(words)
        # One thing to do: where that is to try again, the large button says so.
        self.action.setVisible(not again)
        if again:
            self.button.setText(_("Thử lại"))

    def _act(self) -> None:
        if self._code in TO_READ_OUT:
            QGuiApplication.clipboard().setText(f"{self.problem.text()} [{self._code}]")
            self.action.setText(_("Đã sao chép"))
        else:
            self.enrol_asked.emit()


class PendingCard(Card):
    """What the centre has not numbered yet. `opened` carries a `Destination`."""

    opened = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(" ")
        self._office = workplace.office

    def read(self, now: dt.datetime) -> None:
        """Show what waits now."""
        emptied(self.body)
        pending = self._office.pending()
        count = grouped(self._office.standing().pending)
        self.title.setText(_("Chưa được Trung ương lưu ({count})").format(count=count))
        for change in pending[:MOST_ROWS]:
            kind = BY_NAME.get(change.kind)
            what = _(ACTIONS.get(change.action, change.action))
            noun = _(kind.label) if kind else _("loại của phiên bản mới hơn")
            since = _("từ {time}").format(time=clock(change.written_at, now))
            icon = kind.icon if kind else "record"
            row = ActionRow(
                icon, change.title or _("(chưa có tên)"), detail=f"{noun} · {what} · {since}"
            )
            there = Destination(change.kind, id=change.record)
            if kind:
                row.pressed.connect(lambda there=there: self.opened.emit(there))
            self.body.addWidget(row)
        left = len(pending) - MOST_ROWS
        if left > 0:
            rest = _("… và {count} thay đổi nữa.").format(count=grouped(left))
            self.body.addWidget(label(rest, "muted"))
        if not pending:
            nothing = _("Mọi thay đổi trên máy này đã được Trung ương lưu, hoặc chưa có gì để gửi.")
            self.body.addWidget(label(nothing, "muted"))


class SyncPage(ScrolledPage):
    """Composed of cards; each reads for itself."""

    navigated = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._office = workplace.office
        self._syncing = workplace.syncing
        self.header = PageHeader(
            _("Đồng bộ"), _("Gửi thay đổi của máy này lên Trung ương và nhận thay đổi về.")
        )
        self.standing = StandingCard()
        self.newer = label("", "muted")
        self.deletions = DeletionsPanel(workplace)
        self.progress = ProgressPanel()
        self.enrolment = EnrolmentCard(workplace)
        self.pending = PendingCard(workplace)
        self.receipts = ReceiptsCard(workplace.office)
        self.interval = IntervalCard(workplace)
        self.by_file = ByFileCard(workplace)
        for part in (
            self.header, self.standing, self.newer, self.progress, self.deletions,
            self.enrolment, self.pending, self.receipts, self.interval, self.by_file,
        ):  # fmt: skip
            self.add(part)
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gather.timeout.connect(self.read)
        self._connect(workplace)

    def _connect(self, workplace: Workplace) -> None:
        syncing = workplace.syncing
        self.standing.asked.connect(syncing.start)
        self.standing.enrol_asked.connect(self.enrolment.server.setFocus)
        self.progress.cancelled.connect(syncing.cancel)
        self.enrolment.enrolled.connect(self._on_enrolled)
        self.pending.opened.connect(self.navigated)
        self.deletions.opened.connect(self.navigated)
        syncing.changed.connect(self._on_syncing)
        syncing.progressed.connect(self.progress.show_progress)
        workplace.bridge.changed.connect(self._on_news)
        self._on_syncing()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.read()

    def read(self) -> None:
        """Show how things stand now."""
        now = dt.datetime.now(dt.UTC)
        standing = self._office.standing()
        self.standing.show_standing(standing, self._syncing.running, now)
        self.enrolment.setVisible(not standing.enrolled)
        self.receipts.setVisible(standing.enrolled)
        self.interval.setVisible(standing.enrolled)
        self.by_file.setVisible(standing.enrolled)
        self._tell_of_newer()
        self.deletions.read()
        self.interval.read()
        self.pending.read(now)
        self.receipts.read(now)

    def _tell_of_newer(self) -> None:
        count = self._office.store.newer_records()
        words = _("Có {count} bản ghi thuộc loại mà bản này chưa biết; chúng vẫn được giữ. "
                  "Anh/chị cài bản mới để xem.")  # fmt: skip
        self.newer.setText(words.format(count=grouped(count)))
        self.newer.setVisible(bool(count))

    def _on_syncing(self) -> None:
        if self._syncing.running:
            self.progress.start(_("Đang đồng bộ, anh/chị cứ làm việc tiếp"))
        else:
            self.progress.finish()
        if self.isVisible():
            self._gather.start()

    def _on_news(self, _touched: object) -> None:
        if self.isVisible():
            self._gather.start()

    def _on_enrolled(self) -> None:
        self.read()
        self._syncing.start()
