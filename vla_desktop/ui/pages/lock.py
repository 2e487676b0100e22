"""What stands before an office: making it the first time, opening it ever after."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QThreadPool, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from sync.problems import Problem
from sync.progress import Progress
from sync.texts import _
from vla_desktop.ui.errors import Errors
from vla_desktop.ui.passphrase import strength
from vla_desktop.ui.tasks import Task
from vla_desktop.ui.theme import set_role
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import IconLabel, label
from vla_desktop.ui.widgets.secret_field import SecretField

if TYPE_CHECKING:
    from vla_desktop.office import Office

CARD_WIDTH = 460


class LockPage(QScrollArea):
    """Asks for the passphrase in the middle of an otherwise quiet window.

    `opened` carries the open `Office`. The work is done in the worker: stretching a passphrase
    takes its time on purpose.
    """

    opened = Signal(object)

    def __init__(self, home: Path, pool: QThreadPool, errors: Errors, *, exists: bool) -> None:
        """`exists` when `home` already holds an office."""
        super().__init__()
        self.setProperty("role", "page")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._home = home
        self._pool = pool
        self._errors = errors
        self._exists = exists
        self._task: Task[Office] | None = None
        self.author = QLineEdit()
        self.author.setAccessibleName(_("Tên anh/chị"))
        self.author.setMaxLength(120)
        self.passphrase = SecretField(_("Mật khẩu"))
        self.again = SecretField(_("Gõ lại mật khẩu"))
        self.strength = label("", "help")
        self.fault = label("", "error")
        self.fault.setAccessibleName(_("Thông báo"))
        self.button = buttons.primary(
            _("Mở văn phòng") if exists else _("Tạo văn phòng"),
            "unlock" if exists else "key",
            self.submit,
        )
        self._lay_out()
        self._connect()

    def begin(self) -> None:
        """Put the cursor where the typing begins; the page must be in its window."""
        (self.passphrase if self._exists else self.author).setFocus()

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(CARD_WIDTH)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(32, 28, 32, 28)
        inside.setSpacing(8)
        inside.addWidget(IconLabel("app", "primary", 44), 0, Qt.AlignmentFlag.AlignLeft)
        title = _("Mở văn phòng") if self._exists else _("Tạo văn phòng trên máy này")
        inside.addSpacing(4)
        inside.addWidget(label(title, "title"))
        inside.addWidget(label(self._lead(), "muted"))
        inside.addSpacing(8)
        if not self._exists:
            self._add_field(inside, _("Tên anh/chị, hiện trong lịch sử sửa đổi"), self.author)
        self._add_field(inside, _("Mật khẩu"), self.passphrase)
        if not self._exists:
            inside.addWidget(self.strength)
            self._add_field(inside, _("Gõ lại mật khẩu"), self.again)
        inside.addWidget(self.fault)
        inside.addSpacing(8)
        inside.addWidget(self.button)
        inside.addSpacing(4)
        inside.addWidget(label(self._foot(), "help"))
        self.fault.hide()
        self.strength.setVisible(not self._exists)
        # Not by alignment: an aligned card is not given the height that its sentences need.
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card)
        across.addStretch(1)
        body = QWidget()
        body.setProperty("role", "scrolled")
        down = QVBoxLayout(body)
        down.addStretch(2)
        down.addLayout(across)
        down.addStretch(3)
        self.setWidget(body)

    def _lead(self) -> str:
        if self._exists:
            return _("Dữ liệu trên máy này được khóa bằng mật khẩu của anh/chị.")
        return _(
            "Dữ liệu nằm ngay trên máy này và được khóa bằng mật khẩu; không cần mạng để làm việc."
        )

    def _foot(self) -> str:
        if self._exists:
            # A label breaks its lines at these; a long path has no spaces.
            folder = re.sub(r"([/\\])", "\\1\u200b", str(self._home))
            return _("Thư mục dữ liệu: {folder}").format(folder=folder)
        return _(
            "Hãy ghi mật khẩu ra giấy và cất nơi an toàn: không ai, kể cả Trung ương, mở được thay "
            "anh/chị. Muốn tập trước thì dùng văn phòng mẫu: vla-desktop --home THƯ_MỤC init --demo"
        )

    @staticmethod
    def _add_field(layout: QVBoxLayout, name: str, field: QLineEdit) -> None:
        words = label(name, "label")
        words.setBuddy(field)
        layout.addSpacing(4)
        layout.addWidget(words)
        layout.addWidget(field)

    def _connect(self) -> None:
        self.passphrase.textChanged.connect(self._on_typed)
        self.again.textChanged.connect(self._hide_fault)
        self.author.returnPressed.connect(self.passphrase.setFocus)
        if self._exists:
            self.passphrase.returnPressed.connect(self.submit)
        else:
            self.passphrase.returnPressed.connect(self.again.setFocus)
            self.again.returnPressed.connect(self.submit)

    def submit(self) -> None:
        """What the button and Enter do."""
        if self._task is not None:
            return
        objection = self._objection()
        if objection:
            self._show_fault(objection)
            return
        self._hide_fault()
        self._set_busy(True)
        self._task = Task(self._work(), self._pool, self)
        self._task.succeeded.connect(self.opened)
        self._task.failed.connect(self._on_failed)
        self._task.start()

    def _objection(self) -> str:
        if not self.passphrase.text():
            return _("Anh/chị chưa gõ mật khẩu.")
        if self._exists:
            return ""
        if not self.author.text().strip():
            return _("Anh/chị chưa ghi tên.")
        judged = strength(self.passphrase.text(), _shortest())
        if not judged.is_enough:
            return f"{judged.word}. {judged.advice}"
        if self.passphrase.text() != self.again.text():
            return _("Hai lần gõ mật khẩu chưa giống nhau.")
        return ""

    def _work(self) -> Callable[[Progress], Office]:
        home, passphrase, author = self._home, self.passphrase.text(), self.author.text().strip()
        exists = self._exists

        def work(_progress: Progress) -> Office:
            # Here, and not above: the window is painted before the database layer is loaded.
            from vla_desktop.office import Office

            if exists:
                return Office.open(home, passphrase)
            office = Office.create(home, passphrase)
            office.change_settings(dataclasses.replace(office.settings, author=author))
            return office

        return work

    def _on_typed(self) -> None:
        self._hide_fault()
        if not self._exists:
            judged = strength(self.passphrase.text(), _shortest())
            set_role(self.strength, judged.role if self.passphrase.text() else "help")
            words = f"{judged.word}. {judged.advice}".strip()
            self.strength.setText(words if self.passphrase.text() else "")

    def _on_failed(self, fault: BaseException) -> None:
        if self._task is not None:
            self._task.deleteLater()
        self._task = None
        self._set_busy(False)
        if isinstance(fault, Problem):
            self._show_fault(str(fault))
        else:
            self._errors.show(fault)
        self.passphrase.setFocus()
        self.passphrase.selectAll()

    def _set_busy(self, busy: bool) -> None:
        for part in (self.author, self.passphrase, self.again, self.button):
            part.setEnabled(not busy)
        idle = _("Mở văn phòng") if self._exists else _("Tạo văn phòng")
        self.button.setText(_("Đang mở…") if busy else idle)

    def _show_fault(self, sentence: str) -> None:
        self.fault.setText(sentence)
        self.fault.show()

    def _hide_fault(self) -> None:
        self.fault.hide()


def _shortest() -> int:
    from vla_desktop.store.vault import SHORTEST_PASSPHRASE

    return SHORTEST_PASSPHRASE
