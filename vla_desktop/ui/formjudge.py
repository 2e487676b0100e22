"""Says beside the fields what the rules have to say, at the right moment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from sync.problems import Finding, Level, blocking
from sync.records.base import Record
from sync.texts import _
from vla_desktop.ui.formbody import FormBody

if TYPE_CHECKING:
    from vla_desktop.store.store import Store


class FormJudge(QObject):
    """Judges the fields of a form. Only those that were asked about show what is wrong with them.

    Half a day is no mistake while it is being typed: unreadable text in the field that has the
    focus is given some patience.
    """

    judged = Signal()

    CHECK_MS = 250
    PATIENCE_MS = 900

    def __init__(self, store: Store, kind: type[Record], body: FormBody) -> None:
        super().__init__(body)
        self._store, self._kind, self._body = store, kind, body
        self._record_id: str | None = None
        self._asked: set[str] = set()
        self._timer = self._single_shot(self.CHECK_MS)
        self._timer.timeout.connect(self.judge_patiently)
        self._patience = self._single_shot(self.PATIENCE_MS)
        self._patience.timeout.connect(self.judge)

    def begin(self, record_id: str | None, asked: Iterable[str] = ()) -> None:
        """Another record; these fields are judged from the start."""
        self._timer.stop()
        self._patience.stop()
        self._record_id = record_id
        self._asked = set(asked) & set(self._body.rows)
        self.show([])

    def ask(self, *names: str) -> None:
        """From now on say what is wrong with these fields; no name means all."""
        self._asked.update(names or self._body.rows)

    def has_asked(self, name: str) -> bool:
        """Whether the field is judged already."""
        return name in self._asked

    def soon(self) -> None:
        """Judge when the clerk pauses."""
        self._timer.start()
        self._patience.start()

    def judge(self) -> None:
        """Judge now."""
        self._timer.stop()
        self.show([*self.text_faults(), *self.findings()])

    def judge_patiently(self) -> None:
        """Judge now, but let the field with the focus finish its text."""
        focused = self._body.focused()
        faults = [
            fault
            for fault in self.text_faults()
            if fault.field != focused or self._body.rows[focused].level is Level.BLOCK
        ]
        self.show([*faults, *self.findings()])

    def findings(self) -> list[Finding]:
        """What the rules say of what can be read."""
        unreadable = {fault.field for fault in self.text_faults()}
        values = {row.field.name: row.editor.value() for row in self._body}
        found = self._store.check(self._kind, values, self._record_id)
        return [finding for finding in found if finding.field not in unreadable]

    def text_faults(self) -> list[Finding]:
        """What cannot be read at all."""
        told = ((row.field.name, row.editor.text_fault()) for row in self._body)
        return [Finding(name, fault, Level.BLOCK, "text") for name, fault in told if fault]

    def show(self, findings: Iterable[Finding]) -> None:
        """Put each sentence beside its field; a mistake goes before a doubt."""
        heaviest: dict[str, Finding] = {}
        for finding in sorted(findings, key=lambda one: one.level is Level.WARN):
            heaviest.setdefault(finding.field, finding)
        for row in self._body:
            found = heaviest.get(row.field.name) if row.field.name in self._asked else None
            row.show_finding(found.sentence if found else "", found.level if found else None)
        self.judged.emit()

    def refuse(self, findings: Iterable[Finding]) -> tuple[str, str]:
        """Show why nothing was written; returns it in two sentences for above the form."""
        found = list(findings)
        self.ask()
        self.show(found)
        faulty = [row for row in self._body if row.level is Level.BLOCK]
        elsewhere = [f.sentence for f in blocking(found) if f.field not in self._body.rows]
        names = " · ".join(_(row.field.label) for row in faulty)
        if not faulty:
            return _("Chưa lưu được."), " ".join(elsewhere)
        what = _("Chưa lưu: còn {count} chỗ cần sửa.").format(count=len(faulty))
        return what, " ".join([*elsewhere, names])

    def count(self, level: Level) -> int:
        """How many fields show a mistake, or a doubt."""
        return sum(1 for row in self._body if row.level is level)

    def _single_shot(self, after_ms: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(after_ms)
        return timer
