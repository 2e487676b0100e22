"""Great deletions: what this office would send and what others sent, each with its question."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sync.client.holding import Arrived, Held
from sync.progress import Progress
from sync.records import BY_NAME
from sync.texts import _
from sync.vietnamese import grouped
from vla_desktop.store.deletions import told
from vla_desktop.store.store import Query
from vla_desktop.ui.navigation import Destination
from vla_desktop.ui.pages.scrolled import emptied
from vla_desktop.ui.tasks import Task
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.cards import Card
from vla_desktop.ui.widgets.labels import IconLabel, label
from vla_desktop.ui.workplace import Workplace


class Question(Card):
    """One great deletion, what it means, and what may be done about it."""

    def __init__(self, found: Held | Arrived, offers: list[QWidget]) -> None:
        super().__init__()
        self.found = found
        sentence, meaning = _words(found)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(label(sentence, "heading"))
        words.addWidget(label(meaning, "muted"))
        choices = QHBoxLayout()
        choices.setSpacing(12)
        choices.setContentsMargins(0, 8, 0, 0)
        for offer in offers:
            choices.addWidget(offer)
        choices.addStretch(1)
        words.addLayout(choices)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(IconLabel("delete", "warning", 32))
        row.addLayout(words, 1)
        self.body.addLayout(row)


class DeletionsPanel(QWidget):
    """Hidden while there is nothing to ask. `opened` carries the `Destination` of a list."""

    opened = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._office = workplace.office
        self._task: Task[None] | None = None
        self.questions: list[Question] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self.hide()

    def read(self) -> None:
        """Ask what there is to ask now."""
        found: list[Held | Arrived] = list(self._office.standing().held)
        found += self._office.deletions.arrived()
        if found == [question.found for question in self.questions]:
            return  # whoever is about to press a button keeps the focus on it
        emptied(self._column)
        self.questions = [self._question(one) for one in found]
        for question in self.questions:
            self._column.addWidget(question)
        self.setVisible(bool(found))

    def _question(self, one: Held | Arrived) -> Question:
        make = buttons.primary if isinstance(one, Held) else buttons.secondary
        back = make(_("Phục hồi tất cả"), "restore", lambda: self._restore(one))
        ids = frozenset(one.records)
        there = Destination(one.kind, Query(bin=True, ids=ids))
        look = buttons.quiet(_("Xem danh sách"), "eye", lambda: self.opened.emit(there))
        if isinstance(one, Held):
            go = buttons.danger(_("Gửi việc xóa"), "delete", lambda: self._send(one))
        else:
            go = buttons.secondary(_("Để nguyên"), "check", lambda: self._let_be(one))
        return Question(one, [back, go, look])

    def _restore(self, one: Held | Arrived) -> None:
        said = _("Đã phục hồi {what}.").format(what=told([one]))
        self._run(lambda: self._office.deletions.restore([one]), said)

    def _send(self, one: Held) -> None:
        said = _("Sẽ gửi việc xóa {what} trong lần đồng bộ này.").format(what=told([one]))
        self._run(lambda: self._office.deletions.send([one]), said, self._workplace.syncing.start)

    def _let_be(self, one: Arrived) -> None:
        said = _("Giữ nguyên việc xóa {what}; chúng vẫn còn trong thùng rác.")
        self._run(lambda: self._office.deletions.dismiss(one.notice), said.format(what=told([one])))

    def _run(
        self, answer: Callable[[], object], said: str, then: Callable[[], object] | None = None
    ) -> None:
        if self._task is not None:
            return

        def work(_progress: Progress) -> None:
            answer()

        def done(_nothing: object) -> None:
            self._workplace.messages.show_done(said)
            if then is not None:
                then()

        self._task = Task(work, self._workplace.pool, self)
        self._task.succeeded.connect(done)
        self._task.failed.connect(self._workplace.errors.show)
        self._task.finished.connect(self._on_finished)
        self._task.start()

    def _on_finished(self) -> None:
        if self._task is not None:
            self._task.deleteLater()
        self._task = None
        self.read()


def _words(found: Held | Arrived) -> tuple[str, str]:
    what, noun = told([found]), _(BY_NAME[found.kind].label).lower()
    if isinstance(found, Held):
        return (
            _("{what} sắp bị xóa ở Trung ương và ở mọi máy của chi hội").format(what=what),
            _(
                "Chi hội đang có {among} {noun}. Việc xóa này được giữ lại đến khi anh/chị quyết "
                "định; các thay đổi khác vẫn gửi bình thường."
            ).format(among=grouped(found.among), noun=noun),
        )
    by = ", ".join(found.authors) or _("Người khác")
    return (
        _("{what} vừa bị xóa từ nơi khác").format(what=what),
        _(
            "{by} đã xóa. Nếu là nhầm, anh/chị phục hồi: chúng trở lại ở mọi máy sau lần đồng bộ "
            "tới. Nếu đúng, để nguyên."
        ).format(by=by),
    )
