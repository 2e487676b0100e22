"""Changing the passphrase of an open office."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QThreadPool
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from sync.problems import Problem
from sync.progress import Progress
from sync.texts import _
from vla_desktop.office import Office
from vla_desktop.store.vault import SHORTEST_PASSPHRASE
from vla_desktop.ui.passphrase import strength
from vla_desktop.ui.tasks import Task
from vla_desktop.ui.theme import set_role
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import label
from vla_desktop.ui.widgets.secret_field import SecretField

Report = Callable[[BaseException], object]


class PassphraseDialog(QDialog):
    """Accepted once the new passphrase opens the office."""

    def __init__(self, office: Office, pool: QThreadPool, report: Report, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Đổi mật khẩu"))
        self.setMinimumWidth(460)
        self._office, self._pool, self._report = office, pool, report
        self._task: Task[None] | None = None
        self.old = SecretField(_("Mật khẩu hiện nay"))
        self.new = SecretField(_("Mật khẩu mới"))
        self.again = SecretField(_("Gõ lại mật khẩu mới"))
        self.strength = label("", "help")
        self.fault = label("", "error")
        self.save = buttons.primary(_("Đổi mật khẩu"), "key", self.submit)
        self.save.setDefault(True)
        self._lay_out()
        self.new.textChanged.connect(self._on_typed)
        for field in (self.old, self.new, self.again):
            field.textEdited.connect(self.fault.clear)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(6)
        layout.addWidget(label(_("Đổi mật khẩu"), "title"))
        layout.addSpacing(8)
        for field in (self.old, self.new, self.again):
            words = label(field.accessibleName(), "label")
            words.setBuddy(field)
            layout.addWidget(words)
            layout.addWidget(field)
            if field is self.new:
                layout.addWidget(self.strength)
        layout.addWidget(self.fault)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(buttons.secondary(buttons.Word.CANCEL, callback=self.reject))
        foot.addWidget(self.save)
        layout.addSpacing(12)
        layout.addLayout(foot)

    def submit(self) -> None:
        """Change it in the worker."""
        if self._task is not None:
            return
        old, new = self.old.text(), self.new.text()
        judged = strength(new, SHORTEST_PASSPHRASE)
        if not judged.is_enough:
            self.fault.setText(f"{judged.word}. {judged.advice}")
        elif new != self.again.text():
            self.fault.setText(_("Hai lần gõ mật khẩu chưa giống nhau."))
        else:
            self._start(old, new)

    def reject(self) -> None:
        """A change under way is not left alone: nobody would know which passphrase holds."""
        if self._task is None:
            super().reject()

    def _start(self, old: str, new: str) -> None:
        def work(_progress: Progress) -> None:
            self._office.change_passphrase(old, new)

        self.save.setEnabled(False)
        self._task = Task(work, self._pool, self)
        self._task.succeeded.connect(self._on_changed)
        self._task.failed.connect(self._on_failed)
        self._task.start()

    def _on_typed(self, text: str) -> None:
        judged = strength(text, SHORTEST_PASSPHRASE)
        set_role(self.strength, judged.role)
        self.strength.setText(f"{judged.word}. {judged.advice}".strip() if text else "")

    def _on_changed(self, _result: object) -> None:
        self._task = None
        self.accept()

    def _on_failed(self, fault: BaseException) -> None:
        self._task = None
        self.save.setEnabled(True)
        if isinstance(fault, Problem):
            self.fault.setText(str(fault))
            self.old.setFocus()
            self.old.selectAll()
        else:
            self._report(fault)
