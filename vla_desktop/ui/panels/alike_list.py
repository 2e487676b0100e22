"""Beside a new member: who in this office may be the same person, and why."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from sync.records import name_of
from sync.records.base import Record
from sync.records.member import Member
from sync.records.types import Value
from sync.texts import _
from vla_desktop.store.alike import Alike
from vla_desktop.store.store import Store
from vla_desktop.ui.recordform import RecordForm
from vla_desktop.ui.widgets import buttons
from vla_desktop.ui.widgets.labels import label

_MOST = 3


class AlikeList(QFrame):
    """Looks whenever the form was judged, so while the clerk pauses; hidden while nobody is alike.

    It forbids nothing: two people may bear one name. `open_asked` carries (kind name, id).
    """

    open_asked = Signal(str, str)

    def __init__(self, store: Store, form: RecordForm) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._store, self._form = store, form
        self._seen: dict[str, Value] = {}
        self.found: list[Alike] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 8)
        self._column.setSpacing(4)
        self._lines: list[QWidget] = []
        self._column.addWidget(label(_("Có thể người này đã có trong danh sách:"), "strong"))
        self.hide()
        form.judge.judged.connect(self.look)

    @staticmethod
    def fits(kind: type[Record]) -> bool:
        """Whether records of this kind are people of whom one may be written down twice."""
        return kind is Member

    def look(self) -> None:
        """Show who is like what the form says now; nobody, when it shows a known record."""
        is_new = self._form.record_id is None and self._form.is_dirty()
        values = self._form.values() if is_new else {}
        if values == self._seen:
            return
        self._seen = values
        self._show(self._store.alike(values, None)[:_MOST] if values else [])

    def _show(self, found: list[Alike]) -> None:
        for line in self._lines:
            self._column.removeWidget(line)
            line.deleteLater()
        self.found = found
        self._lines = [self._line(each) for each in found]
        for line in self._lines:
            self._column.addWidget(line)
        self.setVisible(bool(found))
        # The form has less room now; what the clerk types in must stay in sight.
        QTimer.singleShot(0, self._keep_focus_in_sight)

    def _keep_focus_in_sight(self) -> None:
        body = self._form.body
        row = body.rows.get(body.focused())
        if row is not None:
            body.ensureWidgetVisible(row, 0, 8)

    def _line(self, alike: Alike) -> QWidget:
        row = self._store.get(Member, alike.id)
        shown = row.shown if row else {}
        named = [alike.title, shown.get("born_on", ""), shown.get("workplace", "")]
        who = " · ".join(part for part in named if part)
        reasons = ", ".join(reason.sentence for reason in alike.likeness.reasons)
        line = QWidget(self)
        across = QHBoxLayout(line)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(who))
        words.addWidget(label(reasons, "help"))
        across.addLayout(words, 1)
        button = buttons.secondary(
            _("Mở"), "", lambda: self.open_asked.emit(name_of(Member), alike.id)
        )
        button.setAccessibleName(_("Mở {name}").format(name=who))
        across.addWidget(button)
        return line
